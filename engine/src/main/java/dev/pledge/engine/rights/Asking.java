package dev.pledge.engine.rights;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.gate.Petition;
import dev.pledge.engine.keys.RequestPlace;
import dev.pledge.engine.request.DocumentType;
import dev.pledge.engine.request.RequestKind;
import dev.pledge.engine.request.RequestState;
import dev.pledge.engine.request.RightsRequest;
import dev.pledge.engine.request.RightsRequest.Carrying;
import dev.pledge.engine.request.RightsRequest.Check;
import dev.pledge.engine.request.RightsRequest.Clock;
import dev.pledge.engine.request.RightsRequest.Identity;
import dev.pledge.engine.request.Ruling;
import dev.pledge.engine.request.StoredDocument;
import dev.pledge.engine.rights.Notices.Notice;
import dev.pledge.engine.store.Transaction;
import dev.pledge.engine.value.UnusableInput;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SubjectId;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What people do with their requests: make them, add to them, take them back, appeal. */
final class Asking {
  private static final String STEPPED_UP = "stepped-up";
  private static final ProductId GENERAL = new ProductId(CompiledPolicy.GENERAL);

  private final Common common;
  private final SecureRandom random;

  Asking(Common common, SecureRandom random) {
    this.common = common;
    this.random = random;
  }

  // --------------------------------------------------------------------------------------- making

  Moved make(Transaction tx, Caller caller, SubjectId subject, Asker.Assurance assurance, Wish wish)
      throws SQLException {
    if (wish.kind() == RequestKind.APPEAL) {
      throw new IllegalArgumentException("an appeal is made on the request that it is about");
    }
    Optional<Petition> taken = common.gate().petition(tx, caller, subject);
    if (taken.isEmpty()) {
      return common.unknown(tx, caller);
    }
    try (Petition petition = taken.get()) {
      UUID id = common.ids().unordered();
      NotNow refused = refuses(tx, caller, petition, wish);
      if (refused != null) {
        return Common.refused(petition, id, refused);
      }
      Optional<ProductId> product = wish.product().map(ProductId::new);
      Identity identity =
          new Identity(needsIdentity(wish, petition.policy()), check(caller, petition, assurance));
      return made(
          tx,
          petition,
          wish,
          request(
              tx,
              petition,
              id,
              wish.kind(),
              product,
              product.map(Set::of).orElseGet(petition::products),
              Optional.empty(),
              identity));
    }
  }

  private @Nullable NotNow refuses(Transaction tx, Caller caller, Petition petition, Wish wish) {
    if (!isKnown(wish, petition.policy())) {
      return NotNow.UNKNOWN_NAMES;
    }
    boolean theirs =
        wish.product().isEmpty()
            || caller.products().contains(GENERAL)
            || caller.products().contains(new ProductId(wish.product().get()));
    if (!theirs) {
      return NotNow.OTHER_PRODUCT;
    }
    return hasRoom(tx, petition.subject()) ? null : NotNow.TOO_MANY_REQUESTS;
  }

  private boolean hasRoom(Transaction tx, SubjectId subject) {
    return common.rows().of(tx.handle(), subject).stream()
            .filter(request -> request.state().isUndecided())
            .count()
        < Rights.MOST_UNDECIDED;
  }

  /** Names in the open are none but the policy's own. */
  private static boolean isKnown(Wish wish, CompiledPolicy policy) {
    return wish.product().map(policy::covers).orElse(true)
        && Stream.concat(wish.fields().stream(), wish.values().keySet().stream())
            .allMatch(field -> policy.declared(field) != null)
        && wish.purpose()
            .map(
                purpose ->
                    purpose.equals(CompiledPolicy.POOLING)
                        || policy.declaredPurpose(purpose) != null)
            .orElse(true);
  }

  /** Whether granting it reveals or removes something, or changes by what somebody is found. */
  private static boolean needsIdentity(Wish wish, CompiledPolicy policy) {
    return switch (wish.kind()) {
      case ACCESS, DELETION, CLOSING -> true;
      case CORRECTION ->
          wish.values().keySet().stream()
              .flatMap(field -> Stream.ofNullable(policy.declared(field)))
              .anyMatch(field -> field.lookup() == Policy.Lookup.ALIAS);
      case RESTRICTION, OBJECTION, COMPLAINT, APPEAL -> false;
    };
  }

  private static Optional<Check> check(
      Caller caller, Petition petition, Asker.Assurance assurance) {
    return switch (assurance) {
      case SIGNED_IN -> Optional.empty();
      case STEPPED_UP -> Optional.of(new Check(STEPPED_UP, caller.id(), petition.now()));
    };
  }

  private RightsRequest request(
      Transaction tx,
      Petition petition,
      UUID id,
      RequestKind kind,
      Optional<ProductId> product,
      Set<ProductId> products,
      Optional<UUID> appeals,
      Identity identity) {
    Instant now = petition.now();
    CompiledPolicy policy = petition.policy();
    return new RightsRequest(
        petition.subject(),
        id,
        number(tx),
        kind,
        RequestState.RECEIVED,
        product,
        products,
        policy.version().toString(),
        appeals,
        new Clock(
            now,
            Optional.empty(),
            common.clocks().confirmBy(policy, now),
            common.clocks().answerBy(kind, policy, now),
            Optional.empty()),
        Optional.empty(),
        identity,
        Optional.empty(),
        Carrying.NOTHING,
        Optional.empty());
  }

  private Moved made(Transaction tx, Petition petition, Wish wish, RightsRequest request) {
    RightsRequest told = common.told(tx, petition, request, Notice.REQUEST_RECEIVED);
    common.rows().insert(tx, told, petition.seal(RequestPlace.asked(told.id()), wish.bytes()));
    return new Moved.Done(
        told, told.id(), petition.enter(told.id(), "received", told.kind().clause()));
  }

  private String number(Transaction tx) {
    while (true) {
      String number = RequestNumber.draw(random);
      if (!common.rows().isTaken(tx.handle(), number)) {
        return number;
      }
    }
  }

  // ----------------------------------------------------------------------------------- appealing

  Moved appeal(Transaction tx, Caller caller, SubjectId subject, UUID id, String text)
      throws SQLException {
    Wish wish = Wish.appeal(text);
    return common.change(
        tx,
        caller,
        subject,
        id,
        (petition, first) -> {
          if (!mayBeAppealed(tx, first)) {
            return Common.refused(petition, id, NotNow.NOTHING_TO_APPEAL);
          }
          if (!hasRoom(tx, subject)) {
            return Common.refused(petition, id, NotNow.TOO_MANY_REQUESTS);
          }
          return made(
              tx,
              petition,
              wish,
              request(
                  tx,
                  petition,
                  common.ids().unordered(),
                  RequestKind.APPEAL,
                  first.product(),
                  first.products(),
                  Optional.of(first.id()),
                  first.identity()));
        });
  }

  private boolean mayBeAppealed(Transaction tx, RightsRequest first) {
    boolean not =
        first.kind() == RequestKind.APPEAL
            || first.decided().map(decided -> decided.ruling() == Ruling.GRANTED).orElse(true);
    return !not
        && common.rows().of(tx.handle(), first.subject()).stream()
            .filter(other -> other.appeals().equals(Optional.of(first.id())))
            .allMatch(other -> other.state() == RequestState.WITHDRAWN);
  }

  // -------------------------------------------------------------------------------------- adding

  Moved write(Transaction tx, Caller caller, SubjectId subject, UUID id, String text)
      throws SQLException {
    Wording.require(text, "text", Wish.LONGEST);
    return common.change(
        tx,
        caller,
        subject,
        id,
        (petition, request) -> {
          if (!request.state().isUndecided()) {
            return Common.refused(petition, id, NotNow.NOT_UNDECIDED);
          }
          if (common.isFull(tx, request)) {
            return Common.refused(petition, id, NotNow.TOO_MANY_MESSAGES);
          }
          UUID message = common.say(tx, petition, request, Optional.empty(), text);
          return common.done(tx, petition, answered(request), message, "message");
        });
  }

  Moved handIn(
      Transaction tx, Caller caller, SubjectId subject, UUID id, DocumentType said, byte[] content)
      throws SQLException {
    if (content.length > Rights.LARGEST_DOCUMENT
        || !DocumentType.of(content).equals(Optional.of(said))) {
      throw new UnusableInput(
          "document",
          "hand in a PDF, PNG or JPEG file of at most 5 MiB, as what it is",
          "请提交不超过 5 MiB 的 PDF、PNG 或 JPEG 文件，并如实标明类型");
    }
    return common.change(
        tx,
        caller,
        subject,
        id,
        (petition, request) -> {
          if (!request.state().isUndecided()) {
            return Common.refused(petition, id, NotNow.NOT_UNDECIDED);
          }
          List<StoredDocument> there = common.rows().documents(tx.handle(), request);
          if (there.size() >= Rights.MOST_DOCUMENTS) {
            return Common.refused(petition, id, NotNow.TOO_MANY_DOCUMENTS);
          }
          UUID document = common.ids().unordered();
          common
              .rows()
              .insert(
                  tx,
                  request,
                  new StoredDocument(document, petition.now(), said, content.length),
                  petition.seal(RequestPlace.document(request.id(), document), content));
          return common.done(tx, petition, answered(request), document, "document");
        });
  }

  /** That the person's session was stepped up since. */
  Moved identify(Transaction tx, Caller caller, SubjectId subject, UUID id) throws SQLException {
    return common.change(
        tx,
        caller,
        subject,
        id,
        (petition, request) -> {
          if (!request.state().isUndecided()) {
            return Common.refused(petition, id, NotNow.NOT_UNDECIDED);
          }
          Check check = new Check(STEPPED_UP, caller.id(), petition.now());
          return common.done(tx, petition, answered(request).checked(check), "identity");
        });
  }

  /** What was waited for may have come: somebody looks again. */
  private static RightsRequest answered(RightsRequest request) {
    return request.state() == RequestState.IDENTITY_WANTED
        ? request.in(RequestState.IN_WORK)
        : request;
  }

  // ---------------------------------------------------------------------------------- taking back

  Moved withdraw(Transaction tx, Caller caller, SubjectId subject, UUID id) throws SQLException {
    return common.change(
        tx,
        caller,
        subject,
        id,
        (petition, request) -> {
          if (!request.state().isUndecided()) {
            return Common.refused(petition, id, NotNow.NOT_UNDECIDED);
          }
          common.dropDocuments(tx, petition, request);
          return common.done(
              tx, petition, request.endedIn(RequestState.WITHDRAWN, petition.now()), "withdrawn");
        });
  }

  // ------------------------------------------------------------------------------------- looking

  Shown list(Caller caller, SubjectId subject) {
    return common
        .gate()
        .<Shown>petitions(
            caller,
            subject,
            (opener, receipt) ->
                new Shown.Own(
                    common.database().read(handle -> common.rows().of(handle, subject)), receipt),
            Shown.Unknown::new);
  }

  Shown show(Caller caller, SubjectId subject, UUID id) {
    return Looking.one(common, caller, subject, id);
  }

  Shown document(Caller caller, SubjectId subject, UUID id, UUID document) {
    return Looking.document(common, caller, subject, id, document);
  }
}
