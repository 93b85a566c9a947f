package dev.pledge.policy.decision;

import dev.pledge.policy.decision.Policy.UnknownAge;
import dev.pledge.policy.decision.SubjectState.Age;

/** Whom the policy treats as a child, and as a child about whom everything is sensitive (VI). */
final class AgeRules {
  private final UnknownAge unknownAge;

  AgeRules(Policy policy) {
    this.unknownAge = policy.minors().unknownAge();
  }

  boolean isChild(SubjectState state) {
    return switch (state.age()) {
      case MINOR, SENSITIVE_MINOR -> true;
      case ADULT -> false;
      case UNKNOWN -> unknownAge == UnknownAge.MINOR;
    };
  }

  /** A child whose age nobody knows may be below the sensitive age too (VI.4). */
  boolean isEverythingSensitive(SubjectState state) {
    return state.age() == Age.SENSITIVE_MINOR || (state.age() == Age.UNKNOWN && isChild(state));
  }
}
