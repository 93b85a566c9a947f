package dev.pledge.policy.decision;

import dev.pledge.policy.decision.ControlGraph.Days;
import dev.pledge.policy.decision.Policy.About;
import dev.pledge.policy.decision.Policy.Basis;
import dev.pledge.policy.decision.Policy.Before;
import dev.pledge.policy.decision.Policy.BreakGlass;
import dev.pledge.policy.decision.Policy.Category;
import dev.pledge.policy.decision.Policy.Control;
import dev.pledge.policy.decision.Policy.Controller;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.From;
import dev.pledge.policy.decision.Policy.HeldBy;
import dev.pledge.policy.decision.Policy.LegalException;
import dev.pledge.policy.decision.Policy.Lookup;
import dev.pledge.policy.decision.Policy.Minors;
import dev.pledge.policy.decision.Policy.Nature;
import dev.pledge.policy.decision.Policy.Pooling;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Policy.Retention;
import dev.pledge.policy.decision.Policy.Role;
import dev.pledge.policy.decision.Policy.Scope;
import dev.pledge.policy.decision.Policy.Sensitivity;
import dev.pledge.policy.decision.Policy.Source;
import dev.pledge.policy.decision.Policy.TellPerson;
import dev.pledge.policy.decision.Policy.UnknownAge;
import dev.pledge.policy.decision.Sharing.Agreement;
import dev.pledge.policy.decision.Sharing.Case;
import dev.pledge.policy.decision.Sharing.Company;
import dev.pledge.policy.decision.Sharing.How;
import dev.pledge.policy.decision.Sharing.Kind;
import dev.pledge.policy.decision.Sharing.LegalRole;
import dev.pledge.policy.decision.Sharing.Link;
import dev.pledge.policy.decision.Sharing.Recipient;
import dev.pledge.policy.names.CategoryId;
import dev.pledge.policy.names.ChannelId;
import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.CompanyId;
import dev.pledge.policy.names.ConditionId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.FieldType;
import dev.pledge.policy.names.Mask;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.PurposeId;
import dev.pledge.policy.names.RecipientId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.SourceId;
import dev.pledge.policy.names.UndertakingId;
import dev.pledge.policy.names.View;
import java.time.Duration;
import java.time.LocalDate;
import java.time.Period;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Whole policies made up by chance, each sound as the language checks it, the same again from the
 * same seed. Every part is drawn by a chance of its own; a later version of a policy draws a few
 * parts anew and keeps the rest. Some products have terms of their own, which are the general ones
 * with a few parts drawn apart.
 */
final class InventedPolicies {
  static final List<String> PRODUCTS = List.of("general", "meeting", "notes");
  static final List<String> CONDITIONS = List.of("location-on", "in-use", "sensor-on");
  static final List<String> UNDERTAKINGS = List.of("confidentiality", "secrecy");
  static final List<String> PARTIES = List.of("registry", "broker");
  static final List<String> RECIPIENTS =
      List.of("cloud", "messenger", "processor", "lawyer", "court");

  /** Where people may be, as far as an invented policy makes a difference; somewhere else, too. */
  static final List<String> PLACES = List.of("CN", "DE", "GB", "US", "JP");

  private static final Map<String, Map<String, FieldType>> FIELDS = fields();
  private static final List<String> METHODS =
      List.of("form", "product-use", "sensor", "third-party");

  private final String id;
  private final String jurisdiction;
  private final Map<String, Long> seeds = new HashMap<>();
  private final Chance chance;

  /** What is being drawn: the fields there are, with the category of each. */
  private final Map<FieldId, Field> fields = new LinkedHashMap<>();

  private final Map<FieldId, Category> categoryOf = new LinkedHashMap<>();
  private Minors minors;

  /** The product whose own terms are being drawn; empty for the general ones. */
  private String layer = "";

  private InventedPolicies(String id, Chance chance) {
    this.id = id;
    this.chance = chance;
    this.jurisdiction = chance.one("CN", "EU", "GB");
  }

  private static Map<String, Map<String, FieldType>> fields() {
    Map<String, Map<String, FieldType>> fields = new LinkedHashMap<>();
    fields.put(
        "identity",
        Map.of(
            "name", FieldType.NAME,
            "birth-date", FieldType.DATE,
            "id-number", FieldType.CN_RESIDENT_ID));
    fields.put(
        "contact",
        Map.of(
            "email", FieldType.EMAIL,
            "phone", FieldType.PHONE,
            "address", FieldType.POSTAL_ADDRESS));
    fields.put("account", Map.of("number", FieldType.EXTERNAL_ID, "tier", FieldType.CHOICE));
    fields.put(
        "device",
        Map.of(
            "id", FieldType.DEVICE_ID,
            "model", FieldType.DEVICE_TEXT,
            "language", FieldType.LANGUAGE));
    fields.put("location", Map.of("position", FieldType.POSITION, "network", FieldType.PLMN));
    fields.put("log", Map.of("line", FieldType.LOG_LINE, "note", FieldType.TEXT));
    fields.put("guardian", Map.of("name", FieldType.NAME, "email", FieldType.EMAIL));
    fields.put("body", Map.of("face", FieldType.BIOMETRIC, "age", FieldType.AGE));
    return fields;
  }

  /** One to four versions of a policy; which is in force at {@link Person#NOW} varies. */
  static List<Policy> versions(long seed) {
    InventedPolicies invented = new InventedPolicies("invented", new Chance(seed));
    List<LocalDate> dates =
        new ArrayList<>(
            List.of(
                LocalDate.of(2020, 4, 23),
                LocalDate.of(2026, 6, 1),
                LocalDate.of(2026, 10, 24),
                LocalDate.of(2026, 11, 10),
                LocalDate.of(2027, 1, 1)));
    int versions = invented.chance.one(1, 1, 2, 2, 3, 4);
    while (dates.size() > versions) {
      dates.remove(invented.chance.below(dates.size() - 1));
    }
    if (versions == 1) {
      dates.set(0, LocalDate.of(2020, 4, 23));
    }
    List<Policy> policies = new ArrayList<>();
    for (LocalDate effective : dates) {
      policies.add(invented.draw(String.valueOf(policies.size() + 1), effective));
      invented.drawAnew();
    }
    return policies;
  }

  // ----------------------------------------------------------------------------- chance by part

  private Chance of(String part) {
    boolean own = !layer.isEmpty() && seeded(layer + " says for itself: " + part).percent(30);
    return seeded(own ? layer + ": " + part : part);
  }

  private Chance seeded(String part) {
    return new Chance(seeds.computeIfAbsent(part, _ -> chance.seed()));
  }

  /** Forgets a few parts, so that the next version draws them anew. */
  private void drawAnew() {
    List<String> parts = seeds.keySet().stream().sorted().toList();
    int changes = chance.below(4);
    for (int i = 0; i < changes; i++) {
      seeds.remove(chance.one(parts));
    }
    if (chance.percent(60)) { // agreements are renewed more often than anything else is changed
      seeds.remove("agreement of " + chance.one(RECIPIENTS));
      seeds.remove("agreement of " + chance.one(PARTIES));
    }
  }

  private Policy draw(String version, LocalDate effective) {
    fields.clear();
    categoryOf.clear();
    List<Category> categories = categories();
    this.minors = minors();
    Map<ProductId, Policy> own = new LinkedHashMap<>();
    for (String product : PRODUCTS) {
      if (!product.equals(CompiledPolicy.GENERAL) && of("terms of " + product).percent(35)) {
        layer = product;
        own.put(new ProductId(product), layer(version, effective, categories));
        layer = "";
      }
    }
    return layer(version, effective, categories).with(own);
  }

  /** What counts for one product, or for those without terms of their own. */
  private Policy layer(String version, LocalDate effective, List<Category> categories) {
    List<Purpose> purposes = purposes();
    List<Role> roles = roles(purposes);
    Chance head = seeded("head");
    return new Policy(
        new PolicyVersion(id, version),
        effective,
        head.one(Period.ofDays(1), Period.ofDays(30), Period.ofDays(60), Period.ofYears(1)),
        new Controller(head.percent(95) ? "Invented Ltd" : "Another Ltd", "privacy@example.com"),
        jurisdictions(),
        List.of("en"),
        PRODUCTS.stream().map(ProductId::new).toList(),
        categories,
        purposes,
        roles,
        sources(),
        sharing(purposes, roles),
        of("pooling").percent(80) ? Pooling.WITH_AUTHORISATION : Pooling.NEVER,
        retention(purposes),
        dormancy(),
        minors,
        Duties.NONE,
        Map.of());
  }

  // ---------------------------------------------------------------------------------- categories

  private List<Category> categories() {
    List<Category> categories = new ArrayList<>();
    Set<FieldType> aliases = new HashSet<>();
    FIELDS.forEach(
        (name, types) -> {
          Category category = category(name, types, aliases);
          if (!category.fields().isEmpty()) {
            categories.add(category);
          }
          for (Field field : category.fields()) {
            fields.put(field.id(), field);
            categoryOf.put(field.id(), category);
          }
        });
    return categories;
  }

  private Category category(String name, Map<String, FieldType> types, Set<FieldType> aliases) {
    Chance chance = of("category " + name);
    boolean always = name.equals("contact") || name.equals("device");
    boolean there = chance.percent(75) || always;
    boolean series = name.equals("location") || name.equals("log") || chance.percent(8);
    boolean another = name.equals("guardian") || chance.percent(3);
    Scope scope = chance.percent(name.equals("contact") ? 80 : 20) ? Scope.ACCOUNT : Scope.PRODUCT;
    Set<String> methods = chance.some(60, METHODS);
    Set<String> requires = chance.some(name.equals("location") ? 70 : 12, CONDITIONS);
    List<Field> own = new ArrayList<>();
    for (String field : types.keySet().stream().sorted().toList()) {
      boolean drawn = chance.percent(80) && there;
      boolean alias = chance.percent(50) && !series && !another;
      FieldType type = types.get(field);
      boolean finds =
          type.findsPeople() && (type == FieldType.EXTERNAL_ID) == (scope == Scope.PRODUCT);
      Field made = field(new FieldId(new CategoryId(name), field), type, alias && finds, chance);
      if (drawn && (made.lookup() == Lookup.NONE || aliases.add(type))) {
        own.add(made);
      }
    }
    return new Category(
        new CategoryId(name),
        new ClauseId(name.equals("location") ? "I.3" : name.equals("log") ? "I.4" : "I.1"),
        methods.isEmpty() ? List.of("form") : List.copyOf(methods),
        scope,
        series ? Policy.Kind.EVENT_SERIES : Policy.Kind.PROFILE,
        another ? About.ANOTHER : About.SUBJECT,
        requires.stream().map(ConditionId::new).collect(Collectors.toSet()),
        own);
  }

  private Field field(FieldId id, FieldType type, boolean alias, Chance chance) {
    boolean sensitive =
        chance.percent(12)
            || type == FieldType.BIOMETRIC
            || (jurisdiction.equals("CN")
                && (type == FieldType.POSITION || type == FieldType.CN_RESIDENT_ID));
    List<Mask> masks = new ArrayList<>();
    for (Mask mask : Mask.values()) {
      if (type.fits(mask)) {
        masks.add(mask);
      }
    }
    Set<String> choices = chance.some(70, List.of("gold", "silver", "copper"));
    choices.add("none");
    return new Field(
        id,
        type,
        chance.one(masks),
        sensitive ? Sensitivity.SENSITIVE : Sensitivity.ORDINARY,
        alias ? Lookup.ALIAS : Lookup.NONE,
        type == FieldType.CHOICE ? List.copyOf(choices) : List.of());
  }

  /** The law of the United States allows what that of each of the others does. */
  private List<String> jurisdictions() {
    return of("places").percent(40) ? List.of(jurisdiction, "US") : List.of(jurisdiction);
  }

  private Minors minors() {
    Chance chance = of("minors");
    int under = Math.max(14 + chance.below(5), jurisdiction.equals("EU") ? 16 : 14);
    UnknownAge unknown = chance.one(UnknownAge.class);
    int sensitive = Math.min(under, 14 + chance.below(3));
    List<FieldId> telling =
        fields.values().stream()
            .filter(field -> field.type().tellsAge())
            .map(Field::id)
            .filter(id -> categoryOf.get(id).about() == About.SUBJECT)
            .toList();
    return new Minors(
        ages("under", under, 13),
        ages("sensitive-under", sensitive, 0),
        unknown,
        chance.some(80, telling));
  }

  /** One age, or one for each jurisdiction: {@code here} and, in the United States, another. */
  private Ages ages(String which, int here, int leastThere) {
    List<String> codes = jurisdictions();
    Chance chance = of("ages " + which);
    if (chance.percent(50)) {
      return Ages.everywhere(here);
    }
    Map<String, Integer> ages = new LinkedHashMap<>();
    ages.put(jurisdiction, here);
    if (codes.size() > 1) {
      ages.put("US", leastThere + chance.below(4));
    }
    return Ages.by(ages, jurisdiction.equals("EU") ? Map.of("DE", "EU") : Map.of());
  }

  // ------------------------------------------------------------------------------------ purposes

  private List<Purpose> purposes() {
    List<Purpose> purposes = new ArrayList<>();
    for (String name :
        List.of(
            "support",
            "settings",
            "security",
            "research",
            "survey",
            "offers",
            "tips",
            "bookkeeping",
            "archive",
            "court-order",
            "rescue",
            "sign-in",
            "ask-guardian",
            "child-safety",
            "claims")) {
      Sketch sketch = sketch(name);
      if (sketch.drawn) {
        sketch.build().ifPresent(purposes::add);
      }
    }
    Set<FieldId> stored = new HashSet<>();
    for (Purpose purpose : purposes) {
      if (PlainRules.isGroundToStore(purpose)) {
        stored.addAll(purpose.uses());
      }
    }
    Sketch service = sketch("service"); // nothing is collected for nothing (IV.4)
    fields.keySet().stream().filter(field -> !stored.contains(field)).forEach(service.uses::add);
    service.build().ifPresent(purposes::add);
    return purposes;
  }

  /** A purpose being made up, and what it takes to be a sound one. */
  private final class Sketch {
    private final String name;
    private final Chance chance;
    private final boolean drawn;
    private String clause = "II.I.1";
    private Basis basis = Basis.CONTRACT;
    private Control control = Control.NONE;
    private Nature nature = Nature.ORDINARY;
    private View view;
    private final Set<FieldId> uses;
    private Set<String> products = Set.of();
    private Set<String> channels = Set.of();
    private Optional<String> programme = Optional.empty();
    private final Set<Before> before = new LinkedHashSet<>();
    private Optional<LegalException> exception = Optional.empty();
    private Optional<BreakGlass> breakGlass = Optional.empty();
    private Optional<String> condition = Optional.empty();

    Sketch(String name) {
      this.name = name;
      this.chance = of("purpose " + name);
      this.drawn = chance.percent(75);
      this.view = chance.one(View.CLEAR, View.CLEAR, View.CLEAR, View.MASKED, View.DE_IDENTIFIED);
      if (chance.percent(20)) {
        products = chance.some(70, PRODUCTS);
      }
      Chance lists = new Chance(chance.seed());
      this.uses = new LinkedHashSet<>();
      // Each possible field has its chance, there or not, so that the others' stay the same.
      FIELDS.forEach(
          (category, types) ->
              types.keySet().stream()
                  .sorted()
                  .map(field -> new FieldId(new CategoryId(category), field))
                  .forEach(
                      field -> {
                        if (lists.percent(45) && fields.containsKey(field)) {
                          uses.add(field);
                        }
                      }));
    }

    Optional<Purpose> build() {
      if (condition.isEmpty() && PlainRules.waitsForNobody(purpose())) {
        uses.removeIf(field -> fields.get(field).sensitivity() == Sensitivity.SENSITIVE);
      }
      openOverChannels();
      return uses.isEmpty() ? Optional.empty() : Optional.of(purpose());
    }

    /** Each channel has something to open over it, each address a channel. */
    private void openOverChannels() {
      if (channels.isEmpty()) {
        return;
      }
      uses.removeIf(
          field ->
              !fields.get(field).type().channels().isEmpty()
                  && (categoryOf.get(field).about() == About.ANOTHER
                      || categoryOf.get(field).kind() == Policy.Kind.EVENT_SERIES
                      || over(field).stream().noneMatch(channels::contains)));
      channels = new LinkedHashSet<>(channels);
      channels.removeIf(
          channel ->
              uses.stream()
                  .noneMatch(
                      field ->
                          Set.of("service", "push").contains(channel)
                              ? over(field).isEmpty()
                              : over(field).contains(channel)));
      if (channels.isEmpty()) {
        uses.clear();
      }
    }

    private Set<String> over(FieldId field) {
      return fields.get(field).type().channels().stream()
          .map(ChannelId::value)
          .collect(Collectors.toSet());
    }

    private Purpose purpose() {
      return new Purpose(
          new PurposeId(name),
          new ClauseId(clause),
          basis,
          control,
          nature,
          view,
          uses,
          products.stream().map(ProductId::new).collect(Collectors.toSet()),
          channels.stream().map(ChannelId::new).collect(Collectors.toSet()),
          programme,
          before,
          exception,
          breakGlass,
          condition);
    }

    private void consent() {
      basis = Basis.CONSENT;
      control = Control.OPT_IN;
    }

    /** A legitimate interest where there is one, and a consent where there is none. */
    private void interest() {
      if (jurisdiction.equals("CN")) {
        consent();
      } else {
        basis = Basis.LEGITIMATE_INTEREST;
        control = Control.OPT_OUT;
      }
    }

    private void publicTask() {
      basis = Basis.PUBLIC_TASK;
      control = jurisdiction.equals("CN") ? Control.NONE : Control.OPT_OUT;
      condition =
          jurisdiction.equals("CN") || chance.percent(50)
              ? Optional.empty()
              : Optional.of("public-interest");
    }

    private void obligation() {
      basis = Basis.LEGAL_OBLIGATION;
      condition = chance.percent(60) ? Optional.of("court-or-authority") : Optional.empty();
    }
  }

  private Sketch sketch(String name) {
    Sketch sketch = new Sketch(name);
    Chance chance = sketch.chance;
    List<String> ways = List.of("service", "email", "sms", "letter", "push");
    switch (name) {
      case "settings" -> {
        if (chance.percent(30)) {
          sketch.publicTask();
        }
      }
      case "security" -> {
        sketch.nature = Nature.SECURITY;
        if (chance.percent(30)) {
          sketch.obligation();
        }
      }
      case "research" -> {
        sketch.clause = "II.I.4";
        sketch.consent();
        sketch.view = chance.one(View.DE_IDENTIFIED, View.DE_IDENTIFIED, View.CLEAR);
        sketch.programme = chance.percent(50) ? Optional.of("experience") : Optional.empty();
      }
      case "survey" -> {
        sketch.clause = "II.I.3";
        sketch.consent();
        sketch.channels = chance.percent(40) ? chance.some(50, ways) : Set.of();
      }
      case "offers" -> {
        sketch.clause = "II.I.5";
        sketch.nature = Nature.PROMOTION;
        sketch.consent();
        sketch.channels = orService(chance.some(60, ways));
      }
      case "tips" -> {
        sketch.clause = "II.I.5";
        sketch.nature = Nature.PROMOTION;
        sketch.interest();
        sketch.channels = orService(chance.some(60, List.of("service", "letter", "push")));
      }
      case "bookkeeping" -> sketch.obligation();
      case "archive" -> {
        sketch.obligation();
        sketch.nature = Nature.RECORD_KEEPING;
      }
      case "court-order" -> {
        sketch.clause = "II.I.7";
        sketch.obligation();
        sketch.exception =
            Optional.of(
                new LegalException(
                    new RoleId("legal"), chance.percent(70), chance.one(TellPerson.class)));
      }
      case "rescue" -> {
        sketch.clause = "II.I.7";
        sketch.basis = Basis.VITAL_INTEREST;
        sketch.nature = chance.one(Nature.ORDINARY, Nature.PROTECTION);
        sketch.condition = Optional.of("danger-to-life");
        sketch.breakGlass =
            Optional.of(
                new BreakGlass(Duration.ofHours(1 + chance.below(168)), new RoleId("officer")));
      }
      case "sign-in" -> {
        sketch.before.add(Before.ACCEPTANCE);
        sketch.uses.removeIf(
            field ->
                !fields.get(field).type().findsPeople()
                    || categoryOf.get(field).kind() == Policy.Kind.EVENT_SERIES
                    || categoryOf.get(field).about() == About.ANOTHER);
      }
      case "ask-guardian" -> {
        sketch.clause = "VI.1";
        sketch.before.add(Before.GUARDIAN_CONSENT);
        if (chance.percent(50)) {
          sketch.before.add(Before.ACCEPTANCE);
        }
        sketch.uses.removeIf(
            field ->
                categoryOf.get(field).about() == About.SUBJECT
                    && !minors.ageFrom().contains(field));
      }
      case "child-safety" -> {
        sketch.clause = "VI.1";
        sketch.nature = Nature.PROTECTION;
        sketch.obligation();
      }
      case "claims" -> {
        sketch.nature = Nature.LEGAL_CLAIMS;
        if (chance.percent(40) && !jurisdiction.equals("CN")) {
          sketch.interest();
        }
      }
      default -> {}
    }
    return sketch;
  }

  private static Set<String> orService(Set<String> channels) {
    return channels.isEmpty() ? Set.of("service") : channels;
  }

  // --------------------------------------------------------------------------------------- roles

  private List<Role> roles(List<Purpose> purposes) {
    List<Role> roles = new ArrayList<>();
    roles.add(role("backend", HeldBy.SERVICE, 85, 85, purposes));
    roles.add(role("agent", HeldBy.ANYONE, 30, 50, purposes));
    roles.add(role("analyst", HeldBy.ANYONE, 0, 50, purposes));
    roles.add(role("clerk", HeldBy.ANYONE, 15, 60, purposes));
    roles.add(role("legal", HeldBy.ANYONE, 0, 20, purposes));
    roles.add(role("officer", HeldBy.ANYONE, 0, 20, purposes));
    return roles;
  }

  private Role role(String name, HeldBy heldBy, int collects, int serves, List<Purpose> purposes) {
    Chance chance = of("role " + name);
    View sees =
        name.equals("analyst")
            ? View.DE_IDENTIFIED
            : chance.one(View.CLEAR, View.CLEAR, View.MASKED);
    UndertakingId undertaking = new UndertakingId(chance.one(UNDERTAKINGS));
    Set<FieldId> stores = chance.some(collects, fields.keySet());
    Set<PurposeId> own = new LinkedHashSet<>();
    Set<FieldId> reachable = new LinkedHashSet<>();
    for (Purpose purpose : purposes) {
      boolean served = of("role " + name + " for " + purpose.id()).percent(serves);
      if (served && purpose.nature() != Nature.RECORD_KEEPING) {
        own.add(purpose.id());
        reachable.addAll(purpose.uses());
      }
    }
    return new Role(
        new RoleId(name),
        stores,
        own,
        own.isEmpty() ? View.DE_IDENTIFIED : sees,
        sees == View.DE_IDENTIFIED ? Set.of() : chance.some(20, reachable),
        heldBy == HeldBy.SERVICE ? Optional.empty() : Optional.of(undertaking),
        heldBy);
  }

  // --------------------------------------------------------------------- sources and retention

  private List<Source> sources() {
    List<Source> sources = new ArrayList<>();
    for (String name : PARTIES) {
      Chance chance = seeded("source " + name);
      boolean drawn = chance.percent(70);
      Chance agreed = of("agreement of " + name);
      LocalDate from =
          agreed.one(
              LocalDate.of(2026, 1, 1), LocalDate.of(2026, 11, 22), LocalDate.of(2026, 12, 1));
      LocalDate until =
          agreed.one(LocalDate.of(2027, 1, 1), from.plusDays(1), LocalDate.of(2028, 1, 1));
      Set<FieldId> supplied = chance.some(50, fields.keySet());
      if (drawn && !supplied.isEmpty()) {
        sources.add(new Source(new SourceId(name), from, until, supplied));
      }
    }
    return sources;
  }

  // ------------------------------------------------------------------------------------- sharing

  private Sharing sharing(List<Purpose> purposes, List<Role> roles) {
    List<Company> companies = new ArrayList<>();
    company("controller", List.of("holding"), 40).ifPresent(companies::add);
    companies.add(new Company(new CompanyId("holding"), "Holding", List.of()));
    company("clouds", List.of("controller", "controller", "holding", "lab"), 100)
        .ifPresent(companies::add);
    company("lab", List.of("holding", "controller"), 80).ifPresent(companies::add);
    List<Recipient> recipients = new ArrayList<>();
    for (String name : RECIPIENTS) {
      recipient(name, companies, purposes, roles).ifPresent(recipients::add);
    }
    return new Sharing(companies, recipients, Optional.empty());
  }

  private Optional<Company> company(String name, List<String> above, int times) {
    Chance chance = seeded("company " + name);
    boolean drawn = chance.percent(times);
    String called = chance.percent(95) ? name : name + " renamed";
    List<Link> links = new ArrayList<>();
    for (int i = chance.below(2); i >= 0; i--) {
      LocalDate from = chance.one(LocalDate.of(2020, 1, 1), LocalDate.of(2026, 11, 22));
      LocalDate until = chance.one(from.plusDays(1), LocalDate.of(2026, 11, 22).plusDays(40));
      links.add(
          new Link(
              new CompanyId(chance.one(above)),
              chance.one(How.CONTROL, How.CONTROL, How.SIGNIFICANT_INFLUENCE),
              from,
              chance.percent(70) ? Optional.empty() : Optional.of(until)));
    }
    return drawn ? Optional.of(new Company(new CompanyId(name), called, links)) : Optional.empty();
  }

  /** A sound recipient of that name, if it comes out as one. */
  private Optional<Recipient> recipient(
      String name, List<Company> companies, List<Purpose> purposes, List<Role> roles) {
    Chance chance = of("recipient " + name);
    boolean drawn = chance.percent(85);
    Kind kind =
        switch (name) {
          case "cloud" -> Kind.AFFILIATE;
          case "court" -> Kind.AUTHORITY;
          default -> Kind.PARTNER;
        };
    Case because =
        switch (name) {
          case "court" -> chance.one(Case.LAW, Case.SAFETY);
          case "lawyer" -> chance.one(Case.TERMS, Case.RIGHTS, Case.PROPERTY, Case.FRAUD);
          case "messenger" -> Case.CONSENT;
          default -> chance.one(Case.SERVICE, Case.SERVICE, Case.CONSENT);
        };
    Set<RoleId> by = chance.some(60, roles).stream().map(Role::id).collect(Collectors.toSet());
    by.add(new RoleId("backend"));
    Set<FieldId> shared = chance.some(80, fields.keySet());
    List<Purpose> served = new ArrayList<>();
    for (Purpose purpose : purposes) {
      boolean taken = of("recipient " + name + " for " + purpose.id()).percent(80);
      boolean handed =
          roles.stream().anyMatch(r -> by.contains(r.id()) && r.purposes().contains(purpose.id()));
      boolean uses = purpose.uses().stream().anyMatch(shared::contains);
      if (taken && handed && uses && fits(purpose, because)) {
        served.add(purpose);
      }
    }
    by.removeIf(
        id ->
            roles.stream()
                .filter(role -> role.id().equals(id))
                .noneMatch(r -> served.stream().anyMatch(p -> r.purposes().contains(p.id()))));
    shared.removeIf(field -> served.stream().noneMatch(p -> p.uses().contains(field)));
    Chance dates = of("agreement of " + name);
    LocalDate from =
        dates.one(LocalDate.of(2020, 1, 1), LocalDate.of(2020, 1, 1), LocalDate.of(2026, 11, 22));
    LocalDate until =
        dates.one(LocalDate.of(2028, 1, 1), LocalDate.of(2027, 1, 1), from.plusDays(1));
    Optional<CompanyId> company =
        kind == Kind.AFFILIATE
            ? Optional.of(new CompanyId(chance.one("clouds", "clouds", "lab", "holding")))
            : Optional.empty();
    Days agreed = new Days(from, until);
    boolean affiliated =
        company.isEmpty()
            || new ControlGraph(companies)
                .affiliation().getOrDefault(company.get(), List.of()).stream()
                    .anyMatch(agreed::overlap);
    boolean asked = because == Case.CONSENT || !jurisdiction.equals("CN");
    boolean home = kind == Kind.AUTHORITY || (because == Case.SERVICE && !asked);
    Set<String> destinations = home ? Set.of() : chance.some(35, List.of("CN", "DE", "SG"));
    LegalRole actsAs =
        asked || because.isLegal() ? chance.one(LegalRole.class) : LegalRole.PROCESSOR;
    Recipient recipient =
        new Recipient(
            new RecipientId(name),
            new ClauseId(
                because.isLegal() ? "III.I.5" : kind == Kind.AFFILIATE ? "III.I.2" : "III.I.3"),
            kind,
            company,
            kind == Kind.AUTHORITY ? LegalRole.CONTROLLER : actsAs,
            because,
            destinations.isEmpty() ? Set.of("CN") : destinations,
            of("safeguards of " + name).some(50, List.of(Sharing.Safeguard.values())),
            served.stream().map(Purpose::id).collect(Collectors.toSet()),
            shared,
            by,
            kind == Kind.AUTHORITY
                ? Optional.empty()
                : Optional.of(new Agreement("1", from, until)));
    return drawn && affiliated && !served.isEmpty() ? Optional.of(recipient) : Optional.empty();
  }

  private static boolean fits(Purpose purpose, Case because) {
    boolean excepted = purpose.exception().isPresent();
    boolean overseen = excepted || purpose.breakGlass().isPresent();
    return purpose.nature() != Nature.RECORD_KEEPING
        && switch (because) {
          case SERVICE -> !overseen;
          case CONSENT -> purpose.control() != Control.NONE;
          case LAW -> excepted;
          case SAFETY -> overseen;
          case TERMS, RIGHTS, PROPERTY -> excepted || purpose.nature() == Nature.LEGAL_CLAIMS;
          case FRAUD -> excepted || purpose.nature() == Nature.SECURITY;
        };
  }

  /** Every field ends, and what is stored for those who never answered ends by itself. */
  private List<Retention> retention(List<Purpose> purposes) {
    Map<From, Map<Period, Set<FieldId>>> kept = new LinkedHashMap<>();
    fields.forEach(
        (id, field) -> {
          Chance chance = of("retention of " + id);
          Period keep =
              chance.one(
                  Period.ofMonths(6), Period.ofMonths(7), Period.ofYears(1), Period.ofYears(3));
          if (field.type() != FieldType.LOG_LINE && chance.percent(50)) {
            keep = chance.one(Period.ofDays(1), Period.ofDays(15), Period.ofMonths(1));
          }
          boolean asks = isUsed(id, purposes, Before.GUARDIAN_CONSENT);
          boolean early = isUsed(id, purposes, Before.ACCEPTANCE) || isOrdered(id, purposes);
          Set<From> starts = new LinkedHashSet<>();
          starts.add(
              chance.one(
                  From.COLLECTION,
                  From.COLLECTION,
                  From.CLOSING,
                  From.LAST_USE,
                  isStoredByLaw(id, purposes) ? From.CLOSING : From.END_OF_PURPOSE));
          if (chance.percent(20) || asks) {
            starts.add(From.COLLECTION);
          }
          boolean profile = categoryOf.get(id).kind() == Policy.Kind.PROFILE;
          boolean ends = starts.contains(From.COLLECTION);
          if ((early && !ends) || (chance.percent(10) && profile)) {
            starts.add(profile ? From.UNACCEPTED : From.COLLECTION);
          }
          for (From start : starts) {
            kept.computeIfAbsent(start, _ -> new LinkedHashMap<>())
                .computeIfAbsent(keep, _ -> new LinkedHashSet<>())
                .add(id);
          }
        });
    List<Retention> retention = new ArrayList<>();
    kept.forEach(
        (from, periods) ->
            periods.forEach(
                (keep, of) -> retention.add(new Retention(of, keep, from, Optional.empty()))));
    return retention;
  }

  private Optional<Period> dormancy() {
    Chance chance = of("dormancy");
    Period term = chance.one(Period.ofMonths(1), Period.ofDays(100), Period.ofYears(1));
    return chance.percent(40) ? Optional.of(term) : Optional.empty();
  }

  private static boolean isUsed(FieldId field, List<Purpose> purposes, Before before) {
    return purposes.stream().anyMatch(p -> p.uses().contains(field) && p.before().contains(before));
  }

  /** What the law orders to be stored has no purpose that ends. */
  private static boolean isStoredByLaw(FieldId field, List<Purpose> purposes) {
    return purposes.stream()
        .anyMatch(
            p ->
                p.uses().contains(field)
                    && p.basis() == Basis.LEGAL_OBLIGATION
                    && p.exception().isEmpty());
  }

  private static boolean isOrdered(FieldId field, List<Purpose> purposes) {
    return purposes.stream()
        .anyMatch(
            p ->
                p.uses().contains(field)
                    && p.basis() == Basis.LEGAL_OBLIGATION
                    && p.exception().isEmpty()
                    && p.nature() != Nature.RECORD_KEEPING);
  }
}
