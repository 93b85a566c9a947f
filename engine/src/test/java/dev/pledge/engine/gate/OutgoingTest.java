package dev.pledge.engine.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.TestPledge;
import dev.pledge.engine.erasure.Erased;
import dev.pledge.engine.erasure.Remains;
import dev.pledge.engine.outbox.Message;
import dev.pledge.engine.outbox.Message.Cause;
import dev.pledge.engine.outbox.OutboxPage;
import dev.pledge.engine.outbox.Waiting;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.DatabaseFailed;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What recipients may hold and is no more, waits to be told to them. */
class OutgoingTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  @RegisterExtension static final TestPledge PLEDGE = TestPledge.on(DATABASE);
  private static final AtomicInteger PHONES = new AtomicInteger();

  private final Scene scene = new Scene(PLEDGE);

  @BeforeEach
  void empty() {
    owner("drop trigger if exists refuse on subject_key");
    owner("delete from outbox");
  }

  @Test
  @Clause({"V.1", "III.I.1"})
  void ofAnErasureWhoeverMayHoldSomethingIsTold() {
    erase(person());
    assertThat(messages())
        .containsExactlyInAnyOrder(
            new Message(
                "cloud",
                Cause.ERASURE,
                List.of("contact.email", "contact.phone"),
                Optional.empty(),
                Optional.empty()),
            new Message(
                "text-messages",
                Cause.ERASURE,
                List.of("contact.phone"),
                Optional.empty(),
                Optional.empty()));
    owner("delete from outbox");
    erase(scene.adult());
    assertThat(messages()).extracting(Message::recipient).containsExactly("cloud");
  }

  @Test
  @Clause({"V.1", "III.I.1"})
  void ofAFieldThatIsDeletedOrCorrectedWhoMayHoldItIsTold() {
    SubjectId person = person();
    scene.collect(person, Map.of("identity.gender", "other"));
    delete(person, "identity.gender");
    assertThat(messages()).as("nobody receives it").isEmpty();
    correct(person, Map.of("contact.email", Scene.address()));
    assertThat(messages())
        .singleElement()
        .satisfies(
            message -> {
              assertThat(message.cause()).isEqualTo(Cause.CORRECTION);
              assertThat(message.fields()).containsExactly("contact.email");
              assertThat(message.recipient()).isEqualTo("cloud");
            });
    delete(person, "contact.phone");
    assertThat(messages())
        .filteredOn(message -> message.cause() == Cause.DELETION)
        .extracting(Message::recipient)
        .containsExactlyInAnyOrder("cloud", "text-messages");
    owner("delete from outbox");
    delete(person, "contact.phone");
    assertThat(messages()).as("nothing was there any more").isEmpty();
  }

  @Test
  @Clause({"V.2", "III.I.1"})
  void ofAWithdrawalWhoReceivesForThatPurposeIsTold() {
    SubjectId person = person();
    scene.consent(
        person,
        Scene.choice("promotion", Answer.GRANTED, "meeting", "sms", Coverage.ORDINARY, By.SELF));
    assertThat(messages()).isEmpty();
    scene.consent(
        person,
        Scene.choice("promotion", Answer.WITHDRAWN, "meeting", null, Coverage.ALL, By.SELF));
    assertThat(messages())
        .containsExactly(
            new Message(
                "text-messages",
                Cause.WITHDRAWAL,
                List.of("contact.phone"),
                Optional.of("promotion"),
                Optional.of("meeting")));
  }

  @Test
  @Clause({"V.1", "II.II.3"})
  void anErasureThatIsFinishedLaterTellsEachRecipientOnce() {
    SubjectId person = person();
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
    assertThatThrownBy(() -> erase(person)).isInstanceOf(DatabaseFailed.class);
    assertThat(messages()).isEmpty();
    owner("drop trigger refuse on subject_key");
    PLEDGE.restart();
    assertThat(messages())
        .extracting(Message::recipient)
        .containsExactlyInAnyOrder("cloud", "text-messages");
  }

  @Test
  @Clause({"II.II.3", "IV.4"})
  void noRowNamesThePersonAnEntryOrAMoment() {
    SubjectId person = person();
    Erased.Certificate certificate = erase(person);
    assertThat(new Remains(person).inTables(Database.over(DATABASE.owner()))).isEmpty();
    SubjectId asId = new SubjectId(certificate.id());
    assertThat(new Remains(asId).inTables(Database.over(DATABASE.owner())))
        .doesNotContainKey("outbox");
    SubjectId entry = new SubjectId(certificate.receipt().entry());
    assertThat(new Remains(entry).inTables(Database.over(DATABASE.owner())))
        .doesNotContainKey("outbox");
    assertThat(
            strings(
                """
                select data_type from information_schema.columns where table_name = 'outbox'
                """))
        .containsExactlyInAnyOrder("bytea", "text", "text", "date", "bytea");
    assertThat(strings("select encode(sealed, 'escape') from outbox").toString())
        .doesNotContain("contact");
  }

  @Test
  @Clause("IV.2")
  void pagesTogetherHaveEveryMessageOnceAndAreOnTheLog() {
    for (int i = 0; i < 3; i++) {
      erase(person());
    }
    List<String> seen = new ArrayList<>();
    String cursor = null;
    do {
      OutboxListing listing = PLEDGE.pledge().outbox(scene.backend, cursor, 2);
      OutboxPage page = listing.page();
      assertThat(page.messages()).hasSizeLessThanOrEqualTo(2);
      assertThat(listing.receipt().isDurable()).isTrue();
      page.messages().forEach(message -> seen.add(message.name()));
      cursor = page.next().orElse(null);
    } while (cursor != null);
    assertThat(seen).hasSize(6).doesNotHaveDuplicates();
    assertThatThrownBy(() -> PLEDGE.pledge().outbox(scene.backend, "x", 2))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PLEDGE.pledge().outbox(scene.backend, null, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private SubjectId person() {
    String phone = String.format(Locale.ROOT, "+861380014%04d", PHONES.incrementAndGet());
    return PLEDGE.adult(scene.backend, Map.of("email", Scene.address(), "phone", phone));
  }

  private Erased.Certificate erase(SubjectId person) {
    return (Erased.Certificate)
        PLEDGE.<Erased>change(scene.backend, changes -> changes.erase(person));
  }

  private void delete(SubjectId person, String field) {
    assertThat(
            PLEDGE.<Outcome>change(
                scene.backend, changes -> changes.delete(person, List.of(field))))
        .isInstanceOf(Outcome.Done.class);
  }

  private void correct(SubjectId person, Map<String, Object> values) {
    PLEDGE.<Collected>change(
        scene.backend, changes -> changes.correct(person, Scene.from("meeting", "person", values)));
  }

  private List<Message> messages() {
    return PLEDGE.pledge().outbox(scene.backend, null, 200).page().messages().stream()
        .map(Waiting::message)
        .toList();
  }

  private static List<String> strings(String sql) {
    return Database.over(DATABASE.owner())
        .read(handle -> handle.createQuery(sql).mapTo(String.class).list());
  }

  private static void owner(String sql) {
    Database.over(DATABASE.owner()).read(handle -> handle.execute(sql));
  }
}
