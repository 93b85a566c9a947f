package dev.pledge.policy.document;

import dev.pledge.policy.decision.Policy.Category;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.From;
import dev.pledge.policy.decision.Policy.Retention;
import dev.pledge.policy.decision.Policy.Scope;
import dev.pledge.policy.document.Annex.Block;
import dev.pledge.policy.document.Annex.Line;
import dev.pledge.policy.document.Annex.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How long data is kept (IV.1). */
final class RetentionAnnex {
  private static final Phrase TITLE =
      new Phrase("How long we keep it", "保留多久", "Wie lange wir Daten aufbewahren");
  private static final Phrase INTRODUCTION =
      new Phrase(
          "When its time is over, data is deleted. Of several ends the earliest counts.",
          "期限届满，信息即被删除。列出多个期限的，以先到者为准。",
          "Nach Ablauf der Frist werden Daten gelöscht. Sind mehrere Fristen genannt, gilt "
              + "die, die zuerst endet.");
  private static final List<Phrase> COLUMNS =
      List.of(new Phrase("What", "信息", "Daten"), new Phrase("Until when", "保留到何时", "Wie lange"));
  private static final Phrase FROM_COLLECTION =
      new Phrase("Until {0} after we received it.", "自收集之日起保留 {0}。", "{0} ab der Erhebung.");
  private static final Phrase FROM_CLOSING_PRODUCT =
      new Phrase(
          "Until {0} after you close your account with the product.",
          "保留到您注销该产品的账号后 {0}。", "{0} über die Schließung Ihres Kontos bei dem Produkt hinaus.");
  private static final Phrase FROM_CLOSING_LAST =
      new Phrase(
          "Until {0} after you close the last of your accounts.",
          "保留到您注销最后一个账号后 {0}。", "{0} über die Schließung Ihres letzten Kontos hinaus.");
  private static final Phrase FROM_CLOSING =
      new Phrase(
          "Until {0} after you close your account.",
          "保留到您注销账号后 {0}。", "{0} über die Schließung Ihres Kontos hinaus.");
  private static final Phrase AFTER_CLOSING_PRODUCT =
      new Phrase(
          "If you close your account with the product, not past {0} after that.",
          "如果您注销该产品的账号，最迟到注销后 {0}为止。",
          "Schließen Sie Ihr Konto bei dem Produkt, dann höchstens noch {0}.");
  private static final Phrase AFTER_CLOSING_LAST =
      new Phrase(
          "If you close the last of your accounts, not past {0} after that.",
          "如果您注销最后一个账号，最迟到注销后 {0}为止。", "Schließen Sie Ihr letztes Konto, dann höchstens noch {0}.");
  private static final Phrase AFTER_CLOSING =
      new Phrase(
          "If you close your account, not past {0} after that.",
          "如果您注销账号，最迟到注销后 {0}为止。", "Schließen Sie Ihr Konto, dann höchstens noch {0}.");
  private static final Phrase FROM_LAST_USE_PRODUCT =
      new Phrase(
          "Until {0} after the last day on which you used the product.",
          "保留到您最后一次使用该产品之日后 {0}。", "{0} ab dem Tag, an dem Sie das Produkt zuletzt genutzt haben.");
  private static final Phrase FROM_LAST_USE_ANY =
      new Phrase(
          "Until {0} after the last day on which you used any of our products.",
          "保留到您最后一次使用我们任一产品之日后 {0}。",
          "{0} ab dem Tag, an dem Sie zuletzt eines unserer Produkte genutzt haben.");
  private static final Phrase FROM_LAST_USE =
      new Phrase(
          "Until {0} after the last day on which you used it.",
          "保留到您最后一次使用之日后 {0}。", "{0} ab dem Tag Ihrer letzten Nutzung.");
  private static final Phrase END_OF_PURPOSE =
      new Phrase(
          "Until {0} after the last purpose it is kept for has ended: because you refused it, or with"
              + " the closing of your account.",
          "保留到最后一项保存用途因您拒绝或注销账号而终止后 {0}。",
          "{0} ab dem Ende des letzten Zwecks, für den die Daten aufbewahrt werden: weil Sie "
              + "ihn abgelehnt oder Ihr Konto geschlossen haben.");
  private static final Phrase DORMANT =
      new Phrase(
          "If you do not use a product for {0}, we use nothing of what it knows about you but what the"
              + " law demands, until you use it again.",
          "如果您连续 {0}未使用某一产品，除法律要求外，我们不再使用该产品掌握的您的任何信息，直到您再次使用。",
          "Nutzen Sie ein Produkt {0} lang nicht, verwenden wir von dem, was es über Sie "
              + "weiß, nur noch, was das Gesetz verlangt, bis Sie es wieder nutzen.");
  private static final Phrase UNACCEPTED =
      new Phrase(
          "If you never accept this policy, until {0} after we received it.",
          "如果您一直没有接受本政策，自收集之日起保留 {0}。",
          "Nehmen Sie diese Erklärung nie an, dann {0} ab der Erhebung.");
  private static final Phrase WHATEVER =
      new Phrase(
          "Closing your account does not shorten that.",
          "注销账号不会缩短这一期限。",
          "Die Schließung Ihres Kontos verkürzt diese Frist nicht.");
  private static final Phrase MINIMUM =
      new Phrase(
          "The law asks for at least {0}.", "法律要求至少保留 {0}。", "Das Gesetz verlangt mindestens {0}.");

  private final Telling told;

  RetentionAnnex(Telling told) {
    this.told = told;
  }

  Annex annex() {
    List<Row> rows = new ArrayList<>();
    told.categories().forEach(category -> add(category, rows));
    List<Block> blocks = new ArrayList<>();
    blocks.add(new Block.Paragraph(told.say(INTRODUCTION)));
    blocks.add(new Block.Table(COLUMNS.stream().map(told::say).toList(), rows));
    told.policy()
        .dormancy()
        .map(term -> told.say(DORMANT, told.tongue().period(term)))
        .ifPresent(dormant -> blocks.add(new Block.Paragraph(dormant)));
    return new Annex("annex-retention", told.say(TITLE), blocks);
  }

  /** One row for all fields of a category that end alike. */
  private void add(Category category, List<Row> rows) {
    Map<List<Line>, List<Field>> byEnd = new LinkedHashMap<>();
    for (Field field : category.fields()) {
      byEnd.computeIfAbsent(ends(field, category.scope()), _ -> new ArrayList<>()).add(field);
    }
    byEnd.forEach(
        (ends, fields) ->
            rows.add(
                new Row(
                    told.data(fields.stream().map(Field::id).toList()),
                    Optional.empty(),
                    List.of(ends))));
  }

  private List<Line> ends(Field field, Scope scope) {
    List<Retention> kept =
        told.policy().retention().stream()
            .filter(retention -> retention.of().contains(field.id()))
            .sorted(Comparator.comparing(Retention::from))
            .toList();
    boolean ends = kept.stream().anyMatch(retention -> retention.from() == From.COLLECTION);
    List<Line> lines = new ArrayList<>();
    for (Retention retention : kept) {
      Phrase until = until(retention.from(), scope, ends);
      lines.add(told.line(until, told.tongue().period(retention.keep())));
    }
    if (kept.stream().map(Retention::from).noneMatch(RetentionAnnex::endsWithClosing)) {
      lines.add(told.line(WHATEVER));
    }
    kept.stream()
        .flatMap(retention -> retention.minimum().stream())
        .findFirst()
        .ifPresent(minimum -> lines.add(told.line(MINIMUM, told.tongue().period(minimum))));
    return lines;
  }

  private static boolean endsWithClosing(From from) {
    return from == From.CLOSING || from == From.END_OF_PURPOSE;
  }

  private Phrase until(From from, Scope scope, boolean ends) {
    return switch (from) {
      case COLLECTION -> FROM_COLLECTION;
      case CLOSING -> ends ? longer(scope) : closing(scope);
      case LAST_USE -> lastUse(scope);
      case END_OF_PURPOSE -> END_OF_PURPOSE;
      case UNACCEPTED -> UNACCEPTED;
    };
  }

  private Phrase lastUse(Scope scope) {
    if (!told.hasSeveralProducts()) {
      return FROM_LAST_USE;
    }
    return switch (scope) {
      case PRODUCT -> FROM_LAST_USE_PRODUCT;
      case ACCOUNT -> FROM_LAST_USE_ANY;
    };
  }

  private Phrase closing(Scope scope) {
    if (!told.hasSeveralProducts()) {
      return FROM_CLOSING;
    }
    return switch (scope) {
      case PRODUCT -> FROM_CLOSING_PRODUCT;
      case ACCOUNT -> FROM_CLOSING_LAST;
    };
  }

  private Phrase longer(Scope scope) {
    if (!told.hasSeveralProducts()) {
      return AFTER_CLOSING;
    }
    return switch (scope) {
      case PRODUCT -> AFTER_CLOSING_PRODUCT;
      case ACCOUNT -> AFTER_CLOSING_LAST;
    };
  }
}
