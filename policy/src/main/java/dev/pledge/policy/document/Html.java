package dev.pledge.policy.document;

import gg.jte.html.HtmlInterceptor;
import gg.jte.html.HtmlTemplateOutput;
import gg.jte.html.OwaspHtmlTemplateOutput;
import gg.jte.output.StringOutput;
import org.jspecify.annotations.Nullable;

/** Runs a template: what it is given is escaped for the place where it stands. */
final class Html {
  private Html() {}

  /** The static {@code render} of a generated template, with its parameters bound. */
  @FunctionalInterface
  interface Template {
    void render(HtmlTemplateOutput output, @Nullable HtmlInterceptor none);
  }

  static String of(Template template) {
    StringOutput html = new StringOutput(1 << 15);
    template.render(new OwaspHtmlTemplateOutput(html), null);
    return html.toString();
  }
}
