package dev.pledge.engine;

import dev.pledge.engine.audit.Audit;
import dev.pledge.engine.audit.Draft;
import dev.pledge.engine.audit.Resealing;
import dev.pledge.engine.gate.EpochUses;
import dev.pledge.engine.gate.Gate;
import dev.pledge.engine.gate.TrialRestore;
import dev.pledge.engine.keys.KeyEnds;
import dev.pledge.engine.keys.KeyStore;
import dev.pledge.engine.keys.Rotations;
import dev.pledge.engine.keys.Rotations.Rotation;
import dev.pledge.engine.keys.SeenKeyStore;
import dev.pledge.engine.keys.WrappedKey;
import dev.pledge.engine.keys.WrappedKeys;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.Transaction;
import dev.pledge.engine.subject.Subjects;
import dev.pledge.log.Caller;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.log.Outcome;
import dev.pledge.policy.names.SubjectId;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes the epoch of keys where that was asked for, while people are served: begins the next,
 * brings under it whatever is under the one before, tries whether nothing needs that one any more,
 * and destroys it on its date. Each step is told from the next by what there is, so one that was
 * cut short goes on where it ended. What keeps it from going on is noted, and tried again.
 *
 * <p>Works on the one process that may write the key store, one step at a time.
 */
final class Rotator implements Runnable, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Rotator.class);
  private static final int BATCH = 1_000;

  /** The parts of a deployment that it works on. */
  record Works(
      Database database,
      KeyStore keys,
      SeenKeyStore memory,
      Gate gate,
      Subjects subjects,
      WrappedKeys wrappedKeys,
      Resealing resealing,
      Audit audit,
      InstantSource clock,
      KeyEnds ends,
      Supplier<KeyStore> fresh) {}

  private final Works works;
  private final Rotations rotations = new Rotations();
  private volatile boolean closing;
  private volatile List<String> late = List.of();
  private int planned;

  Rotator(Works works) {
    this.works = works;
  }

  @Override
  public void run() {
    try {
      step();
    } catch (RuntimeException e) {
      LOG.warn("could not change the epoch now, it is tried again: {}", e.getClass().getName());
    }
  }

  /** Goes on as far as it can now, with what is asked for or scheduled. */
  synchronized void step() {
    try {
      plan();
      Optional<Rotation> open = works.database().read(rotations::open);
      if (open.isEmpty() && works.ends().requestIfDue(works.database())) {
        LOG.info("epoch {} is as old as it gets", works.keys().epoch());
        open = works.database().read(rotations::open);
      }
      if (open.isPresent()) {
        advance(open.get());
      }
    } finally {
      look();
    }
  }

  /** Plans the end of the current epoch, once. */
  synchronized void plan() {
    int epoch = works.keys().epoch();
    if (planned != epoch) {
      change(works.ends()::plan);
      planned = epoch;
    }
  }

  private void look() {
    List<String> now = works.database().read(works.ends()::late);
    if (!now.equals(late)) {
      now.forEach(what -> LOG.warn("{}; see `pledge keys status`", what));
    }
    late = now;
  }

  /** Which changes of epochs are behind their dates, as of the last step, in words. */
  List<String> late() {
    return late;
  }

  private void advance(Rotation rotation) {
    if (rotation.begunAt().isEmpty()) {
      begin(rotation);
    }
    if (!works.keys().livingEpochs().contains(rotation.from())) {
      // It ended before that was entered.
      enterDestroyed(rotation);
      return;
    }
    boolean due = isDue(rotation);
    if (rotation.readyAt().isPresent() && !due) {
      return;
    }
    List<String> troubles = bringOver(rotation);
    if (closing) {
      return;
    }
    if (!troubles.isEmpty()) {
      note(rotation, String.join("; ", troubles));
      return;
    }
    if (works.database().<Boolean>read(handle -> isLeft(handle, rotation))) {
      // What was under way when it was looked; the next step brings it over.
      return;
    }
    Optional<String> failure = tryWithout(rotation);
    if (failure.isPresent()) {
      note(rotation, failure.get());
      return;
    }
    if (due) {
      destroy(rotation);
    } else {
      change(tx -> rotations.ready(tx, rotation));
      LOG.info("nothing needs the keys of epoch {} any more", rotation.from());
    }
  }

  private void begin(Rotation rotation) {
    if (works.keys().epoch() == rotation.from()) {
      works.keys().beginEpoch(works.clock().instant());
      works.memory().see(works.keys());
    }
    // A crash before this leaves an epoch that the log does not have: the next step enters it.
    int epoch = works.keys().epoch();
    change(
        tx -> {
          enter(tx, Kind.EPOCH_BEGUN, epoch);
          rotations.begun(tx, rotation);
        });
    plan();
    LOG.info("epoch {} has begun", epoch);
  }

  /** Both clocks have to have come there: one that was put forward destroys nothing. */
  private boolean isDue(Rotation rotation) {
    return !works.clock().instant().isBefore(rotation.destroyAt())
        && works.database().<Boolean>read(handle -> rotations.isDue(handle, rotation));
  }

  // ------------------------------------------------------------------------------ bringing over

  /** Brings everything that opens under the current epoch; says what does not. */
  private List<String> bringOver(Rotation rotation) {
    List<String> troubles = new ArrayList<>();
    say(troubles, rewrap(rotation), "wrapped keys of people do not open");
    say(troubles, reindex(rotation), "aliases have no value that opens");
    say(troubles, reseal(rotation), "entries of the log do not open");
    return troubles;
  }

  private static void say(List<String> troubles, int damaged, String what) {
    if (damaged > 0) {
      troubles.add(damaged + " " + what);
    }
  }

  private int rewrap(Rotation rotation) {
    Pace pace = new Pace(rotation.rate());
    Optional<SubjectId> after = Optional.empty();
    int damaged = 0;
    while (!closing) {
      Optional<SubjectId> from = after;
      Wrapped step = works.database().change(tx -> rewrap(tx, rotation.from(), from));
      if (step.last().isEmpty()) {
        break;
      }
      damaged += step.damaged();
      after = step.last();
      pace.after(step.done());
    }
    return damaged;
  }

  private record Wrapped(int done, int damaged, Optional<SubjectId> last) {}

  private Wrapped rewrap(Transaction tx, int epoch, Optional<SubjectId> after) throws SQLException {
    Map<SubjectId, WrappedKey> held = works.wrappedKeys().holdOf(tx, epoch, after, BATCH);
    if (held.isEmpty()) {
      return new Wrapped(0, 0, Optional.empty());
    }
    Map<SubjectId, WrappedKey> anew = works.keys().subjectKeys().rewrap(held);
    if (!anew.isEmpty()) {
      works.wrappedKeys().replace(tx, anew);
    }
    List<SubjectId> seen = List.copyOf(held.keySet());
    return new Wrapped(anew.size(), held.size() - anew.size(), Optional.of(seen.getLast()));
  }

  private int reindex(Rotation rotation) {
    Pace pace = new Pace(rotation.rate());
    byte[] after = new byte[0];
    int damaged = 0;
    while (!closing) {
      Gate.Reindexed step =
          works.gate().reindex(works.database(), rotation.from(), works.keys().epoch(), after);
      if (step.last().isEmpty()) {
        break;
      }
      damaged += step.damaged();
      after = step.last().get();
      pace.after(step.done());
    }
    return damaged;
  }

  private int reseal(Rotation rotation) {
    Pace pace = new Pace(rotation.rate());
    UUID after = new UUID(0, 0);
    int damaged = 0;
    while (!closing) {
      Resealing.Step step = works.resealing().entries(rotation.from(), after);
      if (step.last().isEmpty()) {
        break;
      }
      damaged += step.damaged();
      after = step.last().get();
      pace.after(step.done());
    }
    while (!closing) {
      Resealing.Step step = works.resealing().tiles(rotation.from());
      if (step.done() == 0) {
        return damaged + step.damaged();
      }
      pace.after(step.done());
    }
    return damaged;
  }

  /** Waits, so that no more is done in a second than was asked for. */
  private static final class Pace {
    private final int rate;
    private final long start = System.nanoTime();
    private long done;

    Pace(int rate) {
      this.rate = rate;
    }

    void after(int more) {
      done += more;
      long due = start + done * 1_000_000_000L / rate;
      long early = due - System.nanoTime();
      if (early > 0) {
        LockSupport.parkNanos(early);
      }
    }
  }

  // ---------------------------------------------------------------------------------- destroying

  private boolean isLeft(Handle handle, Rotation rotation) {
    return EpochUses.isLeft(handle, rotation.from(), works.keys().epoch());
  }

  /** What does not open in a trial without the older keys. */
  private Optional<String> tryWithout(Rotation rotation) {
    try (KeyStore trial = works.fresh().get()) {
      trial.pretendDestroyed(rotation.from());
      return works.database().read(handle -> new TrialRestore(trial).failure(handle));
    }
  }

  private void destroy(Rotation rotation) {
    if (works.database().<Boolean>read(handle -> EpochUses.hasReplies(handle, rotation.from()))) {
      note(rotation, "answers are kept under the older keys, for a day at most");
      return;
    }
    change(tx -> works.subjects().removeIndexes(tx, rotation.from()));
    works.keys().destroyEpoch(rotation.from());
    works.memory().see(works.keys());
    enterDestroyed(rotation);
  }

  private void enterDestroyed(Rotation rotation) {
    change(
        tx -> {
          // Whoever was given an alias meanwhile has an index of the older epoch as well.
          works.subjects().removeIndexes(tx, rotation.from());
          enter(tx, Kind.EPOCH_DESTROYED, rotation.from());
          rotations.destroyed(tx, rotation);
        });
    LOG.info("the keys of epoch {} are destroyed", rotation.from());
  }

  private void enter(Transaction tx, Kind kind, int epoch) {
    Facts facts =
        Facts.of(
                kind,
                works.clock().instant(),
                Outcome.PERMITTED,
                Caller.of(Caller.SYSTEM, "rotation"))
            .epoch(epoch)
            .build();
    var _ = works.audit().append(tx, Draft.aboutNobody(facts));
  }

  private void note(Rotation rotation, String trouble) {
    if (!rotation.trouble().equals(Optional.of(trouble)) || rotation.readyAt().isPresent()) {
      LOG.warn("the keys of epoch {} are still needed: {}", rotation.from(), trouble);
      change(tx -> rotations.note(tx, rotation, trouble));
    }
  }

  @FunctionalInterface
  private interface Change {
    void make(Transaction tx) throws SQLException;
  }

  private void change(Change change) {
    works
        .database()
        .change(
            tx -> {
              change.make(tx);
              return true;
            });
  }

  /** Ends after the batch that is at work. */
  @Override
  public void close() {
    closing = true;
  }
}
