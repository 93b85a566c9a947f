package dev.pledge.engine.keys;

import dev.pledge.engine.store.PersonStatements;
import dev.pledge.engine.store.Transaction;
import dev.pledge.policy.names.SubjectId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;

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

  /** The person's key, held until the transaction ends; empty if there is none. */
  public Optional<WrappedKey> hold(Transaction tx, SubjectId subject) {
    return tx.handle()
        .createQuery(
            """
            select epoch, generation, wrapped from subject_key where subject_id = :subject
            for update
            """)
        .bind("subject", subject.value())
        .map(WrappedKeys::read)
        .findOne();
  }

  /** The keys of these people that have one, held until the transaction ends. */
  public Map<SubjectId, WrappedKey> hold(Transaction tx, Collection<SubjectId> subjects) {
    return bySubject(
        tx.handle()
            .createQuery(
                """
                select subject_id, epoch, generation, wrapped from subject_key
                where subject_id = any(:subjects) order by subject_id for update
                """)
            .bind("subjects", subjects.stream().map(SubjectId::value).toArray(UUID[]::new)));
  }

  /** The person's key as it is now; empty if there is none. */
  public Optional<WrappedKey> find(Handle handle, SubjectId subject) {
    return handle
        .createQuery(
            "select epoch, generation, wrapped from subject_key where subject_id = :subject")
        .bind("subject", subject.value())
        .map(WrappedKeys::read)
        .findOne();
  }

  private static WrappedKey read(ResultSet row, StatementContext context) throws SQLException {
    return new WrappedKey(row.getInt("epoch"), row.getInt("generation"), row.getBytes("wrapped"));
  }

  /**
   * Keys of one epoch, held until the transaction ends, in the order of the people they are of;
   * those that others hold are left out.
   *
   * @param after whose key was the last that was seen; empty for the first
   */
  public Map<SubjectId, WrappedKey> holdOf(
      Transaction tx, int epoch, Optional<SubjectId> after, int most) {
    return bySubject(
        tx.handle()
            .createQuery(
                """
                select subject_id, epoch, generation, wrapped from subject_key
                where epoch = :epoch and subject_id > :after
                order by subject_id limit :most for update skip locked
                """)
            .bind("epoch", epoch)
            .bind("after", after.map(SubjectId::value).orElse(new UUID(0, 0)))
            .bind("most", most));
  }

  /** Puts keys in the places of those that are held. */
  public void replace(Transaction tx, Map<SubjectId, WrappedKey> anew) throws SQLException {
    Connection connection = tx.handle().getConnection();
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            update subject_key k
            set epoch = n.epoch, generation = n.generation, wrapped = n.wrapped
            from unnest(?::uuid[], ?::int[], ?::int[], ?::bytea[])
              as n (subject_id, epoch, generation, wrapped)
            where k.subject_id = n.subject_id
            """)) {
      statement.setArray(
          1,
          connection.createArrayOf("uuid", anew.keySet().stream().map(SubjectId::value).toArray()));
      statement.setArray(
          2,
          connection.createArrayOf(
              "int4", anew.values().stream().map(WrappedKey::epoch).toArray(Integer[]::new)));
      statement.setArray(
          3,
          connection.createArrayOf(
              "int4", anew.values().stream().map(WrappedKey::generation).toArray(Integer[]::new)));
      statement.setArray(
          4,
          connection.createArrayOf(
              "bytea", anew.values().stream().map(WrappedKey::bytes).toArray(byte[][]::new)));
      statement.executeUpdate();
    }
  }

  /** Removes the person's key. */
  public void remove(PersonStatements statements) {
    statements.add("delete from subject_key where subject_id = :subject");
  }

  /** The keys of those of {@code subjects} that have one. */
  public Map<SubjectId, WrappedKey> find(Handle handle, Collection<SubjectId> subjects) {
    return bySubject(
        handle
            .createQuery(
                """
                select subject_id, generation, epoch, wrapped from subject_key
                where subject_id = any(:subjects)
                """)
            .bind("subjects", subjects.stream().map(SubjectId::value).toArray(UUID[]::new)));
  }

  /** So many keys of those whose ids come after one and up to another, in the order of ids. */
  public Map<SubjectId, WrappedKey> after(Handle handle, UUID subject, UUID to, int limit) {
    return bySubject(
        handle
            .createQuery(
                """
                select subject_id, generation, epoch, wrapped from subject_key
                where subject_id > :after and subject_id <= :to order by subject_id limit :limit
                """)
            .bind("after", subject)
            .bind("to", to)
            .bind("limit", limit));
  }

  private static Map<SubjectId, WrappedKey> bySubject(Query keys) {
    Map<SubjectId, WrappedKey> found = new LinkedHashMap<>();
    keys.map(
            (row, context) ->
                found.put(
                    new SubjectId(row.getObject("subject_id", UUID.class)), read(row, context)))
        .list();
    return found;
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
