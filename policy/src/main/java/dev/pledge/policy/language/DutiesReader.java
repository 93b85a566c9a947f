package dev.pledge.policy.language;

import dev.pledge.policy.decision.Duties;
import dev.pledge.policy.decision.Duties.ContinuedUse;
import dev.pledge.policy.decision.Duties.Incidents;
import dev.pledge.policy.decision.Duties.OutsideCause;
import dev.pledge.policy.decision.Duties.Requests;
import dev.pledge.policy.decision.Duties.Revision;
import dev.pledge.policy.decision.Policy.About;
import dev.pledge.policy.decision.Policy.Category;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Term;
import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.names.ChannelId;
import dev.pledge.policy.names.FieldType;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads what is owed by the clock, and checks that every clock of the law is there and no promise
 * longer (IV.7, V.1, V.3 to V.5, IX.1).
 */
final class DutiesReader {
  private static final String INCIDENTS = "incidents";
  private static final String REQUESTS = "requests";

  /** The clauses that the parts keep. */
  private static final Map<String, List<String>> KEPT =
      Map.of(INCIDENTS, List.of("IV.7"), REQUESTS, List.of("V.3", "V.4", "V.5"));

  private static final String CRITICAL = "critical-infrastructure";

  /** How many sources are named for a part that is missing. */
  private static final int SOURCES = 2;

  private static final int MOST_PEOPLE = 999_999;
  private static final Vocabulary<OutsideCause> CAUSES =
      Vocabulary.of("cause", OutsideCause.values());
  private static final Vocabulary<ContinuedUse> CONTINUED_USE =
      Vocabulary.of("word", ContinuedUse.values());

  private final Reading reading;
  private final Problems problems;
  private final List<Field> fields;

  DutiesReader(Reading reading, List<Category> categories) {
    this.reading = reading;
    this.problems = reading.problems();
    this.fields =
        categories.stream()
            .filter(category -> category.about() == About.SUBJECT)
            .flatMap(category -> category.fields().stream())
            .toList();
  }

  /** Reads the four parts under the top of the policy. */
  Duties read(Keys policy) {
    Value incidents =
        part(policy, INCIDENTS, "incidents: { notify: [email], people: PT24H, regulator: PT4H }");
    Value requests = part(policy, REQUESTS, "requests: { answer-within: P28D }");
    Value revision = policy.optional("revision");
    return new Duties(
        incidents.keys().map(keys -> incidents(keys, incidents)),
        requests.keys().map(this::requests),
        revision.keys().map(keys -> revision(keys, revision)),
        new LeavingReader(reading).read(policy.optional("leaving")));
  }

  /** A part that is required where the law of a jurisdiction sets clocks for it. */
  private Value part(Keys policy, String part, String example) {
    Value value = policy.optional(part);
    for (Law law : reading.laws()) {
      List<String> sources =
          law.clocksOf(part).stream().map(Clock::source).distinct().limit(SOURCES).toList();
      if (!value.isPresent() && !sources.isEmpty()) {
        problems.error(
            policy.owner(),
            "the policy has no `"
                + part
                + "`, for which the law of "
                + law.jurisdiction()
                + " sets clocks",
            "add `" + example + "` (" + String.join("; ", sources) + ")");
        reading.mentions().addPossible(KEPT.getOrDefault(part, List.of()));
        break;
      }
    }
    return value;
  }

  // ------------------------------------------------------------------------------------ incidents

  private Incidents incidents(Keys keys, Value part) {
    reading.keeps("IV.7", part);
    List<ChannelId> channels = notify(keys);
    Optional<Integer> announceAbove = keys.optional("announce-above").number(1, MOST_PEOPLE);
    boolean critical = keys.optional(CRITICAL).flag(false);
    Set<String> cases = critical ? Set.of(CRITICAL) : Set.of();
    Incidents incidents =
        new Incidents(
            channels,
            announceAbove.map(OptionalInt::of).orElseGet(OptionalInt::empty),
            promised(keys, INCIDENTS, "people", cases),
            promised(keys, INCIDENTS, "regulator", cases),
            causes(keys.optional("outside-causes")));
    keys.finish();
    return incidents;
  }

  private List<ChannelId> notify(Keys keys) {
    Value value = keys.required("notify", "notify: [email]");
    reading.mustListSomething(value);
    List<Scalar> words = value.words();
    List<ChannelId> channels = value.someOf(PurposeReader.CHANNELS);
    words.forEach(this::checkReach);
    for (Law law : reading.laws()) {
      Optional<Law.Demand> demand = law.notification();
      List<String> ways =
          demand.map(d -> Arrays.asList(d.value().split(" ", -1))).orElse(List.of());
      boolean lacks = words.stream().map(Scalar::text).noneMatch(ways::contains);
      if (demand.isPresent() && !channels.isEmpty() && lacks) {
        problems.error(
            value.key(),
            "`notify` names no way by which people are told in " + law.jurisdiction(),
            "add one of `" + String.join("`, `", ways) + "` (" + demand.get().source() + ")");
      }
    }
    return channels;
  }

  /** A way that needs an address reaches nobody where the policy stores none. */
  private void checkReach(Scalar word) {
    Optional<ChannelId> channel =
        Optional.ofNullable(PurposeReader.CHANNELS.words().get(word.text()));
    if (channel.isEmpty() || !FieldType.isReachedByAddress(channel.get())) {
      return;
    }
    if (fields.stream().noneMatch(field -> field.type().channels().contains(channel.get()))) {
      String types =
          Stream.of(FieldType.values())
              .filter(type -> type.channels().contains(channel.get()))
              .map(FieldType::word)
              .collect(Collectors.joining("` or `"));
      problems.error(
          word,
          "channel `" + channel.get() + "` in `notify` reaches nobody (IV.7)",
          "declare a field of type `" + types + "`, or remove the channel");
    }
  }

  private Set<OutsideCause> causes(Value value) {
    reading.mustListSomething(value);
    Set<OutsideCause> causes = new LinkedHashSet<>(value.someOf(CAUSES));
    causes.forEach(cause -> reading.keeps(cause.clause(), value));
    return causes;
  }

  // ------------------------------------------------------------------------------------- requests

  private Requests requests(Keys keys) {
    Optional<Term> answer = promised(keys, "answer-within", "V.4");
    Requests requests =
        new Requests(
            promised(keys, "confirm-within", "V.4"),
            answer,
            extension(keys),
            promised(keys, "opt-out-within", "V.4"),
            promised(keys, "closing-within", "V.3"),
            promised(keys, "complaints-within", "V.5"));
    keys.finish();
    return requests;
  }

  private Optional<Term> promised(Keys keys, String key, String clause) {
    reading.keeps(clause, keys.optional(key));
    int errors = problems.errors();
    Optional<Term> term = promised(keys, REQUESTS, key, Set.of());
    if (problems.errors() > errors) {
      reading.mentions().addPossible(Set.of(clause));
    }
    return term;
  }

  /** How much longer an answer may take: no longer than every law lets it. */
  private Optional<Term> extension(Keys keys) {
    Value value = keys.optional("extend-by");
    Optional<Term> extension = value.term();
    for (Law law : reading.laws()) {
      for (Clock clock : law.clocks(REQUESTS + ".answer-within")) {
        if (clock.extension().isEmpty()) {
          extension.ifPresent(
              _ ->
                  problems.error(
                      value.key(),
                      "the law of " + law.jurisdiction() + " lets no answer take longer",
                      "remove `extend-by` (" + clock.source() + ")"));
        } else {
          checkTerm(value, extension, clock.extension().get(), clock, law);
        }
      }
    }
    return extension;
  }

  // ------------------------------------------------------------------------------------- revision

  private Revision revision(Keys keys, Value part) {
    reading.keeps("0.2", part);
    reading.keeps("IX.1", part);
    Optional<Term> notice = keys.required("notice", "notice: P30D").term();
    Optional<ContinuedUse> continuedUse =
        keys.required("continued-use-accepts", "continued-use-accepts: nothing")
            .oneOf(CONTINUED_USE);
    keys.finish();
    return new Revision(
        notice.orElse(new Term(1, Term.Unit.DAY)), continuedUse.orElse(ContinuedUse.NOTHING));
  }

  // ------------------------------------------------------------------------------------- the law

  /**
   * The term promised under {@code key}: there, where the law sets a clock, and no longer.
   *
   * @param cases what the policy says of itself that sets further clocks
   */
  private Optional<Term> promised(Keys keys, String part, String key, Set<String> cases) {
    Value value = keys.optional(key);
    Optional<Term> term = value.term();
    Map<Clock, Law> clocks = new LinkedHashMap<>();
    for (Law law : reading.laws()) {
      law.clocks(part + "." + key).stream()
          .filter(clock -> clock.when().map(cases::contains).orElse(true))
          .forEach(clock -> clocks.putIfAbsent(clock, law));
    }
    if (!value.isPresent()) {
      // The shortest of all laws is named, so that what is then written is lawful under each.
      clocks.keySet().stream()
          .reduce(DutiesReader::shorter)
          .ifPresent(clock -> missing(keys, key, clock, Objects.requireNonNull(clocks.get(clock))));
      return term;
    }
    clocks.forEach(
        (clock, law) -> clock.term().ifPresent(most -> checkTerm(value, term, most, clock, law)));
    return term;
  }

  private void missing(Keys keys, String key, Clock clock, Law law) {
    String remedy =
        clock.atOnce()
            ? "add the term you promise, such as `" + key + ": PT24H`; the law says at once"
            : "add `" + key + ": " + clock.term().orElseThrow() + "` or shorter";
    problems.error(
        keys.owner(),
        keys.name() + " has no `" + key + "`, a clock of the law of " + law.jurisdiction(),
        remedy + " (" + clock.source() + ")");
  }

  /** Of two clocks the shorter that has a figure. */
  private static Clock shorter(Clock one, Clock other) {
    if (one.atOnce() || other.atOnce()) {
      return one.atOnce() ? other : one;
    }
    return other.term().orElseThrow().isNeverLongerThan(one.term().orElseThrow()) ? other : one;
  }

  private void checkTerm(Value value, Optional<Term> term, Term most, Clock clock, Law law) {
    if (term.isPresent() && !term.get().isNeverLongerThan(most)) {
      String of =
          clock.atOnce() ? "` taken here for \"at once\" in the law of " : "` of the law of ";
      problems.error(
          value.word(),
          value.what() + " can be longer than the `" + most + of + law.jurisdiction(),
          "write `" + most + "` or shorter (" + clock.source() + ")");
    }
  }
}
