package dev.pledge.engine.audit;

import static java.util.Objects.requireNonNull;

import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.DatabaseUnavailable;
import dev.pledge.engine.store.PersonStatements;
import dev.pledge.engine.store.TimeOrderedIds;
import dev.pledge.engine.store.Transaction;
import dev.pledge.log.ByteString;
import dev.pledge.log.Entry;
import dev.pledge.log.Facts;
import dev.pledge.log.Hash;
import dev.pledge.policy.names.SubjectId;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The door of the log, or of several: changes are entered in their own transaction ({@link
 * #append}), reads and refusals by group commit ({@link #record}), and a person's entries are found
 * again ({@link #history}).
 *
 * <p>Entries go into the logs in turn, whomever they are about, so that nothing about a person can
 * be told from the log an entry is in. A log that takes nothing is passed over; when none takes
 * anything, nothing is entered. A log whose turn never comes takes what is said of itself.
 *
 * <p>Fails closed: whoever gets no {@link Receipt} gives no data. What it does not do: it does not
 * place entries in the tree, which {@link Sequencer} does. Complete only as far as its callers are
 * honest.
 *
 * <p>Safe for use by many threads. Source: IV.2, IV.3, V.1.
 */
public final class Audit implements AutoCloseable {
  /** The most entries of one page of a history. */
  public static final int MAX_PAGE = 1000;

  private final List<Lane> lanes;
  private final List<Lane> inTurn;
  private final AtomicInteger turn = new AtomicInteger();
  private final Database database;
  private final IntakeSeal seal;
  private final InstantSource clock;
  private final TimeOrderedIds ids;
  private final SecureRandom random;
  private final History history;
  private final AtomicInteger made = new AtomicInteger();

  /**
   * A log that entries go into.
   *
   * @param log its name, by which they are promised to it
   * @param gauge asked before each entry whether the log takes it
   */
  public record To(String log, LogSigner signer, Gauge gauge) {}

  /** As the other, with one log. */
  public Audit(
      String log,
      Database database,
      IntakeSeal seal,
      LogSigner signer,
      Gauge gauge,
      InstantSource clock,
      SecureRandom random,
      Limits limits) {
    this(List.of(new To(log, signer, gauge)), 1, database, seal, clock, random, limits);
  }

  /**
   * Starts a writing thread for each log.
   *
   * @param logs one or more
   * @param inTurn how many of them, from the first on, take turns
   * @param database best one of its own with two connections for each log, so that no writer ever
   *     waits for one behind requests; it is not closed with this
   * @throws IllegalArgumentException if none takes turns, more than there are do, or the name of
   *     one is malformed
   */
  public Audit(
      List<To> logs,
      int inTurn,
      Database database,
      IntakeSeal seal,
      InstantSource clock,
      SecureRandom random,
      Limits limits) {
    if (inTurn < 1 || inTurn > logs.size()) {
      throw new IllegalArgumentException(
          "entries need a log to go into; of " + logs.size() + " logs 1 or more take turns");
    }
    this.database = database;
    this.seal = seal;
    this.clock = clock;
    this.ids = new TimeOrderedIds(clock, random);
    this.random = random;
    this.history = new History(seal);
    this.lanes =
        logs.stream().map(log -> new Lane(log, database, clock, ids.next(), limits)).toList();
    this.inTurn = lanes.subList(0, inTurn);
  }

  /**
   * Opens the history of a person who is being registered, so that entries about the person can be
   * made. Does nothing if it is open.
   */
  public void open(Transaction tx, SubjectId subject) {
    history.open(tx.handle(), subject);
  }

  /**
   * Enters a change in the transaction that makes it: both commit or neither. The receipt is
   * durable once the transaction has committed and not before.
   *
   * @throws Overloaded if the log takes nothing more for now
   * @throws KeysUnavailable if nothing can be sealed now
   * @throws LogBroken if it takes nothing more until somebody has looked into it
   * @throws NoHistory if the person it is about has no history; the transaction cannot go on
   */
  public Receipt append(Transaction tx, Draft draft) {
    return append(tx, next(), draft);
  }

  /**
   * As {@link #append}, into the log of that name: for what is said of that log, also when its turn
   * never comes.
   *
   * @throws java.util.NoSuchElementException if there is no log of that name
   */
  Receipt appendTo(String log, Transaction tx, Draft draft) {
    Lane its = lanes.stream().filter(lane -> lane.log().equals(log)).findFirst().orElseThrow();
    its.requireRoom();
    return append(tx, its, draft);
  }

  private Receipt append(Transaction tx, Lane lane, Draft draft) {
    Prepared entry = prepare(lane, draft);
    lane.append(tx, List.of(entry));
    return entry.receipt();
  }

  /** As {@link #append}, many at once: in one log, with one statement and one promise. */
  public void appendAll(Transaction tx, List<Draft> drafts) {
    if (!drafts.isEmpty()) {
      Lane lane = next();
      lane.append(tx, drafts.stream().map(draft -> prepare(lane, draft)).toList());
    }
  }

  /**
   * Enters what changes nothing, a read or a refusal, and returns once that is durable.
   *
   * @throws Overloaded if the log does not get to it in time; give no data
   * @throws KeysUnavailable if nothing can be sealed now; give no data
   * @throws LogBroken if it takes nothing more until somebody has looked into it; give no data
   * @throws DatabaseUnavailable if the database cannot serve now; give no data
   * @throws NoHistory if the person it is about has no history; give no data
   */
  public Receipt record(Draft draft) {
    Lane lane = next();
    Prepared entry = prepare(lane, draft);
    lane.record(entry);
    return entry.receipt();
  }

  /**
   * A page of the entries about a person, newest first; empty for whoever is unknown or erased. The
   * work for it is bounded: it ends early, even with no entry on it, when very many had to be
   * passed over, and says where to go on.
   *
   * @param seal what the person's key does
   * @param cursor where the page before ended; empty for the first page
   * @param limit the most entries, 1 to {@value #MAX_PAGE}
   * @param filter which are asked for
   * @param told whether an entry may be told, asked on the connection it was read on; the others
   *     are passed over without a gap
   * @throws IllegalStateException if the log lacks an entry it should hold, or holds another
   * @throws DatabaseUnavailable if the database cannot serve now
   */
  public HistoryPage history(
      SubjectId subject,
      SubjectSeal seal,
      Optional<Cursor> cursor,
      int limit,
      HistoryFilter filter,
      Function<Handle, Predicate<Entry>> told) {
    if (limit < 1 || limit > MAX_PAGE) {
      throw new IllegalArgumentException("a page has 1 to " + MAX_PAGE + " entries");
    }
    return database.read(
        handle -> history.page(handle, subject, seal, cursor, limit, filter, told.apply(handle)));
  }

  /**
   * Some of those whose history has lines that were written before lines were sealed; none if
   * nobody's has.
   */
  public List<SubjectId> unsealed(Database of) {
    return of.read(History::unsealed);
  }

  /** Seals the lines of before, which lead to the same entries. */
  public void seal(Transaction tx, SubjectId subject, SubjectSeal key) {
    History.seal(tx.handle(), subject, key);
  }

  /**
   * Removes every pointer from the person to entries. From the commit on no entry about the person
   * can be made; an entry that says so is appended before this, in the same transaction.
   *
   * <p>Writers of entries about the person wait for the end of this transaction: call it last.
   */
  public void erase(PersonStatements statements) {
    History.erase(statements);
  }

  /** Whether entries can be recorded in every log. Not once a thread that writes has ended. */
  public boolean accepts() {
    return lanes.stream().allMatch(Lane::accepts);
  }

  /**
   * Whether the entry that was to be recorded last could not be, for a cause that is not its own;
   * no longer after twice the patience of the limits.
   */
  public boolean isFailing() {
    return lanes.stream().anyMatch(Lane::isFailing);
  }

  /** Takes nothing more, writes what was handed in, and returns when that is done. */
  @Override
  public void close() {
    lanes.forEach(Lane::close);
  }

  /** The log whose turn it is, or the next after it that takes something. */
  private Lane next() {
    seal.requireUsable();
    int first = turn.getAndIncrement();
    @Nullable RuntimeException why = null;
    for (int i = 0; i < inTurn.size(); i++) {
      Lane lane = inTurn.get(Math.floorMod(first + i, inTurn.size()));
      try {
        lane.requireRoom();
        return lane;
      } catch (LogBroken broken) {
        why = why == null ? broken : why;
      } catch (Overloaded full) {
        // There may be room soon, whatever is broken besides.
        why = full;
      }
    }
    throw requireNonNull(why);
  }

  private Prepared prepare(Lane lane, Draft draft) {
    // What one transaction enters about one person must not be tied by its time: whole seconds.
    UUID id = ids.nextOfSecond();
    Facts facts = draft.facts().at(draft.facts().at().truncatedTo(ChronoUnit.SECONDS));
    byte[] nonce = new byte[Entry.NONCE_SIZE];
    random.nextBytes(nonce);
    Entry entry =
        new Entry(
            id,
            ByteString.of(nonce),
            draft.about().map(about -> ByteString.of(about.seal().mark(nonce.clone()))),
            facts,
            draft.about().map(about -> sealedDetail(about, id, draft)).orElse(ByteString.EMPTY));
    byte[] bytes = entry.encode();
    Optional<SubjectId> subject = draft.about().map(Draft.About::subject);
    Receipt receipt = new Receipt(lane.log(), id, Hash.ofLeaf(bytes), draft.facts().at(), subject);
    return new Prepared(
        draft.about().map(about -> line(lane, about, id)), seal.seal(id, bytes), receipt);
  }

  private HistoryLine line(Lane lane, Draft.About about, UUID entry) {
    return HistoryLine.of(
        about.subject(), about.seal(), order(), new HistoryLine.Entered(entry, lane.intakeKey()));
  }

  /** The time, in microseconds, and ten bits that tell apart what is made in the same. */
  private long order() {
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    int count = made.getAndIncrement() & ((1 << HistoryLine.SPARE_BITS) - 1);
    return (micros << HistoryLine.SPARE_BITS) | count;
  }

  private static ByteString sealedDetail(Draft.About about, UUID id, Draft draft) {
    return draft.detail().isEmpty()
        ? ByteString.EMPTY
        : ByteString.of(about.seal().seal(id, draft.detail().encode()));
  }
}
