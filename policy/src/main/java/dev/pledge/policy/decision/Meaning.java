package dev.pledge.policy.decision;

import dev.pledge.policy.decision.ControlGraph.Days;
import dev.pledge.policy.decision.Policy.Category;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.From;
import dev.pledge.policy.decision.Policy.HeldBy;
import dev.pledge.policy.decision.Policy.Lookup;
import dev.pledge.policy.decision.Policy.Minors;
import dev.pledge.policy.decision.Policy.Pooling;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Policy.Retention;
import dev.pledge.policy.decision.Policy.Role;
import dev.pledge.policy.decision.Policy.Scope;
import dev.pledge.policy.decision.Policy.Sensitivity;
import dev.pledge.policy.decision.Policy.Source;
import dev.pledge.policy.decision.Policy.UnknownAge;
import dev.pledge.policy.decision.Sharing.Case;
import dev.pledge.policy.decision.Sharing.Recipient;
import dev.pledge.policy.names.CompanyId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.Mask;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.PurposeId;
import java.time.Period;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What an answer given under one version means under another, earlier or later (II.II.6). A grant
 * counts while nothing that concerns its purpose is looser there than where it was given: the
 * purpose itself, the fields it uses, how long they are kept, who sees them and who receives them,
 * and when a person no longer counts as using a product. What can be read either way counts as
 * looser.
 *
 * <p>{@code then} is where the answer was given, {@code now} where it is judged.
 */
final class Meaning {
  private final Policy then;
  private final Policy now;
  private final Map<PurposeId, Purpose> purposesThen = new HashMap<>();
  private final Map<FieldId, Category> categoriesThen = new HashMap<>();
  private final Map<FieldId, Field> fieldsThen = new HashMap<>();
  private final Map<FieldId, Category> categoriesNow = new HashMap<>();
  private final Map<FieldId, Field> fieldsNow = new HashMap<>();

  /** Worked out when a company is looked at, which few purposes need. */
  private @Nullable Map<CompanyId, List<Days>> affiliationThen;

  private @Nullable Map<CompanyId, List<Days>> affiliationNow;

  Meaning(Policy then, Policy now) {
    this.then = then;
    this.now = now;
    then.purposes().forEach(purpose -> purposesThen.put(purpose.id(), purpose));
    index(then, categoriesThen, fieldsThen);
    index(now, categoriesNow, fieldsNow);
  }

  private static void index(
      Policy policy, Map<FieldId, Category> categories, Map<FieldId, Field> fields) {
    for (Category category : policy.categories()) {
      for (Field field : category.fields()) {
        categories.put(field.id(), category);
        fields.put(field.id(), field);
      }
    }
  }

  /** Whether a grant for the purpose still means what it said. */
  boolean keeps(Purpose purpose) {
    Purpose before = purposesThen.get(purpose.id());
    return before != null
        && sameController()
        && childrenNoLessProtected()
        && dormantNoLater()
        && sameTerms(before, purpose)
        && purpose.uses().stream().allMatch(this::keeps)
        && now.roles().stream().allMatch(role -> seesNoMore(role, purpose))
        && now.sharing().recipients().stream()
            .allMatch(recipient -> receivesNoMore(recipient, purpose));
  }

  /**
   * Whether no product takes more of what others collected than an authorisation to pool covered,
   * which were neither products nor uses to come.
   */
  static boolean takesNoMore(Policy then, Policy now) {
    if (!Set.copyOf(then.products()).containsAll(now.products())) {
      return false;
    }
    List<ProductId> apart = now.layersBeside(then);
    for (ProductId layer : apart) {
      Meaning meaning = new Meaning(then.forProduct(layer), now.forProduct(layer));
      if (!meaning.sameController() || !meaning.poolsNoMore(purposesOf(layer, apart, now))) {
        return false;
      }
    }
    return true;
  }

  /**
   * The purposes that count in a layer: those of its product, or of all without terms of their own.
   */
  static Predicate<Purpose> purposesOf(ProductId layer, List<ProductId> apart, Policy policy) {
    if (!layer.value().equals(CompiledPolicy.GENERAL)) {
      return purpose -> purpose.isOf(layer);
    }
    List<ProductId> others =
        policy.products().stream()
            .filter(product -> product.equals(layer) || !apart.contains(product))
            .toList();
    return purpose -> purpose.products().isEmpty() || others.stream().anyMatch(purpose::isOf);
  }

  private boolean poolsNoMore(Predicate<Purpose> meant) {
    return now.pooling() == Pooling.NEVER
        || (then.pooling() == Pooling.WITH_AUTHORISATION
            && now.purposes().stream()
                .filter(meant)
                .filter(this::usesWhatIsPooled)
                .allMatch(this::keeps));
  }

  private boolean usesWhatIsPooled(Purpose purpose) {
    return !ValueRules.crossesProducts(purpose)
        && purpose.uses().stream()
            .map(categoriesNow::get)
            .anyMatch(category -> category != null && category.scope() == Scope.PRODUCT);
  }

  /** Another name may be another company; another address is not. */
  private boolean sameController() {
    return then.controller().name().equals(now.controller().name());
  }

  private boolean childrenNoLessProtected() {
    Minors before = then.minors();
    Minors after = now.minors();
    return after.under().isNowhereBelow(before.under())
        && after.sensitiveUnder().isNowhereBelow(before.sensitiveUnder())
        && (after.unknownAge() == before.unknownAge() || after.unknownAge() == UnknownAge.MINOR)
        && after.ageFrom().containsAll(before.ageFrom());
  }

  /** Whoever stops using a product is left alone as soon as was said. */
  private boolean dormantNoLater() {
    return then.dormancy().isEmpty()
        || now.dormancy()
            .filter(dormancy -> notLonger(dormancy, then.dormancy().get()))
            .isPresent();
  }

  private static boolean sameTerms(Purpose then, Purpose now) {
    return then.clause().equals(now.clause())
        && then.uses().containsAll(now.uses())
        && then.basis() == now.basis()
        && now.control().goesNoFurtherThan(then.control())
        && then.nature() == now.nature()
        && then.view().compareTo(now.view()) <= 0
        && within(then.products(), now.products())
        && within(then.channels(), now.channels())
        && then.programme().equals(now.programme())
        && then.before().containsAll(now.before())
        && exceptionNoWider(then, now)
        && emergencyNoWider(then, now)
        && (now.sensitiveCondition().isEmpty()
            || then.sensitiveCondition().equals(now.sensitiveCondition()));
  }

  private static boolean exceptionNoWider(Purpose then, Purpose now) {
    return now.exception()
        .map(
            exception ->
                then.exception()
                    .map(exception::goesNoFurtherThan)
                    .orElseGet(exception::goesNoFurtherThanNone))
        .orElse(then.exception().isEmpty());
  }

  private static boolean emergencyNoWider(Purpose then, Purpose now) {
    return now.breakGlass()
        .map(emergency -> then.breakGlass().map(emergency::goesNoFurtherThan).orElse(true))
        .orElse(then.breakGlass().isEmpty());
  }

  /** Whether {@code now} goes no further than {@code then}; no names at all mean every one. */
  private static <T> boolean within(Set<T> then, Set<T> now) {
    return then.isEmpty() || (!now.isEmpty() && then.containsAll(now));
  }

  private boolean keeps(FieldId id) {
    Field before = fieldsThen.get(id);
    Field field = fieldsNow.get(id);
    Category categoryBefore = categoriesThen.get(id);
    Category category = categoriesNow.get(id);
    return before != null
        && field != null
        && categoryBefore != null
        && category != null
        && before.type() == field.type()
        && before.choices().containsAll(field.choices())
        && (before.mask() == field.mask() || field.mask() == Mask.HIDDEN)
        && (before.sensitivity() == field.sensitivity()
            || field.sensitivity() == Sensitivity.SENSITIVE)
        && (before.lookup() == field.lookup() || field.lookup() == Lookup.NONE)
        && (categoryBefore.scope() == category.scope() || category.scope() == Scope.PRODUCT)
        && categoryBefore.kind() == category.kind()
        && categoryBefore.about() == category.about()
        && Set.copyOf(categoryBefore.methods()).containsAll(category.methods())
        && now.sources().stream().allMatch(source -> suppliesNoMore(source, id))
        && category.requires().containsAll(categoryBefore.requires())
        && then.retention().stream()
            .filter(kept -> kept.of().contains(id))
            .allMatch(kept -> keptNoLonger(id, kept))
        && storedForNoMore(id);
  }

  /** Where a field ends with its purposes, another one or a looser one keeps it longer. */
  private boolean storedForNoMore(FieldId id) {
    boolean endsWithThem =
        then.retention().stream()
            .anyMatch(kept -> kept.from() == From.END_OF_PURPOSE && kept.of().contains(id));
    return !endsWithThem
        || now.purposes().stream()
            .filter(purpose -> purpose.uses().contains(id))
            .allMatch(purpose -> servedAsBefore(purpose, id));
  }

  private boolean servedAsBefore(Purpose purpose, FieldId id) {
    Purpose before = purposesThen.get(purpose.id());
    return before != null && before.uses().contains(id) && sameTerms(before, purpose);
  }

  /** A third party that supplies the field did so before. */
  private boolean suppliesNoMore(Source source, FieldId field) {
    return !source.fields().contains(field)
        || then.sources().stream()
            .anyMatch(before -> before.id().equals(source.id()) && before.fields().contains(field));
  }

  private boolean keptNoLonger(FieldId id, Retention before) {
    return now.retention().stream()
        .anyMatch(
            kept ->
                kept.of().contains(id)
                    && kept.from() == before.from()
                    && notLonger(kept.keep(), before.keep()));
  }

  private static boolean notLonger(Period now, Period then) {
    return !then.minus(now).normalized().isNegative(); // six months are not comparable with days
  }

  private boolean seesNoMore(Role role, Purpose purpose) {
    if (!role.purposes().contains(purpose.id())) {
      return true;
    }
    Role before = roleThen(role);
    return before != null
        && before.purposes().contains(purpose.id())
        && before.sees().compareTo(role.sees()) <= 0
        && (before.heldBy() == role.heldBy() || role.heldBy() == HeldBy.SERVICE)
        && (before.undertaking().equals(Optional.empty())
            || before.undertaking().equals(role.undertaking()))
        && role.mayReveal().stream()
            .filter(purpose.uses()::contains)
            .allMatch(before.mayReveal()::contains);
  }

  private @Nullable Role roleThen(Role role) {
    for (Role before : then.roles()) {
      if (before.id().equals(role.id())) {
        return before;
      }
    }
    return null;
  }

  private boolean receivesNoMore(Recipient recipient, Purpose purpose) {
    if (!recipient.purposes().contains(purpose.id())) {
      return true;
    }
    Recipient before = recipientThen(recipient);
    return before != null
        && before.purposes().contains(purpose.id())
        && boundAsBefore(before, recipient)
        && recipient.fields().stream()
            .filter(purpose.uses()::contains)
            .allMatch(before.fields()::contains)
        && recipient.company().map(this::affiliatedNoMore).orElse(true);
  }

  /** Whether the recipient is who it was, and receives what it does as it did or more strictly. */
  private boolean boundAsBefore(Recipient before, Recipient recipient) {
    return before.clause().equals(recipient.clause())
        && before.kind() == recipient.kind()
        && recipient.actsAs().compareTo(before.actsAs()) <= 0
        && (before.sharedBecause() == recipient.sharedBecause()
            || recipient.sharedBecause() == Case.CONSENT)
        && before.destinations().containsAll(recipient.destinations())
        && recipient.safeguards().containsAll(before.safeguards())
        && before.handedOverBy().containsAll(recipient.handedOverBy())
        && before.company().equals(recipient.company())
        && recipient.company().map(this::hasSameName).orElse(true);
  }

  /**
   * Whether the agreement with the recipient is the one there was, at other times perhaps: nothing
   * in it is looser for any purpose.
   */
  boolean renewsAgreement(Recipient recipient) {
    Recipient before = recipientThen(recipient);
    return before != null
        && sameController()
        && boundAsBefore(before, recipient)
        && before.purposes().containsAll(recipient.purposes())
        && before.fields().containsAll(recipient.fields());
  }

  /** As {@link #renewsAgreement(Recipient)}, of a source. */
  boolean renewsAgreement(Source source) {
    return sameController()
        && then.sources().stream()
            .filter(before -> before.id().equals(source.id()))
            .anyMatch(before -> before.fields().containsAll(source.fields()));
  }

  private @Nullable Recipient recipientThen(Recipient recipient) {
    for (Recipient before : then.sharing().recipients()) {
      if (before.id().equals(recipient.id())) {
        return before;
      }
    }
    return null;
  }

  private boolean hasSameName(CompanyId company) {
    return name(then, company).equals(name(now, company));
  }

  /** Whether the company is an affiliate on no day on which it was none. */
  private boolean affiliatedNoMore(CompanyId company) {
    if (affiliationThen == null || affiliationNow == null) {
      affiliationThen = new ControlGraph(then.sharing().companies()).affiliation();
      affiliationNow = new ControlGraph(now.sharing().companies()).affiliation();
    }
    List<Days> before = affiliationThen.getOrDefault(company, List.of());
    return affiliationNow.getOrDefault(company, List.of()).stream()
        .allMatch(days -> before.stream().anyMatch(was -> was.contain(days)));
  }

  private static Optional<String> name(Policy policy, CompanyId id) {
    return policy.sharing().companies().stream()
        .filter(company -> company.id().equals(id))
        .map(Sharing.Company::name)
        .findFirst();
  }
}
