package dev.pledge.engine.audit;

import static java.util.Objects.requireNonNull;

import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.DatabaseFailed;
import dev.pledge.log.Checkpoint;
import dev.pledge.log.Entry;
import dev.pledge.log.Growth;
import dev.pledge.log.Hash;
import dev.pledge.log.InvalidSignature;
import dev.pledge.log.MalformedNote;
import dev.pledge.log.Tree;
import dev.pledge.log.UnverifiedNote;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a log grow: gives durable entries their places in the tree, and publishes signed checkpoints
 * of it, at most a second later while there is room.
 *
 * <p>Any number may run beside each other: one holds the log's lease and works, another takes over
 * within seconds when it ends. Places, tiles and head change in one transaction, which holds the
 * head's row and moves it from what was read, or nothing; so there is no gap, no place given twice,
 * and no order changed, whatever is cut off when. What is signed is committed before.
 *
 * <p>Refuses to sign, and says so, when the database is older than what was signed before, or
 * another, or than what an anchor outside knows: then somebody has put back or rewritten the log.
 * And when the database has published more than is remembered to be signed: then somebody has put
 * that back, and could put back the database after it.
 *
 * <p>Source: IV.2, IV.3, V.1.
 */
public final class Sequencer implements Gauge, AutoCloseable {
  /** What it does, in this order. */
  enum Step {
    HELD,
    READ,
    TILES_WRITTEN,
    PLACED,
    MOVED,
    COMMITTED,
    SIGNED,
    ANCHORED,
    PUBLISHED
  }

  private static final Logger LOG = LoggerFactory.getLogger(Sequencer.class);

  /** The most entries placed in one transaction. */
  private static final int AT_ONCE = 4096;

  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
  private static final Duration LOOK_AGAIN_AFTER_FAILURE = Duration.ofSeconds(1);

  /**
   * Entries that wait longer than this for a place and a signature are not joined by others. Half
   * of what receipts promise.
   */
  static final Duration MOST_BEHIND = Duration.ofSeconds(30);

  private final String log;
  private final Database database;
  private final IntakeSeal seal;
  private final LogSigner signer;
  private final Anchor anchor;
  private final UUID holder;
  private final Trees trees;
  private final Consumer<Step> reached;
  private final Thread thread;

  /** The tree as this left it; null when it is to be read anew. Of the thread that works. */
  private @Nullable Growth growth;

  /** What this has signed or checked against the tree. Of the thread that works. */
  private @Nullable Checkpoint known;

  private final Closing closing = new Closing();

  /** Since when an entry waits; if none does, when that was seen. Of {@link System#nanoTime}. */
  private volatile long waitingSince = System.nanoTime();

  private volatile @Nullable String broken;
  private volatile int unreadable;

  /** The names of the logs that were ever begun in the database. */
  public static List<String> begun(Database database) {
    return database.read(Trees::begun);
  }

  /**
   * Begins the log if there is none, and a thread that lets it grow.
   *
   * @param database with at least one connection
   * @param holder tells those that run beside each other apart; of this run alone
   * @throws dev.pledge.engine.store.DatabaseUnavailable if the database cannot serve now
   */
  public static Sequencer start(
      String log,
      Database database,
      IntakeSeal seal,
      LogSigner signer,
      Anchor anchor,
      UUID holder) {
    Sequencer sequencer = new Sequencer(log, database, seal, signer, anchor, holder, step -> {});
    sequencer.thread.start();
    return sequencer;
  }

  /**
   * One that works when told to.
   *
   * @param reached is told of every step; what it throws stops the work there
   */
  Sequencer(
      String log,
      Database database,
      IntakeSeal seal,
      LogSigner signer,
      Anchor anchor,
      UUID holder,
      Consumer<Step> reached) {
    this.log = log;
    this.database = database;
    this.seal = seal;
    this.signer = signer;
    this.anchor = anchor;
    this.holder = holder;
    this.trees = new Trees(log);
    this.reached = reached;
    this.thread =
        Thread.ofPlatform()
            .daemon()
            .name(log + "-sequencer")
            .uncaughtExceptionHandler(
                (ended, failure) -> LOG.error("log `{}` grows no more; start again", log, failure))
            .unstarted(this::workUntilClosed);
    database.change(
        tx -> {
          trees.begin(tx.handle());
          return true;
        });
  }

  @Override
  public void requireRoom() {
    boolean isFarBehind = isFarBehind();
    Optional<String> why = isFarBehind ? stopped().or(this::altered) : stopped();
    if (why.isPresent()) {
      throw new LogBroken("the log takes nothing more: " + why.get());
    }
    if (isFarBehind) {
      throw new Overloaded("entries wait too long to be signed for; try again later");
    }
  }

  /** What keeps it from working, for good or for too long by now, or nothing. */
  public Optional<String> trouble() {
    return stopped().or(this::altered).or(this::late);
  }

  /** Why it does nothing more before it is started again. */
  private Optional<String> stopped() {
    String why = broken;
    if (why == null && !thread.isAlive() && thread.getState() != Thread.State.NEW) {
      why = "the thread that lets the log grow has ended; start again";
    }
    return Optional.ofNullable(why);
  }

  private Optional<String> altered() {
    int entries = unreadable;
    return entries == 0
        ? Optional.empty()
        : Optional.of(
            entries
                + " entries were altered before they got a place in the log, or their epoch's key"
                + " is gone; restore them");
  }

  private Optional<String> late() {
    return isFarBehind()
        ? Optional.of(
            "nothing was signed of what has waited for more than "
                + MOST_BEHIND.toSeconds()
                + " s; see to the database, and to the disk of the key store")
        : Optional.empty();
  }

  /** Also when the thread hangs, and looks at nothing any more. */
  private boolean isFarBehind() {
    return System.nanoTime() - waitingSince > MOST_BEHIND.toNanos();
  }

  /** Stops after what is being done, and lets another work at once. */
  @Override
  public void close() {
    closing.begin();
    Closing.after(thread, this::release);
  }

  private void release() {
    try {
      database.change(
          tx -> {
            trees.release(tx.handle(), holder);
            return true;
          });
    } catch (DatabaseFailed e) {
      LOG.info("log `{}` is another's when its lease ends: {}", log, e.getMessage());
    }
  }

  // Of the thread that works, from here on.

  private void workUntilClosed() {
    Duration pause = Duration.ZERO;
    while (!closing.beginsWithin(pause)) {
      pause = workOnce() ? LOOK_AGAIN : LOOK_AGAIN_AFTER_FAILURE;
    }
  }

  private boolean workOnce() {
    try {
      Trees.Look look = look();
      if (broken == null) {
        requireTrusted(look);
        if (look.hasWork()) {
          work();
        }
      }
      return true;
    } catch (LogBroken e) {
      broken = e.getMessage();
      LOG.error("log `{}` is signed no more: {}", log, e.getMessage());
    } catch (DatabaseFailed e) {
      LOG.warn("log `{}` cannot grow now: {}", log, e.getMessage());
    } catch (KeysUnavailable e) {
      // Whoever asks the root key says so, once.
      LOG.debug("log `{}` cannot grow now: {}", log, e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("log `{}` cannot grow now", log, e);
    }
    return false;
  }

  private Trees.Look look() {
    long before = System.nanoTime();
    Trees.Look look = database.read(trees::look);
    waitingSince = before - look.longestWait().toNanos();
    if (!look.hasWaiting()) {
      unreadable = 0;
    }
    return look;
  }

  /**
   * Places everything that waits and publishes what came of it.
   *
   * @throws LogBroken if the log does not fit what was signed of it
   */
  void work() {
    int placed;
    do {
      placed = integrate();
      publish();
    } while (placed == AT_ONCE);
  }

  /** Places what waits, or the first of it; how many entries that were. */
  private int integrate() {
    Integrated done = database.change(tx -> integrate(tx.handle()));
    growth = done.growth;
    if (done.placed > 0) {
      reached.accept(Step.COMMITTED);
    }
    return done.placed;
  }

  private record Integrated(int placed, @Nullable Growth growth) {}

  private Integrated integrate(Handle handle) {
    // INVARIANT: a tree that grew in a transaction is forgotten unless that committed.
    Growth before = growth;
    growth = null;
    Optional<Trees.Head> held = trees.hold(handle, holder);
    if (held.isEmpty()) {
      return new Integrated(0, null);
    }
    reached.accept(Step.HELD);
    Growth tree = grownTo(held.get(), before, handle);
    List<Trees.Waiting> waiting = trees.waiting(handle, AT_ONCE);
    if (waiting.isEmpty()) {
      return new Integrated(0, tree);
    }
    trees.requireNew(handle, waiting);
    List<Trees.Placed> placed = add(waiting, tree);
    reached.accept(Step.READ);
    trees.write(handle, tree.grown(), placed);
    reached.accept(Step.TILES_WRITTEN);
    if (trees.place(handle, placed) != placed.size()) {
      throw new LogBroken(
          "an entry was given its place twice; see who else writes to the table `intake`");
    }
    reached.accept(Step.PLACED);
    if (!trees.move(handle, held.get(), new Trees.Head(tree.size(), tree.root()), holder)) {
      throw new LogBroken(
          "the log's head moved while it was held; see who else writes to the table `tree`");
    }
    reached.accept(Step.MOVED);
    return new Integrated(placed.size(), tree);
  }

  private List<Trees.Placed> add(List<Trees.Waiting> waiting, Growth tree) {
    List<Trees.Placed> placed = new ArrayList<>(waiting.size());
    int failed = 0;
    for (Trees.Waiting each : waiting) {
      byte[] entry;
      Instant at;
      try {
        entry = seal.open(each.id(), each.sealed());
        at = Entry.decidedAt(entry);
      } catch (KeysUnavailable locked) {
        throw locked;
      } catch (RuntimeException e) {
        failed++;
        continue;
      }
      placed.add(new Trees.Placed(each.intakeKey(), each.id(), tree.size(), at));
      tree.add(Hash.ofLeaf(entry));
    }
    if (failed > 0 && unreadable == 0) {
      LOG.error("{} entries do not open and get no place in log `{}`", failed, log);
    }
    unreadable = failed;
    return placed;
  }

  /** The tree at its head: as it was left, or read anew and checked. */
  private Growth grownTo(Trees.Head head, @Nullable Growth left, Handle handle) {
    if (left != null && isAt(left, head)) {
      return left;
    }
    known = null;
    Growth tree = new Growth(head.size(), trees.tiles(handle));
    if (!tree.root().equals(head.root())) {
      throw new LogBroken(
          "the log's tiles do not make up its root; restore the database from a backup");
    }
    if (trees.hasPlaceFrom(handle, head.size())) {
      throw new LogBroken(
          "entries have places beyond the log's "
              + head.size()
              + ": its head was put back; restore the database from a backup");
    }
    return tree;
  }

  private static boolean isAt(Growth tree, Trees.Head head) {
    return tree.size() == head.size() && tree.root().equals(head.root());
  }

  private void publish() {
    // In this order: whoever publishes beside this makes the head that is read later only larger.
    Optional<Checkpoint> last = anchor.last().map(this::opened);
    Trees.Look look = look();
    Trees.Head head = look.head();
    requireTrusted(look);
    requireRemembered(last, look);
    requireFits(last, head);
    if (look.isPublished() || growth == null || !isAt(growth, head)) {
      return;
    }
    if (database.change(tx -> publish(tx.handle()))) {
      reached.accept(Step.PUBLISHED);
    }
  }

  /**
   * Signs and publishes the tree that this built or found, if it still is the log's; false if not:
   * another is somebody else's to sign, or is found out when this holds it the next time.
   */
  private boolean publish(Handle handle) {
    // INVARIANT: both grow while the head is held, what is kept before what is published; so
    // what is kept is never less, whoever works beside this and wherever that is cut off.
    Growth tree = requireNonNull(growth);
    Optional<Trees.Head> held = trees.hold(handle, holder);
    if (held.isEmpty() || !isAt(tree, held.get())) {
      return false;
    }
    Checkpoint checkpoint = new Checkpoint(signer.origin(), tree.size(), tree.root());
    byte[] note = signer.sign(checkpoint.text());
    reached.accept(Step.SIGNED);
    anchor.keep(note);
    known = checkpoint;
    reached.accept(Step.ANCHORED);
    trees.publish(handle, tree.size(), note);
    return true;
  }

  private static void requireTrusted(Trees.Look look) {
    if (look.contradiction().isPresent()) {
      throw new LogBroken(look.contradiction().get());
    }
  }

  /** That no less is kept than was published: an older copy tells nothing of what came after it. */
  private void requireRemembered(Optional<Checkpoint> last, Trees.Look look) {
    if (keepsPublished(last, look)) {
      return;
    }
    // Somebody else may have kept and published since.
    Optional<Checkpoint> now = anchor.last().map(this::opened);
    if (now.isEmpty()) {
      throw new LogBroken(
          "the key store keeps no checkpoint of the log, of which the database has some: whether that"
              + " is older than what was signed cannot be told; restore the file `last-checkpoint`, of"
              + " the nth log `last-checkpoint-n`, from the newest backup of the key store");
    }
    if (!keepsPublished(now, look)) {
      throw new LogBroken(
          "the key store keeps a checkpoint of "
              + now.get().size()
              + " entries, but one of "
              + look.published()
              + " was published, and each is kept first: an older file `last-checkpoint`, of the nth"
              + " log `last-checkpoint-n`, was put back; compare the log's newest checkpoint with"
              + " what an anchor or a copy of the log has, and put it there");
    }
  }

  private static boolean keepsPublished(Optional<Checkpoint> kept, Trees.Look look) {
    return !look.hasPublished()
        || kept.filter(checkpoint -> checkpoint.size() >= look.published()).isPresent();
  }

  private void requireFits(Optional<Checkpoint> last, Trees.Head head) {
    if (last.isEmpty()) {
      return;
    }
    Checkpoint signed = last.get();
    if (signed.size() > head.size()) {
      throw new LogBroken(
          "the database has "
              + head.size()
              + " entries of the log, but "
              + signed.size()
              + " were signed: it is older than its log; restore the newest backup, with the"
              + " write-ahead log since");
    }
    if (signed.equals(known)) {
      return;
    }
    Hash root =
        database.read(handle -> new Tree(head.size(), trees.tiles(handle)).root(signed.size()));
    if (!root.equals(signed.root())) {
      throw new LogBroken(
          "the log's first "
              + signed.size()
              + " entries are not those that were signed: it was rewritten; restore the database"
              + " from a backup of before");
    }
    known = signed;
  }

  private Checkpoint opened(byte[] note) {
    try {
      return Checkpoint.parse(signer.open(note));
    } catch (MalformedNote | InvalidSignature | UnverifiedNote e) {
      throw new LogBroken(
          "the last checkpoint that the key store keeps is altered, or another log's: "
              + e.getMessage()
              + "; restore the key store from its backup");
    }
  }
}
