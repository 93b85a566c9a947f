package dev.pledge.engine.value;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pledge.policy.names.FieldType;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.LocalDate;
import java.util.Base64;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Stored bytes become the tree of a value again.
 *
 * <p>Only what masks and views rest on is checked, not what {@link Shape} asks of new values: rules
 * for input may grow stricter, and what was valid when it was stored stays readable. The check is
 * needed all the same, since a policy may give a field another type over what it already holds.
 */
final class Stored {
  private static final Pattern EMAIL = Pattern.compile("[^@*]++@[^@*]++");
  private static final Pattern PHONE = Pattern.compile("\\+[0-9]{4,15}");

  private Stored() {}

  static Object tree(FieldType type, byte[] bytes) throws CharacterCodingException {
    return switch (type) {
      case BIOMETRIC -> required(bytes.length > 0, Base64.getEncoder().encodeToString(bytes));
      case POSTAL_ADDRESS -> address(Json.parse(text(bytes)));
      case POSITION -> position(Json.parse(text(bytes)));
      case LOG_LINE -> logLine(Json.parse(text(bytes)));
      case AGE -> Integer.valueOf(text(bytes));
      case DATE -> LocalDate.parse(text(bytes)).toString();
      case NAME -> text(bytes, PersonName::isMaskable);
      case EMAIL -> text(bytes, EMAIL.asMatchPredicate());
      case PHONE -> text(bytes, PHONE.asMatchPredicate());
      case BANK_CARD -> text(bytes, BankCard::isNumber);
      case CN_RESIDENT_ID -> text(bytes, ResidentId::isNumber);
      case EXTERNAL_ID -> text(bytes, Codes::isExternalId);
      case DEVICE_ID -> text(bytes, Codes::isDeviceId);
      case CHOICE, TEXT, DEVICE_TEXT, LANGUAGE, RESOLUTION, PLMN -> text(bytes, text -> true);
    };
  }

  private static Map<String, Object> address(Map<String, Object> tree) {
    return required(tree.containsKey("lines"), tree);
  }

  private static Map<String, Object> position(Map<String, Object> tree) {
    boolean latitude = tree.get("latitude") instanceof BigDecimal;
    return required(latitude && tree.get("longitude") instanceof BigDecimal, tree);
  }

  private static Map<String, Object> logLine(Map<String, Object> tree) {
    boolean event = tree.get("event") instanceof String;
    return required(event && tree.get("attributes") instanceof Map, tree);
  }

  private static String text(byte[] bytes, Predicate<String> form) throws CharacterCodingException {
    String text = text(bytes);
    return required(!Text.isStars(text) && form.test(text), text);
  }

  private static String text(byte[] bytes) throws CharacterCodingException {
    return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  private static <T> T required(boolean holds, T tree) {
    if (!holds) {
      throw new IllegalArgumentException("not the form of its type");
    }
    return tree;
  }
}
