package dev.pledge.policy.language;

import dev.pledge.policy.names.ClauseId;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The clauses a policy may name, and those every policy keeps whatever it declares. */
public final class Clauses {
  private static final List<List<String>> ROWS = Table.rows(Table.class, "clauses.txt");
  private static final Set<String> KNOWN = ids(List.of("always", "declared"));
  private static final Set<String> ALWAYS = ids(List.of("always"));

  private Clauses() {}

  /** A clause of the published document, and what it is called. */
  public record Titled(ClauseId clause, String title) {}

  /** All of them, in the order of the document. */
  public static List<Titled> all() {
    return ROWS.stream().map(row -> new Titled(new ClauseId(row.get(0)), row.get(2))).toList();
  }

  static Set<String> known() {
    return KNOWN;
  }

  static Set<String> always() {
    return ALWAYS;
  }

  private static Set<String> ids(List<String> kept) {
    Set<String> ids = new TreeSet<>();
    ROWS.stream()
        .filter(row -> kept.contains(row.get(1)))
        .forEach(row -> ids.add(new ClauseId(row.get(0)).value()));
    return Collections.unmodifiableSet(ids);
  }
}
