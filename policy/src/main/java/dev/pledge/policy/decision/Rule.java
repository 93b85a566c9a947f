package dev.pledge.policy.decision;

import dev.pledge.policy.names.ClauseId;
import java.util.Locale;

/**
 * The rules of a decision, in the order in which they are tried; the first that refuses gives the
 * reason.
 */
public enum Rule {
  /**
   * The person, or someone acting for them, exercises a right: everything about them opens (V.1).
   */
  SELF(
      "V.1", "The person, or someone who may act for them, exercises a right.", "由本人或有权代其行事者行使权利。"),
  /** Only what the policy declares exists (I.5, II.II.1). */
  DECLARED("II.II.1", "The policy declares everything that is named.", "所指明的各项均由政策声明。"),
  /** A role of the actor, its undertaking met, needs it (IV.3). */
  NEED_TO_KNOW(
      "IV.3",
      "A role of whoever asks needs this, and what it asks of them is met.",
      "请求者有角色需要此信息，且符合该角色的要求。"),
  /** The person's account allows use (II.II.3). */
  STANDING("II.II.3", "The person's account allows this use.", "此人的账户状态允许此项使用。"),
  /** The person has accepted the policy (0.1). */
  ACCEPTANCE(
      "0.1",
      "The person has accepted the policy, or this does not wait for it.",
      "此人已接受政策，或此项使用无须以接受为前提。"),
  /** A guardian has agreed for a child (VI.1). */
  GUARDIAN("VI.1", "A guardian has agreed, or none has to.", "监护人已同意，或无须监护人同意。"),
  /** The purpose lists the field (II.II.1). */
  PURPOSE("II.II.1", "The purpose lists this field.", "该目的列明了这一信息项。"),
  /** The person's choice, the legal basis and its conditions are met (II.I.*, V.2). */
  CONSENT("II.II.6", "The person's choices and the legal basis allow it.", "此人的选择与法律依据允许此项使用。"),
  /** Another product's data needs the person's authorisation (II.I.9). */
  POOLING(
      "II.I.9",
      "The value crosses no border between products, or may cross it.",
      "该信息未跨产品使用，或已获准跨产品使用。"),
  /** The conditions of collection, of a source, of a recipient are met (I.0, I.3, III.*). */
  CONDITIONS("I.3", "What has to be true for this is true.", "所需条件均已满足。"),
  /** The value is still kept (IV.1). */
  RETENTION("IV.1", "The value is still within its time.", "该信息仍在保存期限之内。"),
  /** Nothing is seen more clearly than purpose, role and field allow (II.II.2, II.II.5). */
  VIEW(
      "II.II.5",
      "It is shown no more clearly than purpose, role and field allow.",
      "显示的清晰程度不超过目的、角色与信息项所允许的范围。");

  private final String clause;
  private final String english;
  private final String chinese;

  Rule(String clause, String english, String chinese) {
    this.clause = clause;
    this.english = english;
    this.chinese = chinese;
  }

  /** The clause the rule keeps above all; a refusal names a closer one where there is one. */
  public ClauseId clause() {
    return new ClauseId(clause);
  }

  /** What the rule found where it refuses nothing; English where the language is not Chinese. */
  public String passed(Locale language) {
    return Bilingual.in(language, english, chinese);
  }
}
