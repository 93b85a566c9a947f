package dev.pledge.policy.language;

import dev.pledge.policy.decision.Policy.Basis;
import dev.pledge.policy.decision.Policy.Control;
import dev.pledge.policy.names.ChannelId;
import dev.pledge.policy.names.FieldType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the law of one jurisdiction demands of a policy, as far as the file shows it. Data with
 * sources in {@code law.txt}; not legal advice, and never complete.
 */
final class Law {
  private static final Map<String, Law> LAWS = load();

  private static final String COVERS = "covers";

  private final String jurisdiction;
  private final List<Demand> demands;
  private final List<Clock> clocks;

  /** One line of the table: {@code value} is demanded of {@code of}, says {@code source}. */
  record Demand(String rule, String of, String value, String source) {
    /** Whether the value is a list with {@code word} in it. */
    boolean lists(String word) {
      return Arrays.asList(value.split(" ", -1)).contains(word);
    }
  }

  private Law(String jurisdiction, List<Demand> demands, List<Clock> clocks) {
    this.jurisdiction = jurisdiction;
    this.demands = demands;
    this.clocks = clocks;
  }

  /** The codes of all jurisdictions known here. */
  static Set<String> jurisdictions() {
    return LAWS.keySet();
  }

  static Optional<Law> of(String jurisdiction) {
    return Optional.ofNullable(LAWS.get(jurisdiction));
  }

  String jurisdiction() {
    return jurisdiction;
  }

  /**
   * The codes that follow this law, but for what they have rules of their own for; none where it is
   * that of one of them.
   */
  Set<String> covers() {
    return demands.stream()
        .filter(d -> d.rule().equals(COVERS) && !d.lists(jurisdiction))
        .flatMap(d -> Arrays.stream(d.value().split(" ", -1)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** What it takes to rest a purpose on {@code basis}; empty when it is not a lawful basis. */
  List<Demand> basis(Basis basis) {
    return demands("basis", Vocabulary.word(basis));
  }

  /** The bases that are lawful, each with its control, as an author writes them. */
  List<String> lawful() {
    return demands.stream()
        .filter(d -> d.rule().equals("basis"))
        .map(d -> d.of() + " with control " + d.value())
        .toList();
  }

  /** The control a person must have over promotion by a channel. */
  Optional<Demand> promotion(ChannelId channel) {
    return demands("promotion", channel.value()).stream().findFirst();
  }

  /** The shortest time values of a type are to be kept. */
  Optional<Clock> keep(FieldType type) {
    return clocks("keep." + type.word()).stream().findFirst();
  }

  /** The clocks set for a duty, such as {@code incidents.regulator}. */
  List<Clock> clocks(String duty) {
    return clocks.stream().filter(clock -> clock.duty().equals(duty)).toList();
  }

  /** The clocks set for the duties of a part of a policy. */
  List<Clock> clocksOf(String part) {
    return clocks.stream().filter(clock -> clock.duty().startsWith(part + ".")).toList();
  }

  /** The ways of telling people of an incident of which a policy must have one. */
  Optional<Demand> notification() {
    return demands("notify", "-").stream().findFirst();
  }

  /** Why values of a type are sensitive data. */
  Optional<Demand> sensitive(FieldType type) {
    return demands("sensitive", "-").stream().filter(d -> d.lists(type.word())).findFirst();
  }

  /** The conditions that let sensitive data be used on a basis without explicit consent. */
  Set<String> sensitiveBecause(Basis basis) {
    return demands.stream()
        .filter(d -> d.rule().equals("sensitive-because"))
        .filter(d -> d.lists(Vocabulary.word(basis)))
        .map(Demand::of)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** What it takes to share with {@code recipient}: `controller`, `abroad`, `foreign-authority`. */
  Optional<Demand> share(String recipient) {
    return demands("share", recipient).stream().findFirst();
  }

  /** The bases on which what cookies read may be used. */
  Optional<Demand> cookies() {
    return demands("cookies", "-").stream().findFirst();
  }

  /** What it takes to let data go to a country beyond the law; empty where nothing, or no rule. */
  Optional<Demand> safeguards(String country) {
    boolean free =
        country.equals(jurisdiction)
            || Stream.concat(demands(COVERS, "-").stream(), demands("transfer", "free").stream())
                .anyMatch(d -> d.lists(country));
    return free ? Optional.empty() : demands("transfer", "safeguards").stream().findFirst();
  }

  /** What lets data go to those recipients in a country that are certified. */
  Optional<Demand> certified(String country) {
    return demands("transfer", "certified").stream().filter(d -> d.lists(country)).findFirst();
  }

  /** The lowest age an author may write under {@code key} of {@code minors}. */
  Optional<Demand> age(String key) {
    return demands(key, "-").stream().findFirst();
  }

  private List<Demand> demands(String rule, String of) {
    return demands.stream().filter(d -> d.rule().equals(rule) && d.of().equals(of)).toList();
  }

  static Control control(Demand demand) {
    return Control.valueOf(demand.value().toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  private static Map<String, Law> load() {
    Map<String, List<Demand>> byJurisdiction = new HashMap<>();
    for (List<String> row : Table.rows(Table.class, "law.txt")) {
      byJurisdiction
          .computeIfAbsent(row.get(0), _ -> new ArrayList<>())
          .add(new Demand(row.get(1), row.get(2), row.get(3), row.get(4)));
    }
    Map<String, List<Clock>> allClocks = Clock.all();
    Map<String, String> covering = new HashMap<>();
    byJurisdiction.forEach(
        (code, demands) ->
            demands.stream()
                .filter(d -> d.rule().equals(COVERS))
                .flatMap(d -> Arrays.stream(d.value().split(" ", -1)))
                .forEach(covered -> covering.put(covered, code)));
    Set<String> codes = new TreeSet<>(byJurisdiction.keySet());
    codes.addAll(covering.keySet());
    Map<String, Law> laws = new TreeMap<>();
    for (String code : codes) {
      List<Demand> own = byJurisdiction.getOrDefault(code, List.of());
      String common = covering.getOrDefault(code, code);
      List<Demand> demands =
          common.equals(code)
              ? List.copyOf(own)
              : withOwn(byJurisdiction.getOrDefault(common, List.of()), own);
      laws.put(code, new Law(code, demands, allClocks.getOrDefault(common, List.of())));
    }
    return laws;
  }

  /** The common law, less the rules of it that a country has its own demands for, and those. */
  private static List<Demand> withOwn(List<Demand> common, List<Demand> own) {
    return Stream.concat(
            common.stream()
                .filter(
                    demand ->
                        own.stream()
                            .noneMatch(
                                o -> o.rule().equals(demand.rule()) && o.of().equals(demand.of()))),
            own.stream())
        .toList();
  }
}
