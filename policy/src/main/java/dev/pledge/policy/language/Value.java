package dev.pledge.policy.language;

import dev.pledge.policy.decision.Term;
import dev.pledge.policy.language.Node.Entry;
import dev.pledge.policy.language.Node.Mapping;
import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.language.Node.Sequence;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.Period;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What stands under one key, read as what the key takes. A missing value reads as empty without
 * complaint, a wrong one as empty after reporting it.
 */
final class Value {
  private static final int LONGEST_TEXT = 200;
  private static final Pattern DATE = Pattern.compile("[12][0-9]{3}-[0-9]{2}-[0-9]{2}");
  private static final Pattern PERIOD =
      Pattern.compile("P(?=[0-9])([0-9]{1,2}Y)?([0-9]{1,3}M)?([0-9]{1,4}W)?([0-9]{1,5}D)?");
  private static final Pattern HOURS = Pattern.compile("PT(?=[0-9])([0-9]{1,3}H)?([0-9]{1,4}M)?");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,6}");

  private final Optional<Entry> entry;
  private final String what;
  private final Problems problems;

  Value(Optional<Entry> entry, String what, Problems problems) {
    this.entry = entry;
    this.what = what;
    this.problems = problems;
  }

  /** What this is the value of, for messages. */
  String what() {
    return what;
  }

  boolean isPresent() {
    return entry.isPresent();
  }

  /** The key, where it stands in the file. */
  Optional<Scalar> key() {
    return entry.map(Entry::key);
  }

  boolean isMapping() {
    return entry.isPresent() && entry.get().value() instanceof Mapping;
  }

  /** Whether this is a list or mapping with nothing in it. */
  boolean isEmptyCollection() {
    return entry.isPresent()
        && switch (entry.get().value()) {
          case Scalar _ -> false;
          case Sequence sequence -> sequence.items().isEmpty();
          case Mapping mapping -> mapping.entries().isEmpty();
        };
  }

  /** A single word or text. */
  Optional<Scalar> word() {
    return entry.flatMap(e -> scalar(e.value(), what));
  }

  private Optional<Scalar> scalar(Node node, String name) {
    if (!(node instanceof Scalar scalar)) {
      problems.error(
          node.place(), node.excerpt(), name + " must be a single value", "write one word or text");
      return Optional.empty();
    }
    if (scalar.isEmpty()) {
      problems.error(scalar, name + " is empty", "write its value, or remove it");
      return Optional.empty();
    }
    return Optional.of(scalar);
  }

  /** One line of text for people. */
  Optional<String> text() {
    return text(LONGEST_TEXT);
  }

  /** The same, of at most {@code longest} characters. */
  Optional<String> text(int longest) {
    Optional<Scalar> word = word();
    if (word.isPresent()
        && (word.get().text().contains("\n") || word.get().text().length() > longest)) {
      problems.error(
          word.get(),
          what + " is too long",
          "write one line of at most " + longest + " characters");
      return Optional.empty();
    }
    return word.map(w -> w.text().strip());
  }

  /** A word of a closed list. */
  <E> Optional<E> oneOf(Vocabulary<E> vocabulary) {
    return word().flatMap(w -> oneOf(w, vocabulary));
  }

  private <E> Optional<E> oneOf(Scalar word, Vocabulary<E> vocabulary) {
    Optional<E> meant = Optional.ofNullable(vocabulary.words().get(word.text()));
    // What follows from a word is looked at as if it were written as suggested.
    return meant.isPresent()
        ? meant
        : problems
            .unknown(word, vocabulary.kind(), what, vocabulary.words().keySet())
            .flatMap(near -> Optional.ofNullable(vocabulary.words().get(near)));
  }

  /** Words of a closed list. */
  <E> List<E> someOf(Vocabulary<E> vocabulary) {
    return words().stream().flatMap(w -> oneOf(w, vocabulary).stream()).toList();
  }

  /** An id the policy introduces here. */
  <I> Optional<I> id(String kind, Function<String, I> make) {
    return word().flatMap(w -> Names.id(w, kind, make, problems));
  }

  /** {@code true} or {@code false}; {@code otherwise} when missing. */
  boolean flag(boolean otherwise) {
    Optional<Scalar> word = word();
    if (word.isEmpty()) {
      return otherwise;
    }
    boolean no = word.get().text().equals("false");
    if (!word.get().plain() || (!no && !word.get().text().equals("true"))) {
      malformed(word.get(), "is neither `true` nor `false`", "write `true` or `false`");
    }
    return !no;
  }

  /** A calendar date from 1000-01-01 to 2999-12-31. */
  Optional<LocalDate> date() {
    return parsed(DATE, LocalDate::parse, "is not a date", "write it as `2020-04-23`");
  }

  /** A period of years, months, weeks and days, not longer than about a century. */
  Optional<Period> period() {
    return parsed(PERIOD, Period::parse, "is not a period", "write it as `P6M`, `P15D` or `P1Y6M`");
  }

  /** A duration of hours and minutes. */
  Optional<Duration> hours() {
    return parsed(HOURS, Duration::parse, "is not a number of hours", "write it as `PT24H`");
  }

  /** A term of hours, calendar days, working days or months. */
  Optional<Term> term() {
    Optional<Scalar> word = word();
    Optional<Term> term = word.flatMap(w -> Term.of(w.text()));
    if (word.isPresent() && term.isEmpty()) {
      malformed(
          word.get(),
          "is not a term",
          "write it as `PT4H`, `P30D`, `15 working days` or `P1M`, from 1 to " + Term.MOST);
    }
    return term;
  }

  /** A whole number from {@code least} to {@code most}. */
  Optional<Integer> number(int least, int most) {
    String form = "write a whole number from " + least + " to " + most;
    Optional<Integer> number = parsed(NUMBER, Integer::parseInt, "is not a whole number", form);
    if (number.isPresent() && (number.get() < least || number.get() > most)) {
      word().ifPresent(w -> malformed(w, "is out of range", form));
      return Optional.empty();
    }
    return number;
  }

  private <T> Optional<T> parsed(
      Pattern form, Function<String, T> parse, String complaint, String remedy) {
    Optional<Scalar> word = word();
    if (word.isEmpty()) {
      return Optional.empty();
    }
    if (form.matcher(word.get().text()).matches()) {
      try {
        return Optional.of(parse.apply(word.get().text()));
      } catch (DateTimeException noSuchDay) {
        // 2021-02-30 has the form of a date and is none; reported below.
      }
    }
    malformed(word.get(), complaint, remedy);
    return Optional.empty();
  }

  private void malformed(Scalar word, String complaint, String remedy) {
    problems.error(
        word,
        what + " is " + Quoted.of(word.text()) + ", which " + complaint,
        Names.remedy(word.text(), remedy));
  }

  /** A list of different words; what is not a word, or repeats one, is reported and left out. */
  List<Scalar> words() {
    List<Scalar> words = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Node item : items()) {
      Optional<Scalar> word = scalar(item, "an entry of " + what);
      if (word.isPresent() && !seen.add(word.get().text())) {
        problems.error(
            word.get(),
            Quoted.of(word.get().text()) + " stands twice in " + what,
            "keep one of the two");
      } else {
        word.ifPresent(words::add);
      }
    }
    return words;
  }

  /** A list of mappings. */
  List<Mapping> mappings() {
    return items().stream()
        .flatMap(item -> Keys.mapping(item, "an entry of " + what, problems).stream())
        .toList();
  }

  private List<Node> items() {
    if (entry.isEmpty()) {
      return List.of();
    }
    Node node = entry.get().value();
    if (node instanceof Sequence sequence) {
      return sequence.items();
    }
    String one = node instanceof Scalar s && !s.isEmpty() ? Quoted.excerpt(s.text()) : "first";
    problems.error(node.place(), node.excerpt(), what + " must be a list", "write `[" + one + "]`");
    return List.of();
  }

  /** The entries of a mapping. */
  List<Entry> entries() {
    return entry
        .flatMap(e -> Keys.mapping(e.value(), what, problems))
        .map(Mapping::entries)
        .orElse(List.of());
  }

  /** The keys of a mapping that this value, if present, must be. */
  Optional<Keys> keys() {
    return entry.map(e -> Keys.under(e, what, problems));
  }

  /** The same, saying what to write where it is a single value. */
  Optional<Keys> keys(String example) {
    if (entry.isPresent() && entry.get().value() instanceof Scalar scalar) {
      problems.error(scalar, what + " is a single value", "write `" + example + "`");
      return Optional.empty();
    }
    return keys();
  }
}
