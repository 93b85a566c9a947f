package dev.pledge.engine.gate;

import dev.pledge.log.Entry;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.log.Outcome;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policies;
import dev.pledge.policy.decision.Policy.LegalException;
import dev.pledge.policy.decision.Policy.TellPerson;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.SubjectId;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Whether a person may be told of an entry about them now (II.I.7). For one page of one history.
 *
 * <p>What is told {@code after} is hidden from its making on, asked for in vain or not: before an
 * approval, a question whether one would help tells as much as the use. Fails closed: of an entry
 * whose version of the policy is not there, nothing is told that may have been about an exception.
 */
final class Discretion implements Predicate<Entry> {
  private final Policies policies;
  private final Handle handle;
  private final SubjectId subject;

  /** Since when which investigations are quiet, once something depends on it. */
  private @Nullable Quiet quiet;

  Discretion(Policies policies, Handle handle, SubjectId subject) {
    this.policies = policies;
    this.handle = handle;
    this.subject = subject;
  }

  @Override
  public boolean test(Entry entry) {
    return switch (tells(policies, entry.facts())) {
      case AT_ONCE -> true;
      case AFTER -> quiet().isOver(entry.facts());
      case NEVER -> false;
    };
  }

  /** When a person may be told of it, as the version says that decided. */
  static TellPerson tells(Policies policies, Facts facts) {
    if (facts.purpose().isEmpty()) {
      return TellPerson.AT_ONCE;
    }
    return facts
        .policy()
        .flatMap(version -> policies.version(PolicyVersion.of(version)))
        .map(policy -> tells(policy, facts.purpose().get()))
        .orElseGet(() -> isNoException(facts) ? TellPerson.AT_ONCE : TellPerson.NEVER);
  }

  /** When a person may be told of what is done for a purpose, of all versions the strictest. */
  static TellPerson tells(Policies policies, String purpose) {
    return policies.versions().stream()
        .map(policy -> tells(policy, purpose))
        .max(Comparator.naturalOrder())
        .orElse(TellPerson.NEVER);
  }

  /** What the version that decided says of the purpose, of all products the strictest. */
  private static TellPerson tells(CompiledPolicy policy, String purpose) {
    return policy.layers().stream()
        .flatMap(terms -> Optional.ofNullable(terms.declaredPurpose(purpose)).stream())
        .flatMap(declared -> declared.exception().stream())
        .map(LegalException::tells)
        .max(Comparator.naturalOrder())
        .orElse(TellPerson.AT_ONCE);
  }

  /** An exception opens nothing without being named; what was not opened, or explained, may be. */
  private static boolean isNoException(Facts facts) {
    return facts.exception().isEmpty()
        && facts.outcome() != Outcome.REFUSED
        && !facts.kind().equals(Kind.EXPLAIN);
  }

  private Quiet quiet() {
    if (quiet == null) {
      quiet = Quiet.about(handle, subject);
    }
    return quiet;
  }
}
