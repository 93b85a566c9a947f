package dev.pledge.policy.language;

import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.decision.Policy.Category;
import dev.pledge.policy.decision.Policy.Nature;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Policy.Role;
import dev.pledge.policy.decision.Sharing.Recipient;
import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.names.ConditionId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.PurposeId;
import dev.pledge.policy.names.UndertakingId;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Checks that what a policy declares is connected: nothing is collected for nothing (IV.4). What is
 * merely idle is a warning, looked for once there are no errors: beside a part that could not be
 * read everything looks idle.
 */
final class Connections {
  private final Problems problems;
  private final List<Draft> layers;

  /** What may be stored is the same in all layers. */
  private final Declared declared;

  /**
   * @param layers the policy, and after it what counts for products with terms of their own: what
   *     is used in one of them is used
   */
  Connections(List<Draft> layers, Problems problems) {
    this.problems = problems;
    this.layers = layers;
    this.declared = layers.getFirst().declared();
  }

  void check() {
    everyFieldIsUsed();
    if (!problems.hasErrors()) {
      everyFieldIsCollected();
      whatOthersSupplyIsSupplied();
      everyPurposeIsServed();
      everyConditionIsRequired();
      everyUndertakingIsAsked();
      everyAgreementIsToCome();
    }
  }

  private void everyFieldIsUsed() {
    Set<FieldId> used = all(Policy::purposes, Purpose::uses);
    Set<FieldId> stored = all(Policy::purposes, p -> isGroundToStore(p) ? p.uses() : Set.of());
    boolean unread =
        layers.stream()
            .flatMap(layer -> layer.policy().purposes().stream())
            .anyMatch(purpose -> purpose.uses().isEmpty());
    if (unread) {
      return; // what a purpose uses could not be read, and that was told
    }
    unused(field -> !used.contains(field), "no purpose uses", "a");
    unused(
        field -> used.contains(field) && !stored.contains(field),
        "only exceptions and emergencies use",
        "another");
  }

  private void unused(Predicate<FieldId> chosen, String complaint, String purpose) {
    declared
        .byCategory(chosen)
        .forEach(
            (_, fields) -> {
              String it = fields.size() == 1 ? "it" : "they";
              problems.error(
                  declared.placeOf(fields),
                  complaint
                      + " "
                      + Quoted.fields(fields)
                      + ", so "
                      + it
                      + " must not be collected (IV.4)",
                  "list "
                      + (fields.size() == 1 ? "it" : "them")
                      + " under `uses` of "
                      + purpose
                      + " purpose, or remove "
                      + (fields.size() == 1 ? "it" : "them"));
            });
  }

  /** Exceptions and emergencies open what is stored; nothing is stored for them (I.5, IV.4). */
  private static boolean isGroundToStore(Purpose purpose) {
    return purpose.exception().isEmpty() && purpose.breakGlass().isEmpty();
  }

  private void everyFieldIsCollected() {
    Set<FieldId> collected = all(Policy::roles, Role::collects);
    declared
        .byCategory(field -> !collected.contains(field))
        .forEach(
            (_, fields) -> {
              boolean one = fields.size() == 1;
              problems.warning(
                  declared.placeOf(fields),
                  "no role collects "
                      + Quoted.fields(fields)
                      + (one ? ", so it is never stored" : ", so they are never stored"),
                  "list "
                      + (one ? "it" : "them")
                      + " under `collects` of a role, or remove "
                      + (one ? "it" : "them"));
            });
  }

  /** People are not told of third parties that supply nothing (I.M, I.0). */
  private void whatOthersSupplyIsSupplied() {
    Set<FieldId> supplied = all(Policy::sources, Policy.Source::fields);
    declared(Declared::fromOthers)
        .forEach(
            (category, place) -> {
              if (supplied.stream().noneMatch(field -> field.category().equals(category))) {
                problems.warning(
                    place,
                    "no source supplies anything of category `"
                        + category
                        + "`, which says it is collected from third parties",
                    "name who supplies it under `sources`, or remove `third-party`");
              }
            });
  }

  private void everyPurposeIsServed() {
    Set<PurposeId> served = all(Policy::roles, Role::purposes);
    Set<PurposeId> kept =
        all(
            Policy::purposes,
            purpose -> purpose.nature() == Nature.RECORD_KEEPING ? Set.of(purpose.id()) : Set.of());
    declared(Declared::purposes)
        .forEach(
            (purpose, place) -> {
              if (!served.contains(purpose) && !kept.contains(purpose)) {
                problems.warning(
                    place,
                    "no role serves purpose `" + purpose + "`, so nobody can read for it",
                    "list it under `purposes` of a role, or remove it");
              }
            });
  }

  private void everyConditionIsRequired() {
    Set<ConditionId> required = new HashSet<>(all(Policy::categories, Category::requires));
    layers.getFirst().policy().duties().leaving().closing().values().forEach(required::addAll);
    declared(Declared::conditions)
        .forEach(
            (condition, place) -> {
              if (!required.contains(condition)) {
                problems.warning(
                    place,
                    "no category requires condition `" + condition + "`",
                    "list it under `requires` of a category, or remove it");
              }
            });
  }

  private void everyUndertakingIsAsked() {
    Set<UndertakingId> asked =
        all(Policy::roles, role -> role.undertaking().stream().collect(Collectors.toSet()));
    declared(Declared::undertakings)
        .forEach(
            (undertaking, place) -> {
              if (!asked.contains(undertaking)) {
                problems.warning(
                    place,
                    "no role asks for undertaking `" + undertaking + "`",
                    "name it as `undertaking` of a role, or remove it");
              }
            });
  }

  /** An agreement that is over before the version takes effect lets nothing through under it. */
  private void everyAgreementIsToCome() {
    for (Draft layer : layers) {
      for (Policy.Source source : layer.policy().sources()) {
        Scalar place = layer.declared().sources().get(source.id().value());
        over("source", source.id(), place, source.until(), layer.policy());
      }
      for (Recipient recipient : layer.policy().sharing().recipients()) {
        Scalar place = layer.declared().recipients().get(recipient.id());
        recipient
            .agreement()
            .ifPresent(
                agreed -> over("recipient", recipient.id(), place, agreed.until(), layer.policy()));
      }
    }
  }

  private void over(
      String kind, Object id, @Nullable Scalar place, LocalDate until, Policy policy) {
    if (place != null && !until.isAfter(policy.effective())) {
      problems.warning(
          place,
          "the agreement of " + kind + " `" + id + "` is over before the policy takes effect",
          "write the `until` of its renewal, or remove the " + kind);
    }
  }

  private <I> Map<I, Scalar> declared(Function<Declared, Map<I, Scalar>> names) {
    Map<I, Scalar> declared = new LinkedHashMap<>();
    layers.forEach(layer -> names.apply(layer.declared()).forEach(declared::putIfAbsent));
    return declared;
  }

  private <P, I> Set<I> all(Function<Policy, List<P>> parts, Function<P, Set<I>> names) {
    Set<I> all = new HashSet<>();
    layers.forEach(
        layer -> parts.apply(layer.policy()).forEach(part -> all.addAll(names.apply(part))));
    return all;
  }
}
