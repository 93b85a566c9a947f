package dev.pledge.engine.gate;

import dev.pledge.engine.actor.Actors;
import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.audit.NoHistory;
import dev.pledge.engine.audit.Overloaded;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.gate.FieldAnswer.Absent;
import dev.pledge.engine.gate.FieldAnswer.Shown;
import dev.pledge.engine.gate.FieldAnswer.ShownValue;
import dev.pledge.engine.gate.FieldAnswer.Withheld;
import dev.pledge.engine.gate.Logbook.Tally;
import dev.pledge.engine.gate.People.Hold;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.store.Database;
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
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Question;
import dev.pledge.policy.decision.Question.ExceptionUse;
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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Governed reads: fetch, decide, log, decrypt, mask, answer, in that order. */
final class Reading {
  private final Parts parts;
  private final Database database;
  private final Actors actors;

  Reading(Parts parts, Database database, Actors actors) {
    this.parts = parts;
    this.database = database;
    this.actors = actors;
  }

  /** Answers for each of the people, in their order. */
  List<ReadAnswer> read(ReadRequest request, List<SubjectId> subjects) {
    Instant asked = parts.clock().instant();
    CompiledPolicy policy = parts.policyAt(asked);
    Fields fields = parts.fields(policy);
    @Nullable ExceptionUse exception = exception(request);
    List<@Nullable Person> people =
        database.read(
            handle ->
                parts
                    .people()
                    .find(
                        handle.getConnection(),
                        subjects,
                        fields.wanted(request.fields(), request.window()),
                        Hold.NONE));
    return together(
        people,
        person ->
            person == null
                ? unknown(request, exception, policy, asked)
                : answer(request, exception, person, fields, policy));
  }

  /** At the same time for all, so that their entries share commits of the log. */
  private static List<ReadAnswer> together(
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

  /** The exception with the roles its approver holds now (II.I.7). */
  private @Nullable ExceptionUse exception(ReadRequest request) {
    LegalOrder order = request.order();
    if (order == null) {
      return null;
    }
    return new ExceptionUse(order.approver(), actors.rolesOf(order.approver()), order.fields());
  }

  private ReadAnswer unknown(
      ReadRequest request, @Nullable ExceptionUse exception, CompiledPolicy policy, Instant now) {
    Question question = question(request, exception, now);
    return new ReadAnswer.Unknown(
        parts
            .entries()
            .recordAboutNobody(
                Logbook.unknown(Kind.READ, now, request.caller(), question, policy)));
  }

  static Question question(ReadRequest request, @Nullable ExceptionUse exception, Instant now) {
    Caller caller = request.caller();
    Question question =
        Question.read(
            caller.asker(now, request.capacity(), request.assurance()),
            request.purpose(),
            request.product(),
            request.fields());
    if (request.channel() != null) {
      question = question.over(request.channel());
    }
    if (exception != null) {
      question = question.under(exception);
    }
    return request.justification() == null ? question : question.justified(request.reveal());
  }

  private ReadAnswer answer(
      ReadRequest request,
      @Nullable ExceptionUse exception,
      Person person,
      Fields fields,
      CompiledPolicy policy) {
    try (SubjectKey key = parts.keys().unwrap(person.subject(), person.wrapped())) {
      Person aged = parts.aged(person, key, policy);
      Question question = question(request, exception, aged.state().now());
      Decision decision = parts.policies().decide(question, aged.state());
      Selection selection = select(decision, aged, fields);
      Receipt receipt = log(request, decision, selection, key);
      List<Opened> opened =
          decision instanceof Permit permit
              ? parts.vault().open(permit, receipt, key, selection.candidates)
              : List.of();
      return new ReadAnswer.Answer(
          decision.policy(), shown(decision, selection, opened, fields), receipt);
    } catch (NoHistory erasedMeanwhile) {
      return unknown(request, exception, policy, person.state().now());
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

  private static Selection select(Decision decision, Person person, Fields fields) {
    Selection selection = new Selection();
    for (int i = 0; i < decision.question().fields().size(); i++) {
      Tally tally = new Tally();
      selection.tallies.add(tally);
      selection.withheld.add(null);
      FieldId field = decision.field(i);
      if (decision instanceof Permit permit && field != null && permit.view(i) != null) {
        select(selection, permit, i, field, tally, person, fields);
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
      Fields fields) {
    boolean series = fields.isSeries(field.toString());
    List<Sealed> held = person.values().stream().filter(v -> v.field().equals(field)).toList();
    for (Sealed value : series ? held : preferred(held, permit.question().product())) {
      Reason reason = permit.admits(i, value.product(), value.collectedAt());
      selection.looked.add(value);
      if (reason == null) {
        tally.grant(1);
        tally.pooled(permit.pooledBy(i, value.product()));
        selection.candidates.add(new Vault.Candidate(i, fields.declaration(field).type(), value));
        if (!series) {
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
  private static List<Sealed> preferred(List<Sealed> held, String product) {
    for (Sealed value : held) {
      if (value.holder() == null || value.holder().value().equals(product)) {
        return List.of(value);
      }
    }
    return held.stream().sorted(Comparator.comparing(Sealed::collectedAt).reversed()).toList();
  }

  // ------------------------------------------------------------------------------------ the log

  private Receipt log(ReadRequest request, Decision decision, Selection selection, SubjectKey key) {
    String reference = request.order() == null ? null : request.order().reference();
    Detail detail =
        Logbook.detail(
            decision,
            request.caller(),
            request.justification(),
            reference,
            selection.tallies,
            selection.looked);
    Facts facts =
        parts.logbook().decided(Kind.READ, request.caller(), decision, selection.tallies).build();
    Duration review = reviewTerm(decision);
    if (review == null) {
      return parts.entries().record(key, facts, detail);
    }
    Instant due = decision.state().now().plus(review);
    return database.change(
        tx -> {
          Receipt receipt = parts.entries().append(tx, key, facts, detail);
          actors.openReview(tx, request.caller().id(), request.purpose(), receipt.entry(), due);
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
    return purpose == null ? null : purpose.breakGlass().orElse(null);
  }

  // ---------------------------------------------------------------------------------- the answer

  private static List<FieldAnswer> shown(
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
          Optional<Object> json = seen(one, view, fields.declaration(field), today);
          identifies |= json.isEmpty();
          json.ifPresent(
              j -> values.add(new ShownValue(j, one.place().datum(), one.place().observedAt())));
        }
      }
      Reason datum = identifies ? Reason.DIRECT_IDENTIFIER : selection.withheld.get(i);
      answers.add(answer(decision, i, field, view, values, datum, fields));
    }
    return answers;
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

  private static Optional<Object> seen(Opened one, View view, Field field, LocalDate today) {
    return switch (view) {
      case CLEAR -> Optional.of(one.value().json());
      case MASKED -> Optional.of(one.value().masked(field.mask()));
      case DE_IDENTIFIED -> one.value().deidentified(today);
    };
  }
}
