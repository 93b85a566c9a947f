package dev.pledge.policy.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.language.Checked.Sound;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Takes the reference policy, spoils it at random, and checks that whatever comes out is either
 * refused with a place or still a policy in which everything is connected.
 */
@Timeout(600)
final class MutationTest {
  private static final long SEED = 20_261_122L;
  private static final int MUTANTS = 2_400;
  private static final Path EMEET = Path.of("../policies/emeet");

  private final Mutants mutants = new Mutants(SEED);

  @Test
  void whateverAPolicyIsSpoiltToIsRefusedOrStillSound() throws IOException {
    List<String> lines = Files.readAllLines(EMEET.resolve("policy.yaml"));
    Map<String, String> notices =
        Map.of(
            "en", Files.readString(EMEET.resolve("notice.en.md")),
            "zh", Files.readString(EMEET.resolve("notice.zh.md")));
    Map<String, String> ownTerms = ShippedPoliciesTest.ownTerms(EMEET);
    int sound = 0;
    for (int i = 0; i < MUTANTS; i++) {
      Checked checked =
          PolicyCheck.check(PolicySource.of(mutants.of(lines), notices, Map.of(), ownTerms));
      Promises.hold(checked, "seed " + SEED + ", mutant " + i);
      sound += checked instanceof Sound ? 1 : 0;
    }
    assertThat(sound).as("some mutants are harmless").isBetween(1, MUTANTS / 2);
  }

  @Test
  void whateverTheTermsOfAProductAreSpoiltToIsRefusedOrStillSound() throws IOException {
    List<String> lines = Files.readAllLines(EMEET.resolve("calendar.yaml"));
    String policy = Files.readString(EMEET.resolve("policy.yaml"));
    Map<String, String> notices = ShippedPoliciesTest.notices(EMEET);
    int sound = 0;
    for (int i = 0; i < MUTANTS / 4; i++) {
      Map<String, String> ownTerms = Map.of("calendar.yaml", mutants.of(lines));
      Checked checked = PolicyCheck.check(PolicySource.of(policy, notices, Map.of(), ownTerms));
      Promises.hold(checked, "seed " + SEED + ", terms " + i);
      sound += checked instanceof Sound ? 1 : 0;
    }
    assertThat(sound).as("some mutants are harmless").isBetween(1, MUTANTS / 8);
  }

  @Test
  void whateverANoticeIsSpoiltToIsRefusedOrStillWhole() throws IOException {
    List<String> lines = Files.readAllLines(EMEET.resolve("notice.en.md"));
    String policy = Files.readString(EMEET.resolve("policy.yaml"));
    String chinese = Files.readString(EMEET.resolve("notice.zh.md"));
    for (int i = 0; i < MUTANTS / 6; i++) {
      Map<String, String> notices = Map.of("en", mutants.of(lines), "zh", chinese);
      Checked checked =
          PolicyCheck.check(
              PolicySource.of(policy, notices, Map.of(), ShippedPoliciesTest.ownTerms(EMEET)));
      Promises.hold(checked, "seed " + SEED + ", notice " + i);
      if (checked instanceof Sound sound) {
        assertThat(sound.notices().getFirst().passages()).hasSizeGreaterThanOrEqualTo(20);
      }
    }
  }
}
