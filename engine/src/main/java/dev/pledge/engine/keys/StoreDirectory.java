package dev.pledge.engine.keys;

import dev.pledge.engine.keys.Manifest.Claimed;
import dev.pledge.engine.keys.Manifest.Epoch;
import dev.pledge.engine.keys.Manifest.SealedFile;
import dev.pledge.engine.keys.SealedFiles.Purpose;
import dev.pledge.policy.names.SubjectId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of a key store: what each is named, sealed under and checked against.
 *
 * <p>The root key seals the store key, the epochs' bundles and the seed. From the store key come
 * the keys for the codes of the manifest, the journal and the ledger, and those of uses that
 * outlive epochs. A sealed file is written under a new name before the manifest names it; a crash
 * between leaves a file nobody names, which the next opening to write deletes.
 */
final class StoreDirectory implements AutoCloseable {
  private static final String STORE = "store";
  private static final String BEGUN = "store.begun";
  private static final String MANIFEST = "manifest";
  private static final String JOURNAL = "journal";

  /** Sorted before the journal, as files are copied. */
  private static final String JOURNAL_MARK = "forgotten";

  private static final String LEDGER = "erasures";
  private static final String SEED = "log-signing-seed";
  private static final String CHECKPOINT = "last-checkpoint";
  private static final Pattern ANY_CHECKPOINT =
      Pattern.compile(CHECKPOINT + "(?:-([1-9][0-9]{0,2}))?");
  private static final String ENDED = "ended-checkpoint";
  private static final Pattern ANY_ENDED =
      Pattern.compile(ENDED + "-([1-9][0-9]{0,2})\\.([1-9][0-9]{0,5})");
  private static final String EPOCH_PREFIX = "epoch-";
  private static final int FIRST_EPOCH = 1;
  private static final long FIRST_VERSION = 1;

  private final PrivateDirectory directory;
  private final SealedFiles files;
  private final Primitives primitives;
  private final Secret storeKey;
  private volatile Manifest manifest;

  private StoreDirectory(
      SealedFiles files, Primitives primitives, Secret storeKey, Manifest manifest) {
    this.directory = files.directory();
    this.files = files;
    this.primitives = primitives;
    this.storeKey = storeKey;
    this.manifest = manifest;
  }

  static boolean isIn(Path parent) {
    return Files.exists(parent.resolve(STORE));
  }

  /**
   * Makes a store with one epoch, whole or not at all: it gets its name when all of it is there.
   */
  static void create(
      PrivateDirectory parent, UUID deployment, RootKey root, Primitives primitives, Instant now)
      throws IOException {
    PrivateDirectory begun = parent.fresh(BEGUN);
    SealedFiles files = new SealedFiles(begun, root, deployment);
    try (Secret storeKey = Secret.random(primitives.random())) {
      Manifest manifest = firstManifest(files, primitives, storeKey, now);
      StoreDirectory store = new StoreDirectory(files, primitives, storeKey, manifest);
      store.createAppendFile(JOURNAL);
      store.createJournalMark();
      store.createAppendFile(LEDGER);
      store.write(manifest);
    }
    PrivateDirectory.rename(begun.path(), parent.path().resolve(STORE));
  }

  private static Manifest firstManifest(
      SealedFiles files, Primitives primitives, Secret storeKey, Instant now) throws IOException {
    byte[] sealedStoreKey = files.seal(Purpose.STORE_KEY, storeKey.copy());
    try (Secret seed = Secret.random(primitives.random());
        EpochBundle bundle = EpochBundle.random(primitives.random())) {
      NavigableMap<Integer, Epoch> epochs = new TreeMap<>();
      epochs.put(FIRST_EPOCH, sealEpoch(files, FIRST_EPOCH, FIRST_VERSION, now, bundle));
      return new Manifest(
          FIRST_VERSION,
          files.deployment(),
          files.root().id(),
          Base64.getEncoder().encodeToString(sealedStoreKey),
          List.of(files.write(SEED + ".sealed", Purpose.LOG_SIGNING_SEED, seed.copy())),
          List.of(),
          FIRST_EPOCH,
          epochs);
    }
  }

  private static Epoch sealEpoch(
      SealedFiles files, int number, long version, Instant began, EpochBundle bundle)
      throws IOException {
    String name = String.format(Locale.ROOT, "%s%d.%d.sealed", EPOCH_PREFIX, number, version);
    return new Epoch(number, began, files.write(name, Purpose.bundleOf(number), bundle.bytes()));
  }

  /**
   * Opens the store and checks its manifest.
   *
   * @throws KeyStoreRefusedException if it is under another root key, or altered
   */
  static StoreDirectory open(PrivateDirectory parent, RootKey root, Primitives primitives)
      throws IOException {
    PrivateDirectory directory = parent.within(STORE);
    Claimed claimed = claimed(directory);
    Manifest manifest = claimed.manifest();
    SealedFiles files = new SealedFiles(directory, root, manifest.deployment());
    if (!manifest.rootKey().equals(root.id())) {
      throw new KeyStoreRefusedException(
          String.format(
              Locale.ROOT,
              "the root key `%s` does not open this key store, which is under `%s`; restore that"
                  + " root key from its backup, or name where it is with --root-key",
              root.id(),
              manifest.rootKey()));
    }
    Secret storeKey = openStoreKey(files, manifest);
    StoreDirectory store = new StoreDirectory(files, primitives, storeKey, manifest);
    if (!isEqual(claimed.code(), store.codeOf(manifest))) {
      storeKey.close();
      throw files.altered(MANIFEST);
    }
    return store;
  }

  /** The name of the root key that the manifest claims; nothing vouches for it. */
  static String claimedRootKey(PrivateDirectory parent) throws IOException {
    return claimed(parent.within(STORE)).manifest().rootKey();
  }

  private static Claimed claimed(PrivateDirectory directory) throws IOException {
    byte[] text = directory.read(MANIFEST);
    try {
      return Manifest.read(text);
    } catch (IllegalArgumentException e) {
      throw new KeyStoreRefusedException(
          String.format(
              Locale.ROOT,
              "`%s` is no manifest that this version reads; restore the key store from its backup",
              directory.path().resolve(MANIFEST)));
    }
  }

  private static Secret openStoreKey(SealedFiles files, Manifest manifest) {
    try {
      return Secret.owning(files.open(Purpose.STORE_KEY, manifest.storeKey()));
    } catch (UnsealException | IllegalArgumentException e) {
      throw files.altered(MANIFEST);
    }
  }

  Manifest manifest() {
    return manifest;
  }

  RootKey root() {
    return files.root();
  }

  /** The keys of all epochs that live, to be used while {@code lease} lives. */
  Epochs epochs(KeyLease lease) throws IOException {
    NavigableMap<Integer, EpochBundle> bundles = new TreeMap<>();
    for (Epoch epoch : manifest.epochs().values()) {
      bundles.put(epoch.number(), bundle(epoch));
    }
    return new Epochs(manifest.currentEpoch(), bundles, lease, primitives);
  }

  private EpochBundle bundle(Epoch epoch) throws IOException {
    byte[] bytes = unwrapped(epoch);
    try {
      return EpochBundle.read(bytes);
    } catch (UnsealException e) {
      throw files.altered(epoch.bundle().name());
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private byte[] unwrapped(Epoch epoch) throws IOException {
    return files.read(epoch.bundle(), Purpose.bundleOf(epoch.number()));
  }

  /** Asks the root key for the current epoch's keys again; whether they are those in use. */
  boolean answersAsBefore(Epochs known) throws IOException {
    // Not the manifest's own: that knows of an epoch that begins before those who use it do.
    Epoch current = Objects.requireNonNull(manifest.epochs().get(known.current()));
    byte[] bytes = unwrapped(current);
    try {
      return known.knows(current.number(), bytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /**
   * The keys of all epochs that live, which the caller closes; empty if those of any are others
   * than they were.
   */
  Optional<NavigableMap<Integer, EpochBundle>> unwrappedAsBefore(Epochs known) throws IOException {
    NavigableMap<Integer, EpochBundle> bundles = new TreeMap<>();
    boolean same = false;
    try {
      for (Epoch epoch : manifest.epochs().values()) {
        byte[] bytes = unwrapped(epoch);
        try {
          if (!known.knows(epoch.number(), bytes)) {
            return Optional.empty();
          }
          bundles.put(epoch.number(), EpochBundle.read(bytes));
        } finally {
          Arrays.fill(bytes, (byte) 0);
        }
      }
      same = true;
      return Optional.of(bundles);
    } finally {
      if (!same) {
        bundles.values().forEach(EpochBundle::close);
      }
    }
  }

  /** Makes a new epoch and lets it be the current one, durably; its keys are the caller's. */
  synchronized EpochBundle beginEpoch(Instant now) throws IOException {
    int number = Math.addExact(manifest.currentEpoch(), 1);
    EpochBundle bundle = EpochBundle.random(primitives.random());
    boolean begun = false;
    try {
      var _ = remember(bundle, manifest.epochs().values());
      // Of a crash before the manifest is written is left a file that nobody names.
      long version = Math.addExact(manifest.version(), 1);
      write(manifest.begun(sealEpoch(files, number, version, now, bundle)));
      begun = true;
      return bundle;
    } finally {
      if (!begun) {
        bundle.close();
      }
    }
  }

  /**
   * Destroys an epoch's keys: no manifest names them, and the file that holds them is gone,
   * durably. Does no harm where they are gone already.
   */
  synchronized void destroyEpoch(int epoch) throws IOException {
    if (manifest.epochs().containsKey(epoch)) {
      write(manifest.without(epoch));
    }
    deleteUnnamed();
  }

  /**
   * Brings the store up to this version of the software: adds keys for kinds of alias that earlier
   * versions did not look up, and what the log is read with, and deletes bundles that no manifest
   * names.
   */
  synchronized void refresh() throws IOException {
    for (Epoch epoch : List.copyOf(manifest.epochs().values())) {
      try (EpochBundle bundle = bundle(epoch)) {
        boolean grown = bundle.addMissingKinds(primitives.random());
        if (epoch.number() == manifest.currentEpoch()) {
          grown |= remember(bundle, manifest.epochs().headMap(epoch.number()).values());
        }
        if (grown) {
          long version = Math.addExact(manifest.version(), 1);
          write(manifest.with(sealEpoch(files, epoch.number(), version, epoch.began(), bundle)));
        }
      }
    }
    deleteUnnamed();
  }

  /** Adds what the log of the epochs before is read with; true if something is new. */
  private boolean remember(EpochBundle current, Collection<Epoch> before) throws IOException {
    boolean grown = false;
    for (Epoch epoch : before) {
      try (EpochBundle bundle = bundle(epoch)) {
        grown |= current.remember(epoch.number(), bundle);
      }
    }
    return grown;
  }

  private void deleteUnnamed() throws IOException {
    List<String> named =
        Stream.concat(
                manifest.epochs().values().stream().map(Epoch::bundle),
                manifest.logSigningSeeds().stream())
            .map(SealedFile::name)
            .toList();
    try (var entries = Files.list(directory.path())) {
      for (Path entry : entries.toList()) {
        String name = entry.getFileName().toString();
        boolean sealed = name.startsWith(EPOCH_PREFIX) || name.startsWith(SEED);
        if (sealed && !named.contains(name)) {
          Files.delete(entry);
        }
      }
    }
    PrivateDirectory.sync(directory.path());
  }

  Journal journal(Access access, Predicate<SubjectId> erased) throws IOException {
    if (access == Access.WRITE && !directory.has(JOURNAL_MARK)) {
      // A store from before there was one.
      createJournalMark();
      PrivateDirectory.sync(directory.path());
    }
    AppendFile.Seal seal = sealOf(JOURNAL_MARK);
    JournalMark mark = JournalMark.open(directory.file(JOURNAL_MARK), seal, access);
    return Journal.open(directory.file(JOURNAL), sealOf(JOURNAL), mark, access, erased);
  }

  /** The ledger, if it has come as far as {@code seen}. */
  ErasureLedger ledger(Access access, Head seen) throws IOException {
    return ErasureLedger.open(directory.file(LEDGER), sealOf(LEDGER), access, seen);
  }

  /** The checkpoint of a log that was kept last, if any was. */
  Optional<byte[]> checkpoint(int log) throws IOException {
    String name = checkpointOf(log);
    return directory.has(name) ? Optional.of(directory.read(name)) : Optional.empty();
  }

  void keepCheckpoint(int log, byte[] note) throws IOException {
    directory.write(checkpointOf(log), note);
  }

  /** The highest number of a log of which a checkpoint was kept; 0 if there is none. */
  int logs() throws IOException {
    try (var entries = Files.list(directory.path())) {
      return entries
          .map(entry -> entry.getFileName().toString())
          .mapToInt(StoreDirectory::logOf)
          .max()
          .orElse(0);
    }
  }

  private static int logOf(String file) {
    Matcher last = ANY_CHECKPOINT.matcher(file);
    if (last.matches()) {
      return last.group(1) == null ? 1 : Integer.parseInt(last.group(1));
    }
    Matcher ended = ANY_ENDED.matcher(file);
    return ended.matches() ? Integer.parseInt(ended.group(1)) : 0;
  }

  /** What of a log has ended, the first first. */
  List<EndedLog> ended(int log) throws IOException {
    List<EndedLog> ended = new ArrayList<>();
    for (int time = 1; directory.has(endedOf(log, time)); time++) {
      ended.add(EndedLog.read(directory.read(endedOf(log, time))));
    }
    return ended;
  }

  /** The last checkpoint of a log that goes on no more becomes that of its end. */
  void end(int log, Instant at) throws IOException {
    List<EndedLog> before = ended(log);
    byte[] last = directory.read(checkpointOf(log));
    // Of a crash between the two there is both.
    if (before.isEmpty() || !Arrays.equals(before.getLast().checkpoint(), last)) {
      directory.write(endedOf(log, before.size() + 1), new EndedLog(at, last).bytes());
    }
    Files.delete(directory.path().resolve(checkpointOf(log)));
    PrivateDirectory.sync(directory.path());
  }

  private static String endedOf(int log, int time) {
    return ENDED + "-" + log + "." + time;
  }

  private static String checkpointOf(int log) {
    return log == 1 ? CHECKPOINT : CHECKPOINT + "-" + log;
  }

  /** What {@code use} gives for each seed, the newest first; a seed is wiped afterwards. */
  <R> List<R> withLogSigningSeeds(Function<byte[], R> use) throws IOException {
    List<R> results = new ArrayList<>();
    for (SealedFile file : manifest.logSigningSeeds()) {
      byte[] seed = files.read(file, Purpose.LOG_SIGNING_SEED);
      try {
        results.add(use.apply(seed));
      } finally {
        Arrays.fill(seed, (byte) 0);
      }
    }
    return results;
  }

  /** Adds a new seed before those there are, once {@code first} has returned with it. */
  synchronized void addLogSigningSeed(Consumer<byte[]> first) throws IOException {
    List<SealedFile> seeds = new ArrayList<>(manifest.logSigningSeeds());
    String name = SEED + "." + Math.addExact(manifest.version(), 1) + ".sealed";
    try (Secret seed = Secret.random(primitives.random())) {
      seeds.addFirst(files.write(name, Purpose.LOG_SIGNING_SEED, seed.copy()));
      byte[] bytes = seed.copy();
      try {
        first.accept(bytes);
      } finally {
        Arrays.fill(bytes, (byte) 0);
      }
    }
    // Of a crash before here is left a file that nobody names.
    write(manifest.with(seeds, manifest.retiredLogKeys()));
  }

  /** Forgets all seeds but the newest, and keeps their public keys. */
  synchronized void retireOldLogSigningSeeds(Function<byte[], String> publicKeyOf, Instant now)
      throws IOException {
    List<String> keys = withLogSigningSeeds(publicKeyOf);
    List<RetiredLogKey> retired = new ArrayList<>();
    keys.subList(1, keys.size()).forEach(key -> retired.add(new RetiredLogKey(key, now)));
    retired.addAll(manifest.retiredLogKeys());
    write(manifest.with(List.of(manifest.logSigningSeeds().getFirst()), retired));
    deleteUnnamed();
  }

  @Override
  public void close() {
    storeKey.close();
  }

  // A crash leaves the manifest before or this one.
  private void write(Manifest changed) throws IOException {
    directory.write(MANIFEST, changed.text(codeOf(changed)));
    manifest = changed;
  }

  private String codeOf(Manifest of) {
    try (Secret key = keyFor(MANIFEST)) {
      byte[] code = primitives.hmac().code(key.as(Hmac.ALGORITHM), of.body());
      return HexFormat.of().formatHex(code);
    }
  }

  // Takes as long wherever they differ.
  private static boolean isEqual(String a, String b) {
    return MessageDigest.isEqual(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }

  private void createAppendFile(String file) throws IOException {
    try (AppendFile.Seal seal = sealOf(file)) {
      AppendFile.create(directory.path().resolve(file), seal);
    }
  }

  private void createJournalMark() throws IOException {
    JournalMark.create(directory.path().resolve(JOURNAL_MARK), sealOf(JOURNAL_MARK));
  }

  private AppendFile.Seal sealOf(String file) {
    return new AppendFile.Seal(primitives.hmac(), keyFor(file), files.deployment());
  }

  /** A key of its own for what lies in the database and outlives epochs; the caller closes it. */
  Secret keyOfUse(String use) {
    return keyFor("use/" + use);
  }

  private Secret keyFor(String file) {
    return primitives.hkdf().derive(storeKey, "pledge/key-store/" + file + "/v1");
  }
}
