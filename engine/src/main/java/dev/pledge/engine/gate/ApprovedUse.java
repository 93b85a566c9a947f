package dev.pledge.engine.gate;

import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.Question.ExceptionUse;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.SubjectId;
import java.util.Set;
import java.util.UUID;

/**
 * An approval in force for what the caller asks of one person.
 *
 * @param approverKind what the approver is now
 * @param approverRoles those the approver holds now
 * @param reference sealed under the person's key
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
record ApprovedUse(
    UUID id,
    SubjectId subject,
    ActorId approver,
    Asker.Kind approverKind,
    Set<RoleId> approverRoles,
    Set<String> fields,
    byte[] reference) {

  ExceptionUse asked() {
    return new ExceptionUse(approver, approverKind, approverRoles, fields);
  }
}
