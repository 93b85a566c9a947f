package dev.pledge.policy.decision;

import dev.pledge.policy.decision.Policy.BreakGlass;
import dev.pledge.policy.decision.Policy.Category;
import dev.pledge.policy.decision.Policy.Control;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.From;
import dev.pledge.policy.decision.Policy.HeldBy;
import dev.pledge.policy.decision.Policy.LegalException;
import dev.pledge.policy.decision.Policy.Lookup;
import dev.pledge.policy.decision.Policy.Nature;
import dev.pledge.policy.decision.Policy.Pooling;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Policy.Retention;
import dev.pledge.policy.decision.Policy.Role;
import dev.pledge.policy.decision.Policy.Scope;
import dev.pledge.policy.decision.Policy.Sensitivity;
import dev.pledge.policy.decision.Policy.Source;
import dev.pledge.policy.decision.Policy.TellPerson;
import dev.pledge.policy.decision.Policy.UnknownAge;
import dev.pledge.policy.decision.Sharing.Case;
import dev.pledge.policy.decision.Sharing.Recipient;
import dev.pledge.policy.names.CompanyId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.Mask;
import dev.pledge.policy.names.ProductId;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Whether a grant given under {@code then} covers what {@code now} makes of it, read literally: it
 * does while nothing that concerns the purpose is looser now (II.II.6).
 */
record PlainMeaning(Policy then, Policy now) {

  boolean covers(Purpose purpose) {
    Purpose before = null;
    for (Purpose each : then.purposes()) {
      before = each.id().equals(purpose.id()) ? each : before;
    }
    if (before == null || controllerChanged() || childrenLoosened() || dormantLater()) {
      return false;
    }
    if (loosened(before, purpose)) {
      return false;
    }
    for (FieldId field : purpose.uses()) {
      if (!then.categories().stream().anyMatch(category -> has(category, field))
          || fieldLoosened(field)) {
        return false;
      }
    }
    for (Role role : now.roles()) {
      if (role.purposes().contains(purpose.id()) && roleLoosened(role, purpose)) {
        return false;
      }
    }
    for (Recipient recipient : now.sharing().recipients()) {
      if (recipient.purposes().contains(purpose.id()) && receivesMore(recipient, purpose)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the product takes no more of what others collected than was said. */
  boolean takesNoMore(ProductId product) {
    if (controllerChanged()) {
      return false;
    }
    if (now.pooling() == Pooling.NEVER) {
      return true;
    }
    if (then.pooling() == Pooling.NEVER) {
      return false;
    }
    for (Purpose purpose : now.purposes()) {
      boolean pooled = false;
      if (!purpose.products().isEmpty() && !purpose.products().contains(product)) {
        continue;
      }
      for (FieldId field : purpose.uses()) {
        pooled |= category(now, field).scope() == Scope.PRODUCT;
      }
      boolean needsNoWord =
          purpose.nature() == Nature.SECURITY || PlainRules.waitsForNobody(purpose);
      if (pooled && !needsNoWord && !covers(purpose)) {
        return false;
      }
    }
    return true;
  }

  private boolean controllerChanged() {
    return !then.controller().name().equals(now.controller().name());
  }

  private boolean childrenLoosened() {
    boolean ageIgnored = !now.minors().ageFrom().containsAll(then.minors().ageFrom());
    boolean unknownAreAdults =
        now.minors().unknownAge() == UnknownAge.ADULT
            && then.minors().unknownAge() == UnknownAge.MINOR;
    return lowered(then.minors().under(), now.minors().under())
        || lowered(then.minors().sensitiveUnder(), now.minors().sensitiveUnder())
        || unknownAreAdults
        || ageIgnored;
  }

  /** Whether somebody at one of the places that make a difference meets a lower age. */
  private static boolean lowered(Ages before, Ages after) {
    boolean lowered = false;
    for (String place : InventedPolicies.PLACES) {
      lowered |= age(after, place) < age(before, place);
    }
    return lowered;
  }

  private static int age(Ages ages, String country) {
    if (ages.byJurisdiction().containsKey(country)) {
      return ages.byJurisdiction().get(country);
    }
    for (Map.Entry<String, String> covered : ages.within().entrySet()) {
      if (covered.getKey().equals(country)) {
        return ages.byJurisdiction().get(covered.getValue());
      }
    }
    int highest = ages.highest();
    for (int one : ages.byJurisdiction().values()) {
      highest = Math.max(highest, one);
    }
    return highest;
  }

  private boolean dormantLater() {
    return then.dormancy().isPresent()
        && (now.dormancy().isEmpty()
            || then.dormancy().get().minus(now.dormancy().get()).normalized().isNegative());
  }

  private static boolean loosened(Purpose before, Purpose after) {
    boolean conditionAdded =
        after.sensitiveCondition().isPresent()
            && !after.sensitiveCondition().equals(before.sensitiveCondition());
    return !after.clause().equals(before.clause())
        || after.basis() != before.basis()
        || lessSay(before.control(), after.control())
        || after.nature() != before.nature()
        || !after.programme().equals(before.programme())
        || easierExcepted(before, after)
        || lessReviewed(before, after)
        || after.view().ordinal() < before.view().ordinal()
        || !before.uses().containsAll(after.uses())
        || !before.before().containsAll(after.before())
        || widened(before.products(), after.products())
        || widened(before.channels(), after.channels())
        || conditionAdded;
  }

  private static boolean lessSay(Control before, Control after) {
    return (before == Control.OPT_IN && after != Control.OPT_IN)
        || (before == Control.OPT_OUT && after == Control.NONE);
  }

  private static boolean easierExcepted(Purpose before, Purpose after) {
    if (after.exception().isEmpty()) {
      return before.exception().isPresent();
    }
    LegalException is = after.exception().get();
    if (before.exception().isEmpty()) {
      return is.tells() != TellPerson.AT_ONCE;
    }
    LegalException was = before.exception().get();
    return !is.approver().equals(was.approver())
        || (was.fieldsNamed() && !is.fieldsNamed())
        || (was.tells() == TellPerson.AT_ONCE && is.tells() != TellPerson.AT_ONCE)
        || (was.tells() == TellPerson.AFTER && is.tells() == TellPerson.NEVER);
  }

  private static boolean lessReviewed(Purpose before, Purpose after) {
    if (after.breakGlass().isEmpty() || before.breakGlass().isEmpty()) {
      return before.breakGlass().isPresent();
    }
    BreakGlass is = after.breakGlass().get();
    BreakGlass was = before.breakGlass().get();
    return !is.reviewer().equals(was.reviewer())
        || is.reviewWithin().compareTo(was.reviewWithin()) > 0;
  }

  /** No names at all stand for every one. */
  private static boolean widened(Set<?> before, Set<?> after) {
    if (before.isEmpty()) {
      return false;
    }
    return after.isEmpty() || !before.containsAll(after);
  }

  private boolean fieldLoosened(FieldId id) {
    Category before = category(then, id);
    Category after = category(now, id);
    Field was = field(before, id);
    Field is = field(after, id);
    boolean clearerMask = is.mask() != was.mask() && is.mask() != Mask.HIDDEN;
    boolean lessSensitive =
        was.sensitivity() == Sensitivity.SENSITIVE && is.sensitivity() == Sensitivity.ORDINARY;
    boolean foundByIt = was.lookup() == Lookup.NONE && is.lookup() == Lookup.ALIAS;
    boolean shared = before.scope() == Scope.PRODUCT && after.scope() == Scope.ACCOUNT;
    return is.type() != was.type()
        || !was.choices().containsAll(is.choices())
        || clearerMask
        || lessSensitive
        || foundByIt
        || shared
        || after.kind() != before.kind()
        || after.about() != before.about()
        || !before.methods().containsAll(after.methods())
        || !after.requires().containsAll(before.requires())
        || suppliedByOthers(id)
        || keptLonger(id);
  }

  private boolean suppliedByOthers(FieldId id) {
    Set<Object> before = new HashSet<>();
    for (Source source : then.sources()) {
      if (source.fields().contains(id)) {
        before.add(source.id());
      }
    }
    for (Source source : now.sources()) {
      if (source.fields().contains(id) && !before.contains(source.id())) {
        return true;
      }
    }
    return false;
  }

  /** Each end there was has to be there still, from the same start and not later. */
  private boolean keptLonger(FieldId id) {
    for (Retention before : then.retention()) {
      boolean ends = !before.of().contains(id);
      for (Retention after : now.retention()) {
        ends |=
            after.of().contains(id)
                && after.from() == before.from()
                && !before.keep().minus(after.keep()).normalized().isNegative();
      }
      if (!ends) {
        return true;
      }
      if (before.of().contains(id) && before.from() == From.END_OF_PURPOSE && servesMore(id)) {
        return true;
      }
    }
    return false;
  }

  private boolean servesMore(FieldId id) {
    boolean more = false;
    for (Purpose after : now.purposes()) {
      boolean served = !after.uses().contains(id);
      for (Purpose before : then.purposes()) {
        served |=
            before.id().equals(after.id())
                && before.uses().contains(id)
                && !loosened(before, after);
      }
      more |= !served;
    }
    return more;
  }

  private boolean roleLoosened(Role role, Purpose purpose) {
    Role before = null;
    for (Role each : then.roles()) {
      before = each.id().equals(role.id()) ? each : before;
    }
    if (before == null || !before.purposes().contains(purpose.id())) {
      return true;
    }
    boolean peopleToo = before.heldBy() == HeldBy.SERVICE && role.heldBy() == HeldBy.ANYONE;
    boolean unsigned =
        before.undertaking().isPresent() && !before.undertaking().equals(role.undertaking());
    boolean revealsMore = false;
    for (FieldId field : role.mayReveal()) {
      revealsMore |= purpose.uses().contains(field) && !before.mayReveal().contains(field);
    }
    return role.sees().ordinal() < before.sees().ordinal() || peopleToo || unsigned || revealsMore;
  }

  private boolean receivesMore(Recipient recipient, Purpose purpose) {
    Recipient before = null;
    for (Recipient each : then.sharing().recipients()) {
      before = each.id().equals(recipient.id()) ? each : before;
    }
    if (before == null || !before.purposes().contains(purpose.id())) {
      return true;
    }
    boolean moreFields = false;
    for (FieldId field : recipient.fields()) {
      moreFields |= purpose.uses().contains(field) && !before.fields().contains(field);
    }
    boolean otherCase =
        recipient.sharedBecause() != before.sharedBecause()
            && recipient.sharedBecause() != Case.CONSENT;
    return moreFields
        || otherCase
        || !recipient.clause().equals(before.clause())
        || recipient.kind() != before.kind()
        || recipient.actsAs().ordinal() > before.actsAs().ordinal()
        || !before.destinations().containsAll(recipient.destinations())
        || !recipient.safeguards().containsAll(before.safeguards())
        || !before.handedOverBy().containsAll(recipient.handedOverBy())
        || !recipient.company().equals(before.company())
        || (recipient.company().isPresent() && moreOfTheGroup(recipient.company().get()));
  }

  /** Another name, or some day on which the company is an affiliate now and was none then. */
  private boolean moreOfTheGroup(CompanyId company) {
    PlainSharing before = new PlainSharing(then.sharing());
    PlainSharing after = new PlainSharing(now.sharing());
    Set<LocalDate> days = before.changes();
    days.addAll(after.changes());
    boolean more = !after.nameOf(company).equals(before.nameOf(company));
    for (LocalDate day : days) {
      more |= after.isAffiliate(company, day) && !before.isAffiliate(company, day);
    }
    return more;
  }

  private static Category category(Policy policy, FieldId id) {
    return policy.categories().stream()
        .filter(category -> has(category, id))
        .findFirst()
        .orElseThrow();
  }

  private static boolean has(Category category, FieldId id) {
    return category.fields().stream().anyMatch(field -> field.id().equals(id));
  }

  private static Field field(Category category, FieldId id) {
    return category.fields().stream()
        .filter(field -> field.id().equals(id))
        .findFirst()
        .orElseThrow();
  }
}
