package dev.pledge.policy.document;

import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Policy.Source;
import dev.pledge.policy.decision.Sharing;
import dev.pledge.policy.decision.Sharing.Recipient;
import dev.pledge.policy.document.Annex.Block;
import dev.pledge.policy.document.Annex.Line;
import dev.pledge.policy.document.Annex.Row;
import dev.pledge.policy.names.CompanyId;
import dev.pledge.policy.names.FieldId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Who outside receives data, and who supplies it (I.0, III). */
final class OthersAnnex {
  private static final Phrase TITLE =
      new Phrase(
          "Who receives it, and who supplies it",
          "谁会收到，谁会提供",
          "Wer Daten erhält und wer welche liefert");
  private static final Phrase RECEIVED = new Phrase("Who receives it", "谁会收到", "Wer Daten erhält");
  private static final Phrase NOBODY =
      new Phrase(
          "The rules name nobody outside who would receive your data, so our systems hand it to"
              + " nobody. Never is it sold, leased or shared for gain.",
          "规则没有列出任何可以收到您信息的外部接收方，因此系统不会把信息交给任何人。信息绝不会被出售、出租或为牟利而共享。",
          "Die Regeln nennen niemanden außerhalb unseres Unternehmens, der Ihre Daten "
              + "erhält, deshalb geben unsere Systeme sie an niemanden weiter. Sie werden nie "
              + "verkauft, vermietet oder um des Gewinns willen weitergegeben.");
  private static final Phrase NOBODY_OF_A_PRODUCT =
      new Phrase(
          "For this product our systems hand your data to nobody outside. Never is it sold, leased or"
              + " shared for gain.",
          "就本产品而言，系统不会把您的信息交给任何外部接收方。信息绝不会被出售、出租或为牟利而共享。",
          "Für dieses Produkt geben unsere Systeme Ihre Daten an niemanden außerhalb unseres "
              + "Unternehmens weiter. Sie werden nie verkauft, vermietet oder um des Gewinns "
              + "willen weitergegeben.");
  private static final Phrase NEVER_SOLD_OF_A_PRODUCT =
      new Phrase(
          "These receive data for what this product does. Never is it sold, leased or shared for gain.",
          "以下各方为本产品的用途接收信息。信息绝不会被出售、出租或为牟利而共享。",
          "Diese Empfänger erhalten Daten für die Zwecke dieses Produkts. Die Daten werden "
              + "nie verkauft, vermietet oder um des Gewinns willen weitergegeben.");
  private static final Phrase NEVER_SOLD =
      new Phrase(
          "Never is it sold, leased or shared for gain. Whom you do not find here receives nothing.",
          "信息绝不会被出售、出租或为牟利而共享。此处未列出的，一律收不到。",
          "Die Daten werden nie verkauft, vermietet oder um des Gewinns willen "
              + "weitergegeben. Wer hier nicht steht, erhält nichts.");
  private static final List<Phrase> RECEIVING =
      List.of(
          new Phrase("Who", "接收方", "Wer"),
          new Phrase("For what", "用途", "Zweck"),
          new Phrase("Which data", "信息", "Daten"),
          new Phrase(
              "Who that is, where, why and on what terms",
              "其身份、所在地、原因与约束",
              "Wer das ist, wo, warum und unter welchen Bedingungen"));
  private static final Phrase PROTECTED_BY =
      new Phrase(
          "Protected there by: {0}. Ask us for a copy.",
          "在当地受以下保障：{0}。您可以向我们索取副本。",
          "Dort geschützt durch: {0}. Eine Kopie erhalten Sie von uns.");
  private static final Phrase DESTINATIONS = new Phrase("In {0}.", "位于{0}。", "Ort: {0}.");
  private static final Phrase BOUND =
      new Phrase(
          "Bound to confidentiality, our instructions and security by an agreement from {0} until the"
              + " day before {1}.",
          "自 {0}起至 {1}前一日止，有协议约束其遵守保密、我们的指示和安全要求。",
          "Durch eine Vereinbarung zu Vertraulichkeit, unseren Weisungen und Sicherheit "
              + "verpflichtet, vom {0} bis zum Tag vor dem {1}.");
  private static final Phrase SUPPLIED = new Phrase("Who supplies it", "谁会提供", "Wer Daten liefert");
  private static final Phrase NO_SUPPLIER =
      new Phrase(
          "No third party supplies us with data about you.",
          "没有第三方向我们提供您的信息。",
          "Niemand sonst liefert uns Daten über Sie.");
  private static final Phrase NO_SUPPLIER_OF_A_PRODUCT =
      new Phrase(
          "No third party supplies us with data that this product uses.",
          "没有第三方向我们提供本产品使用的信息。",
          "Niemand sonst liefert uns Daten, die dieses Produkt verwendet.");
  private static final List<Phrase> COLUMNS =
      List.of(
          new Phrase("Who", "提供方", "Wer"),
          new Phrase("Which data", "信息", "Daten"),
          new Phrase("Under an agreement", "协议期限", "Vereinbarung"));
  private static final Phrase TERM =
      new Phrase(
          "From {0} until the day before {1}.",
          "自 {0}起，至 {1}前一日止。", "Vom {0} bis zum Tag vor dem {1}.");

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

  private List<Block> recipients() {
    List<Row> rows =
        told.policy().sharing().recipients().stream()
            .filter(recipient -> !purposes(recipient).isEmpty())
            .map(this::row)
            .toList();
    List<Block> blocks = new ArrayList<>();
    if (rows.isEmpty()) {
      blocks.add(new Block.Paragraph(told.say(told.tellsAll() ? NOBODY : NOBODY_OF_A_PRODUCT)));
    } else {
      blocks.add(
          new Block.Paragraph(told.say(told.tellsAll() ? NEVER_SOLD : NEVER_SOLD_OF_A_PRODUCT)));
      blocks.add(new Block.Table(RECEIVING.stream().map(told::say).toList(), rows));
    }
    told.policy()
        .sharing()
        .transfer()
        .ifPresent(transfer -> blocks.add(new Block.Paragraph(told.say(Phrases.of(transfer)))));
    return blocks;
  }

  /** Those of the recipient's purposes that are told of. */
  private List<Purpose> purposes(Recipient recipient) {
    return told.purposes().stream()
        .filter(purpose -> recipient.purposes().contains(purpose.id()))
        .toList();
  }

  private Row row(Recipient recipient) {
    List<Purpose> served = purposes(recipient);
    Set<FieldId> data = new HashSet<>();
    served.forEach(purpose -> data.addAll(purpose.uses()));
    data.retainAll(recipient.fields());
    return new Row(
        List.of(Line.of(told.title(recipient.id()))),
        Optional.of(recipient.clause()),
        List.of(
            served.stream().map(purpose -> Line.of(told.title(purpose.id()))).toList(),
            told.data(data),
            terms(recipient)));
  }

  /** As its owner writes it. */
  private Optional<String> nameOf(CompanyId company) {
    return told.policy().sharing().companies().stream()
        .filter(each -> each.id().equals(company))
        .map(Sharing.Company::name)
        .findFirst();
  }

  private List<Line> terms(Recipient recipient) {
    List<Line> terms = new ArrayList<>();
    List<String> countries =
        recipient.destinations().stream().sorted().map(told.tongue()::country).toList();
    terms.add(told.line(Phrases.of(recipient.kind())));
    recipient.company().flatMap(this::nameOf).map(Line::of).ifPresent(terms::add);
    terms.add(told.line(DESTINATIONS, told.tongue().list(countries)));
    if (!recipient.safeguards().isEmpty()) {
      List<String> safeguards = told.words(recipient.safeguards().stream().sorted(), Phrases::of);
      terms.add(told.line(PROTECTED_BY, told.tongue().list(safeguards)));
    }
    terms.add(told.line(Phrases.of(recipient.sharedBecause())));
    terms.add(told.line(Phrases.of(recipient.actsAs())));
    recipient
        .agreement()
        .ifPresent(
            agreement ->
                terms.add(
                    told.line(
                        BOUND,
                        told.tongue().date(agreement.from()),
                        told.tongue().date(agreement.until()))));
    return terms;
  }

  private List<Block> sources() {
    List<Row> rows =
        told.policy().sources().stream()
            .filter(source -> !told.data(source.fields()).isEmpty())
            .map(this::row)
            .toList();
    return rows.isEmpty()
        ? List.of(
            new Block.Paragraph(told.say(told.tellsAll() ? NO_SUPPLIER : NO_SUPPLIER_OF_A_PRODUCT)))
        : List.of(new Block.Table(COLUMNS.stream().map(told::say).toList(), rows));
  }

  private Row row(Source source) {
    Line term =
        told.line(TERM, told.tongue().date(source.from()), told.tongue().date(source.until()));
    return Row.of(told.title(source.id()), List.of(told.data(source.fields()), List.of(term)));
  }
}
