package dev.pledge.policy.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.decision.Policy.Basis;
import dev.pledge.policy.document.PolicyDocument;
import dev.pledge.policy.language.Checked.Sound;
import dev.pledge.policy.names.ProductId;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Words that are no constants of an enum have words for people, too, before they can be shown. */
final class WordsForPeopleTest {

  private static String rendered(String policy, String language) {
    String inLanguage = policy.replace("languages: [en]", "languages: [" + language + "]");
    Sound sound =
        (Sound)
            PolicyCheck.check(PolicySource.of(inLanguage, Map.of(language, Cases.smallNotice())));
    return PolicyDocument.of(sound, language, new ProductId("general")).markdown();
  }

  private static final Map<Basis, String> RESCUE =
      Map.of(
          Basis.VITAL_INTEREST, "basis: vital-interest, ",
          Basis.LEGAL_OBLIGATION, "basis: legal-obligation, exception: { approver: legal }, ",
          Basis.PUBLIC_TASK, "basis: public-task, control: opt-out, ");

  /** A policy for each condition of the table of law. */
  private static Map<String, String> policiesBySensitiveCondition() {
    Map<String, String> policies = new TreeMap<>();
    for (String jurisdiction : Law.jurisdictions()) {
      RESCUE.forEach(
          (basis, words) ->
              Law.of(jurisdiction)
                  .ifPresent(
                      law ->
                          law.sensitiveBecause(basis)
                              .forEach(
                                  word ->
                                      policies.putIfAbsent(
                                          word, rescue(jurisdiction, basis, words, word)))));
    }
    return policies;
  }

  private static String rescue(String jurisdiction, Basis basis, String words, String condition) {
    String policy = Cases.smallPolicy().replace("[CN]", "[" + jurisdiction + "]");
    return basis == Basis.VITAL_INTEREST
        ? policy.replace("danger-to-life", condition)
        : policy
            .replace(
                "clause: II.I.7, basis: vital-interest, break-glass:"
                    + " { review-within: PT24H, reviewer: legal }, ",
                "clause: " + (basis == Basis.PUBLIC_TASK ? "II.I.2" : "II.I.7") + ", " + words)
            .replace("danger-to-life", condition);
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "zh"})
  void waysOfCollecting(String language) {
    Set<String> methods = CategoryReader.METHODS.words().keySet();
    String policy =
        Cases.smallPolicy()
            .replace("method: [form]", "method: [" + String.join(", ", methods) + "]");
    assertThat(rendered(policy, language)).doesNotContain(hyphened(methods));
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "zh"})
  void waysOfReachingPeople(String language) {
    Set<String> channels = PurposeReader.CHANNELS.words().keySet();
    String policy =
        Cases.smallPolicy()
            .replace("notify: [push]", "notify: [" + String.join(", ", channels) + "]")
            .replace("      phone: {", "      address: { type: postal-address }\n      phone: {");
    assertThat(rendered(policy, language)).doesNotContain("sms");
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "zh"})
  void whySensitiveDataNeedsNoConsent(String language) {
    Map<String, String> policies = policiesBySensitiveCondition();
    assertThat(policies).hasSizeGreaterThan(3);
    policies.forEach((word, policy) -> assertThat(rendered(policy, language)).doesNotContain(word));
  }

  private static CharSequence[] hyphened(Set<String> words) {
    return words.stream().filter(word -> word.contains("-")).toArray(CharSequence[]::new);
  }
}
