package dev.pledge.log;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Checks a copy of a log, laid out as C2SP tlog-tiles has it, without trusting whoever made it:
 * every entry is read and hashed, the whole tree is built anew, and every tile and the signed
 * checkpoint must be what comes of it. Of entries at the beginning of which the log itself says
 * that they are no longer kept, the hashes are taken from the tiles. Nothing but the verifier key,
 * and what else is handed in, is believed.
 *
 * <p>Reads the copy once, from the first entry to the last, in memory that does not grow with it.
 * Of one thread.
 */
public final class Verifier {
  /** The copy. */
  @FunctionalInterface
  public interface Files {
    /**
     * What is at that path below the log's, such as {@code checkpoint}; empty if nothing is. Of
     * what has more than {@link EntryBundle#MAX_SIZE} bytes only so many and one more need be
     * given: then it is wrong.
     */
    Optional<byte[]> read(String path);
  }

  /** Is shown the entries of the copy that can be read, from the first to the last. */
  @FunctionalInterface
  public interface Reader {
    /** What lies at that position, from 0. */
    void entry(long position, Entry entry);
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
   * @param due by when: a copy without any entry of later than that may end before it
   * @param entry the id that the entry with this leaf has to have, if it has to have one; of an
   *     entry that is no longer kept it cannot be seen
   */
  public record Wanted(String where, Hash leaf, Instant due, Optional<UUID> entry) {
    /** One that has to be in the copy, whenever that was made. */
    public Wanted(String where, Hash leaf) {
      this(where, leaf, Instant.MIN, Optional.empty());
    }

    private boolean isOfAnother(UUID id) {
      return entry.isPresent() && !entry.get().equals(id);
    }
  }

  /**
   * What came out.
   *
   * @param checkpoint of the copy; empty if none of it verifies
   * @param witnesses who cosigned it, of those asked for
   * @param findings the first that were found, in order; empty if everything is as it must be
   * @param more how many findings there were besides
   * @param positions of what was wanted and is there
   * @param notYet what was wanted, is not there, and may come after the end of the copy
   * @param pruned how many entries from the beginning on the copy has the hashes of alone, since
   *     they are no longer kept
   */
  public record Outcome(
      Optional<Checkpoint> checkpoint,
      Collection<String> witnesses,
      List<Finding> findings,
      long more,
      Map<Wanted, Long> positions,
      Collection<Wanted> notYet,
      long pruned) {
    /** Copies what it is given. */
    public Outcome {
      witnesses = List.copyOf(witnesses);
      findings = List.copyOf(findings);
      positions = Map.copyOf(positions);
      notYet = List.copyOf(notYet);
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
  private final List<Wanted> notYet = new ArrayList<>();
  private final Findings findings = new Findings();
  private Reader reader = (position, entry) -> {};
  private Instant newest = Instant.MIN;

  /** How many entries from the beginning on have no bytes in the copy, and how many may. */
  private long absent;

  private long mayBeAbsent;

  private record Anchored(String where, Checkpoint checkpoint) {}

  /**
   * @param keys of the log; while it changes its key, the old and the new
   * @param quorum the witnesses whose cosignatures are asked for
   * @throws IllegalArgumentException if there is no key of the log, one that signs no log, or one
   *     that is a witness's, too
   */
  public Verifier(Files files, Collection<VerifierKey> keys, Quorum quorum) {
    quorum.requireLogKeys(keys);
    keys.forEach(Verifier::requireSigner);
    this.files = files;
    this.keys = List.copyOf(keys);
    this.quorum = quorum;
  }

  /** What a witness alone has cosigned is not the log's word. */
  static void requireSigner(VerifierKey key) {
    if (key.type().isCosignature()) {
      throw new IllegalArgumentException(
          "`" + key.label() + "` is a witness's; give the key that signs the log, of type 1");
    }
  }

  /**
   * Adds a checkpoint that was got elsewhere or earlier: the copy must contain just its entries.
   *
   * @param where what to call it in a finding
   */
  public Verifier expecting(String where, byte[] note) {
    try {
      Checkpoint checkpoint =
          Checkpoint.parse(SignedNote.open(note, keys).requireSignedBy(keys).text());
      anchored
          .computeIfAbsent(checkpoint.size(), size -> new ArrayList<>())
          .add(new Anchored(where, checkpoint));
    } catch (MalformedNote | InvalidSignature | UnverifiedNote e) {
      findings.add(where, e.getMessage());
    }
    return this;
  }

  /** Adds a leaf, such as a receipt's, that must be there. */
  public Verifier expecting(Wanted leaf) {
    wanted.computeIfAbsent(leaf.leaf(), hash -> new ArrayList<>()).add(leaf);
    return this;
  }

  /** Has the entries looked at by somebody else too, as they are verified. */
  public Verifier shownTo(Reader other) {
    reader = other;
    return this;
  }

  /** Verifies the copy. */
  public Outcome verify(Progress progress) {
    Optional<WitnessedCheckpoint> opened = openCheckpoint();
    opened.ifPresent(checkpoint -> verify(checkpoint.checkpoint(), progress));
    return new Outcome(
        opened.map(WitnessedCheckpoint::checkpoint),
        opened.<Collection<String>>map(WitnessedCheckpoint::witnesses).orElse(List.of()),
        findings.listed(),
        findings.more(),
        positions,
        notYet,
        absent);
  }

  private Optional<WitnessedCheckpoint> openCheckpoint() {
    Optional<byte[]> note = files.read("checkpoint");
    if (note.isEmpty()) {
      findings.add("checkpoint", "missing; export the log again");
      return Optional.empty();
    }
    return opened("checkpoint", note.get(), keys, quorum, findings);
  }

  /** The checkpoint, if it verifies; what is wrong with it is found. */
  static Optional<WitnessedCheckpoint> opened(
      String where, byte[] note, Collection<VerifierKey> keys, Quorum quorum, Findings findings) {
    try {
      Checkpoint claimed = Checkpoint.parse(SignedNote.parse(note).text());
      WitnessedCheckpoint opened = quorum.open(note, claimed.origin(), keys);
      var _ = opened.note().requireSignedBy(keys);
      if (!opened.reachesQuorum()) {
        findings.add(
            where,
            "cosigned by "
                + opened.witnesses().size()
                + " of the witnesses, but "
                + quorum.threshold()
                + " are asked for");
      }
      return Optional.of(opened);
    } catch (MalformedNote | InvalidSignature | UnverifiedNote e) {
      findings.add(where, e.getMessage());
      return Optional.empty();
    }
  }

  private void verify(Checkpoint checkpoint, Progress progress) {
    Growth tree = new Growth();
    requireAnchored(tree, checkpoint);
    takePruned(tree, checkpoint, progress);
    long bundle = tree.size() / Tile.WIDTH;
    while (tree.size() < checkpoint.size()) {
      int width = (int) Math.min(Tile.WIDTH, checkpoint.size() - tree.size());
      if (!verifyBundle(bundle, width, tree, checkpoint)) {
        findings.add("checkpoint", "not verified beyond entry " + tree.size());
        return;
      }
      tree.grown().stream().filter(Tile::isFull).forEach(this::verifyTile);
      bundle++;
      progress.verified(tree.size(), checkpoint.size());
    }
    tree.edge().forEach(this::verifyTile);
    if (mayBeAbsent < absent) {
      findings.add(
          Tile.entriesPath(mayBeAbsent / Tile.WIDTH, Tile.WIDTH),
          "missing, and no entry of the log says that it is no longer kept");
    }
    if (!tree.root().equals(checkpoint.root())) {
      findings.add(
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
                findings.add(
                    each.where,
                    "signs "
                        + each.checkpoint.size()
                        + " entries, of which this copy has the first "
                        + checkpoint.size()
                        + ": entries at the end are missing"));
    wanted.values().stream()
        .flatMap(List::stream)
        .filter(one -> !positions.containsKey(one))
        .forEach(this::missing);
  }

  /** A log with an entry of later than it was due had to cover it. */
  private void missing(Wanted one) {
    if (one.due.equals(Instant.MIN)) {
      findings.add(one.where, "no entry of this copy has its leaf");
    } else if (newest.isAfter(one.due)) {
      findings.add(
          one.where,
          "no entry of this copy has its leaf, which was due by "
              + one.due
              + ", though there is an entry of "
              + newest);
    } else {
      notYet.add(one);
    }
  }

  /**
   * The entries of the first tiles may be gone; then the hashes in their place lead to the root.
   */
  private void takePruned(Growth tree, Checkpoint checkpoint, Progress progress) {
    while (checkpoint.size() - tree.size() >= Tile.WIDTH) {
      long index = tree.size() / Tile.WIDTH;
      Optional<byte[]> hashes = files.read(Tile.path(0, index));
      if (files.read(Tile.entriesPath(index, Tile.WIDTH)).isPresent()
          || hashes.filter(bytes -> bytes.length == Tile.WIDTH * Hash.SIZE).isEmpty()) {
        return;
      }
      Tile tile = new Tile(0, index, hashes.get());
      for (int i = 0; i < Tile.WIDTH; i++) {
        add(tile.hash(i), tree, checkpoint);
      }
      tree.grown().stream().filter(Tile::isFull).forEach(this::verifyTile);
      absent = tree.size();
      progress.verified(tree.size(), checkpoint.size());
    }
  }

  /** False if the entries cannot be read, so that nothing after them can be verified. */
  private boolean verifyBundle(long index, int width, Growth tree, Checkpoint checkpoint) {
    String path = Tile.entriesPath(index, width);
    Optional<byte[]> bytes = files.read(path);
    if (bytes.isEmpty()) {
      findings.add(path, "missing");
      return false;
    }
    List<byte[]> entries;
    try {
      entries = EntryBundle.decode(bytes.get());
    } catch (IllegalArgumentException e) {
      findings.add(path, e.getMessage());
      return false;
    }
    if (entries.size() != width) {
      findings.add(path, "has " + entries.size() + " entries and should have " + width);
      return false;
    }
    for (byte[] entry : entries) {
      verifyEntry(path, entry, tree, checkpoint);
    }
    return true;
  }

  private void verifyEntry(String path, byte[] entry, Growth tree, Checkpoint checkpoint) {
    long position = tree.size();
    Hash leaf = Hash.ofLeaf(entry);
    try {
      Entry decoded = Entry.decode(entry);
      Facts facts = decoded.facts();
      newest = facts.at().isAfter(newest) ? facts.at() : newest;
      mayBeAbsent = Math.max(mayBeAbsent, notKeptBy(position, facts));
      if (repeats.has(decoded.id())) {
        findings.add(path, "entry " + position + ": has the id of another entry");
      }
      requireNamed(leaf, decoded.id());
      reader.entry(position, decoded);
    } catch (MalformedEntry e) {
      findings.add(path, "entry " + position + ": " + e.getMessage());
    }
    add(leaf, tree, checkpoint);
  }

  /** How many entries from the beginning on are no longer kept, as an entry at a position says. */
  static long notKeptBy(long position, Facts facts) {
    return facts.kind().equals(Kind.PRUNE) ? Math.min(position, facts.subjects().orElse(0)) : 0;
  }

  /** Whoever wants the leaf as another entry's is told so, and of no position. */
  private void requireNamed(Hash leaf, UUID id) {
    List<Wanted> all = wanted.getOrDefault(leaf, List.of());
    for (Wanted one : List.copyOf(all)) {
      if (one.isOfAnother(id)) {
        all.remove(one);
        findings.add(
            one.where,
            "says to be of entry `"
                + one.entry.orElseThrow()
                + "`, but its leaf is that of entry `"
                + id
                + "`");
      }
    }
  }

  private void add(Hash leaf, Growth tree, Checkpoint checkpoint) {
    long position = tree.size();
    wanted.getOrDefault(leaf, List.of()).forEach(one -> positions.put(one, position));
    tree.add(leaf);
    requireAnchored(tree, checkpoint);
  }

  private void requireAnchored(Growth tree, Checkpoint checkpoint) {
    for (Anchored each : anchored.getOrDefault(tree.size(), List.of())) {
      if (!each.checkpoint.origin().equals(checkpoint.origin())) {
        findings.add(each.where, "is of another log, `" + each.checkpoint.origin() + "`");
      } else if (!each.checkpoint.root().equals(tree.root())) {
        findings.add(
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
      findings.add(tile.path(), "missing");
    } else if (!Arrays.equals(there.get(), tile.hashes())) {
      findings.add(tile.path(), differenceOf(tile, there.get()));
    }
  }

  private static String differenceOf(Tile tile, byte[] there) {
    int at = Arrays.mismatch(tile.hashes(), there);
    return at >= tile.hashes().length || at >= there.length
        ? "has another length than " + tile.hashes().length + " bytes"
        : "hash " + at / Hash.SIZE + " is not that of what lies below it";
  }
}
