package dev.pledge.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.gate.FieldAnswer;
import dev.pledge.engine.gate.FieldRefusal;
import dev.pledge.engine.gate.ReadAnswer;
import dev.pledge.log.Hash;
import dev.pledge.policy.decision.Reason;
import dev.pledge.policy.names.ClauseId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The parts of answers that several calls share. */
final class Outputs {
  private Outputs() {}

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static ObjectNode receipt(Receipt receipt) {
    Receipt.Promised promised = receipt.promised();
    ObjectNode json =
        Json.object()
            .put("log", promised.origin())
            .put("entry", receipt.entry().toString())
            .put("leaf", receipt.leaf().toString())
            .put("at", receipt.at().toString())
            .put("promise", promised.note())
            .put("place", promised.place());
    json.set("proof", hashes(promised.proof()));
    return json;
  }

  static ArrayNode hashes(List<Hash> hashes) {
    ArrayNode list = Json.array();
    hashes.forEach(hash -> list.add(hash.toString()));
    return list;
  }

  /** Which fields are refused and why; a name not even shaped like one is given by its place. */
  static ArrayNode refusals(List<FieldRefusal> refusals, Locale language) {
    ArrayNode list = Json.array();
    for (FieldRefusal refusal : refusals) {
      ObjectNode one = list.addObject();
      name(one, refusal.index(), refusal.field());
      ClauseId clause = refusal.clause();
      if (clause != null) {
        one.put("clause", clause.value());
      }
      one.put("reason", refusal.code());
      one.put("detail", refusal.sentence(language));
    }
    return list;
  }

  /** Names an asked field, or gives its place where its name is not repeated. */
  static void name(ObjectNode json, int index, @Nullable String field) {
    if (field == null) {
      json.put("index", index);
    } else {
      json.put("field", field);
    }
  }

  /** One reason for the whole call. */
  static Problem refused(Reason reason, ClauseId clause, Receipt receipt) {
    return Problem.of(
            ProblemType.REFUSED, reason.sentence(Locale.ENGLISH), reason.sentence(Locale.CHINESE))
        .because(clause.value())
        .with(Json.object().put("reason", reason.code()).set("receipt", receipt(receipt)));
  }

  /**
   * A problem of type {@code type} in the words of the first refusal, listing all under {@code
   * member}.
   */
  static Problem refused(
      ProblemType type, String member, List<FieldRefusal> refusals, Locale language) {
    ObjectNode more = Json.object();
    more.set(member, refusals(refusals, language));
    FieldRefusal first = refusals.get(0);
    Problem problem =
        Problem.of(type, first.sentence(Locale.ENGLISH), first.sentence(Locale.CHINESE)).with(more);
    ClauseId clause = first.clause();
    return clause == null ? problem : problem.because(clause.value());
  }

  /**
   * Every field is refused: by the policy, or because every value is malformed. The receipt comes
   * along.
   */
  static Problem refused(
      List<FieldRefusal> refusals, String member, Receipt receipt, Locale language) {
    boolean malformed = refusals.stream().allMatch(refusal -> refusal.clause() == null);
    ProblemType type = malformed ? ProblemType.INVALID_VALUES : ProblemType.REFUSED;
    return refused(type, member, refusals, language).withMember("receipt", receipt(receipt));
  }

  /** What was read, without the receipt. */
  static ObjectNode read(ReadAnswer.Answer answer, Locale language) {
    ObjectNode values = Json.object();
    ArrayNode absent = Json.array();
    List<FieldRefusal> withheld = new ArrayList<>();
    for (FieldAnswer field : answer.fields()) {
      switch (field) {
        case FieldAnswer.Shown shown -> values.set(shown.field(), shown(shown));
        case FieldAnswer.Absent(String name) -> absent.add(name);
        case FieldAnswer.Withheld(FieldRefusal why) -> withheld.add(why);
      }
    }
    ObjectNode json = Json.object();
    json.put("decision", withheld.isEmpty() ? "permitted" : "partly");
    json.put("policy", answer.policy().toString());
    json.set("values", values);
    json.set("absent", absent);
    json.set("withheld", refusals(withheld, language));
    return json;
  }

  private static ObjectNode shown(FieldAnswer.Shown shown) {
    ObjectNode json = Json.object();
    if (shown.series()) {
      ArrayNode list = json.putArray("values");
      for (FieldAnswer.ShownValue value : shown.values()) {
        ObjectNode one = list.addObject();
        if (value.id() != null) {
          one.put("id", value.id().toString());
        }
        if (value.observedAt() != null) {
          one.put("observedAt", value.observedAt().toString());
        }
        one.set("value", Json.tree(value.json()));
      }
    } else {
      json.set("value", Json.tree(shown.values().get(0).json()));
    }
    return json.put("view", shown.view().word());
  }

  static List<FieldRefusal> withheld(ReadAnswer.Answer answer) {
    List<FieldRefusal> withheld = new ArrayList<>();
    for (FieldAnswer field : answer.fields()) {
      if (field instanceof FieldAnswer.Withheld(FieldRefusal why)) {
        withheld.add(why);
      }
    }
    return withheld;
  }
}
