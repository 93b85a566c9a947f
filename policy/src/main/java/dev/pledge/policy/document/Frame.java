package dev.pledge.policy.document;

import dev.pledge.policy.document.Annex.Line;
import java.util.List;

/** The words of a document that are neither the notice's nor an annex's. */
final class Frame {
  static final Phrase SKIP = new Phrase("Skip to the text", "跳到正文", "Zum Text springen");
  static final Phrase LANGUAGES = new Phrase("Other languages", "其他语言", "Andere Sprachen");
  static final Phrase CONTENTS = new Phrase("Contents", "目录", "Inhalt");
  static final Phrase IMPORTANT = new Phrase("Important", "重要", "Wichtig");
  static final Phrase IMPORTANT_PARTS =
      new Phrase("The important parts", "重要的几节", "Die wichtigen Abschnitte");
  static final Phrase WHY_IMPORTANT =
      new Phrase(
          "These limit what you can do or affect you most. They are marked in the text.",
          "这几节会限制您的选择，或者与您关系最大，在正文中都有标记。",
          "Diese Abschnitte schränken Ihre Möglichkeiten ein oder betreffen Sie am meisten. "
              + "Im Text sind sie gekennzeichnet.");
  static final Phrase CLAUSE = new Phrase("Clause {0}", "条款 {0}", "Klausel {0}");
  static final Phrase IN_DETAIL = new Phrase("In detail", "详细列表", "Im Einzelnen");
  static final Phrase MADE_FROM_RULES =
      new Phrase(
          "These tables are made from the rules that our systems follow, so they say what is"
              + " done.",
          "以下表格由系统遵守的规则直接生成，写的就是系统所做的。",
          "Diese Tabellen entstehen aus den Regeln, denen unsere Systeme folgen. Sie sagen "
              + "also, was geschieht.");

  private static final Phrase VERSION = new Phrase("Version", "版本", "Fassung");
  private static final Phrase EFFECTIVE = new Phrase("In effect from", "生效日期", "Gültig ab");
  private static final Phrase CONTROLLER = new Phrase("Responsible", "负责方", "Verantwortlich");
  private static final Phrase CONTACT = new Phrase("Contact", "联系方式", "Kontakt");
  private static final Phrase PRODUCT = new Phrase("Applies to", "适用于", "Gilt für");

  private Frame() {}

  /** What the document is, in a few lines. */
  static List<Line> facts(Telling told) {
    return List.of(
        fact(told, VERSION, told.policy().version().version()),
        fact(told, EFFECTIVE, told.tongue().date(told.policy().effective())),
        fact(told, PRODUCT, told.productName()),
        fact(told, CONTROLLER, told.policy().controller().name()),
        fact(told, CONTACT, told.policy().controller().email()));
  }

  private static Line fact(Telling told, Phrase lead, String text) {
    return new Line(told.say(lead), text);
  }
}
