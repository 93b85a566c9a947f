package dev.pledge.engine.gate;

import dev.pledge.engine.gate.People.Hold;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.keys.UnsealException;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.Transaction;
import dev.pledge.engine.subject.Subjects;
import dev.pledge.engine.subject.Subjects.Alias;
import dev.pledge.engine.subject.Subjects.Unindexed;
import dev.pledge.engine.value.Value;
import dev.pledge.engine.vault.Sealed;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SubjectId;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Gives aliases their blind indexes of a new epoch of keys: from the values, since an index tells
 * nothing of them. While two epochs live, an alias has an index of each.
 */
final class Reindexing {
  private static final int BATCH = 200;

  private final Parts parts;
  private final Subjects subjects;

  Reindexing(Parts parts, Subjects subjects) {
    this.parts = parts;
    this.subjects = subjects;
  }

  /** Goes on after {@code after}; see {@link Gate#reindex}. */
  Gate.Reindexed step(Database database, int from, int to, byte[] after) {
    List<Unindexed> lacking =
        database.read(handle -> subjects.unindexed(handle, from, to, after, BATCH));
    if (lacking.isEmpty()) {
      return new Gate.Reindexed(0, 0, Optional.empty());
    }
    int damaged = database.change(tx -> index(tx, lacking, to));
    return new Gate.Reindexed(
        lacking.size() - damaged, damaged, Optional.of(lacking.getLast().index()));
  }

  /**
   * Gives each its index that is not gone meanwhile; how many there are whose value does not open.
   */
  private int index(Transaction tx, List<Unindexed> lacking, int epoch) throws SQLException {
    List<String> names =
        lacking.stream()
            .map(one -> parts.vocabulary().name(one.alias().field()))
            .distinct()
            .toList();
    Parts.Fetched fetched =
        parts.fetch(
            tx.handle(),
            lacking.stream().map(one -> one.alias().subject()).distinct().toList(),
            fields -> fields.wantedProfile(names),
            Hold.ALSO_SEALED);
    Map<SubjectId, Person> people = new HashMap<>();
    for (Person person : fetched.people()) {
      if (person != null) {
        people.put(person.subject(), person);
      }
    }
    Map<Alias, byte[]> indexes = new LinkedHashMap<>();
    int damaged = 0;
    // INVARIANT: looked up after the people were taken, so that none goes until the commit.
    for (Alias alias :
        subjects.findAll(tx.handle(), lacking.stream().map(Unindexed::index).toList())) {
      Person person = people.get(alias.subject());
      if (person != null) {
        Optional<byte[]> index = index(person, alias, fetched.policy(), epoch);
        index.ifPresent(bytes -> indexes.put(alias, bytes));
        damaged += index.isEmpty() ? 1 : 0;
      }
    }
    subjects.addIndexes(tx, indexes, epoch);
    return damaged;
  }

  /** The index of the epoch; empty if the alias has no value that opens. */
  private Optional<byte[]> index(Person person, Alias alias, CompiledPolicy policy, int epoch) {
    String field = parts.vocabulary().name(alias.field());
    ProductId holder = parts.vault().holder(alias.holder());
    Optional<Sealed> datum =
        person.values().stream()
            .filter(value -> value.field().toString().equals(field))
            .filter(value -> Objects.equals(value.holder(), holder))
            .findFirst();
    Optional<Field> declared = parts.declared(field, policy);
    if (datum.isEmpty() || declared.isEmpty()) {
      return Optional.empty();
    }
    try (SubjectKey key = parts.keys().unwrap(person.subject(), person.wrapped())) {
      Value value = parts.vault().openToIndex(key, datum.get(), declared.get().type());
      var term = Aliases.term(value, datum.get().product());
      return Optional.of(Objects.requireNonNull(parts.blindIndex().indexes(term).get(epoch)));
    } catch (UnsealException altered) {
      return Optional.empty();
    }
  }
}
