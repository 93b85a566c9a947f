package dev.pledge.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How long the processors of the machine have worked, whoever for: load, server and database. */
final class Processors {
  private static final Path STAT = Path.of("/proc/stat");

  /** What Linux counts in, whatever the machine. */
  private static final long NANOS_PER_TICK = 10_000_000;

  /** Of the columns of the first line: user, nice, system, and the two kinds of interrupts. */
  private static final int[] BUSY = {1, 2, 3, 6, 7};

  private Processors() {}

  /** Nanoseconds of work since the machine started, all processors together; 0 if nobody counts. */
  static long busyNanos() {
    if (!Files.exists(STAT)) {
      return 0;
    }
    try {
      String[] columns = Files.readAllLines(STAT).getFirst().split(" +", -1);
      long ticks = 0;
      for (int column : BUSY) {
        ticks += Long.parseLong(columns[column]);
      }
      return ticks * NANOS_PER_TICK;
    } catch (IOException e) {
      throw new UncheckedIOException("could not read how busy the machine is", e);
    }
  }
}
