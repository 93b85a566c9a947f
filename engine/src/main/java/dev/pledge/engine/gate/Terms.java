package dev.pledge.engine.gate;

import dev.pledge.engine.store.Vocabulary;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policies;
import dev.pledge.policy.decision.Policy.Category;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.From;
import dev.pledge.policy.decision.Policy.Retention;
import dev.pledge.policy.names.FieldId;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * For each field, from when back a value may be due at all, by any version and any product's terms:
 * what the database can tell of a value without the person's state. Never too early; whether it is
 * due is decided afterwards, value by value.
 *
 * @param codes of the fields, each with the bounds at the same place
 * @param collected no value collected later is due, unless an account was closed
 * @param closed no value is due for a closing later than that
 * @param ageFrom codes of the fields that tell an age, among them
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
record Terms(Short[] codes, String[] collected, String[] closed, Short[] ageFrom) {
  /** Months have up to three days more than others; and a day for what is said by the day. */
  private static final Duration UNEVEN = Duration.ofDays(4);

  private static final String ALWAYS = "infinity";
  private static final String NEVER = "-infinity";

  /** The bounds at {@code now}. */
  static Terms at(Instant now, Policies policies, CompiledPolicy inForce, Vocabulary vocabulary) {
    Map<FieldId, Bounds> bounds = new LinkedHashMap<>();
    for (CompiledPolicy version : policies.versions()) {
      for (Category category : version.source().categories()) {
        for (Field field : category.fields()) {
          bounds.computeIfAbsent(field.id(), id -> Bounds.of(id, now, policies, inForce));
        }
      }
    }
    List<Short> codes = new ArrayList<>();
    List<String> collected = new ArrayList<>();
    List<String> closed = new ArrayList<>();
    bounds.forEach(
        (field, bound) -> {
          if (!bound.equals(Bounds.NONE)) {
            codes.add(vocabulary.code(field.toString()));
            collected.add(bound.collected);
            closed.add(bound.closed);
          }
        });
    return new Terms(
        codes.toArray(Short[]::new),
        collected.toArray(String[]::new),
        closed.toArray(String[]::new),
        inForce.source().minors().ageFrom().stream()
            .map(field -> vocabulary.code(field.toString()))
            .toArray(Short[]::new));
  }

  private record Bounds(String collected, String closed) {
    static final Bounds NONE = new Bounds(NEVER, NEVER);

    static Bounds of(FieldId field, Instant now, Policies policies, CompiledPolicy inForce) {
      if (inForce.declared(field.toString()) == null) {
        return new Bounds(ALWAYS, NEVER);
      }
      Instant collected = null;
      Instant closed = null;
      for (CompiledPolicy version : policies.versions()) {
        if (version.declared(field.toString()) == null) {
          // It let go of what was collected before it.
          collected = later(collected, version.effectiveAt());
          continue;
        }
        for (CompiledPolicy layer : version.layers()) {
          for (Retention term : layer.source().retention()) {
            if (!term.of().contains(field)) {
              continue;
            }
            Instant bound = before(now, term.keep());
            if (term.from() == From.CLOSING) {
              closed = later(closed, bound);
            } else {
              collected = later(collected, bound);
            }
          }
        }
      }
      return new Bounds(text(collected), text(closed));
    }
  }

  private static Instant before(Instant now, Period keep) {
    try {
      return now.atZone(ZoneOffset.UTC).minus(keep).toInstant().plus(UNEVEN);
    } catch (DateTimeException | ArithmeticException e) {
      return Instant.EPOCH;
    }
  }

  private static Instant later(@Nullable Instant one, Instant other) {
    return one == null || other.isAfter(one) ? other : one;
  }

  private static String text(@Nullable Instant instant) {
    return instant == null ? NEVER : instant.toString();
  }
}
