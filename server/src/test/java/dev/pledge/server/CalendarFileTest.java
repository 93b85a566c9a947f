package dev.pledge.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.policy.decision.Term.Calendar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CalendarFileTest {
  @TempDir Path directory;

  private Calendar read(String text) throws IOException {
    Path file = directory.resolve("calendar");
    Files.writeString(file, text);
    return CalendarFile.read(file);
  }

  @Test
  void itSaysWhereDaysBeginAndWhichAreWorked() throws IOException {
    assertThat(
            read(
                """
                # National Day
                zone Asia/Shanghai
                off 2026-10-01   # and six more

                worked 2026-10-10
                """))
        .isEqualTo(
            new Calendar(
                ZoneId.of("Asia/Shanghai"),
                Set.of(LocalDate.of(2026, 10, 1)),
                Set.of(LocalDate.of(2026, 10, 10))));
    assertThat(read("")).isEqualTo(Calendar.weekdays(ZoneOffset.UTC));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "zone",
        "zone Nowhere/Here",
        "off 2026-02-30",
        "free 2026-10-01",
        "off a b",
        "off"
      })
  void whatItCannotSayIsNamedWithItsLine(String line) {
    assertThatThrownBy(() -> read("zone UTC\n" + line))
        .isInstanceOf(CommandRefused.class)
        .hasMessageStartingWith("line 2 of `");
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    assertThatThrownBy(() -> CalendarFile.read(directory.resolve("none")))
        .isInstanceOf(CommandRefused.class)
        .hasMessageContaining("none");
  }
}
