package dev.pledge.engine.keys;

import dev.pledge.engine.keys.Plans.End;
import dev.pledge.engine.keys.Plans.Plan;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * When the keys of each epoch end, by the schedule that the operator has stated, and so from when
 * on nobody reads an old copy of what was erased (II.II.3). Promises nothing where there is no
 * schedule, and nothing while it is not kept. Safe for all threads.
 */
public final class KeyEnds {
  /** Behind its date by this much, a change is reported. */
  static final Duration LATE = Duration.ofHours(1);

  /**
   * For a server that was down and a trial that has to be repeated, once {@link #LATE} was told.
   */
  static final Duration SLACK = Duration.ofDays(1);

  /** Unwrapped keys stay in memory for at most so long. */
  private static final Duration CACHED = Duration.ofSeconds(60);

  private final Optional<KeySchedule> schedule;
  private final KeyStore keyStore;
  private final InstantSource clock;
  private final Plans plans = new Plans();
  private final Rotations rotations = new Rotations();

  /** By {@code schedule}; without one it still tells which planned ends are late. */
  public KeyEnds(Optional<KeySchedule> schedule, KeyStore keyStore, InstantSource clock) {
    this.schedule = schedule;
    this.keyStore = keyStore;
    this.clock = clock;
  }

  /** Plans the end of the current epoch by the schedule, if there is one. */
  public void plan(Transaction tx) {
    scheduled(keyStore.epoch()).ifPresent(plan -> plans.put(tx, plan));
  }

  /** From now on where an epoch is older already than it should get. */
  private Optional<Plan> scheduled(int epoch) {
    return schedule.map(
        stated -> {
          Instant now = clock.instant();
          Instant due = began(epoch).plus(stated.epochLife());
          Instant rotateAt = due.isBefore(now) ? now : due;
          return new Plan(epoch, rotateAt, rotateAt.plus(stated.grace()));
        });
  }

  private Instant began(int epoch) {
    NavigableMap<Integer, Instant> begun = keyStore.begun();
    return begun.getOrDefault(epoch, clock.instant());
  }

  /** Asks for the change to the next epoch if its time has come; true if it was asked for. */
  public boolean requestIfDue(Database database) {
    int epoch = keyStore.epoch();
    Optional<Plan> plan =
        database.read(handle -> plans.ends(handle, List.of(epoch))).getFirst().plan();
    if (plan.isEmpty() || clock.instant().isBefore(plan.get().rotateAt())) {
      return false;
    }
    Duration grace = Duration.between(plan.get().rotateAt(), plan.get().destroyAt());
    return rotations.request(
        database,
        epoch,
        KeySchedule.USUAL_RATE,
        grace.compareTo(Rotations.LEAST) < 0 ? Rotations.LEAST : grace);
  }

  /**
   * From when on no copy of what is erased now is read by anybody, whatever keys they have then,
   * the operator's word on copies of the key store being true: a whole day, UTC. Empty where the
   * operator has stated no schedule, and while one is late.
   */
  public Optional<Instant> irrecoverableBy(Handle handle) {
    Optional<Duration> copies = schedule.flatMap(KeySchedule::oldestKeyBackup);
    if (copies.isEmpty()) {
      return Optional.empty();
    }
    List<End> ends = plans.ends(handle, keyStore.livingEpochs());
    List<Optional<Instant>> all = ends.stream().map(this::end).toList();
    return late(ends).isEmpty() && all.stream().allMatch(Optional::isPresent)
        ? all.stream()
            .map(Optional::orElseThrow)
            .max(Comparator.naturalOrder())
            .map(last -> promised(last, copies.get()))
        : Optional.empty();
  }

  /**
   * The same of what is erased at a later time, {@code then}, under whatever epoch it is by then.
   */
  public Optional<Instant> irrecoverableBy(Handle handle, Instant then) {
    return irrecoverableBy(handle)
        .map(
            now -> {
              KeySchedule stated = schedule.orElseThrow();
              Instant last = then.plus(stated.epochLife()).plus(stated.grace());
              Instant by = promised(last, stated.oldestKeyBackup().orElseThrow());
              return by.isBefore(now) ? now : by;
            });
  }

  private static Instant promised(Instant last, Duration copies) {
    // A whole day: nobody needs to know the second of a date that far away.
    return last.plus(SLACK)
        .plus(copies)
        .plus(CACHED)
        .truncatedTo(ChronoUnit.DAYS)
        .plus(Duration.ofDays(1));
  }

  private Optional<Instant> end(End known) {
    return known
        .asked()
        .or(() -> known.plan().map(Plan::destroyAt))
        .or(
            () ->
                known.epoch() == keyStore.epoch()
                    ? scheduled(known.epoch()).map(Plan::destroyAt)
                    : Optional.empty());
  }

  /** Which living epochs are behind their dates, in words. */
  public List<String> late(Handle handle) {
    return late(plans.ends(handle, keyStore.livingEpochs()));
  }

  private List<String> late(List<End> ends) {
    List<String> late = new ArrayList<>();
    Instant before = clock.instant().minus(LATE);
    for (End end : ends) {
      Optional<Instant> due = end.due().filter(at -> at.isBefore(before));
      Optional<Instant> change =
          end.plan().map(Plan::rotateAt).filter(at -> at.isBefore(before) && end.asked().isEmpty());
      if (due.isPresent()) {
        late.add(
            "the keys of epoch "
                + end.epoch()
                + " were to be destroyed at "
                + due.get()
                + end.trouble().map(why -> ", but " + why).orElse(""));
      } else if (change.isPresent()) {
        late.add("epoch " + end.epoch() + " was to be changed at " + change.get());
      }
    }
    return late;
  }
}
