package dev.pledge.policy.document;

import java.util.List;

/** The tables made from the rules, in the order in which people ask. */
final class Annexes {
  private Annexes() {}

  static List<Annex> of(Telling told) {
    return List.of(
        new CollectedAnnex(told).annex(),
        new PurposesAnnex(told).annex(),
        new RolesAnnex(told).annex(),
        new OthersAnnex(told).annex(),
        new RetentionAnnex(told).annex(),
        new ChoicesAnnex(told).annex(),
        new TermsAnnex(told).annex());
  }
}
