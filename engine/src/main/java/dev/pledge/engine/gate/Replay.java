package dev.pledge.engine.gate;

import dev.pledge.engine.audit.LogReader;
import dev.pledge.engine.audit.LogReader.Range;
import dev.pledge.engine.audit.Place;
import dev.pledge.engine.gate.Possibilities.Possibility;
import dev.pledge.engine.gate.Recalled.Said;
import dev.pledge.log.Facts;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Decision;
import dev.pledge.policy.decision.Policies;
import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.decision.Question;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.ProductId;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/**
 * Decides what the log holds again, with another version of the policy in the place of the one that
 * decided, and tells what would have come out otherwise (IV.2, IX.2).
 *
 * <p>An entry holds the inputs of its decision but for what is sealed under the person's key. For
 * that every way in which it may have been is gone through: those remain under which the version
 * that decided says what is recorded, and a change is told where the other version says the same
 * under all of these, and something else than is recorded. So nothing is told that the log does not
 * prove, and replaying a version in its own place tells of no change. Rules on single values
 * (pooling, closed accounts of other products, retention) are not asked: the log does not say of
 * what age values were.
 *
 * <p>Reads the log and nothing else. Not for use by several threads.
 */
public final class Replay {
  private static final int KEPT = 20_000;

  private final List<LogReader> logs;
  private final Policies policies;
  private final Policy other;
  private final Map<PolicyVersion, Policies> inPlace = new HashMap<>();
  private final Map<Asked, List<Answer>> known =
      new LinkedHashMap<>(1024, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Asked, List<Answer>> eldest) {
          return size() > KEPT;
        }
      };

  /**
   * @param logs all that entries are in
   * @param policies the versions that decided
   * @param other what is to decide in their place
   * @throws IllegalArgumentException if it is a version of another policy
   */
  public Replay(List<LogReader> logs, Policies policies, Policy other) {
    this.logs = List.copyOf(logs);
    this.policies = policies;
    this.other = other;
    policies.inPlaceOf(policies.versions().getFirst().version(), other);
  }

  /** The same question on the same day is decided alike. */
  private record Asked(Recalled recalled, LocalDate day) {}

  /** What the other version says of a field: one thing, or one of several. */
  private record Answer(String field, Set<Said> said, Optional<Obstacle> obstacle) {}

  /**
   * A part of a log.
   *
   * @param reader of the log
   */
  public record Part(LogReader reader, Range range) {}

  /** The parts of all logs among which the entries of the period are. */
  public List<Part> parts(Optional<Instant> from, Optional<Instant> to) {
    return logs.stream().map(log -> new Part(log, log.period(from, to))).toList();
  }

  /**
   * Replays what was decided in the period.
   *
   * @param parts as {@link #parts} gives them
   * @param progress told, block by block, how many positions have been looked at
   * @throws IllegalStateException if a log lacks an entry it should hold, or holds another
   */
  public Replayed run(
      List<Part> parts, Optional<Instant> from, Optional<Instant> to, LongConsumer progress) {
    Replayed.Tally tally = new Replayed.Tally();
    long before = 0;
    for (Part part : parts) {
      long done = before;
      replay(part, from, to, tally, looked -> progress.accept(done + looked));
      before += part.range().size();
    }
    return tally.result();
  }

  private void replay(
      Part part,
      Optional<Instant> from,
      Optional<Instant> to,
      Replayed.Tally tally,
      LongConsumer progress) {
    Range range = part.range();
    long position = range.from();
    while (position < range.to()) {
      int some = (int) Math.min(LogReader.BLOCK, range.to() - position);
      for (dev.pledge.engine.audit.Recorded each : part.reader().all(position, some)) {
        Facts facts = each.entry().facts();
        boolean within =
            from.map(start -> !facts.at().isBefore(start)).orElse(true)
                && to.map(end -> facts.at().isBefore(end)).orElse(true);
        if (within && Recalled.isDecision(facts)) {
          replay(facts, Place.of(each), tally);
        }
        position++;
      }
      progress.accept(position - range.from());
    }
  }

  private void replay(Facts facts, Place place, Replayed.Tally tally) {
    Optional<Obstacle> obstacle = Recalled.obstacle(facts);
    if (obstacle.isPresent()) {
      tally.undecided(obstacle.get(), place);
      return;
    }
    Recalled recalled;
    try {
      recalled = Recalled.of(facts);
    } catch (IllegalArgumentException strange) {
      tally.undecided(Obstacle.NOT_AS_RECORDED, place);
      return;
    }
    LocalDate day = LocalDate.ofInstant(facts.at(), ZoneOffset.UTC);
    Asked asked = new Asked(recalled, day);
    List<Answer> answers = known.get(asked);
    if (answers == null) {
      answers = answers(recalled, facts.at());
      known.put(asked, answers);
    }
    Optional<Obstacle> first = answers.stream().flatMap(each -> each.obstacle.stream()).findFirst();
    if (first.isPresent()) {
      tally.undecided(first.get(), place);
      return;
    }
    tally.decided(facts.unknownNames() > 0);
    for (Answer answer : answers) {
      Recalled.Recorded before = recalled.recorded().get(answer.field);
      if (before != null) {
        tell(recalled, answer, before, place, tally);
      }
    }
  }

  private static void tell(
      Recalled recalled,
      Answer answer,
      Recalled.Recorded before,
      Place place,
      Replayed.Tally tally) {
    if (answer.said.stream().allMatch(before::isOf)) {
      return;
    }
    String purpose = recalled.question().purpose();
    Replayed.Of of =
        new Replayed.Of(
            Optional.ofNullable(purpose),
            answer.field,
            Replayed.who(recalled.question().asker()),
            Replayed.Told.of(before.said()));
    Set<String> rules = rules(answer.said);
    if (answer.said.size() == 1) {
      tally.changed(of, Replayed.Told.of(answer.said.iterator().next()), place);
    } else if (rules.size() == 1 && answer.said.stream().noneMatch(before::isOf)) {
      tally.changed(of, Replayed.Told.withheld(rules.iterator().next()), place);
    } else {
      tally.open(of, answer.said, place);
    }
  }

  /** The rules that refuse, if all do; none otherwise. */
  private static Set<String> rules(Set<Said> said) {
    return said.stream().anyMatch(one -> one.why().isEmpty())
        ? Set.of()
        : said.stream()
            .flatMap(one -> one.why().stream())
            .map(dev.pledge.log.Reason::rule)
            .collect(Collectors.toSet());
  }

  // ------------------------------------------------------------------------------------ deciding

  private List<Answer> answers(Recalled recalled, Instant now) {
    Optional<CompiledPolicy> decided = policies.version(recalled.policy());
    if (decided.isEmpty()) {
      return List.of(unanswered(Obstacle.OTHER_VERSION));
    }
    List<String> fields = recalled.question().fields();
    if (!Logbook.collects(recalled.question())) {
      return answers(recalled, now, fields);
    }
    // Collecting decides each field by itself, and each by the purposes that list it.
    List<Answer> answers = new ArrayList<>();
    fields.forEach(field -> answers.addAll(answers(recalled, now, List.of(field))));
    return answers;
  }

  private static Answer unanswered(Obstacle obstacle) {
    return new Answer("", Set.of(), Optional.of(obstacle));
  }

  private List<Answer> answers(Recalled recalled, Instant now, List<String> fields) {
    ProductId product = new ProductId(recalled.question().product());
    Policy then = policies.version(recalled.policy()).orElseThrow().source().forProduct(product);
    Possibilities possibilities =
        new Possibilities(recalled, then, other.forProduct(product), effectiveBy(now), now);
    List<Possibility> all = possibilities.of(fields);
    if (all.isEmpty()) {
      return List.of(unanswered(Obstacle.TOO_MANY_CHOICES));
    }
    List<Possibility> likely = all.stream().filter(one -> isAsRecorded(one, recalled)).toList();
    if (likely.isEmpty()) {
      return List.of(unanswered(Obstacle.NOT_AS_RECORDED));
    }
    List<Set<Said>> said = new ArrayList<>();
    fields.forEach(_ -> said.add(new HashSet<>()));
    Policies replayed =
        inPlace.computeIfAbsent(recalled.policy(), version -> policies.inPlaceOf(version, other));
    for (Possibility one : likely) {
      for (var age : possibilities.ages()) {
        Possibility aged = one.of(age);
        Decision decision = replayed.decide(aged.question(), aged.state());
        for (int i = 0; i < fields.size(); i++) {
          said.get(i).add(Said.of(decision, i));
        }
      }
    }
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      answers.add(new Answer(fields.get(i), said.get(i), Optional.empty()));
    }
    return answers;
  }

  /** The versions that people may have answered under, the newest last. */
  private List<PolicyVersion> effectiveBy(Instant now) {
    List<PolicyVersion> effective =
        policies.versions().stream()
            .filter(version -> !now.isBefore(version.effectiveAt()))
            .map(CompiledPolicy::version)
            .toList();
    return effective.isEmpty() ? List.of(policies.versions().getFirst().version()) : effective;
  }

  private boolean isAsRecorded(Possibility one, Recalled recalled) {
    Decision decision = policies.decide(one.question(), one.state());
    if (!decision.policy().equals(recalled.policy())) {
      return false;
    }
    Question question = one.question();
    for (int i = 0; i < question.fields().size(); i++) {
      Recalled.Recorded recorded = recalled.recorded().get(question.fields().get(i));
      if (recorded != null && !recorded.isOf(Said.of(decision, i))) {
        return false;
      }
    }
    boolean guardian = Logbook.reliesOnGuardian(decision);
    // Of a collection each field is looked at alone, and the entry tells of all together.
    return Logbook.collects(question)
        ? recalled.guardian() || !guardian
        : recalled.guardian() == guardian;
  }
}
