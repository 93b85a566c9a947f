package dev.pledge.policy.decision;

import dev.pledge.policy.names.ChannelId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SubjectId;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a decision rests on about the person: read in one statement, at {@code now}, the clock of
 * the database that answered it.
 *
 * @param version how often the state has changed; grows, and is logged with each decision
 * @param memberships the products the person uses or has used
 * @param accepted the last policy version the person accepted (0.1)
 * @param choices the person's consents and refusals, in any order
 * @param suppressed fields the person deleted or refused: not stored again unless they supply them
 */
public record SubjectState(
    SubjectId subject,
    long version,
    Instant now,
    Status status,
    List<Membership> memberships,
    Optional<PolicyVersion> accepted,
    Age age,
    List<Choice> choices,
    Set<FieldId> suppressed) {

  public SubjectState {
    memberships = List.copyOf(memberships);
    choices = List.copyOf(choices);
    suppressed = Set.copyOf(suppressed);
  }

  /** The same state as of another age class. */
  public SubjectState of(Age age) {
    return new SubjectState(
        subject, version, now, status, memberships, accepted, age, choices, suppressed);
  }

  /** The same state as of another moment. */
  public SubjectState at(Instant moment) {
    return new SubjectState(
        subject, version, moment, status, memberships, accepted, age, choices, suppressed);
  }

  /** The same state of someone who has accepted {@code version} last. */
  public SubjectState accepting(PolicyVersion version) {
    return new SubjectState(
        subject,
        this.version,
        now,
        status,
        memberships,
        Optional.of(version),
        age,
        choices,
        suppressed);
  }

  /** The same state with these choices. */
  public SubjectState with(List<Choice> choices) {
    return new SubjectState(
        subject, version, now, status, memberships, accepted, age, choices, suppressed);
  }

  /**
   * The same state once the person has used {@code product} at {@code now}; itself where that tells
   * nothing new. Whoever uses {@link CompiledPolicy#GENERAL} and has no account of it uses all they
   * have.
   */
  public SubjectState using(ProductId product) {
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    boolean any =
        product.value().equals(CompiledPolicy.GENERAL)
            && memberships.stream().noneMatch(use -> use.product().equals(product));
    List<Membership> using =
        memberships.stream()
            .map(use -> any || use.product().equals(product) ? use.on(today) : use)
            .toList();
    return using.equals(memberships)
        ? this
        : new SubjectState(
            subject, version, now, status, using, accepted, age, choices, suppressed);
  }

  /** The state of the account as a whole. */
  public enum Status {
    ACTIVE,
    /** Use is restricted while a dispute is open. */
    RESTRICTED,
    DECEASED,
    /** As if never known. */
    ERASED
  }

  /** What the policy's age rules need to know, computed at {@code now}. */
  public enum Age {
    ADULT,
    MINOR,
    /** Below the age at which every field counts as sensitive (VI.4). */
    SENSITIVE_MINOR,
    UNKNOWN
  }

  /**
   * The person's account with one product.
   *
   * @param closedAt null while it is open
   * @param lastUsed the last day, UTC, on which the person used it; what others do moves nothing
   */
  public record Membership(ProductId product, @Nullable Instant closedAt, LocalDate lastUsed) {
    private Membership on(LocalDate day) {
      return closedAt == null && lastUsed.isBefore(day) ? new Membership(product, null, day) : this;
    }
  }

  /**
   * One answer a person or guardian gave.
   *
   * @param purpose a purpose, or {@link CompiledPolicy#POOLING}
   * @param product null when all products are meant, which only a withdrawal may
   * @param channel null when all channels are meant, or the purpose has none
   * @param coverage what data is meant
   * @param at when it was given, by the server's clock; of a withdrawal that was repeated, when it
   *     was first
   * @param order the server's order; the later answer counts
   * @param id its own, which no log entry has in the open
   */
  public record Choice(
      String purpose,
      @Nullable ProductId product,
      @Nullable ChannelId channel,
      Coverage coverage,
      Answer answer,
      By by,
      PolicyVersion version,
      Instant at,
      long order,
      UUID id) {

    /** The same answer at another place among the others. */
    public Choice as(Instant at, long order) {
      return new Choice(purpose, product, channel, coverage, answer, by, version, at, order, id);
    }
  }

  /** Which data an answer is about. */
  public enum Coverage {
    ORDINARY,
    /** A separate, explicit answer about sensitive data (I.1). */
    SENSITIVE,
    /** Both; only a withdrawal may. */
    ALL
  }

  /** What was answered. */
  public enum Answer {
    GRANTED,
    WITHDRAWN
  }

  /** Who answered. */
  public enum By {
    SELF,
    GUARDIAN,
    /**
     * The person while a child: takes back a refusal of their own, and never grants, also when they
     * have come of age (II.II.6, VI.1).
     */
    CHILD;

    /** Whether it was the person, of whatever age. */
    public boolean isThePerson() {
      return this != GUARDIAN;
    }
  }

  /**
   * The membership with {@code product}, or null. Everyone who uses any product uses {@link
   * CompiledPolicy#GENERAL}, until they have closed them all.
   */
  @Nullable Membership membership(ProductId product) {
    Membership own = null;
    Membership last = null;
    for (Membership membership : memberships) {
      if (last == null || lasts(membership, last)) {
        last = membership;
      }
      if (membership.product().equals(product) && (own == null || lasts(membership, own))) {
        own = membership;
      }
    }
    return own == null && product.value().equals(CompiledPolicy.GENERAL) ? last : own;
  }

  /**
   * The last day on which the person used {@code product}, or null if they never did. Whoever uses
   * any product uses {@link CompiledPolicy#GENERAL}.
   */
  @Nullable LocalDate lastUsed(ProductId product) {
    boolean any = product.value().equals(CompiledPolicy.GENERAL);
    LocalDate last = null;
    for (Membership membership : memberships) {
      if ((any || membership.product().equals(product))
          && (last == null || membership.lastUsed().isAfter(last))) {
        last = membership.lastUsed();
      }
    }
    return last;
  }

  private static boolean lasts(Membership one, Membership other) {
    Instant otherEnd = other.closedAt();
    Instant end = one.closedAt();
    return otherEnd != null && (end == null || end.isAfter(otherEnd));
  }
}
