package dev.pledge.engine.rights;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.gate.Petition.Opener;
import dev.pledge.engine.keys.RequestPlace;
import dev.pledge.engine.request.Requests;
import dev.pledge.engine.request.Requests.Texts;
import dev.pledge.engine.request.RightsRequest;
import dev.pledge.engine.request.StoredDocument;
import dev.pledge.engine.request.StoredMessage;
import dev.pledge.engine.rights.Shown.Said;
import dev.pledge.policy.names.SubjectId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Opens requests for whoever may see them, once the log has the look. */
final class Looking {
  private Looking() {}

  /** What lies there of a request, sealed. */
  private record Sealed(
      RightsRequest request,
      Texts texts,
      List<StoredMessage> messages,
      List<StoredDocument> documents) {

    static Optional<Sealed> of(Requests rows, Handle handle, SubjectId subject, UUID id) {
      return rows.find(handle, subject, id)
          .map(
              request ->
                  new Sealed(
                      request,
                      rows.texts(handle, request),
                      rows.messages(handle, request),
                      rows.documents(handle, request)));
    }
  }

  static Shown one(Common common, Caller caller, SubjectId subject, UUID id) {
    return common
        .gate()
        .<Shown>petitions(
            caller,
            subject,
            (opener, receipt) ->
                common
                    .database()
                    .read(handle -> Sealed.of(common.rows(), handle, subject, id))
                    .<Shown>map(found -> opened(found, opener, receipt))
                    .orElseGet(() -> new Shown.Unknown(receipt)),
            Shown.Unknown::new);
  }

  private static Shown.One opened(Sealed there, Opener opener, Receipt receipt) {
    RightsRequest request = there.request;
    return new Shown.One(
        request,
        wish(request, there.texts, opener),
        judgement(request, there.texts, opener),
        there.messages.stream().map(message -> said(request, message, opener)).toList(),
        there.documents,
        receipt);
  }

  static Wish wish(RightsRequest request, Texts texts, Opener opener) {
    return Wish.of(request.kind(), opener.open(RequestPlace.asked(request.id()), texts.asked()));
  }

  static Optional<Judgement> judgement(RightsRequest request, Texts texts, Opener opener) {
    byte[] decision = texts.decision();
    return decision == null
        ? Optional.empty()
        : request
            .decided()
            .map(
                decided ->
                    Judgement.of(
                        decided.ruling(),
                        decided.clause(),
                        opener.open(RequestPlace.decision(request.id()), decision)));
  }

  private static Said said(RightsRequest request, StoredMessage message, Opener opener) {
    RequestPlace place = RequestPlace.message(request.id(), message.id());
    return new Said(
        message.id(),
        message.at(),
        message.author(),
        new String(opener.open(place, message.sealed()), StandardCharsets.UTF_8));
  }

  static Shown document(Common common, Caller caller, SubjectId subject, UUID id, UUID document) {
    return common
        .gate()
        .<Shown>petitions(
            caller,
            subject,
            (opener, receipt) ->
                common
                    .database()
                    .read(handle -> document(common.rows(), handle, subject, id, document))
                    .<Shown>map(
                        found ->
                            new Shown.Document(
                                found.stored.type(),
                                opener.open(
                                    RequestPlace.document(found.request.id(), document),
                                    found.content),
                                receipt))
                    .orElseGet(() -> new Shown.Unknown(receipt)),
            Shown.Unknown::new);
  }

  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  private record Found(RightsRequest request, StoredDocument stored, byte[] content) {}

  private static Optional<Found> document(
      Requests rows, Handle handle, SubjectId subject, UUID id, UUID document) {
    return rows.find(handle, subject, id)
        .flatMap(
            request ->
                rows.documents(handle, request).stream()
                    .filter(stored -> stored.id().equals(document))
                    .findFirst()
                    .flatMap(
                        stored ->
                            rows.document(handle, request, document)
                                .map(content -> new Found(request, stored, content))));
  }
}
