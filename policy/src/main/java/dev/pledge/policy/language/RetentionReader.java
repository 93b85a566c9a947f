package dev.pledge.policy.language;

import dev.pledge.policy.decision.Policy.Category;
import dev.pledge.policy.decision.Policy.From;
import dev.pledge.policy.decision.Policy.Retention;
import dev.pledge.policy.language.Node.Mapping;
import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.FieldType;
import java.time.LocalDate;
import java.time.Period;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads how long data is kept, and checks that every field has an end (IV.1, IV.4). */
final class RetentionReader {
  private static final Vocabulary<From> STARTS = Vocabulary.of("start", From.values());
  private static final Vocabulary<Boolean> ENDS = new Vocabulary<>("end", Map.of("delete", true));
  private static final int LONGEST_YEARS = 100;
  private static final LocalDate LEAP_YEAR = LocalDate.of(2024, 1, 1);

  private final Reading reading;
  private final Problems problems;
  private final Map<FieldId, FieldType> types = new HashMap<>();
  private final Set<FieldId> ended = new HashSet<>();

  /** The line that keeps a field, by what starts its period. */
  private final Map<From, Map<FieldId, Integer>> lines = new EnumMap<>(From.class);

  RetentionReader(Reading reading, List<Category> categories) {
    this.reading = reading;
    this.problems = reading.problems();
    categories.forEach(c -> c.fields().forEach(field -> types.put(field.id(), field.type())));
  }

  List<Retention> read(Value retention) {
    List<Retention> rules = new ArrayList<>();
    for (Mapping mapping : retention.mappings()) {
      Scalar at = new Scalar(mapping.place(), mapping.excerpt(), false);
      Keys keys = new Keys(mapping, at, "this retention", problems);
      rules.add(rule(keys));
      keys.finish();
    }
    return rules;
  }

  private Retention rule(Keys keys) {
    Set<FieldId> of = reading.fields(keys.required("of", "of: [contact]"), keys);
    ended.addAll(of);
    Value keepValue = keys.required("keep", "keep: P15D");
    Optional<Period> keep = keepValue.period();
    Optional<From> from = keys.required("from", "from: closing").oneOf(STARTS);
    keys.required("then", "then: delete").oneOf(ENDS);
    Optional<Period> minimum = keys.optional("minimum").period();
    keepValue.word().ifPresent(word -> keep.ifPresent(k -> checkKeep(word, k, minimum, of)));
    from.ifPresent(start -> checkOnce(keys.owner(), start, of));
    return new Retention(of, keep.orElse(Period.ofDays(1)), from.orElse(From.COLLECTION), minimum);
  }

  private void checkKeep(Scalar word, Period keep, Optional<Period> minimum, Set<FieldId> of) {
    if (!isSensible(keep)) {
      problems.error(
          word,
          "a retention of " + Quoted.of(word.text()) + " is no retention",
          "write a period from `P1D` to `P99Y`");
    } else if (minimum.isPresent() && !covers(keep, minimum.get())) {
      problems.error(
          word,
          "kept for "
              + Quoted.of(word.text())
              + ", less than its minimum of `"
              + minimum.get()
              + "`",
          "write `keep: " + minimum.get() + "` or longer");
    }
    for (Law law : reading.laws()) {
      checkLaw(word, keep, of, law);
    }
  }

  private static boolean isSensible(Period keep) {
    LocalDate end = LEAP_YEAR.plus(keep);
    return end.isAfter(LEAP_YEAR) && end.isBefore(LEAP_YEAR.plusYears(LONGEST_YEARS));
  }

  private void checkLaw(Scalar word, Period keep, Set<FieldId> of, Law law) {
    for (FieldType type : FieldType.values()) {
      Optional<Law.Demand> demand = law.keep(type);
      List<FieldId> fields = of.stream().filter(f -> types.get(f) == type).sorted().toList();
      if (demand.isPresent() && !fields.isEmpty() && !covers(keep, Law.period(demand.get()))) {
        problems.error(
            word,
            "`"
                + fields.getFirst()
                + "` kept for "
                + Quoted.of(word.text())
                + " is too short in "
                + law.jurisdiction(),
            "write `keep: " + demand.get().value() + "` or longer (" + demand.get().source() + ")");
      }
    }
  }

  /** Whether {@code keep} is at least as long as {@code minimum}, from whatever day they run. */
  static boolean covers(Period keep, Period minimum) {
    return keep.equals(minimum)
        || LEAP_YEAR
            .datesUntil(LEAP_YEAR.plusYears(4))
            .noneMatch(day -> day.plus(keep).isBefore(day.plus(minimum)));
  }

  private void checkOnce(Scalar at, From from, Set<FieldId> of) {
    Map<FieldId, Integer> own = lines.computeIfAbsent(from, _ -> new HashMap<>());
    of.stream()
        .sorted()
        .forEach(
            field -> {
              Integer other = own.putIfAbsent(field, at.place().line());
              if (other != null) {
                problems.error(
                    at,
                    "`"
                        + field
                        + "` is already kept from "
                        + Vocabulary.word(from)
                        + " by line "
                        + other,
                    "remove it from one of the two");
              }
            });
  }

  /** Reports every field without an end. */
  void checkAll() {
    reading
        .declared()
        .fields()
        .forEach(
            (field, place) -> {
              if (!ended.contains(field)) {
                problems.error(
                    place,
                    "field `" + field + "` has no end: no `retention` names it (IV.1)",
                    "add `" + field + "` or `" + field.category() + "` under `of` of a retention");
              }
            });
  }
}
