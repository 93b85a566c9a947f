package dev.pledge.engine.gate;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.value.Complaint;
import dev.pledge.engine.vault.Sealed;
import dev.pledge.log.Detail;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.log.Outcome;
import dev.pledge.log.Standing;
import dev.pledge.log.Verdict;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Decision;
import dev.pledge.policy.decision.Policies;
import dev.pledge.policy.decision.Question;
import dev.pledge.policy.decision.Reason;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.UndertakingId;
import dev.pledge.policy.names.View;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Puts what was asked and decided into the words of the log. Only names the policy knows get
 * through; others are counted. What would tie entries of one person to each other, and everything a
 * caller wrote, goes into the {@link Detail}, which is sealed under the person's key.
 */
final class Logbook {
  private static final int MOST_DATA = 32;

  private final Policies policies;

  Logbook(Policies policies) {
    this.policies = policies;
  }

  /**
   * What came of one asked field: how many values were seen or stored, how many withheld and why.
   */
  static final class Tally {
    private int granted;
    private boolean answered;
    private final Map<Reason, Integer> withheld = new HashMap<>();

    void grant(int count) {
      answered = true;
      granted += count;
    }

    void withhold(Reason reason) {
      withheld.merge(reason, 1, Integer::sum);
    }
  }

  /** The facts of a decision about one person's fields. */
  Facts.Builder decided(Kind kind, Caller caller, Decision decision, List<Tally> tallies) {
    return decided(kind, caller, decision, tallies, Map.of());
  }

  /** The same where some values were malformed and not stored. */
  Facts.Builder decided(
      Kind kind,
      Caller caller,
      Decision decision,
      List<Tally> tallies,
      Map<Integer, Complaint> malformed) {
    Question question = decision.question();
    List<Verdict> verdicts = new ArrayList<>();
    int unknown = 0;
    for (int i = 0; i < question.fields().size(); i++) {
      FieldId field = decision.field(i);
      if (field == null) {
        unknown++;
      } else if (malformed.containsKey(i)) {
        verdicts.add(malformed(field, malformed.get(i)));
      } else {
        verdicts.addAll(verdicts(decision, i, field, tallies.get(i)));
      }
    }
    unknown += unknownNames(question);
    Outcome outcome = Outcome.of(verdicts, unknown);
    Facts.Builder facts =
        Facts.of(kind, decision.state().now(), outcome, caller(caller, question))
            .policy(decision.policy().toString())
            .verdicts(verdicts)
            .unknownNames(unknown)
            .standing(standing(decision.state(), question.product()));
    Reason whole = whole(decision);
    if (outcome == Outcome.REFUSED && whole != null) {
      facts.reason(reason(whole, decision.clause(0, whole)));
    }
    return named(facts, question, decision.policy());
  }

  private static Verdict malformed(FieldId field, Complaint complaint) {
    return new Verdict.Withheld(
        field.toString(),
        new dev.pledge.log.Reason("value", Optional.of(complaint.word()), Optional.empty()),
        1);
  }

  private static @Nullable Reason whole(Decision decision) {
    return decision.question().fields().isEmpty() ? null : decision.reason(0);
  }

  private List<Verdict> verdicts(Decision decision, int i, FieldId field, Tally tally) {
    List<Verdict> verdicts = new ArrayList<>();
    Reason reason = decision.reason(i);
    View view = decision.view(i);
    if (reason != null || view == null) {
      Reason why = reason == null ? Reason.NOT_LISTED : reason;
      verdicts.add(new Verdict.Withheld(field.toString(), reason(why, decision.clause(i, why)), 0));
      return verdicts;
    }
    boolean collects = decision.question().purpose() == null;
    if (tally.answered || tally.withheld.isEmpty()) {
      verdicts.add(
          new Verdict.Granted(
              field.toString(),
              collects ? Optional.empty() : Optional.of(view.word()),
              collects
                  ? Optional.ofNullable(decision.purpose(i)).map(Object::toString)
                  : Optional.empty(),
              Optional.empty(),
              tally.granted));
    }
    tally.withheld.forEach(
        (why, count) ->
            verdicts.add(
                new Verdict.Withheld(
                    field.toString(), reason(why, decision.clause(i, why)), count)));
    return verdicts;
  }

  static dev.pledge.log.Reason reason(Reason reason, ClauseId clause) {
    return new dev.pledge.log.Reason(
        word(reason.rule()), Optional.of(reason.code()), Optional.of(clause.value()));
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private int unknownNames(Question question) {
    CompiledPolicy policy = policies.versions().getLast();
    int unknown = policy.covers(question.product()) ? 0 : 1;
    String purpose = question.purpose();
    if (purpose != null && policy.declaredPurpose(purpose) == null) {
      unknown++;
    }
    return unknown;
  }

  /** Adds the names of the question that the policy knows. */
  private Facts.Builder named(
      Facts.Builder facts, Question question, dev.pledge.policy.names.PolicyVersion version) {
    CompiledPolicy policy = policies.version(version).orElseThrow();
    if (policy.covers(question.product())) {
      facts.product(question.product());
    }
    String purpose = question.purpose();
    if (purpose != null && policy.declaredPurpose(purpose) != null) {
      facts.purpose(purpose);
      if (question.exception() != null) {
        facts.exception(purpose);
      }
    }
    String channel = question.channel();
    if (channel != null && policy.knowsChannel(channel)) {
      facts.channel(channel);
    }
    String source = question.source();
    if (source != null && policy.knowsSource(source)) {
      facts.source(source);
    }
    facts.conditions(
        question.conditions().stream().filter(policy::knowsCondition).collect(Collectors.toSet()));
    return facts;
  }

  /** Who asked: an actor by id, a person acting for themselves or another by capacity only. */
  dev.pledge.log.Caller caller(Caller caller, Question question) {
    Asker asker = question.asker();
    Set<String> assurances = new HashSet<>();
    if (question.justification() == Question.Justification.GIVEN) {
      assurances.add("justified");
    }
    if (asker.assurance() == Asker.Assurance.STEPPED_UP) {
      assurances.add("step-up");
    }
    if (asker.capacity() != Asker.Capacity.ROLE) {
      return new dev.pledge.log.Caller(
          type(asker.capacity()),
          Optional.empty(),
          List.of(),
          Set.of(),
          assurances,
          Optional.empty());
    }
    Set<RoleId> counted = policies.versions().getLast().counted(question);
    List<dev.pledge.log.Caller.Role> roles =
        asker.roles().stream()
            .map(
                role ->
                    new dev.pledge.log.Caller.Role(
                        role.value(),
                        counted.contains(role)
                            ? dev.pledge.log.Caller.Weight.COUNTED
                            : dev.pledge.log.Caller.Weight.HELD))
            .toList();
    Set<String> undertakings =
        asker.undertakings().stream().map(UndertakingId::value).collect(Collectors.toSet());
    return new dev.pledge.log.Caller(
        word(caller.kind()),
        Optional.of(caller.id().value()),
        roles,
        undertakings,
        assurances,
        Optional.empty());
  }

  /** An actor outside a question. */
  dev.pledge.log.Caller caller(Caller caller) {
    return new dev.pledge.log.Caller(
        word(caller.kind()),
        Optional.of(caller.id().value()),
        caller.roles().stream()
            .map(
                role ->
                    new dev.pledge.log.Caller.Role(role.value(), dev.pledge.log.Caller.Weight.HELD))
            .toList(),
        Set.of(),
        Set.of(),
        Optional.empty());
  }

  private static String type(Asker.Capacity capacity) {
    return switch (capacity) {
      case SUBJECT -> dev.pledge.log.Caller.SELF;
      case GUARDIAN -> dev.pledge.log.Caller.GUARDIAN;
      case AGENT -> dev.pledge.log.Caller.AGENT;
      case HEIR -> dev.pledge.log.Caller.HEIR;
      case ROLE -> dev.pledge.log.Caller.SERVICE;
    };
  }

  /** How a person stood, in terms that many share. */
  static Standing standing(SubjectState state, String product) {
    boolean closed =
        state.memberships().stream()
            .anyMatch(m -> m.product().value().equals(product) && m.closedAt() != null);
    return Standing.of(
        word(state.age()),
        closed ? "closed" : word(state.status()),
        state.accepted().map(Object::toString),
        List.of());
  }

  /** Facts of what was asked about an unknown or erased id: they name nobody. */
  Facts unknown(Kind kind, Instant at, dev.pledge.log.Caller caller) {
    return Facts.of(kind, at, Outcome.REFUSED, caller)
        .reason(reason(Reason.ERASED, new ClauseId(Reason.ERASED.clause())))
        .build();
  }

  /** Facts of a question refused whatever the person. */
  Facts.Builder refusedWhole(
      Kind kind,
      Caller caller,
      Question question,
      CompiledPolicy policy,
      Reason reason,
      Instant now) {
    Facts.Builder facts =
        Facts.of(kind, now, Outcome.REFUSED, caller(caller, question))
            .reason(reason(reason, new ClauseId(reason.clause())))
            .policy(policy.version().toString())
            .unknownNames(unknownNames(question));
    return named(facts, question, policy.version());
  }

  /** Facts of a change to a person that was made. */
  public Facts.Builder changed(Kind kind, Caller caller, SubjectState state) {
    return Facts.of(kind, state.now(), Outcome.PERMITTED, caller(caller))
        .standing(standing(state, CompiledPolicy.GENERAL));
  }

  /** Facts of a change to a person that was refused. */
  Facts refusedChange(Kind kind, Caller caller, SubjectState state, Reason reason) {
    return Facts.of(kind, state.now(), Outcome.REFUSED, caller(caller))
        .reason(reason(reason, new ClauseId(reason.clause())))
        .standing(standing(state, CompiledPolicy.GENERAL))
        .build();
  }

  /**
   * What belongs to the person alone: the state decided on, the choices relied on, why, and from
   * where.
   */
  static Detail detail(
      Decision decision,
      Caller caller,
      @Nullable String justification,
      @Nullable String reference,
      Collection<Sealed> values) {
    Detail detail =
        Detail.of(
            decision.state().version(),
            decision.reliedOn().stream().limit(Detail.MAX_RELIED_ON).toList());
    if (decision.question().asker().capacity() != Asker.Capacity.ROLE) {
      detail = detail.withActor(caller.id().value());
    }
    if (justification != null) {
      detail = detail.withJustification(justification);
    }
    if (reference != null) {
      detail = detail.withReference(reference);
    }
    return detail.withData(
        values.stream()
            .map(v -> new Detail.Datum(v.field().toString(), v.product().value(), v.collectedAt()))
            .distinct()
            .limit(MOST_DATA)
            .toList());
  }

  /** The word of a choice's answer as the log's kind. */
  static Kind kind(SubjectState.Answer answer) {
    return switch (answer) {
      case GRANTED -> Kind.GRANT;
      case WITHDRAWN -> Kind.WITHDRAW;
    };
  }
}
