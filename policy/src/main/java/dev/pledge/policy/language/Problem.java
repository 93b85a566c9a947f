package dev.pledge.policy.language;

import java.util.Comparator;
import java.util.OptionalInt;

/**
 * Something in a policy's files that must be changed, or looked at: where it is, what it is, and
 * what to write instead. Ordered by file, the policy first, and place.
 *
 * @param line counted from 1
 * @param column counted from 1, in Unicode code points
 * @param excerpt the offending text, shortened, control characters made visible; empty when
 *     something is missing
 * @param message what is wrong: lower case, no full stop
 * @param remedy what to write instead, in the same form or as a question
 * @param sourceLine the line it stands on, for showing
 */
public record Problem(
    Severity severity,
    String file,
    int line,
    int column,
    String excerpt,
    String message,
    String remedy,
    String sourceLine)
    implements Comparable<Problem> {

  /** Whether a problem keeps the policy from being used. */
  public enum Severity {
    /** The policy is not used. */
    ERROR,
    /** The policy can be used; it probably does not say what its author meant. */
    WARNING
  }

  private static final int SHOWN = 100;

  private static final Comparator<Problem> ORDER =
      Comparator.comparing((Problem problem) -> !problem.file().equals(PolicySource.POLICY))
          .thenComparing(Problem::file)
          .thenComparingInt(Problem::line)
          .thenComparingInt(Problem::column)
          .thenComparing(Problem::severity)
          .thenComparing(Problem::message)
          .thenComparing(Problem::remedy)
          .thenComparing(Problem::excerpt);

  /** Whether {@code other}, of the same files, is about the same mistake. */
  boolean isToldBy(Problem other) {
    boolean samePlace =
        file.equals(other.file)
            && file.equals(PolicySource.POLICY)
            && line == other.line
            && column == other.column;
    return samePlace || (message.equals(other.message) && remedy.equals(other.remedy));
  }

  /** The same as a consequence of what stands in {@code terms}, on that line if it is known. */
  Problem becauseOf(String terms, OptionalInt line) {
    String cause =
        line.isPresent() ? "line " + line.getAsInt() + " of `" + terms + "`" : "`" + terms + "`";
    return new Problem(
        severity,
        file,
        this.line,
        column,
        excerpt,
        message + ", with " + (line.isPresent() ? "" : "the terms in ") + cause,
        "change " + cause + ", or " + remedy,
        sourceLine);
  }

  @Override
  public int compareTo(Problem other) {
    return ORDER.compare(this, other);
  }

  /** One line: place, message and remedy. */
  @Override
  public String toString() {
    String kind = severity == Severity.WARNING ? "warning: " : "";
    return file + ":" + line + ":" + column + ": " + kind + message + "; " + remedy;
  }

  /** Three lines: place, message and remedy; the source line; a caret under the place. */
  public String pretty() {
    int length = sourceLine.codePointCount(0, sourceLine.length());
    int at = Math.min(column - 1, length);
    int from = length <= SHOWN ? 0 : Math.max(0, at - SHOWN / 2);
    int start = sourceLine.offsetByCodePoints(0, from);
    int end = sourceLine.offsetByCodePoints(start, Math.min(length - from, SHOWN));
    int[] points = sourceLine.substring(start, end).codePoints().toArray();
    StringBuilder shown = new StringBuilder(toString()).append("\n    ");
    for (int point : points) {
      shown.append(Quoted.visible(point));
    }
    shown.append("\n    ");
    for (int i = 0; i < at - from; i++) {
      shown.append(space(points[i]));
    }
    return shown.append('^').toString();
  }

  /**
   * Blank text as wide as the character is when shown, so that the caret stands under its place.
   */
  private static String space(int point) {
    if (point == '\t') {
      return "\t";
    }
    boolean wide = Character.isIdeographic(point) || (point >= 0x3000 && point <= 0x30FF);
    return (wide ? "  " : " ")
        .repeat(Quoted.visible(point).codePointCount(0, Quoted.visible(point).length()));
  }
}
