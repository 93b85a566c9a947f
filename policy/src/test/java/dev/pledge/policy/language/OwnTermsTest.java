package dev.pledge.policy.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.decision.Policy.From;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Policy.Retention;
import dev.pledge.policy.decision.Policy.Role;
import dev.pledge.policy.language.Checked.Sound;
import dev.pledge.policy.language.Mention.In;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.View;
import dev.pledge.policy.revision.Change;
import dev.pledge.policy.revision.Comparison;
import dev.pledge.policy.revision.Weight;
import java.nio.file.Path;
import java.time.Period;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

@Clause("VIII.1")
final class OwnTermsTest {
  private static final ProductId SHOP = new ProductId("shop");
  private static final String NOTICE = Cases.noticeOfOwnTerms();

  private static PolicySource source(String... terms) {
    String policy =
        Cases.smallPolicy()
            .replace("{ shop: {} }", "{ shop: { override: shop.yaml }, desk: {} }")
            .replace(
                "then: delete, minimum: P6M }",
                "then: delete, minimum: P6M }\n  - { of: [place], keep: P9D, from: closing, then: delete }");
    return PolicySource.of(
        policy, Map.of("en", NOTICE), Map.of(), Map.of("shop.yaml", String.join("\n", terms)));
  }

  private static Sound sound(PolicySource source) {
    Checked checked = PolicyCheck.check(source);
    assertThat(checked.problems()).isEmpty();
    return (Sound) checked;
  }

  private static Policy policy(String... terms) {
    return sound(source(terms)).policy();
  }

  private static Purpose purpose(Policy policy, String name) {
    return policy.purposes().stream()
        .filter(purpose -> purpose.id().value().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Set<String> words(Set<?> ids) {
    return ids.stream().map(Object::toString).collect(Collectors.toSet());
  }

  @Test
  void whatAProductDoesNotSayIsAsForAllOthers() {
    Policy policy = policy("pooling: with-authorisation");
    Policy shop = policy.forProduct(SHOP);

    assertThat(shop.pooling()).isEqualTo(Policy.Pooling.WITH_AUTHORISATION);
    assertThat(shop.purposes()).isEqualTo(policy.purposes());
    assertThat(shop.retention()).isEqualTo(policy.retention());
    assertThat(shop.version()).isEqualTo(policy.version());
    assertThat(policy.pooling()).isEqualTo(Policy.Pooling.NEVER);
    assertThat(policy.forProduct(new ProductId("desk"))).isSameAs(policy);
  }

  @Test
  void ofAPurposeOrRoleTheKeysItWritesCount() {
    Policy policy =
        policy(
            "purposes:",
            "  promotion: { view: masked }",
            "  authentication: { uses: [contact] }",
            "  gifts: { clause: II.I.2, basis: contract, uses: [contact.phone] }",
            "roles:",
            "  agent: { purposes: [authentication, rescue, gifts], sees: clear }");
    Policy shop = policy.forProduct(SHOP);

    assertThat(purpose(shop, "promotion").view()).isEqualTo(View.MASKED);
    assertThat(words(purpose(shop, "promotion").channels())).containsExactly("email");
    assertThat(words(purpose(shop, "authentication").uses()))
        .containsExactlyInAnyOrder("contact.email", "contact.phone");
    assertThat(words(purpose(shop, "gifts").uses())).containsExactly("contact.phone");
    assertThat(purpose(policy, "promotion").view()).isEqualTo(View.CLEAR);
    assertThat(policy.purposes()).noneMatch(purpose -> purpose.id().value().equals("gifts"));
    Role agent =
        shop.roles().stream().filter(r -> r.id().value().equals("agent")).findFirst().orElseThrow();
    assertThat(agent.sees()).isEqualTo(View.CLEAR);
    assertThat(words(agent.mayReveal())).containsExactly("contact.phone");
    assertThat(agent.undertaking()).isPresent();
  }

  @Test
  void aProductCanDoWithoutAPurpose() {
    Policy shop = policy("purposes: { promotion: none }").forProduct(SHOP);

    assertThat(words(purpose(shop, "promotion").products()))
        .containsExactlyInAnyOrder("general", "desk");
  }

  @Test
  void ofTheRetentionTheFieldsItNamesCount() {
    Policy shop =
        policy("retention:", "  - { of: [place], keep: P3D, from: collection, then: delete }")
            .forProduct(SHOP);

    FieldId place = FieldId.of("place.position");
    assertThat(shop.retention().stream().filter(kept -> kept.of().contains(place)))
        .containsExactly(
            new Retention(Set.of(place), Period.ofDays(3), From.COLLECTION, Optional.empty()));
    assertThat(shop.retention()).anyMatch(kept -> kept.of().contains(FieldId.of("log.access")));
  }

  @Test
  void whatOneProductUsesIsCollectedForSomething() {
    String policy =
        Cases.smallPolicy()
            .replace("{ shop: {} }", "{ shop: { override: shop.yaml } }")
            .replace("uses: [log, contact]", "uses: [log, contact.email]")
            .replace("uses: [contact, log]", "uses: [contact.email, log]")
            .replace("may-reveal: [contact.phone], ", "")
            .replace("fields: [contact]", "fields: [contact.email]");
    String terms = "purposes:\n  authentication: { uses: [log, contact] }\n";

    Checked checked =
        PolicyCheck.check(
            PolicySource.of(policy, Map.of("en", NOTICE), Map.of(), Map.of("shop.yaml", terms)));

    assertThat(checked.problems()).isEmpty();
  }

  @Test
  void whatIsWrittenOutIsThePolicyOfTheProduct() {
    PolicySource source =
        source(
            "purposes:",
            "  promotion: { view: masked }",
            "  maps: none",
            "retention:",
            "  - { of: [place], keep: P3D, from: collection, then: delete }");
    String text = WrittenOut.of(source, SHOP).orElseThrow();

    Policy again = sound(PolicySource.of(text, Map.of("en", Cases.smallNotice()))).policy();
    assertThat(again).isEqualTo(sound(source).policy().forProduct(SHOP));
    assertThat(text)
        .contains("view: masked  # shop.yaml:2", "products: [desk, general]  # shop.yaml:3");
  }

  @Test
  void theCalendarOfTheReferencePolicyIsWrittenOutWithWhereItDiffers() {
    PolicySource emeet = PolicySource.directory(Path.of("..", "policies", "emeet"));
    Policy policy = sound(emeet).policy();
    ProductId calendar = new ProductId("calendar");

    assertThat(WrittenOut.of(emeet, calendar).orElseThrow())
        .contains("keep: P3M, from: collection, then: delete }  # calendar.yaml:");
    assertThat(WrittenOut.of(emeet, new ProductId("meeting")).orElseThrow())
        .doesNotContain("calendar.yaml");
    assertThat(Comparison.ofProduct(policy, calendar))
        .extracting(Change::toString)
        .contains(
            "purpose `advertising`: gone",
            "purpose `improvement`: uses: - log.feature-use",
            "retention of `log.fault` from collection: keep: P6M -> P3M");
    assertThat(Comparison.ofProduct(policy, calendar))
        .noneMatch(change -> change.weight() == Weight.MATERIAL);
    assertThat(Comparison.ofProduct(policy, new ProductId("meeting"))).isEmpty();
  }

  @Test
  void whereAProductGoesFurtherIsMaterial() {
    Policy policy =
        policy("retention:", "  - { of: [place], keep: P60D, from: collection, then: delete }");

    assertThat(Comparison.ofProduct(policy, SHOP))
        .filteredOn(change -> change.weight() == Weight.MATERIAL)
        .extracting(Change::toString)
        .contains("retention of `place.position` from collection: keep: P30D -> P60D");
  }

  @Test
  void aClauseThatOneProductKeepsNeedsItsWords() {
    Checked checked =
        PolicyCheck.check(
            source(
                "purposes:",
                "  gifts: { clause: II.I.3, basis: contract, uses: [contact.phone] }",
                "roles:",
                "  backend: { purposes: [authentication, maps, promotion, gifts] }"));

    assertThat(checked.problems())
        .extracting(Problem::toString)
        .containsExactly(
            "notice.en.md:1:1: clause `II.I.3` has a rule but no passage; mark the heading of its"
                + " words with `{#II.I.3}`");
  }

  @Test
  void whoSpeaksOfTheClauseIsListedOnce() {
    Sound sound = sound(source("pooling: with-authorisation"));

    assertThat(sound.mentions().stream().filter(m -> m.in() == In.RULES).toList())
        .doesNotHaveDuplicates()
        .extracting(Mention::by)
        .contains("`override` of product `shop`");
  }

  @Test
  void anyFileOfTheDirectoryMayHoldTheTermsAndNoOther() {
    List<String> problems =
        Cases.problems(
            PolicyCheck.check(
                PolicySource.of(
                    Cases.smallPolicy().replace("shop: {}", "shop: { override: ../shop.yaml }"),
                    Map.of("en", NOTICE),
                    Map.of(),
                    Map.of("shop.yaml", "pooling: never"))));

    assertThat(problems)
        .contains(
            "policy.yaml:9:31: there is no file `../shop.yaml` for the terms of product `shop`;"
                + " did you mean `shop.yaml`?");
  }
}
