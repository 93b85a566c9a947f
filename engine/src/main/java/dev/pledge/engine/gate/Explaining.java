package dev.pledge.engine.gate;

import dev.pledge.engine.audit.NoHistory;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.vault.Sealed;
import dev.pledge.log.Detail;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Decision;
import dev.pledge.policy.decision.Explanation;
import dev.pledge.policy.decision.Explanation.Origin;
import dev.pledge.policy.decision.Permit;
import dev.pledge.policy.decision.Policy.Role;
import dev.pledge.policy.decision.Question;
import dev.pledge.policy.decision.Reason;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.SubjectId;
import dev.pledge.policy.names.UndertakingId;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tells why a read would be answered as it would, without opening anything. What is told says how a
 * person has chosen, so it is entered in their history like any look at them.
 */
final class Explaining {
  private final Parts parts;
  private final Reading reading;

  Explaining(Parts parts, Reading reading) {
    this.parts = parts;
    this.reading = reading;
  }

  Explained explain(ExplainRequest request, SubjectId subject) {
    try (Room.Held _ = reading.roomFor(request.read())) {
      return explain(request, subject, parts.clock().instant());
    }
  }

  private Explained explain(ExplainRequest request, SubjectId subject, Instant asked) {
    Reading.Fetched fetched = reading.fetch(request.read(), List.of(subject));
    Person person = fetched.found().first();
    CompiledPolicy policy = fetched.found().policy();
    if (person == null || !person.uses(request.read().caller().products())) {
      return unknown(request, policy, asked);
    }
    try (SubjectKey key = parts.keys().unwrap(subject, person.wrapped())) {
      Person aged = parts.aged(person, key, policy);
      Question question = question(request, fetched, aged.state().now(), subject);
      Explanation explanation =
          parts
              .policies()
              .explain(question, aged.state(), origins(question, fetched.found().fields(), aged));
      return new Explained.Answer(explanation, log(request, question, policy, aged, key));
    } catch (NoHistory erasedMeanwhile) {
      return unknown(request, policy, person.state().now());
    }
  }

  private Explained unknown(ExplainRequest request, CompiledPolicy policy, Instant now) {
    Question question = Reading.question(request.read(), Asker.Reviews.IN_TIME, null, now);
    return new Explained.Unknown(
        parts
            .entries()
            .recordAboutNobody(
                Logbook.unknown(Kind.EXPLAIN, now, request.read().caller(), question, policy)));
  }

  private Question question(
      ExplainRequest request, Reading.Fetched fetched, Instant now, SubjectId subject) {
    Question own =
        Reading.question(
            request.read(),
            fetched.seconded().reviews(),
            fetched.seconded().approvalAbout(subject),
            now);
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
        Logbook.changed(Kind.EXPLAIN, request.read().caller(), person.state(), policy)
            .standing(Logbook.standing(person.state(), question.product()));
    Facts entered = LoggedNames.addTo(facts, question, policy).build();
    Detail detail = Detail.of(person.state().version(), List.of());
    String why = request.read().justification();
    return parts
        .entries()
        .record(key, entered, why == null ? detail : detail.withJustification(why));
  }
}
