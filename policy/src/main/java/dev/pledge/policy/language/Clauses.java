package dev.pledge.policy.language;

import dev.pledge.policy.names.ClauseId;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The clauses a policy may name and which of its parts may name them, those every policy keeps
 * whatever it declares, and those whose passages must stand out.
 */
public final class Clauses {
  private static final int CLAUSE = 0;
  private static final int KEPT = 1;
  private static final int BY = 2;
  private static final int LIMITS = 3;
  private static final int TITLE = 4;

  private static final List<List<String>> ROWS = Table.rows(Table.class, "clauses.txt");
  private static final Set<String> KNOWN = ids(_ -> true);
  private static final Set<String> ALWAYS = ids(row -> row.get(KEPT).equals("always"));
  private static final Set<String> LIMITING = ids(row -> row.get(LIMITS).equals("yes"));

  private Clauses() {}

  /** The parts of a policy that name a clause. */
  enum Part {
    CATEGORY,
    PURPOSE,
    SOURCE,
    RECIPIENT
  }

  /** A clause of the published document, and what it is called. */
  public record Titled(ClauseId clause, String title) {}

  /** All of them, in the order of the document. */
  public static List<Titled> all() {
    return ROWS.stream()
        .map(row -> new Titled(new ClauseId(row.get(CLAUSE)), row.get(TITLE)))
        .toList();
  }

  /** What a known clause is called. */
  static String title(String clause) {
    return ROWS.stream()
        .filter(row -> row.get(CLAUSE).equals(clause))
        .map(row -> row.get(TITLE))
        .findFirst()
        .orElseThrow();
  }

  static Set<String> known() {
    return KNOWN;
  }

  static Set<String> always() {
    return ALWAYS;
  }

  /** The clauses a part can be about. */
  static Set<String> of(Part part) {
    return ids(row -> Arrays.asList(row.get(BY).split(" ", -1)).contains(Vocabulary.word(part)));
  }

  /** Whether the passage of a clause tells people what they cannot do or ask for (0.3). */
  static boolean limitsRights(ClauseId clause) {
    return LIMITING.contains(clause.value());
  }

  private static Set<String> ids(Predicate<List<String>> row) {
    Set<String> ids = new LinkedHashSet<>();
    ROWS.stream().filter(row).forEach(r -> ids.add(new ClauseId(r.get(CLAUSE)).value()));
    return Collections.unmodifiableSet(ids);
  }
}
