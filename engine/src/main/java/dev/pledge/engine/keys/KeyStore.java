package dev.pledge.engine.keys;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.pledge.engine.audit.IntakeSeal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The key store: everything that opens people's data and is not the data. A directory of its own
 * (mode 0700, every file 0600), outside the data directory, with a manifest, the keys of each epoch
 * and the seed of the log's signing key, all sealed under the root key, and the {@link Journal} and
 * {@link ErasureLedger}.
 *
 * <p>Guarantees: it opens only with its root key, only for the data it was made with, and never at
 * an older version, nor with fewer erasures, than that data has seen; one process writes at a time;
 * a crash at any moment leaves a store that opens. It does not protect against this account, the
 * superuser, or whoever copied it together with the root key: do not keep backups of the two in one
 * place, nor either beside the data's.
 *
 * <p>Safe for use by many threads. Closing wipes its keys; leases on subject keys stay usable until
 * they are closed.
 *
 * <p>Source: IV.4.
 */
public final class KeyStore implements AutoCloseable {
  /**
   * What the database last saw of its key store. It is kept there, and updated after each opening
   * and with each erasure.
   *
   * @param ledger how far the erasure ledger had come
   */
  public record Seen(UUID deployment, long manifestVersion, Head ledger) {}

  private final StoreDirectory directory;
  private final @Nullable StoreLock lock;
  private final Epochs epochs;
  private final Journal journal;
  private final ErasureLedger ledger;
  private final SubjectKeys subjectKeys;
  private final BlindIndex blindIndex;
  private final ReplyKeys replyKeys;
  private final IntakeKeys intakeKeys;
  private final SuppressionKeys suppressionKeys;
  private final OutboxKeys outboxKeys;
  private final MessageKeys messageKeys;
  private final Primitives primitives;
  private final LongSupplier nanoTime;

  /** Held while the epochs change or are unwrapped anew. */
  private final Object changing = new Object();

  private KeyStore(
      StoreDirectory directory,
      @Nullable StoreLock lock,
      Epochs epochs,
      Journal journal,
      ErasureLedger ledger,
      Primitives primitives,
      LongSupplier nanoTime) {
    this.directory = directory;
    this.primitives = primitives;
    this.nanoTime = nanoTime;
    this.lock = lock;
    this.epochs = epochs;
    this.journal = journal;
    this.ledger = ledger;
    this.subjectKeys =
        new SubjectKeys(deployment(), epochs, primitives, journal, ledger, Ticker.systemTicker());
    this.blindIndex = new BlindIndex(deployment(), epochs, primitives);
    this.replyKeys = new ReplyKeys(deployment(), epochs, primitives);
    this.intakeKeys = new IntakeKeys(deployment(), epochs, primitives);
    this.suppressionKeys =
        new SuppressionKeys(deployment(), directory.keyOfUse("suppression"), primitives);
    this.outboxKeys = new OutboxKeys(deployment(), directory.keyOfUse("outbox"), primitives);
    this.messageKeys = new MessageKeys(deployment(), directory.keyOfUse("messages"), primitives);
  }

  /**
   * Checks, before anything is made, that neither of the directories lies in the other.
   *
   * @throws KeyStoreRefusedException if one does
   * @throws UncheckedIOException if the paths could not be looked up
   */
  public static void requireApart(Path keys, Path dataDirectory) {
    try {
      PrivateDirectory.refuseOverlap(keys, dataDirectory);
    } catch (IOException e) {
      throw new UncheckedIOException("could not look up `" + keys + "`", e);
    }
  }

  /** Whether there is a key store in {@code path}, whatever its state. */
  public static boolean exists(Path path) {
    return StoreDirectory.isIn(path);
  }

  /**
   * Makes a key store for a new deployment and opens it to write. Only for data that does not exist
   * yet: the caller has seen that.
   *
   * @throws KeyStoreRefusedException if there is one already, or {@code path} overlaps {@code
   *     dataDirectory} or is open to other accounts
   * @throws UncheckedIOException if it could not be written; it can be tried again
   */
  public static KeyStore create(
      Path path, Path dataDirectory, RootKey root, InstantSource clock, SecureRandom random) {
    return create(path, dataDirectory, root, clock, random, System::nanoTime);
  }

  /** The same, with what tells how long ago the root key answered. */
  public static KeyStore create(
      Path path,
      Path dataDirectory,
      RootKey root,
      InstantSource clock,
      SecureRandom random,
      LongSupplier nanoTime) {
    try {
      PrivateDirectory parent = PrivateDirectory.create(path, dataDirectory);
      StoreLock lock = StoreLock.take(parent);
      try {
        if (StoreDirectory.isIn(parent.path())) {
          throw new KeyStoreRefusedException(
              String.format(
                  Locale.ROOT,
                  "there is a key store in `%s` already; open that one, or name another directory",
                  parent.path()));
        }
        Primitives primitives = Primitives.with(random);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        StoreDirectory.create(parent, newDeployment(random), root, primitives, now);
        return open(parent, lock, Optional.empty(), root, primitives, nanoTime);
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not make a key store in `" + path + "`", e);
    }
  }

  /**
   * Opens a key store to write.
   *
   * @param seen what the data's database last saw of its key store. Empty for data that was never
   *     used: then a key store that was never used either is taken, as a first start that was cut
   *     short leaves them
   * @throws KeyStoreRefusedException if it is missing, in use by another process, under another
   *     root key, of another deployment than the data, older or with fewer erasures than the data
   *     has seen, altered, overlapping {@code dataDirectory}, or open to other accounts
   * @throws UncheckedIOException if it could not be read or written
   */
  public static KeyStore open(
      Path path, Path dataDirectory, Optional<Seen> seen, RootKey root, SecureRandom random) {
    return open(path, dataDirectory, seen, root, random, System::nanoTime);
  }

  /** The same, with what tells how long ago the root key answered. */
  public static KeyStore open(
      Path path,
      Path dataDirectory,
      Optional<Seen> seen,
      RootKey root,
      SecureRandom random,
      LongSupplier nanoTime) {
    try {
      PrivateDirectory parent = existing(path, dataDirectory);
      StoreLock lock = StoreLock.take(parent);
      try {
        return open(parent, lock, seen, root, Primitives.with(random), nanoTime);
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not open the key store in `" + path + "`", e);
    }
  }

  /**
   * Opens a key store to read while another process may write it, as it is now: what is written
   * afterwards is not seen. No key can be made, noted or erased with it.
   *
   * @throws KeyStoreRefusedException as {@link #open} does, except for being in use
   * @throws UncheckedIOException if it could not be read
   */
  public static KeyStore openReadOnly(
      Path path, Path dataDirectory, Seen seen, RootKey root, SecureRandom random) {
    return openReadOnly(path, dataDirectory, seen, root, random, System::nanoTime);
  }

  /** The same, with what tells how long ago the root key answered. */
  public static KeyStore openReadOnly(
      Path path,
      Path dataDirectory,
      Seen seen,
      RootKey root,
      SecureRandom random,
      LongSupplier nanoTime) {
    try {
      PrivateDirectory parent = existing(path, dataDirectory);
      return open(parent, null, Optional.of(seen), root, Primitives.with(random), nanoTime);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read the key store in `" + path + "`", e);
    }
  }

  /**
   * The name of the root key that a key store says it is under, before anything is opened: nothing
   * vouches for it.
   *
   * @throws KeyStoreRefusedException if there is no key store, or it is malformed or open to others
   * @throws UncheckedIOException if it could not be read
   */
  public static String claimedRootKey(Path path, Path dataDirectory) {
    try {
      return StoreDirectory.claimedRootKey(existing(path, dataDirectory));
    } catch (IOException e) {
      throw new UncheckedIOException("could not read the key store in `" + path + "`", e);
    }
  }

  private static PrivateDirectory existing(Path path, Path dataDirectory) throws IOException {
    try {
      PrivateDirectory parent = PrivateDirectory.open(path, dataDirectory);
      if (StoreDirectory.isIn(parent.path())) {
        return parent;
      }
    } catch (NoSuchFileException e) {
      // Told the same way as an empty directory.
    }
    throw new KeyStoreRefusedException(
        String.format(
            Locale.ROOT,
            "no key store in `%s`; restore it from its backup, or start with an empty data"
                + " directory",
            path));
  }

  private static KeyStore open(
      PrivateDirectory parent,
      @Nullable StoreLock lock,
      Optional<Seen> seen,
      RootKey root,
      Primitives primitives,
      LongSupplier nanoTime)
      throws IOException {
    KeyLease lease = new KeyLease(root, nanoTime, nanoTime.getAsLong());
    Access access = lock == null ? Access.READ : Access.WRITE;
    StoreDirectory directory = StoreDirectory.open(parent, root, primitives);
    if (seen.isPresent()) {
      requireSame(parent.path(), directory.manifest(), seen.get());
    }
    ErasureLedger ledger = directory.ledger(access, seen.map(Seen::ledger).orElse(Head.NOTHING));
    Journal journal = directory.journal(access, ledger::isErased);
    if (seen.isEmpty() && (journal.head().writes() > 0 || ledger.head().writes() > 0)) {
      throw new KeyStoreRefusedException(
          String.format(
              Locale.ROOT,
              "the key store in `%s` holds keys of people, but the data directory is new; name the"
                  + " data directory it belongs to, or another key directory",
              parent.path()));
    }
    if (access == Access.WRITE) {
      directory.refresh();
    }
    return new KeyStore(
        directory, lock, directory.epochs(lease), journal, ledger, primitives, nanoTime);
  }

  private static void requireSame(Path path, Manifest manifest, Seen seen) {
    if (!manifest.deployment().equals(seen.deployment())) {
      throw new KeyStoreRefusedException(
          String.format(
              Locale.ROOT,
              "the key store in `%s` belongs to deployment `%s`, the data to deployment `%s`; name"
                  + " the key store that was made with this data",
              path,
              manifest.deployment(),
              seen.deployment()));
    }
    if (manifest.version() < seen.manifestVersion()) {
      throw new KeyStoreRefusedException(
          String.format(
              Locale.ROOT,
              "the key store in `%s` is at version %d, but the data has seen version %d; restore"
                  + " the newest backup of the key store",
              path,
              manifest.version(),
              seen.manifestVersion()));
    }
  }

  // -------------------------------------------------------------------- asking the root key again

  /**
   * Whether keys may be used: always where the root key lies in this process, and otherwise while
   * it answered the same in the last {@value KeyLease#SECONDS} seconds.
   */
  public boolean isUsable() {
    return epochs.areUsable();
  }

  /**
   * Wipes the keys. Whatever needs them from here on fails with {@link
   * dev.pledge.engine.audit.KeysUnavailable} until they are {@linkplain #unlock unlocked}; leases
   * on subject keys stay usable until they are closed. Waits for nobody.
   */
  public void lock() {
    epochs.lock();
    subjectKeys.forgetUnwrapped();
  }

  /**
   * Asks the root key for the current epoch's keys again, compares them with those in use, and lets
   * these be used for as long again. If they are others, everything is locked at once.
   *
   * @return false if they are locked, or were used for too long meanwhile
   * @throws KeyStoreRefusedException if the root key answers others, or the files are altered
   * @throws RootKeyUnavailableException if it cannot be asked now
   * @throws UncheckedIOException if the files could not be read
   */
  public boolean renew() {
    long asked = nanoTime.getAsLong();
    try {
      if (!directory.answersAsBefore(epochs)) {
        lock();
        throw answersOthers();
      }
      return epochs.renew(asked);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read the keys of the current epoch", e);
    }
  }

  /**
   * Has the root key unwrap all keys anew and lets them be used again.
   *
   * @param first is called with them before anybody else can use them, and if it throws they stay
   *     locked
   * @throws KeyStoreRefusedException if the root key answers others than they were, or the files
   *     are altered
   * @throws RootKeyUnavailableException if it cannot be asked now
   * @throws UncheckedIOException if the files could not be read
   */
  public void unlock(Consumer<IntakeSeal> first) {
    synchronized (changing) {
      long asked = nanoTime.getAsLong();
      NavigableMap<Integer, EpochBundle> bundles;
      try {
        bundles = directory.unwrappedAsBefore(epochs).orElseThrow(this::answersOthers);
      } catch (IOException e) {
        throw new UncheckedIOException("could not read the keys of the epochs", e);
      }
      boolean given = false;
      try (Epochs alone =
          new Epochs(
              directory.manifest().currentEpoch(),
              copies(bundles),
              new KeyLease(directory.root(), nanoTime, asked),
              primitives)) {
        first.accept(new IntakeKeys(deployment(), alone, primitives));
        epochs.unlock(bundles, asked);
        given = true;
      } finally {
        if (!given) {
          bundles.values().forEach(EpochBundle::close);
        }
      }
    }
  }

  private static NavigableMap<Integer, EpochBundle> copies(
      NavigableMap<Integer, EpochBundle> bundles) {
    NavigableMap<Integer, EpochBundle> copies = new TreeMap<>();
    bundles.forEach((epoch, bundle) -> copies.put(epoch, bundle.copy()));
    return copies;
  }

  private KeyStoreRefusedException answersOthers() {
    return new KeyStoreRefusedException(
        String.format(
            Locale.ROOT,
            "the root key `%s` unwraps other keys than before; nothing is opened with them: find out"
                + " who changed it or answers in its place",
            directory.root().id()));
  }

  /** Which deployment's keys these are; the database holds the same id. */
  public UUID deployment() {
    return directory.manifest().deployment();
  }

  /** Grows with every change of the manifest; the database keeps the last one it saw. */
  public long manifestVersion() {
    return directory.manifest().version();
  }

  /** The epoch that new keys are wrapped under. */
  public int epoch() {
    return epochs.current();
  }

  /** When each epoch that lives began, the oldest first. */
  public NavigableMap<Integer, Instant> begun() {
    NavigableMap<Integer, Instant> begun = new TreeMap<>();
    directory.manifest().epochs().values().forEach(each -> begun.put(each.number(), each.began()));
    return begun;
  }

  /**
   * Begins a new epoch: new keys are wrapped under it from here on, and what is under those before
   * opens as ever. Durable when it returns. One thread at a time begins and destroys epochs.
   *
   * @throws dev.pledge.engine.audit.KeysUnavailable if keys may not be used now
   * @throws UncheckedIOException if it could not be written; then nothing has changed
   */
  public int beginEpoch(Instant now) {
    synchronized (changing) {
      epochs.requireUsable();
      try {
        EpochBundle bundle = directory.beginEpoch(now.truncatedTo(ChronoUnit.MILLIS));
        int epoch = directory.manifest().currentEpoch();
        epochs.begin(epoch, bundle);
        return epoch;
      } catch (IOException e) {
        throw new UncheckedIOException("could not begin a new epoch in the key store", e);
      }
    }
  }

  /**
   * Destroys the keys of an epoch; what is still under it never opens again. When it returns their
   * file is gone. Does no harm where it is gone already.
   *
   * @throws IllegalArgumentException if it is the current epoch
   * @throws UncheckedIOException if it could not be done; it is done again at the next attempt
   */
  public void destroyEpoch(int epoch) {
    if (epoch == epochs.current()) {
      throw new IllegalArgumentException("the current epoch is not destroyed; begin another first");
    }
    try {
      journal.compact();
      synchronized (changing) {
        directory.destroyEpoch(epoch);
        epochs.forget(epoch);
      }
      subjectKeys.forgetUnwrapped();
    } catch (IOException e) {
      throw new UncheckedIOException("could not destroy the keys of epoch " + epoch, e);
    }
  }

  /** Lets this opening of the store open nothing of an epoch, as if its keys were destroyed. */
  public void pretendDestroyed(int epoch) {
    epochs.forget(epoch);
  }

  /** The epochs whose keys are unwrapped here, oldest first: all that live. */
  public Set<Integer> livingEpochs() {
    return epochs.living();
  }

  /** The epochs of which the log can be read: those that live, and those before them. */
  public Set<Integer> readableEpochs() {
    return epochs.readable();
  }

  /** The keys of people. */
  public SubjectKeys subjectKeys() {
    return subjectKeys;
  }

  /** Where people are looked up. */
  public BlindIndex blindIndex() {
    return blindIndex;
  }

  /** The keys of answers that are kept for requests sent again. */
  public ReplyKeys replyKeys() {
    return replyKeys;
  }

  /** Seals what the log has in the database, under the current epoch, and opens it. */
  public IntakeSeal intakeSeal() {
    return intakeKeys;
  }

  /** Marks aliases of people who had objected and are gone. */
  public SuppressionKeys suppressionKeys() {
    return suppressionKeys;
  }

  /** Names and seals messages to recipients. */
  public OutboxKeys outboxKeys() {
    return outboxKeys;
  }

  /** Seals messages to people. */
  public MessageKeys messageKeys() {
    return messageKeys;
  }

  /** The journal of living keys. */
  public Journal journal() {
    return journal;
  }

  /**
   * Whether keys can be made and erasures entered. Not once writing to the journal or the ledger
   * has failed: what is in the file is unknown then until it is opened again.
   */
  public boolean accepts() {
    return journal.accepts() && ledger.accepts();
  }

  /** The ledger of erased persons. */
  public ErasureLedger ledger() {
    return ledger;
  }

  /**
   * The newest checkpoint of a log that was kept here, apart from the data: what tells a database
   * that was put back.
   *
   * @param log its number, from 1
   * @throws UncheckedIOException if it could not be read
   */
  public Optional<byte[]> lastCheckpoint(int log) {
    try {
      return directory.checkpoint(log);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read the last checkpoint of the log", e);
    }
  }

  /**
   * The highest number of a log of which a checkpoint was kept; 0 if there is none.
   *
   * @throws UncheckedIOException if it could not be found out
   */
  public int logs() {
    try {
      return directory.logs();
    } catch (IOException e) {
      throw new UncheckedIOException("could not list the checkpoints in the key store", e);
    }
  }

  /**
   * Keeps a checkpoint of a log in place of the one before, durably.
   *
   * @param log its number, from 1
   * @throws UncheckedIOException if it could not be written; then the one before is kept
   */
  public void keepCheckpoint(int log, byte[] note) {
    try {
      directory.keepCheckpoint(log, note);
    } catch (IOException e) {
      throw new UncheckedIOException("could not keep a checkpoint of the log", e);
    }
  }

  /**
   * What of a log has ended because older data were restored, the first first.
   *
   * @param log its number, from 1
   * @throws UncheckedIOException if it could not be read
   */
  public List<EndedLog> endedLogs(int log) {
    try {
      return directory.ended(log);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read how the log ended", e);
    }
  }

  /**
   * Ends a log where its last checkpoint is: what comes is another log.
   *
   * @param log its number, from 1
   * @throws UncheckedIOException if it could not be written; it can be done again
   */
  public void endLog(int log, Instant at) {
    try {
      directory.end(log, at);
    } catch (IOException e) {
      throw new UncheckedIOException("could not keep how the log ended", e);
    }
  }

  /**
   * What {@code use} gives for each of the 32-byte Ed25519 seeds that the log's signing keys are
   * made from, the newest first: two while the log changes its key, otherwise one. The array is
   * wiped when {@code use} returns: keep no reference to it.
   *
   * @throws UncheckedIOException if one could not be read
   */
  public <R> List<R> withLogSigningSeeds(Function<byte[], R> use) {
    try {
      return directory.withLogSigningSeeds(use);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read the seed of the log's signing key", e);
    }
  }

  /** The keys that have signed the log and sign it no more, the newest first. */
  public List<RetiredLogKey> retiredLogKeys() {
    return directory.manifest().retiredLogKeys();
  }

  /**
   * Begins to change the log's signing key: from now on there is a new one beside the old.
   *
   * @param first is given the new seed before it counts, and if it throws nothing has changed. The
   *     array is wiped when it returns: keep no reference to it
   * @throws UncheckedIOException if it could not be written; then nothing has changed
   */
  public void addLogSigningKey(Consumer<byte[]> first) {
    try {
      directory.addLogSigningSeed(first);
    } catch (IOException e) {
      throw new UncheckedIOException("could not write the seed of a new signing key", e);
    }
  }

  /**
   * Ends the change: the old key is no more, and its public key is kept as retired.
   *
   * @param publicKeyOf gives the public key of a seed in base64. The array is wiped when it
   *     returns: keep no reference to it
   * @throws UncheckedIOException if it could not be written; it can be done again
   */
  public void retireOldLogSigningKeys(Function<byte[], String> publicKeyOf, Instant now) {
    try {
      directory.retireOldLogSigningSeeds(publicKeyOf, now);
    } catch (IOException e) {
      throw new UncheckedIOException("could not forget the old signing key", e);
    }
  }

  @Override
  public void close() {
    subjectKeys.forgetUnwrapped();
    suppressionKeys.close();
    outboxKeys.close();
    messageKeys.close();
    epochs.close();
    directory.close();
    journal.close();
    ledger.close();
    if (lock != null) {
      lock.close();
    }
  }

  @Override
  public String toString() {
    return "[redacted]";
  }

  // UUIDv4 (RFC 9562 §5.4) from the random source given.
  private static UUID newDeployment(SecureRandom random) {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    bytes[6] = (byte) ((bytes[6] & 0x0f) | 0x40);
    bytes[8] = (byte) ((bytes[8] & 0x3f) | 0x80);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return new UUID(in.getLong(), in.getLong());
  }
}
