package dev.pledge.engine.audit;

import dev.pledge.engine.anchor.AnchorDisagrees;
import dev.pledge.engine.anchor.AnchorFailed;
import dev.pledge.engine.anchor.AnchorSettings;
import dev.pledge.engine.anchor.AnchorsRefused;
import dev.pledge.engine.anchor.Kept;
import dev.pledge.engine.anchor.LogView;
import dev.pledge.engine.anchor.News;
import dev.pledge.engine.anchor.OutsideAnchor;
import dev.pledge.engine.anchor.OutsideAnchor.Kind;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.DatabaseFailed;
import dev.pledge.log.Checkpoint;
import dev.pledge.log.Hash;
import dev.pledge.log.InvalidSignature;
import dev.pledge.log.MalformedNote;
import dev.pledge.log.SignedNote;
import dev.pledge.log.Tree;
import dev.pledge.log.UnverifiedNote;
import dev.pledge.log.VerifierKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells anchors outside of a log's checkpoints, and keeps what each knows.
 *
 * <p>Each anchor is told by a thread of its own, of the newest checkpoint alone, no more often than
 * it wants, after failures ever more seldom, and by one node at a time. Signing and reading do not
 * wait for it. Witnesses are all asked to cosign the same checkpoint; other anchors are told what
 * everybody is shown.
 *
 * <p>What an anchor knows that the log is not is kept, so that no node signs on ({@link
 * Sequencer}): one that runs stops and has to be started again, and one that is started stops until
 * it fits, or the anchor is taken out.
 *
 * <p>Source: IV.2, V.1.
 */
public final class Anchoring implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Anchoring.class);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);
  private static final Duration LOOK_AGAIN_AFTER_FAILURE = Duration.ofSeconds(10);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

  /** How long witnesses have for a checkpoint of which they do not make enough. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** How long a start waits for anchors to be asked. */
  private static final Duration PATIENCE_AT_START = Duration.ofSeconds(15);

  private static final Duration PATIENCE_AT_END = Duration.ofSeconds(2);
  private static final int MOST_DOUBLED = 9;

  private final Database database;
  private final LogSigner signer;
  private final AnchorSettings settings;
  private final Trees trees;
  private final AnchorTable table;
  private final Served served;
  private final LogView view = new View();
  private final List<Thread> threads = new ArrayList<>();
  private final Closing closing = new Closing();

  /**
   * Tells nobody before {@link #start}.
   *
   * @param holder tells nodes apart; of this run alone
   * @throws AnchorsRefused if a witness has the log's own key
   * @throws dev.pledge.engine.store.DatabaseUnavailable if the database cannot serve now
   */
  public Anchoring(
      String log, Database database, LogSigner signer, AnchorSettings settings, UUID holder) {
    this.database = database;
    this.signer = signer;
    this.settings = settings;
    this.trees = new Trees(log);
    this.table = new AnchorTable(log, holder);
    this.served = new Served(log, signer, settings.quorum());
    for (VerifierKey key : settings.quorum().witnesses()) {
      if (signer.verifierKeys().stream().anyMatch(own -> own.publicKey().equals(key.publicKey()))) {
        throw new AnchorsRefused(
            "witness `" + key.name() + "` has the log's own key; a log cannot be its witness");
      }
    }
    List<String> names = settings.anchors().stream().map(Anchoring::name).toList();
    database.change(
        tx -> {
          names.forEach(name -> table.begin(tx.handle(), name));
          table.forgetTroubleOfOthers(tx.handle(), names);
          return true;
        });
  }

  private static String name(OutsideAnchor anchor) {
    return anchor.terms().name();
  }

  /**
   * Asks those that tell what they know, before anything is signed. Whoever contradicts is kept as
   * such; of whoever cannot be reached a warning is logged.
   *
   * @throws AnchorsRefused if one that is required could not be asked
   */
  public void ask() {
    Map<OutsideAnchor, CompletableFuture<Optional<String>>> asked = new LinkedHashMap<>();
    for (OutsideAnchor anchor : settings.anchors()) {
      if (anchor.kind().tells()) {
        CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
        asked.put(anchor, answer);
        Thread.ofVirtual().name("pledge-ask-" + name(anchor)).start(() -> ask(anchor, answer));
      }
    }
    long end = System.nanoTime() + PATIENCE_AT_START.toNanos();
    asked.forEach((anchor, answer) -> told(answer, end).ifPresent(why -> unasked(anchor, why)));
  }

  private static void unasked(OutsideAnchor anchor, String why) {
    if (anchor.terms().required()) {
      throw new AnchorsRefused(
          "anchor `"
              + name(anchor)
              + "` is required, and could not be asked what it knows of the log: "
              + why);
    }
    LOG.warn("anchor `{}` could not be asked what it knows of the log: {}", name(anchor), why);
  }

  private static Optional<String> told(CompletableFuture<Optional<String>> answer, long end) {
    try {
      return answer.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return Optional.of("it does not answer; see to it");
    } catch (ExecutionException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted");
    }
  }

  private void ask(OutsideAnchor anchor, CompletableFuture<Optional<String>> answer) {
    try {
      answer.complete(asked(anchor));
    } catch (RuntimeException | Error e) {
      answer.completeExceptionally(e);
    }
  }

  /** Why it could not be asked, if it could not. */
  private Optional<String> asked(OutsideAnchor anchor) {
    try {
      anchor.compare(view);
      Optional<byte[]> note = target(anchor);
      if (note.isPresent()) {
        Checkpoint checkpoint = opened(note.get());
        keep(anchor, checkpoint, anchor.tell(new News(checkpoint, note.get(), 0), view));
      }
      return Optional.empty();
    } catch (AnchorDisagrees e) {
      contradicted(anchor, e, LONGEST_PAUSE);
      return Optional.empty();
    } catch (AnchorFailed e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** Begins to tell all of them. */
  public void start() {
    for (OutsideAnchor anchor : settings.anchors()) {
      // Virtual, so that what waits for the network or a disk ends when it is interrupted.
      threads.add(
          Thread.ofVirtual()
              .name("pledge-anchor-" + name(anchor))
              .start(() -> tellUntilClosed(anchor)));
    }
  }

  /** Tells no more; what is being told is cut off after a while. */
  @Override
  public void close() {
    closing.begin();
    threads.forEach(Thread::interrupt);
    for (Thread thread : threads) {
      try {
        // One that hangs in the file system is left behind.
        var _ = thread.join(PATIENCE_AT_END);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** What each knows, in the order in which they were named. */
  public List<AnchorState> states() {
    return database.read(
        handle -> {
          long shown = served.checkpoint(handle).map(Served.Shown::size).orElse(0L);
          long newest = trees.newest(handle).orElse(0L);
          return settings.anchors().stream()
              .map(
                  anchor ->
                      state(
                          anchor,
                          table.row(handle, name(anchor)),
                          anchor.kind() == Kind.WITNESS ? newest : shown))
              .toList();
        });
  }

  private static AnchorState state(
      OutsideAnchor anchor, Optional<AnchorTable.Row> row, long newest) {
    Optional<Long> size = row.flatMap(AnchorTable.Row::size);
    boolean lacks = size.filter(known -> known >= newest).isEmpty();
    // It is told no more often than it wants, and a little later than that.
    Duration due = anchor.terms().every().multipliedBy(2).plus(PATIENCE);
    boolean late = row.flatMap(AnchorTable.Row::at).isEmpty() || row.get().age().compareTo(due) > 0;
    boolean contradicts = row.filter(AnchorTable.Row::contradicts).isPresent();
    return new AnchorState(
        name(anchor),
        anchor.kind(),
        anchor.keys(),
        size,
        row.flatMap(AnchorTable.Row::at),
        contradicts || (lacks && late),
        contradicts);
  }

  // ------------------------------------------------------------------- of the threads that tell

  private void tellUntilClosed(OutsideAnchor anchor) {
    Duration pause = LOOK_AGAIN;
    while (!closing.beginsWithin(pause)) {
      pause = tellOnce(anchor) ? LOOK_AGAIN : LOOK_AGAIN_AFTER_FAILURE;
    }
  }

  private boolean tellOnce(OutsideAnchor anchor) {
    try {
      var _ = tell(anchor);
      return true;
    } catch (DatabaseFailed e) {
      LOG.debug("anchor `{}` waits for the database: {}", name(anchor), e.getMessage());
    } catch (LogBroken e) {
      LOG.error("anchor `{}` is told nothing: {}", name(anchor), e.getMessage());
    } catch (RuntimeException | Error e) {
      // An error too: what is tried again later is better than an anchor that is told no more.
      if (!closing.hasBegun()) {
        LOG.error("anchor `{}` cannot be told now", name(anchor), e);
      }
    }
    return false;
  }

  /**
   * Tells it what it lacks, if that is due.
   *
   * @return why it could not be told, if it could not
   */
  Optional<String> tell(OutsideAnchor anchor) {
    Optional<byte[]> note = target(anchor);
    if (note.isEmpty()) {
      return Optional.empty();
    }
    Checkpoint checkpoint = opened(note.get());
    Optional<AnchorTable.Claim> claim =
        database.read(handle -> table.claim(handle, name(anchor), checkpoint.size()));
    if (claim.isEmpty()) {
      return Optional.empty();
    }
    Duration pause = pause(claim.get().failures());
    try {
      News news = new News(checkpoint, note.get(), claim.get().known());
      keep(anchor, checkpoint, anchor.tell(news, view));
      if (claim.get().failures() > 0) {
        LOG.info("anchor `{}` is told of the log again", name(anchor));
      }
      return Optional.empty();
    } catch (AnchorDisagrees e) {
      contradicted(anchor, e, pause);
      return Optional.of(String.valueOf(e.getMessage()));
    } catch (AnchorFailed e) {
      String why = String.valueOf(e.getMessage());
      LOG.warn("anchor `{}` could not be told of the log: {}", name(anchor), why);
      failed(anchor, Optional.empty(), pause);
      return Optional.of(why);
    }
  }

  private static Duration pause(int failures) {
    Duration pause = Duration.ofSeconds(2L << Math.min(failures, MOST_DOUBLED));
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }

  /** The checkpoint it should know. */
  private Optional<byte[]> target(OutsideAnchor anchor) {
    if (anchor.kind() != Kind.WITNESS) {
      return served.checkpoint(database).map(Served.Shown::note);
    }
    return database.read(
        handle -> {
          table.choose(handle, settings.quorum().threshold(), settings.every(), PATIENCE);
          return table.candidate(handle);
        });
  }

  private void keep(OutsideAnchor anchor, Checkpoint checkpoint, Kept kept) {
    // Witnesses are as quick as the checkpoint they are all given changes.
    Duration pause = anchor.kind() == Kind.WITNESS ? Duration.ZERO : anchor.terms().every();
    database.change(
        tx -> {
          kept.cosignatures()
              .forEach(cosignature -> table.keep(tx.handle(), checkpoint.size(), cosignature));
          table.confirm(tx.handle(), name(anchor), kept.size(), pause);
          return true;
        });
  }

  private void contradicted(OutsideAnchor anchor, AnchorDisagrees found, Duration pause) {
    String trouble = String.valueOf(found.getMessage());
    LOG.error("the log must not be signed on: {}", trouble);
    failed(anchor, Optional.of(trouble), pause);
  }

  private void failed(OutsideAnchor anchor, Optional<String> trouble, Duration pause) {
    database.read(
        handle -> {
          table.fail(handle, name(anchor), trouble, pause);
          return true;
        });
  }

  private Checkpoint opened(byte[] note) {
    return Checkpoint.parse(signer.open(note));
  }

  /** The log as the database has it now. */
  private final class View implements LogView {
    @Override
    public long size() {
      return database.read(trees::head).map(Trees.Head::size).orElse(0L);
    }

    @Override
    public Hash root(long size) {
      return database.read(handle -> new Tree(size, trees.tiles(handle)).root());
    }

    @Override
    public List<Hash> consistency(long older, long newer) {
      return database.read(handle -> new Tree(newer, trees.tiles(handle)).consistency(older));
    }

    @Override
    public Signed opened(byte[] note) {
      try {
        return new Signed.ByTheLog(Checkpoint.parse(signer.openOfAnyTime(note)));
      } catch (UnverifiedNote e) {
        return claimed(note);
      } catch (MalformedNote | InvalidSignature e) {
        return new Signed.ByNobody();
      }
    }

    private Signed claimed(byte[] note) {
      try {
        Checkpoint claimed = Checkpoint.parse(SignedNote.parse(note).text());
        return claimed.origin().equals(signer.origin())
            ? new Signed.ByAnotherKey(claimed.size())
            : new Signed.ByNobody();
      } catch (MalformedNote e) {
        return new Signed.ByNobody();
      }
    }
  }
}
