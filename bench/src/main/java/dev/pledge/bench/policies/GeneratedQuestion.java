package dev.pledge.bench.policies;

import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.Question;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.decision.SubjectState.Age;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Choice;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.decision.SubjectState.Membership;
import dev.pledge.policy.decision.SubjectState.Status;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.SubjectId;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a generated policy while it is timed: a service that holds two roles reads all
 * fields of the purpose in the middle, about a person with five choices, who agreed to it and to
 * nothing sensitive. Of twenty fields eighteen open.
 */
public record GeneratedQuestion(Question question, SubjectState state) {
  /** The day of every question. */
  public static final LocalDate TODAY = LocalDate.of(2026, 6, 1);

  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
  private static final ProductId PRODUCT = GeneratedPolicy.PRODUCTS.getFirst();
  private static final int CHOICES = 5;

  /** The question to the policy of that many fields. */
  public static GeneratedQuestion of(int fields) {
    int purpose = GeneratedPolicy.purposes(fields) / 2;
    List<Choice> choices = new ArrayList<>();
    for (int i = CHOICES - 1; i >= 0; i--) {
      String name = GeneratedPolicy.purpose(purpose + i);
      choices.add(choice(name, PRODUCT, Coverage.ORDINARY, Answer.GRANTED, CHOICES - i));
    }
    return new GeneratedQuestion(
        read(
            Set.of(new RoleId("role-0"), new RoleId("role-1")),
            Set.of(PRODUCT),
            GeneratedPolicy.purpose(purpose),
            PRODUCT,
            GeneratedPolicy.uses(purpose, fields)),
        adult(List.of(new Membership(PRODUCT, null, TODAY)), choices));
  }

  /** A service that holds the roles, working for {@code worksFor}, reads. */
  public static Question read(
      Set<RoleId> roles,
      Set<ProductId> worksFor,
      String purpose,
      ProductId product,
      List<FieldId> fields) {
    Asker asker =
        new Asker(
            new ActorId("backend"),
            Asker.Kind.SERVICE,
            roles,
            worksFor,
            Set.of(),
            Asker.Capacity.ROLE,
            Asker.Assurance.SIGNED_IN,
            Asker.Reviews.IN_TIME);
    return Question.read(
        asker, purpose, product.value(), fields.stream().map(FieldId::toString).toList());
  }

  /** An adult who accepted the policy. */
  public static SubjectState adult(List<Membership> memberships, List<Choice> choices) {
    return new SubjectState(
        new SubjectId(new UUID(0x7000, Long.MIN_VALUE)),
        7,
        NOW,
        Status.ACTIVE,
        memberships,
        Optional.of(GeneratedPolicy.VERSION),
        Age.ADULT,
        choices,
        Set.of());
  }

  /** What the person answered under the policy. */
  public static Choice choice(
      String purpose, @Nullable ProductId product, Coverage coverage, Answer answer, long order) {
    return new Choice(
        purpose,
        product,
        null,
        coverage,
        answer,
        By.SELF,
        GeneratedPolicy.VERSION,
        NOW,
        order,
        new UUID(1, order));
  }
}
