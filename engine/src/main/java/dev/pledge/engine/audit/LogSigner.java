package dev.pledge.engine.audit;

import dev.pledge.log.NoteSigner;
import dev.pledge.log.SignedNote;
import dev.pledge.log.VerifierKey;
import java.util.List;

/**
 * Signs what a log says of itself. Safe for use by many threads.
 *
 * @param origin the log's name to the world, which is also its key's
 */
public record LogSigner(String origin, NoteSigner signer) {
  /** The text as a signed note (C2SP signed-note). */
  byte[] sign(String text) {
    return signer.sign(text).encode();
  }

  /**
   * The text of a note that this has signed.
   *
   * @throws RuntimeException if it has not
   */
  String open(byte[] note) {
    return SignedNote.open(note, List.of(verifierKey())).text();
  }

  /** What others verify the signatures with. */
  public VerifierKey verifierKey() {
    return signer.verifierKey();
  }

  @Override
  public String toString() {
    return "LogSigner[" + origin + "]";
  }
}
