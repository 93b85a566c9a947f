package dev.pledge.engine.keys;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Scheduler;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.pledge.policy.names.SubjectId;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Makes, unwraps and forgets the keys of data subjects.
 *
 * <p>An unwrapped key is kept for at most 60 seconds after it was unwrapped, however often it is
 * used, and used again only for the very same wrapped key, which the caller reads from the database
 * each time: a person whose wrapped key is gone is not read from here. It is wiped when it leaves
 * the cache and its last lease is closed.
 *
 * <p>Safe for use by many threads.
 */
public final class SubjectKeys {
  // The cache's clock-work may come a second late.
  private static final Duration KEPT = Duration.ofSeconds(58);
  private static final long MOST_KEPT = 20_000;

  private final UUID deployment;
  private final Epochs epochs;
  private final Primitives primitives;
  private final Journal journal;
  private final ErasureLedger ledger;
  private final Cache<SubjectId, SubjectSecrets> cache;

  SubjectKeys(
      UUID deployment,
      Epochs epochs,
      Primitives primitives,
      Journal journal,
      ErasureLedger ledger,
      Ticker ticker) {
    this.deployment = deployment;
    this.epochs = epochs;
    this.primitives = primitives;
    this.journal = journal;
    this.ledger = ledger;
    this.cache =
        Caffeine.newBuilder()
            .expireAfterWrite(KEPT)
            .maximumSize(MOST_KEPT)
            .ticker(ticker)
            .scheduler(Scheduler.systemScheduler())
            .executor(Runnable::run)
            .removalListener(SubjectKeys::retire)
            .build();
  }

  private static void retire(
      @Nullable SubjectId subject, @Nullable SubjectSecrets secrets, Object cause) {
    if (secrets != null) {
      secrets.retire();
    }
  }

  /**
   * Makes a key for {@code subject} and notes it in the journal, durably, before it returns: a key
   * that reaches the database is always in the journal. If the database then refuses the person,
   * the journal keeps a key that opens nothing.
   *
   * @throws IllegalArgumentException if {@code generation} is under 1
   * @throws java.io.UncheckedIOException if the journal could not be written; there is no key then
   */
  public FreshKey newKey(SubjectId subject, int generation) {
    SubjectMaterial material = SubjectMaterial.random(primitives.random());
    boolean kept = false;
    try {
      WrappedKey wrapped = wrap(subject, generation, material);
      journal.put(subject, wrapped);
      FreshKey fresh = new FreshKey(new SubjectKey(keep(subject, wrapped, material)), wrapped);
      kept = true;
      return fresh;
    } finally {
      if (!kept) {
        material.close();
      }
    }
  }

  /**
   * Makes the person's next key, with which of all parts that were ever sealed only those open that
   * {@code remaining} names, and lets {@code key} be a lease on that one. Durably in the journal
   * before it returns. Not while somebody else may change the person's key: hold the row of {@code
   * current} until the new one is in its place, and if it does not come there, let the journal
   * {@linkplain #follow}.
   *
   * @return the next key as it is to be stored
   * @throws UnsealException as {@link #unwrap}
   * @throws java.io.UncheckedIOException if the journal could not be written; the key is as before
   */
  public WrappedKey renew(SubjectKey key, WrappedKey current, Collection<Part> remaining) {
    return Objects.requireNonNull(
        renew(List.of(new Renewal(key, current, remaining))).get(key.subject()));
  }

  /**
   * A key that is to forget.
   *
   * @param current as it lies in its row, which is held
   * @param remaining the parts that it is to open
   */
  public record Renewal(SubjectKey key, WrappedKey current, Collection<Part> remaining) {}

  /** The same of several people, with one write to the journal; at least one, none twice. */
  public Map<SubjectId, WrappedKey> renew(Collection<Renewal> renewals) {
    Map<SubjectId, SubjectSecrets> renewed = new LinkedHashMap<>();
    Map<SubjectId, WrappedKey> wrapped = new LinkedHashMap<>();
    boolean noted = false;
    try {
      for (Renewal renewal : renewals) {
        SubjectId subject = renewal.key().subject();
        SubjectSecrets secrets = renewed(subject, renewal);
        renewed.put(subject, secrets);
        wrapped.put(subject, secrets.wrapped());
      }
      journal.replace(wrapped);
      noted = true;
    } finally {
      if (!noted) {
        renewed.values().forEach(SubjectSecrets::retire);
        renewed.values().forEach(SubjectSecrets::release);
      }
    }
    for (Renewal renewal : renewals) {
      SubjectSecrets secrets = Objects.requireNonNull(renewed.get(renewal.key().subject()));
      cached(renewal.key().subject(), secrets);
      renewal.key().moveTo(secrets);
    }
    return wrapped;
  }

  /** Leased once, and not cached yet. */
  private SubjectSecrets renewed(SubjectId subject, Renewal renewal) {
    try (SubjectKey before = unwrap(subject, renewal.current())) {
      SubjectMaterial material = before.leased().renewed(renewal.remaining());
      int generation = Math.addExact(renewal.current().generation(), 1);
      WrappedKey wrapped = wrap(subject, generation, material);
      return new SubjectSecrets(deployment, subject, wrapped, material, primitives);
    }
  }

  /**
   * Notes in the journal, durably, that {@code current} is the person's key in the database: where
   * it is not known whether a newer one came there, or it did not.
   *
   * @throws java.io.UncheckedIOException if the journal could not be written
   */
  public void follow(SubjectId subject, WrappedKey current) {
    journal.replace(Map.of(subject, current));
  }

  /**
   * Wraps keys anew under the current epoch, and notes them so in the journal, durably: the same
   * keys, of the same generations. Not while somebody else may change them: hold their rows.
   *
   * @param wrapped at least one, none of which is under the current epoch
   * @return those that open, by whom they are of; who is missing has a key that was altered or is
   *     somebody else's
   * @throws java.io.UncheckedIOException if the journal could not be written
   */
  public Map<SubjectId, WrappedKey> rewrap(Map<SubjectId, WrappedKey> wrapped) {
    Map<SubjectId, WrappedKey> anew = new LinkedHashMap<>();
    wrapped.forEach(
        (subject, key) -> {
          byte[] bytes;
          try {
            bytes = open(subject, key);
          } catch (UnsealException altered) {
            return;
          }
          try {
            anew.put(subject, wrap(subject, key.generation(), bytes));
          } finally {
            Arrays.fill(bytes, (byte) 0);
          }
        });
    if (!anew.isEmpty()) {
      journal.replace(anew);
    }
    return anew;
  }

  private WrappedKey wrap(SubjectId subject, int generation, SubjectMaterial material) {
    byte[] bytes = material.bytes();
    try {
      return wrap(subject, generation, bytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private WrappedKey wrap(SubjectId subject, int generation, byte[] bytes) {
    int epoch = epochs.current();
    Secret wrapKey = epochs.bundle(epoch).wrapKey();
    byte[] place = place(subject, generation, epoch);
    return new WrappedKey(epoch, generation, primitives.envelope().seal(wrapKey, place, bytes));
  }

  /** What is in a wrapped key; the caller wipes it. */
  private byte[] open(SubjectId subject, WrappedKey wrapped) {
    return primitives
        .envelope()
        .open(
            epochs.bundle(wrapped.epoch()).wrapKey(),
            place(subject, wrapped.generation(), wrapped.epoch()),
            wrapped.bytes(),
            "a subject's key");
  }

  /**
   * Leases the key in {@code wrapped}.
   *
   * @throws UnsealException if it was altered or wrapped for another subject, generation, epoch or
   *     deployment, or its epoch lives no more
   * @throws dev.pledge.engine.audit.KeysUnavailable if no key may be used now
   */
  public SubjectKey unwrap(SubjectId subject, WrappedKey wrapped) {
    epochs.requireUsable();
    @Nullable SubjectSecrets kept = cache.getIfPresent(subject);
    if (kept != null && kept.wrapped().equals(wrapped) && kept.lease()) {
      return new SubjectKey(kept);
    }
    byte[] key = open(subject, wrapped);
    try {
      return new SubjectKey(keep(subject, wrapped, SubjectMaterial.read(key)));
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /** Leased once. */
  private SubjectSecrets keep(SubjectId subject, WrappedKey wrapped, SubjectMaterial material) {
    SubjectSecrets secrets = new SubjectSecrets(deployment, subject, wrapped, material, primitives);
    cached(subject, secrets);
    return secrets;
  }

  private void cached(SubjectId subject, SubjectSecrets secrets) {
    cache.put(subject, secrets);
    // The ledger is written before the cache forgets: one of the two sees an erased person. So with
    // keys that are locked meanwhile.
    if (ledger.isErased(subject) || !epochs.areUsable()) {
      cache.invalidate(subject);
    }
  }

  /**
   * Drops the person's key. To be called once the erasure is in the ledger, by which the journal
   * has no key of theirs any more, and the wrapped key has left the database; calling it again does
   * no harm.
   */
  public void destroy(SubjectId subject) {
    cache.invalidate(subject);
    journal.erased();
  }

  /** Wipes every key that is not leased. They are unwrapped again when they are asked for. */
  void forgetUnwrapped() {
    cache.invalidateAll();
    cache.cleanUp();
  }

  /** Lets go of what is due now; the cache does so by itself within a second. */
  void expire() {
    cache.cleanUp();
  }

  private byte[] place(SubjectId subject, int generation, int epoch) {
    return Framed.of("pledge/wrap/v1")
        .add(deployment)
        .add(subject.value())
        .add(generation)
        .add(epoch)
        .bytes();
  }
}
