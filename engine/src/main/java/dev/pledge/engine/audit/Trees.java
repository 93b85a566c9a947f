package dev.pledge.engine.audit;

import dev.pledge.log.ByteString;
import dev.pledge.log.Hash;
import dev.pledge.log.Tile;
import dev.pledge.log.Tree;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;
import org.jspecify.annotations.Nullable;

/** The statements about one log's tree: its head, its tiles, its checkpoints. */
final class Trees {
  private static final int LEASE_SECONDS = 3;

  private final String log;

  Trees(String log) {
    this.log = log;
  }

  /** How far the tree has come. */
  record Head(long size, Hash root) {}

  /**
   * What is to be done.
   *
   * @param published the size of the newest checkpoint; below any size if there is none
   * @param longestWait how long the entry has been waiting that waits longest for its place, or
   *     placed for a checkpoint; not negative, 0 if none waits
   * @param hasWaiting whether one waits for its place
   * @param contradiction what an anchor outside knows that the log is not
   */
  record Look(
      Head head,
      long published,
      Duration longestWait,
      boolean hasWaiting,
      Optional<String> contradiction) {
    boolean hasPublished() {
      return published >= 0;
    }

    boolean isPublished() {
      return published == head.size;
    }

    boolean hasWork() {
      return hasWaiting || !isPublished();
    }
  }

  /** An entry without a place. */
  @SuppressWarnings("ArrayRecordComponent") // Handed from one place to the next, never compared.
  record Waiting(UUID intakeKey, UUID id, IntakeSeal.Sealed sealed) {}

  /**
   * Where an entry was put.
   *
   * @param at when it was decided
   */
  record Placed(UUID intakeKey, UUID id, long index, Instant at) {}

  /** When entries were decided: the first and the last of them. */
  private record Times(Instant first, Instant last) {
    Times and(Times other) {
      return new Times(
          first.isBefore(other.first) ? first : other.first,
          last.isAfter(other.last) ? last : other.last);
    }
  }

  /** The names of all logs that were begun. */
  static List<String> begun(Handle handle) {
    return handle.createQuery("select log from tree").mapTo(String.class).list();
  }

  /** Begins an empty log, unless it is there. */
  void begin(Handle handle) {
    handle
        .createUpdate(
            """
            insert into tree (log, size, root, held_by, held_until)
            values (:log, 0, :root, :nobody, '-infinity')
            on conflict do nothing
            """)
        .bind("log", log)
        .bind("root", Hash.ofEmptyTree().value().toByteArray())
        .bind("nobody", new UUID(0, 0))
        .execute();
  }

  Look look(Handle handle) {
    return handle
        .createQuery(
            """
            select size, root, published,
              waiting is not null as has_waiting,
              coalesce(greatest(0,
                extract(epoch from clock_timestamp() - least(waiting, placed))), 0)::float8 as wait,
              (select trouble from anchor where log = :log and trouble is not null
                order by name limit 1) as contradiction
            from tree
              left join lateral (select size as published from checkpoint where log = :log
                order by size desc limit 1) as newest on true
              left join lateral (select entered_at as waiting from intake
                where log = :log and leaf_index is null
                order by entered_at limit 1) as without_place on true
              left join lateral (select entered_at as placed from intake
                where log = :log and leaf_index >= coalesce(published, 0)
                order by leaf_index limit 1) as without_checkpoint on true
            where log = :log
            """)
        .bind("log", log)
        .map(
            (row, context) -> {
              @Nullable Long published = row.getObject("published", Long.class);
              return new Look(
                  head(row),
                  published == null ? -1 : published,
                  Duration.ofMillis((long) (1000 * row.getDouble("wait"))),
                  row.getBoolean("has_waiting"),
                  Optional.ofNullable(row.getString("contradiction")));
            })
        .one();
  }

  /** How far the tree has come; empty before it was begun. */
  Optional<Head> head(Handle handle) {
    return handle
        .createQuery("select size, root from tree where log = :log")
        .bind("log", log)
        .map((row, context) -> head(row))
        .findOne();
  }

  /**
   * The head, held until the transaction ends; empty while somebody else has the lease. One that
   * ends later than any could is of before the clock was set back, and is none.
   */
  Optional<Head> hold(Handle handle, UUID holder) {
    return handle
        .createQuery(
            """
            select size, root from tree
            where log = :log and (held_by = :holder
              or held_until < clock_timestamp()
              or held_until > clock_timestamp() + make_interval(secs => :lease))
            for update skip locked
            """)
        .bind("log", log)
        .bind("holder", holder)
        .bind("lease", LEASE_SECONDS)
        .map((row, context) -> head(row))
        .findOne();
  }

  /** Ends the holder's lease, if it has it. */
  void release(Handle handle, UUID holder) {
    handle
        .createUpdate(
            "update tree set held_until = '-infinity' where log = :log and held_by = :holder")
        .bind("log", log)
        .bind("holder", holder)
        .execute();
  }

  private static Head head(ResultSet row) throws SQLException {
    byte[] root = row.getBytes("root");
    if (root.length != Hash.SIZE) {
      throw new LogBroken(
          "the log's root is no hash: it was altered; restore the database from a backup");
    }
    return new Head(row.getLong("size"), new Hash(ByteString.of(root)));
  }

  /** Moves the head on, if it is still where it was. */
  boolean move(Handle handle, Head from, Head to, UUID holder) {
    return handle
            .createUpdate(
                """
                update tree
                set size = :size, root = :root, held_by = :holder,
                  held_until = clock_timestamp() + make_interval(secs => :lease)
                where log = :log and size = :oldSize and root = :oldRoot
                """)
            .bind("log", log)
            .bind("size", to.size())
            .bind("root", to.root().value().toByteArray())
            .bind("holder", holder)
            .bind("lease", LEASE_SECONDS)
            .bind("oldSize", from.size())
            .bind("oldRoot", from.root().value().toByteArray())
            .execute()
        == 1;
  }

  /**
   * Entries that have no place, those that wait longest first, and those of one second in no order:
   * what was entered together is not placed together.
   */
  List<Waiting> waiting(Handle handle, int limit) {
    return handle
        .createQuery(
            """
            select intake_key, id, epoch, sealed from (
              select intake_key, id, epoch, sealed, entered_at from intake
              where log = :log and leaf_index is null
              order by entered_at
              limit :limit) as waiting
            order by entered_at, gen_random_uuid()
            """)
        .bind("log", log)
        .bind("limit", limit)
        .map(
            (row, context) ->
                new Waiting(
                    row.getObject("intake_key", UUID.class),
                    row.getObject("id", UUID.class),
                    new IntakeSeal.Sealed(row.getInt("epoch"), row.getBytes("sealed"))))
        .list();
  }

  /** Whether any entry has that place, or one beyond it. */
  boolean hasPlaceFrom(Handle handle, long index) {
    return handle
        .createQuery("select exists(select from intake where log = :log and leaf_index >= :index)")
        .bind("log", log)
        .bind("index", index)
        .mapTo(Boolean.class)
        .one();
  }

  /**
   * Refuses an entry that lies there twice: rows of the same id under other keys, or one that is in
   * the archive already.
   */
  void requireNew(Handle handle, List<Waiting> waiting) {
    Set<UUID> ids = waiting.stream().map(Waiting::id).collect(Collectors.toSet());
    long rows =
        handle
            .createQuery("select count(*) from intake where id = any(:ids)")
            .bind("ids", ids.toArray(UUID[]::new))
            .mapTo(Long.class)
            .one();
    if (rows != ids.size() || Archive.hasSome(handle, ids)) {
      throw new LogBroken(
          "an entry lies in the table `intake` twice, or in `archive` as well; see who else writes to"
              + " them, and restore them");
    }
  }

  /**
   * Gives entries their places; how many had none until now.
   *
   * <p>Each is found by its key. That it has no place is asked in a form that the index of those
   * that wait does not serve: looked through for each, it takes the square of how many wait.
   */
  int place(Handle handle, List<Placed> placed) {
    return handle
        .createUpdate(
            """
            update intake set leaf_index = placed.leaf_index
            from unnest(:keys::uuid[], :ids::uuid[], :places::bigint[])
              as placed (intake_key, id, leaf_index)
            where intake.intake_key = placed.intake_key and intake.id = placed.id
              and intake.log = :log and coalesce(intake.leaf_index, -1) = -1
            """)
        .bind("log", log)
        .bind("keys", placed.stream().map(Placed::intakeKey).toArray(UUID[]::new))
        .bind("ids", placed.stream().map(Placed::id).toArray(UUID[]::new))
        .bind("places", placed.stream().map(Placed::index).toArray(Long[]::new))
        .execute();
  }

  /**
   * Writes tiles that grew.
   *
   * @param placed what they grew by
   */
  void write(Handle handle, List<Tile> tiles, List<Placed> placed) {
    Map<Long, Times> decided = new HashMap<>();
    placed.forEach(
        each ->
            decided.merge(each.index() / Tile.WIDTH, new Times(each.at(), each.at()), Times::and));
    handle
        .createUpdate(
            """
            insert into tile (log, level, index, hashes, period)
            select :log, level, index, hashes,
              case when level = 0 then tstzrange(first, last, '[]') end
            from unnest(:levels::smallint[], :indices::bigint[], :hashes::bytea[])
                as tile (level, index, hashes)
              left join unnest(:decided::bigint[],
                  :firsts::text[]::timestamptz[], :lasts::text[]::timestamptz[])
                as decided (tile, first, last) on level = 0 and decided.tile = index
            on conflict (log, level, index) do update set
              hashes = excluded.hashes,
              period = range_merge(tile.period, excluded.period)
            """)
        .bind("log", log)
        .bind("levels", tiles.stream().map(tile -> (short) tile.level()).toArray(Short[]::new))
        .bind("indices", tiles.stream().map(Tile::index).toArray(Long[]::new))
        .bind("hashes", byteArrays(tiles))
        .bind("decided", decided.keySet().toArray(Long[]::new))
        .bind("firsts", texts(decided, Times::first))
        .bind("lasts", texts(decided, Times::last))
        .execute();
  }

  private static String[] texts(Map<Long, Times> decided, Function<Times, Instant> end) {
    return decided.values().stream().map(end).map(Instant::toString).toArray(String[]::new);
  }

  // Jdbi would make an Object[] of it, which the driver does not take.
  private static Argument byteArrays(List<Tile> tiles) {
    byte[][] hashes = tiles.stream().map(Tile::hashes).toArray(byte[][]::new);
    return (position, statement, context) ->
        statement.setArray(position, statement.getConnection().createArrayOf("bytea", hashes));
  }

  /** The log's tiles, each read once, when it is first asked for. */
  Tree.Tiles tiles(Handle handle) {
    Map<List<Long>, Tile> read = new HashMap<>();
    return (level, index, width) -> {
      Tile tile =
          read.computeIfAbsent(List.of((long) level, index), at -> tile(handle, level, index));
      if (tile.width() < width) {
        throw lacks(level, index);
      }
      return tile;
    };
  }

  private Tile tile(Handle handle, int level, long index) {
    return handle
        .createQuery(
            "select hashes from tile where log = :log and level = :level and index = :index")
        .bind("log", log)
        .bind("level", level)
        .bind("index", index)
        .map((row, context) -> tile(level, index, row))
        .findOne()
        .orElseThrow(() -> lacks(level, index));
  }

  /** All tiles of a level from one place to another. */
  List<Tile> tiles(Handle handle, int level, long from, long to) {
    List<Tile> tiles =
        handle
            .createQuery(
                """
                select index, hashes from tile
                where log = :log and level = :level and index >= :from and index < :to
                order by index
                """)
            .bind("log", log)
            .bind("level", level)
            .bind("from", from)
            .bind("to", to)
            .map((row, context) -> tile(level, row.getLong("index"), row))
            .list();
    for (int i = 0; i < to - from; i++) {
      if (i >= tiles.size() || tiles.get(i).index() != from + i) {
        throw lacks(level, from + i);
      }
    }
    return tiles;
  }

  private static Tile tile(int level, long index, ResultSet row) throws SQLException {
    try {
      return new Tile(level, index, row.getBytes("hashes"));
    } catch (IllegalArgumentException e) {
      throw new LogBroken(
          "the log's tile "
              + level
              + "/"
              + index
              + " was cut short or added to; restore the database from a backup");
    }
  }

  private static LogBroken lacks(int level, long index) {
    return new LogBroken(
        "the log lacks tile "
            + level
            + "/"
            + index
            + ", which its tree rests on; restore the database from a backup that has it");
  }

  /** The place of an entry, if it has one and is still kept. */
  Optional<Long> position(Handle handle, UUID entry) {
    return handle
        .createQuery(
            """
            select leaf_index from intake
             where id = :id and log = :log and leaf_index is not null""")
        .bind("id", entry)
        .bind("log", log)
        .mapTo(Long.class)
        .findOne()
        .or(
            () ->
                Archive.places(handle, Set.of(entry)).stream()
                    .map(Archive.Archived::place)
                    .filter(place -> place.log().equals(log))
                    .map(Place::position)
                    .findFirst());
  }

  /** The newest checkpoint that a witness cosigned, as the log signed it; empty if none is. */
  Optional<byte[]> newestCosigned(Handle handle) {
    return handle
        .createQuery(
            """
            select note from checkpoint where log = :log
              and size = (select max(size) from cosignature where log = :log)
            """)
        .bind("log", log)
        .mapTo(byte[].class)
        .findOne();
  }

  /**
   * From the first of these tiles of level 0 that has an entry decided in a period to the last;
   * none if no tile has.
   *
   * @param from empty: since ever
   * @param to the first time after the period; empty: for ever
   * @throws LogBroken if one of these tiles is missing
   */
  LogReader.Range decided(
      Handle handle, LogReader.Range tiles, Optional<Instant> from, Optional<Instant> to) {
    return handle
        .createQuery(
            """
            select count(*) as tiles,
              coalesce(min(index) filter (where fits), :end) as first,
              coalesce(max(index) filter (where fits) + 1, :end) as last
            from (
              select index,
                (period && tstzrange(:from::timestamptz, :to::timestamptz)) is not false as fits
              from tile
              where log = :log and level = 0 and index >= :start and index < :end) as these
            """)
        .bind("log", log)
        .bind("start", tiles.from())
        .bind("end", tiles.to())
        .bind("from", from.map(Instant::toString).orElse(null))
        .bind("to", to.map(Instant::toString).orElse(null))
        .map(
            (row, context) -> {
              if (row.getLong("tiles") < tiles.size()) {
                throw new LogBroken(
                    "the log lacks tiles, which its tree rests on; restore the database from a"
                        + " backup that has them");
              }
              return new LogReader.Range(row.getLong("first"), row.getLong("last"));
            })
        .one();
  }

  void publish(Handle handle, long size, byte[] note) {
    handle
        .createUpdate(
            """
            insert into checkpoint (log, size, note) values (:log, :size, :note)
            on conflict do nothing
            """)
        .bind("log", log)
        .bind("size", size)
        .bind("note", note)
        .execute();
  }

  /** How many entries the newest checkpoint covers, if there is one. */
  Optional<Long> newest(Handle handle) {
    return handle
        .createQuery("select size from checkpoint where log = :log order by size desc limit 1")
        .bind("log", log)
        .mapTo(Long.class)
        .findOne();
  }
}
