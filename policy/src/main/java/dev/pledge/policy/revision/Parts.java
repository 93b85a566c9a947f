package dev.pledge.policy.revision;

import static dev.pledge.policy.revision.Aspect.*;

import dev.pledge.policy.decision.Duties;
import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.decision.Policy.BreakGlass;
import dev.pledge.policy.decision.Policy.Category;
import dev.pledge.policy.decision.Policy.Control;
import dev.pledge.policy.decision.Policy.Controller;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.HeldBy;
import dev.pledge.policy.decision.Policy.LegalException;
import dev.pledge.policy.decision.Policy.Lookup;
import dev.pledge.policy.decision.Policy.Minors;
import dev.pledge.policy.decision.Policy.Pooling;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Policy.Role;
import dev.pledge.policy.decision.Policy.Scope;
import dev.pledge.policy.decision.Policy.Sensitivity;
import dev.pledge.policy.decision.Policy.Source;
import dev.pledge.policy.decision.Policy.UnknownAge;
import dev.pledge.policy.decision.Sharing;
import dev.pledge.policy.decision.Sharing.Company;
import dev.pledge.policy.decision.Sharing.Recipient;
import dev.pledge.policy.decision.Sharing.Transfer;
import dev.pledge.policy.decision.Term;
import dev.pledge.policy.names.Mask;
import java.time.LocalDate;
import java.time.Period;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What each kind of part says, and what it means when that changes. Every component of the records
 * is here, or is a name or a list of parts; a test holds this against the records.
 */
final class Parts {
  static final Part<Policy> POLICY =
      new Part<>(
          "policy",
          Policy.class,
          policy -> policy.version().policy(),
          Weight.MATERIAL,
          Weight.MATERIAL,
          List.of(
              new Aspect<>("grace", "grace", Policy::grace, LONGER_IS_NARROWER),
              new Aspect<>(
                  "jurisdictions",
                  "jurisdictions",
                  policy -> Set.copyOf(policy.jurisdictions()),
                  MATERIAL),
              new Aspect<>(
                  "languages", "languages", policy -> Set.copyOf(policy.languages()), FEWER),
              new Aspect<>("products", "products", policy -> Set.copyOf(policy.products()), MORE),
              new Aspect<>("pooling", "pooling", Policy::pooling, narrowestIs(Pooling.NEVER)),
              new Aspect<>("dormancy", "dormancy", Policy::dormancy, Parts::shorterPeriod)));

  static final Part<Controller> CONTROLLER =
      new Part<>(
          "controller",
          Controller.class,
          Controller::name,
          Weight.MATERIAL,
          Weight.MATERIAL,
          List.of(
              new Aspect<>("name", "name", Controller::name, MATERIAL),
              new Aspect<>("email", "email", Controller::email, EDITORIAL)));

  static final Part<Category> CATEGORY =
      new Part<>(
          "category",
          Category.class,
          Category::id,
          Weight.MATERIAL,
          Weight.NARROWING,
          List.of(
              new Aspect<>("clause", "clause", Category::clause, EDITORIAL),
              new Aspect<>("methods", "method", category -> Set.copyOf(category.methods()), MORE),
              new Aspect<>("scope", "scope", Category::scope, narrowestIs(Scope.PRODUCT)),
              new Aspect<>("kind", "kind", Category::kind, MATERIAL),
              new Aspect<>("about", "about", Category::about, MATERIAL),
              new Aspect<>("requires", "requires", Category::requires, FEWER)));

  static final Part<Field> FIELD =
      new Part<>(
          "field",
          Field.class,
          Field::id,
          Weight.MATERIAL,
          Weight.NARROWING,
          List.of(
              new Aspect<>("type", "type", Field::type, MATERIAL),
              new Aspect<>("mask", "mask", Field::mask, narrowestIs(Mask.HIDDEN)),
              new Aspect<>(
                  "sensitivity",
                  "sensitive",
                  Field::sensitivity,
                  narrowestIs(Sensitivity.SENSITIVE)),
              new Aspect<>("lookup", "lookup", Field::lookup, narrowestIs(Lookup.NONE)),
              new Aspect<>("choices", "choices", field -> Set.copyOf(field.choices()), MORE)));

  static final Part<Purpose> PURPOSE =
      new Part<>(
          "purpose",
          Purpose.class,
          Purpose::id,
          Weight.MATERIAL,
          Weight.NARROWING,
          List.of(
              new Aspect<>("clause", "clause", Purpose::clause, MATERIAL),
              new Aspect<>("basis", "basis", Purpose::basis, MATERIAL),
              new Aspect<>("control", "control", Purpose::control, Parts::control),
              new Aspect<>("nature", "nature", Purpose::nature, MATERIAL),
              new Aspect<>("view", "view", Purpose::view, LATER_IS_NARROWER),
              new Aspect<>("uses", "uses", Purpose::uses, MORE),
              new Aspect<>("products", "products", Purpose::products, MORE_OR_ALL),
              new Aspect<>("channels", "channels", Purpose::channels, MORE_OR_ALL),
              new Aspect<>("programme", "programme", Purpose::programme, MATERIAL),
              new Aspect<>("before", "before", Purpose::before, MORE),
              new Aspect<>("exception", "exception", Purpose::exception, Parts::exception),
              new Aspect<>("breakGlass", "break-glass", Purpose::breakGlass, Parts::emergency),
              new Aspect<>(
                  "sensitiveCondition",
                  "sensitive-because",
                  Purpose::sensitiveCondition,
                  ABSENT_IS_NARROWER)));

  static final Part<Role> ROLE =
      new Part<>(
          "role",
          Role.class,
          Role::id,
          Weight.MATERIAL,
          Weight.NARROWING,
          List.of(
              new Aspect<>("collects", "collects", Role::collects, MORE),
              new Aspect<>("purposes", "purposes", Role::purposes, MORE),
              new Aspect<>("sees", "sees", Role::sees, LATER_IS_NARROWER),
              new Aspect<>("mayReveal", "may-reveal", Role::mayReveal, MORE),
              new Aspect<>("undertaking", "undertaking", Role::undertaking, GIVEN_IS_NARROWER),
              new Aspect<>("heldBy", "held-by", Role::heldBy, narrowestIs(HeldBy.SERVICE))));

  static final Part<Source> SOURCE =
      new Part<>(
          "source",
          Source.class,
          Source::id,
          Weight.MATERIAL,
          Weight.NARROWING,
          List.of(
              new Aspect<>(
                  "from",
                  "agreement from",
                  Source::from,
                  (before, after) -> narrows(((LocalDate) after).isAfter((LocalDate) before))),
              new Aspect<>(
                  "until",
                  "agreement until",
                  Source::until,
                  (before, after) -> narrows(((LocalDate) after).isBefore((LocalDate) before))),
              new Aspect<>("fields", "fields", Source::fields, MORE)));

  static final Part<Sharing> SHARING =
      new Part<>(
          "policy",
          Sharing.class,
          _ -> "",
          Weight.MATERIAL,
          Weight.MATERIAL,
          List.of(
              new Aspect<>(
                  "transfer",
                  "transfer",
                  Sharing::transfer,
                  narrowestIs(Optional.of(Transfer.NEVER)))));

  static final Part<Company> COMPANY =
      new Part<>(
          "company",
          Company.class,
          Company::id,
          Weight.MATERIAL,
          Weight.NARROWING,
          List.of(
              new Aspect<>("name", "name", Company::name, MATERIAL),
              new Aspect<>(
                  "controlledBy",
                  "controlled-by",
                  company -> Set.copyOf(company.controlledBy()),
                  MORE)));

  static final Part<Recipient> RECIPIENT =
      new Part<>(
          "recipient",
          Recipient.class,
          Recipient::id,
          Weight.MATERIAL,
          Weight.NARROWING,
          List.of(
              new Aspect<>("clause", "clause", Recipient::clause, MATERIAL),
              new Aspect<>("kind", "kind", Recipient::kind, MATERIAL),
              new Aspect<>("company", "company", Recipient::company, MATERIAL),
              new Aspect<>(
                  "actsAs",
                  "acts-as",
                  Recipient::actsAs,
                  (before, after) -> LATER_IS_NARROWER.apply(after, before)),
              new Aspect<>(
                  "sharedBecause",
                  "case",
                  Recipient::sharedBecause,
                  narrowestIs(Sharing.Case.CONSENT)),
              new Aspect<>("destinations", "destinations", Recipient::destinations, MORE),
              new Aspect<>("safeguards", "safeguards", Recipient::safeguards, FEWER),
              new Aspect<>("purposes", "purposes", Recipient::purposes, MORE),
              new Aspect<>("fields", "fields", Recipient::fields, MORE),
              new Aspect<>("handedOverBy", "handed-over-by", Recipient::handedOverBy, MORE),
              new Aspect<>("agreement", "agreement", Recipient::agreement, EDITORIAL)));

  static final Part<Minors> MINORS =
      new Part<>(
          "minors",
          Minors.class,
          _ -> "",
          Weight.MATERIAL,
          Weight.MATERIAL,
          List.of(
              new Aspect<>("under", "under", Minors::under, NOWHERE_LOWER_IS_NARROWER),
              new Aspect<>(
                  "sensitiveUnder",
                  "sensitive-under",
                  Minors::sensitiveUnder,
                  NOWHERE_LOWER_IS_NARROWER),
              new Aspect<>(
                  "unknownAge", "unknown-age", Minors::unknownAge, narrowestIs(UnknownAge.MINOR)),
              new Aspect<>("ageFrom", "age-from", Minors::ageFrom, FEWER)));

  // ---------------------------------------------------------------- duties

  static final Part<Duties.Incidents> INCIDENTS =
      new Part<>(
          "incidents",
          Duties.Incidents.class,
          _ -> "",
          Weight.NARROWING,
          Weight.MATERIAL,
          List.of(
              new Aspect<>("channels", "notify", Duties.Incidents::channels, Parts::ways),
              new Aspect<>(
                  "announceAbove",
                  "announce-above",
                  Duties.Incidents::announceAbove,
                  Parts::lowerNumber),
              new Aspect<>("people", "people", Duties.Incidents::people, Parts::shorterTerm),
              new Aspect<>(
                  "regulator", "regulator", Duties.Incidents::regulator, Parts::shorterTerm),
              new Aspect<>(
                  "outsideCauses", "outside-causes", Duties.Incidents::outsideCauses, MORE)));

  static final Part<Duties.Requests> REQUESTS =
      new Part<>(
          "requests",
          Duties.Requests.class,
          _ -> "",
          Weight.NARROWING,
          Weight.MATERIAL,
          List.of(
              new Aspect<>(
                  "confirmWithin",
                  "confirm-within",
                  Duties.Requests::confirmWithin,
                  Parts::shorterTerm),
              new Aspect<>(
                  "answerWithin",
                  "answer-within",
                  Duties.Requests::answerWithin,
                  Parts::shorterTerm),
              new Aspect<>("extendBy", "extend-by", Duties.Requests::extendBy, Parts::extension),
              new Aspect<>(
                  "optOutWithin",
                  "opt-out-within",
                  Duties.Requests::optOutWithin,
                  Parts::shorterTerm),
              new Aspect<>(
                  "closingWithin",
                  "closing-within",
                  Duties.Requests::closingWithin,
                  Parts::shorterTerm),
              new Aspect<>(
                  "complaintsWithin",
                  "complaints-within",
                  Duties.Requests::complaintsWithin,
                  Parts::shorterTerm)));

  static final Part<Duties.Revision> REVISION =
      new Part<>(
          "revision",
          Duties.Revision.class,
          _ -> "",
          Weight.NARROWING,
          Weight.MATERIAL,
          List.of(
              new Aspect<>(
                  "notice",
                  "notice",
                  Duties.Revision::notice,
                  (before, after) -> narrows(((Term) before).isNeverLongerThan((Term) after))),
              new Aspect<>(
                  "continuedUse",
                  "continued-use-accepts",
                  Duties.Revision::continuedUse,
                  narrowestIs(Duties.ContinuedUse.NOTHING))));

  static final Part<Duties.Leaving> LEAVING =
      new Part<>(
          "leaving",
          Duties.Leaving.class,
          _ -> "",
          Weight.MATERIAL,
          Weight.NARROWING,
          List.of(
              new Aspect<>("recovery", "recovery", Duties.Leaving::recovery, Parts::delay),
              new Aspect<>("closing", "closing", Parts::closing, MORE)));

  private Parts() {}

  /** Each condition with its product. */
  private static Set<String> closing(Duties.Leaving leaving) {
    return leaving.closing().entrySet().stream()
        .flatMap(
            product ->
                product.getValue().stream().map(condition -> product.getKey() + ": " + condition))
        .collect(Collectors.toSet());
  }

  /** Who goes is kept less if they are kept shorter, and not at all least. */
  private static Weight delay(Object before, Object after) {
    Optional<?> then = (Optional<?>) before;
    Optional<?> now = (Optional<?>) after;
    return narrows(
        now.isEmpty() || (then.isPresent() && isNoLonger((Period) now.get(), (Period) then.get())));
  }

  /** To be asked goes less far than to have to refuse, and that less far than no say. */
  private static Weight control(Object before, Object after) {
    return narrows(((Control) after).goesNoFurtherThan((Control) before));
  }

  /** An exception is something to be met; without it the purpose waits for nobody's approval. */
  private static Weight exception(Object before, Object after) {
    Optional<LegalException> then = ((Optional<?>) before).map(LegalException.class::cast);
    Optional<LegalException> now = ((Optional<?>) after).map(LegalException.class::cast);
    return narrows(
        now.isPresent()
            && then.map(now.get()::goesNoFurtherThan).orElseGet(now.get()::goesNoFurtherThanNone));
  }

  /** So is what an emergency asks for. */
  private static Weight emergency(Object before, Object after) {
    Optional<BreakGlass> then = ((Optional<?>) before).map(BreakGlass.class::cast);
    Optional<BreakGlass> now = ((Optional<?>) after).map(BreakGlass.class::cast);
    return narrows(now.isPresent() && then.map(now.get()::goesNoFurtherThan).orElse(true));
  }

  /** A shorter delay goes less far, and none least. */
  private static Weight extension(Object before, Object after) {
    Optional<?> then = (Optional<?>) before;
    Optional<?> now = (Optional<?>) after;
    return narrows(
        now.isEmpty()
            || (then.isPresent() && ((Term) now.get()).isNeverLongerThan((Term) then.get())));
  }

  /** A shorter term goes less far; a promise that was not made before does too. */
  private static Weight shorterTerm(Object before, Object after) {
    Optional<?> then = (Optional<?>) before;
    Optional<?> now = (Optional<?>) after;
    return narrows(
        now.isPresent()
            && (then.isEmpty() || ((Term) now.get()).isNeverLongerThan((Term) then.get())));
  }

  /** People left alone sooner are left alone more. */
  private static Weight shorterPeriod(Object before, Object after) {
    Optional<?> then = (Optional<?>) before;
    Optional<?> now = (Optional<?>) after;
    return narrows(
        now.isPresent() && (then.isEmpty() || isNoLonger((Period) now.get(), (Period) then.get())));
  }

  /** Another order may be another way of being told first. */
  private static Weight ways(Object before, Object after) {
    boolean more = ((List<?>) after).size() > ((List<?>) before).size();
    return narrows(more && ((List<?>) after).subList(0, ((List<?>) before).size()).equals(before));
  }

  /** So does a lower number, and one where there was none. */
  private static Weight lowerNumber(Object before, Object after) {
    OptionalInt then = (OptionalInt) before;
    OptionalInt now = (OptionalInt) after;
    return narrows(now.isPresent() && (then.isEmpty() || now.getAsInt() < then.getAsInt()));
  }
}
