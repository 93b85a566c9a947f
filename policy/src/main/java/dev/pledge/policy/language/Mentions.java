package dev.pledge.policy.language;

import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.names.ClauseId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The clauses that the parts of a policy name or keep, as they are read. */
final class Mentions {
  private final List<Mention> all = new ArrayList<>();
  private final Set<ClauseId> possible = new LinkedHashSet<>();

  /** Those of all layers of a policy, each once. */
  static Mentions of(List<Draft> layers) {
    Mentions mentions = new Mentions();
    for (Draft layer : layers) {
      layer.mentions().all.stream()
          .filter(mention -> !mentions.all.contains(mention))
          .forEach(mentions.all::add);
      mentions.possible.addAll(layer.mentions().possible);
    }
    return mentions;
  }

  void add(ClauseId clause, String part, Scalar at) {
    all.add(Mention.inRules(clause, part, at));
  }

  /** What a part that could not be read may keep. */
  void addPossible(Collection<String> clauses) {
    clauses.forEach(clause -> possible.add(new ClauseId(clause)));
  }

  /** The clauses that parts which could not be read may keep. */
  Set<ClauseId> possible() {
    return Collections.unmodifiableSet(possible);
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
