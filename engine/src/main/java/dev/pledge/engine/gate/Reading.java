package dev.pledge.engine.gate;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.audit.NoHistory;
import dev.pledge.engine.audit.Overloaded;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.gate.FieldAnswer.Absent;
import dev.pledge.engine.gate.FieldAnswer.Provenance;
import dev.pledge.engine.gate.FieldAnswer.Shown;
import dev.pledge.engine.gate.FieldAnswer.ShownValue;
import dev.pledge.engine.gate.FieldAnswer.Withheld;
import dev.pledge.engine.gate.Gate.Answers;
import dev.pledge.engine.gate.People.Hold;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.oversight.EmergencyUse;
import dev.pledge.engine.oversight.Reviews;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.value.UnusableInput;
import dev.pledge.engine.value.Value;
import dev.pledge.engine.vault.Opened;
import dev.pledge.engine.vault.Sealed;
import dev.pledge.engine.vault.Vault;
import dev.pledge.log.Detail;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Decision;
import dev.pledge.policy.decision.Permit;
import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Question;
import dev.pledge.policy.decision.Reason;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.SubjectId;
import dev.pledge.policy.names.View;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Governed reads: fetch, decide, log, decrypt, mask, answer, in that order. */
final class Reading {
  /** The most values of series that are fetched by one statement, of a product's own. */
  private static final int MOST_TOGETHER = Window.MOST;

  /** The most people that are fetched by one statement. */
  private static final int PEOPLE_TOGETHER = 100;

  private final Parts parts;
  private final Database database;
  private final Reviews reviews;
  private final Room room = Room.ofThisProcess();

  Reading(Parts parts, Database database, Reviews reviews) {
    this.parts = parts;
    this.database = database;
    this.reviews = reviews;
  }

  /**
   * What of a second person an exceptional use rests on (II.I.7): the approval it names, if that is
   * in force, and whether the caller's emergency uses were reviewed.
   */
  record Seconded(@Nullable ApprovedUse approval, Asker.Reviews reviews) {

    /** The approval, if it is about that person. */
    @Nullable ApprovedUse approvalAbout(SubjectId subject) {
      return approval != null && approval.subject().equals(subject) ? approval : null;
    }
  }

  record Fetched(Seconded seconded, Parts.Fetched found) {}

  /** What is made of the answer about one person. */
  <T> T read(ReadRequest request, SubjectId subject, Function<ReadAnswer, T> use) {
    try (Room.Held held = roomFor(request)) {
      return use.apply(together(request, List.of(subject), held).getFirst());
    }
  }

  /** The answers about each of the people, in their order. */
  void read(ReadRequest request, List<SubjectId> subjects, Answers answers) {
    int series = series(request);
    int size = peopleTogether(series, request.window().limit());
    for (int from = 0; from < subjects.size(); from += size) {
      List<SubjectId> some = subjects.subList(from, Math.min(from + size, subjects.size()));
      try (Room.Held held = room(request, series, some.size())) {
        List<ReadAnswer> together = together(request, some, held);
        for (int i = 0; i < some.size(); i++) {
          answers.take(some.get(i), together.get(i));
        }
      }
    }
  }

  /** For the values of the product asked for and as many of others. */
  private Room.Held room(ReadRequest request, int series, int people) {
    return room.take(2 * series * request.window().limit() * people);
  }

  private int series(ReadRequest request) {
    Fields fields = parts.fields(parts.policyAt(parts.clock().instant()));
    return (int) request.fields().stream().filter(fields::isSeries).count();
  }

  /**
   * How many people are fetched by one statement, all of whose values are held in memory.
   *
   * @throws UnusableInput if one person's values are too many
   */
  static int peopleTogether(int series, int limit) {
    int values = series * limit;
    if (values > MOST_TOGETHER) {
      int most = MOST_TOGETHER / series;
      throw new UnusableInput(
          "limit",
          "of " + series + " series ask for at most " + most + " values each",
          series + " 个序列，每个最多请求 " + most + " 个值");
    }
    return Math.clamp(MOST_TOGETHER / Math.max(values, 1), 1, PEOPLE_TOGETHER);
  }

  private List<ReadAnswer> together(ReadRequest request, List<SubjectId> subjects, Room.Held held) {
    Instant asked = parts.clock().instant();
    Fetched fetched = fetch(request, subjects);
    held.resizeFor(sealedBytes(fetched.found.people()));
    return answers(
        fetched.found.people(),
        person ->
            person == null || isNoneOfTheirs(request, person)
                ? unknown(request, fetched.found.policy(), asked)
                : answer(request, fetched, person));
  }

  /** Room for the values of one person. */
  Room.Held roomFor(ReadRequest request) {
    int series = series(request);
    peopleTogether(series, request.window().limit());
    return room(request, series, 1);
  }

  /** The people with the values the request may open, and what an exceptional use rests on. */
  Fetched fetch(ReadRequest request, List<SubjectId> subjects) {
    return database.read(
        handle ->
            new Fetched(
                seconded(handle, request, subjects),
                parts.fetch(
                    handle,
                    subjects,
                    fields -> fields.wanted(request.fields(), request.product(), request.window()),
                    Hold.NONE)));
  }

  private static long sealedBytes(List<@Nullable Person> people) {
    long bytes = 0;
    for (Person person : people) {
      if (person != null) {
        bytes += person.values().stream().mapToLong(value -> value.bytes().length).sum();
      }
    }
    return bytes;
  }

  /** Whoever acts for a person needs no role, and so has to work for a product of theirs (IV.3). */
  static boolean isNoneOfTheirs(ReadRequest request, Person person) {
    return request.capacity() != Asker.Capacity.ROLE && !person.uses(request.caller().products());
  }

  /** Only exceptional uses pay for this. */
  private Seconded seconded(Handle handle, ReadRequest request, List<SubjectId> subjects) {
    boolean overdue =
        isEmergency(request.purpose()) && reviews.isOverdue(handle, request.caller().id());
    return new Seconded(
        Approving.find(handle, request, subjects),
        overdue ? Asker.Reviews.OVERDUE : Asker.Reviews.IN_TIME);
  }

  /** Under any version: some people may still be under an earlier one. */
  private boolean isEmergency(@Nullable String purpose) {
    return purpose != null
        && parts.policies().versions().stream()
            .map(policy -> policy.declaredPurpose(purpose))
            .anyMatch(declared -> declared != null && declared.breakGlass().isPresent());
  }

  /** At the same time for all, so that their entries share commits of the log. */
  private static List<ReadAnswer> answers(
      List<@Nullable Person> people, Function<@Nullable Person, ReadAnswer> answer) {
    if (people.size() == 1) {
      return List.of(answer.apply(people.getFirst()));
    }
    try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<ReadAnswer>> answers = new ArrayList<>(people.size());
      for (Person person : people) {
        answers.add(each.submit(() -> answer.apply(person)));
      }
      return answers.stream().map(Reading::outcome).toList();
    }
  }

  private static ReadAnswer outcome(Future<ReadAnswer> answer) {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Overloaded("interrupted while reading");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException("could not read", e.getCause());
    }
  }

  private ReadAnswer unknown(ReadRequest request, CompiledPolicy policy, Instant now) {
    Question question = question(request, Asker.Reviews.IN_TIME, null, now);
    return new ReadAnswer.Unknown(
        parts
            .entries()
            .recordAboutNobody(
                Logbook.unknown(Kind.READ, now, request.caller(), question, policy)));
  }

  static Question question(
      ReadRequest request, Asker.Reviews reviews, @Nullable ApprovedUse approval, Instant now) {
    Caller caller = request.caller();
    Question question =
        Question.read(
            caller.asker(now, request.capacity(), request.assurance()).with(reviews),
            request.purpose(),
            request.product(),
            request.fields());
    if (request.channel() != null) {
      question = question.over(request.channel());
    }
    if (approval != null) {
      question = question.under(approval.asked());
    }
    return request.justification() == null ? question : question.justified(request.reveal());
  }

  private ReadAnswer answer(ReadRequest request, Fetched fetched, Person person) {
    Seconded seconded = fetched.seconded;
    CompiledPolicy policy = fetched.found.policy();
    Fields fields = fetched.found.fields();
    ApprovedUse approval = seconded.approvalAbout(person.subject());
    try (SubjectKey key = parts.keys().unwrap(person.subject(), person.wrapped())) {
      Person aged = parts.aged(person, key, policy);
      Question question = question(request, seconded.reviews, approval, aged.state().now());
      Decision decision = parts.policies().decide(question, aged.state());
      Selection selection = select(decision, aged, fields, request.window().limit());
      Receipt receipt = log(request, approval, decision, selection, key);
      List<Opened> opened =
          decision instanceof Permit permit
              ? parts.vault().open(permit, receipt, key, selection.candidates)
              : List.of();
      return new ReadAnswer.Answer(
          decision.policy(), shown(decision, selection, opened, fields), receipt);
    } catch (NoHistory erasedMeanwhile) {
      return unknown(request, policy, person.state().now());
    }
  }

  // ------------------------------------------------------------------------------ which values

  /** The values to open, and what came of each asked field. */
  private static final class Selection {
    final List<Vault.Candidate> candidates = new ArrayList<>();
    final List<Tally> tallies = new ArrayList<>();
    final List<Sealed> looked = new ArrayList<>();
    final List<@Nullable Reason> withheld = new ArrayList<>();
  }

  private static Selection select(Decision decision, Person person, Fields fields, int most) {
    Selection selection = new Selection();
    for (int i = 0; i < decision.question().fields().size(); i++) {
      Tally tally = new Tally();
      selection.tallies.add(tally);
      selection.withheld.add(null);
      FieldId field = decision.field(i);
      if (decision instanceof Permit permit && field != null && permit.view(i) != null) {
        select(selection, permit, i, field, tally, person, fields, most);
      }
    }
    return selection;
  }

  private static void select(
      Selection selection,
      Permit permit,
      int i,
      FieldId field,
      Tally tally,
      Person person,
      Fields fields,
      int most) {
    boolean series = fields.isSeries(field.toString());
    int granted = 0;
    List<Sealed> held = person.held(field);
    for (Sealed value : series ? held : preferred(held, permit.question().product())) {
      Reason reason = permit.admits(i, value.product(), value.collectedAt());
      selection.looked.add(value);
      if (reason == null) {
        tally.grant(1);
        tally.pooled(permit.pooledBy(i, value.product()));
        selection.candidates.add(new Vault.Candidate(i, fields.declaration(field).type(), value));
        granted++;
        if (!series || granted == most) {
          return;
        }
      } else {
        tally.withhold(reason);
        if (reason != Reason.EXPIRED) { // what is no longer kept is as if not there (IV.1)
          selection.withheld.set(i, reason);
        }
      }
    }
  }

  /**
   * The product's own value or the account's; only where there is none, other products', newest
   * first.
   */
  static List<Sealed> preferred(List<Sealed> held, String product) {
    for (Sealed value : held) {
      if (value.holder() == null || value.holder().value().equals(product)) {
        return List.of(value);
      }
    }
    return held.stream().sorted(Comparator.comparing(Sealed::collectedAt).reversed()).toList();
  }

  // ------------------------------------------------------------------------------------ the log

  private Receipt log(
      ReadRequest request,
      @Nullable ApprovedUse approval,
      Decision decision,
      Selection selection,
      SubjectKey key) {
    Detail detail =
        LoggedDetail.of(
            decision,
            request.caller(),
            request.justification(),
            approval == null ? null : Approving.reference(approval, key),
            approval == null ? null : approval.id(),
            selection.tallies,
            selection.looked);
    Facts facts =
        parts.logbook().decided(Kind.READ, request.caller(), decision, selection.tallies).build();
    Duration review = reviewTerm(decision);
    if (review == null) {
      return parts.entries().record(key, facts, detail);
    }
    Instant now = decision.state().now();
    UUID id = parts.ids().unordered();
    return database.change(
        tx -> {
          Receipt receipt = parts.entries().append(tx, key, facts, detail.withRefersTo(id));
          reviews.open(
              tx,
              new EmergencyUse(
                  key.subject(),
                  id,
                  request.caller().id(),
                  Objects.requireNonNull(request.purpose()),
                  request.product(),
                  now,
                  now.plus(review)));
          return receipt;
        });
  }

  /** Within which term a permitted emergency use is to be reviewed, or null (II.I.7). */
  private @Nullable Duration reviewTerm(Decision decision) {
    Question question = decision.question();
    boolean emergency =
        decision instanceof Permit
            && question.purpose() != null
            && question.asker().capacity() == Asker.Capacity.ROLE;
    if (!emergency) {
      return null;
    }
    CompiledPolicy policy = parts.policies().version(decision.policy()).orElseThrow();
    Purpose purpose = policy.declaredPurpose(Objects.requireNonNull(question.purpose()));
    return purpose == null
        ? null
        : purpose.breakGlass().map(Policy.BreakGlass::reviewWithin).orElse(null);
  }

  // ---------------------------------------------------------------------------------- the answer

  private List<FieldAnswer> shown(
      Decision decision, Selection selection, List<Opened> opened, Fields fields) {
    LocalDate today = decision.state().now().atZone(ZoneOffset.UTC).toLocalDate();
    List<FieldAnswer> answers = new ArrayList<>();
    for (int i = 0; i < decision.question().fields().size(); i++) {
      Reason reason = decision.reason(i);
      FieldId field = decision.field(i);
      View view = decision.view(i);
      if (reason != null || field == null || view == null) {
        answers.add(
            new Withheld(
                FieldRefusal.of(decision, i, reason == null ? Reason.NOT_LISTED : reason)));
        continue;
      }
      List<ShownValue> values = new ArrayList<>();
      boolean identifies = false;
      for (Opened one : opened) {
        if (one.asked() == i) {
          Optional<Object> json = seen(one.value(), view, fields.declaration(field), today);
          identifies |= json.isEmpty();
          json.ifPresent(
              j ->
                  values.add(
                      new ShownValue(
                          j,
                          one.place().datum(),
                          one.place().observedAt(),
                          provenance(decision, one.place()))));
        }
      }
      Reason datum = identifies ? Reason.DIRECT_IDENTIFIER : selection.withheld.get(i);
      answers.add(answer(decision, i, field, view, values, datum, fields));
    }
    return answers;
  }

  /** Told to the person alone. */
  private @Nullable Provenance provenance(Decision decision, Sealed value) {
    return decision.question().asker().capacity() == Asker.Capacity.ROLE
        ? null
        : new Provenance(
            value.product(),
            value.source(),
            value.collectedAt(),
            parts
                .policies()
                .keptUntil(value.field(), value.product(), value.collectedAt(), decision.state()));
  }

  private static FieldAnswer answer(
      Decision decision,
      int i,
      FieldId field,
      View view,
      List<ShownValue> values,
      @Nullable Reason withheld,
      Fields fields) {
    if (!values.isEmpty()) {
      return new Shown(field.toString(), view, fields.isSeries(field.toString()), values);
    }
    return withheld == null
        ? new Absent(field.toString())
        : new Withheld(FieldRefusal.of(decision, i, withheld));
  }

  /** The value as it is seen, if anything of it is. */
  static Optional<Object> seen(Value value, View view, Field field, LocalDate today) {
    return switch (view) {
      case CLEAR -> Optional.of(value.json());
      case MASKED -> Optional.of(value.masked(field.mask()));
      case DE_IDENTIFIED -> value.deidentified(today);
    };
  }
}
