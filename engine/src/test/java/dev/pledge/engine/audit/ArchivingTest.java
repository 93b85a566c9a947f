package dev.pledge.engine.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.DatabaseFailed;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.engine.store.Work;
import dev.pledge.log.Caller;
import dev.pledge.log.Detail;
import dev.pledge.log.Entry;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.log.Merkle;
import dev.pledge.log.Outcome;
import dev.pledge.log.Quorum;
import dev.pledge.log.Verifier;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.Period;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Entries that grow old: archived, read as before, and at last let go. */
class ArchivingTest {
  private static final String LOG = "test";
  private static final int MANY = 700;

  /** Of the database's clock too, which is asked how old an entry is. */
  private final Instant present = InstantSource.system().instant().truncatedTo(ChronoUnit.SECONDS);

  private final Instant old = present.minus(Duration.ofDays(40));
  private final TestDatabase testDatabase = TestDatabase.fresh();
  private final Database database = testDatabase.database();
  private final AtomicReference<Instant> now =
      new AtomicReference<>(present.minus(Duration.ofDays(366L * 6)));
  private final InstantSource clock = now::get;
  private final IntakeSeal seal = TestSeals.intake(3);
  private final LogSigner signer = TestSeals.signer(LOG);
  private final TestSeals.Person key = new TestSeals.Person();
  private final SubjectId subject = new SubjectId(UUID.randomUUID());
  private final Audit audit =
      new Audit(LOG, database, seal, signer, Gauge.OPEN, clock, new SecureRandom(), Limits.DEFAULT);
  private final Sequencer sequencer =
      new Sequencer(LOG, database, seal, signer, new MemoryAnchor(), UUID.randomUUID(), step -> {});
  private final LogReader reader = new LogReader(LOG, database, seal);

  ArchivingTest() {
    database.change(
        tx -> {
          audit.open(tx, subject);
          return true;
        });
  }

  @AfterEach
  void close() {
    audit.close();
    testDatabase.close();
  }

  /** Enters so many a minute apart, every third about the person, and places them. */
  private void enter(int count) {
    if (now.get().isBefore(old)) {
      now.set(old);
    }
    enterNow(count);
  }

  private void enterNow(int count) {
    for (int from = 0; from < count; from += 100) {
      int some = Math.min(100, count - from);
      database.change(
          tx -> {
            for (int i = 0; i < some; i++) {
              audit.append(tx, draft(i));
            }
            return true;
          });
    }
    sequencer.work();
  }

  private Draft draft(int i) {
    now.updateAndGet(at -> at.plusSeconds(1));
    Facts facts =
        Facts.of(Kind.READ, clock.instant(), Outcome.PERMITTED, Caller.of(Caller.STAFF, "agent"))
            .build();
    return i % 3 == 0 ? Draft.about(subject, key, facts, Detail.NONE) : Draft.aboutNobody(facts);
  }

  private Archiving archiving(Ageing ageing) {
    PublicLog shown = new PublicLog(LOG, database, signer, Quorum.NONE);
    return new Archiving(LOG, database, seal, audit, ageing, clock, shown::size);
  }

  private long archive() {
    now.set(present);
    return archiving(Ageing.USUAL).archive(() -> true);
  }

  /** Tells the log, and lets go once that is covered. */
  private long prune() {
    Archiving archiving = archiving(THREE_YEARS);
    archiving.prune();
    sequencer.work();
    return archiving.prune();
  }

  private long rows(String table) {
    return database.read(
        handle -> handle.createQuery("select count(*) from " + table).mapTo(Long.class).one());
  }

  private void asOwner(String sql, Object... arguments) {
    Database.over(testDatabase.owner()).read(handle -> handle.execute(sql, arguments));
  }

  private List<Entry> history() {
    return audit
        .history(subject, key, Optional.empty(), 1_000, HistoryFilter.NONE, handle -> entry -> true)
        .entries()
        .stream()
        .map(Recorded::entry)
        .toList();
  }

  private List<Recorded> all() {
    List<Recorded> all = new ArrayList<>();
    for (long at = reader.first(); at < reader.size(); at += LogReader.BLOCK) {
      all.addAll(reader.from(at, LogReader.BLOCK));
    }
    return all;
  }

  private Map<String, byte[]> export() {
    Map<String, byte[]> copy = new TreeMap<>();
    LogExport export = new LogExport(LOG, database, seal, signer, Quorum.NONE);
    export.write(export.extent().orElseThrow(), copy::put, done -> {});
    return copy;
  }

  private Verifier.Outcome verify(Map<String, byte[]> copy) {
    return new Verifier(
            path -> Optional.ofNullable(copy.get(path)), signer.verifierKeys(), Quorum.NONE)
        .verify((done, all) -> {});
  }

  // ---------------------------------------------------------------- archived

  @Test
  @Clause("IV.2")
  void whatIsArchivedIsReadAndProvedAsBefore() {
    enter(MANY);
    List<Recorded> before = all();
    List<Entry> told = history();
    Map<String, byte[]> copy = export();
    assertThat(archive()).isEqualTo(2);
    assertThat(rows("intake")).isEqualTo(MANY - 512);
    assertThat(reader.size()).isEqualTo(MANY);
    assertThat(all()).isEqualTo(before);
    assertThat(reader.from(250, 300)).isEqualTo(before.subList(250, 550));
    assertThat(reader.from(511, 1)).isEqualTo(before.subList(511, 512));
    assertThat(history()).isEqualTo(told);
    assertThat(export())
        .usingRecursiveComparison()
        .as("every file of a copy, byte for byte")
        .isEqualTo(copy);
    assertThat(archive()).as("nothing is left to do").isZero();
  }

  @Test
  void everyArchivedEntryIsProvedByItsId() {
    enter(300);
    archive();
    PublicLog log = new PublicLog(LOG, database, signer, Quorum.NONE);
    for (Recorded each : reader.from(0, 300)) {
      PublicLog.Included included = log.inclusion(each.entry().id()).orElseThrow();
      assertThat(included.position()).isEqualTo(each.position().orElseThrow());
      assertThat(
              Merkle.isIncluded(
                  each.leaf(),
                  included.position(),
                  included.size(),
                  verify(export()).checkpoint().orElseThrow().root(),
                  included.proof()))
          .isTrue();
    }
    assertThat(log.inclusion(UUID.randomUUID())).isEmpty();
  }

  @Test
  void anIdOfTheYear10889IsFoundNowhere() {
    enter(256);
    archive();
    UUID latest = new UUID(0xffff_ffff_ffff_7000L, Long.MIN_VALUE);
    Set<UUID> asked = Set.of(latest, reader.from(7, 1).getFirst().entry().id());
    assertThat(database.<List<Archive.Archived>>read(handle -> Archive.places(handle, asked)))
        .extracting(Archive.Archived::place)
        .containsExactly(new Place(LOG, 7));
    assertThat(
            database.<List<Recorded>>read(handle -> new Archive(seal).find(handle, Set.of(latest))))
        .isEmpty();
    assertThat(new PublicLog(LOG, database, signer, Quorum.NONE).inclusion(latest)).isEmpty();
  }

  @Test
  void aPeriodIsFoundInTheArchiveToo() {
    enter(300);
    Instant hour = old.plus(Duration.ofHours(1));
    now.set(hour);
    enter(400);
    LogReader.Range before = reader.period(Optional.of(hour), Optional.of(hour.plusSeconds(500)));
    assertThat(before).as("by whole tiles").isEqualTo(new LogReader.Range(256, 700));
    archive();
    assertThat(reader.period(Optional.of(hour), Optional.of(hour.plusSeconds(500))))
        .isEqualTo(before);
    assertThat(reader.period(Optional.empty(), Optional.of(hour.minusSeconds(600))))
        .isEqualTo(new LogReader.Range(0, 512));
  }

  @Test
  void theLogGrowsOnOverAnArchiveThatHoldsAllOfIt() {
    enter(512);
    archive();
    assertThat(rows("intake")).isZero();
    assertThat(reader.size()).isEqualTo(512);
    assertThat(reader.from(500, 100)).hasSize(12);
    assertThat(reader.from(512, 1)).isEmpty();
    enter(10);
    assertThat(reader.from(500, 100)).hasSize(22);
    assertThat(verify(export()).isSound()).isTrue();
  }

  @Test
  void youngEntriesAndUnsignedOnesStayWhereTheyAre() {
    enter(256);
    now.set(old.plus(Duration.ofDays(30)));
    assertThat(archiving(Ageing.USUAL).archive(() -> true)).as("not all are old").isZero();
    assertThat(archive()).isEqualTo(1);
    now.set(old);
    enter(255);
    now.set(present);
    database.change(tx -> audit.append(tx, draft(1)));
    now.set(present.plus(Duration.ofDays(31)));
    assertThat(archiving(Ageing.USUAL).archive(() -> true)).as("not a whole tile").isZero();
  }

  @Test
  void checkpointsBeforeTheNewestGoWithTheirEntries() {
    for (int i = 0; i < 6; i++) {
      enter(100);
    }
    assertThat(rows("checkpoint")).isEqualTo(6);
    archive();
    assertThat(rows("checkpoint")).as("those of more than 512 entries").isEqualTo(1);
    assertThat(verify(export()).isSound()).isTrue();
  }

  // ---------------------------------------------------------------- faults

  @Test
  void anAlteredEntryKeepsItsTileFromTheArchive() {
    enter(MANY);
    asOwner(
        "update intake set sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1)"
            + " where leaf_index = 300");
    assertThatIllegalStateException()
        .isThrownBy(this::archive)
        .withMessageContaining("position 300");
    assertThat(rows("archive")).isEqualTo(1);
    assertThat(rows("intake")).isEqualTo(MANY - 256);
  }

  @Test
  void entriesThatExchangedPlacesAreNotArchived() {
    enter(256);
    asOwner("update intake set leaf_index = 21 - leaf_index where leaf_index in (10, 11)");
    assertThatExceptionOfType(LogBroken.class)
        .isThrownBy(this::archive)
        .withMessageContaining("tile 0");
    assertThat(rows("archive")).isZero();
    assertThat(rows("intake")).isEqualTo(256);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update archive set sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1)",
        "update archive set wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 1)",
        "update archive set index = 512 - index, ids = ids",
        "update archive set ids[3] = gen_random_uuid()",
        "update archive set log = 'other'",
        "delete from archive where index = 0",
        "delete from archive"
      })
  void whatIsAlteredInTheArchiveIsNoticed(String alteration) {
    enter(MANY);
    archive();
    asOwner(alteration);
    assertThatIllegalStateException().isThrownBy(() -> reader.from(0, 300));
    assertThatIllegalStateException().isThrownBy(this::history);
    assertThatIllegalStateException().isThrownBy(this::export);
  }

  @Test
  void aCopyOfAnArchivedEntryGetsNoSecondPlace() {
    enter(300);
    asOwner("create table before as select * from intake where leaf_index = 7");
    archive();
    enterNow(10);
    asOwner(
        """
        insert into intake (intake_key, id, log, epoch, sealed)
        select intake_key, id, log, epoch, sealed from before
        """);
    assertThatExceptionOfType(LogBroken.class)
        .isThrownBy(sequencer::work)
        .withMessageContaining("in `archive` as well");
    assertThat(reader.size()).isEqualTo(310);
  }

  @Test
  void whoeverReadsWhileItIsArchivedMissesNothing() throws Exception {
    enter(2_600);
    List<Recorded> before = all();
    List<Entry> told = history();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      now.set(present);
      Callable<Long> archives = () -> archiving(Ageing.USUAL).archive(() -> true);
      List<Future<Long>> working = List.of(threads.submit(archives), threads.submit(archives));
      do {
        assertThat(all()).isEqualTo(before);
        assertThat(history()).isEqualTo(told);
      } while (working.stream().anyMatch(each -> !each.isDone()));
      assertThat(working.get(0).get() + working.get(1).get())
          .as("each tile once, by one of both")
          .isLessThanOrEqualTo(10);
    }
    archive();
    assertThat(rows("archive")).isEqualTo(10);
    assertThat(all()).isEqualTo(before);
  }

  @Test
  void theDatabaseTakesNoTileThatIsNotSignedOrNotThere() {
    enter(256);
    Archive archive = new Archive(seal);
    List<Entry> entries = reader.from(0, 256).stream().map(Recorded::entry).toList();
    assertRefused(handle -> archive.put(handle, LOG, 1, entries));
    assertRefused(handle -> archive.put(handle, LOG, 0, entries.reversed()));
    assertRefused(handle -> archive.put(handle, LOG, 0, entries.subList(0, 255)));
    assertThat(rows("intake")).isEqualTo(256);
    assertThat(rows("archive")).isZero();
  }

  private void assertRefused(Work<?> work) {
    assertRefused(work, "P0001");
  }

  private void assertRefused(Work<?> work, String state) {
    assertThatExceptionOfType(DatabaseFailed.class)
        .isThrownBy(() -> database.read(work))
        .satisfies(failure -> assertThat(failure.sqlState()).isEqualTo(state));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tstzrange('2000-01-01', '2000-01-02', '[]')",
        "tstzrange('2000-01-01', '2000-01-01')",
        "tstzrange(null, null)",
        "null"
      })
  void theApplicationMakesNoEntryOlderThanItIs(String period) {
    enter(256);
    assertRefused(
        handle ->
            handle.execute(
                "select archive_tile('test', 0, (select array_agg(id order by leaf_index) from intake), "
                    + period
                    + ", 1, '', '')"));
    assertThat(rows("intake")).isEqualTo(256);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update tree set first = 512",
        "update tree set kept_from = 'infinity'",
        "delete from history_line",
        "delete from archive",
        "update archive set sealed = ''",
        "delete from intake"
      })
  void theApplicationTakesNothingAway(String statement) {
    enter(10);
    assertRefused(handle -> handle.execute(statement), "42501");
  }

  // ---------------------------------------------------------------- let go

  private static final Ageing THREE_YEARS =
      new Ageing(Period.ofDays(30), Optional.of(Period.ofYears(3)));

  private void enterYearsAgo(int years, int count) {
    now.set(present.minus(Duration.ofDays(366L * years)));
    enterNow(count);
  }

  @Test
  @Clause("IV.1")
  void whatIsNoLongerKeptLeavesItsHashesAndTheLogSaysSo() {
    enterYearsAgo(4, 600);
    enterYearsAgo(1, 200);
    archive();
    assertThat(rows("archive")).isEqualTo(3);
    Map<String, byte[]> before = export();
    assertThat(prune()).isEqualTo(512);
    assertThat(reader.first()).isEqualTo(512);
    assertThat(rows("archive")).isEqualTo(1);
    assertThat(history())
        .isNotEmpty()
        .allMatch(each -> reader.from(512, 289).stream().anyMatch(r -> r.entry().equals(each)));
    assertThatIllegalStateException()
        .isThrownBy(() -> reader.from(511, 1))
        .withMessageContaining("no longer kept");
    assertThat(reader.period(Optional.empty(), Optional.empty()).from()).isEqualTo(512);
    Map<String, byte[]> copy = export();
    assertThat(copy.keySet()).doesNotContain("tile/entries/000", "tile/entries/001");
    Verifier.Outcome outcome = verify(copy);
    assertThat(outcome.findings()).isEmpty();
    assertThat(outcome.pruned()).isEqualTo(512);
    assertThat(outcome.checkpoint().orElseThrow().size()).isEqualTo(801);
    assertThat(reader.from(800, 1).getFirst().entry().facts())
        .satisfies(
            facts -> {
              assertThat(facts.kind()).isEqualTo(Kind.PRUNE);
              assertThat(facts.subjects()).hasValue(512);
            });
    assertThat(prune()).as("nothing is left to let go").isEqualTo(512);
    assertThat(reader.size()).as("and nothing is said").isEqualTo(801);
    // Of a copy of before, the same files may not be missing.
    before.remove("tile/entries/000");
    assertThat(verify(before).findings())
        .extracting(Verifier.Finding::what)
        .containsExactly("missing, and no entry of the log says that it is no longer kept");
  }

  @Test
  void aLogWhoseTurnNeverComesTakesWhatIsSaidOfItAndNothingElse() {
    enterYearsAgo(4, 512);
    archive();
    List<Audit.To> logs =
        List.of(
            new Audit.To("other", TestSeals.signer("other"), Gauge.OPEN),
            new Audit.To(LOG, signer, Gauge.OPEN));
    try (Audit both =
        new Audit(logs, 1, database, seal, clock, new SecureRandom(), Limits.DEFAULT)) {
      for (int i = 0; i < 4; i++) {
        assertThat(both.record(draft(1)).log()).isEqualTo("other");
      }
      Archiving archiving =
          new Archiving(LOG, database, seal, both, THREE_YEARS, clock, () -> Long.MAX_VALUE);
      assertThat(archiving.prune()).isZero();
      sequencer.work();
      assertThat(archiving.prune()).isEqualTo(512);
    }
    assertThat(reader.size()).isEqualTo(513);
    assertThat(reader.from(512, 1).getFirst().entry().facts().kind()).isEqualTo(Kind.PRUNE);
  }

  @Test
  @Clause("IV.2")
  void nothingGoesBeforeACopyWouldSaySo() {
    enterYearsAgo(4, 600);
    archive();
    AtomicLong shown = new AtomicLong();
    Archiving archiving = new Archiving(LOG, database, seal, audit, THREE_YEARS, clock, shown::get);
    for (int i = 0; i < 3; i++) {
      assertThat(archiving.prune()).as("round %d", i).isZero();
      assertThat(verify(export()).findings()).as("round %d", i).isEmpty();
      sequencer.work();
    }
    assertThat(reader.size()).as("said once").isEqualTo(601);
    shown.set(600);
    assertThat(archiving.prune()).as("witnesses have not cosigned it").isZero();
    shown.set(601);
    assertThat(archiving.prune()).isEqualTo(512);
    assertThat(verify(export()).findings()).isEmpty();
  }

  @Test
  void nodesBesideEachOtherLetGoOfTheSame() {
    enterYearsAgo(4, 600);
    archive();
    Archiving one = archiving(THREE_YEARS);
    Archiving other = archiving(THREE_YEARS);
    one.prune();
    other.prune();
    sequencer.work();
    assertThat(one.prune()).isEqualTo(512);
    assertThat(other.prune()).isEqualTo(512);
    assertThat(verify(export()).findings()).isEmpty();
  }

  @Test
  void everyEntryCanBeLetGoAndTheLogGrowsOn() {
    enterYearsAgo(4, 512);
    archive();
    prune();
    assertThat(reader.size()).isEqualTo(513);
    assertThat(reader.first()).isEqualTo(512);
    assertThat(history()).isEmpty();
    assertThat(verify(export()).isSound()).isTrue();
    enter(255);
    now.set(present.plus(Duration.ofDays(31)));
    assertThat(archiving(THREE_YEARS).archive(() -> true)).isEqualTo(1);
    assertThat(reader.from(512, 300)).hasSize(256);
    assertThat(verify(export()).findings()).isEmpty();
  }

  @Test
  void theDatabaseLetsGoOfNothingThatTheLawAsksFor() {
    enterYearsAgo(2, 256);
    archive();
    assertThat(prune()).isZero();
    assertThat(archiving(Ageing.USUAL).prune()).isZero();
    Archive archive = new Archive(seal);
    assertThatExceptionOfType(DatabaseFailed.class)
        .isThrownBy(
            () ->
                database.change(
                    tx -> {
                      archive.prune(tx.handle(), LOG, 1);
                      return true;
                    }));
    assertThat(rows("archive")).isEqualTo(1);
  }

  @Test
  void nobodyCanAskForLessThanTheLawDoes() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Ageing(Period.ofDays(30), Optional.of(Period.ofDays(3 * 365))))
        .withMessageContaining("P3Y");
    assertThat(new Ageing(Period.ofDays(30), Optional.of(Period.ofDays(3 * 365 + 1))).keep())
        .isPresent();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Ageing(Period.ofDays(-1), Optional.empty()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Ageing(Period.ofYears(4), Optional.of(Period.ofYears(3))));
  }
}
