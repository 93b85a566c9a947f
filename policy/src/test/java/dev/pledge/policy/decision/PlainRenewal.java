package dev.pledge.policy.decision;

import dev.pledge.policy.decision.Policy.Source;
import dev.pledge.policy.decision.Sharing.Case;
import dev.pledge.policy.decision.Sharing.Recipient;
import java.util.ArrayList;
import java.util.List;

/**
 * An earlier version as it binds beside a later one: where the later one renews an agreement, the
 * dates are the later ones. Any other difference leaves the earlier version as it is.
 */
record PlainRenewal(Policy then, Policy now) {

  Policy renewed() {
    if (!now.controller().name().equals(then.controller().name())) {
      return then;
    }
    List<Source> sources = new ArrayList<>();
    for (Source before : then.sources()) {
      Source renewed = before;
      for (Source after : now.sources()) {
        if (after.id().equals(before.id()) && before.fields().containsAll(after.fields())) {
          renewed = new Source(before.id(), after.from(), after.until(), before.fields());
        }
      }
      sources.add(renewed);
    }
    List<Recipient> recipients = new ArrayList<>();
    for (Recipient before : then.sharing().recipients()) {
      Recipient renewed = before;
      for (Recipient after : now.sharing().recipients()) {
        if (after.id().equals(before.id()) && !loosened(before, after)) {
          renewed = withDatesOf(after, before);
        }
      }
      recipients.add(renewed);
    }
    return new Policy(
        then.version(),
        then.effective(),
        then.grace(),
        then.controller(),
        then.jurisdictions(),
        then.languages(),
        then.products(),
        then.categories(),
        then.purposes(),
        then.roles(),
        sources,
        new Sharing(then.sharing().companies(), recipients, then.sharing().transfer()),
        then.pooling(),
        then.retention(),
        then.dormancy(),
        then.minors(),
        then.duties(),
        then.own());
  }

  private boolean loosened(Recipient before, Recipient after) {
    boolean otherCase =
        after.sharedBecause() != before.sharedBecause() && after.sharedBecause() != Case.CONSENT;
    boolean otherCompany = !after.company().equals(before.company());
    if (after.company().isPresent() && !otherCompany) {
      String was = new PlainSharing(then.sharing()).nameOf(after.company().get());
      otherCompany = !new PlainSharing(now.sharing()).nameOf(after.company().get()).equals(was);
    }
    return otherCase
        || otherCompany
        || after.kind() != before.kind()
        || !after.clause().equals(before.clause())
        || after.actsAs().ordinal() > before.actsAs().ordinal()
        || !before.destinations().containsAll(after.destinations())
        || !after.safeguards().containsAll(before.safeguards())
        || !before.purposes().containsAll(after.purposes())
        || !before.fields().containsAll(after.fields())
        || !before.handedOverBy().containsAll(after.handedOverBy());
  }

  private static Recipient withDatesOf(Recipient after, Recipient before) {
    return new Recipient(
        before.id(),
        before.clause(),
        before.kind(),
        before.company(),
        before.actsAs(),
        before.sharedBecause(),
        before.destinations(),
        before.safeguards(),
        before.purposes(),
        before.fields(),
        before.handedOverBy(),
        after.agreement());
  }
}
