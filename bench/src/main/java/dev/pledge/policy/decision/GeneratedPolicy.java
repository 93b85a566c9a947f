package dev.pledge.policy.decision;

import dev.pledge.policy.decision.Policy.About;
import dev.pledge.policy.decision.Policy.Basis;
import dev.pledge.policy.decision.Policy.Category;
import dev.pledge.policy.decision.Policy.Control;
import dev.pledge.policy.decision.Policy.Controller;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.From;
import dev.pledge.policy.decision.Policy.HeldBy;
import dev.pledge.policy.decision.Policy.Kind;
import dev.pledge.policy.decision.Policy.Lookup;
import dev.pledge.policy.decision.Policy.Minors;
import dev.pledge.policy.decision.Policy.Nature;
import dev.pledge.policy.decision.Policy.Pooling;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Policy.Retention;
import dev.pledge.policy.decision.Policy.Role;
import dev.pledge.policy.decision.Policy.Scope;
import dev.pledge.policy.decision.Policy.Sensitivity;
import dev.pledge.policy.decision.Policy.UnknownAge;
import dev.pledge.policy.names.CategoryId;
import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.FieldType;
import dev.pledge.policy.names.Mask;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.PurposeId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.View;
import java.time.LocalDate;
import java.time.Period;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Policies of any size: categories of fifty fields, every tenth of them sensitive; a purpose for
 * each twenty fields, all of them resting on consent; five roles that serve all purposes.
 */
final class GeneratedPolicy {
  static final PolicyVersion VERSION = PolicyVersion.of("generated@2026-01-01");
  static final int TOGETHER = 20;

  private static final int CATEGORY = 50;
  private static final int ROLES = 5;

  private GeneratedPolicy() {}

  static Policy of(int fields) {
    List<FieldId> ids = ids(fields);
    List<Purpose> purposes = purposes(ids);
    return new Policy(
        VERSION,
        LocalDate.of(2026, 1, 1),
        Period.ofDays(30),
        new Controller("Generated Ltd", "privacy@example.com"),
        List.of("CN"),
        List.of("en"),
        List.of(new ProductId("general"), new ProductId("shop")),
        categories(ids),
        purposes,
        roles(ids, purposes),
        List.of(),
        Pooling.WITH_AUTHORISATION,
        retention(ids),
        new Minors(18, 14, UnknownAge.ADULT, Set.of()));
  }

  /** The purpose that the first fields are used for. */
  static String purpose() {
    return "purpose-0";
  }

  /** The first fields, as many as go together or as there are. */
  static List<String> asked(int fields) {
    return ids(Math.min(TOGETHER, fields)).stream().map(FieldId::toString).toList();
  }

  private static List<FieldId> ids(int fields) {
    List<FieldId> ids = new ArrayList<>();
    for (int i = 0; i < fields; i++) {
      ids.add(new FieldId(new CategoryId("category-" + i / CATEGORY), "field-" + i));
    }
    return ids;
  }

  private static List<Category> categories(List<FieldId> ids) {
    List<Category> categories = new ArrayList<>();
    for (int from = 0; from < ids.size(); from += CATEGORY) {
      List<Field> fields = new ArrayList<>();
      for (int i = from; i < Math.min(from + CATEGORY, ids.size()); i++) {
        Sensitivity sensitivity = i % 10 == 9 ? Sensitivity.SENSITIVE : Sensitivity.ORDINARY;
        fields.add(
            new Field(
                ids.get(i), FieldType.TEXT, Mask.HIDDEN, sensitivity, Lookup.NONE, List.of()));
      }
      categories.add(
          new Category(
              ids.get(from).category(),
              new ClauseId("I.1"),
              List.of("form"),
              Scope.PRODUCT,
              Kind.PROFILE,
              About.SUBJECT,
              Set.of(),
              fields));
    }
    return categories;
  }

  private static List<Purpose> purposes(List<FieldId> ids) {
    List<Purpose> purposes = new ArrayList<>();
    for (int from = 0; from < ids.size(); from += TOGETHER) {
      purposes.add(
          new Purpose(
              new PurposeId("purpose-" + purposes.size()),
              new ClauseId("II.I.1"),
              Basis.CONSENT,
              Control.OPT_IN,
              Nature.ORDINARY,
              View.CLEAR,
              new HashSet<>(ids.subList(from, Math.min(from + TOGETHER, ids.size()))),
              Set.of(),
              Set.of(),
              Optional.empty(),
              Set.of(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty()));
    }
    return purposes;
  }

  private static List<Role> roles(List<FieldId> ids, List<Purpose> purposes) {
    Set<PurposeId> all = new HashSet<>();
    purposes.forEach(purpose -> all.add(purpose.id()));
    List<Role> roles = new ArrayList<>();
    for (int i = 0; i < ROLES; i++) {
      View sees = i % 2 == 0 ? View.CLEAR : View.MASKED;
      roles.add(
          new Role(
              new RoleId("role-" + i),
              new HashSet<>(ids),
              all,
              sees,
              Set.of(),
              Optional.empty(),
              HeldBy.ANYONE));
    }
    return roles;
  }

  private static List<Retention> retention(List<FieldId> ids) {
    Set<FieldId> all = new HashSet<>(ids);
    return List.of(
        new Retention(all, Period.ofYears(1), From.COLLECTION, Optional.empty()),
        new Retention(all, Period.ofDays(15), From.CLOSING, Optional.empty()));
  }
}
