package dev.pledge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.WorkingProcess.Job;
import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.gate.Scene;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Erasures are killed anywhere: whoever was told that they are done finds nobody afterwards. */
@Clause({"II.II.3", "V.1", "V.3"})
class ErasureKillTest {
  /** As many as `-Dpledge.kills=` says. */
  private static final int ROUNDS = Integer.getInteger("pledge.kills", 25);

  private static final int PEOPLE_EACH = 12;
  private static final long SEED = 20200423;

  @TempDir private Path directory;

  private final Random random = new Random(SEED);

  @Test
  void nobodyIsHalfErasedAndWhoeverWasAcknowledgedIsGone() throws Exception {
    try (TestDatabase database = TestDatabase.fresh();
        TestPledge pledge = TestPledge.on(database);
        Database owner = Database.over(database.owner())) {
      Set<SubjectId> living = new LinkedHashSet<>(register(pledge));
      Set<SubjectId> acknowledged = new LinkedHashSet<>();
      pledge.pledge().close();
      int cutOff = 0;
      for (int round = 0; round < ROUNDS; round++) {
        List<SubjectId> next = living.stream().limit(PEOPLE_EACH).toList();
        List<String> said;
        try (WorkingProcess eraser =
            WorkingProcess.start(Job.ERASE, pledge, directory.resolve("errors"), next)) {
          said = eraser.kill(random, Duration.ofMillis(400));
        }
        WorkingProcess.awaitNobodyElse(owner);
        cutOff += said.size() < next.size() ? 1 : 0;
        for (String id : said) {
          SubjectId person = new SubjectId(UUID.fromString(id));
          acknowledged.add(person);
          living.remove(person);
        }
        assertThat(present(owner, acknowledged)).as("round %d, seed %d", round, SEED).isZero();
      }
      assertThat(cutOff).as("rounds that were cut off, seed %d", SEED).isPositive();
      assertThat(acknowledged).as("erased in all, seed %d", SEED).isNotEmpty();

      pledge.restart();
      assertThat(DoctorDesk.examine(pledge.configuration(), true, looked -> {})).isEmpty();
      assertThat(present(owner, acknowledged)).isZero();
      // Of those who were told nothing, some are gone, and some are as they were.
      Scene scene = new Scene(pledge);
      for (SubjectId person : living) {
        if (present(owner, Set.of(person)) == 1) {
          assertThat(scene.named(person)).isEqualTo("Wei");
        }
      }
      long gone = acknowledged.size() + living.size() - present(owner, living);
      assertThat(count(owner, "select ledger_writes from deployment"))
          .as("in the ledger, seed %d", SEED)
          .isEqualTo(gone);
      assertThat(count(owner, "select count(*) from legal_hold where subject_id is not null"))
          .as("holds on who is there, seed %d", SEED)
          .isEqualTo(
              count(owner, "select count(*) from legal_hold")
                  - count(owner, "select count(distinct hold_id) from set_aside"));
    }
  }

  /** People with aliases, values, objections, and some of them with a legal hold on them. */
  private static List<SubjectId> register(TestPledge pledge) {
    Scene scene = new Scene(pledge);
    Caller officer = scene.member("officer", "privacy-officer");
    List<SubjectId> people = new ArrayList<>();
    for (int i = 0; i < ROUNDS * PEOPLE_EACH; i++) {
      SubjectId person = scene.adult();
      var _ = scene.collect(person, Map.of("identity.name", "Wei", "device.language", "zh-CN"));
      if (i % 3 == 0) {
        scene.agree(person, "promotion");
        scene.refuse(person, "promotion");
      }
      if (i % 5 == 0) {
        var _ = scene.hold(officer, person, "court-order", "identity.name");
      }
      people.add(person);
    }
    return people;
  }

  private static long count(Database owner, String sql) {
    return owner.read(handle -> handle.createQuery(sql).mapTo(Long.class).one());
  }

  private static long present(Database owner, Set<SubjectId> people) {
    return owner.read(
        handle ->
            handle
                .createQuery("select count(*) from subject where subject_id = any(:people)")
                .bind("people", people.stream().map(SubjectId::value).toArray(UUID[]::new))
                .mapTo(Long.class)
                .one());
  }
}
