package dev.pledge.engine.keys;

import static dev.pledge.engine.keys.Deployment.RANDOM;
import static dev.pledge.engine.keys.Deployment.someone;
import static dev.pledge.engine.keys.Deployment.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.audit.IntakeSeal;
import dev.pledge.engine.audit.KeysUnavailable;
import dev.pledge.engine.keys.TestVault.Mood;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.FieldType;
import dev.pledge.policy.names.SubjectId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A key store under a root key that lies elsewhere, with a clock that the test moves. */
@Clause("IV.4")
class KeyStoreUnderVaultTest {
  private static final SubjectId SOMEONE = someone();

  @TempDir private Path home;
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private TestVault vault;
  private RootKey root;
  private KeyStore store;

  @BeforeEach
  void aStore() throws IOException {
    Files.createDirectory(home.resolve("data"));
    vault = new TestVault();
    root = RootKeys.open(vault.address(), vault.environment());
    store =
        KeyStore.create(
            home.resolve("keys"),
            home.resolve("data"),
            root,
            InstantSource.fixed(Deployment.BEGAN),
            RANDOM,
            now::get);
  }

  @AfterEach
  void close() {
    store.close();
    root.close();
    vault.close();
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  @Test
  void opensAgainAlsoAfterTheRootKeyIsRotated() {
    WrappedKey wrapped;
    try (SubjectKey key = fresh().key()) {
      wrapped = store.subjectKeys().newKey(key.subject(), 1).wrapped();
    }
    vault.rotate("pledge");
    KeyStore.Seen seen = Deployment.seen(store);
    store.close();
    store =
        KeyStore.open(
            home.resolve("keys"), home.resolve("data"), Optional.of(seen), root, RANDOM, now::get);
    store.subjectKeys().unwrap(SOMEONE, wrapped).close();
    int epoch = store.beginEpoch(Deployment.BEGAN);
    store.destroyEpoch(epoch - 1);
    assertThat(sealedFiles()).allMatch(text -> text.startsWith("vault:v"));
  }

  private FreshKey fresh() {
    return store.subjectKeys().newKey(SOMEONE, 1);
  }

  private List<String> sealedFiles() {
    List<String> texts = new ArrayList<>();
    try (Stream<Path> files = Files.list(home.resolve("keys/store"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".sealed")).toList()) {
        texts.add(Files.readString(file, StandardCharsets.US_ASCII));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return texts;
  }

  @Test
  void anotherRootKeyIsRefusedAndNamed() {
    vault.make("other");
    KeyStore.Seen seen = Deployment.seen(store);
    store.close();
    try (RootKey other = RootKeys.open(vault.address("other"), vault.environment())) {
      assertThatThrownBy(
              () ->
                  KeyStore.open(
                      home.resolve("keys"), home.resolve("data"), Optional.of(seen), other, RANDOM))
          .isInstanceOf(KeyStoreRefusedException.class)
          .hasMessageContainingAll("`vault:transit/other`", "`vault:transit/pledge`", "--root-key");
    }
    assertThat(KeyStore.claimedRootKey(home.resolve("keys"), home.resolve("data")))
        .isEqualTo("vault:transit/pledge");
    // Of the same name, and another key.
    vault.make("pledge");
    assertThatThrownBy(
            () ->
                KeyStore.open(
                    home.resolve("keys"), home.resolve("data"), Optional.of(seen), root, RANDOM))
        .isInstanceOf(KeyStoreRefusedException.class)
        .hasMessageContaining("`vault:transit/pledge` is another key than it was");
  }

  @Test
  void keysAreUsedForAMinuteAfterTheRootKeyAnsweredAndNotForASecondMore() {
    FreshKey fresh = fresh();
    fresh.key().close();
    IntakeSeal seal = store.intakeSeal();
    UUID entry = UUID.randomUUID();
    IntakeSeal.Sealed sealed = seal.seal(entry, utf8("entry"));
    pass(Duration.ofSeconds(60).minusNanos(1));
    store.subjectKeys().unwrap(SOMEONE, fresh.wrapped()).close();
    pass(Duration.ofNanos(1));
    assertThat(store.isUsable()).isFalse();
    assertLocked(fresh, entry, sealed);
    store.lock();
    assertLocked(fresh, entry, sealed);

    List<UUID> entered = new ArrayList<>();
    store.unlock(
        first -> {
          // Nobody else may use them before it is entered that they were unwrapped.
          assertThat(store.isUsable()).isFalse();
          assertThat(first.open(entry, sealed)).isEqualTo(utf8("entry"));
          entered.add(entry);
        });
    assertThat(entered).hasSize(1);
    assertThat(store.isUsable()).isTrue();
    assertThat(seal.open(entry, sealed)).isEqualTo(utf8("entry"));
    store.subjectKeys().unwrap(SOMEONE, fresh.wrapped()).close();
  }

  private void assertLocked(FreshKey fresh, UUID entry, IntakeSeal.Sealed sealed) {
    long journal = store.journal().head().writes();
    assertThatExceptionOfType(KeysUnavailable.class)
        .isThrownBy(() -> store.subjectKeys().unwrap(SOMEONE, fresh.wrapped()));
    assertThatExceptionOfType(KeysUnavailable.class)
        .isThrownBy(() -> store.subjectKeys().newKey(someone(), 1));
    assertThatExceptionOfType(KeysUnavailable.class)
        .isThrownBy(() -> store.intakeSeal().seal(UUID.randomUUID(), utf8("entry")));
    assertThatExceptionOfType(KeysUnavailable.class)
        .isThrownBy(() -> store.intakeSeal().open(entry, sealed));
    assertThatExceptionOfType(KeysUnavailable.class)
        .isThrownBy(
            () ->
                store
                    .blindIndex()
                    .candidates(BlindIndex.Term.of(FieldType.EMAIL, 1, "mei@example.org")));
    assertThatExceptionOfType(KeysUnavailable.class)
        .isThrownBy(() -> store.beginEpoch(Deployment.BEGAN));
    assertThat(store.journal().head().writes()).isEqualTo(journal);
  }

  @Test
  void eachAnswerIsGoodForAMinuteFromWhenItWasAskedFor() {
    for (int i = 0; i < 5; i++) {
      pass(Duration.ofSeconds(59));
      assertThat(store.renew()).isTrue();
    }
    pass(Duration.ofSeconds(60));
    assertThat(store.renew()).as("what was used for too long is unwrapped anew").isFalse();
    assertThat(store.isUsable()).isFalse();
  }

  @Test
  void aRootKeyThatDoesNotAnswerTakesNothingAwayBeforeItsTime() {
    vault.be(Mood.SEALED);
    pass(Duration.ofSeconds(20));
    assertThatThrownBy(store::renew).isInstanceOf(RootKeyUnavailableException.class);
    assertThat(store.isUsable()).isTrue();
    pass(Duration.ofSeconds(40));
    assertThat(store.isUsable()).isFalse();
    assertThatThrownBy(() -> store.unlock(seal -> {}))
        .isInstanceOf(RootKeyUnavailableException.class);
    assertThat(store.isUsable()).isFalse();
  }

  @Test
  void otherKeysThanBeforeLockEverythingAtOnce() {
    FreshKey fresh = fresh();
    fresh.key().close();
    vault.be(Mood.LYING);
    assertThatThrownBy(store::renew)
        .isInstanceOf(KeyStoreRefusedException.class)
        .hasMessageContaining("`vault:transit/pledge` unwraps other keys than before");
    assertThat(store.isUsable()).isFalse();
    assertThatThrownBy(() -> store.unlock(seal -> {}))
        .isInstanceOf(KeyStoreRefusedException.class)
        .hasMessageContaining("unwraps other keys than before");
    assertThat(store.isUsable()).isFalse();
    vault.be(Mood.HONEST);
    store.unlock(seal -> {});
    store.subjectKeys().unwrap(SOMEONE, fresh.wrapped()).close();
  }

  @Test
  void whatCannotBeEnteredInTheLogStaysLocked() {
    pass(Duration.ofMinutes(2));
    store.lock();
    assertThatThrownBy(
            () ->
                store.unlock(
                    seal -> {
                      throw new IllegalStateException("no log");
                    }))
        .hasMessage("no log");
    assertThat(store.isUsable()).isFalse();
    assertThatExceptionOfType(KeysUnavailable.class).isThrownBy(this::fresh);
  }

  @Test
  void keysOfAllEpochsComeBack() {
    FreshKey before = fresh();
    before.key().close();
    store.beginEpoch(Deployment.BEGAN);
    SubjectId other = someone();
    FreshKey after = store.subjectKeys().newKey(other, 1);
    after.key().close();
    store.lock();
    store.unlock(seal -> {});
    store.subjectKeys().unwrap(SOMEONE, before.wrapped()).close();
    store.subjectKeys().unwrap(other, after.wrapped()).close();
    assertThat(store.renew()).isTrue();
    store.destroyEpoch(1);
    assertThatThrownBy(() -> store.subjectKeys().unwrap(SOMEONE, before.wrapped()))
        .isInstanceOf(UnsealException.class);
  }
}
