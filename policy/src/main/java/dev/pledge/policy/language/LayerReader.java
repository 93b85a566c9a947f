package dev.pledge.policy.language;

import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.language.Node.Mapping;
import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.language.PolicySource.Content;
import dev.pledge.policy.names.ProductId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a policy and, for each product with terms of its own, all that counts for it (VIII.1). Each
 * is read as a whole, so what is checked is what is decided by.
 */
final class LayerReader {
  private final PolicySource source;
  private final Mapping top;
  private final Problems problems;

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
    if (file == null) {
      return Optional.of(top);
    }
    return Optional.ofNullable(source.ownTerms().get(file.text()))
        .flatMap(content -> read(file.text(), content))
        .map(said -> OwnTerms.over(top, policy.declared(), said, product, problems));
  }

  private List<Draft> layers() {
    Optional<Draft> general = PolicyReader.read(top, problems);
    if (general.isEmpty()) {
      return List.of();
    }
    Draft policy = general.get();
    Map<ProductId, Draft> own = own(policy);
    nameEveryFile(policy);
    List<Draft> layers = new ArrayList<>();
    layers.add(policy.with(own));
    policy.ownTerms().forEach((product, file) -> add(own.get(product), policy, file, layers));
    return layers;
  }

  /**
   * What counts for the products with terms of their own. Takes up one file after the other, for
   * all products that name it: a tree is many times as large as its file.
   */
  private Map<ProductId, Draft> own(Draft policy) {
    List<Map.Entry<ProductId, Scalar>> all =
        policy.ownTerms().entrySet().stream()
            // That the general ones cannot have any has been told.
            .filter(terms -> !terms.getKey().value().equals(CompiledPolicy.GENERAL))
            .toList();
    if (all.size() > PolicySource.MOST_OWN_TERMS) {
      tooMany(all.get(PolicySource.MOST_OWN_TERMS).getValue());
    }
    List<Problem> ofAll = problems.soFar();
    Causes causes = new Causes(top, policy.declared());
    Map<ProductId, Draft> own = new HashMap<>();
    all.stream()
        .limit(PolicySource.MOST_OWN_TERMS)
        .collect(
            Collectors.groupingBy(
                terms -> terms.getValue().text(), LinkedHashMap::new, Collectors.toList()))
        .forEach(
            (file, products) -> {
              Content content = source.ownTerms().get(file);
              if (content == null) {
                products.forEach(terms -> missing(terms.getKey(), terms.getValue()));
              } else if (!problems.isFull()) {
                read(file, content)
                    .ifPresent(said -> own.putAll(layers(policy, products, said, ofAll, causes)));
              }
            });
    return own;
  }

  private void add(@Nullable Draft own, Draft general, Scalar file, List<Draft> layers) {
    if (own == null) {
      return;
    }
    layers.add(own);
    if (own.policy().saysTheSameAs(general.policy()) && !problems.hasErrors()) {
      problems.warning(
          file,
          "file " + Quoted.of(file.text()) + " says nothing that differs from the policy",
          "write what does, or remove it");
    }
  }

  private Map<ProductId, Draft> layers(
      Draft policy,
      List<Map.Entry<ProductId, Scalar>> products,
      Mapping said,
      List<Problem> ofAll,
      Causes causes) {
    Map<ProductId, Draft> layers = new HashMap<>();
    if (Size.fits(said, problems)) {
      for (Map.Entry<ProductId, Scalar> terms : products) {
        if (problems.isFull()) {
          break;
        }
        Mapping merged = OwnTerms.over(top, policy.declared(), said, terms.getKey(), problems);
        Problems ofProduct = new Problems();
        PolicyReader.read(merged, ofProduct).ifPresent(draft -> layers.put(terms.getKey(), draft));
        problems.addOfProduct(
            ofProduct, ofAll, terms.getValue().text(), causes.in(said, terms.getKey()));
      }
    }
    return layers;
  }

  private Optional<Mapping> read(String file, Content content) {
    return PolicyCheck.decode(file, content, problems)
        .flatMap(text -> YamlTree.read(text, problems));
  }

  private void missing(ProductId product, Scalar file) {
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
