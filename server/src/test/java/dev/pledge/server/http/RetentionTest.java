package dev.pledge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pledge.engine.actor.Scope;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.Clause;
import dev.pledge.server.http.TestServer.Answered;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The retention report, as callers see it. */
@Clause({"II.II.3", "IV.1"})
class RetentionTest {
  private final TestServer server = TestServer.shared();

  private String token(Scope... scopes) {
    return server.token(
        TestServer.name("auditor"), Asker.Kind.AUDITOR, List.of(), Duration.ofDays(1), scopes);
  }

  @Test
  void whoeverMaySearchTheLogSeesWhatIsDueDoneHeldAndLate() {
    Answered answered = server.get(token(Scope.LOG), "/v1/retention");
    assertThat(answered.status()).as(answered.body()).isEqualTo(200);
    assertThat(answered.json().path("period").asText()).isEqualTo("PT1H");
    assertThat(answered.json().path("complete").asBoolean()).isTrue();
    assertThat(answered.json().path("days")).hasSize(30);
    for (JsonNode category : answered.json().path("categories")) {
      assertThat(category.fieldNames())
          .toIterable()
          .containsExactly("category", "due", "done", "held", "late");
    }
    assertThat(answered.json().at("/receipt/entry").asText()).isNotEmpty();
  }

  @Test
  void othersDoNot() {
    assertThat(server.get(token(Scope.ALARMS), "/v1/retention").status()).isEqualTo(403);
    assertThat(server.get(token(Scope.ALARMS), "/v1/retention/page").status()).isEqualTo(403);
  }

  @Test
  void thePageSaysInWordsWhatTheChartShows() {
    Answered page = server.get(token(Scope.LOG), "/v1/retention/page");
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body())
        .contains("<svg class=\"chart\" role=\"img\" aria-labelledby=\"chart-title\"")
        .contains("<title id=\"chart-title\">Values deleted on each of the last thirty days")
        .contains("<th scope=\"col\">Late</th>", "<th scope=\"row\"><code>log</code></th>")
        .contains("<dl class=\"days\">")
        .doesNotContain("<script", "style=");
    assertThat(page.body().split("<rect ", -1)).hasSize(31);
  }
}
