package dev.pledge.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.pledge.engine.store.Connections.Login;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

class DatabaseTest {
  @RegisterExtension static final TestDatabase TEST = TestDatabase.fresh();

  private static final String MARK = "mark-7f3a";

  private final Database database = TEST.database();

  @BeforeAll
  static void makeTable() {
    try (Database owner = Database.over(TEST.owner())) {
      owner.read(
          h ->
              h.execute(
                  """
                  create table note (
                    id int primary key,
                    text text not null unique check (text <> 'forbidden'),
                    later int,
                    constraint note_later_102008 unique (later) deferrable initially deferred
                  )
                  """));
    }
  }

  @BeforeEach
  void empty() {
    database.change(tx -> tx.handle().execute("delete from note"));
  }

  @Test
  void changeIsDoneWhole() {
    database.change(
        tx -> {
          insert(tx.handle(), 1, "a");
          insert(tx.handle(), 2, "b");
          return null;
        });

    assertThat(count()).isEqualTo(2);
  }

  @Test
  void changeThatThrowsIsNotDoneAndItsOwnExceptionPassesUnchanged() {
    IllegalArgumentException own = new IllegalArgumentException("own");

    assertThatThrownBy(
            () ->
                database.change(
                    tx -> {
                      insert(tx.handle(), 1, "a");
                      throw own;
                    }))
        .isSameAs(own);
    assertThat(count()).isZero();
  }

  @Test
  void actionsAfterCommitRunInOrderOnceTheConnectionIsGivenBack() {
    List<Integer> seen = new ArrayList<>();
    try (Database narrow = Database.pooled(TEST.dataSource(), 1, Duration.ofSeconds(2))) {
      narrow.change(
          tx -> {
            tx.afterCommit(() -> seen.add(countIn(narrow)));
            tx.afterCommit(() -> seen.add(-1));
            return insert(tx.handle(), 1, "a");
          });
    }

    assertThat(seen).containsExactly(1, -1);
  }

  @Test
  void actionsAfterCommitDoNotRunWithoutCommit() {
    List<String> seen = new ArrayList<>();

    assertThatThrownBy(
            () ->
                database.change(
                    tx -> {
                      tx.afterCommit(() -> seen.add("ran"));
                      throw new IllegalStateException("no");
                    }))
        .hasMessage("no");
    assertThat(seen).isEmpty();
  }

  @Test
  void failingActionAfterCommitDoesNotUndoOrDenyTheChange() {
    String result =
        database.change(
            tx -> {
              tx.afterCommit(
                  () -> {
                    throw new IllegalStateException("late");
                  });
              insert(tx.handle(), 1, "a");
              return "done";
            });

    assertThat(result).isEqualTo("done");
    assertThat(count()).isEqualTo(1);
  }

  @Test
  void recordingShowsWhichStatementsRanAndNothingOfWhomTheyWereAbout(@TempDir Path directory)
      throws IOException {
    Path file = directory.resolve("statements.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("jdbi.statement");
      recording.start();
      database.change(
          tx ->
              tx.handle()
                  .createUpdate("insert into note (id, text) values (:id, :text)")
                  .bind("id", 1)
                  .bind("text", MARK)
                  .execute());
      database.read(handle -> handle.execute("select ?::text", MARK));
      recording.stop();
      recording.dump(file);
    }

    List<RecordedEvent> statements =
        RecordingFile.readAllEvents(file).stream()
            .filter(event -> event.getEventType().getName().equals("jdbi.statement"))
            .toList();
    assertThat(statements)
        .extracting(event -> event.getString("sql"))
        .contains("insert into note (id, text) values (:id, :text)", "select ?::text");
    assertThat(statements).extracting(event -> event.getString("parameters")).containsOnly("…}");
  }

  @Test
  void callsDoNotNest() {
    assertThatThrownBy(() -> database.change(tx -> database.read(h -> 1)))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> database.read(h -> database.change(tx -> 1)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void duplicateIsToldByItsConstraint() {
    ConstraintViolated violated =
        failure(
            ConstraintViolated.class,
            tx -> insert(tx.handle(), 1, "a") + insert(tx.handle(), 2, "a"));

    assertThat(violated.duplicates("note_text_key")).isTrue();
    assertThat(violated.duplicates("note_text")).isFalse();
    assertThat(violated.duplicates("note_pkey")).isFalse();
  }

  @Test
  void duplicateOnShardIsToldByTheTablesConstraint() {
    ConstraintViolated violated =
        failure(
            ConstraintViolated.class,
            tx ->
                tx.handle().execute("insert into note values (1, 'a', 5)")
                    + tx.handle().execute("insert into note values (2, 'b', 5)"));

    assertThat(violated.duplicates("note_later")).isTrue();
  }

  @Test
  void constraintCheckedAtCommitIsAnAnswerNotADoubt() {
    ConstraintViolated violated =
        failure(
            ConstraintViolated.class,
            tx ->
                tx.handle().execute("insert into note values (1, 'a', 5)")
                    + tx.handle().execute("insert into note values (2, 'b', 5)"));

    assertThat(violated.sqlState()).isEqualTo("23505");
    assertThat(count()).isZero();
  }

  @Test
  void otherConstraintIsNoDuplicate() {
    ConstraintViolated violated =
        failure(ConstraintViolated.class, tx -> insert(tx.handle(), 1, "forbidden"));

    assertThat(violated.duplicates("note_text_check")).isFalse();
  }

  @Test
  void swallowedFailureDoesNotCommit() {
    DatabaseFailed failed =
        failure(
            DatabaseFailed.class,
            tx -> {
              insert(tx.handle(), 1, "a");
              assertThatThrownBy(() -> insert(tx.handle(), 1, "a")).isNotNull();
              return 0;
            });

    assertThat(failed.getClass()).isEqualTo(DatabaseFailed.class);
    assertThat(count()).isZero();
  }

  @Test
  void failuresCarryNoValue() {
    List<TransactionWork<Integer>> failing =
        List.of(
            tx -> insert(tx.handle(), 1, MARK) + insert(tx.handle(), 2, MARK),
            tx -> tx.handle().execute("select ?::uuid", MARK),
            tx -> tx.handle().execute("insert into note (id, text, later) values (1, ?, ?)", MARK),
            tx -> tx.handle().execute("selekt '" + MARK + "'"),
            tx -> tx.handle().createUpdate("select :a, :b").bind("a", MARK).execute());

    for (TransactionWork<Integer> work : failing) {
      assertThat(printed(failure(DatabaseFailed.class, work)))
          .contains("DatabaseTest")
          .doesNotContain(MARK);
    }
    assertThat(printed(catchThrowable(() -> database.read(h -> h.execute(MARK)))))
        .doesNotContain(MARK);
  }

  @Test
  void deadlockedChangeIsRunAgain() throws Exception {
    database.change(tx -> insert(tx.handle(), 1, "a") + insert(tx.handle(), 2, "b"));
    CyclicBarrier bothHoldOne = new CyclicBarrier(2);
    AtomicInteger runs = new AtomicInteger();

    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> one = threads.submit(() -> touch(1, 2, bothHoldOne, runs));
      Future<?> two = threads.submit(() -> touch(2, 1, bothHoldOne, runs));
      one.get();
      two.get();
    }

    // More than three when the one that lost takes its row again before the other wakes up.
    assertThat(runs).hasValueGreaterThanOrEqualTo(3);
    assertThat(database.<Integer>read(h -> sum(h))).isEqualTo(4);
  }

  @Test
  void contentionIsNotRetriedForEver() {
    AtomicInteger runs = new AtomicInteger();

    DatabaseUnavailable unavailable =
        failure(
            DatabaseUnavailable.class,
            tx -> {
              runs.incrementAndGet();
              return tx.handle()
                  .execute("do $$ begin raise exception using errcode = '40001'; end $$");
            });

    assertThat(unavailable.sqlState()).isEqualTo("40001");
    assertThat(runs).hasValue(5);
  }

  @Test
  void exhaustedPoolIsUnavailableSoonAndRecovers() {
    try (Database narrow = Database.pooled(TEST.dataSource(), 1, Duration.ofSeconds(2));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      narrow.read(
          h -> {
            Future<Throwable> waiting =
                threads.submit(() -> catchThrowable(() -> narrow.read(other -> 1)));
            assertThat(waiting).succeedsWithin(10, TimeUnit.SECONDS);
            assertThat(waiting.resultNow()).isInstanceOf(DatabaseUnavailable.class);
            return null;
          });

      assertThat(narrow.<Integer>read(h -> 1)).isEqualTo(1);
    }
  }

  @Test
  void terminatedConnectionIsUnavailable() {
    assertThat(
            catchThrowable(
                () ->
                    database.read(h -> h.execute("select pg_terminate_backend(pg_backend_pid())"))))
        .isInstanceOf(DatabaseUnavailable.class);
  }

  @Test
  void connectionLostBeforeCommitChangesNothing() {
    FaultyDataSource faulty = new FaultyDataSource(TEST.dataSource());
    Database over = Database.over(faulty);
    faulty.failStatement(2);

    assertThatThrownBy(
            () -> over.change(tx -> insert(tx.handle(), 1, "a") + insert(tx.handle(), 2, "b")))
        .isInstanceOf(DatabaseUnavailable.class);
    assertThat(count()).isZero();
  }

  @Test
  void connectionLostAtCommitIsUnknownWhetherOrNotItArrived() {
    FaultyDataSource faulty = new FaultyDataSource(TEST.dataSource());
    Database over = Database.over(faulty);

    faulty.failCommit(1);
    assertThatThrownBy(() -> over.change(tx -> insert(tx.handle(), 1, "a")))
        .isInstanceOf(CommitUnknown.class);
    assertThat(count()).isZero();

    faulty.loseCommitReply(1);
    assertThatThrownBy(() -> over.change(tx -> insert(tx.handle(), 1, "a")))
        .isInstanceOf(CommitUnknown.class);
    assertThat(count()).isEqualTo(1);
  }

  @Test
  void connectionLostAtCommitIsNeverRunAgain() {
    FaultyDataSource faulty = new FaultyDataSource(TEST.dataSource());
    AtomicInteger runs = new AtomicInteger();
    faulty.loseCommitReply(1);

    assertThatThrownBy(() -> Database.over(faulty).change(tx -> runs.incrementAndGet()))
        .isInstanceOf(CommitUnknown.class);
    assertThat(runs).hasValue(1);
  }

  @Test
  void changesReadWhatIsCommitted() {
    assertThat(
            database.<String>change(
                tx ->
                    tx.handle()
                        .createQuery("show transaction_isolation")
                        .mapTo(String.class)
                        .one()))
        .isEqualTo("read committed");
  }

  @Test
  void serverThatMayLoseCommitsIsRefused() {
    Database.over(withOption("-c synchronous_commit=local")).verify();
    database.verify();

    assertThatThrownBy(Database.over(withOption("-c synchronous_commit=off"))::verify)
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("synchronous_commit");
    assertThatThrownBy(
            Database.over(withOption("-c default_transaction_isolation=serializable"))::verify)
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("read committed");
  }

  @Test
  void operatorsUrlCannotSwitchTheServersDetailOn() {
    Connections connections =
        Connections.to(
            "jdbc:postgresql://localhost/any?logServerErrorDetail=true",
            new Login("app", "secret"),
            new Login("owner", "secret"));

    assertThat(((PGSimpleDataSource) connections.application()).getLogServerErrorDetail())
        .isFalse();
    assertThat(connections.applicationRole()).isEqualTo("app");
  }

  @Test
  void loginPrintsNoPassword() {
    assertThat(new Login("app", "secret")).hasToString("app:[redacted]");
  }

  private Integer touch(int first, int second, CyclicBarrier bothHoldOne, AtomicInteger runs) {
    boolean[] again = new boolean[1];
    return database.change(
        tx -> {
          runs.incrementAndGet();
          int changed = increase(tx.handle(), first);
          if (!again[0]) {
            again[0] = true;
            await(bothHoldOne);
          }
          return changed + increase(tx.handle(), second);
        });
  }

  private static int increase(Handle handle, int id) {
    return handle.execute("update note set text = text || '+' where id = ?", id);
  }

  private static int sum(Handle handle) {
    return handle
        .createQuery("select sum(char_length(text) - 1) from note")
        .mapTo(Integer.class)
        .one();
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static PGSimpleDataSource withOption(String option) {
    PGSimpleDataSource plain = (PGSimpleDataSource) TEST.server().connections("x").application();
    plain.setDatabaseName(((PGSimpleDataSource) TEST.dataSource()).getDatabaseName());
    plain.setOptions(option);
    return plain;
  }

  private <X extends Throwable> X failure(Class<X> type, TransactionWork<Integer> work) {
    Throwable thrown = catchThrowable(() -> database.change(work));
    assertThat(thrown).isInstanceOf(type);
    return type.cast(thrown);
  }

  private static int insert(Handle handle, int id, String text) {
    return handle.execute("insert into note (id, text) values (?, ?)", id, text);
  }

  private int count() {
    return countIn(database);
  }

  private static int countIn(Database database) {
    return database.read(
        h -> h.createQuery("select count(*) from note").mapTo(Integer.class).one());
  }

  private static String printed(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
