package dev.pledge.engine.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.TestPledge;
import dev.pledge.engine.gate.Collected;
import dev.pledge.engine.gate.Found;
import dev.pledge.engine.gate.Outcome;
import dev.pledge.engine.gate.ReadAnswer;
import dev.pledge.engine.gate.ReadRequest;
import dev.pledge.engine.gate.Registered;
import dev.pledge.engine.gate.Registration;
import dev.pledge.engine.gate.Scene;
import dev.pledge.engine.store.CommitUnknown;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.DatabaseFailed;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.log.ErasureCertificate;
import dev.pledge.log.SignedNote;
import dev.pledge.log.VerifierKey;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ErasureTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  @RegisterExtension static final TestPledge PLEDGE = TestPledge.on(DATABASE);

  private final Scene scene = new Scene(PLEDGE);

  @AfterEach
  void letErase() {
    owner("drop trigger if exists refuse on subject_key");
    owner("drop trigger if exists refuse on deployment");
  }

  @Test
  @Clause({"V.1", "V.3", "II.II.3"})
  void nothingOfThePersonStaysInAnyTableButTheSealedLog() {
    SubjectId person = full();
    Map<String, Long> before = rowsNaming(person);
    assertThat(before.keySet())
        .contains("subject", "datum", "alias", "subject_key", "history_line");
    assertThat(erase(person)).isInstanceOf(Erased.Certificate.class);
    assertThat(rowsNaming(person)).isEmpty();
  }

  @Test
  @Clause({"V.1", "II.II.3"})
  void theCertificateIsSignedByTheLogAndNamesThePersonToWhoKnowsThem() {
    SubjectId person = full();
    Erased.Certificate given = (Erased.Certificate) erase(person);
    List<VerifierKey> keys = PLEDGE.pledge().log().verifierKeys();
    ErasureCertificate certificate =
        ErasureCertificate.read(
            SignedNote.open(given.signed().getBytes(StandardCharsets.UTF_8), keys)
                .requireSignedBy(keys)
                .text());
    assertThat(certificate.id()).isEqualTo(given.id());
    assertThat(certificate.isAbout(person.value())).isTrue();
    assertThat(certificate.inaccessibleSince()).isEqualTo(given.receipt().at());
    assertThat(certificate.epochs()).containsExactly(1);
    assertThat(given.signed()).doesNotContain(person.value().toString());
  }

  @Test
  @Clause({"V.1", "II.II.3"})
  void anErasedPersonIsToldNoDifferentlyFromOneNeverKnown() {
    SubjectId person = full();
    erase(person);
    SubjectId nobody = new SubjectId(UUID.fromString("01890000-0000-7000-8000-000000000001"));
    for (SubjectId id : List.of(person, nobody)) {
      assertThat(read(id)).isInstanceOf(ReadAnswer.Unknown.class);
      assertThat(erase(id)).isInstanceOf(Erased.Unknown.class);
      assertThat(
              PLEDGE.<Outcome>change(
                  scene.backend, c -> c.close(id, "meeting", Set.of()).outcome()))
          .isInstanceOf(Outcome.Unknown.class);
      assertThat(PLEDGE.<Outcome>change(scene.backend, c -> c.delete(id, List.of("device.id"))))
          .isInstanceOf(Outcome.Unknown.class);
      assertThat(
              scene.collect(
                  scene.backend, id, Scene.from("meeting", "person", Map.of("device.id", "x"))))
          .isInstanceOf(Collected.Unknown.class);
      assertThat(PLEDGE.pledge().subject(scene.backend, id).getClass().getSimpleName())
          .isEqualTo("Unknown");
      assertThat(PLEDGE.pledge().choices(scene.backend, id, null, 100).getClass().getSimpleName())
          .isEqualTo("Unknown");
      assertThat(PLEDGE.pledge().history(scene.backend, id, null, 10).getClass().getSimpleName())
          .isEqualTo("Unknown");
    }
  }

  @Test
  @Clause("V.1")
  void theAliasIsFreeAgain() {
    String email = Scene.address();
    SubjectId person = PLEDGE.adult(scene.backend, Map.of("email", email));
    erase(person);
    SubjectId again = PLEDGE.adult(scene.backend, Map.of("email", email));
    assertThat(PLEDGE.pledge().find(scene.backend, "email", email, "authentication", "meeting"))
        .isInstanceOfSatisfying(
            Found.Subject.class, found -> assertThat(found.subject()).isEqualTo(again));
  }

  @Test
  @Clause({"V.1", "II.II.3"})
  void anErasureCutShortIsKeptAndFinished() {
    String email = Scene.address();
    SubjectId person = PLEDGE.adult(scene.backend, Map.of("email", email));
    refuseDeletingKeys();
    // The ledger has no part in a transaction that failed before it came to it.
    assertThatThrownBy(() -> erase(person)).isInstanceOf(DatabaseFailed.class);
    assertThat(read(person)).isInstanceOf(ReadAnswer.Answer.class);
    letErase();
    refuseAtCommit();
    assertThatThrownBy(() -> erase(person)).isInstanceOf(DatabaseFailed.class);
    // Now it is in the ledger: whatever the data still holds, nobody finds it.
    assertThat(rowsNaming(person)).isNotEmpty();
    assertThat(read(person)).isInstanceOf(ReadAnswer.Unknown.class);
    assertThat(PLEDGE.pledge().find(scene.backend, "email", email, "authentication", "meeting"))
        .isInstanceOf(Found.Nobody.class);
    assertThat(PLEDGE.pledge().history(scene.backend, person, null, 10).getClass().getSimpleName())
        .isEqualTo("Unknown");
    letErase();
    // Whoever wants the address has it finished first.
    SubjectId again = PLEDGE.adult(scene.backend, Map.of("email", email));
    assertThat(rowsNaming(person)).isEmpty();
    assertThat(read(again)).isInstanceOf(ReadAnswer.Answer.class);
  }

  @Test
  @Clause("V.1")
  void onceThePersonIsInTheLedgerNobodyIsToldThatNothingWasDone() {
    SubjectId person = full();
    refusing("create constraint trigger refuse after update on deployment for each row");
    assertThatThrownBy(() -> erase(person)).isInstanceOf(CommitUnknown.class);
    assertThat(read(person)).isInstanceOf(ReadAnswer.Unknown.class);
    letErase();
    assertThat(erase(person)).isInstanceOf(Erased.Certificate.class);
    assertThat(rowsNaming(person)).isEmpty();
  }

  @Test
  @Clause("V.1")
  void anErasureCutShortByACrashIsFinishedAtTheStart() {
    SubjectId person = full();
    refuseAtCommit();
    assertThatThrownBy(() -> erase(person)).isInstanceOf(DatabaseFailed.class);
    letErase();
    long entries = entries();
    PLEDGE.restart();
    assertThat(rowsNaming(person)).isEmpty();
    assertThat(entries()).as("the erasure, and that the keys were opened").isEqualTo(entries + 2);
    assertThat(read(person)).isInstanceOf(ReadAnswer.Unknown.class);
  }

  @Test
  @Clause({"V.1", "II.II.3"})
  void theWrappedKeyLeavesTheKeyStoreToo() throws IOException {
    SubjectId person = full();
    String wrapped = wrappedKey(person);
    assertThat(journal()).contains(wrapped);
    erase(person);
    PLEDGE.restart();
    assertThat(journal()).doesNotContain(wrapped);

    SubjectId next = full();
    String later = wrappedKey(next);
    erase(next);
    assertThat(journal()).contains(later);
    // Others are erased too, until enough of the journal serves nobody.
    for (int people = 0; people < 100 && journal().contains(later); people++) {
      erase(scene.adult());
      PLEDGE.pledge().tidy();
    }
    assertThat(journal()).doesNotContain(later);
  }

  private static String wrappedKey(SubjectId person) {
    return Database.over(DATABASE.owner())
        .read(
            handle ->
                handle
                    .createQuery(
                        "select encode(wrapped, 'hex') from subject_key where subject_id = :id")
                    .bind("id", person.value())
                    .mapTo(String.class)
                    .one());
  }

  private static String journal() throws IOException {
    Path file = PLEDGE.keys().resolve("store").resolve("store").resolve("journal");
    return HexFormat.of().formatHex(Files.readAllBytes(file));
  }

  @Test
  @Clause({"V.1", "V.2"})
  void whatThePersonDeletedReturnsOnlyWhenTheySupplyIt() {
    String email = Scene.address();
    SubjectId person = PLEDGE.adult(scene.backend, Map.of("email", email));
    scene.collect(person, Map.of("identity.name", "Wei"));
    assertThat(
            PLEDGE.<Outcome>change(
                scene.backend,
                changes -> changes.delete(person, List.of("contact.email", "identity.name"))))
        .isInstanceOf(Outcome.Done.class);
    assertThat(PLEDGE.pledge().find(scene.backend, "email", email, "authentication", "meeting"))
        .isInstanceOf(Found.Nobody.class);
    Collected.Answer refused =
        (Collected.Answer)
            scene.collect(
                scene.backend,
                person,
                Scene.from("meeting", "product-use", Map.of("identity.name", "Wei")));
    assertThat(refused.refused().getFirst().code()).isEqualTo("suppressed");
    assertThat(scene.collect(person, Map.of("identity.name", "Wei")).refused()).isEmpty();
    Collected.Answer stored =
        (Collected.Answer)
            scene.collect(
                scene.backend,
                person,
                Scene.from("meeting", "product-use", Map.of("identity.name", "Wei Z")));
    assertThat(stored.refused()).isEmpty();
    assertThat(
            PLEDGE.<Outcome>change(
                scene.backend,
                changes -> changes.delete(person, List.of("identity.name", "13800138000"))))
        .isInstanceOf(Outcome.Refused.class);
  }

  @Test
  void twoRegistrationsWithOneAliasAtOnceMakeOnePerson() throws Exception {
    for (int round = 0; round < 10; round++) {
      Registration registration =
          new Registration(
              "meeting",
              Map.of("email", Scene.address()),
              LocalDate.of(1990, 1, 1),
              TestPledge.acceptance(),
              List.of(),
              null);
      List<Registered> both = Collections.synchronizedList(new ArrayList<>());
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        threads.add(
            Thread.ofVirtual()
                .start(
                    () ->
                        both.add(
                            PLEDGE.<Registered>change(
                                scene.backend, changes -> changes.register(registration)))));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(both).hasSize(4);
      assertThat(both.stream().filter(Registered.Subject.class::isInstance)).hasSize(1);
      assertThat(both.stream().filter(Registered.AliasTaken.class::isInstance)).hasSize(3);
    }
  }

  private SubjectId full() {
    SubjectId person =
        PLEDGE.adult(
            scene.backend,
            Map.of(
                "email",
                Scene.address(),
                "external",
                "n-" + Scene.address().replaceAll("\\D", "")));
    PLEDGE.<Outcome>change(
        scene.backend,
        changes ->
            changes.consent(person, TestPledge.choice("recommendation", Answer.GRANTED, By.SELF)));
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
    read(person);
    return person;
  }

  private Erased erase(SubjectId person) {
    return PLEDGE.change(scene.backend, changes -> changes.erase(person));
  }

  private ReadAnswer read(SubjectId person) {
    return PLEDGE
        .pledge()
        .read(
            ReadRequest.of(scene.backend, "customer-service", "meeting", List.of("identity.name")),
            person);
  }

  private static void refuseDeletingKeys() {
    refusing("create trigger refuse before delete on subject_key for each row");
  }

  private static void refuseAtCommit() {
    refusing(
        """
        create constraint trigger refuse after delete on subject_key
        deferrable initially deferred for each row
        """);
  }

  private static void refusing(String trigger) {
    owner(
        """
        create or replace function refuse() returns trigger language plpgsql as
          $$ begin raise exception 'refused, as arranged' using errcode = '23000'; end $$
        """);
    owner(trigger + " execute function refuse()");
  }

  private static void owner(String sql) {
    Database.over(DATABASE.owner()).read(handle -> handle.execute(sql));
  }

  private static long entries() {
    return Database.over(DATABASE.owner())
        .read(handle -> handle.createQuery("select count(*) from intake").mapTo(Long.class).one());
  }

  /**
   * How many rows of each table hold the person's id, in whatever column: as it is written, as its
   * 16 bytes or their hexadecimal, or as bytes of either text.
   */
  private static Map<String, Long> rowsNaming(SubjectId person) {
    return new Remains(person).inTables(Database.over(DATABASE.owner()));
  }

  @Test
  void theSearchFindsEveryFormOfAnId() {
    SubjectId person = new SubjectId(UUID.fromString("01890000-0000-7000-8000-0000000000ab"));
    owner("create table scratch (n int, note text, raw bytea, ids uuid[])");
    try {
      String id = person.value().toString();
      owner("insert into scratch (n, note) values (1, 'x" + id + "')");
      owner(
          "insert into scratch (n, note) values (2, '"
              + id.replace("-", "").toUpperCase(Locale.ROOT)
              + "')");
      owner("insert into scratch (n, raw) values (3, uuid_send('" + id + "'))");
      owner(
          "insert into scratch (n, raw) values (4, decode('ff', 'hex') || uuid_send('"
              + id
              + "'))");
      owner("insert into scratch (n, raw) values (5, '" + id + "'::bytea)");
      owner("insert into scratch (n, ids) values (6, array['" + id + "'::uuid])");
      owner("insert into scratch (n) values (7)");
      assertThat(rowsNaming(person)).containsOnly(Map.entry("scratch", 6L));
    } finally {
      owner("drop table scratch");
    }
  }
}
