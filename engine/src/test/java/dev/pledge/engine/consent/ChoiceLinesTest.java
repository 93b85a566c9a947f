package dev.pledge.engine.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
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
import java.util.Random;
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

  @Test
  void everyTimeIsReadAsItWasWritten() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    long first = Instant.parse("0000-01-01T00:00:00Z").getEpochSecond();
    long end = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond() + 1;
    for (int i = 0; i < 20_000; i++) {
      // of whole seconds, or as many digits as a clock of that grain has
      long grain = List.of(1_000_000_000L, 1_000_000L, 1_000L, 1L).get(i % 4);
      long nanos = random.nextLong(1_000_000_000L) / grain * grain;
      Instant at = Instant.ofEpochSecond(random.nextLong(first, end), nanos);
      assertThat(read(line(at.toString()))).as("seed %d", seed).isEqualTo(at);
    }
    for (String at :
        List.of("2024-02-29T23:59:59.5Z", "1969-12-31T23:59:59.000001Z", "2026-01-01T00:00:00Z")) {
      assertThat(read(line(at))).isEqualTo(at);
    }
  }

  @Test
  void whatIsDamagedIsNoChoice() {
    String sound = line("2026-01-31T12:00:00.25Z");
    assertThat(ChoiceLines.read(sound + "\n" + sound)).hasSize(2);
    for (String time :
        List.of(
            "2026-01-31T12:00:00",
            "2026-01-31T12:00Z",
            "2026-01-31 12:00:00Z",
            "2026-13-01T12:00:00Z",
            "2026-02-29T12:00:00Z",
            "2026-01-31T24:00:00Z",
            "2026-01-31T12:60:00Z",
            "2026-01-31T12:00:60Z",
            "2026-01-31T12:00:00.Z",
            "2026-01-31T12:00:00,5Z",
            "2026-01-31T12:00:00.0000000001Z",
            "2026-01-31T12:00:00+Z",
            "+12026-01-31T12:00:00Z",
            "2026-01-31T12:00:0\u0665Z")) {
      assertDamaged(line(time));
    }
    for (String damaged :
        List.of(
            " ",
            "\n",
            sound + "\n",
            sound + " ",
            sound.replaceFirst(" ", "\n"),
            sound.replaceFirst(" ", "  "),
            sound.replace("meeting", "Meeting"),
            sound.replace("email", ""),
            sound.replace("ordinary", "ordinar"),
            sound.replace("granted", "GRANTED"),
            sound.replace("self", "selfish"),
            sound.replace("emeet@1", "emeet"),
            sound.replace(" 17 ", " 17x "),
            sound.replace("-0000-", "-000g-"))) {
      assertDamaged(damaged);
    }
    for (int end = 1; end < sound.length() - 12; end++) {
      assertDamaged(sound.substring(0, end));
    }
  }

  private static void assertDamaged(String text) {
    assertThatThrownBy(() -> ChoiceLines.read(text))
        .as(text)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("restore it from its events");
  }

  private static String line(String at) {
    return "promotion meeting email ordinary granted self emeet@1 "
        + at
        + " 17 00000000-0000-0007-0000-000000000002";
  }

  private static Instant read(String line) {
    return ChoiceLines.read(line).getFirst().at();
  }
}
