package dev.pledge.engine.gate;

import dev.pledge.log.Caller;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Question;
import dev.pledge.policy.decision.Question.ExceptionUse;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.UndertakingId;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Who asked, in the words of the log. */
final class LoggedCaller {
  /** The assurance that the caller said why. */
  static final String JUSTIFIED = "justified";

  /** The assurance that the person behind the request was verified anew. */
  static final String STEP_UP = "step-up";

  /** That an earlier emergency use of the caller's was not reviewed in time. */
  static final String REVIEWS_OVERDUE = "reviews-overdue";

  private LoggedCaller() {}

  /** Who asked: an actor by id, a person acting for themselves or another by capacity only. */
  static Caller of(
      dev.pledge.engine.actor.Caller caller, Question question, CompiledPolicy policy) {
    Asker asker = question.asker();
    Optional<ExceptionUse> approved = Optional.ofNullable(question.exception());
    boolean named = asker.capacity() == Asker.Capacity.ROLE;
    return new Caller(
        named ? Logbook.word(caller.kind()) : type(asker.capacity()),
        named ? Optional.of(caller.id().value()) : Optional.empty(),
        named ? roles(asker.roles(), policy.counted(question)) : List.of(),
        named ? texts(asker.undertakings(), UndertakingId::value) : Set.of(),
        assurances(question),
        approved.map(use -> use.approver().value()),
        approved.map(use -> texts(use.approverRoles(), RoleId::value)).orElse(Set.of()),
        named ? texts(asker.products(), ProductId::value) : Set.of());
  }

  /**
   * The same where nobody is found: the actor by id in any capacity, since there is no detail under
   * a person's key to say it, and no person whose entries it could tie together.
   */
  static Caller ofNobody(
      dev.pledge.engine.actor.Caller caller, Question question, CompiledPolicy policy) {
    return question.asker().capacity() == Asker.Capacity.ROLE
        ? of(caller, question, policy)
        : of(caller);
  }

  private static Set<String> assurances(Question question) {
    Set<String> assurances = new HashSet<>();
    if (question.justification() == Question.Justification.GIVEN) {
      assurances.add(JUSTIFIED);
    }
    if (question.asker().assurance() == Asker.Assurance.STEPPED_UP) {
      assurances.add(STEP_UP);
    }
    if (question.asker().reviews() == Asker.Reviews.OVERDUE) {
      assurances.add(REVIEWS_OVERDUE);
    }
    return assurances;
  }

  private static List<Caller.Role> roles(Set<RoleId> held, Set<RoleId> counted) {
    return held.stream()
        .map(
            role ->
                new Caller.Role(
                    role.value(),
                    counted.contains(role) ? Caller.Weight.COUNTED : Caller.Weight.HELD))
        .toList();
  }

  private static <T> Set<String> texts(Set<T> things, Function<T, String> text) {
    return things.stream().map(text).collect(Collectors.toSet());
  }

  /** An actor outside a question. */
  static Caller of(dev.pledge.engine.actor.Caller caller) {
    return caller.logged();
  }

  /** Who approves or reviews, and which of their roles counts for it. */
  static Caller of(Asker overseer, Set<RoleId> counted) {
    return new Caller(
        Logbook.word(overseer.kind()),
        Optional.of(overseer.id().value()),
        roles(overseer.roles(), counted),
        texts(overseer.undertakings(), UndertakingId::value),
        Set.of(),
        Optional.empty(),
        Set.of(),
        texts(overseer.products(), ProductId::value));
  }

  private static String type(Asker.Capacity capacity) {
    return switch (capacity) {
      case SUBJECT -> Caller.SELF;
      case GUARDIAN -> Caller.GUARDIAN;
      case AGENT -> Caller.AGENT;
      case HEIR -> Caller.HEIR;
      case ROLE -> Caller.SERVICE;
    };
  }
}
