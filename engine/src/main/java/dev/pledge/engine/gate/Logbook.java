package dev.pledge.engine.gate;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.actor.Scope;
import dev.pledge.engine.oversight.Review;
import dev.pledge.engine.value.Complaint;
import dev.pledge.log.Detail;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.log.Outcome;
import dev.pledge.log.Standing;
import dev.pledge.log.Verdict;
import dev.pledge.log.Verdict.Asked;
import dev.pledge.policy.decision.Act;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Decision;
import dev.pledge.policy.decision.Policies;
import dev.pledge.policy.decision.Question;
import dev.pledge.policy.decision.Question.ExceptionUse;
import dev.pledge.policy.decision.Reason;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.View;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Puts what was asked and decided into the words of the log. Only names the policy knows get
 * through; others are counted. What would tie entries of one person to each other, and everything a
 * caller wrote, goes into the {@link Detail}, which is sealed under the person's key.
 */
final class Logbook {
  /** The rule by which what is no value, or somebody else's, is refused. */
  static final String VALUE = "value";

  /** The cause of an erasure that is made up for. */
  static final String LEDGER = "ledger";

  /** The cause of an erasure that nobody took back in time. */
  static final String RECOVERY_ENDED = "recovery-ended";

  /** The rule of what a review found. */
  static final String REVIEW = "review";

  /** The rule by which a call is refused that a token does not cover. */
  static final String SCOPE = "scope";

  /** The fact that the account of the product asked for is closed. */
  static final String CLOSED = "closed";

  /** The fact that a guardian's grant was relied on. */
  static final String GUARDIAN_CONSENT = "guardian-consent";

  private final Policies policies;

  Logbook(Policies policies) {
    this.policies = policies;
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
    CompiledPolicy policy = policies.version(decision.policy()).orElseThrow();
    List<Verdict> verdicts = new ArrayList<>();
    int unknown = LoggedNames.unknown(question, policy);
    for (int i = 0; i < question.fields().size(); i++) {
      FieldId field = decision.field(i);
      if (field == null) {
        unknown++;
      } else if (malformed.containsKey(i)) {
        verdicts.add(malformed(question, field, malformed.get(i)));
      } else {
        verdicts.addAll(verdicts(decision, i, field, tallies.get(i)));
      }
    }
    verdicts = verdicts.size() > Facts.MAX_VERDICTS ? inBrief(verdicts) : verdicts;
    Outcome outcome = Outcome.of(verdicts, unknown);
    Facts.Builder facts =
        Facts.of(kind, decision.state().now(), outcome, LoggedCaller.of(caller, question, policy))
            .policy(decision.policy().toString())
            .verdicts(verdicts)
            .unknownNames(unknown)
            .standing(standing(decision.state(), question.product(), facts(decision, tallies)));
    Reason whole = whole(decision);
    if (outcome == Outcome.REFUSED && whole != null) {
      facts.reason(reason(whole, decision.clause(0, whole)));
    }
    return LoggedNames.addTo(facts, question, policy);
  }

  /** What of the person's and a guardian's answers the outcome rests on, in words many share. */
  private static Set<String> facts(Decision decision, List<Tally> tallies) {
    Set<String> facts = new HashSet<>();
    if (tallies.stream().anyMatch(tally -> !tally.pooledBy().isEmpty())) {
      facts.add("pooling");
    }
    if (reliesOnGuardian(decision)) {
      facts.add(GUARDIAN_CONSENT);
    }
    return facts;
  }

  /** Whether a guardian's grant is among what the decision rests on. */
  static boolean reliesOnGuardian(Decision decision) {
    Set<UUID> reliedOn = Set.copyOf(decision.reliedOn());
    return decision.state().choices().stream()
        .filter(choice -> choice.by() == SubjectState.By.GUARDIAN)
        .filter(choice -> choice.answer() == SubjectState.Answer.GRANTED)
        .anyMatch(choice -> reliedOn.contains(choice.id()));
  }

  /**
   * At most two verdicts a field, which is what the most fields of a request leave room for: of
   * several reasons the first in the order of verdicts stands for all.
   */
  private static List<Verdict> inBrief(List<Verdict> verdicts) {
    List<Verdict> brief = new ArrayList<>();
    Map<String, Verdict.Withheld> withheld = new LinkedHashMap<>();
    for (Verdict verdict : verdicts) {
      switch (verdict) {
        case Verdict.Granted granted -> brief.add(granted);
        case Verdict.Withheld one -> withheld.merge(one.field(), one, Logbook::together);
      }
    }
    brief.addAll(withheld.values());
    return brief;
  }

  private static Verdict.Withheld together(Verdict.Withheld one, Verdict.Withheld other) {
    return new Verdict.Withheld(one.field(), one.why(), one.count() + other.count(), one.asked());
  }

  private static Verdict malformed(Question question, FieldId field, Complaint complaint) {
    return new Verdict.Withheld(
        field.toString(), malformed(complaint.word()), 1, asked(question, field));
  }

  /** Why a value was refused that is none, or not theirs. */
  static dev.pledge.log.Reason malformed(String word) {
    return new dev.pledge.log.Reason(VALUE, Optional.of(word), Optional.empty());
  }

  /** How the field was asked for, beyond being asked for. */
  private static Set<Asked> asked(Question question, FieldId field) {
    Set<Asked> asked = EnumSet.noneOf(Asked.class);
    if (question.reveal().contains(field.toString())) {
      asked.add(Asked.IN_CLEAR);
    }
    ExceptionUse exception = question.exception();
    if (exception != null && exception.fieldsNamed().contains(field.toString())) {
      asked.add(Asked.BY_REFERENCE);
    }
    return asked;
  }

  private static @Nullable Reason whole(Decision decision) {
    return decision.question().fields().isEmpty() ? null : decision.reason(0);
  }

  private List<Verdict> verdicts(Decision decision, int i, FieldId field, Tally tally) {
    List<Verdict> verdicts = new ArrayList<>();
    Set<Asked> asked = asked(decision.question(), field);
    Reason reason = decision.reason(i);
    View view = decision.view(i);
    if (reason != null || view == null) {
      Reason why = reason == null ? Reason.NOT_LISTED : reason;
      verdicts.add(
          new Verdict.Withheld(field.toString(), reason(why, decision.clause(i, why)), 0, asked));
      return verdicts;
    }
    boolean collects = collects(decision.question());
    if (tally.isAnswered() || tally.withheld().isEmpty()) {
      verdicts.add(
          new Verdict.Granted(
              field.toString(),
              collects ? Optional.empty() : Optional.of(view.word()),
              collects
                  ? Optional.ofNullable(decision.purpose(i)).map(Object::toString)
                  : Optional.empty(),
              Optional.empty(),
              tally.granted(),
              asked));
    }
    tally
        .withheld()
        .forEach(
            (why, count) ->
                verdicts.add(
                    new Verdict.Withheld(
                        field.toString(), reason(why, decision.clause(i, why)), count, asked)));
    return verdicts;
  }

  /** Whether values are stored; what was decided of a field is then for which purpose. */
  static boolean collects(Question question) {
    return question.act() == Act.COLLECT;
  }

  static dev.pledge.log.Reason reason(Reason reason, ClauseId clause) {
    return new dev.pledge.log.Reason(
        word(reason.rule()), Optional.of(reason.code()), Optional.of(clause.value()));
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** How a person stood, in terms that many share. */
  static Standing standing(SubjectState state, String product) {
    return standing(state, product, Set.of());
  }

  private static Standing standing(SubjectState state, String product, Set<String> facts) {
    Set<String> all = new HashSet<>(facts);
    boolean closed =
        state.memberships().stream()
            .anyMatch(m -> m.product().value().equals(product) && m.closedAt() != null);
    if (closed) {
      all.add(CLOSED);
    }
    return Standing.of(
        word(state.age()), word(state.status()), state.accepted().map(Object::toString), all);
  }

  /** Facts of what was asked about an unknown or erased id: they name nobody. */
  static Facts unknown(Kind kind, Instant at, Caller caller) {
    return Facts.of(kind, at, Outcome.REFUSED, LoggedCaller.of(caller)).reason(nobody()).build();
  }

  /** The same of a question. */
  static Facts unknown(
      Kind kind, Instant at, Caller caller, Question question, CompiledPolicy policy) {
    Facts.Builder facts =
        Facts.of(kind, at, Outcome.REFUSED, LoggedCaller.ofNobody(caller, question, policy))
            .reason(nobody())
            .policy(policy.version().toString())
            .unknownNames(LoggedNames.unknownWithFields(question, policy));
    return LoggedNames.addTo(facts, question, policy).build();
  }

  /** Facts of a call that a token did not cover: nobody saw whom it was about. */
  static Facts uncovered(
      Kind kind, Instant at, Caller caller, Scope missing, CompiledPolicy policy) {
    return Facts.of(kind, at, Outcome.REFUSED, LoggedCaller.of(caller))
        .reason(new dev.pledge.log.Reason(SCOPE, Optional.of(missing.word()), Optional.of("IV.3")))
        .policy(policy.version().toString())
        .build();
  }

  private static dev.pledge.log.Reason nobody() {
    return reason(Reason.ERASED, new ClauseId(Reason.ERASED.clause()));
  }

  /** Facts of a question refused whatever the person. */
  static Facts refusedWhole(
      Kind kind,
      Caller caller,
      Question question,
      CompiledPolicy policy,
      Reason reason,
      Instant now) {
    return refusedWhole(
        kind, caller, question, policy, reason(reason, new ClauseId(reason.clause())), now);
  }

  /** The same for a reason that no rule gives. */
  static Facts refusedWhole(
      Kind kind,
      Caller caller,
      Question question,
      CompiledPolicy policy,
      dev.pledge.log.Reason reason,
      Instant now) {
    Facts.Builder facts =
        Facts.of(kind, now, Outcome.REFUSED, LoggedCaller.of(caller, question, policy))
            .reason(reason)
            .policy(policy.version().toString())
            .unknownNames(LoggedNames.unknown(question, policy));
    return LoggedNames.addTo(facts, question, policy).build();
  }

  /** Facts of a question about many people. */
  static Facts.Builder listed(
      Kind kind, Caller caller, Question question, CompiledPolicy policy, Instant now) {
    Facts.Builder facts =
        Facts.of(kind, now, Outcome.PERMITTED, LoggedCaller.of(caller, question, policy))
            .policy(policy.version().toString());
    return LoggedNames.addTo(facts, question, policy);
  }

  /** Facts of a change to a person that was made. */
  static Facts.Builder changed(
      Kind kind, Caller caller, SubjectState state, CompiledPolicy policy) {
    return Facts.of(kind, state.now(), Outcome.PERMITTED, LoggedCaller.of(caller))
        .policy(policy.version().toString())
        .standing(standing(state, CompiledPolicy.GENERAL));
  }

  /** Facts of a change to a person that was refused. */
  static Facts.Builder refusedChange(
      Kind kind, Caller caller, SubjectState state, CompiledPolicy policy, Reason reason) {
    return Facts.of(kind, state.now(), Outcome.REFUSED, LoggedCaller.of(caller))
        .reason(reason(reason, new ClauseId(reason.clause())))
        .policy(policy.version().toString())
        .standing(standing(state, CompiledPolicy.GENERAL));
  }

  /** Facts of an approval or a review; {@code role} is the one that gives it. */
  static Facts.Builder overseen(
      Kind kind,
      Instant now,
      Asker overseer,
      Optional<RoleId> role,
      CompiledPolicy policy,
      @Nullable Reason refused) {
    dev.pledge.log.Caller caller =
        LoggedCaller.of(overseer, refused == null ? role.map(Set::of).orElse(Set.of()) : Set.of());
    Facts.Builder facts =
        Facts.of(kind, now, refused == null ? Outcome.PERMITTED : Outcome.REFUSED, caller)
            .policy(policy.version().toString());
    return refused == null ? facts : facts.reason(reason(refused, new ClauseId(refused.clause())));
  }

  /** What a review found, as the log's reason for its entry. */
  static dev.pledge.log.Reason found(Review.Finding finding) {
    return new dev.pledge.log.Reason(REVIEW, Optional.of(word(finding)), Optional.of("II.I.7"));
  }

  /** That so many values of a field were deleted, and by which clause. */
  static Verdict deleted(FieldId field, int count, String clause) {
    return new Verdict.Granted(
        field.toString(), Optional.empty(), Optional.empty(), Optional.of(clause), count);
  }

  /** Facts of values that are no longer kept and were deleted; as many as name every field. */
  static List<Facts> expired(
      SubjectState state, CompiledPolicy policy, Map<FieldId, Integer> deleted) {
    List<Verdict> verdicts = new ArrayList<>();
    deleted.forEach((field, count) -> verdicts.add(deleted(field, count, "IV.1")));
    List<Facts> expired = new ArrayList<>();
    for (int from = 0; from < verdicts.size(); from += Facts.MAX_VERDICTS) {
      int to = Math.min(from + Facts.MAX_VERDICTS, verdicts.size());
      expired.add(
          byItself(Kind.EXPIRE, state, "retention", dev.pledge.log.Reason.of("retention", "IV.1"))
              .policy(policy.version().toString())
              .verdicts(verdicts.subList(from, to))
              .build());
    }
    return expired;
  }

  /** Facts of what Pledge did to a person by itself, and why. */
  static Facts.Builder byItself(
      Kind kind, SubjectState state, String part, dev.pledge.log.Reason cause) {
    return Facts.of(
            kind,
            state.now(),
            Outcome.PERMITTED,
            dev.pledge.log.Caller.of(dev.pledge.log.Caller.SYSTEM, part))
        .reason(cause)
        .standing(standing(state, CompiledPolicy.GENERAL));
  }

  /** Adds what a choice covers and who made it, and its names as far as the policy knows them. */
  static Facts.Builder choice(
      Facts.Builder facts, CompiledPolicy policy, SubjectState state, ConsentChange change) {
    Set<String> words = new HashSet<>();
    switch (change.coverage()) {
      case ORDINARY -> {}
      case SENSITIVE -> words.add("sensitive");
      case ALL -> words.add("all-data");
    }
    if (change.by() == SubjectState.By.GUARDIAN) {
      words.add("by-guardian");
    }
    String product = change.product() == null ? CompiledPolicy.GENERAL : change.product();
    return LoggedNames.addTo(
        facts.standing(standing(state, product, words)),
        policy,
        change.purpose(),
        change.product(),
        change.channel());
  }

  /** The word of a choice's answer as the log's kind. */
  static Kind kind(SubjectState.Answer answer) {
    return switch (answer) {
      case GRANTED -> Kind.GRANT;
      case WITHDRAWN -> Kind.WITHDRAW;
    };
  }
}
