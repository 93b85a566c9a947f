package dev.pledge.policy.decision;

import dev.pledge.policy.names.PolicyVersion;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The versions of one policy, and the decision under the right one of them (IX.2): the version in
 * force at the moment of the decision, and, until a person has accepted it or its grace ends, the
 * version they accepted last, less what the new one narrows (0.1).
 *
 * <p>Immutable and safe for all threads.
 */
public final class Policies {
  private final List<CompiledPolicy> byEffect;
  private final Map<PolicyVersion, CompiledPolicy> byVersion;

  private Policies(List<CompiledPolicy> byEffect) {
    this.byEffect = List.copyOf(byEffect);
    Map<PolicyVersion, CompiledPolicy> versions = new HashMap<>();
    for (CompiledPolicy policy : byEffect) {
      versions.put(policy.version(), policy);
    }
    this.byVersion = Map.copyOf(versions);
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
            "versions of different policies given: `%s` and `%s`"
                .formatted(one.version(), next.version()));
      }
      if (one.version().equals(next.version()) || one.effective().equals(next.effective())) {
        throw new IllegalArgumentException(
            "two versions share a name or an effective date: `%s` and `%s`"
                .formatted(one.version(), next.version()));
      }
    }
    List<CompiledPolicy> compiled = new ArrayList<>();
    for (Policy policy : sorted) {
      compiled.add(CompiledPolicy.of(policy, List.copyOf(compiled)));
    }
    return new Policies(compiled);
  }

  /** The version in force at {@code now}: the last whose effective date has come, UTC. */
  public Optional<CompiledPolicy> inForce(Instant now) {
    for (int i = byEffect.size() - 1; i >= 0; i--) {
      if (!now.isBefore(byEffect.get(i).effectiveAt())) {
        return Optional.of(byEffect.get(i));
      }
    }
    return Optional.empty();
  }

  /** The version of that name, if it is one of these. */
  public Optional<CompiledPolicy> version(PolicyVersion version) {
    return Optional.ofNullable(byVersion.get(version));
  }

  /** All versions, by effective date. */
  public List<CompiledPolicy> versions() {
    return byEffect;
  }

  /**
   * Decides. Total: whatever is asked, the answer is a {@link Permit} or a {@link Refusal}.
   *
   * @throws IllegalStateException if no version is in force at {@code state.now()}
   */
  public Decision decide(Question question, SubjectState state) {
    CompiledPolicy current =
        inForce(state.now())
            .orElseThrow(
                () -> new IllegalStateException("no policy version is in force yet; check dates"));
    Resolved resolved = current.resolve(question);
    CompiledPolicy earlier = withinGrace(current, state);
    if (earlier == null) {
      boolean accepted = state.accepted().filter(current.version()::equals).isPresent();
      return current.decide(resolved, state, accepted, null);
    }
    Decision before = earlier.decide(earlier.resolve(question), state, true, null);
    return current.decide(resolved, state, true, before);
  }

  /** The earlier version that still applies to the person beside {@code current}, or null. */
  private @Nullable CompiledPolicy withinGrace(CompiledPolicy current, SubjectState state) {
    PolicyVersion accepted = state.accepted().orElse(null);
    if (accepted == null || accepted.equals(current.version())) {
      return null;
    }
    CompiledPolicy earlier = byVersion.get(accepted);
    if (earlier == null || earlier.effectiveAt().isAfter(current.effectiveAt())) {
      return null;
    }
    Instant graceEnds =
        current.effectiveAt().atZone(ZoneOffset.UTC).plus(current.source().grace()).toInstant();
    return state.now().isBefore(graceEnds) ? earlier : null;
  }
}
