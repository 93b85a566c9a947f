package dev.pledge.engine.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.Configuration;
import dev.pledge.engine.PolicyFiles;
import dev.pledge.engine.ReplayDesk;
import dev.pledge.engine.TestPledge;
import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.actor.Scope;
import dev.pledge.engine.store.Await;
import dev.pledge.log.Kind;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.names.ChannelId;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What was decided is decided again from the log, and as it was (IV.2). */
@Clause("IV.2")
class ReplayTest {
  @RegisterExtension static final TestPledge PLEDGE = TestPledge.open();

  private static final long SEED = new SecureRandom().nextLong();
  private static final int READS = 400;
  private static final int COLLECTIONS = 40;
  private static final Random RANDOM = new Random(SEED);

  private static final List<String> FIELDS =
      List.of(
          "identity.name",
          "identity.id-number",
          "contact.email",
          "contact.phone",
          "device.model",
          "device.language",
          "location.position",
          "guardian.email",
          "log.feature-use");

  private static final Asker.Capacity ROLE = Asker.Capacity.ROLE;
  private static final List<Asker.Capacity> CAPACITIES =
      List.of(Asker.Capacity.SUBJECT, Asker.Capacity.GUARDIAN);

  private static final int SUPPORT = 1;
  private static final int MARKETER = 2;
  private static final int OFFICER = 4;
  private static final int CHILD = 6;
  private static final int YOUTH = 7;
  private static final List<Caller> CALLERS = new ArrayList<>();
  private static final List<SubjectId> PEOPLE = new ArrayList<>();

  /** How often support, having said why, got a field of an adult masked, if only as absent. */
  private static final Map<String, Long> SEEN_BY_SUPPORT = new HashMap<>();

  // --------------------------------------------------------------------------------- the workload

  @BeforeAll
  static void work() throws InterruptedException {
    Caller backend =
        PLEDGE.caller("backend", Asker.Kind.SERVICE, "product-backend", "message-sender");
    CALLERS.add(backend);
    CALLERS.add(PLEDGE.caller("support", Asker.Kind.STAFF, "support-agent"));
    CALLERS.add(PLEDGE.caller("marketer", Asker.Kind.STAFF, "marketer"));
    CALLERS.add(PLEDGE.caller("analyst", Asker.Kind.STAFF, "analyst"));
    CALLERS.add(PLEDGE.caller("officer", Asker.Kind.STAFF, "security-officer", "legal"));
    people(backend);
    for (int i = 0; i < READS; i++) {
      read();
    }
    order();
    for (int i = 0; i < COLLECTIONS; i++) {
      collect(backend);
    }
    for (int i = 0; i < 4; i++) {
      List<String> email = List.of("contact.email");
      SubjectId person = PEOPLE.get(i);
      read(CALLERS.get(MARKETER), ROLE, "promotion", "email", null, person, email);
      read(CALLERS.get(SUPPORT), ROLE, "customer-service", null, null, person, email);
      read(backend, ROLE, "settings", null, null, person, List.of("device.language"));
    }
    SubjectId first = PEOPLE.getFirst();
    read(backend, ROLE, "settings", null, null, first, List.of("x.y"));
    read(backend, ROLE, "world-domination", null, null, first, List.of("contact.email"));
    read(backend, ROLE, "settings", null, null, first, List.of("device.language", "x.y"));
    read(backend, ROLE, "settings", null, null, new SubjectId(UUID.randomUUID()), List.of("x.y"));
    PLEDGE.pledge().enterUncovered(backend, Kind.READ, Scope.BULK);
    Await.until(ReplayTest::everyEntryIsPlaced);
  }

  private static boolean everyEntryIsPlaced() {
    return PLEDGE
        .database()
        .database()
        .read(
            handle ->
                handle
                    .createQuery("select not exists (select from intake where leaf_index is null)")
                    .mapTo(Boolean.class)
                    .one());
  }

  private static void people(Caller backend) {
    for (int i = 0; i < 6; i++) {
      PEOPLE.add(
          PLEDGE.adult(
              backend,
              Map.of("email", "a" + i + "@example.com", "phone", "+8613800138" + (100 + i))));
    }
    LocalDate today = LocalDate.ofInstant(TestPledge.now(), ZoneOffset.UTC);
    PEOPLE.add(register(backend, "child@example.com", today.minusYears(9), true));
    PEOPLE.add(register(backend, "youth@example.com", today.minusYears(16), true));
    PEOPLE.add(register(backend, "unknown@example.com", null, true));
    PEOPLE.add(register(backend, "waiting@example.com", LocalDate.of(1980, 1, 1), false));
    for (int i = 0; i < 4; i++) {
      SubjectId person = PEOPLE.get(i);
      PLEDGE.change(
          backend,
          changes ->
              changes.collect(
                  person,
                  new Collection(
                      "meeting",
                      CompiledPolicy.PERSON,
                      Set.of(),
                      Map.of("identity.name", "Ada Lovelace", "device.language", "en"))));
      choose(backend, person, "promotion", i % 2 == 0 ? Answer.GRANTED : Answer.WITHDRAWN, By.SELF);
    }
    choose(backend, PEOPLE.get(1), "recommendation", Answer.GRANTED, By.SELF);
    choose(backend, PEOPLE.get(2), "improvement", Answer.GRANTED, By.SELF);
    choose(backend, PEOPLE.get(CHILD), "customer-service", Answer.GRANTED, By.GUARDIAN);
    choose(backend, PEOPLE.get(YOUTH), "customer-service", Answer.GRANTED, By.GUARDIAN);
    choose(backend, PEOPLE.get(YOUTH), "customer-service", Answer.WITHDRAWN, By.SELF);
    PLEDGE.change(backend, changes -> changes.close(PEOPLE.get(5), "meeting", Set.of()).outcome());
  }

  private static SubjectId register(
      Caller backend, String email, @Nullable LocalDate birth, boolean accepts) {
    List<ConsentChange> consents =
        List.of(
            TestPledge.choice("authentication", Answer.GRANTED, By.GUARDIAN),
            TestPledge.choice("authentication", Answer.GRANTED, By.GUARDIAN)
                .about(Coverage.SENSITIVE));
    Registration registration =
        new Registration(
            "meeting",
            Map.of("email", email),
            birth,
            accepts ? TestPledge.acceptance() : null,
            accepts ? consents : List.of(), // who waits is grown up
            "CN");
    Registered registered = PLEDGE.change(backend, changes -> changes.register(registration));
    assertThat(registered).isInstanceOf(Registered.Subject.class);
    return ((Registered.Subject) registered).subject();
  }

  private static void choose(
      Caller caller, SubjectId person, String purpose, Answer answer, By by) {
    String channel = purpose.equals("promotion") ? "email" : null;
    ConsentChange change =
        new ConsentChange(
            purpose, answer, "meeting", channel, Coverage.ORDINARY, by, TestPledge.evidence());
    PLEDGE.change(caller, changes -> changes.consent(person, change));
  }

  private static void read() {
    Caller caller = oneOf(CALLERS);
    Purpose purpose = oneOf(policy().purposes());
    List<String> channels = purpose.channels().stream().map(ChannelId::value).sorted().toList();
    String channel = channels.isEmpty() || RANDOM.nextInt(5) == 0 ? null : oneOf(channels);
    List<String> fields = new ArrayList<>(FIELDS);
    Collections.shuffle(fields, RANDOM);
    read(
        caller,
        RANDOM.nextInt(6) == 0 ? oneOf(CAPACITIES) : Asker.Capacity.ROLE,
        purpose.id().value(),
        channel,
        null,
        oneOf(PEOPLE),
        fields.subList(0, 1 + RANDOM.nextInt(4)));
  }

  private static void read(
      Caller caller,
      Asker.Capacity capacity,
      String purpose,
      @Nullable String channel,
      @Nullable LegalOrder order,
      SubjectId person,
      List<String> fields) {
    boolean justified = RANDOM.nextInt(2) == 0 || order != null;
    ReadRequest request =
        new ReadRequest(
            caller,
            capacity,
            RANDOM.nextBoolean() ? Asker.Assurance.STEPPED_UP : Asker.Assurance.SIGNED_IN,
            purpose,
            "meeting",
            fields,
            channel,
            justified ? "she asks" : null,
            justified && RANDOM.nextBoolean() ? Set.of("contact.phone") : Set.of(),
            order,
            Window.DEFAULT);
    ReadAnswer answer = PLEDGE.pledge().read(request, person);
    boolean bySupport = caller.equals(CALLERS.get(SUPPORT)) && capacity == Asker.Capacity.ROLE;
    boolean grownUp = !person.equals(PEOPLE.get(CHILD)) && !person.equals(PEOPLE.get(YOUTH));
    if (bySupport && grownUp && justified && answer instanceof ReadAnswer.Answer told) {
      told.fields().stream()
          .filter(field -> !(field instanceof FieldAnswer.Withheld))
          .map(ReplayTest::name)
          .filter(field -> !request.reveal().contains(field))
          .forEach(field -> SEEN_BY_SUPPORT.merge(field, 1L, Long::sum));
    }
  }

  private static String name(FieldAnswer answer) {
    return switch (answer) {
      case FieldAnswer.Shown shown -> shown.field();
      case FieldAnswer.Absent(String field) -> field;
      case FieldAnswer.Withheld _ -> throw new AssertionError("nothing was seen");
    };
  }

  private static void order() {
    Caller legal = CALLERS.get(OFFICER);
    SubjectId person = PEOPLE.getFirst();
    Caller approver = PLEDGE.caller("approver", Asker.Kind.STAFF, "privacy-officer");
    ApprovalRequest asked =
        new ApprovalRequest(
            "court-order", "meeting", "12", List.of("identity.name"), legal.id(), null);
    Approved approved = PLEDGE.change(approver, changes -> changes.approve(person, asked));
    LegalOrder order = new LegalOrder(((Approved.Granted) approved).approval());
    List<String> fields = List.of("identity.name", "contact.email");
    read(legal, Asker.Capacity.ROLE, "court-order", null, order, person, fields);
    read(legal, Asker.Capacity.ROLE, "court-order", null, order, PEOPLE.get(1), fields);
    read(legal, Asker.Capacity.ROLE, "safety-of-life", null, null, person, fields);
  }

  private static void collect(Caller backend) {
    Map<String, Object> values = new HashMap<>();
    values.put("device.model", "M" + RANDOM.nextInt(9));
    values.put("identity.gender", "female");
    boolean located = RANDOM.nextBoolean();
    values.put("location.position", List.of());
    Collection collection =
        new Collection(
            "meeting",
            RANDOM.nextBoolean() ? "person" : "product-use",
            located ? Set.of("device-location-on", "location-service-in-use") : Set.of(),
            values);
    PLEDGE.change(backend, changes -> changes.collect(oneOf(PEOPLE), collection));
  }

  private static <T> T oneOf(List<T> things) {
    return things.get(RANDOM.nextInt(things.size()));
  }

  // ----------------------------------------------------------------------------------- replaying

  private static Policy policy() {
    return policy(TestPledge.policy());
  }

  private static Policy policy(Path directory) {
    return PolicyFiles.read(directory).policies().versions().getLast().source();
  }

  private static Replayed replay(Policy other, Optional<Instant> from, Optional<Instant> to) {
    return replay(TestPledge.policy(), other, from, to);
  }

  private static Replayed replay(
      Path decided, Policy other, Optional<Instant> from, Optional<Instant> to) {
    Configuration at =
        new Configuration(
            decided,
            Path.of("target/nowhere").toAbsolutePath(),
            PLEDGE.keys(),
            Optional.of(PLEDGE.database().connections()),
            InstantSource.system());
    try (ReplayDesk desk = ReplayDesk.open(at, other)) {
      return desk.replay().run(desk.replay().parts(from, to), from, to, _ -> {});
    }
  }

  private static Replayed replay(Policy other) {
    return replay(other, Optional.empty(), Optional.empty());
  }

  @Test
  void underTheSamePolicyNothingChanges() {
    Replayed replayed = replay(policy());
    assertThat(replayed.changes()).as("seed %d", SEED).isEmpty();
    assertThat(replayed.open()).as("seed %d", SEED).isEmpty();
    assertThat(replayed.undecided().keySet())
        .as("seed %d", SEED)
        .isSubsetOf(Obstacle.NOBODY, Obstacle.UNKNOWN_NAMES, Obstacle.TOO_MANY_CHOICES);
    assertThat(replayed.undecided().get(Obstacle.NOBODY).count()).isOne();
    assertThat(replayed.undecided().get(Obstacle.UNKNOWN_NAMES).count()).isEqualTo(2);
    assertThat(replayed.inPart()).isOne();
    // what a child gives may be stored for many purposes; all else is decided again
    Replayed.Some tooMany = replayed.undecided().get(Obstacle.TOO_MANY_CHOICES);
    assertThat(tooMany == null ? 0 : tooMany.count()).isLessThanOrEqualTo(COLLECTIONS);
    assertThat(replayed.decided()).isGreaterThan(READS);
  }

  /** What a role sees more clearly is told, each time it would have been seen, and nothing else. */
  @Test
  void aRoleThatSeesMoreChangesWhatItSaw() {
    Replayed replayed =
        replay(
            reworded(
                "purposes: [customer-service]\n    sees: masked",
                "purposes: [customer-service]\n    sees: clear"));
    Map<String, Long> told = new HashMap<>();
    for (Replayed.Change change : replayed.changes()) {
      assertThat(change.of().purpose()).contains("customer-service");
      assertThat(change.entries().places()).isNotEmpty();
      if (change.after().toString().equals("clear")) {
        assertThat(change.of().who()).isEqualTo("staff support-agent");
        assertThat(change.of().before().toString()).isEqualTo("masked");
        told.put(change.of().field(), change.entries().count());
      } else {
        // a guardian agreed to what was seen less clearly
        assertThat(change.after().toString()).isEqualTo("withheld (guardian-missing, VI.1)");
      }
    }
    assertThat(told).as("seed %d", SEED).isEqualTo(SEEN_BY_SUPPORT).isNotEmpty();
    assertThat(replayed.open()).as("seed %d", SEED).isEmpty();
  }

  /** What was granted for a purpose that asks proves that the consent stood. */
  @Test
  @Clause("II.II.6")
  void aConsentThatAnEntryProvesIsTakenForGiven() {
    Replayed replayed =
        replay(
            reworded(
                "purposes: [advertising, promotion, third-party-promotion]\n    sees: masked",
                "purposes: [advertising, promotion, third-party-promotion]\n    sees: de-identified"));
    assertThat(replayed.open()).as("seed %d", SEED).isEmpty();
    assertThat(replayed.changes()).as("seed %d", SEED).isNotEmpty();
    assertThat(replayed.changes())
        .allSatisfy(
            change -> {
              assertThat(change.of().who()).isEqualTo("staff marketer");
              assertThat(change.of().before().toString()).isEqualTo("masked");
              assertThat(change.after().toString())
                  .isEqualTo("withheld (direct-identifier, II.II.2)");
            });
  }

  /** Nobody can have agreed to what nobody was asked. */
  @Test
  void aPurposeThatAsksInsteadOpensNothingMore() {
    Replayed replayed =
        replay(
            reworded(
                "  settings:\n    clause: II.I.2\n    basis: contract",
                "  settings:\n    clause: II.I.2\n    basis: consent\n    control: opt-in"));
    assertThat(replayed.changes())
        .as("seed %d", SEED)
        .anySatisfy(
            change -> {
              assertThat(change.of().purpose()).contains("settings");
              assertThat(change.of().field()).isEqualTo("device.language");
              assertThat(change.of().before().toString()).isEqualTo("clear");
              assertThat(change.after().toString()).isEqualTo("withheld (consent)");
              assertThat(change.entries().count()).isGreaterThanOrEqualTo(3);
            });
  }

  /** When somebody used a product last, no entry says. */
  @Test
  void whatDependsOnWhatNoEntrySaysIsToldApart() {
    Replayed replayed = replay(reworded("dormancy: P2Y", "dormancy: P1M"));
    assertThat(replayed.changes()).as("seed %d", SEED).isEmpty();
    assertThat(replayed.open())
        .as("seed %d", SEED)
        .anySatisfy(
            open -> {
              assertThat(open.of().purpose()).contains("settings");
              assertThat(open.of().before().toString()).isEqualTo("clear");
              assertThat(open.either().toString())
                  .isEqualTo("[clear, withheld (dormant, II.II.3)]");
            });
    // what the law orders goes on for who does not use the product
    assertThat(replayed.open())
        .noneMatch(open -> open.of().purpose().equals(Optional.of("court-order")));
  }

  /** Files that were edited since are not what decided, and decide nothing. */
  @Test
  void whatDoesNotComeOutAsRecordedIsNotDecidedAgain() {
    Path edited =
        TestPledge.reworded(
            "purposes: [customer-service]\n    sees: masked",
            "purposes: [customer-service]\n    sees: clear");
    Replayed replayed = replay(edited, policy(), Optional.empty(), Optional.empty());
    long seen = SEEN_BY_SUPPORT.values().stream().mapToLong(Long::longValue).max().orElseThrow();
    assertThat(replayed.undecided().get(Obstacle.NOT_AS_RECORDED).count())
        .as("seed %d", SEED)
        .isGreaterThanOrEqualTo(seen);
    assertThat(replayed.decided()).isPositive();
  }

  @Test
  void onlyThePeriodIsReplayed() {
    Instant later = TestPledge.now().plusSeconds(3600);
    assertThat(replay(policy(), Optional.of(later), Optional.empty()).decided()).isZero();
    assertThat(replay(policy(), Optional.empty(), Optional.of(later)).decided())
        .isEqualTo(replay(policy()).decided());
    assertThat(replay(policy(), Optional.empty(), Optional.of(later.minusSeconds(7200))).decided())
        .isZero();
  }

  private static Policy reworded(String from, String to) {
    Path directory = TestPledge.reworded(from, to);
    Policy policy = policy(directory);
    assertThat(policy).as("the words that are replaced are there").isNotEqualTo(policy());
    return policy;
  }
}
