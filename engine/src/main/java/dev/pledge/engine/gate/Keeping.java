package dev.pledge.engine.gate;

import dev.pledge.engine.hold.Holds;
import dev.pledge.engine.hold.LegalHold;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.keys.SubjectKeys;
import dev.pledge.engine.keys.WrappedKey;
import dev.pledge.engine.keys.WrappedKeys;
import dev.pledge.engine.store.PersonStatements;
import dev.pledge.engine.store.Transaction;
import dev.pledge.engine.vault.Sealed;
import dev.pledge.engine.vault.Vault;
import dev.pledge.policy.names.SubjectId;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Sets aside what goes while a legal hold is on it (II.I.7, II.II.3): under the hold's own key, so
 * that it goes from everybody else all the same. Everything that deletes or replaces values asks
 * this first, while the person's key still opens them; the database refuses what does not.
 */
final class Keeping {
  private final Holds holds;
  private final SubjectKeys keys;
  private final WrappedKeys wrappedKeys;
  private final Vault vault;

  Keeping(Holds holds, SubjectKeys keys, WrappedKeys wrappedKeys, Vault vault) {
    this.holds = holds;
    this.keys = keys;
    this.wrappedKeys = wrappedKeys;
    this.vault = vault;
  }

  /**
   * Sets aside, of what is about to go, what a hold is on.
   *
   * @param person taken for a change
   */
  void keep(Transaction tx, Person person, SubjectKey key, Predicate<Sealed> going) {
    if (!person.held()) {
      return;
    }
    List<LegalHold> on = holds.on(tx.handle(), key.subject());
    List<Sealed> values = vault.stored(tx, key.subject()).stream().filter(going).toList();
    for (LegalHold hold : on) {
      List<Sealed> covered =
          values.stream().filter(value -> hold.fields().contains(value.field())).toList();
      if (!covered.isEmpty()) {
        setAside(tx, key, hold, covered);
      }
    }
  }

  /** Which of the holds on a person keep something, or would if all went now. */
  List<LegalHold> wouldKeep(Transaction tx, Person person) {
    if (!person.held()) {
      return List.of();
    }
    List<LegalHold> on = holds.on(tx.handle(), person.subject());
    Set<SubjectId> keeping =
        vault.keeping(tx, on.stream().map(LegalHold::keyName).collect(Collectors.toSet()));
    return on.stream()
        .filter(
            hold ->
                keeping.contains(hold.keyName())
                    || !vault.held(tx, person.subject(), hold.fields()).isEmpty())
        .toList();
  }

  /** Of restored data, whose key went with its epoch: what no key opens is kept for nobody. */
  void abandon(Transaction tx, SubjectId subject) {
    PersonStatements statements = new PersonStatements(tx, subject);
    holds.forgetPerson(statements);
    statements.execute();
  }

  private void setAside(Transaction tx, SubjectKey key, LegalHold hold, List<Sealed> values) {
    WrappedKey wrapped = wrappedKeys.find(tx.handle(), hold.keyName()).orElseThrow();
    try (SubjectKey own = keys.unwrap(hold.keyName(), wrapped)) {
      vault.setAside(tx, key, own, values);
    }
  }
}
