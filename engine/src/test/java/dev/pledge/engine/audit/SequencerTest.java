package dev.pledge.engine.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.audit.Sequencer.Step;
import dev.pledge.engine.store.Await;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.DatabaseFailed;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.log.Caller;
import dev.pledge.log.Checkpoint;
import dev.pledge.log.Facts;
import dev.pledge.log.Growth;
import dev.pledge.log.Hash;
import dev.pledge.log.Kind;
import dev.pledge.log.Merkle;
import dev.pledge.log.Outcome;
import dev.pledge.log.Promise;
import dev.pledge.log.Quorum;
import dev.pledge.log.SignedNote;
import dev.pledge.log.Tree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SequencerTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.fresh();

  /** A log of each test's own. */
  private final String log = "log-" + UUID.randomUUID();

  private final IntakeSeal seal = TestSeals.intake(3);
  private final LogSigner signer = TestSeals.signer(log);
  private final Database database =
      Database.pooled(DATABASE.dataSource(), 4, Duration.ofSeconds(2));
  private final Database owner = Database.over(DATABASE.owner());
  private final MemoryAnchor anchor = new MemoryAnchor();
  private final Audit audit = audit(Gauge.OPEN);

  @AfterEach
  void close() {
    audit.close();
    database.close();
  }

  private Audit audit(Gauge gauge) {
    return new Audit(
        log,
        database,
        seal,
        signer,
        gauge,
        InstantSource.system(),
        new SecureRandom(),
        Limits.DEFAULT);
  }

  private Sequencer sequencer(Consumer<Step> reached) {
    return new Sequencer(log, database, seal, signer, anchor, UUID.randomUUID(), reached);
  }

  private Sequencer sequencer() {
    return sequencer(step -> {});
  }

  private static Draft draft() {
    return Draft.aboutNobody(
        Facts.of(
                Kind.LOOKUP,
                Instant.parse("2026-04-23T10:15:30Z"),
                Outcome.PERMITTED,
                Caller.of(Caller.SERVICE, "mailer"))
            .build());
  }

  private List<Receipt> record(int count) {
    ConcurrentLinkedQueue<Receipt> given = new ConcurrentLinkedQueue<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count; i++) {
        threads.execute(() -> given.add(audit.record(draft())));
      }
    }
    assertThat(given).hasSize(count);
    return new ArrayList<>(given);
  }

  /** Every entry has one place, the tiles are those over the entries, and all that was signed. */
  private Checkpoint requireWhole(int entries) {
    List<Hash> leaves = leaves();
    assertThat(leaves).hasSize(entries);
    Checkpoint newest = null;
    for (byte[] note : notes()) {
      Checkpoint each = opened(note);
      assertThat(each.size()).isLessThanOrEqualTo(entries);
      assertThat(each.root()).isEqualTo(root(leaves.subList(0, (int) each.size())));
      newest = each;
    }
    assertThat(newest).isNotNull();
    assertThat(newest.size()).isEqualTo(entries);
    Hash root = newest.root();
    database.read(
        handle -> {
          Tree tree = new Tree(entries, new Trees(log).tiles(handle));
          assertThat(tree.root()).isEqualTo(root);
          for (int i = 0; i < entries; i += 1 + entries / 50) {
            assertThat(Merkle.isIncluded(leaves.get(i), i, entries, root, tree.inclusion(i)))
                .isTrue();
          }
          return true;
        });
    return newest;
  }

  private Checkpoint opened(byte[] note) {
    return Checkpoint.parse(SignedNote.open(note, signer.verifierKeys()).text());
  }

  private List<byte[]> notes() {
    return database.read(
        handle ->
            handle
                .createQuery("select note from checkpoint where log = :log order by size")
                .bind("log", log)
                .mapTo(byte[].class)
                .list());
  }

  private static Hash root(List<Hash> leaves) {
    Growth growth = new Growth();
    leaves.forEach(growth::add);
    return growth.root();
  }

  /** Of the entries that have a place, which are 0, 1, 2 and so on. */
  private List<Hash> leaves() {
    List<Hash> leaves = new ArrayList<>();
    database.read(
        handle ->
            handle
                .createQuery(
                    """
                    select leaf_index, id, epoch, sealed from intake
                    where log = :log and leaf_index is not null order by leaf_index
                    """)
                .bind("log", log)
                .map(
                    (row, context) -> {
                      assertThat(row.getLong("leaf_index")).isEqualTo(leaves.size());
                      var sealed =
                          new IntakeSeal.Sealed(row.getInt("epoch"), row.getBytes("sealed"));
                      byte[] entry = seal.open(row.getObject("id", UUID.class), sealed);
                      return leaves.add(Hash.ofLeaf(entry));
                    })
                .list());
    return leaves;
  }

  private void asOwner(String statement) {
    owner.read(handle -> handle.createUpdate(statement).bind("log", log).execute());
  }

  @Test
  void anEmptyLogIsSignedToo() {
    sequencer().work();
    assertThat(requireWhole(0).root()).isEqualTo(Hash.ofEmptyTree());
  }

  @Test
  void entriesGetPlacesAndCheckpointsCoverThem() {
    Sequencer sequencer = sequencer();
    int all = 0;
    for (int more : new int[] {1, 0, 2, 252, 1, 1, 400, 5000}) {
      record(more);
      all += more;
      sequencer.work();
      requireWhole(all);
    }
    // Nothing new is nothing to sign.
    sequencer.work();
    assertThat(notes().stream().map(note -> opened(note).size()).distinct()).hasSameSizeAs(notes());
  }

  @ParameterizedTest
  @EnumSource(Step.class)
  void stoppedAtAnyStepItGoesOnWhereItWas(Step step) {
    sequencer().work();
    record(300);
    Sequencer stopping =
        sequencer(
            reached -> {
              if (reached == step) {
                throw new IllegalStateException("stopped at " + reached);
              }
            });
    assertThatThrownBy(stopping::work).hasMessage("stopped at " + step);
    record(5);
    asOwner("update tree set held_until = '-infinity' where log = :log");
    sequencer().work();
    requireWhole(305);
    // And itself, once it is let go on.
    record(1);
    asOwner("update tree set held_until = '-infinity' where log = :log");
    assertThatThrownBy(stopping::work).hasMessage("stopped at " + step);
    sequencer().work();
    asOwner("update tree set held_until = '-infinity' where log = :log");
    sequencer().work();
    requireWhole(306);
  }

  @Test
  void itGoesOnAfterAStepThatFailedOnce() {
    AtomicBoolean fail = new AtomicBoolean();
    Sequencer sequencer =
        sequencer(
            reached -> {
              if (reached == Step.MOVED && fail.compareAndSet(true, false)) {
                throw new IllegalStateException("once");
              }
            });
    record(300);
    sequencer.work();
    record(300);
    fail.set(true);
    assertThatThrownBy(sequencer::work).hasMessage("once");
    record(7);
    sequencer.work();
    requireWhole(607);
  }

  @Test
  void severalBesideEachOtherDoNoHarm() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    CountDownLatch ended = new CountDownLatch(3);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 3; i++) {
        threads.execute(
            () -> {
              Sequencer sequencer = sequencer();
              while (!done.get()) {
                sequencer.work();
                // Whoever holds it is as good as gone.
                asOwner("update tree set held_until = '-infinity' where log = :log");
              }
              sequencer.work();
              ended.countDown();
            });
      }
      for (int i = 0; i < 10; i++) {
        record(200);
      }
      done.set(true);
      ended.await();
    }
    asOwner("update tree set held_until = '-infinity' where log = :log");
    sequencer().work();
    requireWhole(2000);
  }

  @Test
  void whoHoldsTheLeaseWorksAlone() {
    Sequencer first = sequencer();
    record(1);
    first.work();
    Sequencer second = sequencer();
    record(1);
    second.work();
    assertThat(leaves()).hasSize(1);
    first.work();
    assertThat(leaves()).hasSize(2);
    // A clock set back leaves a lease that nobody can have meant.
    asOwner(
        """
        update tree set held_until = clock_timestamp() + interval '1 day' where log = :log
        """);
    record(1);
    second.work();
    requireWhole(3);
  }

  @Test
  void whoIsClosedLetsAnotherWorkAtOnce() {
    Sequencer first = sequencer();
    record(1);
    first.work();
    first.close();
    record(1);
    Sequencer second = sequencer();
    second.work();
    requireWhole(2);
    // Whoever has the lease no more ends nobody else's.
    first.close();
    record(1);
    sequencer().work();
    assertThat(leaves()).hasSize(2);
  }

  @Test
  void entriesThatCommitLateAreNotMissed() {
    Sequencer sequencer = sequencer();
    Receipt early =
        database.change(
            tx -> {
              Receipt given = audit.append(tx, draft());
              // Others go on meanwhile.
              try (ExecutorService other = Executors.newSingleThreadExecutor()) {
                other.execute(() -> record(3));
                other.execute(sequencer::work);
              }
              return given;
            });
    assertThat(leaves()).hasSize(3);
    sequencer.work();
    requireWhole(4);
    assertThat(leaves().getLast()).isEqualTo(early.leaf());
  }

  @Test
  void anEntryThatLiesThereTwiceGetsNoSecondPlace() {
    Sequencer sequencer = sequencer();
    record(300);
    sequencer.work();
    asOwner(
        """
        insert into intake (intake_key, id, log, epoch, sealed)
        select gen_random_uuid(), id, log, epoch, sealed from intake
        where log = :log and leaf_index = 7
        """);
    assertThatExceptionOfType(LogBroken.class)
        .isThrownBy(sequencer::work)
        .withMessageContaining("twice");
    assertThat(leaves()).hasSize(300);
  }

  @Test
  void norDoCopiesOfWhatStillWaits() {
    Sequencer sequencer = sequencer();
    record(1);
    asOwner(
        """
        insert into intake (intake_key, id, log, epoch, sealed)
        select gen_random_uuid(), id, log, epoch, sealed from intake where log = :log
        """);
    assertThatExceptionOfType(LogBroken.class).isThrownBy(sequencer::work);
    assertThat(leaves()).isEmpty();
  }

  @Test
  void theApplicationGivesAnEntryItsPlaceOnce() {
    record(3);
    sequencer().work();
    for (String change : List.of("null", "7", "leaf_index + 1")) {
      assertThatExceptionOfType(DatabaseFailed.class)
          .isThrownBy(
              () ->
                  database.read(
                      handle ->
                          handle.execute(
                              "update intake set leaf_index = "
                                  + change
                                  + " where log = ? and leaf_index = 1",
                              log)))
          .satisfies(failure -> assertThat(failure.sqlState()).isEqualTo("42501"));
    }
    assertThat(leaves()).hasSize(3);
  }

  @Test
  void aDatabaseOlderThanItsLogIsSignedNoMore() {
    Sequencer sequencer = sequencer();
    record(10);
    sequencer.work();
    Checkpoint signed = requireWhole(10);
    // What a backup from before would be: nothing has its place yet.
    asOwner("update intake set leaf_index = null where log = :log");
    asOwner("delete from tile where log = :log");
    asOwner("delete from checkpoint where log = :log");
    asOwner("delete from tree where log = :log");
    asOwner(
        "delete from intake where log = :log and id = (select max(id::text)::uuid from intake where log = :log)");
    Sequencer again = sequencer();
    assertThatExceptionOfType(LogBroken.class)
        .isThrownBy(again::work)
        .withMessageContaining("older than its log")
        .withMessageContaining("restore the newest backup");
    assertThat(notes()).isEmpty();
    assertThat(opened(anchor.last().orElseThrow())).isEqualTo(signed);
  }

  @Test
  void whereTheLastCheckpointIsGoneNothingIsSignedOverADatabaseThatHasSome() {
    Sequencer sequencer = sequencer();
    record(3);
    sequencer.work();
    Optional<byte[]> last = anchor.last();
    anchor.putBack(Optional.empty());
    record(1);
    assertThatExceptionOfType(LogBroken.class)
        .isThrownBy(sequencer::work)
        .withMessageContaining("keeps no checkpoint of the log")
        .withMessageContaining("restore the file `last-checkpoint`");
    assertThat(notes()).hasSize(1);
    assertThat(anchor.last()).isEmpty();
    anchor.putBack(last);
    sequencer.work();
    requireWhole(4);
  }

  @Test
  void whereAnOlderLastCheckpointWasPutBackNothingIsSignedUntilTheNewestIsThere() {
    Sequencer sequencer = sequencer();
    record(3);
    sequencer.work();
    Optional<byte[]> older = anchor.last();
    record(2);
    sequencer.work();
    Optional<byte[]> newest = anchor.last();
    anchor.putBack(older);
    record(1);
    for (Sequencer each : List.of(sequencer, sequencer())) {
      assertThatExceptionOfType(LogBroken.class)
          .isThrownBy(each::work)
          .withMessageContaining("keeps a checkpoint of 3 entries, but one of 5 was published")
          .withMessageContaining("`last-checkpoint`")
          .withMessageContaining("put it there");
    }
    assertThat(notes()).hasSize(2);
    assertThat(anchor.last()).isEqualTo(older);
    anchor.putBack(newest);
    sequencer.work();
    requireWhole(6);
  }

  @Test
  void aLogWrittenAnewIsSignedNoMore() {
    record(10);
    sequencer().work();
    asOwner("delete from tile where log = :log");
    asOwner("delete from checkpoint where log = :log");
    asOwner("delete from tree where log = :log");
    asOwner("delete from intake where log = :log");
    record(12);
    assertThatExceptionOfType(LogBroken.class)
        .isThrownBy(sequencer()::work)
        .withMessageContaining("rewritten");
    assertThat(notes()).isEmpty();
  }

  @Test
  void aCheckpointOutsideThatIsAlteredIsToldToo() {
    record(2);
    sequencer().work();
    byte[] note = anchor.last().orElseThrow().clone();
    note[log.length() + 1]++;
    anchor.putBack(Optional.of(note));
    record(1);
    assertThatExceptionOfType(LogBroken.class)
        .isThrownBy(sequencer()::work)
        .withMessageContaining("altered");
  }

  @Test
  void anAlteredTileIsFoundBeforeItIsBuiltOn() {
    record(300);
    sequencer().work();
    asOwner(
        """
        update tile set hashes = set_byte(hashes, 5, 1 - get_byte(hashes, 5) % 2)
        where log = :log and level = 0 and index = 1
        """);
    record(1);
    asOwner("update tree set held_until = '-infinity' where log = :log");
    assertThatExceptionOfType(LogBroken.class)
        .isThrownBy(sequencer()::work)
        .withMessageContaining("tiles do not make up its root");
  }

  @Test
  void aTileThatIsGoneIsTold() {
    record(300);
    sequencer().work();
    asOwner("delete from tile where log = :log and level = 1");
    record(1);
    asOwner("update tree set held_until = '-infinity' where log = :log");
    assertThatExceptionOfType(LogBroken.class)
        .isThrownBy(sequencer()::work)
        .withMessageContaining("lacks tile 1/0");
  }

  // Bytes that make no hash at all.
  @ParameterizedTest
  @ValueSource(strings = {"substr(hashes, 1, 40)", "''::bytea", "hashes || repeat('x', 9)::bytea"})
  void aTileThatWasCutIsTold(String altered) {
    record(300);
    sequencer().work();
    asOwner("update tile set hashes = " + altered + " where log = :log and level = 0");
    record(1);
    asOwner("update tree set held_until = '-infinity' where log = :log");
    assertThatExceptionOfType(LogBroken.class)
        .isThrownBy(sequencer()::work)
        .withMessageContaining("tile 0/1 was cut short");
    PublicLog shown = new PublicLog(log, database, signer, Quorum.NONE);
    assertThatExceptionOfType(LogBroken.class).isThrownBy(() -> shown.tile(0, 0, 256));
    assertThatExceptionOfType(LogBroken.class)
        .isThrownBy(() -> database.read(handle -> new Trees(log).tiles(handle, 0, 0, 1)));
  }

  @Test
  void aRootThatIsNoHashIsTold() {
    record(3);
    sequencer().work();
    asOwner("update tree set root = '' where log = :log");
    assertThatExceptionOfType(LogBroken.class)
        .isThrownBy(sequencer()::work)
        .withMessageContaining("root is no hash");
  }

  /** By the role that serves, which may: it lets the log grow. */
  private void forge(String change) {
    database.read(
        handle ->
            handle
                .createUpdate("update tree set " + change + " where log = :log")
                .bind("log", log)
                .execute());
  }

  private void requireUnsigned(Sequencer sequencer, int signed) {
    assertThatExceptionOfType(LogBroken.class).isThrownBy(sequencer::work);
    asOwner("update tree set held_until = '-infinity' where log = :log");
    assertThatExceptionOfType(LogBroken.class).isThrownBy(sequencer()::work);
    assertThat(notes()).hasSize(signed);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 256, 300})
  void aForgedSizeIsNotSignedWhileNothingWaits(int size) {
    record(3);
    Sequencer sequencer = sequencer();
    sequencer.work();
    forge("size = " + size);
    requireUnsigned(sequencer, 1);
    assertThat(opened(anchor.last().orElseThrow()).size()).isEqualTo(3);
  }

  /** One that has placed entries, and was stopped before it signed for them. */
  private Sequencer stoppedBeforeSigning(int entries) {
    AtomicBoolean stop = new AtomicBoolean(true);
    Sequencer sequencer =
        sequencer(
            reached -> {
              if (reached == Step.COMMITTED && stop.compareAndSet(true, false)) {
                throw new IllegalStateException("stopped");
              }
            });
    record(entries);
    assertThatThrownBy(sequencer::work).hasMessage("stopped");
    assertThat(leaves()).hasSize(entries);
    return sequencer;
  }

  @Test
  void aForgedRootIsNotSignedWhileNothingWaits() {
    Sequencer sequencer = stoppedBeforeSigning(3);
    forge("root = set_byte(root, 7, (get_byte(root, 7) + 1) % 256)");
    requireUnsigned(sequencer, 0);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void aHeadPutBackToWhatTheLogOnceHadIsNotSigned(int size) {
    Sequencer sequencer = stoppedBeforeSigning(3);
    String root = HexFormat.of().formatHex(root(leaves().subList(0, size)).value().toByteArray());
    forge("size = " + size + ", root = '\\x" + root + "'");
    requireUnsigned(sequencer, 0);
  }

  @Test
  void aHeadForgedBetweenPlacingAndSigningIsNotSigned() {
    record(3);
    Sequencer sequencer =
        sequencer(
            reached -> {
              if (reached == Step.COMMITTED) {
                forge("size = 4");
              }
            });
    sequencer.work();
    assertThat(notes()).isEmpty();
    requireUnsigned(sequencer, 0);
  }

  private Receipt alteredBeforeItsPlace(int entries) {
    Receipt altered = record(entries).getFirst();
    alter(altered, 1);
    return altered;
  }

  private void alter(Receipt entry, int by) {
    owner.read(
        handle ->
            handle
                .createUpdate(
                    "update intake set sealed = set_byte(sealed, 20, (get_byte(sealed, 20) + :by) %"
                        + " 256) where id = :id")
                .bind("by", by)
                .bind("id", entry.entry())
                .execute());
  }

  @Test
  void anAlteredEntryGetsNoPlaceAndIsTold() {
    Receipt altered = alteredBeforeItsPlace(3);
    Sequencer sequencer = sequencer();
    sequencer.work();
    assertThat(leaves()).hasSize(2).doesNotContain(altered.leaf());
    assertThat(sequencer.trouble().orElseThrow()).contains("1 entries were altered");
  }

  @Test
  void anAlteredEntryThatWaitsStopsTheIntakeUntilItIsRestored() throws Exception {
    Receipt altered = alteredBeforeItsPlace(2);
    try (Sequencer sequencer =
            Sequencer.start(log, database, seal, signer, anchor, UUID.randomUUID());
        Audit heeding = audit(sequencer)) {
      Await.until(() -> sequencer.trouble().isPresent());
      heeding.record(draft());
      waitedLong();
      Await.until(() -> refusal(heeding).filter(LogBroken.class::isInstance).isPresent());
      assertThat(refusal(heeding).orElseThrow())
          .hasMessageContaining("takes nothing more: 1 entries were altered");
      alter(altered, 255);
      Await.until(() -> refusal(heeding).isEmpty() && sequencer.trouble().isEmpty());
    }
    assertThat(leaves()).contains(altered.leaf());
  }

  @Test
  void nothingIsPublishedThatIsNotAnchored() {
    anchor.failLike(new IllegalStateException("no space left on device"));
    Sequencer sequencer = sequencer();
    record(5);
    assertThatThrownBy(sequencer::work).hasMessageContaining("no space");
    assertThat(notes()).isEmpty();
    anchor.recover();
    sequencer.work();
    requireWhole(5);
  }

  /** As if everything on the log had come before what is waited for at most. */
  private void waitedLong() {
    asOwner(
        "update intake set entered_at = clock_timestamp() - interval '40 seconds' where log = :log");
  }

  @Test
  void whatIsPlacedAndNotSignedForWaitsToo() throws Exception {
    anchor.failLike(new UncheckedIOException(new IOException("read-only file system")));
    try (Sequencer sequencer =
            Sequencer.start(log, database, seal, signer, anchor, UUID.randomUUID());
        Audit heeding = audit(sequencer)) {
      heeding.record(draft());
      Await.until(() -> leaves().size() == 1);
      assertThat(sequencer.trouble()).isEmpty();
      waitedLong();
      Await.until(() -> refusal(heeding).filter(Overloaded.class::isInstance).isPresent());
      assertThat(sequencer.trouble().orElseThrow()).contains("nothing was signed");
      assertThat(notes()).isEmpty();
      anchor.recover();
      Await.until(() -> refusal(heeding).isEmpty() && sequencer.trouble().isEmpty());
      Await.until(() -> !notes().isEmpty());
    }
  }

  @Test
  void whereNobodyLetsTheLogGrowNothingIsTaken() throws Exception {
    Anchor failing =
        new Anchor() {
          @Override
          public Optional<byte[]> last() {
            throw new LinkageError("a class is gone");
          }

          @Override
          public void keep(byte[] checkpoint) {
            anchor.keep(checkpoint);
          }
        };
    try (Sequencer sequencer =
            Sequencer.start(log, database, seal, signer, failing, UUID.randomUUID());
        Audit heeding = audit(sequencer)) {
      Await.until(() -> sequencer.trouble().isPresent());
      assertThatExceptionOfType(LogBroken.class)
          .isThrownBy(() -> heeding.record(draft()))
          .withMessageContaining("has ended; start again");
    }
  }

  @Test
  void itWorksByItselfAndRefusesEntriesThatWouldWaitTooLong() throws Exception {
    try (Sequencer sequencer =
            Sequencer.start(log, database, seal, signer, anchor, UUID.randomUUID());
        Audit heeding = audit(sequencer)) {
      heeding.record(draft());
      Await.until(() -> leaves().size() == 1 && !notes().isEmpty());
      assertThat(sequencer.trouble()).isEmpty();
      // Somebody else has the log and does nothing with it, while entries wait.
      asOwner(
          """
          update tree set held_by = gen_random_uuid(),
            held_until = clock_timestamp() + interval '3 seconds'
          where log = :log
          """);
      audit.record(draft());
      asOwner(
          """
          update intake set entered_at = clock_timestamp() - interval '40 seconds'
          where log = :log and leaf_index is null
          """);
      Await.until(() -> refusal(heeding).filter(Overloaded.class::isInstance).isPresent());
      Await.until(() -> refusal(heeding).isEmpty());
    }
    asOwner("update tree set held_until = '-infinity' where log = :log");
    sequencer().work();
    requireWhole(leaves().size());
  }

  @Test
  void aBrokenLogTakesNothingMore() throws Exception {
    record(3);
    sequencer().work();
    asOwner("update tree set size = 2, held_until = '-infinity' where log = :log");
    try (Sequencer sequencer =
            Sequencer.start(log, database, seal, signer, anchor, UUID.randomUUID());
        Audit heeding = audit(sequencer)) {
      Await.until(() -> sequencer.trouble().isPresent());
      assertThatExceptionOfType(LogBroken.class)
          .isThrownBy(() -> heeding.record(draft()))
          .withMessageContaining("the log takes nothing more");
      assertThatExceptionOfType(LogBroken.class)
          .isThrownBy(() -> database.change(tx -> heeding.append(tx, draft())));
    }
  }

  private static Optional<RuntimeException> refusal(Audit heeding) {
    try {
      heeding.record(draft());
      return Optional.empty();
    } catch (Overloaded | LogBroken e) {
      return Optional.of(e);
    }
  }

  @Test
  void receiptsArePromisesThatAreKept() {
    List<Receipt> receipts = record(700);
    Receipt changed = database.change(tx -> audit.append(tx, draft()));
    receipts.add(changed);
    sequencer().work();
    requireWhole(701);
    List<Hash> leaves = leaves();
    for (Receipt receipt : receipts) {
      Receipt.Promised promised = receipt.promised();
      byte[] note = promised.note().getBytes(StandardCharsets.UTF_8);
      Promise promise = Promise.read(SignedNote.open(note, signer.verifierKeys()).text());
      assertThat(promise.origin()).isEqualTo(log);
      assertThat(promise.due()).isEqualTo(promise.at().plusSeconds(60));
      assertThat(
              Merkle.isIncluded(
                  receipt.leaf(),
                  promised.place(),
                  promise.leaves(),
                  promise.root(),
                  promised.proof()))
          .isTrue();
      assertThat(leaves).contains(receipt.leaf());
    }
    // What committed together was signed once.
    assertThat(receipts.stream().map(r -> r.promised().note()).distinct().count()).isLessThan(300);
  }

  @Test
  void nothingIsPromisedBeforeItIsDurable() {
    assertThatThrownBy(
            () ->
                new Receipt(
                        log, UUID.randomUUID(), Hash.ofEmptyTree(), Instant.now(), Optional.empty())
                    .promised())
        .hasMessageContaining("not durable");
  }

  @Test
  void theApplicationCannotRewriteTheLog() {
    record(2);
    sequencer().work();
    for (String statement :
        List.of(
            "delete from tile",
            "delete from tree",
            "delete from checkpoint",
            "update checkpoint set note = ''",
            "update intake set sealed = ''",
            "update intake set log = 'other'",
            "delete from intake")) {
      assertThatThrownBy(() -> database.<Integer>read((Handle h) -> h.execute(statement)))
          .as(statement)
          .hasMessageContaining("SQLSTATE 42501");
    }
  }
}
