package dev.pledge.log;

import java.util.Collection;
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

  /**
   * This note, in which one of these keys has signed under the name of the log: the origin that the
   * text begins with. C2SP tlog-checkpoint advises that name, and Pledge's logs have no other.
   *
   * @throws UnverifiedNote if none has
   */
  public VerifiedNote requireSignedBy(Collection<VerifierKey> logKeys) {
    String origin = text().substring(0, text().indexOf('\n'));
    if (signers.stream().noneMatch(it -> logKeys.contains(it) && it.name().equals(origin))) {
      throw new UnverifiedNote(
          "signed under another name than its origin, `"
              + origin
              + "`; get it from this log, or give the key that has the log's name");
    }
    return this;
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
