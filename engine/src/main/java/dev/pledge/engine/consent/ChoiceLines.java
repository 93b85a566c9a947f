package dev.pledge.engine.consent;

import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Choice;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.names.ChannelId;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.ProductId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The stored form of a person's choices: one line each, of words an operator can read, such as
 * {@code promotion meeting email ordinary granted self emeet@2020-04-23 2026-01-31T12:00:00Z 17
 * 018f…}; {@code *} stands for all.
 */
public final class ChoiceLines {
  /** Under how many versions a grant of the same thing is kept. */
  static final int VERSIONS = 8;

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
    if (words.length != 10) {
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
        Instant.parse(words[7]),
        Long.parseLong(words[8]),
        UUID.fromString(words[9]));
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
          .append(choice.at())
          .append(' ')
          .append(choice.order())
          .append(' ')
          .append(choice.entry());
    }
    return text.toString();
  }

  /**
   * The choices with {@code added}, less those it takes the place of: earlier answers of the same
   * party, a person of whatever age being one, about exactly the same thing. A grant leaves those
   * standing that were given under other versions, since a version that still binds may know only
   * them; of more than {@value #VERSIONS} the oldest go. A withdrawal leaves the last grant, which
   * tells what it ended, and one that repeats another is as old as that; a grant after it leaves
   * neither.
   */
  public static List<Choice> with(List<Choice> choices, Choice added) {
    List<Choice> result = new ArrayList<>(choices);
    List<Choice> same = choices.stream().filter(choice -> isSameThing(choice, added)).toList();
    result.removeAll(same);
    if (added.answer() == Answer.GRANTED) {
      result.addAll(grantsBeside(same, added));
      result.add(added);
      return result;
    }
    same.stream()
        .filter(choice -> choice.answer() == Answer.GRANTED && choice.by() != By.CHILD)
        .max(Comparator.comparingLong(Choice::order))
        .ifPresent(result::add);
    result.add(withdrawn(same).map(first -> added.as(first.at(), added.order())).orElse(added));
    return result;
  }

  private static List<Choice> grantsBeside(List<Choice> same, Choice added) {
    if (withdrawn(same).isPresent()) {
      return List.of();
    }
    List<Choice> others =
        same.stream()
            .filter(choice -> !choice.version().equals(added.version()))
            .sorted(Comparator.comparingLong(Choice::order))
            .toList();
    return others.subList(Math.max(0, others.size() - VERSIONS + 1), others.size());
  }

  private static Optional<Choice> withdrawn(List<Choice> same) {
    return same.stream().filter(choice -> choice.answer() == Answer.WITHDRAWN).findFirst();
  }

  private static boolean isSameThing(Choice one, Choice other) {
    return one.purpose().equals(other.purpose())
        && orAll(one.product()).equals(orAll(other.product()))
        && orAll(one.channel()).equals(orAll(other.channel()))
        && one.coverage() == other.coverage()
        && one.by().isThePerson() == other.by().isThePerson();
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
