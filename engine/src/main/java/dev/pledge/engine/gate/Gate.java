package dev.pledge.engine.gate;

import dev.pledge.engine.actor.Actors;
import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.actor.Scope;
import dev.pledge.engine.audit.Audit;
import dev.pledge.engine.audit.HistoryFilter;
import dev.pledge.engine.audit.OwnEntries;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.consent.Consents;
import dev.pledge.engine.gate.Parting.Marking;
import dev.pledge.engine.gate.People.Hold;
import dev.pledge.engine.hold.Holds;
import dev.pledge.engine.hold.LegalHold;
import dev.pledge.engine.keys.ErasureLedger;
import dev.pledge.engine.keys.Journal;
import dev.pledge.engine.keys.KeyStore;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.keys.UnsealException;
import dev.pledge.engine.keys.WrappedKeys;
import dev.pledge.engine.message.MessageState;
import dev.pledge.engine.message.Messages;
import dev.pledge.engine.outbox.Outbox;
import dev.pledge.engine.oversight.Approvals;
import dev.pledge.engine.oversight.Reviews;
import dev.pledge.engine.request.Requests;
import dev.pledge.engine.signin.Sessions;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.TimeOrderedIds;
import dev.pledge.engine.store.Transaction;
import dev.pledge.engine.store.Vocabulary;
import dev.pledge.engine.subject.Subjects;
import dev.pledge.engine.suppression.Marks;
import dev.pledge.engine.value.UnusableInput;
import dev.pledge.engine.vault.Vault;
import dev.pledge.log.Detail;
import dev.pledge.log.ErasureCertificate.Kept;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policies;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.names.SubjectId;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The one door to personal data. Reads return their answers once the log has the entry; changes
 * work in the caller's transaction and hold once it has committed. Safe for all threads.
 */
public final class Gate {
  private final Parts parts;
  private final Reading reading;
  private final Collecting collecting;
  private final Registering registering;
  private final Choosing choosing;
  private final Deleting deleting;
  private final Finding finding;
  private final Audience audience;
  private final Viewing viewing;
  private final Inventorying inventorying;
  private final Proving proving;
  private final Explaining explaining;
  private final Approving approving;
  private final Reviewing reviewing;
  private final Holding holding;
  private final Reindexing reindexing;
  private final Sealing sealing;
  private final Expiry expiry;
  private final Objecting objecting;
  private final Outgoing outgoing;
  private final Posting posting;
  private final Signing signing;
  private final Addressing addressing;
  private final Petitioning petitioning;

  /** Opens the door over these rooms. */
  public Gate(
      Policies policies,
      Database database,
      Vocabulary vocabulary,
      KeyStore keyStore,
      Audit audit,
      Actors actors,
      Rooms rooms,
      TimeOrderedIds ids,
      InstantSource clock) {
    Vault vault = rooms.vault();
    Predicate<SubjectId> erased = keyStore.ledger()::isErased;
    this.parts =
        new Parts(
            policies,
            vocabulary,
            keyStore.subjectKeys(),
            new Renewing(
                keyStore.subjectKeys(), rooms.wrappedKeys(), rooms.vault(), rooms.requests()),
            new Keeping(rooms.holds(), keyStore.subjectKeys(), rooms.wrappedKeys(), vault),
            keyStore.blindIndex(),
            vault,
            new People(vault, erased, keyStore.ledger()::isHidden),
            new Logbook(policies),
            new Entries(audit, policies),
            erased,
            subject -> keyStore.ledger().sealing(subject).map(ErasureLedger.Erased::at),
            ids,
            clock);
    this.reading = new Reading(parts, database, rooms.reviews());
    this.approving = new Approving(parts, rooms.approvals(), actors);
    this.reviewing = new Reviewing(parts, database, rooms.reviews());
    Leaving leaving = new Leaving(parts, rooms.subjects());
    LastUse lastUse = new LastUse(rooms.subjects(), leaving);
    this.objecting = new Objecting(parts, rooms.marks());
    this.outgoing = new Outgoing(parts, rooms.outbox());
    this.posting = new Posting(parts, database, rooms);
    this.addressing = new Addressing(parts, database, reading);
    this.choosing = new Choosing(parts, rooms, leaving, lastUse, objecting, outgoing);
    this.collecting = new Collecting(parts, rooms, leaving, lastUse, choosing, objecting, outgoing);
    this.registering = new Registering(parts, rooms, audit, choosing, collecting, objecting);
    this.deleting = new Deleting(parts, rooms, outgoing);
    this.finding = new Finding(parts, database, rooms.subjects());
    this.audience = new Audience(parts, database);
    this.explaining = new Explaining(parts, database, reading);
    this.viewing = new Viewing(parts, database, rooms.consents(), audit);
    this.inventorying = new Inventorying(parts, database, rooms, viewing);
    this.proving = new Proving(viewing);
    this.petitioning = new Petitioning(parts, viewing);
    this.reindexing = new Reindexing(parts, rooms.subjects());
    this.holding = new Holding(parts, database, rooms.holds(), rooms.wrappedKeys());
    this.sealing = new Sealing(parts, rooms, objecting);
    this.expiry = new Expiry(parts, rooms.subjects());
    this.signing = new Signing(parts);
  }

  /** The packages that hold what the gate guards. */
  public record Rooms(
      Subjects subjects,
      Consents consents,
      WrappedKeys wrappedKeys,
      Vault vault,
      Approvals approvals,
      Reviews reviews,
      Holds holds,
      Marks marks,
      Outbox outbox,
      Sessions sessions,
      Messages messages,
      Requests requests) {}

  /**
   * A governed read of one person.
   *
   * @param use what is made of the answer, whose values may take much memory: it is counted until
   *     then
   * @throws UnusableInput if the series asked for are too much for one answer
   * @throws dev.pledge.engine.audit.Overloaded if there is no room for the answer, or its entry
   */
  public <T> T read(ReadRequest request, SubjectId subject, Function<ReadAnswer, T> use) {
    return reading.read(request, subject, use);
  }

  /** Told what came of each person's read, in the order in which they were named. */
  @FunctionalInterface
  public interface Answers {
    /** Takes the answer about that person. */
    void take(SubjectId subject, ReadAnswer answer);
  }

  /**
   * Governed reads of several people, many of them fetched together, each decided and logged by
   * itself.
   *
   * @param subjects without repetition
   * @throws IllegalArgumentException if one is named twice, or the request has no justification or
   *     exercises a right: nobody is several people
   * @throws UnusableInput if the series of one person alone are too much for one answer
   */
  public void readAll(ReadRequest request, List<SubjectId> subjects, Answers answers) {
    if (request.justification() == null || request.capacity() != Asker.Capacity.ROLE) {
      throw new IllegalArgumentException("reading several people needs a role and a justification");
    }
    if (new HashSet<>(subjects).size() < subjects.size()) {
      throw new IllegalArgumentException("a person is named twice; name each once");
    }
    reading.read(request, subjects, answers);
  }

  /** Registers a person. */
  public Registered register(Transaction tx, Caller caller, Registration registration)
      throws SQLException {
    return registering.register(tx, caller, registration);
  }

  /** Collects values. */
  public Collected collect(Transaction tx, Caller caller, SubjectId subject, Collection collection)
      throws SQLException {
    return collecting.collect(tx, Kind.COLLECT, caller, subject, collection);
  }

  /**
   * Corrects or supplements values as the person says (V.1).
   *
   * @throws IllegalArgumentException if the source is not the person
   */
  public Collected correct(Transaction tx, Caller caller, SubjectId subject, Collection collection)
      throws SQLException {
    if (!collection.source().equals(CompiledPolicy.PERSON)) {
      throw new IllegalArgumentException("only the person corrects what is known of them");
    }
    return collecting.collect(tx, Kind.CORRECT, caller, subject, collection);
  }

  /** Deletes fields as the person says (V.1). */
  public Outcome delete(Transaction tx, Caller caller, SubjectId subject, List<String> fields)
      throws SQLException {
    ReadRequest.requireFields(fields);
    return deleting.delete(tx, caller, subject, fields);
  }

  /** Records a consent or a withdrawal. */
  public Outcome consent(Transaction tx, Caller caller, SubjectId subject, ConsentChange change)
      throws SQLException {
    return choosing.consent(tx, caller, subject, change);
  }

  /** Records an acceptance of the policy. */
  public Outcome accept(Transaction tx, Caller caller, SubjectId subject, Acceptance acceptance)
      throws SQLException {
    return choosing.accept(tx, caller, subject, acceptance);
  }

  /** What finds and deletes what is no longer kept (II.II.3, IV.1). */
  public Expiry expiry() {
    return expiry;
  }

  /** Adds a product to the person's account, or opens it again. */
  public Outcome join(
      Transaction tx, Caller caller, SubjectId subject, String product, Acceptance acceptance)
      throws SQLException {
    return choosing.join(tx, caller, subject, product, acceptance);
  }

  /** Closes the account of one product (V.3). */
  public Closed close(
      Transaction tx, Caller caller, SubjectId subject, String product, Set<String> asserted)
      throws SQLException {
    return choosing.close(tx, caller, subject, product, asserted);
  }

  /** Records that the person is now under another law (VI.1). */
  public Outcome move(Transaction tx, Caller caller, SubjectId subject, Move move)
      throws SQLException {
    return choosing.move(tx, caller, subject, move);
  }

  /** Approves a legal exception for another actor (II.I.7). */
  public Approved approve(Transaction tx, Caller caller, SubjectId subject, ApprovalRequest request)
      throws SQLException {
    return approving.approve(tx, caller, subject, request);
  }

  /** Takes an approval back (II.I.7). */
  public Outcome revoke(Transaction tx, Caller caller, SubjectId subject, UUID approval)
      throws SQLException {
    return approving.revoke(tx, caller, subject, approval);
  }

  /** Completes the review of an emergency use (II.I.7). */
  public Outcome review(Transaction tx, Caller caller, SubjectId subject, ReviewRequest request)
      throws SQLException {
    return reviewing.review(tx, caller, subject, request);
  }

  /**
   * A page of the emergency uses that the caller may review (II.I.7).
   *
   * @throws IllegalArgumentException if the cursor is malformed or the limit out of range
   */
  public ReviewListing reviews(
      Caller caller, Reviews.Which which, @Nullable String cursor, int limit) {
    return reviewing.list(caller, which, cursor, limit);
  }

  /** Finds a person by an alias: {@code email}, {@code phone} or {@code external}. */
  public Found find(Caller caller, String kind, Object json, String purpose, String product) {
    return finding.find(caller, kind, json, purpose, product);
  }

  /** Hands over the ids of everyone who may be addressed for the purpose now. */
  public Listing audience(
      Caller caller,
      String purpose,
      @Nullable String channel,
      String product,
      Consumer<SubjectId> each) {
    return audience.list(caller, purpose, channel, product, each);
  }

  /** Why a question about one person would be answered as it would; opens and stores nothing. */
  public Explained explain(ExplainRequest request, SubjectId subject) {
    return explaining.explain(request, subject);
  }

  /** Enters in the log that the person is handed over, or signs in (V.1). */
  public Outcome enterSigning(Transaction tx, Kind kind, Caller caller, SubjectId subject)
      throws SQLException {
    return signing.enter(tx, kind, caller, subject);
  }

  /** The state of an account. */
  public SubjectView state(Caller caller, SubjectId subject) {
    return viewing.state(caller, subject);
  }

  /**
   * A person's choices, and a page of those they made, newest first.
   *
   * @throws IllegalArgumentException if the cursor is malformed
   */
  public SubjectView choices(Caller caller, SubjectId subject, @Nullable String cursor, int limit) {
    return viewing.choices(caller, subject, cursor, limit);
  }

  /**
   * A page of a person's access history.
   *
   * @throws IllegalArgumentException if the cursor is malformed or the limit out of range
   */
  public AccessHistory history(
      Caller caller, SubjectId subject, HistoryFilter filter, @Nullable String cursor, int limit) {
    return viewing.history(caller, subject, filter, cursor, limit);
  }

  /** Hands over a person's access history, newest first, line by line. */
  public AccessHistory exportHistory(
      Caller caller, SubjectId subject, HistoryFilter filter, Consumer<AccessHistory.Line> each) {
    return viewing.export(caller, subject, filter, each);
  }

  /**
   * Seals what leads persons to their entries and was written before that was sealed. For the
   * start.
   *
   * @return how many people's
   */
  public int sealHistories(Database changes) {
    return viewing.sealHistories(changes);
  }

  /**
   * Shows a person what is held of them, in their own right.
   *
   * @param use what is made of it, while it is there
   * @throws IllegalArgumentException if the cursor is malformed or the limit out of range
   */
  public <T extends @Nullable Object> T inventory(
      InventoryRequest request, SubjectId subject, Function<Inventory, T> use) {
    return inventorying.take(request, subject, use);
  }

  /** Hands over all entries of a log about a person, each with its proof, and has it signed. */
  public ProvenHistory proveHistory(
      Caller caller, SubjectId subject, OwnEntries entries, ProvenHistory.Taker taker) {
    return proving.prove(caller, subject, entries, taker);
  }

  /**
   * What was done to give aliases their indexes of a new epoch.
   *
   * @param done how many have one
   * @param damaged how many could get none
   * @param last the index of the last that was seen; empty if there was none
   */
  public record Reindexed(int done, int damaged, Optional<byte[]> last) {}

  /** Gives the next aliases of an epoch their blind indexes of another; by one thread at a time. */
  public Reindexed reindex(Database changes, int from, int to, byte[] after) {
    return reindexing.step(changes, from, to, after);
  }

  /**
   * Takes the person's account for a change of a request of theirs, until the transaction ends;
   * empty if there is no such person, or none the caller works for. To be closed before that.
   */
  public Optional<Petition> petition(Transaction tx, Caller caller, SubjectId subject)
      throws SQLException {
    return petitioning.take(tx, caller, subject);
  }

  /** Enters in the log that a request was asked about that is not there, or nobody's. */
  public Receipt enterUnknownPetition(Transaction tx, Caller caller) {
    return parts.appendUnknown(tx, Kind.REQUEST, caller);
  }

  /** Looks at requests of a person, once the log has the look. */
  public <T> T petitions(
      Caller caller, SubjectId subject, Petition.Told<T> told, Function<Receipt, T> unknown) {
    return petitioning.look(caller, subject, told, unknown);
  }

  /** Enters in the log that requests of many people are listed, or nobody's; durable then. */
  public Receipt enterPetitions(Caller caller, Petition.Found found) {
    return petitioning.enter(caller, found);
  }

  /** Places a legal hold (II.I.7). */
  public HoldPlaced hold(Transaction tx, Caller caller, SubjectId subject, HoldRequest request)
      throws SQLException {
    return holding.place(tx, caller, subject, request);
  }

  /** The holds in force that the caller may lift or open, of one case or of all (II.I.7). */
  public HoldListing holds(Caller caller, Optional<UUID> legalCase) {
    return holding.list(caller, legalCase);
  }

  /** The most values of one page of what went while a hold was on it. */
  public static final int MOST_HELD = Holding.MOST_VALUES;

  /**
   * Reads a page of what went while a hold was on it (II.I.7).
   *
   * @param limit the most values, 1 to {@value #MOST_HELD}
   * @throws IllegalArgumentException if the cursor is malformed or the limit out of range
   */
  public HeldAnswer openHeld(Caller caller, UUID hold, @Nullable String cursor, int limit) {
    return holding.open(caller, hold, cursor, limit);
  }

  /**
   * A page of the messages that wait for recipients, the oldest day first.
   *
   * @throws IllegalArgumentException if the cursor is malformed or the limit out of range
   */
  public OutboxListing outbox(Caller caller, @Nullable String cursor, int limit) {
    return posting.list(caller, cursor, limit);
  }

  /**
   * A page of the messages to people, the oldest day first.
   *
   * @param state of those that are listed; null for all
   * @throws IllegalArgumentException if the cursor is malformed or the limit out of range
   */
  public MessageListing messages(
      Caller caller, @Nullable MessageState state, @Nullable String cursor, int limit) {
    return posting.messages(caller, state, cursor, limit);
  }

  /**
   * Reads the person's e-mail address, for a message to them; on the log as a read by {@link
   * Actors#MESSAGES}.
   */
  public Addressed address(SubjectId subject, String purpose) {
    return addressing.find(subject, purpose);
  }

  /**
   * Enters in the log, in the transaction that does it, that a hold is lifted.
   *
   * @param hold is told which, if it is
   */
  public Outcome enterLift(Transaction tx, Caller caller, UUID id, Consumer<LegalHold> hold)
      throws SQLException {
    Holding.Lifted lifted = holding.enterLift(tx, caller, id);
    lifted.hold().ifPresent(hold);
    return lifted.outcome();
  }

  /** Enters in the log, in the transaction that removes it, that a hold has ended by itself. */
  public void enterEnd(Transaction tx, LegalHold hold) throws SQLException {
    holding.enterEnd(tx, hold);
  }

  /**
   * That a person is erased, as the log has it.
   *
   * @param kept what holds have set aside, as far as the person may be told of it at once
   * @param marked the purposes for which marks of the person's aliases stay
   */
  public record Entered(Receipt receipt, List<Kept> kept, SortedSet<String> marked) {
    public Entered {
      kept = List.copyOf(kept);
      marked = Collections.unmodifiableSortedSet(new TreeSet<>(marked));
    }
  }

  /**
   * Somebody who wants to go, or back, as they are once their account is taken for a change.
   *
   * @param now by the database's clock
   * @param recoverableUntil until when they could take an erasure of now back; empty where that is
   *     for good
   * @param sealed whether the log has them as sealed
   */
  public record Leaver(Instant now, Optional<Instant> recoverableUntil, boolean sealed) {}

  /** Whether a version of the policy lets people take an erasure back. */
  public boolean knowsRecovery() {
    return parts.policies().versions().stream()
        .anyMatch(version -> version.source().duties().leaving().recovery().isPresent());
  }

  /**
   * Takes the person's account until the transaction ends, of who is sealed or in the erasure
   * ledger too; empty if there is no such person, or none the caller works for.
   */
  public Optional<Leaver> leaver(Transaction tx, Caller caller, SubjectId subject)
      throws SQLException {
    return sealing.leaver(tx, parts.theirs(tx, caller, subject, Hold.FOR_ERASURE));
  }

  /** The same where nobody asks. */
  public Optional<Leaver> leaver(Transaction tx, SubjectId subject) throws SQLException {
    return sealing.leaver(tx, parts.one(tx.handle(), subject, Hold.FOR_ERASURE));
  }

  /** Enters in the log that a person is sealed, whose account is taken, and notes it there. */
  public Entered enterSeal(Transaction tx, Caller caller, SubjectId subject, Marking marking)
      throws SQLException {
    return sealing.enter(
        tx,
        subject,
        Optional.of(marking),
        state -> Logbook.changed(Kind.SEAL, caller, state, parts.policyAt(state.now())));
  }

  /**
   * Enters in the log that a sealed person came back, whose account is taken, and notes it there.
   */
  public Receipt enterRecovery(Transaction tx, Caller caller, SubjectId subject)
      throws SQLException {
    return sealing
        .enter(
            tx,
            subject,
            Optional.empty(),
            state -> Logbook.changed(Kind.RECOVER, caller, state, parts.policyAt(state.now())))
        .receipt();
  }

  /** The same, either way, of what the ledger has and a transaction that failed has not. */
  public void enterSettled(Transaction tx, SubjectId subject, boolean sealed) throws SQLException {
    sealing.enter(
        tx,
        subject,
        sealed ? Optional.of(Marking.LEFT) : Optional.empty(),
        state ->
            Logbook.byItself(
                sealed ? Kind.SEAL : Kind.RECOVER,
                state,
                "erasure",
                dev.pledge.log.Reason.of(Logbook.LEDGER, "V.3")));
  }

  /** Enters in the log that somebody asked in vain for what is about a sealed person. */
  public Receipt enterUnknownRecovery(Transaction tx, Caller caller) {
    return parts.appendUnknown(tx, Kind.RECOVER, caller);
  }

  /** Enters, in the transaction of an erasure, that the time to take it back is over. */
  public Optional<Entered> enterEndOfRecovery(Transaction tx, SubjectId subject, Parting parting)
      throws SQLException {
    return enterErasureByItself(
        tx, subject, parting, dev.pledge.log.Reason.of(Logbook.RECOVERY_ENDED, "V.3"));
  }

  /**
   * Enters in the log, in the transaction of an erasure, that a person is erased, sets aside what
   * legal holds are on, leaves marks of what they objected to, and messages for recipients; empty
   * if there is no such person, or none the caller works for. Holds the person's account until the
   * transaction ends. Someone who is in the erasure ledger and still in the data is found by this
   * alone.
   *
   * @throws UnsealException if a legal hold is on the person, and what it is on, or the hold's own
   *     key, was altered: nothing is erased then before the hold is lifted, or its rows are put
   *     back
   */
  public Optional<Entered> enterErasure(
      Transaction tx, Caller caller, SubjectId subject, Parting parting) throws SQLException {
    return enterErasure(
        tx,
        parting,
        parts.theirs(tx, caller, subject, Hold.FOR_ERASURE),
        state -> Logbook.changed(Kind.ERASE, caller, state, parts.policyAt(state.now())));
  }

  /** The same where nobody asks: the ledger has the person. */
  public Optional<Entered> enterErasure(Transaction tx, SubjectId subject, Parting parting)
      throws SQLException {
    return enterErasureByItself(
        tx, subject, parting, dev.pledge.log.Reason.of(Logbook.LEDGER, "II.II.3"));
  }

  private Optional<Entered> enterErasureByItself(
      Transaction tx, SubjectId subject, Parting parting, dev.pledge.log.Reason why)
      throws SQLException {
    return enterErasure(
        tx,
        parting,
        parts.one(tx.handle(), subject, Hold.FOR_ERASURE),
        state -> Logbook.byItself(Kind.ERASE, state, "erasure", why));
  }

  /** Enters that a person of restored data is removed, since no living key opens what is held. */
  public Optional<Receipt> enterLoss(Transaction tx, SubjectId subject) throws SQLException {
    Person person = parts.one(tx.handle(), subject, Hold.FOR_ERASURE);
    if (person == null) {
      return Optional.empty();
    }
    parts.keeping().abandon(tx, subject);
    Facts lost =
        Logbook.byItself(
                Kind.ERASE,
                person.state(),
                "restore",
                new dev.pledge.log.Reason("no-living-key", Optional.empty(), Optional.empty()))
            .build();
    return Optional.of(parts.entries().appendAboutNobody(tx, lost));
  }

  private Optional<Entered> enterErasure(
      Transaction tx,
      Parting parting,
      @Nullable Person person,
      Function<SubjectState, Facts.Builder> facts)
      throws SQLException {
    if (person == null) {
      return Optional.empty();
    }
    SubjectId subject = person.subject();
    outgoing.erased(tx, subject, parting);
    Facts erased = facts.apply(person.state()).build();
    Optional<SubjectKey> opened = keyOf(person);
    if (opened.isEmpty()) {
      Receipt receipt = parts.entries().appendAboutNobody(tx, erased);
      return Optional.of(new Entered(receipt, List.of(), Collections.emptySortedSet()));
    }
    try (SubjectKey key = opened.get()) {
      List<Kept> kept = Sealing.kept(parts, tx, person);
      parts.keeping().keep(tx, person, key, value -> true);
      SortedSet<String> marked = objecting.leave(tx, person, key, parting);
      Receipt receipt = parts.entries().append(tx, key, erased, Detail.NONE);
      return Optional.of(new Entered(receipt, kept, marked));
    }
  }

  /** The key of someone to be erased; empty if it does not open and nothing of theirs is held. */
  private Optional<SubjectKey> keyOf(Person person) {
    try {
      return Optional.of(parts.keys().unwrap(person.subject(), person.wrapped()));
    } catch (UnsealException altered) {
      if (person.held()) {
        throw altered;
      }
      return Optional.empty();
    }
  }

  /**
   * Enters in the log that a call was refused because the caller's token does not cover it: who
   * made which, and nothing of what was in it. Durable when it returns.
   */
  public Receipt enterUncovered(Caller caller, Kind kind, Scope missing) {
    Instant now = parts.clock().instant();
    return parts
        .entries()
        .recordAboutNobody(Logbook.uncovered(kind, now, caller, missing, parts.policyAt(now)));
  }

  /**
   * Looks, once after a start, for changes of people's keys that a crash cut off between the key
   * journal and the commit, for {@link #settle} to see to. Reads the whole journal.
   *
   * @throws dev.pledge.engine.store.DatabaseUnavailable if the database cannot serve now
   */
  public void findUnsettled(Database database, Journal journal) {
    parts.renewing().find(database, journal);
  }

  /**
   * Makes the key journal follow the database where a change of a person's key failed, or its
   * outcome is unknown. Costs nothing while there is none.
   *
   * @throws dev.pledge.engine.store.DatabaseUnavailable if the database cannot serve now
   */
  public void settle(Database database) {
    parts.renewing().settle(database);
  }

  /** Enters in the log that something was asked about an unknown or erased id. */
  public Receipt enterUnknownErasure(Transaction tx, Caller caller) {
    return parts.appendUnknown(tx, Kind.ERASE, caller);
  }
}
