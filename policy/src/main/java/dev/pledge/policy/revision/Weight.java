package dev.pledge.policy.revision;

/** What a change means to people; the heaviest first. */
public enum Weight {
  /** It may go further than before, so it has to be agreed to anew where agreement is needed. */
  MATERIAL,
  /** It goes less far: nobody has to be asked. */
  NARROWING,
  /** Words and addresses; what is done with data stays the same. */
  EDITORIAL;

  /** The heavier of two. */
  Weight or(Weight other) {
    return compareTo(other) <= 0 ? this : other;
  }
}
