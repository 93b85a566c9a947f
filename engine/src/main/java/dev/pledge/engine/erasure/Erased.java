package dev.pledge.engine.erasure;

import dev.pledge.engine.audit.Receipt;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** What came of an erasure. */
public sealed interface Erased {

  /**
   * The person is erased, or sealed until they are.
   *
   * @param id the certificate's id, as the ledger has it
   * @param inaccessibleSince from when on nothing opens the data in the live system
   * @param recoverableUntil until when the person may take it back; empty where it is for good
   * @param irrecoverableBy from when on nobody reads an old copy either; empty where no day is
   *     promised
   * @param signed the certificate: a note, signed in the log's name, whose text is that of an
   *     {@link dev.pledge.log.ErasureCertificate}
   */
  record Certificate(
      UUID id,
      Instant inaccessibleSince,
      Optional<Instant> recoverableUntil,
      Optional<Instant> irrecoverableBy,
      String signed,
      Receipt receipt)
      implements Erased {}

  /** There is no such person; one erased before is told no differently. */
  record Unknown(Receipt receipt) implements Erased {}
}
