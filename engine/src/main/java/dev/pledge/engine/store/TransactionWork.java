package dev.pledge.engine.store;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** What to change in one transaction. It may run several times, so it touches nothing else. */
@FunctionalInterface
public interface TransactionWork<T extends @Nullable Object> {
  /** The transaction is valid until this method returns; leaving by an exception rolls back. */
  T run(Transaction transaction) throws SQLException;
}
