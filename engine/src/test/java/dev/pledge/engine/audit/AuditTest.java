package dev.pledge.engine.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.store.Await;
import dev.pledge.engine.store.CommitUnknown;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.DatabaseFailed;
import dev.pledge.engine.store.DatabaseUnavailable;
import dev.pledge.engine.store.FaultyDataSource;
import dev.pledge.engine.store.PersonStatements;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.engine.store.TimeOrderedIds;
import dev.pledge.engine.store.Transaction;
import dev.pledge.log.Caller;
import dev.pledge.log.Detail;
import dev.pledge.log.Entry;
import dev.pledge.log.Facts;
import dev.pledge.log.Hash;
import dev.pledge.log.Kind;
import dev.pledge.log.Outcome;
import dev.pledge.log.Reason;
import dev.pledge.policy.names.SubjectId;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AuditTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.fresh();

  private static final Instant AT = Instant.parse("2026-04-23T10:15:30.123456Z");
  private static final TimeOrderedIds IDS =
      new TimeOrderedIds(InstantSource.system(), new SecureRandom());
  private static final IntakeSeal SEAL = TestSeals.intake(3);

  private final Database database =
      Database.pooled(DATABASE.dataSource(), 2, Duration.ofSeconds(2));
  private final Audit audit = audit(database, Limits.DEFAULT);
  private final TestSeals.Person key = new TestSeals.Person();

  @AfterEach
  void close() {
    audit.close();
    database.close();
  }

  @Test
  void aChangeAndItsEntryCommitTogether() {
    SubjectId subject = register(audit);
    Receipt receipt =
        DATABASE
            .database()
            .change(
                tx -> {
                  change(tx.handle(), "kept-together");
                  return audit.append(tx, about(subject));
                });
    assertThat(changed("kept-together")).isTrue();
    assertThat(inIntake(receipt.entry())).isTrue();
    assertThat(entries(subject)).extracting(Entry::id).contains(receipt.entry());
  }

  @Test
  void aChangeAndItsEntryRollBackTogether() {
    SubjectId subject = register(audit);
    List<Receipt> given = new ArrayList<>();
    assertThatThrownBy(
            () ->
                DATABASE
                    .database()
                    .change(
                        tx -> {
                          change(tx.handle(), "rolled-back");
                          given.add(audit.append(tx, about(subject)));
                          throw new IllegalArgumentException("changed my mind");
                        }))
        .hasMessage("changed my mind");
    assertThat(changed("rolled-back")).isFalse();
    assertThat(inIntake(given.getFirst().entry())).isFalse();
    assertThat(entries(subject)).extracting(Entry::id).doesNotContain(given.getFirst().entry());
  }

  @Test
  void aCommitThatFailsTakesChangeAndEntryWithItOrNeither() {
    FaultyDataSource faulty = new FaultyDataSource(DATABASE.dataSource());
    Database breaking = Database.over(faulty);
    SubjectId subject = register(audit);
    for (boolean answerOnly : new boolean[] {false, true}) {
      String name = answerOnly ? "answer-lost" : "commit-lost";
      List<Receipt> given = new ArrayList<>();
      if (answerOnly) {
        faulty.loseCommitReply(1);
      } else {
        faulty.failCommit(1);
      }
      assertThatExceptionOfType(CommitUnknown.class)
          .isThrownBy(
              () ->
                  breaking.change(
                      tx -> {
                        change(tx.handle(), name);
                        given.add(audit.append(tx, about(subject)));
                        return true;
                      }));
      assertThat(changed(name)).isEqualTo(answerOnly);
      assertThat(inIntake(given.getFirst().entry())).isEqualTo(answerOnly);
    }
  }

  @Test
  void everyStatementOfAChangeThatFailsLeavesNothing() {
    FaultyDataSource faulty = new FaultyDataSource(DATABASE.dataSource());
    Database breaking = Database.over(faulty);
    SubjectId subject = register(audit);
    long before = intakeRows();
    for (int statement = 1; statement <= 2; statement++) {
      faulty.failStatement(statement);
      assertThatExceptionOfType(DatabaseFailed.class)
          .isThrownBy(
              () ->
                  breaking.change(
                      tx -> {
                        change(tx.handle(), "never");
                        return audit.append(tx, about(subject));
                      }));
    }
    assertThat(changed("never")).isFalse();
    assertThat(intakeRows()).isEqualTo(before);
  }

  @Test
  void aReceiptIsDurableOnceItsEntryIs() {
    SubjectId subject = register(audit);
    assertThat(audit.record(about(subject)).isDurable()).isTrue();
    assertThat(audit.record(aboutNobody()).isDurable()).isTrue();
    List<Receipt> given = new ArrayList<>();
    Receipt committed =
        DATABASE
            .database()
            .change(
                tx -> {
                  Receipt receipt = audit.append(tx, about(subject));
                  assertThat(receipt.isDurable()).as("before the commit").isFalse();
                  return receipt;
                });
    assertThat(committed.isDurable()).isTrue();
    assertThatThrownBy(
            () ->
                DATABASE
                    .database()
                    .change(
                        tx -> {
                          given.add(audit.append(tx, about(subject)));
                          throw new IllegalArgumentException("changed my mind");
                        }))
        .hasMessage("changed my mind");
    FaultyDataSource faulty = new FaultyDataSource(DATABASE.dataSource());
    faulty.loseCommitReply(1);
    assertThatExceptionOfType(CommitUnknown.class)
        .isThrownBy(
            () -> Database.over(faulty).change(tx -> given.add(audit.append(tx, about(subject)))));
    assertThat(given).hasSize(2).noneMatch(Receipt::isDurable);
  }

  @Test
  void aReceiptIsOfOnePersonAndOneMoment() {
    SubjectId subject = register(audit);
    Receipt receipt = audit.record(about(subject));
    assertThat(receipt.isOf(subject, AT)).isTrue();
    assertThat(receipt.isOf(subject, AT.plusNanos(1000))).isFalse();
    assertThat(receipt.isOf(unknown(), AT)).isFalse();
    assertThat(audit.record(aboutNobody()).isOf(subject, AT)).isFalse();
    assertThat(receipt.toString()).doesNotContain(subject.toString());
  }

  @Test
  void aThousandReadersAtOnceAllGetTrueReceipts() throws Exception {
    List<SubjectId> subjects = IntStream.range(0, 20).mapToObj(i -> register(audit)).toList();
    List<Future<Receipt>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 1000; i++) {
        Draft draft = i % 10 == 0 ? aboutNobody() : about(subjects.get(i % 20));
        answers.add(threads.submit(() -> audit.record(draft)));
      }
    }
    Set<UUID> seen = new HashSet<>();
    for (Future<Receipt> answer : answers) {
      Receipt receipt = answer.get();
      Entry stored = stored(receipt.entry());
      assertThat(stored.leafHash()).isEqualTo(receipt.leaf());
      assertThat(Hash.ofLeaf(stored.encode())).isEqualTo(receipt.leaf());
      assertThat(receipt.at()).isEqualTo(AT);
      assertThat(receipt.log()).isEqualTo("test");
      assertThat(seen.add(receipt.entry())).isTrue();
    }
  }

  @Test
  void aBrokenConnectionLosesAndDoublesNothing() {
    FaultyDataSource faulty = new FaultyDataSource(DATABASE.dataSource());
    SubjectId subject = register(audit);
    try (Audit breaking = audit(Database.over(faulty), Limits.DEFAULT)) {
      faulty.failStatement(1);
      Receipt failed = breaking.record(about(subject));
      faulty.loseStatementReply(1);
      Receipt lost = breaking.record(about(subject));
      assertThat(entries(subject))
          .extracting(Entry::id)
          .containsOnlyOnce(failed.entry(), lost.entry())
          .hasSize(3);
      assertThat(failed.leaf()).isEqualTo(stored(failed.entry()).leafHash());
      assertThat(lost.leaf()).isEqualTo(stored(lost.entry()).leafHash());
    }
  }

  @Test
  void aPoisonedEntryFailsAloneAndNotItsNeighbours() throws Exception {
    SubjectId subject = register(audit);
    List<Future<Receipt>> good = new ArrayList<>();
    List<Future<Receipt>> poisoned = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      try (Blocked blocked = new Blocked(subject)) {
        good.add(threads.submit(() -> audit.record(about(subject))));
        blocked.awaitWriter();
        for (int i = 0; i < 200; i++) {
          good.add(threads.submit(() -> audit.record(about(subject))));
          if (i % 70 == 3) {
            poisoned.add(threads.submit(() -> audit.record(about(unknown()))));
          }
        }
      }
    }
    for (Future<Receipt> answer : good) {
      assertThat(inIntake(answer.get().entry())).isTrue();
    }
    assertThat(poisoned)
        .hasSize(3)
        .allSatisfy(
            answer -> {
              assertThat(answer.state()).isEqualTo(Future.State.FAILED);
              assertThat(answer.exceptionNow()).isInstanceOf(NoHistory.class);
            });
    assertThat(entries(subject)).hasSize(202);
  }

  @Test
  void overloadIsAnsweredInTimeAndLeavesNoTrace() throws Exception {
    SubjectId subject = register(audit);
    Limits tight = new Limits(4, 2, Duration.ofMillis(300));
    try (Audit small = audit(database, tight);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Receipt>> answers = new ArrayList<>();
      try (Blocked blocked = new Blocked(subject)) {
        answers.add(threads.submit(() -> small.record(about(subject))));
        blocked.awaitWriter();
        for (int i = 0; i < 50; i++) {
          answers.add(threads.submit(() -> small.record(aboutNobody())));
        }
        for (Future<Receipt> answer : answers) {
          assertThatThrownBy(() -> answer.get(10, TimeUnit.SECONDS))
              .hasCauseInstanceOf(Overloaded.class);
        }
      }
      // Room was given back, and what was given up while queued is not written.
      for (int i = 0; i < 8; i++) {
        assertThat(inIntake(small.record(aboutNobody()).entry())).isTrue();
      }
    }
  }

  @Test
  void closingWritesWhatWaitsAndTakesNothingMore() throws Exception {
    SubjectId subject = register(audit);
    Audit closing = audit(database, Limits.DEFAULT);
    List<Future<Receipt>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CountDownLatch handedIn = new CountDownLatch(20);
      try (Blocked blocked = new Blocked(subject)) {
        answers.add(threads.submit(() -> closing.record(about(subject))));
        blocked.awaitWriter();
        for (int i = 0; i < 20; i++) {
          answers.add(
              threads.submit(
                  () -> {
                    handedIn.countDown();
                    return closing.record(about(subject));
                  }));
        }
        handedIn.await();
      }
      for (Future<Receipt> answer : answers) {
        assertThat(inIntake(answer.get().entry())).isTrue();
      }
      closing.close();
    }
    assertThatExceptionOfType(Overloaded.class).isThrownBy(() -> closing.record(aboutNobody()));
    closing.close();
  }

  @Test
  void aWriterThatEndedShowsAndTakesNothingMore() throws Exception {
    FaultyDataSource faulty = new FaultyDataSource(DATABASE.dataSource());
    try (Audit ending = audit(Database.over(faulty), Limits.DEFAULT)) {
      assertThat(ending.record(aboutNobody()).isDurable()).isTrue();
      assertThat(ending.accepts()).isTrue();
      faulty.endThreadAtStatement(1);
      assertThatThrownBy(() -> ending.record(aboutNobody()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("the log's writer has ended");
      Await.until(() -> !ending.accepts());
      assertThatExceptionOfType(Overloaded.class).isThrownBy(() -> ending.record(aboutNobody()));
    }
  }

  @Test
  void aLogThatCouldNotTakeAnEntryLatelySaysSo() throws Exception {
    FaultyDataSource faulty = new FaultyDataSource(DATABASE.dataSource());
    Limits tight = new Limits(8, 4, Duration.ofMillis(500));
    try (Audit failing = audit(Database.over(faulty), tight)) {
      assertThat(failing.isFailing()).isFalse();
      assertThatExceptionOfType(NoHistory.class).isThrownBy(() -> failing.record(about(unknown())));
      assertThat(failing.isFailing()).as("by what is wrong with the entry").isFalse();
      faulty.goAway();
      assertThatExceptionOfType(DatabaseUnavailable.class)
          .isThrownBy(() -> failing.record(aboutNobody()));
      assertThat(failing.isFailing()).isTrue();
      faulty.reset();
      Await.until(() -> takes(failing)); // what is queued just after a failure fails with it
      assertThat(failing.isFailing()).as("something was taken since").isFalse();
      faulty.goAway();
      assertThatExceptionOfType(DatabaseUnavailable.class)
          .isThrownBy(() -> failing.record(aboutNobody()));
      assertThat(failing.isFailing()).isTrue();
      Await.until(() -> !failing.isFailing());
      assertThat(failing.accepts()).isTrue();
    }
  }

  private static boolean takes(Audit audit) {
    try {
      return audit.record(aboutNobody()).isDurable();
    } catch (DatabaseUnavailable e) {
      return false;
    }
  }

  @Test
  void aHistoryIsPagedNewestFirst() throws Exception {
    SubjectId subject = register(audit);
    SubjectId other = register(audit);
    List<Set<UUID>> expected = new ArrayList<>();
    expected.add(Set.of(entries(subject).getFirst().id()));
    for (int i = 0; i < 6; i++) {
      audit.record(about(other));
      expected.addFirst(Set.copyOf(recordAtOnce(subject, 200)));
    }
    List<UUID> found = new ArrayList<>();
    Optional<Cursor> cursor = Optional.empty();
    int pages = 0;
    do {
      HistoryPage page =
          audit.history(subject, key, cursor, 100, HistoryFilter.NONE, handle -> each -> true);
      page.entries().forEach(recorded -> found.add(recorded.entry().id()));
      cursor = page.next().map(next -> Cursor.of(next.toString()));
      pages++;
    } while (cursor.isPresent());
    assertThat(found).hasSize(1201).doesNotHaveDuplicates();
    for (int i = 0; i < expected.size(); i++) {
      assertThat(expected.get(i))
          .as("part %d", i)
          .containsAll(found.subList(200 * i, Math.min(200 * i + 200, 1201)));
    }
    assertThat(pages).isEqualTo(13);
    assertThat(
            audit
                .history(
                    subject,
                    key,
                    Optional.empty(),
                    1000,
                    HistoryFilter.NONE,
                    handle -> each -> true)
                .entries())
        .allSatisfy(
            recorded -> {
              assertThat(recorded.log()).isEqualTo("test");
              assertThat(recorded.position()).isEmpty();
            });
  }

  @Test
  void aHistoryShowsWhatWasSaidAndOnlyThePersonsKeyOpensTheRest() {
    SubjectId subject = register(audit);
    Detail detail = Detail.of(7, List.of()).withJustification("ticket 42");
    Receipt receipt = audit.record(Draft.about(subject, key, facts(Kind.READ), detail));
    Entry entry =
        audit
            .history(subject, key, Optional.empty(), 1, HistoryFilter.NONE, handle -> each -> true)
            .entries()
            .getFirst()
            .entry();
    assertThat(entry.id()).isEqualTo(receipt.entry());
    assertThat(entry.facts())
        .as("to the second")
        .isEqualTo(facts(Kind.READ).at(AT.truncatedTo(ChronoUnit.SECONDS)));
    assertThat(entry.mark().orElseThrow().toByteArray())
        .isEqualTo(key.mark(entry.nonce().toByteArray()));
    assertThat(Detail.decode(key.open(entry.id(), entry.sealed().toByteArray()))).isEqualTo(detail);
    assertThatThrownBy(() -> new TestSeals.Person().open(entry.id(), entry.sealed().toByteArray()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void entriesAboutNobodyPointToNobody() {
    Receipt receipt = audit.record(aboutNobody());
    Entry entry = stored(receipt.entry());
    assertThat(entry.mark()).isEmpty();
    assertThat(entry.sealed().size()).isZero();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Draft(facts(Kind.READ), Optional.empty(), Detail.of(1, List.of())));
  }

  @Test
  void onceErasedNothingLeadsFromThePersonToEntriesOrBetweenThem() {
    SubjectId subject = register(audit);
    Receipt read = audit.record(about(subject));
    DATABASE.database().change(tx -> audit.append(tx, about(subject)));
    assertThat(rowsNaming(subject)).isPositive();
    Receipt erased =
        DATABASE
            .database()
            .change(
                tx -> {
                  Receipt receipt =
                      audit.append(tx, Draft.about(subject, key, facts(Kind.ERASE), Detail.NONE));
                  erase(tx, subject);
                  return receipt;
                });
    assertThat(rowsNaming(subject)).isZero();
    assertThat(entries(subject)).isEmpty();
    Entry first = stored(read.entry());
    Entry last = stored(erased.entry());
    assertThat(hex(first.encode()) + hex(last.encode()))
        .doesNotContain(subject.toString())
        .doesNotContain(subject.toString().replace("-", ""));
    assertThat(first.mark()).isPresent().isNotEqualTo(last.mark());
    assertThat(audit.record(aboutNobody()))
        .satisfies(
            receipt ->
                assertThat(intakeKeys(read.entry(), receipt.entry()))
                    .as("an intake key is everybody's")
                    .hasSize(1));
  }

  @Test
  void nothingIsEnteredAboutThePersonOnceErased() {
    SubjectId subject = register(audit);
    erase(subject);
    long before = intakeRows();
    assertThatExceptionOfType(NoHistory.class).isThrownBy(() -> audit.record(about(subject)));
    assertThatExceptionOfType(NoHistory.class)
        .isThrownBy(() -> DATABASE.database().change(tx -> audit.append(tx, about(subject))));
    assertThat(intakeRows()).isEqualTo(before);
  }

  @Test
  void aReadOnItsWayWhileThePersonIsErasedLeavesNoPointer() throws Exception {
    SubjectId subject = register(audit);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Receipt> read;
      try (Blocked erasing = new Blocked(subject)) {
        erasing.erase();
        read = threads.submit(() -> audit.record(about(subject)));
        erasing.awaitWriter();
      }
      assertThatThrownBy(() -> read.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(NoHistory.class);
    }
    assertThat(rowsNaming(subject)).isZero();
  }

  @Test
  void anEntryThatWasAlteredOrIsMissingIsNotShown() throws SQLException {
    SubjectId subject = register(audit);
    Receipt receipt = audit.record(about(subject));
    asOwner("update intake set sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1)", receipt);
    assertThatThrownBy(
            () ->
                audit.history(
                    subject, key, Optional.empty(), 10, HistoryFilter.NONE, handle -> each -> true))
        .isInstanceOf(IllegalStateException.class);
    asOwner("delete from intake", receipt);
    assertThatThrownBy(
            () ->
                audit.history(
                    subject, key, Optional.empty(), 10, HistoryFilter.NONE, handle -> each -> true))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("the log lacks entries");
  }

  @Test
  void theApplicationCanNeitherAlterNorDeleteEntries() {
    Receipt receipt = audit.record(aboutNobody());
    for (String sql : List.of("update intake set epoch = 9", "delete from intake")) {
      assertThatExceptionOfType(DatabaseFailed.class)
          .isThrownBy(() -> DATABASE.database().read(h -> h.execute(sql)))
          .satisfies(e -> assertThat(e.sqlState()).isEqualTo("42501"));
    }
    assertThat(inIntake(receipt.entry())).isTrue();
  }

  @Test
  void malformedCursorsAndPagesAreRefused() {
    SubjectId subject = register(audit);
    for (String text :
        List.of("", "x", "AAAA", "AAAAAAAAAAA=", "AAAAAAAAAAAAAAAAAAAAAA", "%%%", "a b")) {
      assertThatIllegalArgumentException().isThrownBy(() -> Cursor.of(text));
    }
    Cursor cursor = new Cursor(Long.MAX_VALUE - 7);
    assertThat(Cursor.of(cursor.toString())).isEqualTo(cursor);
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                audit.history(
                    subject, key, Optional.empty(), 0, HistoryFilter.NONE, handle -> each -> true));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                audit.history(
                    subject,
                    key,
                    Optional.empty(),
                    1001,
                    HistoryFilter.NONE,
                    handle -> each -> true));
  }

  @Test
  void aStoppedDatabaseRefusesAndLosesNothingThatWasAcknowledged() throws Exception {
    try (TestDatabase server = TestDatabase.onPrivateServer();
        Database own = Database.pooled(server.dataSource(), 2, Duration.ofSeconds(2));
        Audit stopping = audit(own, Limits.DEFAULT)) {
      Set<UUID> acknowledged = ConcurrentHashMap.newKeySet();
      CountDownLatch some = new CountDownLatch(200);
      CountDownLatch refused = new CountDownLatch(8);
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < 8; i++) {
          threads.execute(
              () -> {
                try {
                  while (true) {
                    acknowledged.add(stopping.record(aboutNobody()).entry());
                    some.countDown();
                  }
                } catch (DatabaseUnavailable e) {
                  refused.countDown();
                }
              });
        }
        assertThat(some.await(30, TimeUnit.SECONDS)).isTrue();
        server.stop();
        assertThat(refused.await(30, TimeUnit.SECONDS)).isTrue();
      }
      assertThatExceptionOfType(DatabaseUnavailable.class)
          .isThrownBy(() -> stopping.record(aboutNobody()));
      server.start();
      acknowledged.add(recordWhenBack(stopping).entry());
      Set<UUID> durable =
          own.read(h -> h.createQuery("select id from intake").mapTo(UUID.class).set());
      assertThat(durable).containsAll(acknowledged);
    }
  }

  /** The ids of so many entries about the person, oldest first. */
  private List<UUID> recordAtOnce(SubjectId subject, int count) throws Exception {
    List<Future<Receipt>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count; i++) {
        answers.add(threads.submit(() -> audit.record(about(subject))));
      }
    }
    return answers.stream().map(answer -> answer.resultNow().entry()).toList();
  }

  private static Receipt recordWhenBack(Audit audit) {
    for (int attempt = 0; ; attempt++) {
      try {
        return audit.record(aboutNobody());
      } catch (DatabaseUnavailable e) {
        if (attempt == 20) {
          throw e;
        }
      }
    }
  }

  private static Audit audit(Database database, Limits limits) {
    return new Audit(
        "test",
        database,
        SEAL,
        TestSeals.signer("test"),
        Gauge.OPEN,
        InstantSource.system(),
        new SecureRandom(),
        limits);
  }

  private SubjectId register(Audit audit) {
    SubjectId subject = unknown();
    DATABASE
        .database()
        .change(
            tx -> {
              audit.open(tx, subject);
              return audit.append(tx, Draft.about(subject, key, facts(Kind.REGISTER), Detail.NONE));
            });
    return subject;
  }

  private void erase(SubjectId subject) {
    DATABASE
        .database()
        .change(
            tx -> {
              erase(tx, subject);
              return true;
            });
  }

  private void erase(Transaction tx, SubjectId subject) {
    PersonStatements statements = new PersonStatements(tx, subject);
    audit.erase(statements);
    statements.execute();
  }

  private Draft about(SubjectId subject) {
    return Draft.about(subject, key, facts(Kind.READ), Detail.of(1, List.of()));
  }

  private static Draft aboutNobody() {
    return Draft.aboutNobody(
        Facts.of(Kind.READ, AT, Outcome.REFUSED, Caller.of(Caller.SERVICE, "crm"))
            .reason(Reason.of("standing", "II.II.3"))
            .build());
  }

  private static Facts facts(Kind kind) {
    return Facts.of(kind, AT, Outcome.PERMITTED, Caller.of(Caller.SERVICE, "crm")).build();
  }

  private static SubjectId unknown() {
    return new SubjectId(IDS.next());
  }

  private List<Entry> entries(SubjectId subject) {
    return audit
        .history(subject, key, Optional.empty(), 1000, HistoryFilter.NONE, handle -> each -> true)
        .entries()
        .stream()
        .map(Recorded::entry)
        .toList();
  }

  private static void change(Handle handle, String name) {
    handle.execute(
        "insert into vocabulary (code, name) select coalesce(max(code), 0) + 1, ? from vocabulary",
        name);
  }

  private static boolean changed(String name) {
    return DATABASE
        .database()
        .read(
            h ->
                h.createQuery("select exists (select from vocabulary where name = :name)")
                    .bind("name", name)
                    .mapTo(Boolean.class)
                    .one());
  }

  private static boolean inIntake(UUID entry) {
    return DATABASE
        .database()
        .read(
            h ->
                h.createQuery("select exists (select from intake where id = :id)")
                    .bind("id", entry)
                    .mapTo(Boolean.class)
                    .one());
  }

  private static Entry stored(UUID entry) {
    return DATABASE
        .database()
        .read(
            h ->
                h.createQuery("select epoch, sealed from intake where id = :id")
                    .bind("id", entry)
                    .map(
                        (row, context) ->
                            Entry.decode(
                                SEAL.open(
                                    entry,
                                    new IntakeSeal.Sealed(
                                        row.getInt("epoch"), row.getBytes("sealed")))))
                    .one());
  }

  private static Set<UUID> intakeKeys(UUID... entries) {
    return DATABASE
        .database()
        .read(
            h ->
                h.createQuery("select distinct intake_key from intake where id = any(:ids)")
                    .bind("ids", entries)
                    .mapTo(UUID.class)
                    .set());
  }

  private static long intakeRows() {
    return DATABASE
        .database()
        .read(h -> h.createQuery("select count(*) from intake").mapTo(Long.class).one());
  }

  /** Rows of the tables here that hold the person's id, in whatever column, as text or as bytes. */
  private static long rowsNaming(SubjectId subject) {
    String text = subject.toString();
    return DATABASE
        .database()
        .read(
            h ->
                h.createQuery(
                        """
                        select count(*) from (
                          select i::text as line from intake i
                          union all select l::text from history_line l
                          union all select p::text from history p
                        ) as lines
                        where line like '%' || :text || '%' or line like '%' || :bytes || '%'
                        """)
                    .bind("text", text)
                    .bind("bytes", text.replace("-", ""))
                    .mapTo(Long.class)
                    .one());
  }

  private static void asOwner(String change, Receipt receipt) throws SQLException {
    try (Connection connection = DATABASE.owner().getConnection();
        var statement = connection.prepareStatement(change + " where id = ?")) {
      statement.setObject(1, receipt.entry());
      assertThat(statement.executeUpdate()).isEqualTo(1);
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  /** Another transaction holds the person's history, so that the log's writer has to wait. */
  private static final class Blocked implements AutoCloseable {
    private final Connection connection;
    private final SubjectId subject;

    Blocked(SubjectId subject) throws SQLException {
      this.subject = subject;
      // The owner's: to lock a row one must be allowed to alter it.
      connection = DATABASE.owner().getConnection();
      connection.setAutoCommit(false);
      run("select from history where subject_id = ? for update");
    }

    void erase() throws SQLException {
      run("delete from history where subject_id = ?");
    }

    void awaitWriter() throws InterruptedException {
      CountDownLatch never = new CountDownLatch(1);
      long start = System.nanoTime();
      while (!isSomeoneWaiting()) {
        assertThat(System.nanoTime() - start).isLessThan(Duration.ofSeconds(30).toNanos());
        never.await(5, TimeUnit.MILLISECONDS);
      }
    }

    @Override
    public void close() throws SQLException {
      connection.commit();
      connection.close();
    }

    private void run(String sql) throws SQLException {
      try (var statement = connection.prepareStatement(sql)) {
        statement.setObject(1, subject.value());
        statement.execute();
      }
    }

    private static boolean isSomeoneWaiting() {
      return DATABASE
          .database()
          .read(
              h ->
                  h.createQuery("select exists (select from pg_locks where not granted)")
                      .mapTo(Boolean.class)
                      .one());
    }
  }
}
