package dev.pledge.engine.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.TestPledge;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The day on which a person last used a product: what moves it, and what follows from it. */
class LastUseTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final ShiftedClock CLOCK = ShiftedClock.of(DATABASE);
  @RegisterExtension static final TestPledge PLEDGE = CLOCK.pledge();

  private static final Duration DAY = Duration.ofDays(1);

  private final Scene scene = new Scene(PLEDGE);

  @AfterEach
  void backToNow() {
    CLOCK.shift(Duration.ZERO);
  }

  /** The days in the order of the products, and how often the state has changed. */
  private record Row(List<LocalDate> days, long version) {}

  private static Row row(SubjectId person) {
    return Database.over(DATABASE.owner())
        .read(
            handle ->
                handle
                    .createQuery(
                        """
                        select array_to_string(last_used, ' ') as days, state_version
                        from subject where subject_id = :person
                        """)
                    .bind("person", person.value())
                    .map(
                        (row, context) ->
                            new Row(
                                List.of(row.getString("days").split(" ")).stream()
                                    .map(LocalDate::parse)
                                    .toList(),
                                row.getLong("state_version")))
                    .one());
  }

  private static List<LocalDate> days(SubjectId person) {
    return row(person).days();
  }

  @Test
  @Clause("II.II.3")
  void whatThePersonDoesMovesTheDayOncePerDay() {
    SubjectId person = scene.adult();
    LocalDate first = days(person).getFirst();
    CLOCK.shift(DAY.multipliedBy(3));
    scene.collect(person, Map.of("device.language", "en"));
    Row then = row(person);
    assertThat(then.days()).containsExactly(first.plusDays(3));
    scene.collect(person, Map.of("device.language", "zh"));
    assertThat(row(person)).isEqualTo(then);
    CLOCK.shift(DAY.multipliedBy(5));
    scene.grant(person, "recommendation");
    assertThat(days(person)).containsExactly(first.plusDays(5));
    CLOCK.shift(DAY.multipliedBy(7));
    PLEDGE.change(scene.backend, changes -> changes.accept(person, TestPledge.acceptance()));
    assertThat(days(person)).containsExactly(first.plusDays(7));
    CLOCK.shift(DAY.multipliedBy(9));
    PLEDGE.change(
        scene.backend, changes -> changes.join(person, "calendar", TestPledge.acceptance()));
    assertThat(days(person)).containsExactly(first.plusDays(7), first.plusDays(9));
  }

  @Test
  @Clause("II.II.3")
  void whatOthersDoMovesNothing() {
    SubjectId person = scene.adult();
    scene.collect(person, Map.of("device.language", "en"));
    Row before = row(person);
    CLOCK.shift(DAY.multipliedBy(3));
    scene.read(scene.backend, person, "settings", "device.language");
    scene.history(person);
    scene.collect(person, Map.of("device.shoe-size", "44"));
    scene.collect(
        scene.backend, person, Scene.from("phone-book", "person", Map.of("device.language", "en")));
    assertThat(row(person)).isEqualTo(before);
    scene.consent(
        person,
        Scene.choice("recommendation", Answer.WITHDRAWN, null, null, Coverage.ALL, By.SELF));
    scene.consent(
        person,
        Scene.choice(
            "recommendation", Answer.WITHDRAWN, "meeting", null, Coverage.ALL, By.GUARDIAN));
    assertThat(days(person)).isEqualTo(before.days());
  }

  @Test
  @Clause("II.II.3")
  void whoeverUsesAnotherProductDoesNotUseThisOne() {
    SubjectId person = scene.adult();
    PLEDGE.change(
        scene.backend, changes -> changes.join(person, "calendar", TestPledge.acceptance()));
    LocalDate first = days(person).getFirst();
    CLOCK.shift(DAY.multipliedBy(3));
    scene.collect(
        scene.backend, person, Scene.from("calendar", "person", Map.of("device.language", "en")));
    assertThat(days(person)).containsExactly(first, first.plusDays(3));
    CLOCK.shift(DAY.multipliedBy(4));
    scene.collect(
        scene.backend, person, Scene.from("general", "person", Map.of("device.language", "en")));
    assertThat(days(person)).containsExactly(first.plusDays(4), first.plusDays(4));
  }

  @Test
  @Clause("II.II.3")
  void whoStaysAwayIsDormantUntilTheyComeBack() {
    SubjectId person = scene.adult();
    scene.collect(person, Map.of("device.language", "en"));
    CLOCK.shift(DAY.multipliedBy(729));
    assertThat(scene.clear(person, "settings", "device.language")).isEqualTo("en");
    CLOCK.shift(DAY.multipliedBy(733));
    assertThat(scene.refusal(scene.backend, person, "settings", "device.language"))
        .isEqualTo("dormant");
    assertThat(Scene.fate(scene.collect(person, Map.of("device.model", "X1")), "device.model"))
        .isEqualTo("stored");
    assertThat(scene.clear(person, "settings", "device.language")).isEqualTo("en");
  }

  @Test
  @Clause({"II.II.3", "IV.1"})
  void whatWasOverBeforeTheyCameBackStaysGone() {
    SubjectId person = scene.adult();
    scene.collect(person, Map.of("device.language", "en"));
    CLOCK.shift(DAY.multipliedBy(3 * 366));
    scene.collect(person, Map.of("device.model", "X1"));
    assertThat(scene.read(scene.backend, person, "settings", "device.language").fields())
        .containsExactly(new FieldAnswer.Absent("device.language"));
    assertThat(scene.history(person).stream().map(l -> l.recorded().entry().facts().kind().name()))
        .contains("expire");
    assertThat(scene.read(scene.backend, person, "customer-service", "device.model").fields())
        .first()
        .isInstanceOf(FieldAnswer.Shown.class);
  }
}
