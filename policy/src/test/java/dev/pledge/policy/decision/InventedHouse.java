package dev.pledge.policy.decision;

import dev.pledge.policy.decision.Asker.Capacity;
import dev.pledge.policy.decision.Asker.Kind;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Policy.Role;
import dev.pledge.policy.decision.Question.HandOver;
import dev.pledge.policy.decision.Sharing.Recipient;
import dev.pledge.policy.decision.SubjectState.Age;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Choice;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.decision.SubjectState.Membership;
import dev.pledge.policy.decision.SubjectState.Status;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.ChannelId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.PurposeId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.SubjectId;
import dev.pledge.policy.names.UndertakingId;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The versions of an {@linkplain InventedPolicies invented} policy with what is asked under them
 * and about whom. Most of it is about one product at a time, so that what is asked and what people
 * have said meet often enough.
 */
final class InventedHouse {
  private static final List<String> CHANNELS = List.of("service", "email", "sms", "letter", "push");

  private static final List<String> HOSTILE =
      List.of(
          "",
          " ",
          "null",
          "NULL",
          "undefined",
          "\0",
          "-",
          ".",
          "..",
          "contact.",
          ".email",
          "contact.email.",
          "Contact.Email",
          "contact.em\u0430il", // Cyrillic
          "\uFF43\uFF4F\uFF4E\uFF54\uFF41\uFF43\uFF54.\uFF45\uFF4D\uFF41\uFF49\uFF4C",
          "\u202Etcatnoc",
          "\uD800",
          "\uD83D\uDC69\u200D\uD83D\uDC69\u200D\uD83D\uDC67",
          "'; drop table subject; --",
          "${jndi:ldap://x}",
          "%s%n",
          "a-".repeat(50_000) + "a",
          "a".repeat(1_000_000));

  private final long seed;
  private final List<Policy> versions;
  private final Policies policies;
  private final Chance chance;
  private final Map<String, Purpose> purposes = new TreeMap<>();
  private final Set<FieldId> fields = new LinkedHashSet<>();
  private final Policy inForce;

  /** What counts for the product that most is about. */
  private Policy policy;

  private String product;

  InventedHouse(long seed) {
    this.seed = seed;
    this.versions = InventedPolicies.versions(seed);
    this.policies = Policies.of(versions);
    this.chance = new Chance(~seed);
    this.inForce = policies.inForce(Person.NOW).orElseThrow().source();
    for (Policy version : versions) {
      version.layers().forEach(this::learnPurposes);
      version
          .categories()
          .forEach(category -> category.fields().forEach(field -> fields.add(field.id())));
    }
    turnToAProduct();
  }

  private void learnPurposes(Policy terms) {
    terms.purposes().forEach(purpose -> purposes.put(purpose.id().value(), purpose));
  }

  long seed() {
    return seed;
  }

  List<Policy> versions() {
    return versions;
  }

  Policies policies() {
    return policies;
  }

  /** The version in force at {@link Person#NOW}. */
  Policy inForce() {
    return inForce;
  }

  /** Every field that some version declares. */
  Set<FieldId> fields() {
    return fields;
  }

  Chance chance() {
    return chance;
  }

  /** What follows is mostly about another product. */
  void turnToAProduct() {
    product = chance.one(InventedPolicies.PRODUCTS);
    policy = inForce.forProduct(new ProductId(product));
    learnPurposes(policy);
  }

  // ---------------------------------------------------------------------------------- questions

  Question question() {
    if (chance.percent(28)) {
      return collection();
    }
    if (chance.percent(30)) {
      return handOver();
    }
    Purpose purpose = chance.one(policy.purposes());
    if (chance.percent(5)) {
      purpose = chance.one(List.copyOf(purposes.values()));
    }
    boolean right = chance.percent(10);
    return new Question(
        Act.READ,
        right ? inOwnRight() : asker(purpose),
        right && chance.percent(70) ? null : chance.percent(1) ? "profiling" : purpose.id().value(),
        productAsked(),
        asked(strings(purpose.uses())),
        Set.of(),
        null,
        channel(purpose),
        null,
        chance.one(Question.Justification.class),
        strings(chance.some(40, purpose.uses())),
        exception(purpose));
  }

  /** Something handed to somebody, most often to whom and for what it may be. */
  private Question handOver() {
    List<Recipient> recipients = policy.sharing().recipients();
    Purpose purpose = chance.one(policy.purposes());
    List<Role> handing = policy.roles();
    Set<String> likely = strings(purpose.uses());
    HandOver handOver = new HandOver("nobody", null);
    if (!recipients.isEmpty()) {
      Recipient recipient = chance.one(recipients);
      if (chance.percent(93)) {
        purpose = purposes.get(chance.one(recipient.purposes()).value());
      }
      Set<FieldId> shared = new LinkedHashSet<>(recipient.fields());
      shared.retainAll(purpose.uses());
      likely = strings(shared);
      PurposeId served = purpose.id();
      handing =
          policy.roles().stream()
              .filter(role -> role.purposes().contains(served))
              .filter(role -> recipient.handedOverBy().contains(role.id()) || chance.percent(10))
              .toList();
      handOver =
          new HandOver(
              chance.percent(98) ? recipient.id().value() : chance.one(InventedPolicies.RECIPIENTS),
              destination(recipient));
    }
    return new Question(
        Act.SHARE,
        chance.percent(4) ? inOwnRight() : asker(handing),
        purpose.id().value(),
        productAsked(),
        asked(likely),
        Set.of(),
        null,
        channel(purpose),
        handOver,
        chance.one(Question.Justification.class),
        strings(chance.some(40, purpose.uses())),
        exception(purpose));
  }

  private String destination(Recipient recipient) {
    boolean one = recipient.destinations().size() == 1;
    if (chance.percent(one ? 50 : 3)) {
      return null;
    }
    return chance.percent(96) ? chance.one(recipient.destinations()) : chance.one("US", "DE", "cn");
  }

  private Question collection() {
    List<Role> collecting =
        policy.roles().stream().filter(role -> !role.collects().isEmpty()).toList();
    Set<FieldId> collected = collecting.isEmpty() ? Set.of() : chance.one(collecting).collects();
    return new Question(
        Act.COLLECT,
        asker(collecting),
        null,
        productAsked(),
        asked(strings(collected)),
        chance.some(92, InventedPolicies.CONDITIONS),
        chance.percent(1)
            ? "nobody"
            : chance.one("person", "person", "person", "product-use", "product-use", "registry"),
        null,
        null,
        Question.Justification.NONE,
        Set.of(),
        null);
  }

  /** A question whose names may be anything. */
  Question hostile() {
    Question question = question();
    return new Question(
        question.act(),
        question.asker(),
        chance.percent(33) ? hostileName() : chance.percent(20) ? null : question.purpose(),
        chance.percent(33) ? hostileName() : question.product(),
        chance.percent(50)
            ? question.fields()
            : List.of(hostileName(), "contact.email", hostileName()),
        chance.percent(50) ? question.conditions() : Set.of(hostileName()),
        chance.percent(33) ? hostileName() : question.source(),
        chance.percent(33) ? hostileName() : question.channel(),
        chance.percent(33)
            ? new HandOver(hostileName(), chance.percent(50) ? hostileName() : null)
            : question.handOver(),
        question.justification(),
        chance.percent(33) ? Set.of(hostileName()) : question.reveal(),
        chance.percent(33)
            ? new Question.ExceptionUse(
                new ActorId("lee"), Kind.STAFF, Set.of(), Set.of(hostileName()))
            : question.exception());
  }

  private String hostileName() {
    return chance.one(HOSTILE);
  }

  private String productAsked() {
    if (chance.percent(1)) {
      return "chess";
    }
    return chance.percent(95) ? product : chance.one(InventedPolicies.PRODUCTS);
  }

  /** Most of what is likely, some of the rest, and now and then a field nobody declared. */
  private List<String> asked(Set<String> likely) {
    Set<String> asked = new LinkedHashSet<>(chance.some(60, likely));
    asked.addAll(chance.some(7, strings(fields)));
    if (chance.percent(3)) {
      asked.add("identity.shoe-size");
    }
    if (asked.isEmpty()) {
      asked.add(chance.one(List.copyOf(fields)).toString());
    }
    List<String> few = chance.shuffled(asked);
    return few.subList(0, Math.min(few.size(), 7));
  }

  private static Set<String> strings(Set<FieldId> ids) {
    Set<String> names = new LinkedHashSet<>();
    ids.stream().sorted().forEach(id -> names.add(id.toString()));
    return names;
  }

  private String channel(Purpose purpose) {
    if (chance.percent(2)) {
      return chance.one(CHANNELS);
    }
    List<ChannelId> channels = purpose.channels().stream().sorted().toList();
    return channels.isEmpty() ? null : chance.one(channels).value();
  }

  private Question.ExceptionUse exception(Purpose purpose) {
    if (purpose.exception().isEmpty() && chance.percent(90)) {
      return null;
    }
    return chance.percent(8)
        ? null
        : new Question.ExceptionUse(
            new ActorId(chance.percent(95) ? "lee" : "kim"),
            chance.percent(95) ? Kind.STAFF : Kind.SERVICE,
            chance.percent(95) ? Set.of(new RoleId("legal")) : Set.of(),
            chance.some(70, strings(purpose.uses())));
  }

  private Asker asker(Purpose purpose) {
    return asker(
        policy.roles().stream().filter(role -> role.purposes().contains(purpose.id())).toList());
  }

  /** Somebody likely to hold one of the roles with all it asks for. */
  private Asker asker(List<Role> needing) {
    Set<RoleId> roles = new HashSet<>();
    if (!needing.isEmpty() && chance.percent(98)) {
      roles.add(chance.one(needing).id());
    }
    if (chance.percent(20)) {
      roles.add(chance.one(policy.roles()).id());
    }
    boolean program = roles.contains(new RoleId("backend"));
    return new Asker(
        new ActorId("kim"),
        program && chance.percent(95) ? Kind.SERVICE : chance.one(Kind.class),
        roles,
        products(97),
        undertakings(chance.percent(95) ? 100 : 40),
        Capacity.ROLE,
        chance.one(Asker.Assurance.class),
        chance.percent(5) ? Asker.Reviews.OVERDUE : Asker.Reviews.IN_TIME);
  }

  private Asker inOwnRight() {
    return new Asker(
        new ActorId("session"),
        Kind.SERVICE,
        Set.of(),
        products(97),
        Set.of(),
        chance.one(
            Capacity.SUBJECT, Capacity.SUBJECT, Capacity.GUARDIAN, Capacity.AGENT, Capacity.HEIR),
        chance.one(Asker.Assurance.class),
        Asker.Reviews.IN_TIME);
  }

  private Set<ProductId> products(int times) {
    Set<ProductId> products = new HashSet<>();
    chance
        .some(times, InventedPolicies.PRODUCTS)
        .forEach(name -> products.add(new ProductId(name)));
    return products;
  }

  private Set<UndertakingId> undertakings(int times) {
    Set<UndertakingId> signed = new HashSet<>();
    chance
        .some(times, InventedPolicies.UNDERTAKINGS)
        .forEach(name -> signed.add(new UndertakingId(name)));
    return signed;
  }

  // --------------------------------------------------------------------------------------- people

  SubjectState state() {
    Age age = chance.percent(60) ? Age.ADULT : chance.one(Age.class);
    Instant now = chance.percent(80) ? Person.NOW : aroundAVersion();
    return new SubjectState(
        new SubjectId(new UUID(7, chance.seed())),
        chance.below(100),
        now,
        chance.percent(88) ? Status.ACTIVE : chance.one(Status.class),
        memberships(now),
        chance.percent(8)
            ? Optional.empty()
            : Optional.of(chance.percent(60) ? policy.version() : version()),
        age,
        choices(age),
        chance.some(7, fields));
  }

  /** The first moment of a version or of its end of grace, or the last before one. */
  private Instant aroundAVersion() {
    CompiledPolicy version = chance.one(policies.versions());
    Instant at = chance.one(version.effectiveAt(), version.graceEndsAt());
    return chance.percent(50) ? at : at.minusNanos(1);
  }

  private PolicyVersion version() {
    return chance.percent(3) ? new PolicyVersion("invented", "0") : chance.one(versions).version();
  }

  private List<Membership> memberships(Instant now) {
    List<Membership> memberships = new ArrayList<>();
    for (String each : InventedPolicies.PRODUCTS) {
      boolean likely = each.equals(product);
      if (chance.percent(likely ? 93 : 55)) {
        memberships.add(membership(each, likely ? 6 : 15, now));
      }
    }
    if (chance.percent(3)) {
      memberships.add(membership(chance.one(InventedPolicies.PRODUCTS), 50, now));
    }
    return memberships;
  }

  private Membership membership(String of, int closed, Instant now) {
    return new Membership(
        new ProductId(of),
        chance.percent(closed) ? before(now) : null,
        LocalDate.ofInstant(chance.percent(70) ? now : before(now), ZoneOffset.UTC));
  }

  /** A product that may have collected a value which the question is about. */
  String collectorOf(Question question) {
    return chance.percent(60) ? question.product() : chance.one(InventedPolicies.PRODUCTS);
  }

  /** A time within the last year and a half. */
  Instant before(Instant now) {
    return now.minus(Duration.ofHours(chance.below(chance.percent(50) ? 700 : 13_000)));
  }

  private List<Choice> choices(Age age) {
    List<Choice> choices = new ArrayList<>();
    int willing = chance.one(40, 90, 100);
    for (Purpose purpose : purposes.values()) {
      for (By by : age == Age.ADULT ? List.of(By.SELF) : List.of(By.SELF, By.GUARDIAN)) {
        if (chance.percent(willing)) {
          grants(purpose, chance.percent(4) ? By.CHILD : by, choices);
        }
      }
    }
    for (String other : chance.some(55, InventedPolicies.PRODUCTS)) {
      By by = age == Age.ADULT ? By.SELF : chance.one(By.SELF, By.GUARDIAN);
      choices.add(grant(CompiledPolicy.POOLING, other, null, Coverage.ORDINARY, by, choices));
    }
    int withdrawals = chance.one(0, 0, 1, 3);
    for (int i = 0; i < withdrawals; i++) {
      choices.add(withdrawal(1 + chance.below(choices.size() + 1)));
    }
    return chance.shuffled(choices);
  }

  private void grants(Purpose purpose, By by, List<Choice> choices) {
    List<ChannelId> channels = purpose.channels().stream().sorted().toList();
    ChannelId channel = channels.isEmpty() || chance.percent(5) ? null : chance.one(channels);
    for (Coverage coverage : List.of(Coverage.ORDINARY, Coverage.SENSITIVE)) {
      if (chance.percent(coverage == Coverage.ORDINARY ? 95 : 60)) {
        choices.add(grant(purpose.id().value(), product, channel, coverage, by, choices));
      }
    }
  }

  private Choice grant(
      String purpose, String of, ChannelId channel, Coverage coverage, By by, List<Choice> before) {
    return choice(
        purpose, new ProductId(of), channel, coverage, Answer.GRANTED, by, before.size() + 1L);
  }

  /** A grant of anything, with that order. */
  Choice grant(long order) {
    Purpose purpose = chance.one(List.copyOf(purposes.values()));
    return choice(
        chance.percent(12) ? CompiledPolicy.POOLING : purpose.id().value(),
        new ProductId(chance.one(InventedPolicies.PRODUCTS)),
        purpose.channels().isEmpty() ? null : chance.one(purpose.channels()),
        chance.one(Coverage.ORDINARY, Coverage.SENSITIVE),
        Answer.GRANTED,
        chance.one(By.class),
        order);
  }

  /** A withdrawal of anything, with that order. */
  Choice withdrawal(long order) {
    return choice(
        chance.percent(12) ? CompiledPolicy.POOLING : chance.one(List.copyOf(purposes.keySet())),
        chance.percent(50) ? null : new ProductId(chance.one(InventedPolicies.PRODUCTS)),
        chance.percent(60) ? null : new ChannelId(chance.one(CHANNELS)),
        chance.one(Coverage.class),
        Answer.WITHDRAWN,
        chance.one(By.SELF, By.GUARDIAN),
        order);
  }

  private Choice choice(
      String purpose,
      ProductId of,
      ChannelId channel,
      Coverage coverage,
      Answer answer,
      By by,
      long order) {
    return new Choice(
        purpose,
        of,
        channel,
        coverage,
        answer,
        by,
        chance.percent(70) ? policy.version() : version(),
        before(Person.NOW),
        order,
        new UUID(order, chance.seed()));
  }
}
