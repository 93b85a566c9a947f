package dev.pledge.engine.keys;

import dev.pledge.engine.store.Transaction;
import dev.pledge.policy.names.SubjectId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The rows of wrapped keys in the database. Deleting a row is what forgets a person there. */
public final class WrappedKeys {

  /** Stores a new person's key. */
  public void insert(Transaction tx, SubjectId subject, WrappedKey wrapped) {
    tx.handle()
        .createUpdate(
            """
            insert into subject_key (subject_id, generation, epoch, wrapped)
            values (:subject, :generation, :epoch, :wrapped)
            """)
        .bind("subject", subject.value())
        .bind("generation", wrapped.generation())
        .bind("epoch", wrapped.epoch())
        .bind("wrapped", wrapped.bytes())
        .execute();
  }

  /** Removes the person's key. */
  public void remove(Transaction tx, SubjectId subject) {
    tx.handle()
        .createUpdate("delete from subject_key where subject_id = :subject")
        .bind("subject", subject.value())
        .execute();
  }

  /** The keys of those of {@code subjects} that have one. */
  public Map<SubjectId, WrappedKey> find(Handle handle, Collection<SubjectId> subjects) {
    Map<SubjectId, WrappedKey> found = new LinkedHashMap<>();
    handle
        .createQuery(
            """
            select subject_id, generation, epoch, wrapped from subject_key
            where subject_id = any(:subjects)
            """)
        .bindArray("subjects", UUID.class, subjects.stream().map(SubjectId::value).toList())
        .map((row, context) -> put(row, found))
        .list();
    return found;
  }

  /** So many keys of those whose ids come after {@code subject}, in the order of ids. */
  public Map<SubjectId, WrappedKey> after(Handle handle, UUID subject, int limit) {
    Map<SubjectId, WrappedKey> found = new LinkedHashMap<>();
    handle
        .createQuery(
            """
            select subject_id, generation, epoch, wrapped from subject_key
            where subject_id > :after order by subject_id limit :limit
            """)
        .bind("after", subject)
        .bind("limit", limit)
        .map((row, context) -> put(row, found))
        .list();
    return found;
  }

  private static boolean put(ResultSet row, Map<SubjectId, WrappedKey> found) throws SQLException {
    found.put(
        new SubjectId(row.getObject("subject_id", UUID.class)),
        new WrappedKey(row.getInt("epoch"), row.getInt("generation"), row.getBytes("wrapped")));
    return true;
  }

  /** Puts the key that the journal has in the place of what an old copy of the data has. */
  public void restore(Transaction tx, SubjectId subject, WrappedKey wrapped) {
    tx.handle()
        .createUpdate(
            """
            insert into subject_key (subject_id, generation, epoch, wrapped)
            values (:subject, :generation, :epoch, :wrapped)
            on conflict (subject_id) do update
            set generation = excluded.generation, epoch = excluded.epoch, wrapped = excluded.wrapped
            """)
        .bind("subject", subject.value())
        .bind("generation", wrapped.generation())
        .bind("epoch", wrapped.epoch())
        .bind("wrapped", wrapped.bytes())
        .execute();
  }
}
