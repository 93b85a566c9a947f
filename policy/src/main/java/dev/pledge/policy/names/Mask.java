package dev.pledge.policy.names;

import java.util.Optional;

/**
 * How a value is shown to someone who need not see it whole (II.II.5). Every mask is total:
 * whatever the value, what comes out is never the value itself.
 */
public enum Mask {
  /** First character of the given form, the rest replaced. */
  NAME("name"),
  /** Only the year of a date. */
  YEAR("year"),
  /** The ten-year span an age falls in. */
  DECADE("decade"),
  /** First character of the local part, and the domain. */
  EMAIL("email"),
  /** Country code and the last two digits. */
  PHONE("phone"),
  /** The place without street or exact point. */
  CITY("city"),
  /** Issuing region of an id number, the rest replaced. */
  ID_NUMBER("id-number"),
  /** The last four digits of a card. */
  BANK_CARD("bank-card"),
  /** The last characters of a machine identifier. */
  TAIL("tail"),
  /** Nothing of the value: a fixed sign. */
  HIDDEN("hidden");

  private final String word;

  Mask(String word) {
    this.word = word;
  }

  /** The word a policy file uses. */
  public String word() {
    return word;
  }

  /** The mask a policy file means by {@code word}, or empty. */
  public static Optional<Mask> of(String word) {
    for (Mask mask : values()) {
      if (mask.word.equals(word)) {
        return Optional.of(mask);
      }
    }
    return Optional.empty();
  }
}
