package dev.pledge.policy.decision;

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
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.SubjectId;
import dev.pledge.policy.names.UndertakingId;
import dev.pledge.policy.names.View;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/** Policies, questions and people made up by chance, the same again from the same seed. */
final class Invented {
  static final List<String> PURPOSES =
      List.of(
          "authentication",
          "customer-service",
          "verification",
          "security",
          "archive",
          "claims",
          "settings",
          "recommendation",
          "improvement",
          "promotion",
          "partner-promotion",
          "certification",
          "court-order",
          "safety-of-life",
          "guardian-contact",
          "child-protection");
  static final List<String> PRODUCTS = List.of("general", "meeting", "notes");
  static final List<String> FIELDS =
      List.of(
          "identity.name",
          "identity.birth-date",
          "identity.id-number",
          "contact.email",
          "contact.phone",
          "device.id",
          "device.model",
          "device.language",
          "location.position",
          "log.line");
  private static final List<String> CHANNELS = List.of("service", "email", "sms");
  private static final List<String> ROLES =
      List.of(
          "product-backend",
          "support-agent",
          "verifier",
          "analyst",
          "investigator",
          "legal",
          "root");
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
          "contact.emаil", // Cyrillic
          "ｃｏｎｔａｃｔ.ｅｍａｉｌ",
          "\u202Etcatnoc",
          "\uD800",
          "👩‍👩‍👧‍👧",
          "'; drop table subject; --",
          "${jndi:ldap://x}",
          "%s%n",
          "a-".repeat(50_000) + "a",
          "a".repeat(1_000_000));

  private final Random random;

  Invented(long seed) {
    random = new Random(seed);
  }

  boolean chance(int oneIn) {
    return random.nextInt(oneIn) == 0;
  }

  <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  <T extends Enum<T>> T one(Class<T> of) {
    return one(Arrays.asList(of.getEnumConstants()));
  }

  <T> Set<T> some(List<T> of) {
    Set<T> some = new HashSet<>();
    of.forEach(
        each -> {
          if (chance(2)) {
            some.add(each);
          }
        });
    return some;
  }

  <T> List<T> shuffled(List<T> of) {
    List<T> shuffled = new ArrayList<>(of);
    Collections.shuffle(shuffled, random);
    return shuffled;
  }

  // ----------------------------------------------------------------------------------- policies

  /** The policy of the house with some of its terms changed by chance. */
  Draft draft() {
    Draft draft = House.draft();
    for (String purpose : PURPOSES) {
      if (chance(3)) {
        draft.purpose(purpose, this::reword);
      }
    }
    if (chance(3)) {
      draft.unknownAge(Policy.UnknownAge.MINOR);
    }
    if (chance(4)) {
      draft.pooling(Policy.Pooling.NEVER);
    }
    if (chance(3)) {
      draft.role(one(ROLES), r -> r.sees(one(View.class)).undertaking("confidentiality"));
    }
    return draft;
  }

  private void reword(Draft.Purpose purpose) {
    switch (random.nextInt(8)) {
      case 0 -> purpose.basis(one(Policy.Basis.class));
      case 1 -> purpose.control(one(Policy.Control.class));
      case 2 -> purpose.nature(one(Policy.Nature.class));
      case 3 -> purpose.view(one(View.class));
      case 4 -> purpose.uses(some(FIELDS).toArray(String[]::new));
      case 5 -> purpose.channels(some(CHANNELS).toArray(String[]::new));
      case 6 -> purpose.inProducts(some(PRODUCTS).toArray(String[]::new));
      default -> purpose.before(one(Policy.Before.class));
    }
  }

  /** Changes a policy so that it allows less, or at least nothing more. */
  Draft narrowed(Draft draft) {
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      String purpose = one(PURPOSES);
      switch (random.nextInt(7)) {
        case 0 -> draft.withoutPurpose(purpose);
        case 1 -> draft.narrowed(purpose, p -> p.usesOnly(some(FIELDS)));
        case 2 -> draft.narrowed(purpose, p -> p.view(View.DE_IDENTIFIED));
        case 3 ->
            draft.keep(Period.ofDays(1 + random.nextInt(200)), one(Policy.From.class), one(FIELDS));
        case 4 -> draft.pooling(Policy.Pooling.NEVER);
        case 5 -> draft.role(one(ROLES.subList(0, 6)), r -> r.undertaking("confidentiality"));
        default ->
            draft.role(one(ROLES.subList(0, 6)), r -> r.sees(View.DE_IDENTIFIED).mayReveal());
      }
    }
    return draft;
  }

  /** One to three versions; the last came into force three weeks before {@link Person#NOW}. */
  Policies policies() {
    List<Policy> versions = new ArrayList<>();
    versions.add(draft().version("1", LocalDate.of(2020, 4, 23)).build());
    if (chance(2)) {
      versions.add(draft().version("2", LocalDate.of(2026, one(List.of(1, 10)), 25)).build());
    }
    if (chance(2)) {
      versions.add(draft().version("3", LocalDate.of(2026, 11, 1)).build());
    }
    return Policies.of(versions);
  }

  // ---------------------------------------------------------------------------------- questions

  Question question() {
    Act act = chance(40) ? Act.SHARE : chance(3) ? Act.COLLECT : Act.READ;
    return new Question(
        act,
        asker(),
        act == Act.COLLECT ? null : one(PURPOSES),
        one(PRODUCTS),
        shuffled(new ArrayList<>(some(FIELDS))),
        some(List.copyOf(House.LOCATED)),
        act == Act.COLLECT ? one(List.of("person", "product-use", "registry")) : null,
        chance(2) ? one(CHANNELS) : null,
        null,
        one(Question.Justification.class),
        some(FIELDS),
        chance(2)
            ? new Question.ExceptionUse(
                new ActorId("lee"),
                one(Asker.Kind.class),
                Set.of(new RoleId("legal")),
                some(FIELDS))
            : null);
  }

  Question hostile() {
    Question question = question();
    Supplier<String> name = () -> one(HOSTILE);
    return new Question(
        question.act(),
        question.asker(),
        chance(3) ? name.get() : chance(5) ? null : question.purpose(),
        chance(3) ? name.get() : question.product(),
        chance(2) ? question.fields() : List.of(name.get(), "contact.email", name.get()),
        chance(2) ? question.conditions() : Set.of(name.get()),
        chance(3) ? name.get() : question.source(),
        chance(3) ? name.get() : question.channel(),
        chance(3) ? name.get() : null,
        question.justification(),
        chance(3) ? Set.of(name.get()) : question.reveal(),
        chance(3)
            ? new Question.ExceptionUse(
                new ActorId("lee"), Asker.Kind.STAFF, Set.of(), Set.of(name.get()))
            : question.exception());
  }

  /** The question as someone might ask it who is likely to be answered. */
  Question likely(Policies policies) {
    Question question = question();
    var purpose =
        policies.versions().getFirst().declaredPurpose(String.valueOf(question.purpose()));
    boolean channels = purpose != null && !purpose.channels().isEmpty();
    return new Question(
        question.act(),
        House.signed(
            House.asker("kim", one(Asker.Kind.class), some(ROLES).stream().toArray(String[]::new))),
        question.purpose(),
        one(PRODUCTS),
        question.fields(),
        House.LOCATED,
        question.source(),
        channels ? one(List.copyOf(purpose.channels())).value() : null,
        null,
        question.justification(),
        question.reveal(),
        question.exception());
  }

  private Asker asker() {
    return new Asker(
        new ActorId(one(List.of("kim", "lee"))),
        one(Asker.Kind.class),
        Set.copyOf(some(ROLES.stream().map(RoleId::new).toList())),
        Set.copyOf(some(PRODUCTS.stream().map(ProductId::new).toList())),
        chance(4) ? Set.of() : Set.of(new UndertakingId("confidentiality")),
        chance(8) ? one(Asker.Capacity.class) : Asker.Capacity.ROLE,
        one(Asker.Assurance.class),
        chance(8) ? Asker.Reviews.OVERDUE : Asker.Reviews.IN_TIME);
  }

  // -------------------------------------------------------------------------------------- people

  SubjectState state() {
    return new SubjectState(
        new SubjectId(new UUID(random.nextLong(), random.nextLong())),
        random.nextInt(100),
        Person.NOW,
        chance(4) ? one(Status.class) : Status.ACTIVE,
        memberships(),
        chance(8) ? Optional.empty() : Optional.of(version()),
        one(Age.class),
        choices(random.nextInt(40)),
        chance(4) ? Set.copyOf(some(FIELDS.stream().map(FieldId::of).toList())) : Set.of());
  }

  private List<Membership> memberships() {
    List<Membership> memberships = new ArrayList<>();
    for (String product : some(PRODUCTS)) {
      memberships.add(membership(product));
    }
    if (chance(10)) {
      memberships.add(membership(one(PRODUCTS)));
    }
    return memberships;
  }

  private Membership membership(String product) {
    return new Membership(new ProductId(product), chance(4) ? recently() : null);
  }

  Instant recently() {
    return Person.NOW.minusSeconds(random.nextInt(300 * 24 * 3600));
  }

  private PolicyVersion version() {
    return new PolicyVersion("house", one(List.of("1", "1", "2", "3", "0")));
  }

  List<Choice> choices(int n) {
    List<Choice> choices = new ArrayList<>();
    for (int i = 1; i <= n; i++) {
      choices.add(chance(3) ? withdrawal(i) : grant(i));
    }
    return shuffled(choices);
  }

  Choice withdrawal(long order) {
    return choice(
        chance(2) ? null : one(PRODUCTS),
        chance(2) ? null : one(CHANNELS),
        one(Coverage.class),
        Answer.WITHDRAWN,
        order);
  }

  Choice grant(long order) {
    return choice(
        one(PRODUCTS),
        chance(2) ? null : one(CHANNELS),
        one(Coverage.class),
        Answer.GRANTED,
        order);
  }

  private Choice choice(
      String product, String channel, Coverage coverage, Answer answer, long order) {
    return new Choice(
        chance(8) ? CompiledPolicy.POOLING : one(PURPOSES),
        product == null ? null : new ProductId(product),
        channel == null ? null : new ChannelId(channel),
        coverage,
        answer,
        one(By.class),
        version(),
        order,
        new UUID(order, random.nextLong()));
  }
}
