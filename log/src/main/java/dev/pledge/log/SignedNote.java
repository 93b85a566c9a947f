package dev.pledge.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A text with signatures of one or more keys (C2SP signed-note), exactly as it was read or put
 * together. Nothing of it is verified: the text counts for nothing before {@link #open}.
 *
 * <p>A note has exactly one encoding, and what is not the encoding of a note is refused. Reading is
 * as strict as Go's {@code sumdb/note} and stricter in two points: stray bits at the end of base64
 * are refused (RFC 4648 §3.5), so that no bit of a signature is without meaning, and a key that has
 * signed more than once must be right each time.
 */
public record SignedNote(String text, List<NoteSignature> signatures) {
  /** The most bytes that a note may have. */
  public static final int MAX_SIZE = 1_000_000;

  /** The most signatures that a note may have. */
  public static final int MAX_SIGNATURES = 100;

  private static final String SEPARATOR = "\n\n";

  /**
   * Throws {@link IllegalArgumentException} unless the text ends in a newline, is valid Unicode and
   * has no other control character; for no signature, too many of them, and too many bytes.
   */
  public SignedNote {
    signatures = List.copyOf(signatures);
    if (!text.endsWith("\n") || !NoteSyntax.isText(text)) {
      throw new IllegalArgumentException(
          "malformed text of a note; give lines of Unicode text that each end in a newline, without other control characters");
    }
    if (signatures.isEmpty() || signatures.size() > MAX_SIGNATURES) {
      throw new IllegalArgumentException(
          "no signature or too many; give 1 to " + MAX_SIGNATURES + " signatures");
    }
    if (encode(text, signatures).length > MAX_SIZE) {
      throw new IllegalArgumentException("note too long; give at most " + MAX_SIZE + " bytes");
    }
  }

  /**
   * Reads a note.
   *
   * @throws MalformedNote if {@code bytes} are not the encoding of one
   */
  public static SignedNote parse(byte[] bytes) {
    if (bytes.length > MAX_SIZE) {
      throw new MalformedNote("malformed note: it has more than " + MAX_SIZE + " bytes");
    }
    String note = decode(bytes);
    int separator = note.lastIndexOf(SEPARATOR);
    if (separator < 0) {
      throw new MalformedNote("malformed note: no empty line before the signatures");
    }
    String lines = note.substring(separator + SEPARATOR.length());
    if (!lines.endsWith("\n")) {
      throw new MalformedNote("malformed note: it does not end in a line of signature");
    }
    try {
      return new SignedNote(note.substring(0, separator + 1), signatures(lines));
    } catch (IllegalArgumentException e) {
      throw new MalformedNote("malformed note: " + e.getMessage(), e);
    }
  }

  private static String decode(byte[] bytes) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedNote("malformed note: it is not UTF-8", e);
    }
  }

  private static List<NoteSignature> signatures(String lines) {
    List<NoteSignature> signatures = new ArrayList<>();
    for (int start = 0; start < lines.length(); ) {
      if (signatures.size() == MAX_SIGNATURES) {
        throw new MalformedNote("malformed note: more than " + MAX_SIGNATURES + " signatures");
      }
      int end = lines.indexOf('\n', start);
      signatures.add(NoteSignature.parse(lines.substring(start, end)));
      start = end + 1;
    }
    return signatures;
  }

  /** Reads a note and opens it, see {@link #parse} and {@link #open(Collection)}. */
  public static VerifiedNote open(byte[] bytes, Collection<VerifierKey> known) {
    return parse(bytes).open(known);
  }

  /**
   * Verifies every signature of a known key; those of other keys, even of another key under a known
   * name, stay in the note and count for nothing. Where a key has signed more than once, each has
   * to be right and the first counts.
   *
   * @throws InvalidSignature if a signature of a known key is wrong
   * @throws UnverifiedNote if no known key has signed
   * @throws IllegalArgumentException if two different known keys have the same name and id
   */
  public VerifiedNote open(Collection<VerifierKey> known) {
    Map<String, VerifierKey> keys = byLabel(known);
    Map<VerifierKey, Optional<Cosignature>> verified = new LinkedHashMap<>();
    for (NoteSignature signature : signatures) {
      VerifierKey key = keys.get(signature.label());
      if (key != null) {
        verified.putIfAbsent(key, verify(key, signature));
      }
    }
    if (verified.isEmpty()) {
      throw new UnverifiedNote(
          "note without a signature of a known key; get it anew, or give the verifier key of its signer");
    }
    return new VerifiedNote(
        this,
        List.copyOf(verified.keySet()),
        verified.values().stream().flatMap(Optional::stream).toList());
  }

  /** Throws {@link IllegalArgumentException} if two different keys have the same name and id. */
  static void requireDistinct(Collection<VerifierKey> known) {
    byLabel(known);
  }

  private static Map<String, VerifierKey> byLabel(Collection<VerifierKey> known) {
    Map<String, VerifierKey> keys = new HashMap<>();
    for (VerifierKey key : known) {
      VerifierKey other = keys.putIfAbsent(key.label(), key);
      if (other != null && !other.equals(key)) {
        throw new IllegalArgumentException(
            "two verifier keys are called `" + key.label() + "`; give one of them another name");
      }
    }
    return keys;
  }

  /** The cosignature, if the key is one of those that cosign. */
  private Optional<Cosignature> verify(VerifierKey key, NoteSignature signature) {
    if (key.type().isCosignature()) {
      return Optional.of(
          Cosignature.verify(key, text, signature.signature())
              .orElseThrow(() -> new InvalidSignature(key)));
    }
    if (!key.verify(text.getBytes(UTF_8), signature.signature().toByteArray())) {
      throw new InvalidSignature(key);
    }
    return Optional.empty();
  }

  /** This note with one more signature at its end, in place of those under its name and key id. */
  public SignedNote with(NoteSignature signature) {
    List<NoteSignature> all = new ArrayList<>(signatures);
    all.removeIf(other -> other.label().equals(signature.label()));
    all.add(signature);
    return new SignedNote(text, all);
  }

  /** The bytes, which {@link #parse} reads. */
  public byte[] encode() {
    return encode(text, signatures);
  }

  private static byte[] encode(String text, List<NoteSignature> signatures) {
    StringBuilder note = new StringBuilder(text).append('\n');
    signatures.forEach(signature -> note.append(signature).append('\n'));
    return note.toString().getBytes(UTF_8);
  }
}
