package dev.pledge.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DetailTest {
  private static final long SEED = 20_260_402;

  @Test
  void everyDetailComesBackFromItsOneEncoding() {
    SplittableRandom random = new SplittableRandom(SEED);
    Samples samples = new Samples(random);
    for (int i = 0; i < 50_000; i++) {
      Detail detail = samples.detail();
      byte[] bytes = detail.encode();
      if (!Detail.decode(bytes).equals(detail) || bytes.length % Detail.PADDING != 0) {
        throw new AssertionError("seed " + SEED + ", round " + i);
      }
      requireFlipSeen(detail, bytes, random.nextInt(bytes.length * 8));
    }
  }

  @Test
  void theFormatDoesNotDrift() {
    Detail detail =
        Detail.of(300, List.of(UUID.fromString("019dbb4b-1c40-7abc-8def-0123456789ab")))
            .withActor("a")
            .withJustification("票 77")
            .withReference("b")
            .withData(
                List.of(
                    new Detail.Datum(
                        "contact.email", "meeting", Instant.parse("2026-04-23T10:15:30Z"))))
            .withRefersTo(UUID.fromString("019dbb4b-1c40-7abc-8def-0123456789ac"))
            .withNote("c")
            .withOmitted(2);
    assertThat(HexFormat.of().formatHex(detail.encode()))
        .isEqualTo(
            "0101ac0201019dbb4b1c407abc8def0123456789ab01019dbb4b1c407abc8def0123456789ac016106e7a5a820373701620163010d636f6e746163742e656d61696c076d656574696e670006501ded8d548002000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000");
    assertThat(Detail.decode(detail.encode())).isEqualTo(detail);
  }

  @Test
  void morePaddingThanNeededIsRefused() {
    byte[] bytes = Detail.of(1, List.of()).encode();
    assertThat(bytes).hasSize(64);
    assertThatExceptionOfType(MalformedEntry.class)
        .isThrownBy(() -> Detail.decode(Arrays.copyOf(bytes, 128)));
    assertThatExceptionOfType(MalformedEntry.class)
        .isThrownBy(() -> Detail.decode(Arrays.copyOf(bytes, 63)));
  }

  @Test
  void theLongestDetailFitsIntoAnEntryOnceSealed() {
    List<UUID> ids = IntStream.range(0, 64).mapToObj(i -> new UUID(i, i)).toList();
    Instant at = Instant.parse("2026-04-23T10:15:30Z");
    Detail longest =
        Detail.of(Long.MAX_VALUE, ids)
            .withActor("a".repeat(1000))
            .withJustification("x".repeat(2800))
            .withData(
                IntStream.range(100, 300)
                    .mapToObj(i -> new Detail.Datum("f.n" + i, "p", at))
                    .toList())
            .withOmitted(Integer.MAX_VALUE);
    assertThat(longest.encode().length)
        .isLessThanOrEqualTo(Detail.MAX_SIZE)
        .isGreaterThan(Detail.MAX_SIZE - 700);
    assertThat(Detail.decode(longest.encode())).isEqualTo(longest);
  }

  @Test
  void oversizeAndBrokenTextIsRefused() {
    Detail detail = Detail.of(1, List.of());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> detail.withJustification("é".repeat(1901)));
    assertThatIllegalArgumentException().isThrownBy(() -> detail.withJustification("\ud800"));
    assertThatIllegalArgumentException().isThrownBy(() -> detail.withJustification(""));
    assertThatIllegalArgumentException().isThrownBy(() -> detail.withOmitted(-1));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Detail.of(1, IntStream.range(0, 65).mapToObj(i -> new UUID(i, i)).toList()));
    assertThatExceptionOfType(MalformedEntry.class)
        .isThrownBy(() -> Detail.decode(new byte[Detail.MAX_SIZE + 64]));
  }

  @Test
  void aDetailPrintsNothingOfItself() {
    assertThat(Detail.of(1, List.of()).withJustification("secret").toString())
        .isEqualTo("Detail[redacted]");
    assertThat(Detail.NONE.isEmpty()).isTrue();
  }

  private static void requireFlipSeen(Detail detail, byte[] bytes, int bit) {
    byte[] flipped = bytes.clone();
    flipped[bit / 8] ^= (byte) (1 << (bit % 8));
    try {
      Detail other = Detail.decode(flipped);
      if (other.equals(detail) || !Arrays.equals(other.encode(), flipped)) {
        throw new AssertionError("flipping bit " + bit + " went unseen, seed " + SEED);
      }
    } catch (MalformedEntry refused) {
      // As it should be.
    }
  }
}
