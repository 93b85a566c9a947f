package dev.pledge.policy.decision;

import static dev.pledge.policy.decision.House.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.names.Clause;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rule CONDITIONS: what must hold while data is collected. */
final class ConditionsTest {
  @Test
  @Clause("I.3")
  void locationNeedsBothConditions() {
    assertThat(answer(locating(LOCATED), Person.member())).containsExactly("clear");
    assertThat(answer(locating(Set.of(LOCATION_ON)), Person.member()))
        .containsExactly("condition-missing");
    assertThat(answer(locating(Set.of(LOCATION_IN_USE)), Person.member()))
        .containsExactly("condition-missing");
    assertThat(answer(locating(Set.of()), Person.member())).containsExactly("condition-missing");
    assertThat(clause(locating(Set.of()), Person.member())).isEqualTo("I.3");
  }

  @Test
  @Clause("I.3")
  void conditionsAreNamesNotLookAlikes() {
    assertThat(answer(locating(Set.of("Device-Location-On", LOCATION_IN_USE)), Person.member()))
        .containsExactly("condition-missing");
  }

  @Test
  @Clause("I.0")
  void aThirdPartySuppliesOnlyWhatItsAgreementNames() {
    assertThat(answer(fromRegistry("identity.name", "contact.email"), Person.member()))
        .containsExactly("clear", "no-agreement");
    assertThat(clause(fromRegistry("contact.email"), Person.member())).isEqualTo("I.0");
  }

  @Test
  @Clause("I.0")
  void anAgreementCountsFromItsFirstDayToTheLastSecondBeforeItsEnd() {
    Question question = fromRegistry("identity.name");
    assertThat(answer(question, Person.member().at("2025-12-31T23:59:59.999999Z")))
        .containsExactly("no-agreement");
    assertThat(answer(question, Person.member().at("2026-01-01T00:00:00Z")))
        .containsExactly("clear");
    assertThat(answer(question, Person.member().at("2026-12-31T23:59:59.999999Z")))
        .containsExactly("clear");
    assertThat(answer(question, Person.member().at("2027-01-01T00:00:00Z")))
        .containsExactly("no-agreement");
  }

  @Test
  @Clause({"0.1", "I.0"})
  void anAgreementThatIsRenewedCountsUnderTheEarlierVersionToo() {
    Person person = Person.member().at("2027-01-02T00:00:00Z");
    Question question = fromRegistry("identity.name");
    LocalDate from = LocalDate.of(2027, 1, 1);
    assertThat(answer(revised(from, from.plusYears(1), "identity.name"), question, person))
        .containsExactly("clear");
    assertThat(answer(revised(from, from.plusDays(1), "identity.name"), question, person))
        .containsExactly("no-agreement");
    assertThat(answer(revised(from, from.plusYears(1), "identity"), question, person))
        .containsExactly("not-accepted");
  }

  private static Policies revised(LocalDate from, LocalDate until, String fields) {
    Policy after =
        draft()
            .source("registry", from, until, fields)
            .version("2", LocalDate.of(2026, 12, 20))
            .build();
    return policies(List.of(draft().build(), after));
  }

  private static Question locating(Set<String> conditions) {
    return Question.collect(
        backend(), "meeting", CompiledPolicy.PRODUCT_USE, conditions, List.of("location.position"));
  }

  private static Question fromRegistry(String... fields) {
    return Question.collect(backend(), "meeting", "registry", Set.of(), List.of(fields));
  }

  @Test
  void noClockIsTooFarOffToDecideBy() {
    assertThat(answer(fromRegistry("identity.name"), Person.member().at(Instant.MAX)))
        .containsExactly("no-agreement");
  }
}
