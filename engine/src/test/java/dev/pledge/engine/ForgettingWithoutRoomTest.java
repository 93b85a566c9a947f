package dev.pledge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.WorkingProcess.Job;
import dev.pledge.engine.erasure.Erased;
import dev.pledge.engine.gate.ReadAnswer;
import dev.pledge.engine.gate.ReadRequest;
import dev.pledge.engine.gate.Scene;
import dev.pledge.engine.store.Await;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.FullDisk;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * There is no room on the disk of the data, or on that of the key store: what was to be forgotten
 * is there as before, nothing is half done, and with room it is done.
 */
@Clause({"II.II.3", "V.1", "IV.4"})
class ForgettingWithoutRoomTest {
  private static final int RATE = 1_000_000;
  private static final Duration GRACE = Duration.ofDays(30);

  @TempDir private Path directory;

  @Test
  void whatDoesNotFitOnTheDiskOfTheDataIsNotForgottenByHalf() throws Exception {
    try (TestDatabase database = TestDatabase.onPrivateServer();
        TestPledge pledge = TestPledge.on(database)) {
      Scene scene = new Scene(pledge);
      SubjectId held = named(scene);
      var _ = scene.hold(scene.member("officer", "privacy-officer"), held, "court-order");
      SubjectId used = used(scene);
      try (var _ = new FullDisk(database, "set_aside")) {
        FullDisk.await(() -> erase(pledge, scene, held));
      }
      awaitName(scene, held);
      try (var _ = new FullDisk(database, "rotation")) {
        FullDisk.await(() -> pledge.pledge().rotateKeys(RATE, GRACE));
      }
      awaitName(scene, held);
      assertThat(pledge.pledge().livingEpochs()).containsExactly(1);
      owner(database, "update observation set collected_at = collected_at - interval '1 year'");
      try (var _ = new FullDisk(database, "expired")) {
        FullDisk.await(() -> pledge.pledge().sweep());
      }
      awaitName(scene, used);
      assertThat(count(database, "observation")).isEqualTo(1);
      assertThat(count(database, "expired")).isZero();

      awaitDone(() -> pledge.pledge().sweep());
      assertThat(count(database, "observation")).isZero();
      assertThat(count(database, "expired")).isEqualTo(1);
      awaitDone(() -> erase(pledge, scene, held));
      assertThat(ask(pledge, scene, held)).isInstanceOf(ReadAnswer.Unknown.class);
      assertThat(count(database, "set_aside")).isPositive();
      awaitDone(() -> pledge.pledge().rotateKeys(RATE, GRACE));
      assertThat(count(database, "rotation")).isEqualTo(1);
      assertThat(DoctorDesk.examine(pledge.configuration(), false, looked -> {})).isEmpty();
    }
  }

  @Test
  void whatDoesNotFitOnTheDiskOfTheKeyStoreIsNotErasedByHalf() throws Exception {
    try (TestDatabase database = TestDatabase.fresh();
        TestPledge pledge = TestPledge.on(database)) {
      Scene scene = new Scene(pledge);
      List<SubjectId> erased = Stream.generate(() -> named(scene)).limit(40).toList();
      List<SubjectId> asked = Stream.generate(() -> named(scene)).limit(9).toList();
      erased.forEach(person -> erase(pledge, scene, person));
      pledge.restart();
      pledge.pledge().close();
      Path ledger = pledge.keys().resolve("store").resolve("store").resolve("erasures");
      List<String> said;
      try (WorkingProcess eraser =
          WorkingProcess.startWithFilesUpTo(
              Files.size(ledger) + 300, Job.ERASE, pledge, directory.resolve("errors"), asked)) {
        said = eraser.awaitEnd();
      }
      assertThat(said).hasSizeBetween(1, asked.size() - 1);
      assertThat(directory.resolve("errors")).content().contains("could not append");

      pledge.restart();
      Scene again = new Scene(pledge);
      for (SubjectId person : asked) {
        assertThat(said.contains(person.value().toString()))
            .isEqualTo(ask(pledge, again, person) instanceof ReadAnswer.Unknown);
      }
      assertThat(DoctorDesk.examine(pledge.configuration(), true, looked -> {})).isEmpty();
      assertThat(erase(pledge, again, asked.getLast())).isInstanceOf(Erased.Certificate.class);
    }
  }

  private static SubjectId named(Scene scene) {
    SubjectId person = scene.adult();
    var _ = scene.collect(person, Map.of("identity.name", "Wei"));
    return person;
  }

  private static SubjectId used(Scene scene) {
    SubjectId person = named(scene);
    var _ =
        scene.collect(
            scene.backend,
            person,
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
    return person;
  }

  private static Erased erase(TestPledge pledge, Scene scene, SubjectId person) {
    return pledge.change(scene.backend, changes -> changes.erase(person));
  }

  private static ReadAnswer ask(TestPledge pledge, Scene scene, SubjectId person) {
    return pledge
        .pledge()
        .read(
            ReadRequest.of(scene.backend, "customer-service", "meeting", List.of("identity.name")),
            person);
  }

  /** The connections of before the restart have to be found broken first. */
  private static void awaitDone(Runnable work) throws InterruptedException {
    Await.until(() -> FullDisk.isDone(work));
  }

  private static void awaitName(Scene scene, SubjectId person) throws InterruptedException {
    awaitDone(() -> scene.named(person));
    assertThat(scene.named(person)).isEqualTo("Wei");
  }

  private static void owner(TestDatabase database, String sql) {
    Database.over(database.owner()).read(handle -> handle.execute(sql));
  }

  private static long count(TestDatabase database, String table) {
    return Database.over(database.owner())
        .read(
            handle -> handle.createQuery("select count(*) from " + table).mapTo(Long.class).one());
  }
}
