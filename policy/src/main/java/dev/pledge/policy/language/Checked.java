package dev.pledge.policy.language;

import dev.pledge.policy.decision.Policy;
import java.util.List;

/** What came of checking the files of a policy. */
public sealed interface Checked {

  /** All problems found, in the order of files and places. */
  List<Problem> problems();

  /**
   * A policy that can be put in force.
   *
   * @param notices the words for people, in the order of the policy's languages
   * @param labels what names are called, in the same order
   * @param mentions the clauses the rules and the notices name, in the order of the files
   * @param problems warnings only
   */
  record Sound(
      Policy policy,
      List<Notice> notices,
      List<Labels> labels,
      List<Mention> mentions,
      List<Problem> problems)
      implements Checked {
    public Sound {
      notices = List.copyOf(notices);
      labels = List.copyOf(labels);
      mentions = List.copyOf(mentions);
      problems = List.copyOf(problems);
    }
  }

  /** A policy that must not be used; at least one problem is an error. */
  record Unsound(List<Problem> problems) implements Checked {
    public Unsound {
      problems = List.copyOf(problems);
    }
  }
}
