package dev.pledge.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The text that is signed of one person's entries. */
class StatementTest {
  private static final ByteString COUNTED =
      ByteString.ofHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");

  /** As the page on the log's format has it, byte by byte. */
  private static final String GOLDEN =
      """
      example.com/log
      pledge entries v1
      size 1000
      count 3
      root AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=
      key Yw3NKWbEM2aRElRIu7JbT/QSpJxzLbLIq8G4WBvXEN0=
      at 2026-04-23T10:15:30.123456Z
      """;

  private static final Statement SAID =
      new Statement(
          "example.com/log",
          1000,
          3,
          new Hash(COUNTED),
          MarkKey.of(COUNTED.toByteArray()).hash(),
          Instant.parse("2026-04-23T10:15:30.123456Z"));

  @Test
  void theTextIsWhatThePageSays() {
    assertThat(SAID.text()).isEqualTo(GOLDEN);
    assertThat(Statement.read(GOLDEN)).isEqualTo(SAID);
  }

  @Test
  void itIsNoCheckpointAndNoPromise() {
    assertThatIllegalArgumentException().isThrownBy(() -> Promise.read(GOLDEN));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Statement.read(GOLDEN.replace("entries v1", "promise v1")));
    assertThat(GOLDEN.lines().skip(1).findFirst().orElseThrow()).doesNotMatch("[0-9]+");
  }

  /** Each differs from the golden text in one point. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "entries v1 | entries v2",
        "entries v1 | 'entries v1 '",
        "example.com/log | ''",
        "size 1000 | size 01000",
        "size 1000 | size -1",
        "size 1000 | size +1000",
        "size 1000 | size 1000000000000000000",
        "size 1000 | size 2",
        "size 1000 | Size 1000",
        "count 3 | count 03",
        "count 3 | count 1001",
        "count 3 | count 0",
        "count 3 | count",
        "root AAEC | root AEC",
        "Hh8= | Hh9=",
        "Hh8= | Hh8",
        "Hh8= | HQ==",
        "XEN0= | XEN1=",
        "XEN0= | XEN0A=",
        "key Yw3 | key -w3",
        "30.123456Z | 30.123456",
        "30.123456Z | 30.1234560Z",
        "30.123456Z | 61.123456Z",
        "2026-04-23T | 2026-02-30T",
        "2026-04-23T | +2026-04-23T",
      })
  void whatIsNotWrittenSoIsRefused(String part, String other) {
    assertThat(GOLDEN).contains(part);
    String altered = GOLDEN.replace(part, other);
    assertThatIllegalArgumentException().isThrownBy(() -> Statement.read(altered));
  }

  @Test
  void nothingComesBeforeOrAfterIt() {
    for (String altered :
        new String[] {
          GOLDEN + "more\n",
          GOLDEN + "\n",
          "\n" + GOLDEN,
          GOLDEN.strip(),
          GOLDEN.replace("\n", "\r\n"),
          GOLDEN.replace("count 3\n", ""),
          GOLDEN.replace("count 3\n", "count 3\ncount 3\n"),
        }) {
      assertThatIllegalArgumentException().isThrownBy(() -> Statement.read(altered));
    }
  }

  @Test
  void anEmptyListHasTheRootOfNothing() {
    Instant at = Instant.parse("2026-04-23T10:15:30Z");
    Statement none = new Statement("o", 0, 0, Hash.ofEmptyTree(), SAID.key(), at);
    assertThat(Statement.read(none.text())).isEqualTo(none);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Statement("o", 5, 0, SAID.root(), SAID.key(), at));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Statement("o", 5, -1, SAID.root(), SAID.key(), at));
  }

  @Test
  void aMarkKeyIsNamedByItsHashAndPrintsNothing() {
    MarkKey key = MarkKey.of(COUNTED.toByteArray());
    assertThat(key.hash().toString())
        .isEqualTo("630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd");
    assertThat(key).hasToString("[redacted]");
    assertThat(key.toByteArray()).isEqualTo(COUNTED.toByteArray());
    for (int size : new int[] {0, 31, 33}) {
      assertThatIllegalArgumentException().isThrownBy(() -> MarkKey.of(new byte[size]));
    }
  }
}
