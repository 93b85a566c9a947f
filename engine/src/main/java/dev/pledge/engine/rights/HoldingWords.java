package dev.pledge.engine.rights;

import dev.pledge.engine.consent.Consents;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policy.From;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.language.Checked.Sound;
import dev.pledge.policy.language.Labels;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.PurposeId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.SourceId;
import dev.pledge.policy.names.View;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The words of what people are shown of their data, in English or Chinese: those of the policy's
 * labels where it has them, and plain ones of ours around them.
 */
public final class HoldingWords {
  private static final DateTimeFormatter ENGLISH =
      DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ENGLISH).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter CHINESE =
      DateTimeFormatter.ofPattern("uuuu 年 M 月 d 日", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Labels labels;
  private final boolean chinese;

  private HoldingWords(Labels labels, boolean chinese) {
    this.labels = labels;
    this.chinese = chinese;
  }

  /** The words for a reader of the language; English where it is neither. */
  public static HoldingWords of(Optional<Sound> version, Locale language) {
    boolean chinese = language.getLanguage().equals(Locale.CHINESE.getLanguage());
    String wanted = chinese ? "zh" : "en";
    Labels labels =
        version.stream()
            .flatMap(sound -> sound.labels().stream())
            .filter(each -> Locale.forLanguageTag(each.language()).getLanguage().equals(wanted))
            .findFirst()
            .orElse(Labels.none());
    return new HoldingWords(labels, chinese);
  }

  /** The language tag. */
  public String language() {
    return chinese ? "zh" : "en";
  }

  /** What the policy calls the name. */
  public String of(Object id) {
    return labels.of(id);
  }

  /** Whichever of the two is for this reader. */
  String say(String english, String other) {
    return chinese ? other : english;
  }

  /** Where a value came from (I.0). */
  public String source(SourceId source) {
    return switch (source.value()) {
      case "person" -> say("you told us", "您提供的");
      case "product-use" -> say("it arose as you used the product", "您使用产品时产生的");
      default -> of(source);
    };
  }

  /** How clearly a role sees it. */
  public String view(View view) {
    return switch (view) {
      case CLEAR -> say("in clear", "明文");
      case MASKED -> say("masked", "部分遮蔽");
      case DE_IDENTIFIED -> say("without what tells it is you", "去标识化");
    };
  }

  /** The rule by which a value goes, as half a sentence. */
  public String rule(Period keep, From from) {
    String length = period(keep);
    return switch (from) {
      case COLLECTION -> say(length + " after it came", "收集后" + length);
      case CLOSING -> say(length + " after you close the account", "账号注销后" + length);
      case LAST_USE -> say(length + " after you last use the product", "最后一次使用产品后" + length);
      case END_OF_PURPOSE -> say(length + " after nothing needs it any more", "所有用途结束后" + length);
      case UNACCEPTED ->
          say(length + " after it came, if you do not accept the policy", "若您未接受政策，收集后" + length);
    };
  }

  private String period(Period period) {
    List<String> said = new ArrayList<>();
    part(said, period.getYears(), "year", "年");
    part(said, period.getMonths(), "month", "个月");
    part(said, period.getDays(), "day", "天");
    if (said.isEmpty()) {
      part(said, 0, "day", "天");
    }
    return String.join(say(" and ", ""), said);
  }

  private void part(List<String> said, int amount, String english, String other) {
    if (amount != 0 || (said.isEmpty() && english.equals("day"))) {
      said.add(amount + say(amount == 1 ? " " + english : " " + english + "s", " " + other));
    }
  }

  /** A day, UTC. */
  public String day(Instant at) {
    return (chinese ? CHINESE : ENGLISH).format(at);
  }

  String minute(Instant at) {
    return MINUTE.format(at);
  }

  /** What a choice or a use is for. */
  String purpose(String purpose) {
    return purpose.equals(CompiledPolicy.POOLING)
        ? say("using the data of one product for the others", "产品之间共用数据")
        : of(new PurposeId(purpose));
  }

  /** For what a choice was made, by whom, and whether it still counts. */
  String about(Consents.Event event, boolean counts) {
    List<String> said = new ArrayList<>();
    if (event.product() != null) {
      said.add(of(new ProductId(event.product())));
    }
    if (event.channel() != null) {
      said.add(event.channel());
    }
    switch (event.coverage()) {
      case SENSITIVE -> said.add(say("sensitive data", "敏感数据"));
      case ORDINARY, ALL -> {}
    }
    if (event.by() == By.GUARDIAN) {
      said.add(say("by a guardian", "由监护人作出"));
    }
    if (counts) {
      said.add(say("counts now", "现行有效"));
    }
    return list(said);
  }

  /** Who did something: a role, or what kind of caller had none. */
  String who(String who) {
    return switch (who) {
      case "self" -> say("You", "您本人");
      case "guardian" -> say("A guardian of yours", "您的监护人");
      case "agent" -> say("Somebody you appointed", "您委托的人");
      case "heir" -> say("Your heirs", "您的继承人");
      case "system" -> say("The system itself", "系统自身");
      case "service" -> say("A program of ours", "我们的程序");
      case "staff" -> say("A member of our staff", "我们的员工");
      case "anonymous" -> say("Somebody not named", "未指明的人");
      default -> of(new RoleId(who));
    };
  }

  String times(long count) {
    return count == 1 ? say("once", "1 次") : number(count) + say(" times", " 次");
  }

  /** What was done, in a word or two. */
  String act(String act, String outcome) {
    String done =
        switch (act) {
          case "register" -> say("registered you", "为您注册");
          case "accept" -> say("recorded that you accepted the policy", "记录您接受政策");
          case "collect" -> say("stored data", "存储数据");
          case "read" -> say("looked at data", "查看数据");
          case "share" -> say("handed data over", "提供数据");
          case "lookup" -> say("looked you up", "查找您的账号");
          case "state" -> say("looked at your account", "查看账号状态");
          case "correct" -> say("corrected data", "更正数据");
          case "delete" -> say("deleted data", "删除数据");
          case "grant" -> say("recorded a yes", "记录同意");
          case "withdraw" -> say("recorded a no", "记录拒绝");
          case "consents" -> say("looked at your choices", "查看您的选择");
          case "history" -> say("looked at this history", "查看访问历史");
          case "explain" -> say("asked what the policy allows", "询问政策允许什么");
          case "export" -> say("took all data along", "导出全部数据");
          case "expire" -> say("deleted what was no longer kept", "删除到期数据");
          case "close" -> say("closed an account", "注销账号");
          default -> act.replace('-', ' ');
        };
    return switch (outcome) {
      case "refused" -> done + say(" (refused)", "（被拒绝）");
      case "partly" -> done + say(" (in part)", "（部分）");
      default -> done;
    };
  }

  String list(List<String> items) {
    return String.join(say(", ", "、"), items);
  }

  String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}
