package dev.pledge.engine.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.TestPledge;
import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.erasure.Erased;
import dev.pledge.log.Kind;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SubjectId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** To whoever works for none of a person's products, the person is nobody (IV.3). */
@Clause("IV.3")
class StrangersTest {
  @RegisterExtension static final TestPledge PLEDGE = TestPledge.open();

  private final Scene scene = new Scene(PLEDGE);
  private final SubjectId person = scene.adult();
  private final Caller stranger =
      scene.actor(
          "calendar-backend",
          Asker.Kind.SERVICE,
          Set.of(new ProductId("calendar")),
          Set.of(),
          "product-backend");

  @Test
  void whatIsToldOfAnAccountIsToldToItsProductsAlone() {
    assertThat(PLEDGE.pledge().subject(stranger, person)).isInstanceOf(SubjectView.Unknown.class);
    assertThat(PLEDGE.pledge().choices(stranger, person, null, 10))
        .isInstanceOf(SubjectView.Unknown.class);
    assertThat(PLEDGE.pledge().history(stranger, person, null, 10))
        .isInstanceOf(AccessHistory.Unknown.class);
  }

  @Test
  void nobodyElseActsForThePerson() {
    for (Asker.Capacity capacity :
        List.of(Asker.Capacity.SUBJECT, Asker.Capacity.AGENT, Asker.Capacity.GUARDIAN)) {
      ReadRequest request =
          new ReadRequest(
              stranger,
              capacity,
              Asker.Assurance.STEPPED_UP,
              "customer-service",
              "calendar",
              List.of("contact.email"),
              null,
              null,
              Set.of(),
              null,
              Window.DEFAULT);
      assertThat(PLEDGE.pledge().read(request, person)).isInstanceOf(ReadAnswer.Unknown.class);
    }
  }

  @Test
  void nothingOfAnAccountIsChangedByAnotherProduct() {
    assertThat(
            PLEDGE.<Outcome>change(
                stranger, changes -> changes.accept(person, TestPledge.acceptance())))
        .isInstanceOf(Outcome.Unknown.class);
    assertThat(
            PLEDGE.<Outcome>change(
                stranger,
                changes ->
                    changes.consent(
                        person, TestPledge.choice("settings", Answer.WITHDRAWN, By.SELF))))
        .isInstanceOf(Outcome.Unknown.class);
    assertThat(
            PLEDGE.<Outcome>change(
                stranger, changes -> changes.delete(person, List.of("contact.email"))))
        .isInstanceOf(Outcome.Unknown.class);
    assertThat(
            PLEDGE.<Outcome>change(
                stranger, changes -> changes.close(person, "meeting", Set.of()).outcome()))
        .isInstanceOf(Outcome.Unknown.class);
    assertThat(PLEDGE.<Erased>change(stranger, changes -> changes.erase(person)))
        .isInstanceOf(Erased.Unknown.class);
    assertThat(scene.clear(person, "authentication", "contact.email")).asString().contains("@");
  }

  @Test
  void aProductThatThePersonJoinsMayAct() {
    assertThat(
            PLEDGE.<Outcome>change(
                stranger, changes -> changes.join(person, "calendar", TestPledge.acceptance())))
        .isInstanceOf(Outcome.Done.class);
    assertThat(PLEDGE.pledge().subject(stranger, person)).isInstanceOf(SubjectView.State.class);
    assertThat(
            scene.collect(
                stranger,
                person,
                Scene.from("calendar", "person", Map.of("device.language", "en"))))
        .isInstanceOf(Collected.Answer.class);
  }

  @Test
  void aJoinThatIsRefusedAcceptsNothing() {
    SubjectId other = scene.adult();
    int before = scene.history(other).size();
    assertThat(
            PLEDGE.<Outcome>change(
                stranger, changes -> changes.join(other, "meeting", TestPledge.acceptance())))
        .isInstanceOf(Outcome.Refused.class);
    assertThat(scene.history(other).stream().map(line -> line.recorded().entry().facts().kind()))
        .filteredOn(Kind.ACCEPT::equals)
        .hasSize(1);
    assertThat(scene.history(other)).hasSizeGreaterThan(before);
  }
}
