package dev.pledge.engine.rights;

import dev.pledge.engine.actor.Actors;
import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.erasure.Erasure;
import dev.pledge.engine.gate.Gate;
import dev.pledge.engine.request.DocumentType;
import dev.pledge.engine.request.RequestKind;
import dev.pledge.engine.request.RequestState;
import dev.pledge.engine.request.Requests;
import dev.pledge.engine.request.Requests.Counts;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.TimeOrderedIds;
import dev.pledge.engine.store.Transaction;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policies;
import dev.pledge.policy.decision.Term;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SubjectId;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * People's rights requests (V.1 to V.5): what people do with them, what members of staff do, and
 * what is done of those that are granted. Changes work in the caller's transaction and hold once it
 * has committed. Safe for all threads.
 */
public final class Rights {
  /** The most undecided requests of one person. */
  public static final int MOST_UNDECIDED = 20;

  /** The most documents of one request. */
  public static final int MOST_DOCUMENTS = 5;

  /** The largest document, in bytes. */
  public static final int LARGEST_DOCUMENT = 5 << 20;

  private final Common common;
  private final Asking asking;
  private final Working working;
  private final CarryingOut carryingOut;
  private final InstantSource clock;

  /**
   * Requests of the people behind {@code gate}.
   *
   * @param calendar by which terms in days run
   * @param notices tells people of their requests
   */
  public Rights(
      Gate gate,
      Erasure erasure,
      Requests rows,
      Database database,
      Policies policies,
      Term.Calendar calendar,
      Notices notices,
      TimeOrderedIds ids,
      SecureRandom random,
      InstantSource clock) {
    this.common = new Common(gate, database, rows, new Clocks(calendar), notices, ids);
    this.asking = new Asking(common, random);
    this.working = new Working(common, policies, clock);
    this.carryingOut = new CarryingOut(common, erasure, self(), clock);
    this.clock = clock;
  }

  /** What notes what people are to be told, in a table, until something tells them. */
  public static Notices listed(Requests rows, TimeOrderedIds ids, InstantSource clock) {
    return (tx, subject, notice, parameters) -> {
      String number = parameters.getOrDefault(Notices.NUMBER, "");
      rows.tell(tx, subject, ids.unordered(), notice.word(), number, clock.instant());
      return true;
    };
  }

  /** Pledge itself, for all products. */
  private static Caller self() {
    return new Caller(
        Actors.REQUESTS,
        Asker.Kind.SERVICE,
        Set.of(),
        Set.of(new ProductId(CompiledPolicy.GENERAL)),
        Set.of(),
        Map.of());
  }

  // ---------------------------------------------------------------------------------- the person

  /**
   * Makes a request (V.4).
   *
   * @param assurance how surely the person behind the call was verified
   */
  public Moved make(
      Transaction tx, Caller caller, SubjectId subject, Asker.Assurance assurance, Wish wish)
      throws SQLException {
    return asking.make(tx, caller, subject, assurance, wish);
  }

  /** Appeals a decision by which not all was granted (V.4). */
  public Moved appeal(Transaction tx, Caller caller, SubjectId subject, UUID request, String text)
      throws SQLException {
    return asking.appeal(tx, caller, subject, request, text);
  }

  /** Adds the person's message to a request. */
  public Moved write(Transaction tx, Caller caller, SubjectId subject, UUID request, String text)
      throws SQLException {
    return asking.write(tx, caller, subject, request, text);
  }

  /**
   * Hands in a document, which goes with the decision.
   *
   * @param said what the person says that it is
   */
  public Moved handIn(
      Transaction tx,
      Caller caller,
      SubjectId subject,
      UUID request,
      DocumentType said,
      byte[] content)
      throws SQLException {
    return asking.handIn(tx, caller, subject, request, said, content);
  }

  /** Says that the person's session was stepped up, so that it was seen who asks. */
  public Moved identify(Transaction tx, Caller caller, SubjectId subject, UUID request)
      throws SQLException {
    return asking.identify(tx, caller, subject, request);
  }

  /** Takes a request back that is not decided. */
  public Moved withdraw(Transaction tx, Caller caller, SubjectId subject, UUID request)
      throws SQLException {
    return asking.withdraw(tx, caller, subject, request);
  }

  /** The person's requests, the newest first. */
  public Shown list(Caller caller, SubjectId subject) {
    return asking.list(caller, subject);
  }

  /** A request of the person's. */
  public Shown show(Caller caller, SubjectId subject, UUID request) {
    return asking.show(caller, subject, request);
  }

  /** A document that the person handed in. */
  public Shown document(Caller caller, SubjectId subject, UUID request, UUID document) {
    return asking.document(caller, subject, request, document);
  }

  // -------------------------------------------------------------------------------------- staff

  /** How it was seen who asks. */
  public enum HowSeen {
    /** By a document that the person handed in, or showed. */
    DOCUMENT,
    /** By calling a number, or writing to an address, that was on the account before. */
    CALLED_BACK,
    /** They came. */
    IN_PERSON,
    /** By answers only they could give. */
    ANSWERS;

    /** The word for programs. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Which requests are asked for by when something is owed. */
  public enum Due {
    ANY,
    /** Late, or due within two working days. */
    SOON,
    OVERDUE
  }

  /** Which requests are listed; all that are not over, unless it says otherwise. */
  public record Query(
      Set<RequestState> states,
      Optional<RequestKind> kind,
      Optional<String> product,
      Optional<String> number,
      Due due) {
    public Query {
      states = Set.copyOf(states);
    }
  }

  /** A page of the queue: what is overdue first, then what is due soonest. */
  public Shown queue(Caller caller, Query query, @Nullable String cursor, int limit) {
    return working.queue(caller, query, cursor, limit);
  }

  /** A request, to a member of staff. */
  public Shown show(Caller caller, UUID request) {
    return working.show(caller, request);
  }

  /** A document of a request, to a member of staff. */
  public Shown document(Caller caller, UUID request, UUID document) {
    return working.document(caller, request, document);
  }

  /** Says that the caller works on it. */
  public Moved take(Transaction tx, Caller caller, UUID request) throws SQLException {
    return working.take(tx, caller, request);
  }

  /** Writes to the person. */
  public Moved write(Transaction tx, Caller caller, UUID request, String text) throws SQLException {
    return working.write(tx, caller, request, text);
  }

  /** Asks the person to show who they are. */
  public Moved wantIdentity(Transaction tx, Caller caller, UUID request, String text)
      throws SQLException {
    return working.wantIdentity(tx, caller, request, text);
  }

  /** Says that it was seen who asks, and how. */
  public Moved checkIdentity(Transaction tx, Caller caller, UUID request, HowSeen how)
      throws SQLException {
    return working.checkIdentity(tx, caller, request, how);
  }

  /** Puts the answer off, once, where the law lets it; the reason goes to the person. */
  public Moved extend(Transaction tx, Caller caller, UUID request, String reason)
      throws SQLException {
    return working.extend(tx, caller, request, reason);
  }

  /** Decides a request; documents that were handed in with it go. */
  public Moved decide(Transaction tx, Caller caller, UUID request, Judgement judgement)
      throws SQLException {
    return working.decide(tx, caller, request, judgement);
  }

  /** Runs again what was granted and could not be done. */
  public Moved again(Transaction tx, Caller caller, UUID request, Set<String> conditions)
      throws SQLException {
    return working.again(tx, caller, request, conditions);
  }

  /** Says that somebody has done by hand what was granted. */
  public Moved complete(Transaction tx, Caller caller, UUID request) throws SQLException {
    return working.complete(tx, caller, request);
  }

  // ------------------------------------------------------------------------------------ by itself

  /**
   * Does what was granted, as far as it is to be tried now; returns how many requests were tried.
   *
   * @throws dev.pledge.engine.store.DatabaseUnavailable if the database cannot serve now
   */
  public int carryOut(Database changes) {
    return carryingOut.step(changes);
  }

  /** How many requests there are, of all products. */
  public Counts counts() {
    Instant now = clock.instant();
    return common
        .database()
        .read(
            handle ->
                common.rows().counts(handle, Optional.empty(), now, common.clocks().soon(now)));
  }
}
