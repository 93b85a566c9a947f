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
    Set<String> ofAnybody = new TreeSet<>();
    Set<String> ofGuardians = new TreeSet<>();
    List<ProductId> apart = later.layersBeside(earlier);
    ProductId general = apart.getFirst();
    addLapsing(earlier, later, Meaning.purposesOf(general, apart, earlier), ofAnybody, ofGuardians);
    boolean poolingEnds =
        earlier.products().stream()
            .filter(collector -> earlier.forProduct(collector).pooling() != Pooling.NEVER)
            .anyMatch(
                collector ->
                    later.forProduct(collector).pooling() == Pooling.NEVER
                        || !Meaning.takesNoMore(earlier, later));
    if (poolingEnds) {
      ofAnybody.add(CompiledPolicy.POOLING);
    }
    Set<String> ofOne = new TreeSet<>();
    Set<String> ofOneGuardian = new TreeSet<>();
    Map<String, Set<ProductId>> onlyIn = new HashMap<>();
    for (ProductId product : apart.subList(1, apart.size())) {
      Set<String> inProduct = new TreeSet<>();
      Set<String> ofGuardiansInProduct = new TreeSet<>();
      addLapsing(
          earlier.forProduct(product),
          later.forProduct(product),
          purpose -> purpose.isOf(product),
          inProduct,
          ofGuardiansInProduct);
      Stream.concat(inProduct.stream(), ofGuardiansInProduct.stream())
          .filter(purpose -> !ofAnybody.contains(purpose) && !ofGuardians.contains(purpose))
          .forEach(purpose -> onlyIn.computeIfAbsent(purpose, _ -> new HashSet<>()).add(product));
      ofOne.addAll(inProduct);
      ofOneGuardian.addAll(ofGuardiansInProduct);
    }
    ofAnybody.addAll(ofOne);
    ofGuardians.addAll(ofOneGuardian);
    ofGuardians.removeAll(ofAnybody);
    return new Lapse(ofAnybody, ofGuardians, onlyIn);
  }

  private static void addLapsing(
      Policy earlier,
      Policy later,
      Predicate<Purpose> meant,
      Set<String> ofAnybody,
      Set<String> ofGuardians) {
    Meaning meaning = new Meaning(earlier, later);
    Set<FieldId> sensitive = sensitive(earlier);
    for (Purpose purpose : earlier.purposes().stream().filter(meant).toList()) {
      boolean kept =
          later.purposes().stream()
              .anyMatch(now -> now.id().equals(purpose.id()) && meaning.keeps(now));
      if (!kept && isGrantedByAnybody(purpose, sensitive)) {
        ofAnybody.add(purpose.id().value());
      } else if (!kept && isGrantedByGuardians(purpose)) {
        ofGuardians.add(purpose.id().value());
      }
    }
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
