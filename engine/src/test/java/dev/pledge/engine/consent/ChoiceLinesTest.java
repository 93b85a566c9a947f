package dev.pledge.engine.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Choice;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.names.ChannelId;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.ProductId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Which of a person's answers are kept: those that some version may still need. */
class ChoiceLinesTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private long order;
  private List<Choice> choices = List.of();

  private ChoiceLinesTest then(String version, Answer answer, String channel, By by) {
    order++;
    Choice choice =
        new Choice(
            "promotion",
            new ProductId("meeting"),
            channel == null ? null : new ChannelId(channel),
            Coverage.ORDINARY,
            answer,
            by,
            new PolicyVersion("emeet", version),
            at(order),
            order,
            new UUID(7, order));
    choices = ChoiceLines.with(choices, choice);
    assertThat(ChoiceLines.read(ChoiceLines.write(choices))).isEqualTo(choices);
    return this;
  }

  private ChoiceLinesTest granted(String version) {
    return then(version, Answer.GRANTED, "email", By.SELF);
  }

  private ChoiceLinesTest withdrawn(String version) {
    return then(version, Answer.WITHDRAWN, "email", By.SELF);
  }

  private List<Long> kept() {
    return choices.stream().map(Choice::order).toList();
  }

  @Test
  @Clause({"0.1", "II.II.6"})
  void aGrantUnderANewVersionLeavesTheOlderOneStanding() {
    assertThat(granted("1").granted("2").kept()).containsExactly(1L, 2L);
    assertThat(granted("2").kept()).containsExactly(1L, 3L);
  }

  @Test
  @Clause("V.2")
  void aWithdrawalLeavesOnlyTheLastGrantAndANewOneNeither() {
    assertThat(granted("1").granted("2").withdrawn("2").kept()).containsExactly(2L, 3L);
    assertThat(granted("1").kept()).containsExactly(4L);
    assertThat(withdrawn("1").kept()).containsExactly(4L, 5L);
    assertThat(granted("2").kept()).containsExactly(6L);
  }

  @Test
  @Clause("IV.1")
  void aWithdrawalRepeatedIsAsOldAsTheFirst() {
    withdrawn("1").withdrawn("2");
    assertThat(choices).extracting(Choice::order, Choice::at).containsExactly(tuple(2L, at(1)));
    granted("2").withdrawn("2");
    assertThat(choices)
        .extracting(Choice::order, Choice::at)
        .containsExactly(tuple(3L, at(3)), tuple(4L, at(4)));
  }

  private static Instant at(long order) {
    return START.plusSeconds(order);
  }

  @Test
  void onlyAnswersOfTheSamePartyAboutTheSameThingAreReplaced() {
    granted("1").then("1", Answer.WITHDRAWN, "sms", By.SELF);
    then("1", Answer.WITHDRAWN, null, By.SELF).then("1", Answer.WITHDRAWN, "email", By.GUARDIAN);
    assertThat(kept()).containsExactly(1L, 2L, 3L, 4L);
  }

  @Test
  @Clause("VI.1")
  void aChildAndWhoTheyBecomeAreOneParty() {
    assertThat(withdrawn("1").then("1", Answer.GRANTED, "email", By.CHILD).kept())
        .containsExactly(2L);
    assertThat(ChoiceLines.write(choices))
        .contains(" granted child emeet@1 2026-01-01T00:00:02Z 2 ");
    assertThat(withdrawn("1").kept()).containsExactly(3L);
    assertThat(then("1", Answer.GRANTED, "email", By.CHILD).granted("1").kept())
        .containsExactly(5L);
  }

  @Test
  void theGrantsKeptAreBounded() {
    for (int version = 1; version <= 3 * ChoiceLines.VERSIONS; version++) {
      granted("v" + version);
    }
    assertThat(choices).hasSize(ChoiceLines.VERSIONS);
    assertThat(choices.getLast().order()).isEqualTo(3L * ChoiceLines.VERSIONS);
  }
}
