package dev.pledge.engine.rights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.PolicyFiles;
import dev.pledge.engine.TestPledge;
import dev.pledge.engine.request.RequestKind;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Term.Calendar;
import dev.pledge.policy.names.Clause;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Until when what is owed: by the terms of the policies, a place's days, and what is worked there.
 */
@Clause("V.4")
class ClocksTest {
  private static final ZoneId CHINA = ZoneId.of("Asia/Shanghai");
  private static final Clocks UTC = new Clocks(Calendar.weekdays(ZoneOffset.UTC));

  /** A Friday, a quarter to midnight by UTC, and Saturday morning in China. */
  private static final Instant FRIDAY_NIGHT = Instant.parse("2026-11-27T23:45:00Z");

  private static CompiledPolicy policy(String name) {
    Path file = TestPledge.policy().resolveSibling(name);
    return PolicyFiles.read(file).policies().versions().getLast();
  }

  @Test
  void workingDaysPassOverTheWeekend() {
    assertThat(UTC.confirmBy(policy("emeet"), FRIDAY_NIGHT))
        .contains(Instant.parse("2026-12-03T00:00:00Z"));
    assertThat(UTC.soon(FRIDAY_NIGHT)).isEqualTo("2026-12-02T00:00:00Z");
  }

  @Test
  void daysBeginWhereTheClockRuns() {
    Clocks china = new Clocks(Calendar.weekdays(CHINA));
    assertThat(china.answerBy(RequestKind.ACCESS, policy("emeet"), FRIDAY_NIGHT))
        .contains(Instant.parse("2026-12-28T16:00:00Z"));
    assertThat(UTC.answerBy(RequestKind.ACCESS, policy("emeet"), FRIDAY_NIGHT))
        .contains(Instant.parse("2026-12-28T00:00:00Z"));
    assertThat(china.confirmBy(policy("emeet"), FRIDAY_NIGHT))
        .contains(Instant.parse("2026-12-02T16:00:00Z"));
  }

  @Test
  void holidaysAndWorkedWeekendsAreThoseOfTheCalendar() {
    Clocks china =
        new Clocks(
            new Calendar(
                CHINA, Set.of(LocalDate.of(2026, 12, 1)), Set.of(LocalDate.of(2026, 11, 29))));
    // The Sunday is worked, the Tuesday is not.
    assertThat(china.confirmBy(policy("emeet"), FRIDAY_NIGHT))
        .contains(Instant.parse("2026-12-02T16:00:00Z"));
    Clocks rested = new Clocks(new Calendar(CHINA, Set.of(LocalDate.of(2026, 12, 1)), Set.of()));
    assertThat(rested.confirmBy(policy("emeet"), FRIDAY_NIGHT))
        .contains(Instant.parse("2026-12-03T16:00:00Z"));
  }

  @Test
  void eachKindHasItsTerm() {
    CompiledPolicy shop = policy("web-shop");
    Instant noon = Instant.parse("2026-11-02T12:00:00Z");
    assertThat(UTC.answerBy(RequestKind.CLOSING, shop, noon))
        .contains(Instant.parse("2026-11-10T00:00:00Z"));
    assertThat(UTC.answerBy(RequestKind.COMPLAINT, shop, noon))
        .contains(Instant.parse("2026-11-17T00:00:00Z"));
    assertThat(UTC.answerBy(RequestKind.OBJECTION, shop, noon))
        .contains(Instant.parse("2026-11-06T00:00:00Z"));
    assertThat(UTC.answerBy(RequestKind.DELETION, shop, noon))
        .contains(Instant.parse("2026-12-01T00:00:00Z"));
  }

  @Test
  void theLongerTermGoesOnFromTheLastDayOfTheFirst() {
    Instant first = Instant.parse("2026-12-01T00:00:00Z");
    assertThat(UTC.extended(RequestKind.ACCESS, policy("web-shop"), first))
        .contains(Instant.parse("2027-01-26T00:00:00Z"));
    assertThat(UTC.extended(RequestKind.COMPLAINT, policy("web-shop"), first)).isEmpty();
    assertThat(UTC.extended(RequestKind.ACCESS, policy("emeet"), first))
        .as("the law of China lets no answer take longer")
        .isEqualTo(Optional.empty());
  }
}
