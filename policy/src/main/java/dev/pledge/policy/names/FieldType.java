package dev.pledge.policy.names;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What kind of value a field holds. The policy names one per field; it fixes how a value is
 * validated and normalised, which masks fit, whether the value points at a person by itself, and
 * over which channels it reaches them. What a value of another type holds is not looked into: an
 * address written into a text is a text.
 *
 * <p>Source: I.1 to I.4 (typed fields), II.I.5 (channels), II.II.2 (direct identifiers never
 * survive de-identification).
 */
public enum FieldType {
  NAME("name", Identifies.DIRECTLY, Mask.NAME, Mask.HIDDEN),
  DATE("date", Identifies.TOGETHER, Mask.YEAR, Mask.HIDDEN),
  AGE("age", Identifies.TOGETHER, Mask.DECADE, Mask.HIDDEN),
  EMAIL("email", Identifies.DIRECTLY, over("email"), Mask.EMAIL, Mask.HIDDEN),
  PHONE("phone", Identifies.DIRECTLY, over("sms", "phone"), Mask.PHONE, Mask.HIDDEN),
  POSTAL_ADDRESS("postal-address", Identifies.DIRECTLY, over("letter"), Mask.CITY, Mask.HIDDEN),
  BANK_CARD("bank-card", Identifies.DIRECTLY, Mask.BANK_CARD, Mask.HIDDEN),
  CN_RESIDENT_ID("cn-resident-id", Identifies.DIRECTLY, Mask.ID_NUMBER, Mask.HIDDEN),
  /** One of the words the field lists under {@code choices}. */
  CHOICE("choice", Identifies.TOGETHER, Mask.HIDDEN),
  TEXT("text", Identifies.DIRECTLY, Mask.HIDDEN),
  /** The product's own account number for a person. */
  EXTERNAL_ID("external-id", Identifies.DIRECTLY, Mask.TAIL, Mask.HIDDEN),
  DEVICE_ID("device-id", Identifies.DIRECTLY, Mask.TAIL, Mask.HIDDEN),
  /** A model, an operating system, an application version: short, machine-made. */
  DEVICE_TEXT("device-text", Identifies.TOGETHER, Mask.HIDDEN),
  /** A BCP 47 language tag. */
  LANGUAGE("language", Identifies.TOGETHER, Mask.HIDDEN),
  /** Width × height in pixels, such as {@code 1920x1080}. */
  RESOLUTION("resolution", Identifies.TOGETHER, Mask.HIDDEN),
  /** Mobile country and network code, 5 or 6 digits (ITU-T E.212). */
  PLMN("plmn", Identifies.TOGETHER, Mask.HIDDEN),
  /** WGS 84 latitude and longitude in degrees, perhaps with an accuracy in metres. */
  POSITION("position", Identifies.TOGETHER, Mask.CITY, Mask.HIDDEN),
  /** One line of a server log: an event name with small attributes. */
  LOG_LINE("log-line", Identifies.TOGETHER, Mask.HIDDEN),
  /** A template of a body feature, opaque bytes as base64. */
  BIOMETRIC("biometric", Identifies.DIRECTLY, Mask.HIDDEN);

  private enum Identifies {
    DIRECTLY,
    TOGETHER
  }

  private final String word;
  private final Identifies identifies;

  @SuppressWarnings("ImmutableEnumChecker") // unmodifiable, of immutable names
  private final Set<ChannelId> channels;

  /** One bit per constant of {@link Mask}. */
  private final int masks;

  FieldType(String word, Identifies identifies, Mask... masks) {
    this(word, identifies, Set.of(), masks);
  }

  FieldType(String word, Identifies identifies, Set<ChannelId> channels, Mask... masks) {
    this.word = word;
    this.identifies = identifies;
    this.channels = channels;
    int bits = 0;
    for (Mask mask : masks) {
      bits |= 1 << mask.ordinal();
    }
    this.masks = bits;
  }

  private static Set<ChannelId> over(String... channels) {
    return Stream.of(channels).map(ChannelId::new).collect(Collectors.toUnmodifiableSet());
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
    return (masks & 1 << mask.ordinal()) != 0;
  }

  /**
   * Whether a person can be found by a value of this type: it has one normal form, and too many
   * possible values to guess through.
   */
  public boolean findsPeople() {
    return this == EMAIL || this == PHONE || this == EXTERNAL_ID;
  }

  /** The channels over which a value of this type reaches people; none where it is no address. */
  public Set<ChannelId> channels() {
    return channels;
  }

  /**
   * Whether a value of this type may be used over {@code channel}: an address only over those it is
   * one for, so that whoever agreed to e-mail is not telephoned (II.I.5). Null is no channel.
   */
  public boolean opensOver(@Nullable ChannelId channel) {
    return channel == null || channels.isEmpty() || channels.contains(channel);
  }

  /** Whether people are reached over {@code channel} by an address, which may be missing. */
  public static boolean isReachedByAddress(ChannelId channel) {
    return Arrays.stream(values()).anyMatch(type -> type.channels.contains(channel));
  }

  /** Whether a value of this type about a person tells how old they are (VI.1). */
  public boolean tellsAge() {
    return this == DATE || this == AGE || this == CN_RESIDENT_ID;
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
