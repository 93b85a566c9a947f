package dev.pledge.policy.document;

import static org.assertj.core.api.Assertions.assertThat;

import gg.jte.Content;
import org.junit.jupiter.api.Test;

class PageTest {
  private static final Content EMPTY = _ -> {};

  private static String page(String title, Style style) {
    return Html.of((out, none) -> JtepageGenerated.render(out, none, "en", title, style, EMPTY));
  }

  @Test
  void whatAPageIsGivenIsEscaped() {
    assertThat(page("</title><script>alert(1)</script>", new Style.Linked("/x\" onload=\"y")))
        .contains("<title>&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt;</title>")
        .doesNotContain("<script")
        .doesNotContain("\" onload");
  }

  /** The hash a browser computes over what stands between the tags is the one that is allowed. */
  @Test
  void aPageByItselfAllowsItsOwnStyleAndNothingElse() throws Exception {
    String html = page("Title", Style.inside());
    String css = html.substring(html.indexOf("<style>") + 7, html.indexOf("</style>"));
    byte[] digest =
        java.security.MessageDigest.getInstance("SHA-256")
            .digest(css.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    assertThat(html)
        .contains("sha256-" + java.util.Base64.getEncoder().encodeToString(digest))
        .contains("default-src &#39;none&#39;")
        .doesNotContain("<link");
    assertThat(Style.sheet()).doesNotContain("url(", "@import", "<");
  }
}
