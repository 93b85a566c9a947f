package dev.pledge.server.http;

import dev.pledge.engine.actor.Caller;
import dev.pledge.policy.names.SubjectId;
import io.helidon.common.parameters.Parameters;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request, admitted and with its body read.
 *
 * @param caller null on public calls
 * @param path the parameters of the path
 * @param accept what the client would like, in its words
 * @param acceptLanguage in which languages, in its words
 * @param contentType what the body says it is; empty if it says nothing
 * @param ifNoneMatch which answers it has already, by their tags
 * @param visit what a browser says of itself
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
record Call(
    Route route,
    @Nullable Caller caller,
    Parameters path,
    Parameters query,
    Locale language,
    String accept,
    @Nullable String acceptLanguage,
    @Nullable String ifNoneMatch,
    @Nullable String idempotencyKey,
    Visit visit,
    String contentType,
    byte[] body) {

  static final Problem NOT_FOUND =
      Problem.of(
          ProblemType.NOT_FOUND,
          "There is nothing at this address, or it may not be known.",
          "此地址没有内容，或不得告知。");

  static final Problem BAD_CURSOR =
      Problem.of(
          ProblemType.BAD_REQUEST,
          "The parameter `cursor` is the `next` of the page before.",
          "参数 `cursor` 应为上一页的 `next`。");

  Caller who() {
    if (caller == null) {
      throw new IllegalStateException("a public call has no caller");
    }
    return caller;
  }

  /** The body as an object with no members but {@code allowed}. */
  Members members(String... allowed) {
    return Members.of(Json.read(body), "", Set.of(allowed));
  }

  /**
   * The person in the path.
   *
   * @throws ProblemFound as for an unknown person if it is no id at all
   */
  SubjectId subject() {
    try {
      return SubjectId.of(path.get("id"));
    } catch (IllegalArgumentException e) {
      throw NOT_FOUND.found();
    }
  }

  String query(String name) {
    String value = optionalQuery(name);
    if (value == null) {
      throw Problem.of(
              ProblemType.BAD_REQUEST,
              "The address needs the parameter `" + name + "`.",
              "地址缺少参数 `" + name + "`。")
          .found();
    }
    return value;
  }

  @Nullable String optionalQuery(String name) {
    List<String> values = queryAll(name);
    if (values.size() > 1) {
      throw Problem.of(
              ProblemType.BAD_REQUEST,
              "The parameter `" + name + "` stands twice in the address.",
              "地址中参数 `" + name + "` 出现两次。")
          .found();
    }
    return values.isEmpty() || values.get(0).isEmpty() ? null : values.get(0);
  }

  List<String> queryAll(String name) {
    return query.all(name, List::of);
  }

  /** Whether the parameter is {@code true}; it need not be there. */
  boolean flag(String name) {
    String text = optionalQuery(name);
    if (text == null || text.equals("false")) {
      return false;
    }
    if (text.equals("true")) {
      return true;
    }
    throw Problem.of(
            ProblemType.BAD_REQUEST,
            "The parameter `" + name + "` is `true` or `false`.",
            "参数 `" + name + "` 应为 `true` 或 `false`。")
        .found();
  }

  int queryNumber(String name, int least, int most, int otherwise) {
    String text = optionalQuery(name);
    if (text == null) {
      return otherwise;
    }
    if (text.matches("[0-9]{1,6}")) {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw Problem.of(
            ProblemType.BAD_REQUEST,
            String.format(
                Locale.ROOT,
                "The parameter `%s` is a whole number from %d to %d.",
                name,
                least,
                most),
            String.format(Locale.ROOT, "参数 `%s` 应为 %d 至 %d 的整数。", name, least, most))
        .found();
  }
}
