package dev.pledge.policy.decision;

import static dev.pledge.policy.decision.House.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.decision.Asker.Capacity;
import dev.pledge.policy.decision.SubjectState.Age;
import dev.pledge.policy.decision.SubjectState.Status;
import dev.pledge.policy.names.Clause;
import java.time.Period;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rule SELF: what opens to the person and to those who act for them. */
final class SelfTest {
  private static final String FIELD = "identity.id-number";

  @Test
  void whatIsHeldOpensToThePersonThemselves() {
    assertThat(answer(read(steppedUp(themselves()), null, FIELD, "log.line"), Person.member()))
        .containsExactly("clear", "clear");
  }

  @Test
  @Clause("II.II.5")
  void untilStepUpThePersonSeesMasks() {
    assertThat(answer(read(themselves(), null, FIELD), Person.member())).containsExactly("masked");
  }

  @Test
  void neitherAcceptanceNorChoicesNorAClosedAccountStandBetweenAPersonAndTheirData() {
    Person person =
        Person.stranger()
            .closed("meeting", "2026-11-01T00:00:00Z")
            .notAccepted()
            .withdraws("settings");
    assertThat(answer(read(themselves(), "settings", "device.language"), person))
        .containsExactly("masked");
  }

  @Test
  void neitherPoolingNorRetentionHideAValueFromThePersonItIsAbout() {
    Question question = read(themselves(), null, "log.line");
    assertThat(value(question, Person.member(), "notes", "2020-05-01T00:00:00Z"))
        .isEqualTo("masked");
  }

  @Test
  void restrictionAndDormancyLeaveRightsAlone() {
    Question question = read(themselves(), null, FIELD);
    assertThat(answer(question, Person.member().is(Status.RESTRICTED))).containsExactly("masked");
    Policies forgetful = policies(List.of(draft().dormancy(Period.ofYears(1)).build()));
    Person away = Person.stranger().lastUsed("meeting", "2020-01-01");
    assertThat(answer(forgetful, question, away)).containsExactly("masked");
  }

  @Test
  void nothingOpensToAnErasedPerson() {
    Person erased = Person.member().is(Status.ERASED);
    assertThat(answer(read(steppedUp(themselves()), null, FIELD), erased))
        .containsExactly("erased");
  }

  @Test
  void anUndeclaredFieldDoesNotExistForThePersonEither() {
    Question question = read(themselves(), null, "identity.shoe-size");
    for (Status status : Status.values()) {
      assertThat(answer(question, Person.member().is(status))).containsExactly("unknown-field");
    }
  }

  @Test
  void aRightIsToSeeNotToHandOn() {
    Question share = sharing(read(themselves(), "settings", "device.language"), "advertiser");
    assertThat(answer(share, Person.member())).containsExactly("unknown-recipient");
  }

  @Test
  void anAgentActsForThePerson() {
    assertThat(answer(read(right(Capacity.AGENT), null, FIELD), Person.member()))
        .containsExactly("masked");
  }

  @Test
  @Clause("VI.4")
  void aGuardianActsForAChildAndForNobodyElse() {
    Question question = read(right(Capacity.GUARDIAN), null, FIELD);
    assertThat(answer(question, Person.member().aged(Age.MINOR))).containsExactly("masked");
    assertThat(answer(question, Person.member().aged(Age.SENSITIVE_MINOR)))
        .containsExactly("masked");
    assertThat(answer(question, Person.member())).containsExactly("no-mandate");
    assertThat(answer(question, Person.member().aged(Age.UNKNOWN))).containsExactly("no-mandate");
  }

  @Test
  @Clause("V.1")
  void whatIsAboutSomebodyElseStaysClosed() {
    Question question = read(steppedUp(themselves()), null, "guardian.email", "contact.email");
    Person child = Person.member().aged(Age.MINOR);
    assertThat(answer(question, child)).containsExactly("about-another", "clear");
    for (Capacity capacity : List.of(Capacity.GUARDIAN, Capacity.AGENT)) {
      assertThat(answer(read(right(capacity), null, "guardian.email"), child))
          .containsExactly("about-another");
    }
  }

  @Test
  @Clause("V.1")
  void nobodyIsThePersonOnceTheyHaveDied() {
    Person dead = Person.member().aged(Age.MINOR).is(Status.DECEASED);
    for (Capacity capacity : List.of(Capacity.SUBJECT, Capacity.AGENT, Capacity.GUARDIAN)) {
      assertThat(answer(read(steppedUp(right(capacity)), null, FIELD), dead))
          .containsExactly("no-mandate");
    }
  }

  @Test
  void noGuardianIsAskedWhenAChildLooksAtWhatIsHeld() {
    assertThat(answer(read(themselves(), null, FIELD), Person.member().aged(Age.MINOR)))
        .containsExactly("masked");
  }

  @Test
  void anHeirActsForTheDead() {
    Question question = read(right(Capacity.HEIR), null, FIELD);
    assertThat(answer(question, Person.member().is(Status.DECEASED))).containsExactly("masked");
    assertThat(answer(question, Person.member())).containsExactly("no-mandate");
  }

  @Test
  void aRightOverAnUndeclaredProductOrPurposeIsNone() {
    assertThat(answer(read(themselves(), "profiling", FIELD), Person.member()))
        .containsExactly("unknown-purpose");
    assertThat(
            answer(
                Question.read(themselves(), "settings", "chess", List.of(FIELD)), Person.member()))
        .containsExactly("unknown-product");
  }

  @Test
  @Clause("V.1")
  void aPersonSeesTheirDataWhateverTheActorsRoles() {
    assertThat(answer(read(themselves(), null, "identity.name"), Person.member()))
        .containsExactly("masked");
    assertThat(
            answer(
                read(asker("session", Asker.Kind.SERVICE), null, "identity.name"), Person.member()))
        .containsExactly("unknown-purpose");
  }
}
