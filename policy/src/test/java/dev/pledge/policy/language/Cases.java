package dev.pledge.policy.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A small sound policy, and changes to it with the problems they must give. */
final class Cases {
  private Cases() {}

  /**
   * One change: the replacements, what stands in {@code shop.yaml} if there is such a file, and the
   * problems expected, as {@link Problem#toString}.
   */
  record Case(String name, List<Edit> edits, Map<String, String> ownTerms, List<String> problems) {
    @Override
    public String toString() {
      return name;
    }

    Checked check() {
      String notice = policy().contains("override: ") ? noticeOfOwnTerms() : smallNotice();
      return PolicyCheck.check(PolicySource.of(policy(), Map.of("en", notice), Map.of(), ownTerms));
    }

    String policy() {
      String policy = smallPolicy();
      for (Edit edit : edits) {
        assertThat(policy.split(Pattern.quote(edit.from()), -1))
            .as("`%s` occurs once", edit.from())
            .hasSize(2);
        policy = policy.replace(edit.from(), edit.to());
      }
      return policy;
    }
  }

  record Edit(String from, String to) {}

  static String smallPolicy() {
    return resource("small.yaml");
  }

  static String smallNotice() {
    return resource("small.md");
  }

  /** The notice of a policy in which a product has terms of its own. */
  static String noticeOfOwnTerms() {
    return smallNotice() + "\n## Single products {#VIII.1}\n\nThe shop has rules of its own.\n";
  }

  /** Sound terms of one of several products. */
  static String smallTerms() {
    return """
    purposes:
      promotion: { view: masked }
      maps: none
      gifts: { clause: II.I.2, basis: contract, uses: [contact.phone] }
    roles:
      agent: { purposes: [authentication, rescue, gifts], sees: clear }
    recipients:
      cloud: { fields: [contact.email] }
    retention:
      - { of: [place], keep: P3D, from: collection, then: delete }
    pooling: with-authorisation
    """;
  }

  static Checked check(String policy) {
    return PolicyCheck.check(PolicySource.of(policy, Map.of("en", smallNotice())));
  }

  static List<String> problems(String policy) {
    return problems(check(policy));
  }

  static List<String> problems(Checked checked) {
    return checked.problems().stream().map(Problem::toString).toList();
  }

  /**
   * The cases of {@code problems.txt}: `##` name, `-` from, `+` to, `=` a line of {@code
   * shop.yaml}, `>` problem.
   */
  static List<Case> all() {
    List<Case> cases = new ArrayList<>();
    for (String part : resource("problems.txt").split("(?m)^## ", -1)) {
      List<String> lines = part.lines().filter(line -> !line.startsWith("# ")).toList();
      if (!part.startsWith("#")) {
        List<String> own = marked(lines, "=");
        Map<String, String> ownTerms =
            own.isEmpty() ? Map.of() : Map.of("shop.yaml", String.join("\n", own));
        List<String> edited = lines.stream().filter(line -> !line.startsWith("=")).toList();
        cases.add(new Case(lines.getFirst(), edits(edited), ownTerms, marked(lines, "> ")));
      }
    }
    return cases;
  }

  private static List<Edit> edits(List<String> lines) {
    List<Edit> edits = new ArrayList<>();
    List<String> block = new ArrayList<>();
    for (String line : lines) {
      boolean newBlock = line.startsWith("-") && block.stream().anyMatch(l -> l.startsWith("+"));
      if (newBlock) {
        edits.add(edit(block));
        block = new ArrayList<>();
      }
      block.add(line);
    }
    edits.add(edit(block));
    return edits;
  }

  private static Edit edit(List<String> block) {
    return new Edit(String.join("\n", marked(block, "-")), String.join("\n", marked(block, "+")));
  }

  private static List<String> marked(List<String> lines, String mark) {
    return lines.stream()
        .filter(line -> line.startsWith(mark))
        .map(line -> line.substring(mark.length()))
        .toList();
  }

  static String resource(String name) {
    try (InputStream in = Cases.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
