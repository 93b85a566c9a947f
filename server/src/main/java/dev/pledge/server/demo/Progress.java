package dev.pledge.server.demo;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Locale;

/** Shows how far a long work is: a bar that grows on a terminal, a line now and then elsewhere. */
final class Progress {
  private static final int WIDTH = 40;
  private static final int STEPS = 4;

  private final PrintWriter out;
  private final String what;
  private final int all;
  private final boolean terminal;
  private int shown = -1;

  Progress(PrintWriter out, String what, int all) {
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

  void at(int done) {
    int step = done * (terminal ? WIDTH : STEPS) / all;
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
