package dev.pledge.engine.store;

import java.sql.SQLException;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What to do with one connection in autocommit mode. */
@FunctionalInterface
public interface Work<T extends @Nullable Object> {
  /** The handle is valid until this method returns. */
  T run(Handle handle) throws SQLException;
}
