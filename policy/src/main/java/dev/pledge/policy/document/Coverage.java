package dev.pledge.policy.document;

import dev.pledge.policy.language.Checked.Sound;
import dev.pledge.policy.language.Clauses;
import dev.pledge.policy.language.Mention;
import dev.pledge.policy.language.Table;
import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.PolicyVersion;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Which clauses are kept, and how that shows: clause by clause the rules that keep it, where the
 * policy's file names it, the passages that explain it, and the tests that fail when it is broken.
 * What is claimed and does not show counts as broken.
 *
 * @param rows every clause of the published document, in its order
 */
public record Coverage(PolicyVersion policy, List<Row> rows) {
  private static final List<List<String>> STATES = Table.rows(Coverage.class, "coverage.txt");
  private static final List<List<String>> TESTS = Table.rows(Coverage.class, "tests.txt");

  public Coverage {
    rows = List.copyOf(rows);
  }

  /** How far a clause is kept. */
  public enum State {
    KEPT,
    /** Not kept, or not all of it, and counted as unkept. */
    PLANNED,
    /** No software can keep it. */
    NONE;

    /** The stable word. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A test that carries the clause. */
  public record Test(String module, String type, String method) {
    @Override
    public String toString() {
      return type + "." + method;
    }
  }

  /**
   * One clause.
   *
   * @param keptBy the rules of the decision, and {@code check} or {@code render}, that keep it
   * @param note of what is planned, what there is and what is missing; why nothing can keep it;
   *     empty for what is kept
   * @param rules where the policy names it; none where it does without
   * @param passages where its notices explain it
   */
  public record Row(
      ClauseId clause,
      String title,
      State state,
      List<String> keptBy,
      String note,
      List<Mention> rules,
      List<Mention> passages,
      List<Test> tests) {
    public Row {
      keptBy = List.copyOf(keptBy);
      rules = List.copyOf(rules);
      passages = List.copyOf(passages);
      tests = List.copyOf(tests);
    }

    /** Whether this policy has anything to do with the clause. */
    public boolean isOfThePolicy() {
      return !passages.isEmpty();
    }

    /** How it stands with this policy: its state, {@code absent} or {@code broken}. */
    public String status() {
      if (state == State.KEPT && !isOfThePolicy()) {
        return "absent";
      }
      return missing().isEmpty() ? state.word() : "broken";
    }

    /** What a clause that is claimed as kept lacks to show it; empty if it lacks nothing. */
    public List<String> missing() {
      if (state != State.KEPT) {
        return List.of();
      }
      return Arrays.asList(
              keptBy.isEmpty() ? "a rule" : "",
              isOfThePolicy() ? "" : "a passage",
              tests.isEmpty() ? "a test" : "")
          .stream()
          .filter(lack -> !lack.isEmpty())
          .toList();
    }
  }

  /** The coverage of a policy by this release. */
  public static Coverage of(Sound policy) {
    return new Coverage(
        policy.policy().version(),
        Clauses.all().stream()
            .map(titled -> row(titled.clause(), titled.title(), policy.mentions()))
            .toList());
  }

  private static Row row(ClauseId clause, String title, List<Mention> mentions) {
    List<String> state =
        STATES.stream()
            .filter(row -> row.getFirst().equals(clause.value()))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no state of clause " + clause));
    return new Row(
        clause,
        title,
        State.valueOf(state.get(1).toUpperCase(Locale.ROOT)),
        cell(state.get(2)).isEmpty() ? List.of() : List.of(cell(state.get(2)).split(", ", -1)),
        cell(state.get(3)),
        mentions(clause, Mention.In.RULES, mentions),
        mentions(clause, Mention.In.NOTICE, mentions),
        tests(clause));
  }

  private static String cell(String text) {
    return text.equals("-") ? "" : text;
  }

  private static List<Mention> mentions(ClauseId clause, Mention.In in, List<Mention> mentions) {
    return mentions.stream()
        .filter(mention -> mention.in() == in && mention.clause().equals(clause))
        .toList();
  }

  private static List<Test> tests(ClauseId clause) {
    return TESTS.stream()
        .filter(row -> row.getFirst().equals(clause.value()))
        .map(row -> new Test(row.get(1), row.get(2), row.get(3)))
        .toList();
  }

  /** The clauses that are kept and show it. */
  public List<Row> kept() {
    return rows.stream().filter(row -> row.status().equals(State.KEPT.word())).toList();
  }

  /** The clauses that are claimed as kept by this policy and do not show it. */
  public List<Row> broken() {
    return rows.stream().filter(row -> row.isOfThePolicy() && !row.missing().isEmpty()).toList();
  }

  /** How many rows are in that state. */
  public long count(State state) {
    return rows.stream().filter(row -> row.state() == state).count();
  }

  /** The part of the rules that a mention names, as words of a page. */
  static String words(Mention mention) {
    return mention.by().replace("`", "");
  }

  /** The page, in English; it stands by itself. */
  public String page() {
    return Html.of(
        (out, none) -> JtecoverageGenerated.render(out, none, this, Style.inside("coverage.css")));
  }
}
