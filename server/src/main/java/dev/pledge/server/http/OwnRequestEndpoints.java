package dev.pledge.server.http;

import dev.pledge.engine.Pledge;
import dev.pledge.engine.request.DocumentType;
import dev.pledge.engine.request.RequestKind;
import dev.pledge.engine.rights.Wish;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.SubjectId;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/** Rights requests in the person's own right: made, followed, added to, taken back, appealed. */
final class OwnRequestEndpoints {
  private static final Map<String, RequestKind> KINDS =
      Arrays.stream(RequestKind.values())
          .filter(kind -> kind != RequestKind.APPEAL)
          .collect(Collectors.toUnmodifiableMap(RequestKind::word, kind -> kind));

  private static final Map<String, Asker.Assurance> STEPPED_UP =
      Map.of("stepped-up", Asker.Assurance.STEPPED_UP);

  private static final Problem NOT_AS_IT_SAYS =
      Problem.of(
          ProblemType.NOT_A_DOCUMENT,
          "The file does not begin as a file of the type it is said to be.",
          "文件开头与所声明的类型不符。");

  private final Pledge pledge;
  private final Once once;

  OwnRequestEndpoints(Pledge pledge, Once once) {
    this.pledge = pledge;
    this.once = once;
  }

  Answer make(Call call) {
    SubjectId subject = call.subject();
    Members members =
        call.members(
            "kind", "product", "text", "fields", "values", "purpose", "channel", "assurance");
    Asker.Assurance assurance = Inputs.assurance(members);
    RequestKind kind = members.word("kind", KINDS);
    Wish wish =
        Inputs.made(
            members,
            () ->
                new Wish(
                    kind,
                    Optional.ofNullable(members.optionalText("product")),
                    Optional.ofNullable(members.optionalText("text")),
                    members.optionalTexts("fields", Wish.MOST_FIELDS),
                    members.has("values") ? members.values("values", Wish.MOST_FIELDS) : Map.of(),
                    Optional.ofNullable(members.optionalText("purpose")),
                    Optional.ofNullable(members.optionalText("channel"))));
    return once.change(
        call,
        changes ->
            RequestJson.moved(201, changes.request(subject, assurance, wish), call.language()));
  }

  Answer list(Call call) {
    return RequestJson.shown(pledge.requests(call.who(), call.subject()), call.language());
  }

  Answer show(Call call) {
    return RequestJson.shown(
        pledge.request(call.who(), call.subject(), request(call)), call.language());
  }

  Answer document(Call call) {
    return RequestJson.shown(
        pledge.requestDocument(
            call.who(), call.subject(), request(call), Inputs.pathId(call, "document")),
        call.language());
  }

  Answer write(Call call) {
    SubjectId subject = call.subject();
    UUID request = request(call);
    Members members = call.members("text");
    String text = Inputs.made(members, () -> Wish.words(members.text("text"), "text"));
    return once.change(
        call,
        changes -> RequestJson.moved(201, changes.write(subject, request, text), call.language()));
  }

  Answer handIn(Call call) {
    SubjectId subject = call.subject();
    UUID request = request(call);
    DocumentType said = DocumentType.ofMedia(call.contentType()).orElseThrow(NOT_AS_IT_SAYS::found);
    if (!DocumentType.of(call.body()).equals(Optional.of(said))) {
      throw NOT_AS_IT_SAYS.found();
    }
    return once.change(
        call,
        changes ->
            RequestJson.moved(
                201, changes.handIn(subject, request, said, call.body()), call.language()));
  }

  Answer identify(Call call) {
    SubjectId subject = call.subject();
    UUID request = request(call);
    var _ = call.members("assurance").word("assurance", STEPPED_UP);
    return once.change(
        call,
        changes -> RequestJson.moved(200, changes.identify(subject, request), call.language()));
  }

  Answer withdraw(Call call) {
    SubjectId subject = call.subject();
    UUID request = request(call);
    var _ = call.members();
    return once.change(
        call,
        changes -> RequestJson.moved(200, changes.withdraw(subject, request), call.language()));
  }

  Answer appeal(Call call) {
    SubjectId subject = call.subject();
    UUID request = request(call);
    Members members = call.members("text");
    String text = Inputs.made(members, () -> Wish.words(members.text("text"), "text"));
    return once.change(
        call,
        changes -> RequestJson.moved(201, changes.appeal(subject, request, text), call.language()));
  }

  private static UUID request(Call call) {
    return Inputs.pathId(call, "request");
  }
}
