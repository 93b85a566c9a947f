package dev.pledge.policy.names;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What kind of value a field holds. The policy names one per field; it fixes how a value is
 * validated and normalised, which masks fit, and whether the value points at a person by itself.
 *
 * <p>Source: I.1 to I.4 (typed fields), II.II.2 (direct identifiers never survive
 * de-identification).
 */
public enum FieldType {
  NAME("name", Identifies.DIRECTLY, EnumSet.of(Mask.NAME, Mask.HIDDEN)),
  DATE("date", Identifies.TOGETHER, EnumSet.of(Mask.YEAR, Mask.HIDDEN)),
  AGE("age", Identifies.TOGETHER, EnumSet.of(Mask.DECADE, Mask.HIDDEN)),
  EMAIL("email", Identifies.DIRECTLY, EnumSet.of(Mask.EMAIL, Mask.HIDDEN)),
  PHONE("phone", Identifies.DIRECTLY, EnumSet.of(Mask.PHONE, Mask.HIDDEN)),
  POSTAL_ADDRESS("postal-address", Identifies.DIRECTLY, EnumSet.of(Mask.CITY, Mask.HIDDEN)),
  BANK_CARD("bank-card", Identifies.DIRECTLY, EnumSet.of(Mask.BANK_CARD, Mask.HIDDEN)),
  CN_RESIDENT_ID("cn-resident-id", Identifies.DIRECTLY, EnumSet.of(Mask.ID_NUMBER, Mask.HIDDEN)),
  /** One of the words the field lists under {@code values}. */
  CHOICE("choice", Identifies.TOGETHER, EnumSet.of(Mask.HIDDEN)),
  TEXT("text", Identifies.DIRECTLY, EnumSet.of(Mask.HIDDEN)),
  /** The product's own account number for a person. */
  EXTERNAL_ID("external-id", Identifies.DIRECTLY, EnumSet.of(Mask.TAIL, Mask.HIDDEN)),
  DEVICE_ID("device-id", Identifies.DIRECTLY, EnumSet.of(Mask.TAIL, Mask.HIDDEN)),
  /** A model, an operating system, an application version: short, machine-made. */
  DEVICE_TEXT("device-text", Identifies.TOGETHER, EnumSet.of(Mask.HIDDEN)),
  /** A BCP 47 language tag. */
  LANGUAGE("language", Identifies.TOGETHER, EnumSet.of(Mask.HIDDEN)),
  /** Width × height in pixels, such as {@code 1920x1080}. */
  RESOLUTION("resolution", Identifies.TOGETHER, EnumSet.of(Mask.HIDDEN)),
  /** Mobile country and network code, 5 or 6 digits (ITU-T E.212). */
  PLMN("plmn", Identifies.TOGETHER, EnumSet.of(Mask.HIDDEN)),
  /** WGS 84 latitude and longitude in degrees, with an accuracy in metres. */
  POSITION("position", Identifies.TOGETHER, EnumSet.of(Mask.CITY, Mask.HIDDEN)),
  /** One line of a server log: an event name with small attributes. */
  LOG_LINE("log-line", Identifies.TOGETHER, EnumSet.of(Mask.HIDDEN)),
  /** A template of a body feature, opaque bytes as base64. */
  BIOMETRIC("biometric", Identifies.DIRECTLY, EnumSet.of(Mask.HIDDEN));

  private enum Identifies {
    DIRECTLY,
    TOGETHER
  }

  private final String word;
  private final Identifies identifies;
  private final Set<Mask> masks;

  FieldType(String word, Identifies identifies, Set<Mask> masks) {
    this.word = word;
    this.identifies = identifies;
    this.masks = Set.copyOf(masks);
  }

  /** The word a policy file uses. */
  public String word() {
    return word;
  }

  /**
   * Whether a value of this type points at one person by itself, so that it is never shown
   * de-identified.
   */
  public boolean identifiesDirectly() {
    return identifies == Identifies.DIRECTLY;
  }

  /** Whether {@code mask} leaves something meaningful and safe of a value of this type. */
  public boolean fits(Mask mask) {
    return masks.contains(mask);
  }

  /** The type a policy file means by {@code word}, or empty. */
  public static Optional<FieldType> of(String word) {
    for (FieldType type : values()) {
      if (type.word.equals(word)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
