package dev.pledge.engine.gate;

import dev.pledge.engine.audit.LogReader;
import dev.pledge.engine.audit.Recorded;
import dev.pledge.engine.gate.Symptoms.Problem;
import java.util.List;

/** Entries of the log that are missing or do not open: the newest thousand, or all. */
final class LogCheck implements Check {
  private static final int SAMPLE = 1_000;
  private static final Problem PROBLEM =
      Problem.bad(
          "log-entry-does-not-open",
          "an entry of the log that is missing or not as it was written; what comes after the first"
              + " of a log was not looked at",
          "restore a backup with `pledge restore`; a copy made by `pledge audit export` tells what"
              + " the entry was");

  @Override
  public void run(Ward ward, Symptoms found) {
    for (LogReader log : ward.logs()) {
      long size = log.size();
      long position = ward.deep() ? log.first() : Math.max(log.first(), size - SAMPLE);
      try {
        while (position < size) {
          List<Recorded> block = log.from(position, LogReader.BLOCK);
          if (block.isEmpty()) {
            break;
          }
          position += block.size();
          ward.looked().accept(position);
        }
      } catch (IllegalStateException e) {
        found.add(PROBLEM, log.log() + ", from position " + position + ": " + e.getMessage());
      }
    }
  }
}
