package dev.pledge.engine.watch;

import dev.pledge.engine.audit.Recorded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Entries of several logs as one stream: each log's in the order of its positions, and among the
 * logs in that of their times. It ends where the next entry of a log is not known yet, since that
 * may be earlier than those of the others.
 */
final class Merge {
  private final List<Next> logs = new ArrayList<>();

  /** The next entries of a log, taken one by one. */
  private static final class Next {
    private final List<Recorded> entries;
    private final boolean goesOn;
    private int taken;

    Next(List<Recorded> entries, boolean goesOn) {
      this.entries = entries;
      this.goesOn = goesOn;
    }

    boolean isEmpty() {
      return taken == entries.size();
    }

    Instant at() {
      return entries.get(taken).entry().facts().at();
    }
  }

  /**
   * Adds a log.
   *
   * @param entries its next ones
   * @param goesOn whether there may be more after them
   */
  void add(List<Recorded> entries, boolean goesOn) {
    logs.add(new Next(entries, goesOn));
  }

  /** Whether there may be more than what is here. */
  boolean goesOn() {
    return logs.stream().anyMatch(log -> log.goesOn);
  }

  /** Takes what can be told the order of. */
  List<Recorded> take() {
    List<Recorded> merged = new ArrayList<>();
    while (logs.stream().noneMatch(log -> log.isEmpty() && log.goesOn)) {
      Next earliest = null;
      for (Next log : logs) {
        if (!log.isEmpty() && (earliest == null || log.at().isBefore(earliest.at()))) {
          earliest = log;
        }
      }
      if (earliest == null) {
        break;
      }
      merged.add(earliest.entries.get(earliest.taken++));
    }
    return merged;
  }
}
