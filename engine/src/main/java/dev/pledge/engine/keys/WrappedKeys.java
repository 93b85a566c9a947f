package dev.pledge.engine.keys;

import dev.pledge.engine.store.Transaction;
import dev.pledge.policy.names.SubjectId;

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
}
