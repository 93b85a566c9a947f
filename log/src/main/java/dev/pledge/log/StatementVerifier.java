package dev.pledge.log;

import dev.pledge.log.Verifier.Finding;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Checks a person's list of entries without trusting whoever made it: that the log signed the
 * {@link Statement} and the checkpoint it is against, that each entry is in the log at its position
 * and has the person's mark, and that these are the entries the statement is about. Nothing but the
 * verifier key, and what else is handed in, is believed.
 *
 * <p>That an entry is not listed, a list cannot show. Who has a copy of the log has its entries
 * looked at too ({@link #look}): each that has the person's mark must be listed. What the law keeps
 * from the person has another mark, which nobody can look for.
 *
 * <p>Call {@link #begin}, {@link #entry} for each, {@link #end}; then what {@link #outcome} says
 * counts. Keeps eight bytes an entry of the person's. Of one thread.
 */
public final class StatementVerifier {
  private static final String ASK_AGAIN = "; ask for the list again, and keep this one";
  private static final int MOST_POSITIONS = 20;
  private static final int SOME = 64;

  private final Collection<VerifierKey> keys;
  private final Quorum quorum;
  private final Findings findings = new Findings();
  private final Growth list = new Growth();
  private Optional<WitnessedCheckpoint> checkpoint = Optional.empty();
  private @Nullable MarkKey key;
  private Optional<Statement> statement = Optional.empty();
  private Stage stage = Stage.NOTHING;
  private long[] positions = new long[SOME];
  private int listed;
  private long last = -1;
  private long unchecked;
  private long marked;
  private long later;
  private long[] unlisted = new long[SOME];
  private int unlistedSoFar;

  /** How many entries from the log's beginning on it says it keeps no more. */
  private long notKept;

  private enum Stage {
    NOTHING,
    BEGUN,
    ENDED
  }

  /**
   * An entry as it is listed.
   *
   * @param position in the log, from 0
   * @param bytes its canonical bytes
   * @param proof that it is in the log, for {@link Merkle#isIncluded}
   * @param checkable whether the mark key makes its mark; it does not where the entry was kept from
   *     the person once, or an earlier key of the person made it
   */
  @SuppressWarnings("ArrayRecordComponent") // Handed from one place to the next, never compared.
  public record Listed(long position, byte[] bytes, List<Hash> proof, boolean checkable) {
    /** Copies the list. */
    public Listed {
      proof = List.copyOf(proof);
    }
  }

  /**
   * What came out.
   *
   * @param statement what the log says; empty if it does not verify
   * @param witnesses who cosigned the checkpoint, of those asked for
   * @param listed how many entries are listed
   * @param unchecked how many of them have a mark that the mark key does not make
   * @param marked how many entries of the copy that was looked at have the person's mark, below the
   *     size the statement is about
   * @param later how many have it beyond
   * @param findings the first that were found, in order; empty if everything is as it must be
   * @param more how many findings there were besides
   */
  public record Outcome(
      Optional<Statement> statement,
      Collection<String> witnesses,
      long listed,
      long unchecked,
      long marked,
      long later,
      List<Finding> findings,
      long more) {
    /** Copies what it is given. */
    public Outcome {
      witnesses = List.copyOf(witnesses);
      findings = List.copyOf(findings);
    }

    /** Whether everything is as it must be. */
    public boolean isSound() {
      return findings.isEmpty();
    }
  }

  /**
   * @param keys of the log; while it changes its key, the old and the new
   * @param quorum the witnesses whose cosignatures are asked for
   * @throws IllegalArgumentException if there is no key of the log, one that signs no log, or one
   *     that is a witness's, too
   */
  public StatementVerifier(Collection<VerifierKey> keys, Quorum quorum) {
    quorum.requireLogKeys(keys);
    keys.forEach(Verifier::requireSigner);
    this.keys = List.copyOf(keys);
    this.quorum = quorum;
  }

  /**
   * What the list begins with.
   *
   * @param where what to call it in a finding, as everywhere here
   * @param note the checkpoint up to which entries are listed
   * @param markKey the person's
   */
  public void begin(String where, byte[] note, byte[] markKey) {
    if (stage != Stage.NOTHING) {
      findings.add(where, "a second beginning" + ASK_AGAIN);
      return;
    }
    stage = Stage.BEGUN;
    checkpoint = Verifier.opened(where, note, keys, quorum, findings);
    try {
      key = MarkKey.of(markKey);
    } catch (IllegalArgumentException e) {
      findings.add(where, e.getMessage() + ASK_AGAIN);
    }
  }

  /** Whether the checkpoint that the list begins with verifies. */
  public boolean hasCheckpoint() {
    return checkpoint.isPresent();
  }

  /** The next entry. */
  public void entry(String where, Listed entry) {
    if (stage != Stage.BEGUN) {
      findings.add(where, "an entry before the beginning or after the statement" + ASK_AGAIN);
    }
    requireAfter(where, entry.position);
    Hash leaf = Hash.ofLeaf(entry.bytes);
    checkpoint.ifPresent(signed -> requireIncluded(where, entry, leaf, signed.checkpoint()));
    requireMarked(where, entry);
    list.add(leaf);
    if (!entry.checkable) {
      unchecked++;
    }
  }

  private void requireAfter(String where, long position) {
    if (position <= last) {
      findings.add(
          where,
          "position "
              + position
              + " after position "
              + last
              + ": entries are listed in the order of their positions, each once"
              + ASK_AGAIN);
      return;
    }
    last = position;
    positions = with(positions, listed, position);
    listed++;
  }

  private static long[] with(long[] some, int count, long one) {
    long[] roomy = count == some.length ? Arrays.copyOf(some, 2 * count) : some;
    roomy[count] = one;
    return roomy;
  }

  private void requireIncluded(String where, Listed entry, Hash leaf, Checkpoint signed) {
    if (!Merkle.isIncluded(leaf, entry.position, signed.size(), signed.root(), entry.proof)) {
      findings.add(
          where,
          "the proof does not lead from this entry at position "
              + entry.position
              + " to the checkpoint of "
              + signed.size()
              + " entries: the log does not have it there"
              + ASK_AGAIN);
    }
  }

  private void requireMarked(String where, Listed entry) {
    Entry read;
    try {
      read = Entry.decode(entry.bytes);
    } catch (MalformedEntry e) {
      findings.add(where, e.getMessage() + ASK_AGAIN);
      return;
    }
    if (read.mark().isEmpty()) {
      findings.add(where, "the entry is about nobody: it has no mark" + ASK_AGAIN);
    } else if (key != null && key.marks(read) != entry.checkable) {
      findings.add(
          where,
          entry.checkable
              ? "the mark key does not make the mark of this entry, which is about somebody else"
                  + ASK_AGAIN
              : "the mark key makes the mark of this entry, of which the list says it does not"
                  + ASK_AGAIN);
    }
  }

  /** A part of the list that cannot be read. */
  public void malformed(String where) {
    findings.add(where, "neither the beginning, nor an entry, nor the statement" + ASK_AGAIN);
  }

  /**
   * What the list ends with.
   *
   * @param count how many entries it says to have
   * @param note the statement, a signed note
   */
  public void end(String where, long count, byte[] note) {
    if (stage != Stage.BEGUN) {
      findings.add(where, "a statement before the beginning, or a second one" + ASK_AGAIN);
      return;
    }
    stage = Stage.ENDED;
    if (count != list.size()) {
      findings.add(
          where,
          "says that " + count + " entries are listed, and " + list.size() + " are" + ASK_AGAIN);
    }
    try {
      Statement said = Statement.read(SignedNote.open(note, keys).requireSignedBy(keys).text());
      statement = Optional.of(said);
      requireAsListed(where, said);
    } catch (MalformedNote | InvalidSignature | UnverifiedNote | IllegalArgumentException e) {
      findings.add(where, e.getMessage());
    }
  }

  private void requireAsListed(String where, Statement said) {
    checkpoint.ifPresent(signed -> requireAgainst(where, said, signed.checkpoint()));
    if (said.count() != list.size()) {
      findings.add(
          where,
          "the statement is about "
              + said.count()
              + " entries, and "
              + list.size()
              + " are listed"
              + ASK_AGAIN);
    } else if (!said.root().equals(list.root())) {
      findings.add(where, "the statement is about other entries than are listed" + ASK_AGAIN);
    }
    if (key != null && !said.key().equals(key.hash())) {
      findings.add(where, "the statement is about another mark key" + ASK_AGAIN);
    }
  }

  private void requireAgainst(String where, Statement said, Checkpoint signed) {
    if (!said.origin().equals(signed.origin())) {
      findings.add(where, "the statement is of another log, `" + said.origin() + "`" + ASK_AGAIN);
    }
    if (said.size() != signed.size()) {
      findings.add(
          where,
          "the statement goes up to "
              + said.size()
              + " entries of the log, and the checkpoint has "
              + signed.size()
              + ASK_AGAIN);
    }
  }

  /**
   * Looks at an entry of a copy of the log, after the list has ended: if it has the person's mark,
   * and the log signed that the list is whole, it must be listed, unless the log has said before
   * that it keeps it no more. For {@link Verifier#shownTo}; that the copy goes on from the
   * checkpoint of the list is for {@link Verifier#expecting(String, byte[])} to find.
   */
  public void look(long position, Entry entry) {
    boolean isLater = position >= statement.map(Statement::size).orElse(Long.MAX_VALUE);
    if (!isLater) {
      notKept = Math.max(notKept, Verifier.notKeptBy(position, entry.facts()));
    }
    MarkKey mine = key;
    if (mine == null || statement.isEmpty() || !mine.marks(entry)) {
      return;
    }
    if (isLater) {
      later++;
      return;
    }
    marked++;
    if (Arrays.binarySearch(positions, 0, listed, position) < 0) {
      unlisted = with(unlisted, unlistedSoFar, position);
      unlistedSoFar++;
    }
  }

  /** What came out of it all. Call it once, at the end. */
  public Outcome outcome(String where) {
    if (stage != Stage.ENDED) {
      findings.add(where, "no statement at the end: the list was cut off; ask for it again");
    }
    long[] missing =
        Arrays.stream(unlisted, 0, unlistedSoFar).filter(each -> each >= notKept).toArray();
    if (missing.length > 0) {
      findings.add(where, missing(missing));
    }
    return new Outcome(
        statement,
        checkpoint.<Collection<String>>map(WitnessedCheckpoint::witnesses).orElse(List.of()),
        list.size(),
        unchecked,
        marked,
        later,
        findings.listed(),
        findings.more());
  }

  private static String missing(long[] missing) {
    String first =
        LongStream.of(missing)
            .limit(MOST_POSITIONS)
            .mapToObj(Long::toString)
            .collect(Collectors.joining(", "));
    int rest = missing.length - MOST_POSITIONS;
    return missing.length
        + " entries of the copy have the person's mark and are not listed, at "
        + first
        + (rest <= 0 ? "" : " and " + rest + " positions more")
        + "; keep list and copy, which together are evidence";
  }
}
