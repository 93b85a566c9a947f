package dev.pledge.engine;

import static dev.pledge.engine.TestPledge.choice;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.erasure.Erased;
import dev.pledge.engine.gate.AccessHistory;
import dev.pledge.engine.gate.Collected;
import dev.pledge.engine.gate.Collection;
import dev.pledge.engine.gate.ConsentChange;
import dev.pledge.engine.gate.FieldAnswer;
import dev.pledge.engine.gate.Found;
import dev.pledge.engine.gate.Listing;
import dev.pledge.engine.gate.Outcome;
import dev.pledge.engine.gate.ReadAnswer;
import dev.pledge.engine.gate.ReadRequest;
import dev.pledge.policy.decision.Asker.Kind;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.names.SubjectId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The main job from end to end: register, collect, consent, read, find, list, look back, erase. */
class MainJobTest {
  @RegisterExtension static final TestPledge PLEDGE = TestPledge.open();

  @Test
  void aPersonIsServedAndForgotten() {
    Caller backend = PLEDGE.caller("backend", Kind.SERVICE, "product-backend");
    Caller support = PLEDGE.caller("support-1", Kind.STAFF, "support-agent");
    Caller marketer = PLEDGE.caller("marketer-1", Kind.SERVICE, "marketer");
    SubjectId person = PLEDGE.adult(backend, Map.of("email", "wei.zhang@example.com"));

    Collected collected =
        PLEDGE.change(
            backend,
            changes ->
                changes.collect(
                    person,
                    new Collection(
                        "meeting",
                        "person",
                        Set.of(),
                        Map.of("identity.name", "张伟", "shoe.size", 43))));
    assertThat(((Collected.Answer) collected).stored()).hasSize(1);
    assertThat(((Collected.Answer) collected).refused().getFirst().code())
        .isEqualTo("unknown-field");

    ReadRequest masked =
        ReadRequest.of(
            support, "customer-service", "meeting", List.of("identity.name", "contact.email"));
    ReadAnswer.Answer answer = (ReadAnswer.Answer) PLEDGE.pledge().read(masked, person);
    assertThat(shown(answer, 0)).isEqualTo("张***");
    assertThat(shown(answer, 1)).isEqualTo("w***@example.com");

    assertThat(
            PLEDGE
                .pledge()
                .find(support, "email", "Wei.Zhang@EXAMPLE.com", "customer-service", "meeting"))
        .isInstanceOfSatisfying(
            Found.Subject.class, found -> assertThat(found.subject()).isEqualTo(person));

    ConsentChange grant =
        new ConsentChange(
            "promotion",
            Answer.GRANTED,
            "meeting",
            "email",
            Coverage.ORDINARY,
            By.SELF,
            TestPledge.evidence());
    assertThat(audience(marketer)).doesNotContain(person);
    assertThat(PLEDGE.<Outcome>change(backend, changes -> changes.consent(person, grant)))
        .isInstanceOf(Outcome.Done.class);
    assertThat(audience(marketer)).contains(person);
    PLEDGE.<Outcome>change(
        backend,
        changes -> changes.consent(person, choice("promotion", Answer.WITHDRAWN, By.SELF)));
    assertThat(audience(marketer)).doesNotContain(person);

    AccessHistory.Page page =
        (AccessHistory.Page) PLEDGE.pledge().history(backend, person, null, 50);
    assertThat(page.lines().stream().map(line -> line.recorded().entry().facts().kind().name()))
        .containsExactly(
            "history", "withdraw", "grant", "lookup", "read", "collect", "accept", "register");

    assertThat(PLEDGE.<Erased>change(backend, changes -> changes.erase(person)))
        .isInstanceOf(Erased.Certificate.class);
    assertThat(PLEDGE.pledge().read(masked, person)).isInstanceOf(ReadAnswer.Unknown.class);
    assertThat(
            PLEDGE
                .pledge()
                .find(support, "email", "wei.zhang@example.com", "customer-service", "meeting"))
        .isInstanceOf(Found.Nobody.class);
    PLEDGE.restart();
    assertThat(PLEDGE.pledge().read(masked, person)).isInstanceOf(ReadAnswer.Unknown.class);
  }

  private static Object shown(ReadAnswer.Answer answer, int field) {
    return ((FieldAnswer.Shown) answer.fields().get(field)).values().getFirst().json();
  }

  private static List<SubjectId> audience(Caller marketer) {
    List<SubjectId> people = new ArrayList<>();
    assertThat(PLEDGE.pledge().audience(marketer, "promotion", "email", "meeting", people::add))
        .isInstanceOf(Listing.Complete.class);
    return people;
  }
}
