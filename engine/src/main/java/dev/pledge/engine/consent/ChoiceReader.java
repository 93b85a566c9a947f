package dev.pledge.engine.consent;

import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Choice;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.names.ChannelId;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.ProductId;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@link ChoiceLines}, word by word and strictly. Every read of a person does, so times and
 * numbers are taken from the text where they stand, and a version named again is not made again. Of
 * one thread.
 */
final class ChoiceReader {
  private static final Coverage[] COVERAGES = Coverage.values();
  private static final Answer[] ANSWERS = Answer.values();
  private static final By[] BYS = By.values();

  private static final String[] COVERAGE_WORDS = words(COVERAGES);
  private static final String[] ANSWER_WORDS = words(ANSWERS);
  private static final String[] BY_WORDS = words(BYS);

  /** The length of {@code 2026-01-31T12:00:00Z}. */
  private static final int SECONDS = 20;

  private static final int NANO_DIGITS = 9;

  private final String text;

  /** Where the word begins and where it ends. */
  private int from;

  private int to = -1;

  private @Nullable PolicyVersion version;
  private String versionWord = "";

  private ChoiceReader(String text) {
    this.text = text;
  }

  private static String[] words(Enum<?>[] constants) {
    String[] words = new String[constants.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = ChoiceLines.word(constants[i]);
    }
    return words;
  }

  /**
   * The choices in a text that is not empty.
   *
   * @throws IllegalStateException if it is damaged
   */
  static List<Choice> read(String text) {
    ChoiceReader reader = new ChoiceReader(text);
    List<Choice> choices = new ArrayList<>();
    try {
      while (reader.to < text.length()) {
        choices.add(reader.choice());
      }
    } catch (IllegalArgumentException | DateTimeException e) {
      throw damaged(e);
    }
    return choices;
  }

  private Choice choice() {
    String purpose = word(' ');
    String product = word(' ');
    String channel = word(' ');
    return new Choice(
        purpose,
        product.equals(ChoiceLines.ALL) ? null : new ProductId(product),
        channel.equals(ChoiceLines.ALL) ? null : new ChannelId(channel),
        COVERAGES[oneOf(COVERAGE_WORDS)],
        ANSWERS[oneOf(ANSWER_WORDS)],
        BYS[oneOf(BY_WORDS)],
        version(),
        time(),
        order(),
        UUID.fromString(word('\n')));
  }

  private String word(char after) {
    next(after);
    return text.substring(from, to);
  }

  /** Goes on to the next word; a line ends after its last one and nowhere else. */
  private void next(char after) {
    from = to + 1;
    to = from;
    while (to < text.length() && text.charAt(to) != ' ' && text.charAt(to) != '\n') {
      to++;
    }
    boolean ends = to == text.length() ? after == '\n' : text.charAt(to) == after;
    if (!ends) {
      throw damaged(null);
    }
  }

  private int oneOf(String[] words) {
    next(' ');
    for (int i = 0; i < words.length; i++) {
      if (isWord(words[i])) {
        return i;
      }
    }
    throw damaged(null);
  }

  private boolean isWord(String word) {
    return word.length() == to - from && text.startsWith(word, from);
  }

  private PolicyVersion version() {
    next(' ');
    PolicyVersion known = version;
    if (known == null || !isWord(versionWord)) {
      versionWord = text.substring(from, to);
      known = PolicyVersion.of(versionWord);
      version = known;
    }
    return known;
  }

  private long order() {
    next(' ');
    return Long.parseLong(text, from, to, 10);
  }

  private Instant time() {
    next(' ');
    if (to - from < SECONDS || text.charAt(to - 1) != 'Z') {
      throw damaged(null);
    }
    int year = number(0, 4);
    after('-', 4);
    int month = number(5, 2);
    after('-', 7);
    long day = LocalDate.of(year, month, number(8, 2)).toEpochDay();
    after('T', 10);
    int hour = number(11, 2);
    after(':', 13);
    int minute = number(14, 2);
    after(':', 16);
    int second = number(17, 2);
    if (hour > 23 || minute > 59 || second > 59) {
      throw damaged(null);
    }
    return Instant.ofEpochSecond(((day * 24 + hour) * 60 + minute) * 60 + second, nanos());
  }

  /** The fraction of the second, if there is one. */
  private int nanos() {
    if (to - from == SECONDS) {
      return 0;
    }
    after('.', SECONDS - 1);
    int digits = to - from - SECONDS - 1;
    if (digits < 1 || digits > NANO_DIGITS) {
      throw damaged(null);
    }
    int nanos = number(SECONDS, digits);
    for (int i = digits; i < NANO_DIGITS; i++) {
      nanos *= 10;
    }
    return nanos;
  }

  private void after(char separator, int at) {
    if (text.charAt(from + at) != separator) {
      throw damaged(null);
    }
  }

  private int number(int at, int digits) {
    int number = 0;
    for (int i = from + at; i < from + at + digits; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        throw damaged(null);
      }
      number = 10 * number + digit;
    }
    return number;
  }

  private static IllegalStateException damaged(@Nullable Exception cause) {
    return new IllegalStateException(
        "a stored choice is damaged; restore it from its events", cause);
  }
}
