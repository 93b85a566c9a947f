package dev.pledge.server.console;

import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/** {@link Progress} of a work that tells how long it is only once it is under way. */
public final class LateProgress {
  private final PrintWriter out;
  private final String what;
  private @Nullable Progress progress;

  /** Of what is called {@code what}. */
  public LateProgress(PrintWriter out, String what) {
    this.out = out;
    this.what = what;
  }

  /** So much is done, of what was {@code all} when this was told first. */
  public void at(long done, long all) {
    Progress bar = progress;
    if (bar == null) {
      bar = new Progress(out, what, all);
      progress = bar;
    }
    bar.at(done);
  }
}
