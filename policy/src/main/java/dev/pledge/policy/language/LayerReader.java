package dev.pledge.policy.language;

import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.language.Node.Mapping;
import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.language.PolicySource.Content;
import dev.pledge.policy.names.ProductId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a policy and, for each product with terms of its own, all that counts for it (VIII.1). Each
 * is read as a whole, so what is checked is what is decided by.
 */
final class LayerReader {
  private final PolicySource source;
  private final Mapping top;
  private final Problems problems;

  /** What was read of each file of own terms; empty where it is no YAML. */
  private final Map<String, Optional<Mapping>> files = new HashMap<>();

  private LayerReader(PolicySource source, Mapping top, Problems problems) {
    this.source = source;
    this.top = top;
    this.problems = problems;
  }

  /** The policy, and after it what counts for products; nothing where there is no policy. */
  static List<Draft> read(PolicySource source, Problems problems) {
    return PolicyCheck.decode(PolicySource.POLICY, source.policy(), problems)
        .flatMap(text -> YamlTree.read(text, problems))
        .map(top -> new LayerReader(source, top, problems).layers())
        .orElse(List.of());
  }

  /** The tree of what counts for the product; empty where one of the files is no YAML. */
  static Optional<Mapping> tree(PolicySource source, ProductId product, Problems problems) {
    Optional<Mapping> top =
        PolicyCheck.decode(PolicySource.POLICY, source.policy(), problems)
            .flatMap(text -> YamlTree.read(text, problems));
    return top.flatMap(
        tree ->
            PolicyReader.read(tree, problems)
                .flatMap(policy -> new LayerReader(source, tree, problems).tree(policy, product)));
  }

  private Optional<Mapping> tree(Draft policy, ProductId product) {
    Scalar file = policy.ownTerms().get(product);
    return file == null
        ? Optional.of(top)
        : terms(product, file)
            .map(said -> OwnTerms.over(top, policy.declared(), said, product, problems));
  }

  private List<Draft> layers() {
    Optional<Draft> general = PolicyReader.read(top, problems);
    if (general.isEmpty()) {
      return List.of();
    }
    Draft policy = general.get();
    List<Problem> ofAll = problems.soFar();
    Map<ProductId, Draft> own = new HashMap<>();
    int looked = 0;
    for (Map.Entry<ProductId, Scalar> terms : policy.ownTerms().entrySet()) {
      if (terms.getKey().value().equals(CompiledPolicy.GENERAL)) {
        continue; // that it cannot have any has been told
      }
      if (looked++ == PolicySource.MOST_OWN_TERMS) {
        tooMany(terms.getValue());
        break;
      }
      if (problems.isFull()) {
        break;
      }
      terms(terms.getKey(), terms.getValue())
          .flatMap(said -> layer(policy, terms, said, ofAll))
          .ifPresent(draft -> own.put(terms.getKey(), draft));
    }
    nameEveryFile(policy);
    List<Draft> layers = new ArrayList<>();
    layers.add(policy.with(own));
    policy.ownTerms().forEach((product, file) -> add(own.get(product), policy, file, layers));
    return layers;
  }

  private void add(@Nullable Draft own, Draft general, Scalar file, List<Draft> layers) {
    if (own == null) {
      return;
    }
    layers.add(own);
    if (own.policy().equals(general.policy()) && !problems.hasErrors()) {
      problems.warning(
          file,
          "file " + Quoted.of(file.text()) + " says nothing that differs from the policy",
          "write what does, or remove it");
    }
  }

  private Optional<Draft> layer(
      Draft policy, Map.Entry<ProductId, Scalar> terms, Mapping said, List<Problem> ofAll) {
    if (!Size.fits(said, problems)) {
      return Optional.empty();
    }
    Mapping merged = OwnTerms.over(top, policy.declared(), said, terms.getKey(), problems);
    Problems ofProduct = new Problems();
    Optional<Draft> draft = PolicyReader.read(merged, ofProduct);
    problems.addOfProduct(ofProduct, ofAll, terms.getValue().text());
    return draft;
  }

  private Optional<Mapping> terms(ProductId product, Scalar file) {
    Content content = source.ownTerms().get(file.text());
    if (content == null) {
      problems.error(
          file,
          "there is no file "
              + Quoted.of(file.text())
              + " for the terms of product `"
              + product
              + "`",
          Nearest.to(file.text(), source.ownTerms().keySet())
              .map(near -> "did you mean `" + near + "`?")
              .orElse("write it beside the policy, named in lower case and ending in `.yaml`"));
      return Optional.empty();
    }
    return files.computeIfAbsent(
        file.text(),
        name ->
            PolicyCheck.decode(name, content, problems)
                .flatMap(text -> YamlTree.read(text, problems)));
  }

  private void tooMany(Scalar at) {
    problems.error(
        at,
        "more than " + PolicySource.MOST_OWN_TERMS + " products have terms of their own",
        "split the policy");
  }

  /** A file that nobody names was written for nothing. */
  private void nameEveryFile(Draft policy) {
    Set<String> named = new HashSet<>();
    policy.ownTerms().values().forEach(file -> named.add(file.text()));
    for (String file : source.ownTerms().keySet()) {
      if (!named.contains(file)) {
        problems.warning(
            new Scalar(SourceText.missing(file), "", false),
            "no product names this file",
            "write `override: " + file + "` under its product, or remove it");
      }
    }
  }
}
