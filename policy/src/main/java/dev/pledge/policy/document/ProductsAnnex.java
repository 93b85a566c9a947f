package dev.pledge.policy.document;

import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.decision.Policy.From;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Policy.Role;
import dev.pledge.policy.decision.Sharing.Recipient;
import dev.pledge.policy.document.Annex.Block;
import dev.pledge.policy.document.Annex.Line;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.ProductId;
import java.time.Period;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** In what single products differ from all the others (VIII.1). */
final class ProductsAnnex {
  private static final Phrase TITLE =
      new Phrase(
          "What is different in single products",
          "个别产品的不同之处",
          "Was bei einzelnen Produkten anders ist");
  private static final Phrase TITLE_OF_ONE =
      new Phrase(
          "What is different in this product", "本产品的不同之处", "Was bei diesem Produkt anders ist");
  private static final Phrase ALL =
      new Phrase(
          "These products have terms of their own. Where they differ, they count there in place of"
              + " what stands above; the page of the product shows all that counts for it.",
          "以下产品有自己的条款。如与上文不同，在该产品中以其自己的条款为准；该产品的页面列出对其适用的全部内容。",
          "Für diese Produkte gelten eigene Bestimmungen. Wo sie abweichen, treten sie dort "
              + "an die Stelle dessen, was oben steht; die Seite des Produkts zeigt alles, was für "
              + "es gilt.");
  private static final Phrase ONE =
      new Phrase(
          "This page shows all that counts for this product. In these points it differs from our"
              + " other products.",
          "本页列出对该产品适用的全部内容。它在以下方面与我们的其他产品不同。",
          "Diese Seite zeigt alles, was für dieses Produkt gilt. In den folgenden Punkten "
              + "unterscheidet es sich von unseren anderen Produkten.");
  private static final Phrase NOT_DONE =
      new Phrase("Not done here", "在此不进行", "Geschieht hier nicht");
  private static final Phrase DONE_HERE =
      new Phrase("Done only here", "仅在此进行", "Geschieht nur hier");
  private static final Phrase OTHERWISE = new Phrase("Done otherwise", "做法不同", "Geschieht anders");
  private static final Phrase KEPT =
      new Phrase("Kept for another time", "保留期限不同", "Anders lange aufbewahrt");
  private static final Phrase ROLES =
      new Phrase(
          "Other rules for those who work with data",
          "接触信息的人员规则不同",
          "Andere Regeln für alle, die mit Daten arbeiten");
  private static final Phrase RECIPIENTS =
      new Phrase("Other rules for recipients", "接收方规则不同", "Andere Regeln für Empfänger");
  private static final Phrase POOLING =
      new Phrase(
          "What this product knows, used for others",
          "将该产品掌握的信息用于其他产品",
          "Was dieses Produkt weiß, für andere verwenden");
  private static final Phrase DORMANCY =
      new Phrase(
          "Left alone after {0} without use",
          "连续 {0}未使用后不再使用您的信息", "So lange ohne Nutzung, dann in Ruhe gelassen: {0}");

  private final Telling told;

  ProductsAnnex(Telling told) {
    this.told = told;
  }

  /** The annex, where what is told of differs in some product. */
  Optional<Annex> annex() {
    List<Block> blocks = new ArrayList<>();
    for (ProductId product : told.whole().products()) {
      Policy own = told.whole().own().get(product);
      if (own != null && told.isToldOf(product)) {
        List<Line> points = points(told.whole(), own, product);
        if (points.isEmpty()) {
          continue; // what differs is nothing that people are told of
        }
        if (told.tellsAll()) {
          blocks.add(new Block.Part(told.title(product)));
        }
        blocks.add(new Block.Points(points));
      }
    }
    if (blocks.isEmpty()) {
      return Optional.empty();
    }
    blocks.addFirst(new Block.Paragraph(told.say(told.tellsAll() ? ALL : ONE)));
    return Optional.of(
        new Annex("annex-products", told.say(told.tellsAll() ? TITLE : TITLE_OF_ONE), blocks));
  }

  private List<Line> points(Policy general, Policy own, ProductId product) {
    Map<Object, Purpose> before = byId(general.purposesOf(product), Purpose::id);
    Map<Object, Purpose> after = byId(own.purposesOf(product), Purpose::id);
    List<Line> points = new ArrayList<>();
    add(NOT_DONE, names(before.keySet(), id -> !after.containsKey(id)), points);
    add(DONE_HERE, names(after.keySet(), id -> !before.containsKey(id)), points);
    add(
        OTHERWISE,
        names(
            after.keySet(),
            id -> before.containsKey(id) && !Objects.equals(after.get(id), before.get(id))),
        points);
    differing(general.roles(), own.roles(), Role::id).ifPresent(names -> add(ROLES, names, points));
    differing(general.sharing().recipients(), own.sharing().recipients(), Recipient::id)
        .ifPresent(names -> add(RECIPIENTS, names, points));
    List<String> kept =
        told.data(keptOtherwise(general, own)).stream()
            .map(data -> data.lead() + " (" + data.text() + ")")
            .toList();
    add(KEPT, kept, points);
    if (general.pooling() != own.pooling()) {
      points.add(new Line(told.say(POOLING), told.say(Phrases.of(own.pooling()))));
    }
    own.dormancy()
        .filter(term -> !own.dormancy().equals(general.dormancy()))
        .ifPresent(term -> points.add(told.line(DORMANCY, told.tongue().period(term))));
    return points;
  }

  private void add(Phrase lead, List<String> names, List<Line> points) {
    if (!names.isEmpty()) {
      points.add(new Line(told.say(lead), told.tongue().list(names)));
    }
  }

  private List<String> names(Set<Object> ids, Predicate<Object> meant) {
    return ids.stream().filter(meant).map(told::name).toList();
  }

  private <T> Optional<List<String>> differing(
      List<T> general, List<T> own, Function<T, Object> id) {
    Map<Object, T> before = byId(general, id);
    List<String> names =
        own.stream()
            .filter(part -> !part.equals(before.get(id.apply(part))))
            .map(part -> told.name(id.apply(part)))
            .toList();
    return names.isEmpty() ? Optional.empty() : Optional.of(names);
  }

  private static <T> Map<Object, T> byId(List<T> parts, Function<T, Object> id) {
    Map<Object, T> byId = new LinkedHashMap<>();
    parts.forEach(part -> byId.put(id.apply(part), part));
    return byId;
  }

  private static Set<FieldId> keptOtherwise(Policy general, Policy own) {
    return general.categories().stream()
        .flatMap(category -> category.fields().stream())
        .map(Policy.Field::id)
        .filter(field -> !ends(general, field).equals(ends(own, field)))
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static Map<From, Period> ends(Policy policy, FieldId field) {
    Map<From, Period> ends = new EnumMap<>(From.class);
    policy.retention().stream()
        .filter(kept -> kept.of().contains(field))
        .forEach(kept -> ends.put(kept.from(), kept.keep()));
    return ends;
  }
}
