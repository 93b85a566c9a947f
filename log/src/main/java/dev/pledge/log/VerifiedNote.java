package dev.pledge.log;

import java.util.List;

/**
 * A note that was opened: at least one known key has signed its text, and no signature of a known
 * key is wrong. Made by {@link SignedNote#open} alone.
 */
public final class VerifiedNote {
  private final SignedNote note;
  private final List<VerifierKey> signers;
  private final List<Cosignature> cosignatures;

  VerifiedNote(SignedNote note, List<VerifierKey> signers, List<Cosignature> cosignatures) {
    this.note = note;
    this.signers = signers;
    this.cosignatures = cosignatures;
  }

  /** The note, with its signatures of unknown keys. */
  public SignedNote note() {
    return note;
  }

  /** The signed text. */
  public String text() {
    return note.text();
  }

  /** The known keys that have signed, each once, in the order of their first signatures. */
  public List<VerifierKey> signers() {
    return signers;
  }

  /** What those of them have said that cosign checkpoints, in the same order. */
  public List<Cosignature> cosignatures() {
    return cosignatures;
  }

  @Override
  public String toString() {
    return "VerifiedNote[" + signers.stream().map(VerifierKey::label).toList() + "]";
  }
}
