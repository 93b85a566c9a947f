package dev.pledge.engine.gate;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.gate.People.Hold;
import dev.pledge.engine.gate.People.Wanted;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.store.Database;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Permit;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Question;
import dev.pledge.policy.decision.Reason;
import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.SubjectId;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lists who may be addressed for a purpose now (II.I.5): people for whom a read for that purpose is
 * permitted. Who refused, who has not accepted, and children never appear.
 */
final class Audience {
  private static final int PAGE = 1_000;
  private static final SubjectId FIRST = new SubjectId(new UUID(0, 0));

  private final Parts parts;
  private final Database database;

  Audience(Parts parts, Database database) {
    this.parts = parts;
    this.database = database;
  }

  Listing list(
      Caller caller,
      String purpose,
      @Nullable String channel,
      String product,
      Consumer<SubjectId> each) {
    Instant now = parts.clock().instant();
    CompiledPolicy policy = parts.policyAt(now);
    Question question = question(caller, purpose, channel, product, policy, now);
    Reason refused = policy.refusesWhole(question);
    if (refused != null) {
      Receipt receipt =
          parts
              .entries()
              .recordAboutNobody(
                  Logbook.refusedWhole(Kind.AUDIENCE, caller, question, policy, refused, now));
      return new Listing.Refused(refused, new ClauseId(refused.clause()), receipt);
    }
    // INVARIANT: the entry is durable before the first id is handed over.
    Facts facts = Logbook.listed(Kind.AUDIENCE, caller, question, policy, now).build();
    Receipt receipt = parts.entries().recordAboutNobody(facts);
    return new Listing.Complete(
        handOver(
            at -> question(caller, purpose, channel, product, parts.policyAt(at), at),
            product,
            each),
        receipt);
  }

  private static Question question(
      Caller caller,
      String purpose,
      @Nullable String channel,
      String product,
      CompiledPolicy policy,
      Instant now) {
    Purpose declared = policy.declaredPurpose(purpose);
    List<String> fields =
        (declared == null ? Set.<FieldId>of() : declared.uses())
            .stream().map(FieldId::toString).sorted().toList();
    Question question =
        Question.read(
            caller.asker(now, Asker.Capacity.ROLE, Asker.Assurance.SIGNED_IN),
            purpose,
            product,
            fields);
    return channel == null ? question : question.over(channel);
  }

  /** Each page is decided by what holds, of the caller too, when it is fetched. */
  private long handOver(
      Function<Instant, Question> question, String product, Consumer<SubjectId> each) {
    long count = 0;
    SubjectId after = FIRST;
    while (true) {
      List<SubjectId> page = page(after, product);
      if (page.isEmpty()) {
        return count;
      }
      Parts.Fetched fetched =
          database.read(handle -> parts.fetch(handle, page, fields -> Wanted.NOTHING, Hold.NONE));
      Question asked = null;
      for (Person person : fetched.people()) {
        if (asked == null && person != null) {
          asked = question.apply(person.state().now());
        }
        if (asked != null && person != null && mayBeAddressed(person, asked, fetched.policy())) {
          each.accept(person.subject());
          count++;
        }
      }
      after = page.getLast();
    }
  }

  private List<SubjectId> page(SubjectId after, String product) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    """
                    select subject_id from subject
                    where subject_id > :after
                      and (:product = any(products) or :product = :general)
                    order by subject_id limit :limit
                    """)
                .bind("after", after.value())
                .bind("product", product)
                .bind("general", CompiledPolicy.GENERAL)
                .bind("limit", PAGE)
                .map((row, context) -> new SubjectId(row.getObject("subject_id", UUID.class)))
                .list());
  }

  private boolean mayBeAddressed(Person person, Question question, CompiledPolicy policy) {
    Person aged = person;
    if (!AgeEvidence.isSettled(person.age(), policy.source().minors())) {
      try (SubjectKey key = parts.keys().unwrap(person.subject(), person.wrapped())) {
        aged = parts.aged(person, key, policy);
      }
    }
    return !policy.isChild(aged.state())
        && parts.policies().decide(question, aged.state()) instanceof Permit;
  }
}
