package dev.pledge.engine.audit;

import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.Transaction;
import dev.pledge.log.Hash;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The way into one log: what commits together goes into one log, so that one promise of that log
 * serves all of it. Safe for use by many threads.
 */
final class Lane implements AutoCloseable {
  private static final Pattern LOG_NAME = Pattern.compile("[a-z0-9][a-z0-9./-]{0,63}");

  private final Audit.To to;
  private final InstantSource clock;
  private final Intake intake;
  private final GroupCommit groupCommit;

  /**
   * Starts the writing thread.
   *
   * @param intakeKey that rows go in under
   */
  Lane(Audit.To to, Database database, InstantSource clock, UUID intakeKey, Limits limits) {
    if (!LOG_NAME.matcher(to.log()).matches()) {
      throw new IllegalArgumentException(
          "malformed log name; use lower-case letters, digits, `.`, `-` and `/`");
    }
    this.to = to;
    this.clock = clock;
    this.intake = new Intake(intakeKey);
    this.groupCommit = new GroupCommit(to.log(), database, intake, limits, this::promise);
  }

  String log() {
    return to.log();
  }

  /** Why nothing goes in for now; empty if it does. */
  Optional<String> obstacle() {
    return accepts() ? to.gauge().obstacle() : Optional.of("the log's writer has ended");
  }

  /** Whether its writer is at work. */
  boolean accepts() {
    return groupCommit.accepts();
  }

  /** Enters it in the transaction. */
  void append(Transaction tx, Prepared entry) {
    promise(List.of(entry));
    intake.insert(tx.handle(), List.of(entry));
    tx.afterCommit(entry.receipt()::committed);
  }

  /** Enters it, and returns once it is durable. */
  void record(Prepared entry) {
    groupCommit.write(entry);
    entry.receipt().committed();
  }

  /** What commits together is promised together. */
  private void promise(List<Prepared> together) {
    List<Hash> leaves = together.stream().map(each -> each.receipt().leaf()).toList();
    Batch batch = new Batch(leaves, clock.instant(), to.signer());
    for (int i = 0; i < together.size(); i++) {
      together.get(i).receipt().promisedIn(batch, i);
    }
  }

  @Override
  public void close() {
    groupCommit.close();
  }
}
