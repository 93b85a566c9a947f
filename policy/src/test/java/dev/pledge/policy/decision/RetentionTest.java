package dev.pledge.policy.decision;

import static dev.pledge.policy.decision.House.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.ProductId;
import java.time.Instant;
import java.time.LocalDate;
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
  void theTermFromTheLastUseIsOverWithItsLastDay() {
    Policies policies = keeping(Period.ofMonths(1), Policy.From.LAST_USE, "log");
    Person person = Person.stranger().lastUsed("meeting", "2026-01-30");
    Instant collected = Instant.parse("2026-01-30T23:30:00Z");
    assertThat(ofLog(policies, person.at("2026-02-28T23:59:59Z"), collected)).isEqualTo("clear");
    assertThat(ofLog(policies, person.at("2026-03-01T00:00:00Z"), collected)).isEqualTo("expired");
    assertThat(ofLog(policies, person.lastUsed("meeting", "2026-02-01"), collected))
        .isEqualTo("clear");
  }

  @Test
  @Clause("IV.1")
  void whatCameAfterTheLastUseIsKeptFromItsCollection() {
    Policies policies = keeping(Period.ofMonths(1), Policy.From.LAST_USE, "log");
    Person person = Person.stranger().lastUsed("meeting", "2020-01-01");
    Instant collected = Instant.parse("2026-10-22T10:00:00Z"); // a month before now
    assertThat(ofLog(policies, person, collected.plusSeconds(1))).isEqualTo("clear");
    assertThat(ofLog(policies, person, collected)).isEqualTo("expired");
  }

  @Test
  @Clause("IV.1")
  void accountWideDataIsKeptFromTheLastUseOfAnyProduct() {
    Policies policies = keeping(Period.ofMonths(1), Policy.From.LAST_USE, "contact", "device");
    Person person =
        Person.stranger().lastUsed("meeting", "2026-11-20").lastUsed("notes", "2026-01-01");
    Instant collected = Instant.parse("2025-01-01T00:00:00Z");
    Decision email = policies.decide(EMAIL, person.state());
    assertThat(Outcome.ofValue(email, "notes", collected)).isEqualTo("clear");
    Decision device =
        policies.decide(read(backend(), "customer-service", "device.model"), person.state());
    assertThat(Outcome.ofValue(device, "meeting", collected)).isEqualTo("clear");
    Decision notes =
        policies.decide(
            Question.read(backend(), "customer-service", "notes", List.of("device.model")),
            person.state());
    assertThat(Outcome.ofValue(notes, "notes", collected)).isEqualTo("expired");
  }

  @Test
  @Clause("IV.1")
  void theTermFromTheEndOfAPurposeBeginsWithTheRefusalOfTheLastOne() {
    Person person =
        Person.member()
            .grants("improvement")
            .grants("partner-promotion", "meeting", "email")
            .grants("partner-promotion", "meeting", "sms");
    assertThat(model(person, "2026-11-22T10:00:00Z")).isEqualTo("masked");
    person.at("2026-11-10T10:00:00Z").withdraws("partner-promotion", "meeting", "email");
    person.at("2026-11-11T10:00:00Z").withdraws("improvement");
    assertThat(model(person, "2027-11-22T10:00:00Z")).as("one channel is left").isEqualTo("masked");
    person.at("2026-11-12T10:00:00Z").withdraws("partner-promotion", "meeting", "sms");
    assertThat(model(person, "2026-11-22T09:59:59Z")).isEqualTo("masked");
    assertThat(model(person, "2026-11-22T10:00:00Z")).isEqualTo("expired");
    person.withdraws("improvement").withdraws("partner-promotion");
    assertThat(model(person, "2026-11-22T10:00:00Z"))
        .as("a refusal repeated is as old as the first")
        .isEqualTo("expired");
    assertThat(model(Person.member().withdraws("improvement"), "2026-11-22T10:00:00Z"))
        .as("what nobody agreed to never began")
        .isEqualTo("expired");
    person.grants("improvement");
    assertThat(model(person, "2026-11-22T10:00:00Z")).isEqualTo("masked");
  }

  /** What an order opens of a field that serves two consents and is kept ten days without them. */
  private static String model(Person person, String now) {
    Policies policies =
        policies(
            List.of(
                draft()
                    .purpose("customer-service", p -> p.uses("contact"))
                    .purpose("security", p -> p.uses("log"))
                    .purpose("certification", p -> p.uses("log"))
                    .purpose("improvement", p -> p.uses("device.model"))
                    .purpose("partner-promotion", p -> p.uses("device.model"))
                    .purpose("court-order", p -> p.uses("device.model"))
                    .withoutRetention()
                    .keep(Period.ofDays(10), Policy.From.END_OF_PURPOSE, "device")
                    .build()));
    Question question =
        read(investigator(), "court-order", "device.model").under(order("device.model"));
    return Outcome.ofValue(
        policies.decide(question, person.at(now).state()),
        "meeting",
        Instant.parse("2026-01-01T00:00:00Z"));
  }

  @Test
  @Clause({"IV.1", "II.II.3"})
  void otherPurposesEndWithTheAccount() {
    Policies policies = keeping(Period.ofDays(10), Policy.From.END_OF_PURPOSE, "identity", "log");
    Question name = NAME.under(order("identity.name"));
    Instant collected = Instant.parse("2026-01-01T00:00:00Z");
    Person open = Person.member().withdraws("improvement");
    Person closed = Person.stranger().closed("meeting", "2026-11-12T10:00:00Z");
    Person closing = Person.stranger().closed("meeting", "2026-11-12T10:00:01Z");
    assertThat(Outcome.ofValue(policies.decide(name, open.state()), "meeting", collected))
        .isEqualTo("masked");
    assertThat(Outcome.ofValue(policies.decide(name, closing.state()), "meeting", collected))
        .isEqualTo("masked");
    assertThat(Outcome.ofValue(policies.decide(name, closed.state()), "meeting", collected))
        .isEqualTo("expired");
    Question archive = read(backend(), "archive", "log.line");
    assertThat(Outcome.ofValue(policies.decide(archive, closed.state()), "meeting", collected))
        .as("the law orders to store it")
        .isEqualTo("clear");
  }

  private static Policies keeping(Period keep, Policy.From from, String... of) {
    return policies(List.of(draft().withoutRetention().keep(keep, from, of).build()));
  }

  private static String ofLog(Policies policies, Person person, Instant collected) {
    return Outcome.ofValue(policies.decide(LOG, person.state()), "meeting", collected);
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

  // ------------------------------------------------------------------------------------ versions

  private static final String IN_JULY = "2026-07-01T10:00:00Z";

  /** Half a year from April 2020 on; so many days from September 2026 on. */
  private static Policies revised(int days) {
    return policies(
        List.of(
            draft().build(),
            draft()
                .version("2", LocalDate.of(2026, 9, 1))
                .withoutRetention()
                .keep(Period.ofDays(days), Policy.From.COLLECTION, "log")
                .build()));
  }

  private static String ofLog(Policies policies, Person person, String collected) {
    return ofLog(policies, person, Instant.parse(collected));
  }

  @Test
  @Clause({"II.II.3", "IV.1"})
  void aShorterTermHoldsForWhatIsStoredAlready() {
    Policies shorter = revised(10);
    Person person = Person.member();
    assertThat(ofLog(shorter, person.at("2026-08-31T23:59:59Z"), IN_JULY)).isEqualTo("clear");
    assertThat(ofLog(shorter, person.at("2026-09-01T00:00:00Z"), IN_JULY)).isEqualTo("expired");
    assertThat(ofLog(shorter, person.accepted("2").at("2026-09-01T00:00:00Z"), IN_JULY))
        .isEqualTo("expired");
  }

  @Test
  @Clause({"II.II.3", "IV.1"})
  void aLongerTermHoldsOnlyForWhoAcceptsIt() {
    Policies longer = revised(3650);
    Question archive = read(backend(), "archive", "log.line");
    Person person = Person.member();
    for (String now : List.of("2027-01-01T10:00:00Z", "2029-01-01T10:00:00Z")) {
      assertThat(archived(longer, archive, person.at(now), Instant.parse(IN_JULY)))
          .as("also when the version they accepted binds no more")
          .isEqualTo("expired");
      assertThat(isKept(longer, person.at(now), IN_JULY)).isFalse();
      assertThat(isKept(longer, Person.member().notAccepted().at(now), IN_JULY))
          .as("of who accepted nothing, it is kept as when it was collected")
          .isFalse();
      assertThat(isKept(longer, Person.member().accepted("2").at(now), IN_JULY)).isTrue();
    }
    String later = "2028-01-01T10:00:00Z";
    assertThat(isKept(longer, person.at("2029-01-01T10:00:00Z"), later))
        .as("what comes later is kept as the person agreed to, too")
        .isFalse();
    assertThat(isKept(longer, Person.member().notAccepted().at("2029-01-01T10:00:00Z"), later))
        .isTrue();
  }

  private static boolean isKept(Policies policies, Person person, String collected) {
    return policies.isKept(
        FieldId.of("log.line"), new ProductId("meeting"), Instant.parse(collected), person.state());
  }

  @Test
  void aSweepIsToldWhatAReadIs() {
    Policies longer = revised(3650);
    SubjectState state = Person.member().at("2027-01-01T10:00:00Z").state();
    ProductId meeting = new ProductId("meeting");
    FieldId line = FieldId.of("log.line");
    Instant collected = Instant.parse(IN_JULY);
    assertThat(longer.isKept(line, meeting, collected, state)).isFalse();
    assertThat(longer.isKept(line, meeting, collected, state.at(collected))).isTrue();
    SubjectState agreed = state.accepting(longer.versions().getLast().version());
    assertThat(longer.isKept(line, meeting, collected, agreed)).isTrue();
  }
}
