package dev.pledge.engine.value;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pledge.policy.names.FieldType;
import dev.pledge.policy.names.Mask;
import java.nio.charset.CharacterCodingException;
import java.security.MessageDigest;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * One personal value in its normal form, immutable. Made by {@link Shape#read} from outside input
 * and by {@link #decode} from stored bytes.
 *
 * <p>Guarantee: it prints as {@code [redacted]}, is compared in constant time for values of one
 * length, and is not serialisable; its content leaves only by the methods below, whose names say
 * so. Not guaranteed: that memory is wiped.
 */
public final class Value {
  /**
   * Version of {@link #lookupForm}: part of every blind index, raised whenever a form changes, so
   * that old and new indexes are never confused.
   */
  public static final int NORMALISER_VERSION = 1;

  private final FieldType type;

  /** A string, an {@link Integer} (age), or an immutable map with sorted keys. */
  private final Object json;

  Value(FieldType type, Object json) {
    this.type = type;
    this.json = json;
  }

  /**
   * The value whose {@link #canonical} bytes these are, for bytes that come out of their seal. What
   * was valid when it was stored stays readable, whatever is asked of new values since.
   *
   * @throws IllegalArgumentException if the bytes cannot be those of a value of this type
   */
  public static Value decode(FieldType type, byte[] canonical) {
    try {
      return new Value(type, Stored.tree(type, canonical));
    } catch (RuntimeException | CharacterCodingException e) {
      // The cause is left out: parsers repeat their input in their messages.
      throw new IllegalArgumentException(
          "stored bytes are no value of type `"
              + type.word()
              + "`; look whether the policy changed the type of the field");
    }
  }

  /** What kind of value this is. */
  public FieldType type() {
    return type;
  }

  /**
   * The bytes to seal: the text in UTF-8, JSON with sorted keys for structured values, the bare
   * bytes of a biometric template. Equal values have equal bytes. A fresh array each time.
   */
  public byte[] canonical() {
    if (json instanceof Map<?, ?> map) {
      return Json.write(map);
    }
    return type == FieldType.BIOMETRIC
        ? Base64.getDecoder().decode((String) json)
        : json.toString().getBytes(UTF_8);
  }

  /** The value in clear, as an answer shows it: a string, a number, or an immutable map. */
  public Object json() {
    return json;
  }

  /**
   * The value as {@code mask} leaves it, a string or an immutable map. Total: whatever the value,
   * the outcome is neither the value nor a text that contains it.
   *
   * <p>Source: II.II.5.
   *
   * @throws IllegalArgumentException if the mask does not fit the type; the policy's check prevents
   *     that
   */
  public Object masked(Mask mask) {
    return Masks.apply(mask, this);
  }

  /**
   * What remains when nothing of the value points at one person, or empty where nothing does. Still
   * personal data, since together with others it may.
   *
   * <p>Dates become years and ages ten-year spans, those of 90 years and more pooled; positions
   * become half-degree areas; languages lose region and script; log lines keep their event, their
   * truth values and their numbers at two significant digits. A text a machine made stays whole, or
   * is withheld whole where anything in it has the form of an address, an owner or a long number.
   *
   * <p>Source: II.II.2; the pool of 90 years as in 45 CFR 164.514(b)(2)(i)(C).
   *
   * @param today the day from which years are counted
   */
  public Optional<Object> deidentified(LocalDate today) {
    return Deidentified.of(this, today);
  }

  /**
   * The last day on which the person this is about can have been born; empty unless the type
   * {@linkplain FieldType#tellsAge tells an age}. An age leaves a year open: the person counts as
   * young as can be (VI.1).
   *
   * @param told the day on which the value was told
   */
  public Optional<LocalDate> latestBirth(LocalDate told) {
    return switch (type) {
      case DATE -> Optional.of(LocalDate.parse((String) json));
      case AGE -> Optional.of(told.minusYears((Integer) json));
      case CN_RESIDENT_ID -> Optional.of(ResidentId.birth((String) json));
      default -> Optional.empty();
    };
  }

  /**
   * The bytes a blind index is made of, so that one person's alias has one index however it is
   * written; empty unless the type {@linkplain FieldType#findsPeople finds people}.
   *
   * <p>E-mail ignores case and compatibility forms in both parts and nothing more, so that no
   * look-alike finds its model; phones are E.164; account numbers are exact.
   */
  public Optional<byte[]> lookupForm() {
    if (!type.findsPeople()) {
      return Optional.empty();
    }
    String text = (String) json;
    String form = type == FieldType.EMAIL ? Email.lookupForm(text) : text;
    return Optional.of(form.getBytes(UTF_8));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Value value
        && type == value.type
        && MessageDigest.isEqual(canonical(), value.canonical());
  }

  @Override
  public int hashCode() {
    return 31 * type.hashCode() + Arrays.hashCode(canonical());
  }

  @Override
  public String toString() {
    return "[redacted]";
  }
}
