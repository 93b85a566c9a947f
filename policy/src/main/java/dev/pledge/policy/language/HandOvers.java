package dev.pledge.policy.language;

import dev.pledge.policy.decision.Policy.Control;
import dev.pledge.policy.decision.Policy.Nature;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Policy.Role;
import dev.pledge.policy.decision.Sharing.Case;
import dev.pledge.policy.decision.Sharing.Kind;
import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.language.RecipientReader.Party;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.PurposeId;
import dev.pledge.policy.names.RoleId;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Checks that what a recipient is to receive fits the case it stands for, is needed for its
 * purposes, and that somebody can hand it over (II.I.7, III.I.1, III.I.3, IV.3).
 */
final class HandOvers {
  private final Reading reading;
  private final Problems problems;
  private final Map<PurposeId, Purpose> purposes = new HashMap<>();
  private final Map<RoleId, Role> roles = new HashMap<>();

  HandOvers(Reading reading, List<Purpose> purposes, List<Role> roles) {
    this.reading = reading;
    this.problems = reading.problems();
    purposes.forEach(purpose -> this.purposes.put(purpose.id(), purpose));
    roles.forEach(role -> this.roles.put(role.id(), role));
  }

  /** Looks at a recipient whose purposes and roles are all there and were read without an error. */
  void check(Party party, Value purposesValue, Value fields, Value rolesValue) {
    Map<Scalar, Purpose> served = wellRead(purposesValue, PurposeId::new, purposes);
    Map<Scalar, Role> by = wellRead(rolesValue, RoleId::new, roles);
    if (served.isEmpty() || by.isEmpty()) {
      return;
    }
    int errors = problems.errors();
    served.forEach((word, purpose) -> checkFits(word, party, purpose));
    if (problems.errors() == errors) {
      checkRoles(party, served, by);
      checkFields(party, fields, served);
    }
  }

  /** What the words of a list stand for, or nothing if one of them is unknown or flawed. */
  private <I, T> Map<Scalar, T> wellRead(Value list, Function<String, I> make, Map<I, T> parts) {
    Map<Scalar, T> meant = new LinkedHashMap<>();
    for (Scalar word : list.words()) {
      Optional<I> id = Names.make(word.text(), make).filter(parts::containsKey);
      if (id.isEmpty() || reading.flawed().contains(id.get())) {
        return Map.of();
      }
      id.flatMap(known -> Optional.ofNullable(parts.get(known)))
          .ifPresent(part -> meant.put(word, part));
    }
    return meant;
  }

  /**
   * Cases of the law do not go around the approval or review that the law's uses wait for, and no
   * other case goes with those uses (II.I.7).
   */
  private void checkFits(Scalar word, Party party, Purpose purpose) {
    Case because = party.because();
    boolean authority = party.kind() == Kind.AUTHORITY;
    if (authority && !because.isLegal()) {
      return; // that was told
    }
    String name = "purpose " + Quoted.of(word.text()) + " of " + party.name() + " ";
    String fitting = fitting(because, purpose);
    if (purpose.nature() == Nature.RECORD_KEEPING) {
      problems.error(
          word, name + "is read by nobody", "remove it; what it keeps is shared for others");
    } else if (authority && !isOverseen(purpose)) {
      problems.error(
          word,
          name + "opens without approval or review",
          "name one with an `exception` or `break-glass` (II.I.7)");
    } else if (!fitting.isEmpty()) {
      problems.error(
          word,
          name + "does not fit case `" + Vocabulary.word(because) + "`",
          "name one " + fitting + ", or another case");
    }
  }

  private static boolean isOverseen(Purpose purpose) {
    return purpose.exception().isPresent() || purpose.breakGlass().isPresent();
  }

  /** What a purpose would need to bear the case out; empty where it does. */
  private static String fitting(Case because, Purpose purpose) {
    boolean excepted = purpose.exception().isPresent();
    boolean overseen = isOverseen(purpose);
    Nature nature = purpose.nature();
    return switch (because) {
      case SERVICE -> overseen ? "without `exception` and `break-glass`" : "";
      case CONSENT ->
          purpose.control() == Control.NONE ? "with `control: opt-in` or `control: opt-out`" : "";
      case LAW -> excepted ? "" : "with an `exception`";
      case SAFETY -> overseen ? "" : "with an `exception` or `break-glass`";
      case TERMS, RIGHTS, PROPERTY ->
          excepted || nature == Nature.LEGAL_CLAIMS
              ? ""
              : "of `nature: legal-claims` or with an `exception`";
      case FRAUD ->
          excepted || nature == Nature.SECURITY
              ? ""
              : "of `nature: security` or with an `exception`";
    };
  }

  private void checkRoles(Party party, Map<Scalar, Purpose> served, Map<Scalar, Role> by) {
    boolean allServed = true;
    for (Map.Entry<Scalar, Purpose> entry : served.entrySet()) {
      Purpose purpose = entry.getValue();
      if (isRead(purpose) && by.values().stream().noneMatch(role -> serves(role, purpose))) {
        allServed = false;
        problems.error(
            entry.getKey(),
            "no role of `handed-over-by` of "
                + party.name()
                + " serves purpose `"
                + purpose.id()
                + "`, so nobody can hand it over (IV.3)",
            "name a role that lists the purpose, or remove it");
      }
    }
    if (allServed) {
      by.forEach((word, role) -> checkRole(word, party, role, served.values()));
    }
  }

  private void checkRole(Scalar word, Party party, Role role, Collection<Purpose> served) {
    if (served.stream().noneMatch(purpose -> serves(role, purpose))) {
      problems.error(
          word,
          "role `" + role.id() + "` serves none of the purposes of " + party.name(),
          "remove it, or name a purpose of the role");
    }
  }

  private static boolean serves(Role role, Purpose purpose) {
    return role.purposes().contains(purpose.id());
  }

  /** Whether anything is read for the purpose at all. */
  private static boolean isRead(Purpose purpose) {
    return purpose.nature() != Nature.RECORD_KEEPING;
  }

  private void checkFields(Party party, Value list, Map<Scalar, Purpose> served) {
    Map<FieldId, Scalar> shared = new LinkedHashMap<>();
    for (Scalar word : list.words()) {
      reading.declared().fieldsMeantBy(word.text()).orElse(Set.of()).stream()
          .sorted()
          .forEach(field -> shared.put(field, word));
    }
    boolean allUsed = true;
    for (Map.Entry<FieldId, Scalar> entry : shared.entrySet()) {
      FieldId field = entry.getKey();
      if (served.values().stream().noneMatch(purpose -> purpose.uses().contains(field))) {
        allUsed = false;
        problems.error(
            entry.getValue(),
            party.name() + " receives `" + field + "`, which none of its purposes uses (III.I.3)",
            "list only fields that its purposes use");
      }
    }
    if (allUsed && !shared.isEmpty()) {
      served.forEach((word, purpose) -> checkUses(word, party, purpose, shared.keySet()));
    }
  }

  private void checkUses(Scalar word, Party party, Purpose purpose, Set<FieldId> shared) {
    if (isRead(purpose) && shared.stream().noneMatch(purpose.uses()::contains)) {
      problems.error(
          word,
          "purpose `" + purpose.id() + "` uses none of the fields of " + party.name(),
          "remove it, or list a field that it uses");
    }
  }
}
