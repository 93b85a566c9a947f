package dev.pledge.engine.gate;

import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.policy.decision.Policy.Minors;
import dev.pledge.policy.decision.SubjectState.Age;
import dev.pledge.policy.names.SubjectId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;

/**
 * The age class of a person at the moment of a decision (VI.1, VI.4). The birth date is sealed
 * under the person's key; it is opened for those stored as children only, so that coming of age
 * needs no job to be right.
 */
final class Ages {
  private static final String RECORD = "birth-date";

  private Ages() {}

  /** The class of someone born on {@code birth} at {@code now}, by the calendar of UTC. */
  static Age of(LocalDate birth, Instant now, Minors minors) {
    int years = Period.between(birth, now.atZone(ZoneOffset.UTC).toLocalDate()).getYears();
    if (years < minors.sensitiveUnder()) {
      return Age.SENSITIVE_MINOR;
    }
    return years < minors.under() ? Age.MINOR : Age.ADULT;
  }

  /** The class of a stored person at {@code now}. */
  static Age of(Person person, SubjectKey key, Minors minors) {
    Age stored = person.state().age();
    byte[] sealed = person.birthSealed();
    if (sealed == null || stored == Age.ADULT) {
      return stored;
    }
    return of(open(person.subject(), key, sealed), person.state().now(), minors);
  }

  static byte[] seal(SubjectId subject, SubjectKey key, LocalDate birth) {
    return key.sealRecord(
        RECORD, subject.value(), birth.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static LocalDate open(SubjectId subject, SubjectKey key, byte[] sealed) {
    return LocalDate.parse(
        new String(key.openRecord(RECORD, subject.value(), sealed), StandardCharsets.UTF_8));
  }
}
