package dev.pledge.policy.names;

import java.util.Optional;

/**
 * How a value is shown to someone who need not see it whole (II.II.5). Every mask is total:
 * whatever the value, what comes out is never the value itself.
 */
public enum Mask {
  /** The first letter of a name; how long the name is does not show. */
  NAME("name"),
  /** Only the year of a date. */
  YEAR("year"),
  /** The ten-year span an age falls in; from 90 on all ages are one. */
  DECADE("decade"),
  /** First character of an e-mail's local part, and the domain. */
  EMAIL("email"),
  /** Country code of a phone number and its last two digits. */
  PHONE("phone"),
  /** Of an address the city without street; of a position an area of some ten kilometres. */
  CITY("city"),
  /** Issuing region of an id number, the rest replaced. */
  ID_NUMBER("id-number"),
  /** The last four digits of a card. */
  BANK_CARD("bank-card"),
  /** The last characters of a long machine identifier, nothing of a short one. */
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
