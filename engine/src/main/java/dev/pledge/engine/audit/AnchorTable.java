package dev.pledge.engine.audit;

import dev.pledge.log.NoteSignature;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The statements about the anchors of one log, and about what witnesses cosign. */
final class AnchorTable {
  /** Longer than an anchor takes to be told. */
  private static final int LEASE_SECONDS = 120;

  /** Nothing is due later than this, unless the clock was set back. */
  private static final int LONGEST_PAUSE_DAYS = 8;

  private final String log;
  private final UUID holder;

  AnchorTable(String log, UUID holder) {
    this.log = log;
    this.holder = holder;
  }

  /**
   * An anchor that this node alone tells now.
   *
   * @param known how many entries it knows of; 0 if it was never told
   */
  record Claim(long known, int failures) {}

  /** What is kept of an anchor. */
  record Row(Optional<Long> size, Optional<Instant> at, Duration age, boolean contradicts) {}

  /** Makes a row for it, unless there is one. */
  void begin(Handle handle, String name) {
    handle
        .createUpdate(
            """
            insert into anchor (log, name, held_by, held_until)
            values (:log, :name, :nobody, '-infinity')
            on conflict do nothing
            """)
        .bind("log", log)
        .bind("name", name)
        .bind("nobody", new UUID(0, 0))
        .execute();
  }

  /** What other anchors than these said, which the operator took out, counts no more. */
  void forgetTroubleOfOthers(Handle handle, List<String> names) {
    handle
        .createUpdate(
            """
            update anchor set trouble = null
            where log = :log and trouble is not null and not name = any(:names)
            """)
        .bind("log", log)
        .bind("names", names.toArray(String[]::new))
        .execute();
  }

  /** Takes it, if it is due, lacks something, and nobody else is at it. */
  Optional<Claim> claim(Handle handle, String name, long size) {
    return handle
        .createQuery(
            """
            update anchor
            set held_by = :holder, held_until = clock_timestamp() + make_interval(secs => :lease)
            where log = :log and name = :name and coalesce(size, -1) < :size
              and (next_at <= clock_timestamp()
                or next_at > clock_timestamp() + make_interval(days => :longest))
              and (held_by = :holder
                or held_until < clock_timestamp()
                or held_until > clock_timestamp() + make_interval(secs => :lease))
            returning coalesce(size, 0) as known, failures
            """)
        .bind("log", log)
        .bind("name", name)
        .bind("size", size)
        .bind("holder", holder)
        .bind("lease", LEASE_SECONDS)
        .bind("longest", LONGEST_PAUSE_DAYS)
        .map((row, context) -> new Claim(row.getLong("known"), row.getInt("failures")))
        .findOne();
  }

  /** It knows so much, and is told again after a while. */
  void confirm(Handle handle, String name, long size, Duration pause) {
    handle
        .createUpdate(
            """
            update anchor
            set size = greatest(coalesce(size, 0), :size), confirmed_at = clock_timestamp(),
              failures = 0, trouble = null,
              next_at = clock_timestamp() + make_interval(secs => :pause),
              held_until = '-infinity'
            where log = :log and name = :name
            """)
        .bind("log", log)
        .bind("name", name)
        .bind("size", size)
        .bind("pause", pause.toSeconds())
        .execute();
  }

  /**
   * It could not be told, and is tried again after a while.
   *
   * @param trouble what it knows that is not so, if it does: from now on nobody signs
   */
  void fail(Handle handle, String name, Optional<String> trouble, Duration pause) {
    handle
        .createUpdate(
            """
            update anchor
            set failures = failures + 1, trouble = coalesce(:trouble, trouble),
              next_at = clock_timestamp() + make_interval(secs => :pause),
              held_until = '-infinity'
            where log = :log and name = :name
            """)
        .bind("log", log)
        .bind("name", name)
        .bind("trouble", trouble.orElse(null))
        .bind("pause", pause.toSeconds())
        .execute();
  }

  /** What is kept of it; empty before it was begun. */
  Optional<Row> row(Handle handle, String name) {
    return handle
        .createQuery(
            """
            select size, confirmed_at, trouble is not null as troubled,
              coalesce(extract(epoch from clock_timestamp() - confirmed_at), 0)::bigint as age
            from anchor where log = :log and name = :name
            """)
        .bind("log", log)
        .bind("name", name)
        .map((row, context) -> row(row))
        .findOne();
  }

  private static Row row(ResultSet row) throws SQLException {
    @Nullable Long size = row.getObject("size", Long.class);
    java.sql.@Nullable Timestamp at = row.getTimestamp("confirmed_at");
    return new Row(
        Optional.ofNullable(size),
        Optional.ofNullable(at).map(java.sql.Timestamp::toInstant),
        Duration.ofSeconds(row.getLong("age")),
        row.getBoolean("troubled"));
  }

  /**
   * Goes on to the newest checkpoint, if the one that is being cosigned has had its time: a while
   * if enough have cosigned it, and {@code patience} if not.
   */
  void choose(Handle handle, int threshold, Duration every, Duration patience) {
    handle
        .createUpdate(
            """
            insert into candidate (log, size, chosen_at)
            select log, size, clock_timestamp()
            from (
              select log, size from checkpoint where log = :log order by size desc limit 1
            ) as newest
            where not exists (
              select from candidate where candidate.log = :log and candidate.size >= newest.size)
            on conflict (log) do update set size = excluded.size, chosen_at = excluded.chosen_at
            where candidate.size < excluded.size
              and (candidate.chosen_at > clock_timestamp()
                or candidate.chosen_at < clock_timestamp() - make_interval(secs => :patience)
                or (candidate.chosen_at < clock_timestamp() - make_interval(secs => :every)
                  and :threshold <= (select count(distinct witness) from cosignature
                    where cosignature.log = :log and cosignature.size = candidate.size)))
            """)
        .bind("log", log)
        .bind("threshold", threshold)
        .bind("every", every.toSeconds())
        .bind("patience", patience.toSeconds())
        .execute();
  }

  /** The checkpoint that witnesses are asked to cosign. */
  Optional<byte[]> candidate(Handle handle) {
    return handle
        .createQuery(
            """
            select note from candidate join checkpoint using (log, size) where log = :log
            """)
        .bind("log", log)
        .mapTo(byte[].class)
        .findOne();
  }

  /** Keeps what was signed of a checkpoint, unless it is kept already. */
  void keep(Handle handle, long size, NoteSignature cosignature) {
    handle
        .createUpdate(
            """
            insert into cosignature (log, size, witness, key_id, line)
            values (:log, :size, :witness, :key, :line)
            on conflict do nothing
            """)
        .bind("log", log)
        .bind("size", size)
        .bind("witness", cosignature.name())
        .bind("key", cosignature.keyId().toString())
        .bind("line", cosignature.toString())
        .execute();
  }
}
