package dev.pledge.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.server.http.TestServer.Answered;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A browser that sends what it is told to, to the Privacy Centre of a server. */
final class CentreClient {
  private static final Pattern FORM = Pattern.compile("name=\"form\" value=\"([0-9a-f]{64})\"");
  private static final Pattern SESSION = Pattern.compile("pledge=([A-Za-z0-9_-]{64});");

  private final TestServer server;

  CentreClient(TestServer server) {
    this.server = server;
  }

  /** Somebody signed in: what their browser keeps, and what their pages' forms carry. */
  record SignedIn(String person, String session, String form) {}

  String link(String person, String assurance) {
    Answered made =
        server.change(
            server.backend,
            "/v1/subjects/" + person + "/hand-over",
            "{\"product\":\"meeting\",\"assurance\":\"" + assurance + "\"}");
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    return made.text("/path");
  }

  SignedIn signIn() {
    return signIn(server.adult(), "stepped-up");
  }

  SignedIn signIn(String person, String assurance) {
    Answered in = post("/me/hand-over", "", token(link(person, assurance)));
    assertThat(in.status()).as(in.body()).isEqualTo(303);
    String session = session(in);
    Matcher form = FORM.matcher(get("/me", session).body());
    assertThat(form.find()).isTrue();
    return new SignedIn(person, session, form.group(1));
  }

  Map<String, String> token(String link) {
    return Map.of("token", link.substring(link.indexOf('=') + 1));
  }

  String session(Answered answered) {
    Matcher session = SESSION.matcher(answered.header("Set-Cookie"));
    assertThat(session.find()).as(answered.header("Set-Cookie")).isTrue();
    return session.group(1);
  }

  Answered get(String path, String session) {
    return server.send(server.request(path).header("Cookie", "pledge=" + session));
  }

  Answered post(String path, String session, Map<String, String> fields) {
    return server.send(form(path, session, fields));
  }

  HttpRequest.Builder form(String path, String session, Map<String, String> fields) {
    return server
        .request(path)
        .header("Cookie", "pledge=" + session)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(
            BodyPublishers.ofString(
                fields.entrySet().stream()
                    .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
                    .collect(Collectors.joining("&"))));
  }
}
