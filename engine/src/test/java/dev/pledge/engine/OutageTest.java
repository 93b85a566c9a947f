package dev.pledge.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.actor.Replies.Reply;
import dev.pledge.engine.audit.Overloaded;
import dev.pledge.engine.gate.Collected;
import dev.pledge.engine.gate.FieldAnswer;
import dev.pledge.engine.gate.ReadAnswer;
import dev.pledge.engine.gate.ReadRequest;
import dev.pledge.engine.gate.Scene;
import dev.pledge.engine.gate.Window;
import dev.pledge.engine.store.CommitUnknown;
import dev.pledge.engine.store.DatabaseUnavailable;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The database is stopped while people are served, and started again. */
@Clause("IV.2")
class OutageTest {
  private static final int WRITERS = 6;
  private static final int OUTAGES = 3;
  private static final int BETWEEN = 25;

  @Test
  void nothingIsHalfWrittenAndServiceResumesByItself() throws Exception {
    try (TestDatabase database = TestDatabase.onPrivateServer();
        Open open = new Open(TestPledge.on(database))) {
      Scene scene = new Scene(open.pledge);
      Set<String> acknowledged = ConcurrentHashMap.newKeySet();
      Map<String, SubjectId> people = new TreeMap<>();
      AtomicReference<Throwable> unexpected = new AtomicReference<>();
      AtomicInteger refused = new AtomicInteger();
      AtomicInteger made = new AtomicInteger();
      CountDownLatch done = new CountDownLatch(1);
      List<Thread> writers = new ArrayList<>();
      for (int w = 0; w < WRITERS; w++) {
        String writer = "w" + w;
        SubjectId person = scene.adult();
        people.put(writer, person);
        writers.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      for (int i = 0; done.getCount() > 0 && unexpected.get() == null; i++) {
                        String value = writer + "-" + i;
                        try {
                          collect(open.pledge, scene, person, value);
                          acknowledged.add(value);
                          made.incrementAndGet();
                        } catch (DatabaseUnavailable | CommitUnknown | Overloaded down) {
                          refused.incrementAndGet();
                        } catch (RuntimeException | Error e) {
                          unexpected.set(e);
                        }
                      }
                    }));
      }
      for (int outage = 0; outage < OUTAGES; outage++) {
        awaitMore(made, BETWEEN, unexpected);
        database.stop();
        awaitMore(refused, 1, unexpected);
        SubjectId anyone = people.get("w0");
        assertThatThrownBy(() -> open.pledge.pledge().read(request(scene), anyone))
            .isInstanceOfAny(DatabaseUnavailable.class, Overloaded.class);
        database.start();
      }
      awaitMore(made, BETWEEN, unexpected);
      done.countDown();
      for (Thread writer : writers) {
        writer.join();
      }
      assertThat(unexpected.get()).isNull();
      for (Map.Entry<String, SubjectId> person : people.entrySet()) {
        List<String> there = values(open.pledge, person.getValue());
        assertThat(there).doesNotHaveDuplicates();
        assertThat(there)
            .containsAll(
                acknowledged.stream()
                    .filter(value -> value.startsWith(person.getKey() + "-"))
                    .toList());
        assertThat(collections(scene, person.getValue())).isEqualTo(there.size());
      }
    }
  }

  private static void awaitMore(
      AtomicInteger count, int more, AtomicReference<Throwable> unexpected) {
    int until = count.get() + more;
    while (count.get() < until && unexpected.get() == null) {
      Thread.onSpinWait();
    }
  }

  private static void collect(TestPledge pledge, Scene scene, SubjectId person, String value) {
    pledge
        .pledge()
        .once(
            scene.backend,
            value,
            new byte[32],
            changes -> {
              Collected collected =
                  changes.collect(
                      person,
                      Scene.from(
                          "meeting",
                          "product-use",
                          Map.of(
                              "log.access",
                              List.of(
                                  Map.of(
                                      "observedAt",
                                      "2026-01-01T00:00:00Z",
                                      "value",
                                      Map.of("event", value, "attributes", Map.of()))))));
              assertThat(((Collected.Answer) collected).refused()).isEmpty();
              return new Reply(200, null, new byte[0]);
            });
  }

  private static ReadRequest request(Scene scene) {
    return ReadRequest.of(scene.backend, "customer-service", "meeting", List.of("contact.email"));
  }

  private static List<String> values(TestPledge pledge, SubjectId person) {
    ReadRequest plain =
        ReadRequest.of(
            pledge.caller("security-o", Asker.Kind.SERVICE, "security-officer", "legal"),
            "security",
            "meeting",
            List.of("log.access"));
    ReadRequest request =
        new ReadRequest(
            plain.caller(),
            Asker.Capacity.SUBJECT,
            Asker.Assurance.STEPPED_UP,
            plain.purpose(),
            plain.product(),
            plain.fields(),
            null,
            null,
            Set.of(),
            null,
            new Window(null, null, 1000));
    FieldAnswer answer =
        ((ReadAnswer.Answer) pledge.pledge().read(request, person)).fields().getFirst();
    return answer instanceof FieldAnswer.Shown shown
        ? shown.values().stream()
            .map(value -> ((Map<?, ?>) value.json()).get("event").toString())
            .toList()
        : List.of();
  }

  private static long collections(Scene scene, SubjectId person) {
    return scene.history(person).stream()
        .filter(line -> line.recorded().entry().facts().kind().name().equals("collect"))
        .count();
  }

  /** Closes the Pledge and leaves the database to its owner. */
  private record Open(TestPledge pledge) implements AutoCloseable {
    @Override
    public void close() {
      pledge.pledge().close();
    }
  }
}
