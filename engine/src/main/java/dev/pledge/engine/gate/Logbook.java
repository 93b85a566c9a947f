package dev.pledge.engine.gate;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.oversight.Review;
import dev.pledge.engine.value.Complaint;
import dev.pledge.engine.vault.Sealed;
import dev.pledge.log.Detail;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.log.Outcome;
import dev.pledge.log.Standing;
import dev.pledge.log.Verdict;
import dev.pledge.log.Verdict.Asked;
import dev.pledge.policy.decision.Approval;
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
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.UndertakingId;
import dev.pledge.policy.names.View;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Puts what was asked and decided into the words of the log. Only names the policy knows get
 * through; others are counted. What would tie entries of one person to each other, and everything a
 * caller wrote, goes into the {@link Detail}, which is sealed under the person's key.
 */
final class Logbook {
  /** What a datum takes beside its names in {@link Detail#MAX_DATA}, with room to spare. */
  private static final int DATUM_OVERHEAD = 16;

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
    private final Map<Reason, Integer> withheld = new EnumMap<>(Reason.class);
    private final Set<UUID> pooledBy = new LinkedHashSet<>();

    /** Names the authorisation to pool that a value rests on, if it does on any. */
    void pooled(Set<UUID> entries) {
      pooledBy.addAll(entries);
    }

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
    CompiledPolicy policy = policies.version(decision.policy()).orElseThrow();
    List<Verdict> verdicts = new ArrayList<>();
    int unknown = unknownNames(question, policy);
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
        Facts.of(kind, decision.state().now(), outcome, caller(caller, question, policy))
            .policy(decision.policy().toString())
            .verdicts(verdicts)
            .unknownNames(unknown)
            .standing(standing(decision.state(), question.product(), facts(decision, tallies)));
    Reason whole = whole(decision);
    if (outcome == Outcome.REFUSED && whole != null) {
      facts.reason(reason(whole, decision.clause(0, whole)));
    }
    return named(facts, question, policy);
  }

  /** What of the person's and a guardian's answers the outcome rests on, in words many share. */
  private static Set<String> facts(Decision decision, List<Tally> tallies) {
    Set<String> facts = new HashSet<>();
    if (tallies.stream().anyMatch(tally -> !tally.pooledBy.isEmpty())) {
      facts.add("pooling");
    }
    Set<UUID> reliedOn = Set.copyOf(decision.reliedOn());
    boolean guardian =
        decision.state().choices().stream()
            .filter(choice -> choice.by() == SubjectState.By.GUARDIAN)
            .filter(choice -> choice.answer() == SubjectState.Answer.GRANTED)
            .anyMatch(choice -> reliedOn.contains(choice.entry()));
    if (guardian) {
      facts.add("guardian-consent");
    }
    return facts;
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
    return new dev.pledge.log.Reason("value", Optional.of(word), Optional.empty());
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
              tally.granted,
              asked));
    }
    tally.withheld.forEach(
        (why, count) ->
            verdicts.add(
                new Verdict.Withheld(
                    field.toString(), reason(why, decision.clause(i, why)), count, asked)));
    return verdicts;
  }

  static dev.pledge.log.Reason reason(Reason reason, ClauseId clause) {
    return new dev.pledge.log.Reason(
        word(reason.rule()), Optional.of(reason.code()), Optional.of(clause.value()));
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** How many names besides those of the asked fields the policy does not know. */
  private static int unknownNames(Question question, CompiledPolicy policy) {
    int unknown = policy.covers(question.product()) ? 0 : 1;
    unknown += counted(question.purpose(), name -> policy.declaredPurpose(name) != null);
    unknown += counted(question.channel(), policy::knowsChannel);
    unknown += counted(question.source(), policy::knowsSource);
    for (String condition : question.conditions()) {
      unknown += counted(condition, policy::knowsCondition);
    }
    Set<String> fields = new HashSet<>(question.reveal());
    question.fields().forEach(fields::remove);
    for (String field : fields) {
      unknown += counted(field, name -> policy.declared(name) != null);
    }
    return unknown;
  }

  private static int counted(@Nullable String name, Predicate<String> known) {
    return name == null || known.test(name) ? 0 : 1;
  }

  /** Adds the names of the question that the policy knows. */
  private static Facts.Builder named(
      Facts.Builder facts, Question question, CompiledPolicy policy) {
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
    return facts.conditions(
        question.conditions().stream().filter(policy::knowsCondition).collect(Collectors.toSet()));
  }

  /** Who asked: an actor by id, a person acting for themselves or another by capacity only. */
  private static dev.pledge.log.Caller caller(
      Caller caller, Question question, CompiledPolicy policy) {
    Asker asker = question.asker();
    Optional<ExceptionUse> approved = Optional.ofNullable(question.exception());
    boolean named = asker.capacity() == Asker.Capacity.ROLE;
    return new dev.pledge.log.Caller(
        named ? word(caller.kind()) : type(asker.capacity()),
        named ? Optional.of(caller.id().value()) : Optional.empty(),
        named ? roles(asker.roles(), policy.counted(question)) : List.of(),
        named ? texts(asker.undertakings(), UndertakingId::value) : Set.of(),
        assurances(question),
        approved.map(use -> use.approver().value()),
        approved.map(use -> texts(use.approverRoles(), RoleId::value)).orElse(Set.of()),
        named ? texts(asker.products(), ProductId::value) : Set.of());
  }

  private static Set<String> assurances(Question question) {
    Set<String> assurances = new HashSet<>();
    if (question.justification() == Question.Justification.GIVEN) {
      assurances.add("justified");
    }
    if (question.asker().assurance() == Asker.Assurance.STEPPED_UP) {
      assurances.add("step-up");
    }
    if (question.asker().reviews() == Asker.Reviews.OVERDUE) {
      assurances.add("reviews-overdue");
    }
    return assurances;
  }

  private static List<dev.pledge.log.Caller.Role> roles(Set<RoleId> held, Set<RoleId> counted) {
    return held.stream()
        .map(
            role ->
                new dev.pledge.log.Caller.Role(
                    role.value(),
                    counted.contains(role)
                        ? dev.pledge.log.Caller.Weight.COUNTED
                        : dev.pledge.log.Caller.Weight.HELD))
        .toList();
  }

  private static <T> Set<String> texts(Set<T> things, Function<T, String> text) {
    return things.stream().map(text).collect(Collectors.toSet());
  }

  /** An actor outside a question. */
  static dev.pledge.log.Caller caller(Caller caller) {
    return new dev.pledge.log.Caller(
        word(caller.kind()),
        Optional.of(caller.id().value()),
        roles(caller.roles(), Set.of()),
        Set.of(),
        Set.of(),
        Optional.empty(),
        Set.of(),
        texts(caller.products(), ProductId::value));
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
    return standing(state, product, Set.of());
  }

  private static Standing standing(SubjectState state, String product, Set<String> facts) {
    Set<String> all = new HashSet<>(facts);
    boolean closed =
        state.memberships().stream()
            .anyMatch(m -> m.product().value().equals(product) && m.closedAt() != null);
    if (closed) {
      all.add("closed");
    }
    return Standing.of(
        word(state.age()), word(state.status()), state.accepted().map(Object::toString), all);
  }

  /** Facts of what was asked about an unknown or erased id: they name nobody. */
  static Facts unknown(Kind kind, Instant at, Caller caller) {
    return Facts.of(kind, at, Outcome.REFUSED, caller(caller)).reason(nobody()).build();
  }

  /** The same of a question. */
  static Facts unknown(
      Kind kind, Instant at, Caller caller, Question question, CompiledPolicy policy) {
    int unknown = unknownNames(question, policy);
    for (String field : question.fields()) {
      unknown += counted(field, name -> policy.declared(name) != null);
    }
    Facts.Builder facts =
        Facts.of(kind, at, Outcome.REFUSED, caller(caller, question, policy))
            .reason(nobody())
            .policy(policy.version().toString())
            .unknownNames(unknown);
    return named(facts, question, policy).build();
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
        Facts.of(kind, now, Outcome.REFUSED, caller(caller, question, policy))
            .reason(reason)
            .policy(policy.version().toString())
            .unknownNames(unknownNames(question, policy));
    return named(facts, question, policy).build();
  }

  /** Facts of a question about many people. */
  static Facts.Builder listed(
      Kind kind, Caller caller, Question question, CompiledPolicy policy, Instant now) {
    Facts.Builder facts =
        Facts.of(kind, now, Outcome.PERMITTED, caller(caller, question, policy))
            .policy(policy.version().toString());
    return named(facts, question, policy);
  }

  /** Facts of a change to a person that was made. */
  static Facts.Builder changed(
      Kind kind, Caller caller, SubjectState state, CompiledPolicy policy) {
    return Facts.of(kind, state.now(), Outcome.PERMITTED, caller(caller))
        .policy(policy.version().toString())
        .standing(standing(state, CompiledPolicy.GENERAL));
  }

  /** Facts of a change to a person that was refused. */
  static Facts.Builder refusedChange(
      Kind kind, Caller caller, SubjectState state, CompiledPolicy policy, Reason reason) {
    return Facts.of(kind, state.now(), Outcome.REFUSED, caller(caller))
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
    Set<RoleId> counted = refused == null ? role.map(Set::of).orElse(Set.of()) : Set.of();
    dev.pledge.log.Caller caller =
        new dev.pledge.log.Caller(
            word(overseer.kind()),
            Optional.of(overseer.id().value()),
            roles(overseer.roles(), counted),
            texts(overseer.undertakings(), UndertakingId::value),
            Set.of(),
            Optional.empty(),
            Set.of(),
            texts(overseer.products(), ProductId::value));
    Facts.Builder facts =
        Facts.of(kind, now, refused == null ? Outcome.PERMITTED : Outcome.REFUSED, caller)
            .policy(policy.version().toString());
    return refused == null ? facts : facts.reason(reason(refused, new ClauseId(refused.clause())));
  }

  /** What a review found, as the log's reason for its entry. */
  static dev.pledge.log.Reason found(Review.Finding finding) {
    return new dev.pledge.log.Reason("review", Optional.of(word(finding)), Optional.of("II.I.7"));
  }

  /** Adds those of the names of an approval that the policy knows, and counts the others. */
  static Facts.Builder named(Facts.Builder facts, Approval approval, CompiledPolicy policy) {
    int unknown = 0;
    for (String field : approval.fields()) {
      unknown += counted(field, name -> policy.declared(name) != null);
    }
    unknown += counted(approval.purpose(), name -> policy.declaredPurpose(name) != null);
    unknown += counted(approval.product(), policy::covers);
    if (policy.declaredPurpose(approval.purpose()) != null) {
      facts.purpose(approval.purpose()).exception(approval.purpose());
    }
    if (policy.covers(approval.product())) {
      facts.product(approval.product());
    }
    return facts.unknownNames(unknown);
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
    return named(
        facts.standing(standing(state, product, words)),
        policy,
        change.purpose(),
        change.product(),
        change.channel());
  }

  /** Adds those of the names a choice is about that the policy knows, and counts the others. */
  static Facts.Builder named(
      Facts.Builder facts,
      CompiledPolicy policy,
      @Nullable String purpose,
      @Nullable String product,
      @Nullable String channel) {
    int unknown = 0;
    if (purpose != null) {
      boolean known =
          purpose.equals(CompiledPolicy.POOLING) || policy.declaredPurpose(purpose) != null;
      facts = known ? facts.purpose(purpose) : facts;
      unknown += known ? 0 : 1;
    }
    if (product != null) {
      facts = policy.covers(product) ? facts.product(product) : facts;
      unknown += policy.covers(product) ? 0 : 1;
    }
    if (channel != null) {
      facts = policy.knowsChannel(channel) ? facts.channel(channel) : facts;
      unknown += policy.knowsChannel(channel) ? 0 : 1;
    }
    return facts.unknownNames(unknown);
  }

  /** What belongs to the person alone where no stored value was looked at. */
  static Detail detail(
      Decision decision,
      Caller caller,
      @Nullable String justification,
      @Nullable String reference,
      Collection<Sealed> values) {
    return detail(decision, caller, justification, reference, null, List.of(), values);
  }

  /**
   * What belongs to the person alone: the state decided on, the approval and the choices relied on,
   * why, and from where.
   */
  static Detail detail(
      Decision decision,
      Caller caller,
      @Nullable String justification,
      @Nullable String reference,
      @Nullable UUID approval,
      List<Tally> tallies,
      Collection<Sealed> values) {
    Set<UUID> reliedOn = new LinkedHashSet<>();
    if (approval != null) {
      reliedOn.add(approval);
    }
    reliedOn.addAll(decision.reliedOn());
    tallies.forEach(tally -> reliedOn.addAll(tally.pooledBy));
    Detail detail =
        Detail.of(
            decision.state().version(), reliedOn.stream().limit(Detail.MAX_RELIED_ON).toList());
    int omitted = reliedOn.size() - detail.reliedOn().size();
    if (decision.question().asker().capacity() != Asker.Capacity.ROLE) {
      detail = detail.withActor(caller.id().value());
    }
    if (justification != null) {
      detail = detail.withJustification(justification);
    }
    if (reference != null) {
      detail = detail.withReference(reference);
    }
    List<Detail.Datum> origins = origins(values);
    List<Detail.Datum> fitting = fitting(origins);
    return detail.withData(fitting).withOmitted(omitted + origins.size() - fitting.size());
  }

  /** As many as there is room for. */
  private static List<Detail.Datum> fitting(List<Detail.Datum> origins) {
    int room = Detail.MAX_DATA;
    List<Detail.Datum> fitting = new ArrayList<>();
    for (Detail.Datum origin : origins) {
      room -= origin.field().length() + origin.product().length() + DATUM_OVERHEAD;
      if (room >= 0) {
        fitting.add(origin);
      }
    }
    return fitting;
  }

  /** Where the values came from: of one field and product the oldest and the newest. */
  private static List<Detail.Datum> origins(Collection<Sealed> values) {
    Map<String, List<Instant>> times = new TreeMap<>();
    for (Sealed value : values) {
      times
          .computeIfAbsent(value.field() + " " + value.product().value(), key -> new ArrayList<>())
          .add(value.collectedAt());
    }
    List<Detail.Datum> origins = new ArrayList<>();
    for (Map.Entry<String, List<Instant>> origin : times.entrySet()) {
      String[] names = origin.getKey().split(" ", 2);
      Set<Instant> ends = new TreeSet<>();
      ends.add(Collections.min(origin.getValue()));
      ends.add(Collections.max(origin.getValue()));
      for (Instant at : ends) {
        origins.add(new Detail.Datum(names[0], names[1], at));
      }
    }
    return origins;
  }

  /** The word of a choice's answer as the log's kind. */
  static Kind kind(SubjectState.Answer answer) {
    return switch (answer) {
      case GRANTED -> Kind.GRANT;
      case WITHDRAWN -> Kind.WITHDRAW;
    };
  }
}
