package dev.pledge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.names.Clause;
import dev.pledge.server.http.CentreClient.SignedIn;
import dev.pledge.server.http.TestServer.Answered;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** For how long links, sessions and a second look are good. */
class CentreTimesTest {
  private static TestServer server;
  private static CentreClient centre;

  @BeforeAll
  static void start() {
    server = TestServer.start(TestServer.generous());
    centre = new CentreClient(server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  @Clause("V.4")
  void aLinkIsGoodForFiveMinutesAndForNobodyWhoIsErased() {
    String late = centre.link(server.adult(), "signed-in");
    server.clock.advance(Duration.ofMinutes(5).plusSeconds(1));
    assertThat(centre.post("/me/hand-over", "", centre.token(late)).status()).isEqualTo(404);
    String person = server.adult();
    String link = centre.link(person, "signed-in");
    server.change(server.backend, "DELETE", "/v1/subjects/" + person, TestServer.name("key"), "");
    assertThat(centre.post("/me/hand-over", "", centre.token(link)).status()).isEqualTo(404);
  }

  @Test
  @Clause("V.4")
  void aSessionEndsByItselfAndSteppingUpSooner() {
    SignedIn person = centre.signIn();
    assertThat(centre.get("/me/data?show=clear", person.session()).status()).isEqualTo(200);
    server.clock.advance(Duration.ofMinutes(5).plusSeconds(1));
    Answered clear = centre.get("/me/data?show=clear", person.session());
    assertThat(clear.status()).isEqualTo(403);
    assertThat(clear.body()).contains("we have to be sure that it is you");
    assertThat(centre.get("/me/data", person.session()).status()).isEqualTo(200);
    server.clock.advance(Duration.ofMinutes(31));
    assertThat(centre.get("/me/data", person.session()).status()).isEqualTo(303);
  }
}
