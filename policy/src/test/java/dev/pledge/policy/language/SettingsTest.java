package dev.pledge.policy.language;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A file of settings: what it says, what is usual, and what is wrong with it. */
class SettingsTest {
  private record Read(int number, Duration time, ZoneId zone, Set<DayOfWeek> days) {}

  private static final Read USUAL =
      new Read(5, Duration.ofMinutes(10), ZoneId.of("UTC"), EnumSet.of(DayOfWeek.MONDAY));

  private static Settings.Read<Read> read(String text) {
    return Settings.read(
        "watch.yaml",
        text.getBytes(UTF_8),
        "the watch",
        settings -> {
          Settings part = settings.section("part");
          return new Read(
              part.number("number", 1, 9, USUAL.number()),
              part.time("time", Duration.ofMinutes(1), Duration.ofHours(1), USUAL.time()),
              part.word("zone", ZoneId::of, "write a time zone such as `UTC`", USUAL.zone()),
              part.some("days", "day", DayOfWeek.class, USUAL.days()));
        });
  }

  @Test
  void whatIsSaidCounts() {
    assertThat(
            read("part: { number: 7, time: PT30M, zone: Asia/Shanghai, days: [monday, sunday] }")
                .value())
        .contains(
            new Read(
                7,
                Duration.ofMinutes(30),
                ZoneId.of("Asia/Shanghai"),
                EnumSet.of(DayOfWeek.MONDAY, DayOfWeek.SUNDAY)));
  }

  @ParameterizedTest
  @CsvSource({"{}", "part: {}"})
  void whatIsNotSaidIsUsual(String text) {
    assertThat(read(text).value()).contains(USUAL);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "part: { number: 10 }       | 1:17 | write a whole number from 1 to 9",
        "part: { number: many }     | 1:17 | write a whole number from 1 to 9",
        "part: { time: PT2H }       | 1:15 | write a time from `PT1M` to `PT1H`",
        "part: { time: an hour }    | 1:15 | write it as `PT24H`",
        "part: { zone: Shangai }    | 1:15 | write a time zone such as `UTC`",
        "part: { days: [munday] }   | 1:16 | did you mean `monday`?",
        "part: { days: [] }         | 1:9  | list at least one",
        "part: { numbr: 7 }         | 1:9  | did you mean `number`?",
        "parts: { number: 7 }       | 1:1  | did you mean `part`?",
        "other: 7                   | 1:1  | `part`",
        "part: 7                    | 1:7  | write `key: value` lines under it",
        "part: { number: [7] }      | 1:17 | write one word or text",
        "part: {                    | 1:8  | check the indentation",
        "7                          | 1:1  | write `key: value` lines"
      })
  void mistakesAreToldWithTheirPlaceAndWhatToWrite(String text, String place, String remedy) {
    Settings.Read<Read> read = read(text);
    assertThat(read.value()).isEmpty();
    assertThat(read.problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.toString()).startsWith("watch.yaml:" + place + ": ");
              assertThat(problem.remedy()).contains(remedy);
            });
  }
}
