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

  private final SourceText source;
  private final String language;
  private final Problems problems;
  private final List<Passage> passages = new ArrayList<>();
  private final Map<ClauseId, Mark> marks = new LinkedHashMap<>();
  private final StringBuilder beforeTitle = new StringBuilder();
  private Optional<Open> open = Optional.empty();

  /** Where a clause is explained, under which heading, and whether the passage stands out. */
  record Mark(Scalar at, String heading, boolean important) {}

  /** A notice and where it explains which clause. */
  record Read(SourceText source, Notice notice, Map<ClauseId, Mark> marks) {
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
        text(line);
      }
    }
    close();
    if (passages.isEmpty() || passages.getFirst().level() != 1) {
      problems.error(
          source.start(), "", "the notice has no title", "begin it with a line `# Title`");
    }
    return new Read(source, new Notice(language, passages, source.text()), marks);
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
    Place at = new Place(source, number, column(heading, heading.start(2)));
    if (shown.isEmpty()) {
      problems.error(at, line, "a heading without words", "name the passage before its mark");
    }
    int level = heading.group(1).length();
    Scalar words = new Scalar(at, shown, true);
    if (marked) {
      int from = column(heading, heading.start(2) + mark.start(1));
      begin(level, words, new Place(source, number, from), mark.group(1));
    } else {
      begin(level, words, List.of(), false);
    }
  }

  private static int column(Matcher line, int offset) {
    String whole = line.group();
    return whole.codePointCount(0, offset) + 1;
  }

  private void begin(int level, Scalar heading, Place at, String mark) {
    List<String> words = List.of(SPACES.split(mark.strip(), -1));
    boolean important = words.contains(".important");
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
      return Optional.empty();
    }
    Scalar name = new Scalar(word.place(), word.text().substring(1), true);
    if (!Clauses.known().contains(name.text())) {
      problems.unknown(name, "clause", "the notice", Clauses.known());
      return Optional.empty();
    }
    ClauseId clause = new ClauseId(name.text());
    if (marks.putIfAbsent(clause, new Mark(name, heading, important)) != null) {
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
    if (text.isEmpty() && (passage.important() || !passage.clauses().isEmpty())) {
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
}
