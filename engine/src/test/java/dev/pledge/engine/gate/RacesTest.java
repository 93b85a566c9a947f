package dev.pledge.engine.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.TestPledge;
import dev.pledge.engine.actor.Replies.Reply;
import dev.pledge.engine.store.Database;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RacesTest {
  @RegisterExtension static final TestPledge PLEDGE = TestPledge.open();

  private static final int ROUNDS = 1_000;
  private static final int READERS = 3;

  private final Scene scene = new Scene(PLEDGE);

  @Test
  @Clause("V.2")
  void noReadThatStartsAfterTheAcknowledgementOfAWithdrawalSucceeds() throws Exception {
    SubjectId person = scene.adult();
    scene.collect(person, Map.of("device.language", "en"));
    // Even while the person's grant may stand, odd from the acknowledgement of a withdrawal until
    // the next grant is asked for.
    AtomicInteger phase = new AtomicInteger();
    AtomicInteger wrong = new AtomicInteger();
    AtomicLong withinRefusal = new AtomicLong();
    AtomicLong permitted = new AtomicLong();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    CountDownLatch done = new CountDownLatch(1);
    List<Thread> readers = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      readers.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      while (done.getCount() > 0) {
                        int before = phase.get();
                        boolean shown =
                            !scene
                                .read(scene.backend, person, "recommendation", "device.language")
                                .allWithheld();
                        boolean refused = before % 2 == 1 && before == phase.get();
                        withinRefusal.addAndGet(refused ? 1 : 0);
                        permitted.addAndGet(shown ? 1 : 0);
                        wrong.addAndGet(shown && refused ? 1 : 0);
                      }
                    } catch (RuntimeException | Error e) {
                      failure.set(e);
                    }
                  }));
    }
    for (int round = 0; round < ROUNDS; round++) {
      scene.grant(person, "recommendation");
      scene.withdraw(person, "recommendation");
      phase.incrementAndGet();
      assertThat(
              scene.read(scene.backend, person, "recommendation", "device.language").allWithheld())
          .isTrue();
      phase.incrementAndGet();
    }
    done.countDown();
    for (Thread reader : readers) {
      reader.join();
    }
    assertThat(failure.get()).isNull();
    assertThat(wrong.get()).isZero();
    assertThat(withinRefusal.get()).isPositive();
    assertThat(permitted.get()).isPositive();
  }

  @Test
  @Clause({"V.1", "V.2"})
  void aCollectionThatWaitedForADeletionSeesIt() throws Exception {
    SubjectId person = scene.adult();
    scene.collect(person, Map.of("device.language", "en"));
    CountDownLatch deleted = new CountDownLatch(1);
    CountDownLatch commit = new CountDownLatch(1);
    Thread deleting =
        Thread.ofPlatform()
            .start(
                () ->
                    PLEDGE
                        .pledge()
                        .once(
                            scene.backend,
                            "deleting",
                            new byte[32],
                            changes -> {
                              changes.delete(person, List.of("device.language"));
                              changes.consent(
                                  person,
                                  TestPledge.choice("recommendation", Answer.WITHDRAWN, By.SELF));
                              deleted.countDown();
                              await(commit);
                              return new Reply(200, null, new byte[0]);
                            }));
    deleted.await();
    AtomicReference<Collected.Answer> collected = new AtomicReference<>();
    Thread collecting =
        Thread.ofPlatform()
            .start(
                () ->
                    collected.set(
                        (Collected.Answer)
                            scene.collect(
                                scene.backend,
                                person,
                                Scene.from(
                                    "meeting", "product-use", Map.of("device.language", "zh")))));
    while (waiting() == 0) {
      Thread.onSpinWait();
    }
    commit.countDown();
    deleting.join();
    collecting.join();
    assertThat(Scene.fate(collected.get(), "device.language")).isEqualTo("suppressed");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** How many statements wait for a lock. */
  private static long waiting() {
    return Database.over(PLEDGE.database().owner())
        .read(
            handle ->
                handle
                    .createQuery("select count(*) from pg_locks where not granted")
                    .mapTo(Long.class)
                    .one());
  }
}
