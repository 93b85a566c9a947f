package dev.pledge.log;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks a copy of a log, laid out as C2SP tlog-tiles has it, without trusting whoever made it:
 * every entry is read and hashed, the whole tree is built anew, and every tile and the signed
 * checkpoint must be what comes of it. Nothing but the verifier key, and what else is handed in, is
 * believed.
 *
 * <p>Reads the copy once, from the first entry to the last, in memory that does not grow with it.
 * Of one thread.
 */
public final class Verifier {
  /** More than this many findings are counted and not listed. */
  private static final int MOST_LISTED = 20;

  /** The copy. */
  @FunctionalInterface
  public interface Files {
    /** What is at that path below the log's, such as {@code checkpoint}; empty if nothing is. */
    Optional<byte[]> read(String path);
  }

  /** Told as it goes. */
  @FunctionalInterface
  public interface Progress {
    /** So many entries of so many were verified. */
    void verified(long entries, long all);
  }

  /**
   * Something that is not as it must be.
   *
   * @param where the file, or what else was handed in
   * @param what is wrong with it
   */
  public record Finding(String where, String what) {}

  /**
   * A leaf that has to be in the log.
   *
   * @param where what to call it in a finding
   */
  public record Wanted(String where, Hash leaf) {}

  /**
   * What came out.
   *
   * @param checkpoint of the copy; empty if none of it verifies
   * @param witnesses who cosigned it, of those asked for
   * @param findings the first that were found, in order; empty if everything is as it must be
   * @param more how many findings there were besides
   * @param positions of what was wanted and is there
   */
  public record Outcome(
      Optional<Checkpoint> checkpoint,
      Collection<String> witnesses,
      List<Finding> findings,
      long more,
      Map<Wanted, Long> positions) {
    /** Copies what it is given. */
    public Outcome {
      witnesses = List.copyOf(witnesses);
      findings = List.copyOf(findings);
      positions = Map.copyOf(positions);
    }

    /** Whether everything is as it must be. */
    public boolean isSound() {
      return findings.isEmpty();
    }
  }

  private final Files files;
  private final Collection<VerifierKey> keys;
  private final Quorum quorum;
  private final Map<Long, List<Anchored>> anchored = new HashMap<>();
  private final Map<Hash, List<Wanted>> wanted = new HashMap<>();
  private final Map<Wanted, Long> positions = new HashMap<>();
  private final Repeats repeats = new Repeats();
  private final List<Finding> findings = new ArrayList<>();
  private long more;

  private record Anchored(String where, Checkpoint checkpoint) {}

  /**
   * @param keys of the log; while it changes its key, the old and the new
   * @param quorum the witnesses whose cosignatures are asked for
   */
  public Verifier(Files files, Collection<VerifierKey> keys, Quorum quorum) {
    this.files = files;
    this.keys = List.copyOf(keys);
    this.quorum = quorum;
  }

  /**
   * Adds a checkpoint that was got elsewhere or earlier: the copy must contain just its entries.
   *
   * @param where what to call it in a finding
   */
  public Verifier expecting(String where, byte[] note) {
    try {
      Checkpoint checkpoint = Checkpoint.parse(SignedNote.open(note, keys).text());
      anchored
          .computeIfAbsent(checkpoint.size(), size -> new ArrayList<>())
          .add(new Anchored(where, checkpoint));
    } catch (MalformedNote | InvalidSignature | UnverifiedNote e) {
      find(where, e.getMessage());
    }
    return this;
  }

  /** Adds a leaf, such as a receipt's, that must be there. */
  public Verifier expecting(Wanted leaf) {
    wanted.computeIfAbsent(leaf.leaf(), hash -> new ArrayList<>()).add(leaf);
    return this;
  }

  /** Verifies the copy. */
  public Outcome verify(Progress progress) {
    Optional<WitnessedCheckpoint> opened = openCheckpoint();
    opened.ifPresent(checkpoint -> verify(checkpoint.checkpoint(), progress));
    return new Outcome(
        opened.map(WitnessedCheckpoint::checkpoint),
        opened.<Collection<String>>map(WitnessedCheckpoint::witnesses).orElse(List.of()),
        findings,
        more,
        positions);
  }

  private Optional<WitnessedCheckpoint> openCheckpoint() {
    Optional<byte[]> note = files.read("checkpoint");
    if (note.isEmpty()) {
      find("checkpoint", "missing; export the log again");
      return Optional.empty();
    }
    try {
      Checkpoint claimed = Checkpoint.parse(SignedNote.parse(note.get()).text());
      WitnessedCheckpoint opened = quorum.open(note.get(), claimed.origin(), keys);
      if (!opened.reachesQuorum()) {
        find(
            "checkpoint",
            "cosigned by "
                + opened.witnesses().size()
                + " of the witnesses, but "
                + quorum.threshold()
                + " are asked for");
      }
      return Optional.of(opened);
    } catch (MalformedNote | InvalidSignature | UnverifiedNote e) {
      find("checkpoint", e.getMessage());
      return Optional.empty();
    }
  }

  private void verify(Checkpoint checkpoint, Progress progress) {
    Growth tree = new Growth();
    requireAnchored(tree, checkpoint);
    long bundle = 0;
    while (tree.size() < checkpoint.size()) {
      int width = (int) Math.min(Tile.WIDTH, checkpoint.size() - tree.size());
      if (!verifyBundle(bundle, width, tree, checkpoint)) {
        find("checkpoint", "not verified beyond entry " + tree.size());
        return;
      }
      tree.grown().stream().filter(Tile::isFull).forEach(this::verifyTile);
      bundle++;
      progress.verified(tree.size(), checkpoint.size());
    }
    tree.edge().forEach(this::verifyTile);
    if (!tree.root().equals(checkpoint.root())) {
      find(
          "checkpoint",
          "signs another root than the "
              + checkpoint.size()
              + " entries here have: "
              + tree.root());
    }
    anchored.values().stream()
        .flatMap(List::stream)
        .filter(each -> each.checkpoint.size() > checkpoint.size())
        .forEach(
            each ->
                find(
                    each.where,
                    "signs "
                        + each.checkpoint.size()
                        + " entries, of which this copy has the first "
                        + checkpoint.size()
                        + ": entries at the end are missing"));
    wanted.values().stream()
        .flatMap(List::stream)
        .filter(one -> !positions.containsKey(one))
        .forEach(one -> find(one.where, "no entry of this copy has its leaf"));
  }

  /** False if the entries cannot be read, so that nothing after them can be verified. */
  private boolean verifyBundle(long index, int width, Growth tree, Checkpoint checkpoint) {
    String path = Tile.entriesPath(index, width);
    Optional<byte[]> bytes = files.read(path);
    if (bytes.isEmpty()) {
      find(path, "missing");
      return false;
    }
    List<byte[]> entries;
    try {
      entries = EntryBundle.decode(bytes.get());
    } catch (IllegalArgumentException e) {
      find(path, e.getMessage());
      return false;
    }
    if (entries.size() != width) {
      find(path, "has " + entries.size() + " entries and should have " + width);
      return false;
    }
    for (byte[] entry : entries) {
      verifyEntry(path, entry, tree, checkpoint);
    }
    return true;
  }

  private void verifyEntry(String path, byte[] entry, Growth tree, Checkpoint checkpoint) {
    long position = tree.size();
    try {
      if (repeats.has(Entry.decode(entry).id())) {
        find(path, "entry " + position + ": has the id of another entry");
      }
    } catch (MalformedEntry e) {
      find(path, "entry " + position + ": " + e.getMessage());
    }
    Hash leaf = Hash.ofLeaf(entry);
    wanted.getOrDefault(leaf, List.of()).forEach(one -> positions.put(one, position));
    tree.add(leaf);
    requireAnchored(tree, checkpoint);
  }

  private void requireAnchored(Growth tree, Checkpoint checkpoint) {
    for (Anchored each : anchored.getOrDefault(tree.size(), List.of())) {
      if (!each.checkpoint.origin().equals(checkpoint.origin())) {
        find(each.where, "is of another log, `" + each.checkpoint.origin() + "`");
      } else if (!each.checkpoint.root().equals(tree.root())) {
        find(
            each.where,
            "signs other entries than the first "
                + tree.size()
                + " here: the log was rewritten, or shown to others otherwise");
      }
    }
  }

  private void verifyTile(Tile tile) {
    Optional<byte[]> there = files.read(tile.path());
    if (there.isEmpty()) {
      find(tile.path(), "missing");
    } else if (!Arrays.equals(there.get(), tile.hashes())) {
      find(tile.path(), differenceOf(tile, there.get()));
    }
  }

  private static String differenceOf(Tile tile, byte[] there) {
    int at = Arrays.mismatch(tile.hashes(), there);
    return at >= tile.hashes().length || at >= there.length
        ? "has another length than " + tile.hashes().length + " bytes"
        : "hash " + at / Hash.SIZE + " is not that of what lies below it";
  }

  private void find(String where, @Nullable String what) {
    if (findings.size() < MOST_LISTED) {
      findings.add(new Finding(where, String.valueOf(what)));
    } else {
      more++;
    }
  }
}
