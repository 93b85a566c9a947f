package dev.pledge.policy.language;

import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policy.Basis;
import dev.pledge.policy.decision.Policy.Before;
import dev.pledge.policy.decision.Policy.BreakGlass;
import dev.pledge.policy.decision.Policy.Category;
import dev.pledge.policy.decision.Policy.Control;
import dev.pledge.policy.decision.Policy.LegalException;
import dev.pledge.policy.decision.Policy.Nature;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Policy.Sensitivity;
import dev.pledge.policy.decision.Policy.TellPerson;
import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.names.ChannelId;
import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.PurposeId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.View;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads the purposes data is used for (II.I.*). */
final class PurposeReader {
  /** The clauses on promotion and on uses without authorisation. */
  private static final String PROMOTION = "II.I.5";

  static final String EXCEPTIONS = "II.I.7";

  /** The clauses on better and new products, without which a service runs. */
  private static final Set<String> BETTER_PRODUCTS = Set.of("II.I.3", "II.I.4");

  private static final Duration LONGEST_REVIEW = Duration.ofDays(7);
  private static final Vocabulary<Basis> BASES = Vocabulary.of("basis", Basis.values());
  private static final Vocabulary<Control> CONTROLS = Vocabulary.of("control", Control.values());
  private static final Vocabulary<Nature> NATURES = Vocabulary.of("nature", Nature.values());
  private static final Vocabulary<TellPerson> TELLINGS =
      Vocabulary.of("time to tell", TellPerson.values());
  static final Vocabulary<View> VIEWS = Vocabulary.of("view", View.values(), View::word);
  static final Vocabulary<ChannelId> CHANNELS =
      new Vocabulary<>(
          "channel",
          Stream.of("service", "email", "sms", "phone", "letter", "push")
              .collect(Collectors.toMap(Function.identity(), ChannelId::new)));

  /** The bases on which sensitive data may be used without the person's explicit consent. */
  private static final Set<Basis> WITHOUT_EXPLICIT_CONSENT =
      EnumSet.of(Basis.LEGAL_OBLIGATION, Basis.VITAL_INTEREST, Basis.PUBLIC_TASK);

  /**
   * The bases a nature goes with, where it opens what others do not: promotion is what a person can
   * refuse (II.I.5), and no consent outlives a restriction (V.4).
   */
  private static final Map<Nature, Set<Basis>> BASES_OF =
      Map.of(
          Nature.SECURITY,
          EnumSet.of(Basis.CONTRACT, Basis.LEGAL_OBLIGATION, Basis.PUBLIC_TASK),
          Nature.PROMOTION,
          EnumSet.of(Basis.CONSENT, Basis.LEGITIMATE_INTEREST),
          Nature.LEGAL_CLAIMS,
          EnumSet.of(
              Basis.CONTRACT, Basis.LEGAL_OBLIGATION, Basis.PUBLIC_TASK, Basis.LEGITIMATE_INTEREST),
          Nature.PROTECTION,
          EnumSet.of(Basis.LEGAL_OBLIGATION, Basis.VITAL_INTEREST),
          Nature.RECORD_KEEPING,
          EnumSet.of(Basis.LEGAL_OBLIGATION));

  private final Reading reading;
  private final Problems problems;
  private final Set<FieldId> sensitive = new HashSet<>();
  private final Set<FieldId> identifying = new HashSet<>();
  private final Map<FieldId, Category> byCookies = new HashMap<>();
  private final Reachable reachable;

  PurposeReader(Reading reading, List<Category> categories) {
    this.reading = reading;
    this.problems = reading.problems();
    this.reachable = new Reachable(reading, categories);
    categories.stream()
        .filter(category -> category.methods().contains(CategoryReader.COOKIES))
        .forEach(c -> c.fields().forEach(field -> byCookies.put(field.id(), c)));
    for (Category category : categories) {
      category.fields().stream()
          .filter(field -> field.sensitivity() == Sensitivity.SENSITIVE)
          .forEach(field -> sensitive.add(field.id()));
      category.fields().stream()
          .filter(field -> field.type().identifiesDirectly())
          .forEach(field -> identifying.add(field.id()));
    }
  }

  List<Purpose> read(Value purposes) {
    return reading.each(purposes.entries(), "purpose", PurposeId::new, this::purpose);
  }

  private Purpose purpose(PurposeId id, Keys keys) {
    if (id.value().equals(CompiledPolicy.POOLING)) {
      problems.error(
          keys.owner(),
          "`pooling` is the name of the person's own authorisation",
          "choose another name for the purpose");
    }
    keys.optional("consideration");
    Value basisValue = keys.required("basis", "basis: contract");
    Optional<Basis> basis = basisValue.oneOf(BASES);
    Control control = control(keys, basis);
    checkAssessment(keys, basis);
    ClauseId clause = reading.clause(keys, Clauses.Part.PURPOSE, "II.I.1");
    // Of a basis that is wrong under the clause, nothing more is said.
    Optional<Basis> fitting = basis.filter(b -> isAuthorised(basisValue, b, clause, keys));
    Nature nature = nature(keys, clause, fitting);
    Value channelsValue = keys.optional("channels");
    reading.mustListSomething(channelsValue);
    Set<ChannelId> channels = Set.copyOf(channelsValue.someOf(CHANNELS));
    Value usesValue = uses(keys);
    reading.mustListSomething(usesValue);
    Set<FieldId> uses = reading.fields(usesValue, keys);
    basis.ifPresent(b -> checkCookies(basisValue, b, clause, keys, uses));
    reachable.check(keys, channelsValue, channels, usesValue);
    Value products = keys.optional("products");
    reading.mustListSomething(products);
    if (nature == Nature.PROMOTION) {
      checkChannels(keys, channelsValue);
      checkPromotion(keys, basis, control, channels);
    }
    return new Purpose(
        id,
        clause,
        basis.orElse(Basis.CONTRACT),
        control,
        nature,
        view(keys.optional("view"), keys, usesValue),
        uses,
        reading.known(products, "product", keys, reading.declared().products(), ProductId::new),
        channels,
        programme(keys, control),
        before(keys, nature),
        exception(keys, fitting, nature, clause),
        breakGlass(keys, fitting),
        sensitiveBecause(keys, fitting, uses));
  }

  /** Whether the basis lets a use go on under the clause; reported when not (II.I.7). */
  private boolean isAuthorised(Value value, Basis basis, ClauseId clause, Keys keys) {
    boolean authorised = !clause.value().equals(EXCEPTIONS) || basis.isCompelling();
    if (!authorised) {
      problems.error(
          value.word(),
          keys.name()
              + " is a use without authorisation, and basis `"
              + Vocabulary.word(basis)
              + "` lets it go on with nobody's approval or review (II.I.7)",
          "write " + lawfulOf(Basis::isCompelling) + ", or name the clause it keeps");
    }
    return authorised;
  }

  private Nature nature(Keys keys, ClauseId clause, Optional<Basis> basis) {
    Value value = keys.optional("nature");
    Optional<Nature> written = value.oneOf(NATURES);
    Nature nature = written.orElse(Nature.ORDINARY);
    Set<Basis> bases = BASES_OF.get(nature);
    if (bases != null && basis.isPresent() && !bases.contains(basis.get())) {
      problems.error(
          value.word().orElse(keys.owner()),
          keys.name()
              + ": nature `"
              + Vocabulary.word(nature)
              + "` does not go with basis `"
              + Vocabulary.word(basis.get())
              + "`",
          "write " + lawfulOf(bases::contains));
    }
    boolean said = written.isPresent() || !value.isPresent();
    if (said && clause.value().equals(PROMOTION) && nature != Nature.PROMOTION) {
      problems.error(
          value.word().orElse(keys.owner()),
          keys.name() + " keeps clause `" + PROMOTION + "` and is not said to be promotion",
          "write `nature: promotion`, or name the clause it keeps");
    }
    return nature;
  }

  /**
   * What cookies read from a device takes a yes, unless the service that people asked for cannot do
   * without (I.2), or the law orders it. Nothing is collected for exceptions and emergencies.
   */
  private void checkCookies(
      Value value, Basis basis, ClauseId clause, Keys keys, Set<FieldId> uses) {
    Optional<FieldId> read = uses.stream().filter(byCookies::containsKey).sorted().findFirst();
    boolean collects =
        !keys.optional("exception").isPresent()
            && !keys.optional("break-glass").isPresent()
            && !basis.isCompelling();
    Optional<Category> category = read.flatMap(f -> Optional.ofNullable(byCookies.get(f)));
    if (category.isEmpty() || !collects || clause.equals(Reading.UNREAD)) {
      return;
    }
    for (Law law : reading.laws()) {
      Optional<Law.Demand> demand = law.cookies();
      boolean needless = basis == Basis.CONTRACT && BETTER_PRODUCTS.contains(clause.value());
      if (demand.isPresent() && (needless || !demand.get().lists(Vocabulary.word(basis)))) {
        problems.error(
            value.word(),
            keys.name()
                + " uses `"
                + read.get()
                + "`, which cookies read from people's devices, and asks nobody in "
                + law.jurisdiction(),
            "write "
                + written(Basis.CONSENT, Control.OPT_IN)
                + " ("
                + demand.get().source()
                + ")"
                + (category.get().methods().size() > 1
                    ? ", or put what no cookie reads into a category of its own"
                    : ""));
        return;
      }
    }
  }

  /** Whoever declares a de-identified view keeps what the document says of it (II.II.2). */
  private View view(Value value, Keys keys, Value uses) {
    View view = value.oneOf(VIEWS).orElse(View.CLEAR);
    if (view == View.DE_IDENTIFIED) {
      reading.keeps("II.II.2", value);
      uses.words().forEach(word -> checkIdentifier(word, keys));
    }
    return view;
  }

  /** What points to a person by itself never opens de-identified, so it serves nothing there. */
  private void checkIdentifier(Scalar word, Keys keys) {
    reading
        .declared()
        .fieldsMeantBy(word.text())
        .flatMap(meant -> meant.stream().filter(identifying::contains).sorted().findFirst())
        .ifPresent(
            field ->
                problems.error(
                    word,
                    "`" + field + "` points to a person, so " + keys.name() + " never opens it",
                    "remove it, or show the purpose `masked`"));
  }

  /** Those of the bases that are lawful everywhere here, each with a control that is. */
  private String lawfulOf(Predicate<Basis> bases) {
    return Stream.of(Basis.values())
        .filter(bases)
        .flatMap(
            basis ->
                Stream.of(Control.values())
                    .filter(control -> isLawful(basis, control))
                    .map(control -> written(basis, control)))
        .collect(Collectors.joining(", or "));
  }

  private boolean isLawful(Basis basis, Control control) {
    return reading.laws().stream()
        .allMatch(law -> law.basis(basis).stream().anyMatch(d -> Law.control(d) == control));
  }

  private static String written(Basis basis, Control control) {
    return "`basis: "
        + Vocabulary.word(basis)
        + "` with `control: "
        + Vocabulary.word(control)
        + "`";
  }

  private static String words(Set<Basis> bases) {
    return bases.stream()
        .map(basis -> "`" + Vocabulary.word(basis) + "`")
        .collect(Collectors.joining(" or "));
  }

  /** The lawful condition under which the purpose uses sensitive data without explicit consent. */
  private Optional<String> sensitiveBecause(Keys keys, Optional<Basis> basis, Set<FieldId> uses) {
    Value value = keys.optional("sensitive-because");
    Optional<Scalar> word = value.word();
    if (basis.isEmpty()) {
      return Optional.empty();
    }
    if (!WITHOUT_EXPLICIT_CONSENT.contains(basis.get())) {
      only(value, keys, "basis " + words(WITHOUT_EXPLICIT_CONSENT));
      return Optional.empty();
    }
    Optional<FieldId> used = uses.stream().filter(sensitive::contains).sorted().findFirst();
    boolean compelling = basis.get() != Basis.PUBLIC_TASK;
    if (compelling && used.isPresent() && !value.isPresent()) {
      problems.error(
          keys.owner(),
          keys.name() + " uses `" + used.get() + "`, which is sensitive, and nobody consents to it",
          "add `sensitive-because: …` with the condition under which the law allows it");
    }
    word.ifPresent(condition -> checkCondition(condition, keys, basis.get()));
    return word.map(Scalar::text);
  }

  private void checkCondition(Scalar word, Keys keys, Basis basis) {
    for (Law law : reading.laws()) {
      Set<String> lawful = law.sensitiveBecause(basis);
      if (lawful.isEmpty()) {
        problems.error(
            word,
            keys.name()
                + ": in "
                + law.jurisdiction()
                + " no condition stands in for the explicit consent on basis `"
                + Vocabulary.word(basis)
                + "`",
            "remove `sensitive-because`; people are asked for that consent");
      } else if (!lawful.contains(word.text())) {
        problems.unknown(
            word,
            "condition",
            keys.name() + " for basis `" + Vocabulary.word(basis) + "` in " + law.jurisdiction(),
            lawful);
      }
    }
  }

  private static Value uses(Keys keys) {
    return keys.required("uses", "uses: [contact.email]");
  }

  private Control control(Keys keys, Optional<Basis> basis) {
    Value value = keys.optional("control");
    Optional<Control> written = value.oneOf(CONTROLS);
    if (basis.isEmpty() || (value.isPresent() && written.isEmpty())) {
      return Control.NONE;
    }
    Control control = written.orElse(Control.NONE);
    Scalar at = value.word().orElse(keys.owner());
    checkPair(at, keys, basis.get(), control);
    return control;
  }

  private void checkPair(Scalar at, Keys keys, Basis basis, Control control) {
    String pair =
        "basis `" + Vocabulary.word(basis) + "` with control `" + Vocabulary.word(control) + "`";
    if (basis == Basis.CONSENT && control == Control.NONE) {
      problems.error(
          at,
          keys.name() + " rests on consent that cannot be withdrawn (V.2)",
          "add `control: opt-in`");
      return;
    }
    for (Law law : reading.laws()) {
      List<Law.Demand> lawful = law.basis(basis);
      if (lawful.isEmpty()) {
        problems.error(
            at,
            keys.name()
                + ": basis `"
                + Vocabulary.word(basis)
                + "` is not lawful in "
                + law.jurisdiction(),
            "use " + String.join(", or ", law.lawful()));
      } else if (lawful.stream().noneMatch(d -> Law.control(d) == control)) {
        problems.error(
            at,
            keys.name() + ": " + pair + " is not lawful in " + law.jurisdiction(),
            lawful.stream()
                .map(d -> "write `control: " + d.value() + "` (" + d.source() + ")")
                .collect(Collectors.joining(", or ")));
      }
    }
  }

  private void checkAssessment(Keys keys, Optional<Basis> basis) {
    Value assessment = keys.optional("assessment");
    Optional<String> reference = assessment.text();
    if (basis.isEmpty()) {
      return;
    }
    boolean interest = basis.get() == Basis.LEGITIMATE_INTEREST;
    if (interest && !assessment.isPresent()) {
      problems.error(
          keys.owner(),
          keys.name() + " rests on a legitimate interest that nobody has weighed",
          "add `assessment:` with the reference of the assessment");
    } else if (!interest && reference.isPresent()) {
      only(assessment, keys, "basis `legitimate-interest`");
    }
  }

  private void checkChannels(Keys keys, Value channels) {
    if (!channels.isPresent()) {
      problems.error(
          keys.owner(),
          keys.name()
              + " is promotion and names no `channels`, so nobody could refuse one (II.I.5)",
          "add `channels: [service, email]`");
    }
  }

  /**
   * What a person can refuse is asked of all promotion (II.I.5); where it may rest on an interest,
   * the law may still ask for a consent by some ways.
   */
  private void checkPromotion(
      Keys keys, Optional<Basis> basis, Control control, Set<ChannelId> channels) {
    if (!basis.equals(Optional.of(Basis.LEGITIMATE_INTEREST))) {
      return;
    }
    if (control == Control.NONE && isLawful(Basis.LEGITIMATE_INTEREST, Control.NONE)) {
      problems.error(
          keys.owner(),
          keys.name() + " is promotion that nobody could refuse (II.I.5)",
          "add `control: opt-out`");
    }
    for (Law law : reading.laws()) {
      channels.stream()
          .sorted()
          .flatMap(channel -> law.promotion(channel).stream())
          .filter(demand -> Law.control(demand) == Control.OPT_IN && control != Control.OPT_IN)
          .forEach(
              demand ->
                  problems.error(
                      keys.optional("control").word().orElse(keys.owner()),
                      keys.name()
                          + ": promotion by `"
                          + demand.of()
                          + "` without opt-in is not lawful in "
                          + law.jurisdiction(),
                      "write "
                          + written(Basis.CONSENT, Control.OPT_IN)
                          + " ("
                          + demand.source()
                          + ")"));
    }
  }

  private Optional<String> programme(Keys keys, Control control) {
    Value value = keys.optional("programme");
    Optional<PurposeId> programme = value.id("programme", PurposeId::new);
    if (programme.isPresent() && control != Control.OPT_IN) {
      only(value, keys, "control `opt-in`: people join a programme (II.I.4)");
    }
    return programme.map(PurposeId::value);
  }

  private Set<Before> before(Keys keys, Nature nature) {
    Set<Before> before = EnumSet.noneOf(Before.class);
    Value acceptance = keys.optional("before-acceptance");
    if (acceptance.flag(false)) {
      before.add(Before.ACCEPTANCE);
    }
    Value guardian = keys.optional("before-guardian");
    if (guardian.flag(false)) {
      before.add(Before.GUARDIAN_CONSENT);
    }
    if (nature == Nature.PROMOTION && !before.isEmpty()) {
      only(
          before.contains(Before.ACCEPTANCE) ? acceptance : guardian,
          keys,
          "purposes that are no promotion");
    }
    return before;
  }

  private Optional<LegalException> exception(
      Keys keys, Optional<Basis> basis, Nature nature, ClauseId clause) {
    Value value = keys.optional("exception");
    boolean misplaced = basis.isPresent() && basis.get() != Basis.LEGAL_OBLIGATION;
    if (misplaced) {
      only(value, keys, "basis `legal-obligation` (II.I.7)");
    } else if (nature == Nature.RECORD_KEEPING) {
      problems.error(
          value.key(),
          keys.name() + " only keeps records; an `exception` would read them",
          "remove `exception`, and read them for another purpose that has one");
    } else if (basis.isPresent() && clause.value().equals(EXCEPTIONS) && !value.isPresent()) {
      problems.error(
          keys.owner(),
          keys.name() + " is a use without authorisation that nobody approves (II.I.7)",
          "add `exception: { approver: … }`, or `nature: record-keeping` where the law only orders"
              + " to keep");
    }
    return value
        .keys()
        .flatMap(
            own -> {
              Optional<RoleId> approver = role(own, "approver", "legal");
              boolean fieldsNamed = own.optional("only-fields-named").flag(true);
              TellPerson tells =
                  own.optional("tell-person").oneOf(TELLINGS).orElse(TellPerson.AT_ONCE);
              own.finish();
              return approver
                  .filter(_ -> !misplaced)
                  .map(role -> new LegalException(role, fieldsNamed, tells));
            });
  }

  private Optional<BreakGlass> breakGlass(Keys keys, Optional<Basis> basis) {
    Value value = keys.optional("break-glass");
    if (basis.isPresent() && basis.get() != Basis.VITAL_INTEREST) {
      only(value, keys, "basis `vital-interest`");
      return Optional.empty();
    }
    if (basis.isPresent() && !value.isPresent()) {
      problems.error(
          keys.owner(),
          keys.name() + " rests on a vital interest, and nobody reviews its use (II.I.7)",
          "add `break-glass: { review-within: PT24H, reviewer: … }`");
    }
    return value
        .keys("break-glass: { review-within: PT24H, reviewer: privacy-officer }")
        .flatMap(
            own -> {
              Optional<Duration> within = reviewWithin(own);
              Optional<RoleId> reviewer = role(own, "reviewer", "privacy-officer");
              own.finish();
              return within.flatMap(term -> reviewer.map(role -> new BreakGlass(term, role)));
            });
  }

  private Optional<Duration> reviewWithin(Keys own) {
    Value value = own.required("review-within", "review-within: PT24H");
    Optional<Duration> term = value.hours();
    boolean sensible =
        term.isEmpty() || (term.get().isPositive() && term.get().compareTo(LONGEST_REVIEW) <= 0);
    if (!sensible) {
      problems.error(
          value.word(),
          own.name() + " is reviewed at no sensible time",
          "write the hours until review, at most `PT168H`");
    }
    return term;
  }

  private Optional<RoleId> role(Keys own, String key, String example) {
    return own.required(key, key + ": " + example)
        .word()
        .flatMap(word -> reading.known(word, "role", own, reading.declared().roles(), RoleId::new));
  }

  private void only(Value value, Keys keys, String fitting) {
    value
        .key()
        .ifPresent(
            key ->
                problems.error(
                    key,
                    "`" + key.text() + "` does not fit " + keys.name(),
                    "it goes only with " + fitting + "; remove it"));
  }
}
