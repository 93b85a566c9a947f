package dev.pledge.engine.consent;

import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Choice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The stored form of a person's choices: one line each, of words an operator can read, such as
 * {@code promotion meeting email ordinary granted self emeet@2020-04-23 2026-01-31T12:00:00Z 17
 * 018f…}; {@code *} stands for all.
 */
public final class ChoiceLines {
  /** Under how many versions a grant of the same thing is kept. */
  static final int VERSIONS = 8;

  static final String ALL = "*";

  private ChoiceLines() {}

  /**
   * The choices in a stored text; empty text means none.
   *
   * @throws IllegalStateException if the text is damaged
   */
  public static List<Choice> read(String text) {
    return text.isEmpty() ? List.of() : ChoiceReader.read(text);
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
          .append(choice.id());
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
}
