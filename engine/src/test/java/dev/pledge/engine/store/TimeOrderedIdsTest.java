package dev.pledge.engine.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class TimeOrderedIdsTest {
  private final AtomicLong millis = new AtomicLong(1_776_939_330_123L);
  private final InstantSource clock = () -> Instant.ofEpochMilli(millis.get());
  private final TimeOrderedIds ids = new TimeOrderedIds(clock, new SecureRandom());

  @Test
  void idsAreOfVersionSevenAndTellTheirTime() {
    UUID id = ids.next();
    assertThat(id.version()).isEqualTo(7);
    assertThat(id.variant()).isEqualTo(2);
    assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(millis.get());
  }

  @Test
  void idsGrowEvenWhenTheClockStandsStillOrGoesBack() {
    String last = "";
    for (int i = 0; i < 20_000; i++) {
      if (i == 10_000) {
        millis.addAndGet(-3_600_000);
      }
      String next = ids.next().toString();
      assertThat(next).isGreaterThan(last);
      last = next;
    }
  }

  @Test
  void manyThreadsNeverShareAnId() {
    Set<UUID> seen = ConcurrentHashMap.newKeySet();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int thread = 0; thread < 50; thread++) {
        threads.execute(
            () -> {
              for (int i = 0; i < 1000; i++) {
                seen.add(ids.next());
              }
            });
      }
    }
    assertThat(seen).hasSize(50_000);
  }
}
