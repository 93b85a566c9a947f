package dev.pledge.engine.gate;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.gate.People.Hold;
import dev.pledge.engine.gate.People.Wanted;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.vault.Sealed;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Permit;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Question;
import dev.pledge.policy.decision.Reason;
import dev.pledge.policy.names.ChannelId;
import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.FieldType;
import dev.pledge.policy.names.SubjectId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Lists who may be addressed for a purpose now (II.I.5): people for whom a read for that purpose is
 * permitted, and, over a channel that reaches people by an address, of whom there is an address
 * that the read would open. Nothing is opened to find out. Who refused, who has not accepted, and
 * children never appear.
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
    Asking asking = new Asking(caller, purpose, channel, product);
    Question question = asking.question(policy, now);
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
    return new Listing.Complete(handOver(asking, each), receipt);
  }

  /** Who is asked for, in the words of the caller. */
  private record Asking(Caller caller, String purpose, @Nullable String channel, String product) {

    Question question(CompiledPolicy policy, Instant now) {
      Question question =
          Question.read(
              caller.asker(now, Asker.Capacity.ROLE, Asker.Assurance.SIGNED_IN),
              purpose,
              product,
              fields(policy));
      return channel == null ? question : question.over(channel);
    }

    /** What the purpose uses over the channel: by an address, nothing but its addresses. */
    List<String> fields(CompiledPolicy policy) {
      Optional<ChannelId> over = over(policy);
      Purpose declared = policy.forProduct(product).declaredPurpose(purpose);
      return (declared == null ? Set.<FieldId>of() : declared.uses())
          .stream()
              .map(FieldId::toString)
              .filter(field -> over.isEmpty() || serves(policy.declared(field), over.get()))
              .sorted()
              .toList();
    }

    private static boolean serves(@Nullable Field field, ChannelId channel) {
      return field != null
          && (FieldType.isReachedByAddress(channel)
              ? field.type().channels().contains(channel)
              : field.type().opensOver(channel));
    }

    Wanted wanted(Fields fields) {
      return isByAddress(fields.policy())
          ? fields.wantedProfile(fields(fields.policy()))
          : Wanted.NOTHING;
    }

    boolean isByAddress(CompiledPolicy policy) {
      return over(policy).filter(FieldType::isReachedByAddress).isPresent();
    }

    /** The channel, if the policy knows it. */
    private Optional<ChannelId> over(CompiledPolicy policy) {
      return Optional.ofNullable(channel)
          .filter(policy.forProduct(product)::knowsChannel)
          .map(ChannelId::new);
    }
  }

  /**
   * Each page is decided by what holds, of the caller too, when it is fetched; what is fetched and
   * what is asked follow from one version.
   */
  private long handOver(Asking asking, Consumer<SubjectId> each) {
    long count = 0;
    SubjectId after = FIRST;
    while (true) {
      List<SubjectId> page = page(after, asking.product());
      if (page.isEmpty()) {
        return count;
      }
      Parts.Fetched fetched =
          database.read(handle -> parts.fetch(handle, page, asking::wanted, Hold.NONE));
      CompiledPolicy policy = fetched.policy();
      boolean byAddress = asking.isByAddress(policy);
      Question asked = null;
      for (Person person : fetched.people()) {
        if (person == null) {
          continue;
        }
        asked = asked == null ? asking.question(policy, person.state().now()) : asked;
        if (mayBeAddressed(person, asked, policy, byAddress)) {
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

  private boolean mayBeAddressed(
      Person person, Question question, CompiledPolicy policy, boolean byAddress) {
    Person aged = person;
    if (!AgeEvidence.isSettled(person.age(), person.ageLimits(policy))) {
      try (SubjectKey key = parts.keys().unwrap(person.subject(), person.wrapped())) {
        aged = parts.aged(person, key, policy);
      }
    }
    return !policy.isChild(aged.state())
        && parts.policies().decide(question, aged.state()) instanceof Permit permit
        && (!byAddress || hasAddress(permit, aged));
  }

  /** Whether a read would open one of the addresses asked for. */
  private static boolean hasAddress(Permit permit, Person person) {
    for (int i = 0; i < permit.question().fields().size(); i++) {
      FieldId field = permit.field(i);
      List<Sealed> held = field == null ? List.of() : person.held(field);
      for (Sealed value : Reading.preferred(held, permit.question().product())) {
        if (permit.admits(i, value.product(), value.collectedAt()) == null) {
          return true;
        }
      }
    }
    return false;
  }
}
