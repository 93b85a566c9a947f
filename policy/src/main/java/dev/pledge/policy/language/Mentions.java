package dev.pledge.policy.language;

import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.names.ClauseId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The clauses that the parts of a policy name or keep, as they are read. */
final class Mentions {
  private final List<Mention> all = new ArrayList<>();
  private boolean complete = true;

  /** Those of all layers of a policy, each once. */
  static Mentions of(List<Draft> layers) {
    Mentions mentions = new Mentions();
    for (Draft layer : layers) {
      layer.mentions().all.stream()
          .filter(mention -> !mentions.all.contains(mention))
          .forEach(mentions.all::add);
      mentions.complete &= layer.mentions().complete;
    }
    return mentions;
  }

  void add(ClauseId clause, String part, Scalar at) {
    all.add(Mention.inRules(clause, part, at));
  }

  /** A clause could not be read: which one it is nobody knows. */
  void addUnread() {
    complete = false;
  }

  /** Whether every clause could be read. */
  boolean isComplete() {
    return complete;
  }

  Set<ClauseId> clauses() {
    Set<ClauseId> clauses = new LinkedHashSet<>();
    all.forEach(mention -> clauses.add(mention.clause()));
    return clauses;
  }

  List<Mention> all() {
    return List.copyOf(all);
  }
}
