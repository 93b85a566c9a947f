package dev.pledge.engine.anchor;

import dev.pledge.log.VerifierKey;
import java.time.Duration;
import java.util.Set;

/** A place that is told of a log's checkpoints. Safe for use by many threads. */
public interface OutsideAnchor {
  /** What kind of place it is. */
  enum Kind {
    /** A file, best on another machine. */
    FILE,
    /** An HTTP endpoint that takes notes. */
    HTTP,
    /** Somebody's mailbox. */
    EMAIL,
    /** Somebody who cosigns what is consistent (C2SP tlog-witness). */
    WITNESS;

    /** Whether it answers with what it knows, and so can contradict. */
    public boolean tells() {
      return this == FILE || this == WITNESS;
    }
  }

  /**
   * What all have.
   *
   * @param name by which the operator knows it; shown to everybody
   * @param every the least time between two checkpoints it is told of
   * @param required whether the server starts only once it was asked
   */
  record Terms(String name, Duration every, boolean required) {}

  /** Its terms. */
  Terms terms();

  /** Its kind. */
  Kind kind();

  /** The keys with which it cosigns; none unless it is a witness. */
  default Set<VerifierKey> keys() {
    return Set.of();
  }

  /** The same place for another log; itself, if it tells logs apart by the origin. */
  default OutsideAnchor ofLog(String log) {
    return this;
  }

  /**
   * Compares what it knows with the log, where that can be had without telling it anything.
   *
   * @throws AnchorFailed if it could not be asked
   * @throws AnchorDisagrees if what it knows is not what the log has
   */
  default void compare(LogView log) {}

  /**
   * Tells it of a checkpoint, and compares what it knows with the log where it says so. Ends within
   * half a minute, but for a disk or a mail server that hangs.
   *
   * @throws AnchorFailed if it could not be told
   * @throws AnchorDisagrees if what it knows is not what the log has
   */
  Kept tell(News news, LogView log);
}
