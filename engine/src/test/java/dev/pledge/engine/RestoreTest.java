package dev.pledge.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.erasure.Erased;
import dev.pledge.engine.gate.Scene;
import dev.pledge.engine.keys.KeyStoreRefusedException;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Key store and data are put back from backups of different days. */
@Clause({"II.II.3", "V.1"})
class RestoreTest {
  @TempDir private Path home;

  @Test
  void anOlderKeyStoreIsRefusedBesideDataThatSawAnErasureSince() throws IOException {
    try (TestPledge pledge = TestPledge.open()) {
      Scene scene = new Scene(pledge);
      SubjectId person = scene.adult();
      SubjectId other = scene.adult();
      Path store = pledge.keys().resolve("store").resolve("store");
      pledge.pledge().close();
      copy(store, home.resolve("yesterday"));
      pledge.restart();
      erase(pledge, scene, person);
      assertThat(seen(pledge.database())).isEqualTo(1);
      pledge.pledge().close();
      copy(store, home.resolve("today"));

      copy(home.resolve("yesterday"), store);
      assertThatThrownBy(pledge::restart)
          .isInstanceOf(KeyStoreRefusedException.class)
          .hasMessageContaining("the data has seen write 1")
          .hasMessageContaining("restore the newest backup");

      copy(home.resolve("today"), store);
      pledge.restart();
      erase(pledge, scene, other);
      assertThat(seen(pledge.database())).isEqualTo(2);
    }
  }

  @Test
  void whatTheDataHasSeenNeverBecomesLess() {
    try (TestPledge pledge = TestPledge.open()) {
      Scene scene = new Scene(pledge);
      erase(pledge, scene, scene.adult());
      erase(pledge, scene, scene.adult());
      pledge.restart();
      assertThat(seen(pledge.database())).isEqualTo(2);
      // As a database restored from an older backup has it: the ledger is ahead, and is taken.
      owner(pledge.database(), "update deployment set ledger_writes = 0, ledger_code = ''");
      pledge.restart();
      assertThat(seen(pledge.database())).isEqualTo(2);
    }
  }

  private static void erase(TestPledge pledge, Scene scene, SubjectId person) {
    assertThat(pledge.<Erased>change(scene.backend, changes -> changes.erase(person)))
        .isInstanceOf(Erased.Certificate.class);
  }

  private static long seen(TestDatabase database) {
    return Database.over(database.owner())
        .read(
            handle ->
                handle.createQuery("select ledger_writes from deployment").mapTo(Long.class).one());
  }

  private static void owner(TestDatabase database, String sql) {
    Database.over(database.owner()).read(handle -> handle.execute(sql));
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (var files = Files.list(from)) {
      for (Path file : List.copyOf(files.toList())) {
        Files.copy(
            file,
            to.resolve(file.getFileName()),
            StandardCopyOption.REPLACE_EXISTING,
            StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }
}
