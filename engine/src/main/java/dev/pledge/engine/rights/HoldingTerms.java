package dev.pledge.engine.rights;

import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.decision.Policy.Basis;
import dev.pledge.policy.decision.Policy.Category;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.Nature;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Policy.Retention;
import dev.pledge.policy.decision.Policy.Role;
import dev.pledge.policy.decision.Policy.Sensitivity;
import dev.pledge.policy.decision.Policy.UnknownAge;
import dev.pledge.policy.decision.Sharing.Recipient;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.decision.SubjectState.Age;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.PurposeId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.View;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the policy says of a value that a product holds: what it serves, who sees it, who may get
 * it, how long it is kept (I.*, II.*, III.*, IV.*). What may be done is decided anew each time;
 * this tells what may be at all.
 *
 * @param sensitive whether it is treated as sensitive, be it for the person's age (I.1, VI.4)
 * @param purposes what it serves
 * @param stops those of them that stop without it: what the law or safety demands is no function of
 *     the person's (V.2)
 * @param seenBy the roles that need it
 * @param recipients those outside to whom it may be handed
 * @param kept the rules by which it goes, of which the first to end counts
 */
public record HoldingTerms(
    Category category,
    Field field,
    ProductId product,
    boolean sensitive,
    List<Purpose> purposes,
    List<Purpose> stops,
    List<SeenBy> seenBy,
    List<Recipient> recipients,
    List<Retention> kept) {

  public HoldingTerms {
    purposes = List.copyOf(purposes);
    stops = List.copyOf(stops);
    seenBy = List.copyOf(seenBy);
    recipients = List.copyOf(recipients);
    kept = List.copyOf(kept);
  }

  /**
   * A role that needs the value for some purpose.
   *
   * @param view how clearly it sees it at best
   * @param mayReveal whether it may see it in clear where it says why
   */
  public record SeenBy(RoleId role, View view, boolean mayReveal) {}

  /** What the version says of the field as {@code product} holds it; empty if it knows none. */
  public static Optional<HoldingTerms> of(
      CompiledPolicy version, FieldId id, ProductId product, SubjectState state) {
    CompiledPolicy terms = version.forProduct(product.value());
    Category category = terms.categoryOf(id.toString());
    Field field = terms.declared(id.toString());
    if (category == null || field == null) {
      return Optional.empty();
    }
    Policy policy = terms.source();
    List<Purpose> purposes =
        policy.purposesOf(product).stream().filter(each -> each.uses().contains(id)).toList();
    return Optional.of(
        new HoldingTerms(
            category,
            field,
            product,
            field.sensitivity() == Sensitivity.SENSITIVE || isSensitiveFor(policy, state),
            purposes,
            purposes.stream().filter(HoldingTerms::isFunction).toList(),
            policy.roles().stream().flatMap(role -> seenBy(role, purposes, id).stream()).toList(),
            recipients(policy, purposes, id),
            policy.retention().stream().filter(each -> each.of().contains(id)).toList()));
  }

  private static boolean isSensitiveFor(Policy policy, SubjectState state) {
    return state.age() == Age.SENSITIVE_MINOR
        || (state.age() == Age.UNKNOWN && policy.minors().unknownAge() == UnknownAge.MINOR);
  }

  private static boolean isFunction(Purpose purpose) {
    return !purpose.basis().isCompelling()
        && purpose.basis() != Basis.PUBLIC_TASK
        && switch (purpose.nature()) {
          case ORDINARY, PROMOTION -> true;
          case SECURITY, LEGAL_CLAIMS, PROTECTION, RECORD_KEEPING -> false;
        };
  }

  private static Optional<SeenBy> seenBy(Role role, List<Purpose> purposes, FieldId field) {
    return purposes.stream()
        .filter(purpose -> role.purposes().contains(purpose.id()))
        .filter(purpose -> purpose.nature() != Nature.RECORD_KEEPING)
        .map(purpose -> purpose.view().or(role.sees()))
        .min(Comparator.naturalOrder())
        .map(view -> new SeenBy(role.id(), view, role.mayReveal().contains(field)));
  }

  private static List<Recipient> recipients(Policy policy, List<Purpose> purposes, FieldId field) {
    Set<PurposeId> served = purposes.stream().map(Purpose::id).collect(Collectors.toSet());
    return policy.sharing().recipients().stream()
        .filter(recipient -> recipient.fields().contains(field))
        .filter(recipient -> recipient.purposes().stream().anyMatch(served::contains))
        .toList();
  }
}
