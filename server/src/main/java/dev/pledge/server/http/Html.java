package dev.pledge.server.http;

import java.util.Locale;

/** Builds a page from our own marks and escaped text. Not safe for threads. */
final class Html {
  /** Code up to this length fits into one line of a phone and stays in one. */
  private static final int UNBROKEN = 30;

  private final StringBuilder html = new StringBuilder(32_768);

  /** Marks of ours, as they are; may hold `%s`, which takes escaped text. */
  Html mark(String mark, Object... texts) {
    Object[] escaped = new Object[texts.length];
    for (int i = 0; i < texts.length; i++) {
      escaped[i] = escape(String.valueOf(texts[i]));
    }
    html.append(texts.length == 0 ? mark : String.format(Locale.ROOT, mark, escaped));
    return this;
  }

  /** A sentence in which what stands between backticks is shown as code. */
  Html prose(String text) {
    String[] parts = text.split("`", -1);
    for (int i = 0; i < parts.length; i++) {
      if (i % 2 == 0) {
        html.append(escape(parts[i]));
      } else {
        html.append(parts[i].length() <= UNBROKEN ? "<code class=\"short\">" : "<code>");
        html.append(escape(parts[i])).append("</code>");
      }
    }
    return this;
  }

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  @Override
  public String toString() {
    return html.toString();
  }
}
