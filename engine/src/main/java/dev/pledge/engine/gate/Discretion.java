package dev.pledge.engine.gate;

import dev.pledge.log.Entry;
import dev.pledge.log.Facts;
import dev.pledge.policy.decision.Policies;
import dev.pledge.policy.decision.Policy.LegalException;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Policy.TellPerson;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.SubjectId;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Whether a person may be told of an entry about them now (II.I.7). For one page of one history.
 *
 * <p>INVARIANT: approvals are looked up after the first entry that asks for them was read. Looked
 * up before, one given meanwhile would not hide its own entry.
 */
final class Discretion implements Predicate<Entry> {
  private final Policies policies;
  private final Handle handle;
  private final SubjectId subject;

  /** The purposes with an approval in force, once something depends on them. */
  private @Nullable Set<String> underWay;

  Discretion(Policies policies, Handle handle, SubjectId subject) {
    this.policies = policies;
    this.handle = handle;
    this.subject = subject;
  }

  @Override
  public boolean test(Entry entry) {
    return switch (tells(policies, entry.facts())) {
      case AT_ONCE -> true;
      case AFTER -> !underWay().contains(entry.facts().purpose().orElse(""));
      case NEVER -> false;
    };
  }

  /** What the version that decided says of its purpose. */
  static TellPerson tells(Policies policies, Facts facts) {
    String purpose = facts.purpose().orElse("");
    return facts
        .policy()
        .flatMap(version -> policies.version(PolicyVersion.of(version)))
        .flatMap(policy -> Optional.ofNullable(policy.declaredPurpose(purpose)))
        .flatMap(Purpose::exception)
        .map(LegalException::tells)
        .orElse(TellPerson.AT_ONCE);
  }

  private Set<String> underWay() {
    if (underWay == null) {
      underWay = Approving.underWay(handle, subject);
    }
    return underWay;
  }
}
