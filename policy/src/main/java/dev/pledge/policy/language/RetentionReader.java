package dev.pledge.policy.language;

import dev.pledge.policy.decision.Policy.Basis;
import dev.pledge.policy.decision.Policy.Category;
import dev.pledge.policy.decision.Policy.From;
import dev.pledge.policy.decision.Policy.Kind;
import dev.pledge.policy.decision.Policy.Nature;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Policy.Retention;
import dev.pledge.policy.language.Node.Mapping;
import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.FieldType;
import dev.pledge.policy.names.PurposeId;
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
  private final Set<FieldId> series = new HashSet<>();
  private final Set<FieldId> ended = new HashSet<>();

  /** What the policy says the law orders to be kept. */
  private final Set<FieldId> records = new HashSet<>();

  /** What the law orders to be stored, with a purpose that says so. */
  private final Map<FieldId, PurposeId> ordered = new HashMap<>();

  /** The rule that keeps a field, by what starts its period. */
  private final Map<From, Map<FieldId, Ending>> endings = new EnumMap<>(From.class);

  /** One rule of the list, and where it stands. */
  private record Ending(Scalar at, Period keep, Optional<Period> minimum) {}

  RetentionReader(Reading reading, List<Category> categories, List<Purpose> purposes) {
    this.reading = reading;
    this.problems = reading.problems();
    categories.forEach(c -> c.fields().forEach(field -> types.put(field.id(), field.type())));
    categories.stream()
        .filter(category -> category.kind() == Kind.EVENT_SERIES)
        .forEach(category -> category.fields().forEach(field -> series.add(field.id())));
    purposes.stream()
        .filter(purpose -> purpose.nature() == Nature.RECORD_KEEPING)
        .forEach(purpose -> records.addAll(purpose.uses()));
    purposes.stream()
        .filter(purpose -> purpose.basis() == Basis.LEGAL_OBLIGATION)
        .filter(purpose -> purpose.exception().isEmpty())
        .forEach(
            purpose -> purpose.uses().forEach(field -> ordered.putIfAbsent(field, purpose.id())));
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
    Value keepValue = keys.required("keep", "keep: P15D");
    Optional<Period> keep = keepValue.period();
    Optional<From> from = keys.required("from", "from: closing").oneOf(STARTS);
    if (from.equals(Optional.of(From.UNACCEPTED))) {
      checkProfile(keys.owner(), of);
    } else {
      ended.addAll(of);
    }
    keys.required("then", "then: delete").oneOf(ENDS);
    Optional<Period> minimum = keys.optional("minimum").period();
    Optional<Period> maximum = maximum(keys.optional("maximum"), minimum);
    keepValue
        .word()
        .ifPresent(word -> keep.ifPresent(k -> checkKeep(word, k, minimum, maximum, of)));
    Period kept = keep.orElse(Period.ofDays(1));
    if (from.equals(Optional.of(From.END_OF_PURPOSE))) {
      checkOrdered(keys.owner(), of);
    }
    from.ifPresent(start -> checkOnce(new Ending(keys.owner(), kept, minimum), start, of));
    return new Retention(of, kept, from.orElse(From.COLLECTION), minimum);
  }

  /** The longest time, unless the shortest is longer: then that is told, and nothing fits both. */
  private Optional<Period> maximum(Value value, Optional<Period> minimum) {
    Optional<Period> maximum = value.period();
    if (minimum.isEmpty() || maximum.isEmpty() || Retention.covers(maximum.get(), minimum.get())) {
      return maximum;
    }
    value
        .word()
        .ifPresent(
            word ->
                problems.error(
                    word,
                    "a maximum of "
                        + Quoted.of(word.text())
                        + " is shorter than the minimum of `"
                        + minimum.get()
                        + "`",
                    "write `maximum: " + minimum.get() + "` or longer, or a shorter minimum"));
    return Optional.empty();
  }

  /** What the law orders to be stored is stored for a purpose that ends for nobody. */
  private void checkOrdered(Scalar at, Set<FieldId> of) {
    for (FieldId field : of.stream().sorted().toList()) {
      PurposeId purpose = ordered.get(field);
      if (purpose != null) {
        problems.error(
            at,
            "`" + field + "` is stored for `" + purpose + "`, which the law orders and nobody ends",
            "write another `from`, or remove the field here");
      }
    }
  }

  /** What is stored before acceptance is what people sign in with, and that has one value. */
  private void checkProfile(Scalar at, Set<FieldId> of) {
    of.stream()
        .filter(series::contains)
        .sorted()
        .forEach(
            field ->
                problems.error(
                    at,
                    "`" + field + "` is an event series, which nobody signs in with (0.1)",
                    "write `from: collection`, or remove the field here"));
  }

  private void checkKeep(
      Scalar word,
      Period keep,
      Optional<Period> minimum,
      Optional<Period> maximum,
      Set<FieldId> of) {
    if (!isSensible(keep)) {
      problems.error(
          word,
          "a retention of " + Quoted.of(word.text()) + " is no retention",
          "write a period from `P1D` to `P99Y`");
    } else if (minimum.isPresent() && !Retention.covers(keep, minimum.get())) {
      problems.error(
          word,
          "kept for "
              + Quoted.of(word.text())
              + ", less than its minimum of `"
              + minimum.get()
              + "`",
          "write `keep: " + minimum.get() + "` or longer");
      return; // the law asks for no more than that, or is looked at then
    } else if (maximum.isPresent() && !Retention.covers(maximum.get(), keep)) {
      problems.error(
          word,
          "kept for "
              + Quoted.of(word.text())
              + ", more than its maximum of `"
              + maximum.get()
              + "`",
          "write `keep: " + maximum.get() + "` or shorter");
    }
    for (Law law : reading.laws()) {
      checkLaw(word, keep, maximum, of, law);
    }
  }

  private static boolean isSensible(Period keep) {
    LocalDate end = LEAP_YEAR.plus(keep);
    return end.isAfter(LEAP_YEAR) && end.isBefore(LEAP_YEAR.plusYears(LONGEST_YEARS));
  }

  /**
   * What the law orders to be kept is what a purpose of nature {@code record-keeping} lists; where
   * none lists a field of the type, all of that type.
   */
  private void checkLaw(
      Scalar word, Period keep, Optional<Period> maximum, Set<FieldId> of, Law law) {
    for (FieldType type : FieldType.values()) {
      Optional<Clock> clock = law.keep(type);
      boolean named = records.stream().anyMatch(field -> types.get(field) == type);
      List<FieldId> fields =
          of.stream()
              .filter(field -> types.get(field) == type)
              .filter(field -> !named || records.contains(field))
              .sorted()
              .toList();
      if (clock.isPresent() && !fields.isEmpty() && !Retention.covers(keep, clock.get().period())) {
        boolean capped =
            maximum.isPresent() && !Retention.covers(maximum.get(), clock.get().period());
        problems.error(
            word,
            "`"
                + fields.getFirst()
                + "` kept for "
                + Quoted.of(word.text())
                + " is too short in "
                + law.jurisdiction(),
            "write `keep: "
                + clock.get().period()
                + "` or longer"
                + (capped ? ", and as long a `maximum`" : "")
                + " ("
                + clock.get().source()
                + ")");
      }
    }
  }

  private void checkOnce(Ending ending, From from, Set<FieldId> of) {
    Map<FieldId, Ending> own = endings.computeIfAbsent(from, _ -> new HashMap<>());
    for (FieldId field : of.stream().sorted().toList()) {
      Ending other = own.putIfAbsent(field, ending);
      if (other != null) {
        problems.error(
            ending.at(),
            "`"
                + field
                + "` is already kept from "
                + Vocabulary.word(from)
                + " by line "
                + other.at().place().line(),
            "remove it from one of the two");
      }
    }
  }

  /** Reports every field without an end, and every end that comes before another's minimum. */
  void checkAll() {
    everyFieldHasAnEnd();
    Set<List<Ending>> looked = new HashSet<>();
    endings.forEach(
        (from, ends) ->
            ends.forEach(
                (field, one) ->
                    endings.forEach(
                        (start, others) -> {
                          Ending other = others.get(field);
                          if (from != start && other != null && looked.add(List.of(one, other))) {
                            checkMinimum(field, one, other, mayStartBefore(start, from));
                          }
                        })));
  }

  /**
   * Whether a period from {@code one} may begin before one from {@code other}, by any time at all:
   * then no length of it keeps to what the other must last. What nobody ever accepted does not come
   * to the others.
   */
  private static boolean mayStartBefore(From one, From other) {
    return switch (other) {
      case COLLECTION, UNACCEPTED -> false;
      case CLOSING -> one != From.UNACCEPTED;
      case LAST_USE -> one == From.COLLECTION || one == From.END_OF_PURPOSE;
      case END_OF_PURPOSE -> one == From.COLLECTION || one == From.LAST_USE;
    };
  }

  /** The earlier end counts, so the minimum of one rule binds the other too. */
  private void checkMinimum(FieldId field, Ending one, Ending other, boolean mayStartBefore) {
    if (one.minimum().isEmpty()) {
      return;
    }
    String ends = "`" + field + "` ends here after `" + other.keep() + "`, ";
    String minimum = "the minimum of line " + one.at().place().line();
    if (mayStartBefore) {
      problems.error(
          other.at(),
          ends + "which may be over before " + minimum + " begins to count",
          "remove the field here, or the `minimum` there");
    } else if (!Retention.covers(other.keep(), one.minimum().get())) {
      problems.error(
          other.at(),
          ends + "before " + minimum,
          "write `keep: " + one.minimum().get() + "` or longer, or remove the field here");
    }
  }

  private void everyFieldHasAnEnd() {
    reading
        .declared()
        .byCategory(field -> !ended.contains(field))
        .forEach(
            (category, fields) ->
                problems.error(
                    reading.declared().placeOf(fields),
                    Quoted.fields(fields)
                        + (fields.size() == 1 ? " has" : " have")
                        + " no end: no `retention` names "
                        + (fields.size() == 1 ? "it" : "them")
                        + " (IV.1)",
                    "add `"
                        + (fields.size() == 1 ? fields.getFirst() + "` or `" : "")
                        + category
                        + "` under `of` of a retention"));
  }
}
