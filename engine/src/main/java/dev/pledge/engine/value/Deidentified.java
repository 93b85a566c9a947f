package dev.pledge.engine.value;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Optional;

/** What de-identification leaves of a value of each type; see {@link Value#deidentified}. */
final class Deidentified {
  private static final BigDecimal HALF = new BigDecimal("0.5");

  private Deidentified() {}

  static Optional<Object> of(Value value, LocalDate today) {
    // INVARIANT: the type alone decides, so that no direct identifier slips through below.
    if (value.type().identifiesDirectly()) {
      return Optional.empty();
    }
    Object json = value.json();
    return switch (value.type()) {
      case DATE -> Optional.of(Dates.pooledYear((String) json, today));
      case AGE -> Optional.of(Age.decade((Integer) json));
      case LANGUAGE -> Optional.of(Codes.primaryLanguage((String) json));
      case POSITION -> Optional.of(Position.cell(Json.members(json), HALF));
      case LOG_LINE -> LogLine.deidentified(Json.members(json));
      case DEVICE_TEXT ->
          Optional.of(json).filter(text -> MachineText.pointsAtNobody((String) text));
      case CHOICE, RESOLUTION, PLMN -> Optional.of(json);
      case NAME,
          EMAIL,
          PHONE,
          POSTAL_ADDRESS,
          BANK_CARD,
          CN_RESIDENT_ID,
          TEXT,
          EXTERNAL_ID,
          DEVICE_ID,
          BIOMETRIC ->
          Optional.empty();
    };
  }
}
