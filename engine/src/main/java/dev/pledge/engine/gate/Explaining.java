package dev.pledge.engine.gate;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.audit.NoHistory;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.gate.ExplainRequest.OfCollection;
import dev.pledge.engine.gate.ExplainRequest.OfRead;
import dev.pledge.engine.gate.People.Hold;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.vault.Sealed;
import dev.pledge.log.Detail;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.policy.decision.Act;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Decision;
import dev.pledge.policy.decision.Explanation.Origin;
import dev.pledge.policy.decision.Permit;
import dev.pledge.policy.decision.Policy.Role;
import dev.pledge.policy.decision.Question;
import dev.pledge.policy.decision.Question.HandOver;
import dev.pledge.policy.decision.Reason;
import dev.pledge.policy.language.Suggestions;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.SubjectId;
import dev.pledge.policy.names.UndertakingId;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tells why a read, a hand-over or a collection would be answered as it would, without opening or
 * storing anything. What is told says how a person has chosen, so it is entered in their history
 * like any look at them.
 */
final class Explaining {
  private final Parts parts;
  private final Database database;
  private final Reading reading;

  Explaining(Parts parts, Database database, Reading reading) {
    this.parts = parts;
    this.database = database;
    this.reading = reading;
  }

  /**
   * What was fetched.
   *
   * @param question what the caller's own question is at a moment
   * @param told the person as it is decided about them
   */
  private record Found(
      Parts.Fetched fetched, Function<Instant, Question> question, UnaryOperator<Person> told) {}

  Explained explain(ExplainRequest request, SubjectId subject) {
    Instant asked = parts.clock().instant();
    return switch (request.asked()) {
      case OfRead ofRead -> {
        try (Room.Held _ = reading.roomFor(ofRead.read())) {
          yield explain(request, subject, found(ofRead, subject), asked);
        }
      }
      case OfCollection ofCollection ->
          explain(request, subject, found(ofCollection, subject), asked);
    };
  }

  private Found found(OfRead ofRead, SubjectId subject) {
    ReadRequest read = ofRead.read();
    Reading.Fetched fetched = reading.fetch(read, List.of(subject));
    return new Found(
        fetched.found(),
        now -> {
          Reading.Seconded seconded = fetched.seconded();
          Question question =
              Reading.question(read, seconded.reviews(), seconded.approvalAbout(subject), now);
          HandOver handOver = ofRead.handOver();
          return handOver == null ? question : question.handingOver(handOver);
        },
        UnaryOperator.identity());
  }

  private Found found(OfCollection ofCollection, SubjectId subject) {
    Collection collection = ofCollection.collection();
    List<String> asked = List.copyOf(collection.values().keySet());
    Parts.Fetched fetched =
        database.read(
            handle ->
                parts.fetch(
                    handle, List.of(subject), fields -> fields.wantedProfile(asked), Hold.NONE));
    return new Found(
        fetched,
        now ->
            Collecting.question(
                ofCollection.caller(),
                collection.product(),
                collection.source(),
                collection.conditions(),
                asked,
                now),
        person -> Collecting.asTold(person, collection, fetched));
  }

  private Explained explain(ExplainRequest request, SubjectId subject, Found found, Instant asked) {
    Person person = found.fetched().first();
    CompiledPolicy policy = found.fetched().policy();
    Caller caller = request.asked().caller();
    if (person == null || !person.uses(caller.products())) {
      return unknown(caller, found, policy, asked);
    }
    try (SubjectKey key = parts.keys().unwrap(subject, person.wrapped())) {
      Person aged = parts.aged(person, key, policy);
      Person told = found.told().apply(aged);
      Question question = question(request, found.question().apply(aged.state().now()));
      Map<String, Origin> origins =
          question.act() == Act.COLLECT
              ? Map.of()
              : origins(question, found.fetched().fields(), told);
      return new Explained.Answer(
          parts.policies().explain(question, told.state(), origins),
          Suggestions.of(question, policy.forProduct(question.product()).source()),
          log(request, question, policy, aged, key));
    } catch (NoHistory erasedMeanwhile) {
      return unknown(caller, found, policy, person.state().now());
    }
  }

  private Explained unknown(Caller caller, Found found, CompiledPolicy policy, Instant now) {
    return new Explained.Unknown(
        parts
            .entries()
            .recordAboutNobody(
                Logbook.unknown(Kind.EXPLAIN, now, caller, found.question().apply(now), policy)));
  }

  private Question question(ExplainRequest request, Question own) {
    ExplainRequest.Somebody somebody = request.somebody();
    return somebody == null
        ? own
        : own.by(
            own.asker().holding(somebody.kind(), somebody.roles(), undertakings(somebody.roles())));
  }

  /** All that the roles ask for, under any version. */
  private Set<UndertakingId> undertakings(Set<RoleId> roles) {
    return parts.policies().versions().stream()
        .flatMap(policy -> policy.source().layers().stream())
        .flatMap(terms -> terms.roles().stream())
        .filter(role -> roles.contains(role.id()))
        .map(Role::undertaking)
        .flatMap(undertaking -> undertaking.stream())
        .collect(Collectors.toSet());
  }

  /**
   * Of each field that opens, where the value comes from that a read would show or, if it would
   * show none, withhold. What is not opened is not told of, nor what is no longer kept.
   */
  private Map<String, Origin> origins(Question question, Fields fields, Person person) {
    Map<String, Origin> origins = new HashMap<>();
    Decision decision = parts.policies().decide(question, person.state());
    for (int i = 0; i < question.fields().size(); i++) {
      FieldId field = decision.field(i);
      if (decision instanceof Permit permit && field != null && permit.view(i) != null) {
        String asked = question.fields().get(i);
        List<Sealed> held = person.held(field);
        Sealed value = first(permit, i, fields.isSeries(asked) ? held : preferred(held, question));
        if (value != null) {
          origins.put(asked, new Origin(value.product(), value.collectedAt()));
        }
      }
    }
    return origins;
  }

  private static List<Sealed> preferred(List<Sealed> held, Question question) {
    return Reading.preferred(held, question.product());
  }

  private static @Nullable Sealed first(Permit permit, int asked, List<Sealed> values) {
    Sealed withheld = null;
    for (Sealed value : values) {
      Reason reason = permit.admits(asked, value.product(), value.collectedAt());
      if (reason == null) {
        return value;
      }
      withheld = withheld == null && reason != Reason.EXPIRED ? value : withheld;
    }
    return withheld;
  }

  private Receipt log(
      ExplainRequest request,
      Question question,
      CompiledPolicy policy,
      Person person,
      SubjectKey key) {
    Facts.Builder facts =
        Logbook.changed(Kind.EXPLAIN, request.asked().caller(), person.state(), policy)
            .standing(Logbook.standing(person.state(), question.product()))
            .unknownNames(LoggedNames.unknownWithFields(question, policy));
    Facts entered = LoggedNames.addTo(facts, question, policy).build();
    Detail detail = Detail.of(person.state().version(), List.of());
    String why = request.asked().justification();
    return parts
        .entries()
        .record(key, entered, why == null ? detail : detail.withJustification(why));
  }
}
