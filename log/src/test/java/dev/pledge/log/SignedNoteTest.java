package dev.pledge.log;

import static dev.pledge.log.PublishedNotes.ENOCH_SIGNATURE;
import static dev.pledge.log.PublishedNotes.PETER_SIGNATURE;
import static dev.pledge.log.PublishedNotes.TEXT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class SignedNoteTest {
  private static final long SEED = 20_260_731;
  private static final VerifierKey PETER = VerifierKey.parse(PublishedNotes.PETER);
  private static final VerifierKey ENOCH = VerifierKey.parse(PublishedNotes.ENOCH);
  private static final NoteSigner PETER_SIGNER = new NoteSigner("PeterNeumann", peterSeed());
  private static final NoteSigner ENOCH_SIGNER = new NoteSigner("EnochRoot", new byte[32]);

  @Test
  void signsAsPublished() {
    SignedNote note = PETER_SIGNER.sign(TEXT);
    assertThat(PETER_SIGNER.verifierKey()).isEqualTo(PETER);
    assertThat(note.encode()).asString(UTF_8).isEqualTo(TEXT + "\n" + PETER_SIGNATURE);
    assertThat(ENOCH_SIGNER.verifierKey()).isEqualTo(ENOCH);
    assertThat(ENOCH_SIGNER.sign(note).encode())
        .asString(UTF_8)
        .isEqualTo(TEXT + "\n" + PETER_SIGNATURE + ENOCH_SIGNATURE);
  }

  @Test
  void opensPublishedNotes() {
    VerifiedNote foo = open(PublishedNotes.FOO_NOTE, VerifierKey.parse(PublishedNotes.FOO));
    assertThat(foo.text()).isEqualTo("This is an example message.\n");
    VerifierKey sumDb = VerifierKey.parse(PublishedNotes.SUM_DB);
    assertThat(open(PublishedNotes.SUM_DB_CHECKPOINT, sumDb).signers()).containsExactly(sumDb);
  }

  @Test
  void theJdkVerifiesWhatIsSigned() throws Exception {
    NoteSignature signature = PETER_SIGNER.sign(TEXT).signatures().getFirst();
    byte[] bytes = signature.signature().toByteArray();
    assertThat(JdkSignatures.verify(PETER, TEXT.getBytes(UTF_8), bytes)).isTrue();
    assertThat(JdkSignatures.verify(ENOCH, TEXT.getBytes(UTF_8), bytes)).isFalse();
  }

  @Test
  void tellsWhichKnownKeysHaveSigned() {
    String note = TEXT + "\n" + PETER_SIGNATURE + ENOCH_SIGNATURE;
    assertThat(open(note, PETER, ENOCH).signers()).containsExactly(PETER, ENOCH);
    VerifiedNote byEnoch = open(note, ENOCH);
    assertThat(byEnoch.signers()).containsExactly(ENOCH);
    assertThat(byEnoch.cosignatures()).isEmpty();
    assertThat(byEnoch.note().encode()).asString(UTF_8).isEqualTo(note);
    assertThatExceptionOfType(UnverifiedNote.class).isThrownBy(() -> open(note));
  }

  @Test
  void anotherKeyUnderAKnownNameIsUnknown() {
    NoteSigner impostor = new NoteSigner(PETER.name(), new byte[32]);
    SignedNote note = impostor.sign(TEXT);
    assertThatExceptionOfType(UnverifiedNote.class).isThrownBy(() -> note.open(List.of(PETER)));
    assertThat(PETER_SIGNER.sign(note).open(List.of(PETER)).signers()).containsExactly(PETER);
  }

  @Test
  void oneWrongSignatureOfAKnownKeySpoilsTheNote() {
    String wrong = PETER_SIGNATURE.substring(0, 60) + "ABCD" + PETER_SIGNATURE.substring(60);
    assertThatExceptionOfType(InvalidSignature.class)
        .isThrownBy(() -> open(TEXT + "\n" + ENOCH_SIGNATURE + wrong, PETER, ENOCH))
        .withMessageContaining("`PeterNeumann+c74f20a3`");
    assertThatExceptionOfType(InvalidSignature.class)
        .isThrownBy(() -> open(TEXT + "\n" + PETER_SIGNATURE + wrong, PETER));
    assertThat(open(TEXT + "\n" + ENOCH_SIGNATURE + wrong, ENOCH).signers()).containsExactly(ENOCH);
  }

  @Test
  void whoSignsTwiceCountsOnce() {
    String note = TEXT + "\n" + PETER_SIGNATURE + ENOCH_SIGNATURE + PETER_SIGNATURE;
    VerifiedNote opened = open(note, PETER);
    assertThat(opened.signers()).containsExactly(PETER);
    assertThat(opened.note().encode()).asString(UTF_8).isEqualTo(note);
  }

  @Test
  void addingASignatureReplacesThatOfTheSameKey() {
    NoteSignature bad = new NoteSignature(PETER.name(), PETER.id(), ByteString.of((byte) 1));
    SignedNote note = new SignedNote(TEXT, List.of(bad));
    assertThat(PETER_SIGNER.sign(note)).isEqualTo(PETER_SIGNER.sign(TEXT));
  }

  @Test
  void aKeyGivenTwiceIsOneKey() {
    assertThat(PETER_SIGNER.sign(TEXT).open(List.of(PETER, PETER)).signers())
        .containsExactly(PETER);
  }

  /** Key ids have 32 bits: these two were found by counting up. */
  @Test
  void twoKnownKeysOfOneNameAndIdAreAmbiguous() {
    VerifierKey one = counted(83_706);
    VerifierKey other = counted(108_836);
    assertThat(one.id()).isEqualTo(other.id()).hasToString("42f17de3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PETER_SIGNER.sign(TEXT).open(List.of(PETER, one, other)))
        .withMessageContaining("`w+42f17de3`");
  }

  private static VerifierKey counted(int number) {
    ByteString publicKey = ByteString.of(ByteBuffer.allocate(1312).putInt(number).array());
    return new VerifierKey("w", SignatureType.ML_DSA_44_COSIGNATURE, publicKey);
  }

  @Test
  void oneBitFlippedAnywhereIsCaught() {
    byte[] note = PETER_SIGNER.sign(TEXT + "\nsecond part ünïcödé\n").encode();
    for (int bit = 0; bit < note.length * 8; bit++) {
      byte[] flipped = note.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(catchThrowable(() -> SignedNote.open(flipped, List.of(PETER))))
          .as("bit %d", bit)
          .isInstanceOfAny(MalformedNote.class, InvalidSignature.class, UnverifiedNote.class);
    }
  }

  @Test
  void whatIsCutOrAppendedIsCaught() {
    byte[] note = PETER_SIGNER.sign(TEXT).encode();
    for (int length = 0; length < note.length; length++) {
      byte[] cut = Arrays.copyOf(note, length);
      assertThatExceptionOfType(MalformedNote.class)
          .as("cut to %d", length)
          .isThrownBy(() -> SignedNote.parse(cut));
    }
    assertThatExceptionOfType(MalformedNote.class)
        .isThrownBy(() -> SignedNote.parse(Arrays.copyOf(note, note.length + 1)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void malformedNotesAreRefused(String why, String note) {
    assertThatExceptionOfType(MalformedNote.class)
        .isThrownBy(() -> SignedNote.parse(note.getBytes(UTF_8)))
        .withMessageStartingWith("malformed ");
  }

  static Stream<Arguments> malformedNotesAreRefused() {
    String line = PETER_SIGNATURE;
    return Stream.of(
        Arguments.of("nothing", ""),
        Arguments.of("text alone", TEXT),
        Arguments.of("no signature", TEXT + "\n"),
        Arguments.of("no text", "\n" + line),
        Arguments.of("no empty line", TEXT + line),
        Arguments.of("two empty lines at the end", TEXT + "\n" + line + "\n\n"),
        Arguments.of("last line not ended", TEXT + "\n" + line.stripTrailing()),
        Arguments.of("control character in the text", "\u0001" + TEXT + "\n" + line),
        Arguments.of("tab", "\t" + TEXT + "\n" + line),
        Arguments.of("zero", "\0" + TEXT + "\n" + line),
        Arguments.of("carriage returns", (TEXT + "\n" + line).replace("\n", "\r\n")),
        Arguments.of("space in the name", TEXT + "\n" + line.replace("rN", "r N")),
        Arguments.of("no-break space", TEXT + "\n" + line.replace("rN", "r\u00a0N")),
        Arguments.of("plus in the name", TEXT + "\n" + line.replace("rN", "r+N")),
        Arguments.of("no name", TEXT + "\n" + line.replace("PeterNeumann", "")),
        Arguments.of("no signature after the name", TEXT + "\n— PeterNeumann\n"),
        Arguments.of("empty signature", TEXT + "\n— PeterNeumann \n"),
        Arguments.of("key id alone", TEXT + "\n— PeterNeumann x08gow==\n"),
        Arguments.of("padding missing", TEXT + "\n" + line.replace("=", "")),
        Arguments.of("stray bits in base64", TEXT + "\n" + line.replace("nAM=", "nAN=")),
        Arguments.of("alphabet of URLs", TEXT + "\n" + line.replace("/", "_")),
        Arguments.of("space at the end", TEXT + "\n" + line.replace("=\n", "= \n")),
        Arguments.of("two spaces", TEXT + "\n" + line.replace("n x", "n  x")),
        Arguments.of("hyphen for the dash", TEXT + "\n" + line.replace("—", "-")),
        Arguments.of("en dash", TEXT + "\n" + line.replace("—", "–")),
        Arguments.of("no space after the dash", TEXT + "\n" + line.replace("— ", "—")),
        Arguments.of("a line that is none", TEXT + "\n" + line + "Unexpected line.\n"),
        Arguments.of("101 signatures", TEXT + "\n" + line.repeat(101)));
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() {
    byte[] note = (TEXT + "\n" + PETER_SIGNATURE).getBytes(UTF_8);
    // a lone byte, an overlong form of `/`, half a surrogate pair, a code point above U+10FFFF
    for (String bytes : List.of("ff", "80", "c0af", "eda0bd", "f4908080")) {
      byte[] start = ByteString.ofHex(bytes).toByteArray();
      byte[] bad = Arrays.copyOf(start, start.length + note.length);
      System.arraycopy(note, 0, bad, start.length, note.length);
      assertThatExceptionOfType(MalformedNote.class)
          .isThrownBy(() -> SignedNote.parse(bad))
          .withMessageContaining("UTF-8");
    }
  }

  @Test
  void aHundredSignaturesAndAMillionBytesAreTheMost() {
    assertThat(open(TEXT + "\n" + PETER_SIGNATURE.repeat(100), PETER).note().signatures())
        .hasSize(100);
    int rest = SignedNote.MAX_SIZE - 1 - PETER_SIGNATURE.getBytes(UTF_8).length;
    SignedNote longest = PETER_SIGNER.sign("x".repeat(rest - 1) + "\n");
    assertThat(longest.encode()).hasSize(SignedNote.MAX_SIZE);
    assertThat(SignedNote.open(longest.encode(), List.of(PETER)).signers()).hasSize(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PETER_SIGNER.sign("x".repeat(rest) + "\n"))
        .withMessageContaining("too long");
    assertThatExceptionOfType(MalformedNote.class)
        .isThrownBy(() -> SignedNote.parse(new byte[SignedNote.MAX_SIZE + 1]));
  }

  @Test
  void textsThatNoNoteCanHaveAreNotSigned() {
    for (String text : List.of("", "abc", "a\rb\n", "a\u0000\n", "half \ud83d\n")) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> PETER_SIGNER.sign(text))
          .withMessageStartingWith("malformed text of a note");
    }
    assertThatIllegalArgumentException().isThrownBy(() -> new SignedNote(TEXT, List.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NoteSigner("short", new byte[31]))
        .withMessageStartingWith("malformed seed");
  }

  @Test
  void everyNoteComesBackFromItsOneEncoding() {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < 300; i++) {
      NoteSigner signer = new NoteSigner("log.example/" + word(random), seed(random));
      NoteSigner other = new NoteSigner("log.example/" + word(random), seed(random));
      SignedNote note = other.sign(signer.sign(text(random)));
      SignedNote parsed = SignedNote.parse(note.encode());
      assertThat(parsed).as("seed %d, round %d", SEED, i).isEqualTo(note);
      assertThat(parsed.open(List.of(signer.verifierKey(), other.verifierKey())).signers())
          .as("seed %d, round %d", SEED, i)
          .containsExactly(signer.verifierKey(), other.verifierKey());
    }
  }

  @Test
  void signersPrintWithoutTheirSeed() {
    assertThat(PETER_SIGNER).hasToString("NoteSigner[PeterNeumann+c74f20a3, [redacted]]");
    assertThat(Cosigner.ed25519("w", new byte[32]).toString()).endsWith(", [redacted]]");
  }

  private static String text(SplittableRandom random) {
    StringBuilder text = new StringBuilder();
    for (int line = random.nextInt(6); line >= 0; line--) {
      for (int words = random.nextInt(5); words > 0; words--) {
        text.append(word(random)).append(random.nextBoolean() ? " " : "— ");
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static String word(SplittableRandom random) {
    StringBuilder word = new StringBuilder();
    for (int length = random.nextInt(1, 9); length > 0; length--) {
      word.appendCodePoint(
          switch (random.nextInt(4)) {
            case 0 -> random.nextInt('a', 'z' + 1);
            case 1 -> random.nextInt(0x370, 0x400);
            case 2 -> random.nextInt(0x4e00, 0x9fff);
            default -> random.nextInt(0x1f600, 0x1f650);
          });
    }
    return word.toString();
  }

  private static byte[] seed(SplittableRandom random) {
    byte[] seed = new byte[Algorithm.SEED_SIZE];
    random.nextBytes(seed);
    return seed;
  }

  private static byte[] peterSeed() {
    return Arrays.copyOfRange(Base64.getDecoder().decode(PublishedNotes.PETER_PRIVATE), 1, 33);
  }

  private static VerifiedNote open(String note, VerifierKey... known) {
    return SignedNote.open(note.getBytes(UTF_8), List.of(known));
  }
}
