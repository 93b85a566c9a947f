package dev.pledge.engine.rights;

import dev.pledge.policy.document.Style;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Writes a page that stands by itself, from our own marks and escaped text, as it comes about. Its
 * style is inside, and its own policy lets nothing run and nothing be fetched. Not safe for
 * threads.
 */
final class ExportHtml {
  private static final Style.Inside STYLE = new Style.Inside(css());

  private final Writer out;

  ExportHtml(Writer out) {
    this.out = out;
  }

  private static String css() {
    try (InputStream in = ExportHtml.class.getResourceAsStream("export.css")) {
      if (in == null) {
        throw new IllegalStateException("the file `export.css` is missing from the program");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read `export.css`", e);
    }
  }

  /** What a browser allows such a page. */
  static String contentPolicy() {
    return STYLE.contentPolicy();
  }

  ExportHtml begin(String title, String language) throws IOException {
    mark("<!DOCTYPE html>\n<html lang=\"")
        .text(language)
        .mark("\"><head><meta charset=\"utf-8\"/>");
    mark("<meta http-equiv=\"Content-Security-Policy\" content=\"").text(contentPolicy());
    mark("\"/><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>");
    mark("<meta name=\"color-scheme\" content=\"light dark\"/>");
    mark("<meta name=\"referrer\" content=\"no-referrer\"/><title>").text(title);
    return mark("</title><style>").mark(STYLE.css()).mark("</style></head><body><main>");
  }

  void end() throws IOException {
    mark("</main></body></html>\n");
    out.flush();
  }

  /** Marks of ours, as they are. */
  ExportHtml mark(String mark) throws IOException {
    out.write(mark);
    return this;
  }

  /** Text, escaped. */
  ExportHtml text(String text) throws IOException {
    int done = 0;
    for (int i = 0; i < text.length(); i++) {
      String instead =
          switch (text.charAt(i)) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            case '"' -> "&quot;";
            case '\'' -> "&#39;";
            default -> "";
          };
      if (!instead.isEmpty()) {
        out.write(text, done, i - done);
        out.write(instead);
        done = i + 1;
      }
    }
    out.write(text, done, text.length() - done);
    return this;
  }

  /** An element with nothing but text in it. */
  ExportHtml element(String name, String text) throws IOException {
    return mark("<" + name + ">").text(text).mark("</" + name + ">");
  }

  /** A name and what it stands for. */
  ExportHtml fact(String name, String what) throws IOException {
    return what.isEmpty() ? this : element("dt", name).element("dd", what);
  }

  /** A value, in whatever direction its script runs. */
  ExportHtml value(Object json) throws IOException {
    if (json instanceof Map<?, ?> members) {
      mark("<span class=\"parts\">");
      for (Map.Entry<?, ?> member : members.entrySet()) {
        mark("<span><small>").text(String.valueOf(member.getKey())).mark("</small> ");
        value(member.getValue() == null ? "" : member.getValue()).mark("</span>");
      }
      return mark("</span>");
    }
    if (json instanceof List<?> items) {
      mark("<span class=\"parts\">");
      for (Object item : items) {
        value(item == null ? "" : item);
      }
      return mark("</span>");
    }
    return mark("<bdi>").text(json.toString()).mark("</bdi>");
  }
}
