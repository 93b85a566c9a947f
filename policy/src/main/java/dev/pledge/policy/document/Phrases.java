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
import dev.pledge.policy.decision.Sharing.Safeguard;
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
  static final Phrase ALL_UNDER = new Phrase("“{0}”", "“{0}”", "„{0}“");

  static final Phrase EVERYTHING =
      new Phrase("everything listed here", "此处列出的全部信息", "alle hier aufgeführten Daten");
  static final Phrase ALL_PRODUCTS =
      new Phrase("Everything we offer", "我们的全部产品", "Unser gesamtes Angebot");

  private Phrases() {}

  /** What a group of purposes on the basis is called. */
  static Phrase title(Basis basis) {
    return switch (basis) {
      case CONTRACT ->
          new Phrase(
              "What the products need in order to work",
              "产品运行所需",
              "Was die Produkte brauchen, um zu funktionieren");
      case CONSENT -> new Phrase("Only if you say yes", "只有您同意才会做的事", "Nur mit Ihrer Einwilligung");
      case LEGITIMATE_INTEREST ->
          new Phrase(
              "What we do in our own legitimate interest",
              "出于我们正当利益的用途",
              "Was wir in unserem berechtigten Interesse tun");
      case PUBLIC_TASK ->
          new Phrase(
              "Tasks in the public interest", "为公共利益履行的任务", "Aufgaben im öffentlichen Interesse");
      case LEGAL_OBLIGATION ->
          new Phrase("What the law demands", "法律要求的事", "Wozu uns das Gesetz verpflichtet");
      case VITAL_INTEREST ->
          new Phrase("When a life is in danger", "有人生命危险时", "Wenn ein Leben in Gefahr ist");
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
              "这样做是为了向您提供您所使用的产品，依据是我们与您之间的合同。没有这些，产品就无法运行，因此不逐项询问。",
              "Damit erbringen wir, was Sie mit uns vereinbart haben; Grundlage ist der Vertrag "
                  + "mit Ihnen. Ohne diese Daten könnten die Produkte ihre Aufgabe nicht erfüllen, "
                  + "deshalb fragen wir nicht für jeden Zweck einzeln.");
      case CONSENT ->
          new Phrase(
              "Each of these is off until you say yes to it, and rests on your consent alone. You"
                  + " can take your yes back at any time; nothing else stops because of that.",
              "下列每一项在您同意之前都是关闭的，依据只有您的同意。您随时可以撤回，其他功能不受影响。",
              "Jeder dieser Zwecke ist ausgeschaltet, bis Sie einwilligen, und beruht allein auf "
                  + "Ihrer Einwilligung. Sie können sie jederzeit widerrufen; alles andere läuft "
                  + "weiter wie bisher.");
      case LEGITIMATE_INTEREST ->
          new Phrase(
              "We weighed our interest in this against yours before we began. You can object.",
              "开始之前，我们已将自身利益与您的利益作过衡量。您可以反对。",
              "Wir haben unser Interesse vorab gegen Ihre Interessen abgewogen. Sie können "
                  + "widersprechen.");
      case PUBLIC_TASK ->
          new Phrase(
              "The law gives us a task in the public interest, and we need this to carry it out.",
              "法律交给我们一项公共利益任务，履行它需要这样做。",
              "Das Gesetz überträgt uns eine Aufgabe im öffentlichen Interesse, die wir anders "
                  + "nicht erfüllen könnten.");
      case LEGAL_OBLIGATION ->
          new Phrase(
              "The law obliges us to do this, so it waits for nobody’s consent and cannot be"
                  + " refused.",
              "法律规定我们必须这样做，因此不需要任何人的同意，也无法拒绝。",
              "Das Gesetz verpflichtet uns dazu. Eine Einwilligung ist deshalb nicht nötig und "
                  + "eine Ablehnung nicht möglich.");
      case VITAL_INTEREST ->
          new Phrase(
              "Somebody’s life or health depends on it, so it waits for nobody’s consent.",
              "事关他人或您本人的生命健康，因此不需要等待任何人的同意。",
              "Das Leben oder die Gesundheit eines Menschen hängt davon ab. Eine Einwilligung "
                  + "ist deshalb nicht nötig.");
    };
  }

  /** How things stand until the person says something. */
  static Phrase of(Control control) {
    return switch (control) {
      case OPT_IN ->
          new Phrase("Off until you say yes.", "您同意之前是关闭的。", "Ausgeschaltet, bis Sie zustimmen.");
      case OPT_OUT ->
          new Phrase(
              "On until you say no, which you can at any time.",
              "默认开启，您随时可以拒绝。",
              "Eingeschaltet, bis Sie ablehnen; das können Sie jederzeit tun.");
      case NONE ->
          new Phrase("There is no switch for it.", "没有可以关闭的开关。", "Dafür gibt es keinen Schalter.");
    };
  }

  /** What is special about purposes of the nature, if anything is. */
  static Optional<Phrase> of(Nature nature) {
    return switch (nature) {
      case ORDINARY -> Optional.empty();
      case SECURITY ->
          Optional.of(
              new Phrase(
                  "Serves security, across all our products.",
                  "用于安全，适用于全部产品。",
                  "Dient der Sicherheit, in allen unseren Produkten."));
      case PROMOTION ->
          Optional.of(new Phrase("This is promotion.", "属于营销推广。", "Dies ist Werbung."));
      case LEGAL_CLAIMS ->
          Optional.of(
              new Phrase(
                  "Serves legal claims, and so goes on while the use of your data is restricted.",
                  "用于法律上的主张，因此在您的信息被限制使用期间仍会继续。",
                  "Dient Rechtsansprüchen und geht deshalb weiter, während die Verarbeitung Ihrer "
                      + "Daten eingeschränkt ist."));
      case PROTECTION ->
          Optional.of(
              new Phrase(
                  "Protects a person, and so waits for no guardian.",
                  "用于保护人身，因此不等待监护人同意。",
                  "Dient dem Schutz eines Menschen und wartet deshalb nicht auf die Zustimmung von "
                      + "Sorgeberechtigten."));
      case RECORD_KEEPING ->
          Optional.of(
              new Phrase(
                  "Kept because the law orders it. Nobody reads it for that.",
                  "因法律要求而留存，没有人可以为此查看。",
                  "Wird aufbewahrt, weil das Gesetz es verlangt. Zu diesem Zweck liest es niemand."));
    };
  }

  static Phrase of(Safeguard safeguard) {
    return switch (safeguard) {
      case STANDARD_CLAUSES ->
          new Phrase("standard contractual clauses", "标准合同条款", "Standardvertragsklauseln");
      case BINDING_RULES ->
          new Phrase(
              "binding rules of the group of companies",
              "集团内具有约束力的规则",
              "verbindliche Vorschriften der Unternehmensgruppe");
      case CERTIFICATION ->
          new Phrase(
              "the recipient's certification", "接收方的认证", "die Zertifizierung des Empfängers");
    };
  }

  static Phrase of(Before before) {
    return switch (before) {
      case ACCEPTANCE ->
          new Phrase(
              "Does not wait until you accept this policy.",
              "不必等到您接受本政策。",
              "Wartet nicht darauf, dass Sie diese Erklärung annehmen.");
      case GUARDIAN_CONSENT ->
          new Phrase(
              "Serves to ask a guardian, and so does not wait for one.",
              "用于征询监护人，因此不等待监护人同意。",
              "Dient dazu, Sorgeberechtigte zu fragen, und wartet deshalb nicht auf deren "
                  + "Zustimmung.");
    };
  }

  static Phrase of(TellPerson tells) {
    return switch (tells) {
      case AT_ONCE ->
          new Phrase(
              "Your access history shows it at once.",
              "您的访问记录会立即显示。",
              "Ihr Zugriffsverlauf zeigt es sofort.");
      case AFTER ->
          new Phrase(
              "Your access history shows it later: 30 days after it happened and after the last "
                  + "approval for it has ended.",
              "您的访问记录会在事后显示：自发生之日及最后一次批准结束起满 30 天。",
              "Ihr Zugriffsverlauf zeigt es später: 30 Tage nachdem es geschehen und die letzte "
                  + "Freigabe dafür abgelaufen ist.");
      case NEVER ->
          new Phrase(
              "Your access history does not show it, because the law demands silence.",
              "法律要求保密，因此您的访问记录不会显示。",
              "Ihr Zugriffsverlauf zeigt es nicht, weil das Gesetz Stillschweigen verlangt.");
    };
  }

  /** How clearly people or programs see data. */
  static Phrase of(View view, HeldBy by) {
    return switch (view) {
      case CLEAR ->
          switch (by) {
            case SERVICE -> new Phrase("Clear.", "完整内容。", "Unverdeckt.");
            case ANYONE ->
                new Phrase(
                    "Clear, each time with a reason that is recorded.",
                    "完整内容，每次都须说明理由并留下记录。",
                    "Unverdeckt, jedes Mal mit einer Begründung, die aufgezeichnet wird.");
          };
      case MASKED -> new Phrase("Masked.", "遮盖后的内容。", "Verdeckt.");
      case DE_IDENTIFIED ->
          new Phrase("Nothing that points to you.", "不含任何指向您的内容。", "Nichts, was auf Sie weist.");
    };
  }

  /** What a purpose says of how clearly anybody sees data for it, if it says something. */
  static Optional<Phrase> of(View view) {
    return switch (view) {
      case CLEAR -> Optional.empty();
      case MASKED ->
          Optional.of(
              new Phrase(
                  "Everybody sees it masked.",
                  "任何人看到的都是遮盖后的内容。",
                  "Alle sehen die Daten nur verdeckt."));
      case DE_IDENTIFIED ->
          Optional.of(
              new Phrase(
                  "Those who do this see nothing that points to you.",
                  "做这项工作的人看不到任何指向您的内容。",
                  "Wer damit arbeitet, sieht nichts, was auf Sie weist."));
    };
  }

  static Phrase of(HeldBy by) {
    return switch (by) {
      case SERVICE ->
          new Phrase(
              "A program. No person sees in its place what it sees.",
              "这是程序。任何人都不能以它的名义查看。",
              "Ein Programm. Was es sieht, sieht kein Mensch an seiner Stelle.");
      case ANYONE -> new Phrase("People, or programs.", "人员或程序。", "Menschen oder Programme.");
    };
  }

  static Optional<Phrase> of(About about) {
    return switch (about) {
      case SUBJECT -> Optional.empty();
      case ANOTHER ->
          Optional.of(
              new Phrase(
                  "This is about somebody else, and so not shown to you.",
                  "这是他人的信息，因此不向您显示。",
                  "Dies betrifft jemand anderen und wird Ihnen deshalb nicht gezeigt."));
    };
  }

  static Phrase of(Pooling pooling) {
    return switch (pooling) {
      case NEVER -> new Phrase("Never.", "从不共用。", "Nie.");
      case WITH_AUTHORISATION ->
          new Phrase(
              "Off until you allow it. You can take that back at any time.",
              "您允许之前是关闭的。您随时可以收回。",
              "Ausgeschaltet, bis Sie es erlauben. Die Erlaubnis können Sie jederzeit "
                  + "zurücknehmen.");
    };
  }

  static Phrase of(UnknownAge unknown) {
    return switch (unknown) {
      case ADULT ->
          new Phrase(
              "As long as we do not know how old you are, we treat you as an adult.",
              "在我们不知道您的年龄期间，按成年人对待您。",
              "Solange wir Ihr Alter nicht kennen, behandeln wir Sie wie eine erwachsene Person.");
      case MINOR ->
          new Phrase(
              "As long as we do not know how old you are, we treat you as a child.",
              "在我们不知道您的年龄期间，按未成年人对待您。",
              "Solange wir Ihr Alter nicht kennen, behandeln wir Sie wie ein Kind.");
    };
  }

  static Phrase of(ContinuedUse use) {
    return switch (use) {
      case NOTHING ->
          new Phrase(
              "Going on using a product accepts no new version; we ask you.",
              "继续使用产品并不表示接受新版本，我们会询问您。",
              "Ein Produkt weiter zu nutzen bedeutet nicht, eine neue Fassung anzunehmen; wir "
                  + "fragen Sie.");
      case EDITORIAL ->
          new Phrase(
              "Going on using a product may accept a change of wording, and nothing else.",
              "继续使用产品只可视为接受措辞的变化，不及于其他。",
              "Ein Produkt weiter zu nutzen kann als Annahme eines geänderten Wortlauts gelten "
                  + "und sonst als nichts.");
    };
  }

  static Phrase of(OutsideCause cause) {
    return switch (cause) {
      case SHARED_PASSWORD ->
          new Phrase(
              "a password or an unlocked device that you shared",
              "您交给他人的密码或已解锁的设备",
              "ein von Ihnen weitergegebenes Passwort oder entsperrtes Gerät");
      case FORCE_MAJEURE ->
          new Phrase("what nobody could have averted", "谁也无法避免的事件", "höhere Gewalt");
      case OTHER_SITE ->
          new Phrase(
              "a site of others that a link led to",
              "链接所指的他人网站",
              "eine fremde Website, auf die ein Link führte");
      case OTHER_OUTSIDE ->
          new Phrase(
              "another cause outside our systems",
              "我们系统之外的其他原因",
              "eine andere Ursache außerhalb unserer Systeme");
    };
  }

  static Phrase of(Kind kind) {
    return switch (kind) {
      case AFFILIATE ->
          new Phrase("A company of our group.", "我们的关联公司。", "Ein Unternehmen unserer Gruppe.");
      case PARTNER -> new Phrase("A partner of ours.", "我们的合作伙伴。", "Einer unserer Partner.");
      case AUTHORITY ->
          new Phrase(
              "A court or another public body.",
              "法院或其他公共机关。",
              "Ein Gericht oder eine andere öffentliche Stelle.");
    };
  }

  static Phrase of(LegalRole role) {
    return switch (role) {
      case PROCESSOR ->
          new Phrase(
              "It does with it what we say and nothing else.",
              "其只按我们的指示处理信息。",
              "Verarbeitet die Daten in unserem Auftrag und nur nach unserer Weisung.");
      case JOINT_CONTROLLER ->
          new Phrase(
              "It answers for it together with us.",
              "其与我们共同对信息负责。",
              "Ist gemeinsam mit uns verantwortlich.");
      case CONTROLLER ->
          new Phrase(
              "It answers itself for what it does with it.",
              "其自行对信息的处理负责。",
              "Ist für die eigene Verarbeitung selbst verantwortlich.");
    };
  }

  static Phrase of(Case because) {
    return switch (because) {
      case SERVICE ->
          new Phrase(
              "Because what you use needs it.",
              "因您使用的功能需要。",
              "Weil das, was Sie nutzen, es erfordert.");
      case CONSENT ->
          new Phrase("Only with your consent.", "仅在您同意时。", "Nur mit Ihrer Einwilligung.");
      case LAW ->
          new Phrase("Because the law demands it.", "因法律要求。", "Weil das Gesetz es verlangt.");
      case TERMS ->
          new Phrase(
              "To enforce the terms of service.",
              "为执行服务条款。",
              "Um die Nutzungsbedingungen durchzusetzen.");
      case RIGHTS ->
          new Phrase(
              "To protect somebody's rights.",
              "为保护他人的权利。",
              "Um die Rechte eines Menschen zu schützen.");
      case PROPERTY ->
          new Phrase(
              "To protect somebody's property.",
              "为保护他人的财产。",
              "Um das Eigentum eines Menschen zu schützen.");
      case SAFETY ->
          new Phrase(
              "To protect somebody's safety.",
              "为保护人身安全。",
              "Um die Sicherheit eines Menschen zu schützen.");
      case FRAUD -> new Phrase("To prevent fraud.", "为防止欺诈。", "Um Betrug zu verhindern.");
    };
  }

  static Phrase of(Transfer transfer) {
    return switch (transfer) {
      case NEVER ->
          new Phrase(
              "Should we merge or be sold, your data does not go along.",
              "如我们合并或被收购，您的信息不会随之转移。",
              "Schließen wir uns mit anderen zusammen oder werden wir verkauft, gehen Ihre Daten "
                  + "nicht mit über.");
      case ASKS_ANEW ->
          new Phrase(
              "Should somebody else take our place, they have to ask you anew: nothing you agreed to"
                  + " with us counts for them.",
              "如他人取代我们，须重新征得您的同意：您对我们作出的同意对其无效。",
              "Tritt ein anderes Unternehmen an unsere Stelle, muss es Sie neu fragen: Was Sie "
                  + "uns erlaubt haben, gilt für dieses Unternehmen nicht.");
    };
  }

  /** What a mask leaves of a value. */
  static Phrase of(Mask mask, FieldType type) {
    return switch (mask) {
      case NAME -> new Phrase("The first letter", "第一个字", "Der erste Buchstabe");
      case YEAR -> new Phrase("The year", "年份", "Das Jahr");
      case DECADE -> new Phrase("The ten years it falls in", "所在的十年区间", "Das Jahrzehnt");
      case EMAIL ->
          new Phrase(
              "The first letter and the provider",
              "第一个字母和服务商",
              "Der erste Buchstabe und der Anbieter");
      case PHONE ->
          new Phrase(
              "The country and the last two digits",
              "国家代码和最后两位",
              "Das Land und die letzten beiden Ziffern");
      case CITY ->
          type == FieldType.POSITION
              ? new Phrase(
                  "An area of some ten kilometres",
                  "约十公里的范围",
                  "Ein Gebiet von etwa zehn Kilometern")
              : new Phrase("The city", "城市", "Der Ort");
      case ID_NUMBER -> new Phrase("The region that issued it", "签发地区", "Die ausstellende Region");
      case BANK_CARD -> new Phrase("The last four digits", "最后四位", "Die letzten vier Ziffern");
      case TAIL ->
          new Phrase(
              "The last characters; nothing if it is short",
              "最后几位；太短则完全不显示",
              "Die letzten Zeichen; bei kurzen Angaben nichts");
      case HIDDEN -> new Phrase("Nothing", "完全不显示", "Nichts");
    };
  }

  /** A way of collecting; the language checks that it is one of these. */
  static Phrase method(String word) {
    return switch (word) {
      case "form" ->
          new Phrase("a form that you fill in", "您填写的表单", "von Ihnen ausgefüllte Formulare");
      case "product-use" ->
          new Phrase("your use of the product", "您对产品的使用", "Ihre Nutzung des Produkts");
      case "device-settings" ->
          new Phrase("the settings of your device", "设备的设置", "die Einstellungen Ihres Geräts");
      case "cookies" -> new Phrase("cookies", "Cookie", "Cookies");
      case "server-log" ->
          new Phrase("the logs of our servers", "服务器日志", "die Protokolle unserer Server");
      case "satellite" -> new Phrase("satellite positioning", "卫星定位", "Satellitenortung");
      case "wifi" -> new Phrase("Wi-Fi", "Wi-Fi", "WLAN");
      case "mobile-network" -> new Phrase("the mobile network", "移动网络", "das Mobilfunknetz");
      case "sensor" -> new Phrase("a sensor of your device", "设备的传感器", "ein Sensor Ihres Geräts");
      case "third-party" -> new Phrase("a third party", "第三方", "Dritte");
      default -> throw new IllegalArgumentException("no words for method `" + word + "`; add some");
    };
  }

  /** A way of reaching people; the language checks that it is one of these. */
  static Phrase channel(ChannelId channel) {
    return switch (channel.value()) {
      case "service" -> new Phrase("inside the product", "产品内", "im Produkt");
      case "email" -> new Phrase("by e-mail", "电子邮件", "per E-Mail");
      case "sms" -> new Phrase("by text message", "短信", "per SMS");
      case "phone" -> new Phrase("by telephone", "电话", "telefonisch");
      case "letter" -> new Phrase("by letter", "信件", "per Brief");
      case "push" -> new Phrase("by a message in the app", "应用内推送", "per Mitteilung in der App");
      default ->
          throw new IllegalArgumentException("no words for channel `" + channel + "`; add some");
    };
  }

  /** Why sensitive data needs no explicit consent; a word of the table of law. */
  static Phrase sensitiveBecause(String word) {
    return switch (word) {
      case "danger-to-life" ->
          new Phrase(
              "a life or somebody’s health is in danger",
              "有人的生命或健康面临危险",
              "das Leben oder die Gesundheit eines Menschen in Gefahr ist");
      case "public-health" ->
          new Phrase(
              "public health is in danger", "公共卫生受到威胁", "die öffentliche Gesundheit in Gefahr ist");
      case "court-or-authority" ->
          new Phrase(
              "a court or an authority orders it",
              "法院或主管机关作出命令",
              "ein Gericht oder eine Behörde es anordnet");
      case "public-interest" ->
          new Phrase(
              "the law lays down a substantial public interest",
              "法律规定了重大公共利益",
              "das Gesetz ein erhebliches öffentliches Interesse daran feststellt");
      case "statutory-duty" ->
          new Phrase("the law lays down a duty", "法律规定了义务", "das Gesetz dazu verpflichtet");
      default ->
          throw new IllegalArgumentException("no words for condition `" + word + "`; add some");
    };
  }
}
