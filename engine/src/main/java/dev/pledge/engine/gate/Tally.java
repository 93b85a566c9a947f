package dev.pledge.engine.gate;

import dev.pledge.policy.decision.Reason;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** What came of one asked field: how many values were seen or stored, how many withheld and why. */
final class Tally {
  private int granted;
  private boolean answered;
  private final Map<Reason, Integer> withheld = new EnumMap<>(Reason.class);
  private final Set<UUID> pooledBy = new LinkedHashSet<>();

  /** Names the authorisation to pool that a value rests on, if it does on any. */
  void pooled(Set<UUID> entries) {
    pooledBy.addAll(entries);
  }

  void grant(int count) {
    answered = true;
    granted += count;
  }

  void withhold(Reason reason) {
    withheld.merge(reason, 1, Integer::sum);
  }

  int granted() {
    return granted;
  }

  /** Whether the field was answered, be it with nothing. */
  boolean isAnswered() {
    return answered;
  }

  /** How many values were withheld, by reason. */
  Map<Reason, Integer> withheld() {
    return withheld;
  }

  /** The authorisations to pool that values rest on. */
  Set<UUID> pooledBy() {
    return pooledBy;
  }
}
