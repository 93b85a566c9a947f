package dev.pledge.engine;

import dev.pledge.engine.audit.Anchor;
import dev.pledge.engine.audit.IntakeSeal;
import dev.pledge.engine.audit.LogSigner;
import dev.pledge.engine.audit.Sequencer;
import dev.pledge.engine.keys.FileRootKey;
import dev.pledge.engine.keys.KeyStore;
import dev.pledge.engine.keys.SeenKeyStore;
import dev.pledge.engine.store.Database;
import dev.pledge.log.NoteSigner;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;

/** The root key and the key store of a database, open together, and closed together at the end. */
final class KeyRing implements AutoCloseable {
  private final FileRootKey root;
  private final KeyStore store;

  private KeyRing(FileRootKey root, KeyStore store) {
    this.root = root;
    this.store = store;
  }

  /** How the key store is opened, once the root key is. */
  private interface Opening {
    KeyStore open(FileRootKey root);
  }

  private static KeyRing of(FileRootKey root, Opening opening) {
    try {
      return new KeyRing(root, opening.open(root));
    } catch (RuntimeException e) {
      root.close();
      throw e;
    }
  }

  /**
   * For whoever runs the database alone. New data gets new keys; data that was used opens only with
   * the key store it was made with.
   */
  static KeyRing toWrite(Configuration at, Database database, SecureRandom random) {
    SeenKeyStore memory = new SeenKeyStore(database);
    Optional<KeyStore.Seen> seen = memory.last();
    boolean fresh = seen.isEmpty() && !KeyStore.exists(at.keyStore());
    boolean freshRoot = fresh && !FileRootKey.exists(at.rootKey());
    KeyRing ring =
        of(
            freshRoot
                ? FileRootKey.create(at.rootKey(), at.data(), random)
                : FileRootKey.open(at.rootKey(), at.data(), random),
            root ->
                fresh
                    ? KeyStore.create(at.keyStore(), at.data(), root, at.clock(), random)
                    : KeyStore.open(at.keyStore(), at.data(), seen, root, random));
    try {
      memory.see(ring.store);
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
        FileRootKey.open(at.rootKey(), at.data(), random),
        root -> KeyStore.openReadOnly(at.keyStore(), at.data(), seen, root, random));
  }

  KeyStore store() {
    return store;
  }

  /** What seals entries of the log while they lie in the database. */
  IntakeSeal intakeSeal() {
    return new IntakeSeal() {
      @Override
      public Sealed seal(UUID entry, byte[] payload) {
        var key = store.intakeKey();
        return new Sealed(key.epoch(), key.seal(entry, payload));
      }

      @Override
      public byte[] open(UUID entry, Sealed sealed) {
        return store.intakeKey(sealed.epoch()).open(entry, sealed.bytes());
      }
    };
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
    return log + "/" + store.deployment();
  }

  /** What signs a log: the same seeds for all, under the names of each. */
  LogSigner logSigner(LogName log) {
    String origin = origin(log.toString());
    return new LogSigner(origin, store.withLogSigningSeeds(seed -> new NoteSigner(origin, seed)));
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
    store.close();
    root.close();
  }

  @Override
  public String toString() {
    return "[redacted]";
  }
}
