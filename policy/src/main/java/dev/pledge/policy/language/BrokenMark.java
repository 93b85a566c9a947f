package dev.pledge.policy.language;

import dev.pledge.policy.names.ClauseId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What was meant to say which clauses a passage explains and does not have the form of a mark: a
 * brace is missing or one too many, words follow it, or it stands on no heading.
 *
 * @param start where in the line it begins
 * @param clauses the clauses it names
 */
record BrokenMark(int start, List<ClauseId> clauses, boolean important) {
  private static final BrokenMark NONE = new BrokenMark(-1, List.of(), false);
  private static final Pattern WORD = Pattern.compile("[^\\s{}()\\[\\],;]+");

  /** The mark that {@code line} seems to have. */
  static BrokenMark in(String line) {
    int brace = line.indexOf('{');
    boolean braces = brace >= 0 || line.indexOf('}') >= 0;
    Set<ClauseId> clauses = new LinkedHashSet<>();
    boolean important = false;
    int start = brace;
    Matcher words = WORD.matcher(line);
    while (words.find()) {
      String word = words.group();
      boolean hash = word.startsWith("#");
      String name = hash ? word.substring(1) : word;
      if (words.start() > brace && (hash || braces) && Clauses.known().contains(name)) {
        clauses.add(new ClauseId(name));
        start = start < 0 ? words.start() : start;
      }
      important |= word.equals(".important");
    }
    return clauses.isEmpty() ? NONE : new BrokenMark(start, new ArrayList<>(clauses), important);
  }

  boolean isThere() {
    return !clauses.isEmpty();
  }

  /** The mark that was meant. */
  String repaired() {
    StringBuilder mark = new StringBuilder("{");
    clauses.forEach(clause -> mark.append('#').append(clause).append(' '));
    return (important ? mark.append(".important") : mark).toString().strip() + "}";
  }
}
