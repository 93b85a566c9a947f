package dev.pledge.policy.language;

import dev.pledge.policy.decision.ControlGraph;
import dev.pledge.policy.decision.ControlGraph.Days;
import dev.pledge.policy.decision.Policy.Control;
import dev.pledge.policy.decision.Policy.Nature;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Policy.Role;
import dev.pledge.policy.decision.Sharing.Agreement;
import dev.pledge.policy.decision.Sharing.Case;
import dev.pledge.policy.decision.Sharing.Company;
import dev.pledge.policy.decision.Sharing.Kind;
import dev.pledge.policy.decision.Sharing.LegalRole;
import dev.pledge.policy.decision.Sharing.Recipient;
import dev.pledge.policy.language.Law.Demand;
import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.CompanyId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.PurposeId;
import dev.pledge.policy.names.RecipientId;
import dev.pledge.policy.names.RoleId;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads whom data may be handed to, and why (III.I.*). */
final class RecipientReader {
  private static final String AFFILIATES = "III.I.2";
  private static final String PARTNERS = "III.I.3";
  private static final String LEGAL = "III.I.5";
  private static final Vocabulary<Kind> KINDS = Vocabulary.of("kind", Kind.values());
  private static final Vocabulary<LegalRole> LEGAL_ROLES =
      Vocabulary.of("word", LegalRole.values());
  private static final Vocabulary<Case> CASES = Vocabulary.of("case", Case.values());
  private static final Set<String> COUNTRIES =
      Locale.getISOCountries(Locale.IsoCountryCode.PART1_ALPHA2);

  private final Reading reading;
  private final Problems problems;
  private final AgreementReader agreements;
  private final Map<CompanyId, List<Days>> affiliation;
  private final Map<PurposeId, Purpose> purposes = new HashMap<>();
  private final Map<RoleId, Role> roles = new HashMap<>();

  RecipientReader(
      Reading reading, List<Company> companies, List<Purpose> purposes, List<Role> roles) {
    this.reading = reading;
    this.problems = reading.problems();
    this.agreements = new AgreementReader(problems);
    this.affiliation = new ControlGraph(companies).affiliation();
    purposes.forEach(purpose -> this.purposes.put(purpose.id(), purpose));
    roles.forEach(role -> this.roles.put(role.id(), role));
  }

  List<Recipient> read(Value recipients) {
    reading.keeps("III.I.1", recipients);
    return reading.each(recipients.entries(), "recipient", RecipientId::new, this::recipient);
  }

  private Recipient recipient(RecipientId id, Keys keys) {
    Value kindValue = keys.required("kind", "kind: partner");
    Optional<Kind> kind = kindValue.oneOf(KINDS);
    Value caseValue = keys.required("case", "case: service");
    Optional<Case> because = caseValue.oneOf(CASES);
    kind.ifPresent(k -> because.ifPresent(c -> checkCase(caseValue, keys, k, c)));
    ClauseId clause = clause(keys, kind, because);
    Value purposesValue = keys.required("purposes", "purposes: [delivery]");
    reading.mustListSomething(purposesValue);
    Set<PurposeId> served =
        reading.known(
            purposesValue, "purpose", keys, reading.declared().purposes(), PurposeId::new);
    Value fieldsValue = keys.required("fields", "fields: [contact.email]");
    reading.mustListSomething(fieldsValue);
    Set<FieldId> fields = reading.fields(fieldsValue, keys);
    Value rolesValue = keys.required("handed-over-by", "handed-over-by: [backend]");
    reading.mustListSomething(rolesValue);
    Set<RoleId> by =
        reading.known(rolesValue, "role", keys, reading.declared().roles(), RoleId::new);
    boolean named =
        served.size() == purposesValue.words().size() && by.size() == rolesValue.words().size();
    boolean sound =
        named && Collections.disjoint(reading.flawed(), by) && isSound(served) && !by.isEmpty();
    if (sound) {
      kind.ifPresent(
          k ->
              because.ifPresent(c -> purposesValue.words().forEach(w -> checkFits(w, keys, k, c))));
      checkRoles(keys, purposesValue, rolesValue);
      if (checkFields(fieldsValue, keys, served)) {
        purposesValue.words().forEach(word -> checkIsForSomething(word, keys, fields));
      }
    }
    Optional<Agreement> agreement = agreement(keys, kind);
    LegalRole actsAs = actsAs(keys, kind);
    Value destinations = keys.required("destinations", "destinations: [CN]");
    kind.ifPresent(
        k ->
            because.ifPresent(
                c ->
                    reading
                        .laws()
                        .forEach(law -> checkLaw(law, keys, k, c, actsAs, destinations))));
    return new Recipient(
        id,
        clause,
        kind.orElse(Kind.PARTNER),
        company(keys, kind, agreement),
        actsAs,
        because.orElse(Case.SERVICE),
        countries(destinations),
        served,
        fields,
        by,
        agreement);
  }

  private void checkCase(Value value, Keys keys, Kind kind, Case because) {
    if (kind == Kind.AUTHORITY && !because.isLegal()) {
      problems.error(
          value.word(),
          keys.name()
              + " is an authority, and case `"
              + Vocabulary.word(because)
              + "` is none of the law's (III.I.5)",
          "write `case: law`, or whichever of `terms`, `rights`, `property`, `safety`, `fraud` it is");
    }
  }

  /** What the law allows or orders keeps a clause of its own, whoever receives it. */
  private ClauseId clause(Keys keys, Optional<Kind> kind, Optional<Case> because) {
    ClauseId clause = reading.clause(keys, PARTNERS);
    if (kind.isEmpty() || because.isEmpty() || clause.equals(Reading.UNREAD)) {
      return clause;
    }
    boolean legal = kind.get() == Kind.AUTHORITY || because.get().isLegal();
    String kept = legal ? LEGAL : kind.get() == Kind.AFFILIATE ? AFFILIATES : PARTNERS;
    if (!clause.value().equals(kept)) {
      problems.error(
          keys.optional("clause").word(),
          keys.name()
              + " is of kind `"
              + Vocabulary.word(kind.get())
              + "` with case `"
              + Vocabulary.word(because.get())
              + "`, which keeps another clause than `"
              + clause
              + "`",
          "write `clause: " + kept + "`, or another `kind` or `case`");
      reading.clauses().put(Reading.UNREAD, keys.owner());
    }
    return clause;
  }

  /** Whether the purposes are there and well read; otherwise nothing follows from them. */
  private boolean isSound(Set<PurposeId> served) {
    return !served.isEmpty() && Collections.disjoint(reading.flawed(), served);
  }

  /**
   * Cases of the law do not go around the approval or review that the law's uses wait for, and no
   * other case goes with those uses (II.I.7).
   */
  private void checkFits(Scalar word, Keys keys, Kind kind, Case because) {
    Purpose purpose = purposes.get(new PurposeId(word.text()));
    if (purpose == null || (kind == Kind.AUTHORITY && !because.isLegal())) {
      return;
    }
    boolean excepted = purpose.exception().isPresent();
    boolean overseen = excepted || purpose.breakGlass().isPresent();
    if (purpose.nature() == Nature.RECORD_KEEPING) {
      unfit(word, keys, "is read by nobody", "remove it; what it keeps is shared for others");
    } else if (kind == Kind.AUTHORITY && !overseen) {
      unfit(
          word,
          keys,
          "opens without approval or review",
          "name one with an `exception` or `break-glass` (II.I.7)");
    } else {
      String remedy =
          switch (because) {
            case SERVICE -> overseen ? "one without `exception` and `break-glass`" : "";
            case CONSENT ->
                purpose.control() == Control.NONE
                    ? "one with `control: opt-in` or `control: opt-out`"
                    : "";
            case LAW -> excepted ? "" : "one with an `exception`";
            case SAFETY -> overseen ? "" : "one with an `exception` or `break-glass`";
            case TERMS, RIGHTS, PROPERTY ->
                excepted || purpose.nature() == Nature.LEGAL_CLAIMS
                    ? ""
                    : "one of `nature: legal-claims` or with an `exception`";
            case FRAUD ->
                excepted || purpose.nature() == Nature.SECURITY
                    ? ""
                    : "one of `nature: security` or with an `exception`";
          };
      if (!remedy.isEmpty()) {
        unfit(
            word,
            keys,
            "does not fit case `" + Vocabulary.word(because) + "`",
            "name " + remedy + ", or another case");
      }
    }
  }

  private void checkRoles(Keys keys, Value served, Value by) {
    boolean all = true;
    for (Scalar word : served.words()) {
      if (isRead(word) && !anyServes(by, word)) {
        all = false;
        problems.error(
            word,
            "no role of `handed-over-by` of "
                + keys.name()
                + " serves purpose "
                + Quoted.of(word.text())
                + ", so nobody can hand it over (IV.3)",
            "name a role that lists the purpose, or remove it");
      }
    }
    for (Scalar word : by.words()) {
      if (all && served.words().stream().noneMatch(purpose -> serves(word, purpose))) {
        problems.error(
            word,
            "role " + Quoted.of(word.text()) + " serves none of the purposes of " + keys.name(),
            "remove it, or name a purpose of the role");
      }
    }
  }

  /** Whether anything is read for the purpose at all. */
  private boolean isRead(Scalar name) {
    Purpose purpose = purposes.get(new PurposeId(name.text()));
    return purpose != null && purpose.nature() != Nature.RECORD_KEEPING;
  }

  private boolean anyServes(Value by, Scalar purpose) {
    return by.words().stream().anyMatch(role -> serves(role, purpose));
  }

  private boolean serves(Scalar name, Scalar purpose) {
    Role role = roles.get(new RoleId(name.text()));
    return role != null && role.purposes().contains(new PurposeId(purpose.text()));
  }

  private void unfit(Scalar word, Keys keys, String what, String remedy) {
    problems.error(
        word, "purpose " + Quoted.of(word.text()) + " of " + keys.name() + " " + what, remedy);
  }

  private boolean checkFields(Value value, Keys keys, Set<PurposeId> served) {
    boolean all = true;
    for (Scalar word : value.words()) {
      for (FieldId field : reading.declared().fieldsMeantBy(word.text()).orElse(Set.of())) {
        boolean used =
            served.stream()
                .map(purposes::get)
                .anyMatch(purpose -> purpose != null && purpose.uses().contains(field));
        all &= used;
        if (!used) {
          problems.error(
              word,
              keys.name() + " receives `" + field + "`, which none of its purposes uses (III.I.3)",
              "list only fields that its purposes use");
        }
      }
    }
    return all;
  }

  private void checkIsForSomething(Scalar word, Keys keys, Set<FieldId> fields) {
    Purpose purpose = purposes.get(new PurposeId(word.text()));
    boolean uses = purpose != null && fields.stream().anyMatch(purpose.uses()::contains);
    if (isRead(word) && !fields.isEmpty() && !uses) {
      problems.error(
          word,
          "purpose " + Quoted.of(word.text()) + " uses none of the fields of " + keys.name(),
          "remove it, or list a field that it uses");
    }
  }

  private Optional<CompanyId> company(
      Keys keys, Optional<Kind> kind, Optional<Agreement> agreement) {
    boolean affiliate = kind.equals(Optional.of(Kind.AFFILIATE));
    Value value = affiliate ? keys.required("company", "company: …") : keys.optional("company");
    if (!affiliate) {
      if (kind.isPresent()) {
        problems.error(
            value.key(),
            keys.name() + " is no affiliate and names a company of the group",
            "write `kind: affiliate`, or remove `company`");
      }
      return Optional.empty();
    }
    Map<CompanyId, Scalar> others = new HashMap<>(reading.declared().companies());
    others.remove(ControlGraph.CONTROLLER);
    Optional<Scalar> word = value.word();
    Optional<CompanyId> company =
        word.flatMap(w -> reading.known(w, "company", keys, others, CompanyId::new));
    company.ifPresent(
        c -> agreement.ifPresent(a -> word.ifPresent(w -> checkAffiliate(w, keys, c, a))));
    return company;
  }

  private void checkAffiliate(Scalar word, Keys keys, CompanyId company, Agreement agreement) {
    if (!agreement.from().isBefore(agreement.until())) {
      return; // that was told
    }
    Days agreed = new Days(agreement.from(), agreement.until());
    if (Collections.disjoint(reading.flawed(), reading.declared().companies().keySet())
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

  private Set<String> countries(Value value) {
    reading.mustListSomething(value);
    Set<String> countries = new LinkedHashSet<>();
    for (Scalar word : value.words()) {
      String code = word.text();
      if (COUNTRIES.contains(code)) {
        countries.add(code);
      } else {
        String folded = code.toUpperCase(Locale.ROOT);
        problems.error(
            word,
            Quoted.of(code) + " in " + value.what() + " is no country",
            COUNTRIES.contains(folded)
                ? "did you mean `" + folded + "`?"
                : Names.remedy(code, "write its ISO 3166 code, two letters such as `CN` or `DE`"));
      }
    }
    return countries;
  }

  /** Whom the law lets receive something without the person's word, and where. */
  private void checkLaw(
      Law law, Keys keys, Kind kind, Case because, LegalRole actsAs, Value destinations) {
    List<Scalar> abroad =
        destinations.words().stream()
            .filter(word -> COUNTRIES.contains(word.text()))
            .filter(word -> !word.text().equals(law.jurisdiction()))
            .toList();
    Optional<Demand> never = law.share("foreign-authority");
    if (kind == Kind.AUTHORITY && never.isPresent()) {
      abroad.forEach(
          word ->
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
                      + never.get().source()
                      + ")"));
    }
    if (kind == Kind.AUTHORITY || because.isLegal()) {
      return;
    }
    Scalar caseWord = keys.optional("case").word().orElse(keys.owner());
    if (actsAs == LegalRole.CONTROLLER) {
      law.share("controller")
          .filter(demand -> !demand.value().equals(Vocabulary.word(because)))
          .ifPresent(
              demand ->
                  problems.error(
                      caseWord,
                      keys.name()
                          + " decides itself what it does, for which case `"
                          + Vocabulary.word(because)
                          + "` is too little in "
                          + law.jurisdiction(),
                      lawful(demand) + ", or `acts-as: processor` if it follows instructions"));
    }
    law.share("abroad")
        .filter(demand -> !demand.value().equals(Vocabulary.word(because)))
        .ifPresent(
            demand ->
                abroad.forEach(
                    word ->
                        problems.error(
                            word,
                            "case `"
                                + Vocabulary.word(because)
                                + "` of "
                                + keys.name()
                                + " is too little in "
                                + law.jurisdiction()
                                + " to let data go to "
                                + Quoted.of(word.text()),
                            lawful(demand) + ", or remove the country")));
  }

  private static String lawful(Demand demand) {
    return "write `case: " + demand.value() + "` (" + demand.source() + ")";
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
