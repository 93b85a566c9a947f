package dev.pledge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.names.Clause;
import dev.pledge.server.http.TestServer.Answered;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What somebody does in the Privacy Centre, in a real browser in which nothing may run. Pictures of
 * every page are left in {@code target/screens}.
 */
class CentreTest {
  private static final Path SCREENS = Path.of("target", "screens");
  private static TestServer server;
  private static Browser browser;

  private String person = "";

  @BeforeAll
  static void open() throws IOException, InterruptedException {
    server = TestServer.shared();
    browser = Browser.open();
    browser.runScripts(false);
    Files.createDirectories(SCREENS);
  }

  @AfterAll
  static void close() {
    browser.close();
  }

  @BeforeEach
  void register() throws InterruptedException {
    person = server.adult();
    browser.forgetCookies();
    browser.speak("en");
    enter("/me");
  }

  /** Through a link of the product's, as people come. */
  private void enter(String to) throws InterruptedException {
    browser.visit(url(link(person, to)), 390, "light");
    press("main button.main");
  }

  private static String link(String person, String to) {
    Answered made =
        server.change(
            server.backend,
            "/v1/subjects/" + person + "/hand-over",
            "{\"product\":\"meeting\",\"to\":\"" + to + "\",\"assurance\":\"stepped-up\"}");
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    return made.text("/path");
  }

  private static String url(String path) {
    return server.request(path).build().uri().toString();
  }

  private static void visit(String path) throws InterruptedException {
    browser.visit(url(path), 390, "light");
  }

  private static void press(String selector) throws InterruptedException {
    browser.press("document.querySelector('" + selector + "')");
  }

  private static void write(String selector, String value) throws InterruptedException {
    browser.evaluate("document.querySelector('" + selector + "').value = '" + value + "'");
  }

  private static String text() throws InterruptedException {
    return browser.evaluate("document.querySelector('main').innerText");
  }

  private static void look(String name) throws IOException, InterruptedException {
    String address = browser.evaluate("location.href");
    for (String scheme : List.of("light", "dark")) {
      for (int width : new int[] {390, 1280}) {
        browser.visit(address, width, scheme);
        browser.screenshot(SCREENS.resolve(name + "-" + width + "-" + scheme + ".png"));
        assertThat(browser.evaluate("document.documentElement.scrollWidth <= innerWidth + ''"))
            .as("nothing sticks out of %s at %d", name, width)
            .isEqualTo("true");
      }
    }
    assertThat(browser.complaints()).isEmpty();
  }

  @Test
  @Clause({"II.I.5", "V.2"})
  void offersAreStoppedInOneTapFromTheFirstPage() throws IOException, InterruptedException {
    enter("/me/choices");
    press("button[aria-label*=\"Our own offers, By e-mail\"]");
    assertThat(text()).contains("It is on.");
    assertThat(server.promotion(person).status()).isEqualTo(200);
    visit("/me");
    look("home");
    assertThat(text()).contains("You said yes to 1 way");
    press(".offers button");
    assertThat(text()).contains("All offers and advertising are off.");
    assertThat(server.promotion(person).status()).isEqualTo(403);
  }

  @Test
  @Clause({"V.2", "II.II.6", "II.I.2"})
  void aSwitchIsOffUntilMovedAndWorksFromTheNextReadOn() throws IOException, InterruptedException {
    visit("/me/choices");
    look("choices");
    String all = "document.querySelectorAll('[role=switch][aria-checked=true]').length + ''";
    assertThat(browser.evaluate(all)).as("nothing is on that nobody moved").isEqualTo("0");
    press("button[aria-label*=\"Our own offers, By e-mail\"]");
    assertThat(browser.evaluate(all)).isEqualTo("1");
    assertThat(server.promotion(person).status()).isEqualTo(200);
    press("button[aria-label*=\"Our own offers, By e-mail\"]");
    assertThat(text()).contains("It is off, from this moment on.");
    assertThat(server.promotion(person).status()).isEqualTo(403);
  }

  @Test
  @Clause({"V.1", "II.II.5"})
  void dataAreCoveredUntilOneAsksForThemInClear() throws IOException, InterruptedException {
    server.collect(
        person, "{\"identity.name\":\"Ada Lovelace\",\"identity.occupation\":\"engineer\"}");
    visit("/me/data");
    look("data");
    assertThat(text()).contains("Your name", "From you, eMeet Meetings").doesNotContain("Lovelace");
    press(".reveal a");
    assertThat(text()).contains("Ada Lovelace", "Shown in clear");
  }

  @Test
  @Clause({"V.1", "V.2"})
  void aValueIsCorrectedAndOneIsDeleted() throws IOException, InterruptedException {
    server.collect(person, "{\"identity.name\":\"Ada Lovelace\"}");
    visit("/me/data");
    press("a[href*=\"change?field=identity.name\"]");
    look("change");
    write("#value", "4Q ???");
    press("main button.main");
    assertThat(text()).contains("A name consists of");
    write("#value", "Ada King");
    press("main button.main");
    assertThat(text()).contains("It is corrected.");
    visit("/me/data?show=clear");
    assertThat(text()).contains("Ada King").doesNotContain("Lovelace");
    press("a[href*=\"delete?field=identity.name\"]");
    look("delete");
    assertThat(text()).contains("These do without it", "Helping you when you ask");
    press("main button.main");
    assertThat(text()).contains("It is deleted, for good.").doesNotContain("Your name");
  }

  @Test
  @Clause({"V.1", "IV.3"})
  void theHistorySaysInSentencesWhoLookedWhyAndWhoGotNothing()
      throws IOException, InterruptedException {
    server.read(server.support, person, "customer-service", "contact.email");
    server.promotion(person);
    visit("/me/history");
    look("history");
    assertThat(text())
        .contains("Customer support looked at your e-mail address (covered) for “Helping you when")
        .contains("got nothing.")
        .contains("You had not agreed to it (II.I.5)")
        .contains("You signed in here.");
    browser.visit(url("/me/history?kind=refused"), 390, "light");
    assertThat(text()).contains("got nothing.").doesNotContain("Customer support");
  }

  @Test
  @Clause({"V.3", "II.II.3"})
  void anAccountIsClosedAndItsUseStops() throws IOException, InterruptedException {
    visit("/me/account");
    look("account");
    press("a[href*=\"account/close\"]");
    look("close");
    press("main button.main");
    assertThat(text()).contains("The account is closed.");
    assertThat(server.read(server.backend, person, "authentication", "contact.email").status())
        .isEqualTo(403);
  }

  @Test
  @Clause({"V.1", "V.3", "II.II.3"})
  void whoErasesThemselvesGetsTheCertificateAndIsNobodyAfterwards()
      throws IOException, InterruptedException {
    visit("/me/account/erase");
    look("erase");
    browser.evaluate("document.querySelector('#tick').checked = true");
    press("main button.danger");
    assertThat(text()).contains("You are erased", "Keep this certificate");
    assertThat(browser.evaluate("document.querySelector('.certificate').value")).contains("\n\n— ");
    assertThat(server.get(server.backend, "/v1/subjects/" + person).status()).isEqualTo(404);
    visit("/me/data");
    assertThat(text()).contains("How to get in");
    look("welcome");
  }

  @Test
  @Clause("V.1")
  void everythingIsThereInChineseToo() throws IOException, InterruptedException {
    press("header a[hreflang=zh]");
    assertThat(browser.evaluate("document.documentElement.lang")).isEqualTo("zh");
    for (String page : List.of("", "/data", "/choices", "/history", "/account")) {
      visit("/me" + page);
      look("zh" + page.replace('/', '-'));
      assertThat(text()).doesNotContainPattern("[A-Za-z]{4,} [a-z]{3,} [a-z]{3,}");
    }
  }

  @Test
  @Clause("V.2")
  void aBrowserThatAsksForNoSaleIsToldSo() throws InterruptedException {
    browser.send("Sec-GPC", "1");
    browser.visit(url("/me/choices"), 390, "light");
    assertThat(text()).contains("Global Privacy Control");
    assertThat(server.send(server.request("/.well-known/gpc.json")).json().path("gpc").asBoolean())
        .isTrue();
  }

  @Test
  void pagesAreSmall() throws InterruptedException {
    for (String page : List.of("", "/data", "/choices", "/history", "/account")) {
      visit("/me" + page);
      int html =
          Integer.parseInt(browser.evaluate("document.documentElement.outerHTML.length + ''"));
      assertThat(html).as(page).isLessThan(40_000);
    }
  }
}
