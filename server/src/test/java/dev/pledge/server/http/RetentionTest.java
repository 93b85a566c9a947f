package dev.pledge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.actor.Scope;
import dev.pledge.engine.retention.RetentionReport;
import dev.pledge.engine.retention.RetentionReport.OfCategory;
import dev.pledge.engine.retention.RetentionReport.OfDay;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.Clause;
import dev.pledge.server.http.TestServer.Answered;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

  /** A report in which all of it is large, but for what the test is about. */
  private RetentionReport report(long done, long late, boolean complete, boolean begun) {
    Caller who = server.pledge.actors().authenticate(token(Scope.LOG)).orElseThrow();
    Instant at = Instant.parse("2026-11-28T05:06:28.162318Z");
    LocalDate first = LocalDate.parse("2026-10-30");
    return new RetentionReport(
        at,
        Duration.ofMinutes(90),
        7,
        begun ? Optional.of(at.minusSeconds(300)) : Optional.empty(),
        Optional.empty(),
        complete,
        List.of(
            new OfCategory("a-category-with-a-name-as-long-as-any", 98_765_432, 0, 0, 0),
            new OfCategory("log", 98_765_432, 98_765_432, 98_765_432, late)),
        IntStream.range(0, 30).mapToObj(i -> new OfDay(first.plusDays(i), done * i)).toList(),
        server.pledge.retention(who).receipt());
  }

  private String page(long done, long late, boolean complete) {
    return new RetentionPage(report(done, late, complete, true), Locale.ENGLISH).html();
  }

  @Test
  void thePageSaysInWordsWhatTheChartShows() {
    assertThat(page(1_000, 0, true))
        .contains("<svg role=\"img\" aria-labelledby=\"chart-title\"")
        .contains("each of the last thirty days, at most 29,000 on one.")
        .contains("<th scope=\"col\">Late</th>", "<th scope=\"row\"><code>log</code></th>")
        .contains("<dt>2026-11-28</dt><dd>29,000</dd>", "98,765,432")
        .contains("2026-11-28 05:06 UTC", "1 hour 30 minutes", "is at work since")
        .doesNotContain("<script", "style=", "PT1H", "05:06:28.162318Z")
        .satisfies(page -> assertThat(page.split("<rect ", -1)).hasSize(31));
  }

  @Test
  void whereThereIsNothingToShowThePageSaysSo() {
    assertThat(page(0, 0, true))
        .contains("Sweeps deleted nothing in the last thirty days.")
        .doesNotContain("<svg");
    assertThat(new RetentionPage(report(0, 0, true, false), Locale.ENGLISH).html())
        .contains("there was none yet");
  }

  @Test
  void thePageSaysInTimeOnlyOfWhatWasAllCounted() {
    assertThat(page(0, 0, true)).contains("data-state=\"good\"").doesNotContain("class=\"late\"");
    assertThat(page(0, 0, false)).contains("data-state=\"care\"", "not all counted");
    assertThat(page(0, 3, false))
        .contains("data-state=\"bad\"", "<td class=\"late\">3</td>", "There was no time");
  }

  @Test
  void thePageFitsAPhoneLoadsNothingAndStandsByItselfWhenSaved(@TempDir Path directory)
      throws Exception {
    Path saved = Files.writeString(directory.resolve("retention.html"), page(987_654, 5, false));
    try (Browser browser = Browser.open()) {
      browser.runScripts(false);
      for (String address :
          List.of(
              saved.toUri().toString(),
              "http://127.0.0.1:" + server.web.port() + "/v1/retention/page")) {
        browser.send("Authorization", "Bearer " + token(Scope.LOG));
        for (int width : List.of(390, 1280)) {
          browser.visit(address, width, "dark");
          assertThat(browser.complaints()).as("what the browser complained about").isEmpty();
          assertThat(browser.evaluate("document.querySelector('h1').textContent"))
              .isEqualTo("Retention");
          assertThat(browser.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
              .as("nothing sticks out sideways")
              .isEqualTo("true");
          assertThat(browser.evaluate("getComputedStyle(document.body).backgroundColor"))
              .as("its style counts")
              .isEqualTo("rgb(22, 24, 27)");
          assertThat(
                  browser.evaluate(
                      "performance.getEntriesByType('resource').map(each => each.name)"
                          + ".filter(name => !name.endsWith('/favicon.ico')).join()"))
              .as("what it fetched")
              .isEmpty();
        }
      }
    }
  }
}
