package dev.pledge.policy.language;

import dev.pledge.policy.names.ClauseId;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

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

  /** The keys that keep clauses which no part names. */
  private static final Map<String, String> KEPT_BY =
      Map.ofEntries(
          Map.entry("0.2", "revision: { … }"),
          Map.entry("IX.1", "revision: { … }"),
          Map.entry("III.I.1", "recipients: { … }"),
          Map.entry("III.I.4", "agreement: { … }"),
          Map.entry("III.II.1", "transfer: asks-anew"),
          Map.entry("III.III.1", "publication: never"),
          Map.entry("II.II.2", "view: de-identified"),
          Map.entry("IV.7", "incidents: { … }"),
          Map.entry("V.3", "closing-within: …"),
          Map.entry("V.4", "answer-within: …"),
          Map.entry("V.5", "complaints-within: …"),
          Map.entry("VII.1", "outside-causes: [shared-password]"),
          Map.entry("VII.2", "outside-causes: [force-majeure]"),
          Map.entry("VII.3", "outside-causes: [other-site]"),
          Map.entry("VII.4", "outside-causes: [other-outside]"),
          Map.entry("VIII.2", "acts-as: controller"),
          Map.entry("VIII.4", "companies: { … }"));

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

  /** What keeps a clause that not every policy keeps. */
  static String keptBy(ClauseId clause) {
    boolean named = Stream.of(Part.values()).anyMatch(part -> of(part).contains(clause.value()));
    return Optional.ofNullable(KEPT_BY.get(clause.value()))
        .map(key -> "`" + key + "`")
        .orElse(
            named ? "`clause: " + clause + "` on the part that keeps it" : "a rule that keeps it");
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
