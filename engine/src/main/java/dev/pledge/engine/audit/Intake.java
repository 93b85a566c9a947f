package dev.pledge.engine.audit;

import dev.pledge.engine.store.ConstraintViolated;
import dev.pledge.engine.store.Database;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.argument.Argument;

/** The statements that write entries. */
final class Intake {
  private static final String FOREIGN_KEY = "23503";

  // Locks on persons are taken in the order of their ids, by everybody.
  private static final Comparator<Prepared> BY_SUBJECT =
      Comparator.comparing(
          prepared -> prepared.line().map(line -> line.subject().value()).orElse(null),
          Comparator.nullsFirst(Comparator.naturalOrder()));

  private final UUID key;

  /** Rows go in under the given intake key. */
  Intake(UUID key) {
    this.key = key;
  }

  /** What rows go in under. */
  UUID key() {
    return key;
  }

  /**
   * Inserts entries and history lines in one statement.
   *
   * @throws NoHistory if a person they are about has no history
   */
  void insert(Handle handle, List<Prepared> entries) {
    List<HistoryLine> lines =
        entries.stream().sorted(BY_SUBJECT).flatMap(e -> e.line().stream()).toList();
    try {
      handle
          .createUpdate(
              """
              with entered as (
                insert into intake (intake_key, id, log, epoch, sealed)
                select :key, id, log, epoch, sealed
                from unnest(:ids::uuid[], :logs::text[], :epochs::int[], :sealed::bytea[])
                  as entry (id, log, epoch, sealed)
              )
              insert into history_line (subject_id, place, sealed)
              select subject_id, place, sealed
              from unnest(:subjects::uuid[], :places::bigint[], :lines::bytea[])
                as line (subject_id, place, sealed)
              """)
          .bind("key", key)
          .bind("ids", entries.stream().map(Prepared::id).toArray(UUID[]::new))
          .bind("logs", entries.stream().map(e -> e.receipt().log()).toArray(String[]::new))
          .bind("epochs", entries.stream().map(e -> e.sealed().epoch()).toArray(Integer[]::new))
          .bind("sealed", byteArrays(entries.stream().map(e -> e.sealed().bytes()).toList()))
          .bind("subjects", lines.stream().map(l -> l.subject().value()).toArray(UUID[]::new))
          .bind("places", lines.stream().map(HistoryLine::place).toArray(Long[]::new))
          .bind("lines", byteArrays(lines.stream().map(HistoryLine::sealed).toList()))
          .execute();
    } catch (JdbiException e) {
      if (e.getCause() instanceof SQLException sql && FOREIGN_KEY.equals(sql.getSQLState())) {
        throw new NoHistory();
      }
      throw e;
    }
  }

  /** As {@link #insert}, committed durably when it returns. */
  void commit(Database database, List<Prepared> entries) {
    database.read(
        handle -> {
          insert(handle, entries);
          return true;
        });
  }

  /** Which of the entries are durable, though their commit was not heard of. */
  Set<UUID> durable(Database database, Collection<Prepared> entries) {
    Map<UUID, Prepared> byId =
        entries.stream().collect(Collectors.toMap(Prepared::id, Function.identity()));
    Set<UUID> durable = new HashSet<>();
    database.read(
        handle ->
            handle
                .createQuery(
                    """
                    select id, sealed from intake where intake_key = :key and id = any(:ids)
                    """)
                .bind("key", key)
                .bind("ids", byId.keySet().toArray(UUID[]::new))
                .map(
                    (row, context) -> {
                      UUID id = row.getObject("id", UUID.class);
                      Prepared entry = byId.get(id);
                      // INVARIANT: a seal is never made twice alike, so equal bytes are our row.
                      return entry != null
                          && Arrays.equals(entry.sealed().bytes(), row.getBytes("sealed"))
                          && durable.add(id);
                    })
                .list());
    return durable;
  }

  static boolean isDuplicate(RuntimeException failure) {
    return failure instanceof ConstraintViolated refused && refused.duplicates("intake_pkey");
  }

  // Jdbi would make an Object[] of it, which the driver does not take.
  static Argument byteArrays(List<byte[]> values) {
    byte[][] sealed = values.toArray(byte[][]::new);
    return (position, statement, context) ->
        statement.setArray(position, statement.getConnection().createArrayOf("bytea", sealed));
  }
}
