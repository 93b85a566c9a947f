package dev.pledge.policy.language;

import dev.pledge.policy.decision.Policy.Controller;
import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.language.NoticeReader.Mark;
import dev.pledge.policy.language.NoticeReader.Read;
import dev.pledge.policy.names.ClauseId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Checks that the rules and the words people read say the same: every clause that has a rule has a
 * passage in every language, every passage a rule, and what stands out in one language stands out
 * in all (0.3).
 */
final class Words {
  private final Draft draft;
  private final Map<String, Read> notices;
  private final Problems problems;
  private final Set<ClauseId> kept = new LinkedHashSet<>();

  /** Whether all clauses of the policy could be read. */
  private final boolean complete;

  /**
   * @param mentions the clauses that the policy names, for all products and for single ones
   * @param notices the notices that could be read, by language
   */
  Words(Draft draft, Mentions mentions, Map<String, Read> notices, Problems problems) {
    this.draft = draft;
    this.notices = notices;
    this.problems = problems;
    Clauses.always().forEach(id -> kept.add(new ClauseId(id)));
    kept.addAll(mentions.clauses());
    complete = mentions.isComplete();
  }

  void check() {
    notices.forEach(
        (language, read) -> {
          if (draft.languages().containsKey(language)) {
            everyRuleHasWords(read);
            whoAnswersIsNamed(read);
            if (complete) {
              everyPassageHasARule(read);
            }
          } else {
            unlisted(language, read.source(), problems);
          }
        });
    whatStandsOutDoesSoInAll();
  }

  private void everyRuleHasWords(Read read) {
    for (ClauseId clause : kept) {
      if (!read.marks().containsKey(clause)) {
        problems.error(
            read.source().start(),
            "",
            "clause `" + clause + "` has a rule but no passage",
            "mark the heading of its words with `{#" + clause + "}`");
      }
    }
  }

  /** Who answers for the processing, and how to reach them (PIPL Art. 17, GDPR Art. 13(1)). */
  private void whoAnswersIsNamed(Read read) {
    Controller controller = draft.policy().controller();
    for (String named : List.of(controller.name(), controller.email())) {
      if (!read.notice().markdown().contains(named)) {
        problems.error(
            read.source().start(),
            "",
            "the notice does not name `" + named + "`, the controller",
            "say who answers for the processing, and how to reach them");
      }
    }
  }

  private void everyPassageHasARule(Read read) {
    read.marks()
        .forEach(
            (clause, mark) -> {
              if (!kept.contains(clause)) {
                problems.error(
                    mark.at(),
                    "clause `" + clause + "` has a passage but no rule",
                    "write `clause: " + clause + "` on the part that keeps it, or remove the mark");
              }
            });
  }

  /** Reports a file in a language that the policy does not have. */
  static void unlisted(String language, SourceText source, Problems problems) {
    problems.error(
        source.start(),
        "",
        "language `" + language + "` is not one of the policy's",
        "add it to `languages`, or remove the file");
  }

  private void whatStandsOutDoesSoInAll() {
    for (ClauseId clause : kept) {
      List<Scalar> plain = new ArrayList<>();
      boolean important = false;
      for (Read read : notices.values()) {
        Mark mark = read.marks().get(clause);
        if (mark != null) {
          important |= mark.important();
          if (!mark.important()) {
            plain.add(mark.at());
          }
        }
      }
      if (important) {
        plain.forEach(this::plain);
      }
    }
  }

  private void plain(Scalar at) {
    problems.error(
        at,
        "clause `" + at.text() + "` stands out in another language and not in this one (0.3)",
        "add `.important` to the mark, or remove it there");
  }
}
