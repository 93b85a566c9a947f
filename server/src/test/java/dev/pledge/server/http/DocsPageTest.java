package dev.pledge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pages as a browser shows them. */
class DocsPageTest {
  private static final TestServer SERVER = TestServer.shared();
  private static Browser browser;

  /** Whether the text is darker than what it stands on. */
  private static final String IS_DARK_ON_LIGHT =
      """
      (() => {
        const light = colour => colour.match(/\\d+/g).slice(0, 3).reduce((sum, c) => sum + +c, 0);
        const style = getComputedStyle(document.body);
        return light(style.color) < light(style.backgroundColor);
      })()
      """;

  private static final String EVERY_EXAMPLE_FITS =
      """
      (() => {
        document.querySelectorAll('details').forEach(d => d.open = true);
        return [...document.querySelectorAll('pre')].every(p => p.scrollWidth <= p.clientWidth);
      })()
      """;

  @BeforeAll
  static void open() throws Exception {
    browser = Browser.open();
  }

  @AfterAll
  static void close() {
    browser.close();
  }

  @ParameterizedTest
  @CsvSource({
    "/docs,1280,light",
    "/docs,390,dark",
    "/,1280,dark",
    "/,390,light",
    "/v1/policy?language=en,1280,light",
    "/v1/policy?language=en,390,dark",
    "/v1/policy?language=zh&product=meeting,1280,dark",
    "/v1/policy?language=zh,390,light"
  })
  void pageFitsTheWindowLoadsItsStyleAndBreaksNoRule(String path, int width, String scheme)
      throws Exception {
    browser.visit("http://127.0.0.1:" + SERVER.web.port() + path, width, scheme);
    assertThat(browser.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
        .as("nothing sticks out sideways")
        .isEqualTo("true");
    assertThat(browser.evaluate(IS_DARK_ON_LIGHT))
        .as("the colours the reader prefers")
        .isEqualTo(Boolean.toString(scheme.equals("light")));
    assertThat(browser.evaluate("document.querySelectorAll('a[href]').length > 4"))
        .isEqualTo("true");
    assertThat(
            browser.evaluate(
                "[...document.querySelectorAll('a[href^=\"#\"]')]"
                    + ".every(a => document.getElementById(a.hash.slice(1)) !== null)"))
        .as("every link within the page leads somewhere")
        .isEqualTo("true");
    assertThat(
            browser.evaluate(
                "[...document.querySelectorAll('code.short')]"
                    + ".every(c => c.getClientRects().length <= 1)"))
        .as("short code stands in one line")
        .isEqualTo("true");
    assertThat(browser.evaluate("document.querySelectorAll('h1').length"))
        .as("one title")
        .isEqualTo("1");
    assertThat(
            browser.evaluate(
                """
                [...document.querySelectorAll('a + .mark')].every(mark =>
                  mark.getBoundingClientRect().bottom
                    <= mark.previousElementSibling.getBoundingClientRect().bottom)
                """))
        .as("a mark stands beside what it marks")
        .isEqualTo("true");
    if (width < 600) {
      assertThat(browser.evaluate(EVERY_EXAMPLE_FITS)).as("examples fit a phone").isEqualTo("true");
    }
    assertThat(browser.complaints()).as("what the browser complained about").isEmpty();
  }

  @Test
  void theListOfCallsCanBeSkipped() throws Exception {
    browser.visit("http://127.0.0.1:" + SERVER.web.port() + "/docs", 1280, "light");
    String skip =
        """
        (() => {
          const first = document.querySelector('a');
          first.focus();
          const box = first.getBoundingClientRect();
          return [box.left >= 0 && box.right > 0, first.hash, document.activeElement === first].join(' ');
        })()
        """;
    assertThat(browser.evaluate(skip)).isEqualTo("true #every-call true");
  }
}
