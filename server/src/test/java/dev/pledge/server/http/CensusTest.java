package dev.pledge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.CensusDesk;
import dev.pledge.engine.gate.Census;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.PolicyVersion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How many people a revision touches, counted beside a running server. */
class CensusTest {
  private static final PolicyVersion REFERENCE = PolicyVersion.of("emeet@2020-04-23");

  @Test
  void whoGrantedAndWhoseDataIsStoredIsCounted() {
    try (TestServer server = TestServer.start(TestServer.generous())) {
      String granting = server.adult();
      grant(server, granting, "granted");
      String changing = server.adult();
      grant(server, changing, "granted");
      grant(server, changing, "withdrawn");
      server.collect(server.adult(), "{\"identity.name\":\"Ada\",\"device.model\":\"x\"}");
      List<Long> progress = new ArrayList<>();
      try (CensusDesk desk = CensusDesk.open(server.directory.resolve("data"))) {
        Census census = desk.census();
        Census.Counted counted =
            census.count(
                REFERENCE,
                List.of("promotion", "advertising"),
                List.of(FieldId.of("identity.name"), FieldId.of("identity.gender")),
                progress::add);
        assertThat(counted.people()).isEqualTo(3);
        assertThat(counted.accepted()).isEqualTo(3);
        assertThat(counted.granting())
            .containsEntry("promotion", 1L)
            .containsEntry("advertising", 0L);
        assertThat(counted.holding())
            .containsEntry("identity.name", 1L)
            .containsEntry("identity.gender", 0L);
        assertThat(progress).containsExactly(3L);
        assertThat(
                census
                    .count(
                        PolicyVersion.of("emeet@other"), List.of("promotion"), List.of(), _ -> {})
                    .accepted())
            .isZero();
      }
    }
  }

  private static void grant(TestServer server, String subject, String decision) {
    TestServer.Answered answered =
        server.change(
            server.backend,
            "/v1/subjects/" + subject + "/consents",
            """
            {"purpose":"promotion","decision":"%s","product":"meeting","channel":"email",
             "by":"self","evidence":%s}
            """
                .formatted(decision, TestServer.evidence()));
    assertThat(answered.status()).as(answered.body()).isEqualTo(200);
  }
}
