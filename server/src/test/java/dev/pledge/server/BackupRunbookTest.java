package dev.pledge.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.names.Clause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Follows docs/backup.md literally: every block of commands in it, but for the paths. */
class BackupRunbookTest {
  private static final Pattern BLOCK =
      Pattern.compile("(?m)^( *)```sh\\n(.*?)^\\1```$", Pattern.DOTALL | Pattern.MULTILINE);
  private static final String NIGHT = "Every night";

  @TempDir private Path directory;

  private final Map<String, List<String>> chapters = new LinkedHashMap<>();
  private @Nullable RunningServer server;

  @BeforeEach
  void prepare() throws IOException {
    for (String chapter :
        Files.readString(Path.of("..", "docs", "backup.md")).split("(?m)^## ", -1)) {
      chapters.put(
          chapter.lines().findFirst().orElseThrow(),
          BLOCK.matcher(chapter).results().map(block -> block.group(2)).toList());
    }
    Path pledge = directory.resolve("pledge");
    Files.writeString(
        pledge,
        "#!/bin/sh\nexec "
            + RunningServer.command(Map.of()).command().stream()
                .map(word -> "'" + word + "'")
                .collect(Collectors.joining(" "))
            + " \"$@\"\n");
    Files.setPosixFilePermissions(pledge, PosixFilePermissions.fromString("rwx------"));
    Files.createDirectories(directory.resolve("srv/pledge"));
    start();
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
    server = null;
  }

  private void start() throws IOException {
    server =
        RunningServer.start(
            directory.resolve("srv/pledge/data"), directory.resolve("srv/pledge/keys"));
  }

  /** Runs all blocks of a chapter, and gives what they said. */
  private String follow(String chapter) throws Exception {
    List<String> blocks = chapters.get(chapter);
    assertThat(blocks).as("the commands of `%s`", chapter).isNotEmpty();
    StringBuilder said = new StringBuilder();
    for (String block : blocks) {
      StringBuilder script = new StringBuilder();
      for (String line : block.lines().map(String::strip).toList()) {
        if (line.startsWith("systemctl ")) {
          said.append(shell(script.toString()));
          script.setLength(0);
          stop();
          if (line.contains("start")) {
            start();
          }
        } else {
          script.append(line).append('\n');
        }
      }
      said.append(shell(script.toString()));
    }
    return said.toString();
  }

  private String shell(String script) throws Exception {
    if (script.isBlank()) {
      return "";
    }
    Matcher paths = Pattern.compile("(?<![\\w.])/(srv|backup|safe)\\b").matcher(script);
    String here = paths.replaceAll(Matcher.quoteReplacement(directory.toString()) + "/$1");
    ProcessBuilder shell = new ProcessBuilder("bash", "-euo", "pipefail", "-c", here);
    shell.directory(directory.toFile());
    Path out = directory.resolve("out");
    shell.redirectOutput(out.toFile());
    shell.redirectErrorStream(true);
    Process process = shell.start();
    assertThat(process.waitFor(5, TimeUnit.MINUTES)).as(here).isTrue();
    String said = Files.readString(out);
    assertThat(process.exitValue()).as("%s\n%s", here, said).isZero();
    return said;
  }

  @Test
  @Clause({"II.II.3", "IV.4"})
  void theNightThenTheDiskIsLost() throws Exception {
    follow("Once");
    assertThat(follow(NIGHT)).contains("backed up ", "copied the key store to");
    String restored = follow("The data's disk is lost");
    assertThat(restored)
        .contains("restored ", "people are in the data", "has ended", "goes on from there")
        .contains("\nsound\n");
    assertThat(server).isNotNull();
  }

  @Test
  @Clause("IV.4")
  void theKeyStoreIsLost() throws Exception {
    follow("Once");
    follow(NIGHT);
    String said = follow("The key store is lost");
    assertThat(said).contains("copied ", "sound");
    assertThat(server).isNotNull();
    assertThat(follow("Data are corrupted")).contains("sound");
  }

  @Test
  void everyMonth() throws Exception {
    follow("Once");
    follow(NIGHT);
    assertThat(follow("Every month")).contains("restored ", "\nsound\n");
    assertThat(directory.resolve("srv/pledge/test")).doesNotExist();
  }

  @Test
  void everyChapterWithCommandsIsFollowed() {
    assertThat(chapters.entrySet().stream().filter(each -> !each.getValue().isEmpty()))
        .extracting(Map.Entry::getKey)
        .containsExactly(
            "Once",
            NIGHT,
            "The data's disk is lost",
            "Data are corrupted",
            "The key store is lost",
            "Every month");
  }
}
