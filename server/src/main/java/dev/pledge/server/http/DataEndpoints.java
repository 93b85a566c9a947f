package dev.pledge.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pledge.engine.Changes;
import dev.pledge.engine.Pledge;
import dev.pledge.engine.actor.Scope;
import dev.pledge.engine.gate.Collected;
import dev.pledge.engine.gate.Collection;
import dev.pledge.engine.gate.ExplainRequest;
import dev.pledge.engine.gate.Explained;
import dev.pledge.engine.gate.ReadAnswer;
import dev.pledge.engine.gate.ReadRequest;
import dev.pledge.log.Kind;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.Question.HandOver;
import dev.pledge.policy.names.SubjectId;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** Values: collected, corrected, deleted, read. */
final class DataEndpoints {
  /** What describes a collection, whether it is made or explained. */
  private static final List<String> COLLECTION =
      List.of("product", "source", "conditions", "values");

  /** What describes a read, whether it is made or explained. */
  private static final List<String> QUESTION =
      List.of("purpose", "product", "fields", "channel", "justification", "reveal", "order");

  /** What a read or a hand-over that is to be explained may have. */
  private static final Set<String> EXPLAINED_READ =
      Set.of(members(QUESTION, "as", "assurance", "recipient", "destination", "roles", "kind"));

  /** What a collection that is to be explained may have. */
  private static final Set<String> EXPLAINED_COLLECTION =
      Set.of(members(COLLECTION, "justification", "roles", "kind"));

  /** Which values of event series are read. */
  private static final List<String> WINDOW = List.of("from", "to", "limit");

  /** After how many people of a bulk read it is looked whether too much was refused. */
  private static final int BETWEEN_LOOKS = 100;

  private static final Words NEEDS_RECIPIENT =
      new Words("name the recipient too, or leave it out", "须同时指明接收方，或删去");

  private static final Words SUBJECT =
      new Words("write the ids given at registration", "应为注册时给出的标识");

  private final Pledge pledge;
  private final Once once;
  private final Limits limits;

  DataEndpoints(Pledge pledge, Once once, Limits limits) {
    this.pledge = pledge;
    this.once = once;
    this.limits = limits;
  }

  // ---------------------------------------------------------------- storing

  private interface Storing {
    Collected store(Changes changes, SubjectId subject, Collection collection) throws SQLException;
  }

  Answer collect(Call call) {
    return store(call, collection(call.members(members(COLLECTION))), Changes::collect);
  }

  private static Collection collection(Members members) {
    return Inputs.made(
        members,
        () ->
            new Collection(
                members.text("product"),
                members.text("source"),
                Set.copyOf(members.optionalTexts("conditions", Collection.MOST_CONDITIONS)),
                members.values("values", ReadRequest.MOST_FIELDS)));
  }

  Answer correct(Call call) {
    Members members = call.members("product", "values");
    Collection collection =
        Inputs.made(
            members,
            () ->
                Collection.corrections(
                    members.text("product"), members.values("values", ReadRequest.MOST_FIELDS)));
    return store(call, collection, Changes::correct);
  }

  private Answer store(Call call, Collection collection, Storing storing) {
    SubjectId subject = call.subject();
    return once.change(
        call, changes -> stored(storing.store(changes, subject, collection), call.language()));
  }

  private static Answer.Whole stored(Collected collected, Locale language) {
    return switch (collected) {
      case Collected.Unknown _ -> Answer.problem(Call.NOT_FOUND, language);
      case Collected.AliasTaken _ -> Answer.problem(SubjectEndpoints.ALIAS_TAKEN, language);
      case Collected.Answer answer -> stored(answer, language);
    };
  }

  private static Answer.Whole stored(Collected.Answer answer, Locale language) {
    if (answer.stored().isEmpty()) {
      return Answer.problem(
          Outputs.refused(answer.refused(), "refused", answer.receipt(), language), language);
    }
    ObjectNode json = Json.object();
    json.put("policy", answer.policy().toString());
    ArrayNode stored = json.putArray("stored");
    for (Collected.Stored one : answer.stored()) {
      stored
          .addObject()
          .put("field", one.field())
          .put("purpose", one.purpose())
          .put("count", one.count());
    }
    json.set("refused", Outputs.refusals(answer.refused(), language));
    json.set("receipt", Outputs.receipt(answer.receipt()));
    return Answer.json(200, json);
  }

  Answer delete(Call call) {
    List<String> fields = call.queryAll("field");
    if (fields.isEmpty()
        || fields.size() > ReadRequest.MOST_FIELDS
        || new HashSet<>(fields).size() < fields.size()) {
      throw Problem.of(
              ProblemType.BAD_REQUEST,
              String.format(
                  Locale.ROOT,
                  "Name 1 to %d fields, each once, as `?field=contact.email&field=…`.",
                  ReadRequest.MOST_FIELDS),
              String.format(
                  Locale.ROOT,
                  "请以 `?field=contact.email&field=…` 指明 1 至 %d 个信息项，且不得重复。",
                  ReadRequest.MOST_FIELDS))
          .found();
    }
    SubjectId subject = call.subject();
    return once.change(
        call, changes -> SubjectEndpoints.done(changes.delete(subject, fields), call.language()));
  }

  // ---------------------------------------------------------------- reading

  Answer read(Call call) {
    SubjectId subject = call.subject();
    // A right is one person's: nobody exercises it for many at once.
    Members members = call.members(also("as", "assurance"));
    ReadRequest request = request(call, Kind.READ, members);
    return Inputs.made(
        members,
        () ->
            pledge.read(
                request,
                subject,
                found ->
                    switch (found) {
                      case ReadAnswer.Unknown _ -> Answer.problem(Call.NOT_FOUND, call.language());
                      case ReadAnswer.Answer answer -> read(answer, call.language());
                    }));
  }

  Answer explain(Call call) {
    SubjectId subject = call.subject();
    Set<String> either = new HashSet<>(EXPLAINED_READ);
    either.addAll(EXPLAINED_COLLECTION);
    Members all = call.members(either.toArray(String[]::new));
    boolean stores = all.has("source") || all.has("values");
    Members members = all.only(stores ? EXPLAINED_COLLECTION : EXPLAINED_READ);
    ExplainRequest request =
        stores
            ? ofCollection(call, members)
            : ofRead(request(call, Kind.EXPLAIN, members), members);
    return switch (pledge.explain(request, subject)) {
      case Explained.Unknown _ -> Answer.problem(Call.NOT_FOUND, call.language());
      case Explained.Answer(var explanation, var suggestions, var receipt) -> {
        ObjectNode json = ExplanationJson.of(explanation, suggestions, call.language());
        json.set("receipt", Outputs.receipt(receipt));
        yield Answer.json(200, json);
      }
    };
  }

  private static ExplainRequest ofRead(ReadRequest read, Members members) {
    String recipient = members.optionalText("recipient");
    String destination = members.optionalText("destination");
    if (recipient == null && destination != null) {
      throw members.wrong("destination", NEEDS_RECIPIENT);
    }
    HandOver handOver = recipient == null ? null : new HandOver(recipient, destination);
    return Inputs.made(
        members,
        () ->
            new ExplainRequest(
                new ExplainRequest.OfRead(read, handOver), Inputs.optionalSomebody(members)));
  }

  private static ExplainRequest ofCollection(Call call, Members members) {
    Collection collection = collection(members);
    return Inputs.made(
        members,
        () ->
            new ExplainRequest(
                new ExplainRequest.OfCollection(
                    call.who(), collection, members.optionalText("justification")),
                Inputs.optionalSomebody(members)));
  }

  private static String[] also(String... more) {
    return Stream.concat(WINDOW.stream(), Stream.of(members(QUESTION, more)))
        .toArray(String[]::new);
  }

  private static String[] members(List<String> names, String... more) {
    return Stream.concat(names.stream(), Stream.of(more)).toArray(String[]::new);
  }

  private static Answer read(ReadAnswer.Answer answer, Locale language) {
    ObjectNode receipt = Outputs.receipt(answer.receipt());
    if (answer.allWithheld()) {
      Problem problem =
          Outputs.refused(ProblemType.WITHHELD, "withheld", Outputs.withheld(answer), language);
      return Answer.problem(
          problem
              .withMember("policy", Json.tree(answer.policy().toString()))
              .withMember("receipt", receipt),
          language);
    }
    ObjectNode json = Outputs.read(answer, language);
    json.set("receipt", receipt);
    return Answer.json(200, json);
  }

  private ReadRequest request(Call call, Kind kind, Members members) {
    Asker.Capacity capacity = Inputs.capacity(members);
    if (capacity != Asker.Capacity.ROLE && !call.who().may(Scope.RIGHTS)) {
      var _ = pledge.enterUncovered(call.who(), kind, Scope.RIGHTS);
      throw Problem.of(
              ProblemType.SCOPE_MISSING,
              "Asking in a person's own right needs a token with the scope `rights`.",
              "以本人权利提出请求须使用包含 `rights` 范围的令牌。")
          .because("V.1")
          .found();
    }
    return Inputs.made(
        members,
        () ->
            new ReadRequest(
                call.who(),
                capacity,
                Inputs.assurance(members),
                members.text("purpose"),
                members.text("product"),
                members.texts("fields", ReadRequest.MOST_FIELDS),
                members.optionalText("channel"),
                members.optionalText("justification"),
                Set.copyOf(members.optionalTexts("reveal", ReadRequest.MOST_FIELDS)),
                Inputs.order(members),
                Inputs.window(members)));
  }

  Answer readAll(Call call) {
    Members members = call.members(also("subjects"));
    if (!members.has("justification")) {
      throw members.wrong(
          "justification", new Words("reading many people needs a reason", "批量读取须说明理由"));
    }
    List<SubjectId> subjects = subjects(members);
    ReadRequest request = request(call, Kind.READ, members);
    return new Answer.Streamed(
        lines -> {
          for (int from = 0; from < subjects.size(); from += BETWEEN_LOOKS) {
            lines.requirePatience();
            readSome(
                lines,
                call,
                members,
                request,
                subjects.subList(from, Math.min(from + BETWEEN_LOOKS, subjects.size())));
          }
          lines.line(Json.object().put("end", true).put("count", subjects.size()));
        });
  }

  private void readSome(
      Answer.Lines lines,
      Call call,
      Members members,
      ReadRequest request,
      List<SubjectId> subjects) {
    Inputs.made(
        members,
        () -> {
          pledge.readAll(
              request,
              subjects,
              (subject, answer) -> write(lines, subject, answer, call.language()));
          return subjects;
        });
  }

  private List<SubjectId> subjects(Members members) {
    List<String> texts = members.texts("subjects", limits.batch());
    List<SubjectId> subjects = new ArrayList<>(texts.size());
    for (String text : texts) {
      try {
        subjects.add(SubjectId.of(text));
      } catch (IllegalArgumentException e) {
        throw members.wrong("subjects", SUBJECT);
      }
    }
    if (subjects.isEmpty() || new HashSet<>(subjects).size() < subjects.size()) {
      throw members.wrong(
          "subjects", new Words("name at least one person, each once", "至少一人，且不得重复"));
    }
    return subjects;
  }

  private static void write(
      Answer.Lines lines, SubjectId subject, ReadAnswer answer, Locale language) {
    ObjectNode line = Json.object().put("subject", subject.toString());
    switch (answer) {
      case ReadAnswer.Unknown _ -> lines.refusal(line.put("status", 404));
      case ReadAnswer.Answer read when read.allWithheld() ->
          lines.refusal(line(line.put("status", 403), read, language).put("decision", "refused"));
      case ReadAnswer.Answer read -> lines.line(line(line.put("status", 200), read, language));
    }
  }

  private static ObjectNode line(ObjectNode line, ReadAnswer.Answer read, Locale language) {
    line.setAll(Outputs.read(read, language));
    line.set("receipt", Outputs.receipt(read.receipt()));
    return line;
  }
}
