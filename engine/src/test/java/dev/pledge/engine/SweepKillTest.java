package dev.pledge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.WorkingProcess.Job;
import dev.pledge.engine.gate.AccessHistory;
import dev.pledge.engine.gate.Scene;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sweep is killed anywhere: what is gone is on the log, and what is on the log is gone. */
@Clause({"II.II.3", "IV.1", "IV.2"})
class SweepKillTest {
  /** As many as `-Dpledge.kills=` says. */
  private static final int ROUNDS = Integer.getInteger("pledge.kills", 25);

  private static final int PEOPLE = 150;
  private static final int VALUES = 4;
  private static final long SEED = 20200423;

  @TempDir private Path directory;

  private final Random random = new Random(SEED);

  @Test
  void whatWasDeletedIsCountedAndEnteredOnceHoweverOftenTheSweepIsKilled() throws Exception {
    try (TestDatabase database = TestDatabase.fresh();
        TestPledge pledge = TestPledge.on(database);
        Database owner = Database.over(database.owner())) {
      List<SubjectId> people = register(pledge);
      pledge.pledge().close();
      long given = 0;
      int cutOff = 0;
      for (int round = 0; round < ROUNDS; round++) {
        given += give(owner);
        try (WorkingProcess sweeper =
            WorkingProcess.start(Job.SWEEP, pledge, directory.resolve("errors"), List.of())) {
          var _ = sweeper.kill(random, Duration.ofMillis(600));
        }
        WorkingProcess.awaitNobodyElse(owner);
        long left = count(owner, "select count(*) from observation");
        cutOff += left > 0 ? 1 : 0;
        assertThat(count(owner, "select coalesce(sum(count), 0) from expired") + left)
            .as("counted and left, round %d, seed %d", round, SEED)
            .isEqualTo(given);
      }
      assertThat(cutOff).as("sweeps that were cut off, seed %d", SEED).isPositive();
      pledge.restart();
      // The first goes on with the round that was cut off; who was given more behind it is next.
      var _ = pledge.pledge().sweep();
      var _ = pledge.pledge().sweep();
      assertThat(count(owner, "select count(*) from observation")).isZero();
      Scene scene = new Scene(pledge);
      long entered = 0;
      for (SubjectId person : people) {
        entered += entered(scene, person);
      }
      assertThat(entered).as("entered, seed %d", SEED).isEqualTo(given);
    }
  }

  private static List<SubjectId> register(TestPledge pledge) {
    Scene scene = new Scene(pledge);
    List<SubjectId> people = new ArrayList<>();
    for (int i = 0; i < PEOPLE; i++) {
      people.add(scene.adult());
    }
    var _ =
        scene.collect(
            scene.backend,
            people.getFirst(),
            Scene.from(
                "meeting",
                "product-use",
                Map.of(
                    "log.access",
                    List.of(
                        Map.of(
                            "observedAt",
                            "2026-01-01T00:00:00Z",
                            "value",
                            Map.of("event", "open", "attributes", Map.of()))))));
    Database.over(pledge.database().owner())
        .read(
            handle ->
                handle.execute("create table given as select * from observation")
                    + handle.execute("delete from observation"));
    return people;
  }

  /** Gives everybody values that are due; a sweep opens none of them. */
  private static long give(Database owner) {
    return owner.read(
        handle ->
            (long)
                handle.execute(
                    """
                    insert into observation (subject_id, field, observed_at, datum, product, source,
                                             policy, generation, collected_at, sealed)
                    select s.subject_id, g.field, g.observed_at, gen_random_uuid(), g.product,
                           g.source, g.policy, g.generation,
                           g.collected_at - interval '1 year' - n * interval '1 day', g.sealed
                    from subject s cross join given g cross join generate_series(1, ?) as n
                    """,
                    VALUES));
  }

  private static long count(Database owner, String sql) {
    return owner.read(handle -> handle.createQuery(sql).mapTo(Long.class).one());
  }

  private static long entered(Scene scene, SubjectId person) {
    return scene.history(person).stream()
        .map(AccessHistory.Line::recorded)
        .map(recorded -> recorded.entry().facts())
        .filter(facts -> facts.kind().equals(Kind.EXPIRE))
        .map(Facts::verdicts)
        .flatMap(List::stream)
        .mapToLong(verdict -> verdict.count())
        .sum();
  }
}
