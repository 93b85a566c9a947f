package dev.pledge.engine.keys;

import dev.pledge.engine.store.Transaction;
import dev.pledge.policy.names.SubjectId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
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

  /** Puts another key in the place of the one that is held. */
  public void replace(Transaction tx, SubjectId subject, WrappedKey wrapped) {
    tx.handle()
        .createUpdate(
            """
            update subject_key set generation = :generation, epoch = :epoch, wrapped = :wrapped
            where subject_id = :subject
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
}
