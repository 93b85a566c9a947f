package dev.pledge.engine.audit;

import dev.pledge.log.ErasureCertificate;
import dev.pledge.log.NoteSigner;
import dev.pledge.log.RetiredKey;
import dev.pledge.log.SignedNote;
import dev.pledge.log.VerifierKey;
import java.util.ArrayList;
import java.util.List;

/**
 * Signs what a log says of itself: with one key, or with the new and the old one while the log
 * changes its key, so that whoever has either can verify. Safe for use by many threads.
 *
 * @param origin the log's name to the world, which is also its keys'
 * @param signers the newest first
 * @param retired the keys that it signed with before, the newest first
 */
public record LogSigner(String origin, List<NoteSigner> signers, List<RetiredKey> retired) {
  /** Of a log that never changed its key. */
  public LogSigner(String origin, List<NoteSigner> signers) {
    this(origin, signers, List.of());
  }

  /** Throws {@link IllegalArgumentException} if there is no signer. */
  public LogSigner {
    signers = List.copyOf(signers);
    retired = List.copyOf(retired);
    if (signers.isEmpty()) {
      throw new IllegalArgumentException("a log signs with one key or more");
    }
  }

  /** The certificate as a signed note, in the log's name. */
  public byte[] sign(ErasureCertificate certificate) {
    return sign(certificate.text());
  }

  /** The text as a signed note (C2SP signed-note). */
  byte[] sign(String text) {
    SignedNote note = signers.getFirst().sign(text);
    for (NoteSigner older : signers.subList(1, signers.size())) {
      note = older.sign(note);
    }
    return note.encode();
  }

  /**
   * The text of a note that this has signed.
   *
   * @throws dev.pledge.log.MalformedNote if it is no note
   * @throws dev.pledge.log.InvalidSignature if a signature is wrong
   * @throws dev.pledge.log.UnverifiedNote if no key of the log has signed, or it is of another log
   *     that the same seed signs
   */
  String open(byte[] note) {
    return SignedNote.open(note, verifierKeys()).requireSignedBy(verifierKeys()).text();
  }

  /**
   * The text of a note that this has signed, be it with a key that is retired since: what somebody
   * else kept of the log holds whenever it was signed. Throws as {@link #open} does.
   */
  String openOfAnyTime(byte[] note) {
    List<VerifierKey> keys = new ArrayList<>(verifierKeys());
    // Of a log of another origin, which ended when older data were restored, this is no note.
    retired.stream()
        .map(RetiredKey::key)
        .filter(key -> key.name().equals(origin))
        .forEach(keys::add);
    return SignedNote.open(note, keys).requireSignedBy(keys).text();
  }

  /** What others verify the signatures with, the newest key first. */
  public List<VerifierKey> verifierKeys() {
    return signers.stream().map(NoteSigner::verifierKey).toList();
  }

  @Override
  public String toString() {
    return "LogSigner[" + origin + "]";
  }
}
