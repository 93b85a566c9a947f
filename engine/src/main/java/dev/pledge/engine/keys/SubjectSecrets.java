package dev.pledge.engine.keys;

import dev.pledge.engine.keys.Part.Tag;
import dev.pledge.policy.names.SubjectId;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * A subject's unwrapped key and what was derived from it, shared by all leases. Wiped as soon as
 * nobody may lease it any more and nobody holds a lease.
 */
final class SubjectSecrets {
  /** What a subject's key is used for: one derived key each, so that uses cannot be confused. */
  enum Use {
    TOLD_MARK("pledge/subject/mark/told/v1"),
    UNTOLD_MARK("pledge/subject/mark/untold/v1"),
    DETAIL("pledge/subject/detail/v1"),
    RECORDS("pledge/subject/records/v1"),
    EXPORTS("pledge/subject/exports/v1"),
    HISTORY("pledge/subject/history/v1"),
    HISTORY_ORDER("pledge/subject/history-order/v1");

    private final String label;

    Use(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  private final UUID deployment;
  private final SubjectId subject;
  private final WrappedKey wrapped;
  private final Primitives primitives;

  /** Guarded by this. */
  private final SubjectMaterial material;

  /** Guarded by this: derived when first asked for. */
  private final Map<Use, Secret> derived = new EnumMap<>(Use.class);

  /** Guarded by this: found when first asked for. */
  private final Map<Part, Secret> ofParts = new HashMap<>();

  /** Guarded by this. The maker holds the first lease. */
  private int leases = 1;

  /** Guarded by this: not to be leased any more. */
  private boolean retired;

  /** Takes {@code material} over. */
  SubjectSecrets(
      UUID deployment,
      SubjectId subject,
      WrappedKey wrapped,
      SubjectMaterial material,
      Primitives primitives) {
    this.deployment = deployment;
    this.subject = subject;
    this.wrapped = wrapped;
    this.material = material;
    this.primitives = primitives;
  }

  UUID deployment() {
    return deployment;
  }

  SubjectId subject() {
    return subject;
  }

  WrappedKey wrapped() {
    return wrapped;
  }

  Primitives primitives() {
    return primitives;
  }

  synchronized Secret keyFor(Use use) {
    return derived.computeIfAbsent(use, u -> primitives.hkdf().derive(material.root(), u.label));
  }

  /** The key of one part, which is what its values or records are sealed with. */
  synchronized Secret keyOf(Part part) {
    return ofParts.computeIfAbsent(
        part,
        p ->
            material
                .kept(p)
                .orElseGet(() -> primitives.hkdf().expand(material.parts(), p.label())));
  }

  /**
   * The material with the keys of these parts, and new ones for all others; the caller closes it.
   */
  synchronized SubjectMaterial renewed(Collection<Part> remaining) {
    Map<Tag, Secret> keys = new HashMap<>();
    remaining.forEach(part -> keys.put(part.tag(), Secret.owning(keyOf(part).copy())));
    return material.renewed(keys, primitives.random());
  }

  /** False if it is retired. */
  synchronized boolean lease() {
    if (retired) {
      return false;
    }
    leases++;
    return true;
  }

  synchronized void release() {
    leases--;
    wipeIfLast();
  }

  synchronized void retire() {
    retired = true;
    wipeIfLast();
  }

  private synchronized void wipeIfLast() {
    if (retired && leases == 0) {
      material.close();
      derived.values().forEach(Secret::close);
      ofParts.values().forEach(Secret::close);
    }
  }

  @Override
  public String toString() {
    return "[redacted]";
  }
}
