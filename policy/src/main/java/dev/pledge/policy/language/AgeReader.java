package dev.pledge.policy.language;

import dev.pledge.policy.decision.Ages;
import dev.pledge.policy.language.Node.Entry;
import dev.pledge.policy.language.Node.Scalar;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the ages of {@code minors}, each one for everybody or one for each jurisdiction, and holds
 * them against the law: one age against all laws, the age of a jurisdiction against its own (VI.1,
 * VI.4).
 */
final class AgeReader {
  private static final String UNDER = "under";
  private static final String SENSITIVE_UNDER = "sensitive-under";
  private static final int OLDEST_MINOR = 25;

  private final Problems problems;
  private final List<Law> laws;
  private final Set<Object> flawed;
  private final Value under;
  private final Value sensitiveUnder;

  AgeReader(Reading reading, Keys minors) {
    this.problems = reading.problems();
    this.laws = reading.laws();
    this.flawed = reading.flawed();
    this.under = minors.required(UNDER, UNDER + ": 18");
    this.sensitiveUnder = minors.required(SENSITIVE_UNDER, SENSITIVE_UNDER + ": 14");
  }

  /**
   * The ages, each with a stand-in where it could not be read.
   *
   * @param under below which a guardian must agree
   * @param sensitiveUnder below which every field is sensitive
   */
  record Read(Ages under, Ages sensitiveUnder) {}

  Read read() {
    Optional<Ages> minor = ages(under, UNDER);
    Optional<Ages> sensitive = ages(sensitiveUnder, SENSITIVE_UNDER);
    if (minor.isPresent() && sensitive.isPresent()) {
      checkOrder(minor.get(), sensitive.get());
    }
    Ages none = Ages.everywhere(0);
    return new Read(minor.orElse(none), sensitive.orElse(none));
  }

  private Optional<Ages> ages(Value value, String key) {
    return value.isMapping() ? byJurisdiction(value, key) : everywhere(value, key);
  }

  private Optional<Ages> everywhere(Value value, String key) {
    Optional<Integer> age = value.number(0, OLDEST_MINOR);
    if (age.isPresent()) {
      laws.forEach(law -> checkHighEnough(age.get(), value.word(), key, law));
    }
    return age.map(Ages::everywhere);
  }

  private Optional<Ages> byJurisdiction(Value value, String key) {
    Map<String, Law> open = new LinkedHashMap<>();
    laws.forEach(law -> open.put(law.jurisdiction(), law));
    List<String> listed = List.copyOf(open.keySet());
    Map<String, Integer> written = new HashMap<>();
    for (Entry entry : value.entries()) {
      Scalar code = entry.key();
      Law law = open.remove(code.text());
      if (flawed.contains(code.text())) {
        continue; // reported where the policy lists it
      }
      if (law == null) {
        // The age of a jurisdiction misspelt is not missing.
        problems
            .unknown(code, "jurisdiction of the policy", value.what(), listed)
            .ifPresent(open::remove);
      } else {
        Value own =
            new Value(
                Optional.of(entry), "`" + law.jurisdiction() + "` in " + value.what(), problems);
        Optional<Integer> age = own.number(0, OLDEST_MINOR);
        age.ifPresent(years -> written.put(law.jurisdiction(), years));
        age.ifPresent(years -> checkHighEnough(years, own.word(), key, law));
      }
      if (problems.isFull()) {
        return Optional.empty();
      }
    }
    open.values().forEach(law -> missing(value, key, law));
    return written.size() < listed.size() || listed.isEmpty()
        ? Optional.empty()
        : Optional.of(ages(written));
  }

  /** In the order in which the policy lists its jurisdictions, and with whom each law covers. */
  private Ages ages(Map<String, Integer> written) {
    Map<String, Integer> ages = new LinkedHashMap<>();
    Map<String, String> within = new HashMap<>();
    for (Law law : laws) {
      ages.put(law.jurisdiction(), written.get(law.jurisdiction()));
      law.covers().forEach(country -> within.put(country, law.jurisdiction()));
    }
    return Ages.by(ages, within);
  }

  private void missing(Value value, String key, Law law) {
    String least = law.age(key).or(() -> law.age(UNDER)).map(Law.Demand::value).orElse("18");
    problems.error(
        value.key(),
        value.what() + " has no age for " + law.jurisdiction(),
        "add `" + law.jurisdiction() + ": " + least + "`, or write one age for all");
  }

  /** Whether that was told, and nothing else follows from it. */
  private static boolean isTooLow(int under, Law law) {
    return law.age(UNDER).map(least -> under < Integer.parseInt(least.value())).orElse(false);
  }

  private void checkHighEnough(int age, Optional<Scalar> at, String key, Law law) {
    Optional<Law.Demand> least = law.age(key);
    if (least.isPresent() && age < Integer.parseInt(least.get().value())) {
      problems.error(
          at,
          "`" + key + "` of the minors is too low in " + law.jurisdiction(),
          "write " + least.get().value() + " or more (" + least.get().source() + ")");
    }
  }

  private void checkOrder(Ages minor, Ages sensitive) {
    if (minor.byJurisdiction().isEmpty() && sensitive.byJurisdiction().isEmpty()) {
      if (sensitive.highest() > minor.highest()) {
        wrongWayRound(sensitiveUnder.key(), "");
      }
      return;
    }
    for (Law law : laws) {
      String code = law.jurisdiction();
      if (sensitive.in(code) > minor.in(code) && !isTooLow(minor.in(code), law)) {
        wrongWayRound(sensitiveUnder.isMapping() ? key(code) : sensitiveUnder.key(), " in " + code);
      }
    }
  }

  private Optional<Scalar> key(String code) {
    return sensitiveUnder.entries().stream()
        .map(Entry::key)
        .filter(key -> key.text().equals(code))
        .findFirst();
  }

  private void wrongWayRound(Optional<Scalar> at, String where) {
    problems.error(
        at, "`sensitive-under` is above `under`" + where, "write an age up to that of `under`");
  }
}
