package dev.pledge.engine.hold;

import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.SubjectId;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * A legal hold (II.I.7, II.II.3).
 *
 * @param legalCase the case it is of, which may hold data of many people
 * @param subject whose data it holds; empty once the person is erased
 * @param purpose the legal exception it is for
 * @param fields what it covers
 * @param officer who placed it
 * @param until when it ends by itself
 * @param reference of the order, sealed under the hold's own key
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record LegalHold(
    UUID id,
    UUID legalCase,
    Optional<SubjectId> subject,
    String purpose,
    String product,
    Set<FieldId> fields,
    ActorId officer,
    Instant placedAt,
    Instant until,
    byte[] reference) {

  /** The name of its key among the keys of people: a hold has one as a person has. */
  public SubjectId keyName() {
    return new SubjectId(id);
  }

  @Override
  public String toString() {
    return "LegalHold[" + id + "]";
  }
}
