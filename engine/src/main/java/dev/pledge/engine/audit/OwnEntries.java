package dev.pledge.engine.audit;

import dev.pledge.engine.store.Database;
import dev.pledge.log.Checkpoint;
import dev.pledge.log.Entry;
import dev.pledge.log.Growth;
import dev.pledge.log.Hash;
import dev.pledge.log.MarkKey;
import dev.pledge.log.Merkle;
import dev.pledge.log.Quorum;
import dev.pledge.log.SignedNote;
import dev.pledge.log.Statement;
import dev.pledge.log.Tile;
import dev.pledge.log.Tree;
import dev.pledge.policy.names.SubjectId;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jdbi.v3.core.Handle;

/**
 * The entries of one log about a person, each with what shows that the log has it, and the log's
 * signed word that these are all it has and may tell, up to the checkpoint that is shown.
 *
 * <p>Safe for use by many threads; a {@link Walk} is of one. When the database cannot serve, calls
 * throw {@link dev.pledge.engine.store.DatabaseUnavailable}; when the log does not hold what it
 * should, {@link LogBroken}, and nothing is signed.
 *
 * <p>Source: V.1, IV.2; RFC 9162 §2.1.3.
 */
public final class OwnEntries {
  /** The most entries of one part. */
  static final int PART = 250;

  /** The most positions read at once. */
  private static final int POSITIONS_AT_ONCE = 5_000;

  /** A tile for each leaf of a part and one above it, and those higher up, which are few. */
  private static final int MOST_TILES = 2 * PART + 100;

  private final String log;
  private final Database database;
  private final IntakeSeal seal;
  private final LogSigner signer;
  private final Trees trees;
  private final Archive archive;
  private final Served served;
  private final InstantSource clock;

  /**
   * Of the log so named; the database is not closed with this.
   *
   * @param quorum how many of which witnesses have to cosign what is shown
   */
  public OwnEntries(
      String log,
      Database database,
      IntakeSeal seal,
      LogSigner signer,
      Quorum quorum,
      InstantSource clock) {
    this.log = log;
    this.database = database;
    this.seal = seal;
    this.signer = signer;
    this.trees = new Trees(log);
    this.archive = new Archive(seal);
    this.served = new Served(log, signer, quorum);
    this.clock = clock;
  }

  /**
   * An entry in the log.
   *
   * @param position its place, from 0
   * @param proof that leads from it to the checkpoint, for {@link Merkle#isIncluded}
   */
  public record Included(long position, Entry entry, List<Hash> proof) {
    /** Copies the list. */
    public Included {
      proof = List.copyOf(proof);
    }
  }

  /**
   * Begins to walk through the entries about a person that are kept, none of whoever is unknown or
   * erased; empty before there is a checkpoint to show.
   *
   * @param key what the person's key does; not used afterwards
   */
  public Optional<Walk> begin(SubjectId subject, SubjectSeal key) {
    // INVARIANT: positions are looked for after the checkpoint was, so all it covers are found.
    return served
        .checkpoint(database)
        .map(shown -> new Walk(shown, positions(subject, key, shown)));
  }

  /** Where the person's entries are that the checkpoint covers, ascending; eight bytes each. */
  private long[] positions(SubjectId subject, SubjectSeal key, Served.Shown shown) {
    LongStream.Builder positions = LongStream.builder();
    long after = -1;
    List<HistoryLine> lines;
    do {
      long last = after;
      lines = database.read(handle -> History.ascending(handle, subject, last, POSITIONS_AT_ONCE));
      List<HistoryLine.Entered> entered = lines.stream().map(line -> line.open(key)).toList();
      for (Place place : database.read(handle -> places(handle, entered))) {
        if (place.log().equals(log) && place.position() < shown.size()) {
          positions.add(place.position());
        }
      }
      after = lines.isEmpty() ? after : lines.getLast().place();
    } while (lines.size() == POSITIONS_AT_ONCE);
    return positions.build().sorted().toArray();
  }

  /** Where those of the entries are that have a place. */
  private static List<Place> places(Handle handle, List<HistoryLine.Entered> entered) {
    Map<UUID, Optional<Place>> found = new HashMap<>();
    handle
        .createQuery(
            """
            select id, log, leaf_index
            from unnest(:keys::uuid[], :ids::uuid[]) as line (intake_key, id)
            join intake using (intake_key, id)
            """)
        .bind("keys", Archive.ids(entered, HistoryLine.Entered::intakeKey))
        .bind("ids", Archive.ids(entered, HistoryLine.Entered::entry))
        .map((row, context) -> Map.entry(row.getObject("id", UUID.class), place(row)))
        .forEach(each -> found.put(each.getKey(), each.getValue()));
    Set<UUID> missing =
        entered.stream().map(HistoryLine.Entered::entry).collect(Collectors.toSet());
    missing.removeAll(found.keySet());
    // In this order: an entry goes from there to the archive, and never back.
    Archive.places(handle, missing)
        .forEach(each -> found.put(each.id(), Optional.of(each.place())));
    missing.removeAll(found.keySet());
    Archive.requireNoneKept(handle, missing);
    return found.values().stream().flatMap(Optional::stream).toList();
  }

  /** Empty while the entry waits for its place. */
  private static Optional<Place> place(ResultSet row) throws SQLException {
    String log = row.getString("log");
    return Optional.ofNullable(row.getObject("leaf_index", Long.class))
        .map(position -> new Place(log, position));
  }

  /** A walk through the entries about one person, in the order of their positions. */
  public final class Walk {
    private final Served.Shown shown;
    private final Checkpoint checkpoint;
    private final long[] positions;
    private final KeptTiles tiles = new KeptTiles();
    private final Growth list = new Growth();
    private int next;

    private Walk(Served.Shown shown, long[] positions) {
      this.shown = shown;
      this.checkpoint = Checkpoint.parse(SignedNote.parse(shown.note()).text());
      this.positions = positions;
    }

    /** The signed note that the proofs lead to. */
    public byte[] checkpoint() {
      return shown.note().clone();
    }

    /** Whether some were not walked through. */
    public boolean hasMore() {
      return next < positions.length;
    }

    /** How many were given. */
    public long count() {
      return list.size();
    }

    /**
     * The next of them, at most {@value #PART}; none where none of them may be told.
     *
     * @param told whether an entry may be told now, asked on the connection it was read on
     * @throws LogBroken if one is missing, or not in the tree where it should be
     */
    public List<Included> next(Function<Handle, Predicate<Entry>> told) {
      long[] part = Arrays.copyOfRange(positions, next, Math.min(next + PART, positions.length));
      List<Included> included = database.read(handle -> included(handle, part, told.apply(handle)));
      included.forEach(each -> list.add(each.entry().leafHash()));
      next += part.length;
      return included;
    }

    private List<Included> included(Handle handle, long[] part, Predicate<Entry> told) {
      Tree tree = new Tree(shown.size(), tiles.of(handle, part));
      List<Included> included = new ArrayList<>();
      for (Recorded recorded : recorded(handle, part)) {
        if (told.test(recorded.entry())) {
          long position = recorded.position().orElseThrow();
          List<Hash> proof = tree.inclusion(position);
          if (!Merkle.isIncluded(
              recorded.leaf(), position, checkpoint.size(), checkpoint.root(), proof)) {
            throw broken(position);
          }
          included.add(new Included(position, recorded.entry(), proof));
        }
      }
      return included;
    }

    /**
     * The log's signed word that the entries given are all: a note whose text is a {@link
     * Statement}.
     *
     * @throws IllegalStateException if some were not walked through
     */
    public String statement(MarkKey key) {
      if (hasMore()) {
        throw new IllegalStateException("not all entries were given; go on before it is signed");
      }
      Statement statement =
          new Statement(
              signer.origin(), shown.size(), list.size(), list.root(), key.hash(), clock.instant());
      return new String(signer.sign(statement.text()), StandardCharsets.UTF_8);
    }
  }

  /** The entries at these positions, which ascend. */
  private List<Recorded> recorded(Handle handle, long[] positions) {
    Map<Long, Recorded> found = new HashMap<>();
    handle
        .createQuery(
            """
            select id, log, epoch, sealed, leaf_index from intake
            where log = :log and leaf_index = any(:positions)
            """)
        .bind("log", log)
        .bind("positions", boxed(positions))
        .map((row, context) -> IntakeRow.open(row, seal))
        .forEach(each -> found.put(each.position().orElseThrow(), each));
    List<Recorded> recorded = new ArrayList<>();
    for (long position : positions) {
      if (!found.containsKey(position)) {
        archive
            .tile(handle, log, position / Tile.WIDTH)
            .forEach(each -> found.putIfAbsent(each.position().orElseThrow(), each));
      }
      Recorded there = found.remove(position);
      if (there == null) {
        throw broken(position);
      }
      recorded.add(there);
      // Positions ascend: of an archived tile nothing before this is asked for again.
      found.keySet().removeIf(other -> other < position);
    }
    return recorded;
  }

  private LogBroken broken(long position) {
    return new LogBroken(
        "log `"
            + log
            + "` has another entry than its tree at position "
            + position
            + "; restore it before going on");
  }

  private static Long[] boxed(long[] numbers) {
    return Arrays.stream(numbers).boxed().toArray(Long[]::new);
  }

  /** Tiles that were read, those that were asked for last; of leaves a whole part's at once. */
  private final class KeptTiles {
    private final Map<List<Long>, Tile> kept =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<List<Long>, Tile> eldest) {
            return size() > MOST_TILES;
          }
        };

    Tree.Tiles of(Handle handle, long[] positions) {
      Long[] indices =
          Arrays.stream(positions)
              .map(position -> position / Tile.WIDTH)
              .distinct()
              .filter(index -> !kept.containsKey(List.of(0L, index)))
              .boxed()
              .toArray(Long[]::new);
      for (Tile tile : leafTiles(handle, indices)) {
        kept.put(List.of(0L, tile.index()), tile);
      }
      Tree.Tiles others = trees.tiles(handle);
      return (level, index, width) ->
          kept.computeIfAbsent(
              List.of((long) level, index), at -> others.tile(level, index, width));
    }

    private List<Tile> leafTiles(Handle handle, Long[] indices) {
      return handle
          .createQuery(
              """
              select index, hashes from tile
              where log = :log and level = 0 and index = any(:indices)
              """)
          .bind("log", log)
          .bind("indices", indices)
          .map((row, context) -> new Tile(0, row.getLong("index"), row.getBytes("hashes")))
          .list();
    }
  }
}
