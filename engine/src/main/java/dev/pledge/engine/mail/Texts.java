package dev.pledge.engine.mail;

import dev.pledge.engine.message.Parameter;
import dev.pledge.engine.message.Template;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What letters say, in the languages they are written in. A text is a file beside this class: a
 * line that is the subject, an empty line, and the rest; what is in braces is filled in.
 */
final class Texts {
  private static final Pattern GAP = Pattern.compile("\\{([a-z]+)\\}");

  private final String links;

  /** Texts whose links begin like that. */
  Texts(String links) {
    this.links = links;
  }

  /** The subject and the text of a letter. */
  record Text(String subject, String body) {
    @Override
    public String toString() {
      return "[redacted]";
    }
  }

  /**
   * A text, filled in.
   *
   * @param filling by the words of the template's parameters
   * @param controller the name of who answers for the processing
   */
  Text write(Template template, Locale language, Map<String, String> filling, String controller) {
    String text = read(template.word() + "." + language.getLanguage() + ".txt");
    Map<String, String> gaps = new HashMap<>();
    filling.forEach((word, value) -> gaps.put(word, shown(word, value, language)));
    gaps.put("controller", controller);
    int end = text.indexOf("\n\n");
    return new Text(filled(text.substring(0, end), gaps), filled(text.substring(end + 2), gaps));
  }

  private String shown(String word, String value, Locale language) {
    if (word.equals(Parameter.PATH.word())) {
      return links + value;
    }
    return word.equals(Parameter.ACT.word()) ? act(value, language) : value;
  }

  private static String act(String act, Locale language) {
    Properties acts = new Properties();
    try {
      acts.load(new StringReader(read("acts." + language.getLanguage() + ".txt")));
    } catch (IOException e) {
      throw new UncheckedIOException("could not read the words for acts", e);
    }
    String words = acts.getProperty(act);
    if (words == null) {
      throw new IllegalStateException("there are no words for the act `" + act + "`");
    }
    return words;
  }

  private static String filled(String text, Map<String, String> gaps) {
    return GAP.matcher(text)
        .replaceAll(
            gap -> {
              String value = gaps.get(gap.group(1));
              if (value == null) {
                throw new IllegalStateException("nothing fills `" + gap.group(1) + "`");
              }
              return Matcher.quoteReplacement(value);
            });
  }

  private static String read(String name) {
    try (InputStream in = Texts.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("there is no text `" + name + "`");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read the text `" + name + "`", e);
    }
  }
}
