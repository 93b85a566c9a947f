package dev.pledge.engine.gate;

import dev.pledge.engine.actor.Scope;
import dev.pledge.engine.oversight.Review;
import dev.pledge.engine.value.Complaint;
import dev.pledge.log.Kind;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policies;
import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.decision.Reason;
import dev.pledge.policy.decision.Rule;
import dev.pledge.policy.language.Suggestions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The words that entries of the log may hold: the names of all versions, and the log's own. */
record KnownWords(
    Set<String> purposes,
    Set<String> products,
    Set<String> fields,
    Set<String> kinds,
    Set<String> reasons) {

  static KnownWords of(Policies policies) {
    Set<String> purposes = new TreeSet<>(Set.of(CompiledPolicy.POOLING));
    Set<String> products = new TreeSet<>();
    Set<String> fields = new TreeSet<>();
    for (CompiledPolicy version : policies.versions()) {
      for (Policy policy : version.source().layers()) {
        policy.purposes().forEach(purpose -> purposes.add(purpose.id().value()));
        policy.products().forEach(product -> products.add(product.value()));
        policy.categories().stream()
            .flatMap(category -> category.fields().stream())
            .forEach(field -> fields.add(field.id().toString()));
      }
    }
    Set<String> kinds = new TreeSet<>();
    Kind.KNOWN.forEach(kind -> kinds.add(kind.name()));
    return new KnownWords(purposes, products, fields, kinds, reasonsOfTheLog());
  }

  private static Set<String> reasonsOfTheLog() {
    Set<String> reasons = new TreeSet<>(Set.of(Logbook.VALUE, Logbook.LEDGER, Logbook.REVIEW));
    reasons.add(Collecting.ALIAS_TAKEN);
    reasons.add(Logbook.RECOVERY_ENDED);
    reasons.add(Logbook.SCOPE);
    for (Scope scope : Scope.values()) {
      reasons.add(scope.word());
    }
    for (Rule rule : Rule.values()) {
      reasons.add(Logbook.word(rule));
    }
    for (Reason reason : Reason.values()) {
      reasons.add(reason.code());
    }
    for (Complaint complaint : Complaint.values()) {
      reasons.add(complaint.word());
    }
    for (Review.Finding finding : Review.Finding.values()) {
      reasons.add(Logbook.word(finding));
    }
    return reasons;
  }

  /** What of the query names nothing, in the order of its parts. */
  List<SearchAnswer.Name> unknown(LogQuery query) {
    List<SearchAnswer.Name> unknown = new ArrayList<>();
    require(unknown, "act", query.kind(), kinds);
    require(unknown, "purpose", query.purpose(), purposes);
    require(unknown, "product", query.product(), products);
    require(unknown, "field", query.field(), fields);
    require(unknown, "reason", query.reason(), reasons);
    require(unknown, "exception", query.exception(), purposes);
    return unknown;
  }

  private static void require(
      List<SearchAnswer.Name> unknown, String of, @Nullable String asked, Set<String> known) {
    if (asked != null && !known.contains(asked)) {
      unknown.add(new SearchAnswer.Name(of, Suggestions.of(asked, known)));
    }
  }
}
