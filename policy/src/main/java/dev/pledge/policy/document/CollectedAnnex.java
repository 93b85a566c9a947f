package dev.pledge.policy.document;

import dev.pledge.policy.decision.Policy.Category;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.Kind;
import dev.pledge.policy.decision.Policy.Lookup;
import dev.pledge.policy.decision.Policy.Scope;
import dev.pledge.policy.decision.Policy.Sensitivity;
import dev.pledge.policy.document.Annex.Block;
import dev.pledge.policy.document.Annex.Line;
import dev.pledge.policy.document.Annex.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What is collected, and how (I.M, I.*). */
final class CollectedAnnex {
  private static final Phrase TITLE =
      new Phrase("What we collect, and how", "收集什么，怎样收集", "Was wir erheben und wie");
  private static final Phrase INTRODUCTION =
      new Phrase(
          "This is all there can be: what is not in this table our systems do not store.",
          "这就是全部：不在此表中的信息，系统不会保存。",
          "Mehr kann es nicht sein: Was nicht in dieser Tabelle steht, speichern unsere "
              + "Systeme nicht.");
  private static final Phrase INTRODUCTION_OF_A_PRODUCT =
      new Phrase(
          "What this product uses. What no table of ours names, our systems do not store.",
          "本产品使用的信息。我们任何表中都没有列出的信息，系统不会保存。",
          "Was dieses Produkt verwendet. Was in keiner unserer Tabellen steht, speichern "
              + "unsere Systeme nicht.");
  private static final Phrase SENSITIVE_MEANS =
      new Phrase(
          "What is called sensitive is used only after you agreed to that explicitly and by"
              + " itself, or in a case of law that the next table names.",
          "标明“敏感”的信息，只有在您就此单独明确同意之后，或在下一张表列明的法定情形中才会使用。",
          "Was als sensibel bezeichnet ist, wird nur verwendet, nachdem Sie dem eigens und "
              + "ausdrücklich zugestimmt haben, oder in einem Fall des Gesetzes, den die nächste "
              + "Tabelle nennt.");
  private static final List<Phrase> COLUMNS =
      List.of(
          new Phrase("About", "类别", "Bereich"),
          new Phrase("What", "信息", "Daten"),
          new Phrase("Where we get it", "来源", "Woher"),
          new Phrase("Good to know", "说明", "Gut zu wissen"));
  private static final Phrase SENSITIVE = new Phrase("Sensitive", "敏感", "Sensibel");
  private static final Phrase ONLY_WHILE =
      new Phrase("Only while {0}.", "仅当{0}时才会收集。", "Nur, solange {0}.");
  private static final Phrase MOMENTS =
      new Phrase(
          "Noted each time, with the moment.",
          "每次都连同时间一并记录。",
          "Jedes Mal mit dem Zeitpunkt festgehalten.");
  private static final Phrase SHARED =
      new Phrase("Shared by all our products.", "全部产品共用。", "Gemeinsam für alle unsere Produkte.");
  private static final Phrase FINDS_YOU =
      new Phrase(
          "We can find you by {0}.", "我们可以凭{0}找到您的账号。", "Wir können Sie hieran finden: {0}.");

  private final Telling told;

  CollectedAnnex(Telling told) {
    this.told = told;
  }

  Annex annex() {
    List<Row> rows = told.categories().stream().map(this::row).toList();
    List<Block> blocks = new ArrayList<>();
    blocks.add(
        new Block.Paragraph(told.say(told.tellsAll() ? INTRODUCTION : INTRODUCTION_OF_A_PRODUCT)));
    if (!told.fields(CollectedAnnex::isSensitive).isEmpty()) {
      blocks.add(new Block.Paragraph(told.say(SENSITIVE_MEANS)));
    }
    blocks.add(new Block.Table(COLUMNS.stream().map(told::say).toList(), rows));
    return new Annex("annex-collected", told.say(TITLE), blocks);
  }

  private Row row(Category category) {
    return new Row(
        List.of(Line.of(told.title(category.id()))),
        Optional.of(category.clause()),
        List.of(
            List.of(Line.of(told.tongue().begin(names(category, _ -> true)))),
            List.of(
                Line.of(
                    told.tongue()
                        .begin(
                            told.tongue()
                                .list(told.words(category.methods().stream(), Phrases::method))))),
            notes(category)));
  }

  private List<Line> notes(Category category) {
    List<Line> notes = new ArrayList<>();
    if (category.fields().stream().anyMatch(CollectedAnnex::isSensitive)) {
      notes.add(new Line(told.say(SENSITIVE), names(category, CollectedAnnex::isSensitive)));
    }
    if (!category.requires().isEmpty()) {
      List<String> conditions = category.requires().stream().sorted().map(told::name).toList();
      notes.add(told.line(ONLY_WHILE, told.tongue().clauses(conditions)));
    }
    if (category.kind() == Kind.EVENT_SERIES) {
      notes.add(told.line(MOMENTS));
    }
    if (category.scope() == Scope.ACCOUNT && told.hasSeveralProducts()) {
      notes.add(told.line(SHARED));
    }
    if (category.fields().stream().anyMatch(CollectedAnnex::findsPeople)) {
      notes.add(told.line(FINDS_YOU, names(category, CollectedAnnex::findsPeople)));
    }
    Phrases.of(category.about()).ifPresent(phrase -> notes.add(told.line(phrase)));
    return notes;
  }

  private String names(Category category, Predicate<Field> meant) {
    return told.names(category.fields().stream().filter(meant).map(Field::id));
  }

  static boolean isSensitive(Field field) {
    return field.sensitivity() == Sensitivity.SENSITIVE;
  }

  private static boolean findsPeople(Field field) {
    return field.lookup() == Lookup.ALIAS;
  }
}
