package dev.pledge.policy.revision;

import dev.pledge.policy.decision.Duties;
import dev.pledge.policy.decision.Lapse;
import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.decision.Policy.Category;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.From;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Policy.Retention;
import dev.pledge.policy.language.Checked.Sound;
import dev.pledge.policy.language.Labels;
import dev.pledge.policy.language.Notice;
import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.ProductId;
import java.time.Period;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What a version of a policy changes of an earlier one.
 *
 * @param changes the material ones first, then in the order of the file
 * @param lapse the purposes for which what people granted under the earlier version counts for
 *     nothing under the later one (II.II.6)
 * @param fields those of the earlier version whose own rules change: what they are, how they are
 *     collected, and how long they are kept
 */
public record Comparison(
    PolicyVersion from, PolicyVersion to, List<Change> changes, Lapse lapse, Set<FieldId> fields) {

  public Comparison {
    fields = Collections.unmodifiableSet(new TreeSet<>(fields));
    changes = changes.stream().sorted(Comparator.comparing(Change::weight)).toList();
  }

  /** The changes from one version to the other, the words for people among them. */
  public static Comparison of(Sound earlier, Sound later) {
    List<Change> changes = new ArrayList<>(rules(earlier.policy(), later.policy()));
    changes.addAll(words(earlier.notices(), later.notices()));
    changes.addAll(labels(earlier.labels(), later.labels()));
    return of(earlier.policy(), later.policy(), changes);
  }

  /** The changes of the rules alone. */
  public static Comparison of(Policy earlier, Policy later) {
    return of(earlier, later, rules(earlier, later));
  }

  private static Comparison of(Policy earlier, Policy later, List<Change> changes) {
    return new Comparison(
        earlier.version(),
        later.version(),
        changes,
        Lapse.between(earlier, later),
        changedFields(earlier, later));
  }

  /** What all changes together mean; editorial if there is none. */
  public Weight weight() {
    return changes.stream().map(Change::weight).reduce(Weight.EDITORIAL, Weight::or);
  }

  /**
   * What the terms of a product say differently from the general ones: what is material goes
   * further there than in other products (VIII.1). Empty for a product without terms of its own.
   */
  public static List<Change> ofProduct(Policy policy, ProductId product) {
    return policy.own().containsKey(product)
        ? ofProduct(policy, policy.forProduct(product), product).stream()
            .sorted(Comparator.comparing(Change::weight))
            .toList()
        : List.of();
  }

  // ---------------------------------------------------------------- rules

  /** What changes for all products, and beside it what changes for one. */
  private static List<Change> rules(Policy then, Policy now) {
    List<Change> general = layer(then, now);
    List<Change> changes = new ArrayList<>(general);
    List<ProductId> layers = now.layersBeside(then);
    for (ProductId product : layers.subList(1, layers.size())) {
      ofProduct(then.forProduct(product), now.forProduct(product), product).stream()
          .filter(change -> !general.contains(change))
          .map(change -> change.in(product))
          .forEach(changes::add);
    }
    return changes;
  }

  private static List<Change> layer(Policy then, Policy now) {
    return layer(then, now, Policy::purposes);
  }

  /** The same of one product, with the purposes that it has. */
  private static List<Change> ofProduct(Policy then, Policy now, ProductId product) {
    return layer(then, now, terms -> terms.purposesOf(product));
  }

  private static List<Change> layer(
      Policy then, Policy now, Function<Policy, List<Purpose>> purposes) {
    List<Change> changes = new ArrayList<>(Parts.POLICY.changes("policy", then, now));
    changes.addAll(Parts.CONTROLLER.changes("controller", then.controller(), now.controller()));
    changes.addAll(Parts.CATEGORY.changes(then.categories(), now.categories()));
    changes.addAll(Parts.FIELD.changes(fields(then), fields(now)));
    changes.addAll(Parts.PURPOSE.changes(purposes.apply(then), purposes.apply(now)));
    changes.addAll(Parts.ROLE.changes(then.roles(), now.roles()));
    changes.addAll(Parts.SOURCE.changes(then.sources(), now.sources()));
    changes.addAll(Parts.COMPANY.changes(then.sharing().companies(), now.sharing().companies()));
    changes.addAll(
        Parts.RECIPIENT.changes(then.sharing().recipients(), now.sharing().recipients()));
    changes.addAll(Parts.SHARING.changes("policy", then.sharing(), now.sharing()));
    changes.addAll(retention(then, now));
    changes.addAll(Parts.MINORS.changes("minors", then.minors(), now.minors()));
    changes.addAll(duties(then.duties(), now.duties()));
    return changes;
  }

  /** Each field for itself, with its category and the times it is kept. */
  private static Set<FieldId> changedFields(Policy earlier, Policy later) {
    Set<FieldId> changed = new TreeSet<>();
    later
        .layersBeside(earlier)
        .forEach(
            product ->
                changed.addAll(
                    fieldsOfLayer(earlier.forProduct(product), later.forProduct(product))));
    return changed;
  }

  private static Set<FieldId> fieldsOfLayer(Policy earlier, Policy later) {
    Map<Kept, Retention> before = kept(earlier);
    Map<Kept, Retention> after = kept(later);
    Set<FieldId> changed = new TreeSet<>();
    for (Category category : earlier.categories()) {
      Optional<Category> now =
          later.categories().stream().filter(each -> each.id().equals(category.id())).findFirst();
      boolean sameCategory =
          now.isPresent() && Parts.CATEGORY.changes("", category, now.get()).isEmpty();
      for (Field field : category.fields()) {
        boolean same =
            sameCategory
                && now.get().fields().contains(field)
                && periods(before, field.id()).equals(periods(after, field.id()));
        if (!same) {
          changed.add(field.id());
        }
      }
    }
    return changed;
  }

  private static Map<From, Period> periods(Map<Kept, Retention> kept, FieldId field) {
    Map<From, Period> periods = new EnumMap<>(From.class);
    kept.forEach(
        (what, retention) -> {
          if (what.field().equals(field)) {
            periods.put(what.from(), retention.keep());
          }
        });
    return periods;
  }

  private static List<Field> fields(Policy policy) {
    return policy.categories().stream().map(Category::fields).flatMap(List::stream).toList();
  }

  private static List<Change> duties(Duties then, Duties now) {
    List<Change> changes = new ArrayList<>();
    changes.addAll(perhaps(Parts.INCIDENTS, then.incidents(), now.incidents()));
    changes.addAll(perhaps(Parts.REQUESTS, then.requests(), now.requests()));
    changes.addAll(perhaps(Parts.REVISION, then.revision(), now.revision()));
    changes.addAll(Parts.LEAVING.changes(Parts.LEAVING.kind(), then.leaving(), now.leaving()));
    return changes;
  }

  private static <T> List<Change> perhaps(Part<T> part, Optional<T> then, Optional<T> now) {
    if (then.isPresent() && now.isPresent()) {
      return part.changes(part.kind(), then.get(), now.get());
    }
    return then.isPresent() == now.isPresent()
        ? List.of()
        : List.of(
            now.isPresent()
                ? new Change(part.added(), part.kind(), "", "new")
                : new Change(part.removed(), part.kind(), "", "gone"));
  }

  // ---------------------------------------------------------------- retention

  /** A field with what starts the period it is kept for. */
  private record Kept(FieldId field, From from) {
    @Override
    public String toString() {
      return "retention of `" + field + "` from " + Aspect.word(from);
    }
  }

  private static Map<Kept, Retention> kept(Policy policy) {
    Map<Kept, Retention> kept = new LinkedHashMap<>();
    for (Retention retention : policy.retention()) {
      retention.of().stream()
          .sorted()
          .forEach(field -> kept.put(new Kept(field, retention.from()), retention));
    }
    return kept;
  }

  /** Field by field; what becomes of new fields and of those that are gone is told of these. */
  private static List<Change> retention(Policy then, Policy now) {
    Map<Kept, Retention> before = kept(then);
    Map<Kept, Retention> after = kept(now);
    Set<FieldId> inBoth = new TreeSet<>(ids(then));
    inBoth.retainAll(ids(now));
    List<Change> changes = new ArrayList<>();
    after.forEach(
        (kept, retention) -> {
          Retention was = before.get(kept);
          if (was != null) {
            changes.addAll(retention(kept, was, retention));
          } else if (inBoth.contains(kept.field())) {
            changes.add(change(Weight.NARROWING, kept, "new: " + retention.keep()));
          }
        });
    before.forEach(
        (kept, retention) -> {
          if (!after.containsKey(kept) && inBoth.contains(kept.field())) {
            changes.add(change(Weight.MATERIAL, kept, "gone: " + retention.keep()));
          }
        });
    return changes;
  }

  private static List<Change> retention(Kept kept, Retention then, Retention now) {
    List<Change> changes = new ArrayList<>();
    Period before = then.keep();
    Period after = now.keep();
    if (!after.equals(before)) {
      Weight weight = Aspect.narrows(Aspect.isNoLonger(after, before));
      changes.add(change(weight, kept, before + " -> " + after));
    }
    if (!now.minimum().equals(then.minimum())) {
      String minima = Aspect.word(then.minimum()) + " -> " + Aspect.word(now.minimum());
      changes.add(new Change(Weight.EDITORIAL, kept.toString(), "minimum", minima));
    }
    return changes;
  }

  private static Change change(Weight weight, Kept kept, String what) {
    return new Change(weight, kept.toString(), "keep", what);
  }

  private static List<FieldId> ids(Policy policy) {
    return fields(policy).stream().map(Field::id).toList();
  }

  // ---------------------------------------------------------------- words

  private static List<Change> words(List<Notice> then, List<Notice> now) {
    Map<String, Notice> before = new HashMap<>();
    then.forEach(notice -> before.put(notice.language(), notice));
    List<Change> changes = new ArrayList<>();
    for (Notice notice : now) {
      Notice was = before.get(notice.language());
      if (was != null) {
        changes.addAll(words(was, notice));
      }
    }
    return changes;
  }

  private static List<Change> words(Notice then, Notice now) {
    Map<String, List<Notice.Passage>> before = passages(then);
    Map<String, List<Notice.Passage>> after = passages(now);
    Set<String> all = new LinkedHashSet<>(after.keySet());
    all.addAll(before.keySet());
    List<Change> changes = new ArrayList<>();
    for (String what : all) {
      List<Notice.Passage> was = before.getOrDefault(what, List.of());
      List<Notice.Passage> is = after.getOrDefault(what, List.of());
      if (!was.equals(is)) {
        changes.add(
            new Change(
                Weight.EDITORIAL,
                "notice in `" + now.language() + "`",
                what,
                isImportant(was) == isImportant(is) || was.isEmpty() || is.isEmpty()
                    ? was.isEmpty() ? "new" : is.isEmpty() ? "gone" : "other words"
                    : isImportant(is) ? "marked as important" : "no longer marked as important"));
      }
    }
    return changes;
  }

  private static boolean isImportant(List<Notice.Passage> passages) {
    return passages.stream().anyMatch(Notice.Passage::important);
  }

  /** By the clauses they explain, or else by their headings. */
  private static Map<String, List<Notice.Passage>> passages(Notice notice) {
    Map<String, List<Notice.Passage>> passages = new LinkedHashMap<>();
    for (Notice.Passage passage : notice.passages()) {
      String what =
          passage.clauses().isEmpty()
              ? "\u201c" + passage.heading() + "\u201d"
              : passage.clauses().stream().map(ClauseId::value).collect(Collectors.joining(", "));
      passages.computeIfAbsent(what, _ -> new ArrayList<>()).add(passage);
    }
    return passages;
  }

  private static List<Change> labels(List<Labels> then, List<Labels> now) {
    return then.equals(now)
        ? List.of()
        : List.of(new Change(Weight.EDITORIAL, "labels", "", "other words"));
  }
}
