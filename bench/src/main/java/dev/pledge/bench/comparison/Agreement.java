package dev.pledge.bench.comparison;

import dev.pledge.bench.policies.GeneratedPolicy;
import dev.pledge.bench.policies.GeneratedQuestion;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.Choice;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.decision.SubjectState.Membership;
import dev.pledge.policy.names.CategoryId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.RoleId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Whether engines open the same fields, found out with invented questions to one generated policy:
 * by askers of any roles and products, for declared purposes and others, about people who use
 * products or left them and changed their minds. The same seed asks the same.
 */
final class Agreement {
  private static final Instant CLOSED = Instant.parse("2026-05-31T00:00:00Z");
  private static final ProductId UNKNOWN_PRODUCT = new ProductId("mill");
  private static final FieldId UNKNOWN_FIELD =
      new FieldId(new CategoryId("category-0"), "undeclared");
  private static final int MOST_ASKED = 20;

  private final List<FieldId> ids;
  private final int purposes;
  private final Random random;

  private Agreement(int fields, long seed) {
    this.ids = GeneratedPolicy.ids(fields);
    this.purposes = GeneratedPolicy.purposes(fields);
    this.random = new Random(seed);
  }

  /**
   * Asks all of them {@code questions} questions to the policy of that many fields, and hands on
   * each question.
   *
   * @throws IllegalStateException if two of them differ
   */
  static void check(
      List<Engine> engines,
      int fields,
      int questions,
      long seed,
      Consumer<GeneratedQuestion> asked) {
    Agreement agreement = new Agreement(fields, seed);
    for (int i = 0; i < questions; i++) {
      GeneratedQuestion next = agreement.next();
      check(engines, next);
      asked.accept(next);
    }
  }

  /** Asks all of them one question. */
  static void check(List<Engine> engines, GeneratedQuestion asked) {
    boolean[] first = opens(engines.getFirst(), asked);
    for (Engine engine : engines) {
      boolean[] opens = opens(engine, asked);
      if (!Arrays.equals(first, opens)) {
        throw new IllegalStateException(
            String.join(
                "\n",
                "two engines disagree, and may not be compared",
                engines.getFirst().name() + ": " + Arrays.toString(first),
                engine.name() + ": " + Arrays.toString(opens),
                asked.toString()));
      }
    }
  }

  private static boolean[] opens(Engine engine, GeneratedQuestion asked) {
    return engine.prepare(asked.question(), asked.state()).opens();
  }

  private GeneratedQuestion next() {
    int purpose = random.nextInt(purposes);
    String named = random.nextInt(20) == 0 ? "undeclared" : GeneratedPolicy.purpose(purpose);
    return new GeneratedQuestion(
        GeneratedQuestion.read(
            roles(), someOf(GeneratedPolicy.PRODUCTS), named, product(), fields(purpose)),
        GeneratedQuestion.adult(memberships(), choices(purpose)));
  }

  /** Any roles, one of which the policy may not declare. */
  private Set<RoleId> roles() {
    Set<RoleId> roles = new HashSet<>();
    for (int i = 0; i <= GeneratedPolicy.ROLES; i++) {
      if (random.nextInt(3) == 0) {
        roles.add(new RoleId("role-" + i));
      }
    }
    return roles;
  }

  private Set<ProductId> someOf(List<ProductId> products) {
    Set<ProductId> some = new HashSet<>(products);
    some.removeIf(_ -> random.nextInt(6) == 0);
    return some;
  }

  private ProductId product() {
    return random.nextInt(20) == 0 ? UNKNOWN_PRODUCT : declaredProduct();
  }

  private ProductId declaredProduct() {
    return GeneratedPolicy.PRODUCTS.get(random.nextInt(GeneratedPolicy.PRODUCTS.size()));
  }

  /** Mostly what the purpose uses, and some of everything. */
  private List<FieldId> fields(int purpose) {
    Set<FieldId> fields = new HashSet<>(GeneratedPolicy.uses(purpose, ids.size()));
    fields.removeIf(_ -> random.nextInt(4) == 0);
    for (int i = 0; i < 3; i++) {
      fields.add(ids.get(random.nextInt(ids.size())));
    }
    if (random.nextInt(3) == 0) {
      fields.add(UNKNOWN_FIELD);
    }
    List<FieldId> asked = new ArrayList<>(fields);
    Collections.sort(asked);
    Collections.shuffle(asked, random);
    return asked.subList(0, Math.min(MOST_ASKED, asked.size()));
  }

  private List<Membership> memberships() {
    List<Membership> memberships = new ArrayList<>();
    for (ProductId product : GeneratedPolicy.PRODUCTS) {
      switch (random.nextInt(10)) {
        case 0 -> {}
        case 1 -> memberships.add(new Membership(product, CLOSED, GeneratedQuestion.TODAY));
        default -> memberships.add(new Membership(product, null, GeneratedQuestion.TODAY));
      }
    }
    return memberships;
  }

  /** Answers to the purpose asked for and to the next one, in any order. */
  private List<Choice> choices(int purpose) {
    List<Choice> choices = new ArrayList<>();
    int answers = random.nextInt(8);
    for (int order = 1; order <= answers; order++) {
      String of = GeneratedPolicy.purpose(purpose + (random.nextInt(4) == 0 ? 1 : 0));
      choices.add(random.nextInt(4) == 0 ? withdrawal(of, order) : grant(of, order));
    }
    Collections.shuffle(choices, random);
    return choices;
  }

  private Choice grant(String purpose, int order) {
    Coverage coverage = random.nextInt(3) == 0 ? Coverage.SENSITIVE : Coverage.ORDINARY;
    return GeneratedQuestion.choice(purpose, declaredProduct(), coverage, Answer.GRANTED, order);
  }

  /** Of one product or of all, and of one kind of data or of both. */
  private Choice withdrawal(String purpose, int order) {
    Coverage coverage = Coverage.values()[random.nextInt(Coverage.values().length)];
    ProductId product = random.nextInt(3) == 0 ? null : declaredProduct();
    return GeneratedQuestion.choice(purpose, product, coverage, Answer.WITHDRAWN, order);
  }
}
