package dev.pledge.policy.language;

import dev.pledge.policy.decision.Policy.Retention;
import dev.pledge.policy.decision.Term;
import dev.pledge.policy.names.FieldType;
import dev.pledge.policy.names.PolicyVersion;
import java.time.LocalDate;
import java.time.Period;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A policy to start from: a few lines of each part of the language, each with what it is for, a
 * notice and labels. It is sound under the laws of its jurisdictions as it stands; the name and the
 * address in it are examples.
 *
 * <p>Anything it cannot be written with throws {@link IllegalArgumentException}, which says what
 * can.
 *
 * @param jurisdictions whose law applies, at least one of {@link #possibleJurisdictions}
 * @param languages of the notices and labels, at least one of {@link #possibleLanguages}
 * @param effective the first day it may be enforced, which is its version, too
 */
public record Starter(
    String id, List<String> jurisdictions, List<String> languages, LocalDate effective) {
  private static final Set<String> LANGUAGES =
      Collections.unmodifiableSet(new TreeSet<>(Set.of("en", "zh")));
  private static final String TEMPLATES = "starter/";
  private static final Pattern BLANK = Pattern.compile("@([a-z-]+)@");

  /** Where the remarks beside the lines begin. */
  private static final int REMARKS = 41;

  private static final Term SHORT_NOTICE = new Term(72, Term.Unit.HOUR);
  private static final Period SHORT_LOG = Period.ofDays(30);

  public Starter {
    jurisdictions = List.copyOf(jurisdictions);
    languages = List.copyOf(languages);
    if (Names.make(id, name -> new PolicyVersion(name, "1")).isEmpty()) {
      throw new IllegalArgumentException(
          "`"
              + id
              + "` is no name of a policy; use lower-case letters, digits and single hyphens,"
              + " starting with a letter");
    }
    requireKnown(jurisdictions, "jurisdiction", possibleJurisdictions());
    requireKnown(languages, "language", LANGUAGES);
  }

  private static void requireKnown(List<String> words, String kind, Set<String> known) {
    words.stream()
        .filter(word -> !known.contains(word))
        .findFirst()
        .ifPresent(
            word -> {
              throw new IllegalArgumentException(
                  "there is no starter for "
                      + kind
                      + " `"
                      + word
                      + "`; use one of "
                      + String.join(", ", known));
            });
    if (words.isEmpty() || words.stream().distinct().count() < words.size()) {
      throw new IllegalArgumentException("name each " + kind + " once, and at least one");
    }
  }

  /** The jurisdictions a starter can be under. */
  public static Set<String> possibleJurisdictions() {
    return Law.jurisdictions();
  }

  /** The languages there are words in. */
  public static Set<String> possibleLanguages() {
    return LANGUAGES;
  }

  /** The text of each file, by its name: the policy, its words, and the schemas for editors. */
  public SortedMap<String, String> files() {
    SortedMap<String, String> files = new TreeMap<>();
    files.put(PolicySource.POLICY, filled(PolicySource.POLICY));
    for (String language : languages) {
      for (String file :
          List.of(PolicySource.noticeFile(language), PolicySource.labelsFile(language))) {
        files.put(file, filled(file));
      }
    }
    Stream.of(Schema.values()).forEach(schema -> files.put(schema.file(), schema.text()));
    return files;
  }

  private String filled(String template) {
    Map<String, String> values = values();
    StringBuilder text = new StringBuilder();
    for (String line : Resource.text(Resource.class, TEMPLATES + template).split("\n", -1)) {
      Matcher blanks = BLANK.matcher(line);
      String whole = blanks.replaceAll(blank -> value(values, blank.group(1)));
      text.append(whole.equals(line) ? line : aligned(whole)).append('\n');
    }
    return text.toString().strip() + "\n";
  }

  private static String value(Map<String, String> values, String name) {
    return Matcher.quoteReplacement(
        Optional.ofNullable(values.get(name))
            .orElseThrow(() -> new IllegalStateException("no value for `@" + name + "@`")));
  }

  /** A line whose remark stands where those of the other lines do. */
  private static String aligned(String line) {
    int remark = line.indexOf(" # ");
    if (remark < 0) {
      return line;
    }
    String code = line.substring(0, remark).stripTrailing();
    String gap = " ".repeat(Math.max(1, REMARKS - code.length()));
    return code + gap + line.substring(remark + 1);
  }

  private Map<String, String> values() {
    List<Law> laws = jurisdictions.stream().flatMap(code -> Law.of(code).stream()).toList();
    Term regulator = regulator(laws);
    String log = log(laws).toString();
    String amount = log.substring(1, log.length() - 1);
    boolean months = log.endsWith("M");
    return Map.ofEntries(
        Map.entry("id", id),
        Map.entry("version", effective.toString()),
        Map.entry("effective", effective.toString()),
        Map.entry("jurisdictions", jurisdictions.toString()),
        Map.entry("languages", languages.toString()),
        Map.entry("under", oldest(laws, "under")),
        Map.entry("sensitive-under", oldest(laws, "sensitive-under")),
        Map.entry("regulator", regulator.toString()),
        Map.entry("regulator-hours", Integer.toString(regulator.amount())),
        Map.entry("log", log),
        Map.entry("log-en", amount + (months ? " months" : " days")),
        Map.entry("log-zh", amount + (months ? " 个月" : " 天")));
  }

  /** The highest of the lowest ages the laws allow; 0 where none sets one. */
  private static String oldest(List<Law> laws, String key) {
    return laws.stream()
        .flatMap(law -> law.age(key).stream())
        .map(Law.Demand::value)
        .max(Comparator.comparingInt(Integer::parseInt))
        .orElse("0");
  }

  /** A term for telling the authority that no law finds too long. */
  private static Term regulator(List<Law> laws) {
    return laws.stream()
        .flatMap(law -> law.clocks("incidents.regulator").stream())
        .filter(clock -> clock.when().isEmpty())
        .flatMap(clock -> clock.term().stream())
        .reduce(SHORT_NOTICE, (one, other) -> one.isNeverLongerThan(other) ? one : other);
  }

  /** A time for keeping logs that no law finds too short. */
  private static Period log(List<Law> laws) {
    return laws.stream()
        .flatMap(law -> law.keep(FieldType.LOG_LINE).stream())
        .map(Clock::period)
        .reduce(SHORT_LOG, (one, other) -> Retention.covers(one, other) ? one : other);
  }
}
