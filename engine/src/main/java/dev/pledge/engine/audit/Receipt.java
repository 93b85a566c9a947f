package dev.pledge.engine.audit;

import dev.pledge.log.Hash;
import dev.pledge.policy.names.SubjectId;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Says that an entry is in this database, to be integrated into the named log. Made by {@link
 * Audit} alone. It is not signed and proves nothing to an outsider.
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

  /** The entry is committed. */
  void committed() {
    durable = true;
  }

  @Override
  public String toString() {
    return "Receipt[" + log + " " + entry + "]";
  }
}
