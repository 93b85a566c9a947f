package dev.pledge.policy.language;

import dev.pledge.policy.names.ClauseId;

/**
 * That a policy speaks of a clause: where a rule keeps it, or where a notice explains it.
 *
 * @param by the part of the rules, such as {@code purpose `promotion`}, or the heading of the
 *     passage
 * @param line of the file, from 1
 */
public record Mention(ClauseId clause, In in, String by, String file, int line) {

  /** Which of the two it is. */
  public enum In {
    RULES,
    NOTICE
  }

  static Mention inRules(ClauseId clause, String part, Node.Scalar at) {
    return new Mention(clause, In.RULES, part, at.place().source().file(), at.place().line());
  }

  static Mention inNotice(ClauseId clause, String heading, Node.Scalar at) {
    return new Mention(clause, In.NOTICE, heading, at.place().source().file(), at.place().line());
  }
}
