package dev.pledge.engine.rights;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.gate.Gate;
import dev.pledge.engine.gate.Petition;
import dev.pledge.engine.keys.RequestPlace;
import dev.pledge.engine.keys.RequestPlace.What;
import dev.pledge.engine.request.Requests;
import dev.pledge.engine.request.RightsRequest;
import dev.pledge.engine.request.StoredMessage;
import dev.pledge.engine.rights.Notices.Notice;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.TimeOrderedIds;
import dev.pledge.engine.store.Transaction;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SubjectId;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What the parts of this package share. */
record Common(
    Gate gate,
    Database database,
    Requests rows,
    Clocks clocks,
    Notices notices,
    TimeOrderedIds ids) {
  /** The most messages on one request. */
  static final int MOST_MESSAGES = 200;

  private static final ProductId GENERAL = new ProductId(CompiledPolicy.GENERAL);

  /** A change of a request, once its person's account is taken. */
  @FunctionalInterface
  interface Step {
    Moved take(Petition petition, RightsRequest request) throws SQLException;
  }

  /** Changes a request of the person's; to whoever may not know of it there is none. */
  Moved change(Transaction tx, Caller caller, SubjectId subject, UUID id, Step step)
      throws SQLException {
    Optional<Petition> taken = gate.petition(tx, caller, subject);
    if (taken.isEmpty()) {
      return unknown(tx, caller);
    }
    try (Petition petition = taken.get()) {
      Optional<RightsRequest> request = rows.find(tx.handle(), subject, id);
      return request.isEmpty() ? unknown(tx, caller) : step.take(petition, request.get());
    }
  }

  Moved.Unknown unknown(Transaction tx, Caller caller) {
    return new Moved.Unknown(gate.enterUnknownPetition(tx, caller));
  }

  static Moved.Refused refused(Petition petition, UUID request, NotNow why) {
    return new Moved.Refused(why, petition.enterRefusal(request, why.word(), why.clause()));
  }

  /** Stores the request as it is now, and enters what was done. */
  Moved.Done done(Transaction tx, Petition petition, RightsRequest request, String what) {
    return done(tx, petition, request, request.id(), what);
  }

  Moved.Done done(
      Transaction tx, Petition petition, RightsRequest request, UUID record, String what) {
    rows.update(tx, request);
    Receipt receipt = petition.enter(request.id(), what, request.kind().clause());
    return new Moved.Done(request, record, receipt);
  }

  /** Tells the person; the request with what that means for it. */
  RightsRequest told(Transaction tx, Petition petition, RightsRequest request, Notice notice) {
    boolean reached =
        notices.tell(tx, petition.subject(), notice, Map.of(Notices.NUMBER, request.number()));
    return reached ? request.confirmedAt(petition.now()) : request;
  }

  /** Adds a message to the request. */
  UUID say(
      Transaction tx,
      Petition petition,
      RightsRequest request,
      Optional<ActorId> author,
      String text) {
    UUID id = ids.unordered();
    byte[] sealed =
        petition.seal(
            RequestPlace.message(request.id(), id), text.getBytes(StandardCharsets.UTF_8));
    rows.insert(tx, request, new StoredMessage(id, petition.now(), author, sealed));
    return id;
  }

  boolean isFull(Transaction tx, RightsRequest request) {
    return rows.messages(tx.handle(), request).size() >= MOST_MESSAGES;
  }

  /** Lets the documents of a request go that needs them no more. */
  void dropDocuments(Transaction tx, Petition petition, RightsRequest request) throws SQLException {
    if (rows.removeDocuments(tx, request) > 0) {
      petition.forget(Set.of(What.DOCUMENT.of(request.id())));
    }
  }

  /** Whose requests the caller's products let them see; empty for all. */
  static Optional<Set<ProductId>> products(Caller caller) {
    return caller.products().contains(GENERAL) ? Optional.empty() : Optional.of(caller.products());
  }

  static boolean isForStaffOf(Caller caller, RightsRequest request) {
    return products(caller)
        .map(products -> !Collections.disjoint(products, request.products()))
        .orElse(true);
  }
}
