package dev.pledge.engine.audit;

import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.DatabaseUnavailable;
import dev.pledge.engine.store.TimeOrderedIds;
import dev.pledge.engine.store.Transaction;
import dev.pledge.log.ByteString;
import dev.pledge.log.Entry;
import dev.pledge.log.Hash;
import dev.pledge.policy.names.SubjectId;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;

/**
 * The log's door: changes are entered in their own transaction ({@link #append}), reads and
 * refusals by group commit ({@link #record}), and a person's entries are found again ({@link
 * #history}).
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

  private static final Pattern LOG_NAME = Pattern.compile("[a-z0-9][a-z0-9./-]{0,63}");

  private final String log;
  private final Database database;
  private final IntakeSeal seal;
  private final LogSigner signer;
  private final Gauge gauge;
  private final InstantSource clock;
  private final TimeOrderedIds ids;
  private final SecureRandom random;
  private final Intake intake;
  private final History history;
  private final GroupCommit groupCommit;

  /**
   * Starts the writing thread.
   *
   * @param log the name of the log that entries are promised to
   * @param gauge asked before each entry whether the log takes it
   * @param database best one of its own with two connections, so that the log's writer never waits
   *     for one behind requests; it is not closed with this
   * @throws IllegalArgumentException if the log's name is malformed
   */
  public Audit(
      String log,
      Database database,
      IntakeSeal seal,
      LogSigner signer,
      Gauge gauge,
      InstantSource clock,
      SecureRandom random,
      Limits limits) {
    if (!LOG_NAME.matcher(log).matches()) {
      throw new IllegalArgumentException(
          "malformed log name; use lower-case letters, digits, `.`, `-` and `/`");
    }
    this.log = log;
    this.database = database;
    this.seal = seal;
    this.signer = signer;
    this.gauge = gauge;
    this.clock = clock;
    this.ids = new TimeOrderedIds(clock, random);
    this.random = random;
    this.intake = new Intake(ids.next());
    this.history = new History(seal);
    this.groupCommit = new GroupCommit(database, intake, limits, this::promise);
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
   * @throws NoHistory if the person it is about has no history; the transaction cannot go on
   */
  public Receipt append(Transaction tx, Draft draft) {
    gauge.requireRoom();
    Prepared entry = prepare(draft);
    promise(List.of(entry));
    intake.insert(tx.handle(), List.of(entry));
    tx.afterCommit(entry.receipt()::committed);
    return entry.receipt();
  }

  /**
   * Enters what changes nothing, a read or a refusal, and returns once that is durable.
   *
   * @throws Overloaded if the log does not get to it in time; give no data
   * @throws DatabaseUnavailable if the database cannot serve now; give no data
   * @throws NoHistory if the person it is about has no history; give no data
   */
  public Receipt record(Draft draft) {
    gauge.requireRoom();
    Prepared entry = prepare(draft);
    groupCommit.write(entry);
    entry.receipt().committed();
    return entry.receipt();
  }

  /**
   * A page of the entries about a person, newest first; empty for whoever is unknown or erased. The
   * work for it is bounded: it ends early, even with no entry on it, when very many had to be
   * passed over, and says where to go on.
   *
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
      Optional<Cursor> cursor,
      int limit,
      HistoryFilter filter,
      Function<Handle, Predicate<Entry>> told) {
    if (limit < 1 || limit > MAX_PAGE) {
      throw new IllegalArgumentException("a page has 1 to " + MAX_PAGE + " entries");
    }
    return database.read(
        handle -> history.page(handle, subject, cursor, limit, filter, told.apply(handle)));
  }

  /**
   * Removes every pointer from the person to entries. From the commit on no entry about the person
   * can be made; an entry that says so is appended before this, in the same transaction.
   *
   * <p>Writers of entries about the person wait for the end of this transaction: call it last.
   */
  public void erase(Transaction tx, SubjectId subject) {
    history.erase(tx.handle(), subject);
  }

  /** Whether entries can be recorded. Not once the thread that writes them has ended. */
  public boolean accepts() {
    return groupCommit.accepts();
  }

  /**
   * Whether the entry that was to be recorded last could not be, for a cause that is not its own;
   * no longer after twice the patience of the limits.
   */
  public boolean isFailing() {
    return groupCommit.isFailing();
  }

  /** Takes nothing more, writes what was handed in, and returns when that is done. */
  @Override
  public void close() {
    groupCommit.close();
  }

  /** What commits together is promised together. */
  private void promise(List<Prepared> together) {
    List<Hash> leaves = together.stream().map(each -> each.receipt().leaf()).toList();
    Batch batch = new Batch(leaves, clock.instant(), signer);
    for (int i = 0; i < together.size(); i++) {
      together.get(i).receipt().promisedIn(batch, i);
    }
  }

  private Prepared prepare(Draft draft) {
    UUID id = ids.next();
    byte[] nonce = new byte[Entry.NONCE_SIZE];
    random.nextBytes(nonce);
    Entry entry =
        new Entry(
            id,
            ByteString.of(nonce),
            draft.about().map(about -> ByteString.of(about.seal().mark(nonce.clone()))),
            draft.facts(),
            draft.about().map(about -> sealedDetail(about, id, draft)).orElse(ByteString.EMPTY));
    byte[] bytes = entry.encode();
    Optional<SubjectId> subject = draft.about().map(Draft.About::subject);
    Receipt receipt = new Receipt(log, id, Hash.ofLeaf(bytes), entry.facts().at(), subject);
    return new Prepared(subject, seal.seal(id, bytes), receipt);
  }

  private static ByteString sealedDetail(Draft.About about, UUID id, Draft draft) {
    return draft.detail().isEmpty()
        ? ByteString.EMPTY
        : ByteString.of(about.seal().seal(id, draft.detail().encode()));
  }
}
