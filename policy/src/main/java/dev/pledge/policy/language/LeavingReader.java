package dev.pledge.policy.language;

import dev.pledge.policy.decision.Duties.Leaving;
import dev.pledge.policy.decision.Policy.Retention;
import dev.pledge.policy.language.Node.Entry;
import dev.pledge.policy.names.ConditionId;
import dev.pledge.policy.names.ProductId;
import java.time.Period;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads how people leave: what an account is closed under, and how long an erasure waits (V.3). */
final class LeavingReader {
  private static final Period SHORTEST = Period.ofDays(1);

  /** Whoever asks to be erased is within a month (GDPR Art. 12(3)), also in February. */
  private static final Period LONGEST = Period.ofDays(28);

  private final Reading reading;
  private final Problems problems;

  LeavingReader(Reading reading) {
    this.reading = reading;
    this.problems = reading.problems();
  }

  Leaving read(Value part) {
    reading.keeps("V.3", part);
    Optional<Keys> keys = part.keys();
    if (keys.isEmpty()) {
      return Leaving.AT_ONCE;
    }
    Leaving leaving =
        new Leaving(
            recovery(keys.get().optional("recovery")),
            closing(keys.get().optional("closing"), keys.get()));
    keys.get().finish();
    return leaving;
  }

  private Optional<Period> recovery(Value value) {
    Optional<Period> recovery = value.period();
    boolean tooShort = recovery.isPresent() && !Retention.covers(recovery.get(), SHORTEST);
    boolean tooLong = recovery.isPresent() && !Retention.covers(LONGEST, recovery.get());
    if (tooShort || tooLong) {
      value
          .word()
          .ifPresent(
              word ->
                  problems.error(
                      word,
                      "a recovery of "
                          + Quoted.of(word.text())
                          + (tooShort ? " is none" : " keeps whoever wants to go for too long"),
                      tooShort ? "write `P1D` or longer, or remove it" : "write at most `P28D`"));
      return Optional.empty();
    }
    return recovery;
  }

  private Map<ProductId, Set<ConditionId>> closing(Value value, Keys keys) {
    Map<ProductId, Set<ConditionId>> closing = new LinkedHashMap<>();
    if (value.isEmptyCollection()) {
      value
          .key()
          .ifPresent(
              key ->
                  problems.error(
                      key, value.what() + " names no product", "name one, or remove it"));
    }
    for (Entry entry : value.entries()) {
      Optional<ProductId> product =
          reading.known(
              entry.key(), "product", keys, reading.declared().products(), ProductId::new);
      Value listed =
          new Value(
              Optional.of(entry),
              "`" + Quoted.excerpt(entry.key().text()) + "` in " + value.what(),
              problems);
      reading.mustListSomething(listed);
      Set<ConditionId> conditions =
          reading.known(
              listed, "condition", keys, reading.declared().conditions(), ConditionId::new);
      product.ifPresent(id -> closing.put(id, conditions));
    }
    return closing;
  }
}
