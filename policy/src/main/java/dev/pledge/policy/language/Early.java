package dev.pledge.policy.language;

import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.decision.Policy.About;
import dev.pledge.policy.decision.Policy.Basis;
import dev.pledge.policy.decision.Policy.Before;
import dev.pledge.policy.decision.Policy.Category;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.From;
import dev.pledge.policy.decision.Policy.Kind;
import dev.pledge.policy.decision.Policy.Nature;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.language.Node.Scalar;
import dev.pledge.policy.names.FieldId;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Checks the purposes that do not wait for acceptance or a guardian: those that say so use what
 * asking for them needs and nothing else, and what is stored for any of them ends by itself when
 * nobody ever answers (0.1, IV.1, VI.1).
 */
final class Early {
  private static final String GUARDIAN = "VI.1";

  private final Problems problems;
  private final Declared declared;
  private final Policy policy;

  /** Fields by which people sign in: what points at them, and has one value. */
  private final Set<FieldId> signIn = new HashSet<>();

  /** Fields a guardian is asked with: about somebody else, or telling the person's age. */
  private final Set<FieldId> request = new HashSet<>();

  /** Fields of many values, which end from collection alone. */
  private final Set<FieldId> series = new HashSet<>();

  private final Set<FieldId> reported = new HashSet<>();

  Early(Reading reading, Policy policy) {
    this.problems = reading.problems();
    this.declared = reading.declared();
    this.policy = policy;
    request.addAll(policy.minors().ageFrom());
    for (Category category : policy.categories()) {
      for (Field field : category.fields()) {
        if (category.kind() == Kind.EVENT_SERIES) {
          series.add(field.id());
        }
        // Where `age-from` is missing, that has been told.
        boolean tellsAge = policy.minors().ageFrom().isEmpty() && field.type().tellsAge();
        if (category.about() == About.ANOTHER || tellsAge) {
          request.add(field.id());
        } else if (field.type().findsPeople() && category.kind() == Kind.PROFILE) {
          signIn.add(field.id());
        }
      }
    }
  }

  void check() {
    for (Purpose purpose : policy.purposes()) {
      Scalar at = declared.purposes().get(purpose.id());
      if (at == null) {
        continue;
      }
      if (purpose.before().contains(Before.GUARDIAN_CONSENT)) {
        checkGuardian(purpose, at);
      } else if (purpose.before().contains(Before.ACCEPTANCE)) {
        checkAcceptance(purpose, at);
      } else if (isCompelled(purpose)) {
        sorted(purpose).forEach(this::checkEndBeforeAcceptance);
      }
    }
  }

  /**
   * Whether the law orders to store for the purpose, and so waits for nobody. Under II.I.7 it only
   * opens what is stored, or keeps records, and how long those are kept is the law's word, too.
   */
  private static boolean isCompelled(Purpose purpose) {
    return purpose.basis() == Basis.LEGAL_OBLIGATION
        && !purpose.clause().value().equals(PurposeReader.EXCEPTIONS)
        && purpose.exception().isEmpty()
        && purpose.nature() != Nature.RECORD_KEEPING;
  }

  private void checkGuardian(Purpose purpose, Scalar at) {
    if (!purpose.clause().value().equals(GUARDIAN) && !purpose.clause().equals(Reading.UNREAD)) {
      problems.error(
          at,
          "purpose `" + purpose.id() + "` does not wait for a guardian and keeps another clause",
          "write `clause: VI.1`, or remove `before-guardian`");
    }
    if (purpose.basis().isCompelling()) {
      problems.error(
          at,
          "purpose `" + purpose.id() + "` asks a guardian, and would go on for people of any age",
          "write `basis: contract`; a legal obligation waits for no guardian anyway");
    }
    told(
        purpose,
        at,
        request,
        "asks a guardian",
        "a request does not need (VI.1)",
        "use fields of a category `about: another`, or of `age-from`");
    needed(purpose, request)
        .forEach(field -> checkEnd(field, "before a guardian agrees", EnumSet.of(From.COLLECTION)));
  }

  private static List<FieldId> needed(Purpose purpose, Set<FieldId> fitting) {
    return sorted(purpose).stream().filter(fitting::contains).toList();
  }

  /** Reports what the purpose uses and has no need of, all at once. */
  private void told(
      Purpose purpose, Scalar at, Set<FieldId> fitting, String is, String what, String remedy) {
    String others =
        sorted(purpose).stream()
            .filter(field -> !fitting.contains(field))
            .map(field -> "`" + field + "`")
            .collect(Collectors.joining(", "));
    if (!others.isEmpty()) {
      problems.error(
          at,
          "purpose `" + purpose.id() + "` " + is + " and uses " + others + ", which " + what,
          remedy);
    }
  }

  private void checkAcceptance(Purpose purpose, Scalar at) {
    told(
        purpose,
        at,
        signIn,
        "does not wait for acceptance",
        "nobody signs in by (0.1)",
        purpose.clause().value().equals(GUARDIAN)
            ? "add `before-guardian: true` if it asks a guardian, or remove `before-acceptance`"
            : "use the person's own profile fields of type `email`, `phone` or `external-id`, or"
                + " remove `before-acceptance`");
    needed(purpose, signIn).forEach(this::checkEndBeforeAcceptance);
  }

  private void checkEndBeforeAcceptance(FieldId field) {
    checkEnd(field, "before acceptance", EnumSet.of(From.COLLECTION, From.UNACCEPTED));
  }

  private static List<FieldId> sorted(Purpose purpose) {
    return purpose.uses().stream().sorted().toList();
  }

  /** What nobody ever answered for has to end by itself. */
  private void checkEnd(FieldId field, String when, Set<From> starts) {
    boolean ends =
        policy.retention().stream()
            .anyMatch(kept -> starts.contains(kept.from()) && kept.of().contains(field));
    Scalar at = declared.fields().get(field);
    if (!ends && at != null && reported.add(field)) {
      problems.error(
          at,
          "field `" + field + "` is stored " + when + " and does not end by itself (IV.1)",
          "add a retention of it `from: "
              + (starts.contains(From.UNACCEPTED) && !series.contains(field)
                  ? "unaccepted"
                  : "collection")
              + "`");
    }
  }
}
