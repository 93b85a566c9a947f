package dev.pledge.engine.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.keys.KeyStore.Seen;
import dev.pledge.policy.names.SubjectId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalCrashTest {
  private static final int ROUNDS = 25;
  private static final long SEED = 7_340_033;

  @TempDir private Path home;
  private Deployment deployment;
  private Path errors;
  private Seen seen;

  @BeforeEach
  void create() {
    deployment = new Deployment(home.resolve("deployment"));
    errors = home.resolve("errors");
    try (KeyStore store = deployment.create()) {
      seen = Deployment.seen(store);
    }
  }

  @Test
  void everyAcknowledgedKeySurvivesKillingTheWriter() throws Exception {
    Random random = new Random(SEED);
    Set<SubjectId> acknowledged = new HashSet<>();
    for (int round = 0; round < ROUNDS; round++) {
      Process writer = start(List.of());
      try (BufferedReader lines = linesOf(writer)) {
        int before = 1 + random.nextInt(60);
        for (int i = 0; i < before; i++) {
          acknowledged.add(subject(lines.readLine()));
        }
        if (round == 0) {
          assertThatThrownBy(() -> deployment.open(seen))
              .isInstanceOf(KeyStoreRefusedException.class)
              .hasMessageContaining("in use by another process");
        }
        // Through its handle: the process itself would close the stream that is read on.
        assertThat(writer.toHandle().destroyForcibly()).isTrue();
        lines
            .lines()
            .filter(line -> line.length() == 36)
            .map(SubjectId::of)
            .forEach(acknowledged::add);
      }
      assertThat(writer.waitFor()).as("round %d, seed %d", round, SEED).isEqualTo(137);
      assertThat(inJournal()).as("round %d, seed %d", round, SEED).containsAll(acknowledged);
    }
    assertThat(acknowledged).hasSizeGreaterThan(ROUNDS);
  }

  @Test
  void fullDiskRefusesAndLosesNothingAcknowledged() throws Exception {
    // The shell's limit on the size of files stands in for the end of the disk.
    Process writer = start(List.of("sh", "-c", "ulimit -f 40 && exec \"$@\"", "sh"));
    Set<SubjectId> acknowledged = new HashSet<>();
    int refused = 0;
    try (BufferedReader lines = linesOf(writer)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.equals("refused")) {
          refused++;
        } else {
          acknowledged.add(subject(line));
        }
      }
    }
    assertThat(writer.waitFor()).as(Files.readString(errors)).isZero();
    assertThat(refused).isEqualTo(JournalWriter.WRITERS);
    assertThat(acknowledged).hasSizeGreaterThan(20);
    assertThat(inJournal()).containsAll(acknowledged);
  }

  private Set<SubjectId> inJournal() {
    try (KeyStore store = deployment.open(seen)) {
      return JournalTest.all(store.journal()).keySet();
    }
  }

  private Process start(List<String> before) throws IOException {
    List<String> command = new ArrayList<>(before);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-cp",
            System.getProperty("java.class.path"),
            JournalWriter.class.getName(),
            deployment.home().toString(),
            seen.deployment().toString(),
            Long.toString(seen.manifestVersion())));
    return new ProcessBuilder(command).redirectError(errors.toFile()).start();
  }

  private SubjectId subject(String line) throws IOException {
    assertThat(line).as(Files.readString(errors)).isNotNull();
    return SubjectId.of(line);
  }

  private static BufferedReader linesOf(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }
}
