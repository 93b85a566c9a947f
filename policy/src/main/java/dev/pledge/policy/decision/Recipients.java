package dev.pledge.policy.decision;

import static dev.pledge.policy.decision.Declarations.UNDECLARED;

import dev.pledge.policy.decision.ControlGraph.Days;
import dev.pledge.policy.decision.Question.HandOver;
import dev.pledge.policy.decision.Sharing.Case;
import dev.pledge.policy.decision.Sharing.Kind;
import dev.pledge.policy.decision.Sharing.Recipient;
import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.CompanyId;
import dev.pledge.policy.names.RoleId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * To whom values may be handed: for which purposes, which fields, where to, and, by the clock,
 * while an agreement is in force and an affiliate is one (rule {@code CONDITIONS} of hand-overs;
 * III.I.*, VIII.4).
 */
final class Recipients {
  private final List<Party> parties = new ArrayList<>();
  private final Map<String, Integer> index = new HashMap<>();

  Recipients(Declarations declared) {
    Sharing sharing = declared.source().sharing();
    Map<CompanyId, List<Days>> affiliation = new ControlGraph(sharing.companies()).affiliation();
    for (Recipient recipient : sharing.recipients()) {
      index.put(recipient.id().value(), parties.size());
      parties.add(
          new Party(
              recipient,
              declared.purposeBits(recipient.purposes()),
              declared.bits(recipient.fields()),
              recipient.agreement().map(a -> Span.ofDays(a.from(), a.until())).orElse(null),
              recipient
                  .company()
                  .map(company -> spans(affiliation.getOrDefault(company, List.of())))
                  .orElse(List.of())));
    }
  }

  /**
   * A recipient made ready.
   *
   * @param agreed while the agreement is in force; null for an authority, which has none
   * @param affiliated while its company is an affiliate
   */
  private record Party(
      Recipient declared,
      BitSet purposes,
      BitSet fields,
      @Nullable Span agreed,
      List<Span> affiliated) {}

  private static List<Span> spans(List<Days> stretches) {
    return stretches.stream().map(days -> Span.ofDays(days.from(), days.until())).toList();
  }

  int count() {
    return parties.size();
  }

  boolean knows(String name) {
    return index.containsKey(name);
  }

  /** The recipient that is named, or none. */
  int named(@Nullable HandOver handOver) {
    return handOver == null ? UNDECLARED : index.getOrDefault(handOver.recipient(), UNDECLARED);
  }

  /** The clause under which the recipient receives anything. */
  ClauseId clause(int recipient) {
    return parties.get(recipient).declared().clause();
  }

  /** Whether the role may hand values to the recipient (IV.3). */
  boolean mayHandOver(RoleId role, int recipient) {
    return parties.get(recipient).declared().handedOverBy().contains(role);
  }

  /** Why the recipient never receives the field for the purpose at that destination, or null. */
  @Nullable Reason neverReceives(
      int recipient, @Nullable HandOver handOver, int purpose, int field) {
    Party party = parties.get(recipient);
    if (!party.purposes().get(purpose)) {
      return Reason.PURPOSE_NOT_SHARED;
    }
    if (!goesTo(party.declared(), handOver)) {
      return Reason.OTHER_DESTINATION;
    }
    return party.fields().get(field) ? null : Reason.FIELD_NOT_SHARED;
  }

  /** A recipient with one destination needs none to be named. */
  private static boolean goesTo(Recipient recipient, @Nullable HandOver handOver) {
    String destination = handOver == null ? null : handOver.destination();
    return destination == null
        ? recipient.destinations().size() == 1
        : recipient.destinations().contains(destination);
  }

  /** Why the recipient of what is resolved receives nothing now, or null. */
  @Nullable Reason receivesNothing(Resolved resolved, Instant now) {
    Party party = parties.get(resolved.recipient());
    if (party.declared().kind() == Kind.AFFILIATE
        && party.affiliated().stream().noneMatch(span -> span.contains(now))) {
      return Reason.NOT_AFFILIATED;
    }
    boolean bound = party.agreed() == null || resolved.renewed() || party.agreed().contains(now);
    return bound ? null : Reason.NOT_BOUND;
  }

  /** Whether the recipient receives only what the person has said yes to. */
  boolean waitsForConsent(int recipient) {
    return parties.get(recipient).declared().sharedBecause() == Case.CONSENT;
  }
}
