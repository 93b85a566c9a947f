package dev.pledge.log;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A signature line of a note, not verified: the name and id of the key it claims to be of, and the
 * signature, whose form depends on that key's type (C2SP signed-note, "Signatures").
 */
public record NoteSignature(String name, ByteString keyId, ByteString signature) {
  private static final String PREFIX = "\u2014 ";

  /**
   * Throws {@link IllegalArgumentException} for a name that no key can have, an id that is not four
   * bytes and an empty signature.
   */
  public NoteSignature {
    NoteSyntax.requireName(name);
    if (keyId.size() != VerifierKey.ID_SIZE || signature.size() == 0) {
      throw new IllegalArgumentException(
          "malformed signature; give a key id of four bytes and the bytes of the signature");
    }
  }

  static NoteSignature of(VerifierKey key, byte[] signature) {
    return new NoteSignature(key.name(), key.id(), ByteString.of(signature));
  }

  /**
   * Reads a line, such as a witness answers with, without its newline.
   *
   * @throws MalformedNote if it is none
   */
  public static NoteSignature parse(String line) {
    int space = line.indexOf(' ', PREFIX.length());
    if (!line.startsWith(PREFIX) || space < 0) {
      throw new MalformedNote(
          "malformed signature line: it is not em dash, space, key name, space and base64");
    }
    String name = line.substring(PREFIX.length(), space);
    try {
      byte[] bytes = NoteSyntax.base64(line.substring(space + 1));
      if (bytes.length <= VerifierKey.ID_SIZE) {
        throw new MalformedNote("malformed signature line: the signature is too short");
      }
      return new NoteSignature(
          name,
          ByteString.of(Arrays.copyOf(bytes, VerifierKey.ID_SIZE)),
          ByteString.of(Arrays.copyOfRange(bytes, VerifierKey.ID_SIZE, bytes.length)));
    } catch (IllegalArgumentException e) {
      throw new MalformedNote("malformed signature line: its key name or base64 is none", e);
    }
  }

  /** Name and key id, which identify a key among others. */
  String label() {
    return name + '+' + keyId;
  }

  /** The line, without its newline. */
  @Override
  public String toString() {
    ByteBuffer bytes = ByteBuffer.allocate(keyId.size() + signature.size());
    bytes.put(keyId.toByteArray()).put(signature.toByteArray());
    return PREFIX + name + ' ' + NoteSyntax.base64(bytes.array());
  }
}
