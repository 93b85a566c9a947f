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
  private static final Phrase TITLE = new Phrase("How long we keep it", "保留多久");
  private static final Phrase INTRODUCTION =
      new Phrase(
          "When its time is over, data is deleted. Of several ends the earliest counts.",
          "期限届满，信息即被删除。列出多个期限的，以先到者为准。");
  private static final List<Phrase> COLUMNS =
      List.of(new Phrase("What", "信息"), new Phrase("Until when", "保留到何时"));
  private static final Phrase FROM_COLLECTION =
      new Phrase("Until {0} after we received it.", "自收集之日起保留 {0}。");
  private static final Phrase FROM_CLOSING_PRODUCT =
      new Phrase("Until {0} after you close your account with the product.", "保留到您注销该产品的账号后 {0}。");
  private static final Phrase FROM_CLOSING_LAST =
      new Phrase("Until {0} after you close the last of your accounts.", "保留到您注销最后一个账号后 {0}。");
  private static final Phrase FROM_CLOSING =
      new Phrase("Until {0} after you close your account.", "保留到您注销账号后 {0}。");
  private static final Phrase AFTER_CLOSING_PRODUCT =
      new Phrase(
          "If you close your account with the product, at most {0} longer.",
          "如果您注销该产品的账号，最多再保留 {0}。");
  private static final Phrase AFTER_CLOSING_LAST =
      new Phrase(
          "If you close the last of your accounts, at most {0} longer.", "如果您注销最后一个账号，最多再保留 {0}。");
  private static final Phrase AFTER_CLOSING =
      new Phrase("If you close your account, at most {0} longer.", "如果您注销账号，最多再保留 {0}。");
  private static final Phrase UNACCEPTED =
      new Phrase(
          "If you never accept this policy, until {0} after we received it.",
          "如果您一直没有接受本政策，自收集之日起保留 {0}。");
  private static final Phrase WHATEVER =
      new Phrase("Closing your account does not shorten that.", "注销账号不会缩短这一期限。");
  private static final Phrase MINIMUM =
      new Phrase("The law asks for at least {0}.", "法律要求至少保留 {0}。");

  private final Telling told;

  RetentionAnnex(Telling told) {
    this.told = told;
  }

  Annex annex() {
    List<Row> rows = new ArrayList<>();
    told.categories().forEach(category -> add(category, rows));
    return new Annex(
        "annex-retention",
        told.say(TITLE),
        List.of(
            new Block.Paragraph(told.say(INTRODUCTION)),
            new Block.Table(COLUMNS.stream().map(told::say).toList(), rows)));
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
    if (kept.stream().noneMatch(retention -> retention.from() == From.CLOSING)) {
      lines.add(told.line(WHATEVER));
    }
    kept.stream()
        .flatMap(retention -> retention.minimum().stream())
        .findFirst()
        .ifPresent(minimum -> lines.add(told.line(MINIMUM, told.tongue().period(minimum))));
    return lines;
  }

  private Phrase until(From from, Scope scope, boolean ends) {
    return switch (from) {
      case COLLECTION -> FROM_COLLECTION;
      case CLOSING -> ends ? longer(scope) : closing(scope);
      case UNACCEPTED -> UNACCEPTED;
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
