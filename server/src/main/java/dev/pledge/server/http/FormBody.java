package dev.pledge.server.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a person sent with a form of ours: every field once, as browsers write it ({@code
 * application/x-www-form-urlencoded}).
 */
final class FormBody {
  private static final int MOST_FIELDS = 64;
  private static final int LONGEST = 16 * 1024;

  private static final Problem MALFORMED =
      Problem.of(
          ProblemType.BAD_REQUEST,
          "The form did not arrive whole; go back, and send it again.",
          "表单未完整送达，请返回后重新提交。");

  private final Map<String, String> fields;

  private FormBody(Map<String, String> fields) {
    this.fields = fields;
  }

  /**
   * Reads it.
   *
   * @throws ProblemFound if it is none
   */
  static FormBody read(byte[] body) {
    Map<String, String> fields = new LinkedHashMap<>();
    String text = new String(body, StandardCharsets.ISO_8859_1);
    if (text.isEmpty()) {
      return new FormBody(fields);
    }
    String[] pairs = text.split("&", MOST_FIELDS + 1);
    if (pairs.length > MOST_FIELDS || text.length() > LONGEST) {
      throw MALFORMED.found();
    }
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      if (equals <= 0
          || fields.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)))
              != null) {
        throw MALFORMED.found();
      }
    }
    return new FormBody(fields);
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8).replace("\r\n", "\n");
    } catch (IllegalArgumentException e) {
      throw MALFORMED.found();
    }
  }

  /** The field, which the form has. */
  String text(String name) {
    return optional(name).orElseThrow(MALFORMED::found);
  }

  /** The field; empty if it is not there, or nothing was written into it. */
  Optional<String> optional(String name) {
    return Optional.ofNullable(fields.get(name)).filter(value -> !value.isEmpty());
  }
}
