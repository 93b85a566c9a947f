package dev.pledge.log;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * One entry of the log: the leaf that the tree is built of. Holds no personal value, and nothing
 * that ties it to a person, or to another entry about the same person, without that person's key.
 *
 * @param id UUIDv7; says when it was made and nothing else
 * @param nonce {@value #NONCE_SIZE} random bytes; makes the leaf hash say nothing about the
 *     contents, and the mark of one person differ from entry to entry
 * @param mark HMAC-SHA-256 of the nonce under the data subject's mark key; empty when the entry is
 *     about nobody, or about an id that is unknown or erased
 * @param sealed the {@link Detail} sealed under the data subject's key by whoever made the entry,
 *     bound to the id; empty when there is none, at most {@value #MAX_SEALED} bytes
 */
public record Entry(
    UUID id, ByteString nonce, Optional<ByteString> mark, Facts facts, ByteString sealed) {
  /** Version of the encoding that {@link #encode} writes. */
  public static final int VERSION = 1;

  /** Bytes of a nonce. */
  public static final int NONCE_SIZE = 16;

  /** Bytes of a mark. */
  public static final int MARK_SIZE = 32;

  /** The most bytes a sealed detail has. */
  public static final int MAX_SEALED = 8960;

  /**
   * No encoding is longer: what the limits of the parts add up to stays below it, and it is the
   * longest entry that the C2SP tlog-tiles layout holds.
   */
  public static final int MAX_SIZE = 65_535;

  /** Throws {@link IllegalArgumentException} if a part has the wrong length or version. */
  public Entry {
    if (id.version() != 7 || id.variant() != 2) {
      throw new IllegalArgumentException("malformed entry id; use a UUIDv7");
    }
    if (nonce.size() != NONCE_SIZE) {
      throw new IllegalArgumentException("malformed nonce; give " + NONCE_SIZE + " bytes");
    }
    if (mark.isPresent() && mark.get().size() != MARK_SIZE) {
      throw new IllegalArgumentException("malformed mark; give " + MARK_SIZE + " bytes");
    }
    if (sealed.size() > MAX_SEALED) {
      throw new IllegalArgumentException("too long a detail; seal at most " + MAX_SEALED);
    }
  }

  /** The canonical bytes, version 1: {@code decode(encode(e))} equals {@code e}. */
  public byte[] encode() {
    return EntryFormat.encode(this);
  }

  /**
   * Reads canonical bytes: {@code encode(decode(b))} is {@code b}.
   *
   * @throws MalformedEntry if the bytes are not the one encoding of an entry
   */
  public static Entry decode(byte[] bytes) {
    return EntryFormat.decode(bytes);
  }

  /**
   * When the entry of these canonical bytes was decided; the rest of them is not read.
   *
   * @throws MalformedEntry if they do not begin as an entry's do
   */
  public static Instant decidedAt(byte[] bytes) {
    return EntryFormat.decidedAt(bytes);
  }

  /** The hash of this entry as a leaf. */
  public Hash leafHash() {
    return Hash.ofLeaf(encode());
  }
}
