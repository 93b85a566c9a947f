package dev.pledge.engine;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.erasure.Erased;
import dev.pledge.engine.erasure.Erasure;
import dev.pledge.engine.gate.Acceptance;
import dev.pledge.engine.gate.ApprovalRequest;
import dev.pledge.engine.gate.Approved;
import dev.pledge.engine.gate.Closed;
import dev.pledge.engine.gate.Collected;
import dev.pledge.engine.gate.Collection;
import dev.pledge.engine.gate.ConsentChange;
import dev.pledge.engine.gate.Gate;
import dev.pledge.engine.gate.HoldPlaced;
import dev.pledge.engine.gate.HoldRequest;
import dev.pledge.engine.gate.Move;
import dev.pledge.engine.gate.Outcome;
import dev.pledge.engine.gate.Parting.Marking;
import dev.pledge.engine.gate.Registered;
import dev.pledge.engine.gate.Registration;
import dev.pledge.engine.gate.ReviewRequest;
import dev.pledge.engine.request.DocumentType;
import dev.pledge.engine.rights.Judgement;
import dev.pledge.engine.rights.Moved;
import dev.pledge.engine.rights.Rights;
import dev.pledge.engine.rights.Wish;
import dev.pledge.engine.signin.Sessions;
import dev.pledge.engine.signin.Sessions.HandOver;
import dev.pledge.engine.signin.Sessions.Link;
import dev.pledge.engine.store.Transaction;
import dev.pledge.engine.watch.Acknowledged;
import dev.pledge.engine.watch.Alarm;
import dev.pledge.engine.watch.Alarms;
import dev.pledge.log.Kind;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.SubjectId;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What can be changed, within one transaction: everything done through one instance commits
 * together, with its log entries and its answer, or not at all. Not for use by several threads.
 */
public final class Changes {
  private final Transaction tx;
  private final Caller caller;
  private final Gate gate;
  private final Erasure erasure;
  private final Alarms alarms;
  private final Sessions sessions;
  private final Rights rights;
  private @Nullable SubjectId about;

  Changes(
      Transaction tx,
      Caller caller,
      Gate gate,
      Erasure erasure,
      Alarms alarms,
      Sessions sessions,
      Rights rights) {
    this.tx = tx;
    this.caller = caller;
    this.gate = gate;
    this.erasure = erasure;
    this.alarms = alarms;
    this.sessions = sessions;
    this.rights = rights;
  }

  /** Whom what was changed is about; nobody where that is an erasure. */
  Optional<SubjectId> about() {
    return Optional.ofNullable(about);
  }

  /** Registers a person. */
  public Registered register(Registration registration) throws SQLException {
    Registered registered = gate.register(tx, caller, registration);
    if (registered instanceof Registered.Subject(SubjectId subject, var _)) {
      about = subject;
    }
    return registered;
  }

  /**
   * Adds a product to a person's account, or opens it again, with the acceptance given there; both,
   * or neither (0.1).
   */
  public Outcome join(SubjectId subject, String product, Acceptance acceptance)
      throws SQLException {
    about = subject;
    return gate.join(tx, caller, subject, product, acceptance);
  }

  /** Records an acceptance of the policy (0.1). */
  public Outcome accept(SubjectId subject, Acceptance acceptance) throws SQLException {
    about = subject;
    return gate.accept(tx, caller, subject, acceptance);
  }

  /** Collects values (I.*). */
  public Collected collect(SubjectId subject, Collection collection) throws SQLException {
    about = subject;
    return gate.collect(tx, caller, subject, collection);
  }

  /** Corrects or supplements values as the person says (V.1). */
  public Collected correct(SubjectId subject, Collection collection) throws SQLException {
    about = subject;
    return gate.correct(tx, caller, subject, collection);
  }

  /** Deletes fields as the person says (V.1). */
  public Outcome delete(SubjectId subject, List<String> fields) throws SQLException {
    about = subject;
    return gate.delete(tx, caller, subject, fields);
  }

  /** Records a consent or a withdrawal (II.II.6, V.2). */
  public Outcome consent(SubjectId subject, ConsentChange change) throws SQLException {
    about = subject;
    return gate.consent(tx, caller, subject, change);
  }

  /** Approves a legal exception for another actor (II.I.7). */
  public Approved approve(SubjectId subject, ApprovalRequest request) throws SQLException {
    about = subject;
    return gate.approve(tx, caller, subject, request);
  }

  /** Takes an approval back (II.I.7). */
  public Outcome revoke(SubjectId subject, UUID approval) throws SQLException {
    about = subject;
    return gate.revoke(tx, caller, subject, approval);
  }

  /** Completes the review of an emergency use (II.I.7). */
  public Outcome review(SubjectId subject, ReviewRequest request) throws SQLException {
    about = subject;
    return gate.review(tx, caller, subject, request);
  }

  /** Closes the account of one product, if what it asserts is what the policy asks for (V.3). */
  public Closed close(SubjectId subject, String product, Set<String> asserted) throws SQLException {
    about = subject;
    return gate.close(tx, caller, subject, product, asserted);
  }

  /** Records that the person is now under another law (VI.1). */
  public Outcome move(SubjectId subject, Move move) throws SQLException {
    about = subject;
    return gate.move(tx, caller, subject, move);
  }

  /** What came of handing a person over to the Privacy Centre. */
  public sealed interface HandedOver {
    /** There is a link. */
    record Done(Link link, Receipt receipt) implements HandedOver {}

    /** There is no such person. */
    record Unknown() implements HandedOver {}
  }

  /** Makes a link that signs the person in to the Privacy Centre, once (V.1). */
  public HandedOver handOver(SubjectId subject, HandOver handOver) throws SQLException {
    about = subject;
    Outcome outcome = gate.enterSigning(tx, Kind.HAND_OVER, caller, subject);
    return outcome instanceof Outcome.Done(var receipt)
        ? new HandedOver.Done(sessions.handOver(tx, subject, handOver), receipt)
        : new HandedOver.Unknown();
  }

  /** Ends one of the person's sessions; whether there was one of that id. */
  public boolean endSession(SubjectId subject, UUID session) {
    about = subject;
    return sessions.end(tx, subject, session);
  }

  /** Ends all of the person's sessions but this one; returns how many. */
  public int endOtherSessions(SubjectId subject, UUID session) {
    about = subject;
    return sessions.endOthers(tx, subject, session);
  }

  /** Makes a rights request of the person's (V.4). */
  public Moved request(SubjectId subject, Asker.Assurance assurance, Wish wish)
      throws SQLException {
    return about(rights.make(tx, caller, subject, assurance, wish));
  }

  /** Appeals the decision on a rights request of the person's (V.4). */
  public Moved appeal(SubjectId subject, UUID request, String text) throws SQLException {
    return about(rights.appeal(tx, caller, subject, request, text));
  }

  /** Adds the person's message to a rights request (V.4). */
  public Moved write(SubjectId subject, UUID request, String text) throws SQLException {
    return about(rights.write(tx, caller, subject, request, text));
  }

  /** Hands in a document with a rights request of the person's (V.4). */
  public Moved handIn(SubjectId subject, UUID request, DocumentType said, byte[] content)
      throws SQLException {
    return about(rights.handIn(tx, caller, subject, request, said, content));
  }

  /** Says that the person's session was stepped up, so that it was seen who asks (V.4). */
  public Moved identify(SubjectId subject, UUID request) throws SQLException {
    return about(rights.identify(tx, caller, subject, request));
  }

  /** Takes a rights request of the person's back (V.4). */
  public Moved withdraw(SubjectId subject, UUID request) throws SQLException {
    return about(rights.withdraw(tx, caller, subject, request));
  }

  /** Says that the caller works on a rights request (V.4). */
  public Moved take(UUID request) throws SQLException {
    return about(rights.take(tx, caller, request));
  }

  /** Writes to the person on a rights request (V.4). */
  public Moved write(UUID request, String text) throws SQLException {
    return about(rights.write(tx, caller, request, text));
  }

  /** Asks the person to show who they are (V.4). */
  public Moved wantIdentity(UUID request, String text) throws SQLException {
    return about(rights.wantIdentity(tx, caller, request, text));
  }

  /** Says that it was seen who asks, and how (V.4). */
  public Moved checkIdentity(UUID request, Rights.HowSeen how) throws SQLException {
    return about(rights.checkIdentity(tx, caller, request, how));
  }

  /** Puts the answer to a rights request off, once (V.4). */
  public Moved extend(UUID request, String reason) throws SQLException {
    return about(rights.extend(tx, caller, request, reason));
  }

  /** Decides a rights request (V.4). */
  public Moved decide(UUID request, Judgement judgement) throws SQLException {
    return about(rights.decide(tx, caller, request, judgement));
  }

  /** Runs again what was granted and could not be done (V.4). */
  public Moved again(UUID request, Set<String> conditions) throws SQLException {
    return about(rights.again(tx, caller, request, conditions));
  }

  /** Says that somebody has done by hand what was granted (V.4). */
  public Moved complete(UUID request) throws SQLException {
    return about(rights.complete(tx, caller, request));
  }

  private Moved about(Moved moved) {
    if (moved instanceof Moved.Done done) {
      about = done.request().subject();
    }
    return moved;
  }

  /** Acknowledges an alarm (IV.2). */
  public Acknowledged acknowledge(UUID alarm, Alarm.Finding finding) {
    return alarms.acknowledge(tx, caller, alarm, finding);
  }

  /** Places a legal hold (II.I.7). */
  public HoldPlaced hold(SubjectId subject, HoldRequest request) throws SQLException {
    about = subject;
    return gate.hold(tx, caller, subject, request);
  }

  /** Lifts a legal hold, and forgets what it had set aside (II.I.7, II.II.3). */
  public Outcome lift(UUID hold) throws SQLException {
    return erasure.lift(tx, caller, hold);
  }

  /**
   * Erases a person, or seals them for as long as they may take it back; marks of what they
   * objected to stay (V.1, V.2, V.3).
   */
  public Erased erase(SubjectId subject) throws SQLException {
    return erase(subject, false, Marking.LEFT);
  }

  /**
   * Erases a person, or seals them (V.1, V.2, V.3).
   *
   * @param atOnce whether they want it for good, sealed or not
   * @param marking whether marks of what they objected to stay
   */
  public Erased erase(SubjectId subject, boolean atOnce, Marking marking) throws SQLException {
    return erasure.erase(tx, caller, subject, atOnce, marking);
  }

  /** Lets a sealed person come back, with everything they had (V.3). */
  public Outcome recover(SubjectId subject) throws SQLException {
    about = subject;
    return erasure.recover(tx, caller, subject);
  }
}
