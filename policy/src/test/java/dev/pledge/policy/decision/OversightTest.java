package dev.pledge.policy.decision;

import static dev.pledge.policy.decision.House.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.decision.Asker.Kind;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.FieldType;
import dev.pledge.policy.names.Mask;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who may approve legal exceptions and review emergency uses. */
final class OversightTest {
  private static final Instant NOW = Person.NOW;
  private static final ActorId IAN = new ActorId("ian");
  private static final Asker LEE = asker("lee", Kind.STAFF, "legal");

  private static Reason approval(Asker approver, Approval approval) {
    return compiled(draft()).refusesApproval(approver, approval, NOW);
  }

  private static CompiledPolicy compiled(Draft draft) {
    return policies(List.of(draft.build())).versions().getFirst();
  }

  private static Approval of(String purpose, String... fields) {
    return new Approval(IAN, purpose, "meeting", List.of(fields), NOW.plus(Approval.USUAL));
  }

  private static Approval until(Instant until) {
    return new Approval(IAN, "court-order", "meeting", List.of("identity.name"), until);
  }

  @Test
  @Clause("II.I.7")
  void whoHoldsThePolicysRoleApprovesAndNobodyElse() {
    Approval asked = of("court-order", "identity.name", "contact.email");
    assertThat(approval(LEE, asked)).isNull();
    for (String role : List.of("investigator", "support-agent", "root")) {
      assertThat(approval(asker("lee", Kind.STAFF, role), asked)).isEqualTo(Reason.NO_OVERSIGHT);
    }
    assertThat(approval(asker("lee", Kind.STAFF), asked)).isEqualTo(Reason.NO_OVERSIGHT);
  }

  @Test
  @Clause("II.I.7")
  void nobodyApprovesForThemselves() {
    Asker both = asker("ian", Kind.STAFF, "investigator", "legal");
    assertThat(approval(both, of("court-order", "identity.name"))).isEqualTo(Reason.OWN_USE);
  }

  @Test
  @Clause("II.I.7")
  void noProgramIsTheSecondPerson() {
    Asker program = asker("bot", Kind.SERVICE, "legal");
    CompiledPolicy policy = compiled(draft());
    Approval asked = of("court-order", "identity.name");
    assertThat(approval(program, asked)).isEqualTo(Reason.NOT_A_PERSON);
    assertThat(policy.refusesRevocation(program, asked)).isEqualTo(Reason.NOT_A_PERSON);
    assertThat(policy.refusesReview(program, IAN, "safety-of-life", "meeting"))
        .isEqualTo(Reason.NOT_A_PERSON);
    assertThat(policy.reviewedBy(program)).isEmpty();
  }

  @Test
  @Clause("II.I.7")
  void anApproverWorksForTheProduct() {
    Approval asked = of("court-order", "identity.name");
    assertThat(approval(workingFor(LEE, "notes"), asked)).isEqualTo(Reason.OTHER_PRODUCT);
    assertThat(approval(workingFor(LEE, "meeting"), asked)).isNull();
  }

  @Test
  @Clause({"II.I.7", "IV.3"})
  void anApproverHasSignedWhatTheirRoleAsksFor() {
    CompiledPolicy policy = compiled(draft().role("legal", r -> r.undertaking("confidentiality")));
    Approval asked = of("court-order", "identity.name");
    assertThat(policy.refusesApproval(LEE, asked, NOW)).isEqualTo(Reason.NO_UNDERTAKING);
    assertThat(policy.refusesApproval(signed(LEE), asked, NOW)).isNull();
  }

  @Test
  @Clause("II.I.7")
  void onlyWhatIsAnExceptionIsApproved() {
    assertThat(approval(LEE, of("customer-service", "identity.name")))
        .isEqualTo(Reason.NOT_EXCEPTIONAL);
    assertThat(approval(LEE, of("safety-of-life", "contact.phone")))
        .isEqualTo(Reason.NOT_EXCEPTIONAL);
    assertThat(approval(LEE, of("profiling", "identity.name"))).isEqualTo(Reason.UNKNOWN_PURPOSE);
    Approval elsewhere =
        new Approval(IAN, "court-order", "chess", List.of("identity.name"), NOW.plusSeconds(1));
    assertThat(approval(LEE, elsewhere)).isEqualTo(Reason.UNKNOWN_PRODUCT);
    CompiledPolicy notes = compiled(draft().purpose("court-order", p -> p.inProducts("notes")));
    assertThat(notes.refusesApproval(LEE, of("court-order", "identity.name"), NOW))
        .isEqualTo(Reason.PURPOSE_NOT_IN_PRODUCT);
  }

  @Test
  @Clause({"I.5", "II.II.1"})
  void onlyFieldsThePurposeListsAreApproved() {
    assertThat(approval(LEE, of("court-order", "identity.name", "identity.shoe-size")))
        .isEqualTo(Reason.UNKNOWN_FIELD);
    assertThat(approval(LEE, of("court-order", "identity.name", "log.line")))
        .isEqualTo(Reason.NOT_LISTED);
  }

  @Test
  @Clause("II.I.7")
  void anApprovalEndsInTheFutureAndWithinThirtyDays() {
    Duration month = Approval.LONGEST;
    assertThat(approval(LEE, until(NOW))).isEqualTo(Reason.APPROVAL_TERM);
    assertThat(approval(LEE, until(NOW.plusMillis(1)))).isNull();
    assertThat(approval(LEE, until(NOW.plus(month)))).isNull();
    assertThat(approval(LEE, until(NOW.plus(month).plusMillis(1)))).isEqualTo(Reason.APPROVAL_TERM);
    assertThat(approval(LEE, until(Instant.MAX))).isEqualTo(Reason.APPROVAL_TERM);
    assertThat(approval(LEE, until(Instant.MIN))).isEqualTo(Reason.APPROVAL_TERM);
  }

  @Test
  @Clause("II.I.7")
  void whoMayApproveMayTakeBack() {
    CompiledPolicy policy = compiled(draft());
    Approval given = of("court-order", "identity.name");
    assertThat(policy.refusesRevocation(LEE, given)).isNull();
    assertThat(policy.refusesRevocation(agent(), given)).isEqualTo(Reason.NO_OVERSIGHT);
    assertThat(policy.refusesRevocation(workingFor(LEE, "notes"), given))
        .isEqualTo(Reason.OTHER_PRODUCT);
    assertThat(policy.refusesRevocation(LEE, of("profiling", "identity.name")))
        .isEqualTo(Reason.NOT_EXCEPTIONAL);
  }

  @Test
  @Clause("II.I.7")
  void whoHoldsThePolicysRoleReviewsAndNobodyElse() {
    CompiledPolicy policy = compiled(draft());
    ActorId kim = new ActorId("kim");
    assertThat(policy.refusesReview(LEE, kim, "safety-of-life", "meeting")).isNull();
    assertThat(policy.refusesReview(agent(), kim, "safety-of-life", "meeting"))
        .isEqualTo(Reason.NO_OVERSIGHT);
    assertThat(policy.refusesReview(LEE, LEE.id(), "safety-of-life", "meeting"))
        .isEqualTo(Reason.OWN_USE);
    assertThat(policy.refusesReview(workingFor(LEE, "notes"), kim, "safety-of-life", "meeting"))
        .isEqualTo(Reason.OTHER_PRODUCT);
    assertThat(policy.refusesReview(LEE, kim, "court-order", "meeting"))
        .isEqualTo(Reason.NOT_EXCEPTIONAL);
    assertThat(policy.refusesReview(LEE, kim, "profiling", "meeting"))
        .isEqualTo(Reason.NOT_EXCEPTIONAL);
  }

  @Test
  @Clause("II.I.7")
  void aReviewerIsToldOfWhatTheyMayReview() {
    CompiledPolicy policy = compiled(draft().role("legal", r -> r.undertaking("confidentiality")));
    assertThat(policy.reviewedBy(LEE)).isEmpty();
    assertThat(policy.reviewedBy(signed(LEE)))
        .extracting(Object::toString)
        .containsExactly("safety-of-life");
    assertThat(policy.reviewedBy(signed(agent()))).isEmpty();
  }

  @Test
  @Clause({"II.I.7", "II.II.6"})
  void anotherReviewerOrALaterReviewIsAnotherMeaning() {
    assertThat(emergency(Duration.ofHours(24), "legal")).isEqualTo("masked");
    assertThat(emergency(Duration.ofHours(24), "analyst")).isEqualTo("sensitive-consent-missing");
    assertThat(emergency(Duration.ofHours(25), "legal")).isEqualTo("sensitive-consent-missing");
    assertThat(emergency(Duration.ofHours(23), "legal")).isEqualTo("masked");
  }

  /** Whether an explicit consent to an emergency use counts after a revision of its review. */
  private static String emergency(Duration within, String reviewer) {
    Draft revised = located().purpose("safety-of-life", p -> p.breakGlass(within, reviewer));
    Policies policies =
        policies(
            List.of(located().build(), revised.version("2", LocalDate.of(2026, 1, 1)).build()));
    Person person = Person.member().grantsSensitive("safety-of-life").accepted("2");
    Question question = read(agent(), "safety-of-life", "location.position").justified(Set.of());
    return answer(policies, question, person).getFirst();
  }

  private static Draft located() {
    return draft()
        .category("location", "I.3", c -> c.sensitive("position", FieldType.POSITION, Mask.CITY));
  }
}
