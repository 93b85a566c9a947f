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
import java.util.Collection;
import java.util.HashSet;
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
  private final Declared declared;
  private final Policy policy;

  Connections(Reading reading, Policy policy) {
    this.problems = reading.problems();
    this.declared = reading.declared();
    this.policy = policy;
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
    Set<FieldId> used = all(policy.purposes(), Purpose::uses);
    Set<FieldId> stored =
        all(
            policy.purposes().stream().filter(Connections::isGroundToStore).toList(),
            Purpose::uses);
    if (policy.purposes().stream().anyMatch(purpose -> purpose.uses().isEmpty())) {
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
    Set<FieldId> collected = all(policy.roles(), Role::collects);
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
    Set<FieldId> supplied = all(policy.sources(), Policy.Source::fields);
    declared
        .fromOthers()
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
    Set<PurposeId> served = all(policy.roles(), Role::purposes);
    Set<PurposeId> kept =
        policy.purposes().stream()
            .filter(purpose -> purpose.nature() == Nature.RECORD_KEEPING)
            .map(Purpose::id)
            .collect(Collectors.toSet());
    declared
        .purposes()
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
    Set<ConditionId> required = all(policy.categories(), Category::requires);
    declared
        .conditions()
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
        all(policy.roles(), role -> role.undertaking().stream().collect(Collectors.toSet()));
    declared
        .undertakings()
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
    for (Policy.Source source : policy.sources()) {
      over("source", source.id(), declared.sources().get(source.id().value()), source.until());
    }
    for (Recipient recipient : policy.sharing().recipients()) {
      Scalar place = declared.recipients().get(recipient.id());
      recipient
          .agreement()
          .ifPresent(agreed -> over("recipient", recipient.id(), place, agreed.until()));
    }
  }

  private void over(String kind, Object id, @Nullable Scalar place, LocalDate until) {
    if (place != null && !until.isAfter(policy.effective())) {
      problems.warning(
          place,
          "the agreement of " + kind + " `" + id + "` is over before the policy takes effect",
          "write the `until` of its renewal, or remove the " + kind);
    }
  }

  private static <P, I> Set<I> all(Collection<P> parts, Function<P, Set<I>> names) {
    Set<I> all = new HashSet<>();
    parts.forEach(part -> all.addAll(names.apply(part)));
    return all;
  }
}
