package dev.pledge.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BaseBackupTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final CopyProgress SILENT = (done, all) -> {};

  private static TestDatabase database;

  private final Path place = TestDatabase.directory();
  private final Path target = place.resolve("backup");

  @BeforeAll
  static void start() {
    database = TestDatabase.onPrivateServer();
    owner("create table scratch (n integer primary key, filling text not null)");
  }

  @AfterAll
  static void stop() {
    database.close();
  }

  private static void owner(String sql) {
    Database.over(database.owner()).read(handle -> handle.execute(sql));
  }

  private static long count(Database of, String what) {
    return of.read(h -> h.createQuery("select count(*) from " + what).mapTo(Long.class).one());
  }

  private BaseBackup.Made backUp() {
    return BaseBackup.make(database.home(), target, RANDOM, InstantSource.system(), SILENT);
  }

  private Path restored() {
    Path data = place.resolve("restored");
    RestoredData.copy(target, data, SILENT);
    return data;
  }

  @Test
  void whatWasCommittedBeforeIsThereAndWhatWasWrittenMeanwhileIsWhole() throws Exception {
    AtomicInteger committed = new AtomicInteger();
    AtomicBoolean ending = new AtomicBoolean();
    Thread writer =
        Thread.ofVirtual()
            .start(
                () -> {
                  while (!ending.get()) {
                    int n = committed.get();
                    owner(
                        "insert into scratch select "
                            + n
                            + " * 100 + i, repeat('x', 2000) from generate_series(0, 99) i");
                    committed.set(n + 1);
                  }
                });
    Await.until(() -> committed.get() > 20);
    int before = committed.get();
    BaseBackup.Made made = backUp();
    Await.until(() -> committed.get() > before + 20);
    ending.set(true);
    writer.join();
    assertThat(made.files()).isGreaterThan(100);
    try (EmbeddedPostgres copy = EmbeddedPostgres.openRestored(restored(), RANDOM);
        Database rows = Database.over(copy.connections().owner())) {
      long found = count(rows, "scratch");
      assertThat(found).isBetween(before * 100L, committed.get() * 100L - 1);
      assertThat(found % 100).as("each transaction whole").isZero();
      assertThat(count(rows, "scratch where filling <> repeat('x', 2000)")).isZero();
      rows.read(h -> h.execute("create extension if not exists plpgsql"));
    }
  }

  @Test
  void aFileThatCouldNotBeRestoredIsRefusedWhenItIsBackedUp() throws IOException {
    Path strange = database.home().resolve("pg").resolve("a name of mine");
    Files.createFile(strange);
    try {
      assertThatThrownBy(this::backUp)
          .isInstanceOf(StartRefused.class)
          .hasMessageContaining("a name of mine");
      assertThat(target).doesNotExist();
    } finally {
      Files.delete(strange);
    }
  }

  @Test
  void theSlotOfABackupEndsWithIt() {
    backUp();
    try (Database cluster = Database.over(database.server().superuser("postgres"))) {
      assertThat(count(cluster, "pg_replication_slots")).isZero();
    }
  }

  @Test
  void itIsTheOwnersAloneAndHasNothingOfTheRun() throws IOException {
    backUp();
    try (Stream<Path> all = Files.walk(place)) {
      for (Path each : all.filter(path -> path.startsWith(target)).toList()) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
            .as("%s", each)
            .isEqualTo(Files.isDirectory(each) ? "rwx------" : "rw-------");
      }
    }
    assertThat(target.resolve("data/pg/postmaster.pid")).doesNotExist();
    assertThat(target.resolve("data/pg/backup_label")).exists();
    assertThat(target.resolve("data/postgres.log")).doesNotExist();
    assertThat(place.resolve("backup.unfinished")).doesNotExist();
  }

  @Test
  void aTargetThatIsThereIsNotTouched() throws IOException {
    Files.createDirectory(target);
    Files.writeString(target.resolve("mine"), "kept");
    assertThatThrownBy(this::backUp)
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("there already");
    assertThat(target.resolve("mine")).hasContent("kept");
  }

  @Test
  void aDamagedOrMissingFileIsFoundAndNamed() throws IOException {
    backUp();
    Path control = target.resolve("data/pg/global/pg_control");
    byte[] whole = Files.readAllBytes(control);
    byte[] flipped = whole.clone();
    flipped[100] ^= 1;
    Files.write(control, flipped);
    assertThatThrownBy(this::restored)
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("pg/global/pg_control");
    Files.delete(control);
    assertThatThrownBy(this::restored).hasMessageContaining("pg/global/pg_control");
    assertThat(place.resolve("restored")).doesNotExist();
    Files.write(control, whole);
    Files.writeString(target.resolve("manifest"), "x", StandardOpenOption.APPEND);
    assertThatThrownBy(this::restored).hasMessageContaining("`manifest`");
    Files.delete(target.resolve("manifest"));
    assertThatThrownBy(this::restored).hasMessageContaining("no whole backup");
  }

  @Test
  void noManifestLeadsOutOfTheDirectory() {
    for (String path : List.of("../x", "pg/../../x", "/x", "pg//x", "pg/..", "")) {
      byte[] text =
          new BackupManifest(
                  InstantSource.system().instant(),
                  "18",
                  "0/1",
                  "0/2",
                  List.of("pg"),
                  List.of(new BackupManifest.CopiedFile(path, 1, "0".repeat(64))))
              .text();
      assertThatThrownBy(() -> BackupManifest.read(text))
          .as(new String(text, StandardCharsets.UTF_8))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @ParameterizedTest
  @EnumSource(CopyStep.class)
  void cutOffAnywhereThereIsNoHalfBackup(CopyStep step) throws Exception {
    List<CopyStep> seen = new ArrayList<>();
    BaseBackup failing =
        new BaseBackup(
            database.home(),
            target,
            InstantSource.system(),
            SILENT,
            reached -> {
              seen.add(reached);
              if (reached == step) {
                throw new IllegalStateException("cut off, as arranged");
              }
            });
    assertThatThrownBy(() -> failing.make(database.server().superuser("postgres").getConnection()))
        .hasMessage("cut off, as arranged");
    assertThat(seen).contains(step);
    if (step == CopyStep.NAMED) {
      restored();
    } else {
      assertThat(target).doesNotExist();
      backUp();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = CopyStep.class,
      names = {"STAGED", "FILE_BEGUN", "FILE_COPIED", "DESCRIBED", "NAMED"})
  void cutOffAnywhereARestoreIsDoneAgainOrComplete(CopyStep step) throws IOException {
    backUp();
    Path data = place.resolve("restored");
    RestoredData failing =
        new RestoredData(
            target,
            data,
            SILENT,
            reached -> {
              if (reached == step) {
                throw new IllegalStateException("cut off, as arranged");
              }
            });
    assertThatThrownBy(failing::copy).hasMessage("cut off, as arranged");
    assertThat(Files.exists(data)).isEqualTo(step == CopyStep.NAMED);
    if (step != CopyStep.NAMED) {
      assertThatThrownBy(() -> EmbeddedPostgres.open(data, RANDOM))
          .isInstanceOf(StartRefused.class)
          .hasMessageContaining("cut short while it copied");
    }
    if (step != CopyStep.NAMED) {
      restored();
    }
    assertThat(data.resolve("restore-pending")).exists();
    assertThat(RestoredData.isRecovered(data)).isFalse();
    assertThatThrownBy(() -> EmbeddedPostgres.open(data, RANDOM))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("not up to date");
    assertThatThrownBy(() -> EmbeddedPostgres.attach(data)).isInstanceOf(StartRefused.class);
    // Until its database has come up it is copied anew, whatever became of it.
    Files.writeString(data.resolve("pg").resolve("PG_VERSION"), "damaged");
    restored();
    assertThat(data.resolve("pg").resolve("PG_VERSION")).hasContent(Binaries.MAJOR);
    EmbeddedPostgres.openRestored(data, RANDOM).close();
    RestoredData.recovered(data);
    assertThat(RestoredData.isRecovered(data)).isTrue();
    assertThatThrownBy(this::restored).hasMessageContaining("never written over");
    RestoredData.finish(data);
    assertThat(RestoredData.isRecovered(data)).isFalse();
    assertThatThrownBy(this::restored).hasMessageContaining("never written over");
  }
}
