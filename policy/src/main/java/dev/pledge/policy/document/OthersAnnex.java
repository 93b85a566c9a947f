package dev.pledge.policy.document;

import dev.pledge.policy.decision.Policy.Source;
import dev.pledge.policy.document.Annex.Block;
import dev.pledge.policy.document.Annex.Line;
import dev.pledge.policy.document.Annex.Row;
import java.util.ArrayList;
import java.util.List;

/** Who outside receives data, and who supplies it (I.0, III). */
final class OthersAnnex {
  private static final Phrase TITLE =
      new Phrase("Who receives it, and who supplies it", "谁会收到，谁会提供");
  private static final Phrase RECEIVED = new Phrase("Who receives it", "谁会收到");
  private static final Phrase NOBODY =
      new Phrase(
          "The rules name nobody outside who would receive your data, so our systems hand it to"
              + " nobody. Never is it sold, leased or shared for gain.",
          "规则没有列出任何可以收到您信息的外部接收方，因此系统不会把信息交给任何人。信息绝不会被出售、出租或为牟利而共享。");
  private static final Phrase SUPPLIED = new Phrase("Who supplies it", "谁会提供");
  private static final Phrase NO_SUPPLIER =
      new Phrase("No third party supplies us with data about you.", "没有第三方向我们提供您的信息。");
  private static final List<Phrase> COLUMNS =
      List.of(
          new Phrase("Who", "提供方"),
          new Phrase("Which data", "信息"),
          new Phrase("Under an agreement", "协议期限"));
  private static final Phrase TERM =
      new Phrase("From {0} until the day before {1}.", "自 {0}起，至 {1}前一日止。");

  private final Telling told;

  OthersAnnex(Telling told) {
    this.told = told;
  }

  Annex annex() {
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Block.Part(told.say(RECEIVED)));
    blocks.addAll(recipients());
    blocks.add(new Block.Part(told.say(SUPPLIED)));
    blocks.addAll(sources());
    return new Annex("annex-others", told.say(TITLE), blocks);
  }

  /** The one place for those who receive data: the language has no word for them yet. */
  private List<Block> recipients() {
    return List.of(new Block.Paragraph(told.say(NOBODY)));
  }

  private List<Block> sources() {
    List<Row> rows =
        told.policy().sources().stream()
            .filter(source -> !told.data(source.fields()).isEmpty())
            .map(this::row)
            .toList();
    return rows.isEmpty()
        ? List.of(new Block.Paragraph(told.say(NO_SUPPLIER)))
        : List.of(new Block.Table(COLUMNS.stream().map(told::say).toList(), rows));
  }

  private Row row(Source source) {
    Line term =
        told.line(TERM, told.tongue().date(source.from()), told.tongue().date(source.until()));
    return Row.of(told.title(source.id()), List.of(told.data(source.fields()), List.of(term)));
  }
}
