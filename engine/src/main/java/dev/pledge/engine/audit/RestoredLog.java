package dev.pledge.engine.audit;

import dev.pledge.engine.store.Database;
import dev.pledge.log.Checkpoint;
import dev.pledge.log.Facts;
import dev.pledge.log.Hash;
import dev.pledge.log.Kind;
import dev.pledge.log.Outcome;
import dev.pledge.log.Reason;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/**
 * A log in data that were restored from a copy older than what was signed of it. Nothing may be
 * signed on under its name; what goes on is another log, which begins with the entries there are
 * and says so.
 */
public final class RestoredLog {
  private final String log;
  private final Trees trees;

  /** The log so named. */
  public RestoredLog(String log) {
    this.log = log;
    this.trees = new Trees(log);
  }

  /** How far the data have the log. */
  public record Kept(long size, Hash root) {}

  /** How far the data have it; nothing of it where it was not begun. */
  public Kept kept(Database database) {
    Optional<Trees.Head> head = database.read(trees::head);
    return head.map(at -> new Kept(at.size(), at.root()))
        .orElseGet(() -> new Kept(0, Hash.ofEmptyTree()));
  }

  /** How many entries the newest checkpoint covers that was published; 0 before the first. */
  public long published(Database database) {
    return database.read(
        handle ->
            handle
                .createQuery("select coalesce(max(size), 0) from checkpoint where log = :log")
                .bind("log", log)
                .mapTo(Long.class)
                .one());
  }

  /** Says which log has ended: how many entries its last checkpoint covers, and their root. */
  public static Draft ended(Checkpoint last, Instant at, dev.pledge.log.Caller by) {
    return entry("log-ended", last.size(), last.root(), at, by);
  }

  /** Says with how many of these another begins, and their root. */
  public static Draft takenOver(Kept kept, Instant at, dev.pledge.log.Caller by) {
    return entry("log-taken-over", kept.size(), kept.root(), at, by);
  }

  private static Draft entry(
      String rule, long size, Hash root, Instant at, dev.pledge.log.Caller by) {
    return Draft.aboutNobody(
        Facts.of(Kind.RESTORE, at, Outcome.PERMITTED, by)
            .reason(new Reason(rule, Optional.empty(), Optional.empty()))
            .subjects(size)
            .digest(root.value())
            .build());
  }

  /**
   * Forgets what was signed of the log that has ended, and what was heard of it: of the one that
   * goes on nothing is yet.
   *
   * @param owner the database by the role that owns it
   */
  public void forgetSigned(Database owner) {
    owner.change(
        tx -> {
          tx.handle()
              .createUpdate("delete from cosignature where log = :log")
              .bind("log", log)
              .execute();
          tx.handle()
              .createUpdate("delete from candidate where log = :log")
              .bind("log", log)
              .execute();
          tx.handle()
              .createUpdate("delete from anchor where log = :log")
              .bind("log", log)
              .execute();
          return tx.handle()
              .createUpdate("delete from checkpoint where log = :log")
              .bind("log", log)
              .execute();
        });
  }

  /**
   * Removes entries that got no place in any log before the copy was made, and that no key opens
   * any more: they would wait for one for ever. Returns how many there were.
   */
  public static int dropUnreadable(Database owner, Collection<Integer> readableEpochs) {
    return owner.change(
        tx ->
            tx.handle()
                .createUpdate(
                    "delete from intake where leaf_index is null and not epoch = any(:readable)")
                .bindArray("readable", Integer.class, readableEpochs)
                .execute());
  }
}
