package dev.pledge.engine.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.TestPledge;
import dev.pledge.engine.keys.UnsealException;
import dev.pledge.engine.store.Await;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.DatabaseFailed;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What was corrected or deleted opens with no later key of the person: rows as an old copy of the
 * database has them are put back and read.
 */
class ForgottenPartsTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  @RegisterExtension static final TestPledge PLEDGE = TestPledge.on(DATABASE);

  private final Scene scene = new Scene(PLEDGE);

  @AfterEach
  void letChange() {
    owner("drop trigger if exists refuse on subject_key");
    owner("drop table if exists old_datum");
  }

  @Test
  @Clause({"V.1", "II.II.3"})
  void whatWasCorrectedDoesNotOpenAgain() {
    SubjectId person = withNameAndLanguage();
    keepOldCopy(person);
    correct(person, Map.of("identity.name", "Lee"));
    assertThat(shown(person, "identity.name")).isEqualTo("Lee");
    assertThat(shown(person, "device.language")).isEqualTo("zh-CN");
    putOldCopyBack(person, "identity.name");
    assertThatThrownBy(() -> shown(person, "identity.name")).isInstanceOf(UnsealException.class);
    putOldCopyBack(person, "device.language");
    assertThat(shown(person, "device.language")).isEqualTo("zh-CN");
  }

  @Test
  @Clause({"V.1", "II.II.3"})
  void whatWasDeletedDoesNotOpenAgain() {
    SubjectId person = withNameAndLanguage();
    keepOldCopy(person);
    assertThat(delete(person, "identity.name")).isInstanceOf(Outcome.Done.class);
    putOldCopyBack(person, "identity.name");
    assertThatThrownBy(() -> shown(person, "identity.name")).isInstanceOf(UnsealException.class);
    assertThat(shown(person, "device.language")).isEqualTo("zh-CN");
  }

  @Test
  @Clause({"V.1", "VI.1"})
  void whatABirthDateWasCorrectedFromDoesNotOpenAgain() {
    SubjectId person = ((Registered.Subject) scene.register(null)).subject();
    correct(person, born(15));
    owner(
        "create table old_datum as select birth_sealed from subject where subject_id = '"
            + person.value()
            + "'");
    correct(person, born(16));
    correct(person, born(15));
    owner(
        "update subject set birth_sealed = (select birth_sealed from old_datum) where subject_id = '"
            + person.value()
            + "'");
    assertThatThrownBy(() -> correct(person, born(16))).isInstanceOf(UnsealException.class);
  }

  private static Map<String, Object> born(int yearsAgo) {
    return Map.of(
        "identity.birth-date",
        LocalDate.ofInstant(TestPledge.now(), ZoneOffset.UTC).minusYears(yearsAgo).toString());
  }

  @Test
  @Clause("V.1")
  void whatIsGivenAgainAfterwardsIsRead() {
    SubjectId person = withNameAndLanguage();
    delete(person, "identity.name");
    scene.collect(person, Map.of("identity.name", "Lee"));
    assertThat(shown(person, "identity.name")).isEqualTo("Lee");
    correct(person, Map.of("identity.name", "Li"));
    correct(person, Map.of("identity.name", "Ly"));
    PLEDGE.restart();
    assertThat(shown(person, "identity.name")).isEqualTo("Ly");
    assertThat(scene.last(person).verdicts()).hasSize(1);
  }

  @Test
  @Clause("IV.4")
  void aCorrectionThatFailsLeavesEverythingReadableAndTheJournalWithIt() throws IOException {
    SubjectId person = withNameAndLanguage();
    refuseNewKeys();
    assertThatThrownBy(() -> correct(person, Map.of("identity.name", "Lee")))
        .isInstanceOf(DatabaseFailed.class);
    letChange();
    assertThat(shown(person, "identity.name")).isEqualTo("Wei");
    PLEDGE.pledge().tidy();
    assertThat(noted(person)).isEqualTo(stored(person));
  }

  @Test
  @Clause("IV.4")
  void aCorrectionThatACrashCutOffLeavesTheJournalAsTheDataAre() throws IOException {
    SubjectId person = withNameAndLanguage();
    refuseNewKeys();
    assertThatThrownBy(() -> correct(person, Map.of("identity.name", "Lee")))
        .isInstanceOf(DatabaseFailed.class);
    letChange();
    PLEDGE.restart();
    scene.collect(person, Map.of("device.model", "X1"));
    assertThat(noted(person)).isNotEqualTo(stored(person));
    PLEDGE.pledge().tidy();
    assertThat(noted(person)).isEqualTo(stored(person));
  }

  @Test
  @Clause({"V.1", "II.II.3"})
  void theJournalDoesNotFollowOlderDataThatWerePutBack() throws Exception {
    try (TestPledge old = TestPledge.open()) {
      Scene there = new Scene(old);
      SubjectId person = there.adult();
      there.collect(person, Map.of("identity.name", "Wei"));
      String before = stored(old, person);
      old.<Outcome>change(
          there.backend, changes -> changes.delete(person, List.of("identity.name")));
      String after = noted(old, person);
      // By what was signed it is seen later that the data are older.
      Path signed = old.keys().resolve("store").resolve("store").resolve("last-checkpoint");
      Await.until(() -> Files.exists(signed));
      old.pledge().close();
      for (String older :
          List.of(
              "update subject_key set generation = 1, wrapped = decode('"
                  + before
                  + "', 'hex')"
                  + " where subject_id = '"
                  + person.value()
                  + "'",
              "delete from checkpoint",
              "delete from tile",
              "delete from tree",
              "delete from intake")) {
        Database.over(old.database().owner()).read(handle -> handle.execute(older));
      }
      old.restart();
      old.pledge().tidy();
      assertThat(after).startsWith(noted(old, person));
      assertThat(noted(old, person)).isNotEqualTo(before);
    }
  }

  /** The key that the journal noted of the person last. */
  private static String noted(SubjectId person) throws IOException {
    return noted(PLEDGE, person);
  }

  private static String noted(TestPledge pledge, SubjectId person) throws IOException {
    Path file = pledge.keys().resolve("store").resolve("store").resolve("journal");
    String journal = HexFormat.of().formatHex(Files.readAllBytes(file));
    String id = person.value().toString().replace("-", "");
    int epochAndGeneration = 16;
    int from = journal.lastIndexOf(id) + id.length() + epochAndGeneration;
    return journal.substring(from, from + stored(pledge, person).length());
  }

  private SubjectId withNameAndLanguage() {
    SubjectId person = scene.adult();
    scene.collect(person, Map.of("identity.name", "Wei", "device.language", "zh-CN"));
    return person;
  }

  private void correct(SubjectId person, Map<String, Object> values) {
    Collected.Answer answer =
        (Collected.Answer)
            PLEDGE.<Collected>change(
                scene.backend,
                changes -> changes.correct(person, Scene.from("meeting", "person", values)));
    assertThat(answer.refused()).isEmpty();
  }

  private Outcome delete(SubjectId person, String field) {
    return PLEDGE.change(scene.backend, changes -> changes.delete(person, List.of(field)));
  }

  private Object shown(SubjectId person, String field) {
    String purpose = field.equals("device.language") ? "settings" : "customer-service";
    return scene.clear(person, purpose, field);
  }

  private static void keepOldCopy(SubjectId person) {
    owner(
        "create table old_datum as select * from datum where subject_id = '"
            + person.value()
            + "'");
  }

  private static void putOldCopyBack(SubjectId person, String field) {
    String which =
        "subject_id = '"
            + person.value()
            + "' and field = (select code from vocabulary where name = '"
            + field
            + "')";
    owner("delete from datum where " + which);
    owner("insert into datum select * from old_datum where " + which);
  }

  private static void refuseNewKeys() {
    owner(
        """
        create or replace function refuse() returns trigger language plpgsql as
          $$ begin raise exception 'refused, as arranged' using errcode = '23000'; end $$
        """);
    owner(
        "create trigger refuse before update on subject_key for each row execute function refuse()");
  }

  private static String stored(SubjectId person) {
    return stored(PLEDGE, person);
  }

  private static String stored(TestPledge pledge, SubjectId person) {
    return Database.over(pledge.database().owner())
        .read(
            handle ->
                handle
                    .createQuery(
                        "select encode(wrapped, 'hex') from subject_key where subject_id = :id")
                    .bind("id", person.value())
                    .mapTo(String.class)
                    .one());
  }

  private static void owner(String sql) {
    Database.over(DATABASE.owner()).read(handle -> handle.execute(sql));
  }
}
