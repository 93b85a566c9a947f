package dev.pledge.engine.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.TestPledge;
import dev.pledge.engine.gate.Closed.Left;
import dev.pledge.engine.gate.Closed.Why;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.log.Kind;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Closing an account under the conditions of a policy, and what is told of what is left. */
@Clause({"V.3", "II.II.3"})
class ClosingTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final ShiftedClock CLOCK = ShiftedClock.of(DATABASE);

  @RegisterExtension
  static final TestPledge PLEDGE =
      CLOCK.pledge(
          TestPledge.reworded(
              "conditions: [",
              "conditions: [bills-paid, subscription-ended, ",
              "\nrequests:",
              "\nleaving: { closing: { meeting: [bills-paid, subscription-ended] } }\nrequests:",
              "\nconditions:\n",
              "\nconditions:\n  bills-paid: bills are paid\n  subscription-ended: nothing is subscribed to\n"));

  private final Scene scene = new Scene(PLEDGE);

  @AfterEach
  void asBefore() {
    CLOCK.shift(Duration.ZERO);
  }

  @Test
  void anAccountIsClosedOnceItsConditionsAreAsserted() {
    SubjectId person = scene.adult();
    Closed refused = close(person, "subscription-ended");
    assertThat(((Outcome.Refused) refused.outcome()).reason().code())
        .isEqualTo("closing-conditions");
    assertThat(((Outcome.Refused) refused.outcome()).clause().value()).isEqualTo("V.3");
    assertThat(refused.unmet()).extracting(Object::toString).containsExactly("bills-paid");
    assertThat(refused.left()).isEmpty();
    assertThat(scene.last(person).kind()).isEqualTo(Kind.CLOSE);
    assertThat(isOpen(person)).isTrue();
    assertThat(close(person, "bills-paid", "subscription-ended", "whatever").outcome())
        .isInstanceOf(Outcome.Done.class);
    assertThat(isOpen(person)).isFalse();
  }

  @Test
  void aProductWithoutConditionsClosesAsAsked() {
    SubjectId person = scene.adult();
    PLEDGE.<Outcome>change(
        scene.backend, changes -> changes.join(person, "calendar", TestPledge.acceptance()));
    Closed closed =
        PLEDGE.change(scene.backend, changes -> changes.close(person, "calendar", Set.of()));
    assertThat(closed.outcome()).isInstanceOf(Outcome.Done.class);
  }

  @Test
  void whatIsLeftIsToldWithItsReasonAndItsEnd() {
    SubjectId person = scene.adult();
    scene.collect(person, Map.of("device.language", "en"));
    scene.collect(
        person,
        Map.of(
            "log.access",
            List.of(
                Map.of(
                    "observedAt",
                    "2026-01-01T00:00:00Z",
                    "value",
                    Map.of("event", "open", "attributes", Map.of())))));
    Closed closed = close(person, "bills-paid", "subscription-ended");
    Left language = left(closed, "device.language");
    assertThat(language.why()).isEqualTo(Why.GOES);
    assertThat(language.clause().value()).isEqualTo("V.3");
    Instant closedAt = ((Outcome.Done) closed.outcome()).receipt().at();
    assertThat(language.until().orElseThrow())
        .isBetween(
            closedAt.plus(Duration.ofDays(15)).minusSeconds(60),
            closedAt.plus(Duration.ofDays(15)).plusSeconds(60));
    assertThat(left(closed, "log.access").why()).isEqualTo(Why.LAW);
    assertThat(left(closed, "log.access").until()).isPresent();
    CLOCK.shift(Duration.ofDays(15).minusMinutes(2));
    PLEDGE.pledge().sweep();
    assertThat(rows(person, "datum")).isPositive();
    CLOCK.shift(Duration.ofDays(15).plusMinutes(2));
    PLEDGE.pledge().sweep();
    assertThat(rows(person, "datum")).as("as was told").isZero();
    assertThat(rows(person, "observation")).as("as was told").isPositive();
  }

  @Test
  void whatAnotherProductHoldsIsToldToo() {
    SubjectId person = scene.adult();
    PLEDGE.<Outcome>change(
        scene.backend, changes -> changes.join(person, "calendar", TestPledge.acceptance()));
    Closed closed = close(person, "bills-paid", "subscription-ended");
    assertThat(left(closed, "contact.email").why()).isEqualTo(Why.OTHER_PRODUCT);
    assertThat(left(closed, "contact.email").until().orElseThrow())
        .as("of who never comes again")
        .isAfter(TestPledge.now().plus(Duration.ofDays(900)));
  }

  private Closed close(SubjectId person, String... asserted) {
    return PLEDGE.change(
        scene.backend, changes -> changes.close(person, "meeting", Set.of(asserted)));
  }

  private static Left left(Closed closed, String field) {
    return closed.left().stream()
        .filter(one -> one.field().toString().equals(field))
        .findFirst()
        .orElseThrow();
  }

  private boolean isOpen(SubjectId person) {
    return ((SubjectView.State) PLEDGE.pledge().subject(scene.backend, person))
        .state().memberships().stream().anyMatch(account -> account.closedAt() == null);
  }

  private static long rows(SubjectId person, String table) {
    return DATABASE
        .database()
        .read(
            handle ->
                handle
                    .createQuery("select count(*) from <table> where subject_id = :person")
                    .define("table", table)
                    .bind("person", person.value())
                    .mapTo(Long.class)
                    .one());
  }
}
