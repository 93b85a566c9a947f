package dev.pledge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.gate.Scene;
import dev.pledge.engine.store.Await;
import dev.pledge.engine.store.Connections;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.DatabaseFailed;
import dev.pledge.engine.store.FaultyDataSource;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The connection breaks once at every statement and every commit of a change of the epoch, its end
 * included: it is gone on with, and nothing is under the older epoch afterwards.
 */
@Clause({"IV.4", "II.II.3"})
class RotationFaultsTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final FaultyDataSource FAULTY = new FaultyDataSource(DATABASE.dataSource());

  @RegisterExtension
  static final TestPledge PLEDGE =
      TestPledge.on(
          DATABASE,
          new Connections(FAULTY, DATABASE.owner(), DATABASE.connections().applicationRole()));

  private static final int MOST = 200;

  private final Scene scene = new Scene(PLEDGE);

  /** How a connection may break at the n-th point, and how many points were passed. */
  private record Fault(IntConsumer arm, IntSupplier passed) {}

  @Test
  void aChangeThatBreaksAnywhereIsGoneOnWith() throws InterruptedException {
    SubjectId person = scene.adult();
    scene.collect(person, Map.of("identity.name", "Wei"));
    List<Fault> faults =
        List.of(
            new Fault(FAULTY::failStatement, FAULTY::statements),
            new Fault(FAULTY::loseStatementReply, FAULTY::statements),
            new Fault(FAULTY::failCommit, FAULTY::commits),
            new Fault(FAULTY::loseCommitReply, FAULTY::commits));
    for (Fault fault : faults) {
      int n = 1;
      while (survives(fault, n, person)) {
        n++;
        assertThat(n).isLessThan(MOST);
      }
      assertThat(n).as("points at which it broke").isGreaterThan(3);
    }
    assertThat(DoctorDesk.examine(PLEDGE.configuration(), true, looked -> {})).isEmpty();
  }

  /** Whether the n-th point was reached, and so whether there may be a next. */
  private boolean survives(Fault fault, int n, SubjectId person) throws InterruptedException {
    int before = PLEDGE.pledge().livingEpochs().iterator().next();
    assertThat(PLEDGE.pledge().rotateKeys(1_000_000, Duration.ofDays(30))).isTrue();
    owner("delete from reply");
    owner("update rotation set destroy_at = statement_timestamp() where destroyed_at is null");
    fault.arm.accept(n);
    step();
    boolean reached = fault.passed.getAsInt() >= n;
    FAULTY.reset();
    Await.until(
        () -> {
          step();
          return count("rotation where destroyed_at is null") == 0;
        });
    assertThat(PLEDGE.pledge().livingEpochs()).containsExactly(before + 1);
    for (String table : List.of("subject_key", "alias", "intake")) {
      assertThat(count(table + " where epoch = " + before)).as("%s, %d", table, n).isZero();
    }
    assertThat(scene.named(person)).isEqualTo("Wei");
    return reached;
  }

  private static void step() {
    try {
      PLEDGE.pledge().rotate();
    } catch (DatabaseFailed broken) {
      // It is gone on with by the next.
    }
  }

  private static void owner(String sql) {
    Database.over(DATABASE.owner()).read(handle -> handle.execute(sql));
  }

  private static long count(String rows) {
    return Database.over(DATABASE.owner())
        .read(handle -> handle.createQuery("select count(*) from " + rows).mapTo(Long.class).one());
  }
}
