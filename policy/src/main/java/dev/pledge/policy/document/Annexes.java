package dev.pledge.policy.document;

import java.util.ArrayList;
import java.util.List;

/** The tables made from the rules, in the order in which people ask. */
final class Annexes {
  private Annexes() {}

  static List<Annex> of(Telling told) {
    List<Annex> annexes = new ArrayList<>();
    annexes.add(new CollectedAnnex(told).annex());
    annexes.add(new PurposesAnnex(told).annex());
    annexes.add(new RolesAnnex(told).annex());
    annexes.add(new OthersAnnex(told).annex());
    annexes.add(new RetentionAnnex(told).annex());
    annexes.add(new ChoicesAnnex(told).annex());
    new ProductsAnnex(told).annex().ifPresent(annexes::add);
    annexes.add(new TermsAnnex(told).annex());
    return List.copyOf(annexes);
  }
}
