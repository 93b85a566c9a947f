package dev.pledge.engine;

import dev.pledge.engine.audit.Anchor;
import dev.pledge.engine.audit.Audit;
import dev.pledge.engine.audit.Draft;
import dev.pledge.engine.audit.Gauge;
import dev.pledge.engine.audit.IntakeSeal;
import dev.pledge.engine.audit.Limits;
import dev.pledge.engine.audit.LogSigner;
import dev.pledge.engine.audit.RestoredLog;
import dev.pledge.engine.audit.Sequencer;
import dev.pledge.engine.keys.EndedLog;
import dev.pledge.engine.keys.KeyStore;
import dev.pledge.engine.keys.RetiredLogKey;
import dev.pledge.engine.keys.RootKey;
import dev.pledge.engine.keys.SeenKeyStore;
import dev.pledge.engine.store.Database;
import dev.pledge.log.ByteString;
import dev.pledge.log.Caller;
import dev.pledge.log.Checkpoint;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.log.MalformedNote;
import dev.pledge.log.NoteSigner;
import dev.pledge.log.Outcome;
import dev.pledge.log.Reason;
import dev.pledge.log.RetiredKey;
import dev.pledge.log.SignatureType;
import dev.pledge.log.SignedNote;
import dev.pledge.log.VerifierKey;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The root key and the key store of a database, open together, and closed together at the end. A
 * root key that lies elsewhere is asked again while they are open; see {@link KeyKeeper}.
 */
final class KeyRing implements AutoCloseable {
  /** The cause of an unwrapping: the root key answers again after the keys were locked. */
  private static final String ANSWERS = "root-key-answers";

  private static final Optional<String> NONE = Optional.empty();

  private final RootKey root;
  private final KeyStore store;
  private final LongSupplier nanoTime;
  private volatile @Nullable KeyKeeper keeper;

  private KeyRing(RootKey root, KeyStore store, LongSupplier nanoTime) {
    this.root = root;
    this.store = store;
    this.nanoTime = nanoTime;
  }

  /** How the key store is opened, once the root key is. */
  private interface Opening {
    KeyStore open(RootKey root);
  }

  private static KeyRing of(Configuration at, RootKey root, Opening opening) {
    try {
      return new KeyRing(root, opening.open(root), at.root().nanoTime());
    } catch (RuntimeException e) {
      root.close();
      throw e;
    }
  }

  /**
   * For whoever runs the database alone. New data gets new keys; data that was used opens only with
   * the key store it was made with. Which root key it was is remembered.
   */
  static KeyRing toWrite(Configuration at, Database database, SecureRandom random) {
    SeenKeyStore memory = new SeenKeyStore(database);
    Optional<KeyStore.Seen> seen = memory.last();
    boolean fresh = seen.isEmpty() && !KeyStore.exists(at.keyStore());
    LongSupplier nanoTime = at.root().nanoTime();
    KeyRing ring =
        of(
            at,
            fresh ? RootKeyChoice.openOrMake(at, random) : RootKeyChoice.open(at, random),
            root ->
                fresh
                    ? KeyStore.create(at.keyStore(), at.data(), root, at.clock(), random, nanoTime)
                    : KeyStore.open(at.keyStore(), at.data(), seen, root, random, nanoTime));
    try {
      memory.see(ring.store);
      RootKeyChoice.remember(at);
      return ring;
    } catch (RuntimeException e) {
      ring.close();
      throw e;
    }
  }

  /** Beside a server that runs: seals and opens with the keys there are, and makes none. */
  static KeyRing toRead(Configuration at, Database database, SecureRandom random) {
    KeyStore.Seen seen = new SeenKeyStore(database).lastInUse();
    return of(
        at,
        RootKeyChoice.open(at, random),
        root -> readOnly(at.keyStore(), at, seen, root, random));
  }

  /** The key store once more, as it lies on its disk, to read alone. */
  KeyStore fresh(Configuration at, Database database, SecureRandom random) {
    KeyStore.Seen seen = new SeenKeyStore(database).lastInUse();
    return readOnly(at.keyStore(), at, seen, root, random);
  }

  /** Passes if the root key opens a copy of the key store that has come as far as {@code seen}. */
  void requireOpens(Path copy, Configuration at, KeyStore.Seen seen, SecureRandom random) {
    readOnly(copy, at, seen, root, random).close();
  }

  private static KeyStore readOnly(
      Path path, Configuration at, KeyStore.Seen seen, RootKey root, SecureRandom random) {
    return KeyStore.openReadOnly(path, at.data(), seen, root, random, at.root().nanoTime());
  }

  KeyStore store() {
    return store;
  }

  /**
   * Enters in the log, durably, that the keys of each living epoch were unwrapped here, whether or
   * not the log gets on: what opens them without a trace is what is looked for (IV.3). From then on
   * the root key is asked again where it lies elsewhere, and whenever keys are unwrapped anew
   * because of that, it is entered again.
   *
   * @param part of the system that opened this
   * @param why it did
   */
  void enterOpening(
      Database database, InstantSource clock, SecureRandom random, String part, Reason why) {
    enterUnwrapped(store.intakeSeal(), database, clock, random, part, why);
    if (!root.isHere()) {
      KeyKeeper kept =
          new KeyKeeper(
              root.id(),
              store,
              seal ->
                  enterUnwrapped(
                      seal, database, clock, random, part, new Reason(ANSWERS, NONE, NONE)),
              nanoTime);
      keeper = kept;
      kept.start();
    }
  }

  private void enterUnwrapped(
      IntakeSeal seal,
      Database database,
      InstantSource clock,
      SecureRandom random,
      String part,
      Reason why) {
    try (Audit audit =
        new Audit(
            LogName.FIRST.toString(),
            database,
            seal,
            logSigner(LogName.FIRST),
            Gauge.OPEN,
            clock,
            random,
            Limits.DEFAULT)) {
      for (int epoch : store.livingEpochs()) {
        Facts facts =
            Facts.of(
                    Kind.EPOCH_UNWRAPPED,
                    clock.instant(),
                    Outcome.PERMITTED,
                    Caller.of(Caller.SYSTEM, part))
                .reason(why)
                .epoch(epoch)
                .build();
        var _ = audit.record(Draft.aboutNobody(facts));
      }
    }
  }

  /** Why keys may not be used now; empty if they may. */
  Optional<String> trouble() {
    KeyKeeper kept = keeper;
    return kept == null ? Optional.empty() : kept.trouble();
  }

  /** The logs that there are, in the order of their numbers; those of {@code atLeast} anyhow. */
  List<LogName> logs(Database database, int atLeast) {
    int begun =
        Sequencer.begun(database).stream()
            .flatMap(name -> LogName.of(name).stream())
            .mapToInt(LogName::number)
            .max()
            .orElse(0);
    int all = Math.max(atLeast, Math.max(begun, store.logs()));
    return IntStream.rangeClosed(1, all).mapToObj(LogName::new).toList();
  }

  /** A log's name to the world, which tells it from the others and from other deployments'. */
  String origin(String log) {
    int ended = LogName.of(log).map(name -> store.endedLogs(name.number()).size()).orElse(0);
    return origin(log, ended);
  }

  /** A log that goes on from restored data is another than the one that ended before it. */
  private String origin(String log, int ended) {
    String first = log + "/" + store.deployment();
    return ended == 0 ? first : first + "/" + (ended + 1);
  }

  /** What signs a log: the same seeds for all, under the names of each. */
  LogSigner logSigner(LogName log) {
    String origin = origin(log.toString());
    List<RetiredKey> retired = new ArrayList<>();
    store.retiredLogKeys().forEach(key -> retired.add(retired(origin, key)));
    retired.addAll(ofEndedLogs(log));
    return new LogSigner(
        origin, store.withLogSigningSeeds(seed -> new NoteSigner(origin, seed)), retired);
  }

  /** The keys of the logs that ended when data were restored, the newest first. */
  private List<RetiredKey> ofEndedLogs(LogName log) {
    List<EndedLog> ended = store.endedLogs(log.number());
    List<RetiredKey> keys = new ArrayList<>();
    for (int time = ended.size() - 1; time >= 0; time--) {
      String origin = origin(log.toString(), time);
      Instant until = ended.get(time).at();
      store
          .withLogSigningSeeds(seed -> new NoteSigner(origin, seed).verifierKey())
          .forEach(key -> keys.add(new RetiredKey(key, until)));
      store
          .retiredLogKeys()
          .forEach(
              key ->
                  keys.add(
                      key.until().isBefore(until)
                          ? retired(origin, key)
                          : retired(origin, new RetiredLogKey(key.publicKey(), until))));
    }
    return keys;
  }

  private static RetiredKey retired(String origin, RetiredLogKey key) {
    ByteString publicKey = ByteString.of(Base64.getDecoder().decode(key.publicKey()));
    return new RetiredKey(new VerifierKey(origin, SignatureType.ED25519, publicKey), key.until());
  }

  /** Ends a change of the logs' key: all but the newest are retired. */
  void retireOldLogKeys(Instant now) {
    store.retireOldLogSigningKeys(
        seed -> Base64.getEncoder().encodeToString(firstKey(seed).publicKey().toByteArray()), now);
  }

  /** Adds a new key before those the logs have, once {@code first} has returned with it. */
  void addLogKey(Consumer<VerifierKey> first) {
    store.addLogSigningKey(seed -> first.accept(firstKey(seed)));
  }

  /** What the first log is verified with that signs with that seed. */
  private VerifierKey firstKey(byte[] seed) {
    return new NoteSigner(origin(LogName.FIRST.toString()), seed).verifierKey();
  }

  /**
   * The last checkpoint of a log that was kept apart from the data.
   *
   * @throws IllegalStateException if it is damaged
   */
  Optional<Checkpoint> lastCheckpoint(LogName log) {
    return store.lastCheckpoint(log.number()).map(KeyRing::checkpoint);
  }

  private static Checkpoint checkpoint(byte[] note) {
    try {
      return Checkpoint.parse(SignedNote.parse(note).text());
    } catch (MalformedNote e) {
      throw new IllegalStateException(
          "the last checkpoint that the key store keeps is damaged; put there the newest that an"
              + " anchor or a copy of the log has",
          e);
    }
  }

  /** Whether the data lack entries of the log that were signed: they are older than this. */
  boolean isAheadOf(Database database, LogName log) {
    return lastCheckpoint(log)
        .map(last -> last.size() > new RestoredLog(log.toString()).kept(database).size())
        .orElse(false);
  }

  /** Where a log's last checkpoint is kept apart from the data. */
  Anchor logAnchor(LogName log) {
    return new Anchor() {
      @Override
      public Optional<byte[]> last() {
        return store.lastCheckpoint(log.number());
      }

      @Override
      public void keep(byte[] checkpoint) {
        store.keepCheckpoint(log.number(), checkpoint);
      }
    };
  }

  @Override
  public void close() {
    KeyKeeper kept = keeper;
    if (kept != null) {
      kept.close();
    }
    store.close();
    root.close();
  }

  @Override
  public String toString() {
    return "[redacted]";
  }
}
