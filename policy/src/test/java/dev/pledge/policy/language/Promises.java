package dev.pledge.policy.language;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.decision.Policy.Basis;
import dev.pledge.policy.decision.Policy.Category;
import dev.pledge.policy.decision.Policy.Control;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.HeldBy;
import dev.pledge.policy.decision.Policy.Nature;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Policy.Retention;
import dev.pledge.policy.decision.Policy.Role;
import dev.pledge.policy.decision.Sharing.Kind;
import dev.pledge.policy.decision.Sharing.Recipient;
import dev.pledge.policy.language.Checked.Sound;
import dev.pledge.policy.language.Checked.Unsound;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.FieldType;
import dev.pledge.policy.names.PurposeId;
import dev.pledge.policy.names.RoleId;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What holds of whatever the check answers: problems have a place, and what is sound is whole. */
final class Promises {
  private Promises() {}

  static void hold(Checked checked, String which) {
    switch (checked) {
      case Sound(Policy policy, _, _, _, _) -> connected(policy, which);
      case Unsound(List<Problem> problems) -> placed(problems, which);
    }
  }

  private static void placed(List<Problem> problems, String which) {
    assertThat(problems).as(which).isNotEmpty().isSorted();
    assertThat(problems)
        .as(which)
        .allSatisfy(
            problem -> {
              assertThat(problem.line()).isPositive();
              assertThat(problem.column()).isPositive();
              assertThat(problem.message()).isNotBlank();
              assertThat(problem.remedy()).isNotBlank();
              assertThat(problem.pretty()).contains(problem.message());
            });
  }

  private static void connected(Policy policy, String which) {
    List<Field> fields =
        policy.categories().stream().map(Category::fields).flatMap(List::stream).toList();
    Set<FieldId> ids = fields.stream().map(Field::id).collect(Collectors.toSet());
    Set<PurposeId> purposes = ids(policy.purposes(), Purpose::id);
    Set<RoleId> roles = ids(policy.roles(), Role::id);

    assertThat(fields)
        .as(which)
        .allMatch(field -> field.type().fits(field.mask()))
        .allMatch(field -> (field.type() == FieldType.CHOICE) != field.choices().isEmpty());
    assertThat(all(policy.purposes(), Purpose::uses)).as(which).isEqualTo(ids);
    assertThat(all(policy.retention(), Retention::of)).as(which).isEqualTo(ids);
    assertThat(all(policy.roles(), Role::collects)).as(which).isSubsetOf(ids);
    assertThat(all(policy.roles(), Role::purposes)).as(which).isSubsetOf(purposes);
    assertThat(policy.purposes())
        .as(which)
        .allMatch(p -> p.exception().map(e -> roles.contains(e.approver())).orElse(true))
        .allMatch(p -> policy.products().containsAll(p.products()));
    assertThat(CompiledPolicy.of(policy, List.of()).version())
        .as(which)
        .isEqualTo(policy.version());
    assertThat(policy.retention()).as(which).noneMatch(rule -> rule.keep().isZero());
    protective(policy, which);
    bound(policy, which);
  }

  /** What a policy may not be spoilt to, whatever else it says. */
  private static void protective(Policy policy, String which) {
    Set<RoleId> programs =
        policy.roles().stream()
            .filter(role -> role.heldBy() == HeldBy.SERVICE)
            .map(Role::id)
            .collect(Collectors.toSet());
    assertThat(policy.purposes())
        .as(which)
        .noneMatch(p -> p.nature() == Nature.PROMOTION && p.control() == Control.NONE)
        .noneMatch(p -> p.nature() == Nature.LEGAL_CLAIMS && p.basis() == Basis.CONSENT)
        .noneMatch(p -> p.basis() == Basis.CONSENT && p.control() == Control.NONE)
        .allMatch(p -> !p.clause().value().equals("II.I.7") || isOverseen(p))
        .noneMatch(p -> p.exception().map(e -> programs.contains(e.approver())).orElse(false))
        .noneMatch(p -> p.breakGlass().map(b -> programs.contains(b.reviewer())).orElse(false));
  }

  /** Nobody receives what its purposes do not need, nor without being bound (III.I.*). */
  private static void bound(Policy policy, String which) {
    Set<String> roles =
        policy.roles().stream().map(role -> role.id().value()).collect(Collectors.toSet());
    for (Recipient recipient : policy.sharing().recipients()) {
      List<Purpose> purposes =
          policy.purposes().stream()
              .filter(purpose -> recipient.purposes().contains(purpose.id()))
              .toList();
      assertThat(all(purposes, Purpose::uses)).as(which).containsAll(recipient.fields());
      assertThat(purposes).as(which).hasSameSizeAs(recipient.purposes()).isNotEmpty();
      assertThat(recipient.destinations()).as(which).isNotEmpty();
      assertThat(recipient.handedOverBy())
          .as(which)
          .isNotEmpty()
          .allMatch(role -> roles.contains(role.value()));
      boolean authority = recipient.kind() == Kind.AUTHORITY;
      assertThat(recipient.agreement().isEmpty()).as(which).isEqualTo(authority);
      assertThat(recipient.company().isPresent())
          .as(which)
          .isEqualTo(recipient.kind() == Kind.AFFILIATE);
      assertThat(!authority || purposes.stream().allMatch(Promises::isOverseen)).as(which).isTrue();
    }
  }

  /** Whether somebody else approves or reviews each use, or there is none. */
  private static boolean isOverseen(Purpose purpose) {
    return purpose.exception().isPresent()
        || purpose.breakGlass().isPresent()
        || purpose.nature() == Nature.RECORD_KEEPING;
  }

  private static <P, I> Set<I> ids(List<P> parts, Function<P, I> id) {
    return parts.stream().map(id).collect(Collectors.toSet());
  }

  private static <P, I> Set<I> all(List<P> parts, Function<P, Set<I>> names) {
    return parts.stream().map(names).flatMap(Set::stream).collect(Collectors.toSet());
  }
}
