package dev.pledge.engine.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.TestPledge;
import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the calendar says for itself counts there, and nowhere else. */
@Clause("VIII.1")
class ProductTermsTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final ShiftedClock CLOCK = ShiftedClock.of(DATABASE);
  @RegisterExtension static final TestPledge PLEDGE = CLOCK.pledge();

  private final Scene scene = new Scene(PLEDGE);
  private SubjectId person;

  @BeforeEach
  void somebodyUsesBoth() {
    person = scene.adult();
    assertThat(
            PLEDGE.<Outcome>change(
                scene.backend, c -> c.join(person, "calendar", TestPledge.acceptance())))
        .isInstanceOf(Outcome.Done.class);
  }

  @AfterEach
  void backToNow() {
    CLOCK.shift(Duration.ZERO);
  }

  private void grant(String purpose, String product) {
    String channel = purpose.equals("advertising") ? "service" : null;
    assertThat(
            scene.consent(
                person,
                Scene.choice(
                    purpose, Answer.GRANTED, product, channel, Coverage.ORDINARY, By.SELF)))
        .isInstanceOf(Outcome.Done.class);
  }

  private ReadAnswer read(Caller caller, String purpose, String product, String field) {
    ReadRequest plain = ReadRequest.of(caller, purpose, product, List.of(field));
    ReadRequest request =
        new ReadRequest(
            caller,
            plain.capacity(),
            plain.assurance(),
            purpose,
            product,
            plain.fields(),
            purpose.equals("advertising") ? "service" : null,
            plain.justification(),
            plain.reveal(),
            plain.order(),
            plain.window());
    return PLEDGE.pledge().read(request, person);
  }

  private FieldAnswer field(ReadAnswer answer) {
    return ((ReadAnswer.Answer) answer).fields().getFirst();
  }

  @Test
  void nothingIsAdvertisedInTheCalendar() {
    grant("advertising", "meeting");
    grant("advertising", "calendar");
    for (String product : List.of("meeting", "calendar")) {
      scene.collect(
          scene.backend, person, Scene.from(product, "person", Map.of("device.language", "en")));
    }

    assertThat(field(read(scene.backend, "advertising", "meeting", "device.language")))
        .isInstanceOf(FieldAnswer.Shown.class);
    assertThat(
            Scene.withheld(
                (ReadAnswer.Answer)
                    read(scene.backend, "advertising", "calendar", "device.language"),
                0))
        .isEqualTo("purpose-not-in-product");
  }

  @Test
  void itsFaultsAreKeptForAShorterTime() {
    Caller analyst = scene.staff("faults-analyst", "analyst");
    for (String product : List.of("meeting", "calendar")) {
      grant("improvement", product);
      Map<String, Object> fault =
          Map.of(
              "observedAt",
              Instant.parse("2026-01-01T00:00:00Z").toString(),
              "value",
              Map.of("event", "crash", "attributes", Map.of()));
      Collected collected =
          scene.collect(
              scene.backend,
              person,
              Scene.from(product, "product-use", Map.of("log.fault", List.of(fault))));
      assertThat(((Collected.Answer) collected).refused()).isEmpty();
      assertThat(field(read(analyst, "improvement", product, "log.fault")))
          .isInstanceOf(FieldAnswer.Shown.class);
    }

    CLOCK.shift(Duration.ofDays(100));

    assertThat(field(read(analyst, "improvement", "meeting", "log.fault")))
        .isInstanceOf(FieldAnswer.Shown.class);
    assertThat(field(read(analyst, "improvement", "calendar", "log.fault")))
        .isNotInstanceOf(FieldAnswer.Shown.class);
  }

  @Test
  void ofItsFeaturesNothingIsLearnt() {
    Caller analyst = scene.staff("features-analyst", "analyst");
    grant("improvement", "calendar");

    assertThat(
            Scene.withheld(
                (ReadAnswer.Answer) read(analyst, "improvement", "calendar", "log.feature-use"), 0))
        .isEqualTo("not-listed");
    assertThat(scene.last(person).purpose()).contains("improvement");
  }
}
