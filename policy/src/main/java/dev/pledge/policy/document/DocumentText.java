package dev.pledge.policy.document;

import dev.pledge.policy.document.Annex.Block;
import dev.pledge.policy.document.Annex.Line;
import dev.pledge.policy.document.Annex.Row;
import dev.pledge.policy.document.PolicyDocument.Section;
import dev.pledge.policy.names.ClauseId;
import java.util.List;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableBody;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TableHead;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.node.BulletList;
import org.commonmark.node.Document;
import org.commonmark.node.Emphasis;
import org.commonmark.node.Heading;
import org.commonmark.node.HtmlInline;
import org.commonmark.node.Link;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.Paragraph;
import org.commonmark.node.StrongEmphasis;
import org.commonmark.node.Text;

/** Writes a document as Markdown. */
final class DocumentText {
  private final PolicyDocument document;
  private final Telling told;
  private final Document text = new Document();

  DocumentText(PolicyDocument document) {
    this.document = document;
    this.told = document.told();
  }

  String markdown() {
    add(document.sections().getFirst(), Frame.facts(told));
    contents();
    document.sections().stream().skip(1).forEach(section -> add(section, List.of()));
    heading(2, List.of("annexes"), new Text(told.say(Frame.IN_DETAIL)));
    paragraph(told.say(Frame.MADE_FROM_RULES));
    document.annexes().forEach(this::add);
    return SafeMarkdown.markdown(text);
  }

  private void add(Section section, List<Line> facts) {
    heading(section.level(), section.anchors(), SafeMarkdown.words(section.passage().heading()));
    if (section.passage().important()) {
      text.appendChild(holding(strong(told.say(Frame.IMPORTANT))));
    }
    if (!facts.isEmpty()) {
      points(facts);
    }
    SafeMarkdown.moveChildren(SafeMarkdown.blocks(section.passage().text()), text);
  }

  private void contents() {
    heading(2, List.of("contents"), new Text(told.say(Frame.CONTENTS)));
    BulletList list = bullets();
    new DocumentPage(document, List.of()).contents().forEach(entry -> add(entry, list));
    ListItem detail = item(holding(link("annexes", told.say(Frame.IN_DETAIL))));
    BulletList annexes = bullets();
    document
        .annexes()
        .forEach(annex -> annexes.appendChild(item(holding(link(annex.anchor(), annex.title())))));
    detail.appendChild(annexes);
    list.appendChild(detail);
    text.appendChild(list);
  }

  private void add(DocumentPage.Entry entry, BulletList list) {
    Paragraph words = holding(link(entry.anchor(), entry.words()));
    ListItem item = item(words);
    if (entry.important()) {
      words.appendChild(new Text(" · "));
      words.appendChild(strong(told.say(Frame.IMPORTANT)));
    }
    if (!entry.below().isEmpty()) {
      BulletList below = bullets();
      entry.below().forEach(each -> add(each, below));
      item.appendChild(below);
    }
    list.appendChild(item);
  }

  private void add(Annex annex) {
    heading(3, List.of(annex.anchor()), new Text(annex.title()));
    for (Block block : annex.blocks()) {
      switch (block) {
        case Block.Part part -> heading(4, List.of(), new Text(part.heading()));
        case Block.Paragraph paragraph -> paragraph(paragraph.text());
        case Block.Points points -> points(points.points());
        case Block.Table table -> add(table);
      }
    }
  }

  private void add(Block.Table table) {
    TableRow names = new TableRow();
    table.columns().forEach(column -> names.appendChild(cell(true, List.of(Line.of(column)))));
    TableHead head = new TableHead();
    head.appendChild(names);
    TableBody body = new TableBody();
    table.rows().forEach(row -> body.appendChild(row(row)));
    TableBlock block = new TableBlock();
    block.appendChild(head);
    block.appendChild(body);
    text.appendChild(block);
  }

  private TableRow row(Row row) {
    TableRow cells = new TableRow();
    TableCell head = cell(false, row.head());
    row.clause().map(ClauseId::value).ifPresent(clause -> refer(head, clause));
    cells.appendChild(head);
    row.cells().forEach(lines -> cells.appendChild(cell(false, lines)));
    return cells;
  }

  private static void refer(TableCell head, String clause) {
    head.appendChild(new Text(" "));
    head.appendChild(link(clause, clause));
  }

  private TableCell cell(boolean header, List<Line> lines) {
    TableCell cell = new TableCell();
    cell.setHeader(header);
    for (Line line : lines) {
      if (cell.getFirstChild() != null) {
        cell.appendChild(html("<br>"));
      }
      add(line, cell);
    }
    return cell;
  }

  private void add(Line line, Node to) {
    if (!line.lead().isEmpty()) {
      Emphasis lead = new Emphasis("*");
      lead.appendChild(new Text(line.lead()));
      to.appendChild(lead);
      to.appendChild(new Text(told.tongue().colon()));
    }
    to.appendChild(new Text(line.text()));
  }

  private void points(List<Line> lines) {
    BulletList list = bullets();
    for (Line line : lines) {
      Paragraph words = new Paragraph();
      add(line, words);
      list.appendChild(item(words));
    }
    text.appendChild(list);
  }

  private void heading(int level, List<String> anchors, Node words) {
    Heading heading = new Heading();
    heading.setLevel(level);
    anchors.forEach(anchor -> heading.appendChild(html("<a id=\"" + anchor + "\"></a>")));
    if (words instanceof Text) {
      heading.appendChild(words);
    } else {
      SafeMarkdown.moveChildren(words, heading);
    }
    text.appendChild(heading);
  }

  private void paragraph(String words) {
    text.appendChild(holding(new Text(words)));
  }

  private static Paragraph holding(Node words) {
    Paragraph paragraph = new Paragraph();
    paragraph.appendChild(words);
    return paragraph;
  }

  private static BulletList bullets() {
    BulletList list = new BulletList();
    list.setMarker("*");
    list.setTight(true);
    return list;
  }

  private static ListItem item(Paragraph words) {
    ListItem item = new ListItem();
    item.appendChild(words);
    return item;
  }

  private static Link link(String anchor, String words) {
    Link link = new Link("#" + anchor, null);
    link.appendChild(new Text(words));
    return link;
  }

  private static StrongEmphasis strong(String words) {
    StrongEmphasis strong = new StrongEmphasis("**");
    strong.appendChild(new Text(words));
    return strong;
  }

  private static HtmlInline html(String tag) {
    HtmlInline html = new HtmlInline();
    html.setLiteral(tag);
    return html;
  }
}
