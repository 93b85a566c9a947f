package dev.pledge.policy.document;

import gg.jte.TemplateOutput;
import gg.jte.html.HtmlInterceptor;
import gg.jte.html.HtmlTemplateOutput;
import gg.jte.html.OwaspHtmlTemplateOutput;
import gg.jte.output.StringOutput;
import java.util.Map;

/** Runs a template: what it is given is escaped for the place where it stands. */
final class Html {
  /** Templates have no forms that anything would have to be added to. */
  private static final HtmlInterceptor NONE =
      new HtmlInterceptor() {
        @Override
        public void onHtmlTagOpened(
            String name, Map<String, Object> attributes, TemplateOutput output) {}

        @Override
        public void onHtmlTagClosed(String name, TemplateOutput output) {}
      };

  private Html() {}

  /** The static {@code render} of a generated template, with its parameters bound. */
  @FunctionalInterface
  interface Template {
    void render(HtmlTemplateOutput output, HtmlInterceptor none);
  }

  static String of(Template template) {
    StringOutput html = new StringOutput(1 << 15);
    template.render(new OwaspHtmlTemplateOutput(html), NONE);
    return html.toString();
  }
}
