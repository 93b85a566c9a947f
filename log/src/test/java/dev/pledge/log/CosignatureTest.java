package dev.pledge.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class CosignatureTest {
  private static final Instant AT = Instant.ofEpochSecond(1_679_315_147);
  private static final Hash ROOT =
      new Hash(
          ByteString.ofHex("0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62"));
  private static final Checkpoint CHECKPOINT =
      new Checkpoint("example.com/behind-the-sofa", 20_852_163, ROOT);
  private static final byte[] SEED = new byte[32];

  static Stream<Cosigner> cosigners() {
    return Stream.of(Cosigner.ed25519("witness/w1", SEED), Cosigner.mlDsa44("witness/w2", SEED));
  }

  @Test
  void theMessageForEd25519IsThePublishedOne() {
    VerifierKey key = Cosigner.ed25519("witness.example.com/w1", SEED).verifierKey();
    assertThat(Cosignature.message(key, AT.getEpochSecond(), CHECKPOINT))
        .asString(UTF_8)
        .isEqualTo(
            """
            cosignature/v1
            time 1679315147
            example.com/behind-the-sofa
            20852163
            CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
            """);
  }

  @Test
  void thePublishedCosignatureCarriesTheTimeOfThatMessage() {
    SignedNote note = SignedNote.parse(PublishedNotes.COSIGNED.getBytes(UTF_8));
    byte[] signature = note.signatures().getLast().signature().toByteArray();
    assertThat(signature).hasSize(Long.BYTES + 64);
    assertThat(ByteBuffer.wrap(signature).getLong()).isEqualTo(AT.getEpochSecond());
    assertThat(Checkpoint.parse(note.text())).isEqualTo(CHECKPOINT);
  }

  /** Written from the structure in C2SP tlog-cosignature, "ML-DSA-44 signed message". */
  @Test
  void theMessageForMlDsaIsTheStructureOfTheSpecification() {
    VerifierKey key = Cosigner.mlDsa44("witness.example.com/w1", SEED).verifierKey();
    assertThat(ByteString.of(Cosignature.message(key, AT.getEpochSecond(), CHECKPOINT)))
        .isEqualTo(
            ByteString.ofHex(
                "737562747265652f76310a00"
                    + "16"
                    + "7769746e6573732e6578616d706c652e636f6d2f7731"
                    + "00000000641850cb"
                    + "1b"
                    + "6578616d706c652e636f6d2f626568696e642d7468652d736f6661"
                    + "0000000000000000"
                    + "00000000013e2dc3"
                    + "0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62"));
  }

  @ParameterizedTest
  @MethodSource("cosigners")
  void theTimeComesBack(Cosigner cosigner) {
    NoteSignature line = cosigner.cosign(CHECKPOINT, AT.plusMillis(999));
    assertThat(verify(cosigner, CHECKPOINT, line))
        .contains(new Cosignature(cosigner.verifierKey(), AT));
    assertThat(NoteSignature.parse(line.toString())).isEqualTo(line);
    assertThat(cosigner.cosign(CHECKPOINT, AT)).isEqualTo(line);
  }

  @ParameterizedTest
  @MethodSource("cosigners")
  void theJdkVerifiesWhatIsCosigned(Cosigner cosigner) throws Exception {
    VerifierKey key = cosigner.verifierKey();
    byte[] timed = cosigner.cosign(CHECKPOINT, AT).signature().toByteArray();
    byte[] signature = Arrays.copyOfRange(timed, Long.BYTES, timed.length);
    byte[] message = Cosignature.message(key, AT.getEpochSecond(), CHECKPOINT);
    assertThat(JdkSignatures.verify(key, message, signature)).isTrue();
    message[message.length - 1] ^= 1;
    assertThat(JdkSignatures.verify(key, message, signature)).isFalse();
  }

  @ParameterizedTest
  @MethodSource("cosigners")
  void oneBitFlippedAnywhereInTheSignatureIsCaught(Cosigner cosigner) {
    byte[] timed = cosigner.cosign(CHECKPOINT, AT).signature().toByteArray();
    for (int i = 0; i < timed.length; i++) {
      byte[] flipped = timed.clone();
      flipped[i] ^= (byte) (1 << i % 8);
      NoteSignature line = NoteSignature.of(cosigner.verifierKey(), flipped);
      assertThat(verify(cosigner, CHECKPOINT, line)).as("byte %d", i).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("cosigners")
  void anythingElseCosignedIsCaught(Cosigner cosigner) {
    NoteSignature line = cosigner.cosign(CHECKPOINT, AT);
    assertThat(verify(cosigner, new Checkpoint("other", 20_852_163, ROOT), line)).isEmpty();
    assertThat(verify(cosigner, new Checkpoint(CHECKPOINT.origin(), 1, ROOT), line)).isEmpty();
    Hash other = Hash.ofLeaf(new byte[0]);
    assertThat(verify(cosigner, new Checkpoint(CHECKPOINT.origin(), 20_852_163, other), line))
        .isEmpty();
    assertThat(Cosignature.verify(cosigner.verifierKey(), "no checkpoint\n", line.signature()))
        .isEmpty();
    for (int length : new int[] {1, 8, 9, 71, line.signature().size() - 1}) {
      byte[] cut = Arrays.copyOf(line.signature().toByteArray(), length);
      assertThat(Cosignature.verify(cosigner.verifierKey(), CHECKPOINT.text(), ByteString.of(cut)))
          .isEmpty();
    }
  }

  /** Ed25519 covers extension lines, ML-DSA-44 the cosigner's name instead. */
  @Test
  void whatTheTwoKindsCoverDiffers() {
    Checkpoint extended = new Checkpoint(CHECKPOINT.origin(), 20_852_163, ROOT, List.of("x"));
    Cosigner ed25519 = Cosigner.ed25519("w", SEED);
    Cosigner mlDsa = Cosigner.mlDsa44("w", SEED);
    assertThat(verify(ed25519, extended, ed25519.cosign(CHECKPOINT, AT))).isEmpty();
    assertThat(verify(mlDsa, extended, mlDsa.cosign(CHECKPOINT, AT))).isPresent();
    Cosigner sameKey = Cosigner.ed25519("w2", SEED);
    assertThat(verify(sameKey, CHECKPOINT, ed25519.cosign(CHECKPOINT, AT))).isPresent();
    Cosigner sameMlDsaKey = Cosigner.mlDsa44("w2", SEED);
    assertThat(verify(sameMlDsaKey, CHECKPOINT, mlDsa.cosign(CHECKPOINT, AT))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("cosigners")
  void timesThatCannotBeAreRefused(Cosigner cosigner) {
    for (long time : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE}) {
      assertThat(verify(cosigner, CHECKPOINT, signedAt(cosigner, time))).as("%d", time).isEmpty();
    }
    assertThat(verify(cosigner, CHECKPOINT, signedAt(cosigner, Instant.MAX.getEpochSecond())))
        .isPresent();
    assertThat(verify(cosigner, CHECKPOINT, signedAt(cosigner, 0)).orElseThrow().isDated())
        .isFalse();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cosigner.cosign(CHECKPOINT, Instant.EPOCH));
  }

  @Test
  void whatDoesNotFitAnMlDsaMessageIsNotCosigned() {
    Checkpoint longest = new Checkpoint("o".repeat(255), 20_852_163, ROOT);
    Checkpoint tooLong = new Checkpoint("o".repeat(256), 20_852_163, ROOT);
    Cosigner mlDsa = Cosigner.mlDsa44("w", SEED);
    NoteSignature line = mlDsa.cosign(longest, AT);
    assertThat(verify(mlDsa, longest, line)).isPresent();
    assertThat(verify(mlDsa, tooLong, line)).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> mlDsa.cosign(tooLong, AT))
        .withMessageContaining("255 bytes");
    Cosigner ed25519 = Cosigner.ed25519("w", SEED);
    assertThat(verify(ed25519, tooLong, ed25519.cosign(tooLong, AT))).isPresent();
  }

  @Test
  void aLogsOwnKeyDoesNotCosign() {
    VerifierKey log = new NoteSigner("log", SEED).verifierKey();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Cosignature.verify(log, CHECKPOINT.text(), ByteString.of(new byte[72])))
        .withMessageContaining("cannot cosign");
  }

  @Test
  void everyCosignatureComesBack() {
    long start = 20_260_731;
    SplittableRandom random = new SplittableRandom(start);
    for (int i = 0; i < 60; i++) {
      byte[] seed = new byte[32];
      random.nextBytes(seed);
      String name = "w" + random.nextInt();
      Cosigner cosigner = i % 2 == 0 ? Cosigner.ed25519(name, seed) : Cosigner.mlDsa44(name, seed);
      Instant time = Instant.ofEpochSecond(1 + random.nextLong(1L << 40));
      Checkpoint checkpoint =
          new Checkpoint("log/" + i, 1 + random.nextLong(1L << 60), Hash.ofLeaf(seed));
      NoteSignature line = NoteSignature.parse(cosigner.cosign(checkpoint, time).toString());
      assertThat(verify(cosigner, checkpoint, line))
          .as("seed %d, round %d", start, i)
          .contains(new Cosignature(cosigner.verifierKey(), time));
    }
  }

  /** A right signature over a time that {@link Cosigner} would not sign. */
  private static NoteSignature signedAt(Cosigner cosigner, long time) {
    VerifierKey key = cosigner.verifierKey();
    byte[] signature =
        key.type().algorithm().sign(SEED, Cosignature.message(key, time, CHECKPOINT));
    ByteBuffer timed = ByteBuffer.allocate(Long.BYTES + signature.length);
    return NoteSignature.of(key, timed.putLong(time).put(signature).array());
  }

  private static Optional<Cosignature> verify(
      Cosigner cosigner, Checkpoint checkpoint, NoteSignature line) {
    return Cosignature.verify(cosigner.verifierKey(), checkpoint.text(), line.signature());
  }
}
