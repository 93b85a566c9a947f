package dev.pledge.log;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How many of which witnesses have to cosign a log's checkpoint: k of n. Witnesses are told apart
 * by name: one that has several keys, say for Ed25519 and for ML-DSA-44, counts once.
 */
public record Quorum(int threshold, Set<VerifierKey> witnesses) {
  /** Nobody's cosignature is asked for. */
  public static final Quorum NONE = new Quorum(0, Set.of());

  /**
   * Throws {@link IllegalArgumentException} if a key is none that cosigns, if two witnesses share a
   * public key, and if more are asked for than there are.
   */
  public Quorum {
    witnesses = Set.copyOf(witnesses);
    Set<ByteString> publicKeys = new HashSet<>();
    for (VerifierKey witness : witnesses) {
      if (!witness.type().isCosignature()) {
        throw new IllegalArgumentException(
            "`" + witness.label() + "` cannot cosign; give the key of a witness, of type 4 or 6");
      }
      if (!publicKeys.add(witness.publicKey())) {
        throw new IllegalArgumentException(
            "`" + witness.label() + "` has another witness's key; give each a key of its own");
      }
    }
    long names = witnesses.stream().map(VerifierKey::name).distinct().count();
    if (threshold < 0 || threshold > names) {
      throw new IllegalArgumentException(
          "more witnesses asked for than there are; ask for 0 to " + names);
    }
  }

  /**
   * Opens a log's checkpoint and tells which witnesses cosigned it. That too few did is an answer
   * and no error; cosignatures without a time do not count, since a witness has to give one.
   *
   * @param logKeys the log's keys, of which one at least has to have signed
   * @throws MalformedNote if the bytes are no note, or its text is no checkpoint
   * @throws InvalidSignature if a signature of the log or of a witness is wrong
   * @throws UnverifiedNote if no key of the log has signed, or the checkpoint has another origin
   * @throws IllegalArgumentException as {@link #requireLogKeys} does
   */
  public WitnessedCheckpoint open(byte[] note, String origin, Collection<VerifierKey> logKeys) {
    requireLogKeys(logKeys);
    List<VerifierKey> known = new ArrayList<>(logKeys);
    known.addAll(witnesses);
    VerifiedNote verified = SignedNote.open(note, known);
    if (verified.signers().stream().noneMatch(logKeys::contains)) {
      throw new UnverifiedNote(
          "checkpoint without a signature of its log; get it anew, or give the log's verifier key");
    }
    Checkpoint checkpoint = Checkpoint.parse(verified.text());
    if (!checkpoint.origin().equals(origin)) {
      throw new UnverifiedNote(
          "checkpoint of another log than `" + origin + "`; get it from this log");
    }
    List<Cosignature> cosignatures =
        verified.cosignatures().stream()
            .filter(it -> witnesses.contains(it.cosigner()) && it.isDated())
            .toList();
    return new WitnessedCheckpoint(checkpoint, verified, cosignatures, threshold);
  }

  /**
   * Throws {@link IllegalArgumentException} unless these can be a log's keys beside the witnesses:
   * one at least, none of a witness's, and no two under one name and key id.
   */
  void requireLogKeys(Collection<VerifierKey> logKeys) {
    if (logKeys.isEmpty()) {
      throw new IllegalArgumentException("no key of the log; give its verifier key");
    }
    for (VerifierKey witness : witnesses) {
      if (logKeys.stream().anyMatch(it -> it.publicKey().equals(witness.publicKey()))) {
        throw new IllegalArgumentException(
            "`" + witness.label() + "` has the log's own key; a log cannot be its witness");
      }
    }
    List<VerifierKey> all = new ArrayList<>(logKeys);
    all.addAll(witnesses);
    SignedNote.requireDistinct(all);
  }
}
