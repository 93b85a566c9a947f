package dev.pledge.engine.rights;

import java.util.Locale;

/** Why something is not done with a request. */
public enum NotNow {
  /** A request that reveals or removes is granted to whom it belongs, and to nobody else. */
  IDENTITY_NOT_CHECKED(
      "V.4", "It has to be checked who asks before this is granted.", "同意该请求前，须先核实请求人的身份。"),
  ALREADY_DECIDED("V.4", "This request is decided already.", "该请求已经处理完毕。"),
  NOT_UNDECIDED("V.4", "This is possible only until the request is decided.", "仅在作出决定前可以这样做。"),
  NOTHING_TO_APPEAL(
      "V.4",
      "Only a decision by which not all was granted can be appealed, and once.",
      "仅可对未全部同意的决定提出一次申诉。"),
  DECIDED_BY_THE_SAME(
      "V.4", "Somebody else than who decided first decides an appeal.", "申诉须由原决定人以外的人员处理。"),
  NOT_A_MEMBER_OF_STAFF("IV.3", "Requests are worked on by members of staff.", "请求应由工作人员处理。"),
  NO_ROLE(
      "IV.3",
      "This needs a role of the policy whose undertaking is in force.",
      "此操作需要政策所定的角色，且其保密承诺有效。"),
  ALREADY_EXTENDED("V.4", "The answer was put off once already.", "答复期限已延长过一次。"),
  NO_EXTENSION("V.4", "The policy lets this answer take no longer.", "按照政策，该答复不得延期。"),
  LATE_TO_EXTEND(
      "V.4", "An answer is put off within its term, and that is over.", "只能在答复期限内延长，而该期限已过。"),
  TOO_MANY_REQUESTS("V.4", "There are as many undecided requests as there may be.", "未处理的请求已达上限。"),
  TOO_MANY_DOCUMENTS("V.4", "This request has as many documents as it may.", "该请求的文件已达上限。"),
  TOO_MANY_MESSAGES("V.4", "This request has as many messages as it may.", "该请求的消息已达上限。"),
  UNKNOWN_NAMES("I.5", "The policy does not know all that was named.", "政策不包含所指明的部分名称。"),
  OTHER_PRODUCT("II.I.9", "The caller does not work for that product.", "调用者不负责该产品。"),
  NO_SUCH_PART(
      "V.4", "What is granted in part names some of the fields asked for.", "部分同意时应指明所请求信息项中的一部分。"),
  NOTHING_TO_CARRY_OUT(
      "V.4", "There is nothing to carry out that waits for somebody.", "没有等待处理的执行事项。");

  private final String clause;
  private final String english;
  private final String chinese;

  NotNow(String clause, String english, String chinese) {
    this.clause = clause;
    this.english = english;
    this.chinese = chinese;
  }

  /** The clause that is kept. */
  public String clause() {
    return clause;
  }

  /** The word for programs. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The sentence for a person: Chinese where {@code language} is, otherwise English. */
  public String sentence(Locale language) {
    return language.getLanguage().equals("zh") ? chinese : english;
  }
}
