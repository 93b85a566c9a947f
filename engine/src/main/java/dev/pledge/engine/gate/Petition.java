package dev.pledge.engine.gate;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.keys.Part;
import dev.pledge.engine.keys.RequestPlace;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.store.Transaction;
import dev.pledge.log.Detail;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.log.Outcome;
import dev.pledge.log.Reason;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SubjectId;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * A person whose account is taken for a change of a request of theirs (V.1 to V.5): seals what is
 * written under their key, and enters what is done in the log. Not for use by several threads.
 */
public final class Petition implements AutoCloseable {
  private static final String REQUEST = "request";

  private final Parts parts;
  private final Transaction tx;
  private final Caller caller;
  private final Person person;
  private final CompiledPolicy policy;
  private final SubjectKey key;

  Petition(
      Parts parts,
      Transaction tx,
      Caller caller,
      Person person,
      CompiledPolicy policy,
      SubjectKey key) {
    this.parts = parts;
    this.tx = tx;
    this.caller = caller;
    this.person = person;
    this.policy = policy;
    this.key = key;
  }

  /** Opens what is sealed of a person's requests, while they are told of it. */
  @FunctionalInterface
  public interface Opener {
    /** Opens something of a request of the person's. */
    byte[] open(RequestPlace place, byte[] sealed);
  }

  /** What is told of a person's requests, once the log has the look. */
  @FunctionalInterface
  public interface Told<T> {
    /** Tells it. */
    T of(Opener opener, Receipt receipt);
  }

  /** Whether what was looked for is there. */
  public enum Found {
    /** It is, or many are listed. */
    THERE,
    /** It is not, or is nobody's. */
    NOTHING
  }

  /** Whose account it is. */
  public SubjectId subject() {
    return person.subject();
  }

  /** The moment by the database's clock. */
  public Instant now() {
    return person.state().now();
  }

  /** The version of the policy in force. */
  public CompiledPolicy policy() {
    return policy;
  }

  /** The products the person uses or used. */
  public Set<ProductId> products() {
    return person.state().memberships().stream()
        .map(membership -> membership.product())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Seals something of a request. */
  public byte[] seal(RequestPlace place, byte[] content) {
    return key.sealOfRequest(place, content);
  }

  /** Opens something of a request. */
  public byte[] open(RequestPlace place, byte[] sealed) {
    return key.openOfRequest(place, sealed);
  }

  /** Enters what was done with the request, and the clause that promises it. */
  public Receipt enter(UUID request, String done, String clause) {
    return append(
        request, Logbook.changed(Kind.REQUEST, caller, person.state(), policy), done, clause);
  }

  /** Enters why something was not done with the request. */
  public Receipt enterRefusal(UUID request, String why, String clause) {
    Facts.Builder facts =
        Facts.of(Kind.REQUEST, now(), Outcome.REFUSED, LoggedCaller.of(caller))
            .policy(policy.version().toString())
            .standing(Logbook.standing(person.state(), CompiledPolicy.GENERAL));
    return append(request, facts, why, clause);
  }

  private Receipt append(UUID request, Facts.Builder facts, String what, String clause) {
    Reason reason = new Reason(REQUEST, Optional.of(what), Optional.of(clause));
    Detail detail = Detail.of(person.state().version(), java.util.List.of()).withRefersTo(request);
    return parts.entries().append(tx, key, facts.reason(reason).build(), detail);
  }

  /**
   * Lets the person's key forget these parts of their requests, whose rows are gone, when the
   * transaction commits.
   */
  public void forget(Set<Part> gone) throws SQLException {
    parts.renewing().forget(tx, key, gone);
  }

  /** Gives the person's key back; the account is held until the transaction ends. */
  @Override
  public void close() {
    key.close();
  }
}
