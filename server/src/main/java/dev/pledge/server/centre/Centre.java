package dev.pledge.server.centre;

import gg.jte.TemplateOutput;
import gg.jte.html.HtmlInterceptor;
import gg.jte.html.HtmlTemplateOutput;
import gg.jte.html.OwaspHtmlTemplateOutput;
import gg.jte.output.StringOutput;
import java.util.List;
import java.util.Map;

/** Makes the pages: what they are given is escaped for the place where it stands. */
public final class Centre {
  private static final int USUAL_LENGTH = 1 << 14;

  /** Forms have all that they carry in their templates. */
  private static final HtmlInterceptor NONE =
      new HtmlInterceptor() {
        @Override
        public void onHtmlTagOpened(
            String name, Map<String, Object> attributes, TemplateOutput output) {}

        @Override
        public void onHtmlTagClosed(String name, TemplateOutput output) {}
      };

  private Centre() {}

  @FunctionalInterface
  private interface Template {
    void render(HtmlTemplateOutput output, HtmlInterceptor none);
  }

  private static String page(Template template) {
    StringOutput html = new StringOutput(USUAL_LENGTH);
    template.render(new OwaspHtmlTemplateOutput(html), NONE);
    return html.toString();
  }

  /** For whoever is not signed in; {@code ended} where they have been just now. */
  public static String welcome(Frame frame, boolean ended) {
    return page((out, none) -> JtewelcomeGenerated.render(out, none, frame, ended));
  }

  /** A link that signs in, before it does. */
  public static String handOver(Frame frame, String token) {
    return page((out, none) -> JtehandoverGenerated.render(out, none, frame, token));
  }

  /** In a demonstration: whom to sign in as. */
  public static String demo(Frame frame, List<String> people) {
    return page((out, none) -> JtedemoGenerated.render(out, none, frame, people));
  }

  /** The first page. */
  public static String home(Frame frame, Home home) {
    return page((out, none) -> JtehomeGenerated.render(out, none, frame, home));
  }

  /** What is held about somebody (V.1). */
  public static String data(Frame frame, Held held) {
    return page((out, none) -> JtedataGenerated.render(out, none, frame, held));
  }

  /** Correcting a value (V.1). */
  public static String change(Frame frame, Changing changing) {
    return page((out, none) -> JtechangeGenerated.render(out, none, frame, changing));
  }

  /** What somebody decides (V.2). */
  public static String choices(Frame frame, Choosing choosing) {
    return page((out, none) -> JtechoicesGenerated.render(out, none, frame, choosing));
  }

  /** Who used somebody's data (V.1). */
  public static String history(Frame frame, Histories histories) {
    return page((out, none) -> JtehistoryGenerated.render(out, none, frame, histories));
  }

  /** Where somebody is signed in, and how to leave (V.3). */
  public static String account(Frame frame, SignedIn signedIn, Leaving leaving) {
    return page((out, none) -> JteaccountGenerated.render(out, none, frame, signedIn, leaving));
  }

  /** A question before something that is not simply switched back. */
  public static String confirm(Frame frame, Confirm confirm) {
    return page((out, none) -> JteconfirmGenerated.render(out, none, frame, confirm));
  }

  /** After an erasure. */
  public static String gone(Frame frame, Gone gone) {
    return page((out, none) -> JtegoneGenerated.render(out, none, frame, gone));
  }

  /** What went wrong. */
  public static String problem(Frame frame, Trouble trouble) {
    return page((out, none) -> JteproblemGenerated.render(out, none, frame, trouble));
  }
}
