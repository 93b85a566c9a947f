package dev.pledge.engine.gate;

import dev.pledge.engine.audit.IntakeSeal;
import dev.pledge.engine.keys.KeyStore;
import dev.pledge.engine.keys.UnsealException;
import dev.pledge.engine.keys.WrappedKey;
import dev.pledge.policy.names.SubjectId;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Tries whether data opens with a key store as it lies on its disk: of people's keys, that the
 * journal has the same as the database and both open; of the log, that entries do. A sample: so
 * many of each, at random.
 */
public final class TrialRestore {
  private static final int PEOPLE = 10_000;
  private static final int ENTRIES = 1_000;

  /** Places that entries are tried from: the first of all, and others at random. */
  private static final int SPOTS = 50;

  private static final int TILES = 10;

  private final KeyStore keys;

  /** With that key store, opened for the trial. */
  public TrialRestore(KeyStore keys) {
    this.keys = keys;
  }

  /** What does not open; empty if everything of the sample does. */
  public Optional<String> failure(Handle handle) {
    Map<SubjectId, WrappedKey> people = people(handle);
    Map<SubjectId, WrappedKey> noted = keys.journal().of(people.keySet());
    long closed =
        people.entrySet().stream()
            .filter(person -> !opens(person.getKey(), person.getValue(), noted))
            .count();
    if (closed > 0) {
      return Optional.of(
          "in a trial restore, the keys of "
              + closed
              + " of "
              + people.size()
              + " people did not open");
    }
    long entries = closedEntries(handle) + closedTiles(handle);
    return entries > 0
        ? Optional.of("in a trial restore, " + entries + " entries of the log did not open")
        : Optional.empty();
  }

  private boolean opens(SubjectId subject, WrappedKey stored, Map<SubjectId, WrappedKey> noted) {
    @Nullable WrappedKey journalled = noted.get(subject);
    if (journalled == null || !stored.equals(journalled)) {
      return false;
    }
    try {
      keys.subjectKeys().unwrap(subject, stored).close();
      return true;
    } catch (UnsealException closed) {
      return false;
    }
  }

  private static Map<SubjectId, WrappedKey> people(Handle handle) {
    Map<SubjectId, WrappedKey> people = new LinkedHashMap<>();
    UUID from = handle.createQuery("select gen_random_uuid()").mapTo(UUID.class).one();
    for (String side : List.of(">=", "<")) {
      handle
          .createQuery(
              "select subject_id, epoch, generation, wrapped from subject_key where subject_id "
                  + side
                  + " :from order by subject_id limit :most")
          .bind("from", from)
          .bind("most", PEOPLE / 2)
          .map(
              (row, context) ->
                  people.put(
                      new SubjectId(row.getObject("subject_id", UUID.class)),
                      new WrappedKey(
                          row.getInt("epoch"), row.getInt("generation"), row.getBytes("wrapped"))))
          .list();
    }
    return people;
  }

  private long closedEntries(Handle handle) {
    IntakeSeal seal = keys.intakeSeal();
    return handle
        .createQuery(
            """
            select distinct on (e.id) e.id, e.epoch, e.sealed
            from (select case spot
                           when 1 then repeat('0', 32)
                           -- The ids of one second differ after their version alone.
                           else lpad(to_hex(at - at % 1000), 12, '0') || '7'
                                || substr(replace(gen_random_uuid()::text, '-', ''), 14)
                         end::uuid as start
                  from (select spot, lo + (random() * (hi - lo + 999))::bigint
                        from (select ('x' || left(replace(min(id::text), '-', ''), 12))::bit(48)::bigint,
                                     ('x' || left(replace(max(id::text), '-', ''), 12))::bit(48)::bigint
                              from ((select id from intake order by id limit 1)
                                    union all
                                    (select id from intake order by id desc limit 1)) as ends)
                          as span (lo, hi), generate_series(1, :spots) as spot) as spots (spot, at))
              as starts
            cross join lateral (
              select id, epoch, sealed from intake where id >= start order by id limit :each) as e
            """)
        .bind("spots", SPOTS)
        .bind("each", ENTRIES / SPOTS)
        .map(
            (row, context) ->
                opens(
                    () ->
                        seal.open(
                            row.getObject("id", UUID.class),
                            new IntakeSeal.Sealed(row.getInt("epoch"), row.getBytes("sealed")))))
        .list()
        .stream()
        .filter(opens -> !opens)
        .count();
  }

  private long closedTiles(Handle handle) {
    IntakeSeal seal = keys.intakeSeal();
    return handle
        .createQuery(
            """
            select a.log, a.index, a.epoch, a.wrapped, a.sealed
            from (select log, index from archive order by random() limit :most) as picked
            join archive a using (log, index)
            """)
        .bind("most", TILES)
        .map(
            (row, context) ->
                opens(
                    () ->
                        seal.openTile(
                            row.getString("log"),
                            row.getLong("index"),
                            new IntakeSeal.SealedTile(
                                row.getInt("epoch"),
                                row.getBytes("wrapped"),
                                row.getBytes("sealed")))))
        .list()
        .stream()
        .filter(opens -> !opens)
        .count();
  }

  private interface Opening {
    byte[] open() throws SQLException;
  }

  private static boolean opens(Opening opening) throws SQLException {
    try {
      var _ = opening.open();
      return true;
    } catch (UnsealException closed) {
      return false;
    }
  }
}
