package dev.pledge.policy.document;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Document;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlBlock;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.LinkReferenceDefinition;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.StrongEmphasis;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.DefaultUrlSanitizer;
import org.commonmark.renderer.html.HtmlRenderer;
import org.commonmark.renderer.html.UrlSanitizer;
import org.commonmark.renderer.markdown.MarkdownRenderer;
import org.commonmark.renderer.text.TextContentRenderer;

/**
 * The words of a notice, of which nothing runs and nothing is fetched: HTML in them is text, links
 * lead to pages and mailboxes only, an image is its description, and no heading stands beside those
 * of the notice. Whatever the text, the depth of what comes out is bounded.
 */
final class SafeMarkdown {
  private static final List<Extension> TABLES = List.of(TablesExtension.create());
  private static final UrlSanitizer LINKS =
      new DefaultUrlSanitizer(Set.of("http", "https", "mailto"));

  private static final String FULL_WIDTH = "，。、；：？！（）《》「」“”‘’—…";

  /** Renderers descend by recursion. */
  private static final int DEEPEST = 60;

  private static final Pattern BLANK_LINE = Pattern.compile("\\R[ \\t]*\\R");
  private static final String OPENING = "*_[";
  private static final int MOST_OPENING = 2_000;

  private static final Parser PARSER =
      Parser.builder().extensions(TABLES).maxOpenBlockParsers(DEEPEST).build();
  private static final HtmlRenderer HTML =
      HtmlRenderer.builder()
          .extensions(TABLES)
          .escapeHtml(true)
          .sanitizeUrls(true)
          .urlSanitizer(LINKS)
          .build();
  private static final HtmlRenderer INLINE_HTML =
      HtmlRenderer.builder()
          .escapeHtml(true)
          .sanitizeUrls(true)
          .urlSanitizer(LINKS)
          .omitSingleParagraphP(true)
          .build();
  private static final MarkdownRenderer MARKDOWN =
      MarkdownRenderer.builder().extensions(TABLES).build();
  private static final TextContentRenderer PLAIN = TextContentRenderer.builder().build();

  private SafeMarkdown() {}

  /** The blocks of a passage, under a document of their own. */
  static Node blocks(String markdown) {
    if (mayNestWithoutEnd(markdown)) {
      return asWritten(markdown);
    }
    Node document = PARSER.parse(markdown);
    if (isTooDeep(document)) {
      return asWritten(markdown);
    }
    everyNode(document).forEach(SafeMarkdown::disarm);
    return document;
  }

  /** The words of a heading, in a paragraph. */
  static Paragraph words(String heading) {
    Paragraph words = new Paragraph();
    Node line = mayNestWithoutEnd(heading) ? null : PARSER.parse("# " + heading).getFirstChild();
    if (line instanceof Heading && !isTooDeep(line)) {
      everyNode(line).stream().skip(1).forEach(SafeMarkdown::disarm);
      moveChildren(line, words);
    } else {
      words.appendChild(new Text(heading));
    }
    return words;
  }

  static String html(String markdown) {
    return HTML.render(blocks(markdown));
  }

  static String htmlOfWords(String heading) {
    return INLINE_HTML.render(under(words(heading)));
  }

  static String plain(String heading) {
    return PLAIN.render(words(heading)).strip();
  }

  /** A text that says the same when it is read again. */
  static String markdown(Node document) {
    return MARKDOWN.render(document);
  }

  private static Node under(Node block) {
    Node document = new Document();
    document.appendChild(block);
    return document;
  }

  private static Node asWritten(String markdown) {
    FencedCodeBlock block = new FencedCodeBlock();
    block.setLiteral(markdown + "\n");
    return under(block);
  }

  /** Not to another host by an address without a scheme, which goes by that of the page. */
  private static boolean leadsSomewhereSafe(String destination) {
    return !LINKS.sanitizeLinkUrl(destination).isEmpty()
        && !destination.strip().startsWith("//")
        && !destination.strip().startsWith("\\");
  }

  private static void disarm(Node node) {
    switch (node) {
      case HtmlInline html -> replace(html, new Text(html.getLiteral()));
      case HtmlBlock html -> replace(html, lines(html.getLiteral()));
      case Link link when !leadsSomewhereSafe(link.getDestination()) -> unwrap(link);
      case Image image -> unwrap(image);
      case Heading heading -> replace(heading, strong(heading));
      case LinkReferenceDefinition definition -> definition.unlink();
      case SoftLineBreak end when isBetweenWide(end) -> end.unlink();
      default -> {}
    }
  }

  /** Whether a line ends between two characters of a script that is written without spaces. */
  private static boolean isBetweenWide(SoftLineBreak end) {
    return end.getPrevious() instanceof Text before
        && end.getNext() instanceof Text after
        && !before.getLiteral().isEmpty()
        && !after.getLiteral().isEmpty()
        && isWide(before.getLiteral().codePointBefore(before.getLiteral().length()))
        && isWide(after.getLiteral().codePointAt(0));
  }

  private static boolean isWide(int character) {
    return switch (Character.UnicodeScript.of(character)) {
      case HAN, HIRAGANA, KATAKANA -> true;
      default -> FULL_WIDTH.indexOf(character) >= 0;
    };
  }

  private static Paragraph lines(String text) {
    Paragraph paragraph = new Paragraph();
    for (String line : text.strip().split("\\R", -1)) {
      if (paragraph.getFirstChild() != null) {
        paragraph.appendChild(new SoftLineBreak());
      }
      paragraph.appendChild(new Text(line.strip()));
    }
    return paragraph;
  }

  private static Paragraph strong(Heading heading) {
    StrongEmphasis strong = new StrongEmphasis("**");
    moveChildren(heading, strong);
    Paragraph paragraph = new Paragraph();
    paragraph.appendChild(strong);
    return paragraph;
  }

  private static void replace(Node old, Node by) {
    old.insertBefore(by);
    old.unlink();
  }

  private static void unwrap(Node node) {
    for (Node child = node.getFirstChild(); child != null; child = node.getFirstChild()) {
      node.insertBefore(child);
    }
    node.unlink();
  }

  static void moveChildren(Node from, Node to) {
    for (Node child = from.getFirstChild(); child != null; child = from.getFirstChild()) {
      to.appendChild(child);
    }
  }

  /** A node and all below it, each before what is below it. */
  private static List<Node> everyNode(Node top) {
    List<Node> nodes = new ArrayList<>();
    Deque<Node> waiting = new ArrayDeque<>(List.of(top));
    while (!waiting.isEmpty()) {
      Node node = waiting.pop();
      nodes.add(node);
      for (Node child = node.getLastChild(); child != null; child = child.getPrevious()) {
        waiting.push(child);
      }
    }
    return nodes;
  }

  /**
   * Whether between two blank lines there are so many marks that open something within a line that
   * the parser, which descends by recursion as well, could run out of stack.
   */
  private static boolean mayNestWithoutEnd(String markdown) {
    return BLANK_LINE
        .splitAsStream(markdown)
        .anyMatch(
            block -> block.chars().filter(c -> OPENING.indexOf(c) >= 0).count() > MOST_OPENING);
  }

  private static boolean isTooDeep(Node top) {
    Deque<Node> level = new ArrayDeque<>(List.of(top));
    for (int depth = 0; !level.isEmpty(); depth++) {
      if (depth > DEEPEST) {
        return true;
      }
      Deque<Node> next = new ArrayDeque<>();
      for (Node node : level) {
        for (Node child = node.getFirstChild(); child != null; child = child.getNext()) {
          next.add(child);
        }
      }
      level = next;
    }
    return false;
  }
}
