package dev.pledge.engine.gate;

import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.audit.Recorded;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A person's access history: who did what with their data, why and when (V.1). */
public sealed interface AccessHistory {

  /**
   * A page, newest first.
   *
   * @param next what to ask with for the next page, or empty at the end
   */
  record Page(List<Line> lines, Optional<String> next, Receipt receipt) implements AccessHistory {
    public Page {
      lines = List.copyOf(lines);
    }
  }

  /** There is no such person. */
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
