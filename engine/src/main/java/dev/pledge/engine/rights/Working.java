package dev.pledge.engine.rights;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.gate.Petition;
import dev.pledge.engine.keys.RequestPlace;
import dev.pledge.engine.request.RequestCursor;
import dev.pledge.engine.request.RequestFilter;
import dev.pledge.engine.request.RequestKind;
import dev.pledge.engine.request.RequestPage;
import dev.pledge.engine.request.RequestState;
import dev.pledge.engine.request.Requests.Counts;
import dev.pledge.engine.request.RightsRequest;
import dev.pledge.engine.request.RightsRequest.Carrying;
import dev.pledge.engine.request.RightsRequest.Check;
import dev.pledge.engine.request.RightsRequest.Decided;
import dev.pledge.engine.request.Ruling;
import dev.pledge.engine.rights.Notices.Notice;
import dev.pledge.engine.store.Transaction;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policies;
import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SubjectId;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * What members of staff do with requests: look, write, check who asks, put off, decide, and see to
 * what could not be done (V.4, IV.3).
 */
final class Working {
  private final Common common;
  private final Policies policies;
  private final InstantSource clock;

  Working(Common common, Policies policies, InstantSource clock) {
    this.common = common;
    this.policies = policies;
    this.clock = clock;
  }

  // ------------------------------------------------------------------------------------- who may

  /** Why the caller works on no requests, or null. */
  private static @Nullable NotNow refuses(Caller caller, CompiledPolicy policy, Instant now) {
    if (caller.kind() != Asker.Kind.STAFF) {
      return NotNow.NOT_A_MEMBER_OF_STAFF;
    }
    Asker asker = caller.asker(now, Asker.Capacity.ROLE, Asker.Assurance.SIGNED_IN);
    boolean bound =
        policy.source().roles().stream()
            .filter(role -> caller.roles().contains(role.id()))
            .anyMatch(role -> role.undertaking().map(asker.undertakings()::contains).orElse(true));
    return bound ? null : NotNow.NO_ROLE;
  }

  private Moved change(Transaction tx, Caller caller, UUID id, Common.Step step)
      throws SQLException {
    Optional<SubjectId> owner = common.rows().ownerOf(tx.handle(), id);
    if (owner.isEmpty()) {
      return common.unknown(tx, caller);
    }
    return common.change(
        tx,
        caller,
        owner.get(),
        id,
        (petition, request) -> {
          if (!Common.isForStaffOf(caller, request)) {
            return common.unknown(tx, caller);
          }
          NotNow refused = refuses(caller, petition.policy(), petition.now());
          return refused == null
              ? step.take(petition, request)
              : Common.refused(petition, id, refused);
        });
  }

  /** The same of what waits for a decision. */
  private Moved changeUndecided(Transaction tx, Caller caller, UUID id, Common.Step step)
      throws SQLException {
    return change(
        tx,
        caller,
        id,
        (petition, request) ->
            request.state().isUndecided()
                ? step.take(petition, request)
                : Common.refused(
                    petition,
                    id,
                    request.decided().isPresent() ? NotNow.ALREADY_DECIDED : NotNow.NOT_UNDECIDED));
  }

  // --------------------------------------------------------------------------------------- moving

  /** That the caller works on it; who was told by other means that it is here, knows it then. */
  Moved take(Transaction tx, Caller caller, UUID id) throws SQLException {
    return changeUndecided(
        tx,
        caller,
        id,
        (petition, request) ->
            common.done(
                tx,
                petition,
                request
                    .confirmedAt(petition.now())
                    .in(
                        request.state() == RequestState.IDENTITY_WANTED
                            ? RequestState.IDENTITY_WANTED
                            : RequestState.IN_WORK)
                    .handledBy(caller.id()),
                "in-work"));
  }

  Moved write(Transaction tx, Caller caller, UUID id, String text) throws SQLException {
    Wording.require(text, "text", Wish.LONGEST);
    return change(
        tx,
        caller,
        id,
        (petition, request) -> {
          if (request.state() == RequestState.WITHDRAWN) {
            return Common.refused(petition, id, NotNow.NOT_UNDECIDED);
          }
          if (common.isFull(tx, request)) {
            return Common.refused(petition, id, NotNow.TOO_MANY_MESSAGES);
          }
          return said(tx, caller, petition, request, text, "message");
        });
  }

  private Moved said(
      Transaction tx,
      Caller caller,
      Petition petition,
      RightsRequest request,
      String text,
      String what) {
    UUID message = common.say(tx, petition, request, Optional.of(caller.id()), text);
    RightsRequest told = common.told(tx, petition, request, Notice.REQUEST_MESSAGE);
    return common.done(tx, petition, told, message, what);
  }

  /** Asks the person to show who they are, and how. */
  Moved wantIdentity(Transaction tx, Caller caller, UUID id, String text) throws SQLException {
    Wording.require(text, "text", Wish.LONGEST);
    return changeUndecided(
        tx,
        caller,
        id,
        (petition, request) ->
            common.isFull(tx, request)
                ? Common.refused(petition, id, NotNow.TOO_MANY_MESSAGES)
                : said(
                    tx,
                    caller,
                    petition,
                    request
                        .confirmedAt(petition.now())
                        .in(RequestState.IDENTITY_WANTED)
                        .handledBy(caller.id()),
                    text,
                    "identity-wanted"));
  }

  Moved checkIdentity(Transaction tx, Caller caller, UUID id, Rights.HowSeen how)
      throws SQLException {
    return changeUndecided(
        tx,
        caller,
        id,
        (petition, request) ->
            common.done(
                tx,
                petition,
                request
                    .confirmedAt(petition.now())
                    .in(RequestState.IN_WORK)
                    .handledBy(caller.id())
                    .checked(new Check(how.word(), caller.id(), petition.now())),
                "identity"));
  }

  /** Puts the answer off, once, and tells the person why. */
  Moved extend(Transaction tx, Caller caller, UUID id, String reason) throws SQLException {
    Wording.require(reason, "reason", Wish.LONGEST);
    return changeUndecided(
        tx,
        caller,
        id,
        (petition, request) -> {
          if (request.clock().extendedAt().isPresent()) {
            return Common.refused(petition, id, NotNow.ALREADY_EXTENDED);
          }
          CompiledPolicy policy = policyOf(request, petition.policy());
          Optional<Instant> until =
              request
                  .clock()
                  .answerBy()
                  .flatMap(by -> common.clocks().extended(request.kind(), policy, by));
          if (until.isEmpty()) {
            return Common.refused(petition, id, NotNow.NO_EXTENSION);
          }
          if (!petition.now().isBefore(request.clock().answerBy().orElseThrow())) {
            return Common.refused(petition, id, NotNow.LATE_TO_EXTEND);
          }
          return said(
              tx,
              caller,
              petition,
              request.extendedTo(until.get(), petition.now()).confirmedAt(petition.now()),
              reason,
              "extended");
        });
  }

  /** The version of the policy by which the request's clocks run. */
  private CompiledPolicy policyOf(RightsRequest request, CompiledPolicy otherwise) {
    return policies.versions().stream()
        .filter(version -> version.version().toString().equals(request.policy()))
        .findFirst()
        .orElse(otherwise);
  }

  // ------------------------------------------------------------------------------------- deciding

  Moved decide(Transaction tx, Caller caller, UUID id, Judgement judgement) throws SQLException {
    return changeUndecided(
        tx,
        caller,
        id,
        (petition, request) -> {
          Optional<RightsRequest> first =
              request.appeals().flatMap(appealed -> find(tx, request.subject(), appealed));
          RightsRequest subject = first.orElse(request);
          NotNow refused = refuses(tx, caller, petition, request, subject, judgement);
          return refused == null
              ? decided(tx, caller, petition, request, subject, judgement)
              : Common.refused(petition, id, refused);
        });
  }

  private Optional<RightsRequest> find(Transaction tx, SubjectId subject, UUID id) {
    return common.rows().find(tx.handle(), subject, id);
  }

  /**
   * Why it cannot be decided so, or null.
   *
   * @param subject the request whose wish is decided on: of an appeal, the one before
   */
  private @Nullable NotNow refuses(
      Transaction tx,
      Caller caller,
      Petition petition,
      RightsRequest request,
      RightsRequest subject,
      Judgement judgement) {
    boolean sameOfficer =
        request.appeals().isPresent()
            && subject.decided().filter(first -> first.by().equals(caller.id())).isPresent();
    if (sameOfficer) {
      return NotNow.DECIDED_BY_THE_SAME;
    }
    if (judgement.ruling() == Ruling.REFUSED) {
      return null;
    }
    if (request.identity().needed() && request.identity().check().isEmpty()) {
      return NotNow.IDENTITY_NOT_CHECKED;
    }
    return judgement.ruling() == Ruling.PARTLY && !isPart(tx, petition, subject, judgement)
        ? NotNow.NO_SUCH_PART
        : null;
  }

  private boolean isPart(
      Transaction tx, Petition petition, RightsRequest subject, Judgement judgement) {
    Set<String> asked = new HashSet<>();
    Wish wish = Looking.wish(subject, common.rows().texts(tx.handle(), subject), petition::open);
    asked.addAll(wish.fields());
    asked.addAll(wish.values().keySet());
    return switch (subject.kind()) {
      case CORRECTION, DELETION ->
          !judgement.fields().isEmpty() && asked.containsAll(judgement.fields());
      case CLOSING, OBJECTION -> false;
      case ACCESS, RESTRICTION, COMPLAINT, APPEAL -> judgement.fields().isEmpty();
    };
  }

  private Moved decided(
      Transaction tx,
      Caller caller,
      Petition petition,
      RightsRequest request,
      RightsRequest subject,
      Judgement judgement)
      throws SQLException {
    Instant now = petition.now();
    Decided decided =
        new Decided(judgement.ruling(), caller.id(), now, judgement.clause().map(ClauseId::value));
    common
        .rows()
        .decide(
            tx,
            request,
            decided,
            petition.seal(RequestPlace.decision(request.id()), judgement.bytes()));
    // After the decision is sealed: the key that forgets documents is another.
    common.dropDocuments(tx, petition, request);
    RightsRequest after =
        ruled(request, subject.kind(), judgement.ruling(), now)
            .decided(decided)
            .handledBy(caller.id());
    boolean access = subject.kind() == RequestKind.ACCESS && judgement.ruling() != Ruling.REFUSED;
    RightsRequest told =
        common.told(tx, petition, after, access ? Notice.EXPORT_READY : Notice.REQUEST_DECIDED);
    return common.done(tx, petition, told, judgement.ruling().word());
  }

  private static RightsRequest ruled(
      RightsRequest request, RequestKind kind, Ruling ruling, Instant now) {
    RightsRequest confirmed = request.confirmedAt(now);
    if (ruling == Ruling.REFUSED) {
      return confirmed.endedIn(RequestState.DECIDED, now);
    }
    return switch (kind) {
      // The answer itself is what was asked for.
      case ACCESS, COMPLAINT, APPEAL -> confirmed.endedIn(RequestState.DONE, now);
      // Nothing of ours does it: somebody does, and says so.
      case RESTRICTION -> confirmed.in(RequestState.CARRYING_OUT);
      case CORRECTION, DELETION, OBJECTION, CLOSING ->
          confirmed
              .in(RequestState.CARRYING_OUT)
              .carrying(new Carrying(0, Optional.empty(), Optional.of(now)));
    };
  }

  // ---------------------------------------------------------------------------------- seeing to it

  /** Runs again what could not be done, with these conditions of the product asserted besides. */
  Moved again(Transaction tx, Caller caller, UUID id, Set<String> conditions) throws SQLException {
    return change(
        tx,
        caller,
        id,
        (petition, request) -> {
          boolean waits =
              request.state() == RequestState.CARRYING_OUT
                  && request.carrying().failure().isPresent();
          if (!waits) {
            return Common.refused(petition, id, NotNow.NOTHING_TO_CARRY_OUT);
          }
          if (!conditions.isEmpty()) {
            Judgement judgement =
                Looking.judgement(
                        request, common.rows().texts(tx.handle(), request), petition::open)
                    .orElseThrow();
            common
                .rows()
                .amend(
                    tx,
                    request,
                    petition.seal(
                        RequestPlace.decision(request.id()),
                        judgement.asserting(conditions).bytes()));
          }
          Carrying carrying =
              new Carrying(
                  request.carrying().attempts(),
                  request.carrying().failure(),
                  Optional.of(petition.now()));
          return common.done(tx, petition, request.carrying(carrying), "again");
        });
  }

  /** That somebody did by hand what nothing of ours does. */
  Moved complete(Transaction tx, Caller caller, UUID id) throws SQLException {
    return change(
        tx,
        caller,
        id,
        (petition, request) -> {
          boolean byHand =
              request.state() == RequestState.CARRYING_OUT
                  && request.carrying().equals(Carrying.NOTHING);
          if (!byHand) {
            return Common.refused(petition, id, NotNow.NOTHING_TO_CARRY_OUT);
          }
          RightsRequest done = request.endedIn(RequestState.DONE, petition.now());
          return common.done(
              tx, petition, common.told(tx, petition, done, Notice.REQUEST_MESSAGE), "done");
        });
  }

  // -------------------------------------------------------------------------------------- looking

  Shown show(Caller caller, UUID id) {
    return look(caller, id, (owner, request) -> Looking.one(common, caller, owner, request));
  }

  Shown document(Caller caller, UUID id, UUID document) {
    return look(
        caller, id, (owner, request) -> Looking.document(common, caller, owner, request, document));
  }

  private Shown look(Caller caller, UUID id, BiFunction<SubjectId, UUID, Shown> look) {
    Optional<RightsRequest> request =
        common
            .database()
            .read(
                handle ->
                    common
                        .rows()
                        .ownerOf(handle, id)
                        .flatMap(owner -> common.rows().find(handle, owner, id)))
            .filter(found -> Common.isForStaffOf(caller, found));
    NotNow refused = refuses(caller);
    return request.isEmpty() || refused != null
        ? nothing(caller, refused)
        : look.apply(request.get().subject(), id);
  }

  private @Nullable NotNow refuses(Caller caller) {
    Instant now = clock.instant();
    return refuses(caller, policies.inForce(now).orElseGet(policies.versions()::getFirst), now);
  }

  private Shown nothing(Caller caller, @Nullable NotNow refused) {
    Receipt receipt = common.gate().enterPetitions(caller, Petition.Found.NOTHING);
    return refused == null ? new Shown.Unknown(receipt) : new Shown.Refused(refused, receipt);
  }

  Shown queue(Caller caller, Rights.Query query, @Nullable String cursor, int limit) {
    Optional<RequestCursor> after = Optional.ofNullable(cursor).map(RequestCursor::of);
    NotNow refused = refuses(caller);
    if (refused != null) {
      return nothing(caller, refused);
    }
    Instant now = clock.instant();
    Instant soon = common.clocks().soon(now);
    Optional<Set<ProductId>> products = Common.products(caller);
    RequestFilter filter =
        new RequestFilter(
            query.states(),
            query.kind(),
            query.product(),
            query.number(),
            switch (query.due()) {
              case ANY -> Optional.empty();
              case SOON -> Optional.of(soon);
              case OVERDUE -> Optional.of(now);
            });
    RequestPage page =
        common
            .database()
            .read(handle -> common.rows().page(handle, filter, products, after, limit));
    Counts counts =
        common.database().read(handle -> common.rows().counts(handle, products, now, soon));
    Receipt receipt = common.gate().enterPetitions(caller, Petition.Found.THERE);
    return new Shown.Queue(page, counts, now, soon, receipt);
  }
}
