package dev.pledge.engine.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.TestPledge;
import dev.pledge.engine.actor.Caller;
import dev.pledge.log.Detail;
import dev.pledge.log.Entry;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.log.Outcome;
import dev.pledge.log.Verdict;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.Policies;
import dev.pledge.policy.decision.Question;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.language.Checked;
import dev.pledge.policy.language.PolicyCheck;
import dev.pledge.policy.language.PolicySource;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SubjectId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever is asked, it is entered, and nothing a caller made up is entered in the open. */
class LogbookTest {
  @RegisterExtension static final TestPledge PLEDGE = TestPledge.open();

  private static final List<String> NAMES =
      List.of(
          "identity.name",
          "contact.email",
          "contact.phone",
          "device.language",
          "location.position",
          "log.access",
          "identity.id-number",
          "mark4711",
          "mark4711.mark4711",
          "identity.mark4711",
          "Mark4711 张三 +8613800138000",
          "",
          ".",
          "a.b.c",
          "x".repeat(500),
          "nul\0mark4711",
          "broken \ud800 mark4711");
  private static final List<String> PURPOSES =
      List.of("customer-service", "promotion", "court-order", "safety-of-life", "recommendation");
  private static final List<String> PRODUCTS = List.of("meeting", "calendar", "general");

  private final Scene scene = new Scene(PLEDGE);

  @Test
  @Clause({"IV.3", "II.II.1"})
  void everyRequestHoweverHostileMakesAValidEntry() {
    SplittableRandom random = new SplittableRandom(20_261_122);
    SubjectId person = scene.adult();
    Caller officer = scene.staff("privacy-f", "privacy-officer");
    List<Caller> callers =
        List.of(
            scene.backend,
            scene.staff("support-f", "support-agent"),
            scene.staff("legal-f", "legal", "security-officer", "role-nobody-declared"),
            scene.service("idle-f"),
            scene.staff("analyst-f", "analyst"));
    List<UUID> approvals = new ArrayList<>(List.of(person.value()));
    approvals.add(scene.approved(officer, person, "legal-f", "identity.name").approval());
    int expected = 1;
    for (int i = 0; i < 400; i++) {
      Caller caller = any(random, callers);
      switch (random.nextInt(6)) {
        case 0, 1 -> PLEDGE.pledge().read(read(random, caller, approvals), person);
        case 2 -> scene.collect(caller, person, collection(random));
        case 3 -> {
          ConsentChange change =
              Scene.choice(
                  name(random, PURPOSES),
                  random.nextBoolean() ? Answer.GRANTED : Answer.WITHDRAWN,
                  random.nextBoolean() ? null : name(random, PRODUCTS),
                  random.nextBoolean() ? null : name(random, List.of("email", "sms")),
                  any(random, List.of(Coverage.values())),
                  any(random, List.of(By.values())));
          PLEDGE.<Object>change(caller, changes -> changes.consent(person, change));
        }
        case 4 ->
            scene.approve(
                random.nextBoolean() ? officer : caller,
                person,
                new ApprovalRequest(
                    name(random, PURPOSES),
                    name(random, PRODUCTS),
                    "because of mark4711",
                    names(random, 1 + random.nextInt(4)),
                    new ActorId(any(random, List.of("legal-f", "mark4711", "8613800138000"))),
                    null));
        default -> {
          List<String> fields = names(random, 1 + random.nextInt(4));
          PLEDGE.<Object>change(caller, changes -> changes.delete(person, fields));
        }
      }
      expected++;
    }
    List<AccessHistory.Line> lines = scene.history(person);
    assertThat(lines).hasSize(expected + 3); // registered, accepted, looked back
    for (AccessHistory.Line line : lines) {
      Entry entry = line.recorded().entry();
      assertThat(Entry.decode(entry.encode())).isEqualTo(entry);
      assertThat(new String(entry.encode(), StandardCharsets.UTF_8))
          .doesNotContainIgnoringCase("mark4711")
          .doesNotContain("13800138000", "张三");
    }
  }

  @Test
  void everyRefusalAboutNobodyIsEnteredToo() {
    SplittableRandom random = new SplittableRandom(4_711);
    SubjectId nobody = new SubjectId(UUID.fromString("01890000-0000-7000-8000-00000000000f"));
    Caller caller = scene.staff("support-n", "support-agent");
    for (int i = 0; i < 100; i++) {
      assertThat(PLEDGE.pledge().read(read(random, caller, List.of(nobody.value())), nobody))
          .isInstanceOf(ReadAnswer.Unknown.class);
      assertThat(
              PLEDGE
                  .pledge()
                  .find(
                      caller,
                      "email",
                      "nobody" + i + "@example.com",
                      name(random, PURPOSES),
                      name(random, PRODUCTS)))
          .isNotNull();
      assertThat(
              PLEDGE
                  .pledge()
                  .audience(
                      caller,
                      name(random, PURPOSES),
                      random.nextBoolean() ? null : name(random, List.of("email")),
                      name(random, PRODUCTS),
                      each -> {}))
          .isNotNull();
      Registration registration =
          new Registration(
              name(random, PRODUCTS), Map.of("email", "@"), null, null, List.of(), null);
      assertThat(scene.register(caller, registration)).isNotInstanceOf(Registered.Subject.class);
    }
  }

  @Test
  @Clause({"V.1", "IV.3"})
  void theHistoryIsCompleteInOrderAndTellsThePersonWhy() {
    SubjectId person = scene.adult();
    Caller support = scene.staff("support-h", "support-agent");
    scene.collect(person, Map.of("identity.name", "Wei"));
    ReadRequest why =
        Scene.request(
            support, "customer-service", List.of("identity.name"), "ticket 4711", Set.of(), null);
    scene.read(why, person);
    scene.refusal(support, person, "settings", "device.language");
    scene.grant(person, "recommendation");
    PLEDGE.pledge().subject(support, person);
    List<AccessHistory.Line> lines = scene.history(person);
    assertThat(lines.stream().map(line -> line.recorded().entry().facts().kind().name()))
        .containsExactly(
            "history", "state", "grant", "read", "read", "collect", "accept", "register");
    assertThat(lines.get(4).justification()).isEqualTo("ticket 4711");
    assertThat(new String(lines.get(4).recorded().entry().encode(), StandardCharsets.UTF_8))
        .doesNotContain("ticket");
    Facts read = lines.get(4).recorded().entry().facts();
    assertThat(read.outcome()).isEqualTo(Outcome.PERMITTED);
    assertThat(read.caller().id()).contains("support-h");
    assertThat(read.purpose()).contains("customer-service");
    assertThat(read.verdicts()).extracting(Verdict::field).containsExactly("identity.name");
    assertThat(lines.get(3).recorded().entry().facts().outcome()).isEqualTo(Outcome.REFUSED);
    for (int i = 1; i < lines.size(); i++) {
      assertThat(lines.get(i).recorded().entry().facts().at())
          .isBeforeOrEqualTo(lines.get(i - 1).recorded().entry().facts().at());
    }
  }

  @Test
  @Clause({"II.II.6", "V.2"})
  void theEntryOfAChoiceSaysWhatItCoversAndWhoMadeIt() {
    SubjectId person = scene.adult();
    scene.grant(person, "recommendation");
    assertThat(facts(person)).isEmpty();
    scene.grantSensitive(person, "location-service");
    assertThat(facts(person)).containsExactly("sensitive");
    scene.consent(
        person, Scene.choice("promotion", Answer.WITHDRAWN, null, null, Coverage.ALL, By.GUARDIAN));
    assertThat(facts(person)).containsExactly("all-data", "by-guardian");
    scene.consent(
        person, Scene.choice("promotion", Answer.GRANTED, null, null, Coverage.ALL, By.SELF));
    assertThat(scene.last(person).outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(facts(person)).containsExactly("all-data");
  }

  @Test
  @Clause({"II.I.9", "II.II.3"})
  void theEntryOfAReadSaysThatItRestedOnAnAuthorisationOrThatTheAccountIsClosed() {
    SubjectId person = scene.adult();
    scene.collect(person, Map.of("device.language", "en"));
    PLEDGE.<dev.pledge.engine.gate.Outcome>change(
        scene.backend, changes -> changes.join(person, "calendar", TestPledge.acceptance()));
    scene.grant(person, "pooling");
    PLEDGE
        .pledge()
        .read(
            ReadRequest.of(scene.backend, "settings", "calendar", List.of("device.language")),
            person);
    assertThat(facts(person)).containsExactly("pooling");
    scene.read(scene.backend, person, "settings", "device.language");
    assertThat(facts(person)).isEmpty();
    PLEDGE.<dev.pledge.engine.gate.Outcome>change(
        scene.backend, changes -> changes.close(person, "meeting", Set.of()).outcome());
    scene.refusal(scene.backend, person, "settings", "device.language");
    assertThat(facts(person)).containsExactly("closed");
    assertThat(scene.last(person).standing().status()).contains("active");
  }

  @Test
  void theDetailNamesWhatWasReliedOnAndCountsWhatDidNotFit() {
    Policies policies = policies();
    SubjectState state =
        new SubjectState(
            new SubjectId(UUID.randomUUID()),
            7,
            Instant.parse("2026-11-22T10:00:00Z"),
            SubjectState.Status.ACTIVE,
            List.of(
                new SubjectState.Membership(
                    new ProductId("meeting"), null, LocalDate.of(2026, 11, 22))),
            Optional.of(TestPledge.EMEET),
            SubjectState.Age.ADULT,
            List.of(),
            Set.of());
    Question question =
        Question.read(
            scene.backend.asker(state.now(), Asker.Capacity.ROLE, Asker.Assurance.SIGNED_IN),
            "settings",
            "meeting",
            List.of("device.language"));
    Tally tally = new Tally();
    for (int i = 0; i < Detail.MAX_RELIED_ON + 6; i++) {
      tally.pooled(Set.of(new UUID(1, i)));
    }
    Detail detail =
        LoggedDetail.of(
            policies.decide(question, state),
            scene.backend,
            null,
            null,
            null,
            List.of(tally),
            List.of());
    assertThat(detail.reliedOn()).hasSize(Detail.MAX_RELIED_ON);
    assertThat(detail.omitted()).isEqualTo(6);
    assertThat(Detail.decode(detail.encode())).isEqualTo(detail);
  }

  @Test
  @Clause("IV.3")
  void whoAsksInSomebodysNameAndFindsNobodyIsNamed() {
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    for (Asker.Capacity capacity : Asker.Capacity.values()) {
      Question question =
          Question.read(
              scene.backend.asker(now, capacity, Asker.Assurance.SIGNED_IN),
              "settings",
              "meeting",
              List.of("device.language"));
      dev.pledge.log.Caller caller =
          Logbook.unknown(
                  Kind.READ, now, scene.backend, question, policies().inForce(now).orElseThrow())
              .caller();
      assertThat(caller.id()).contains("backend");
      assertThat(caller.products()).contains("meeting");
    }
  }

  private static Policies policies() {
    Checked checked = PolicyCheck.check(PolicySource.directory(Path.of("../policies/emeet")));
    return Policies.of(List.of(((Checked.Sound) checked).policy()));
  }

  private Set<String> facts(SubjectId person) {
    return scene.last(person).standing().facts();
  }

  @Test
  void theHistoryIsReadPageByPage() {
    SubjectId person = scene.adult();
    for (int i = 0; i < 7; i++) {
      scene.read(scene.backend, person, "customer-service", "identity.name");
    }
    List<UUID> seen = new ArrayList<>();
    String cursor = null;
    do {
      AccessHistory.Page page =
          (AccessHistory.Page) PLEDGE.pledge().history(scene.backend, person, cursor, 4);
      page.lines().forEach(line -> seen.add(line.recorded().entry().id()));
      cursor = page.next().orElse(null);
    } while (cursor != null);
    // Each look is a line too, newer than where the next page begins.
    assertThat(seen).doesNotHaveDuplicates().hasSize(7 + 2 + 1);
  }

  private static ReadRequest read(SplittableRandom random, Caller caller, List<UUID> approvals) {
    List<String> fields = names(random, 1 + random.nextInt(8));
    LegalOrder order = random.nextInt(3) > 0 ? null : new LegalOrder(any(random, approvals));
    return new ReadRequest(
        caller,
        any(random, List.of(Asker.Capacity.values())),
        any(random, List.of(Asker.Assurance.values())),
        name(random, PURPOSES),
        name(random, PRODUCTS),
        fields,
        random.nextBoolean() ? null : name(random, List.of("email", "sms")),
        random.nextBoolean() ? null : "because of mark4711",
        Set.copyOf(names(random, random.nextInt(4))),
        order,
        Window.DEFAULT);
  }

  private static Collection collection(SplittableRandom random) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (String name : names(random, 1 + random.nextInt(6))) {
      values.put(name, any(random, List.of("en", "Mark4711", 7, List.of(), Map.of("a", "b"))));
    }
    return new Collection(
        name(random, PRODUCTS),
        name(random, List.of("person", "product-use")),
        Set.copyOf(names(random, random.nextInt(3))),
        values);
  }

  /** A name the policy knows, or one it does not. */
  private static String name(SplittableRandom random, List<String> known) {
    return any(random, random.nextInt(3) > 0 ? known : NAMES);
  }

  private static List<String> names(SplittableRandom random, int count) {
    Set<String> names = new LinkedHashSet<>();
    while (names.size() < count) {
      names.add(any(random, NAMES));
    }
    return List.copyOf(names);
  }

  private static <T> T any(SplittableRandom random, List<T> things) {
    return things.get(random.nextInt(things.size()));
  }
}
