package dev.pledge.policy.names;

import java.util.Optional;

/**
 * How clearly a value is seen, from clearest to least clear: the order of the constants is the
 * order of strictness, and of two views the later one wins.
 */
public enum View {
  CLEAR("clear"),
  MASKED("masked"),
  DE_IDENTIFIED("de-identified");

  private final String word;

  View(String word) {
    this.word = word;
  }

  /** The word a policy file and an answer use. */
  public String word() {
    return word;
  }

  /** The stricter of the two. */
  public View or(View other) {
    return compareTo(other) >= 0 ? this : other;
  }

  /** The view a policy file means by {@code word}, or empty. */
  public static Optional<View> of(String word) {
    for (View view : values()) {
      if (view.word.equals(word)) {
        return Optional.of(view);
      }
    }
    return Optional.empty();
  }
}
