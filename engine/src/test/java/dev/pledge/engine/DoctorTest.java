package dev.pledge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.gate.Outcome;
import dev.pledge.engine.gate.Scene;
import dev.pledge.engine.gate.Symptom;
import dev.pledge.engine.store.Await;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What does not fit together is found, and named by table and key. */
class DoctorTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  @RegisterExtension static final TestPledge PLEDGE = TestPledge.on(DATABASE);

  private final Scene scene = new Scene(PLEDGE);

  private SubjectId full() {
    SubjectId person = scene.adult();
    scene.collect(
        person,
        Map.of(
            "identity.name",
            "Wei",
            "log.access",
            List.of(
                Map.of(
                    "observedAt",
                    "2026-01-01T00:00:00Z",
                    "value",
                    Map.of("event", "open", "attributes", Map.of())))));
    return person;
  }

  @Test
  @Clause("IV.4")
  void whoRegistersOrForgetsMeanwhileIsNotTakenForDamage() throws Exception {
    TestDatabase database = TestDatabase.fresh();
    try (TestPledge pledge = TestPledge.on(database);
        ExecutorService busy = Executors.newSingleThreadExecutor()) {
      Scene own = new Scene(pledge);
      AtomicBoolean done = new AtomicBoolean();
      Future<?> work =
          busy.submit(
              () -> {
                while (!done.get()) {
                  SubjectId person = own.adult();
                  own.collect(person, Map.of("identity.name", "Wei"));
                  pledge.<Outcome>change(
                      own.backend, changes -> changes.delete(person, List.of("identity.name")));
                }
              });
      try {
        for (int round = 0; round < 5; round++) {
          assertThat(DoctorDesk.examine(pledge.configuration(), false, looked -> {}))
              .filteredOn(finding -> finding.check().contains("journal"))
              .isEmpty();
        }
      } finally {
        done.set(true);
      }
      work.get();
    }
  }

  private static List<Symptom> examine() {
    return DoctorDesk.examine(PLEDGE.configuration(), true, looked -> {});
  }

  private static void owner(String sql) {
    owner(DATABASE, sql);
  }

  private static void owner(TestDatabase database, String sql) {
    Database.over(database.owner()).read(handle -> handle.execute(sql));
  }

  private static void assertFound(String check, SubjectId person) {
    List<Symptom> findings = examine();
    assertThat(findings)
        .as("%s", findings)
        .anySatisfy(
            finding -> {
              assertThat(finding.check()).isEqualTo(check);
              assertThat(finding.places().toString()).contains(person.value().toString());
              assertThat(finding.remedy()).isNotBlank();
            });
  }

  @Test
  @Clause({"IV.4", "V.1"})
  void whatIsSoundIsSound() {
    TestDatabase database = TestDatabase.fresh();
    try (TestPledge pledge = TestPledge.on(database)) {
      Scene own = new Scene(pledge);
      SubjectId person = own.adult();
      own.collect(person, Map.of("identity.name", "Wei"));
      SubjectId erased = own.adult();
      pledge.change(own.backend, changes -> changes.erase(erased));
      assertThat(DoctorDesk.examine(pledge.configuration(), true, looked -> {})).isEmpty();
      assertThat(DoctorDesk.examine(pledge.configuration(), false, looked -> {})).isEmpty();

      owner(database, "update deployment set ledger_writes = ledger_writes + 5");
      assertThat(DoctorDesk.examine(pledge.configuration(), false, looked -> {}))
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.check()).isEqualTo("key-store");
                assertThat(finding.places().getFirst()).contains("erasure ledger");
              });
      owner(
          database,
          "update deployment set ledger_writes = ledger_writes - 5, manifest_version = 99");
      assertThat(
              DoctorDesk.examine(pledge.configuration(), false, looked -> {}).getFirst().places())
          .first()
          .asString()
          .contains("version 99");
    }
  }

  @Test
  void aKeyStoreThatRemembersLessThanWasPublishedIsFound() throws Exception {
    TestDatabase database = TestDatabase.fresh();
    try (TestPledge pledge = TestPledge.on(database)) {
      new Scene(pledge).adult();
      Await.until(() -> count(database, "checkpoint") > 0);
      assertThat(DoctorDesk.examine(pledge.configuration(), false, looked -> {})).isEmpty();

      owner(
          database,
          "insert into checkpoint (log, size, note) select log, size + 1000, note from checkpoint");
      assertThat(DoctorDesk.examine(pledge.configuration(), false, looked -> {}))
          .filteredOn(finding -> finding.check().equals("key-store-is-behind"))
          .singleElement()
          .satisfies(finding -> assertThat(finding.harmless()).isFalse());
    }
  }

  private static long count(TestDatabase database, String table) {
    return Database.over(database.owner())
        .read(handle -> handle.select("select count(*) from " + table).mapTo(Long.class).one());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          key-without-person | delete from subject where subject_id = '%s'
          value-without-person | delete from subject where subject_id = '%s'
          alias-without-person | delete from subject where subject_id = '%s'
          choice-without-person | delete from subject where subject_id = '%s'
          history-without-person | delete from subject where subject_id = '%s'
          journal-key-without-person | delete from subject_key where subject_id = '%s'
          person-without-key | delete from subject_key where subject_id = '%s'
          person-without-choices | delete from consent_state where subject_id = '%s'
          person-without-history | delete from history where subject_id = '%s'
          value-of-a-later-generation | update datum set generation = 9 where subject_id = '%s'
          value-of-a-later-generation | update observation set generation = 9 where subject_id = '%s'
          alias-of-a-dead-epoch | update alias set epoch = 99 where subject_id = '%s'
          value-does-not-open | update datum set sealed = set_byte(sealed, 14, 255 - get_byte(sealed, 14)) where subject_id = '%s'
          value-does-not-open | update datum set version = version + 1 where subject_id = '%s'
          value-does-not-open | update observation set collected_at = collected_at + interval '1 second' where subject_id = '%s'
          key-does-not-open | update subject_key set wrapped = set_byte(wrapped, 20, 255 - get_byte(wrapped, 20)) where subject_id = '%s'
          key-does-not-open | update subject_key set wrapped = '\\x00' where subject_id = '%s'
          key-is-not-the-journals | update subject_key set epoch = 7 where subject_id = '%s'
          """)
  @Clause("IV.4")
  void whatWasDamagedIsFoundAndNamed(String check, String damage) {
    SubjectId person = full();
    owner(damage.formatted(person.value()));
    assertFound(check, person);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          update subject set birth_sealed = set_byte(birth_sealed, 20, 255 - get_byte(birth_sealed, 20)) where subject_id = '%1$s'
          update acceptance set evidence = set_byte(evidence, 20, 255 - get_byte(evidence, 20)) where subject_id = '%1$s'
          update consent_event set evidence = set_byte(evidence, 20, 255 - get_byte(evidence, 20)) where subject_id = '%1$s'
          update approval set reference = set_byte(reference, 20, 255 - get_byte(reference, 20)) where subject_id = '%1$s'
          update subject a set birth_sealed = b.birth_sealed from subject b where a.subject_id = '%1$s' and b.subject_id <> '%1$s' and b.birth_sealed is not null
          """)
  @Clause("IV.4")
  void whatTellsOfABirthEvidenceAndReferencesAreOpenedToo(String damage) {
    scene.adult();
    SubjectId person = scene.adult();
    scene.agree(person, "recommendation");
    scene.member("counsel", "legal");
    Caller officer = scene.member("officer", "privacy-officer");
    scene.allow(officer, person, "court-order", "counsel", "identity.name");
    owner(damage.formatted(person.value()));
    assertFound("record-does-not-open", person);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          record-does-not-open | update legal_hold set reference = set_byte(reference, 20, 255 - get_byte(reference, 20)) where hold_id = '%s'
          set-aside-does-not-open | update set_aside set sealed = set_byte(sealed, 20, 255 - get_byte(sealed, 20)) where hold_id = '%s'
          set-aside-does-not-open | update set_aside set collected_at = collected_at - interval '1 day' where hold_id = '%s'
          """)
  @Clause({"IV.4", "II.I.7"})
  void whatAHoldHasSetAsideIsOpenedToo(String check, String damage) {
    SubjectId person = full();
    Caller officer = scene.member("officer", "privacy-officer");
    SubjectId hold = new SubjectId(scene.hold(officer, person, "court-order", "identity.name"));
    PLEDGE.change(scene.backend, changes -> changes.erase(person));
    owner(damage.formatted(hold.value()));
    assertFound(check, hold);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          message-does-not-open | update outbox set recipient = 'other'
          message-does-not-open | update outbox set sealed = set_byte(sealed, 20, 255 - get_byte(sealed, 20))
          mark-was-altered | update suppression_mark set day = day - 1
          mark-was-altered | update suppression_mark set channel = 'sms'
          mark-is-missing | delete from suppression_mark
          mark-is-missing | update suppression_tally set marks = marks + 1
          mark-is-missing | delete from suppression_tally
          """)
  @Clause({"IV.4", "II.I.5"})
  void marksAndMessagesAreLookedThrough(String check, String damage) {
    TestDatabase database = TestDatabase.fresh();
    try (TestPledge pledge = TestPledge.on(database)) {
      Scene own = new Scene(pledge);
      SubjectId person = own.adult();
      own.refuse(person, "recommendation");
      pledge.change(own.backend, changes -> changes.erase(person));
      assertThat(DoctorDesk.examine(pledge.configuration(), false, looked -> {})).isEmpty();
      owner(database, damage);
      assertThat(DoctorDesk.examine(pledge.configuration(), false, looked -> {}))
          .extracting(Symptom::check)
          .contains(check);
    }
  }

  @Test
  @Clause("IV.4")
  void whatWasMovedFromOnePersonToAnotherIsFound() {
    SubjectId one = full();
    SubjectId other = full();
    owner(
        """
        update datum a set sealed = b.sealed from datum b
        where a.subject_id = '%s' and b.subject_id = '%s' and a.field = b.field
          and a.holder = b.holder
        """
            .formatted(one.value(), other.value()));
    assertFound("value-does-not-open", one);
    SubjectId third = full();
    owner(
        """
        update subject_key a set wrapped = b.wrapped from subject_key b
        where a.subject_id = '%s' and b.subject_id = '%s'
        """
            .formatted(third.value(), other.value()));
    assertFound("key-does-not-open", third);
    assertFound("key-is-not-the-journals", third);
  }

  @Test
  @Clause({"V.1", "II.II.3"})
  void whoeverIsErasedAndStillThereIsFound() {
    SubjectId person = full();
    PLEDGE.change(scene.backend, changes -> changes.erase(person));
    owner("insert into history (subject_id) values ('" + person.value() + "')");
    assertFound("erased-person-is-there", person);
  }

  @Test
  @Clause("IV.2")
  void anEntryThatWasAlteredIsFound() {
    TestDatabase database = TestDatabase.fresh();
    try (TestPledge pledge = TestPledge.on(database)) {
      new Scene(pledge).adult();
      while (pledge.pledge().log().size() == 0) {
        Thread.onSpinWait();
      }
      owner(
          database,
          """
          update intake set sealed = set_byte(sealed, 20, 255 - get_byte(sealed, 20))
          where leaf_index = 0
          """);
      assertThat(DoctorDesk.examine(pledge.configuration(), true, looked -> {}))
          .anySatisfy(
              finding -> {
                assertThat(finding.check()).isEqualTo("log-entry-does-not-open");
                assertThat(finding.places().getFirst()).contains("position 0");
              });
    }
  }

  @Test
  void noFindingRepeatsAValue() {
    SubjectId person = full();
    owner("update datum set version = 77 where subject_id = '" + person.value() + "'");
    assertThat(examine().toString()).contains(person.value().toString()).doesNotContain("Wei");
  }
}
