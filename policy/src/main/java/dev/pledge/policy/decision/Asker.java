package dev.pledge.policy.decision;

import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.UndertakingId;
import java.util.Set;

/**
 * Who asks, with what was verified about them before the question was put.
 *
 * @param products the products the actor works for
 * @param undertakings those signed and unexpired now (IV.3)
 * @param capacity on whose behalf a right is exercised, verified by the caller of the decision
 * @param reviews whether an earlier emergency use still lacks its review
 */
public record Asker(
    ActorId id,
    Kind kind,
    Set<RoleId> roles,
    Set<ProductId> products,
    Set<UndertakingId> undertakings,
    Capacity capacity,
    Assurance assurance,
    Reviews reviews) {

  public Asker {
    roles = Set.copyOf(roles);
    products = Set.copyOf(products);
    undertakings = Set.copyOf(undertakings);
  }

  /**
   * What an actor is. Behind everything but a service may sit a human being, who sees clear only
   * for a reason given (II.II.5).
   */
  public enum Kind {
    SERVICE,
    STAFF,
    PARTNER,
    AUDITOR
  }

  /** In what capacity an actor asks. */
  public enum Capacity {
    /** For the controller, under a role. */
    ROLE,
    /** As the data subject. */
    SUBJECT,
    /** As the subject's verified guardian, while the subject is a child. */
    GUARDIAN,
    /** As an agent within a mandate. */
    AGENT,
    /** As an heir within what the law gives, once the subject has died. */
    HEIR
  }

  /** How surely the person behind the request was verified. */
  public enum Assurance {
    SIGNED_IN,
    STEPPED_UP
  }

  /** Whether the actor's emergency uses were reviewed in time (II.I.7). */
  public enum Reviews {
    IN_TIME,
    OVERDUE
  }

  /** The same asker with what is known of their reviews. */
  public Asker with(Reviews reviews) {
    return new Asker(id, kind, roles, products, undertakings, capacity, assurance, reviews);
  }

  /** Somebody who works for the same products, of another kind and with these roles. */
  public Asker holding(Kind kind, Set<RoleId> roles, Set<UndertakingId> undertakings) {
    return new Asker(id, kind, roles, products, undertakings, capacity, assurance, reviews);
  }

  /** The same asker exercising a right in {@code capacity}. */
  public Asker as(Capacity capacity, Assurance assurance) {
    return new Asker(id, kind, roles, products, undertakings, capacity, assurance, reviews);
  }
}
