package dev.pledge.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pledge.engine.audit.Overloaded;
import dev.pledge.engine.gate.ReadRequest;
import dev.pledge.engine.gate.Scene;
import dev.pledge.engine.keys.KeyStore;
import dev.pledge.engine.store.Connections;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.DatabaseFailed;
import dev.pledge.engine.store.FaultyDataSource;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import java.lang.reflect.Field;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who cannot keep the promises any more does not call itself ready. */
@Clause("IV.2")
class HealthTest {
  @Test
  void aKeyStoreThatTakesNothingMoreIsNotReady() throws Exception {
    try (TestPledge pledge = TestPledge.open()) {
      assertThatCode(pledge.pledge()::checkReady).doesNotThrowAnyException();
      // As a write that failed leaves it: no disk can be made to fail from here.
      Field keyStore = Pledge.class.getDeclaredField("keyStore");
      keyStore.setAccessible(true);
      ((KeyStore) keyStore.get(pledge.pledge())).close();
      assertThatExceptionOfType(NotReady.class)
          .isThrownBy(pledge.pledge()::checkReady)
          .withMessageContaining("start again");
    }
  }

  @Test
  void aLogWithoutItsWriterIsNotReady() throws Exception {
    TestDatabase database = TestDatabase.fresh();
    FaultyDataSource faulty = new FaultyDataSource(database.dataSource());
    Connections connections =
        new Connections(faulty, database.owner(), database.connections().applicationRole());
    try (TestPledge pledge = TestPledge.on(database, connections)) {
      Scene scene = new Scene(pledge);
      SubjectId person = scene.adult();
      ReadRequest request =
          ReadRequest.of(scene.backend, "customer-service", "meeting", List.of("contact.email"));
      pledge.pledge().checkReady();
      for (int attempt = 0; isReady(pledge); attempt++) {
        assertThat(attempt).isLessThan(100);
        // The first fetches the person, the second is the log's, unless a connection is made.
        faulty.endThreadAtStatement(2);
        readWhateverComes(pledge, request, person);
        faulty.reset();
      }
      assertThatExceptionOfType(NotReady.class)
          .isThrownBy(pledge.pledge()::checkReady)
          .withMessage("the log's writer has ended; start again");
    }
  }

  @Test
  void aLogThatShowsNoCheckpointIsNotReady() {
    try (TestPledge pledge = TestPledge.open()) {
      assertThatCode(pledge.pledge()::checkReady).doesNotThrowAnyException();
      Database.over(pledge.database().owner())
          .read(
              handle ->
                  handle.execute(
                      """
                      insert into checkpoint (log, size, note) values ('pledge', 999999, 'junk')
                      """));
      assertThatExceptionOfType(NotReady.class)
          .isThrownBy(pledge.pledge()::checkReady)
          .withMessageContaining("was altered in the database");
    }
  }

  @Test
  void aLogThatCouldNotTakeItsLatestEntryIsNotReady() {
    TestDatabase database = TestDatabase.fresh();
    try (TestPledge pledge = TestPledge.on(database)) {
      Scene scene = new Scene(pledge);
      SubjectId person = scene.adult();
      ReadRequest request =
          ReadRequest.of(scene.backend, "customer-service", "meeting", List.of("contact.email"));
      String role = database.connections().applicationRole();
      Database owner = Database.over(database.owner());
      owner.read(handle -> handle.execute("revoke insert on intake from " + role));
      assertThatExceptionOfType(DatabaseFailed.class)
          .isThrownBy(() -> pledge.pledge().read(request, person));
      assertThatExceptionOfType(NotReady.class)
          .isThrownBy(pledge.pledge()::checkReady)
          .withMessageContaining("could not take its latest entry");
      owner.read(handle -> handle.execute("grant insert on intake to " + role));
      assertThat(pledge.pledge().read(request, person)).isNotNull();
      pledge.pledge().checkReady();
    }
  }

  private static void readWhateverComes(TestPledge pledge, ReadRequest request, SubjectId person) {
    try {
      pledge.pledge().read(request, person);
    } catch (IllegalStateException | Overloaded | LinkageError broken) {
      assertThat(broken).isNotNull();
    }
  }

  private static boolean isReady(TestPledge pledge) {
    try {
      pledge.pledge().checkReady();
      return true;
    } catch (NotReady e) {
      return false;
    }
  }
}
