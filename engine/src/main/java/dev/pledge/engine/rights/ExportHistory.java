package dev.pledge.engine.rights;

import dev.pledge.engine.gate.AccessHistory;
import dev.pledge.log.Entry;
import dev.pledge.log.Facts;
import dev.pledge.log.Reason;
import dev.pledge.log.Verdict;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Writes {@code history.ndjson}, and keeps of it what the report tells: who did what for which
 * purpose how often, of which there are no more than the policy has names, and the latest lines.
 */
final class ExportHistory {
  /** How many single lines the report tells. */
  static final int LATEST = 100;

  private static final int MOST_USES = 1_000;

  private final UnaryOperator<String> origin;
  private final Map<Use, Times> uses = new HashMap<>();
  private final List<AccessHistory.Line> latest = new ArrayList<>();
  private long count;

  ExportHistory(UnaryOperator<String> origin) {
    this.origin = origin;
  }

  /** What was done alike. */
  record Use(
      String act,
      String outcome,
      String who,
      Optional<String> purpose,
      Optional<String> recipient) {
    static Use of(Facts facts) {
      return new Use(
          facts.kind().toString(),
          ExportData.word(facts.outcome()),
          who(facts),
          facts.purpose(),
          facts.recipient());
    }

    /** By the roles that counted, or else those that were held; people are not named. */
    private static String who(Facts facts) {
      return facts.caller().roles().stream()
          .map(role -> role.name())
          .findFirst()
          .orElse(facts.caller().type());
    }
  }

  /** How often, and when last. */
  record Times(long count, Instant last) {
    Times and(Times other) {
      return new Times(count + other.count, last.isAfter(other.last) ? last : other.last);
    }
  }

  Map<Use, Times> uses() {
    return Map.copyOf(uses);
  }

  List<AccessHistory.Line> latest() {
    return List.copyOf(latest);
  }

  long count() {
    return count;
  }

  void write(ExportJson json, AccessHistory.Line line) throws IOException {
    count++;
    Facts facts = line.recorded().entry().facts();
    Use use = Use.of(facts);
    if (uses.containsKey(use) || uses.size() < MOST_USES) {
      uses.merge(use, new Times(1, facts.at()), Times::and);
    }
    if (latest.size() < LATEST) {
      latest.add(line);
    }
    lineOf(json, line);
  }

  void end(ExportJson json) throws IOException {
    json.object().put("end", true).put("count", count).endObject().line().flush();
  }

  private void lineOf(ExportJson json, AccessHistory.Line line) throws IOException {
    Entry entry = line.recorded().entry();
    Facts facts = entry.facts();
    json.object().put("entry", entry.id()).put("log", origin.apply(line.recorded().log()));
    if (line.recorded().position().isPresent()) {
      json.put("position", line.recorded().position().getAsLong());
    }
    json.put("leaf", line.recorded().leaf()).put("at", facts.at()).put("act", facts.kind());
    json.put("outcome", ExportData.word(facts.outcome())).put("kind", facts.caller().type());
    json.put("actor", facts.caller().id()).put("target", facts.target());
    json.put("purpose", facts.purpose()).put("product", facts.product());
    json.put("channel", facts.channel()).put("exception", facts.exception());
    json.put("recipient", facts.recipient()).put("destination", facts.destination());
    json.put("policy", facts.policy());
    if (facts.reason().isPresent()) {
      why(json, facts.reason().get());
    }
    json.put("justification", line.justification()).array("fields");
    for (Verdict verdict : facts.verdicts()) {
      json.object();
      switch (verdict) {
        case Verdict.Granted granted ->
            json.put("field", granted.field())
                .put("view", granted.view())
                .put("purpose", granted.purpose())
                .put("count", granted.count());
        case Verdict.Withheld withheld -> why(json.put("field", withheld.field()), withheld.why());
      }
      json.endObject();
    }
    json.endArray().endObject().line();
  }

  private static void why(ExportJson json, Reason why) throws IOException {
    json.put("rule", why.rule()).put("clause", why.clause()).put("reason", why.reason());
  }
}
