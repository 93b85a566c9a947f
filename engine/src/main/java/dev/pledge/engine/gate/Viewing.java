package dev.pledge.engine.gate;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.audit.Audit;
import dev.pledge.engine.audit.Cursor;
import dev.pledge.engine.audit.HistoryFilter;
import dev.pledge.engine.audit.HistoryPage;
import dev.pledge.engine.audit.NoHistory;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.audit.Recorded;
import dev.pledge.engine.consent.Consents;
import dev.pledge.engine.consent.Counting;
import dev.pledge.engine.gate.People.Hold;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.keys.UnsealException;
import dev.pledge.engine.store.CursorText;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.Transaction;
import dev.pledge.log.ByteString;
import dev.pledge.log.Detail;
import dev.pledge.log.Entry;
import dev.pledge.log.Kind;
import dev.pledge.log.MalformedEntry;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.names.SubjectId;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What is told about a person without opening values: state, choices, history; each look is logged.
 */
final class Viewing {
  /** The most entries read at once for an export. */
  private static final int PART = 500;

  private final Parts parts;
  private final Database database;
  private final Consents consents;
  private final Audit audit;

  Viewing(Parts parts, Database database, Consents consents, Audit audit) {
    this.parts = parts;
    this.database = database;
    this.consents = consents;
    this.audit = audit;
  }

  /** What is told of a person, and nothing before the log has the look. */
  interface Told<T> {
    T of(Person person, SubjectKey key, Receipt receipt);
  }

  <T> T look(
      Kind kind, Caller caller, SubjectId subject, Told<T> told, Function<Receipt, T> unknown) {
    Person person = present(caller, subject);
    if (person != null) {
      try (SubjectKey key = parts.keys().unwrap(subject, person.wrapped())) {
        CompiledPolicy policy = parts.policyAt(person.state().now());
        Person aged = parts.aged(person, key, policy);
        Receipt receipt =
            parts
                .entries()
                .record(
                    key,
                    Logbook.changed(kind, caller, aged.state(), policy).build(),
                    Detail.of(aged.state().version(), List.of()));
        return told.of(aged, key, receipt);
      } catch (NoHistory erasedMeanwhile) {
        // as if never known
      }
    }
    return unknown.apply(
        parts.entries().recordAboutNobody(Logbook.unknown(kind, parts.clock().instant(), caller)));
  }

  /** The person, or null where they are nobody to the caller. */
  @Nullable Person present(Caller caller, SubjectId subject) {
    Person person = database.read(handle -> parts.one(handle, subject, Hold.NONE));
    return person == null || !person.uses(caller.products()) ? null : person;
  }

  SubjectView state(Caller caller, SubjectId subject) {
    return this.<SubjectView>look(
        Kind.STATE,
        caller,
        subject,
        (person, key, receipt) ->
            new SubjectView.State(
                person.state(), person.jurisdiction(), person.createdAt(), receipt),
        SubjectView.Unknown::new);
  }

  SubjectView choices(Caller caller, SubjectId subject, @Nullable String cursor, int limit) {
    long before = cursor == null ? Long.MAX_VALUE : CursorText.number(cursor);
    return this.<SubjectView>look(
        Kind.CONSENTS,
        caller,
        subject,
        (person, key, receipt) -> {
          // One more than the page has tells whether there is another.
          List<Consents.Event> events =
              database.read(handle -> consents.events(handle, subject, before, limit + 1));
          List<Consents.Event> page = events.subList(0, Math.min(limit, events.size()));
          return new SubjectView.Choices(
              person.state(),
              Counting.of(person.state().choices()),
              page,
              events.size() > limit
                  ? Optional.of(CursorText.of(page.getLast().order()))
                  : Optional.empty(),
              receipt);
        },
        SubjectView.Unknown::new);
  }

  AccessHistory history(
      Caller caller, SubjectId subject, HistoryFilter filter, @Nullable String cursor, int limit) {
    Optional<Cursor> from = Optional.ofNullable(cursor).map(Cursor::of);
    return this.<AccessHistory>look(
        Kind.HISTORY,
        caller,
        subject,
        (person, key, receipt) -> {
          HistoryPage page = page(key, from, limit, filter);
          return new AccessHistory.Page(
              page.entries().stream().map(recorded -> line(recorded, key)).toList(),
              page.next().map(Cursor::toString),
              page.reached(),
              receipt);
        },
        AccessHistory.Unknown::new);
  }

  /**
   * Hands over every line, newest first, from the look itself back. Each part is read, and the
   * person's key used, for itself: whoever is slow to take it holds neither, and what is erased
   * meanwhile is not handed over.
   */
  AccessHistory export(
      Caller caller, SubjectId subject, HistoryFilter filter, Consumer<AccessHistory.Line> each) {
    AccessHistory begun =
        this.<AccessHistory>look(
            Kind.HISTORY,
            caller,
            subject,
            (person, key, receipt) -> new AccessHistory.Exported(0, receipt),
            AccessHistory.Unknown::new);
    return switch (begun) {
      case AccessHistory.Exported(long _, Receipt receipt) ->
          handOver(caller, subject, filter, each, receipt);
      case AccessHistory.Page _, AccessHistory.Unknown _ -> begun;
    };
  }

  /** Every line, newest first, of which {@code receipt} has logged that they are handed over. */
  AccessHistory handOver(
      Caller caller,
      SubjectId subject,
      HistoryFilter filter,
      Consumer<AccessHistory.Line> each,
      Receipt receipt) {
    long count = 0;
    Optional<Cursor> from = Optional.empty();
    do {
      Optional<Part> part = part(caller, subject, from, filter);
      if (part.isEmpty()) {
        return new AccessHistory.Unknown(receipt);
      }
      part.get().lines.forEach(each);
      count += part.get().lines.size();
      from = part.get().next;
    } while (from.isPresent());
    return new AccessHistory.Exported(count, receipt);
  }

  private HistoryPage page(SubjectKey key, Optional<Cursor> from, int limit, HistoryFilter filter) {
    return audit.history(
        key.subject(), Entries.ofHistory(key), from, limit, filter, discretion(key.subject()));
  }

  /** Which entries the person may be told of now. */
  Function<Handle, Predicate<Entry>> discretion(SubjectId subject) {
    return handle -> new Discretion(parts.policies(), handle, subject);
  }

  /**
   * Seals what leads persons to their entries and was written before that was sealed; people who
   * are in the erasure ledger are left to be forgotten.
   *
   * @return how many people's
   */
  int sealHistories(Database changes) {
    int all = 0;
    int sealed;
    do {
      sealed = 0;
      for (SubjectId subject : audit.unsealed(changes)) {
        sealed += changes.change(tx -> sealHistory(tx, subject));
      }
      all += sealed;
    } while (sealed > 0);
    return all;
  }

  private int sealHistory(Transaction tx, SubjectId subject) throws SQLException {
    Person person = parts.one(tx.handle(), subject, Hold.FOR_ERASURE);
    if (person == null) {
      return 0;
    }
    try (SubjectKey key = parts.keys().unwrap(subject, person.wrapped())) {
      audit.seal(tx, subject, Entries.ofHistory(key));
    }
    return 1;
  }

  private record Part(List<AccessHistory.Line> lines, Optional<Cursor> next) {}

  /** Part of an export; empty if the person is no longer there to tell it to. */
  private Optional<Part> part(
      Caller caller, SubjectId subject, Optional<Cursor> from, HistoryFilter filter) {
    Person person = present(caller, subject);
    if (person == null) {
      return Optional.empty();
    }
    try (SubjectKey key = parts.keys().unwrap(subject, person.wrapped())) {
      HistoryPage page = page(key, from, PART, filter);
      return Optional.of(
          new Part(
              page.entries().stream().map(recorded -> line(recorded, key)).toList(), page.next()));
    }
  }

  private static AccessHistory.Line line(Recorded recorded, SubjectKey key) {
    ByteString sealed = recorded.entry().sealed();
    if (sealed.size() == 0) {
      return new AccessHistory.Line(recorded, null);
    }
    try {
      Detail detail = Detail.decode(key.openDetail(recorded.entry().id(), sealed.toByteArray()));
      return new AccessHistory.Line(recorded, detail.justification().orElse(null));
    } catch (UnsealException | MalformedEntry ofAnEarlierKeyOrForm) {
      return new AccessHistory.Line(recorded, null);
    }
  }
}
