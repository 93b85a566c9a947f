package dev.pledge.policy.language;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Checks the inputs that take most, each as large as a file may be, and names each once it is done.
 * Run in a JVM of its own, whose memory is the bound.
 */
final class WorstInputs {
  private static final int MAX = SourceText.MAX_BYTES;

  /** Of terms of products, as many as fit into 8 MiB. */
  private static final int FILES = 8;

  private static final String BESIDE_A_WIDE_POLICY = "terms of a wide list beside a wide policy";

  private WorstInputs() {}

  /** Writes what is checked to the directory, one after the other. */
  public static void main(String[] arguments) throws IOException {
    Path directory = Path.of(arguments[0]);
    for (Map.Entry<String, String> policy : policies().entrySet()) {
      Files.writeString(directory.resolve("policy.yaml"), policy.getValue());
      check(directory, policy.getKey());
    }
    checkOwnTerms(directory);
    Files.writeString(directory.resolve("policy.yaml"), Cases.smallPolicy());
    for (Map.Entry<String, String> notice : notices().entrySet()) {
      Files.writeString(directory.resolve("notice.en.md"), notice.getValue());
      check(directory, notice.getKey());
    }
    for (int i = 0; i < 100; i++) {
      String language = "" + (char) ('a' + i / 26) + (char) ('a' + i % 26);
      Files.writeString(
          directory.resolve(PolicySource.noticeFile(language)),
          filled("# \u00E9\n", "## a {#0.1}\n", ""));
      Files.writeString(
          directory.resolve(PolicySource.labelsFile(language)), filled("a: [", "a,", "]"));
    }
    check(directory, "a hundred notices and labels");
  }

  /**
   * As many files of a product's own terms as there is room for, all of them as large as can be.
   */
  private static void checkOwnTerms(Path directory) throws IOException {
    List<String> files = IntStream.range(0, FILES).mapToObj(i -> "own" + i + ".yaml").toList();
    for (Map.Entry<String, String> terms : ownTerms().entrySet()) {
      String rest = terms.getKey().equals(BESIDE_A_WIDE_POLICY) ? wide() : "";
      Files.writeString(
          directory.resolve("policy.yaml"), withTerms(Cases.smallPolicy() + rest, files));
      for (String file : files) {
        Files.writeString(directory.resolve(file), terms.getValue());
      }
      check(directory, terms.getKey());
    }
    for (String file : files) {
      Files.delete(directory.resolve(file));
    }
  }

  /** The policy with a product for each of the files. */
  static String withTerms(String policy, List<String> files) {
    StringBuilder products = new StringBuilder("products: { shop: {}");
    for (int i = 0; i < files.size(); i++) {
      products
          .append(", shop")
          .append(i)
          .append(": { override: ")
          .append(files.get(i))
          .append(" }");
    }
    return policy.replace("products: { shop: {}", products);
  }

  private static void check(Path directory, String what) {
    Checked checked = PolicyCheck.check(PolicySource.directory(directory));
    Promises.hold(checked, what);
    System.out.println(what + ": " + checked.problems().size() + " problems");
  }

  static Map<String, String> policies() {
    Map<String, String> worst = new LinkedHashMap<>();
    worst.put("brackets in brackets", filled("a: ", "[", ""));
    worst.put("braces in braces", filled("a: ", "{a: ", ""));
    worst.put("dashes in dashes", filled("", "- ", ""));
    worst.put("blocks in blocks", indented());
    worst.put("a wide list", filled("a: [", "a,", "]"));
    worst.put("a wide block list", filled("a:\n", "- a\n", ""));
    worst.put("a wide list of lists", filled("a: [", "[],", "]"));
    worst.put("a wide list of mappings", filled("a: [", "{},", "]"));
    worst.put("a wide list of pairs", filled("a: [", "a:,", "]"));
    worst.put("a list of empty pairs", filled("a: [", "? ,", "]"));
    worst.put("a wide mapping", filled("a: {", "a,", "}"));
    worst.put("many different keys", numbered("", "k%d: 1\n"));
    worst.put("many different keys in braces", numbered("a: {", "%d,"));
    worst.put("keys that look alike", numbered("", "purp\u043Eses%d: {}\n"));
    worst.put("empty complex keys", filled("", "?\n", ""));
    worst.put("a long word", filled("id: ", "x", "\n"));
    worst.put("a long key", filled("", "x", ": 1\n"));
    worst.put("a long quoted word", filled("id: \"", "\\x41", "\"\n"));
    worst.put("a long word of emojis", filled("id: ", "\uD83D\uDE00", "\n"));
    worst.put("a folded word of many lines", filled("id: a\n", " a\n", ""));
    worst.put("a literal word of many lines", filled("id: |\n", " a\n", ""));
    worst.put("many empty lines", filled("", "\n", ""));
    worst.put("many comments", filled("", "#\n", ""));
    worst.put("anchors and aliases", numbered("a: &a [x]\n", "b%1$d: &b%1$d [*a, *a]\n"));
    worst.put("an alias bomb", bomb());
    worst.put("tags", numbered("", "k%d: !!binary x\n"));
    worst.put("documents", filled("a: 1\n", "---\na: 1\n", ""));
    worst.put("directives", filled("", "%TAG ! !\n", "---\n"));
    worst.put("invisible characters", filled("id: ", "\u200B", "\n"));
    worst.put("long lines with many problems", filled("a: {", "\"\": 1, \t", "}"));
    worst.put("many unknown fields", Cases.smallPolicy().replace("[contact, log]", unknown()));
    worst.put("many consideration keys", numbered("", "k%d: { consideration: sale }\n"));
    return worst;
  }

  static Map<String, String> ownTerms() {
    Map<String, String> worst = new LinkedHashMap<>();
    worst.put("terms of deep brackets", filled("purposes: ", "[", ""));
    worst.put("terms of wide lists", filled("a: [", "a,", "]"));
    worst.put(BESIDE_A_WIDE_POLICY, wide());
    worst.put("terms of many purposes", numbered("purposes:\n", "  p%d: none\n"));
    worst.put("terms of many empty retentions", filled("retention: [", "{},", "]"));
    worst.put("terms of one retention of many fields", retention("contct.f%d,"));
    worst.put("terms of one retention of repeated fields", retention("contact.email,"));
    worst.put("terms of many keys", numbered("purposes:\n  maps:\n", "    usess%d: 1\n"));
    worst.put("terms of keys twice", filled("pooling: never\n", "pooling: never\n", ""));
    worst.put("terms of keys that look alike", numbered("", "purp\u043Eses%d: {}\n"));
    worst.put("terms of an alias bomb", bomb());
    return worst;
  }

  /** About as many parts as a tree may have. */
  private static String wide() {
    return "a: [" + "a:,".repeat(YamlTree.MAX_PARTS / 3 - 500) + "]\n";
  }

  private static String retention(String field) {
    return numbered("retention:\n  - { of: [", field)
        + "], keep: P9D, from: closing, then: delete }\n";
  }

  static Map<String, String> notices() {
    Map<String, String> worst = new LinkedHashMap<>();
    worst.put("many headings", filled("# T\n", "# a {#0.1}\n", ""));
    worst.put("one heading of many marks", filled("# T {", "#0.1 ", "}\n"));
    worst.put("one heading of open braces", filled("# T ", "{#", "\n"));
    worst.put("one heading of blanks", filled("# T {#0.1", "\t ", "\n"));
    worst.put("many fences", filled("# T\n", "```\n~~~\n", ""));
    worst.put("many empty lines of a notice", filled("# T {#0.1}\n", "\n", ""));
    worst.put("one long line", filled("# T {#0.1}\n", "\u5B57", ""));
    return worst;
  }

  /** As much of the middle as fits. */
  private static String filled(String start, String middle, String end) {
    int room = MAX - start.getBytes(UTF_8).length - end.getBytes(UTF_8).length;
    return start + middle.repeat(room / middle.getBytes(UTF_8).length) + end;
  }

  private static String numbered(String start, String format) {
    StringBuilder text = new StringBuilder(start);
    int bytes = start.length();
    for (int i = 0; bytes < MAX - 64; i++) {
      String next = format.replace("%1$d", String.valueOf(i)).replace("%d", String.valueOf(i));
      bytes += next.getBytes(UTF_8).length;
      text.append(next);
    }
    return text.toString();
  }

  private static String indented() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; text.length() < MAX - 2_000; i++) {
      text.append(" ".repeat(i)).append("a:\n");
    }
    return text.toString();
  }

  private static String bomb() {
    StringBuilder text = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; text.length() < MAX - 100; i++) {
      text.append("a%1$s: &a%1$s [*a%2$s, *a%2$s]\n".formatted(i, i - 1));
    }
    return text.toString();
  }

  private static String unknown() {
    return "[contact" + numbered("", ", contct.f%d").substring(0, MAX - 4_096) + "]";
  }
}
