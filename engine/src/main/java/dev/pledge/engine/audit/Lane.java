package dev.pledge.engine.audit;

import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.Transaction;
import dev.pledge.log.Hash;
import java.time.InstantSource;
import java.util.List;
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

  /** What rows go in under. */
  UUID intakeKey() {
    return intake.key();
  }

  /**
   * Returns if something goes in.
   *
   * @throws Overloaded if nothing does for now
   * @throws LogBroken if nothing does until somebody has looked into it
   */
  void requireRoom() {
    if (!accepts()) {
      throw new Overloaded("the log's writer has ended");
    }
    to.gauge().requireRoom();
  }

  /** Whether its writer is at work. */
  boolean accepts() {
    return groupCommit.accepts();
  }

  /** Whether its latest entry could not be taken. */
  boolean isFailing() {
    return groupCommit.isFailing();
  }

  /** Enters them in the transaction. */
  void append(Transaction tx, List<Prepared> entries) {
    promise(entries);
    intake.insert(tx.handle(), entries);
    entries.forEach(entry -> tx.afterCommit(entry.receipt()::committed));
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
