package dev.pledge.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The list of tests that carry a clause, shipped with the policy's coverage, is what the sources of
 * all modules say. {@code -Dpledge.tests=write} writes it anew.
 */
class ClauseTestsTest {
  private static final Path ROOT = Path.of("..");
  private static final Path LIST =
      ROOT.resolve("policy/src/main/resources/dev/pledge/policy/document/tests.txt");
  private static final List<String> MODULES =
      List.of("policy", "log", "engine", "kms-aws", "server", "bench");

  /** The mark, and after further marks what it stands on. */
  private static final Pattern MARKED =
      Pattern.compile(
          "@Clause\\((\\{[^}]*\\}|\"[^\"]*\")\\)\\s*"
              + "(?:@\\w+(?:\\((?:[^()]|\\([^()]*\\))*\\))?\\s*)*"
              + "(?:(?:public|private|static|final) )*(class|void) (\\w+)");

  private static final Pattern NAMED = Pattern.compile("\"([^\"]*)\"");

  @Test
  void theListIsWhatTheSourcesSay() throws IOException {
    String head = Files.readString(LIST).lines().findFirst().orElseThrow();
    Set<String> rows = new TreeSet<>();
    for (String module : MODULES) {
      Path tests = ROOT.resolve(module).resolve("src/test/java");
      if (Files.isDirectory(tests)) {
        try (Stream<Path> files = Files.walk(tests)) {
          for (Path file : files.filter(f -> f.toString().endsWith("Test.java")).toList()) {
            addTo(rows, module, file);
          }
        }
      }
    }
    String list = head + "\n" + String.join("\n", rows) + "\n";
    if ("write".equals(System.getProperty("pledge.tests"))) {
      Files.writeString(LIST, list);
    }
    assertThat(Files.readString(LIST)).isEqualTo(list);
    assertThat(rows).hasSizeGreaterThan(100);
  }

  private static void addTo(Set<String> rows, String module, Path file) throws IOException {
    String type = file.getFileName().toString().replace(".java", "");
    String source = Files.readString(file);
    Matcher mark = MARKED.matcher(source);
    int found = 0;
    while (mark.find()) {
      found++;
      String method = mark.group(2).equals("class") ? "*" : mark.group(3);
      Matcher clause = NAMED.matcher(mark.group(1));
      while (clause.find()) {
        rows.add(String.join(" | ", clause.group(1), module, type, method));
      }
    }
    long marks = Pattern.compile("@Clause\\(").matcher(source).results().count();
    assertThat(found).as("marks understood in " + file).isEqualTo((int) marks);
  }
}
