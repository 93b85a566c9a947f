package dev.pledge.engine.audit;

import dev.pledge.policy.names.SubjectId;
import java.util.Optional;
import java.util.UUID;

/** An entry made and sealed, ready to be inserted, and the receipt that is due once it is. */
record Prepared(Optional<SubjectId> subject, IntakeSeal.Sealed sealed, Receipt receipt) {
  UUID id() {
    return receipt.entry();
  }
}
