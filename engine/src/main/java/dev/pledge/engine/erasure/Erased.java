package dev.pledge.engine.erasure;

import dev.pledge.engine.audit.Receipt;
import java.time.Instant;
import java.util.UUID;

/** What came of an erasure. */
public sealed interface Erased {

  /**
   * The person is erased.
   *
   * @param id the certificate's id, as the ledger has it
   * @param inaccessibleSince from when on nothing opens the data in the live system
   * @param signed the certificate: a note, signed in the log's name, whose text is that of an
   *     {@link dev.pledge.log.ErasureCertificate}
   */
  record Certificate(UUID id, Instant inaccessibleSince, String signed, Receipt receipt)
      implements Erased {}

  /** There is no such person; one erased before is told no differently. */
  record Unknown(Receipt receipt) implements Erased {}
}
