package dev.pledge.engine.audit;

import java.util.Optional;
import java.util.UUID;

/** An entry made and sealed, ready to be inserted, and the receipt that is due once it is. */
record Prepared(Optional<HistoryLine> line, IntakeSeal.Sealed sealed, Receipt receipt) {
  UUID id() {
    return receipt.entry();
  }
}
