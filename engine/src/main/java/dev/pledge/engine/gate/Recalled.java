package dev.pledge.engine.gate;

import dev.pledge.log.Caller;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.log.Standing;
import dev.pledge.log.Verdict;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.Decision;
import dev.pledge.policy.decision.Question;
import dev.pledge.policy.decision.Question.ExceptionUse;
import dev.pledge.policy.decision.Question.HandOver;
import dev.pledge.policy.decision.Reason;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.decision.SubjectState.Choice;
import dev.pledge.policy.decision.SubjectState.Membership;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.SubjectId;
import dev.pledge.policy.names.UndertakingId;
import dev.pledge.policy.names.View;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A decision as its entry holds it: what {@link Logbook} and {@link LoggedCaller} wrote, read back.
 * Who asked is given as roles and kind; the actor's id decides nothing but whether somebody
 * approved for themselves, and is left out.
 *
 * @param policy the version that decided
 * @param question with the fields the policy knew, in the order of the entry
 * @param recorded what the entry says of each of them
 * @param guardian whether a guardian's grant was relied on
 */
record Recalled(
    PolicyVersion policy,
    Question question,
    SubjectState.Status status,
    SubjectState.Age age,
    Optional<PolicyVersion> accepted,
    boolean closed,
    boolean overdue,
    boolean guardian,
    Map<String, Recorded> recorded) {

  private static final Set<Kind> DECISIONS =
      Set.of(Kind.READ, Kind.SHARE, Kind.COLLECT, Kind.CORRECT);

  private static final ActorId SOMEBODY = new ActorId("somebody");
  private static final ActorId ANOTHER = new ActorId("another");
  private static final SubjectId PERSON = new SubjectId(new UUID(0, 0));

  Recalled {
    recorded = Map.copyOf(recorded);
  }

  /**
   * What an entry says of a field.
   *
   * @param said what came of it
   * @param byValues whether it was not the field that was refused but each of its values, so that
   *     what the field by itself got is not said
   */
  record Recorded(Said said, boolean byValues) {
    boolean isOf(Said decided) {
      return byValues ? decided.why().isEmpty() : said.equals(decided);
    }
  }

  /**
   * What came of a field.
   *
   * @param word how clearly it was seen, or for which purpose it was stored, or `withheld`
   * @param why the rule, reason and clause of a refusal
   */
  record Said(String word, Optional<dev.pledge.log.Reason> why) {
    static final String WITHHELD = "withheld";

    static Said withheld(dev.pledge.log.Reason why) {
      return new Said(WITHHELD, Optional.of(why));
    }

    private static Said stored(Optional<String> purpose) {
      return new Said(purpose.map(of -> "stored for " + of).orElse("stored"), Optional.empty());
    }

    /** What a decision says of its field at that place. */
    static Said of(Decision decision, int i) {
      Reason reason = decision.reason(i);
      View view = decision.view(i);
      if (reason != null || view == null) {
        Reason why = reason == null ? Reason.NOT_LISTED : reason;
        return withheld(Logbook.reason(why, decision.clause(i, why)));
      }
      return Logbook.collects(decision.question())
          ? stored(Optional.ofNullable(decision.purpose(i)).map(Object::toString))
          : new Said(view.word(), Optional.empty());
    }

    private static Said of(Verdict.Granted granted) {
      return granted.view().isPresent()
          ? new Said(granted.view().get(), Optional.empty())
          : stored(granted.purpose());
    }
  }

  /** Whether the entry is of a decision on somebody's fields by the policy. */
  static boolean isDecision(Facts facts) {
    return DECISIONS.contains(facts.kind())
        && facts.reason().filter(why -> why.rule().equals(Logbook.SCOPE)).isEmpty();
  }

  /** Why the decision of the entry cannot be made again from what it holds, if so. */
  static Optional<Obstacle> obstacle(Facts facts) {
    if (facts.verdicts().isEmpty()) {
      Optional<String> rule = facts.reason().map(dev.pledge.log.Reason::rule);
      if (rule.filter(Logbook.VALUE::equals).isPresent()) {
        return Optional.of(Obstacle.VALUES);
      }
      return Optional.of(isOf(facts, Reason.ERASED) ? Obstacle.NOBODY : Obstacle.UNKNOWN_NAMES);
    }
    return lacksItsNames(facts) ? Optional.of(Obstacle.UNKNOWN_NAMES) : Optional.empty();
  }

  private static boolean isOf(Facts facts, Reason reason) {
    return facts
        .reason()
        .flatMap(dev.pledge.log.Reason::reason)
        .filter(reason.code()::equals)
        .isPresent();
  }

  /** A name that the policy did not know is in no entry; without it the question is another. */
  private static boolean lacksItsNames(Facts facts) {
    boolean inRole = capacity(facts.caller().type()) == Asker.Capacity.ROLE;
    boolean lacking =
        facts.product().isEmpty()
            || isOf(facts, Reason.UNKNOWN_PURPOSE)
            || (isOf(facts, Reason.UNKNOWN_CHANNEL)
                && facts.channel().isEmpty()
                && facts.unknownNames() > 0);
    if (facts.kind().equals(Kind.COLLECT) || facts.kind().equals(Kind.CORRECT)) {
      return lacking || facts.source().isEmpty();
    }
    return lacking
        || (inRole && facts.purpose().isEmpty())
        || (facts.kind().equals(Kind.SHARE) && facts.recipient().isEmpty());
  }

  /**
   * Reads an entry that has no {@link #obstacle}.
   *
   * @throws IllegalArgumentException if it was written by something else than this gate
   */
  static Recalled of(Facts facts) {
    Standing standing = facts.standing();
    return new Recalled(
        PolicyVersion.of(required(facts.policy())),
        question(facts),
        constant(SubjectState.Status.class, required(standing.status())),
        constant(SubjectState.Age.class, required(standing.age())),
        standing.accepted().map(PolicyVersion::of),
        standing.facts().contains(Logbook.CLOSED) || isOf(facts, Reason.ACCOUNT_CLOSED),
        facts.caller().assurances().contains(LoggedCaller.REVIEWS_OVERDUE),
        standing.facts().contains(Logbook.GUARDIAN_CONSENT),
        recorded(facts.verdicts()));
  }

  private static String required(Optional<String> part) {
    return part.orElseThrow(
        () -> new IllegalArgumentException("an entry lacks a part it should have"));
  }

  private static <E extends Enum<E>> E constant(Class<E> of, String word) {
    return Enum.valueOf(of, word.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  private static Question question(Facts facts) {
    List<String> fields = facts.verdicts().stream().map(Verdict::field).distinct().toList();
    Asker asker = asker(facts.caller());
    String product = required(facts.product());
    if (facts.source().isPresent()) {
      return Question.collect(asker, product, facts.source().get(), facts.conditions(), fields);
    }
    Question question = Question.read(asker, orNull(facts.purpose()), product, fields);
    if (facts.channel().isPresent()) {
      question = question.over(facts.channel().get());
    }
    if (facts.exception().isPresent() && facts.caller().approver().isPresent()) {
      question = question.under(exception(facts));
    }
    if (facts.caller().assurances().contains(LoggedCaller.JUSTIFIED)) {
      question = question.justified(asked(facts, Verdict.Asked.IN_CLEAR));
    }
    return facts.recipient().isEmpty()
        ? question
        : question.handingOver(new HandOver(facts.recipient().get(), orNull(facts.destination())));
  }

  private static @Nullable String orNull(Optional<String> text) {
    return text.isPresent() ? text.get() : null;
  }

  private static ExceptionUse exception(Facts facts) {
    Caller caller = facts.caller();
    boolean forThemselves = caller.approver().equals(caller.id());
    return new ExceptionUse(
        forThemselves ? SOMEBODY : ANOTHER,
        Asker.Kind.STAFF,
        named(caller.approverRoles(), RoleId::new),
        asked(facts, Verdict.Asked.BY_REFERENCE));
  }

  private static Set<String> asked(Facts facts, Verdict.Asked how) {
    return facts.verdicts().stream()
        .filter(verdict -> verdict.asked().contains(how))
        .map(Verdict::field)
        .collect(Collectors.toSet());
  }

  private static Asker asker(Caller caller) {
    Asker.Capacity capacity = capacity(caller.type());
    return new Asker(
        SOMEBODY,
        capacity == Asker.Capacity.ROLE
            ? constant(Asker.Kind.class, caller.type())
            : Asker.Kind.SERVICE,
        named(caller.roles().stream().map(Caller.Role::name).toList(), RoleId::new),
        named(caller.products(), ProductId::new),
        named(caller.undertakings(), UndertakingId::new),
        capacity,
        caller.assurances().contains(LoggedCaller.STEP_UP)
            ? Asker.Assurance.STEPPED_UP
            : Asker.Assurance.SIGNED_IN,
        Asker.Reviews.IN_TIME);
  }

  private static Asker.Capacity capacity(String type) {
    return switch (type) {
      case Caller.SELF -> Asker.Capacity.SUBJECT;
      case Caller.GUARDIAN -> Asker.Capacity.GUARDIAN;
      case Caller.AGENT -> Asker.Capacity.AGENT;
      case Caller.HEIR -> Asker.Capacity.HEIR;
      default -> Asker.Capacity.ROLE;
    };
  }

  private static <T> Set<T> named(Collection<String> texts, Function<String, T> name) {
    return texts.stream().map(name).collect(Collectors.toSet());
  }

  private static Map<String, Recorded> recorded(List<Verdict> verdicts) {
    Map<String, List<Verdict>> byField = new TreeMap<>();
    verdicts.forEach(
        verdict -> byField.computeIfAbsent(verdict.field(), _ -> new ArrayList<>()).add(verdict));
    Map<String, Recorded> recorded = new TreeMap<>();
    byField.forEach((field, of) -> recorded.put(field, recordedOf(of)));
    return recorded;
  }

  /** Of several verdicts on the values of a field what was granted counts. */
  private static Recorded recordedOf(List<Verdict> verdicts) {
    for (Verdict verdict : verdicts) {
      if (verdict instanceof Verdict.Granted granted) {
        return new Recorded(Said.of(granted), false);
      }
    }
    Verdict.Withheld first = (Verdict.Withheld) verdicts.getFirst();
    return new Recorded(Said.withheld(first.why()), first.count() > 0);
  }

  /** The state of the person with what the entry does not say of it. */
  SubjectState state(
      Instant now, List<Membership> accounts, List<Choice> choices, Set<FieldId> suppressed) {
    return new SubjectState(PERSON, 0, now, status, accounts, accepted, age, choices, suppressed);
  }
}
