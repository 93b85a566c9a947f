package dev.pledge.engine.watch;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.audit.Audit;
import dev.pledge.engine.audit.Gauge;
import dev.pledge.engine.audit.IntakeSeal;
import dev.pledge.engine.audit.Limits;
import dev.pledge.engine.audit.TestIntake;
import dev.pledge.engine.audit.TestSeals;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.log.Facts;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.ActorId;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** A watch over a scripted log, on a real database. */
final class WatchRoom implements AutoCloseable {
  private final TestDatabase test = TestDatabase.fresh();
  private final Database database = test.database();
  private final IntakeSeal seal = TestSeals.intake(1);
  private final Audit audit;
  private final Alarms alarms;

  WatchRoom() {
    audit =
        new Audit(
            Script.LOG,
            database,
            seal,
            TestSeals.signer(Script.LOG),
            Gauge.OPEN,
            InstantSource.system(),
            new SecureRandom(),
            Limits.DEFAULT);
    alarms = new Alarms(database, audit, InstantSource.system());
  }

  Database database() {
    return database;
  }

  TestDatabase test() {
    return test;
  }

  Alarms alarms() {
    return alarms;
  }

  /** A node that watches. */
  Watch watch(Feed feed, WatchSettings settings) {
    return watch(feed, settings, database);
  }

  Watch watch(Feed feed, WatchSettings settings, Database through) {
    return watch(Map.of(Script.LOG, feed), settings, through);
  }

  /** One that watches several logs. */
  Watch watch(Map<String, Feed> feeds, WatchSettings settings, Database through) {
    return new Watch(feeds, through, alarms, settings, UUID.randomUUID());
  }

  /** What the log got of it. */
  List<Facts> logged() {
    return TestIntake.entries(database, seal).stream().map(entry -> entry.facts()).toList();
  }

  static Caller staff(String id) {
    return caller(id, Asker.Kind.STAFF);
  }

  static Caller caller(String id, Asker.Kind kind) {
    return new Caller(new ActorId(id), kind, Set.of(), Set.of(), Set.of(), Map.of());
  }

  /** All alarms, page by page. */
  List<Alarm> all(Alarms.Which which, int page) {
    List<Alarm> all = new ArrayList<>();
    String cursor = null;
    do {
      AlarmPage next = alarms.list(staff("sue"), which, cursor, page);
      all.addAll(next.alarms());
      cursor = next.next().orElse(null);
    } while (cursor != null);
    return all;
  }

  /** How many alarms each rule raised. */
  Map<RuleName, Long> counts() {
    return all(Alarms.Which.ALL, Alarms.MOST).stream()
        .collect(Collectors.groupingBy(Alarm::rule, Collectors.counting()));
  }

  /** Everything about the alarms but their ids and when they were raised. */
  Set<String> told() {
    return all(Alarms.Which.ALL, Alarms.MOST).stream()
        .map(
            alarm ->
                String.join(
                    " ",
                    alarm.rule().word(),
                    alarm.actor().orElse("-"),
                    alarm.purpose().orElse("-"),
                    alarm.first().position() + "-" + alarm.last().position(),
                    Long.toString(alarm.count()),
                    alarm.lastAt().toString()))
        .collect(Collectors.toSet());
  }

  /** As if the node that watches had not been heard of for long. */
  void letTheLeaseEnd() {
    try (Database owner = Database.over(test.owner())) {
      owner.read(h -> h.execute("update watch set held_until = now() - interval '1 second'"));
    }
  }

  Acknowledged acknowledge(Caller caller, UUID alarm, Alarm.Finding finding) {
    return database.change(tx -> alarms.acknowledge(tx, caller, alarm, finding));
  }

  @Override
  public void close() {
    audit.close();
    test.close();
  }
}
