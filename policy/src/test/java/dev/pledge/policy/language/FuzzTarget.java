package dev.pledge.policy.language;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pledge.policy.language.Node.Entry;
import dev.pledge.policy.language.Node.Mapping;
import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.language.Node.Sequence;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is fuzzed: each takes any bytes, and throws only if something is promised in vain. */
enum FuzzTarget {
  /**
   * The check of a policy, its notice and its labels in English, and the terms of a product in
   * {@value #OWN}, with a zero byte between them.
   */
  CHECK,
  /** The terms of products, up to two files with a zero byte between them, over a sound policy. */
  OWN_TERMS,
  /** The tree of a policy file. */
  TREE;

  /** The file by which a fuzzed policy can name the terms of a product. */
  static final String OWN = "own.yaml";

  /** The class by which Jazzer calls it. */
  Class<?> entry() {
    return switch (this) {
      case CHECK -> Check.class;
      case OWN_TERMS -> OwnTerms.class;
      case TREE -> Tree.class;
    };
  }

  void run(byte[] input) {
    switch (this) {
      case CHECK -> check(input);
      case OWN_TERMS -> ownTerms(input);
      case TREE -> tree(input);
    }
  }

  /** Jazzer's way in to {@link #CHECK}. */
  public static final class Check {
    private Check() {}

    public static void fuzzerTestOneInput(byte[] input) {
      CHECK.run(input);
    }
  }

  /** Jazzer's way in to {@link #OWN_TERMS}. */
  public static final class OwnTerms {
    private OwnTerms() {}

    public static void fuzzerTestOneInput(byte[] input) {
      OWN_TERMS.run(input);
    }
  }

  /** Jazzer's way in to {@link #TREE}. */
  public static final class Tree {
    private Tree() {}

    public static void fuzzerTestOneInput(byte[] input) {
      TREE.run(input);
    }
  }

  private static void check(byte[] input) {
    List<ByteBuffer> files = files(input);
    Map<String, ByteBuffer> notices =
        Map.of("en", files.size() > 1 ? files.get(1) : UTF_8.encode(Cases.smallNotice()));
    Map<String, ByteBuffer> labels = files.size() > 2 ? Map.of("en", files.get(2)) : Map.of();
    Map<String, ByteBuffer> ownTerms = files.size() > 3 ? Map.of(OWN, files.get(3)) : Map.of();
    Promises.hold(
        PolicyCheck.check(PolicySource.of(files.getFirst(), notices, labels, ownTerms)), "fuzzed");
  }

  private static void ownTerms(byte[] input) {
    List<ByteBuffer> files = files(input);
    ByteBuffer first = files.getFirst();
    String policy =
        WorstInputs.withTerms(Cases.smallPolicy(), List.of("a.yaml", "b.yaml", "a.yaml"));
    Promises.hold(
        PolicyCheck.check(
            PolicySource.of(
                UTF_8.encode(policy),
                Map.of("en", UTF_8.encode(Cases.noticeOfOwnTerms())),
                Map.of(),
                Map.of("a.yaml", first, "b.yaml", files.size() > 1 ? files.get(1) : first))),
        "fuzzed");
  }

  /** What stands between zero bytes. */
  private static List<ByteBuffer> files(byte[] input) {
    List<ByteBuffer> files = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= input.length; i++) {
      if (i == input.length || input[i] == 0) {
        files.add(ByteBuffer.wrap(input, start, i - start).slice());
        start = i + 1;
      }
    }
    return files;
  }

  private static void tree(byte[] input) {
    Problems problems = new Problems();
    Optional<SourceText> text =
        SourceText.decode(PolicySource.POLICY, ByteBuffer.wrap(input), problems);
    Optional<Mapping> top = text.flatMap(source -> YamlTree.read(source, problems));
    if (top.isPresent()) {
      depth(top.get(), 1);
    } else if (!problems.hasErrors()) {
      throw new AssertionError("no tree, and no word why");
    }
    problems.sorted().forEach(Problem::pretty);
  }

  private static void depth(Node node, int level) {
    if (level > YamlTree.MAX_DEPTH + 1) {
      throw new AssertionError("deeper than allowed");
    }
    switch (node) {
      case Scalar _ -> {}
      case Sequence list -> list.items().forEach(item -> depth(item, level + 1));
      case Mapping mapping -> {
        for (Entry entry : mapping.entries()) {
          depth(entry.value(), level + 1);
        }
      }
    }
  }
}
