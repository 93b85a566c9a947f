package dev.pledge.policy.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The check gets by with 256 MiB whatever it reads: a JVM that has no more checks the worst. */
@Timeout(600)
final class MemoryTest {
  @TempDir Path directory;

  @Test
  void theWorstInputsAreCheckedWithin256MiB() throws IOException, InterruptedException {
    Path said = directory.resolve("said");
    Process check =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                WorstInputs.class.getName(),
                Files.createDirectory(directory.resolve("policy")).toString())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    try {
      int status = check.waitFor();
      assertThat(status).as("%s", Files.readString(said)).isZero();
    } finally {
      check.destroyForcibly();
    }
    List<String> names = new ArrayList<>(WorstInputs.policies().keySet());
    names.addAll(WorstInputs.ownTerms().keySet());
    names.addAll(WorstInputs.notices().keySet());
    names.add("a hundred notices and labels");
    assertThat(Files.readAllLines(said))
        .extracting(line -> line.substring(0, line.indexOf(':')))
        .containsExactlyElementsOf(names);
  }
}
