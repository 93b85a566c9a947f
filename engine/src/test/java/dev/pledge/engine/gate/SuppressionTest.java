package dev.pledge.engine.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.TestPledge;
import dev.pledge.engine.consent.ChoiceLines;
import dev.pledge.engine.consent.Counting;
import dev.pledge.engine.erasure.Erased;
import dev.pledge.engine.erasure.Remains;
import dev.pledge.engine.gate.Parting.Marking;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.DatabaseFailed;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.log.ErasureCertificate;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.log.SignedNote;
import dev.pledge.log.VerifierKey;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Choice;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What people objected to outlasts them: no list brings them back as if they had said nothing. */
class SuppressionTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();

  @RegisterExtension
  static final TestPledge PLEDGE =
      TestPledge.under(
          TestPledge.reworded(
              "    method: [form]\n    scope: account\n    fields:\n      email:          { type: email, l",
              "    method: [form, third-party]\n    scope: account\n    fields:\n"
                  + "      email:          { type: email, l",
              "recipients:    ",
              """
              sources:
                partner:
                  clause: I.0
                  agreement: { from: 2020-04-23, until: 2090-01-01 }
                  fields: [contact.email, contact.phone]

              recipients:    \
              """,
              "recipients:\n",
              "sources:\n  partner: partner\n\nrecipients:\n"),
          DATABASE,
          DATABASE.connections());

  private static final AtomicInteger PHONES = new AtomicInteger();

  private final Scene scene = new Scene(PLEDGE);

  @AfterEach
  void letErase() {
    owner("drop trigger if exists refuse on subject_key");
  }

  @Test
  @Clause({"II.I.5", "V.2"})
  void anImportedListDoesNotBringAnObjectorBack() {
    String email = Scene.address();
    erase(objector(email), Marking.LEFT);
    SubjectId again = imported(email, granting("promotion"));
    assertThat(choices(again))
        .filteredOn(choice -> choice.purpose().equals("promotion"))
        .extracting(Choice::answer)
        .contains(Answer.WITHDRAWN);
    assertThat(granted(again)).isEmpty();
    assertThat(scene.history(again))
        .extracting(line -> line.recorded().entry().facts())
        .anySatisfy(
            (Facts facts) -> {
              assertThat(facts.kind()).isEqualTo(Kind.WITHDRAW);
              assertThat(facts.reason().orElseThrow().rule()).isEqualTo("suppression-mark");
            });
    // And as long as they do not say yes themselves, not by the next list either.
    erase(again, Marking.LEFT);
    assertThat(granted(imported(email, granting("promotion")))).isEmpty();
  }

  @Test
  @Clause("II.I.5")
  void whoNeverObjectedIsImportedAsEver() {
    String email = Scene.address();
    erase(PLEDGE.adult(scene.backend, Map.of("email", email)), Marking.LEFT);
    assertThat(granted(imported(email, granting("promotion")))).containsExactly("promotion");
  }

  @Test
  @Clause({"II.I.5", "V.2"})
  void anAddressThatAListAddsLaterIsKnownAgainToo() {
    String email = Scene.address();
    erase(objector(email), Marking.LEFT);
    SubjectId other = PLEDGE.adult(scene.backend, Map.of("phone", phone()));
    scene.collect(
        scene.backend, other, Scene.from("meeting", "partner", Map.of("contact.email", email)));
    assertThat(choices(other)).extracting(Choice::answer).containsExactly(Answer.WITHDRAWN);
  }

  @Test
  @Clause({"II.II.6", "V.2"})
  void whoComesThemselfAndSaysYesIsHeardAndTheMarkGoes() {
    String email = Scene.address();
    erase(refuser(email), Marking.LEFT);
    SubjectId again = registered(registration(email, granting("promotion")));
    assertThat(granted(again)).containsExactly("promotion");
    erase(again, Marking.LEFT);
    assertThat(granted(imported(email, granting("promotion")))).containsExactly("promotion");
  }

  @Test
  @Clause("V.2")
  void whoComesThemselfAndSaysNothingHasSaidNo() {
    String email = Scene.address();
    erase(refuser(email), Marking.LEFT);
    SubjectId again = registered(registration(email));
    assertThat(choices(again)).extracting(Choice::answer).containsExactly(Answer.WITHDRAWN);
    scene.consent(again, granting("promotion"));
    erase(again, Marking.LEFT);
    assertThat(granted(imported(email, granting("promotion"))))
        .as("the last word was yes")
        .containsExactly("promotion");
  }

  @Test
  @Clause("V.2")
  void whoSaysYesToLessThanTheyRefusedHasRefusedTheRest() {
    String email = Scene.address();
    erase(objector(email), Marking.LEFT);
    SubjectId again = registered(registration(email, granting("promotion")));
    assertThat(granted(again)).containsExactly("promotion");
    erase(again, Marking.LEFT);
    assertThat(granted(imported(email, granting("promotion")))).isEmpty();
  }

  @Test
  @Clause({"V.1", "V.2"})
  void theCertificateSaysThatMarksStayAndWhoWishesNoneHasNone() {
    String email = Scene.address();
    Erased.Certificate marked = erase(objector(email), Marking.LEFT);
    assertThat(read(marked).marked()).containsExactly("promotion");
    Erased.Certificate none = erase(imported(email, granting("promotion")), Marking.NONE);
    assertThat(read(none).marked()).isEmpty();
    assertThat(granted(imported(email, granting("promotion")))).containsExactly("promotion");
  }

  @Test
  @Clause("II.II.3")
  void aMarkNamesNobodyAndTellsTheDayAlone() {
    SubjectId person = objector(Scene.address());
    erase(person, Marking.LEFT);
    assertThat(new Remains(person).inTables(Database.over(DATABASE.owner()))).isEmpty();
    assertThat(
            strings(
                """
                select data_type from information_schema.columns
                where table_name like 'suppression%'
                """))
        .doesNotContain("uuid", "timestamp with time zone");
  }

  @Test
  @Clause({"II.I.5", "II.II.3"})
  void anErasureCutShortLeavesItsMarksWhenItIsFinished() {
    String marked = Scene.address();
    String unmarked = Scene.address();
    SubjectId one = objector(marked);
    SubjectId other = objector(unmarked);
    refuseAtCommit();
    assertThatThrownBy(() -> erase(one, Marking.LEFT)).isInstanceOf(DatabaseFailed.class);
    assertThatThrownBy(() -> erase(other, Marking.NONE)).isInstanceOf(DatabaseFailed.class);
    letErase();
    PLEDGE.restart();
    assertThat(granted(imported(marked, granting("promotion")))).isEmpty();
    assertThat(granted(imported(unmarked, granting("promotion")))).containsExactly("promotion");
  }

  @Test
  @Clause({"II.I.5", "II.II.3"})
  void anErasureThatWasCutShortIsFinishedBeforeItsAliasIsGivenAway() {
    String email = Scene.address();
    SubjectId person = objector(email);
    refuseAtCommit();
    assertThatThrownBy(() -> erase(person, Marking.LEFT)).isInstanceOf(DatabaseFailed.class);
    letErase();
    assertThat(granted(imported(email, granting("promotion")))).isEmpty();
  }

  @Test
  @Clause("II.I.5")
  void dataOfBeforeTheErasureBringTheMarksAgain() {
    String email = Scene.address();
    SubjectId person = objector(email);
    List<String> tables =
        List.of("subject", "subject_key", "consent_state", "datum", "alias", "history");
    for (String table : tables) {
      owner(
          "create table old_%1$s as select * from %1$s where subject_id = '%2$s'"
              .formatted(table, person.value()));
    }
    owner("create table old_mark as select * from suppression_mark");
    owner("create table old_tally as select * from suppression_tally");
    erase(person, Marking.LEFT);
    for (String table : tables) {
      owner("insert into %1$s select * from old_%1$s".formatted(table));
      owner("drop table old_" + table);
    }
    owner("delete from suppression_mark");
    owner("delete from suppression_tally");
    owner("insert into suppression_mark select * from old_mark");
    owner("insert into suppression_tally select * from old_tally");
    owner("drop table old_mark, old_tally");
    PLEDGE.restart();
    assertThat(granted(imported(email, granting("promotion")))).isEmpty();
  }

  @Test
  @Clause("II.I.5")
  void aListThatComesWhileThePersonIsErasedDoesNotSlipThrough() throws Exception {
    for (int round = 0; round < 15; round++) {
      String email = Scene.address();
      SubjectId person = objector(email);
      AtomicReference<Registered> last = new AtomicReference<>();
      Thread list =
          Thread.ofVirtual()
              .start(
                  () -> {
                    Registration registration =
                        registration(email, granting("promotion")).from("partner");
                    do {
                      last.set(
                          PLEDGE.<Registered>change(
                              scene.backend, changes -> changes.register(registration)));
                    } while (!(last.get() instanceof Registered.Subject));
                  });
      erase(person, Marking.LEFT);
      list.join();
      assertThat(granted(((Registered.Subject) last.get()).subject())).isEmpty();
    }
  }

  @Test
  @Clause({"II.I.5", "IV.4"})
  void nobodyIsRegisteredByAMarkThatWasAltered() {
    String email = Scene.address();
    erase(objector(email), Marking.LEFT);
    owner("update suppression_mark set purpose = 'archiving' where purpose = 'promotion'");
    try {
      assertThatThrownBy(() -> imported(email, granting("promotion")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("suppression mark was altered");
    } finally {
      owner("update suppression_mark set purpose = 'promotion' where purpose = 'archiving'");
    }
    assertThat(granted(imported(email, granting("promotion")))).isEmpty();
  }

  /** Somebody with that address who said yes to promotion, and then no. */
  private SubjectId objector(String email) {
    SubjectId person = PLEDGE.adult(scene.backend, Map.of("email", email));
    scene.consent(person, granting("promotion"));
    scene.consent(
        person, Scene.choice("promotion", Answer.WITHDRAWN, null, null, Coverage.ALL, By.SELF));
    return person;
  }

  /** Somebody with that address who said no to promotion by e-mail, and to nothing else. */
  private SubjectId refuser(String email) {
    SubjectId person = PLEDGE.adult(scene.backend, Map.of("email", email));
    scene.consent(
        person,
        Scene.choice(
            "promotion", Answer.WITHDRAWN, "meeting", "email", Coverage.ORDINARY, By.SELF));
    return person;
  }

  private static ConsentChange granting(String purpose) {
    return Scene.choice(purpose, Answer.GRANTED, "meeting", "email", Coverage.ORDINARY, By.SELF);
  }

  private static Registration registration(String email, ConsentChange... consents) {
    return new Registration(
        "meeting",
        Map.of("email", email),
        LocalDate.of(1990, 1, 1),
        TestPledge.acceptance(),
        List.of(consents),
        null);
  }

  private SubjectId imported(String email, ConsentChange... consents) {
    return registered(registration(email, consents).from("partner"));
  }

  private SubjectId registered(Registration registration) {
    return ((Registered.Subject) scene.register(scene.backend, registration)).subject();
  }

  private static String phone() {
    return "+861380013" + String.format(Locale.ROOT, "%04d", PHONES.incrementAndGet());
  }

  private Erased.Certificate erase(SubjectId person, Marking marking) {
    return (Erased.Certificate)
        PLEDGE.<Erased>change(scene.backend, changes -> changes.erase(person, false, marking));
  }

  private static List<Choice> choices(SubjectId person) {
    return ChoiceLines.read(
        strings("select choices from consent_state where subject_id = '" + person.value() + "'")
            .getFirst());
  }

  /** What the person agrees to, by all that counts. */
  private static List<String> granted(SubjectId person) {
    return Counting.of(choices(person)).stream()
        .filter(choice -> choice.answer() == Answer.GRANTED)
        .map(Choice::purpose)
        .toList();
  }

  private static ErasureCertificate read(Erased.Certificate certificate) {
    List<VerifierKey> keys = PLEDGE.pledge().log().verifierKeys();
    byte[] note = certificate.signed().getBytes(StandardCharsets.UTF_8);
    return ErasureCertificate.read(SignedNote.open(note, keys).requireSignedBy(keys).text());
  }

  private static void refuseAtCommit() {
    owner(
        """
        create or replace function refuse() returns trigger language plpgsql as
          $$ begin raise exception 'refused, as arranged' using errcode = '23000'; end $$
        """);
    owner(
        """
        create constraint trigger refuse after delete on subject_key
        deferrable initially deferred for each row execute function refuse()
        """);
  }

  private static List<String> strings(String sql) {
    return Database.over(DATABASE.owner())
        .read(handle -> handle.createQuery(sql).mapTo(String.class).list());
  }

  private static void owner(String sql) {
    Database.over(DATABASE.owner()).read(handle -> handle.execute(sql));
  }
}
