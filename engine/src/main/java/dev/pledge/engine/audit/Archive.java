package dev.pledge.engine.audit;

import dev.pledge.engine.store.TimeOrderedIds;
import dev.pledge.log.Entry;
import dev.pledge.log.EntryBundle;
import dev.pledge.log.Tile;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;
import org.jdbi.v3.core.Handle;

/**
 * The statements about old entries, which lie a whole tile to a row: a {@linkplain EntryBundle
 * bundle}, deflated and sealed.
 */
final class Archive {
  private final IntakeSeal seal;

  Archive(IntakeSeal seal) {
    this.seal = seal;
  }

  /**
   * The tile whose entries are the next to be archived: those before are, or are no longer kept.
   */
  long next(Handle handle, String log) {
    return handle
        .createQuery(
            """
            select coalesce(
              (select max(index) + 1 from archive where log = :log),
              (select first / 256 from tree where log = :log),
              0)
            """)
        .bind("log", log)
        .mapTo(Long.class)
        .one();
  }

  /**
   * Puts the entries of a whole tile here and takes them from where they were.
   *
   * @return false if somebody else did
   * @throws dev.pledge.engine.store.DatabaseFailed if no checkpoint covers them, or they are not
   *     the tile's
   */
  boolean put(Handle handle, String log, long index, List<Entry> entries) {
    List<Instant> made =
        entries.stream().map(Entry::id).map(TimeOrderedIds::timeOf).sorted().toList();
    byte[] bundle = EntryBundle.encode(entries.stream().map(Entry::encode).toList());
    IntakeSeal.SealedTile sealed = seal.sealTile(log, index, deflated(bundle));
    return handle
        .createQuery(
            """
            select archive_tile(:log, :index, :ids::uuid[],
              tstzrange(:first, :last, '[]'), :epoch, :wrapped, :sealed)
            """)
        .bind("log", log)
        .bind("index", index)
        .bind("ids", entries.stream().map(Entry::id).toArray(UUID[]::new))
        .bind("first", made.getFirst())
        .bind("last", made.getLast())
        .bind("epoch", sealed.epoch())
        .bind("wrapped", sealed.wrapped())
        .bind("sealed", sealed.bytes())
        .mapTo(Boolean.class)
        .one();
  }

  /** The entries of a tile, in the order of their places; none if they are not here. */
  List<Recorded> tile(Handle handle, String log, long index) {
    return handle
        .createQuery(
            "select ids, epoch, wrapped, sealed from archive where log = :log and index = :index")
        .bind("log", log)
        .bind("index", index)
        .map((row, context) -> open(log, index, row))
        .findOne()
        .orElse(List.of());
  }

  private List<Recorded> open(String log, long index, ResultSet row) throws SQLException {
    UUID[] ids = (UUID[]) row.getArray("ids").getArray();
    var sealed =
        new IntakeSeal.SealedTile(
            row.getInt("epoch"), row.getBytes("wrapped"), row.getBytes("sealed"));
    List<Recorded> entries = new ArrayList<>();
    try {
      for (byte[] bytes : EntryBundle.decode(inflated(seal.openTile(log, index, sealed)))) {
        long position = index * Tile.WIDTH + entries.size();
        Entry entry = Entry.decode(bytes);
        if (!entry.id().equals(ids[entries.size()])) {
          throw new IllegalStateException("an entry does not lie where its id says");
        }
        entries.add(new Recorded(log, entry, OptionalLong.of(position)));
      }
    } catch (KeysUnavailable locked) {
      throw locked;
    } catch (RuntimeException altered) {
      throw new IllegalStateException(
          "the archived entries from position "
              + index * Tile.WIDTH
              + " on of log `"
              + log
              + "` are not as they were written; restore them before going on",
          altered);
    }
    return entries;
  }

  /** Those of the entries that are here; each tile that holds some is read once. */
  List<Recorded> find(Handle handle, Collection<UUID> ids) {
    return places(handle, ids).stream()
        .map(each -> Shelf.of(each.place))
        .distinct()
        .flatMap(shelf -> tile(handle, shelf.log, shelf.index).stream())
        .filter(each -> ids.contains(each.entry().id()))
        .toList();
  }

  private record Shelf(String log, long index) {
    static Shelf of(Place place) {
      return new Shelf(place.log(), place.position() / Tile.WIDTH);
    }
  }

  static <T> UUID[] ids(Collection<T> all, Function<T, UUID> id) {
    return all.stream().map(id).toArray(UUID[]::new);
  }

  /** An entry that is here, and where. */
  record Archived(UUID id, Place place) {}

  /** Where those of the entries are that are here. */
  static List<Archived> places(Handle handle, Collection<UUID> ids) {
    if (ids.isEmpty()) {
      return List.of();
    }
    // As numbers: an id that a caller made up may be of a year that no text of a time has.
    return handle
        .createQuery(
            """
            select wanted.id, log, index * 256 + array_position(ids, wanted.id) - 1 as position
            from unnest(:ids::uuid[], :made::bigint[]) as wanted (id, made)
            join archive on archive.period @> to_timestamp(wanted.made / 1000.0::float8)
              and wanted.id = any(archive.ids)
            """)
        .bind("ids", ids.toArray(UUID[]::new))
        .bind(
            "made",
            ids.stream().map(id -> TimeOrderedIds.timeOf(id).toEpochMilli()).toArray(Long[]::new))
        .map(
            (row, context) ->
                new Archived(
                    row.getObject("id", UUID.class),
                    new Place(row.getString("log"), row.getLong("position"))))
        .list();
  }

  /** Whether one of the entries is here. Of those that are younger than what is here none is. */
  static boolean hasSome(Handle handle, Set<UUID> ids) {
    Optional<Instant> newest = newest(handle);
    Set<UUID> old =
        ids.stream()
            .filter(id -> newest.filter(at -> !TimeOrderedIds.timeOf(id).isAfter(at)).isPresent())
            .collect(Collectors.toSet());
    return !old.isEmpty() && !places(handle, old).isEmpty();
  }

  /** When the youngest entry was made that the last tile of a log has; of all logs the latest. */
  private static Optional<Instant> newest(Handle handle) {
    return handle
        .createQuery(
            """
            select max(upper(period)) from tree join lateral (
              select period from archive where archive.log = tree.log
              order by index desc limit 1) as last_tile on true
            having max(upper(period)) is not null
            """)
        .mapTo(Instant.class)
        .findOne();
  }

  /**
   * That none of the entries, which were found nowhere, should still be kept.
   *
   * @throws IllegalStateException if one should
   */
  static void requireNoneKept(Handle handle, Set<UUID> missing) {
    if (missing.isEmpty()) {
      return;
    }
    Instant kept = keptFrom(handle);
    if (missing.stream().anyMatch(id -> TimeOrderedIds.timeOf(id).isAfter(kept))) {
      throw new IllegalStateException(
          "the log lacks entries that a history points to; restore it before going on");
    }
  }

  /**
   * How many whole tiles from the first that is kept on have only entries made before that.
   *
   * @return the first tile after them
   */
  long endOf(Handle handle, String log, Instant before) {
    return handle
        .createQuery(
            """
            select coalesce(
              (select min(index) from archive where log = :log and upper(period) >= :before),
              (select max(index) + 1 from archive where log = :log),
              0)
            """)
        .bind("log", log)
        .bind("before", before)
        .mapTo(Long.class)
        .one();
  }

  /**
   * Lets go of the entries of all tiles before that one.
   *
   * @throws dev.pledge.engine.store.DatabaseFailed if some are younger than the law asks
   */
  void prune(Handle handle, String log, long before) {
    var _ =
        handle
            .createQuery("select prune_archive(:log, :before)")
            .bind("log", log)
            .bind("before", before)
            .mapTo(Long.class)
            .one();
  }

  /** The place of the first entry that is still kept. */
  static long first(Handle handle, String log) {
    return handle
        .createQuery("select first from tree where log = :log")
        .bind("log", log)
        .mapTo(Long.class)
        .findOne()
        .orElse(0L);
  }

  /** Until when those entries of any log were made that are no longer kept. */
  private static Instant keptFrom(Handle handle) {
    return handle
        .createQuery("select max(kept_from) from tree where kept_from > '-infinity'")
        .mapTo(Instant.class)
        .findOne()
        .orElse(Instant.MIN);
  }

  private static byte[] deflated(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length / 2);
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(out)) {
      deflater.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static byte[] inflated(byte[] bytes) {
    try (InflaterInputStream inflater = new InflaterInputStream(new ByteArrayInputStream(bytes))) {
      return inflater.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
