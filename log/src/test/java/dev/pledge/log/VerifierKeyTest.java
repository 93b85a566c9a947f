package dev.pledge.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class VerifierKeyTest {
  private static final long SEED = 20_260_731;
  private static final String NAME = "example.com/log";

  @ParameterizedTest
  @ValueSource(
      strings = {
        PublishedNotes.PETER,
        PublishedNotes.ENOCH,
        PublishedNotes.FOO,
        PublishedNotes.SUM_DB
      })
  void publishedKeysComeBackAsTheyWereWritten(String text) {
    VerifierKey key = VerifierKey.parse(text);
    assertThat(key).hasToString(text);
    assertThat(key.type()).isEqualTo(SignatureType.ED25519);
    assertThat(text).startsWith(key.name() + '+' + key.id() + '+');
  }

  @ParameterizedTest
  @EnumSource
  void keysOfEveryTypeComeBack(SignatureType type) {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < 50; i++) {
      byte[] seed = new byte[Algorithm.SEED_SIZE];
      random.nextBytes(seed);
      VerifierKey key = new SigningKey(NAME + i, type, seed).verifierKey();
      assertThat(VerifierKey.parse(key.toString())).as("seed %d, round %d", SEED, i).isEqualTo(key);
    }
  }

  @Test
  void typesAreThoseTheSpecificationsAssign() {
    assertThat(SignatureType.ED25519.identifier()).isEqualTo((byte) 0x01);
    assertThat(SignatureType.ED25519_COSIGNATURE.identifier()).isEqualTo((byte) 0x04);
    assertThat(SignatureType.ML_DSA_44_COSIGNATURE.identifier()).isEqualTo((byte) 0x06);
  }

  @Test
  void oneKeyHasAnotherIdForEachTypeAndName() {
    byte[] seed = new byte[Algorithm.SEED_SIZE];
    VerifierKey note = new NoteSigner(NAME, seed).verifierKey();
    VerifierKey cosignature = Cosigner.ed25519(NAME, seed).verifierKey();
    VerifierKey other = new NoteSigner(NAME + "2", seed).verifierKey();
    assertThat(note.publicKey()).isEqualTo(cosignature.publicKey()).isEqualTo(other.publicKey());
    assertThat(note.id()).isNotEqualTo(cosignature.id()).isNotEqualTo(other.id());
  }

  /** The cases of golang.org/x/mod, sumdb/note, TestNewVerifier. */
  @Test
  void partsAndChangedCharactersAreRefused() {
    String key = PublishedNotes.PETER;
    for (int from = 0; from <= key.length(); from++) {
      for (int to = from + 1; to <= key.length(); to++) {
        if (to - from < key.length()) {
          requireRefused(key.substring(from, to));
        }
      }
    }
    requireRefused("PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==");
    requireRefused("PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
  }

  @ParameterizedTest
  @EnumSource
  void oneBitFlippedAnywhereIsRefused(SignatureType type) {
    VerifierKey key = new SigningKey(NAME, type, new byte[Algorithm.SEED_SIZE]).verifierKey();
    byte[] bytes = key.toString().getBytes(StandardCharsets.US_ASCII);
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] flipped = bytes.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      requireRefused(new String(flipped, StandardCharsets.ISO_8859_1));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "two words",
        "a+b",
        "a\nb",
        "a\tb",
        "a\u0001b",
        "no\u00a0break",
        "next\u0085line",
        "thin\u2009space",
        "line\u2028separator",
        "ideographic\u3000space",
        "half\ud83d"
      })
  void namesOfAnotherFormAreRefused(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NoteSigner(name, new byte[Algorithm.SEED_SIZE]))
        .withMessageStartingWith("malformed key name");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "例え.example/日誌", "a/b?c=d&e", "—", "😀", "a\u200bb"})
  void namesWithoutSpacesAndPlusArePermitted(String name) {
    VerifierKey key = new NoteSigner(name, new byte[Algorithm.SEED_SIZE]).verifierKey();
    assertThat(VerifierKey.parse(key.toString())).isEqualTo(key);
  }

  @Test
  void eachErrorSaysWhatIsWrong() {
    String[] parts = PublishedNotes.PETER.split("\\+", 3);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> VerifierKey.parse(parts[0] + '+' + parts[1]))
        .withMessageContaining("`name+id+key`");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> VerifierKey.parse(parts[0] + '+' + parts[1] + "+A*"))
        .withMessageContaining("base64");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> VerifierKey.parse(parts[0] + '+' + parts[1] + "+"))
        .withMessageContaining("no key");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> VerifierKey.parse(parts[0] + '+' + parts[1] + "+AQ=="))
        .withMessageContaining("malformed public key")
        .withMessageContaining("32 bytes");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> VerifierKey.parse(parts[0] + '+' + parts[1] + "+Ag=="))
        .withMessageContaining("unknown signature type");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> VerifierKey.parse(parts[0] + "+00000000+" + parts[2]))
        .withMessageContaining("wrong key id");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> VerifierKey.parse(parts[0] + "+C74F20A3+" + parts[2]))
        .withMessageContaining("wrong key id");
  }

  /** The neutral point: with it as a key, anyone could make signatures. */
  @Test
  void keysOfSmallOrderAreRefused() {
    byte[] neutral = new byte[32];
    neutral[0] = 1;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new VerifierKey(NAME, SignatureType.ED25519, ByteString.of(neutral)))
        .withMessageStartingWith("malformed public key");
    byte[] offTheCurve = new byte[32];
    Arrays.fill(offTheCurve, (byte) 0xff);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new VerifierKey(NAME, SignatureType.ED25519, ByteString.of(offTheCurve)));
    assertThatCode(() -> VerifierKey.parse(PublishedNotes.PETER)).doesNotThrowAnyException();
  }

  private static void requireRefused(String text) {
    assertThatIllegalArgumentException().as(text).isThrownBy(() -> VerifierKey.parse(text));
  }
}
