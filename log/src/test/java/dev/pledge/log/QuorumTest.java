package dev.pledge.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class QuorumTest {
  private static final String ORIGIN = "log.example/one";
  private static final Instant AT = Instant.parse("2026-07-31T12:00:00Z");
  private static final Checkpoint CHECKPOINT =
      new Checkpoint(ORIGIN, 7, Hash.ofLeaf("seven".getBytes(UTF_8)));
  private static final NoteSigner LOG = new NoteSigner(ORIGIN, seed(1));
  private static final Cosigner ONE = Cosigner.ed25519("witness.example/1", seed(2));
  private static final Cosigner TWO = Cosigner.mlDsa44("witness.example/2", seed(3));
  private static final Cosigner THREE = Cosigner.ed25519("witness.example/3", seed(4));
  private static final Set<VerifierKey> ALL =
      Set.of(ONE.verifierKey(), TWO.verifierKey(), THREE.verifierKey());
  private static final SignedNote SIGNED = LOG.sign(CHECKPOINT.text());

  @Test
  void tellsWhoCosignedAndWhetherTheyAreEnough() {
    SignedNote note = SIGNED.with(ONE.cosign(CHECKPOINT, AT));
    WitnessedCheckpoint opened = open(new Quorum(2, ALL), note);
    assertThat(opened.checkpoint()).isEqualTo(CHECKPOINT);
    assertThat(opened.witnesses()).containsExactly("witness.example/1");
    assertThat(opened.cosignatures()).containsExactly(new Cosignature(ONE.verifierKey(), AT));
    assertThat(opened.reachesQuorum()).isFalse();

    WitnessedCheckpoint twice =
        open(new Quorum(2, ALL), note.with(TWO.cosign(CHECKPOINT, AT.plusSeconds(1))));
    assertThat(twice.reachesQuorum()).isTrue();
    assertThat(twice.cosignatures())
        .containsExactly(
            new Cosignature(ONE.verifierKey(), AT),
            new Cosignature(TWO.verifierKey(), AT.plusSeconds(1)));
    assertThat(open(new Quorum(3, ALL), twice.note().note()).reachesQuorum()).isFalse();
    assertThat(open(Quorum.NONE, SIGNED).reachesQuorum()).isTrue();
  }

  @Test
  void whoCosignsTwiceCountsOnce() {
    SignedNote twice =
        new SignedNote(
            SIGNED.text(),
            List.of(
                SIGNED.signatures().getFirst(),
                ONE.cosign(CHECKPOINT, AT),
                ONE.cosign(CHECKPOINT, AT.plusSeconds(9))));
    WitnessedCheckpoint opened = open(new Quorum(2, ALL), twice);
    assertThat(opened.cosignatures()).containsExactly(new Cosignature(ONE.verifierKey(), AT));
    assertThat(opened.reachesQuorum()).isFalse();
  }

  @Test
  void aWitnessWithTwoKeysCountsOnce() {
    Cosigner second = Cosigner.mlDsa44("witness.example/1", seed(5));
    Set<VerifierKey> keys = Set.of(ONE.verifierKey(), second.verifierKey(), THREE.verifierKey());
    SignedNote note = SIGNED.with(ONE.cosign(CHECKPOINT, AT)).with(second.cosign(CHECKPOINT, AT));
    WitnessedCheckpoint opened = open(new Quorum(2, keys), note);
    assertThat(opened.cosignatures()).hasSize(2);
    assertThat(opened.reachesQuorum()).isFalse();
    assertThatIllegalArgumentException().isThrownBy(() -> new Quorum(3, keys));
  }

  @Test
  void strangersDoNotCount() {
    Cosigner stranger = Cosigner.ed25519("stranger.example/1", seed(9));
    SignedNote note = SIGNED.with(stranger.cosign(CHECKPOINT, AT));
    assertThat(open(new Quorum(1, ALL), note).witnesses()).isEmpty();
  }

  @Test
  void cosignaturesWithoutATimeDoNotCount() {
    VerifierKey key = TWO.verifierKey();
    byte[] signature = Algorithm.ML_DSA_44.sign(seed(3), Cosignature.message(key, 0, CHECKPOINT));
    byte[] timed = new byte[Long.BYTES + signature.length];
    System.arraycopy(signature, 0, timed, Long.BYTES, signature.length);
    SignedNote note = SIGNED.with(NoteSignature.of(key, timed));
    WitnessedCheckpoint opened = open(new Quorum(1, ALL), note);
    assertThat(opened.note().cosignatures()).hasSize(1);
    assertThat(opened.reachesQuorum()).isFalse();
  }

  @Test
  void oneBitFlippedAnywhereIsCaughtOrCostsTheCosignature() {
    byte[] note = SIGNED.with(ONE.cosign(CHECKPOINT, AT)).encode();
    Quorum quorum = new Quorum(1, ALL);
    for (int bit = 0; bit < note.length * 8; bit++) {
      byte[] flipped = note.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      boolean reached;
      try {
        reached = quorum.open(flipped, ORIGIN, List.of(LOG.verifierKey())).reachesQuorum();
      } catch (MalformedNote | InvalidSignature | UnverifiedNote _) {
        reached = false;
      }
      assertThat(reached).as("bit %d", bit).isFalse();
    }
  }

  @Test
  void aCosignatureOfAnotherCheckpointSpoilsTheNote() {
    Checkpoint other = new Checkpoint(ORIGIN, 8, CHECKPOINT.root());
    SignedNote note = SIGNED.with(ONE.cosign(other, AT));
    assertThatExceptionOfType(InvalidSignature.class)
        .isThrownBy(() -> open(new Quorum(0, ALL), note));
  }

  @Test
  void witnessesAloneDoNotMakeACheckpoint() {
    SignedNote note =
        new SignedNote(
            CHECKPOINT.text(), List.of(ONE.cosign(CHECKPOINT, AT), TWO.cosign(CHECKPOINT, AT)));
    assertThatExceptionOfType(UnverifiedNote.class)
        .isThrownBy(() -> open(new Quorum(2, ALL), note))
        .withMessageContaining("its log");
  }

  @Test
  void checkpointsOfAnotherOriginAreRefused() {
    SignedNote note = LOG.sign(new Checkpoint("log.example/two", 7, CHECKPOINT.root()).text());
    assertThatExceptionOfType(UnverifiedNote.class)
        .isThrownBy(() -> open(Quorum.NONE, note))
        .withMessageContaining("`log.example/one`");
  }

  @Test
  void aSignedTextThatIsNoCheckpointIsRefused() {
    SignedNote note = LOG.sign(ORIGIN + "\n");
    assertThatExceptionOfType(MalformedNote.class)
        .isThrownBy(() -> open(Quorum.NONE, note))
        .withMessageStartingWith("malformed checkpoint");
  }

  @Test
  void anyOfTheLogsKeysWillDo() {
    NoteSigner next = new NoteSigner(ORIGIN, seed(6));
    List<VerifierKey> keys = List.of(LOG.verifierKey(), next.verifierKey());
    assertThat(Quorum.NONE.open(SIGNED.encode(), ORIGIN, keys).note().signers()).hasSize(1);
    assertThat(Quorum.NONE.open(next.sign(SIGNED).encode(), ORIGIN, keys).note().signers())
        .hasSize(2);
  }

  /** C2SP tlog-checkpoint advises logs to sign with ML-DSA-44. */
  @Test
  void aLogMaySignWithMlDsa() {
    Cosigner log = Cosigner.mlDsa44(ORIGIN, seed(7));
    SignedNote note = new SignedNote(CHECKPOINT.text(), List.of(log.cosign(CHECKPOINT, AT)));
    WitnessedCheckpoint opened =
        new Quorum(0, ALL).open(note.encode(), ORIGIN, List.of(log.verifierKey()));
    assertThat(opened.checkpoint()).isEqualTo(CHECKPOINT);
    assertThat(opened.witnesses()).isEmpty();
  }

  @Test
  void theChecksumDatabaseOfGoIsOpened() {
    WitnessedCheckpoint opened =
        Quorum.NONE.open(
            PublishedNotes.SUM_DB_CHECKPOINT.getBytes(UTF_8),
            PublishedNotes.SUM_DB_ORIGIN,
            List.of(VerifierKey.parse(PublishedNotes.SUM_DB)));
    assertThat(opened.checkpoint().size()).isEqualTo(35_225_469);
  }

  @Test
  void quorumsThatCannotBeAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Quorum(4, ALL));
    assertThatIllegalArgumentException().isThrownBy(() -> new Quorum(-1, ALL));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Quorum(1, Set.of(LOG.verifierKey())))
        .withMessageContaining("cannot cosign");
    VerifierKey alias = Cosigner.ed25519("alias", seed(2)).verifierKey();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Quorum(1, Set.of(ONE.verifierKey(), alias)))
        .withMessageContaining("a key of its own");
    VerifierKey own = Cosigner.ed25519("own", seed(1)).verifierKey();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> open(new Quorum(1, Set.of(own)), SIGNED))
        .withMessageContaining("its witness");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Quorum.NONE.open(SIGNED.encode(), ORIGIN, List.of()));
  }

  private static WitnessedCheckpoint open(Quorum quorum, SignedNote note) {
    return quorum.open(note.encode(), ORIGIN, List.of(LOG.verifierKey()));
  }

  private static byte[] seed(int value) {
    byte[] seed = new byte[Algorithm.SEED_SIZE];
    Arrays.fill(seed, (byte) value);
    return seed;
  }
}
