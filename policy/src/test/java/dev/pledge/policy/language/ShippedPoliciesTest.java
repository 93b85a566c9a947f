package dev.pledge.policy.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.decision.Policy.Basis;
import dev.pledge.policy.decision.Policy.Nature;
import dev.pledge.policy.decision.Policy.UnknownAge;
import dev.pledge.policy.language.Checked.Sound;
import dev.pledge.policy.names.Clause;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The policies that come with Pledge, as examples to copy. */
final class ShippedPoliciesTest {
  static final Path ALL = Path.of("../policies");
  private static final int SHORT = 200;

  static List<Path> directories() throws IOException {
    try (Stream<Path> directories = Files.list(ALL)) {
      return directories.filter(Files::isDirectory).sorted().toList();
    }
  }

  /** The notice of each language. */
  static Map<String, String> notices(Path directory) throws IOException {
    Map<String, String> notices = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "notice.*.md")) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        notices.put(name.split("\\.", -1)[1], Files.readString(file));
      }
    }
    return notices;
  }

  /** The files with the terms of single products, by name. */
  static Map<String, String> ownTerms(Path directory) throws IOException {
    Map<String, String> ownTerms = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.yaml")) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (!name.equals("policy.yaml") && !name.startsWith("labels.")) {
          ownTerms.put(name, Files.readString(file));
        }
      }
    }
    return ownTerms;
  }

  private static Policy policy(String name) {
    return ((Sound) PolicyCheck.check(PolicySource.directory(ALL.resolve(name)))).policy();
  }

  @ParameterizedTest
  @MethodSource("directories")
  void everyPolicyIsSoundWithoutAWarningAndHasLabelsAndAReadme(Path directory) {
    Checked checked = PolicyCheck.check(PolicySource.directory(directory));

    assertThat(checked.problems()).isEmpty();
    assertThat(((Sound) checked).labels())
        .allSatisfy(labels -> assertThat(labels.language()).isNotEmpty());
    assertThat(((Sound) checked).policy().version().policy())
        .isEqualTo(directory.getFileName().toString());
    assertThat(directory.resolve("README.md")).exists();
  }

  @ParameterizedTest
  @MethodSource("directories")
  void anExampleIsShort(Path directory) throws IOException {
    if (!directory.endsWith("emeet")) {
      assertThat(Files.readAllLines(directory.resolve("policy.yaml"))).hasSizeLessThan(SHORT);
    }
  }

  @Test
  void theWebShopAsksBeforeItCountsOrWrites() {
    Policy shop = policy("web-shop");

    assertThat(shop.jurisdictions()).containsExactly("EU");
    assertThat(shop.purposes())
        .filteredOn(purpose -> purpose.basis() == Basis.CONSENT)
        .extracting(purpose -> purpose.id().value())
        .containsExactly("statistics", "newsletter");
  }

  @Test
  @Clause("VI.1")
  void theLearningAppTakesEveryoneForAChildAndPromotesNothing() {
    Policy app = policy("learning-app");

    assertThat(app.jurisdictions()).containsExactly("US", "EU");
    assertThat(app.minors().unknownAge()).isEqualTo(UnknownAge.MINOR);
    assertThat(app.minors().under().byJurisdiction()).isEqualTo(Map.of("US", 13, "EU", 16));
    assertThat(app.minors().in("US").under()).isEqualTo(13);
    assertThat(app.minors().in("DE").under()).isEqualTo(16);
    assertThat(app.minors().in(null).under()).isEqualTo(16);
    assertThat(app.purposes()).noneMatch(purpose -> purpose.nature() == Nature.PROMOTION);
  }
}
