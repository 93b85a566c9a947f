package dev.pledge.engine.audit;

import dev.pledge.log.Entry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A row of the intake, opened: its columns are {@code id, log, epoch, sealed, leaf_index}. */
final class IntakeRow {
  private IntakeRow() {}

  /**
   * The entry in the row.
   *
   * @throws RuntimeException if it was altered, lies under another id, or its key is gone
   */
  static Recorded open(ResultSet row, IntakeSeal seal) throws SQLException {
    UUID id = row.getObject("id", UUID.class);
    var sealed = new IntakeSeal.Sealed(row.getInt("epoch"), row.getBytes("sealed"));
    Entry entry = Entry.decode(seal.open(id, sealed));
    if (!entry.id().equals(id)) {
      throw new IllegalStateException("an entry does not lie where its id says");
    }
    @Nullable Long position = row.getObject("leaf_index", Long.class);
    return new Recorded(
        row.getString("log"),
        entry,
        position == null ? OptionalLong.empty() : OptionalLong.of(position));
  }
}
