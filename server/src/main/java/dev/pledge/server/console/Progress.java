package dev.pledge.server.console;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Locale;

/** Shows how far a long work is: a bar that grows on a terminal, a line now and then elsewhere. */
public final class Progress {
  private static final int WIDTH = 40;
  private static final int STEPS = 4;

  private final PrintWriter out;
  private final String what;
  private final long all;
  private final boolean terminal;
  private int shown = -1;

  /** Of {@code all} that is to be done, called {@code what}. */
  public Progress(PrintWriter out, String what, long all) {
    this.out = out;
    this.what = what;
    this.all = all;
    this.terminal = isTerminal();
  }

  @SuppressWarnings("SystemConsoleNull") // there is none where nothing is a terminal
  private static boolean isTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  /** So much is done. */
  public void at(long done) {
    int step = all == 0 ? 0 : (int) (done * (terminal ? WIDTH : STEPS) / all);
    if (step == shown) {
      return;
    }
    shown = step;
    if (terminal) {
      out.printf(
          Locale.ROOT, "\r%s  [%s%s] %d", what, "█".repeat(step), "·".repeat(WIDTH - step), done);
      if (done == all) {
        out.println();
      }
    } else {
      out.printf(Locale.ROOT, "%s: %d of %d%n", what, done, all);
    }
    out.flush();
  }
}
