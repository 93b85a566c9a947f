package dev.pledge.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/**
 * Signs notes with Ed25519 under a name, as a log signs its checkpoints under its origin. The same
 * text always gets the same signature.
 *
 * <p>It prints without its seed, which stays in memory as long as this does.
 */
public final class NoteSigner {
  private final SigningKey key;

  /**
   * A signer from the private key of RFC 8032, which is 32 random bytes.
   *
   * @throws IllegalArgumentException if the name is none for a key, or the seed of another length
   */
  public NoteSigner(String name, byte[] seed) {
    key = new SigningKey(name, SignatureType.ED25519, seed);
  }

  /** The key that verifies what this signs. */
  public VerifierKey verifierKey() {
    return key.verifierKey();
  }

  /**
   * A note of this text, signed.
   *
   * @throws IllegalArgumentException if no note can have this text, such as one without a newline
   *     at its end
   */
  public SignedNote sign(String text) {
    return new SignedNote(text, List.of(signature(text)));
  }

  /**
   * The note with this signature too, as the old and the new key of a log both sign for a while.
   * The signatures it has are not verified.
   */
  public SignedNote sign(SignedNote note) {
    return note.with(signature(note.text()));
  }

  private NoteSignature signature(String text) {
    return NoteSignature.of(key.verifierKey(), key.sign(text.getBytes(UTF_8)));
  }

  @Override
  public String toString() {
    return "NoteSigner[" + key + "]";
  }
}
