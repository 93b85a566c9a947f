package dev.pledge.policy.document;

import dev.pledge.policy.decision.Ages;
import dev.pledge.policy.decision.Policy.Control;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.Minors;
import dev.pledge.policy.decision.Policy.Pooling;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.document.Annex.Block;
import dev.pledge.policy.document.Annex.Line;
import dev.pledge.policy.document.Annex.Row;
import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.FieldId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What people can do about it (V, VI). */
final class ChoicesAnnex {
  private static final ClauseId POOLING_CLAUSE = new ClauseId("II.I.9");

  private static final Phrase TITLE =
      new Phrase("Your choices", "您的选择", "Was Sie bestimmen können");
  private static final Phrase SWITCHES =
      new Phrase("What you switch", "由您开关的用途", "Was Sie ein- und ausschalten");
  private static final List<Phrase> COLUMNS =
      List.of(
          new Phrase("Your choice", "您的选择", "Ihre Wahl"),
          new Phrase("Until you choose", "您选择之前", "Bis Sie wählen"),
          new Phrase("How", "方式", "Wie"));
  private static final Phrase EACH =
      new Phrase("Each of these by itself: {0}.", "每一种分别选择：{0}。", "Jeder Weg für sich: {0}.");
  private static final Phrase WHOLE =
      new Phrase("Yes or no, by itself.", "同意或拒绝，单独选择。", "Ja oder Nein, für sich allein.");
  private static final Phrase POOLING =
      new Phrase(
          "One product using what another collected",
          "一个产品使用另一个产品收集的信息",
          "Ein Produkt verwendet, was ein anderes erhoben hat");
  private static final Phrase RIGHTS =
      new Phrase("What you can always do", "您始终可以做的事", "Was Sie immer tun können");
  private static final Phrase SEE =
      new Phrase(
          "See everything we hold about you, have it corrected, and have it deleted.",
          "查看我们掌握的关于您的一切，要求更正，要求删除。",
          "Alles einsehen, was wir über Sie haben, es berichtigen und löschen lassen.");
  private static final Phrase WITHDRAW =
      new Phrase(
          "Take back a consent, as easily as you gave it. It counts from the next moment; what was"
              + " done before stays lawful.",
          "撤回同意，和给出同意一样容易，从下一刻起生效；此前的处理仍然合法。",
          "Eine Einwilligung widerrufen, so leicht, wie Sie sie gegeben haben. Der Widerruf "
              + "gilt vom nächsten Augenblick an; was vorher geschah, bleibt rechtmäßig.");
  private static final Phrase CLOSE =
      new Phrase(
          "Close your account. Use stops at once.",
          "注销账号，使用立即停止。",
          "Ihr Konto schließen. Die Verwendung endet sofort.");
  private static final Phrase WRITE =
      new Phrase(
          "Write to {0}. You need no account for that.",
          "写信到 {0}，没有账号也可以写。", "An {0} schreiben. Ein Konto brauchen Sie dafür nicht.");
  private static final Phrase CHILDREN =
      new Phrase("Children and young people", "未成年人", "Kinder und Jugendliche");
  private static final Phrase GUARDIAN =
      new Phrase(
          "If you are under {0}, a parent or guardian has to agree before we use anything about"
              + " you, but for what serves to ask them and what the law does not let anybody"
              + " choose.",
          "如果您未满 {0} 岁，在父母或其他监护人同意之前，除用于征询他们的信息和法律不容选择的情形外，我们不使用您的任何信息。",
          "Sind Sie unter {0}, müssen Sorgeberechtigte zustimmen, bevor wir etwas über Sie "
              + "verwenden. Ausgenommen ist, was dazu dient, sie zu fragen, und wobei das Gesetz "
              + "niemandem eine Wahl lässt.");
  private static final Phrase ALL_SENSITIVE =
      new Phrase(
          "If you are under {0}, everything about you is treated as sensitive.",
          "如果您未满 {0} 岁，关于您的一切都按敏感信息对待。",
          "Sind Sie unter {0}, behandeln wir alles über Sie als sensibel.");
  private static final Phrase GUARDIAN_BY_PLACE =
      new Phrase(
          "Where you live decides under what age a parent or guardian has to agree before we use"
              + " anything about you, but for what serves to ask them and what the law does not let"
              + " anybody choose: {0}.",
          "在父母或其他监护人同意之前，除用于征询他们的信息和法律不容选择的情形外，我们不使用未满一定年龄者的任何信息。" + "该年龄取决于您的居住地：{0}。",
          "Unter welchem Alter Eltern oder andere Sorgeberechtigte zustimmen müssen, bevor wir etwas"
              + " über Sie verwenden (ausgenommen, was dazu dient, sie zu fragen, und was das Gesetz"
              + " niemandem freistellt), hängt davon ab, wo Sie wohnen: {0}.");
  private static final Phrase SENSITIVE_BY_PLACE =
      new Phrase(
          "Where you live decides under what age everything about you is treated as sensitive: {0}.",
          "关于未满一定年龄者的一切都按敏感信息对待。该年龄取决于您的居住地：{0}。",
          "Unter welchem Alter wir alles über Sie als sensibel behandeln, hängt davon ab, wo Sie"
              + " wohnen: {0}.");
  private static final Phrase AGE_AT = new Phrase("{0} ({1})", "{1} {0} 岁", "{0} ({1})");
  private static final Phrase NO_AGE_AT = new Phrase("none ({1})", "{1}不设", "keines ({1})");
  private static final Phrase ELSEWHERE =
      new Phrase(
          "{0} anywhere else, or as long as we do not know where you live",
          "其他地方（或我们不知道您居住何处时）{0} 岁",
          "{0} überall sonst oder solange wir nicht wissen, wo Sie wohnen");
  private static final Phrase EUROPE =
      new Phrase("European Economic Area", "欧洲经济区", "Europäischer Wirtschaftsraum");
  private static final Phrase AGE_FROM =
      new Phrase(
          "Your age we know by: {0}.", "我们凭以下信息得知您的年龄：{0}。", "Ihr Alter kennen wir hieraus: {0}.");

  private final Telling told;

  ChoicesAnnex(Telling told) {
    this.told = told;
  }

  Annex annex() {
    List<Block> blocks = new ArrayList<>();
    List<Row> switches = switches();
    if (!switches.isEmpty()) {
      blocks.add(new Block.Part(told.say(SWITCHES)));
      blocks.add(new Block.Table(COLUMNS.stream().map(told::say).toList(), switches));
    }
    blocks.add(new Block.Part(told.say(RIGHTS)));
    blocks.add(
        new Block.Points(
            List.of(
                told.line(SEE),
                told.line(WITHDRAW),
                told.line(CLOSE),
                told.line(WRITE, told.policy().controller().email()))));
    blocks.add(new Block.Part(told.say(CHILDREN)));
    blocks.add(new Block.Points(minors(told.policy().minors())));
    return new Annex("annex-choices", told.say(TITLE), blocks);
  }

  private List<Row> switches() {
    List<Row> switches = new ArrayList<>();
    for (Purpose purpose : told.purposes()) {
      if (purpose.control() != Control.NONE) {
        switches.add(row(purpose));
      }
      explicit(purpose).ifPresent(switches::add);
    }
    if (told.hasSeveralProducts()) {
      Pooling pooling = told.policy().pooling();
      switches.add(
          new Row(
              List.of(told.line(POOLING)),
              Optional.of(POOLING_CLAUSE),
              List.of(
                  List.of(told.line(Phrases.of(pooling))),
                  pooling == Pooling.NEVER ? List.of() : List.of(told.line(WHOLE)))));
    }
    return switches;
  }

  /** Sensitive data waits for a yes of its own, whatever the purpose rests on (I.1). */
  private Optional<Row> explicit(Purpose purpose) {
    List<FieldId> sensitive =
        told.fields(CollectedAnnex::isSensitive).stream()
            .map(Field::id)
            .filter(purpose.uses()::contains)
            .toList();
    return sensitive.isEmpty() || purpose.sensitiveCondition().isPresent()
        ? Optional.empty()
        : Optional.of(
            new Row(
                List.of(new Line(told.title(purpose.id()), told.names(sensitive.stream()))),
                Optional.of(purpose.clause()),
                List.of(
                    List.of(told.line(Phrases.of(Control.OPT_IN))), List.of(told.line(WHOLE)))));
  }

  private Row row(Purpose purpose) {
    List<String> channels = told.words(purpose.channels().stream().sorted(), Phrases::channel);
    Line how =
        channels.size() < 2 ? told.line(WHOLE) : told.line(EACH, told.tongue().list(channels));
    return new Row(
        List.of(Line.of(told.title(purpose.id()))),
        Optional.of(purpose.clause()),
        List.of(List.of(told.line(Phrases.of(purpose.control()))), List.of(how)));
  }

  private List<Line> minors(Minors minors) {
    List<Line> points = new ArrayList<>();
    below(minors.under(), GUARDIAN, GUARDIAN_BY_PLACE).ifPresent(points::add);
    below(minors.sensitiveUnder(), ALL_SENSITIVE, SENSITIVE_BY_PLACE).ifPresent(points::add);
    points.add(told.line(Phrases.of(minors.unknownAge())));
    String age =
        told.names(
            told.fields(field -> minors.ageFrom().contains(field.id())).stream().map(Field::id));
    if (!age.isEmpty()) {
      points.add(told.line(AGE_FROM, age));
    }
    return points;
  }

  /** What holds below an age; nothing where nobody is below it. */
  private Optional<Line> below(Ages ages, Phrase everywhere, Phrase byPlace) {
    if (ages.highest() == 0) {
      return Optional.empty();
    }
    if (ages.byJurisdiction().isEmpty()) {
      return Optional.of(told.line(everywhere, ages.highest()));
    }
    List<String> places = new ArrayList<>();
    ages.byJurisdiction()
        .forEach(
            (code, age) ->
                places.add(told.say(age == 0 ? NO_AGE_AT : AGE_AT, age, jurisdiction(code))));
    places.add(told.say(ELSEWHERE, ages.highest()));
    return Optional.of(told.line(byPlace, told.tongue().list(places)));
  }

  private String jurisdiction(String code) {
    return code.equals("EU") ? told.say(EUROPE) : told.tongue().country(code);
  }
}
