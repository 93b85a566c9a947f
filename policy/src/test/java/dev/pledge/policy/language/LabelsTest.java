package dev.pledge.policy.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.language.Checked.Sound;
import dev.pledge.policy.names.CategoryId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.PurposeId;
import dev.pledge.policy.names.RoleId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Names have labels in every language of the policy, or in none. */
final class LabelsTest {
  private static final String WHOLE =
      """
      products: { general: all of it, shop: our shop }
      data:
        contact: Reaching you
        contact.email: your address
        contact.phone: your number
        place: Where you are
        place.position: your position
        log: Our records
        log.access: what you looked at
      purposes:
        authentication: signing in
        maps: maps
        promotion: offers
        court-order: an order
        rescue: saving you
      roles: { backend: programs, agent: helpers, legal: lawyers, auditor: auditors }
      sources: { partner: our partner }
      conditions: { device-location-on: location is on }
      undertakings: { confidentiality: a promise }
      recipients: { cloud: our cloud, messages: our messengers, court: courts }
      companies: { clouds: the cloud company, village: the village }
      """;

  private static Checked check(Map<String, String> labels) {
    return check("zh", labels);
  }

  private static Checked check(String second, Map<String, String> labels) {
    List<String> languages = List.of("en", second);
    String policy = Cases.smallPolicy().replace("languages: [en]", "languages: " + languages);
    return PolicyCheck.check(
        PolicySource.of(
            policy, Map.of("en", Cases.smallNotice(), second, Cases.smallNotice()), labels));
  }

  private static List<String> problems(String english) {
    return check(Map.of("en", english, "zh", WHOLE)).problems().stream()
        .map(Problem::toString)
        .toList();
  }

  @Test
  void namesAreCalledByTheirLabels() {
    Labels labels = ((Sound) check(Map.of("en", WHOLE, "zh", WHOLE))).labels().getLast();

    assertThat(labels.language()).isEqualTo("zh");
    assertThat(labels.of(FieldId.of("contact.email"))).isEqualTo("your address");
    assertThat(labels.of(new CategoryId("place"))).isEqualTo("Where you are");
    assertThat(labels.of(new PurposeId("rescue"))).isEqualTo("saving you");
    assertThat(labels.of(new RoleId("legal"))).isEqualTo("lawyers");
  }

  @Test
  void withoutLabelsNamesStandForThemselves() {
    Sound sound = (Sound) Cases.check(Cases.smallPolicy());

    assertThat(sound.problems()).isEmpty();
    assertThat(sound.labels()).containsExactly(Labels.none());
    assertThat(Labels.none().of(FieldId.of("device.operating-system")))
        .isEqualTo("operating system");
    assertThat(Labels.none().of(new PurposeId("court-order"))).isEqualTo("court order");
  }

  @Test
  void namesThatPeopleReadInAnotherLanguageAreWarnedOf() {
    assertThat(check(Map.of()).problems())
        .extracting(Problem::toString)
        .containsExactly(
            "policy.yaml:8:17: warning: people read the names of the rules in English in language"
                + " `zh`; write `labels.zh.yaml` beside the policy");
  }

  @Test
  void aLanguageWithoutWordsForTheTablesIsWarnedOf() {
    assertThat(check("de", Map.of("en", WHOLE, "de", WHOLE)).problems()).isEmpty();
    assertThat(check("fr", Map.of("en", WHOLE, "fr", WHOLE)).problems())
        .extracting(Problem::toString)
        .containsExactly(
            "policy.yaml:8:17: warning: people read the tables behind the notice in English in"
                + " language `fr`; there are words for them in `en`, `zh`, `de`");
  }

  @Test
  void aLanguageWithoutLabelsBesideOneWithIsRefused() {
    assertThat(check(Map.of("en", WHOLE)).problems())
        .extracting(Problem::toString)
        .containsExactly(
            "policy.yaml:8:17: names have labels in another language and not in `zh`; write"
                + " `labels.zh.yaml` beside the policy");
  }

  @Test
  void aNameWithoutALabelIsRefused() {
    assertThat(problems(WHOLE.replace("  rescue: saving you\n", "").replace("roles:", "#")))
        .containsExactly(
            "labels.en.yaml:1:1: `agent` has no label in language `en`; add `agent: …` under"
                + " `roles`",
            "labels.en.yaml:1:1: `auditor` has no label in language `en`; add `auditor: …` under"
                + " `roles`",
            "labels.en.yaml:1:1: `backend` has no label in language `en`; add `backend: …` under"
                + " `roles`",
            "labels.en.yaml:1:1: `legal` has no label in language `en`; add `legal: …` under"
                + " `roles`",
            "labels.en.yaml:10:1: `rescue` has no label in language `en`; add `rescue: …` under"
                + " `purposes`");
  }

  @Test
  void twoThingsCalledAlikeAreRefused() {
    assertThat(problems(WHOLE.replace("  promotion: offers", "  promotion: Signing in")))
        .containsExactly(
            "labels.en.yaml:13:3: `promotion` has the same label as `authentication`; give each"
                + " words of its own");
    assertThat(problems(WHOLE.replace("your number", "your address"))).isEmpty();
  }

  @Test
  void aLabelForNothingIsRefused() {
    assertThat(problems(WHOLE.replace("  maps: maps", "  mapps: maps")))
        .containsExactly(
            "labels.en.yaml:12:3: unknown name `mapps` in `purposes` of the labels; did you mean"
                + " `maps`?");
    assertThat(problems(WHOLE + "colours: { red: red }\n"))
        .containsExactly(
            "labels.en.yaml:22:1: unknown key `colours` in the labels; use one of `companies`,"
                + " `conditions`, `data`, `products`, `purposes`, `recipients`, `roles`, `sources`,"
                + " `undertakings`");
  }

  @Test
  void aLabelIsOneShortLine() {
    assertThat(problems(WHOLE.replace("lawyers", "l".repeat(121))))
        .containsExactly(
            "labels.en.yaml:16:52: the label of `legal` is too long; write one line of at most 120"
                + " characters");
    assertThat(problems(WHOLE.replace("{ partner: our partner }", "our partner")))
        .contains(
            "labels.en.yaml:17:10: `sources` of the labels must be a mapping of keys to values;"
                + " write `key: value` lines under it, or `{}` where nothing needs to be said");
    assertThat(problems(""))
        .contains("labels.en.yaml:1:1: the file is empty; write `key: value` lines");
  }

  @Test
  void labelsInALanguageThePolicyDoesNotNameAreRefused() {
    assertThat(check(Map.of("en", WHOLE, "zh", WHOLE, "de", WHOLE)).problems())
        .extracting(Problem::toString)
        .containsExactly(
            "labels.de.yaml:1:1: language `de` is not one of the policy's; add it to `languages`,"
                + " or remove the file");
  }
}
