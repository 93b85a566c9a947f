package dev.pledge.engine.gate;

import static dev.pledge.engine.gate.Scene.choice;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.TestPledge;
import dev.pledge.engine.actor.Caller;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whom an audience lists: those who can be reached over the channel they agreed to. */
class AudienceTest {
  @RegisterExtension
  static final TestPledge PLEDGE =
      TestPledge.under(
          TestPledge.reworded(
              "channels: [service, email, sms]\n    uses: [contact, account]",
              "channels: [service, email, sms, letter]\n"
                  + "    uses: [contact, account, identity.postal-address]"));

  private static final Map<String, Object> ADDRESS =
      Map.of(
          "identity.postal-address",
          Map.of("country", "CN", "city", "Beijing", "lines", List.of("1 Zhongguancun Street")));

  private final Scene scene = new Scene(PLEDGE);
  private final Caller marketer = scene.service("marketer", "marketer");

  @Test
  @Clause("II.I.5")
  void overAChannelByAddressOnlyThoseWhoHaveOneAreReached() {
    SubjectId person = scene.adult();
    for (String channel : List.of("service", "email", "sms")) {
      grant(person, channel);
    }
    assertThat(audience("email")).contains(person);
    assertThat(audience("service")).contains(person);
    assertThat(audience("sms")).doesNotContain(person);
    scene.collect(person, Map.of("contact.phone", "+8613800138000"));
    assertThat(audience("sms")).contains(person);
    PLEDGE.<Outcome>change(
        scene.backend, changes -> changes.delete(person, List.of("contact.phone")));
    assertThat(audience("sms")).doesNotContain(person);
    assertThat(audience("email")).contains(person);
  }

  @Test
  @Clause("II.I.5")
  void anAddressOfAnotherChannelReachesNobody() {
    SubjectId person = PLEDGE.adult(scene.backend, Map.of("phone", "+8613800138001"));
    grant(person, "email");
    assertThat(audience("email")).doesNotContain(person);
  }

  @Test
  @Clause({"II.I.5", "II.I.9"})
  void anAddressThatAReadWouldNotOpenReachesNobody() {
    SubjectId person = scene.adult();
    grant(person, "letter");
    PLEDGE.<Outcome>change(
        scene.backend, changes -> changes.join(person, "calendar", TestPledge.acceptance()));
    scene.collect(scene.backend, person, Scene.from("calendar", "person", ADDRESS));
    assertThat(audience("letter")).doesNotContain(person);
    scene.consent(
        person, choice("pooling", Answer.GRANTED, "calendar", null, Coverage.ORDINARY, By.SELF));
    assertThat(audience("letter")).contains(person);
  }

  private void grant(SubjectId person, String channel) {
    assertThat(
            scene.consent(
                person,
                choice(
                    "promotion", Answer.GRANTED, "meeting", channel, Coverage.ORDINARY, By.SELF)))
        .isInstanceOf(Outcome.Done.class);
  }

  private List<SubjectId> audience(String channel) {
    List<SubjectId> people = new ArrayList<>();
    assertThat(PLEDGE.pledge().audience(marketer, "promotion", channel, "meeting", people::add))
        .isInstanceOf(Listing.Complete.class);
    return people;
  }
}
