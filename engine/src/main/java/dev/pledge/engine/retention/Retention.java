package dev.pledge.engine.retention;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.audit.Audit;
import dev.pledge.engine.audit.Draft;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.gate.Expiry;
import dev.pledge.engine.gate.Expiry.Amount;
import dev.pledge.engine.retention.Done.OnDay;
import dev.pledge.engine.retention.RetentionReport.OfCategory;
import dev.pledge.engine.retention.RetentionReport.OfDay;
import dev.pledge.engine.store.Database;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.log.Outcome;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policies;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what is no longer kept, by itself every so often, and reports on it. Safe for all
 * threads. Source: II.II.3, IV.1.
 */
public final class Retention implements AutoCloseable {
  /** How often sweeps are woken unless somebody says otherwise. */
  public static final Duration USUAL_PERIOD = Duration.ofHours(1);

  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
  private static final Duration STOPPING = Duration.ofSeconds(20);
  private static final int DAYS = 30;
  private static final int PEOPLE_LOOKED_AT = 2_000;
  private static final int PEOPLE_COUNTED = 500;
  private static final UUID FIRST = new UUID(0, 0);
  private static final UUID LAST = new UUID(-1L, -1L);

  private final Database database;
  private final Audit audit;
  private final Policies policies;
  private final Expiry expiry;
  private final Sweep sweep;
  private final Duration period;
  private final Duration patience;
  private final InstantSource clock;
  private final Optional<Waker> waker;
  private final Optional<Thread> starting;

  /**
   * What sweeping and reporting take.
   *
   * @param database of its own, for no more than two at once; closed with this
   * @param wake connections for what wakes the sweeps; empty where this process is not to be woken
   * @param period how often sweeps are woken
   * @param patience how long a report may count
   * @param node this process
   */
  public record Parts(
      Database database,
      Audit audit,
      Policies policies,
      Expiry expiry,
      Optional<DataSource> wake,
      Duration period,
      Duration patience,
      UUID node,
      InstantSource clock) {}

  /** Begins to be woken, if it is to be. */
  public Retention(Parts parts) {
    this.database = parts.database;
    this.audit = parts.audit;
    this.policies = parts.policies;
    this.expiry = parts.expiry;
    this.period = parts.period;
    this.patience = parts.patience;
    this.clock = parts.clock;
    this.sweep = new Sweep(parts.database, parts.expiry, parts.node);
    this.waker =
        parts.wake.map(source -> new Waker(source, parts.period, parts.node, this::sweepWhenWoken));
    // A round that was cut off with the node is not left until the next wake.
    this.starting =
        waker.map(_ -> Thread.ofPlatform().daemon().name("pledge-sweep").start(this::sweepAtStart));
  }

  private void sweepWhenWoken() {
    // A little early is in time: the wakes of several nodes are never at the same moment.
    Sweep.Swept swept = sweep.run(period.dividedBy(2));
    if (swept.values() > 0 || swept.failed() > 0) {
      LOG.info(
          "deleted {} values that are no longer kept, could not for {} people",
          swept.values(),
          swept.failed());
    }
  }

  private void sweepAtStart() {
    try {
      sweepWhenWoken();
    } catch (RuntimeException e) {
      LOG.warn("the sweep at the start was cut off: {}", e.getClass().getSimpleName());
    }
  }

  /**
   * Sweeps now: begins a round, or goes on with the one at work. Returns when nobody's share is
   * left.
   *
   * @return how many values were deleted here
   * @throws dev.pledge.engine.store.DatabaseUnavailable if the database cannot serve now; what
   *     committed stands
   */
  public long sweep() {
    return sweep.run(Duration.ZERO).values();
  }

  /** What is due, done, held and late now. */
  public RetentionReport report(Caller caller) {
    Facts facts =
        Facts.of(Kind.RETENTION, clock.instant(), Outcome.PERMITTED, caller.logged()).build();
    Receipt receipt = audit.record(Draft.aboutNobody(facts));
    Map<String, Amount> amounts = new TreeMap<>();
    boolean complete = count(amounts);
    Instant now =
        database.read(
            handle ->
                handle
                    .createQuery("select statement_timestamp()")
                    .mapTo(java.sql.Timestamp.class)
                    .one()
                    .toInstant());
    Map<String, Long> held = database.read(expiry::setAside);
    LocalDate first = LocalDate.ofInstant(now, ZoneOffset.UTC).minusDays(DAYS - 1L);
    List<OnDay> done =
        database.read(handle -> Done.between(handle, first, first.plusDays(DAYS - 1L)));
    Ranges.Round round = database.read(Ranges::round);
    return new RetentionReport(
        now,
        period,
        round.number(),
        Optional.ofNullable(round.begunAt()),
        Optional.ofNullable(round.endedAt()),
        complete,
        categories(amounts, held, done, now),
        days(first, done),
        receipt);
  }

  /** Whether there was time for everybody. */
  private boolean count(Map<String, Amount> amounts) {
    Instant until = clock.instant().plus(patience);
    Expiry.Walk walk = database.read(expiry::begin);
    UUID after = FIRST;
    while (clock.instant().isBefore(until)) {
      UUID from = after;
      Expiry.Page page = database.read(h -> walk.page(h, from, LAST, PEOPLE_LOOKED_AT));
      if (page.last().isEmpty()) {
        return true;
      }
      for (int i = 0; i < page.candidates().size(); i += PEOPLE_COUNTED) {
        var some =
            page.candidates().subList(i, Math.min(i + PEOPLE_COUNTED, page.candidates().size()));
        database
            .<Map<String, Amount>>read(handle -> walk.count(handle, some, period))
            .forEach((category, amount) -> amounts.merge(category, amount, Amount::plus));
      }
      after = page.last().get().value();
    }
    return false;
  }

  private List<OfCategory> categories(
      Map<String, Amount> amounts, Map<String, Long> held, List<OnDay> done, Instant now) {
    Map<String, Long> deleted = new TreeMap<>();
    done.forEach(day -> deleted.merge(day.category(), day.count(), Long::sum));
    TreeSet<String> names = new TreeSet<>(amounts.keySet());
    names.addAll(deleted.keySet());
    names.addAll(held.keySet());
    CompiledPolicy policy = policies.inForce(now).orElseGet(policies.versions()::getFirst);
    policy.source().categories().forEach(category -> names.add(category.id().value()));
    List<OfCategory> categories = new ArrayList<>();
    for (String name : names) {
      Amount amount = amounts.getOrDefault(name, Amount.NONE);
      categories.add(
          new OfCategory(
              name,
              amount.due(),
              deleted.getOrDefault(name, 0L),
              held.getOrDefault(name, 0L),
              amount.late()));
    }
    return categories;
  }

  private static List<OfDay> days(LocalDate first, List<OnDay> done) {
    Map<LocalDate, Long> byDay = new TreeMap<>();
    for (int i = 0; i < DAYS; i++) {
      byDay.put(first.plusDays(i), 0L);
    }
    done.forEach(day -> byDay.merge(day.day(), day.count(), Long::sum));
    return byDay.entrySet().stream().map(day -> new OfDay(day.getKey(), day.getValue())).toList();
  }

  /** Ends the sweep after the batch at work, and is woken no more. */
  @Override
  public void close() {
    sweep.stop();
    waker.ifPresent(Waker::close);
    try {
      for (Thread thread : starting.stream().toList()) {
        thread.join(STOPPING);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    database.close();
  }
}
