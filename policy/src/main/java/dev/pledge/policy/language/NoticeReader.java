package dev.pledge.policy.language;

import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.language.Notice.Passage;
import dev.pledge.policy.names.ClauseId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the words for people. A heading line may end with the clauses its passage explains and
 * {@code .important}: {@code ## Promotion {#II.I.5 .important}}. A passage goes to the next
 * heading.
 */
final class NoticeReader {
  private static final Pattern HEADING = Pattern.compile(" {0,3}(#{1,6})[ \\t]+(\\S.*)");
  private static final Pattern MARK = Pattern.compile("\\{[ \\t]*([#.][^{}]*)\\}[ \\t]*$");
  private static final Pattern FENCE = Pattern.compile(" {0,3}(```|~~~).*");
  private static final Pattern SPACES = Pattern.compile("[ \\t]+");
  private static final String REMARK = "<!--";
  private static final String REMARK_END = "-->";

  private final SourceText source;
  private final String language;
  private final Problems problems;
  private final List<Passage> passages = new ArrayList<>();
  private final Map<ClauseId, Mark> marks = new LinkedHashMap<>();
  private int unreadMarks;
  private final StringBuilder beforeTitle = new StringBuilder();
  private Optional<Open> open = Optional.empty();

  /** Where a clause is explained, under which heading, and whether the passage stands out. */
  record Mark(Scalar at, String heading, boolean important) {}

  /**
   * A notice and where it explains which clause.
   *
   * @param unreadMarks how many marks are of clauses that nobody knows, or that another mark names
   */
  record Read(SourceText source, Notice notice, Map<ClauseId, Mark> marks, int unreadMarks) {
    List<Mention> mentions() {
      return marks.entrySet().stream()
          .map(
              mark ->
                  Mention.inNotice(mark.getKey(), mark.getValue().heading(), mark.getValue().at()))
          .toList();
    }
  }

  /** A passage whose end has not been reached. */
  private record Open(
      int level, Scalar heading, List<ClauseId> clauses, boolean important, StringBuilder text) {}

  private NoticeReader(SourceText source, String language, Problems problems) {
    this.source = source;
    this.language = language;
    this.problems = problems;
  }

  static Read read(SourceText source, String language, Problems problems) {
    return new NoticeReader(source, language, problems).readAll();
  }

  private Read readAll() {
    Optional<String> fence = Optional.empty();
    for (int number = 1; number <= source.lines().size(); number++) {
      String line = source.line(number);
      Matcher fenced = FENCE.matcher(line);
      Matcher heading = HEADING.matcher(line);
      if (fenced.matches() && fence.map(fenced.group(1)::equals).orElse(true)) {
        fence = fence.isPresent() ? Optional.empty() : Optional.of(fenced.group(1));
        text(line);
      } else if (fence.isEmpty() && heading.matches()) {
        heading(number, heading);
      } else {
        if (fence.isEmpty()) {
          astray(number, line);
        }
        text(line);
      }
    }
    close();
    if (passages.isEmpty() || passages.getFirst().level() != 1) {
      problems.error(
          source.start(), "", "the notice has no title", "begin it with a line `# Title`");
    }
    return new Read(source, new Notice(language, passages, source.text()), marks, unreadMarks);
  }

  private void text(String line) {
    open.map(Open::text).orElse(beforeTitle).append(line).append('\n');
  }

  private void heading(int number, Matcher heading) {
    close();
    String line = heading.group(2).strip();
    Matcher mark = MARK.matcher(line);
    boolean marked = mark.find();
    String shown = (marked ? line.substring(0, mark.start()) : line).strip();
    Place at = new Place(source, number, column(heading.group(), heading.start(2)));
    if (shown.isEmpty()) {
      problems.error(at, line, "a heading without words", "name the passage before its mark");
    }
    int level = heading.group(1).length();
    Scalar words = new Scalar(at, shown, true);
    if (marked) {
      int from = column(heading.group(), heading.start(2) + mark.start(1));
      begin(level, words, new Place(source, number, from), mark.group(1));
      return;
    }
    begin(level, words, List.of(), false);
    BrokenMark broken = BrokenMark.in(heading.group());
    if (broken.isThere()) {
      broken(
          number,
          heading.group(),
          broken,
          "a mark that cannot be read",
          "end the heading with `" + broken.repaired() + "`, and nothing after it");
    }
  }

  /** A mark in a line that is no heading explains nothing. */
  private void astray(int number, String line) {
    BrokenMark broken = BrokenMark.in(line);
    if (broken.isThere() && line.contains("{")) {
      broken(
          number,
          line,
          broken,
          "a mark that stands on no heading",
          "write the line as `## Words " + broken.repaired() + "`, with a space after the `#`");
    }
  }

  /** Reports a mark that is none, once, and takes what it names for marked. */
  private void broken(int number, String line, BrokenMark broken, String complaint, String remedy) {
    Scalar at =
        new Scalar(
            new Place(source, number, column(line, broken.start())),
            line.substring(broken.start()),
            true);
    problems.error(at, complaint, remedy);
    Mark mark = new Mark(at, "", broken.important());
    broken.clauses().forEach(clause -> marks.putIfAbsent(clause, mark));
  }

  private static int column(String line, int offset) {
    return line.codePointCount(0, offset) + 1;
  }

  private void begin(int level, Scalar heading, Place at, String mark) {
    List<String> words = List.of(SPACES.split(mark.strip(), -1));
    boolean important = words.stream().anyMatch(word -> word.startsWith("."));
    List<ClauseId> clauses = new ArrayList<>();
    int column = at.column();
    for (String word : words) {
      Scalar place = new Scalar(new Place(source, at.line(), column), word, true);
      clause(place, heading.text(), important).ifPresent(clauses::add);
      column += word.codePointCount(0, word.length()) + 1;
    }
    begin(level, heading, clauses, important);
  }

  private void begin(int level, Scalar heading, List<ClauseId> clauses, boolean important) {
    StringBuilder text = passages.isEmpty() ? beforeTitle : new StringBuilder();
    open = Optional.of(new Open(level, heading, clauses, important, text));
  }

  private Optional<ClauseId> clause(Scalar word, String heading, boolean important) {
    if (word.text().equals(".important")) {
      return Optional.empty();
    }
    if (!word.text().startsWith("#")) {
      problems.error(
          word,
          "unknown mark " + Quoted.of(word.text()),
          "write clauses as `#II.I.5`, and `.important` where a passage must stand out");
      unreadMarks += word.text().startsWith(".") ? 0 : 1;
      return Optional.empty();
    }
    Scalar name = new Scalar(word.place(), word.text().substring(1), true);
    if (!Clauses.known().contains(name.text())) {
      problems.unknown(name, "clause", "the notice", Clauses.known());
      unreadMarks++;
      return Optional.empty();
    }
    ClauseId clause = new ClauseId(name.text());
    if (marks.putIfAbsent(clause, new Mark(name, heading, important)) != null) {
      unreadMarks++;
      problems.error(
          name,
          "clause `" + clause + "` has two passages in this notice",
          "keep its mark on one of them");
    }
    return Optional.of(clause);
  }

  private void close() {
    if (open.isEmpty()) {
      return;
    }
    Open passage = open.get();
    String text = passage.text().toString().strip();
    if (saysNothing(text) && (passage.important() || !passage.clauses().isEmpty())) {
      problems.error(
          passage.heading(),
          "the passage " + Quoted.of(passage.heading().text()) + " says nothing",
          "write its words under the heading");
    }
    passages.add(
        new Passage(
            passage.level(),
            passage.clauses(),
            passage.heading().text(),
            passage.important(),
            text));
    open = Optional.empty();
  }

  /** Whether nothing is left for people to read once remarks in HTML are taken away. */
  private static boolean saysNothing(String text) {
    int at = 0;
    while (at < text.length()) {
      if (text.startsWith(REMARK, at)) {
        int end = text.indexOf(REMARK_END, at + REMARK.length());
        at = end < 0 ? text.length() : end + REMARK_END.length();
      } else if (Character.isLetterOrDigit(text.codePointAt(at))) {
        return false;
      } else {
        at += Character.charCount(text.codePointAt(at));
      }
    }
    return true;
  }
}
