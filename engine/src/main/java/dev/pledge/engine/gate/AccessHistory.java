package dev.pledge.engine.gate;

import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.audit.Recorded;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A person's access history: who did what with their data, why and when (V.1). */
public sealed interface AccessHistory {

  /**
   * A page, newest first. It may have fewer lines than asked for, even none, and yet not be the
   * last, where very many entries had to be passed over.
   *
   * @param next what to ask with for the next page, or empty at the end
   * @param reached how far back was looked, where there is a next page
   */
  record Page(List<Line> lines, Optional<String> next, Optional<Instant> reached, Receipt receipt)
      implements AccessHistory {
    public Page {
      lines = List.copyOf(lines);
    }
  }

  /**
   * All of it was handed over.
   *
   * @param count how many lines
   */
  record Exported(long count, Receipt receipt) implements AccessHistory {}

  /** There is no such person, or no longer. */
  record Unknown(Receipt receipt) implements AccessHistory {}

  /**
   * One entry with what only the person's key opens.
   *
   * @param justification why it was done, in the actor's words, if they said
   */
  record Line(Recorded recorded, @Nullable String justification) {
    @Override
    public String toString() {
      return "Line[" + recorded.entry().id() + "]";
    }
  }
}
