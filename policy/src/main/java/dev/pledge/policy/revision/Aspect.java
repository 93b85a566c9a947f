package dev.pledge.policy.revision;

import dev.pledge.policy.decision.Ages;
import dev.pledge.policy.decision.Policy.BreakGlass;
import dev.pledge.policy.decision.Policy.LegalException;
import dev.pledge.policy.decision.Sharing.Agreement;
import dev.pledge.policy.decision.Sharing.Link;
import java.time.Period;
import java.time.temporal.Temporal;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One thing that a part of a policy says, and what it means when it changes.
 *
 * @param component the record component that holds it
 * @param name as the file calls it
 */
record Aspect<T>(String component, String name, Function<T, Object> value, Weighing weighing) {

  /** What a change from one value to another, different one means. */
  @FunctionalInterface
  interface Weighing extends BiFunction<Object, Object, Weight> {}

  /** Whatever can be read either way counts as going further. */
  static final Weighing MATERIAL = (_, _) -> Weight.MATERIAL;

  static final Weighing EDITORIAL = (_, _) -> Weight.EDITORIAL;

  /** More names go further. */
  static final Weighing MORE = (before, after) -> within(set(after), set(before));

  /** Fewer names go further. */
  static final Weighing FEWER = (before, after) -> within(set(before), set(after));

  /** As {@link #MORE}, and no names at all mean every one. */
  static final Weighing MORE_OR_ALL =
      (before, after) ->
          set(before).isEmpty()
              ? Weight.NARROWING
              : set(after).isEmpty() ? Weight.MATERIAL : within(set(after), set(before));

  /** A later constant goes less far. */
  static final Weighing LATER_IS_NARROWER =
      (before, after) -> narrows(ordinal(after) > ordinal(before));

  /** Ages of children that are lower for nobody go less far. */
  static final Weighing NOWHERE_LOWER_IS_NARROWER =
      (before, after) -> narrows(((Ages) after).isNowhereBelow((Ages) before));

  /** A longer period goes less far. */
  static final Weighing LONGER_IS_NARROWER =
      (before, after) -> narrows(isNoLonger((Period) before, (Period) after));

  /** To say something where nothing was said goes less far. */
  static final Weighing GIVEN_IS_NARROWER =
      (before, after) -> narrows(((Optional<?>) before).isEmpty());

  /** To say nothing where something was said goes less far. */
  static final Weighing ABSENT_IS_NARROWER = (_, after) -> narrows(((Optional<?>) after).isEmpty());

  /** Exactly this value goes less far than any other. */
  static Weighing narrowestIs(Object value) {
    return (_, after) -> narrows(after.equals(value));
  }

  static Weight narrows(boolean narrower) {
    return narrower ? Weight.NARROWING : Weight.MATERIAL;
  }

  /** Whether the one is at most as long as the other, from whatever day they run. */
  static boolean isNoLonger(Period one, Period other) {
    return !other.minus(one).normalized().isNegative();
  }

  private static Weight within(Set<?> narrower, Set<?> wider) {
    return narrows(wider.containsAll(narrower));
  }

  private static Set<?> set(Object value) {
    return Set.copyOf((Collection<?>) value);
  }

  private static int ordinal(Object value) {
    return ((Enum<?>) value).ordinal();
  }

  Change change(String part, Object before, Object after) {
    return new Change(weighing.apply(before, after), part, name, words(before, after));
  }

  // ---------------------------------------------------------------- words

  private static String words(Object before, Object after) {
    if (before instanceof Collection<?> some && after instanceof Collection<?> others) {
      Set<String> gone = new TreeSet<>(names(some));
      Set<String> come = new TreeSet<>(names(others));
      come.removeAll(names(some));
      gone.removeAll(names(others));
      String changed =
          Stream.concat(come.stream().map(one -> "+ " + one), gone.stream().map(one -> "- " + one))
              .collect(Collectors.joining(", "));
      return changed.isEmpty() ? "another order" : changed;
    }
    return word(before) + " -> " + word(after);
  }

  private static Set<String> names(Collection<?> things) {
    return things.stream().map(Aspect::word).collect(Collectors.toCollection(TreeSet::new));
  }

  static String word(Object value) {
    return switch (value) {
      case Enum<?> constant -> constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
      case Optional<?> perhaps -> perhaps.map(Aspect::word).orElse("none");
      case Ages(var everywhere, var own, var _) ->
          own.isEmpty()
              ? String.valueOf(everywhere)
              : new TreeMap<>(own)
                  .entrySet().stream()
                      .map(age -> age.getValue() + " in " + age.getKey())
                      .collect(Collectors.joining(", "));
      case Temporal moment -> moment.toString();
      case Link(var by, var how, var from, var until) ->
          word(how) + " by " + by + " from " + from + until.map(day -> " until " + day).orElse("");
      case Agreement(var version, var from, var until) ->
          version + " from " + from + " until " + until;
      case LegalException(var approver, var fieldsNamed, var tells) ->
          "approved by "
              + approver
              + (fieldsNamed ? ", only fields named" : ", all fields")
              + ", told "
              + word(tells);
      case BreakGlass(var within, var reviewer) -> "reviewed by " + reviewer + " within " + within;
      default -> value.toString();
    };
  }
}
