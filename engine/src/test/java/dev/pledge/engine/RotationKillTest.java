package dev.pledge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.WorkingProcess.Job;
import dev.pledge.engine.gate.Scene;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.TestDatabase;
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

/** A change of the epoch of keys is killed anywhere, its end included: it is gone on with. */
@Clause({"IV.4", "II.II.3"})
class RotationKillTest {
  /** As many as `-Dpledge.kills=` says. */
  private static final int ROUNDS = Integer.getInteger("pledge.kills", 25);

  private static final int PEOPLE = 120;
  private static final long SEED = 20200423;

  @TempDir private Path directory;

  private final Random random = new Random(SEED);

  @Test
  void everyChangeIsFinishedAndEverybodyIsReadAfterwards() throws Exception {
    try (TestDatabase database = TestDatabase.fresh();
        TestPledge pledge = TestPledge.on(database);
        Database owner = Database.over(database.owner())) {
      List<SubjectId> people = register(pledge);
      pledge.pledge().close();
      int cutOff = 0;
      for (int round = 0; round < ROUNDS; round++) {
        try (WorkingProcess rotator =
            WorkingProcess.start(Job.ROTATE, pledge, directory.resolve("errors"), List.of())) {
          var _ = rotator.kill(random, Duration.ofMillis(500));
        }
        WorkingProcess.awaitNobodyElse(owner);
        cutOff += count(owner, "select count(*) from rotation where ready_at is null") > 0 ? 1 : 0;
        letEnd(owner);
      }
      assertThat(cutOff).as("changes that were cut off, seed %d", SEED).isPositive();

      pledge.restart();
      while (pledge.pledge().livingEpochs().size() > 1) {
        letEnd(owner);
        pledge.pledge().rotate();
        assertThat(count(owner, "select count(*) from rotation where trouble is not null"))
            .isZero();
      }
      assertThat(DoctorDesk.examine(pledge.configuration(), true, looked -> {})).isEmpty();
      int last = pledge.pledge().livingEpochs().iterator().next();
      assertThat(last).as("epochs in all, seed %d", SEED).isGreaterThan(2);
      for (String table : List.of("subject_key", "alias", "intake")) {
        assertThat(count(owner, "select count(*) from " + table + " where epoch <> " + last))
            .as("%s of older epochs, seed %d", table, SEED)
            .isZero();
      }
      assertThat(count(owner, "select count(*) from rotation where destroyed_at is null")).isZero();
      Scene scene = new Scene(pledge);
      for (SubjectId person : people) {
        assertThat(scene.named(person)).isEqualTo("Wei");
      }
    }
  }

  private static List<SubjectId> register(TestPledge pledge) {
    Scene scene = new Scene(pledge);
    List<SubjectId> people = new ArrayList<>();
    for (int i = 0; i < PEOPLE; i++) {
      SubjectId person = scene.adult();
      var _ = scene.collect(person, Map.of("identity.name", "Wei"));
      people.add(person);
    }
    return people;
  }

  /** Brings the stated date of a change that is ready for it. */
  private static void letEnd(Database owner) {
    var _ =
        owner.<Integer>read(
            handle ->
                handle.execute("delete from reply")
                    + handle.execute(
                        """
                        update rotation set destroy_at = statement_timestamp()
                        where ready_at is not null and destroyed_at is null
                        """));
  }

  private static long count(Database owner, String sql) {
    return owner.read(handle -> handle.createQuery(sql).mapTo(Long.class).one());
  }
}
