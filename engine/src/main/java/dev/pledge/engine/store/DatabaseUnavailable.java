package dev.pledge.engine.store;

import org.jspecify.annotations.Nullable;

/**
 * The database cannot serve now: unreachable, shutting down, out of connections or disk, or too
 * contended.
 *
 * <p>Nothing was changed; the same call may be tried again later, and succeeds once the database is
 * back, without a restart of this process.
 */
public final class DatabaseUnavailable extends DatabaseFailed {
  DatabaseUnavailable(String message, @Nullable String sqlState) {
    super(message, sqlState);
  }
}
