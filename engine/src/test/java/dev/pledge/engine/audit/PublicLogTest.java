package dev.pledge.engine.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.log.Caller;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.log.Outcome;
import dev.pledge.log.Quorum;
import dev.pledge.log.Tile;
import dev.pledge.policy.names.Clause;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What outsiders are answered while somebody alters the tree in the database. */
@Clause("IV.2")
class PublicLogTest {
  private static final int ENTRIES = 2 * Tile.WIDTH + 10;

  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.fresh();

  private final String log = "log-" + UUID.randomUUID();
  private final LogSigner signer = TestSeals.signer(log);
  private final IntakeSeal seal = TestSeals.intake(3);
  private final Database database =
      Database.pooled(DATABASE.dataSource(), 4, Duration.ofSeconds(2));
  private final PublicLog shown = new PublicLog(log, database, signer, Quorum.NONE);
  private final List<UUID> entries = new ArrayList<>();

  @BeforeEach
  void grow() throws InterruptedException, ExecutionException {
    try (Audit audit =
            new Audit(
                log,
                database,
                seal,
                signer,
                Gauge.OPEN,
                InstantSource.system(),
                new SecureRandom(),
                Limits.DEFAULT);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<UUID> record = () -> audit.record(draft()).entry();
      List<Future<UUID>> made = new ArrayList<>();
      for (int i = 0; i < ENTRIES; i++) {
        made.add(threads.submit(record));
      }
      for (Future<UUID> each : made) {
        entries.add(each.get());
      }
    }
    new Sequencer(log, database, seal, signer, new MemoryAnchor(), UUID.randomUUID(), step -> {})
        .work();
  }

  private static Draft draft() {
    return Draft.aboutNobody(
        Facts.of(
                Kind.LOOKUP,
                InstantSource.system().instant(),
                Outcome.PERMITTED,
                Caller.of(Caller.SERVICE, "mailer"))
            .build());
  }

  @AfterEach
  void close() {
    database.close();
  }

  private UUID at(long place) {
    return entries.stream()
        .filter(entry -> shown.inclusion(entry).orElseThrow().position() == place)
        .findFirst()
        .orElseThrow();
  }

  private void flip(int level, long index) {
    Database.over(DATABASE.owner())
        .read(
            handle ->
                handle
                    .createUpdate(
                        """
                        update tile set hashes = set_byte(hashes, 40, get_byte(hashes, 40) # 1)
                        where log = :log and level = :level and index = :index
                        """)
                    .bind("log", log)
                    .bind("level", level)
                    .bind("index", index)
                    .execute());
  }

  private static void assertBroken(Callable<?> asked) {
    assertThatExceptionOfType(LogBroken.class)
        .isThrownBy(asked::call)
        .withMessageContaining("does not lead to the root that was signed");
  }

  @Test
  void aTileWithOneBitFlippedIsNotServedAndCarriesNoProof() {
    UUID second = at(1);
    UUID last = at(ENTRIES - 1);
    assertThat(shown.tile(0, 0, Tile.WIDTH)).isPresent();
    flip(0, 0);
    assertBroken(() -> shown.tile(0, 0, Tile.WIDTH));
    assertBroken(() -> shown.tile(0, 0, 2));
    assertBroken(() -> shown.inclusion(second));
    assertBroken(() -> shown.consistency(2, ENTRIES));
    assertBroken(() -> shown.consistency(2, 2));
    assertBroken(() -> shown.tile(0, 0, 1));
    assertThat(shown.tile(0, 1, Tile.WIDTH)).isPresent();
    assertThat(shown.inclusion(last)).as("rests on the level above").isPresent();
  }

  @Test
  void theLevelAboveIsCheckedAsWell() {
    UUID second = at(1);
    flip(1, 0);
    assertBroken(() -> shown.tile(1, 0, 2));
    assertBroken(() -> shown.inclusion(second));
    assertBroken(() -> shown.consistency(300, ENTRIES));
  }

  @Test
  void whatIsWholeIsAnswered() {
    assertThat(shown.tile(0, 2, 10)).isPresent();
    assertThat(shown.tile(0, 2, 11)).isEmpty();
    assertThat(shown.tile(1, 0, 2)).isPresent();
    assertThat(shown.tile(1, 0, 3)).isEmpty();
    assertThat(shown.consistency(1, 1)).contains(List.of());
    assertThat(shown.consistency(300, ENTRIES)).isPresent();
    assertThat(shown.consistency(300, ENTRIES + 1)).isEmpty();
    assertThatIllegalArgumentException().isThrownBy(() -> shown.consistency(0, 1));
  }
}
