package dev.pledge.policy.decision;

import static dev.pledge.policy.decision.House.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.names.Clause;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rule DECLARED: what the policy does not declare does not exist. */
final class DeclaredTest {
  @Test
  @Clause({"II.II.1", "II.I.8"})
  void withoutADeclaredPurposeThereIsNoData() {
    for (String purpose : new String[] {null, "", "profiling", "SETTINGS"}) {
      assertThat(answer(read(backend(), purpose, "device.language"), Person.member()))
          .containsExactly("unknown-purpose");
    }
  }

  @Test
  @Clause("I.5")
  void anUndeclaredFieldIsNeitherStoredNorRead() {
    Person person = Person.member();
    assertThat(answer(read(backend(), "settings", "identity.shoe-size"), person))
        .containsExactly("unknown-field");
    assertThat(answer(collect(backend(), "identity.shoe-size", "identity.name"), person))
        .containsExactly("unknown-field", "clear");
    assertThat(clause(collect(backend(), "identity.shoe-size"), person)).isEqualTo("I.5");
  }

  @Test
  @Clause({"I.2", "I.4"})
  void whatADeviceAndALogMayHoldIsListed() {
    Question question =
        Question.collect(
            backend(),
            "meeting",
            CompiledPolicy.PRODUCT_USE,
            Set.of(),
            List.of("device.model", "log.line", "device.contacts", "log.keystrokes"));
    assertThat(answer(question, Person.member()))
        .containsExactly("clear", "clear", "unknown-field", "unknown-field");
  }

  @Test
  void anUndeclaredNameIsNeverRepeated() {
    Decision decision =
        policies().decide(collect(backend(), "identity.shoe-size"), Person.member().state());
    assertThat(decision.field(0)).isNull();
  }

  @Test
  @Clause("II.II.1")
  void anUndeclaredProductHasNoData() {
    Question question = Question.read(backend(), "settings", "chess", List.of("device.language"));
    assertThat(answer(question, Person.member())).containsExactly("unknown-product");
  }

  @Test
  @Clause("I.0")
  void aSourceIsThePersonTheUseOfTheProductOrANamedThirdParty() {
    Person person = Person.member();
    for (String source : new String[] {"person", "product-use", "registry"}) {
      assertThat(answer(from(source, "identity.name"), person)).containsExactly("clear");
    }
    for (String source : new String[] {null, "", "data-broker"}) {
      assertThat(answer(from(source, "identity.name"), person)).containsExactly("unknown-source");
    }
  }

  @Test
  void aPurposeOfOtherProductsIsNone() {
    Question question = Question.read(analyst(), "improvement", "general", List.of("log.line"));
    assertThat(answer(question, Person.member().grants("improvement")))
        .containsExactly("purpose-not-in-product");
  }

  @Test
  @Clause("II.I.5")
  void aPurposeWithChannelsNamesOneOfThem() {
    Question question = read(backend(), "promotion", "contact.email");
    assertThat(answer(question, Person.member())).containsExactly("unknown-channel");
    assertThat(answer(question.over("pigeon"), Person.member())).containsExactly("unknown-channel");
    assertThat(answer(question.over("email"), Person.member())).containsExactly("clear");
  }

  @Test
  void aPurposeWithoutChannelsReachesNobodyOverOne() {
    Question question = read(backend(), "settings", "device.language");
    assertThat(answer(question.over("email"), Person.member())).containsExactly("unknown-channel");
  }

  @Test
  void aHostileChannelIsOnlyUnknown() {
    Question question = read(backend(), "settings", "device.language");
    assertThat(answer(question.over("a-".repeat(100_000) + "a"), Person.member()))
        .containsExactly("unknown-channel");
  }

  @Test
  void nothingIsSharedWithoutARecipient() {
    Question question = sharing(read(backend(), "settings", "device.language"), "advertiser");
    assertThat(answer(question, Person.member())).containsExactly("unknown-recipient");
  }

  @Test
  void anUndeclaredRoleServesNothing() {
    Asker stranger = asker("zoe", Asker.Kind.STAFF, "root");
    assertThat(answer(read(stranger, "settings", "device.language"), Person.member()))
        .containsExactly("no-role");
  }

  private static Question from(String source, String field) {
    return Question.collect(backend(), "meeting", source, Set.of(), List.of(field));
  }

  @Test
  @Clause("I.5")
  void thatAFieldIsUndeclaredIsSaidBeforeWhoAsks() {
    assertThat(
            answer(
                read(analyst(), "settings", "identity.shoe-size", "device.language"),
                Person.member()))
        .containsExactly("unknown-field", "no-role");
    assertThat(answer(read(analyst(), "profiling", "identity.shoe-size"), Person.member()))
        .containsExactly("unknown-purpose");
  }
}
