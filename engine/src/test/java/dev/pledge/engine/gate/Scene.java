package dev.pledge.engine.gate;

import dev.pledge.engine.TestPledge;
import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.actor.NewActor;
import dev.pledge.engine.actor.Scope;
import dev.pledge.engine.oversight.Review;
import dev.pledge.engine.store.Database;
import dev.pledge.log.Kind;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.SubjectId;
import dev.pledge.policy.names.UndertakingId;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Short words for what the tests of the gate do again and again, in the product `meeting`. */
public final class Scene {
  private static final AtomicLong PEOPLE = new AtomicLong();
  private static final Set<ProductId> ALL =
      Set.of(new ProductId("general"), new ProductId("meeting"), new ProductId("calendar"));

  private final TestPledge pledge;

  /** The product's back end: sees clear, collects everything. */
  public final Caller backend;

  public Scene(TestPledge pledge) {
    this.pledge = pledge;
    this.backend = service("backend", "product-backend");
  }

  Caller service(String id, String... roles) {
    return actor(id, Asker.Kind.SERVICE, ALL, Set.of("confidentiality"), roles);
  }

  Caller staff(String id, String... roles) {
    return actor(id, Asker.Kind.STAFF, ALL, Set.of("confidentiality"), roles);
  }

  Caller actor(
      String id,
      Asker.Kind kind,
      Set<ProductId> products,
      Set<String> undertakings,
      String... roles) {
    NewActor actor =
        new NewActor(
            new ActorId(id),
            kind,
            Stream.of(roles).map(RoleId::new).collect(Collectors.toSet()),
            products,
            Set.of(Scope.values()),
            undertakings.stream().map(UndertakingId::new).collect(Collectors.toSet()));
    String token =
        pledge.pledge().actors().replace(actor, Duration.ofDays(3000), TestPledge.BY).secret();
    return pledge.pledge().actors().authenticate(token).orElseThrow();
  }

  /** An address nobody else in the tests has. */
  public static String address() {
    return "person" + PEOPLE.incrementAndGet() + "@example.com";
  }

  /** An adult who accepted, with an address. */
  public SubjectId adult() {
    return pledge.adult(backend, Map.of("email", address()));
  }

  Registered register(Caller caller, Registration registration) {
    return pledge.change(caller, changes -> changes.register(registration));
  }

  Registered register(@Nullable LocalDate birth, ConsentChange... consents) {
    return register(
        backend,
        new Registration(
            "meeting",
            Map.of("email", address()),
            birth,
            TestPledge.acceptance(),
            List.of(consents),
            null));
  }

  public Collected collect(Caller caller, SubjectId person, Collection collection) {
    return pledge.change(caller, changes -> changes.collect(person, collection));
  }

  public Collected.Answer collect(SubjectId person, Map<String, Object> values) {
    return (Collected.Answer) collect(backend, person, from("meeting", "person", values));
  }

  public static Collection from(String product, String source, Map<String, Object> values) {
    return new Collection(product, source, Set.of(), values);
  }

  Outcome consent(SubjectId person, ConsentChange change) {
    return pledge.change(backend, changes -> changes.consent(person, change));
  }

  void grant(SubjectId person, String purpose) {
    consent(person, TestPledge.choice(purpose, Answer.GRANTED, By.SELF));
  }

  void grantSensitive(SubjectId person, String purpose) {
    grant(person, purpose);
    consent(person, choice(purpose, Answer.GRANTED, "meeting", null, Coverage.SENSITIVE, By.SELF));
  }

  /** Says yes to a purpose. */
  public void agree(SubjectId person, String purpose) {
    grant(person, purpose);
  }

  /** Says no to a purpose. */
  public void refuse(SubjectId person, String purpose) {
    withdraw(person, purpose);
  }

  /** A member of the staff with these roles. */
  public Caller member(String id, String... roles) {
    return staff(id, roles);
  }

  /** Approves a legal exception for an actor. */
  public void allow(
      Caller approver, SubjectId person, String purpose, String asker, String... fields) {
    approve(approver, person, approval(purpose, asker, fields));
  }

  /** Places a legal hold; returns its id. */
  public UUID hold(Caller officer, SubjectId person, String purpose, String... fields) {
    HoldRequest request =
        new HoldRequest(
            purpose,
            "meeting",
            List.of(fields),
            TestPledge.now().plus(Duration.ofDays(90)),
            "(2026) Jing 0105",
            Optional.empty());
    HoldPlaced placed = pledge.change(officer, changes -> changes.hold(person, request));
    return ((HoldPlaced.Placed) placed).hold();
  }

  void withdraw(SubjectId person, String purpose) {
    consent(person, TestPledge.choice(purpose, Answer.WITHDRAWN, By.SELF));
  }

  static ConsentChange choice(
      String purpose,
      Answer answer,
      @Nullable String product,
      @Nullable String channel,
      Coverage coverage,
      By by) {
    return new ConsentChange(
        purpose, answer, product, channel, coverage, by, TestPledge.evidence());
  }

  ReadAnswer ask(Caller caller, SubjectId person, String purpose, String... fields) {
    return pledge
        .pledge()
        .read(ReadRequest.of(caller, purpose, "meeting", List.of(fields)), person);
  }

  ReadAnswer.Answer read(Caller caller, SubjectId person, String purpose, String... fields) {
    return (ReadAnswer.Answer) ask(caller, person, purpose, fields);
  }

  /** The one value of a field in clear, as the back end sees it. */
  Object clear(SubjectId person, String purpose, String field) {
    return shown(read(backend, person, purpose, field), 0);
  }

  /** The person's name in clear. */
  public Object named(SubjectId person) {
    return clear(person, "customer-service", "identity.name");
  }

  /** The code of the refusal of the one field asked for. */
  String refusal(Caller caller, SubjectId person, String purpose, String field) {
    return withheld(read(caller, person, purpose, field), 0);
  }

  static ReadRequest request(
      Caller caller,
      String purpose,
      List<String> fields,
      @Nullable String justification,
      Set<String> reveal,
      @Nullable LegalOrder order) {
    return new ReadRequest(
        caller,
        Asker.Capacity.ROLE,
        Asker.Assurance.SIGNED_IN,
        purpose,
        "meeting",
        fields,
        null,
        justification,
        reveal,
        order,
        Window.DEFAULT);
  }

  List<ReadAnswer> readAll(ReadRequest request, List<SubjectId> people) {
    List<ReadAnswer> answers = new ArrayList<>();
    pledge.pledge().readAll(request, people, (person, answer) -> answers.add(answer));
    return answers;
  }

  ReadAnswer.Answer read(ReadRequest request, SubjectId person) {
    return (ReadAnswer.Answer) pledge.pledge().read(request, person);
  }

  /** An approval asked for in the product `meeting` under the reference `(2026) 12`. */
  static ApprovalRequest approval(String purpose, String asker, String... fields) {
    return new ApprovalRequest(
        purpose, "meeting", "(2026) 12", List.of(fields), new ActorId(asker), null);
  }

  public Approved approve(Caller approver, SubjectId person, ApprovalRequest request) {
    return pledge.change(approver, changes -> changes.approve(person, request));
  }

  /** The order under which the court's approval, given here, may be used. */
  LegalOrder approved(Caller approver, SubjectId person, String asker, String... fields) {
    Approved approved = approve(approver, person, approval("court-order", asker, fields));
    return new LegalOrder(((Approved.Granted) approved).approval());
  }

  public Outcome review(Caller reviewer, SubjectId subject, UUID review, Review.Finding finding) {
    return pledge.change(
        reviewer, changes -> changes.review(subject, new ReviewRequest(review, finding, "seen")));
  }

  /** The review of a use, as long as the person is there. */
  public UUID latestReview(SubjectId person) {
    return Database.over(pledge.database().owner())
        .read(
            handle ->
                handle
                    .createQuery(
                        """
                        select review_id from review where subject_id = :person
                        order by ctid desc limit 1
                        """)
                    .bind("person", person.value())
                    .mapTo(UUID.class)
                    .one());
  }

  /** A use in an emergency, of the name. */
  public ReadAnswer.Answer emergency(Caller caller, SubjectId person) {
    return read(
        request(caller, "safety-of-life", List.of("identity.name"), "lost", Set.of(), null),
        person);
  }

  static Object shown(ReadAnswer.Answer answer, int field) {
    return ((FieldAnswer.Shown) answer.fields().get(field)).values().getFirst().json();
  }

  static String withheld(ReadAnswer.Answer answer, int field) {
    return ((FieldAnswer.Withheld) answer.fields().get(field)).why().code();
  }

  static String clause(ReadAnswer.Answer answer, int field) {
    return String.valueOf(((FieldAnswer.Withheld) answer.fields().get(field)).why().clause());
  }

  /** What became of each field of a collection: `stored` or the code of the refusal. */
  static String fate(Collected.Answer answer, String field) {
    for (FieldRefusal refused : answer.refused()) {
      if (field.equals(refused.field())) {
        return refused.code();
      }
    }
    return answer.stored().stream().anyMatch(s -> s.field().equals(field)) ? "stored" : "missing";
  }

  /** The person's history, newest first. */
  public List<AccessHistory.Line> history(SubjectId person) {
    return ((AccessHistory.Page) pledge.pledge().history(backend, person, null, 1000)).lines();
  }

  /** The newest entry about the person but those of looking. */
  dev.pledge.log.Facts last(SubjectId person) {
    return history(person).stream()
        .map(line -> line.recorded().entry().facts())
        .filter(facts -> !facts.kind().equals(Kind.HISTORY))
        .findFirst()
        .orElseThrow();
  }
}
