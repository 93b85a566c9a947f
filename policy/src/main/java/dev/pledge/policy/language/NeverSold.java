package dev.pledge.policy.language;

import dev.pledge.policy.language.Node.Entry;
import dev.pledge.policy.language.Node.Mapping;
import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.language.Node.Sequence;

/** Refuses whatever is declared to be done with personal data for gain, wherever (III.I.5). */
final class NeverSold {
  private NeverSold() {}

  // The depth of a tree is bounded by YamlTree.MAX_DEPTH, so is this recursion.
  static void check(Node node, Problems problems) {
    switch (node) {
      case Mapping mapping -> mapping.entries().forEach(entry -> check(entry, problems));
      case Sequence sequence -> sequence.items().forEach(item -> check(item, problems));
      case Scalar _ -> {}
    }
  }

  private static void check(Entry entry, Problems problems) {
    boolean gain =
        entry.key().text().equals("consideration")
            && !(entry.value() instanceof Scalar word && word.text().equals("none"));
    if (gain) {
      problems.error(
          entry.value().place(),
          entry.value().excerpt(),
          "personal data is never sold, leased or shared for gain (III.I.5)",
          "write `consideration: none`, or remove what it stands in");
    }
    check(entry.value(), problems);
  }
}
