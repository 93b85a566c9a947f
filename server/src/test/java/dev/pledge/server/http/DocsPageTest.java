package dev.pledge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pages as a browser shows them. */
class DocsPageTest {
  private static final TestServer SERVER = TestServer.shared();
  private static Browser browser;

  @BeforeAll
  static void open() throws Exception {
    browser = Browser.open();
  }

  @AfterAll
  static void close() {
    browser.close();
  }

  @ParameterizedTest
  @CsvSource({"/docs,1280,light", "/docs,390,dark", "/,1280,dark", "/,390,light"})
  void pageFitsTheWindowLoadsItsStyleAndBreaksNoRule(String path, int width, String scheme)
      throws Exception {
    browser.visit("http://127.0.0.1:" + SERVER.web.port() + path, width, scheme);
    assertThat(browser.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
        .as("nothing sticks out sideways")
        .isEqualTo("true");
    assertThat(browser.evaluate("getComputedStyle(document.body).backgroundColor"))
        .isEqualTo(scheme.equals("dark") ? "rgb(22, 24, 27)" : "rgb(251, 250, 248)");
    assertThat(browser.evaluate("document.querySelectorAll('a[href]').length > 4"))
        .isEqualTo("true");
    assertThat(
            browser.evaluate(
                "[...document.querySelectorAll('a[href^=\"#\"]')]"
                    + ".every(a => document.getElementById(a.hash.slice(1)) !== null)"))
        .as("every link within the page leads somewhere")
        .isEqualTo("true");
    assertThat(browser.complaints()).as("what the browser complained about").isEmpty();
  }
}
