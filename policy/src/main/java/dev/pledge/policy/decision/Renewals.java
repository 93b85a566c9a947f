package dev.pledge.policy.decision;

import dev.pledge.policy.decision.Policy.Source;
import dev.pledge.policy.decision.Question.HandOver;
import dev.pledge.policy.decision.Sharing.Recipient;
import dev.pledge.policy.names.PolicyVersion;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which agreements of earlier versions this version renews: with the same recipient or source, and
 * nothing looser (I.0, III.I.4). When an agreement runs is a fact about the controller's contracts
 * and no promise to anybody, so that while an earlier version binds beside this one, the dates that
 * stand here count for both.
 */
final class Renewals {
  private final Map<PolicyVersion, Renewed> renewed = new HashMap<>();

  Renewals(Policy now, List<Policy> versions) {
    for (Policy then : versions) {
      if (then.effective().isBefore(now.effective())) {
        renewed.put(then.version(), renewed(new Meaning(then, now), now));
      }
    }
  }

  /** What is renewed of one earlier version. */
  private record Renewed(Set<String> recipients, Set<String> sources) {}

  private static Renewed renewed(Meaning meaning, Policy now) {
    Set<String> recipients = new HashSet<>();
    for (Recipient recipient : now.sharing().recipients()) {
      if (meaning.renewsAgreement(recipient)) {
        recipients.add(recipient.id().value());
      }
    }
    Set<String> sources = new HashSet<>();
    for (Source source : now.sources()) {
      if (meaning.renewsAgreement(source)) {
        sources.add(source.id().value());
      }
    }
    return new Renewed(recipients, sources);
  }

  /** Whether this version renews what {@code then} has agreed with whom the question names. */
  boolean renews(PolicyVersion then, Question question) {
    Renewed known = renewed.get(then);
    if (known == null) {
      return false;
    }
    HandOver handOver = question.handOver();
    return handOver == null
        ? question.source() != null && known.sources().contains(question.source())
        : known.recipients().contains(handOver.recipient());
  }
}
