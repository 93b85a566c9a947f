package dev.pledge.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.actor.Replies.Reply;
import dev.pledge.engine.actor.Replies.RequestInFlight;
import dev.pledge.engine.audit.Overloaded;
import dev.pledge.engine.gate.ApprovalRequest;
import dev.pledge.engine.gate.ReadAnswer;
import dev.pledge.engine.gate.ReadRequest;
import dev.pledge.engine.gate.Registration;
import dev.pledge.engine.gate.ReviewRequest;
import dev.pledge.engine.gate.Scene;
import dev.pledge.engine.oversight.Review;
import dev.pledge.engine.store.CommitUnknown;
import dev.pledge.engine.store.Connections;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.DatabaseFailed;
import dev.pledge.engine.store.FaultyDataSource;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The connection breaks once at every statement and every commit of every change: afterwards all of
 * it is there with its entry, or nothing; and asking again completes it.
 */
@Clause("IV.2")
class FaultsTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final FaultyDataSource FAULTY = new FaultyDataSource(DATABASE.dataSource());

  @RegisterExtension
  static final TestPledge PLEDGE =
      TestPledge.on(
          DATABASE,
          new Connections(FAULTY, DATABASE.owner(), DATABASE.connections().applicationRole()));

  private static final AtomicInteger KEYS = new AtomicInteger();
  private static final int MOST = 100;

  private final Scene scene = new Scene(PLEDGE);
  private final Database owner = Database.over(DATABASE.owner());

  /** How a connection may break at the n-th point. */
  private enum Fault {
    STATEMENT_LOST {
      @Override
      void arm(int n) {
        FAULTY.failStatement(n);
      }
    },
    STATEMENT_UNANSWERED {
      @Override
      void arm(int n) {
        FAULTY.loseStatementReply(n);
      }
    },
    COMMIT_LOST {
      @Override
      void arm(int n) {
        FAULTY.failCommit(n);
      }
    },
    COMMIT_UNANSWERED {
      @Override
      void arm(int n) {
        FAULTY.loseCommitReply(n);
      }
    };

    abstract void arm(int n);

    int passed() {
      boolean commit = this == COMMIT_LOST || this == COMMIT_UNANSWERED;
      return commit ? FAULTY.commits() : FAULTY.statements();
    }
  }

  private interface Change {
    void make(Changes changes, SubjectId person) throws java.sql.SQLException;
  }

  /** Who makes a change, to people for whom something has happened before. */
  private record Maker(Caller caller, Consumer<SubjectId> before, Change change) {}

  private void once(String key, SubjectId person, Maker maker) {
    PLEDGE
        .pledge()
        .once(
            maker.caller,
            key,
            new byte[32],
            changes -> {
              maker.change.make(changes, person);
              return new Reply(200, null, new byte[0]);
            });
  }

  private void survivesEveryFault(Change change) {
    survivesEveryFault(backend(change));
  }

  private Maker backend(Change change) {
    return new Maker(scene.backend, person -> {}, change);
  }

  private void survivesEveryFault(Maker change) {
    SubjectId first = scene.adult();
    change.before.accept(first);
    Map<String, Long> before = rows();
    once("fault-" + KEYS.incrementAndGet(), first, change);
    Map<String, Long> whole = difference(before, rows());
    assertThat(whole).containsKey("reply");
    for (Fault fault : Fault.values()) {
      int n = 1;
      while (survives(fault, n, change, whole)) {
        if (n++ == MOST) {
          fail("more than " + MOST + " statements");
        }
      }
      assertThat(n).isGreaterThan(1);
    }
  }

  /** Whether the n-th point was reached, and so whether there may be a next. */
  private boolean survives(Fault fault, int n, Maker change, Map<String, Long> whole) {
    SubjectId person = scene.adult();
    change.before.accept(person);
    String key = "fault-" + KEYS.incrementAndGet();
    Map<String, Long> before = rows();
    fault.arm(n);
    try {
      once(key, person, change);
      assertThat(difference(before, rows())).as("%s %d", fault, n).isEqualTo(whole);
    } catch (DatabaseFailed | Overloaded | RequestInFlight broken) {
      assertThat(difference(before, rows())).as("%s %d", fault, n).isEmpty();
    }
    boolean reached = fault.passed() >= n;
    FAULTY.reset();
    again(key, person, change);
    assertThat(difference(before, rows())).as("%s %d, again", fault, n).isEqualTo(whole);
    return reached;
  }

  /** Asks again, until the server too has noticed that the connection is gone. */
  private void again(String key, SubjectId person, Maker change) {
    while (true) {
      try {
        once(key, person, change);
        return;
      } catch (RequestInFlight stillHeld) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void whoseOutcomeIsUnknownIsNotToldThatNothingWasChanged() {
    SubjectId person = scene.adult();
    String key = "fault-" + KEYS.incrementAndGet();
    Maker consent =
        backend(
            (changes, of) ->
                changes.consent(of, TestPledge.choice("recommendation", Answer.GRANTED, By.SELF)));
    Map<String, Long> before = rows();
    FAULTY.loseCommitReplyAndGoAway();
    assertThatThrownBy(() -> once(key, person, consent)).isInstanceOf(CommitUnknown.class);
    FAULTY.reset();
    assertThat(difference(before, rows())).containsKey("consent_event");
    again(key, person, consent);
    assertThat(difference(before, rows())).containsEntry("consent_event", 1L);
  }

  @Test
  void registering() {
    survivesEveryFault(
        (changes, person) ->
            changes.register(
                new Registration(
                    "meeting",
                    Map.of("email", "f" + person + "@example.com"),
                    LocalDate.of(1990, 1, 1),
                    TestPledge.acceptance(),
                    List.of(TestPledge.choice("recommendation", Answer.GRANTED, By.SELF)),
                    null)));
  }

  @Test
  void collecting() {
    survivesEveryFault(
        (changes, person) ->
            changes.collect(
                person,
                Scene.from(
                    "meeting",
                    "person",
                    Map.of(
                        "identity.name",
                        "Wei",
                        "contact.email",
                        "c" + person + "@example.com",
                        "log.access",
                        List.of(
                            Map.of(
                                "observedAt",
                                "2026-01-01T00:00:00Z",
                                "value",
                                Map.of("event", "open", "attributes", Map.of())))))));
  }

  @Test
  void consenting() {
    survivesEveryFault(
        (changes, person) ->
            changes.consent(person, TestPledge.choice("recommendation", Answer.GRANTED, By.SELF)));
  }

  @Test
  void deleting() {
    survivesEveryFault((changes, person) -> changes.delete(person, List.of("contact.email")));
  }

  @Test
  void closingAndJoining() {
    survivesEveryFault(
        (changes, person) -> {
          changes.close(person, "meeting", Set.of());
          changes.join(person, "calendar", TestPledge.acceptance());
        });
  }

  @Test
  @Clause({"V.1", "II.II.3"})
  void erasing() {
    survivesEveryFault((changes, person) -> changes.erase(person));
  }

  @Test
  @Clause("II.I.7")
  void approving() {
    PLEDGE.caller("legal-faults", Asker.Kind.STAFF, "legal");
    Caller officer = PLEDGE.caller("officer-faults", Asker.Kind.STAFF, "privacy-officer");
    ApprovalRequest request =
        new ApprovalRequest(
            "court-order",
            "meeting",
            "(2026) 12",
            List.of("contact.email"),
            new ActorId("legal-faults"),
            null);
    survivesEveryFault(
        new Maker(officer, person -> {}, (changes, person) -> changes.approve(person, request)));
  }

  @Test
  @Clause("II.I.7")
  void reviewing() {
    Caller rescuer = PLEDGE.caller("rescuer-faults", Asker.Kind.STAFF, "security-officer");
    Caller officer = PLEDGE.caller("officer-faults", Asker.Kind.STAFF, "privacy-officer");
    Map<SubjectId, UUID> uses = new HashMap<>();
    survivesEveryFault(
        new Maker(
            officer,
            person -> {
              var _ = scene.emergency(rescuer, person);
              uses.put(person, scene.latestReview(person));
            },
            (changes, person) ->
                changes.review(
                    person, new ReviewRequest(uses.get(person), Review.Finding.JUSTIFIED, null))));
  }

  @Test
  @Clause({"II.I.7", "V.1"})
  void erasingWhoIsToBeReviewed() {
    Caller rescuer = PLEDGE.caller("rescuer-faults", Asker.Kind.STAFF, "security-officer");
    survivesEveryFault(
        new Maker(
            scene.backend,
            person -> scene.emergency(rescuer, person),
            (changes, person) -> changes.erase(person)));
  }

  @Test
  void whatIsReadWasEnteredBefore() {
    for (Fault fault : Fault.values()) {
      boolean reached = true;
      for (int n = 1; reached; n++) {
        SubjectId person = scene.adult();
        Map<String, Long> before = rows();
        fault.arm(n);
        boolean given = given(() -> PLEDGE.pledge().read(request(), person));
        reached = fault.passed() >= n;
        FAULTY.reset();
        long entered = difference(before, rows()).getOrDefault("intake", 0L);
        long lines = difference(before, rows()).getOrDefault("history_line", 0L);
        assertThat(lines).isEqualTo(entered);
        assertThat(entered).isBetween(given ? 1L : 0L, 1L);
        assertThat(given(() -> PLEDGE.pledge().read(request(), person))).isTrue();
      }
    }
  }

  private ReadRequest request() {
    return ReadRequest.of(scene.backend, "customer-service", "meeting", List.of("contact.email"));
  }

  private static boolean given(Supplier<ReadAnswer> read) {
    try {
      return read.get() instanceof ReadAnswer.Answer;
    } catch (DatabaseFailed | Overloaded broken) {
      return false;
    }
  }

  private Map<String, Long> rows() {
    return owner.read(
        handle -> {
          Map<String, Long> rows = new TreeMap<>();
          for (String table :
              handle
                  // Those that the log's own thread writes grow by themselves.
                  .createQuery(
                      """
                      select tablename from pg_tables where schemaname = 'public'
                        and tablename not in ('tree', 'tile', 'checkpoint', 'anchor')
                      """)
                  .mapTo(String.class)
                  .list()) {
            rows.put(
                table, handle.createQuery("select count(*) from " + table).mapTo(Long.class).one());
          }
          return rows;
        });
  }

  private static Map<String, Long> difference(Map<String, Long> before, Map<String, Long> after) {
    Map<String, Long> difference = new TreeMap<>();
    after.forEach(
        (table, count) -> {
          long more = count - before.get(table);
          if (more != 0) {
            difference.put(table, more);
          }
        });
    return difference;
  }
}
