package dev.pledge.policy.language;

import dev.pledge.policy.decision.ControlGraph;
import dev.pledge.policy.decision.ControlGraph.Days;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Policy.Role;
import dev.pledge.policy.decision.Sharing.Agreement;
import dev.pledge.policy.decision.Sharing.Case;
import dev.pledge.policy.decision.Sharing.Company;
import dev.pledge.policy.decision.Sharing.Kind;
import dev.pledge.policy.decision.Sharing.LegalRole;
import dev.pledge.policy.decision.Sharing.Recipient;
import dev.pledge.policy.decision.Sharing.Safeguard;
import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.CompanyId;
import dev.pledge.policy.names.PurposeId;
import dev.pledge.policy.names.RecipientId;
import dev.pledge.policy.names.RoleId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads whom data may be handed to, and why (III.I.*). */
final class RecipientReader {
  private static final String AFFILIATES = "III.I.2";
  private static final String PARTNERS = "III.I.3";
  private static final String LEGAL = "III.I.5";
  private static final Vocabulary<Kind> KINDS = Vocabulary.of("kind", Kind.values());
  private static final Vocabulary<LegalRole> LEGAL_ROLES =
      Vocabulary.of("word", LegalRole.values());
  private static final Vocabulary<Case> CASES = Vocabulary.of("case", Case.values());

  private static final Vocabulary<Safeguard> SAFEGUARDS = Vocabulary.of("word", Safeguard.values());

  private static final Set<String> COUNTRIES =
      Locale.getISOCountries(Locale.IsoCountryCode.PART1_ALPHA2);

  private final Reading reading;
  private final Problems problems;
  private final AgreementReader agreements;
  private final HandOvers handOvers;
  private final Map<CompanyId, List<Days>> affiliation;

  RecipientReader(
      Reading reading, List<Company> companies, List<Purpose> purposes, List<Role> roles) {
    this.reading = reading;
    this.problems = reading.problems();
    this.agreements = new AgreementReader(problems);
    this.handOvers = new HandOvers(reading, purposes, roles);
    this.affiliation = new ControlGraph(companies).affiliation();
  }

  /** A recipient of which it could be read what it is and why it receives anything. */
  record Party(Keys keys, Kind kind, Case because) {
    String name() {
      return keys.name();
    }
  }

  List<Recipient> read(Value recipients) {
    reading.keeps("III.I.1", recipients);
    return reading.each(recipients.entries(), "recipient", RecipientId::new, this::recipient);
  }

  private Recipient recipient(RecipientId id, Keys keys) {
    Optional<Kind> kind = keys.required("kind", "kind: partner").oneOf(KINDS);
    Optional<Case> because = keys.required("case", "case: service").oneOf(CASES);
    Optional<Party> party = kind.flatMap(k -> because.map(c -> new Party(keys, k, c)));
    Value purposes = list(keys, "purposes", "delivery");
    Value fields = list(keys, "fields", "contact.email");
    Value roles = list(keys, "handed-over-by", "backend");
    List<Scalar> destinations = countries(list(keys, "destinations", "CN"));
    Value safeguardsValue = keys.optional("safeguards");
    reading.mustListSomething(safeguardsValue);
    Set<Safeguard> safeguards = Set.copyOf(safeguardsValue.someOf(SAFEGUARDS));
    LegalRole actsAs = actsAs(keys, kind);
    Optional<Agreement> agreement = agreement(keys, kind);
    Recipient recipient =
        new Recipient(
            id,
            clause(keys, party),
            kind.orElse(Kind.PARTNER),
            company(keys, kind, agreement),
            actsAs,
            because.orElse(Case.SERVICE),
            destinations.stream().map(Scalar::text).collect(Collectors.toSet()),
            safeguards,
            purposes(purposes, keys),
            reading.fields(fields, keys),
            reading.known(roles, "role", keys, reading.declared().roles(), RoleId::new),
            agreement);
    party.ifPresent(
        read -> {
          checkCase(read);
          handOvers.check(read, purposes, fields, roles);
          reading
              .laws()
              .forEach(
                  law ->
                      new SharingLaw(law, problems).check(read, actsAs, destinations, safeguards));
        });
    return recipient;
  }

  /** A list that is there and not empty: none of them means all. */
  private Value list(Keys keys, String key, String example) {
    Value list = keys.required(key, key + ": [" + example + "]");
    reading.mustListSomething(list);
    return list;
  }

  private Set<PurposeId> purposes(Value list, Keys keys) {
    return reading.known(list, "purpose", keys, reading.declared().purposes(), PurposeId::new);
  }

  private void checkCase(Party party) {
    if (party.kind() == Kind.AUTHORITY && !party.because().isLegal()) {
      problems.error(
          party.keys().optional("case").word(),
          party.name()
              + " is an authority, and case `"
              + Vocabulary.word(party.because())
              + "` is none of the law's (III.I.5)",
          "write `case: law`, or whichever of `terms`, `rights`, `property`, `safety`, `fraud` it is");
    }
  }

  /** What the law allows or orders keeps a clause of its own, whoever receives it. */
  private ClauseId clause(Keys keys, Optional<Party> party) {
    ClauseId clause = reading.clause(keys, Clauses.Part.RECIPIENT, PARTNERS);
    String kept = party.map(RecipientReader::clauseOf).orElse(clause.value());
    if (!clause.equals(Reading.UNREAD) && !clause.value().equals(kept)) {
      problems.error(
          keys.optional("clause").word(),
          keys.name()
              + " is of kind `"
              + Vocabulary.word(party.get().kind())
              + "` with case `"
              + Vocabulary.word(party.get().because())
              + "`, which keeps another clause than `"
              + clause
              + "`",
          "write `clause: " + kept + "`, or another `kind` or `case`");
      reading.mentions().addPossible(Clauses.of(Clauses.Part.RECIPIENT));
    }
    return clause;
  }

  private static String clauseOf(Party party) {
    if (party.kind() == Kind.AUTHORITY || party.because().isLegal()) {
      return LEGAL;
    }
    return party.kind() == Kind.AFFILIATE ? AFFILIATES : PARTNERS;
  }

  private Optional<CompanyId> company(
      Keys keys, Optional<Kind> kind, Optional<Agreement> agreement) {
    if (!kind.equals(Optional.of(Kind.AFFILIATE))) {
      Value company = keys.optional("company");
      if (kind.isPresent()) {
        problems.error(
            company.key(),
            keys.name() + " is no affiliate and names a company of the group",
            "write `kind: affiliate`, or remove `company`");
      }
      return Optional.empty();
    }
    Map<CompanyId, Scalar> others = new HashMap<>(reading.declared().companies());
    others.remove(ControlGraph.CONTROLLER);
    Optional<Scalar> word = keys.required("company", "company: …").word();
    Optional<CompanyId> company =
        word.flatMap(w -> reading.known(w, "company", keys, others, CompanyId::new));
    if (company.isPresent() && agreement.isPresent()) {
      checkAffiliate(word.get(), keys, company.get(), agreement.get());
    }
    return company;
  }

  private void checkAffiliate(Scalar word, Keys keys, CompanyId company, Agreement agreement) {
    Days agreed = new Days(agreement.from(), agreement.until());
    boolean readable =
        agreed.from().isBefore(agreed.until())
            && Collections.disjoint(reading.flawed(), reading.declared().companies().keySet());
    if (readable
        && affiliation.getOrDefault(company, List.of()).stream().noneMatch(agreed::overlap)) {
      problems.error(
          word,
          "company "
              + Quoted.of(word.text())
              + " of "
              + keys.name()
              + " is an affiliate on no day of the agreement (VIII.4)",
          "say under `companies` who controls it and since when, or write `kind: partner`");
    }
  }

  private LegalRole actsAs(Keys keys, Optional<Kind> kind) {
    Value value = keys.required("acts-as", "acts-as: processor");
    Optional<LegalRole> actsAs = value.oneOf(LEGAL_ROLES);
    boolean authority = kind.equals(Optional.of(Kind.AUTHORITY));
    if (authority && actsAs.isPresent() && actsAs.get() != LegalRole.CONTROLLER) {
      problems.error(
          value.word(),
          keys.name() + " is an authority, which takes no instructions",
          "write `acts-as: controller`");
    }
    if (authority || actsAs.equals(Optional.of(LegalRole.CONTROLLER))) {
      reading.keeps("VIII.2", value);
    }
    return actsAs.orElse(LegalRole.PROCESSOR);
  }

  /** Those of the words that are countries, after reporting the others. */
  private List<Scalar> countries(Value list) {
    List<Scalar> countries = new ArrayList<>();
    for (Scalar word : list.words()) {
      if (COUNTRIES.contains(word.text())) {
        countries.add(word);
      } else {
        String folded = word.text().toUpperCase(Locale.ROOT);
        problems.error(
            word,
            Quoted.of(word.text()) + " in " + list.what() + " is no country",
            COUNTRIES.contains(folded)
                ? "did you mean `" + folded + "`?"
                : Names.remedy(
                    word.text(), "write its ISO 3166 code, two letters such as `CN` or `DE`"));
      }
    }
    return countries;
  }

  private Optional<Agreement> agreement(Keys keys, Optional<Kind> kind) {
    if (!kind.equals(Optional.of(Kind.AUTHORITY))) {
      Agreement agreement = agreements.withRecipient(keys);
      reading.keeps("III.I.4", keys.optional("agreement"));
      return Optional.of(agreement);
    }
    problems.error(
        keys.optional("agreement").key(),
        keys.name() + " is an authority, which the law binds and no agreement",
        "remove `agreement`");
    return Optional.empty();
  }
}
