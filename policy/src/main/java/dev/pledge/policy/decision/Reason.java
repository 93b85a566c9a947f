package dev.pledge.policy.decision;

import java.util.Locale;

/**
 * Why something is refused or withheld: the rule that decided, the clause it keeps and the words
 * for people. {@link #code()} is stable: answers and log entries carry it.
 */
public enum Reason {
  NO_MANDATE(Rule.SELF, "V.1", "Nobody acts for this person in that capacity.", "目前无人能以此身份代表此人。"),
  ABOUT_ANOTHER(
      Rule.SELF,
      "V.1",
      "This is about somebody else; it is shown to them, not to you.",
      "该信息涉及他人，仅向其本人提供。"),
  NOT_IN_FORCE(Rule.DECLARED, "IX.2", "No version of the policy is in force yet.", "政策尚未生效。"),
  UNKNOWN_VERSION(Rule.DECLARED, "IX.2", "There is no such version of the policy.", "政策没有这一版本。"),
  UNKNOWN_PURPOSE(
      Rule.DECLARED,
      "II.II.1",
      "The policy declares no such purpose, so nothing may be used for it.",
      "政策没有声明这一目的，因此不得为此使用任何信息。"),
  PURPOSE_NOT_IN_PRODUCT(
      Rule.DECLARED, "II.II.1", "This product does not have that purpose.", "该产品不具有这一目的。"),
  UNKNOWN_PRODUCT(
      Rule.DECLARED, "VIII.1", "The policy does not cover such a product.", "政策未涵盖该产品。"),
  UNKNOWN_FIELD(
      Rule.DECLARED,
      "I.5",
      "The policy declares no such field; it may be neither stored nor read.",
      "政策没有声明这一信息项，既不得存储也不得读取。"),
  UNKNOWN_SOURCE(Rule.DECLARED, "I.0", "The policy names no such source of data.", "政策没有列明这一信息来源。"),
  UNKNOWN_RECIPIENT(
      Rule.DECLARED, "III.I.1", "The policy names no such recipient.", "政策没有列明这一接收方。"),
  UNKNOWN_CHANNEL(
      Rule.DECLARED,
      "II.I.5",
      "Name one of the channels this purpose may use.",
      "请指明该目的可以使用的渠道之一。"),
  NO_ROLE(Rule.NEED_TO_KNOW, "IV.3", "None of your roles needs this.", "您的角色均无需使用这些信息。"),
  NO_UNDERTAKING(
      Rule.NEED_TO_KNOW,
      "IV.3",
      "The role that needs this asks for a signed, unexpired confidentiality undertaking.",
      "需要这些信息的角色须先签署有效的保密承诺。"),
  SERVICES_ONLY(
      Rule.NEED_TO_KNOW,
      "IV.3",
      "The role that needs this is for services; a person cannot use it.",
      "需要这些信息的角色仅供系统服务使用，个人不得使用。"),
  OTHER_PRODUCT(Rule.NEED_TO_KNOW, "IV.3", "You do not work for this product.", "您不负责该产品。"),
  ERASED(Rule.STANDING, "II.II.3", "There is no such person here.", "此处没有这个人。"),
  NOT_A_MEMBER(Rule.STANDING, "II.II.3", "This person does not use the product.", "此人未使用该产品。"),
  ACCOUNT_CLOSED(
      Rule.STANDING,
      "II.II.3",
      "This person has closed the account of the product; use has stopped.",
      "此人已注销该产品的账户，信息已停止使用。"),
  DORMANT(
      Rule.STANDING,
      "II.II.3",
      "This account has not been used for a long time; use has stopped.",
      "该账户长期未使用，信息已停止使用。"),
  RESTRICTED(Rule.STANDING, "V.4", "Use of this person's data is restricted.", "此人信息的使用已受到限制。"),
  DECEASED(
      Rule.STANDING,
      "II.I.5",
      "This person has died; nothing is promoted to them.",
      "此人已故，不再进行任何推广。"),
  NOT_ACCEPTED(
      Rule.ACCEPTANCE, "0.1", "This person has not accepted the policy in force.", "此人尚未接受现行政策。"),
  GUARDIAN_MISSING(
      Rule.GUARDIAN,
      "VI.1",
      "This person is a child; a guardian has to agree first.",
      "此人为未成年人，须先取得监护人同意。"),
  NO_GUARDIAN_NEEDED(
      Rule.GUARDIAN,
      "VI.1",
      "This person is an adult; no guardian has to be asked.",
      "此人已成年，无须征询监护人。"),
  NOT_LISTED(Rule.PURPOSE, "II.II.1", "The purpose does not list this field.", "该目的未列明这一信息项。"),
  OTHER_CHANNEL(Rule.PURPOSE, "II.I.5", "This is not used over that channel.", "该信息不用于这一渠道。"),
  CONSENT_MISSING(Rule.CONSENT, "II.II.6", "The person has not agreed to this.", "此人尚未同意。"),
  CONSENT_LAPSED(
      Rule.CONSENT,
      "II.II.6",
      "The purpose has changed since the person agreed; they have to be asked again.",
      "自此人同意以来该目的已经变更，须重新征得同意。"),
  CONSENT_WITHDRAWN(
      Rule.CONSENT, "V.2", "The person has refused or withdrawn this.", "此人已拒绝或撤回授权。"),
  SENSITIVE_CONSENT_MISSING(
      Rule.CONSENT,
      "I.1",
      "Sensitive data needs a separate, explicit consent.",
      "敏感信息须取得单独、明示的同意。"),
  SENSITIVE_CONSENT_WITHDRAWN(
      Rule.CONSENT,
      "V.2",
      "The person has withdrawn the explicit consent for sensitive data.",
      "此人已撤回对敏感信息的明示同意。"),
  NOT_AFFIRMATIVE(
      Rule.CONSENT,
      "II.II.6",
      "Only an act by which the person says yes counts: not silence, a box ticked beforehand, or"
          + " going on.",
      "仅以本人主动作出的肯定行为为准，沉默、预先勾选或继续使用均不算。"),
  EVIDENCE_TIME(
      Rule.CONSENT,
      "II.II.6",
      "The evidence is dated in the future, before the wording it is about was in force, or before"
          + " a later withdrawal.",
      "证据所载时间在未来，或早于所涉文本的生效时间，或早于其后的撤回。"),
  GRANT_TOO_WIDE(
      Rule.CONSENT,
      "II.II.6",
      "A grant names its product, and its channel where the purpose has channels.",
      "授权须指明产品；该目的设有渠道的，还须指明渠道。"),
  CANNOT_BE_WITHDRAWN(
      Rule.CONSENT,
      "V.2",
      "The service or the law needs this use. To stop it, delete the data or close the account.",
      "此项使用为提供服务或依法所必需。如需停止，请删除相关信息或注销账户。"),
  EXCEPTION_WITHOUT_ORDER(
      Rule.CONSENT,
      "II.I.7",
      "A legal exception needs an approval in force, given to you by someone else with the right"
          + " role.",
      "法定例外须有具备相应角色的其他人员给予您的、仍然有效的批准。"),
  ONLY_KEPT(
      Rule.CONSENT,
      "II.I.7",
      "This is kept because the law orders it, and is not read for that.",
      "该信息仅依法留存，不得为此目的读取。"),
  NOT_IN_ORDER(Rule.CONSENT, "II.I.7", "The approval does not name this field.", "该批准未列明这一信息项。"),
  EMERGENCY_UNJUSTIFIED(
      Rule.CONSENT, "II.I.7", "Emergency use needs a justification.", "紧急使用须说明理由。"),
  REVIEW_OVERDUE(
      Rule.CONSENT,
      "II.I.7",
      "An earlier emergency use has not been reviewed in time.",
      "先前的紧急使用未按时复核。"),
  NOT_EXCEPTIONAL(
      Rule.CONSENT,
      "II.I.7",
      "The policy makes no such exception of this purpose, so there is nothing to approve,"
          + " review or hold.",
      "政策未将这一目的列为此类例外，因此没有可批准、复核或保全的内容。"),
  NO_OVERSIGHT(
      Rule.CONSENT, "II.I.7", "None of your roles approves or reviews this.", "您的角色均无权批准或复核。"),
  NOT_A_PERSON(
      Rule.CONSENT,
      "II.I.7",
      "A program approves and reviews nothing; a person does.",
      "批准和复核须由人进行，系统服务不得为之。"),
  OWN_USE(
      Rule.CONSENT,
      "II.I.7",
      "Nobody approves or reviews what they do themselves.",
      "任何人不得批准或复核自己的使用。"),
  NO_SUCH_ACTOR(
      Rule.CONSENT,
      "II.I.7",
      "Nobody whose role needs this goes by that id.",
      "没有角色需要这些信息的操作者使用该标识。"),
  APPROVAL_TERM(
      Rule.CONSENT,
      "II.I.7",
      "An approval ends in the future, and within 30 days.",
      "批准的截止时间须在未来三十天之内。"),
  HOLD_TERM(
      Rule.CONSENT,
      "II.I.7",
      "A hold ends in the future, and within five years.",
      "保全的截止时间须在未来五年之内。"),
  ALREADY_REVIEWED(Rule.CONSENT, "II.I.7", "This use has been reviewed already.", "该次使用已经复核。"),
  SUPPRESSED(
      Rule.CONSENT,
      "V.1",
      "The person removed this; it is stored again only when they supply it.",
      "此人已删除该信息，仅在其本人再次提供时方可存储。"),
  NOT_POOLED(
      Rule.POOLING,
      "II.I.9",
      "Another product collected this and the person has not authorised sharing it between"
          + " products.",
      "该信息由其他产品收集，此人未授权在产品之间共用。"),
  CLOSING_CONDITIONS(
      Rule.CONDITIONS,
      "V.3",
      "The account is closed once what the policy says of it is true, and the product did not say"
          + " so.",
      "满足政策规定的条件后方可注销账户，而该产品未予确认。"),
  CONDITION_MISSING(
      Rule.CONDITIONS,
      "I.3",
      "This may be collected only while its conditions hold, and the collector did not say so.",
      "仅在满足收集条件时方可收集，而收集方未予确认。"),
  NO_AGREEMENT(
      Rule.CONDITIONS,
      "I.0",
      "No agreement in force with the third party names this field.",
      "与该第三方之间没有列明此信息项的有效协议。"),
  PURPOSE_NOT_SHARED(
      Rule.CONDITIONS,
      "III.I.1",
      "This recipient receives nothing for that purpose.",
      "该接收方不得为这一目的接收任何信息。"),
  OTHER_DESTINATION(
      Rule.CONDITIONS,
      "III.I.4",
      "Name one of the countries to which this recipient's data may go.",
      "请指明该接收方的信息可以前往的国家或地区之一。"),
  FIELD_NOT_SHARED(
      Rule.CONDITIONS, "III.I.3", "This recipient does not receive this field.", "该接收方不接收这一信息项。"),
  NOT_AFFILIATED(
      Rule.CONDITIONS,
      "VIII.4",
      "This company is not an affiliate today, so it receives nothing.",
      "该公司目前不是关联公司，不得接收任何信息。"),
  NOT_BOUND(
      Rule.CONDITIONS,
      "III.I.4",
      "No agreement in force binds this recipient to confidentiality, instructions and security.",
      "没有有效协议约束该接收方遵守保密、指示和安全要求。"),
  SHARING_NOT_AGREED(
      Rule.CONDITIONS,
      "III.I.1",
      "The person has not said yes to this, so it is not handed to anybody.",
      "此人尚未明确同意，因此不得提供给他人。"),
  EXPIRED(Rule.RETENTION, "IV.1", "The time this is kept has passed.", "该信息的保存期限已过。"),
  DIRECT_IDENTIFIER(
      Rule.VIEW,
      "II.II.2",
      "This points at a person by itself and is not shown in de-identified data.",
      "该信息可直接识别个人，不得出现在去标识化数据中。");

  private static final Reason[] ALL = values();

  private final Rule rule;
  private final String clause;
  private final String english;
  private final String chinese;
  private final String code;

  Reason(Rule rule, String clause, String english, String chinese) {
    this.rule = rule;
    this.clause = clause;
    this.english = english;
    this.chinese = chinese;
    this.code = name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The rule that decided. */
  public Rule rule() {
    return rule;
  }

  /** The clause, unless the policy gives a closer one (see {@link Decision#clause}). */
  public String clause() {
    return clause;
  }

  /** A stable word for answers and log entries, such as {@code consent-withdrawn}. */
  public String code() {
    return code;
  }

  /** The words for people; English where the language is not Chinese. */
  public String sentence(Locale language) {
    return Bilingual.in(language, english, chinese);
  }

  static Reason at(int ordinal) {
    return ALL[ordinal];
  }
}
