package dev.pledge.engine.keys;

import static dev.pledge.engine.keys.Deployment.RANDOM;
import static dev.pledge.engine.keys.Deployment.seen;
import static dev.pledge.engine.keys.Deployment.someone;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.keys.BlindIndex.Term;
import dev.pledge.engine.keys.ErasureLedger.Erased;
import dev.pledge.engine.keys.ErasureLedger.Kind;
import dev.pledge.engine.keys.KeyStore.Seen;
import dev.pledge.engine.keys.SealedFiles.Purpose;
import dev.pledge.policy.names.FieldType;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SubjectId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyStoreTest {
  @TempDir private Path home;
  private Deployment deployment;

  @BeforeEach
  void deploy() {
    deployment = new Deployment(home.resolve("one"));
  }

  @Test
  void keysSurviveARestart() {
    SubjectId subject = someone();
    WrappedKey wrapped;
    byte[] sealed;
    Seen seen;
    try (KeyStore store = deployment.create();
        FreshKey fresh = store.subjectKeys().newKey(subject, 1)) {
      wrapped = fresh.wrapped();
      sealed = fresh.key().seal(Deployment.place(), new byte[] {1, 2, 3});
      seen = seen(store);
      assertThat(store.epoch()).isEqualTo(1);
    }
    try (KeyStore store = deployment.open(seen);
        SubjectKey key = store.subjectKeys().unwrap(subject, wrapped)) {
      assertThat(key.open(Deployment.place(), sealed)).containsExactly(1, 2, 3);
      assertThat(JournalTest.all(store.journal())).containsOnlyKeys(subject);
      assertThat(seen(store)).isEqualTo(seen);
    }
  }

  @Test
  void logSigningSeedStaysTheSameAndIsWipedAfterUse() {
    byte[][] leaked = new byte[1][];
    String before;
    Seen seen;
    try (KeyStore store = deployment.create()) {
      seen = seen(store);
      before =
          store
              .withLogSigningSeeds(
                  seed -> {
                    leaked[0] = seed;
                    return HexFormat.of().formatHex(seed);
                  })
              .getFirst();
    }
    assertThat(leaked[0]).hasSize(32).containsOnly(0);
    assertThat(before).isNotEqualTo("00".repeat(32));
    try (KeyStore store = deployment.open(seen)) {
      assertThat(hexSeedOf(store)).isEqualTo(before);
    }
  }

  private static final Instant UNTIL = Instant.parse("2026-04-23T10:15:30.123Z");

  @Test
  void aNewSigningKeyStandsBesideTheOldOneUntilThatIsForgotten() throws IOException {
    Seen seen;
    String old;
    try (KeyStore store = deployment.create()) {
      seen = seen(store);
      old = hexSeedOf(store);
      List<byte[]> told = new ArrayList<>();
      store.addLogSigningKey(
          seed -> {
            assertThat(hexSeedsOf(store)).containsExactly(old);
            told.add(seed);
          });
      assertThat(told).containsExactly(new byte[32]);
      assertThat(hexSeedsOf(store)).hasSize(2).endsWith(old).doesNotHaveDuplicates();
    }
    List<String> both;
    try (KeyStore store = deployment.open(seen)) {
      both = hexSeedsOf(store);
      assertThat(both).hasSize(2).endsWith(old);
      store.retireOldLogSigningKeys(seed -> "of-" + HexFormat.of().formatHex(seed), UNTIL);
      assertThat(hexSeedsOf(store)).containsExactly(both.getFirst());
    }
    try (KeyStore store = deployment.open(seen)) {
      assertThat(store.retiredLogKeys()).containsExactly(new RetiredLogKey("of-" + old, UNTIL));
      assertThat(hexSeedsOf(store)).containsExactly(both.getFirst());
    }
    assertThat(deployment.store().resolve("log-signing-seed.sealed")).doesNotExist();
    try (KeyStore store = deployment.open(seen)) {
      assertThatThrownBy(
              () ->
                  store.addLogSigningKey(
                      seed -> {
                        throw new IllegalStateException("not entered in the log");
                      }))
          .hasMessage("not entered in the log");
      assertThat(hexSeedsOf(store)).containsExactly(both.getFirst());
    }
    try (KeyStore store = deployment.open(seen)) {
      assertThat(hexSeedsOf(store)).containsExactly(both.getFirst());
    }
  }

  @Test
  void theLastCheckpointIsKeptApartFromTheData() {
    Seen seen;
    try (KeyStore store = deployment.create()) {
      seen = seen(store);
      assertThat(store.lastCheckpoint(1)).isEmpty();
      assertThat(store.logs()).isZero();
      store.keepCheckpoint(1, new byte[] {1, 2});
      store.keepCheckpoint(1, new byte[] {3});
      assertThat(store.logs()).isOne();
      store.keepCheckpoint(12, new byte[] {4});
      assertThat(store.logs()).isEqualTo(12);
    }
    try (KeyStore store = deployment.open(seen)) {
      assertThat(store.lastCheckpoint(1).orElseThrow()).containsExactly(3);
      assertThat(store.lastCheckpoint(12).orElseThrow()).containsExactly(4);
      assertThat(store.lastCheckpoint(2)).isEmpty();
    }
  }

  @Test
  void everyFileIsReadableByItsOwnerAlone() throws IOException {
    try (KeyStore store = deployment.create()) {
      store.subjectKeys().newKey(someone(), 1).close();
      store.journal().compact();
      try (Stream<Path> files = Files.walk(deployment.keys())) {
        List<Path> all = files.toList();
        assertThat(all).hasSizeGreaterThan(6);
        for (Path file : all) {
          assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
              .as(file.toString())
              .isEqualTo(Files.isDirectory(file) ? "rwx------" : "rw-------");
        }
      }
    }
  }

  @Test
  void noFileHoldsAKeyInTheClear() throws IOException {
    String seed;
    try (KeyStore store = deployment.create()) {
      seed = hexSeedOf(store);
    }
    try (Stream<Path> files = Files.walk(deployment.keys()).filter(Files::isRegularFile)) {
      for (Path file : files.toList()) {
        assertThat(HexFormat.of().formatHex(Files.readAllBytes(file))).doesNotContain(seed);
      }
    }
  }

  @Test
  void missingKeyStoreIsRefusedWithTheRemedy() {
    Seen seen = new Seen(UUID.randomUUID(), 1, Head.NOTHING);
    assertThat(KeyStore.exists(deployment.keys())).isFalse();
    assertThatThrownBy(() -> deployment.open(seen))
        .isInstanceOf(KeyStoreRefusedException.class)
        .hasMessageContaining("restore it from its backup, or start with an empty data directory");
    assertThatThrownBy(() -> deployment.openReadOnly(seen))
        .isInstanceOf(KeyStoreRefusedException.class);
  }

  @Test
  void keyStoreIsNeverReplaced() {
    deployment.create().close();
    assertThat(KeyStore.exists(deployment.keys())).isTrue();
    assertThatThrownBy(deployment::create)
        .isInstanceOf(KeyStoreRefusedException.class)
        .hasMessageContaining("there is a key store in");
  }

  @Test
  void firstStartThatWasCutShortIsTakenUp() throws IOException {
    deployment.create().close();
    try (KeyStore store = deployment.openUnseen()) {
      store.subjectKeys().newKey(someone(), 1).close();
    }
    assertThatThrownBy(deployment::openUnseen)
        .isInstanceOf(KeyStoreRefusedException.class)
        .hasMessageContaining("holds keys of people, but the data directory is new");
  }

  @Test
  void creationThatWasCutShortIsDoneAgain() throws IOException {
    deployment.create().close();
    Files.move(deployment.store(), deployment.keys().resolve("store.begun"));
    Files.delete(deployment.keys().resolve("store.begun").resolve("manifest"));
    try (KeyStore store = deployment.create()) {
      assertThat(store.manifestVersion()).isEqualTo(1);
    }
    assertThat(deployment.keys().resolve("store.begun")).doesNotExist();
  }

  @Test
  void keyStoreOfAnotherDeploymentIsRefused() {
    Seen seen;
    try (KeyStore store = deployment.create()) {
      seen = seen(store);
    }
    Deployment other = new Deployment(home.resolve("two"));
    other.create().close();
    assertThatThrownBy(() -> other.open(seen))
        .isInstanceOf(KeyStoreRefusedException.class)
        .hasMessageContaining("the data to deployment `" + seen.deployment() + "`");
  }

  @Test
  void wrongRootKeyIsRefused() throws IOException {
    Seen seen;
    try (KeyStore store = deployment.create()) {
      seen = seen(store);
    }
    Files.delete(deployment.rootDirectory().resolve("root.key"));
    assertThatThrownBy(() -> deployment.open(seen))
        .isInstanceOf(KeyStoreRefusedException.class)
        .hasMessageContaining("does not open this key store")
        .hasMessageContaining("restore that root key");
  }

  @Test
  void keyStoreInsideTheDataDirectoryIsRefused() {
    FileRootKey root = deployment.root();
    assertThatThrownBy(
            () ->
                KeyStore.create(
                    deployment.data().resolve("keys"),
                    deployment.data(),
                    root,
                    () -> Deployment.BEGAN,
                    RANDOM))
        .isInstanceOf(KeyStoreRefusedException.class)
        .hasMessageContaining("inside the data directory");
  }

  @Test
  void keyStoreOpenToOthersIsRefusedWithTheCommandToRun() throws IOException {
    Seen seen;
    try (KeyStore store = deployment.create()) {
      seen = seen(store);
    }
    List<Path> parts;
    try (Stream<Path> files = Files.walk(deployment.keys())) {
      parts = files.toList();
    }
    for (Path part : parts) {
      boolean directory = Files.isDirectory(part);
      Files.setPosixFilePermissions(
          part, PosixFilePermissions.fromString(directory ? "rwxr-x---" : "rw-r-----"));
      String command = directory ? "chmod 700 '" : "chmod 600 '";
      assertThatThrownBy(
              () -> {
                try (KeyStore store = deployment.open(seen)) {
                  var _ = store.withLogSigningSeeds(seed -> "opened");
                }
              })
          .as(part.toString())
          .isInstanceOf(KeyStoreRefusedException.class)
          .hasMessageContaining(command + part.toRealPath() + "'");
      Files.setPosixFilePermissions(
          part, PosixFilePermissions.fromString(directory ? "rwx------" : "rw-------"));
    }
    deployment.open(seen).close();
  }

  @Test
  void oneProcessWritesAndOthersRead() {
    SubjectId subject = someone();
    try (KeyStore writer = deployment.create()) {
      FreshKey fresh = writer.subjectKeys().newKey(subject, 1);
      assertThatThrownBy(() -> deployment.open(seen(writer)))
          .isInstanceOf(KeyStoreRefusedException.class)
          .hasMessageContaining("in use by another process");
      try (KeyStore reader = deployment.openReadOnly(seen(writer));
          SubjectKey key = reader.subjectKeys().unwrap(subject, fresh.wrapped())) {
        assertThat(key.open(Deployment.place(), fresh.key().seal(Deployment.place(), new byte[1])))
            .containsExactly(0);
        assertThat(JournalTest.all(reader.journal())).containsOnlyKeys(subject);
        assertThatThrownBy(() -> reader.subjectKeys().newKey(someone(), 1))
            .isInstanceOf(UncheckedIOException.class);
        assertThatThrownBy(
                () ->
                    reader
                        .ledger()
                        .record(
                            new Erased(subject, Deployment.BEGAN, Kind.PERSON, UUID.randomUUID())))
            .isInstanceOf(UncheckedIOException.class);
        assertThat(reader.ledger().isErased(subject)).isFalse();
      }
    }
  }

  @Test
  void everyAlteredByteOfASealedFileOrTheManifestIsRefused() throws IOException {
    Seen seen;
    try (KeyStore store = deployment.create()) {
      seen = seen(store);
    }
    List<String> names =
        List.of("manifest", "epoch-1.1.sealed", "log-signing-seed.sealed", "erasures");
    for (String name : names) {
      Path file = deployment.store().resolve(name);
      byte[] whole = Files.readAllBytes(file);
      for (int i = 0; i < whole.length; i += 7) {
        byte[] altered = whole.clone();
        altered[i] ^= 1;
        Files.write(file, altered);
        assertThatThrownBy(
                () -> {
                  try (KeyStore store = deployment.open(seen)) {
                    var _ = store.withLogSigningSeeds(seed -> "opened");
                  }
                })
            .as("%s, byte %d", name, i)
            .isInstanceOf(KeyStoreRefusedException.class);
      }
      Files.write(file, whole);
    }
    deployment.open(seen).close();
  }

  @Test
  void journalAndLedgerCannotStandInForEachOther() throws IOException {
    Seen seen;
    try (KeyStore store = deployment.create()) {
      seen = seen(store);
    }
    Files.copy(
        deployment.store().resolve("journal"),
        deployment.store().resolve("erasures"),
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertThatThrownBy(() -> deployment.open(seen)).isInstanceOf(KeyStoreRefusedException.class);
  }

  @Test
  void kindsLookedUpSinceANewerVersionGetKeysAndOldKeysStay() throws IOException {
    Term mail = Term.of(FieldType.EMAIL, 1, "mei@example.org");
    Seen seen;
    byte[] before;
    try (KeyStore store = deployment.create()) {
      seen = seen(store);
      before = newest(store.blindIndex(), mail);
    }
    takeAwayIndexKey("external-id");
    Path older = copyStore();
    Seen grown;
    try (KeyStore store = deployment.open(seen)) {
      assertThat(newest(store.blindIndex(), mail)).isEqualTo(before);
      assertThat(newest(store.blindIndex(), Term.ofExternalId(new ProductId("meeting"), 1, "x")))
          .hasSize(32);
      grown = seen(store);
      assertThat(grown.manifestVersion()).isEqualTo(seen.manifestVersion() + 1);
    }
    assertThat(deployment.store().resolve("epoch-1.1.sealed")).doesNotExist();
    deployment.open(grown).close();

    restoreStore(older);
    assertThatThrownBy(() -> deployment.open(grown))
        .isInstanceOf(KeyStoreRefusedException.class)
        .hasMessageContaining("at version 1, but the data has seen version 2")
        .hasMessageContaining("restore the newest backup");
  }

  @Test
  void aFailedWriteToJournalOrLedgerShows() {
    for (String file : List.of("journal", "ledger")) {
      Deployment broken = new Deployment(home.resolve(file));
      try (KeyStore store = broken.create()) {
        assertThat(store.accepts()).isTrue();
        if (file.equals("journal")) {
          store.journal().close();
        } else {
          store.ledger().close();
        }
        assertThat(store.accepts()).isFalse();
      }
    }
    try (KeyStore writer = deployment.create();
        KeyStore reader = deployment.openReadOnly(seen(writer))) {
      assertThat(reader.accepts()).isFalse();
    }
  }

  private static String hexSeedOf(KeyStore store) {
    return hexSeedsOf(store).getFirst();
  }

  private static List<String> hexSeedsOf(KeyStore store) {
    return store.withLogSigningSeeds(seed -> HexFormat.of().formatHex(seed));
  }

  /** Makes the store what a version that did not look up {@code kind} would have left. */
  private void takeAwayIndexKey(String kind) throws IOException {
    Primitives primitives = Primitives.with(RANDOM);
    PrivateDirectory directory = PrivateDirectory.open(deployment.store(), deployment.data());
    Manifest manifest =
        Manifest.read(Files.readAllBytes(deployment.store().resolve("manifest"))).manifest();
    SealedFiles files = new SealedFiles(directory, deployment.root(), manifest.deployment());
    Manifest.Epoch epoch = manifest.epochs().get(1);
    byte[] bundle = files.read(epoch.bundle(), Purpose.bundleOf(1));
    Manifest.SealedFile smaller =
        files.write(epoch.bundle().name(), Purpose.bundleOf(1), without(kind, bundle));
    manifest.epochs().put(1, new Manifest.Epoch(1, epoch.began(), smaller));
    Secret storeKey = Secret.owning(files.open(Purpose.STORE_KEY, manifest.storeKey()));
    Secret codeKey = primitives.hkdf().derive(storeKey, "pledge/key-store/manifest/v1");
    byte[] code = primitives.hmac().code(codeKey.as(Hmac.ALGORITHM), manifest.body());
    directory.write("manifest", manifest.text(HexFormat.of().formatHex(code)));
  }

  private static byte[] without(String kind, byte[] bundle) {
    String text = new String(bundle, StandardCharsets.ISO_8859_1);
    int word = text.indexOf(kind);
    int end = word + kind.length() + 32;
    byte[] smaller = Arrays.copyOf(bundle, bundle.length - (end - word + 1));
    System.arraycopy(bundle, end, smaller, word - 1, bundle.length - end);
    return smaller;
  }

  private Path copyStore() throws IOException {
    Path copy = Files.createDirectory(home.resolve("backup"));
    try (Stream<Path> files = Files.list(deployment.store())) {
      for (Path file : files.toList()) {
        Files.copy(
            file,
            copy.resolve(file.getFileName()),
            java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    return copy;
  }

  private void restoreStore(Path copy) throws IOException {
    try (Stream<Path> files = Files.list(deployment.store())) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    try (Stream<Path> files = Files.list(copy)) {
      for (Path file : files.toList()) {
        Files.move(file, deployment.store().resolve(file.getFileName()));
      }
    }
  }

  private static byte[] newest(BlindIndex index, Term term) {
    return index.indexes(term).lastEntry().getValue();
  }
}
