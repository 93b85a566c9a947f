package dev.pledge.policy.language;

import dev.pledge.policy.decision.Policy.Controller;
import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.language.NoticeReader.Read;
import dev.pledge.policy.names.ClauseId;
import java.util.HashSet;
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
  private final Mentions mentions;
  private final Map<String, Read> notices;
  private final Problems problems;
  private final Set<ClauseId> kept = new LinkedHashSet<>();

  /**
   * @param mentions the clauses that the policy names, for all products and for single ones
   * @param notices the notices that could be read, by language
   */
  Words(Draft draft, Mentions mentions, Map<String, Read> notices, Problems problems) {
    this.draft = draft;
    this.mentions = mentions;
    this.notices = notices;
    this.problems = problems;
    Clauses.always().forEach(id -> kept.add(new ClauseId(id)));
    kept.addAll(mentions.clauses());
  }

  void check() {
    Set<ClauseId> important = important();
    notices.forEach(
        (language, read) -> {
          if (draft.languages().containsKey(language)) {
            everyRuleHasWords(read);
            whoAnswersIsNamed(read);
            whatMustStandsOut(read, important);
            everyPassageHasARule(read);
          } else {
            unlisted(language, read.source(), problems);
          }
        });
  }

  /** Where marks name what they do not mean, as many passages are there, and that was told. */
  private void everyRuleHasWords(Read read) {
    List<ClauseId> missing =
        kept.stream().filter(clause -> !read.marks().containsKey(clause)).toList();
    if (missing.size() <= read.unreadMarks()) {
      return;
    }
    for (ClauseId clause : missing) {
      String important = Clauses.limitsRights(clause) ? " .important" : "";
      problems.error(
          read.source().start(),
          "",
          "clause `" + clause + "` has a rule but no passage",
          "mark the heading of its words with `{#" + clause + important + "}`");
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
              if (!kept.contains(clause) && !mentions.possible().contains(clause)) {
                problems.error(
                    mark.at(),
                    "clause `" + clause + "` has a passage but no rule",
                    "write " + Clauses.keptBy(clause) + ", or remove the mark");
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

  /** The clauses whose passages stand out in some language. */
  private Set<ClauseId> important() {
    Set<ClauseId> important = new HashSet<>();
    for (Read read : notices.values()) {
      read.marks()
          .forEach(
              (clause, mark) -> {
                if (mark.important()) {
                  important.add(clause);
                }
              });
    }
    important.retainAll(kept);
    return important;
  }

  /** Reports each passage that must stand out and does not, once. */
  private void whatMustStandsOut(Read read, Set<ClauseId> important) {
    Set<Integer> lines = new HashSet<>();
    for (boolean limiting : List.of(true, false)) {
      read.marks()
          .forEach(
              (clause, mark) -> {
                boolean must =
                    limiting
                        ? kept.contains(clause) && Clauses.limitsRights(clause)
                        : important.contains(clause);
                if (must && !mark.important() && lines.add(mark.at().place().line())) {
                  plain(mark.at(), clause, limiting);
                }
              });
    }
  }

  private void plain(Scalar at, ClauseId clause, boolean limiting) {
    problems.error(
        at,
        "clause `"
            + clause
            + (limiting
                ? "` limits what people can do, and its passage does not stand out (0.3)"
                : "` stands out in another language and not in this one (0.3)"),
        "add `.important` to the mark" + (limiting ? "" : ", or remove it there"));
  }
}
