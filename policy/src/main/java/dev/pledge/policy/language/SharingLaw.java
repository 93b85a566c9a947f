package dev.pledge.policy.language;

import dev.pledge.policy.decision.Sharing.Case;
import dev.pledge.policy.decision.Sharing.Kind;
import dev.pledge.policy.decision.Sharing.LegalRole;
import dev.pledge.policy.decision.Sharing.Safeguard;
import dev.pledge.policy.language.Law.Demand;
import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.language.RecipientReader.Party;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Checks recipients against one law: who may receive something without the person's word, and where
 * (III.I.1, III.I.4).
 */
final class SharingLaw {

  private final Law law;
  private final Problems problems;

  SharingLaw(Law law, Problems problems) {
    this.law = law;
    this.problems = problems;
  }

  /**
   * @param destinations those that are countries
   * @param safeguards what the recipient gives where the law of its country does not
   */
  void check(Party party, LegalRole actsAs, List<Scalar> destinations, Set<Safeguard> safeguards) {
    List<Scalar> abroad =
        destinations.stream().filter(word -> !word.text().equals(law.jurisdiction())).toList();
    if (party.kind() == Kind.AUTHORITY) {
      law.share("foreign-authority")
          .ifPresent(demand -> abroad.forEach(word -> foreignAuthority(word, demand)));
    } else if (!party.because().isLegal()) {
      if (actsAs == LegalRole.CONTROLLER) {
        unmet("controller", party).ifPresent(demand -> controller(party, demand));
      }
      unmet("abroad", party)
          .ifPresent(demand -> abroad.forEach(word -> abroad(word, party, demand)));
      // A consent is to the recipient in the countries it names (GDPR Art. 49(1)(a)).
      if (party.because() != Case.CONSENT) {
        abroad.forEach(word -> checkTransfer(word, party, safeguards));
      }
    }
  }

  private void checkTransfer(Scalar word, Party party, Set<Safeguard> safeguards) {
    Optional<Demand> demand = law.safeguards(word.text());
    Optional<Demand> certified = law.certified(word.text());
    boolean safe =
        safeguards.stream()
            .anyMatch(
                given ->
                    demand.map(d -> d.lists(Vocabulary.word(given))).orElse(true)
                        || (certified.isPresent() && given == Safeguard.CERTIFICATION));
    if (demand.isPresent() && !safe) {
      String first = demand.get().value().split(" ", -1)[0];
      problems.error(
          word,
          party.name()
              + " has no safeguards by which the law of "
              + law.jurisdiction()
              + " lets data go to "
              + Quoted.of(word.text()),
          "agree on one and add `safeguards: ["
              + first
              + "]` ("
              + demand.get().source()
              + ")"
              + certified
                  .map(d -> ", or `[certification]` if it has one (" + d.source() + ")")
                  .orElse("")
              + ", or remove the country");
    }
  }

  /** What the law asks for, unless it is the case for which the recipient receives. */
  private Optional<Demand> unmet(String recipient, Party party) {
    return law.share(recipient)
        .filter(demand -> !demand.value().equals(Vocabulary.word(party.because())));
  }

  private void foreignAuthority(Scalar word, Demand never) {
    problems.error(
        word,
        "the law of "
            + law.jurisdiction()
            + " lets no authority in "
            + Quoted.of(word.text())
            + " receive anything",
        "remove it; such requests go through the authorities of "
            + law.jurisdiction()
            + " ("
            + never.source()
            + ")");
  }

  private void controller(Party party, Demand demand) {
    problems.error(
        party.keys().optional("case").word(),
        party.name()
            + " decides itself what it does, for which case `"
            + Vocabulary.word(party.because())
            + "` is too little in "
            + law.jurisdiction(),
        lawful(demand) + ", or `acts-as: processor` if it follows instructions");
  }

  private void abroad(Scalar word, Party party, Demand demand) {
    problems.error(
        word,
        "case `"
            + Vocabulary.word(party.because())
            + "` of "
            + party.name()
            + " is too little in "
            + law.jurisdiction()
            + " to let data go to "
            + Quoted.of(word.text()),
        lawful(demand) + ", or remove the country");
  }

  private static String lawful(Demand demand) {
    return "write `case: " + demand.value() + "` (" + demand.source() + ")";
  }
}
