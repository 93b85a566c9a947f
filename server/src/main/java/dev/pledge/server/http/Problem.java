package dev.pledge.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a call was not done, for people and for programs (RFC 9457). Holds nothing of the input but
 * member names that are shaped like names.
 *
 * @param clause the clause of the policy that decided, or null where none did
 * @param more members beside the usual ones, such as the fields withheld and the receipt
 */
record Problem(
    ProblemType type,
    Words detail,
    @Nullable String clause,
    List<At> errors,
    Optional<Duration> retryAfter,
    @Nullable ObjectNode more) {

  Problem {
    errors = List.copyOf(errors);
  }

  private static final Words MISTAKE =
      new Words(
          "The body cannot be used as it is; `errors` says where and why.",
          "请求体无法使用，`errors` 指明位置与原因。");

  /** What is wrong at one place of the body; {@code pointer} is a JSON pointer (RFC 6901). */
  record At(String pointer, Words detail) {}

  static Problem of(ProblemType type, String english, String chinese) {
    return new Problem(type, new Words(english, chinese), null, List.of(), Optional.empty(), null);
  }

  /** A body whose member at {@code pointer} cannot be used. */
  static Problem at(String pointer, Words detail) {
    return at(List.of(new At(pointer, detail)));
  }

  static Problem at(List<At> errors) {
    return new Problem(ProblemType.BAD_REQUEST, MISTAKE, null, errors, Optional.empty(), null);
  }

  /** Beyond the server's power now; the same call may be sent again after {@code wait}. */
  Problem retryAfter(Duration wait) {
    return new Problem(type, detail, clause, errors, Optional.of(wait), more);
  }

  Problem because(String clause) {
    return new Problem(type, detail, clause, errors, retryAfter, more);
  }

  Problem with(ObjectNode more) {
    return new Problem(type, detail, clause, errors, retryAfter, more);
  }

  Problem withMember(String name, JsonNode value) {
    ObjectNode members = more == null ? Json.object() : more.deepCopy();
    members.set(name, value);
    return with(members);
  }

  ProblemFound found() {
    return new ProblemFound(this);
  }

  ObjectNode json(Locale language) {
    ObjectNode json = Json.object();
    json.put("type", type.uri());
    json.put("title", type.title().in(language));
    json.put("status", type.status());
    json.put("detail", detail.in(language));
    if (clause != null) {
      json.put("clause", clause);
    }
    if (!errors.isEmpty()) {
      var list = json.putArray("errors");
      for (At error : errors) {
        list.addObject().put("pointer", error.pointer).put("detail", error.detail.in(language));
      }
    }
    if (more != null) {
      json.setAll(more);
    }
    return json;
  }
}
