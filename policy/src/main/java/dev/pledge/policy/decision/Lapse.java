package dev.pledge.policy.decision;

import dev.pledge.policy.decision.Policy.Before;
import dev.pledge.policy.decision.Policy.Control;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.Pooling;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Policy.Sensitivity;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.ProductId;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The purposes for which a grant given under one version counts for nothing under another: what it
 * said is no longer all that is done, or the purpose is gone (II.II.6). {@link
 * CompiledPolicy#POOLING} stands for the authorisation to pool.
 *
 * @param ofAnybody those that people themselves agree to, or to whose sensitive data they do
 * @param ofGuardians the others that guardians agree to for children (VI.1)
 * @param onlyIn of those that end in single products and go on in others, the products (VIII.1)
 */
public record Lapse(
    Set<String> ofAnybody, Set<String> ofGuardians, Map<String, Set<ProductId>> onlyIn) {

  public Lapse {
    ofAnybody = Collections.unmodifiableSet(new TreeSet<>(ofAnybody));
    ofGuardians = Collections.unmodifiableSet(new TreeSet<>(ofGuardians));
    onlyIn = Map.copyOf(onlyIn);
  }

  /** What lapses from {@code earlier} to {@code later}, in all products or in one (VIII.1). */
  public static Lapse between(Policy earlier, Policy later) {
    List<ProductId> layers = later.layersBeside(earlier);
    Lapse inAll = ofLayer(layers.getFirst(), layers, earlier, later);
    Set<String> ofAnybody = new TreeSet<>(inAll.ofAnybody);
    Set<String> ofGuardians = new TreeSet<>(inAll.ofGuardians);
    if (poolingEnds(earlier, later)) {
      ofAnybody.add(CompiledPolicy.POOLING);
    }
    Map<String, Set<ProductId>> onlyIn = new HashMap<>();
    for (ProductId product : layers.subList(1, layers.size())) {
      Lapse inOne = ofLayer(product, layers, earlier, later);
      Stream.concat(inOne.ofAnybody.stream(), inOne.ofGuardians.stream())
          .filter(name -> !inAll.ofAnybody.contains(name) && !inAll.ofGuardians.contains(name))
          .forEach(name -> onlyIn.computeIfAbsent(name, _ -> new HashSet<>()).add(product));
      ofAnybody.addAll(inOne.ofAnybody);
      ofGuardians.addAll(inOne.ofGuardians);
    }
    ofGuardians.removeAll(ofAnybody);
    return new Lapse(ofAnybody, ofGuardians, onlyIn);
  }

  private static boolean poolingEnds(Policy earlier, Policy later) {
    boolean takesMore = !Meaning.takesNoMore(earlier, later);
    return earlier.products().stream()
        .filter(collector -> earlier.forProduct(collector).pooling() != Pooling.NEVER)
        .anyMatch(collector -> takesMore || later.forProduct(collector).pooling() == Pooling.NEVER);
  }

  /** What lapses of one product, or of all that have no terms of their own. */
  private static Lapse ofLayer(
      ProductId layer, List<ProductId> layers, Policy earlier, Policy later) {
    Policy then = earlier.forProduct(layer);
    Policy now = later.forProduct(layer);
    Meaning meaning = new Meaning(then, now);
    Set<FieldId> sensitive = sensitive(then);
    Predicate<Purpose> counts = Meaning.purposesOf(layer, layers, earlier);
    Set<String> ofAnybody = new TreeSet<>();
    Set<String> ofGuardians = new TreeSet<>();
    for (Purpose purpose : then.purposes().stream().filter(counts).toList()) {
      boolean kept =
          now.purposes().stream()
              .anyMatch(after -> after.id().equals(purpose.id()) && meaning.keeps(after));
      if (!kept && isGrantedByAnybody(purpose, sensitive)) {
        ofAnybody.add(purpose.id().value());
      } else if (!kept && isGrantedByGuardians(purpose)) {
        ofGuardians.add(purpose.id().value());
      }
    }
    return new Lapse(ofAnybody, ofGuardians, Map.of());
  }

  private static Set<FieldId> sensitive(Policy policy) {
    return policy.categories().stream()
        .flatMap(category -> category.fields().stream())
        .filter(field -> field.sensitivity() == Sensitivity.SENSITIVE)
        .map(Field::id)
        .collect(Collectors.toSet());
  }

  private static boolean isGrantedByAnybody(Purpose purpose, Set<FieldId> sensitive) {
    return purpose.control() == Control.OPT_IN
        || (purpose.sensitiveCondition().isEmpty()
            && purpose.uses().stream().anyMatch(sensitive::contains));
  }

  private static boolean isGrantedByGuardians(Purpose purpose) {
    return !purpose.basis().isCompelling()
        && purpose.nature() != Policy.Nature.PROTECTION
        && !purpose.before().contains(Before.GUARDIAN_CONSENT);
  }
}
