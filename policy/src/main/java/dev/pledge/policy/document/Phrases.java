package dev.pledge.policy.document;

import dev.pledge.policy.decision.Duties.ContinuedUse;
import dev.pledge.policy.decision.Duties.OutsideCause;
import dev.pledge.policy.decision.Policy.About;
import dev.pledge.policy.decision.Policy.Basis;
import dev.pledge.policy.decision.Policy.Before;
import dev.pledge.policy.decision.Policy.Control;
import dev.pledge.policy.decision.Policy.HeldBy;
import dev.pledge.policy.decision.Policy.Nature;
import dev.pledge.policy.decision.Policy.Pooling;
import dev.pledge.policy.decision.Policy.TellPerson;
import dev.pledge.policy.decision.Policy.UnknownAge;
import dev.pledge.policy.decision.Sharing.Case;
import dev.pledge.policy.decision.Sharing.Kind;
import dev.pledge.policy.decision.Sharing.LegalRole;
import dev.pledge.policy.decision.Sharing.Transfer;
import dev.pledge.policy.names.ChannelId;
import dev.pledge.policy.names.FieldType;
import dev.pledge.policy.names.Mask;
import dev.pledge.policy.names.View;
import java.util.Optional;

/**
 * People's words for the words of the language, so that nobody has to know what {@code opt-in} is.
 * A new constant does not compile before it has some.
 */
final class Phrases {
  static final Phrase ALL_UNDER = new Phrase("“{0}”", "“{0}”");

  static final Phrase EVERYTHING = new Phrase("everything listed here", "此处列出的全部信息");
  static final Phrase ALL_PRODUCTS = new Phrase("Everything we offer", "我们的全部产品");

  private Phrases() {}

  /** What a group of purposes on the basis is called. */
  static Phrase title(Basis basis) {
    return switch (basis) {
      case CONTRACT -> new Phrase("What the products need in order to work", "产品运行所需");
      case CONSENT -> new Phrase("Only if you say yes", "只有您同意才会做的事");
      case LEGITIMATE_INTEREST ->
          new Phrase("What we do in our own legitimate interest", "出于我们正当利益的用途");
      case PUBLIC_TASK -> new Phrase("Tasks in the public interest", "为公共利益履行的任务");
      case LEGAL_OBLIGATION -> new Phrase("What the law demands", "法律要求的事");
      case VITAL_INTEREST -> new Phrase("When a life is in danger", "有人生命危险时");
    };
  }

  /** Why the basis is one, and what people can do about it. */
  static Phrase meaning(Basis basis) {
    return switch (basis) {
      case CONTRACT ->
          new Phrase(
              "We do this to give you what you signed up for; it rests on our contract with you."
                  + " Without it the products could not do their work, so it is not asked for one"
                  + " by one.",
              "这样做是为了向您提供您所使用的产品，依据是我们与您之间的合同。没有这些，产品就无法运行，因此不逐项询问。");
      case CONSENT ->
          new Phrase(
              "Each of these is off until you say yes to it, and rests on your consent alone. You"
                  + " can take your yes back at any time; nothing else stops because of that.",
              "下列每一项在您同意之前都是关闭的，依据只有您的同意。您随时可以撤回，其他功能不受影响。");
      case LEGITIMATE_INTEREST ->
          new Phrase(
              "We weighed our interest in this against yours before we began. You can object.",
              "开始之前，我们已将自身利益与您的利益作过衡量。您可以反对。");
      case PUBLIC_TASK ->
          new Phrase(
              "The law gives us a task in the public interest, and we need this to carry it out.",
              "法律交给我们一项公共利益任务，履行它需要这样做。");
      case LEGAL_OBLIGATION ->
          new Phrase(
              "The law obliges us to do this, so it waits for nobody’s consent and cannot be"
                  + " refused.",
              "法律规定我们必须这样做，因此不需要任何人的同意，也无法拒绝。");
      case VITAL_INTEREST ->
          new Phrase(
              "Somebody’s life or health depends on it, so it waits for nobody’s consent.",
              "事关他人或您本人的生命健康，因此不需要等待任何人的同意。");
    };
  }

  /** How things stand until the person says something. */
  static Phrase of(Control control) {
    return switch (control) {
      case OPT_IN -> new Phrase("Off until you say yes.", "您同意之前是关闭的。");
      case OPT_OUT ->
          new Phrase("On until you say no, which you can at any time.", "默认开启，您随时可以拒绝。");
      case NONE -> new Phrase("There is no switch for it.", "没有可以关闭的开关。");
    };
  }

  /** What is special about purposes of the nature, if anything is. */
  static Optional<Phrase> of(Nature nature) {
    return switch (nature) {
      case ORDINARY -> Optional.empty();
      case SECURITY ->
          Optional.of(new Phrase("Serves security, across all our products.", "用于安全，适用于全部产品。"));
      case PROMOTION -> Optional.of(new Phrase("This is promotion.", "属于营销推广。"));
      case LEGAL_CLAIMS ->
          Optional.of(
              new Phrase(
                  "Serves legal claims, and so goes on while the use of your data is restricted.",
                  "用于法律上的主张，因此在您的信息被限制使用期间仍会继续。"));
      case PROTECTION ->
          Optional.of(
              new Phrase("Protects a person, and so waits for no guardian.", "用于保护人身，因此不等待监护人同意。"));
      case RECORD_KEEPING ->
          Optional.of(
              new Phrase(
                  "Kept because the law orders it. Nobody reads it for that.",
                  "因法律要求而留存，没有人可以为此查看。"));
    };
  }

  static Phrase of(Before before) {
    return switch (before) {
      case ACCEPTANCE -> new Phrase("Does not wait until you accept this policy.", "不必等到您接受本政策。");
      case GUARDIAN_CONSENT ->
          new Phrase(
              "Serves to ask a guardian, and so does not wait for one.", "用于征询监护人，因此不等待监护人同意。");
    };
  }

  static Phrase of(TellPerson tells) {
    return switch (tells) {
      case AT_ONCE -> new Phrase("Your access history shows it at once.", "您的访问记录会立即显示。");
      case AFTER ->
          new Phrase(
              "Your access history shows it as soon as the approval has ended.",
              "批准结束后，您的访问记录会显示。");
      case NEVER ->
          new Phrase(
              "Your access history does not show it, because the law demands silence.",
              "法律要求保密，因此您的访问记录不会显示。");
    };
  }

  /** How clearly people or programs see data. */
  static Phrase of(View view, HeldBy by) {
    return switch (view) {
      case CLEAR ->
          switch (by) {
            case SERVICE -> new Phrase("Clear.", "完整内容。");
            case ANYONE ->
                new Phrase(
                    "Clear, each time with a reason that is recorded.", "完整内容，每次都须说明理由并留下记录。");
          };
      case MASKED -> new Phrase("Masked.", "遮盖后的内容。");
      case DE_IDENTIFIED -> new Phrase("Nothing that points to you.", "不含任何指向您的内容。");
    };
  }

  /** What a purpose says of how clearly anybody sees data for it, if it says something. */
  static Optional<Phrase> of(View view) {
    return switch (view) {
      case CLEAR -> Optional.empty();
      case MASKED -> Optional.of(new Phrase("Everybody sees it masked.", "任何人看到的都是遮盖后的内容。"));
      case DE_IDENTIFIED ->
          Optional.of(
              new Phrase(
                  "Those who do this see nothing that points to you.", "做这项工作的人看不到任何指向您的内容。"));
    };
  }

  static Phrase of(HeldBy by) {
    return switch (by) {
      case SERVICE ->
          new Phrase("A program. No person sees in its place what it sees.", "这是程序。任何人都不能以它的名义查看。");
      case ANYONE -> new Phrase("People, or programs.", "人员或程序。");
    };
  }

  static Optional<Phrase> of(About about) {
    return switch (about) {
      case SUBJECT -> Optional.empty();
      case ANOTHER ->
          Optional.of(
              new Phrase(
                  "This is about somebody else, and so not shown to you.", "这是他人的信息，因此不向您显示。"));
    };
  }

  static Phrase of(Pooling pooling) {
    return switch (pooling) {
      case NEVER -> new Phrase("Never.", "从不共用。");
      case WITH_AUTHORISATION ->
          new Phrase(
              "Off until you allow it. You can take that back at any time.", "您允许之前是关闭的。您随时可以收回。");
    };
  }

  static Phrase of(UnknownAge unknown) {
    return switch (unknown) {
      case ADULT ->
          new Phrase(
              "As long as we do not know how old you are, we treat you as an adult.",
              "在我们不知道您的年龄期间，按成年人对待您。");
      case MINOR ->
          new Phrase(
              "As long as we do not know how old you are, we treat you as a child.",
              "在我们不知道您的年龄期间，按未成年人对待您。");
    };
  }

  static Phrase of(ContinuedUse use) {
    return switch (use) {
      case NOTHING ->
          new Phrase(
              "Going on using a product accepts no new version; we ask you.",
              "继续使用产品并不表示接受新版本，我们会询问您。");
      case EDITORIAL ->
          new Phrase(
              "Going on using a product may accept a change of wording, and nothing else.",
              "继续使用产品只可视为接受措辞的变化，不及于其他。");
    };
  }

  static Phrase of(OutsideCause cause) {
    return switch (cause) {
      case SHARED_PASSWORD ->
          new Phrase("a password or an unlocked device that you shared", "您交给他人的密码或已解锁的设备");
      case FORCE_MAJEURE -> new Phrase("what nobody could have averted", "谁也无法避免的事件");
      case OTHER_SITE -> new Phrase("a site of others that a link led to", "链接所指的他人网站");
      case OTHER_OUTSIDE -> new Phrase("another cause outside our systems", "我们系统之外的其他原因");
    };
  }

  static Phrase of(Kind kind) {
    return switch (kind) {
      case AFFILIATE -> new Phrase("A company of our group.", "我们的关联公司。");
      case PARTNER -> new Phrase("A partner of ours.", "我们的合作伙伴。");
      case AUTHORITY -> new Phrase("A court or another public body.", "法院或其他公共机关。");
    };
  }

  static Phrase of(LegalRole role) {
    return switch (role) {
      case PROCESSOR ->
          new Phrase("It does with it what we say and nothing else.", "其只按我们的指示处理信息。");
      case JOINT_CONTROLLER -> new Phrase("It answers for it together with us.", "其与我们共同对信息负责。");
      case CONTROLLER -> new Phrase("It answers itself for what it does with it.", "其自行对信息的处理负责。");
    };
  }

  static Phrase of(Case because) {
    return switch (because) {
      case SERVICE -> new Phrase("Because what you use needs it.", "因您使用的功能需要。");
      case CONSENT -> new Phrase("Only with your consent.", "仅在您同意时。");
      case LAW -> new Phrase("Because the law demands it.", "因法律要求。");
      case TERMS -> new Phrase("To enforce the terms of service.", "为执行服务条款。");
      case RIGHTS -> new Phrase("To protect somebody's rights.", "为保护他人的权利。");
      case PROPERTY -> new Phrase("To protect somebody's property.", "为保护他人的财产。");
      case SAFETY -> new Phrase("To protect somebody's safety.", "为保护人身安全。");
      case FRAUD -> new Phrase("To prevent fraud.", "为防止欺诈。");
    };
  }

  static Phrase of(Transfer transfer) {
    return switch (transfer) {
      case NEVER ->
          new Phrase(
              "Should we merge or be sold, your data does not go along.", "如我们合并或被收购，您的信息不会随之转移。");
      case ASKS_ANEW ->
          new Phrase(
              "Should somebody else take our place, they have to ask you anew: nothing you agreed to"
                  + " with us counts for them.",
              "如他人取代我们，须重新征得您的同意：您对我们作出的同意对其无效。");
    };
  }

  /** What a mask leaves of a value. */
  static Phrase of(Mask mask, FieldType type) {
    return switch (mask) {
      case NAME -> new Phrase("The first letter", "第一个字");
      case YEAR -> new Phrase("The year", "年份");
      case DECADE -> new Phrase("The ten years it falls in", "所在的十年区间");
      case EMAIL -> new Phrase("The first letter and the provider", "第一个字母和服务商");
      case PHONE -> new Phrase("The country and the last two digits", "国家代码和最后两位");
      case CITY ->
          type == FieldType.POSITION
              ? new Phrase("An area of some ten kilometres", "约十公里的范围")
              : new Phrase("The city", "城市");
      case ID_NUMBER -> new Phrase("The region that issued it", "签发地区");
      case BANK_CARD -> new Phrase("The last four digits", "最后四位");
      case TAIL -> new Phrase("The last characters; nothing if it is short", "最后几位；太短则完全不显示");
      case HIDDEN -> new Phrase("Nothing", "完全不显示");
    };
  }

  /** A way of collecting; the language checks that it is one of these. */
  static Phrase method(String word) {
    return switch (word) {
      case "form" -> new Phrase("a form that you fill in", "您填写的表单");
      case "product-use" -> new Phrase("your use of the product", "您对产品的使用");
      case "device-settings" -> new Phrase("the settings of your device", "设备的设置");
      case "cookies" -> new Phrase("cookies", "Cookie");
      case "server-log" -> new Phrase("the logs of our servers", "服务器日志");
      case "satellite" -> new Phrase("satellite positioning", "卫星定位");
      case "wifi" -> new Phrase("Wi-Fi", "Wi-Fi");
      case "mobile-network" -> new Phrase("the mobile network", "移动网络");
      case "sensor" -> new Phrase("a sensor of your device", "设备的传感器");
      case "third-party" -> new Phrase("a third party", "第三方");
      default -> throw new IllegalArgumentException("no words for method `" + word + "`; add some");
    };
  }

  /** A way of reaching people; the language checks that it is one of these. */
  static Phrase channel(ChannelId channel) {
    return switch (channel.value()) {
      case "service" -> new Phrase("inside the product", "产品内");
      case "email" -> new Phrase("by e-mail", "电子邮件");
      case "sms" -> new Phrase("by text message", "短信");
      case "phone" -> new Phrase("by telephone", "电话");
      case "letter" -> new Phrase("by letter", "信件");
      case "push" -> new Phrase("by a message in the app", "应用内推送");
      default ->
          throw new IllegalArgumentException("no words for channel `" + channel + "`; add some");
    };
  }

  /** Why sensitive data needs no explicit consent; a word of the table of law. */
  static Phrase sensitiveBecause(String word) {
    return switch (word) {
      case "danger-to-life" ->
          new Phrase("a life or somebody’s health is in danger", "有人的生命或健康面临危险");
      case "public-health" -> new Phrase("public health is in danger", "公共卫生受到威胁");
      case "court-or-authority" -> new Phrase("a court or an authority orders it", "法院或主管机关作出命令");
      case "public-interest" ->
          new Phrase("the law lays down a substantial public interest", "法律规定了重大公共利益");
      case "statutory-duty" -> new Phrase("the law lays down a duty", "法律规定了义务");
      default ->
          throw new IllegalArgumentException("no words for condition `" + word + "`; add some");
    };
  }
}
