package dev.pledge.policy.document;

import dev.pledge.policy.document.Annex.Line;
import dev.pledge.policy.document.PolicyDocument.Section;
import dev.pledge.policy.document.PolicyDocument.Translation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A document as its template asks for it. */
final class DocumentPage {
  private final PolicyDocument document;
  private final List<Translation> translations;

  DocumentPage(PolicyDocument document, List<Translation> translations) {
    this.document = document;
    this.translations = List.copyOf(translations);
  }

  List<Translation> translations() {
    return translations;
  }

  /** A line of the table of contents, with those below it. */
  record Entry(String anchor, String words, boolean important, List<Entry> below) {}

  String language() {
    return document.language();
  }

  /** The language of what is made from the rules, or null where it is that of the page. */
  @Nullable String madeIn() {
    Tongue tongue = document.told().tongue();
    return tongue.is(document.language()) ? null : tongue.tag();
  }

  String title() {
    return SafeMarkdown.plain(document.notice().title());
  }

  String titleHtml() {
    return SafeMarkdown.htmlOfWords(document.notice().title());
  }

  String say(Phrase phrase, Object... values) {
    return document.told().say(phrase, values);
  }

  String colon() {
    return document.told().tongue().colon();
  }

  List<Line> facts() {
    return Frame.facts(document.told());
  }

  Section introduction() {
    return document.sections().getFirst();
  }

  List<Section> sections() {
    return document.sections().subList(1, document.sections().size());
  }

  List<Section> important() {
    return document.sections().stream().filter(each -> each.passage().important()).toList();
  }

  List<Annex> annexes() {
    return document.annexes();
  }

  /** The tag of its heading; templates cannot compute one. */
  static String openHeading(Section section) {
    return "<h" + section.level() + ">";
  }

  static String closeHeading(Section section) {
    return "</h" + section.level() + ">";
  }

  /** What stands between the tags of a heading. */
  static String words(Section section) {
    return SafeMarkdown.htmlOfWords(section.passage().heading());
  }

  static String plain(Section section) {
    return SafeMarkdown.plain(section.passage().heading());
  }

  static String text(Section section) {
    return SafeMarkdown.html(section.passage().text());
  }

  /** The clauses a section explains; its anchors, unless it explains none. */
  static List<String> clauses(Section section) {
    return section.passage().clauses().isEmpty() ? List.of() : section.anchors();
  }

  /** The parts of the notice; those of lower headings stand below those of the highest. */
  List<Entry> contents() {
    List<Entry> entries = new ArrayList<>();
    for (Section section : sections()) {
      Entry entry =
          new Entry(
              section.anchor(), plain(section), section.passage().important(), new ArrayList<>());
      if (section.level() > 2) {
        entries.getLast().below().add(entry);
      } else {
        entries.add(entry);
      }
    }
    return entries;
  }
}
