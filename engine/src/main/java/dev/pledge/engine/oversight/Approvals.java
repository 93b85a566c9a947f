package dev.pledge.engine.oversight;

import dev.pledge.engine.store.PersonStatements;
import dev.pledge.engine.store.Transaction;
import dev.pledge.policy.decision.Approval;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.SubjectId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Writes approvals; every method works in the caller's transaction, so that an approval and its log
 * entry commit together. Finding one for a use is the gate's.
 */
public final class Approvals {

  /** Adds an approval of a use of the person's data. */
  public void insert(Transaction tx, SubjectId subject, NewApproval given) {
    tx.handle()
        .createUpdate(
            """
            insert into approval (subject_id, approval_id, purpose, product, asker, approver, fields,
                                  reference, created_at, expires_at)
            values (:subject, :id, :purpose, :product, :asker, :approver, :fields,
                    :reference, :created, :expires)
            """)
        .bind("subject", subject.value())
        .bind("id", given.id())
        .bind("purpose", given.approval().purpose())
        .bind("product", given.approval().product())
        .bind("asker", given.approval().asker().value())
        .bind("approver", given.approver().value())
        .bind("fields", given.approval().fields().toArray(String[]::new))
        .bind("reference", given.reference())
        .bind("created", given.createdAt())
        .bind("expires", given.approval().until())
        .execute();
  }

  /** The approval of that id about the person, not taken back, held until the transaction ends. */
  public Optional<Approval> take(Transaction tx, SubjectId subject, UUID id) {
    return tx.handle()
        .createQuery(
            """
            select asker, purpose, product, fields, expires_at from approval
            where subject_id = :subject and approval_id = :id and revoked_at is null
            for update
            """)
        .bind("subject", subject.value())
        .bind("id", id)
        .map(
            (row, context) ->
                new Approval(
                    new ActorId(row.getString("asker")),
                    row.getString("purpose"),
                    row.getString("product"),
                    List.of((String[]) row.getArray("fields").getArray()),
                    row.getTimestamp("expires_at").toInstant()))
        .findOne();
  }

  /** Takes an approval back. */
  public void revoke(Transaction tx, SubjectId subject, UUID id) {
    tx.handle()
        .createUpdate(
            """
            update approval set revoked_at = now()
            where subject_id = :subject and approval_id = :id
            """)
        .bind("subject", subject.value())
        .bind("id", id)
        .execute();
  }

  /** Removes every approval about the person. */
  public void remove(PersonStatements statements) {
    statements.add("delete from approval where subject_id = :subject");
  }
}
