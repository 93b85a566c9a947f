package dev.pledge.engine.gate;

import static dev.pledge.engine.gate.Scene.approval;
import static dev.pledge.engine.gate.Scene.request;
import static dev.pledge.engine.gate.Scene.shown;
import static dev.pledge.engine.gate.Scene.withheld;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.TestPledge;
import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.audit.HistoryFilter;
import dev.pledge.engine.erasure.Erased;
import dev.pledge.engine.keys.FileRootKey;
import dev.pledge.engine.keys.KeyStore;
import dev.pledge.engine.keys.SeenKeyStore;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.keys.WrappedKey;
import dev.pledge.engine.oversight.Review;
import dev.pledge.engine.oversight.Review.Finding;
import dev.pledge.engine.oversight.ReviewCursor;
import dev.pledge.engine.oversight.Reviews;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.log.Detail;
import dev.pledge.log.Entry;
import dev.pledge.log.Facts;
import dev.pledge.log.Verdict.Asked;
import dev.pledge.policy.decision.Approval;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.Policy.TellPerson;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SubjectId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A second pair of eyes: approvals before exceptional uses, reviews after emergency uses. */
@Clause("II.I.7")
class OversightTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final ShiftedClock CLOCK = ShiftedClock.of(DATABASE);
  @RegisterExtension static final TestPledge PLEDGE = CLOCK.pledge();

  private static final List<String> FIELDS = List.of("identity.name", "contact.email");
  private static final Duration DAY = Duration.ofDays(1);

  private final Scene scene = new Scene(PLEDGE);
  private final Caller legal = scene.staff("legal-o", "legal");
  private final Caller officer = scene.staff("privacy-o", "privacy-officer");

  @AfterEach
  void now() {
    CLOCK.shift(Duration.ZERO);
  }

  private SubjectId known() {
    SubjectId person = scene.adult();
    scene.collect(person, Map.of("identity.name", "Zhang Wei"));
    return person;
  }

  private ReadAnswer.Answer court(Caller caller, SubjectId person, @Nullable LegalOrder order) {
    return scene.read(request(caller, "court-order", FIELDS, "court", Set.of(), order), person);
  }

  private void assertNeverOpens(Caller caller, SubjectId person, @Nullable LegalOrder order) {
    ReadAnswer.Answer answer = court(caller, person, order);
    assertThat(withheld(answer, 0)).isEqualTo("exception-without-order");
    assertThat(Scene.clause(answer, 0)).isEqualTo("II.I.7");
    assertThat(answer.allWithheld()).isTrue();
  }

  // ---------------------------------------------------------------------------------- approvals

  @Test
  void anExceptionOpensNothingThatNobodyApproved() {
    SubjectId person = known();
    assertNeverOpens(legal, person, null);
    assertNeverOpens(legal, person, new LegalOrder(UUID.randomUUID()));
    assertNeverOpens(legal, person, new LegalOrder(person.value()));
    assertThat(scene.last(person).caller().approver()).isEmpty();
  }

  @Test
  void anApprovalOpensItsFieldsAndNoOthers() {
    SubjectId person = known();
    LegalOrder order = scene.approved(officer, person, "legal-o", "identity.name");
    ReadAnswer.Answer opened = court(legal, person, order);
    assertThat(shown(opened, 0)).isEqualTo("Zhang Wei");
    assertThat(withheld(opened, 1)).isEqualTo("not-in-order");
    Facts facts = scene.last(person);
    assertThat(facts.exception()).contains("court-order");
    assertThat(facts.caller().approver()).contains("privacy-o");
    assertThat(facts.caller().approverRoles()).containsExactly("privacy-officer");
    assertThat(facts.verdicts().stream().filter(v -> v.field().equals("identity.name")))
        .allSatisfy(v -> assertThat(v.asked()).containsExactly(Asked.BY_REFERENCE));
  }

  @Test
  void anApprovalIsForOneActor() {
    SubjectId person = known();
    Caller colleague = scene.staff("legal-colleague", "legal");
    LegalOrder order = scene.approved(officer, person, "legal-o", "identity.name");
    assertNeverOpens(colleague, person, order);
    assertThat(shown(court(legal, person, order), 0)).isEqualTo("Zhang Wei");
  }

  @Test
  void anApprovalIsAboutOnePerson() {
    SubjectId person = known();
    SubjectId other = known();
    LegalOrder order = scene.approved(officer, person, "legal-o", "identity.name");
    assertNeverOpens(legal, other, order);
    List<ReadAnswer> both =
        scene.readAll(
            request(legal, "court-order", FIELDS, "court", Set.of(), order),
            List.of(other, person));
    assertThat(withheld((ReadAnswer.Answer) both.get(0), 0)).isEqualTo("exception-without-order");
    assertThat(shown((ReadAnswer.Answer) both.get(1), 0)).isEqualTo("Zhang Wei");
  }

  @Test
  void anApprovalIsForOnePurposeAndOneProduct() {
    SubjectId person = known();
    PLEDGE.<Outcome>change(
        scene.backend, changes -> changes.join(person, "calendar", TestPledge.acceptance()));
    LegalOrder order = scene.approved(officer, person, "legal-o", "identity.name");
    ReadRequest investigation = request(legal, "public-security", FIELDS, null, Set.of(), order);
    assertThat(withheld(scene.read(investigation, person), 0)).isEqualTo("exception-without-order");
    ReadRequest elsewhere =
        new ReadRequest(
            legal,
            Asker.Capacity.ROLE,
            Asker.Assurance.SIGNED_IN,
            "court-order",
            "calendar",
            FIELDS,
            null,
            null,
            Set.of(),
            order,
            Window.DEFAULT);
    assertThat(withheld(scene.read(elsewhere, person), 0)).isEqualTo("exception-without-order");
  }

  @Test
  void anApprovalEndsWhenItSays() {
    SubjectId person = known();
    LegalOrder usual = scene.approved(officer, person, "legal-o", "identity.name");
    Instant until = Instant.now().plus(2, ChronoUnit.HOURS);
    Approved.Granted brief = (Approved.Granted) scene.approve(officer, person, until(until));
    assertThat(brief.until()).isEqualTo(until.truncatedTo(ChronoUnit.MICROS));
    LegalOrder order = new LegalOrder(brief.approval());
    assertThat(shown(court(legal, person, order), 0)).isEqualTo("Zhang Wei");
    CLOCK.shift(Duration.ofHours(3));
    assertNeverOpens(legal, person, order);
    assertThat(shown(court(legal, person, usual), 0)).isEqualTo("Zhang Wei");
    CLOCK.shift(Approval.USUAL.plusSeconds(60));
    assertNeverOpens(legal, person, usual);
  }

  private static ApprovalRequest until(Instant until) {
    return new ApprovalRequest(
        "court-order", "meeting", "r", List.of("identity.name"), new ActorId("legal-o"), until);
  }

  @Test
  void anApprovalTakenBackOpensNothingMore() {
    SubjectId person = known();
    LegalOrder order = scene.approved(officer, person, "legal-o", "identity.name");
    assertThat(revoke(legal, person, order))
        .isInstanceOfSatisfying(
            Outcome.Refused.class,
            refused -> assertThat(refused.reason().code()).isEqualTo("no-oversight"));
    assertThat(shown(court(legal, person, order), 0)).isEqualTo("Zhang Wei");
    assertThat(revoke(officer, known(), order)).isInstanceOf(Outcome.Unknown.class);
    Caller colleague = scene.staff("privacy-colleague", "privacy-officer");
    assertThat(revoke(colleague, person, order)).isInstanceOf(Outcome.Done.class);
    Entry entry = scene.history(person).get(1).recorded().entry();
    assertThat(entry.facts().kind().name()).isEqualTo("revoke");
    assertThat(entry.facts().target()).contains("legal-o");
    assertThat(entry.facts().exception()).contains("court-order");
    assertThat(detail(person, entry).refersTo()).contains(order.approval());
    assertNeverOpens(legal, person, order);
    assertThat(revoke(officer, person, order)).isInstanceOf(Outcome.Unknown.class);
  }

  @Test
  @Clause({"II.I.7", "V.1"})
  void thePersonIsToldOfAnInvestigationOnceItIsOver() {
    SubjectId person = known();
    List<UUID> before = told(person, 1000);
    ApprovalRequest asked =
        new ApprovalRequest(
            "public-security",
            "meeting",
            "(2026) 13",
            List.of("identity.name"),
            new ActorId("legal-o"),
            null);
    Approved.Granted given = (Approved.Granted) scene.approve(officer, person, asked);
    LegalOrder order = new LegalOrder(given.approval());
    ReadRequest read =
        request(legal, "public-security", List.of("identity.name"), "why", Set.of(), order);
    assertThat(shown(scene.read(read, person), 0)).isEqualTo("Zhang Wei");
    assertThat(told(person, 1000)).isEqualTo(before);
    assertThat(told(person, 1)).as("pages show no gap").isEqualTo(before);
    assertThat(asked(person, HIDDEN)).as("nor does a filter find it").isEmpty();
    assertThat(exported(person, HIDDEN)).isEmpty();
    assertThat(exported(person, HistoryFilter.NONE)).isEqualTo(told(person, 1000));
    assertThat(scene.history(known())).as("others are not concerned").isNotEmpty();

    for (Duration still : List.of(Approval.USUAL.plusSeconds(60), TellPerson.QUIET.plusHours(1))) {
      CLOCK.shift(still);
      assertThat(told(person, 1)).as("it ended less than 30 days ago").isEqualTo(before);
    }
    CLOCK.shift(Approval.USUAL.plus(TellPerson.QUIET).plusSeconds(60));
    List<UUID> after = told(person, 1);
    assertThat(after).endsWith(before.toArray(UUID[]::new)).contains(given.receipt().entry());
    assertThat(after).hasSize(before.size() + 2);
    assertThat(asked(person, HIDDEN)).hasSize(2);
    assertThat(exported(person, HIDDEN)).isEqualTo(asked(person, HIDDEN));
    assertThat(exported(person, HistoryFilter.NONE)).isEqualTo(told(person, 1000));
  }

  @Test
  @Clause({"II.I.7", "V.1"})
  void nobodyIsWarnedOfAnInvestigationByWhatWasAskedInVain() {
    SubjectId person = known();
    List<UUID> before = told(person, 1000);
    ReadRequest read =
        request(legal, "public-security", List.of("identity.name"), null, Set.of(), null);
    assertThat(withheld(scene.read(read, person), 0)).isEqualTo("exception-without-order");
    ExplainRequest why = new ExplainRequest(new ExplainRequest.OfRead(read, null), null);
    assertThat(PLEDGE.pledge().explain(why, person)).isInstanceOf(Explained.Answer.class);
    assertThat(told(person, 1000)).as("before an approval").isEqualTo(before);

    ApprovalRequest asked = approval("public-security", "legal-o", "identity.name");
    Approved.Granted given = (Approved.Granted) scene.approve(officer, person, asked);
    assertThat(told(person, 1000)).isEqualTo(before);
    assertThat(revoke(officer, person, new LegalOrder(given.approval())))
        .isInstanceOf(Outcome.Done.class);
    assertThat(told(person, 1000)).as("taken back").isEqualTo(before);

    CLOCK.shift(TellPerson.QUIET.plusSeconds(60));
    assertThat(asked(person, HIDDEN)).as("read, explain, approve, revoke").hasSize(4);
  }

  private static final HistoryFilter HIDDEN =
      new HistoryFilter(
          Optional.empty(),
          Optional.empty(),
          Optional.of("public-security"),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  private List<UUID> asked(SubjectId person, HistoryFilter filter) {
    AccessHistory.Page page =
        (AccessHistory.Page) PLEDGE.pledge().history(scene.backend, person, filter, null, 1000);
    assertThat(page.next()).isEmpty();
    return page.lines().stream().map(line -> line.recorded().entry().id()).toList();
  }

  /** What an export hands over, but for looks at the history; its count tells of nothing else. */
  private List<UUID> exported(SubjectId person, HistoryFilter filter) {
    List<Entry> entries = new ArrayList<>();
    AccessHistory end =
        PLEDGE
            .pledge()
            .exportHistory(
                scene.backend, person, filter, line -> entries.add(line.recorded().entry()));
    assertThat(end)
        .isInstanceOfSatisfying(
            AccessHistory.Exported.class,
            exported -> assertThat(exported.count()).isEqualTo(entries.size()));
    return entries.stream()
        .filter(entry -> !entry.facts().kind().name().equals("history"))
        .map(Entry::id)
        .toList();
  }

  /** The entries the person is told of, but those of looking at the history itself. */
  private List<UUID> told(SubjectId person, int page) {
    List<UUID> told = new ArrayList<>();
    String cursor = null;
    do {
      AccessHistory.Page next =
          (AccessHistory.Page) PLEDGE.pledge().history(scene.backend, person, cursor, page);
      assertThat(next.next().isPresent() ? next.lines().size() : page).isEqualTo(page);
      next.lines().stream()
          .map(line -> line.recorded().entry())
          .filter(entry -> !entry.facts().kind().name().equals("history"))
          .map(Entry::id)
          .forEach(told::add);
      cursor = next.next().orElse(null);
    } while (cursor != null);
    return told;
  }

  private static Outcome revoke(Caller approver, SubjectId person, LegalOrder order) {
    return PLEDGE.change(approver, changes -> changes.revoke(person, order.approval()));
  }

  @Test
  void anApprovalOfSomeoneWhoLostTheRoleCountsNoMore() {
    SubjectId person = known();
    Caller leaving = scene.staff("privacy-leaving", "privacy-officer");
    LegalOrder order = scene.approved(leaving, person, "legal-o", "identity.name");
    scene.staff("privacy-leaving", "support-agent");
    assertNeverOpens(legal, person, order);
    assertThat(scene.last(person).caller().approver()).contains("privacy-leaving");
    scene.staff("privacy-leaving", "privacy-officer");
    assertThat(shown(court(legal, person, order), 0)).isEqualTo("Zhang Wei");
    owner("update actor set kind = 'service' where actor_id = 'privacy-leaving'");
    assertNeverOpens(legal, person, order);
    owner("update actor set kind = 'staff' where actor_id = 'privacy-leaving'");
    assertThat(shown(court(legal, person, order), 0)).isEqualTo("Zhang Wei");
    owner("update actor set disabled_at = now() where actor_id = 'privacy-leaving'");
    assertNeverOpens(legal, person, order);
  }

  @Test
  void nobodyApprovesForThemselvesOrWithoutTheRole() {
    SubjectId person = known();
    Caller both = scene.staff("both-o", "legal", "privacy-officer");
    assertThat(refusal(both, person, approval("court-order", "both-o", "identity.name")))
        .isEqualTo("own-use");
    assertThat(refusal(legal, person, approval("court-order", "both-o", "identity.name")))
        .isEqualTo("no-oversight");
    Caller unsigned =
        scene.actor(
            "unsigned-o",
            Asker.Kind.STAFF,
            Set.of(new ProductId("meeting")),
            Set.of(),
            "privacy-officer");
    assertThat(refusal(unsigned, person, approval("court-order", "legal-o", "identity.name")))
        .isEqualTo("no-undertaking");
    Caller program =
        scene.actor(
            "program-o",
            Asker.Kind.SERVICE,
            Set.of(new ProductId("meeting")),
            Set.of("confidentiality"),
            "privacy-officer");
    assertThat(refusal(program, person, approval("court-order", "legal-o", "identity.name")))
        .isEqualTo("not-a-person");
    Caller elsewhere =
        scene.actor(
            "elsewhere-o",
            Asker.Kind.STAFF,
            Set.of(new ProductId("calendar")),
            Set.of("confidentiality"),
            "privacy-officer");
    ApprovalRequest asked = approval("court-order", "legal-o", "identity.name");
    assertThat(scene.approve(elsewhere, person, asked)).isInstanceOf(Approved.Unknown.class);
    PLEDGE.<Outcome>change(
        scene.backend, changes -> changes.join(person, "calendar", TestPledge.acceptance()));
    assertThat(refusal(elsewhere, person, asked)).isEqualTo("other-product");
    assertThat(rows("approval", person)).isZero();
  }

  @Test
  void onlyExceptionsTheirFieldsAndSensibleTermsAreApproved() {
    SubjectId person = known();
    assertThat(refusal(officer, person, approval("customer-service", "legal-o", "identity.name")))
        .isEqualTo("not-exceptional");
    assertThat(refusal(officer, person, approval("profiling", "legal-o", "identity.name")))
        .isEqualTo("unknown-purpose");
    assertThat(refusal(officer, person, approval("public-health", "legal-o", "contact.email")))
        .isEqualTo("not-listed");
    assertThat(refusal(officer, person, approval("court-order", "legal-o", "identity.shoe-size")))
        .isEqualTo("unknown-field");
    for (Duration wrong : List.of(Duration.ofMinutes(-1), Duration.ofDays(31))) {
      assertThat(refusal(officer, person, until(Instant.now().plus(wrong))))
          .isEqualTo("approval-term");
    }
    assertThatThrownBy(() -> approval("court-order", "legal-o"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                new ApprovalRequest(
                    "court-order", "meeting", " ", FIELDS, new ActorId("legal-o"), null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(rows("approval", person)).isZero();
  }

  @Test
  @Clause({"II.I.7", "IV.3"})
  void anActorNobodyKnowsIsNeitherApprovedForNorNamedInTheLog() {
    SubjectId person = known();
    assertThat(refusal(officer, person, approval("court-order", "13800138000", "identity.name")))
        .isEqualTo("no-such-actor");
    assertThat(scene.last(person).target()).isEmpty();
    assertThat(scene.last(person).kind().name()).isEqualTo("approve");
    assertThat(refusal(officer, person, approval("court-order", "backend", "identity.name")))
        .as("no role of whom needs the purpose")
        .isEqualTo("no-such-actor");
  }

  private String refusal(Caller approver, SubjectId person, ApprovalRequest request) {
    Approved.Refused refused = (Approved.Refused) scene.approve(approver, person, request);
    assertThat(scene.last(person).outcome()).isEqualTo(dev.pledge.log.Outcome.REFUSED);
    return refused.reason().code();
  }

  @Test
  @Clause({"II.I.7", "IV.2"})
  void theLogTellsWhoApprovedWhatForWhomAndSealsTheReference() {
    SubjectId person = known();
    LegalOrder order = scene.approved(officer, person, "legal-o", "identity.name");
    court(legal, person, order);
    List<AccessHistory.Line> lines = scene.history(person);
    Entry read = lines.get(1).recorded().entry();
    Entry approve = lines.get(2).recorded().entry();
    assertThat(approve.id()).as("an id of its own").isNotEqualTo(order.approval());
    assertThat(detail(person, approve).refersTo()).contains(order.approval());
    Facts facts = approve.facts();
    assertThat(facts.kind().name()).isEqualTo("approve");
    assertThat(facts.outcome()).isEqualTo(dev.pledge.log.Outcome.PERMITTED);
    assertThat(facts.caller().id()).contains("privacy-o");
    assertThat(facts.target()).contains("legal-o");
    assertThat(facts.purpose()).contains("court-order");
    assertThat(facts.product()).contains("meeting");
    assertThat(facts.exception()).contains("court-order");
    assertThat(detail(person, approve).reference()).contains("(2026) 12");
    assertThat(detail(person, read).reference()).contains("(2026) 12");
    assertThat(detail(person, read).reliedOn()).contains(order.approval());
    for (Entry entry : List.of(read, approve)) {
      assertThat(new String(entry.encode(), StandardCharsets.UTF_8)).doesNotContain("(2026) 12");
    }
    String stored =
        owner("select encode(reference, 'hex') from approval where approval_id = '%s'", order);
    assertThat(stored)
        .doesNotContain(HexFormat.of().formatHex("(2026) 12".getBytes(StandardCharsets.UTF_8)));
  }

  private static String owner(String sql, LegalOrder order) {
    return Database.over(DATABASE.owner())
        .read(
            handle ->
                handle.createQuery(sql.formatted(order.approval())).mapTo(String.class).one());
  }

  /** What only the person's key opens, read beside the Pledge at work. */
  private static Detail detail(SubjectId person, Entry entry) {
    SecureRandom random = new SecureRandom();
    Path elsewhere = PLEDGE.keys().resolveSibling("no-data");
    try (Database owner = Database.over(DATABASE.owner());
        FileRootKey root = FileRootKey.open(PLEDGE.keys().resolve("root"), elsewhere, random);
        KeyStore keys =
            KeyStore.openReadOnly(
                PLEDGE.keys().resolve("store"),
                elsewhere,
                new SeenKeyStore(owner).last().orElseThrow(),
                root,
                random);
        SubjectKey key = keys.subjectKeys().unwrap(person, wrapped(owner, person))) {
      return Detail.decode(key.openDetail(entry.id(), entry.sealed().toByteArray()));
    }
  }

  private static WrappedKey wrapped(Database owner, SubjectId person) {
    return owner.read(
        handle ->
            handle
                .createQuery(
                    "select epoch, generation, wrapped from subject_key where subject_id = :person")
                .bind("person", person.value())
                .map(
                    (row, context) -> new WrappedKey(row.getInt(1), row.getInt(2), row.getBytes(3)))
                .one());
  }

  // ------------------------------------------------------------------------------------- reviews

  private Caller rescuer(String id) {
    return scene.staff(id, "security-officer");
  }

  private UUID used(Caller rescuer, SubjectId person) {
    ReadAnswer.Answer answer = scene.emergency(rescuer, person);
    assertThat(answer.allWithheld()).isFalse();
    return scene.latestReview(person);
  }

  private List<Review> listed(Caller reviewer, Reviews.Which which) {
    List<Review> all = new ArrayList<>();
    String cursor = null;
    do {
      ReviewListing.Listed listed =
          (ReviewListing.Listed) PLEDGE.pledge().reviews(reviewer, which, cursor, 3);
      all.addAll(listed.page().reviews());
      cursor = listed.page().next().map(ReviewCursor::toString).orElse(null);
    } while (cursor != null);
    return all;
  }

  @Test
  void anEmergencyUseNeedsAJustificationAndOpensAReview() {
    SubjectId person = known();
    Caller rescuer = rescuer("rescuer-first");
    ReadRequest silent =
        request(rescuer, "safety-of-life", List.of("identity.name"), null, Set.of(), null);
    assertThat(withheld(scene.read(silent, person), 0)).isEqualTo("emergency-unjustified");
    assertThat(rows("review", person)).isZero();
    ReadAnswer.Answer answer = scene.emergency(rescuer, person);
    assertThat(shown(answer, 0)).isEqualTo("Z***");
    assertThat(rows("review", person)).isEqualTo(1);
    Review review =
        listed(officer, Reviews.Which.OPEN).stream()
            .filter(each -> each.user().equals(rescuer.id()))
            .findFirst()
            .orElseThrow();
    assertThat(review.subject()).isEqualTo(person);
    assertThat(review.user()).isEqualTo(rescuer.id());
    assertThat(review.purpose()).isEqualTo("safety-of-life");
    assertThat(review.product()).isEqualTo("meeting");
    assertThat(review.due()).isEqualTo(review.usedAt().plus(DAY));
    assertThat(review.done()).isNull();
  }

  @Test
  void whoeverHasAReviewOverdueIsLockedOutUntilItIsDone() {
    SubjectId person = known();
    Caller rescuer = rescuer("rescuer-late");
    UUID use = used(rescuer, person);
    used(rescuer, person);
    CLOCK.shift(DAY.plusSeconds(60));
    assertThat(withheld(scene.emergency(rescuer, person), 0)).isEqualTo("review-overdue");
    assertThat(scene.last(person).caller().assurances()).contains("reviews-overdue");
    assertThat(scene.emergency(rescuer("rescuer-other"), person).allWithheld()).isFalse();
    assertThat(scene.review(officer, person, use, Finding.UNJUSTIFIED))
        .isInstanceOf(Outcome.Done.class);
    assertThat(withheld(scene.emergency(rescuer, person), 0)).isEqualTo("review-overdue");
    for (Review review : listed(officer, Reviews.Which.OPEN)) {
      if (review.user().equals(rescuer.id())) {
        scene.review(officer, review.subject(), review.id(), Finding.JUSTIFIED);
      }
    }
    // At once, on the same token: nothing of it is remembered.
    assertThat(scene.emergency(rescuer, person).allWithheld()).isFalse();
  }

  @Test
  void anOverdueReviewStopsEmergenciesAlone() {
    SubjectId person = known();
    Caller rescuer = scene.staff("rescuer-helper", "security-officer", "support-agent");
    used(rescuer, person);
    CLOCK.shift(DAY.plusSeconds(60));
    assertThat(withheld(scene.emergency(rescuer, person), 0)).isEqualTo("review-overdue");
    assertThat(scene.read(rescuer, person, "customer-service", "identity.name").allWithheld())
        .isFalse();
    assertThat(scene.last(person).caller().assurances()).doesNotContain("reviews-overdue");
  }

  @Test
  void nobodyReviewsTheirOwnUseOrWithoutTheRole() {
    SubjectId person = known();
    Caller both = scene.staff("both-review", "security-officer", "privacy-officer");
    UUID use = used(both, person);
    assertThat(refusal(both, person, use)).isEqualTo("own-use");
    assertThat(refusal(rescuer("rescuer-friend"), person, use)).isEqualTo("no-oversight");
    assertThat(scene.last(person).target()).contains("both-review");
    assertThat(scene.review(officer, person, use, Finding.JUSTIFIED))
        .isInstanceOf(Outcome.Done.class);
  }

  private String refusal(Caller reviewer, SubjectId subject, UUID use) {
    Outcome outcome = scene.review(reviewer, subject, use, Finding.JUSTIFIED);
    return ((Outcome.Refused) outcome).reason().code();
  }

  @Test
  void aUseIsReviewedOnce() {
    SubjectId person = known();
    UUID use = used(rescuer("rescuer-once"), person);
    assertThat(scene.review(officer, person, use, Finding.UNJUSTIFIED))
        .isInstanceOf(Outcome.Done.class);
    assertThat(refusal(officer, person, use)).isEqualTo("already-reviewed");
    Review review =
        listed(officer, Reviews.Which.ALL).stream()
            .filter(each -> each.id().equals(use))
            .findFirst()
            .orElseThrow();
    assertThat(review.done()).isNotNull();
    assertThat(review.done().finding()).isEqualTo(Finding.UNJUSTIFIED);
    assertThat(review.done().by()).isEqualTo(officer.id());
    assertThat(listed(officer, Reviews.Which.OPEN)).extracting(Review::id).doesNotContain(use);
  }

  @Test
  void aReviewThatIsNotThereIsUnknown() {
    SubjectId person = known();
    SubjectId other = known();
    UUID use = used(rescuer("rescuer-lost"), person);
    for (SubjectId subject : List.of(other, new SubjectId(use), new SubjectId(UUID.randomUUID()))) {
      assertThat(scene.review(officer, subject, use, Finding.JUSTIFIED))
          .isInstanceOf(Outcome.Unknown.class);
    }
    assertThat(scene.review(officer, person, UUID.randomUUID(), Finding.JUSTIFIED))
        .isInstanceOf(Outcome.Unknown.class);
  }

  @Test
  void theLogTellsWhoReviewedWhoseUseAndSealsTheNote() {
    SubjectId person = known();
    UUID review = used(rescuer("rescuer-logged"), person);
    Entry use = scene.history(person).get(1).recorded().entry();
    scene.review(officer, person, review, Finding.UNJUSTIFIED);
    Entry entry = scene.history(person).get(1).recorded().entry();
    Facts facts = entry.facts();
    assertThat(facts.kind().name()).isEqualTo("review");
    assertThat(facts.caller().id()).contains("privacy-o");
    assertThat(facts.target()).contains("rescuer-logged");
    assertThat(facts.purpose()).contains("safety-of-life");
    assertThat(facts.reason().orElseThrow().reason()).contains("unjustified");
    assertThat(detail(person, entry).refersTo()).contains(review);
    assertThat(detail(person, use).refersTo()).contains(review);
    assertThat(detail(person, entry).note()).contains("seen");
    assertThat(new String(entry.encode(), StandardCharsets.UTF_8)).doesNotContain("seen");
  }

  @Test
  void onlyReviewersAreToldOfEmergencies() {
    assertThat(PLEDGE.pledge().reviews(legal, Reviews.Which.ALL, null, 10))
        .isInstanceOfSatisfying(
            ReviewListing.Refused.class,
            refused -> assertThat(refused.clause().value()).isEqualTo("II.I.7"));
    Caller elsewhere =
        scene.actor(
            "privacy-calendar",
            Asker.Kind.STAFF,
            Set.of(new ProductId("calendar")),
            Set.of("confidentiality"),
            "privacy-officer");
    used(rescuer("rescuer-seen"), known());
    assertThat(listed(elsewhere, Reviews.Which.ALL)).isEmpty();
    assertThatThrownBy(() -> PLEDGE.pledge().reviews(officer, Reviews.Which.ALL, "x", 10))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PLEDGE.pledge().reviews(officer, Reviews.Which.ALL, null, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void reviewsAreListedTheEarliestDueFirstAndEachOnce() {
    SubjectId person = known();
    Caller rescuer = rescuer("rescuer-often");
    List<UUID> uses = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      uses.add(used(rescuer, person));
    }
    List<Review> listed =
        listed(officer, Reviews.Which.OPEN).stream()
            .filter(review -> review.user().equals(rescuer.id()))
            .toList();
    assertThat(listed).extracting(Review::id).containsExactlyInAnyOrderElementsOf(uses);
    assertThat(listed).extracting(Review::due).isSorted();
  }

  // ------------------------------------------------------------------------------------- erasure

  @Test
  @Clause({"II.I.7", "V.1", "II.II.3"})
  void whoErasesThePersonDoesNotEscapeTheReview() {
    SubjectId person = known();
    Caller rescuer = rescuer("rescuer-eraser");
    UUID open = used(rescuer, person);
    UUID done = used(rescuer, person);
    scene.review(officer, person, done, Finding.JUSTIFIED);
    scene.approved(officer, person, "legal-o", "identity.name");
    assertThat(PLEDGE.<Erased>change(scene.backend, changes -> changes.erase(person)))
        .isInstanceOf(Erased.Certificate.class);
    assertThat(rows("approval", person) + rows("review", person)).isZero();
    CLOCK.shift(DAY.plusSeconds(60));
    assertThat(withheld(scene.emergency(rescuer, known()), 0)).isEqualTo("review-overdue");
    assertThat(scene.review(officer, person, open, Finding.JUSTIFIED))
        .isInstanceOf(Outcome.Unknown.class);
    assertThat(listed(officer, Reviews.Which.ALL))
        .filteredOn(review -> review.id().equals(done) || review.id().equals(open))
        .hasSize(2)
        .allSatisfy(review -> assertThat(review.subject().value()).isEqualTo(review.id()));
    assertThat(refusal(rescuer, new SubjectId(open), open)).isEqualTo("no-oversight");
    assertThat(scene.review(officer, new SubjectId(open), open, Finding.JUSTIFIED))
        .isInstanceOf(Outcome.Done.class);
    assertThat(refusal(officer, new SubjectId(open), open)).isEqualTo("already-reviewed");
    assertThat(scene.emergency(rescuer, known()).allWithheld()).isFalse();
  }

  @Test
  @Clause({"II.I.7", "II.II.3", "IV.2"})
  void nothingOfAReviewLeadsToAnEntryOnceThePersonIsErased() {
    SubjectId person = known();
    Caller rescuer = rescuer("rescuer-traceless");
    UUID reviewed = used(rescuer, person);
    UUID open = used(rescuer, person);
    scene.review(officer, person, reviewed, Finding.JUSTIFIED);
    List<Entry> entries =
        scene.history(person).stream().map(line -> line.recorded().entry()).toList();
    assertThat(PLEDGE.<Erased>change(scene.backend, changes -> changes.erase(person)))
        .isInstanceOf(Erased.Certificate.class);
    scene.review(officer, new SubjectId(open), open, Finding.JUSTIFIED);
    List<Review> left =
        listed(officer, Reviews.Which.ALL).stream()
            .filter(review -> review.user().equals(rescuer.id()))
            .toList();
    assertThat(left).extracting(Review::id).containsExactlyInAnyOrder(reviewed, open);
    for (Review review : left) {
      assertThat(entries).extracting(Entry::id).doesNotContain(review.id());
      assertThat(review.id().version()).isEqualTo(4);
      assertThat(review.usedAt()).isEqualTo(review.usedAt().truncatedTo(ChronoUnit.DAYS));
      assertThat(review.due()).isEqualTo(review.due().truncatedTo(ChronoUnit.HOURS));
      assertThat(review.done().at()).isEqualTo(review.done().at().truncatedTo(ChronoUnit.DAYS));
    }
  }

  @Test
  @Clause({"II.I.7", "II.II.3"})
  void noUseThatRunsIntoAnErasureLeavesItsNameBehind() throws Exception {
    for (int round = 0; round < 20; round++) {
      SubjectId person = known();
      Caller rescuer = rescuer("rescuer-race-" + round);
      Thread use = Thread.ofVirtual().start(() -> PLEDGE.pledge().read(emergency(rescuer), person));
      Thread erasure =
          Thread.ofVirtual()
              .start(() -> PLEDGE.<Erased>change(scene.backend, changes -> changes.erase(person)));
      use.join();
      erasure.join();
      assertThat(rows("review", person)).isZero();
    }
  }

  private static ReadRequest emergency(Caller rescuer) {
    return request(rescuer, "safety-of-life", List.of("identity.name"), "lost", Set.of(), null);
  }

  private static long rows(String table, SubjectId person) {
    return Database.over(DATABASE.owner())
        .read(
            handle ->
                handle
                    .createQuery("select count(*) from " + table + " where subject_id = :person")
                    .bind("person", person.value())
                    .mapTo(Long.class)
                    .one());
  }

  private static void owner(String sql) {
    Database.over(DATABASE.owner()).read(handle -> handle.execute(sql));
  }
}
