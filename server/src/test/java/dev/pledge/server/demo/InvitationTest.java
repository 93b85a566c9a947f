package dev.pledge.server.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.SubjectId;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class InvitationTest {
  private static final Invitation INVITATION =
      new Invitation(
          "http://127.0.0.1:8750",
          "backend",
          "support",
          "legal",
          "security",
          "officer",
          new SubjectId(new UUID(0, 1)),
          new SubjectId(new UUID(0, 2)),
          PolicyVersion.of("emeet@2020-04-23"),
          Instant.parse("2026-11-22T00:00:00Z"));

  @Test
  void fileIsToldWhereItLiesAsAShellTakesIt() {
    assertThat(INVITATION.text("./data/demo.env")).contains("`. ./data/demo.env`");
    assertThat(INVITATION.text("/srv/my data/demo.env"))
        .contains("`. '/srv/my data/demo.env'`")
        .doesNotContain("./data/demo.env");
    assertThat(INVITATION.text("/it's/demo.env")).contains("`. '/it'\\''s/demo.env'`");
  }
}
