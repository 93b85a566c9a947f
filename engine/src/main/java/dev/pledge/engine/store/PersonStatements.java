package dev.pledge.engine.store;

import dev.pledge.policy.names.SubjectId;
import java.util.ArrayList;
import java.util.List;

/**
 * What several packages write about one person, or one hold, each in its own tables, sent to the
 * database together: one round trip for all, in the order in which they were added.
 *
 * <p>Nothing is written before {@link #execute}. Where one of them fails, none after it is tried,
 * and the transaction with it fails. Not for use by several threads.
 */
public final class PersonStatements {
  private final Transaction tx;
  private final SubjectId subject;
  private final List<String> statements = new ArrayList<>();

  /** Statements of a transaction; none yet. */
  public PersonStatements(Transaction tx, SubjectId subject) {
    this.tx = tx;
    this.subject = subject;
  }

  /**
   * Adds a statement whose only parameter is {@code :subject}, the person, or the name of the
   * hold's key.
   */
  public PersonStatements add(String sql) {
    statements.add(sql);
    return this;
  }

  /** Sends what was added. */
  public void execute() {
    tx.handle()
        .createUpdate(String.join(";\n", statements))
        .bind("subject", subject.value())
        .execute();
  }
}
