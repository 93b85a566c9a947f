package dev.pledge.engine.message;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What a message is filled with. None takes a value of a person's, a space or the end of a line, so
 * that nothing but what the template says is ever a sentence or a header of a letter.
 */
public enum Parameter {
  /** A one-time code: digits. */
  CODE("[0-9]{6,10}"),
  /** What the code is for. */
  ACT("reveal|correct|export|restrict|object|close|erase"),
  /** Of a request. */
  NUMBER("[A-Z0-9](?:[A-Z0-9-]{0,30}[A-Z0-9])?"),
  /** Where a link leads: a path of this server's own, with a token if it needs one. */
  PATH("(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]{0,63}){1,6}(?:\\?token=[A-Za-z0-9_-]{1,128})?");

  private final Pattern form;

  Parameter(String form) {
    this.form = Pattern.compile(form);
  }

  /** The word by which it is given, and stands in texts. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Parameter of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  // INVARIANT: the value is never repeated, since it may be a code.
  void require(String value) {
    if (!form.matcher(value).matches()) {
      throw new IllegalArgumentException("`" + word() + "` of a message is malformed");
    }
  }
}
