package dev.pledge.engine.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.pledge.engine.audit.LogReader.Range;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.log.Caller;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.log.Outcome;
import dev.pledge.policy.names.Clause;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
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

  // ------------------------------------------------------------------------------------- periods

  private static final int CHUNK = 128;

  private final Sequencer sequencer =
      new Sequencer(
          "test",
          database.database(),
          SEAL,
          TestSeals.signer("test"),
          new Anchor() {
            private Optional<byte[]> kept = Optional.empty();

            @Override
            public Optional<byte[]> last() {
              return kept;
            }

            @Override
            public void keep(byte[] checkpoint) {
              kept = Optional.of(checkpoint);
            }
          },
          UUID.randomUUID(),
          step -> {});

  /** Half a tile, of a second each, in places that follow those there are. */
  private void enterFrom(Instant from) {
    enter("test", IntStream.range(0, CHUNK).mapToObj(from::plusSeconds).toList());
    sequencer.work();
  }

  private List<Instant> times() {
    List<Instant> times = new ArrayList<>();
    for (long at = 0; at < reader.size(); at += LogReader.BLOCK) {
      reader.from(at, LogReader.BLOCK).forEach(each -> times.add(each.entry().facts().at()));
    }
    return times;
  }

  private Range period(Instant from, Instant to) {
    return reader.period(Optional.of(from), Optional.of(to));
  }

  @Test
  @Clause("IV.2")
  void aPeriodHoldsEveryEntryOfItWhateverTheClocksDid() {
    for (int i = 0; i < 4; i++) {
      enterFrom(AT.plusSeconds((long) i * CHUNK));
    }
    enterFrom(AT.plus(Duration.ofDays(400))); // a clock that was wrong for a while
    for (int i = 0; i < 6; i++) {
      enterFrom(AT.minus(Duration.ofHours(3)).plusSeconds((long) i * CHUNK)); // set back for good
    }
    List<Instant> times = times();
    assertThat(times).hasSize(11 * CHUNK);
    long seed = new SecureRandom().nextLong();
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      Instant from = times.get(random.nextInt(times.size())).plusSeconds(random.nextInt(-60, 60));
      Instant to = from.plusSeconds(random.nextInt(0, 600));
      Range range = period(from, to);
      for (int i = 0; i < times.size(); i++) {
        boolean within = !times.get(i).isBefore(from) && times.get(i).isBefore(to);
        assertThat(!within || (range.from() <= i && i < range.to()))
            .as("seed %d, position %d", seed, i)
            .isTrue();
      }
    }
  }

  @Test
  void aPeriodCostsItsOwnTiles() {
    for (int i = 0; i < 10; i++) {
      enterFrom(AT.plusSeconds((long) i * CHUNK));
    }
    assertThat(period(AT.plusSeconds(300), AT.plusSeconds(310))).isEqualTo(new Range(256, 512));
    assertThat(period(AT.plusSeconds(500), AT.plusSeconds(520))).isEqualTo(new Range(256, 768));
    assertThat(period(AT.minusSeconds(9), AT).size()).isZero();
    assertThat(period(AT.plusSeconds(2000), AT.plusSeconds(3000)).size()).isZero();
    assertThat(period(AT.plusSeconds(9), AT).size()).isZero();
    assertThat(reader.period(Optional.of(AT.plusSeconds(1024)), Optional.empty()))
        .isEqualTo(new Range(1024, 1280));
    assertThat(reader.period(Optional.empty(), Optional.of(AT.plusSeconds(1))))
        .isEqualTo(new Range(0, 256));
    assertThat(reader.period(Optional.empty(), Optional.empty())).isEqualTo(new Range(0, 1280));
  }

  @Test
  void aTileThatIsMissingIsNotPassedOver() {
    for (int i = 0; i < 4; i++) {
      enterFrom(AT.plusSeconds((long) i * CHUNK));
    }
    asOwner("delete from tile where level = 0 and index = 1");
    assertThatExceptionOfType(LogBroken.class)
        .isThrownBy(() -> period(AT, AT.plusSeconds(9)))
        .withMessageContaining("lacks tiles");
  }

  @Test
  void tilesOfBeforeAreGivenTheirTimesAndLookedThroughUntilThen() {
    Instant now = InstantSource.system().instant().truncatedTo(ChronoUnit.SECONDS);
    enter("test", Collections.nCopies(300, now));
    sequencer.work();
    asOwner("update tile set period = null");
    enter("test", List.of(now));
    sequencer.work();
    assertThat(period(AT.minusSeconds(9), AT)).isEqualTo(new Range(0, 301));
    String migration = TestDatabase.migration("V100__audit_tile_period.sql");
    asOwner(migration.substring(migration.indexOf("update tile")));
    assertThat(period(AT.minusSeconds(9), AT).size()).isZero();
    assertThat(period(now, now.plusSeconds(1))).isEqualTo(new Range(0, 301));
  }
}
