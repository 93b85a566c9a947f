package dev.pledge.engine.gate;

import dev.pledge.engine.audit.LogReader.Range;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.audit.Recorded;
import java.util.List;
import java.util.Optional;

/** What came of a search of the log. */
public sealed interface SearchAnswer {

  /**
   * A page, newest first.
   *
   * @param scanned the places that were looked at for this page
   * @param next what to ask with to look on; empty once the beginning of the period was reached
   */
  record Page(List<Recorded> entries, Range scanned, Optional<String> next, Receipt receipt)
      implements SearchAnswer {
    public Page {
      entries = List.copyOf(entries);
    }
  }

  /** Nothing was looked for: some names are none of the policy's, or of the log's. */
  record Misnamed(List<Name> names) implements SearchAnswer {
    public Misnamed {
      names = List.copyOf(names);
    }
  }

  /**
   * A part of a query that names what there is not.
   *
   * @param of the part, as requests call it
   * @param near the name that was probably meant
   */
  record Name(String of, Optional<String> near) {}
}
