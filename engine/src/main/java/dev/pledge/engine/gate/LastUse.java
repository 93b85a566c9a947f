package dev.pledge.engine.gate;

import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.store.Transaction;
import dev.pledge.engine.subject.Subjects;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policy.From;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.decision.SubjectState.Membership;
import dev.pledge.policy.names.ProductId;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;

/**
 * Records on which day a person last used a product, as their own acts show it: nothing that others
 * do with their data counts (II.II.3). Written once per person, product and day at most.
 */
final class LastUse {
  private final Subjects subjects;
  private final Leaving leaving;

  LastUse(Subjects subjects, Leaving leaving) {
    this.subjects = subjects;
    this.leaving = leaving;
  }

  /** The person used the product just now. What is no longer kept until then is deleted first. */
  void record(Transaction tx, Person person, SubjectKey key, CompiledPolicy policy, String product)
      throws SQLException {
    SubjectState before = person.state();
    SubjectState after = before.using(new ProductId(product));
    Set<Membership> changed = new HashSet<>(after.memberships());
    before.memberships().forEach(changed::remove);
    if (!changed.isEmpty()) {
      leaving.forgetBefore(From.LAST_USE, tx, person, key, policy);
      subjects.used(tx, person.subject(), changed);
    }
  }
}
