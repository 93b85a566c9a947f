package dev.pledge.engine.watch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.pledge.policy.language.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

/** The limits: as documented, and as a file says. */
class WatchSettingsTest {
  private static final String FENCE = "```yaml\n";
  private static final WatchSettings USUAL = WatchSettings.usual(ZoneId.of("Asia/Shanghai"));

  private static Settings.Read<WatchSettings> read(String text) {
    WatchSettings elsewhere = WatchSettings.usual(ZoneId.of("UTC"));
    return Settings.read(
        "watch.yaml",
        text.getBytes(UTF_8),
        "the watch",
        file -> WatchSettings.read(file, elsewhere));
  }

  @Test
  void theDocumentedFileSaysWhatIsUsual() throws IOException {
    Path inside = Path.of("docs/watching.md");
    String docs = Files.readString(Files.exists(inside) ? inside : Path.of("..").resolve(inside));
    int from = docs.indexOf(FENCE) + FENCE.length();
    String file = docs.substring(from, docs.indexOf("```", from));
    assertThat(read(file).problems()).isEmpty();
    assertThat(read(file).value()).contains(USUAL);
  }

  @Test
  void eachLimitIsItsOwn() {
    WatchSettings read =
        read("bulk-reads: { staff: 7, within: PT30M }\nfirst-use: { new-days: 0 }\n")
            .value()
            .orElseThrow();
    assertThat(read.bulkReads())
        .isEqualTo(new Limit(Duration.ofMinutes(30), 7, 300, 5_000, 100_000));
    assertThat(read.newcomer()).isZero();
    assertThat(read.refusals()).isEqualTo(USUAL.refusals());
  }

  @Test
  void whatIsOutOfRangeOrUnknownIsTold() {
    assertThat(
            read("""
                bulk-read: { staff: 0 }
                out-of-hours: { from: 7, zone: Mars }
                refusals: { percent: 101 }
                enumeration: { within: PT13H }
                """)
                .problems())
        .extracting(problem -> problem.line() + " " + problem.remedy())
        .containsExactly(
            "1 did you mean `bulk-reads`?",
            "1 write a whole number from 1 to 999999",
            "2 write a time such as `07:00`",
            "2 write a time zone such as `Asia/Shanghai`",
            "3 write a whole number from 1 to 100",
            "4 write a time from `PT1M` to `PT12H`");
  }

  @Test
  void noLimitIsNothing() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Limit(Duration.ofHours(1), 1, 1, 0, 1));
  }
}
