package dev.pledge.policy.decision;

import dev.pledge.policy.decision.Explanation.Origin;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.ProductId;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The versions of one policy, and the decision under the right one of them (IX.2): the version in
 * force at the moment of the decision, and, until a person has accepted it or its grace ends, the
 * version they accepted last, less what each one since narrows (0.1).
 *
 * <p>Safe for all threads; what it decides never changes.
 */
public final class Policies {
  private static final LocalDate NEVER = LocalDate.of(9999, 12, 31);

  private final List<CompiledPolicy> byEffect;
  private final Map<PolicyVersion, Integer> position;
  private final Lacking lacking;

  /** Made once: a decision takes it along. */
  private final EarlierTerms earlierTerms;

  private Policies(List<CompiledPolicy> byEffect) {
    this.byEffect = List.copyOf(byEffect);
    Map<PolicyVersion, Integer> positions = new HashMap<>();
    for (CompiledPolicy policy : byEffect) {
      positions.put(policy.version(), positions.size());
    }
    this.position = Map.copyOf(positions);
    this.lacking = new Lacking(byEffect.stream().map(CompiledPolicy::source).toList());
    this.earlierTerms = this::isKeptByEarlier;
  }

  /**
   * The given versions of one policy, in any order.
   *
   * @throws IllegalArgumentException if there is none, if they are of different policies, or if two
   *     have the same version or the same effective date
   */
  public static Policies of(List<Policy> versions) {
    if (versions.isEmpty()) {
      throw new IllegalArgumentException("no policy given; at least one version is needed");
    }
    List<Policy> sorted = new ArrayList<>(versions);
    sorted.sort(Comparator.comparing(Policy::effective));
    for (int i = 1; i < sorted.size(); i++) {
      Policy one = sorted.get(i - 1);
      Policy next = sorted.get(i);
      if (!one.version().policy().equals(next.version().policy())) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "versions of different policies given: `%s` and `%s`",
                one.version(),
                next.version()));
      }
      if (one.version().equals(next.version()) || one.effective().equals(next.effective())) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "two versions share a name or an effective date: `%s` and `%s`",
                one.version(),
                next.version()));
      }
    }
    return new Policies(sorted.stream().map(each -> CompiledPolicy.of(each, sorted)).toList());
  }

  /**
   * The same versions with {@code other} in the place of {@code version}: in force on the days on
   * which that was. Whoever accepted {@code version} counts as having accepted {@code other}; what
   * they agreed to under {@code version} counts as far as it would after a revision.
   *
   * @throws IllegalArgumentException if {@code version} is none of these, or {@code other} is of
   *     another policy
   */
  public Policies inPlaceOf(PolicyVersion version, Policy other) {
    CompiledPolicy replaced =
        version(version)
            .orElseThrow(() -> new IllegalArgumentException("no version `" + version + "` here"));
    if (!other.version().policy().equals(version.policy())) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "`%s` and `%s` are versions of different policies; give both the same `id`",
              version,
              other.version()));
    }
    List<Policy> versions = new ArrayList<>();
    for (CompiledPolicy each : byEffect) {
      // Later than all others it decides nothing, and is still known to have been agreed to.
      versions.add(each == replaced ? replaced.source().as(version, NEVER) : each.source());
    }
    PolicyVersion name = new PolicyVersion(other.version().policy(), "in-place." + byEffect.size());
    versions.add(other.as(name, replaced.source().effective()));
    return of(versions);
  }

  /** The same versions deciding without one rule: what a clause's test must notice. */
  Policies without(Rule rule) {
    return without(Set.of(rule));
  }

  /** The same versions deciding without some of the rules, at least one. */
  Policies without(Set<Rule> rules) {
    return lacking.rules(rules);
  }

  static Policies without(Set<Rule> rules, List<Policy> versions) {
    return new Policies(
        versions.stream().map(each -> CompiledPolicy.without(rules, each, versions)).toList());
  }

  /** The version in force at {@code now}: the last whose effective date has come, UTC. */
  public Optional<CompiledPolicy> inForce(Instant now) {
    int current = indexInForce(now);
    return current < 0 ? Optional.empty() : Optional.of(byEffect.get(current));
  }

  private int indexInForce(Instant now) {
    int i = byEffect.size() - 1;
    while (i >= 0 && now.isBefore(byEffect.get(i).effectiveAt())) {
      i--;
    }
    return i;
  }

  /** The version of that name, if it is one of these. */
  public Optional<CompiledPolicy> version(PolicyVersion version) {
    return Optional.ofNullable(position.get(version)).map(byEffect::get);
  }

  /** All versions, by effective date. */
  public List<CompiledPolicy> versions() {
    return byEffect;
  }

  /**
   * Decides. Total: whatever is asked, and whenever, the answer is a {@link Permit} or a {@link
   * Refusal}; while no version is in force everything is refused.
   */
  public Decision decide(Question question, SubjectState state) {
    int current = indexInForce(state.now());
    if (current < 0) {
      return byEffect.getFirst().forProduct(question.product()).decideBeforeEffect(question, state);
    }
    CompiledPolicy policy = byEffect.get(current).forProduct(question.product());
    int accepted = acceptedWithinGrace(state, current);
    List<CompiledPolicy> older =
        accepted < 0 || accepted == current
            ? List.of()
            : byEffect.subList(accepted, current).stream()
                .map(version -> version.forProduct(question.product()))
                .toList();
    return policy.decide(policy.resolve(question), state, accepted >= 0, older, earlierTerms);
  }

  /**
   * Whether a value of {@code field} that {@code collector} collected at {@code collectedAt} is
   * still kept at {@code state.now()} (II.II.3, IV.1): by the version in force and by every version
   * since the one the person accepted last; of who accepted none, since the one the value was
   * collected under. So a version that shortens a term shortens it for what is stored, and one that
   * lengthens it lengthens nothing before the person accepts it. A read and a sweep both ask this.
   */
  public boolean isKept(
      FieldId field, ProductId collector, Instant collectedAt, SubjectState state) {
    return decidingAt(state.now()).isKept(field, collector, collectedAt, state)
        && isKeptByEarlier(field, collector, collectedAt, state);
  }

  /**
   * When a value that is kept goes if nothing happens before, by the versions that {@link #isKept}
   * asks; empty where no term runs. Versions that take effect until then may let go of it earlier.
   */
  public Optional<Instant> keptUntil(
      FieldId field, ProductId collector, Instant collectedAt, SubjectState state) {
    return ending(field, collector, collectedAt, state).map(Ending::at);
  }

  /** As {@link #keptUntil}, with the rule by which it goes. */
  public Optional<Ending> ending(
      FieldId field, ProductId collector, Instant collectedAt, SubjectState state) {
    int current = Math.max(indexInForce(state.now()), 0);
    int accepted = state.accepted().map(position::get).orElse(-1);
    int from = Math.max(accepted < 0 ? indexInForce(collectedAt) : accepted, 0);
    return byEffect.subList(Math.min(from, current), current + 1).stream()
        .flatMap(version -> version.ending(field, collector, collectedAt, state).stream())
        .min(Comparator.comparing(Ending::at));
  }

  private boolean isKeptByEarlier(
      FieldId field, ProductId collector, Instant collectedAt, SubjectState state) {
    int current = Math.max(indexInForce(state.now()), 0);
    if (current == 0) {
      return true;
    }
    int collected = indexInForce(collectedAt);
    int accepted = state.accepted().map(position::get).orElse(-1);
    for (int i = Math.max(accepted < 0 ? collected : accepted, 0); i < current; i++) {
      CompiledPolicy earlier = byEffect.get(i);
      // One that came later and does not know the field let go of it; one of before says nothing.
      boolean over =
          earlier.declared(field.toString()) == null
              ? i > collected
              : !earlier.isKept(field, collector, collectedAt, state);
      if (over) {
        return false;
      }
    }
    return true;
  }

  /**
   * Every rule tried on a question, what came of it and by which clause: of the rules that would
   * refuse too, not only the one that decides. Decides as {@link #decide} does and opens nothing.
   *
   * @param origins for asked fields, by name, where and when a value was collected; of a field that
   *     is not in it the rules on single values are not asked
   */
  public Explanation explain(Question question, SubjectState state, Map<String, Origin> origins) {
    return Trying.explain(this, question, state, origins);
  }

  /** The earlier versions that bind beside the one in force, for this person (0.1). */
  List<PolicyVersion> bindingBeside(SubjectState state) {
    int current = indexInForce(state.now());
    int accepted = current < 0 ? -1 : acceptedWithinGrace(state, current);
    return accepted < 0
        ? List.of()
        : byEffect.subList(accepted, current).stream().map(CompiledPolicy::version).toList();
  }

  /** The version that decides at {@code now}, or before any does the first to come. */
  CompiledPolicy decidingAt(Instant now) {
    return byEffect.get(Math.max(indexInForce(now), 0));
  }

  /**
   * Whether a person's refusal of the purpose, for that data, makes a difference to them now: under
   * some version that binds they have a control over it, or something waits for their explicit
   * consent (V.2).
   */
  public boolean canBeRefused(String purpose, Coverage coverage, SubjectState state) {
    int current = Math.max(indexInForce(state.now()), 0); // before any is, the first to come
    int accepted = acceptedWithinGrace(state, current);
    return byEffect.subList(accepted < 0 ? current : accepted, current + 1).stream()
        .flatMap(policy -> policy.layers().stream())
        .anyMatch(policy -> policy.canBeRefused(purpose, coverage, state));
  }

  /**
   * The position of the version the person accepted, if it still binds: while none of those that
   * came into force after it has run out of grace. A further revision starts no new grace for one
   * that was missed. Whoever accepted a version that is still to come accepted those up to it.
   */
  private int acceptedWithinGrace(SubjectState state, int current) {
    int accepted = Math.min(state.accepted().map(position::get).orElse(-1), current);
    for (int i = accepted + 1; accepted >= 0 && i <= current; i++) {
      if (!state.now().isBefore(byEffect.get(i).graceEndsAt())) {
        return -1;
      }
    }
    return accepted;
  }
}
