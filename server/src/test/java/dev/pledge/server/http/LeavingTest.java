package dev.pledge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.names.Clause;
import dev.pledge.server.http.TestServer.Answered;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** How people go and come back, as callers see it, under a policy that has both. */
@Clause({"V.3", "II.II.3"})
class LeavingTest {
  private static final TestServer SERVER =
      TestServer.reworded(
          "conditions: [",
          "conditions: [bills-paid, ",
          "\nrequests:",
          "\nleaving: { recovery: P14D, closing: { meeting: [bills-paid] } }\nrequests:",
          "\nconditions:\n",
          "\nconditions:\n  bills-paid: your bills are paid\n");

  @AfterAll
  static void close() {
    SERVER.close();
  }

  private static Answered erase(String subject, String query) {
    return SERVER.change(
        SERVER.backend, "DELETE", "/v1/subjects/" + subject + query, TestServer.name("key"), "");
  }

  private static Answered restore(String subject) {
    return SERVER.change(SERVER.backend, "/v1/subjects/" + subject + "/restore", "{}");
  }

  private static Answered show(String subject) {
    return SERVER.get(SERVER.backend, "/v1/subjects/" + subject);
  }

  private static Answered shut(String subject, String conditions) {
    return SERVER.change(
        SERVER.backend,
        "/v1/subjects/" + subject + "/close",
        "{\"product\":\"meeting\"" + conditions + "}");
  }

  @Test
  void anErasureIsTakenBackAsLongAsItsAnswerSays() {
    String subject = SERVER.adult();
    Answered sealed = erase(subject, "");
    assertThat(sealed.status()).as(sealed.body()).isEqualTo(200);
    String until = sealed.text("/recoverableUntil");
    assertThat(Instant.parse(until)).isAfter(Instant.now());
    assertThat(sealed.text("/signed")).contains("\nrecoverable until " + until + "\n");
    assertThat(show(subject).status()).isEqualTo(404);
    assertThat(erase(subject, "").status()).isEqualTo(404);
    Answered back = restore(subject);
    assertThat(back.status()).as(back.body()).isEqualTo(200);
    assertThat(show(subject).status()).isEqualTo(200);
    assertThat(restore(subject).status()).isEqualTo(404);
  }

  @Test
  @Clause({"V.1", "V.3"})
  void whoWantsItForGoodSaysSo() {
    String subject = SERVER.adult();
    assertThat(erase(subject, "?final=perhaps").status()).isEqualTo(400);
    Answered erased = erase(subject, "?final=true");
    assertThat(erased.status()).as(erased.body()).isEqualTo(200);
    assertThat(erased.body()).doesNotContain("recoverable");
    assertThat(restore(subject).status()).isEqualTo(404);

    String sealed = SERVER.adult();
    String certificate = erase(sealed, "").text("/certificate");
    assertThat(erase(sealed, "?final=true").text("/certificate")).isEqualTo(certificate);
    assertThat(restore(sealed).status()).isEqualTo(404);
  }

  @Test
  void anAccountIsClosedUnderItsConditionsAndTheAnswerTellsWhatIsLeft() {
    String subject = SERVER.adult();
    SERVER.collect(subject, "{\"device.language\":\"en\"}");
    Answered refused = shut(subject, "");
    assertThat(refused.status()).as(refused.body()).isEqualTo(409);
    assertThat(refused.text("/type")).isEqualTo("urn:pledge:problem:closing-conditions");
    assertThat(refused.text("/clause")).isEqualTo("V.3");
    assertThat(refused.text("/conditions/0/condition")).isEqualTo("bills-paid");
    assertThat(refused.text("/conditions/0/words")).isEqualTo("your bills are paid");
    assertThat(refused.text("/conditions/0/clause")).isEqualTo("V.3");
    assertThat(show(subject).text("/products/0/open")).isEqualTo("true");

    Answered closed = shut(subject, ",\"conditions\":[\"bills-paid\"]");
    assertThat(closed.status()).as(closed.body()).isEqualTo(200);
    assertThat(closed.body())
        .contains(
            "{\"field\":\"device.language\",\"product\":\"meeting\",\"clause\":\"V.3\",\"until\":");
    assertThat(show(subject).text("/products/0/open")).isEqualTo("false");
  }

  @Test
  void theSameRequestIsAnsweredTheSame() {
    String subject = SERVER.adult();
    String path = "/v1/subjects/" + subject + "/close";
    String key = TestServer.name("key");
    String body = "{\"product\":\"meeting\",\"conditions\":[\"bills-paid\"]}";
    Answered once = SERVER.change(SERVER.backend, "POST", path, key, body);
    Answered again = SERVER.change(SERVER.backend, "POST", path, key, body);
    assertThat(once.status()).isEqualTo(200);
    assertThat(again.body()).isEqualTo(once.body());
  }
}
