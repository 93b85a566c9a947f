package dev.pledge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.audit.Audit;
import dev.pledge.engine.audit.Gauge;
import dev.pledge.engine.audit.Limits;
import dev.pledge.engine.audit.TestSeals;
import dev.pledge.engine.store.Await;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.engine.watch.Alarms;
import dev.pledge.engine.watch.Watch;
import dev.pledge.engine.watch.WatchSettings;
import dev.pledge.policy.names.Clause;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class WatchmanTest {
  private static final String LOG = LogName.FIRST.toString();

  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.fresh();

  @Test
  @Clause("IV.2")
  void whateverIsThrownTheWatchGoesOn() throws Exception {
    Database database = DATABASE.database();
    AtomicInteger looked = new AtomicInteger();
    try (Audit audit =
            new Audit(
                LOG,
                database,
                TestSeals.intake(1),
                TestSeals.signer(LOG),
                Gauge.OPEN,
                InstantSource.system(),
                new SecureRandom(),
                Limits.DEFAULT);
        Watch watch =
            new Watch(
                Map.of(
                    LOG,
                    (position, limit) -> {
                      if (looked.incrementAndGet() == 1) {
                        throw new LinkageError("a class is gone");
                      }
                      return List.of();
                    }),
                database,
                new Alarms(database, audit, InstantSource.system()),
                WatchSettings.usual(ZoneOffset.UTC),
                UUID.randomUUID());
        ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor()) {
      var _ = thread.scheduleWithFixedDelay(new Watchman(watch), 0, 10, TimeUnit.MILLISECONDS);
      Await.until(() -> looked.get() > 1);
      assertThat(thread.shutdownNow()).isNotNull();
    }
  }
}
