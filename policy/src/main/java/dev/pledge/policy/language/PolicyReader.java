package dev.pledge.policy.language;

import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.decision.Policy.About;
import dev.pledge.policy.decision.Policy.Category;
import dev.pledge.policy.decision.Policy.Controller;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.Minors;
import dev.pledge.policy.decision.Policy.Pooling;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Policy.Retention;
import dev.pledge.policy.decision.Policy.Role;
import dev.pledge.policy.decision.Policy.UnknownAge;
import dev.pledge.policy.decision.Sharing;
import dev.pledge.policy.decision.Sharing.Company;
import dev.pledge.policy.decision.Sharing.Transfer;
import dev.pledge.policy.language.Node.Entry;
import dev.pledge.policy.language.Node.Mapping;
import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.names.ConditionId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.UndertakingId;
import java.time.LocalDate;
import java.time.Period;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads a policy from the top of its tree, part by part. */
final class PolicyReader {
  private static final Vocabulary<Integer> VERSIONS =
      new Vocabulary<>("language version", Map.of("1", 1));
  private static final Vocabulary<Pooling> POOLINGS = Vocabulary.of("pooling", Pooling.values());
  private static final Vocabulary<UnknownAge> UNKNOWN_AGES =
      Vocabulary.of("word", UnknownAge.values());
  private static final Vocabulary<Transfer> TRANSFERS = Vocabulary.of("word", Transfer.values());

  /** Nothing can be published: there is no act by which it could. */
  private static final Vocabulary<Boolean> PUBLICATIONS =
      new Vocabulary<>("word", Map.of("never", true));

  private static final Vocabulary<Boolean> GUARDIAN =
      new Vocabulary<>("word", Map.of("guardian", true));
  private static final Pattern LANGUAGE = Pattern.compile("[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}");
  private static final Pattern EMAIL = Pattern.compile("[^@\\s]{1,64}@[^@\\s.]+(\\.[^@\\s.]+)+");
  private static final Period LONGEST_GRACE = Period.ofYears(1);

  /** That all products have one policy, and single ones terms of their own. */
  private static final String ONE_POLICY = "VIII.1";

  private final Problems problems;
  private final Keys keys;
  private final Declared declared;
  private final Map<ProductId, Scalar> ownTerms = new LinkedHashMap<>();

  private PolicyReader(Mapping top, Problems problems) {
    this.problems = problems;
    this.declared = Declared.in(top);
    problems.malformed(declared.malformed());
    this.keys = new Keys(top, new Scalar(top.place(), "", false), "the policy", problems);
  }

  /** The draft of what {@code top} says, or empty when there is too much of it to be looked at. */
  static Optional<Draft> read(Mapping top, Problems problems) {
    NeverSold.check(top, problems);
    return Size.fits(top, problems)
        ? Optional.of(new PolicyReader(top, problems).draft())
        : Optional.empty();
  }

  private Draft draft() {
    keys.required("pledge", "pledge: 1").oneOf(VERSIONS);
    PolicyVersion version = version();
    LocalDate effective =
        keys.required("effective", "effective: 2026-01-01").date().orElse(LocalDate.EPOCH);
    Period grace = grace();
    Controller controller = controller();
    List<Law> laws = new ArrayList<>();
    Set<Object> flawed = new HashSet<>();
    List<String> jurisdictions = jurisdictions(laws, flawed);
    Map<String, Scalar> languages = languages();
    Reading reading = new Reading(problems, declared, laws, new Mentions(), flawed);
    List<ProductId> products = products(reading);
    names("conditions", "condition", ConditionId::new);
    names("undertakings", "undertaking", UndertakingId::new);
    List<Category> categories =
        new CategoryReader(reading).read(some("categories", "categories: { contact: { … } }"));
    List<Purpose> purposes =
        new PurposeReader(reading, categories)
            .read(some("purposes", "purposes: { authentication: { … } }"));
    List<Role> roles =
        new RoleReader(reading, purposes).read(some("roles", "roles: { product-backend: { … } }"));
    RetentionReader retention = new RetentionReader(reading, categories, purposes);
    Value retentionValue = keys.required("retention", "retention: [{ of: […], … }]");
    List<Retention> kept = retention.read(retentionValue);
    if (retentionValue.isPresent()) {
      retention.checkAll();
    }
    DormancyReader dormancy = new DormancyReader(problems, keys.optional("dormancy"));
    Policy policy =
        new Policy(
            version,
            effective,
            grace,
            controller,
            jurisdictions,
            List.copyOf(languages.keySet()),
            products,
            categories,
            purposes,
            roles,
            new SourceReader(reading).read(keys.optional("sources")),
            sharing(reading, controller, purposes, roles),
            keys.optional("pooling").oneOf(POOLINGS).orElse(Pooling.NEVER),
            kept,
            dormancy.read(),
            minors(reading, categories),
            new DutiesReader(reading, categories).read(keys),
            Map.of());
    keys.finish();
    new Early(reading, policy).check();
    if (retentionValue.isPresent()) {
      dormancy.check(policy);
    }
    new Misdeclared(declared, problems).check();
    return new Draft(policy, languages, reading.mentions(), declared, ownTerms);
  }

  private Sharing sharing(
      Reading reading, Controller controller, List<Purpose> purposes, List<Role> roles) {
    List<Company> companies =
        new CompanyReader(reading, controller).read(keys.optional("companies"));
    return new Sharing(
        companies,
        new RecipientReader(reading, companies, purposes, roles).read(keys.optional("recipients")),
        transfer(reading));
  }

  private Optional<Transfer> transfer(Reading reading) {
    Value publication = keys.optional("publication");
    publication.oneOf(PUBLICATIONS);
    reading.keeps("III.III.1", publication);
    Value transfer = keys.optional("transfer");
    reading.keeps("III.II.1", transfer);
    return transfer.oneOf(TRANSFERS);
  }

  private PolicyVersion version() {
    String id =
        keys.required("id", "id: my-policy")
            .id("policy", name -> new PolicyVersion(name, "1").policy())
            .orElse("unnamed");
    Optional<Scalar> word = keys.required("version", "version: 2026-01-01").word();
    Optional<PolicyVersion> version =
        word.flatMap(w -> Names.make(w.text(), text -> new PolicyVersion(id, text)));
    if (word.isPresent() && version.isEmpty()) {
      problems.error(
          word.get(),
          "malformed version " + Quoted.of(word.get().text()),
          Names.remedy(word.get().text(), "use at most 32 letters, digits, dots and hyphens"));
    }
    return version.orElseGet(() -> new PolicyVersion(id, "0"));
  }

  private Period grace() {
    Value value = keys.required("grace", "grace: P30D");
    Optional<Period> grace = value.period();
    if (grace.isPresent() && !Retention.covers(LONGEST_GRACE, grace.get())) {
      value
          .word()
          .ifPresent(
              word ->
                  problems.error(
                      word,
                      "a grace of " + Quoted.of(word.text()) + " is longer than a year",
                      "write at most `P1Y`"));
    }
    return grace.orElse(Period.ZERO);
  }

  private Controller controller() {
    Optional<Keys> own =
        keys.required("controller", "controller: { name: …, contact: { email: … } }").keys();
    Optional<String> name = own.flatMap(k -> k.required("name", "name: Example Ltd").text());
    Optional<Keys> contact =
        own.flatMap(k -> k.required("contact", "contact: { email: privacy@example.com }").keys());
    Optional<String> email = contact.flatMap(this::email);
    contact.ifPresent(Keys::finish);
    own.ifPresent(Keys::finish);
    return new Controller(name.orElse(""), email.orElse(""));
  }

  private Optional<String> email(Keys contact) {
    Value value = contact.required("email", "email: privacy@example.com");
    Optional<String> written = value.text();
    Optional<String> email = written.filter(text -> EMAIL.matcher(text).matches());
    if (written.isPresent() && email.isEmpty()) {
      value
          .word()
          .ifPresent(
              word ->
                  problems.error(
                      word,
                      Quoted.of(word.text()) + " is not an e-mail address",
                      "write one as `privacy@example.com`"));
    }
    return email;
  }

  private List<String> jurisdictions(List<Law> laws, Set<Object> flawed) {
    Value value = keys.required("jurisdictions", "jurisdictions: [CN]");
    List<String> codes = new ArrayList<>();
    for (Scalar word : value.words()) {
      Optional<Law> law = Law.of(word.text());
      if (law.isPresent()) {
        codes.add(word.text());
        laws.add(law.get());
      } else {
        unknownJurisdiction(word, value.what());
        flawed.add(word.text());
      }
    }
    if (value.isEmptyCollection()) {
      value.key().ifPresent(this::empty);
    }
    return codes;
  }

  /** The United Kingdom is not what its initials are nearest to. */
  private void unknownJurisdiction(Scalar word, String where) {
    if (word.text().equals("UK")) {
      problems.error(word, "unknown jurisdiction `UK` in " + where, "write `GB`");
    } else {
      problems.unknown(word, "jurisdiction", where, Law.jurisdictions());
    }
  }

  private Map<String, Scalar> languages() {
    Value value = keys.required("languages", "languages: [en]");
    Map<String, Scalar> languages = new LinkedHashMap<>();
    for (Scalar word : value.words()) {
      if (LANGUAGE.matcher(word.text()).matches()) {
        languages.put(word.text(), word);
      } else {
        problems.error(
            word,
            Quoted.of(word.text()) + " is not a language",
            Names.remedy(word.text(), "write a language tag, such as `en` or `zh`"));
      }
    }
    if (value.isEmptyCollection()) {
      value.key().ifPresent(this::empty);
    }
    return languages;
  }

  private List<ProductId> products(Reading reading) {
    List<Entry> entries = keys.optional("products").entries();
    if (!entries.isEmpty()) {
      reading.mentions().addPossible(Set.of(ONE_POLICY));
    }
    List<ProductId> products =
        reading.each(
            entries, "product", ProductId::new, (id, product) -> product(id, product, reading));
    ProductId general = new ProductId(CompiledPolicy.GENERAL);
    if (!products.contains(general)) {
      products.addFirst(general);
    }
    return products;
  }

  private ProductId product(ProductId id, Keys product, Reading reading) {
    Value override = product.optional("override");
    reading.keeps(ONE_POLICY, override);
    if (id.value().equals(CompiledPolicy.GENERAL) && override.isPresent()) {
      problems.error(
          override.key(),
          "`general` lies under all products, so its terms are those of the policy",
          "write them in `" + PolicySource.POLICY + "`, or name the file under another product");
    }
    override.word().ifPresent(file -> ownTerms.put(id, file));
    return id;
  }

  private <I> void names(String key, String kind, Function<String, I> make) {
    keys.optional(key).words().forEach(word -> Names.id(word, kind, make, problems));
  }

  private Value some(String key, String example) {
    Value value = keys.required(key, example);
    if (value.isEmptyCollection()) {
      value.key().ifPresent(this::empty);
    }
    return value;
  }

  private void empty(Scalar key) {
    problems.error(key, "`" + key.text() + "` of the policy is empty", "declare at least one");
  }

  private Minors minors(Reading reading, List<Category> categories) {
    Optional<Keys> own =
        keys.required("minors", "minors: { under: 18, sensitive-under: 14, unknown-age: minor }")
            .keys();
    if (own.isEmpty()) {
      return new Minors(0, 0, UnknownAge.MINOR, Set.of());
    }
    Keys minors = own.get();
    AgeReader.Read ages = new AgeReader(reading, minors).read();
    minors.optional("consent").oneOf(GUARDIAN);
    UnknownAge unknown =
        minors
            .required("unknown-age", "unknown-age: minor")
            .oneOf(UNKNOWN_AGES)
            .orElse(UnknownAge.MINOR);
    Set<FieldId> ageFrom = ageFrom(minors, reading, categories);
    minors.finish();
    return new Minors(ages.under(), ages.sensitiveUnder(), unknown, ageFrom);
  }

  /**
   * The fields that tell the person's age. Where the policy has fields that may, it has to say
   * which do: a child must not pass unnoticed because a list was forgotten (VI.1).
   */
  private Set<FieldId> ageFrom(Keys minors, Reading reading, List<Category> categories) {
    List<FieldId> telling =
        categories.stream()
            .filter(category -> category.about() == About.SUBJECT)
            .flatMap(category -> category.fields().stream())
            .filter(field -> field.type().tellsAge())
            .map(Field::id)
            .toList();
    Value value =
        telling.isEmpty()
            ? minors.optional("age-from")
            : minors.required(
                "age-from", "age-from: " + telling + " # the person's own, not somebody else's");
    for (Scalar word : value.words()) {
      Optional<Set<FieldId>> meant = reading.declared().fieldsMeantBy(word.text());
      if (meant.isPresent() && !telling.containsAll(meant.get())) {
        problems.error(
            word,
            Quoted.of(word.text()) + " in `age-from` does not tell an age",
            "list fields of type `date`, `age` or `cn-resident-id`, one by one");
      }
    }
    return reading.fields(value, minors);
  }
}
