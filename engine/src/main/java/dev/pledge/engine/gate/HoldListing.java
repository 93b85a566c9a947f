package dev.pledge.engine.gate;

import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.hold.LegalHold;
import java.util.List;

/**
 * The legal holds in force that the caller may lift or open, the newest first.
 *
 * @param cut whether there are more than one list gives
 */
public record HoldListing(List<LegalHold> holds, boolean cut, Receipt receipt) {
  public HoldListing {
    holds = List.copyOf(holds);
  }
}
