package dev.pledge.policy.decision;

import dev.pledge.policy.decision.PlainEvaluator.Fate;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.View;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The second evaluator for one product: it tries {@linkplain PlainRules the rules} one after the
 * other for every field anew, under every version that binds, and nothing is prepared or shared.
 */
final class PlainProduct {
  private final List<PlainRules> versions;

  /** Each earlier version as it binds beside a later one. */
  private final Map<List<PlainRules>, PlainRules> renewed = new HashMap<>();

  PlainProduct(List<PlainRules> versions) {
    this.versions = new ArrayList<>(versions);
    this.versions.sort(Comparator.comparing(PlainRules::effective));
  }

  /** What becomes of the field, asked alone or among others. */
  Fate decide(Question question, SubjectState state, String field) {
    PlainRules current = inForce(state.now());
    if (current == null) {
      return Fate.refused(Reason.NOT_IN_FORCE);
    }
    Reason undeclared = current.declared(question, field);
    if (undeclared != null) {
      return Fate.refused(undeclared);
    }
    if (PlainRules.isRight(question)) {
      return right(current, question, state, field);
    }
    Reason unneeded = current.needToKnow(question, field);
    if (unneeded != null) {
      return Fate.refused(unneeded);
    }
    return question.act() == Act.COLLECT
        ? collection(current, question, state, field)
        : use(current, question, state, field);
  }

  /** Whoever is erased was never known; otherwise rule 0 alone counts. */
  private static Fate right(
      PlainRules current, Question question, SubjectState state, String field) {
    Reason reason =
        state.status() == SubjectState.Status.ERASED
            ? Reason.ERASED
            : current.self(question, state, field);
    if (reason != null) {
      return Fate.refused(reason);
    }
    Purpose named = current.purposeNamed(question.purpose());
    return new Fate(null, PlainRules.viewOfOneself(question), named == null ? null : named.id());
  }

  private Fate use(PlainRules current, Question question, SubjectState state, String field) {
    Purpose purpose = current.purposeNamed(question.purpose());
    boolean accepted = isAccepted(current, state);
    Reason refused = current.use(question, field, state, accepted);
    View view = refused == null ? current.view(question, field) : null;
    if (refused == null && view == null) {
      refused = Reason.DIRECT_IDENTIFIER;
    }
    if (refused != null) {
      return Fate.refused(refused);
    }
    for (PlainRules earlier : bindingFor(purpose, current, state)) {
      Reason reason = earlier.declared(question, field);
      reason = reason != null ? reason : earlier.needToKnow(question, field);
      reason = reason != null ? reason : earlier.use(question, field, state, true);
      View before = reason == null ? earlier.view(question, field) : null;
      if (before == null) {
        return Fate.refused(notYetAccepted(reason));
      }
      view = PlainRules.stricter(view, before);
    }
    return new Fate(null, view, purpose.id());
  }

  /** What the earlier version lacks: somebody's word, or else the acceptance of the later one. */
  private static Reason notYetAccepted(Reason before) {
    boolean word =
        before != null && (before.rule() == Rule.GUARDIAN || before.rule() == Rule.CONSENT);
    return word ? before : Reason.NOT_ACCEPTED;
  }

  private Fate collection(PlainRules current, Question question, SubjectState state, String field) {
    List<Reason> refusals = new ArrayList<>();
    Purpose ground = null;
    for (Purpose purpose : current.purposesListing(field)) {
      if (!PlainRules.isGroundToStore(purpose)) {
        continue;
      }
      Reason refusal = ground(current, purpose, question, state, field);
      if (refusal != null) {
        refusals.add(refusal);
      } else if (ground == null || isBetter(purpose, ground, current, state)) {
        ground = purpose;
      }
    }
    if (ground == null) {
      return Fate.refused(refusals.isEmpty() ? Reason.NOT_LISTED : PlainRules.furthest(refusals));
    }
    Reason refused = current.suppressed(question, field, state);
    refused = refused != null ? refused : current.conditions(question, field, state.now());
    if (refused != null) {
      return Fate.refused(refused);
    }
    for (PlainRules earlier : bindingFor(ground, current, state)) {
      Reason reason = earlier.declared(question, field);
      reason = reason != null ? reason : earlier.needToKnow(question, field);
      reason = reason != null ? reason : earlier.conditions(question, field, state.now());
      if (reason != null) {
        return Fate.refused(Reason.NOT_ACCEPTED);
      }
    }
    return new Fate(null, View.CLEAR, ground.id());
  }

  /** Why the purpose is no ground to store the field, under every version that binds. */
  private Reason ground(
      PlainRules current, Purpose purpose, Question question, SubjectState state, String field) {
    String name = purpose.id().value();
    Reason refusal = current.ground(question, name, field, state, isAccepted(current, state));
    if (refusal != null) {
      return refusal;
    }
    for (PlainRules earlier : bindingFor(purpose, current, state)) {
      Purpose before = earlier.purposeNamed(name);
      boolean listed =
          before != null
              && PlainRules.isGroundToStore(before)
              && before.uses().contains(FieldId.of(field));
      Reason reason = listed ? earlier.ground(question, name, field, state, true) : null;
      if (!listed || reason != null) {
        return notYetAccepted(reason);
      }
    }
    return null;
  }

  /** During grace a ground that does not wait for acceptance is the better one. */
  private boolean isBetter(
      Purpose purpose, Purpose ground, PlainRules current, SubjectState state) {
    return !binding(current, state).isEmpty()
        && PlainRules.neverWaitsForAcceptance(purpose)
        && !PlainRules.neverWaitsForAcceptance(ground);
  }

  /** Why a value of the field, which a use opened, stays closed, or null. */
  Reason admits(
      Question question,
      SubjectState state,
      String field,
      ProductId collector,
      Instant collectedAt) {
    if (PlainRules.isRight(question)) {
      return null;
    }
    PlainRules current = inForce(state.now());
    Purpose purpose = current.purposeNamed(question.purpose());
    for (PlainRules earlier : bindingFor(purpose, current, state).reversed()) {
      Reason reason = earlier.value(question, field, collector, collectedAt, state);
      if (reason != null) {
        return reason;
      }
    }
    Reason reason = current.value(question, field, collector, collectedAt, state);
    return reason == null ? promised(current, field, collector, collectedAt, state) : reason;
  }

  /** What versions before the current one promised of the value, as long as they count. */
  private Reason promised(
      PlainRules current,
      String field,
      ProductId collector,
      Instant collectedAt,
      SubjectState state) {
    PlainRules since = null;
    for (PlainRules version : versions) {
      if (state.accepted().filter(version.policy().version()::equals).isPresent()) {
        since = version;
      }
    }
    PlainRules collected = inForce(collectedAt);
    since = since != null ? since : collected != null ? collected : versions.getFirst();
    for (PlainRules version : versions) {
      boolean counts =
          !version.effective().isBefore(since.effective())
              && version.effective().isBefore(current.effective());
      if (counts && version.letsGo(field, collector, collectedAt, state)) {
        return Reason.EXPIRED;
      }
    }
    return null;
  }

  // ------------------------------------------------------------------------------- versions

  /** The last version whose effective date has come. */
  private PlainRules inForce(Instant now) {
    PlainRules current = null;
    for (PlainRules version : versions) {
      current = now.isBefore(version.effective()) ? current : version;
    }
    return current;
  }

  private boolean isAccepted(PlainRules current, SubjectState state) {
    return accepted(current, state) != null;
  }

  /** The versions that bind beside the current one for the purpose, the latest first. */
  private List<PlainRules> bindingFor(Purpose purpose, PlainRules current, SubjectState state) {
    return PlainRules.neverWaitsForAcceptance(purpose) ? List.of() : binding(current, state);
  }

  private List<PlainRules> binding(PlainRules current, SubjectState state) {
    PlainRules accepted = accepted(current, state);
    List<PlainRules> binding = new ArrayList<>();
    if (accepted != null) {
      for (int i = versions.indexOf(current) - 1; i >= versions.indexOf(accepted); i--) {
        binding.add(renewed(versions.get(i), current));
      }
    }
    return binding;
  }

  private PlainRules renewed(PlainRules earlier, PlainRules current) {
    return renewed.computeIfAbsent(
        List.of(earlier, current),
        _ -> earlier.with(new PlainRenewal(earlier.policy(), current.policy()).renewed()));
  }

  /**
   * The version the person accepted, while none of those in force since has run out of grace; the
   * current one if they accepted one still to come.
   */
  private PlainRules accepted(PlainRules current, SubjectState state) {
    PlainRules accepted = null;
    for (PlainRules version : versions) {
      boolean inForce = !state.now().isBefore(version.effective());
      if (accepted != null && inForce && !state.now().isBefore(version.graceEnds())) {
        return null;
      }
      if (state.accepted().isPresent()
          && state.accepted().get().equals(version.policy().version())) {
        accepted = inForce ? version : current;
        if (!inForce) {
          return current;
        }
      }
    }
    return accepted;
  }
}
