package dev.pledge.policy.document;

import java.util.List;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;

/** Markdown as somebody else's program reads it, who guards against nothing. */
final class Commonmark {
  private static final List<Extension> TABLES = List.of(TablesExtension.create());

  private Commonmark() {}

  static Node parse(String markdown) {
    return Parser.builder().extensions(TABLES).build().parse(markdown);
  }

  static String html(String markdown) {
    return HtmlRenderer.builder().extensions(TABLES).build().render(parse(markdown));
  }
}
