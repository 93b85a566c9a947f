package dev.pledge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;

class ReadinessTest {
  private final AtomicLong now = new AtomicLong();
  private final AtomicInteger probes = new AtomicInteger();
  private final AtomicBoolean up = new AtomicBoolean(true);

  private Optional<String> probe() {
    probes.incrementAndGet();
    return up.get() ? Optional.empty() : Optional.of(Readiness.NO_DATABASE);
  }

  @Test
  void resultIsAtMostASecondOld() {
    Readiness readiness = new Readiness(this::probe, now::get);
    assertThat(readiness.now()).isTrue();
    up.set(false);
    now.addAndGet(Duration.ofMillis(999).toNanos());
    assertThat(readiness.now()).isTrue();
    assertThat(probes).hasValue(1);
    now.addAndGet(Duration.ofMillis(1).toNanos());
    assertThat(readiness.now()).isFalse();
    assertThat(probes).hasValue(2);
  }

  @Test
  void changesAreOnTheLogAndNoMore() {
    Readiness readiness = new Readiness(this::probe, now::get);
    try (LogLines log = LogLines.of(Readiness.class.getName(), Level.INFO)) {
      for (boolean state : new boolean[] {true, false, false, true, true}) {
        up.set(state);
        now.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(readiness.now()).isEqualTo(state);
        assertThat(readiness.now()).isEqualTo(state);
      }
      assertThat(log.said())
          .containsExactly(
              "the server cannot work now: the database does not answer",
              "the server can work again");
    }
  }

  @Test
  void howeverManyAskOneProbeRuns() throws Exception {
    CountDownLatch hung = new CountDownLatch(1);
    Readiness readiness =
        new Readiness(
            () -> {
              probes.incrementAndGet();
              try {
                return hung.await(60, TimeUnit.SECONDS) ? Optional.empty() : Optional.of("hung");
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            },
            now::get);
    try (LogLines log = LogLines.of(Readiness.class.getName(), Level.INFO);
        ExecutorService askers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> answers = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        answers.add(askers.submit(readiness::now));
      }
      for (Future<Boolean> answer : answers) {
        assertThat(answer.get(60, TimeUnit.SECONDS)).as("no answer is a no").isFalse();
      }
      assertThat(log.said())
          .containsExactly("the server cannot work now: the database does not answer");
    }
    assertThat(probes).hasValue(1);
    hung.countDown();
    TestServer.await("the probe to end", readiness::now);
    assertThat(probes).hasValue(1);
  }

  @Test
  void probeThatFailsIsANo() {
    Readiness readiness =
        new Readiness(
            () -> {
              throw new IllegalStateException("broken");
            },
            now::get);
    assertThat(readiness.now()).isFalse();
  }

  @Test
  void probesOfTheServerNeedNoPlace() {
    Limits limits = Limits.usual();
    Admission admission = new Admission(limits);
    List<Route> routes =
        Routes.all(
            TestServer.shared().pledge,
            limits,
            new Metrics(),
            admission,
            CentreEndpoints.of(
                TestServer.shared().pledge, CentreSettings.PLAIN, InstantSource.system()),
            InstantSource.system());
    assertThat(routes)
        .filteredOn(route -> route.path().startsWith("/health/") || route.path().equals("/metrics"))
        .hasSize(3)
        .allMatch(route -> route.load() == Load.NONE);
  }
}
