package dev.pledge.policy.decision;

import static dev.pledge.policy.decision.House.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.ProductId;
import java.time.Instant;
import java.time.Period;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Rule RETENTION: a value past its time is as if not there, however late the job that deletes it.
 */
final class RetentionTest {
  private static final Question LOG = read(backend(), "security", "log.line");
  private static final Question EMAIL = read(backend(), "archive", "contact.email");
  private static final Question NAME = read(investigator(), "court-order", "identity.name");

  @Test
  @Clause("IV.1")
  void aValueIsGoneTheSecondItsTimeIsUp() {
    String collectedAt = "2026-05-22T10:00:00Z"; // six months before now
    assertThat(
            value(LOG, Person.member().at("2026-11-22T09:59:59.999999Z"), "meeting", collectedAt))
        .isEqualTo("clear");
    assertThat(value(LOG, Person.member().at("2026-11-22T10:00:00Z"), "meeting", collectedAt))
        .isEqualTo("expired");
    assertThat(value(LOG, Person.member().at("2030-01-01T00:00:00Z"), "meeting", collectedAt))
        .isEqualTo("expired");
  }

  @Test
  @Clause("IV.1")
  void monthsAreThoseOfTheCalendarInUtc() {
    String collectedAt = "2026-08-31T12:00:00Z"; // February has no 31st
    assertThat(value(LOG, Person.member().at("2027-02-28T11:59:59Z"), "meeting", collectedAt))
        .isEqualTo("clear");
    assertThat(value(LOG, Person.member().at("2027-02-28T12:00:00Z"), "meeting", collectedAt))
        .isEqualTo("expired");
  }

  @Test
  @Clause("II.II.3")
  void afterClosingDataIsKeptForTheStatedTermAlone() {
    Person person = Person.stranger().closed("meeting", "2026-11-01T00:00:00Z");
    assertThat(
            value(
                NAME.under(order("identity.name")),
                person.at("2026-11-15T23:59:59Z"),
                "meeting",
                "2025-01-01T00:00:00Z"))
        .isEqualTo("masked");
    assertThat(
            value(
                NAME.under(order("identity.name")),
                person.at("2026-11-16T00:00:00Z"),
                "meeting",
                "2025-01-01T00:00:00Z"))
        .isEqualTo("expired");
  }

  @Test
  @Clause("II.II.3")
  void accountWideDataGoesWithTheLastProduct() {
    Person oneLeft = Person.stranger().closed("notes", "2026-01-01T00:00:00Z").joined("meeting");
    assertThat(value(EMAIL, oneLeft, "notes", "2025-01-01T00:00:00Z")).isEqualTo("clear");
    Person noneLeft =
        Person.stranger()
            .closed("notes", "2026-01-01T00:00:00Z")
            .closed("meeting", "2026-11-10T00:00:00Z");
    assertThat(value(EMAIL, noneLeft, "notes", "2025-01-01T00:00:00Z")).isEqualTo("clear");
    assertThat(value(EMAIL, noneLeft.at("2026-11-25T00:00:00Z"), "notes", "2025-01-01T00:00:00Z"))
        .isEqualTo("expired");
  }

  @Test
  @Clause({"IV.1", "II.II.3"})
  void whatTheLawStoredForAProductNeverUsedGoesWithTheLastAccount() {
    Policies policies =
        policies(
            List.of(
                draft()
                    .purpose("archive", p -> p.uses("device"))
                    .withoutRetention()
                    .keep(Period.ofDays(15), Policy.From.CLOSING, "device")
                    .build()));
    Question question = read(backend(), "archive", "device.model");
    Instant collected = Instant.parse("1990-01-01T00:00:00Z");
    Person left = Person.stranger().closed("meeting", "2026-11-01T00:00:00Z");
    assertThat(archived(policies, question, Person.member(), collected)).isEqualTo("clear");
    assertThat(archived(policies, question, left.at("2026-11-15T23:59:59Z"), collected))
        .isEqualTo("clear");
    assertThat(archived(policies, question, left.at("2026-11-16T00:00:00Z"), collected))
        .isEqualTo("expired");
  }

  /** What becomes of a value that the product `notes` holds. */
  private static String archived(
      Policies policies, Question question, Person person, Instant collected) {
    return Outcome.ofValue(policies.decide(question, person.state()), "notes", collected);
  }

  @Test
  @Clause({"IV.1", "0.1"})
  void whoNeverAcceptsIsForgottenAfterAWhile() {
    Policies policies =
        policies(
            List.of(draft().keep(Period.ofDays(30), Policy.From.UNACCEPTED, "contact").build()));
    Question question = read(backend(), "authentication", "contact.email");
    Instant collected = Instant.parse("2026-10-23T10:00:00Z"); // thirty days before now
    Person waiting = Person.member().notAccepted();
    assertThat(email(policies, question, waiting, collected.plusSeconds(1))).isEqualTo("clear");
    assertThat(email(policies, question, waiting, collected)).isEqualTo("expired");
    assertThat(email(policies, question, Person.member(), collected)).isEqualTo("clear");
  }

  private static String email(
      Policies policies, Question question, Person person, Instant collected) {
    return Outcome.ofValue(policies.decide(question, person.state()), "meeting", collected);
  }

  @Test
  void whoeverKeepsValuesCanAskWhetherOneIsStillKept() {
    CompiledPolicy policy = policies().versions().getFirst();
    ProductId meeting = new ProductId("meeting");
    Instant recent = Instant.parse("2026-11-01T00:00:00Z");
    SubjectState open = Person.member().state();
    SubjectState left = Person.stranger().closed("meeting", "2026-11-01T00:00:00Z").state();
    assertThat(policy.isKept(FieldId.of("log.line"), meeting, recent, open)).isTrue();
    assertThat(policy.isKept(FieldId.of("log.line"), meeting, recent, left)).isTrue();
    assertThat(policy.isKept(FieldId.of("identity.name"), meeting, recent, open)).isTrue();
    assertThat(policy.isKept(FieldId.of("identity.name"), meeting, recent, left)).isFalse();
    assertThat(policy.isKept(FieldId.of("identity.shoe-size"), meeting, recent, open)).isFalse();
  }

  @Test
  @Clause("IV.1")
  void ofSeveralTermsTheEarliestEndCounts() {
    Policies policies =
        policies(List.of(draft().keep(Period.ofDays(7), Policy.From.COLLECTION, "log").build()));
    Decision decision = policies.decide(LOG, Person.member().state());
    assertThat(Outcome.ofValue(decision, "meeting", Instant.parse("2026-11-15T10:00:00Z")))
        .isEqualTo("expired");
    assertThat(Outcome.ofValue(decision, "meeting", Instant.parse("2026-11-15T10:00:01Z")))
        .isEqualTo("clear");
  }

  @Test
  @Clause("IV.1")
  void aTimeBeyondTheCalendarIsNotKept() {
    Decision decision = policies().decide(LOG, Person.member().state());
    for (Instant collectedAt : List.of(Instant.MIN, Instant.MAX)) {
      assertThat(Outcome.ofValue(decision, "meeting", collectedAt)).isEqualTo("expired");
    }
  }
}
