package dev.pledge.log;

/**
 * A note with a signature under the name and id of a known key that this key did not make over this
 * text. The whole note is refused, whoever else signed it.
 */
public final class InvalidSignature extends RuntimeException {
  InvalidSignature(VerifierKey key) {
    super(
        "signature of `"
            + key.label()
            + "` does not fit the note; text, signature or key was altered");
  }
}
