package dev.pledge.engine.gate;

import dev.pledge.engine.actor.Actors;
import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.gate.People.Hold;
import dev.pledge.engine.keys.RecordKind;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.oversight.Approvals;
import dev.pledge.engine.oversight.NewApproval;
import dev.pledge.engine.store.Transaction;
import dev.pledge.log.Detail;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.policy.decision.Approval;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policy.LegalException;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Reason;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.SubjectId;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Approvals of legal exceptions: given by a second person before the use, and found again by the
 * use (II.I.7).
 */
final class Approving {

  private final Parts parts;
  private final Approvals approvals;
  private final Actors actors;

  Approving(Parts parts, Approvals approvals, Actors actors) {
    this.parts = parts;
    this.approvals = approvals;
    this.actors = actors;
  }

  // -------------------------------------------------------------------------------------- giving

  Approved approve(Transaction tx, Caller caller, SubjectId subject, ApprovalRequest request)
      throws SQLException {
    Person person = parts.theirs(tx, caller, subject, Hold.FOR_CHANGE);
    if (person == null) {
      return new Approved.Unknown(parts.appendUnknown(tx, Kind.APPROVE, caller));
    }
    try (SubjectKey key = parts.keys().unwrap(subject, person.wrapped())) {
      CompiledPolicy policy = parts.policyAt(person.state().now());
      return approve(tx, caller, parts.aged(person, key, policy).state(), key, policy, request);
    }
  }

  private Approved approve(
      Transaction tx,
      Caller caller,
      SubjectState state,
      SubjectKey key,
      CompiledPolicy policy,
      ApprovalRequest request) {
    Instant now = state.now();
    Asker approver = caller.asker(now, Asker.Capacity.ROLE, Asker.Assurance.SIGNED_IN);
    Instant until = request.until() == null ? now.plus(Approval.USUAL) : request.until();
    Approval approval =
        new Approval(
            request.asker(),
            request.purpose(),
            request.product(),
            request.fields(),
            until.truncatedTo(ChronoUnit.MICROS));
    Set<RoleId> roles = actors.rolesOf(tx.handle(), approval.asker());
    boolean known = !roles.isEmpty();
    Reason refused = policy.refusesApproval(approver, approval, now);
    boolean usable = policy.needs(roles, approval.purpose(), approval.product());
    refused = refused == null && !usable ? Reason.NO_SUCH_ACTOR : refused;
    Facts.Builder facts = facts(Kind.APPROVE, approver, approval, policy, state, refused);
    // INVARIANT: only an id that is an actor's is named in the open; any other may be anything.
    facts = known ? facts.target(approval.asker().value()) : facts;
    UUID id = parts.ids().unordered();
    Detail detail =
        Detail.of(state.version(), List.of()).withReference(request.reference()).withRefersTo(id);
    Receipt receipt = parts.entries().append(tx, key, facts.build(), detail);
    if (refused != null) {
      return new Approved.Refused(refused, new ClauseId(refused.clause()), receipt);
    }
    byte[] reference =
        key.sealRecord(
            RecordKind.APPROVAL, id, request.reference().getBytes(StandardCharsets.UTF_8));
    approvals.insert(tx, key.subject(), new NewApproval(id, approval, caller.id(), reference, now));
    return new Approved.Granted(id, approval.until(), receipt);
  }

  // ---------------------------------------------------------------------------------- taking back

  Outcome revoke(Transaction tx, Caller caller, SubjectId subject, UUID id) throws SQLException {
    Person person = parts.theirs(tx, caller, subject, Hold.FOR_CHANGE);
    Approval given = person == null ? null : approvals.take(tx, subject, id).orElse(null);
    if (person == null || given == null) {
      return new Outcome.Unknown(parts.appendUnknown(tx, Kind.REVOKE, caller));
    }
    try (SubjectKey key = parts.keys().unwrap(subject, person.wrapped())) {
      CompiledPolicy policy = parts.policyAt(person.state().now());
      SubjectState state = parts.aged(person, key, policy).state();
      Asker approver = caller.asker(state.now(), Asker.Capacity.ROLE, Asker.Assurance.SIGNED_IN);
      Reason refused = policy.refusesRevocation(approver, given);
      Facts facts =
          facts(Kind.REVOKE, approver, given, policy, state, refused)
              .target(given.asker().value())
              .build();
      Detail detail = Detail.of(state.version(), List.of()).withRefersTo(id);
      Receipt receipt = parts.entries().append(tx, key, facts, detail);
      if (refused != null) {
        return Outcome.Refused.of(refused, receipt);
      }
      approvals.revoke(tx, subject, id);
      return new Outcome.Done(receipt);
    }
  }

  private static Facts.Builder facts(
      Kind kind,
      Asker approver,
      Approval approval,
      CompiledPolicy policy,
      SubjectState state,
      @Nullable Reason refused) {
    Optional<LegalException> exception =
        Optional.ofNullable(policy.declaredPurpose(approval.purpose())).flatMap(Purpose::exception);
    Facts.Builder facts =
        Logbook.overseen(
                kind,
                state.now(),
                approver,
                exception.map(LegalException::approver),
                policy,
                refused)
            .standing(Logbook.standing(state, approval.product()));
    return LoggedNames.addTo(facts, approval, policy);
  }

  // ------------------------------------------------------------------------------------- finding

  /**
   * The approval named by the request, in force now for this caller, purpose and product; null if
   * there is none, or none is named. One approval is about one person.
   */
  static @Nullable ApprovedUse find(Handle handle, ReadRequest request, List<SubjectId> subjects) {
    LegalOrder order = request.order();
    return order == null
        ? null
        : handle
            .createQuery(
                """
                select p.subject_id, p.approval_id, p.purpose, p.product, p.asker, p.approver,
                       p.fields, p.reference, coalesce(a.roles, array[]::text[]) as roles,
                       coalesce(a.kind, 'service') as kind -- who is gone is nobody
                from approval p
                left join actor a on a.actor_id = p.approver and a.disabled_at is null
                where p.subject_id = any(:subjects) and p.approval_id = :approval
                  and p.revoked_at is null and p.expires_at > statement_timestamp()
                """)
            .bind("subjects", subjects.stream().map(SubjectId::value).toArray(UUID[]::new))
            .bind("approval", order.approval())
            .map((row, context) -> approved(row, request))
            .findFirst()
            .orElse(null);
  }

  /** The purposes for which an approval about the person was in force then or later. */
  static Set<String> approvedSince(Handle handle, SubjectId subject, Instant since) {
    return handle
        .createQuery(
            """
            select distinct purpose from approval
            where subject_id = :subject and least(expires_at, revoked_at) >= :since
            """)
        .bind("subject", subject.value())
        .bind("since", since)
        .mapTo(String.class)
        .set();
  }

  private static @Nullable ApprovedUse approved(ResultSet row, ReadRequest request)
      throws SQLException {
    boolean same =
        row.getString("purpose").equals(request.purpose())
            && row.getString("product").equals(request.product())
            && row.getString("asker").equals(request.caller().id().value());
    return same
        ? new ApprovedUse(
            row.getObject("approval_id", UUID.class),
            new SubjectId(row.getObject("subject_id", UUID.class)),
            new ActorId(row.getString("approver")),
            Asker.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
            texts(row, "roles", RoleId::new),
            texts(row, "fields", Function.identity()),
            row.getBytes("reference"))
        : null;
  }

  private static <T> Set<T> texts(ResultSet row, String column, Function<String, T> reader)
      throws SQLException {
    return Stream.of((String[]) row.getArray(column).getArray())
        .map(reader)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** The reference of the order behind an approval. */
  static String reference(ApprovedUse approved, SubjectKey key) {
    return new String(
        key.openRecord(RecordKind.APPROVAL, approved.id(), approved.reference()),
        StandardCharsets.UTF_8);
  }
}
