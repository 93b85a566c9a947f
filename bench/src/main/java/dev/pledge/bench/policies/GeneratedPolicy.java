package dev.pledge.bench.policies;

import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Duties;
import dev.pledge.policy.decision.Duties.Incidents;
import dev.pledge.policy.decision.Duties.Requests;
import dev.pledge.policy.decision.Policy;
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
import dev.pledge.policy.decision.Sharing;
import dev.pledge.policy.decision.Term;
import dev.pledge.policy.names.CategoryId;
import dev.pledge.policy.names.ChannelId;
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
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Policies of any size: categories of fifty fields, every tenth field sensitive; a purpose for each
 * twenty fields, all of them resting on consent; five roles, each of which serves four purposes of
 * five. Two products have all of it.
 */
public final class GeneratedPolicy {
  /** The only version. */
  public static final PolicyVersion VERSION = PolicyVersion.of("generated@2026-01-01");

  /** The products that people use. */
  public static final List<ProductId> PRODUCTS =
      List.of(new ProductId("shop"), new ProductId("club"));

  /** How many roles there are. */
  public static final int ROLES = 5;

  /** How many fields a purpose uses. */
  static final int TOGETHER = 20;

  private static final int CATEGORY = 50;

  private GeneratedPolicy() {}

  /** The policy of that many fields. */
  public static Policy of(int fields) {
    List<FieldId> ids = ids(fields);
    List<Purpose> purposes = purposes(ids);
    List<ProductId> products = new ArrayList<>();
    products.add(new ProductId(CompiledPolicy.GENERAL));
    products.addAll(PRODUCTS);
    return new Policy(
        VERSION,
        LocalDate.of(2026, 1, 1),
        Period.ofDays(30),
        new Controller("Generated Ltd", "privacy@example.com"),
        List.of("CN"),
        List.of("en"),
        products,
        categories(ids),
        purposes,
        roles(purposes),
        List.of(),
        Sharing.NONE,
        Pooling.WITH_AUTHORISATION,
        retention(ids),
        Optional.empty(),
        new Minors(18, 14, UnknownAge.ADULT, Set.of()),
        duties(),
        Map.of());
  }

  /** As the law of China asks for them. */
  private static Duties duties() {
    Term workingDays = new Term(15, Term.Unit.WORKING_DAY);
    return new Duties(
        Optional.of(
            new Incidents(
                List.of(new ChannelId("push")),
                OptionalInt.empty(),
                Optional.of(new Term(24, Term.Unit.HOUR)),
                Optional.of(new Term(4, Term.Unit.HOUR)),
                Set.of())),
        Optional.of(
            new Requests(
                Optional.empty(),
                Optional.of(new Term(28, Term.Unit.DAY)),
                Optional.empty(),
                Optional.empty(),
                Optional.of(workingDays),
                Optional.of(workingDays))),
        Optional.empty(),
        Duties.Leaving.AT_ONCE);
  }

  /** The fields of a policy of that many, in order; every tenth is sensitive. */
  public static List<FieldId> ids(int fields) {
    List<FieldId> ids = new ArrayList<>();
    for (int i = 0; i < fields; i++) {
      ids.add(new FieldId(new CategoryId("category-" + i / CATEGORY), "field-" + i));
    }
    return ids;
  }

  /** How many purposes a policy of that many fields has. */
  public static int purposes(int fields) {
    return (fields + TOGETHER - 1) / TOGETHER;
  }

  /** Its name. */
  public static String purpose(int index) {
    return "purpose-" + index;
  }

  /** The fields that the purpose uses. */
  public static List<FieldId> uses(int purpose, int fields) {
    int from = purpose * TOGETHER;
    return ids(fields).subList(from, Math.min(from + TOGETHER, fields));
  }

  private static boolean serves(int role, int purpose) {
    return (role + purpose) % ROLES != ROLES - 1;
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
    for (int i = 0; i < purposes(ids.size()); i++) {
      purposes.add(
          new Purpose(
              new PurposeId(purpose(i)),
              new ClauseId("II.I.1"),
              Basis.CONSENT,
              Control.OPT_IN,
              Nature.ORDINARY,
              View.CLEAR,
              new HashSet<>(uses(i, ids.size())),
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

  private static List<Role> roles(List<Purpose> purposes) {
    List<Role> roles = new ArrayList<>();
    for (int i = 0; i < ROLES; i++) {
      Set<PurposeId> served = new HashSet<>();
      Set<FieldId> used = new HashSet<>();
      for (int p = 0; p < purposes.size(); p++) {
        used.addAll(purposes.get(p).uses());
        if (serves(i, p)) {
          served.add(purposes.get(p).id());
        }
      }
      roles.add(
          new Role(
              new RoleId("role-" + i),
              used,
              served,
              sees(i),
              Set.of(),
              Optional.empty(),
              HeldBy.SERVICE));
    }
    return roles;
  }

  private static View sees(int role) {
    return role % 2 == 0 ? View.CLEAR : View.MASKED;
  }

  private static List<Retention> retention(List<FieldId> ids) {
    Set<FieldId> all = new HashSet<>(ids);
    return List.of(
        new Retention(all, Period.ofYears(1), From.COLLECTION, Optional.empty()),
        new Retention(all, Period.ofDays(15), From.CLOSING, Optional.empty()));
  }
}
