package dev.pledge.engine.consent;

import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.Choice;
import dev.pledge.policy.decision.SubjectState.Coverage;
import java.util.List;

/** Which of a person's choices still count (V.2). */
public final class Counting {
  private Counting() {}

  /** Those that no later withdrawal of the same party covers. */
  public static List<Choice> of(List<Choice> choices) {
    return choices.stream()
        .filter(choice -> choices.stream().noneMatch(later -> takesBack(later, choice)))
        .toList();
  }

  private static boolean takesBack(Choice later, Choice choice) {
    return later.answer() == Answer.WITHDRAWN
        && later.order() > choice.order()
        && later.by().isThePerson() == choice.by().isThePerson()
        && later.purpose().equals(choice.purpose())
        && (later.product() == null || later.product().equals(choice.product()))
        && (later.channel() == null || later.channel().equals(choice.channel()))
        && (later.coverage() == Coverage.ALL || later.coverage() == choice.coverage());
  }
}
