package dev.pledge.engine.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.pledge.engine.audit.LogReader.Range;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.log.Caller;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.log.Outcome;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogReaderTest {
  private static final Instant AT = Instant.parse("2026-04-23T10:15:30Z");
  private static final IntakeSeal SEAL = TestSeals.intake(3);

  private final TestDatabase database = TestDatabase.fresh();
  private final LogReader reader = new LogReader("test", database.database(), SEAL);

  @AfterEach
  void close() {
    database.close();
  }

  /** Enters so many in that log; they wait for their places. */
  private List<UUID> enter(String log, int count) {
    return enter(log, Collections.nCopies(count, AT));
  }

  /** Enters some that were decided then. */
  private List<UUID> enter(String log, List<Instant> times) {
    List<UUID> entered = new ArrayList<>();
    try (Audit audit =
        new Audit(
            log,
            database.database(),
            SEAL,
            TestSeals.signer(log),
            Gauge.OPEN,
            InstantSource.system(),
            new SecureRandom(),
            Limits.DEFAULT)) {
      for (Instant at : times) {
        Draft draft =
            Draft.aboutNobody(
                Facts.of(Kind.POLICY, at, Outcome.PERMITTED, Caller.of(Caller.SYSTEM, "test"))
                    .build());
        entered.add(database.database().change(tx -> audit.append(tx, draft)).entry());
      }
    }
    return entered;
  }

  private void asOwner(String statement, Object... arguments) {
    Database.over(database.owner()).read(handle -> handle.execute(statement, arguments));
  }

  @Test
  void entriesComeInTheOrderOfTheirPlacesAndOfOneLog() {
    List<UUID> entered = enter("test", 7);
    enter("other", 3);
    Placing.all(database);
    enter("test", 2); // these still wait
    assertThat(reader.size()).isEqualTo(7);
    assertThat(reader.from(0, 4))
        .extracting(each -> each.entry().id())
        .isEqualTo(entered.subList(0, 4));
    assertThat(reader.from(4, 4))
        .extracting(each -> each.entry().id())
        .isEqualTo(entered.subList(4, 7));
    assertThat(reader.from(4, 4))
        .extracting(each -> each.position().orElseThrow())
        .containsExactly(4L, 5L, 6L);
    assertThat(reader.from(7, 4)).isEmpty();
  }

  @Test
  void asManyAsThereShouldBeAreReadOrNone() {
    enter("test", 7);
    Placing.all(database);
    assertThat(reader.all(4, 3)).isEqualTo(reader.from(4, 3));
    assertThatIllegalStateException()
        .isThrownBy(() -> reader.all(4, 4))
        .withMessageContaining("log `test` lacks its entry at position 7");
  }

  @Test
  void anEmptyLogHasNoEntries() {
    assertThat(reader.size()).isZero();
    assertThat(reader.from(0, 1)).isEmpty();
    assertThat(reader.period(Optional.of(AT), Optional.empty())).isEqualTo(new Range(0, 0));
  }

  @Test
  void aBlockIsBounded() {
    assertThatIllegalArgumentException().isThrownBy(() -> reader.from(-1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> reader.from(0, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> reader.from(0, LogReader.BLOCK + 1));
  }

  @Test
  void aMissingEntryIsNamedByItsPosition() {
    enter("test", 6);
    Placing.all(database);
    asOwner("delete from intake where leaf_index = 3");
    assertThat(reader.from(0, 3)).hasSize(3);
    assertThatIllegalStateException()
        .isThrownBy(() -> reader.from(0, 6))
        .withMessageContaining("lacks its entry at position 3");
    assertThatIllegalStateException()
        .isThrownBy(() -> reader.from(3, 1))
        .withMessageContaining("lacks its entry at position 3");
    assertThatIllegalStateException()
        .isThrownBy(() -> reader.period(Optional.of(AT), Optional.empty()))
        .withMessageContaining("lacks its entry at position 3");
  }

  @Test
  void anAlteredEntryIsNamedByItsPosition() {
    enter("test", 3);
    Placing.all(database);
    asOwner(
        """
        update intake set sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1)
        where leaf_index = 1
        """);
    assertThat(reader.from(2, 1)).hasSize(1);
    assertThatIllegalStateException()
        .isThrownBy(() -> reader.from(0, 3))
        .withMessageContaining("position 1 of log `test` is not as it was written");
  }

  @Test
  void anEntryUnderAnothersIdIsNamedByItsPosition() {
    enter("test", 2);
    Placing.all(database);
    asOwner("update intake set id = ? where leaf_index = 0", UUID.randomUUID());
    assertThatIllegalStateException()
        .isThrownBy(() -> reader.from(0, 1))
        .withMessageContaining("position 0");
  }

  @Test
  void aPeriodHoldsEveryEntryOfItThoughCommitsIgnoreTime() {
    long seed = new SecureRandom().nextLong();
    Random random = new Random(seed);
    int count = 200;
    // Ten seconds from one to the next, and each out by up to half the skew.
    List<Instant> times = new ArrayList<>();
    long most = LogReader.SKEW.toMillis() / 2;
    for (int i = 0; i < count; i++) {
      times.add(AT.plusSeconds(10L * i).plusMillis(random.nextLong(-most, most + 1)));
    }
    enter("test", times);
    Placing.all(database);
    for (int round = 0; round < 50; round++) {
      Instant from = AT.plusSeconds(random.nextInt(-100, 10 * count + 100));
      Instant to = from.plusSeconds(random.nextInt(0, 600));
      Range range = reader.period(Optional.of(from), Optional.of(to));
      for (int i = 0; i < count; i++) {
        Instant time = times.get(i);
        boolean within = !time.isBefore(from) && time.isBefore(to);
        boolean held = range.from() <= i && i < range.to();
        assertThat(held || !within).as("seed %d, position %d", seed, i).isTrue();
        boolean far =
            time.isBefore(from.minus(LogReader.SKEW.multipliedBy(2)))
                || time.isAfter(to.plus(LogReader.SKEW.multipliedBy(2)));
        assertThat(held && far).as("seed %d, far position %d", seed, i).isFalse();
      }
    }
    assertThat(reader.period(Optional.empty(), Optional.empty())).isEqualTo(new Range(0, count));
  }
}
