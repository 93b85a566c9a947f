package dev.pledge.engine.anchor;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pledge.log.Checkpoint;
import dev.pledge.log.Cosignature;
import dev.pledge.log.Hash;
import dev.pledge.log.Merkle;
import dev.pledge.log.NoteSignature;
import dev.pledge.log.VerifierKey;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A witness as C2SP tlog-witness has it: is given a checkpoint with the proof that it is consistent
 * with the one it saw last, and cosigns it. It remembers the size it saw, and tells where ours is
 * another.
 */
final class WitnessAnchor implements OutsideAnchor {
  private static final String SIZE = "text/x.tlog.size";
  private static final int ASKED_AGAIN = 2;

  private final Terms terms;
  private final URI to;
  private final Set<VerifierKey> keys;
  private final Caller caller;

  WitnessAnchor(Terms terms, URI prefix, Set<VerifierKey> keys, Caller caller) {
    this.terms = terms;
    this.to = URI.create(prefix.toString().replaceFirst("/*$", "") + "/add-checkpoint");
    this.keys = Set.copyOf(keys);
    this.caller = caller;
  }

  @Override
  public Terms terms() {
    return terms;
  }

  @Override
  public Kind kind() {
    return Kind.WITNESS;
  }

  @Override
  public Set<VerifierKey> keys() {
    return keys;
  }

  @Override
  public Kept tell(News news, LogView log) {
    long known = news.known();
    AnchorDisagrees.requireSize(terms.name(), known, log);
    for (int again = 0; again <= ASKED_AGAIN; again++) {
      Caller.Answer answer = caller.post(to, "text/plain; charset=utf-8", body(news, known, log));
      if (answer.status() == 200) {
        return new Kept(news.size(), cosignatures(news.checkpoint(), answer.body()));
      }
      if (answer.status() != 409) {
        throw refused(answer.status(), known, news);
      }
      known = size(answer);
      AnchorDisagrees.requireSize(terms.name(), known, log);
      if (known > news.size()) {
        // It has seen a later one already, of which the answer was lost.
        return Kept.of(known);
      }
    }
    throw new AnchorFailed(
        "the witness names another size each time it is asked; see who else tells it of this log");
  }

  private byte[] body(News news, long known, LogView log) {
    List<Hash> proof = known == 0 ? List.of() : log.consistency(known, news.size());
    // INVARIANT: what is sent fits the database, so that a witness that refuses it knows another.
    Checkpoint checkpoint = news.checkpoint();
    if (known > 0
        && !Merkle.isConsistent(
            known, log.root(known), checkpoint.size(), checkpoint.root(), proof)) {
      throw new AnchorFailed(
          "the log's checkpoint is not that of its tiles; restore the database from a backup");
    }
    StringBuilder head = new StringBuilder("old ").append(known).append('\n');
    proof.forEach(hash -> head.append(hash.base64()).append('\n'));
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(head.append('\n').toString().getBytes(UTF_8));
    body.writeBytes(news.note());
    return body.toByteArray();
  }

  private RuntimeException refused(int status, long known, News news) {
    return switch (status) {
      case 403 ->
          new AnchorFailed(
              "the witness does not take the log's signature; give its operator the verifier key");
      case 404 ->
          new AnchorFailed(
              "the witness does not know the log `"
                  + news.checkpoint().origin()
                  + "`; give its operator origin and verifier key");
      case 422 ->
          known > 0
              ? AnchorDisagrees.split(terms.name(), known)
              : new AnchorFailed(
                  "the witness refuses the log's first checkpoint; ask its operator");
      default ->
          new AnchorFailed("the witness answered " + status + "; see whether its address is right");
    };
  }

  private static long size(Caller.Answer answer) {
    String size = new String(answer.body(), UTF_8);
    if (!answer.contentType().equals(SIZE) || !size.matches("(0|[1-9][0-9]{0,18})\n")) {
      throw new AnchorFailed(
          "the witness answered 409 without the size it knows; see whether its address is right");
    }
    try {
      return Long.parseLong(size.strip());
    } catch (NumberFormatException e) {
      throw new AnchorFailed("the witness answered 409 with a size that no log has");
    }
  }

  /** Those of its keys; others are passed over, wrong ones spoil all. */
  private List<NoteSignature> cosignatures(Checkpoint checkpoint, byte[] body) {
    List<NoteSignature> cosignatures = new ArrayList<>();
    for (String line : lines(body)) {
      NoteSignature signature = parsed(line);
      for (VerifierKey key : keys) {
        if (key.name().equals(signature.name()) && key.id().equals(signature.keyId())) {
          requireRight(key, checkpoint, signature);
          cosignatures.add(signature);
        }
      }
    }
    if (cosignatures.isEmpty()) {
      throw new AnchorFailed(
          "the witness cosigned with none of the keys given for it; compare them with those it"
              + " publishes");
    }
    return cosignatures;
  }

  private static void requireRight(
      VerifierKey key, Checkpoint checkpoint, NoteSignature signature) {
    if (Cosignature.verify(key, checkpoint.text(), signature.signature())
        .filter(Cosignature::isDated)
        .isEmpty()) {
      throw new AnchorFailed("a cosignature of `" + key.name() + "` is wrong; compare its keys");
    }
  }

  private static List<String> lines(byte[] body) {
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
      if (text.endsWith("\n")) {
        return List.of(text.substring(0, text.length() - 1).split("\n", -1));
      }
    } catch (CharacterCodingException e) {
      // Told below.
    }
    throw garbage();
  }

  private static NoteSignature parsed(String line) {
    try {
      return NoteSignature.parse(line);
    } catch (RuntimeException e) {
      throw garbage();
    }
  }

  private static AnchorFailed garbage() {
    return new AnchorFailed(
        "the witness answered with what are no signature lines; see whether its address is right");
  }
}
