package dev.pledge.policy.decision;

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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A policy being written down, in the words of a policy file. Names of a category stand for its
 * fields wherever fields are asked for.
 */
final class Draft {
  private String version = "1";
  private LocalDate effective = LocalDate.of(2020, 4, 23);
  private Period grace = Period.ofDays(30);
  private List<String> products = List.of(CompiledPolicy.GENERAL);
  private Policy.Controller controller = new Policy.Controller("House Ltd", "privacy@example.com");
  private Policy.Pooling pooling = Policy.Pooling.NEVER;
  private Policy.Minors minors = new Policy.Minors(18, 14, Policy.UnknownAge.ADULT, Set.of());
  private final Map<String, Category> categories = new LinkedHashMap<>();
  private final LinkedHashMap<String, Purpose> purposes = new LinkedHashMap<>();
  private final Map<String, Role> roles = new LinkedHashMap<>();
  private final Map<String, Source> sources = new LinkedHashMap<>();
  private final Map<String, Sharing.Company> companies = new LinkedHashMap<>();
  private final Map<String, Recipient> recipients = new LinkedHashMap<>();
  private final List<Retention> retention = new ArrayList<>();
  private Optional<Period> dormancy = Optional.empty();

  Draft version(String version, LocalDate effective) {
    this.version = version;
    this.effective = effective;
    return this;
  }

  Draft grace(Period grace) {
    this.grace = grace;
    return this;
  }

  Draft products(String... products) {
    this.products = List.of(products);
    return this;
  }

  Draft pooling(Policy.Pooling pooling) {
    this.pooling = pooling;
    return this;
  }

  Draft unknownAge(Policy.UnknownAge unknownAge) {
    return minors(18, 14, unknownAge);
  }

  Draft minors(int under, int sensitiveUnder, Policy.UnknownAge unknownAge, String... ageFrom) {
    this.minors =
        new Policy.Minors(under, sensitiveUnder, unknownAge, set(List.of(ageFrom), FieldId::of));
    return this;
  }

  Draft agesBy(Map<String, Integer> under, Map<String, Integer> sensitiveUnder) {
    Map<String, String> within = Map.of("DE", "EU", "AT", "EU");
    this.minors =
        new Policy.Minors(
            Ages.by(under, within),
            Ages.by(sensitiveUnder, within),
            minors.unknownAge(),
            minors.ageFrom());
    return this;
  }

  Draft controller(String name, String email) {
    this.controller = new Policy.Controller(name, email);
    return this;
  }

  Draft category(String id, String clause, Consumer<Category> words) {
    words.accept(categories.computeIfAbsent(id, name -> new Category(name, clause)));
    return this;
  }

  Draft purpose(String id, String clause, Consumer<Purpose> words) {
    words.accept(purposes.computeIfAbsent(id, name -> new Purpose(name, clause)));
    return this;
  }

  /** Says something else about a purpose already written down. */
  Draft purpose(String id, Consumer<Purpose> words) {
    words.accept(purposes.get(id));
    return this;
  }

  /** Says less about a purpose, if it is still there. */
  Draft narrowed(String id, Consumer<Purpose> words) {
    purposes.computeIfPresent(
        id,
        (name, purpose) -> {
          words.accept(purpose);
          return purpose;
        });
    return this;
  }

  Draft withoutPurpose(String id) {
    purposes.remove(id);
    return this;
  }

  Draft moveToTheEnd(String purpose) {
    purposes.putLast(purpose, purposes.get(purpose));
    return this;
  }

  Draft role(String id, Consumer<Role> words) {
    words.accept(roles.computeIfAbsent(id, Role::new));
    return this;
  }

  Draft source(String id, LocalDate from, LocalDate until, String... fields) {
    sources.put(id, new Source(id, from, until, List.of(fields)));
    return this;
  }

  /** A company that another controls until a day. */
  Draft company(String id, String controlledBy, LocalDate from, LocalDate until) {
    return company(id, "The " + id, controlledBy, from, until);
  }

  Draft company(String id, String name, String controlledBy, LocalDate from, LocalDate until) {
    CompanyId company = new CompanyId(id);
    Sharing.Link link =
        new Sharing.Link(
            new CompanyId(controlledBy), Sharing.How.CONTROL, from, Optional.of(until));
    companies.put(id, new Sharing.Company(company, name, List.of(link)));
    return this;
  }

  Draft recipient(String id, String clause, Consumer<Recipient> words) {
    words.accept(recipients.computeIfAbsent(id, name -> new Recipient(name, clause)));
    return this;
  }

  /** Says something else about a recipient already written down. */
  Draft recipient(String id, Consumer<Recipient> words) {
    words.accept(recipients.get(id));
    return this;
  }

  Draft withoutRecipient(String id) {
    recipients.remove(id);
    return this;
  }

  Draft keep(Period keep, Policy.From from, String... of) {
    retention.add(new Retention(keep, from, List.of(of)));
    return this;
  }

  Draft withoutRetention() {
    retention.clear();
    return this;
  }

  Draft dormancy(Period dormancy) {
    this.dormancy = Optional.of(dormancy);
    return this;
  }

  Policy build() {
    return new Policy(
        new PolicyVersion("house", version),
        effective,
        grace,
        controller,
        List.of("CN"),
        List.of("en", "zh"),
        products.stream().map(ProductId::new).toList(),
        categories.values().stream().map(Category::build).toList(),
        purposes.values().stream().map(purpose -> purpose.build(this)).toList(),
        roles.values().stream().map(role -> role.build(this)).toList(),
        sources.values().stream().map(source -> source.build(this)).toList(),
        new Sharing(
            List.copyOf(companies.values()),
            recipients.values().stream().map(recipient -> recipient.build(this)).toList(),
            Optional.empty()),
        pooling,
        retention.stream().map(kept -> kept.build(this)).toList(),
        dormancy,
        minors,
        Duties.NONE,
        Map.of());
  }

  private Set<FieldId> fields(List<String> names) {
    Set<FieldId> result = new LinkedHashSet<>();
    for (String name : names) {
      Category category = categories.get(name);
      if (category == null) {
        result.add(FieldId.of(name));
      } else {
        category.fields.forEach(field -> result.add(field.id()));
      }
    }
    return result;
  }

  private static <T> Set<T> set(List<String> names, Function<String, T> id) {
    return names.stream().map(id).collect(Collectors.toCollection(LinkedHashSet::new));
  }

  static final class Category {
    private final String id;
    private final String clause;
    private Policy.Scope scope = Policy.Scope.PRODUCT;
    private Policy.Kind kind = Policy.Kind.PROFILE;
    private Policy.About about = Policy.About.SUBJECT;
    private List<String> methods = List.of("form");
    private List<String> requires = List.of();
    private final List<Policy.Field> fields = new ArrayList<>();

    Category(String id, String clause) {
      this.id = id;
      this.clause = clause;
    }

    Category accountWide() {
      scope = Policy.Scope.ACCOUNT;
      return this;
    }

    Category eventSeries() {
      kind = Policy.Kind.EVENT_SERIES;
      return this;
    }

    Category aboutAnother() {
      about = Policy.About.ANOTHER;
      return this;
    }

    Category methods(String... methods) {
      this.methods = List.of(methods);
      return this;
    }

    Category requires(String... conditions) {
      requires = List.of(conditions);
      return this;
    }

    Category field(String name, FieldType type, Mask mask) {
      return field(name, type, mask, Policy.Sensitivity.ORDINARY);
    }

    Category choice(String name, String... choices) {
      FieldId field = new FieldId(new CategoryId(id), name);
      fields.removeIf(known -> known.id().equals(field));
      fields.add(
          new Policy.Field(
              field,
              FieldType.CHOICE,
              Mask.HIDDEN,
              Policy.Sensitivity.ORDINARY,
              Policy.Lookup.NONE,
              List.of(choices)));
      return this;
    }

    Category sensitive(String name, FieldType type, Mask mask) {
      return field(name, type, mask, Policy.Sensitivity.SENSITIVE);
    }

    Category alias(String name, FieldType type, Mask mask) {
      FieldId field = new FieldId(new CategoryId(id), name);
      fields.removeIf(known -> known.id().equals(field));
      fields.add(
          new Policy.Field(
              field, type, mask, Policy.Sensitivity.ORDINARY, Policy.Lookup.ALIAS, List.of()));
      return this;
    }

    private Category field(String name, FieldType type, Mask mask, Policy.Sensitivity sensitivity) {
      FieldId field = new FieldId(new CategoryId(id), name);
      fields.removeIf(known -> known.id().equals(field));
      fields.add(new Policy.Field(field, type, mask, sensitivity, Policy.Lookup.NONE, List.of()));
      return this;
    }

    private Policy.Category build() {
      return new Policy.Category(
          new CategoryId(id),
          new ClauseId(clause),
          methods,
          scope,
          kind,
          about,
          set(requires, ConditionId::new),
          fields);
    }
  }

  static final class Purpose {
    private final String id;
    private String clause;
    private Policy.Basis basis = Policy.Basis.CONTRACT;
    private Policy.Control control = Policy.Control.NONE;
    private Policy.Nature nature = Policy.Nature.ORDINARY;
    private View view = View.CLEAR;
    private List<String> uses = List.of();
    private Optional<Set<String>> kept = Optional.empty();
    private List<String> products = List.of();
    private List<String> channels = List.of();
    private Optional<String> programme = Optional.empty();
    private Set<Policy.Before> before = Set.of();
    private Optional<Policy.LegalException> exception = Optional.empty();
    private Optional<Policy.BreakGlass> breakGlass = Optional.empty();
    private Optional<String> sensitiveCondition = Optional.empty();

    Purpose(String id, String clause) {
      this.id = id;
      this.clause = clause;
    }

    Purpose clause(String clause) {
      this.clause = clause;
      return this;
    }

    Purpose basis(Policy.Basis basis) {
      this.basis = basis;
      return this;
    }

    Purpose control(Policy.Control control) {
      this.control = control;
      return this;
    }

    Purpose nature(Policy.Nature nature) {
      this.nature = nature;
      return this;
    }

    Purpose view(View view) {
      this.view = view;
      return this;
    }

    Purpose uses(String... uses) {
      this.uses = List.of(uses);
      return this;
    }

    /** Keeps of what it uses only what is named. */
    Purpose usesOnly(Set<String> fields) {
      this.kept = Optional.of(fields);
      return this;
    }

    Purpose inProducts(String... products) {
      this.products = List.of(products);
      return this;
    }

    Purpose channels(String... channels) {
      this.channels = List.of(channels);
      return this;
    }

    Purpose programme(String programme) {
      this.programme = Optional.of(programme);
      return this;
    }

    Purpose before(Policy.Before... before) {
      this.before = Set.of(before);
      return this;
    }

    Purpose exception(String approver) {
      return exception(approver, true, Policy.TellPerson.AT_ONCE);
    }

    Purpose exception(String approver, boolean fieldsNamed, Policy.TellPerson tells) {
      this.exception =
          Optional.of(new Policy.LegalException(new RoleId(approver), fieldsNamed, tells));
      return this;
    }

    Purpose withoutOversight() {
      this.exception = Optional.empty();
      this.breakGlass = Optional.empty();
      return this;
    }

    Purpose breakGlass(Duration review, String reviewer) {
      this.breakGlass = Optional.of(new Policy.BreakGlass(review, new RoleId(reviewer)));
      return this;
    }

    Purpose sensitiveCondition(String condition) {
      this.sensitiveCondition = Optional.of(condition);
      return this;
    }

    private Policy.Purpose build(Draft draft) {
      return new Policy.Purpose(
          new PurposeId(id),
          new ClauseId(clause),
          basis,
          control,
          nature,
          view,
          draft.fields(uses).stream()
              .filter(field -> kept.isEmpty() || kept.get().contains(field.toString()))
              .collect(Collectors.toSet()),
          set(products, ProductId::new),
          set(channels, ChannelId::new),
          programme,
          before,
          exception,
          breakGlass,
          sensitiveCondition);
    }
  }

  static final class Role {
    private final String id;
    private List<String> collects = List.of();
    private List<String> purposes = List.of();
    private View sees = View.MASKED;
    private List<String> mayReveal = List.of();
    private Optional<UndertakingId> undertaking = Optional.empty();
    private Policy.HeldBy heldBy = Policy.HeldBy.ANYONE;

    Role(String id) {
      this.id = id;
    }

    Role collects(String... fields) {
      this.collects = List.of(fields);
      return this;
    }

    Role purposes(String... purposes) {
      this.purposes = Arrays.asList(purposes);
      return this;
    }

    Role sees(View view) {
      this.sees = view;
      return this;
    }

    Role mayReveal(String... fields) {
      this.mayReveal = List.of(fields);
      return this;
    }

    Role heldBy(Policy.HeldBy heldBy) {
      this.heldBy = heldBy;
      return this;
    }

    Role undertaking(String undertaking) {
      this.undertaking = Optional.of(new UndertakingId(undertaking));
      return this;
    }

    private Policy.Role build(Draft draft) {
      return new Policy.Role(
          new RoleId(id),
          draft.fields(collects),
          set(purposes, PurposeId::new),
          sees,
          draft.fields(mayReveal),
          undertaking,
          heldBy);
    }
  }

  static final class Recipient {
    private final String id;
    private final String clause;
    private Sharing.Kind kind = Sharing.Kind.PARTNER;
    private Optional<CompanyId> company = Optional.empty();
    private Sharing.LegalRole actsAs = Sharing.LegalRole.PROCESSOR;
    private Sharing.Case because = Sharing.Case.SERVICE;
    private List<String> destinations = List.of("CN");
    private Set<Sharing.Safeguard> safeguards = Set.of();
    private List<String> purposes = List.of();
    private List<String> fields = List.of();
    private List<String> handedOverBy = List.of();
    private Optional<Sharing.Agreement> agreement = Optional.empty();

    Recipient(String id, String clause) {
      this.id = id;
      this.clause = clause;
    }

    Recipient affiliate(String company) {
      this.kind = Sharing.Kind.AFFILIATE;
      this.company = Optional.of(new CompanyId(company));
      return this;
    }

    Recipient authority() {
      this.kind = Sharing.Kind.AUTHORITY;
      this.actsAs = Sharing.LegalRole.CONTROLLER;
      return this;
    }

    Recipient actsAs(Sharing.LegalRole actsAs) {
      this.actsAs = actsAs;
      return this;
    }

    Recipient because(Sharing.Case because) {
      this.because = because;
      return this;
    }

    Recipient safeguards(Sharing.Safeguard... safeguards) {
      this.safeguards = Set.of(safeguards);
      return this;
    }

    Recipient destinations(String... countries) {
      this.destinations = List.of(countries);
      return this;
    }

    Recipient purposes(String... purposes) {
      this.purposes = List.of(purposes);
      return this;
    }

    Recipient fields(String... fields) {
      this.fields = List.of(fields);
      return this;
    }

    Recipient handedOverBy(String... roles) {
      this.handedOverBy = List.of(roles);
      return this;
    }

    Recipient agreed(LocalDate from, LocalDate until) {
      this.agreement = Optional.of(new Sharing.Agreement("1", from, until));
      return this;
    }

    private Sharing.Recipient build(Draft draft) {
      return new Sharing.Recipient(
          new RecipientId(id),
          new ClauseId(clause),
          kind,
          company,
          actsAs,
          because,
          Set.copyOf(destinations),
          safeguards,
          set(purposes, PurposeId::new),
          draft.fields(fields),
          set(handedOverBy, RoleId::new),
          agreement);
    }
  }

  private record Source(String id, LocalDate from, LocalDate until, List<String> fields) {
    Policy.Source build(Draft draft) {
      return new Policy.Source(new SourceId(id), from, until, draft.fields(fields));
    }
  }

  private record Retention(Period keep, Policy.From from, List<String> of) {
    Policy.Retention build(Draft draft) {
      return new Policy.Retention(draft.fields(of), keep, from, Optional.empty());
    }
  }
}
