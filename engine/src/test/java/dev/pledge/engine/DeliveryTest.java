package dev.pledge.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.tuple;

import dev.pledge.engine.actor.Actors;
import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.erasure.Remains;
import dev.pledge.engine.gate.AccessHistory;
import dev.pledge.engine.gate.Parting.Marking;
import dev.pledge.engine.gate.Scene;
import dev.pledge.engine.gate.Symptom;
import dev.pledge.engine.mail.Delivery;
import dev.pledge.engine.mail.MailRefused;
import dev.pledge.engine.mail.MailSettings;
import dev.pledge.engine.mail.TestMailServer;
import dev.pledge.engine.mail.TestMailServer.Arrived;
import dev.pledge.engine.message.Due;
import dev.pledge.engine.message.Listed;
import dev.pledge.engine.message.MessageState;
import dev.pledge.engine.message.Messages;
import dev.pledge.engine.message.Sent;
import dev.pledge.engine.message.Template;
import dev.pledge.engine.store.Await;
import dev.pledge.engine.store.ConstraintViolated;
import dev.pledge.engine.store.Database;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import jakarta.mail.MessagingException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Messages to people, over real SMTP. */
class DeliveryTest {
  @RegisterExtension static final TestPledge PLEDGE = TestPledge.open();

  private static final Scene SCENE = new Scene(PLEDGE);
  private static final String CODE = "31415926";

  private final TestMailServer mail = new TestMailServer();
  private final Delivery delivery = PLEDGE.pledge().delivery(mail.settings());

  @BeforeEach
  void begin() {
    PLEDGE.ahead(Duration.ZERO);
    owner("delete from message");
  }

  @AfterEach
  void end() {
    mail.close();
  }

  private static int owner(String sql) {
    try (Database owner = Database.over(PLEDGE.database().owner())) {
      return owner.read(handle -> handle.execute(sql));
    }
  }

  private static Database database() {
    return PLEDGE.database().database();
  }

  private static Messages messages() {
    return PLEDGE.pledge().messages();
  }

  private static void put(
      SubjectId person, Template template, Locale language, Map<String, String> filling) {
    database()
        .change(
            tx -> {
              messages().put(tx, person, template, language, filling);
              return person;
            });
  }

  private static void code(SubjectId person) {
    put(person, Template.SIGN_IN_CODE, Locale.ENGLISH, Map.of("code", CODE));
  }

  private static void ended(SubjectId person) {
    put(person, Template.SESSIONS_ENDED, Locale.ENGLISH, Map.of("path", "/me"));
  }

  private static List<Listed> listed() {
    return database().read(handle -> messages().page(handle, null, null, 200)).messages();
  }

  private static Listed only() {
    assertThat(listed()).hasSize(1);
    return listed().getFirst();
  }

  private static SubjectId person(String address) {
    return PLEDGE.adult(SCENE.backend, Map.of("email", address));
  }

  private static List<Facts> reads(SubjectId person) {
    return SCENE.history(person).stream()
        .map(AccessHistory.Line::recorded)
        .map(recorded -> recorded.entry().facts())
        .filter(facts -> facts.kind().equals(Kind.READ))
        .toList();
  }

  private static Optional<Due> take() {
    return database().change(messages()::take);
  }

  private static void note(Due due, Sent sent) {
    database()
        .change(
            tx -> {
              messages().note(tx, due, sent);
              return sent;
            });
  }

  @Test
  @Clause({"II.II.1", "V.1"})
  void aMessageGoesToTheStoredAddressAndItsReadIsOnTheLog() throws MessagingException {
    String address = Scene.address();
    SubjectId person = person(address);
    code(person);
    assertThat(only().state()).isEqualTo(MessageState.WAITING);

    assertThat(delivery.deliver()).isEqualTo(1);

    assertThat(mail.arrived()).hasSize(1);
    Arrived arrived = mail.arrived().getFirst();
    assertThat(arrived.to()).isEqualTo(address);
    assertThat(arrived.subject()).isEqualTo("Your code to sign in");
    assertThat(arrived.text()).contains("    " + CODE + "\n").doesNotContain(address);
    assertThat(arrived.letter().getFrom())
        .extracting(Object::toString)
        .containsExactly("privacy@example.org");
    assertThat(arrived.letter().getHeader("Auto-Submitted")).containsExactly("auto-generated");
    assertThat(arrived.letter().getMessageID()).isEqualTo("<" + only().id() + "@example.org>");
    assertThat(only().state()).isEqualTo(MessageState.DELIVERED);
    assertThat(only().attempts()).isEqualTo(1);
    assertThat(reads(person)).hasSize(1);
    Facts read = reads(person).getFirst();
    assertThat(read.caller().id()).contains(Actors.MESSAGES.value());
    assertThat(read.purpose()).contains("authentication");
    assertThat(read.verdicts()).hasSize(1);

    assertThat(delivery.deliver()).isZero();
    assertThat(mail.arrived()).hasSize(1);
  }

  @Test
  void peopleAreWrittenToInTheirLanguage() {
    SubjectId person = SCENE.adult();
    put(
        person,
        Template.REQUEST_DECIDED,
        Locale.CHINA,
        Map.of("number", "R-7K3Q-92MX", "path", "/me/requests/R-7K3Q-92MX"));
    assertThat(delivery.deliver()).isEqualTo(1);
    Arrived arrived = mail.arrived().getFirst();
    assertThat(arrived.subject()).isEqualTo("您的请求 R-7K3Q-92MX 已有决定");
    assertThat(arrived.text())
        .contains("\nhttps://privacy.example.org/me/requests/R-7K3Q-92MX\n", "以及不同意时可以怎么做");
    assertThat(only().language()).isEqualTo("zh");
    put(person, Template.NEW_VERSION, Locale.FRENCH, Map.of("path", "/me/policy"));
    assertThat(delivery.deliver()).isEqualTo(1);
    assertThat(mail.arrived().getLast().subject()).isEqualTo("Our privacy policy changes");
  }

  @Test
  @Clause("IV.4")
  void whatFillsAMessageIsNeverInClearInTheDatabaseAndGoesOnceItIsSent() {
    SubjectId person = SCENE.adult();
    code(person);
    String row = owner("message", "text");
    assertThat(row)
        .contains(person.toString())
        .doesNotContain(CODE, HexFormat.of().formatHex(CODE.getBytes(UTF_8)), "@");
    assertThat(owner("message", "coalesce(sealed::text, 'gone')")).startsWith("\\x");
    assertThat(delivery.deliver()).isEqualTo(1);
    assertThat(owner("message", "coalesce(sealed::text, 'gone')")).isEqualTo("gone");
  }

  private static String owner(String table, String what) {
    String column = what.equals("text") ? table + "::text" : what;
    try (Database owner = Database.over(PLEDGE.database().owner())) {
      return owner.read(
          handle ->
              handle.createQuery("select " + column + " from " + table).mapTo(String.class).one());
    }
  }

  @Test
  void twoNodesSendNothingTwice() throws InterruptedException, ExecutionException {
    List<String> addresses = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String address = Scene.address();
      addresses.add(address);
      ended(person(address));
    }
    Delivery other = PLEDGE.pledge().delivery(mail.settings());
    try (ExecutorService nodes = Executors.newFixedThreadPool(2)) {
      Future<Integer> one = nodes.submit(delivery::deliver);
      Future<Integer> two = nodes.submit(other::deliver);
      assertThat(one.get() + two.get()).isEqualTo(40);
    }
    assertThat(mail.arrived())
        .extracting(Arrived::to)
        .containsExactlyInAnyOrderElementsOf(addresses);
    assertThat(listed()).extracting(Listed::state).containsOnly(MessageState.DELIVERED);
  }

  @Test
  void aCodeGoesBeforeWhatNobodySitsAndWaitsFor() {
    for (int i = 0; i < 3; i++) {
      ended(SCENE.adult());
    }
    code(SCENE.adult());
    put(
        SCENE.adult(),
        Template.CONFIRMATION_CODE,
        Locale.CHINESE,
        Map.of("code", CODE, "act", "erase"));
    assertThat(delivery.deliver()).isEqualTo(5);
    assertThat(mail.arrived().subList(0, 2))
        .extracting(Arrived::text)
        .allMatch(text -> text.contains(CODE));
    assertThat(mail.arrived().get(1).text()).contains("请用此验证码确认您要删除您的信息：");
  }

  @Test
  void whatIsNotTakenIsTriedAgainEverMoreSeldomAndGivenUp() {
    mail.refuse(true);
    ended(SCENE.adult());
    Duration passed = Duration.ZERO;
    assertThat(delivery.deliver()).isEqualTo(1);
    for (Duration pause : Messages.PAUSES) {
      assertThat(only().state()).isEqualTo(MessageState.WAITING);
      assertThat(only().failure()).contains("not-taken");
      PLEDGE.ahead(passed.plus(pause).minusSeconds(30));
      assertThat(delivery.deliver()).as("before %s", pause).isZero();
      passed = passed.plus(pause).plusSeconds(30);
      PLEDGE.ahead(passed);
      assertThat(delivery.deliver()).as("after %s", pause).isEqualTo(1);
    }
    assertThat(only().state()).isEqualTo(MessageState.FAILED);
    assertThat(only().failure()).contains("not-taken");
    assertThat(only().attempts()).isEqualTo(7);
    assertThat(owner("message", "coalesce(sealed::text, 'gone')")).isEqualTo("gone");
    mail.refuse(false);
    PLEDGE.ahead(passed.plusDays(2));
    assertThat(delivery.deliver()).isZero();
    assertThat(mail.arrived()).isEmpty();
  }

  @Test
  void whatTheServerRefusedOnceIsDeliveredTheNextTime() {
    mail.refuse(true);
    ended(SCENE.adult());
    ended(SCENE.adult());
    assertThat(delivery.deliver()).isEqualTo(2);
    mail.refuse(false);
    PLEDGE.ahead(Duration.ofMinutes(2));
    assertThat(delivery.deliver()).isEqualTo(2);
    assertThat(mail.arrived()).hasSize(2);
    assertThat(listed()).extracting(Listed::state).containsOnly(MessageState.DELIVERED);
    assertThat(listed()).extracting(Listed::failure).containsOnly(Optional.empty());
  }

  @Test
  void whileTheMailServerIsAwayTheRestWaitsUntouched() {
    MailSettings settings = mail.settings();
    mail.close();
    ended(SCENE.adult());
    ended(SCENE.adult());
    Delivery nowhere = PLEDGE.pledge().delivery(settings);
    assertThat(nowhere.deliver()).isEqualTo(1);
    assertThat(listed()).extracting(Listed::state).containsOnly(MessageState.WAITING);
    assertThat(listed())
        .extracting(Listed::failure)
        .containsExactlyInAnyOrder(Optional.of("away"), Optional.empty());
    try (TestMailServer back = new TestMailServer()) {
      PLEDGE.ahead(Duration.ofMinutes(2));
      assertThat(PLEDGE.pledge().delivery(back.settings()).deliver()).isEqualTo(2);
      assertThat(back.arrived()).hasSize(2);
    }
  }

  @Test
  void aCodeIsNotSentOnceItHasExpired() {
    SubjectId person = SCENE.adult();
    code(person);
    PLEDGE.ahead(Duration.ofMinutes(10));
    assertThat(delivery.deliver()).isEqualTo(1);
    assertThat(mail.arrived()).isEmpty();
    assertThat(reads(person)).isEmpty();
    assertThat(only().state()).isEqualTo(MessageState.FAILED);
    assertThat(only().failure()).contains(Messages.TOO_LATE);
  }

  @Test
  void aCodeThatNobodySendsIsForgottenAllTheSame() {
    code(SCENE.adult());
    ended(SCENE.adult());
    PLEDGE.pledge().tidy();
    assertThat(listed()).extracting(Listed::state).containsOnly(MessageState.WAITING);
    PLEDGE.ahead(Duration.ofMinutes(11));
    PLEDGE.pledge().tidy();
    assertThat(listed())
        .extracting(Listed::template, Listed::state)
        .containsExactlyInAnyOrder(
            tuple(Template.SIGN_IN_CODE, MessageState.FAILED),
            tuple(Template.SESSIONS_ENDED, MessageState.WAITING));
  }

  @Test
  @Clause({"II.II.1", "IV.3"})
  void whereThePolicyDoesNotLetTheAddressBeReadTheMessageFailsWithItsReason() {
    SubjectId closed = SCENE.adult();
    PLEDGE.change(SCENE.backend, changes -> changes.close(closed, "meeting", Set.of()));
    ended(closed);
    assertThat(delivery.deliver()).isEqualTo(1);
    assertThat(only().failure()).contains("account-closed");
    assertThat(only().state()).isEqualTo(MessageState.FAILED);

    owner("delete from message");
    ended(SCENE.adult());
    // Its role for services sees clear, and nobody has agreed to it.
    MailSettings promotion = mail.settings("purpose: promotion");
    assertThat(PLEDGE.pledge().delivery(promotion).deliver()).isEqualTo(1);
    assertThat(only().state()).isEqualTo(MessageState.FAILED);

    owner("delete from message");
    ended(SCENE.adult());
    // Only people serve it, and see masked.
    MailSettings support = mail.settings("purpose: security");
    assertThat(PLEDGE.pledge().delivery(support).deliver()).isEqualTo(1);
    assertThat(only().failure()).contains("no-role");
    assertThat(mail.arrived()).isEmpty();
  }

  @Test
  void whereTheLastOpenProductHasTheAddressItIsAskedForThereAlone() {
    SubjectId person = SCENE.adult();
    PLEDGE.change(
        SCENE.backend, changes -> changes.join(person, "calendar", TestPledge.acceptance()));
    PLEDGE.change(SCENE.backend, changes -> changes.close(person, "meeting", Set.of()));
    ended(person);
    assertThat(delivery.deliver()).isEqualTo(1);
    assertThat(mail.arrived()).hasSize(1);
    assertThat(reads(person)).extracting(Facts::product).containsExactly(Optional.of("calendar"));
  }

  @Test
  @Clause("II.II.5")
  void whatThePolicyShowsMaskedIsNoAddress() {
    Path masking = TestPledge.reworded("sees: clear", "sees: masked");
    try (TestPledge other = TestPledge.under(masking)) {
      SubjectId person = other.adult(new Scene(other).backend, Map.of("email", Scene.address()));
      Messages messages = other.pledge().messages();
      other
          .database()
          .database()
          .change(
              tx -> {
                Map<String, String> path = Map.of("path", "/me");
                messages.put(tx, person, Template.SESSIONS_ENDED, Locale.ENGLISH, path);
                return person;
              });
      assertThat(other.pledge().delivery(mail.settings()).deliver()).isEqualTo(1);
      Listed listed =
          other
              .database()
              .database()
              .read(handle -> messages.page(handle, null, null, 1))
              .messages()
              .getFirst();
      assertThat(listed.failure()).contains("masked");
      assertThat(mail.arrived()).isEmpty();
    }
  }

  @Test
  void addressesInOtherScriptsAreWrittenTo() {
    String address = "用户" + Scene.address();
    ended(person(address));
    assertThat(delivery.deliver()).isEqualTo(1);
    assertThat(mail.arrived()).extracting(Arrived::to).containsExactly(address);
  }

  @Test
  void whatIsDueGoesByItself() throws InterruptedException {
    try (TestPledge other = TestPledge.open()) {
      SubjectId person = other.adult(new Scene(other).backend, Map.of("email", Scene.address()));
      other.restart(mail.settings());
      other
          .database()
          .database()
          .change(
              tx -> {
                Map<String, String> code = Map.of("code", CODE);
                Messages messages = other.pledge().messages();
                messages.put(tx, person, Template.SIGN_IN_CODE, Locale.ENGLISH, code);
                return person;
              });
      Await.until(() -> !mail.arrived().isEmpty());
    }
    assertThat(mail.arrived().getFirst().text()).contains(CODE);
  }

  @Test
  void whoeverHasNoAddressIsNotWrittenTo() {
    SubjectId person = PLEDGE.adult(SCENE.backend, Map.of("phone", "+8613800138000"));
    ended(person);
    assertThat(delivery.deliver()).isEqualTo(1);
    assertThat(only().failure()).contains("no-address");
  }

  @Test
  void aPurposeThatThePolicyDoesNotHaveIsRefusedAtTheStart() {
    Configuration configuration =
        PLEDGE.configuration().mailedBy(mail.settings("purpose: letters"));
    assertThatExceptionOfType(MailRefused.class)
        .isThrownBy(() -> Pledge.open(configuration))
        .withMessageContaining("`letters`");
  }

  @Test
  @Clause({"II.II.3", "V.1"})
  void messagesGoWithTheirPerson() {
    SubjectId person = SCENE.adult();
    code(person);
    ended(person);
    Due taken = take().orElseThrow();
    var _ = PLEDGE.change(SCENE.backend, changes -> changes.erase(person, true, Marking.NONE));
    assertThat(listed()).isEmpty();
    assertThat(new Remains(person).inTables(database())).doesNotContainKey("message");
    note(taken, new Sent.NotYet("not-taken"));
    assertThat(listed()).isEmpty();
    assertThat(delivery.deliver()).isZero();
    assertThat(mail.arrived()).isEmpty();
  }

  /** Whoever puts it there has not taken the account, and is at it when the erasure comes. */
  @Test
  @Clause({"II.II.3", "V.1"})
  void whatIsPutThereDuringAnErasureGoesToo() throws InterruptedException, ExecutionException {
    SubjectId person = SCENE.adult();
    CountDownLatch there = new CountDownLatch(1);
    CountDownLatch commit = new CountDownLatch(1);
    try (ExecutorService two = Executors.newFixedThreadPool(2)) {
      Future<?> putting =
          two.submit(
              () ->
                  database()
                      .change(
                          tx -> {
                            Map<String, String> path = Map.of("path", "/me");
                            messages().put(tx, person, Template.NEW_VERSION, Locale.ROOT, path);
                            there.countDown();
                            await(commit);
                            return person;
                          }));
      await(there);
      Future<?> erasing =
          two.submit(
              () ->
                  PLEDGE.change(
                      SCENE.backend, changes -> changes.erase(person, true, Marking.NONE)));
      Await.until(DeliveryTest::doesAnybodyWait);
      commit.countDown();
      var _ = putting.get();
      var _ = erasing.get();
    }
    assertThat(listed()).isEmpty();
    assertThat(new Remains(person).inTables(database())).doesNotContainKeys("message", "subject");
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean doesAnybodyWait() {
    return database()
        .read(
            handle ->
                handle
                    .createQuery("select exists (select from pg_locks where not granted)")
                    .mapTo(Boolean.class)
                    .one());
  }

  @Test
  void nothingIsPutThereForNobody() {
    SubjectId nobody = new SubjectId(UUID.randomUUID());
    assertThatExceptionOfType(ConstraintViolated.class).isThrownBy(() -> ended(nobody));
  }

  @Test
  void whoeverDiesBeforeSendingLeavesItToTheNext() {
    ended(SCENE.adult());
    Due dead = take().orElseThrow();
    assertThat(delivery.deliver()).isZero();
    PLEDGE.restart();
    Delivery again = PLEDGE.pledge().delivery(mail.settings());
    PLEDGE.ahead(Messages.LEASE.minusSeconds(30));
    assertThat(again.deliver()).isZero();
    PLEDGE.ahead(Messages.LEASE.plusSeconds(30));
    assertThat(again.deliver()).isEqualTo(1);
    assertThat(mail.arrived()).hasSize(1);
    // Who was not dead after all changes nothing any more.
    note(dead, new Sent.Never("late"));
    assertThat(only().state()).isEqualTo(MessageState.DELIVERED);
    assertThat(only().attempts()).isEqualTo(2);
  }

  @Test
  void whoeverIsLateDoesNotUndoWhatTheNextIsAt() {
    ended(SCENE.adult());
    Due late = take().orElseThrow();
    PLEDGE.ahead(Messages.LEASE.plusSeconds(30));
    Due next = take().orElseThrow();
    assertThat(next.attempt()).isEqualTo(2);
    note(late, new Sent.Never("late"));
    assertThat(only().state()).isEqualTo(MessageState.WAITING);
    assertThat(delivery.deliver()).isZero();
    note(next, new Sent.Delivered());
    assertThat(only().state()).isEqualTo(MessageState.DELIVERED);
  }

  @Test
  void nothingIsSentThatWasAlteredOrMoved() {
    SubjectId one = SCENE.adult();
    SubjectId other = SCENE.adult();
    code(one);
    code(other);
    assertThat(unsound()).isEmpty();
    owner(
        "update message set sealed = (select sealed from message where subject_id = '%s') where subject_id = '%s'"
            .formatted(one, other));
    assertThat(unsound()).containsExactly("message-to-person-does-not-open");
    assertThat(delivery.deliver()).isEqualTo(2);
    assertThat(mail.arrived()).hasSize(1);
    assertThat(listed())
        .extracting(Listed::failure)
        .containsExactlyInAnyOrder(Optional.empty(), Optional.of("altered"));
  }

  private static List<String> unsound() {
    return DoctorDesk.examine(PLEDGE.configuration(), false, looked -> {}).stream()
        .map(Symptom::check)
        .filter(check -> check.startsWith("message"))
        .toList();
  }

  @Test
  void itIsShownForThirtyDaysWhatBecameOfAMessage() {
    ended(SCENE.adult());
    assertThat(delivery.deliver()).isEqualTo(1);
    PLEDGE.ahead(Duration.ofDays(30));
    PLEDGE.pledge().tidy();
    assertThat(listed()).hasSize(1);
    PLEDGE.ahead(Duration.ofDays(31));
    PLEDGE.pledge().tidy();
    assertThat(listed()).isEmpty();
  }

  @Test
  void messagesAreListedByStateAndPages() {
    for (int i = 0; i < 3; i++) {
      ended(SCENE.adult());
    }
    code(SCENE.adult());
    PLEDGE.ahead(Duration.ofMinutes(11));
    assertThat(delivery.deliver()).isEqualTo(4);
    Caller auditor = PLEDGE.caller("auditor", Asker.Kind.AUDITOR, "auditor");
    var first = PLEDGE.pledge().messages(auditor, MessageState.DELIVERED, null, 2);
    assertThat(first.page().messages()).hasSize(2);
    var second =
        PLEDGE
            .pledge()
            .messages(auditor, MessageState.DELIVERED, first.page().next().orElseThrow(), 2);
    assertThat(second.page().messages()).hasSize(1);
    assertThat(second.page().next()).isEmpty();
    assertThat(PLEDGE.pledge().messages(auditor, MessageState.FAILED, null, 2).page().messages())
        .hasSize(1);
    assertThat(PLEDGE.pledge().messages(auditor, MessageState.WAITING, null, 2).page().messages())
        .isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PLEDGE.pledge().messages(auditor, null, "x", 2));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PLEDGE.pledge().messages(auditor, null, null, 201));
  }

  @Test
  @Clause("IV.3")
  void nobodyElseHasTheNameOfWhoReadsAddresses() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PLEDGE.caller("messages", Asker.Kind.SERVICE, "product-backend"));
  }
}
