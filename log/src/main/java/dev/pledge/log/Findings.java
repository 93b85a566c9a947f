package dev.pledge.log;

import dev.pledge.log.Verifier.Finding;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is found wrong: the first of it in order, and how much more there was. Of one thread. */
final class Findings {
  /** More than this many are counted and not listed. */
  static final int MOST_LISTED = 20;

  private final List<Finding> listed = new ArrayList<>();
  private long more;

  void add(String where, @Nullable String what) {
    if (listed.size() < MOST_LISTED) {
      listed.add(new Finding(where, String.valueOf(what)));
    } else {
      more++;
    }
  }

  List<Finding> listed() {
    return List.copyOf(listed);
  }

  long more() {
    return more;
  }
}
