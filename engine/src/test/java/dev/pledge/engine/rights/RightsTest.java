package dev.pledge.engine.rights;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.TestPledge;
import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.erasure.Remains;
import dev.pledge.engine.gate.AccessHistory;
import dev.pledge.engine.gate.FieldAnswer;
import dev.pledge.engine.gate.ReadAnswer;
import dev.pledge.engine.gate.ReadRequest;
import dev.pledge.engine.gate.Scene;
import dev.pledge.engine.keys.UnsealException;
import dev.pledge.engine.request.DocumentType;
import dev.pledge.engine.request.RequestKind;
import dev.pledge.engine.request.RequestState;
import dev.pledge.engine.request.RightsRequest;
import dev.pledge.engine.request.Ruling;
import dev.pledge.engine.rights.Rights.Due;
import dev.pledge.engine.rights.Rights.HowSeen;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.engine.value.UnusableInput;
import dev.pledge.log.Kind;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.Asker.Assurance;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.SubjectId;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RightsTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  @RegisterExtension static final TestPledge PLEDGE = TestPledge.on(DATABASE);

  private static final byte[] PDF = "%PDF-1.7\nhello".getBytes(US_ASCII);
  private static final String SECRET = "my neighbour reads my letters";

  private final Scene scene = new Scene(PLEDGE);
  private final Caller officer = scene.member("officer", "privacy-officer");
  private final Caller other = scene.member("other-officer", "privacy-officer");

  @AfterEach
  void letWork() {
    owner("drop trigger if exists refuse on datum");
    owner("drop trigger if exists refuse on subject_key");
    PLEDGE.ahead(Duration.ZERO);
  }

  private static void owner(String sql) {
    Database.over(DATABASE.owner()).change(tx -> tx.handle().execute(sql));
  }

  // -------------------------------------------------------------------------------- short words

  private <T> T change(Caller caller, TestPledge.Change<T> change) {
    return PLEDGE.change(caller, change);
  }

  private static Wish wish(RequestKind kind, String text) {
    return new Wish(
        kind,
        Optional.empty(),
        Optional.of(text),
        List.of(),
        Map.of(),
        Optional.empty(),
        Optional.empty());
  }

  private static Wish deletion(String... fields) {
    return new Wish(
        RequestKind.DELETION,
        Optional.empty(),
        Optional.empty(),
        List.of(fields),
        Map.of(),
        Optional.empty(),
        Optional.empty());
  }

  private static Wish correction(Map<String, Object> values) {
    return new Wish(
        RequestKind.CORRECTION,
        Optional.of("meeting"),
        Optional.empty(),
        List.of(),
        values,
        Optional.empty(),
        Optional.empty());
  }

  private Moved ask(SubjectId person, Assurance assurance, Wish wish) {
    return change(scene.backend, changes -> changes.request(person, assurance, wish));
  }

  private RightsRequest made(SubjectId person, Wish wish) {
    return done(ask(person, Assurance.STEPPED_UP, wish));
  }

  private static RightsRequest done(Moved moved) {
    assertThat(moved).isInstanceOf(Moved.Done.class);
    return ((Moved.Done) moved).request();
  }

  private static NotNow refused(Moved moved) {
    assertThat(moved).isInstanceOf(Moved.Refused.class);
    return ((Moved.Refused) moved).why();
  }

  private static Judgement granted() {
    return new Judgement(Ruling.GRANTED, "as asked", Optional.empty(), Set.of(), Set.of());
  }

  private static Judgement refusal() {
    return new Judgement(
        Ruling.REFUSED,
        "the law has it kept",
        Optional.of(new ClauseId("V.3")),
        Set.of(),
        Set.of());
  }

  private Moved decide(Caller caller, RightsRequest request, Judgement judgement) {
    return change(caller, changes -> changes.decide(request.id(), judgement));
  }

  private Shown.One shown(SubjectId person, RightsRequest request) {
    Shown shown = PLEDGE.pledge().request(scene.backend, person, request.id());
    assertThat(shown).isInstanceOf(Shown.One.class);
    return (Shown.One) shown;
  }

  private RequestState state(SubjectId person, RightsRequest request) {
    return shown(person, request).request().state();
  }

  /** As soon as nothing is to be tried any more, whoever tries it. */
  private void carryOut() {
    PLEDGE.pledge().carryOut();
  }

  private boolean has(SubjectId person, String field) {
    String purpose = field.equals("device.language") ? "settings" : "customer-service";
    ReadAnswer answer =
        PLEDGE
            .pledge()
            .read(ReadRequest.of(scene.backend, purpose, "meeting", List.of(field)), person);
    FieldAnswer told = ((ReadAnswer.Answer) answer).fields().getFirst();
    assertThat(told).isNotInstanceOf(FieldAnswer.Withheld.class);
    return told instanceof FieldAnswer.Shown;
  }

  // ---------------------------------------------------------------------------------- following

  @Test
  @Clause("V.4")
  void aRequestHasANumberAndClocksAndIsConfirmedAtOnce() {
    SubjectId person = scene.adult();
    RightsRequest request = made(person, wish(RequestKind.COMPLAINT, SECRET));
    assertThat(RequestNumber.read(request.number())).contains(request.number());
    assertThat(request.state()).isEqualTo(RequestState.CONFIRMED);
    Shown.One shown = shown(person, request);
    assertThat(shown.wish().text()).contains(SECRET);
    assertThat(shown.request().clock().answerBy()).isPresent();
    assertThat(shown.request().clock().confirmedAt()).isPresent();
    assertThat(shown.request().policy()).isEqualTo(TestPledge.EMEET.toString());
    assertThat(told(person)).containsExactly("request-received");
  }

  private static List<String> told(SubjectId person) {
    return Database.over(DATABASE.owner())
        .read(handle -> new dev.pledge.engine.request.Requests().told(handle, person));
  }

  @Test
  @Clause({"V.4", "IV.2"})
  void whatIsWrittenLiesNowhereInClear() {
    SubjectId person = scene.adult();
    RightsRequest request = made(person, wish(RequestKind.COMPLAINT, SECRET));
    change(scene.backend, changes -> changes.write(person, request.id(), SECRET + " too"));
    change(officer, changes -> changes.write(request.id(), SECRET + "?"));
    change(scene.backend, changes -> changes.handIn(person, request.id(), DocumentType.PDF, PDF));
    decide(
        officer,
        request,
        new Judgement(Ruling.GRANTED, SECRET + "!", Optional.empty(), Set.of(), Set.of()));
    for (String table :
        List.of("rights_request", "request_message", "request_document", "request_told")) {
      String rows =
          Database.over(DATABASE.owner())
              .read(
                  handle ->
                      handle
                          .createQuery("select t::text from " + table + " t")
                          .mapTo(String.class)
                          .list()
                          .toString());
      assertThat(rows)
          .doesNotContain("neighbour")
          .doesNotContain(java.util.HexFormat.of().formatHex("neighbour".getBytes(US_ASCII)));
    }
    assertThat(shown(person, request).messages())
        .extracting(Shown.Said::text)
        .containsExactly(SECRET + " too", SECRET + "?");
  }

  @Test
  @Clause("V.4")
  void whoAsksIsSeenBeforeWhatRevealsOrRemovesIsGranted() {
    SubjectId person = scene.adult();
    for (Wish wish :
        List.of(
            deletion("identity.name"),
            new Wish(
                RequestKind.ACCESS,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty()),
            correction(Map.of("contact.email", "else@example.com")))) {
      RightsRequest request = done(ask(person, Assurance.SIGNED_IN, wish));
      assertThat(refused(decide(officer, request, granted())))
          .isEqualTo(NotNow.IDENTITY_NOT_CHECKED);
      change(officer, changes -> changes.wantIdentity(request.id(), "please show your card"));
      assertThat(state(person, request)).isEqualTo(RequestState.IDENTITY_WANTED);
      change(scene.backend, changes -> changes.handIn(person, request.id(), DocumentType.PDF, PDF));
      assertThat(state(person, request)).isEqualTo(RequestState.IN_WORK);
      RightsRequest seen =
          done(change(officer, changes -> changes.checkIdentity(request.id(), HowSeen.DOCUMENT)));
      assertThat(seen.identity().check().orElseThrow().by()).isEqualTo(officer.id());
      assertThat(decide(officer, request, granted())).isInstanceOf(Moved.Done.class);
    }
    RightsRequest later = done(ask(person, Assurance.SIGNED_IN, deletion("identity.name")));
    change(scene.backend, changes -> changes.identify(person, later.id()));
    assertThat(decide(officer, later, granted())).isInstanceOf(Moved.Done.class);
    RightsRequest name =
        done(ask(person, Assurance.SIGNED_IN, correction(Map.of("identity.name", "Ada"))));
    assertThat(decide(officer, name, granted())).isInstanceOf(Moved.Done.class);
  }

  @Test
  @Clause("V.4")
  void anAppealIsDecidedBySomebodyElse() {
    SubjectId person = scene.adult();
    scene.collect(person, Map.of("identity.name", "Wei"));
    RightsRequest first = made(person, deletion("identity.name"));
    assertThat(refused(change(scene.backend, c -> c.appeal(person, first.id(), "not yet decided"))))
        .isEqualTo(NotNow.NOTHING_TO_APPEAL);
    assertThat(done(decide(officer, first, refusal())).state()).isEqualTo(RequestState.DECIDED);
    assertThat(shown(person, first).judgement().orElseThrow().reasons())
        .isEqualTo("the law has it kept");
    RightsRequest appeal =
        done(change(scene.backend, c -> c.appeal(person, first.id(), "it does not")));
    assertThat(refused(change(scene.backend, c -> c.appeal(person, first.id(), "again"))))
        .isEqualTo(NotNow.NOTHING_TO_APPEAL);
    assertThat(refused(decide(officer, appeal, granted()))).isEqualTo(NotNow.DECIDED_BY_THE_SAME);
    decide(other, appeal, granted());
    carryOut();
    assertThat(state(person, appeal)).isEqualTo(RequestState.DONE);
    assertThat(has(person, "identity.name")).isFalse();
    assertThat(refused(change(scene.backend, c -> c.appeal(person, appeal.id(), "more"))))
        .isEqualTo(NotNow.NOTHING_TO_APPEAL);
  }

  @Test
  @Clause("V.4")
  void aDecidedRequestIsDecidedOnce() throws Exception {
    for (int round = 0; round < 5; round++) {
      SubjectId person = scene.adult();
      RightsRequest request = made(person, wish(RequestKind.COMPLAINT, SECRET));
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Callable<Moved>> both =
            List.of(
                () -> decide(officer, request, granted()), () -> decide(other, request, refusal()));
        List<Moved> came =
            threads.invokeAll(both).stream().map(RightsTest::get).collect(Collectors.toList());
        assertThat(came.stream().filter(Moved.Done.class::isInstance)).hasSize(1);
        assertThat(came.stream().filter(Moved.Refused.class::isInstance).map(RightsTest::refused))
            .containsExactly(NotNow.ALREADY_DECIDED);
        Moved.Done won =
            (Moved.Done)
                came.stream().filter(Moved.Done.class::isInstance).findFirst().orElseThrow();
        assertThat(shown(person, request).request().decided()).isEqualTo(won.request().decided());
      }
    }
  }

  private static Moved get(Future<Moved> future) {
    try {
      return future.get();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  @Clause("V.4")
  void whatIsTakenBackIsOver() {
    SubjectId person = scene.adult();
    RightsRequest request = made(person, wish(RequestKind.COMPLAINT, SECRET));
    change(scene.backend, changes -> changes.handIn(person, request.id(), DocumentType.PDF, PDF));
    assertThat(done(change(scene.backend, c -> c.withdraw(person, request.id()))).state())
        .isEqualTo(RequestState.WITHDRAWN);
    assertThat(shown(person, request).documents()).isEmpty();
    assertThat(refused(change(scene.backend, c -> c.withdraw(person, request.id()))))
        .isEqualTo(NotNow.NOT_UNDECIDED);
    assertThat(refused(decide(officer, request, granted()))).isEqualTo(NotNow.NOT_UNDECIDED);
  }

  // ------------------------------------------------------------------------------- who may know

  @Test
  @Clause({"V.4", "IV.3"})
  void nobodyElsesRequestIsThere() {
    SubjectId person = scene.adult();
    SubjectId stranger = scene.adult();
    RightsRequest request = made(person, wish(RequestKind.COMPLAINT, SECRET));
    UUID document =
        ((Moved.Done)
                PLEDGE.<Moved>change(
                    scene.backend, c -> c.handIn(person, request.id(), DocumentType.PDF, PDF)))
            .record();
    UUID id = request.id();
    assertThat(PLEDGE.pledge().request(scene.backend, stranger, id))
        .isInstanceOf(Shown.Unknown.class);
    assertThat(PLEDGE.pledge().requestDocument(scene.backend, stranger, id, document))
        .isInstanceOf(Shown.Unknown.class);
    List<TestPledge.Change<Moved>> tries =
        List.of(
            c -> c.write(stranger, id, "hello"),
            c -> c.handIn(stranger, id, DocumentType.PDF, PDF),
            c -> c.withdraw(stranger, id),
            c -> c.appeal(stranger, id, "hello"));
    tries.forEach(
        each ->
            assertThat(PLEDGE.<Moved>change(scene.backend, each))
                .isInstanceOf(Moved.Unknown.class));
    RightsRequest theirs = made(stranger, wish(RequestKind.COMPLAINT, "another"));
    assertThat(PLEDGE.pledge().requestDocument(scene.backend, stranger, theirs.id(), document))
        .isInstanceOf(Shown.Unknown.class);
    assertThat(PLEDGE.pledge().requestDocument(scene.backend, person, id, document))
        .isInstanceOfSatisfying(
            Shown.Document.class, found -> assertThat(found.content()).isEqualTo(PDF));
  }

  @Test
  @Clause("IV.3")
  void onlyStaffWhoAreBoundWorkOnRequests() {
    SubjectId person = scene.adult();
    RightsRequest request = made(person, wish(RequestKind.COMPLAINT, SECRET));
    assertThat(refused(decide(scene.backend, request, granted())))
        .isEqualTo(NotNow.NOT_A_MEMBER_OF_STAFF);
    Caller unbound = PLEDGE.caller("unbound", Asker.Kind.STAFF);
    assertThat(refused(decide(unbound, request, granted()))).isEqualTo(NotNow.NO_ROLE);
    assertThat(PLEDGE.pledge().request(unbound, request.id())).isInstanceOf(Shown.Refused.class);
    assertThat(PLEDGE.pledge().request(scene.backend, request.id()))
        .isInstanceOf(Shown.Refused.class);
    assertThat(PLEDGE.pledge().request(officer, UUID.randomUUID()))
        .isInstanceOf(Shown.Unknown.class);
    assertThat(PLEDGE.pledge().request(officer, request.id()))
        .isInstanceOfSatisfying(
            Shown.One.class, one -> assertThat(one.wish().text()).contains(SECRET));
  }

  // ------------------------------------------------------------------------------- carrying out

  @Test
  @Clause({"V.1", "V.2", "V.3"})
  void whatIsGrantedIsDoneByTheGate() {
    SubjectId person = scene.adult();
    scene.collect(person, Map.of("identity.name", "Wei", "device.language", "zh-CN"));
    RightsRequest correction =
        made(person, correction(new TreeMap<>(Map.of("identity.name", "Ada"))));
    decide(officer, correction, granted());
    RightsRequest deletion = made(person, deletion("identity.name", "device.language"));
    decide(
        officer,
        deletion,
        new Judgement(
            Ruling.PARTLY,
            "the rest is needed",
            Optional.of(new ClauseId("V.2")),
            Set.of("device.language"),
            Set.of()));
    scene.agree(person, "promotion");
    RightsRequest objection =
        made(
            person,
            new Wish(
                RequestKind.OBJECTION,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Map.of(),
                Optional.of("promotion"),
                Optional.empty()));
    decide(officer, objection, granted());
    carryOut();
    for (RightsRequest request : List.of(correction, deletion, objection)) {
      assertThat(state(person, request)).as(request.kind().word()).isEqualTo(RequestState.DONE);
    }
    assertThat(has(person, "identity.name")).isTrue();
    assertThat(has(person, "device.language")).isFalse();
    assertThat(PLEDGE.pledge().choices(scene.backend, person, null, 10).toString())
        .contains("WITHDRAWN");
  }

  @Test
  @Clause({"V.1", "V.3"})
  void anErasureTakesTheRequestsAlong() {
    SubjectId person = scene.adult();
    RightsRequest complaint = made(person, wish(RequestKind.COMPLAINT, SECRET));
    change(scene.backend, changes -> changes.handIn(person, complaint.id(), DocumentType.PDF, PDF));
    RightsRequest deletion = made(person, deletion());
    decide(officer, deletion, granted());
    carryOut();
    assertThat(PLEDGE.pledge().request(scene.backend, person, deletion.id()))
        .isInstanceOf(Shown.Unknown.class);
    assertThat(PLEDGE.pledge().requests(scene.backend, person)).isInstanceOf(Shown.Unknown.class);
    assertThat(PLEDGE.pledge().request(officer, complaint.id())).isInstanceOf(Shown.Unknown.class);
    assertThat(new Remains(person).inTables(Database.over(DATABASE.owner()))).isEmpty();
    assertThat(ask(person, Assurance.STEPPED_UP, deletion())).isInstanceOf(Moved.Unknown.class);
  }

  @Test
  @Clause("V.4")
  void whatCouldNotBeDoneSurvivesARestartAndIsRunAgain() {
    SubjectId person = scene.adult();
    scene.collect(person, Map.of("identity.name", "Wei"));
    RightsRequest request = made(person, deletion("identity.name"));
    refuseDeleting();
    decide(officer, request, granted());
    carryOut();
    PLEDGE.restart();
    RightsRequest failed = shown(person, request).request();
    assertThat(failed.state()).isEqualTo(RequestState.CARRYING_OUT);
    assertThat(failed.carrying().failure()).contains("error");
    assertThat(failed.carrying().attempts()).isEqualTo(1);
    assertThat(has(person, "identity.name")).isTrue();
    owner("drop trigger refuse on datum");
    carryOut();
    assertThat(state(person, request))
        .as("not before its time")
        .isEqualTo(RequestState.CARRYING_OUT);
    PLEDGE.ahead(Duration.ofSeconds(61));
    carryOut();
    carryOut();
    assertThat(state(person, request)).isEqualTo(RequestState.DONE);
    assertThat(has(person, "identity.name")).isFalse();
    assertThat(refused(change(officer, c -> c.again(request.id(), Set.of()))))
        .isEqualTo(NotNow.NOTHING_TO_CARRY_OUT);
  }

  @Test
  @Clause("V.4")
  void aRequestIsLateOnceItsDaysAreOver() {
    SubjectId person = scene.adult();
    RightsRequest access = made(person, deletion("identity.name"));
    assertThat(queue(Due.SOON, null, 200).page().requests())
        .extracting(RightsRequest::id)
        .doesNotContain(access.id());
    PLEDGE.ahead(Duration.ofDays(30));
    assertThat(queue(Due.SOON, null, 200).page().requests())
        .extracting(RightsRequest::id)
        .contains(access.id());
    assertThat(queue(Due.OVERDUE, null, 200).page().requests())
        .extracting(RightsRequest::id)
        .doesNotContain(access.id());
    PLEDGE.ahead(Duration.ofDays(32));
    assertThat(queue(Due.OVERDUE, null, 200).page().requests())
        .extracting(RightsRequest::id)
        .contains(access.id());
  }

  @Test
  @Clause({"V.1", "V.4"})
  void anErasureThatTheLedgerHasIsFinishedAtTheStart() {
    SubjectId person = scene.adult();
    RightsRequest request = made(person, deletion());
    owner(REFUSE);
    owner(
        """
        create constraint trigger refuse after delete on subject_key
        deferrable initially deferred for each row execute function refuse()
        """);
    decide(officer, request, granted());
    carryOut();
    assertThat(PLEDGE.pledge().request(scene.backend, person, request.id()))
        .as("in the ledger, and so nobody")
        .isInstanceOf(Shown.Unknown.class);
    assertThat(new Remains(person).inTables(Database.over(DATABASE.owner())))
        .containsKey("rights_request");
    SubjectId next = scene.adult();
    RightsRequest behind = made(next, deletion("identity.name"));
    decide(officer, behind, granted());
    carryOut();
    assertThat(state(next, behind)).isEqualTo(RequestState.DONE);
    owner("drop trigger refuse on subject_key");
    PLEDGE.restart();
    assertThat(new Remains(person).inTables(Database.over(DATABASE.owner()))).isEmpty();
  }

  @Test
  @Clause("V.3")
  void whoComesBackInTimeFindsTheirRequestsAgain() {
    try (TestPledge there =
        TestPledge.under(
            TestPledge.reworded("\nrequests:", "\nleaving: { recovery: P14D }\nrequests:"))) {
      Scene set = new Scene(there);
      Caller decides = set.member("officer", "privacy-officer");
      SubjectId person = set.adult();
      Moved made =
          there.change(set.backend, c -> c.request(person, Assurance.STEPPED_UP, deletion()));
      UUID id = done(made).id();
      there.<Moved>change(decides, c -> c.decide(id, granted()));
      there.pledge().carryOut();
      assertThat(there.pledge().request(set.backend, person, id)).isInstanceOf(Shown.Unknown.class);
      there.change(set.backend, c -> c.recover(person));
      assertThat(there.pledge().request(set.backend, person, id))
          .isInstanceOfSatisfying(
              Shown.One.class,
              one -> assertThat(one.request().state()).isEqualTo(RequestState.DONE));
    }
  }

  @Test
  @Clause({"V.1", "V.4"})
  void anErasureThatTheDatabaseRefusedIsRunAgain() {
    SubjectId person = scene.adult();
    RightsRequest request = made(person, deletion());
    refusing("after delete on subject_key", "subject_key");
    decide(officer, request, granted());
    carryOut();
    assertThat(state(person, request)).isEqualTo(RequestState.CARRYING_OUT);
    owner("drop trigger refuse on subject_key");
    PLEDGE.restart();
    change(officer, changes -> changes.again(request.id(), Set.of()));
    carryOut();
    assertThat(new Remains(person).inTables(Database.over(DATABASE.owner()))).isEmpty();
  }

  @Test
  @Clause("V.3")
  void aRefusalOfTheGateIsSaidAndSeenTo() {
    SubjectId person = scene.adult();
    RightsRequest closing =
        made(
            person,
            new Wish(
                RequestKind.CLOSING,
                Optional.of("calendar"),
                Optional.empty(),
                List.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty()));
    decide(officer, closing, granted());
    carryOut();
    RightsRequest failed = shown(person, closing).request();
    assertThat(failed.state()).isEqualTo(RequestState.CARRYING_OUT);
    assertThat(failed.carrying().failure()).isPresent();
    assertThat(failed.carrying().nextTry()).isEmpty();
  }

  @Test
  @Clause("V.2")
  void whatNothingOfOursDoesIsDoneByHand() {
    SubjectId person = scene.adult();
    RightsRequest request =
        made(person, wish(RequestKind.RESTRICTION, "keep it and do not use it"));
    decide(officer, request, granted());
    carryOut();
    assertThat(state(person, request)).isEqualTo(RequestState.CARRYING_OUT);
    assertThat(done(change(officer, c -> c.complete(request.id()))).state())
        .isEqualTo(RequestState.DONE);
    assertThat(refused(change(officer, c -> c.complete(request.id()))))
        .isEqualTo(NotNow.NOTHING_TO_CARRY_OUT);
  }

  private static void refuseDeleting() {
    refusing("before delete on datum", "datum");
  }

  private static final String REFUSE =
      """
      create or replace function refuse() returns trigger language plpgsql as
      $$ begin raise exception 'not now'; end $$
      """;

  private static void refusing(String when, String table) {
    owner(REFUSE);
    owner("create trigger refuse " + when + " for each row execute function refuse()");
    assertThat(table).isNotEmpty();
  }

  // ---------------------------------------------------------------------------------- documents

  @Test
  @Clause("V.4")
  void onlyWhatBeginsAsItSaysIsTaken() {
    SubjectId person = scene.adult();
    RightsRequest request = made(person, wish(RequestKind.COMPLAINT, SECRET));
    byte[] png = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0, 0};
    byte[] jpeg = {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xe0, 0};
    byte[] large = Arrays.copyOf(PDF, Rights.LARGEST_DOCUMENT + 1);
    byte[] html = "<html><script>%PDF-1.7".getBytes(US_ASCII);
    byte[] zipFirst = "PK\u0003\u0004%PDF-1.7".getBytes(US_ASCII);
    Map<byte[], DocumentType> hostile =
        Map.of(
            html,
            DocumentType.PDF,
            zipFirst,
            DocumentType.PDF,
            large,
            DocumentType.PDF,
            png,
            DocumentType.JPEG,
            jpeg,
            DocumentType.PNG,
            new byte[0],
            DocumentType.PDF,
            "%PDF-".getBytes(US_ASCII),
            DocumentType.PDF,
            "%pdf-1.7 x".getBytes(US_ASCII),
            DocumentType.PDF);
    hostile.forEach(
        (content, said) ->
            assertThatThrownBy(
                    () -> change(scene.backend, c -> c.handIn(person, request.id(), said, content)))
                .isInstanceOf(UnusableInput.class));
    byte[] polyglot = "%PDF-1.7\n<script>alert(1)</script>PK\u0003\u0004".getBytes(US_ASCII);
    for (byte[] content : List.of(PDF, polyglot, Arrays.copyOf(PDF, Rights.LARGEST_DOCUMENT))) {
      change(scene.backend, c -> c.handIn(person, request.id(), DocumentType.PDF, content));
    }
    change(scene.backend, c -> c.handIn(person, request.id(), DocumentType.PNG, png));
    change(scene.backend, c -> c.handIn(person, request.id(), DocumentType.JPEG, jpeg));
    assertThat(
            refused(
                change(
                    scene.backend, c -> c.handIn(person, request.id(), DocumentType.JPEG, jpeg))))
        .isEqualTo(NotNow.TOO_MANY_DOCUMENTS);
    assertThat(shown(person, request).documents())
        .extracting(document -> document.type().media())
        .containsExactlyInAnyOrder(
            "application/pdf", "application/pdf", "application/pdf", "image/png", "image/jpeg");
  }

  @Test
  @Clause({"V.4", "II.II.3"})
  void documentsGoWithTheDecisionForGoodAndNothingElseDoes() {
    SubjectId person = scene.adult();
    RightsRequest kept = made(person, wish(RequestKind.COMPLAINT, "another matter"));
    change(scene.backend, c -> c.handIn(person, kept.id(), DocumentType.PDF, PDF));
    RightsRequest request = made(person, wish(RequestKind.COMPLAINT, SECRET));
    UUID document =
        ((Moved.Done)
                PLEDGE.<Moved>change(
                    scene.backend, c -> c.handIn(person, request.id(), DocumentType.PDF, PDF)))
            .record();
    owner(
        "create table old_document as select * from request_document where document_id = '"
            + document
            + "'");
    decide(officer, request, granted());
    assertThat(PLEDGE.pledge().requestDocument(scene.backend, person, request.id(), document))
        .isInstanceOf(Shown.Unknown.class);
    // Whoever puts an old row back cannot open it: the person's key has forgotten it.
    owner("insert into request_document select * from old_document");
    owner("drop table old_document");
    assertThatThrownBy(
            () -> PLEDGE.pledge().requestDocument(scene.backend, person, request.id(), document))
        .isInstanceOf(UnsealException.class);
    owner("delete from request_document where document_id = '" + document + "'");
    assertThat(shown(person, request).wish().text()).contains(SECRET);
    UUID other = shown(person, kept).documents().getFirst().id();
    assertThat(PLEDGE.pledge().requestDocument(scene.backend, person, kept.id(), other))
        .isInstanceOfSatisfying(
            Shown.Document.class, found -> assertThat(found.content()).isEqualTo(PDF));
  }

  @Test
  @Clause("V.4")
  void aKeyThatForgetsSomethingElseStillOpensRequests() {
    SubjectId person = scene.adult();
    scene.collect(person, Map.of("identity.name", "Wei"));
    RightsRequest before = made(person, wish(RequestKind.COMPLAINT, SECRET));
    change(scene.backend, c -> c.handIn(person, before.id(), DocumentType.PDF, PDF));
    change(scene.backend, c -> c.delete(person, List.of("identity.name")));
    RightsRequest after = made(person, wish(RequestKind.COMPLAINT, SECRET + " still"));
    change(scene.backend, c -> c.delete(person, List.of("device.language")));
    PLEDGE.restart();
    assertThat(shown(person, before).wish().text()).contains(SECRET);
    assertThat(shown(person, after).wish().text()).contains(SECRET + " still");
    UUID document = shown(person, before).documents().getFirst().id();
    assertThat(PLEDGE.pledge().requestDocument(scene.backend, person, before.id(), document))
        .isInstanceOf(Shown.Document.class);
  }

  // ---------------------------------------------------------------------------------- the queue

  private Shown.Queue queue(Due due, @org.jspecify.annotations.Nullable String cursor, int limit) {
    Set<RequestState> open =
        EnumSet.complementOf(
            EnumSet.of(RequestState.DECIDED, RequestState.DONE, RequestState.WITHDRAWN));
    return (Shown.Queue)
        PLEDGE
            .pledge()
            .requests(
                officer,
                new Rights.Query(open, Optional.empty(), Optional.empty(), Optional.empty(), due),
                cursor,
                limit);
  }

  @Test
  @Clause("V.4")
  void whatIsOverdueComesFirstAndIsCounted() {
    SubjectId person = scene.adult();
    RightsRequest access = made(person, deletion("identity.name"));
    RightsRequest complaint = made(person, wish(RequestKind.COMPLAINT, SECRET));
    RightsRequest overdue = made(person, wish(RequestKind.COMPLAINT, "long ago"));
    owner(
        "update rights_request set due = now() - interval '1 day' where request_id = '"
            + overdue.id()
            + "'");
    owner(
        "update rights_request set due = now() + interval '1 hour' where request_id = '"
            + complaint.id()
            + "'");
    Shown.Queue first = queue(Due.ANY, null, 200);
    List<UUID> ids =
        first.page().requests().stream()
            .map(RightsRequest::id)
            .filter(Set.of(access.id(), complaint.id(), overdue.id())::contains)
            .toList();
    assertThat(ids).containsExactly(overdue.id(), complaint.id(), access.id());
    assertThat(queue(Due.OVERDUE, null, 200).page().requests())
        .extracting(RightsRequest::id)
        .contains(overdue.id())
        .doesNotContain(complaint.id());
    assertThat(queue(Due.SOON, null, 200).page().requests())
        .extracting(RightsRequest::id)
        .contains(overdue.id(), complaint.id())
        .doesNotContain(access.id());
    assertThat(first.counts().overdue()).isPositive();
    assertThat(first.counts().soon()).isPositive();
    Shown.Queue page = queue(Due.ANY, null, 1);
    assertThat(page.page().requests()).hasSize(1);
    Shown.Queue next = queue(Due.ANY, page.page().next().orElseThrow().toString(), 1);
    assertThat(next.page().requests().getFirst().id())
        .isNotEqualTo(page.page().requests().getFirst().id());
  }

  @Test
  @Clause("V.4")
  void thePolicyOfTheReferenceLetsNoAnswerTakeLonger() {
    SubjectId person = scene.adult();
    RightsRequest request = made(person, deletion("identity.name"));
    assertThat(refused(change(officer, c -> c.extend(request.id(), "it is complex"))))
        .isEqualTo(NotNow.NO_EXTENSION);
  }

  @Test
  @Clause("V.4")
  void namesThatThePolicyDoesNotHaveAreNotKept() {
    SubjectId person = scene.adult();
    assertThat(refused(ask(person, Assurance.SIGNED_IN, deletion("13800138000"))))
        .isEqualTo(NotNow.UNKNOWN_NAMES);
    for (int i = 0; i < Rights.MOST_UNDECIDED; i++) {
      made(person, wish(RequestKind.COMPLAINT, "one more"));
    }
    assertThat(refused(ask(person, Assurance.SIGNED_IN, wish(RequestKind.COMPLAINT, "more"))))
        .isEqualTo(NotNow.TOO_MANY_REQUESTS);
  }

  @Test
  @Clause("V.4")
  void everyStepIsInThePersonsHistory() {
    SubjectId person = scene.adult();
    RightsRequest request = made(person, wish(RequestKind.COMPLAINT, SECRET));
    change(officer, changes -> changes.take(request.id()));
    decide(officer, request, refusal());
    AccessHistory.Page page =
        (AccessHistory.Page) PLEDGE.pledge().history(scene.backend, person, null, 20);
    assertThat(page.lines())
        .filteredOn(line -> line.recorded().entry().facts().kind().equals(Kind.REQUEST))
        .extracting(line -> line.recorded().entry().facts().reason().orElseThrow().reason())
        .containsExactlyInAnyOrder(
            Optional.of("received"), Optional.of("in-work"), Optional.of("refused"));
  }
}
