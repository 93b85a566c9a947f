package dev.pledge.engine.gate;

import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.subject.StoredAge;
import dev.pledge.engine.value.Reading.Good;
import dev.pledge.policy.decision.Decision;
import dev.pledge.policy.decision.Policy.AgeLimits;
import dev.pledge.policy.decision.Reason;
import dev.pledge.policy.decision.Rule;
import dev.pledge.policy.decision.SubjectState.Age;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.SubjectId;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the values of one request tell of the person's age (VI.1). A request that shows a child is
 * decided as a child's at once. One that shows an adult changes nothing about itself: what it tells
 * counts from the next request on, once it has been stored.
 */
final class AgeTold {
  /** How the values came. */
  enum How {
    COLLECTED,
    CORRECTED
  }

  private final Map<FieldId, LocalDate> births;
  private final AgeLimits limits;
  private final Instant now;

  private AgeTold(Map<FieldId, LocalDate> births, AgeLimits limits, Instant now) {
    this.births = births;
    this.limits = limits;
    this.now = now;
  }

  /** What well-formed values of the fields that tell an age say of the person. */
  static AgeTold in(Collection collection, Fields fields, Person person) {
    Instant now = person.state().now();
    Set<FieldId> ageFrom = fields.policy().source().minors().ageFrom();
    LocalDate today = now.atZone(ZoneOffset.UTC).toLocalDate();
    Map<FieldId, LocalDate> births = new LinkedHashMap<>();
    for (FieldId field : ageFrom) {
      Object json = collection.values().get(field.toString());
      if (json != null
          && Fields.shape(fields.declaration(field)).read(json, today) instanceof Good(var value)) {
        value.latestBirth(today).ifPresent(birth -> births.put(field, birth));
      }
    }
    return new AgeTold(births, person.ageLimits(fields.policy()), now);
  }

  /** The class the request is decided under, for someone known to be of class {@code known}. */
  Age stricter(Age known) {
    Age told = known;
    for (LocalDate birth : births.values()) {
      told = limits.stricter(told, classOf(birth));
    }
    return told;
  }

  /**
   * What is known once the request is decided: what is stored counts, and what is not stored only
   * because no guardian has agreed counts if it shows a child. Only what is stored corrects.
   */
  AgeEvidence addedTo(AgeEvidence known, Decision decision, How how) {
    AgeEvidence evidence = known;
    for (int i = 0; i < decision.question().fields().size(); i++) {
      FieldId field = decision.field(i);
      LocalDate birth = field == null ? null : births.get(field);
      if (field != null && birth != null && counts(birth, decision.reason(i))) {
        evidence =
            how == How.CORRECTED && decision.reason(i) == null
                ? evidence.corrected(field, birth)
                : evidence.collected(field, birth);
      }
    }
    return evidence;
  }

  /** What is to be stored with the account. */
  StoredAge stored(AgeEvidence evidence, SubjectId subject, SubjectKey key) {
    return evidence.stored(subject, key, now, limits, Age.UNKNOWN);
  }

  private boolean counts(LocalDate birth, @Nullable Reason refused) {
    return refused == null || (refused.rule() == Rule.GUARDIAN && classOf(birth) != Age.ADULT);
  }

  private Age classOf(LocalDate birth) {
    return limits.classOf(birth, now.atZone(ZoneOffset.UTC).toLocalDate());
  }

  boolean isNothing() {
    return births.isEmpty();
  }
}
