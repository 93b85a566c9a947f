package dev.pledge.engine.consent;

import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Choice;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.names.ChannelId;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.ProductId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The stored form of a person's choices: one line each, of words an operator can read, such as
 * {@code promotion meeting email ordinary granted self emeet@2020-04-23 17 018f…}; {@code *} stands
 * for all.
 */
public final class ChoiceLines {
  private static final String ALL = "*";
  private static final Answer[] ANSWERS = Answer.values();
  private static final By[] BYS = By.values();
  private static final Coverage[] COVERAGES = Coverage.values();

  private ChoiceLines() {}

  /** The choices in a stored text; empty text means none. */
  public static List<Choice> read(String text) {
    if (text.isEmpty()) {
      return List.of();
    }
    List<Choice> choices = new ArrayList<>();
    int start = 0;
    while (start < text.length()) {
      int end = text.indexOf('\n', start);
      end = end < 0 ? text.length() : end;
      choices.add(readLine(text.substring(start, end)));
      start = end + 1;
    }
    return choices;
  }

  private static Choice readLine(String line) {
    String[] words = line.split(" ", -1);
    if (words.length != 9) {
      throw new IllegalStateException("a stored choice is damaged; restore it from its events");
    }
    return new Choice(
        words[0],
        words[1].equals(ALL) ? null : new ProductId(words[1]),
        words[2].equals(ALL) ? null : new ChannelId(words[2]),
        named(COVERAGES, words[3]),
        named(ANSWERS, words[4]),
        named(BYS, words[5]),
        PolicyVersion.of(words[6]),
        Long.parseLong(words[7]),
        UUID.fromString(words[8]));
  }

  /** The stored text of the choices. */
  public static String write(List<Choice> choices) {
    StringBuilder text = new StringBuilder();
    for (Choice choice : choices) {
      text.append(text.isEmpty() ? "" : "\n")
          .append(choice.purpose())
          .append(' ')
          .append(orAll(choice.product()))
          .append(' ')
          .append(orAll(choice.channel()))
          .append(' ')
          .append(word(choice.coverage()))
          .append(' ')
          .append(word(choice.answer()))
          .append(' ')
          .append(word(choice.by()))
          .append(' ')
          .append(choice.version())
          .append(' ')
          .append(choice.order())
          .append(' ')
          .append(choice.entry());
    }
    return text.toString();
  }

  /**
   * The choices with {@code added}, less the one it takes the place of: the same person's earlier
   * answer about exactly the same thing.
   */
  public static List<Choice> with(List<Choice> choices, Choice added) {
    List<Choice> result = new ArrayList<>();
    for (Choice choice : choices) {
      boolean replaced =
          choice.purpose().equals(added.purpose())
              && orAll(choice.product()).equals(orAll(added.product()))
              && orAll(choice.channel()).equals(orAll(added.channel()))
              && choice.coverage() == added.coverage()
              && choice.by() == added.by();
      if (!replaced) {
        result.add(choice);
      }
    }
    result.add(added);
    return result;
  }

  /** The lower-case word of a constant, as stored. */
  public static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static String orAll(@Nullable Object name) {
    return name == null ? ALL : name.toString();
  }

  private static <E extends Enum<E>> E named(E[] constants, String word) {
    for (E constant : constants) {
      if (constant.name().equalsIgnoreCase(word)) {
        return constant;
      }
    }
    throw new IllegalStateException("a stored choice is damaged; restore it from its events");
  }
}
