package dev.pledge.policy.language;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.code_intelligence.jazzer.Jazzer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever bytes it is given, the check answers: it throws nothing, ends within seconds, and gets
 * by with 256 MiB. Jazzer looks for bytes that prove the contrary, in a JVM of its own with no more
 * memory than that, for {@code -Dpledge.fuzz.seconds=N} each ({@value #USUAL} unless said). What it
 * has found belongs under {@code src/test/resources}, where it is tried first each time.
 */
@Timeout(value = 2, unit = TimeUnit.HOURS)
final class FuzzTest {
  private static final int USUAL = 3;
  private static final int SECONDS = Integer.getInteger("pledge.fuzz.seconds", USUAL);
  private static final long SEED = 20_261_122L;
  private static final Path RESULTS = Path.of("target", "fuzz");
  private static final Path FOUND = Path.of("src/test/resources/dev/pledge/policy/language/fuzz");
  private static final Path EMEET = Path.of("../policies/emeet");
  private static final Pattern QUOTED = Pattern.compile("`([^`\\n]{2,40})`");

  @ParameterizedTest
  @EnumSource
  void whatWasFoundOnceIsAnswered(FuzzTarget target) throws IOException {
    try (Stream<Path> inputs = Files.list(FOUND.resolve(name(target)))) {
      for (Path input : inputs.sorted().toList()) {
        byte[] bytes = Files.readAllBytes(input);
        assertThatCode(() -> target.run(bytes)).as("%s", input).doesNotThrowAnyException();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsFound(FuzzTarget target) throws IOException, InterruptedException {
    Path results = Files.createDirectories(RESULTS.resolve(name(target)));
    Path log = results.resolve("log");
    Process jazzer =
        new ProcessBuilder(command(target, results))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      int status = jazzer.waitFor();
      assertThat(status)
          .as("what %s was given is in %s%n%s", target, results, Files.readString(log))
          .isZero();
    } finally {
      jazzer.destroyForcibly();
    }
    assertThat(Files.readString(log)).containsPattern("Done [1-9]\\d* runs");
  }

  private static String name(FuzzTarget target) {
    return target.name().toLowerCase(Locale.ROOT);
  }

  private static List<String> command(FuzzTarget target, Path results) throws IOException {
    String classes = "dev.pledge.policy.**:org.snakeyaml.**";
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx256m",
        "-XX:+EnableDynamicAgentLoading",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-cp",
        System.getProperty("java.class.path"),
        Jazzer.class.getName(),
        "--target_class=" + target.entry().getName(),
        "--instrumentation_includes=" + classes,
        "--custom_hook_includes=" + classes,
        "--reproducer_path=" + results,
        "-seed=" + SEED,
        "-max_total_time=" + SECONDS,
        "-timeout=60",
        // What libFuzzer takes for its peak is that of whoever started it, too; the heap is
        // bounded.
        "-rss_limit_mb=0",
        "-print_final_stats=1",
        "-artifact_prefix=" + results + "/",
        "-dict=" + dictionary(results),
        Files.createDirectories(results.resolve("corpus")).toString(),
        seeds(target, results).toString(),
        FOUND.resolve(name(target)).toString());
  }

  /** What a policy may be written with: the words that its description quotes. */
  private static Path dictionary(Path results) throws IOException {
    TreeSet<String> words = new TreeSet<>();
    Matcher quoted = QUOTED.matcher(Files.readString(Path.of("../docs/policy-language.md")));
    while (quoted.find()) {
      if (UTF_8.newEncoder().canEncode(quoted.group(1)) && quoted.group(1).matches("[ -~]+")) {
        words.add('"' + quoted.group(1).replace("\\", "\\\\").replace("\"", "\\\"") + '"');
      }
    }
    return Files.write(results.resolve("dictionary"), words);
  }

  private static Path seeds(FuzzTarget target, Path results) throws IOException {
    List<String> texts =
        switch (target) {
          case CHECK, TREE -> policies();
          case OWN_TERMS -> ownTerms();
        };
    Path seeds = Files.createDirectories(results.resolve("seeds"));
    // A short run would spend all its time with reading them.
    int count = Math.min(texts.size(), SECONDS * 4);
    for (int i = 0; i < count; i++) {
      Files.writeString(seeds.resolve(String.valueOf(i)), texts.get(i));
    }
    return seeds;
  }

  /** Whole policies to begin with, each problem there is a case of, and spoilt ones. */
  private static List<String> policies() throws IOException {
    String reference =
        Files.readString(EMEET.resolve("policy.yaml")).replace("calendar.yaml", FuzzTarget.OWN);
    List<String> policies = new ArrayList<>();
    policies.add(reference);
    policies.add(Cases.smallPolicy());
    policies.add(Cases.smallPolicy() + '\0' + Cases.smallNotice());
    policies.add(
        String.join(
            "\0",
            reference,
            Files.readString(EMEET.resolve("notice.en.md")),
            Files.readString(EMEET.resolve("labels.en.yaml")),
            Files.readString(EMEET.resolve("calendar.yaml"))));
    Cases.all().stream().map(Cases.Case::policy).forEach(policies::add);
    Mutants mutants = new Mutants(SEED);
    List<String> lines = reference.lines().toList();
    for (int i = 0; i < 100; i++) {
      policies.add(mutants.of(lines));
    }
    return policies;
  }

  /** Terms that are sound, each problem of such there is a case of, and spoilt ones. */
  private static List<String> ownTerms() {
    String sound = Cases.smallTerms();
    List<String> terms = new ArrayList<>();
    terms.add(sound);
    Cases.all().stream().flatMap(each -> each.ownTerms().values().stream()).forEach(terms::add);
    Mutants mutants = new Mutants(SEED);
    List<String> lines = sound.lines().toList();
    for (int i = 0; i < 100; i++) {
      terms.add(mutants.of(lines));
    }
    return terms;
  }
}
