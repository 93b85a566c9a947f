package dev.pledge.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.names.Clause;
import dev.pledge.server.http.CentreClient.SignedIn;
import dev.pledge.server.http.TestServer.Answered;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The Privacy Centre before somebody who means no good. */
class CentreSecurityTest {
  private static TestServer server;
  private static CentreClient centre;

  @BeforeAll
  static void find() {
    server = TestServer.shared();
    centre = new CentreClient(server);
  }

  @Test
  @Clause("V.4")
  void aLinkIsUsedUpByTheFormAloneAndOnce() {
    String person = server.adult();
    String link = centre.link(person, "signed-in");
    assertThat(centre.get(link, "").status()).isEqualTo(200);
    assertThat(centre.get(link, "").header("Set-Cookie")).isEmpty();
    assertThat(centre.post("/me/hand-over", "", centre.token(link)).status()).isEqualTo(303);
    Answered again = centre.post("/me/hand-over", "", centre.token(link));
    assertThat(again.status()).isEqualTo(404);
    assertThat(again.header("Set-Cookie")).isEmpty();
    assertThat(again.body()).contains("This link was used");
  }

  @Test
  void whatIsNoLinkSignsNobodyInAndSaysNothing() {
    for (String token :
        List.of("", "x", "A".repeat(64), "A".repeat(63) + "=", "%00".repeat(20), "../../etc")) {
      Answered answered = centre.post("/me/hand-over", "", Map.of("token", token));
      assertThat(answered.status()).as(token).isIn(400, 404);
      assertThat(answered.header("Set-Cookie")).isEmpty();
    }
  }

  @Test
  void aSessionIsBegunAnewAtSignInAndTheOneBeforeIsOver() {
    SignedIn first = centre.signIn();
    Answered in =
        centre.post(
            "/me/hand-over",
            first.session(),
            centre.token(centre.link(first.person(), "signed-in")));
    assertThat(centre.session(in)).isNotEqualTo(first.session());
    assertThat(centre.get("/me/data", first.session()).status()).isEqualTo(303);
    // Whoever brings a session of their own making has none.
    assertThat(centre.get("/me/data", "B".repeat(64)).status()).isEqualTo(303);
  }

  @Test
  void theCookieIsForUsAloneAndNoPageIsKeptOrFramed() {
    Answered in =
        centre.post("/me/hand-over", "", centre.token(centre.link(server.adult(), "signed-in")));
    assertThat(in.header("Set-Cookie"))
        .contains("; HttpOnly", "; SameSite=Lax", "; Path=/")
        .doesNotContain("Domain");
    Answered page = centre.get("/me", centre.session(in));
    assertThat(page.header("Cache-Control")).isEqualTo("no-store");
    assertThat(page.header("Content-Security-Policy"))
        .contains("default-src 'none'", "frame-ancestors 'none'", "form-action 'self'")
        .doesNotContain("script-src", "unsafe");
    assertThat(page.body()).doesNotContain("<script", "style=\"", "onclick", "http://", "https://");
  }

  @Test
  void aFormThatIsNotOfThisSessionsPagesDoesNothing() {
    SignedIn victim = centre.signIn();
    SignedIn other = centre.signIn();
    Map<String, String> stolen =
        Map.of("form", other.form(), "choice", "meeting promotion email ordinary", "to", "on");
    assertThat(centre.post("/me/choices", victim.session(), stolen).status()).isEqualTo(403);
    Map<String, String> bare = Map.of("choice", "meeting promotion email ordinary", "to", "on");
    assertThat(centre.post("/me/choices", victim.session(), bare).status()).isEqualTo(403);
    Map<String, String> right =
        Map.of("form", victim.form(), "choice", "meeting promotion email ordinary", "to", "on");
    for (String origin : List.of("https://evil.example", "null", "http://127.0.0.1:1")) {
      assertThat(
              server
                  .send(
                      centre.form("/me/choices", victim.session(), right).header("Origin", origin))
                  .status())
          .as(origin)
          .isEqualTo(403);
    }
    assertThat(
            server
                .send(
                    centre
                        .form("/me/choices", victim.session(), right)
                        .header("Sec-Fetch-Site", "cross-site"))
                .status())
        .isEqualTo(403);
    assertThat(server.promotion(victim.person()).status()).as("nothing was done").isEqualTo(403);
    assertThat(centre.post("/me/choices", victim.session(), right).status()).isEqualTo(303);
    assertThat(server.promotion(victim.person()).status()).isEqualTo(200);
  }

  @Test
  void aForeignPageCannotSignSomebodyInAsSomebodyElse() {
    String link = centre.link(server.adult(), "signed-in");
    Answered forced =
        server.send(
            centre
                .form("/me/hand-over", "", centre.token(link))
                .header("Origin", "https://evil.example"));
    assertThat(forced.status()).isEqualTo(403);
    assertThat(forced.header("Set-Cookie")).isEmpty();
  }

  @Test
  @Clause("IV.3")
  void nobodyReachesWhatIsAnothersByItsId() {
    SignedIn mine = centre.signIn();
    SignedIn theirs = centre.signIn();
    String id = otherSessionId(theirs);
    Map<String, String> end = Map.of("form", mine.form(), "session", id);
    assertThat(centre.post("/me/sessions/end", mine.session(), end).status()).isEqualTo(404);
    assertThat(centre.get("/me/data", theirs.session()).status()).isEqualTo(200);
    for (String choice :
        List.of(
            "x", "meeting promotion email all", "calendar promotion email ordinary", "' or 1")) {
      Map<String, String> fields = Map.of("form", mine.form(), "choice", choice, "to", "on");
      assertThat(centre.post("/me/choices", mine.session(), fields).status())
          .as(choice)
          .isEqualTo(404);
    }
    for (String field : List.of("guardian.email", "nothing.here", "subject")) {
      assertThat(centre.get("/me/data/delete?field=" + field, mine.session()).status())
          .as(field)
          .isEqualTo(404);
      Map<String, String> fields = Map.of("form", mine.form(), "what", field);
      assertThat(centre.post("/me/data/delete", mine.session(), fields).status()).isEqualTo(404);
    }
  }

  /** The id of a second session of the person's, which their own page has. */
  private static String otherSessionId(SignedIn person) {
    var _ = centre.signIn(person.person(), "signed-in");
    Matcher id =
        Pattern.compile("name=\"session\" value=\"([0-9a-f-]{36})\"")
            .matcher(centre.get("/me/account", person.session()).body());
    assertThat(id.find()).isTrue();
    return id.group(1);
  }

  @Test
  @Clause("V.4")
  void oneEndsTheOtherSessions() {
    SignedIn here = centre.signIn();
    SignedIn there = centre.signIn(here.person(), "signed-in");
    assertThat(
            centre
                .post("/me/sessions/end-others", here.session(), Map.of("form", here.form()))
                .status())
        .isEqualTo(303);
    assertThat(centre.get("/me/data", there.session()).status()).isEqualTo(303);
    assertThat(centre.get("/me/data", here.session()).status()).isEqualTo(200);
    assertThat(centre.post("/me/sign-out", here.session(), Map.of("form", here.form())).status())
        .isEqualTo(303);
    assertThat(centre.get("/me/data", here.session()).status()).isEqualTo(303);
  }

  @Test
  @Clause("V.4")
  void whoCameWithoutAnotherLookAtWhoTheyAreSeesNothingInClearAndErasesNothing() {
    SignedIn person = centre.signIn(server.adult(), "signed-in");
    assertThat(centre.get("/me/data?show=clear", person.session()).status()).isEqualTo(403);
    Map<String, String> erase = Map.of("form", person.form(), "what", "everything", "tick", "yes");
    assertThat(centre.post("/me/account/erase", person.session(), erase).status()).isEqualTo(403);
    assertThat(server.get(server.backend, "/v1/subjects/" + person.person()).status())
        .isEqualTo(200);
  }

  @Test
  @Clause("V.4")
  void whatOneSignsInWithIsChangedByWhoWasLookedAtAgainAlone() {
    SignedIn person = centre.signIn(server.adult(), "signed-in");
    Map<String, String> change =
        Map.of(
            "form",
            person.form(),
            "field",
            "contact.email",
            "product",
            "meeting",
            "value",
            "thief@example.com");
    assertThat(centre.post("/me/data/change", person.session(), change).status()).isEqualTo(403);
    Map<String, String> delete = Map.of("form", person.form(), "what", "contact.email");
    assertThat(centre.post("/me/data/delete", person.session(), delete).status()).isEqualTo(403);
    assertThat(
            server.read(server.backend, person.person(), "authentication", "contact.email").body())
        .doesNotContain("thief")
        .contains("@example.com");
  }

  @Test
  @Clause("V.1")
  void everythingIsTakenAlongByWhoWasLookedAtAgainAndNobodyElse() {
    SignedIn person = centre.signIn();
    Answered copy = centre.get("/me/export", person.session());
    assertThat(copy.status()).isEqualTo(200);
    assertThat(copy.header("Content-Type")).isEqualTo("application/zip");
    assertThat(copy.header("Content-Disposition")).startsWith("attachment;");
    assertThat(copy.body()).startsWith("PK");
    SignedIn other = centre.signIn(server.adult(), "signed-in");
    assertThat(centre.get("/me/export", other.session()).status()).isEqualTo(403);
    assertThat(centre.get("/me/export", "").status()).isEqualTo(303);
  }

  @Test
  void nothingLeadsOutOfTheCentre() {
    String person = server.adult();
    for (String to : List.of("https://evil.example", "//evil.example", "/me/../v1", "/docs")) {
      assertThat(
              server
                  .change(
                      server.backend,
                      "/v1/subjects/" + person + "/hand-over",
                      "{\"product\":\"meeting\",\"to\":\"" + to + "\"}")
                  .status())
          .as(to)
          .isEqualTo(400);
      assertThat(
              server
                  .send(server.request("/me/language?to=zh&back=" + URLEncoder.encode(to, UTF_8)))
                  .header("Location"))
          .isEqualTo("/me");
    }
    Answered injected =
        server.send(
            server.request(
                "/me/language?to="
                    + URLEncoder.encode("zh\r\nSet-Cookie: a=b", UTF_8)
                    + "&back=/me"));
    assertThat(injected.header("Set-Cookie")).startsWith("pledge-language=en;");
  }

  @Test
  void whatSomebodyWroteIsShownAndNeverRun() {
    SignedIn person = centre.signIn();
    Map<String, String> agree =
        Map.of("form", person.form(), "choice", "meeting recommendation - ordinary", "to", "on");
    assertThat(centre.post("/me/choices", person.session(), agree).status()).isEqualTo(303);
    String hostile = "<img src=x onerror=alert(1)>\\\"'&lt;";
    Answered stored =
        server.collect(person.person(), "{\"identity.occupation\":\"" + hostile + "\"}");
    assertThat(stored.status()).as(stored.body()).isEqualTo(200);
    String page = centre.get("/me/data?show=clear", person.session()).body();
    assertThat(page).contains("&lt;img src=x onerror=alert(1)&gt;").doesNotContain("<img");
    Map<String, String> fields =
        Map.of(
            "form",
            person.form(),
            "field",
            "identity.name",
            "product",
            "meeting",
            "value",
            "<b>\"");
    Answered again = centre.post("/me/data/change", person.session(), fields);
    assertThat(again.status()).isEqualTo(422);
    assertThat(again.body()).contains("&lt;b>").doesNotContain("value=\"<b>");
  }

  @Test
  void formsThatAreNoneAreRefusedAndNothingIsHalfDone() {
    SignedIn person = centre.signIn();
    for (String body : List.of("form", "form=a&form=b", "=x", "form=%zz", "a=1&".repeat(70))) {
      HttpRequest.Builder request =
          server
              .request("/me/choices")
              .header("Cookie", "pledge=" + person.session())
              .header("Content-Type", "application/x-www-form-urlencoded")
              .POST(BodyPublishers.ofString(body));
      Answered answered = server.send(request);
      assertThat(answered.status()).as(body).isEqualTo(400);
      assertThat(answered.header("Content-Type")).startsWith("text/html");
    }
    assertThat(
            server
                .send(
                    server
                        .request("/me/choices")
                        .header("Cookie", "pledge=" + person.session())
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{}")))
                .status())
        .isEqualTo(400);
  }

  @Test
  void thereIsNoDemonstrationInEarnest() {
    assertThat(centre.get("/me/demo", "").status()).isEqualTo(404);
    assertThat(centre.post("/me/demo", "", Map.of("who", "0")).status()).isEqualTo(404);
  }

  @Test
  void nobodyElseMayBeThePrivacyCentre() {
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () ->
                server.token(
                    "privacy-centre",
                    dev.pledge.policy.decision.Asker.Kind.SERVICE,
                    List.of(),
                    Duration.ofDays(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
