package dev.pledge.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.gate.ReadAnswer;
import dev.pledge.engine.gate.ReadRequest;
import dev.pledge.engine.gate.Scene;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.DatabaseUnavailable;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.engine.store.Transaction;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One person's rows, held by somebody, hold up nobody else. */
@Clause("IV.2")
class HeldRowsTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  @RegisterExtension static final TestPledge PLEDGE = TestPledge.on(DATABASE);

  private final Scene scene = new Scene(PLEDGE);

  @Test
  void readsGoOnWhileSomebodyIsBeingErased() throws Exception {
    SubjectId held = scene.adult();
    SubjectId other = scene.adult();
    whileHeld(
        "select 1 from history where subject_id = :id for update",
        held,
        () -> {
          try (ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<ReadAnswer> ofHeld = readers.submit(() -> read(held));
            for (int i = 0; i < 5; i++) {
              assertThat(read(other)).isInstanceOf(ReadAnswer.Answer.class);
            }
            assertThatThrownBy(ofHeld::get).hasCauseInstanceOf(DatabaseUnavailable.class);
          }
        });
    assertThat(read(held)).isInstanceOf(ReadAnswer.Answer.class);
  }

  @Test
  void readsGoOnWhileManyChangesWaitForOnePerson() throws Exception {
    SubjectId held = scene.adult();
    SubjectId other = scene.adult();
    whileHeld(
        "select 1 from subject where subject_id = :id for update",
        held,
        () -> {
          try (ExecutorService changers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> waiting = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
              waiting.add(
                  changers.submit(() -> scene.collect(held, Map.of("device.language", "en"))));
            }
            assertThat(read(other)).isInstanceOf(ReadAnswer.Answer.class);
            for (Future<?> change : waiting) {
              assertThatThrownBy(change::get).hasCauseInstanceOf(DatabaseUnavailable.class);
            }
          }
        });
    assertThat(scene.collect(held, Map.of("device.language", "en")).stored()).hasSize(1);
  }

  private interface Meanwhile {
    void run() throws Exception;
  }

  private static void whileHeld(String sql, SubjectId person, Meanwhile meanwhile)
      throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    Thread holder =
        Thread.ofPlatform()
            .start(
                () ->
                    Database.over(DATABASE.owner())
                        .change(
                            (Transaction tx) -> {
                              tx.handle()
                                  .createQuery(sql)
                                  .bind("id", person.value())
                                  .mapToMap()
                                  .list();
                              held.countDown();
                              await(done);
                              return person;
                            }));
    held.await();
    try {
      meanwhile.run();
    } finally {
      done.countDown();
      holder.join();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private ReadAnswer read(SubjectId person) {
    return PLEDGE
        .pledge()
        .read(
            ReadRequest.of(scene.backend, "customer-service", "meeting", List.of("contact.email")),
            person);
  }
}
