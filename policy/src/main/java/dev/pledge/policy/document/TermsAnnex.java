package dev.pledge.policy.document;

import dev.pledge.policy.decision.Duties;
import dev.pledge.policy.decision.Duties.Incidents;
import dev.pledge.policy.decision.Duties.Leaving;
import dev.pledge.policy.decision.Duties.Requests;
import dev.pledge.policy.decision.Duties.Revision;
import dev.pledge.policy.decision.Term;
import dev.pledge.policy.document.Annex.Block;
import dev.pledge.policy.document.Annex.Line;
import dev.pledge.policy.document.Annex.Row;
import dev.pledge.policy.names.ProductId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is owed to people by the clock (0.2, IV.7, V, IX). */
final class TermsAnnex {
  private static final Phrase TITLE =
      new Phrase(
          "What we owe you, and by when", "我们对您的义务和期限", "Was wir Ihnen schulden und bis wann");
  private static final List<Phrase> COLUMNS =
      List.of(new Phrase("What", "事项", "Was"), new Phrase("When", "期限", "Frist"));
  private static final Phrase WITHIN = new Phrase("Within {0}", "{0}内", "Höchstens {0}");
  private static final Phrase BY_AT_MOST =
      new Phrase("By {0} at most", "最多 {0}", "Um höchstens {0}");
  private static final Phrase AHEAD =
      new Phrase("At least {0} ahead", "至少提前 {0}", "Mindestens {0} im Voraus");
  private static final Phrase AFTERWARDS =
      new Phrase("For {0} after that", "此后 {0}", "Danach {0} lang");
  private static final Phrase REQUESTS =
      new Phrase("When you ask for something", "您提出请求时", "Wenn Sie etwas von uns verlangen");
  private static final Phrase CONFIRM =
      new Phrase(
          "We confirm that your request has arrived",
          "确认收到您的请求",
          "Wir bestätigen, dass Ihre Anfrage angekommen ist");
  private static final Phrase ANSWER =
      new Phrase(
          "We decide on what you asked for, with reasons",
          "就您的请求作出决定并说明理由",
          "Wir entscheiden über Ihre Anfrage, mit Begründung");
  private static final Phrase EXTEND =
      new Phrase(
          "Where it is complex we may take longer, and tell you so in time",
          "情况复杂时可以延长，并及时告知您",
          "Ist sie schwierig, dürfen wir länger brauchen und sagen Ihnen das rechtzeitig");
  private static final Phrase OPT_OUT =
      new Phrase(
          "A refusal counts that you did not make by a switch; those count at once",
          "您未通过开关作出的拒绝生效；通过开关作出的立即生效",
          "Ein Widerspruch wird wirksam, den Sie nicht über einen Schalter erklären;"
              + " über einen Schalter wird er es sofort");
  private static final Phrase CLOSING =
      new Phrase(
          "We close your account, where that is done by hand",
          "注销账号（需要人工处理时）",
          "Wir schließen Ihr Konto, wo das von Hand geschieht");
  private static final Phrase COMPLAINTS =
      new Phrase("We answer a complaint", "答复投诉", "Wir beantworten eine Beschwerde");
  private static final Phrase INCIDENTS =
      new Phrase("When something goes wrong", "出了问题时", "Wenn etwas schiefgeht");
  private static final Phrase PEOPLE =
      new Phrase(
          "We tell you that your data leaked, was lost or was altered, from when we notice it",
          "从发现您的信息泄露、丢失或被改动起，告知您",
          "Wir sagen Ihnen, dass Ihre Daten in falsche Hände gelangt, verloren oder "
              + "verändert worden sind, gerechnet ab dem Zeitpunkt, zu dem wir es bemerken");
  private static final Phrase REGULATOR =
      new Phrase("We report it to the authority", "向主管机关报告", "Wir melden es der Aufsichtsbehörde");
  private static final Phrase CHANNELS =
      new Phrase(
          "We tell you in the first way that works: {0}.",
          "以第一种能联系到您的方式告知：{0}。",
          "Wir benachrichtigen Sie auf dem ersten Weg, der Sie erreicht: {0}.");
  private static final Phrase ANNOUNCE =
      new Phrase(
          "When more than {0} people are concerned we announce it in public, too.",
          "受影响的人超过 {0} 时，我们还会公开发布公告。",
          "Sind mehr als {0} Menschen betroffen, machen wir es auch öffentlich bekannt.");
  private static final Phrase OUTSIDE =
      new Phrase(
          "We do not answer for what evidence shows to come from: {0}. None of that delays what we"
              + " tell you.",
          "有证据表明由以下原因造成的，我们不承担责任：{0}。这不会推迟我们对您的告知。",
          "Wir haben nicht für Vorfälle einzustehen, die nachweislich hierauf zurückgehen: "
              + "{0}. Das verzögert nicht, was wir Ihnen mitteilen.");
  private static final Phrase LEAVING = new Phrase("When you leave", "您离开时", "Wenn Sie gehen");
  private static final Phrase RECOVERY =
      new Phrase(
          "You can take back that you want to be erased; nobody else finds anything of you meanwhile",
          "您可以撤回删除全部信息的请求；在此期间其他任何人都找不到您的信息",
          "Sie können zurücknehmen, dass Sie gelöscht werden wollen; solange findet sonst niemand"
              + " etwas von Ihnen");
  private static final Phrase FOR = new Phrase("For {0}", "{0}内", "{0} lang");
  private static final Phrase CLOSED_ONCE =
      new Phrase(
          "Your account with {0} is closed at once if {1}.",
          "满足以下条件时，您在{0}的账号立即注销：{1}。", "Ihr Konto bei {0} wird sofort geschlossen, wenn {1}.");
  private static final Phrase REVISION =
      new Phrase("When this page changes", "这一页有变化时", "Wenn diese Seite sich ändert");
  private static final Phrase NOTICE =
      new Phrase(
          "We tell you that a new version takes effect",
          "告知您新版本将要生效",
          "Wir sagen Ihnen, dass eine neue Fassung in Kraft tritt");
  private static final Phrase GRACE =
      new Phrase(
          "Until you answer, the version you accepted goes on, less what the new one takes back",
          "在您答复之前，您接受过的版本继续适用，新版本收窄的部分除外",
          "Bis Sie antworten, gilt die Fassung weiter, die Sie angenommen haben, ohne das, "
              + "was die neue zurücknimmt");

  private final Telling told;

  TermsAnnex(Telling told) {
    this.told = told;
  }

  Annex annex() {
    Duties duties = told.policy().duties();
    List<Block> blocks = new ArrayList<>();
    duties.requests().ifPresent(requests -> add(requests, blocks));
    duties.incidents().ifPresent(incidents -> add(incidents, blocks));
    add(duties.leaving(), blocks);
    addRevision(duties.revision(), blocks);
    return new Annex("annex-terms", told.say(TITLE), blocks);
  }

  private void add(Requests requests, List<Block> blocks) {
    List<Row> rows = new ArrayList<>();
    add(CONFIRM, WITHIN, requests.confirmWithin(), rows);
    add(ANSWER, WITHIN, requests.answerWithin(), rows);
    add(EXTEND, BY_AT_MOST, requests.extendBy(), rows);
    add(OPT_OUT, WITHIN, requests.optOutWithin(), rows);
    add(CLOSING, WITHIN, requests.closingWithin(), rows);
    add(COMPLAINTS, WITHIN, requests.complaintsWithin(), rows);
    add(REQUESTS, rows, blocks);
  }

  private void add(Incidents incidents, List<Block> blocks) {
    List<Row> rows = new ArrayList<>();
    add(PEOPLE, WITHIN, incidents.people(), rows);
    add(REGULATOR, WITHIN, incidents.regulator(), rows);
    add(INCIDENTS, rows, blocks);
    List<Line> points = new ArrayList<>();
    points.add(
        told.line(
            CHANNELS,
            told.tongue().choice(told.words(incidents.channels().stream(), Phrases::channel))));
    incidents
        .announceAbove()
        .ifPresent(people -> points.add(told.line(ANNOUNCE, told.tongue().number(people))));
    if (!incidents.outsideCauses().isEmpty()) {
      points.add(
          told.line(
              OUTSIDE,
              told.tongue()
                  .choice(told.words(incidents.outsideCauses().stream().sorted(), Phrases::of))));
    }
    blocks.add(new Block.Points(points));
  }

  private void add(Leaving leaving, List<Block> blocks) {
    List<Row> rows = new ArrayList<>();
    leaving
        .recovery()
        .ifPresent(
            period ->
                rows.add(
                    Row.of(
                        told.say(RECOVERY),
                        List.of(List.of(told.line(FOR, told.tongue().period(period)))))));
    List<Line> points =
        leaving.closing().keySet().stream()
            .filter(told::isToldOf)
            .sorted()
            .map(product -> closed(product, leaving))
            .toList();
    if (!rows.isEmpty() || !points.isEmpty()) {
      add(LEAVING, rows, blocks);
    }
    if (!points.isEmpty()) {
      blocks.add(new Block.Points(points));
    }
  }

  private Line closed(ProductId product, Leaving leaving) {
    List<String> conditions = leaving.closingOf(product).stream().sorted().map(told::name).toList();
    return told.line(CLOSED_ONCE, told.name(product), told.tongue().clauses(conditions));
  }

  private void addRevision(Optional<Revision> revision, List<Block> blocks) {
    List<Row> rows = new ArrayList<>();
    add(NOTICE, AHEAD, revision.map(Revision::notice), rows);
    if (!told.policy().grace().isZero()) {
      String grace = told.tongue().period(told.policy().grace());
      rows.add(Row.of(told.say(GRACE), List.of(List.of(told.line(AFTERWARDS, grace)))));
    }
    add(REVISION, rows, blocks);
    revision.ifPresent(
        promised ->
            blocks.add(new Block.Points(List.of(told.line(Phrases.of(promised.continuedUse()))))));
  }

  private void add(Phrase heading, List<Row> rows, List<Block> blocks) {
    blocks.add(new Block.Part(told.say(heading)));
    if (!rows.isEmpty()) {
      blocks.add(new Block.Table(COLUMNS.stream().map(told::say).toList(), rows));
    }
  }

  private void add(Phrase what, Phrase when, Optional<Term> promised, List<Row> rows) {
    promised.ifPresent(
        term ->
            rows.add(
                Row.of(
                    told.say(what), List.of(List.of(told.line(when, told.tongue().term(term)))))));
  }
}
