package dev.pledge.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pledge.log.Hash;
import dev.pledge.log.InvalidSignature;
import dev.pledge.log.MalformedNote;
import dev.pledge.log.Merkle;
import dev.pledge.log.Promise;
import dev.pledge.log.RetiredKey;
import dev.pledge.log.SignedNote;
import dev.pledge.log.UnverifiedNote;
import dev.pledge.log.Verifier.Finding;
import dev.pledge.log.Verifier.Wanted;
import dev.pledge.log.VerifierKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A receipt in a file, by itself or in the answer it came with. The promise is about its leaf; that
 * the leaf is of the entry it names, a copy of the log shows.
 *
 * @param wanted the leaf that the log promised to have; empty if it promised nothing of the kind
 * @param finding what is wrong with it by itself
 */
record ReceiptFile(Optional<Wanted> wanted, Optional<Finding> finding) {
  /**
   * Reads a receipt and verifies its promise.
   *
   * @param retired the keys that the log signed with before
   * @throws CommandRefused if it is none
   */
  static ReceiptFile read(
      Path file, byte[] content, Collection<VerifierKey> keys, List<RetiredKey> retired) {
    String where = file.toString();
    JsonNode receipt = receipt(where, content);
    try {
      UUID entry = entry(StrictJson.text(receipt, "entry"));
      Hash leaf = StrictJson.hash(StrictJson.text(receipt, "leaf"));
      long place = StrictJson.count(receipt, "place");
      List<Hash> proof = StrictJson.hashes(receipt, "proof");
      byte[] note = StrictJson.text(receipt, "promise").getBytes(StandardCharsets.UTF_8);
      Promise promise = promise(SignedNote.parse(note), keys, retired);
      if (!StrictJson.text(receipt, "log").equals(promise.origin())) {
        return wrong(where, "its `log` is another than the one that promised");
      }
      return Merkle.isIncluded(leaf, place, promise.leaves(), promise.root(), proof)
          ? new ReceiptFile(
              Optional.of(new Wanted(where, leaf, promise.due(), Optional.of(entry))),
              Optional.empty())
          : wrong(where, "its promise is about other entries");
    } catch (MalformedNote | InvalidSignature | UnverifiedNote | IllegalArgumentException e) {
      return wrong(where, String.valueOf(e.getMessage()));
    }
  }

  private static UUID entry(String text) {
    if (!text.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")) {
      throw new IllegalArgumentException("malformed: `entry` is no id");
    }
    return UUID.fromString(text);
  }

  private static Promise promise(
      SignedNote note, Collection<VerifierKey> keys, List<RetiredKey> retired) {
    try {
      return Promise.read(note.open(keys).requireSignedBy(keys).text());
    } catch (UnverifiedNote e) {
      for (RetiredKey old : retired) {
        if (isSigned(note, old.key())) {
          return requireBefore(old, Promise.read(note.text()));
        }
      }
      throw new IllegalArgumentException(
          "none of the log's keys that are given has signed it; if the log has changed its key since,"
              + " give the one of that time, too, with --key",
          e);
    }
  }

  private static boolean isSigned(SignedNote note, VerifierKey key) {
    try {
      var _ = note.open(List.of(key)).requireSignedBy(List.of(key));
      return true;
    } catch (UnverifiedNote e) {
      return false;
    }
  }

  private static Promise requireBefore(RetiredKey key, Promise promise) {
    if (promise.at().isAfter(key.until())) {
      throw new IllegalArgumentException(
          "signed with a key that the log had retired before, at " + key.until());
    }
    return promise;
  }

  /**
   * The name to the world of the log whose receipt it says to be.
   *
   * @throws CommandRefused if it is none
   */
  static String origin(Path file, byte[] content) {
    return receipt(file.toString(), content)
        .path("promise")
        .asText()
        .lines()
        .findFirst()
        .orElse("");
  }

  private static JsonNode receipt(String where, byte[] content) {
    JsonNode json;
    try {
      json = StrictJson.read(content);
    } catch (IOException e) {
      throw new CommandRefused("`" + where + "` is no JSON; give an answer, or the receipt in it");
    }
    JsonNode receipt = json.has("receipt") ? json.get("receipt") : json;
    if (!receipt.path("promise").isTextual()) {
      throw new CommandRefused(
          "`" + where + "` has no `promise`; give an answer, or the receipt in it");
    }
    return receipt;
  }

  private static ReceiptFile wrong(String where, String what) {
    return new ReceiptFile(Optional.empty(), Optional.of(new Finding(where, what)));
  }
}
