package dev.pledge.engine.value;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import dev.pledge.policy.names.FieldType;
import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a value of a field must look like: its type, the words of a choice, and the region whose
 * dialling habits complete a phone number written without country code.
 *
 * <p>{@link #read} is total and bounded: whatever the input and however large, it answers with a
 * {@link Reading} in time linear in the size of the input, and throws nothing. Reading a value's
 * {@link Value#json} gives the same value again.
 *
 * <p>Throws {@link IllegalArgumentException} when a choice has no words or another type has some,
 * when a word is not 1 to 64 characters or holds a {@code *}, or when the region is not one of
 * libphonenumber's (ISO 3166, two upper-case letters) or the type is no phone number.
 *
 * <p>Source: I.1 to I.4.
 */
public record Shape(FieldType type, Set<String> choices, Optional<String> region) {
  public Shape {
    choices = Set.copyOf(choices);
    if ((type == FieldType.CHOICE) == choices.isEmpty()) {
      throw new IllegalArgumentException("a choice, and nothing else, lists its words");
    }
    if (!choices.stream().allMatch(Shape::isWord)) {
      throw new IllegalArgumentException("a word of a choice has 1 to 64 characters and no `*`");
    }
    if (region.isPresent() && (type != FieldType.PHONE || !isRegion(region.get()))) {
      throw new IllegalArgumentException("only a phone number has a region, such as `CN`");
    }
  }

  /** The shape of a type that needs nothing more; not for a choice. */
  public static Shape of(FieldType type) {
    return new Shape(type, Set.of(), Optional.empty());
  }

  /** One of {@code words}, exactly as written. */
  public static Shape choice(Set<String> words) {
    return new Shape(FieldType.CHOICE, words, Optional.empty());
  }

  /** A phone number that may be written as people in {@code region} do, such as {@code CN}. */
  public static Shape phone(String region) {
    return new Shape(FieldType.PHONE, Set.of(), Optional.of(region));
  }

  /**
   * Reads a value out of a JSON tree of strings, numbers, booleans, lists and maps.
   *
   * @param today the last day a date may name, in the time zone that counts for the caller
   */
  public Reading read(@Nullable Object json, LocalDate today) {
    try {
      return new Reading.Good(new Value(type, normalForm(json, today)));
    } catch (Unfit unfit) {
      return new Reading.Bad(unfit.complaint());
    }
  }

  private Object normalForm(@Nullable Object json, LocalDate today) throws Unfit {
    return switch (type) {
      case NAME -> PersonName.read(json);
      case DATE -> Dates.read(json, today);
      case AGE -> Age.read(json);
      case EMAIL -> Email.read(json);
      case PHONE -> Phone.read(json, region);
      case POSTAL_ADDRESS -> PostalAddress.read(json);
      case BANK_CARD -> BankCard.read(json);
      case CN_RESIDENT_ID -> ResidentId.read(json, today);
      case CHOICE -> choose(json);
      case TEXT -> Text.prose(json, 1_000);
      case EXTERNAL_ID -> Codes.externalId(json);
      case DEVICE_ID -> Codes.deviceId(json);
      case DEVICE_TEXT -> Text.line(json, 128);
      case LANGUAGE -> Codes.language(json);
      case RESOLUTION -> Codes.resolution(json);
      case PLMN -> Codes.plmn(json);
      case POSITION -> Position.read(json);
      case LOG_LINE -> LogLine.read(json);
      case BIOMETRIC -> Codes.biometric(json);
    };
  }

  private String choose(@Nullable Object json) throws Unfit {
    if (json instanceof String word && choices.contains(word)) {
      return word;
    }
    throw new Unfit(json == null ? Complaint.MISSING : Complaint.CHOICE);
  }

  private static boolean isWord(String word) {
    return !word.isBlank() && word.length() <= 64 && word.indexOf('*') < 0 && Text.isSound(word);
  }

  private static boolean isRegion(String region) {
    return PhoneNumberUtil.getInstance().getSupportedRegions().contains(region);
  }
}
