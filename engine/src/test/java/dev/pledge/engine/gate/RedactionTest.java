package dev.pledge.engine.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.consent.Evidence;
import dev.pledge.engine.oversight.Review.Finding;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.PolicyVersion;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What callers wrote is printed nowhere. */
class RedactionTest {
  private static final String MARK = "Zqxjkvwpy";

  @Test
  void nothingACallerWroteIsPrinted() {
    Evidence evidence = new Evidence(MARK, MARK, "en", Instant.EPOCH, MARK);
    LegalOrder order = new LegalOrder(new UUID(1, 2));
    ApprovalRequest approval =
        new ApprovalRequest(MARK, MARK, MARK, List.of(MARK), new ActorId("judge"), null);
    ReviewRequest review = new ReviewRequest(new UUID(1, 2), Finding.JUSTIFIED, MARK);
    Caller caller =
        new Caller(
            new ActorId("backend"), Asker.Kind.SERVICE, Set.of(), Set.of(), Set.of(), Map.of());
    ReadRequest request =
        new ReadRequest(
            caller,
            Asker.Capacity.ROLE,
            Asker.Assurance.SIGNED_IN,
            MARK,
            MARK,
            List.of(MARK),
            MARK,
            MARK,
            Set.of(MARK),
            order,
            Window.DEFAULT);
    ConsentChange change =
        new ConsentChange(MARK, Answer.GRANTED, MARK, MARK, Coverage.ORDINARY, By.SELF, evidence);
    Acceptance acceptance = new Acceptance(PolicyVersion.of("emeet@2020-04-23"), evidence);
    Registration registration =
        new Registration(MARK, Map.of("email", MARK), null, acceptance, List.of(change), null);
    Collection collection = new Collection(MARK, MARK, Set.of(MARK), Map.of(MARK, MARK));
    for (Object said :
        List.of(evidence, approval, request, change, acceptance, registration, collection)) {
      assertThat(said.toString()).doesNotContain(MARK).contains("[redacted]");
    }
    assertThat(review.toString()).doesNotContain(MARK);
    assertThat(request.toString()).contains("backend");
  }
}
