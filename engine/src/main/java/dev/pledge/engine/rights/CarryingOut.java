package dev.pledge.engine.rights;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.audit.KeysUnavailable;
import dev.pledge.engine.audit.Overloaded;
import dev.pledge.engine.consent.Evidence;
import dev.pledge.engine.erasure.Erased;
import dev.pledge.engine.erasure.Erasure;
import dev.pledge.engine.gate.Collected;
import dev.pledge.engine.gate.Collection;
import dev.pledge.engine.gate.ConsentChange;
import dev.pledge.engine.gate.Gate;
import dev.pledge.engine.gate.Outcome;
import dev.pledge.engine.gate.Parting.Marking;
import dev.pledge.engine.gate.Petition;
import dev.pledge.engine.request.RequestKind;
import dev.pledge.engine.request.RequestState;
import dev.pledge.engine.request.RightsRequest;
import dev.pledge.engine.request.RightsRequest.Carrying;
import dev.pledge.engine.rights.Notices.Notice;
import dev.pledge.engine.store.CommitUnknown;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.DatabaseUnavailable;
import dev.pledge.engine.store.Transaction;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policy.Role;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.UndertakingId;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what was granted, by the gate and the erasure and by nothing else. What is done and that it
 * is done commit together, so a crash between leaves neither; done twice is done once.
 */
final class CarryingOut {
  private static final Logger LOG = LoggerFactory.getLogger(CarryingOut.class);
  private static final int TOGETHER = 50;

  /** As many as an entry of the log names. */
  private static final int MOST_ROLES = 32;

  /** The word for what nobody foresaw; the server's log has its class. */
  private static final String ERROR = "error";

  /** After that many attempts somebody has to see to it. */
  private static final List<Duration> PAUSES =
      List.of(
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(30),
          Duration.ofHours(2),
          Duration.ofHours(6),
          Duration.ofHours(12));

  private final Common common;
  private final Gate gate;
  private final Erasure erasure;
  private final Caller self;
  private final InstantSource clock;

  CarryingOut(Common common, Erasure erasure, Caller self, InstantSource clock) {
    this.common = common;
    this.gate = common.gate();
    this.erasure = erasure;
    this.self = self;
    this.clock = clock;
  }

  /** What came of an attempt: done, or the word and clause of what refused it. */
  private record Came(Optional<String> failure, String clause) {
    static final Came DONE = new Came(Optional.empty(), "V.4");

    static Came refused(String word, String clause) {
      return new Came(Optional.of(word), clause);
    }
  }

  /** Tries what is to be tried now; returns how many requests that were. */
  int step(Database changes) {
    Instant now = clock.instant();
    int tried = 0;
    // Whoever is sealed, or whose erasure was cut short, keeps nobody behind them waiting.
    Optional<UUID> after = Optional.empty();
    while (true) {
      Optional<UUID> from = after;
      List<RightsRequest> due =
          common.database().read(handle -> common.rows().toCarryOut(handle, now, from, TOGETHER));
      due.forEach(request -> attempt(changes, request));
      tried += due.size();
      if (due.size() < TOGETHER) {
        return tried;
      }
      after = Optional.of(due.getLast().id());
    }
  }

  private void attempt(Database changes, RightsRequest request) {
    try {
      changes.change(
          tx -> {
            attempt(tx, request);
            return request;
          });
    } catch (DatabaseUnavailable | KeysUnavailable | Overloaded | CommitUnknown away) {
      // It is as it was, or done: either way it is looked at again.
      LOG.warn("could not carry out a request now: {}", away.getClass().getSimpleName());
    } catch (RuntimeException failed) {
      LOG.error("could not carry out a request: {}", failed.getClass().getName());
      changes.change(
          tx -> {
            note(tx, request);
            return request;
          });
    }
  }

  private void attempt(Transaction tx, RightsRequest found) throws SQLException {
    Optional<Task> task = task(tx, found);
    if (task.isEmpty()) {
      return;
    }
    if (task.get().isErasure()) {
      erase(tx, found);
      return;
    }
    Came came = carryOut(tx, task.get());
    // INVARIANT: the account is taken anew, since the person's key may be another now.
    try (Petition petition = gate.petition(tx, self, found.subject()).orElseThrow()) {
      RightsRequest request = task.get().request;
      if (came.failure.isEmpty()) {
        finish(tx, petition, request);
      } else {
        Carrying carrying =
            new Carrying(request.carrying().attempts() + 1, came.failure, Optional.empty());
        common.rows().update(tx, request.carrying(carrying));
        var _ = petition.enterRefusal(request.id(), "failed", came.clause);
      }
    }
  }

  private void finish(Transaction tx, Petition petition, RightsRequest request) {
    RightsRequest done = request.endedIn(RequestState.DONE, petition.now());
    var _ =
        common.done(tx, petition, common.told(tx, petition, done, Notice.REQUEST_MESSAGE), "done");
  }

  /** Something granted, and still to be done. */
  private record Task(
      RightsRequest request, Wish wish, Judgement judgement, CompiledPolicy policy) {
    boolean isErasure() {
      return wish.kind() == RequestKind.DELETION && wish.fields().isEmpty();
    }
  }

  /** Empty where somebody else did it, or nobody is there any more. */
  private Optional<Task> task(Transaction tx, RightsRequest found) throws SQLException {
    Optional<Petition> taken = gate.petition(tx, self, found.subject());
    if (taken.isEmpty()) {
      return Optional.empty();
    }
    try (Petition petition = taken.get()) {
      return common
          .rows()
          .find(tx.handle(), found.subject(), found.id())
          .filter(request -> request.state() == RequestState.CARRYING_OUT)
          .filter(request -> request.carrying().equals(found.carrying()))
          .map(
              request ->
                  new Task(
                      request,
                      wish(tx, petition, request),
                      judgement(tx, petition, request),
                      petition.policy()));
    }
  }

  /** Of an appeal, what was wished for first. */
  private Wish wish(Transaction tx, Petition petition, RightsRequest request) {
    RightsRequest wished =
        request
            .appeals()
            .flatMap(first -> common.rows().find(tx.handle(), request.subject(), first))
            .orElse(request);
    return Looking.wish(wished, common.rows().texts(tx.handle(), wished), petition::open);
  }

  private Judgement judgement(Transaction tx, Petition petition, RightsRequest request) {
    return Looking.judgement(request, common.rows().texts(tx.handle(), request), petition::open)
        .orElseThrow();
  }

  // ---------------------------------------------------------------------------------- the deeds

  private Came carryOut(Transaction tx, Task task) throws SQLException {
    return switch (task.wish.kind()) {
      case CORRECTION -> correct(tx, task);
      case DELETION -> came(gate.delete(tx, by(task), task.request.subject(), granted(task)));
      case CLOSING ->
          came(
              gate.close(
                      tx,
                      by(task),
                      task.request.subject(),
                      task.wish.product().orElseThrow(),
                      task.judgement.conditions())
                  .outcome());
      case OBJECTION -> came(gate.consent(tx, by(task), task.request.subject(), withdrawal(task)));
      case ACCESS, RESTRICTION, COMPLAINT, APPEAL ->
          throw new IllegalStateException("nothing of a " + task.wish.kind() + " is carried out");
    };
  }

  /**
   * Pledge itself for the product the wish is about, under the roles by which its fields are
   * collected: what somebody corrects in their own right is stored as if they had told the product.
   */
  private Caller by(Task task) {
    Set<ProductId> products = new HashSet<>(self.products());
    task.wish.product().map(ProductId::new).ifPresent(products::add);
    Set<FieldId> fields =
        task.wish.values().keySet().stream().map(FieldId::of).collect(Collectors.toSet());
    List<Role> collecting =
        task.policy.source().roles().stream()
            .filter(role -> !Collections.disjoint(role.collects(), fields))
            .limit(MOST_ROLES)
            .toList();
    Map<UndertakingId, Instant> undertakings = new HashMap<>();
    collecting.forEach(
        role -> role.undertaking().ifPresent(bound -> undertakings.put(bound, Instant.MAX)));
    return new Caller(
        self.id(),
        self.kind(),
        collecting.stream().map(Role::id).collect(Collectors.toSet()),
        products,
        Set.of(),
        undertakings);
  }

  private static List<String> granted(Task task) {
    return task.judgement.fields().isEmpty()
        ? task.wish.fields()
        : task.wish.fields().stream().filter(task.judgement.fields()::contains).toList();
  }

  private Came correct(Transaction tx, Task task) throws SQLException {
    Map<String, Object> values = new TreeMap<>(task.wish.values());
    if (!task.judgement.fields().isEmpty()) {
      values.keySet().retainAll(task.judgement.fields());
    }
    Collection corrections = Collection.corrections(task.wish.product().orElseThrow(), values);
    return switch (gate.correct(tx, by(task), task.request.subject(), corrections)) {
      case Collected.Answer answer when answer.refused().isEmpty() -> Came.DONE;
      case Collected.Answer answer -> Came.refused(answer.refused().getFirst().code(), "V.1");
      case Collected.AliasTaken _ -> Came.refused("alias-taken", "V.1");
      case Collected.Unknown _ -> Came.refused("unknown", "V.1");
    };
  }

  /** What the person asked for counts from when they asked. */
  private static ConsentChange withdrawal(Task task) {
    Evidence evidence =
        new Evidence(
            "asked",
            task.request.policy(),
            "und",
            task.request.clock().receivedAt(),
            task.request.number());
    return ConsentChange.of(
        task.wish.purpose().orElseThrow(),
        Answer.WITHDRAWN,
        task.wish.product().orElse(null),
        task.wish.channel().orElse(null),
        By.SELF,
        evidence);
  }

  private static Came came(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Done _ -> Came.DONE;
      case Outcome.Refused refused ->
          Came.refused(refused.reason().code(), refused.clause().value());
      case Outcome.Unknown _ -> Came.refused("unknown", "V.4");
    };
  }

  /** That it is done goes with the person, or is there when they come back in time. */
  private void erase(Transaction tx, RightsRequest found) throws SQLException {
    try (Petition petition = gate.petition(tx, self, found.subject()).orElseThrow()) {
      finish(
          tx, petition, common.rows().find(tx.handle(), found.subject(), found.id()).orElseThrow());
    }
    if (erasure.erase(tx, self, found.subject(), false, Marking.LEFT) instanceof Erased.Unknown) {
      throw new IllegalStateException("a person whose account is taken could not be erased");
    }
  }

  // ------------------------------------------------------------------------------------- failing

  private void note(Transaction tx, RightsRequest found) throws SQLException {
    Optional<Petition> taken = gate.petition(tx, self, found.subject());
    if (taken.isEmpty()) {
      return;
    }
    try (Petition petition = taken.get()) {
      Optional<RightsRequest> request =
          common
              .rows()
              .find(tx.handle(), found.subject(), found.id())
              .filter(now -> now.state() == RequestState.CARRYING_OUT)
              .filter(now -> now.carrying().equals(found.carrying()));
      if (request.isPresent()) {
        int attempts = request.get().carrying().attempts() + 1;
        Optional<Instant> next =
            attempts > PAUSES.size()
                ? Optional.empty()
                : Optional.of(petition.now().plus(PAUSES.get(attempts - 1)));
        common
            .rows()
            .update(tx, request.get().carrying(new Carrying(attempts, Optional.of(ERROR), next)));
        var _ = petition.enterRefusal(found.id(), "failed", "V.4");
      }
    }
  }
}
