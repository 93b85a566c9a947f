package dev.pledge.server.http;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A body that is made once and sent many times, with the tag by which clients ask whether theirs is
 * still it (RFC 9110 §8.8.3).
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
record Tagged(byte[] body, String tag) {
  /** What whoever has the body already is told. */
  static final int NOT_MODIFIED = 304;

  private static final int TAG_BYTES = 16;

  static Tagged of(byte[] body) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
      byte[] part = Arrays.copyOf(digest, TAG_BYTES);
      String words = Base64.getUrlEncoder().withoutPadding().encodeToString(part);
      return new Tagged(body, "\"" + words + "\"");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256; use another", e);
    }
  }

  /** The body, or nothing if the client says that it has it. Whoever keeps it asks each time. */
  Answer.Whole answer(Call call, String type) {
    Answer.Whole answer =
        isHeldBy(call)
            ? new Answer.Whole(NOT_MODIFIED, type, Map.of(), new byte[0])
            : new Answer.Whole(200, type, Map.of(), body);
    return answer.with("ETag", tag).with("Cache-Control", "no-cache");
  }

  /** Tags are compared weakly, as the header asks for. */
  private boolean isHeldBy(Call call) {
    String held = call.ifNoneMatch();
    return held != null
        && Stream.of(held.split(",", -1))
            .map(String::strip)
            .map(one -> one.startsWith("W/") ? one.substring(2) : one)
            .anyMatch(one -> one.equals("*") || one.equals(tag));
  }
}
