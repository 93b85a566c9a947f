package dev.pledge.engine.value;

import dev.pledge.policy.names.FieldType;
import dev.pledge.policy.names.Mask;
import java.math.BigDecimal;
import java.util.Map;

/**
 * What each mask leaves of a value.
 *
 * <p>That no mask shows the value itself rests on the forms of values. No value consists of
 * asterisks alone, so none is found in {@link #HIDDEN}. Names, e-mail addresses, phone, card and id
 * numbers hold no asterisk at all, and what their masks show between asterisks is shorter than they
 * are. The other masks show a piece shorter than the value, or something of another form.
 */
final class Masks {
  /** Stands for what is not shown, however long it is. */
  static final String HIDDEN = "***";

  private static final BigDecimal TENTH = new BigDecimal("0.1");

  private Masks() {}

  static Object apply(Mask mask, Value value) {
    if (!value.type().fits(mask)) {
      throw new IllegalArgumentException(
          "mask `" + mask.word() + "` does not fit type `" + value.type().word() + "`");
    }
    Object json = value.json();
    return switch (mask) {
      case NAME -> PersonName.masked((String) json);
      case YEAR -> Dates.year((String) json);
      case DECADE -> Age.decade((Integer) json);
      case EMAIL -> Email.masked((String) json);
      case PHONE -> Phone.masked((String) json);
      case CITY -> city(value.type(), Json.members(json));
      case ID_NUMBER -> ResidentId.masked((String) json);
      case BANK_CARD -> BankCard.masked((String) json);
      case TAIL -> Codes.tail((String) json);
      case HIDDEN -> HIDDEN;
    };
  }

  private static Map<String, Object> city(FieldType type, Map<String, Object> members) {
    return type == FieldType.POSITION ? Position.cell(members, TENTH) : PostalAddress.city(members);
  }
}
