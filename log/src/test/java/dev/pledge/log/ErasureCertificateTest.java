package dev.pledge.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.pledge.log.ErasureCertificate.Kept;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The text that is signed of an erasure. */
class ErasureCertificateTest {
  private static final UUID ID = UUID.fromString("7d0f8e3a-51c2-4b6e-9a57-2f4c1b0d9e86");
  private static final UUID PERSON = UUID.fromString("0198f1b0-0000-7000-8000-000000000001");

  /** As the page on the log's format has it, byte by byte. */
  private static final String GOLDEN =
      """
      example.com/log
      pledge erasure v1
      certificate 7d0f8e3a-51c2-4b6e-9a57-2f4c1b0d9e86
      person PERSON
      inaccessible since 2026-04-23T10:15:30.123456Z
      recoverable until 2026-05-08T00:00:00Z
      epochs 2 3
      irrecoverable by 2026-07-23T00:00:00Z
      kept for court-order until 2027-01-01T00:00:00Z
      kept for public-health until 2026-12-01T00:00:00Z
      mark left against advertising
      mark left against promotion
      """
          .replace("PERSON", ErasureCertificate.person(ID, PERSON).base64());

  private static final ErasureCertificate GIVEN =
      new ErasureCertificate(
          "example.com/log",
          ID,
          ErasureCertificate.person(ID, PERSON),
          Instant.parse("2026-04-23T10:15:30.123456Z"),
          Optional.of(Instant.parse("2026-05-08T00:00:00Z")),
          new TreeSet<>(List.of(3, 2)),
          Optional.of(Instant.parse("2026-07-23T00:00:00Z")),
          List.of(
              new Kept("court-order", Instant.parse("2027-01-01T00:00:00Z")),
              new Kept("public-health", Instant.parse("2026-12-01T00:00:00Z"))),
          new TreeSet<>(List.of("promotion", "advertising")));

  @Test
  void theTextIsWhatThePageSays() {
    assertThat(GIVEN.text()).isEqualTo(GOLDEN);
    assertThat(ErasureCertificate.read(GOLDEN)).isEqualTo(GIVEN);
    String openEnded = GOLDEN.replaceAll("(recoverable|irrecoverable|kept|mark).*\\n", "");
    assertThat(ErasureCertificate.read(openEnded).recoverableUntil()).isEmpty();
    assertThat(ErasureCertificate.read(openEnded).irrecoverableBy()).isEmpty();
    assertThat(ErasureCertificate.read(openEnded).text()).isEqualTo(openEnded);
  }

  @Test
  void itNamesThePersonToThoseWhoKnowThem() {
    assertThat(GIVEN.isAbout(PERSON)).isTrue();
    assertThat(GIVEN.isAbout(ID)).isFalse();
    assertThat(GOLDEN).doesNotContain(PERSON.toString());
    assertThat(ErasureCertificate.person(PERSON, PERSON)).isNotEqualTo(GIVEN.person());
  }

  @Test
  void itIsNoCheckpointPromiseOrStatement() {
    assertThatIllegalArgumentException().isThrownBy(() -> Promise.read(GOLDEN));
    assertThatIllegalArgumentException().isThrownBy(() -> Statement.read(GOLDEN));
    assertThat(GOLDEN.lines().skip(1).findFirst().orElseThrow()).doesNotMatch("[0-9]+");
  }

  /** Each differs from the golden text in one point. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "erasure v1 | erasure v2",
        "erasure v1 | promise v1",
        "example.com/log | ''",
        "7d0f8e3a | 7D0F8E3A",
        "7d0f8e3a | 7d0f8e3",
        "person | Person",
        "10:15:30.123456Z | 10:15:30.123456",
        "10:15:30.123456Z | 10:15:30.1234560Z",
        "2026-04-23T | 2026-02-30T",
        "epochs 2 3 | epochs",
        "epochs 2 3 | epochs 3 2",
        "epochs 2 3 | epochs 2 2",
        "epochs 2 3 | epochs 02 3",
        "epochs 2 3 | epochs 0",
        "epochs 2 3 | 'epochs 2  3'",
        "epochs 2 3 | 'epochs 2 3 '",
        "irrecoverable by | irrecoverable since",
        "kept for | kept by",
        "left against | left for",
        "against promotion | against Promotion",
        "against promotion | against advertising",
        "against advertising | against public",
        "court-order | Court-order",
        "court-order | ''",
        "2027-01-01T | 2027-01-32T",
        "00:00:00Z | 00:00:00.000Z",
      })
  void anythingElseIsRefused(String from, String to) {
    String altered = GOLDEN.replace(from, to);
    assertThat(altered).isNotEqualTo(GOLDEN);
    assertThatIllegalArgumentException().isThrownBy(() -> ErasureCertificate.read(altered));
  }

  @Test
  void aLineMoreOrLessIsRefused() {
    for (String altered :
        List.of(GOLDEN + "kept all\n", GOLDEN.strip(), GOLDEN.replaceAll("epochs.*\n", ""))) {
      assertThatIllegalArgumentException().isThrownBy(() -> ErasureCertificate.read(altered));
    }
  }
}
