package dev.pledge.engine.gate;

import dev.pledge.engine.gate.People.Hold;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.keys.UnsealException;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.Transaction;
import dev.pledge.engine.subject.Subjects;
import dev.pledge.engine.subject.Subjects.Unindexed;
import dev.pledge.engine.value.Value;
import dev.pledge.engine.vault.Sealed;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.names.ProductId;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
    int done = 0;
    for (Unindexed one : lacking) {
      done += database.<Boolean>change(tx -> index(tx, one, to)) ? 1 : 0;
    }
    Optional<byte[]> last =
        lacking.isEmpty() ? Optional.empty() : Optional.of(lacking.getLast().index());
    return new Gate.Reindexed(done, lacking.size() - done, last);
  }

  /** Whether the alias has its index, or is gone. */
  private boolean index(Transaction tx, Unindexed lacking, int epoch) throws SQLException {
    String field = parts.vocabulary().name(lacking.alias().field());
    ProductId holder = parts.vault().holder(lacking.alias().holder());
    Parts.Fetched fetched =
        parts.fetch(
            tx.handle(),
            List.of(lacking.alias().subject()),
            fields -> fields.wantedProfile(List.of(field)),
            Hold.ALSO_SEALED);
    Person person = fetched.first();
    if (person == null || !subjects.has(tx.handle(), lacking.index())) {
      return true;
    }
    Optional<Sealed> datum =
        person.values().stream()
            .filter(value -> Objects.equals(value.holder(), holder))
            .findFirst();
    Field declared = declared(field, fetched.policy());
    if (datum.isEmpty() || declared == null) {
      return false;
    }
    try (SubjectKey key = parts.keys().unwrap(person.subject(), person.wrapped())) {
      Value value = parts.vault().openToIndex(key, datum.get(), declared.type());
      var term = Aliases.term(value, datum.get().product());
      byte @Nullable [] index = parts.blindIndex().indexes(term).get(epoch);
      subjects.addIndex(tx, lacking.alias(), epoch, Objects.requireNonNull(index));
      return true;
    } catch (UnsealException altered) {
      return false;
    }
  }

  private @Nullable Field declared(String field, CompiledPolicy policy) {
    Field declared = policy.declared(field);
    return declared != null
        ? declared
        : parts.policies().versions().reversed().stream()
            .flatMap(other -> Optional.ofNullable(other.declared(field)).stream())
            .findFirst()
            .orElse(null);
  }
}
