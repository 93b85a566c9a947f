package dev.pledge.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.names.Clause;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups and restores are killed at any moment. */
class RestoreKillTest {
  /** As many as `-Dpledge.kills=` says. */
  private static final int ROUNDS = Integer.getInteger("pledge.kills", 25);

  private static final long SEED = 20200423;
  private static final int SLOWEST_MILLIS = 5_000;

  @TempDir private Path directory;

  private final Random random = new Random(SEED);
  private Path data = Path.of("");
  private Path keys = Path.of("");

  @BeforeEach
  void makeData() throws IOException {
    data = directory.resolve("data");
    keys = directory.resolve("keys");
    RunningServer.start(data, keys).close();
  }

  private Process pledge(String... words) throws IOException {
    return RunningServer.command(Map.of(), words)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("said").toFile())
        .start();
  }

  /** Kills it at some moment, unless it ends sooner; whether it did, well. */
  private boolean killSometime(String... words) throws Exception {
    Process process = pledge(words);
    if (process.waitFor(random.nextInt(SLOWEST_MILLIS), TimeUnit.MILLISECONDS)) {
      return process.exitValue() == 0;
    }
    process.destroyForcibly().waitFor();
    return false;
  }

  private void done(String... words) throws Exception {
    Process process = pledge(words);
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue())
        .as("%s, seed %d: %s", List.of(words), SEED, Files.readString(directory.resolve("said")))
        .isZero();
  }

  private String[] backup(Path to) {
    return new String[] {
      "backup", "--to", to.toString(), "--data", data.toString(), "--keys", keys.toString()
    };
  }

  private static String[] restore(Path from, Path to, Path keys) {
    return new String[] {
      "restore", "--from", from.toString(), "--data", to.toString(), "--keys", keys.toString()
    };
  }

  private Path copyOfKeys() throws IOException {
    Path copy = directory.resolve("keys-again");
    try (Stream<Path> files = Files.walk(keys)) {
      for (Path each : files.toList()) {
        Files.copy(
            each,
            copy.resolve(keys.relativize(each).toString()),
            java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    return copy;
  }

  @Test
  void aBackupThatWasKilledIsNone() throws Exception {
    Path last = directory.resolve("backup-whole");
    for (int round = 0; round < ROUNDS; round++) {
      Path to = directory.resolve("backup-" + round);
      boolean whole = killSometime(backup(to));
      assertThat(Files.exists(to.resolve("manifest"))).isEqualTo(Files.exists(to));
      if (whole) {
        assertThat(to).exists();
      }
    }
    done(backup(last));
    done(restore(last, directory.resolve("restored"), copyOfKeys()));
  }

  @Test
  @Clause("II.II.3")
  void aRestoreThatWasKilledIsFinishedByTheNext() throws Exception {
    Path from = directory.resolve("backup");
    done(backup(from));
    // Entries that the backup lacks.
    RunningServer.start(data, keys).close();
    Path to = directory.resolve("restored");
    Path its = copyOfKeys();
    for (int round = 0; round < ROUNDS; round++) {
      boolean finished = killSometime(restore(from, to, its));
      boolean pending = Files.exists(to.resolve("restore-pending"));
      if (finished) {
        assertThat(pending).isFalse();
      }
      if (Files.exists(to) && !pending) {
        // Done: once more from the beginning.
        delete(to);
      } else if (pending) {
        Process up = pledge("up", "--port", "0", "--data", to.toString(), "--keys", its.toString());
        assertThat(up.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(up.exitValue()).isEqualTo(Main.WRONG);
      }
    }
    if (!Files.exists(to) || Files.exists(to.resolve("restore-pending"))) {
      done(restore(from, to, its));
    }
    done("doctor", "--deep", "--data", to.toString(), "--keys", its.toString());
    RunningServer.start(to, its).close();
  }

  /** The database of who was killed may still be writing its last files. */
  private static void delete(Path tree) throws IOException {
    long until = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (Files.exists(tree)) {
      try (Stream<Path> paths = Files.walk(tree)) {
        for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(path);
        }
      } catch (DirectoryNotEmptyException | UncheckedIOException changed) {
        assertThat(System.nanoTime()).as("somebody goes on writing to it").isLessThan(until);
      }
    }
  }
}
