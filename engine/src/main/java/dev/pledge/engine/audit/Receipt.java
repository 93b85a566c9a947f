package dev.pledge.engine.audit;

import dev.pledge.log.Hash;
import dev.pledge.policy.names.SubjectId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Says that an entry is in this database, to be integrated into the named log. Made by {@link
 * Audit} alone. What of it is signed, and can be held against the log by an outsider, is {@link
 * #promised}.
 *
 * <p>That of a read or refusal is {@linkplain #isDurable durable} from the first; that of a change
 * commits with its transaction, and becomes durable when that has. Whoever gives data away demands
 * a durable one.
 *
 * <p>Safe for use by many threads. Prints nothing of the person.
 */
public final class Receipt {
  private final String log;
  private final UUID entry;
  private final Hash leaf;
  private final Instant at;
  private final Optional<SubjectId> about;
  private volatile boolean durable;
  private volatile @Nullable Batch batch;
  private volatile int place;

  Receipt(String log, UUID entry, Hash leaf, Instant at, Optional<SubjectId> about) {
    this.log = log;
    this.entry = entry;
    this.leaf = leaf;
    this.at = at;
    this.about = about;
  }

  /** The log's name. */
  public String log() {
    return log;
  }

  /** The entry's id. */
  public UUID entry() {
    return entry;
  }

  /** The entry's leaf hash. */
  public Hash leaf() {
    return leaf;
  }

  /** When it was decided, as the entry says. */
  public Instant at() {
    return at;
  }

  /** Whether the entry is of what was decided about this person at this moment. */
  public boolean isOf(SubjectId subject, Instant decided) {
    return about.filter(subject::equals).isPresent() && at.equals(decided);
  }

  /** Whether the entry is durable, or only commits with its transaction. */
  public boolean isDurable() {
    return durable;
  }

  /**
   * The log's signed promise to have the entry in its tree by a stated time; signed when first
   * asked for. That of a change counts once its transaction has committed.
   */
  public Promised promised() {
    Batch promising = batch;
    if (promising == null) {
      throw new IllegalStateException("nothing was promised yet; the entry is not durable");
    }
    return promising.promised(place);
  }

  /**
   * A promise about a batch of entries, and what shows that one of them is this.
   *
   * @param origin the log's name to the world
   * @param note the signed note whose text is a {@link dev.pledge.log.Promise}
   * @param place the entry's place in the batch, from 0
   * @param proof of its inclusion in the tree over the batch
   */
  public record Promised(String origin, String note, int place, List<Hash> proof) {
    /** Copies the list. */
    public Promised {
      proof = List.copyOf(proof);
    }
  }

  void promisedIn(Batch promising, int at) {
    place = at;
    batch = promising;
  }

  /** The entry is committed. */
  void committed() {
    durable = true;
  }

  @Override
  public String toString() {
    return "Receipt[" + log + " " + entry + "]";
  }
}
