package dev.pledge.engine.keys;

import static dev.pledge.engine.keys.Deployment.place;
import static dev.pledge.engine.keys.Deployment.someone;
import static dev.pledge.engine.keys.Deployment.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.benmanes.caffeine.cache.Ticker;
import dev.pledge.engine.keys.ErasureLedger.Erased;
import dev.pledge.engine.keys.ErasureLedger.Kind;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.SubjectId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubjectKeysTest {
  private static final byte[] VALUE = utf8("marked");

  @TempDir private Path directory;
  private final AtomicLong nanos = new AtomicLong();
  private final UUID deployment = UUID.randomUUID();
  private final byte[] fileKey = new byte[Secret.KEY_BYTES];
  private final Primitives primitives = Primitives.with(Deployment.RANDOM);
  private ErasureLedger ledger;
  private Journal journal;
  private Epochs epochs;
  private SubjectKeys keys;

  @BeforeEach
  void open() throws IOException {
    ledger = ErasureLedger.open(newFile("ledger"), seal(), Access.WRITE, Head.NOTHING);
    Path mark = directory.resolve("mark");
    JournalMark.create(mark, seal());
    journal =
        Journal.open(
            newFile("journal"),
            seal(),
            JournalMark.open(mark, seal(), Access.WRITE),
            Access.WRITE,
            ledger::isErased);
    TreeMap<Integer, EpochBundle> bundles = new TreeMap<>();
    bundles.put(1, EpochBundle.random(Deployment.RANDOM));
    epochs = Deployment.epochs(1, bundles);
    keys = keysOf(deployment, epochs);
  }

  @AfterEach
  void close() {
    journal.close();
    ledger.close();
  }

  @Test
  void wrappedKeyOpensForItsPersonAlone() {
    SubjectId subject = someone();
    FreshKey fresh = keys.newKey(subject, 1);
    byte[] sealed = fresh.key().seal(place(), VALUE);
    letExpire();
    WrappedKey stored = new WrappedKey(1, 1, fresh.wrapped().bytes());
    try (SubjectKey key = keys.unwrap(subject, stored)) {
      assertThat(key.open(place(), sealed)).isEqualTo(VALUE);
      assertThat(key.subject()).isEqualTo(subject);
      assertThat(key.generation()).isEqualTo(1);
    }
    assertThatThrownBy(() -> keys.unwrap(someone(), stored)).isInstanceOf(UnsealException.class);
  }

  @Test
  void swappedGenerationEpochOrDeploymentIsRefused() {
    SubjectId subject = someone();
    WrappedKey wrapped = keys.newKey(subject, 2).wrapped();
    letExpire();
    assertThatThrownBy(() -> keys.unwrap(subject, new WrappedKey(1, 1, wrapped.bytes())))
        .isInstanceOf(UnsealException.class);
    assertThatThrownBy(() -> keys.unwrap(subject, new WrappedKey(2, 2, wrapped.bytes())))
        .isInstanceOf(UnsealException.class)
        .hasMessageContaining("epoch 2 does not live");
    SubjectKeys elsewhere = keysOf(UUID.randomUUID(), epochs);
    assertThatThrownBy(() -> elsewhere.unwrap(subject, wrapped))
        .isInstanceOf(UnsealException.class);
  }

  @Test
  void alteredWrapIsRefusedThoughTheKeyIsCached() {
    SubjectId subject = someone();
    try (FreshKey fresh = keys.newKey(subject, 1)) {
      byte[] altered = fresh.wrapped().bytes();
      altered[altered.length - 1] ^= 1;
      assertThatThrownBy(() -> keys.unwrap(subject, new WrappedKey(1, 1, altered)))
          .isInstanceOf(UnsealException.class);
      assertThatThrownBy(() -> new WrappedKey(1, 1, new byte[12]))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> new WrappedKey(0, 1, fresh.wrapped().bytes()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void unwrappedKeyIsKeptForAMinuteHoweverOftenItIsUsed() {
    SubjectId subject = someone();
    WrappedKey wrapped = keys.newKey(subject, 1).wrapped();
    epochs.close();
    for (int second = 0; second < 57; second++) {
      nanos.addAndGet(Duration.ofSeconds(1).toNanos());
      keys.unwrap(subject, wrapped).close();
    }
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThatThrownBy(() -> keys.unwrap(subject, wrapped))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("wiped");
  }

  @Test
  @Clause({"V.1", "II.II.3"})
  void nextKeyOpensNothingOfWhatIsForgottenAndAllTheRest() {
    SubjectId subject = someone();
    FreshKey fresh = keys.newKey(subject, 1);
    byte[] name = fresh.key().seal(of("identity.name"), VALUE);
    byte[] email = fresh.key().seal(of("contact.email"), VALUE);
    byte[] birth = fresh.key().sealRecord(RecordKind.BIRTH, subject.value(), VALUE);
    byte[] evidence = fresh.key().sealRecord(RecordKind.CONSENT, subject.value(), VALUE);
    byte[] mark = fresh.key().subjectMark(new byte[SubjectKey.MARK_NONCE_BYTES]);
    WrappedKey second =
        keys.renew(fresh.key(), fresh.wrapped(), List.of(of("contact.email").part()));
    letExpire();
    for (SubjectKey key : List.of(fresh.key(), keys.unwrap(subject, second))) {
      assertThat(key.generation()).isEqualTo(2);
      assertThatThrownBy(() -> key.open(of("identity.name"), name))
          .isInstanceOf(UnsealException.class);
      assertThatThrownBy(() -> key.openRecord(RecordKind.BIRTH, subject.value(), birth))
          .isInstanceOf(UnsealException.class);
      assertThat(key.open(of("contact.email"), email)).isEqualTo(VALUE);
      assertThat(key.openRecord(RecordKind.CONSENT, subject.value(), evidence)).isEqualTo(VALUE);
      assertThat(key.subjectMark(new byte[SubjectKey.MARK_NONCE_BYTES])).isEqualTo(mark);
      assertThat(key.open(of("identity.name"), key.seal(of("identity.name"), VALUE)))
          .isEqualTo(VALUE);
    }
  }

  @Test
  @Clause({"V.1", "II.II.3"})
  void nothingInTheNextKeyLeadsToWhatIsForgotten() {
    SubjectId subject = someone();
    FreshKey fresh = keys.newKey(subject, 1);
    Aad name = of("identity.name");
    Aad email = of("contact.email");
    byte[] sealedName = fresh.key().seal(name, VALUE);
    byte[] sealedEmail = fresh.key().seal(email, VALUE);
    WrappedKey second = keys.renew(fresh.key(), fresh.wrapped(), List.of(email.part()));
    WrappedKey third = keys.renew(fresh.key(), second, List.of(email.part()));
    assertThat(attack(subject, fresh.wrapped(), name, sealedName)).isTrue();
    for (WrappedKey next : List.of(second, third)) {
      assertThat(attack(subject, next, name, sealedName)).isFalse();
      assertThat(attack(subject, next, email, sealedEmail)).isTrue();
    }
  }

  /**
   * Whether a value opens with anything that can be made of what lies in the wrapped key: any 32
   * bytes of it, by themselves or in the place of what the keys of parts come from.
   */
  private boolean attack(SubjectId subject, WrappedKey wrapped, Aad place, byte[] sealed) {
    byte[] binding =
        Framed.of("pledge/wrap/v1")
            .add(deployment)
            .add(subject.value())
            .add(wrapped.generation())
            .add(wrapped.epoch())
            .bytes();
    byte[] clear =
        primitives
            .envelope()
            .open(epochs.bundle(wrapped.epoch()).wrapKey(), binding, wrapped.bytes(), "a key");
    for (int at = 0; at + Secret.KEY_BYTES <= clear.length; at++) {
      Secret found = Secret.owning(Arrays.copyOfRange(clear, at, at + Secret.KEY_BYTES));
      List<Secret> tried = new ArrayList<>(List.of(found));
      tried.add(primitives.hkdf().expand(found, place.part().label()));
      for (SubjectSecrets.Use use : SubjectSecrets.Use.values()) {
        Secret ofUse = primitives.hkdf().derive(found, use.label());
        tried.add(ofUse);
        tried.add(primitives.hkdf().expand(ofUse, place.part().label()));
      }
      for (Secret key : tried) {
        if (opens(key, place.bytes(deployment, subject.value()), sealed)) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean opens(Secret key, byte[] place, byte[] sealed) {
    try {
      return Arrays.equals(primitives.envelope().open(key, place, sealed, "a value"), VALUE);
    } catch (UnsealException closed) {
      return false;
    }
  }

  @Test
  @Clause({"V.1", "II.II.3"})
  void partIsForgottenEachTime() {
    SubjectId subject = someone();
    FreshKey fresh = keys.newKey(subject, 1);
    List<Part> email = List.of(of("contact.email").part());
    WrappedKey second = keys.renew(fresh.key(), fresh.wrapped(), email);
    byte[] sealed = fresh.key().seal(of("identity.name"), VALUE);
    byte[] other = fresh.key().seal(of("contact.email"), VALUE);
    WrappedKey third = keys.renew(fresh.key(), second, email);
    letExpire();
    try (SubjectKey key = keys.unwrap(subject, third)) {
      assertThatThrownBy(() -> key.open(of("identity.name"), sealed))
          .isInstanceOf(UnsealException.class);
      assertThat(key.open(of("contact.email"), other)).isEqualTo(VALUE);
    }
    assertThat(third.bytes()).as("it does not grow each time").hasSameSizeAs(second.bytes());
    assertThat(JournalTest.all(journal)).containsEntry(subject, third);
  }

  @Test
  @Clause({"II.II.3", "IV.1"})
  void monthOfASeriesIsForgottenByItself() {
    SubjectId subject = someone();
    FreshKey fresh = keys.newKey(subject, 1);
    Aad march = ofSeries("2026-03-31T23:59:59.999999Z");
    Aad april = ofSeries("2026-04-01T00:00:00Z");
    byte[] older = fresh.key().seal(march, VALUE);
    byte[] younger = fresh.key().seal(april, VALUE);
    WrappedKey next = keys.renew(fresh.key(), fresh.wrapped(), List.of(april.part()));
    assertThat(attack(subject, next, march, older)).isFalse();
    assertThatThrownBy(() -> fresh.key().open(march, older)).isInstanceOf(UnsealException.class);
    assertThat(fresh.key().open(april, younger)).isEqualTo(VALUE);
  }

  private static Aad ofSeries(String collectedAt) {
    FieldId field = FieldId.of("log.access");
    Instant at = Instant.parse(collectedAt);
    Part part = Part.ofSeries(field, "meeting", at);
    return new Aad(field, part, "1", 0, place().product(), place().source(), at);
  }

  @Test
  void journalFollowsTheDatabaseWhereTheNextKeyDidNotComeThere() {
    SubjectId subject = someone();
    FreshKey fresh = keys.newKey(subject, 1);
    WrappedKey next = keys.renew(fresh.key(), fresh.wrapped(), List.of());
    assertThat(JournalTest.all(journal)).containsEntry(subject, next);
    keys.follow(subject, fresh.wrapped());
    assertThat(JournalTest.all(journal)).containsEntry(subject, fresh.wrapped());
  }

  @Test
  void oneProductsPartIsNotAnothers() {
    SubjectId subject = someone();
    FreshKey fresh = keys.newKey(subject, 1);
    byte[] meeting = fresh.key().seal(of("device.id", "meeting"), VALUE);
    byte[] calendar = fresh.key().seal(of("device.id", "calendar"), VALUE);
    keys.renew(fresh.key(), fresh.wrapped(), List.of(of("device.id", "calendar").part()));
    assertThatThrownBy(() -> fresh.key().open(of("device.id", "meeting"), meeting))
        .isInstanceOf(UnsealException.class);
    assertThat(fresh.key().open(of("device.id", "calendar"), calendar)).isEqualTo(VALUE);
  }

  @Test
  void keyThatAnotherVersionWroteIsRefused() {
    byte[] newer = SubjectMaterial.random(Deployment.RANDOM).bytes();
    newer[0] = 3;
    for (byte[] content : List.of(newer, new byte[Secret.KEY_BYTES], new byte[0])) {
      assertThatThrownBy(() -> SubjectMaterial.read(content))
          .isInstanceOf(UnsealException.class)
          .hasMessageContaining("another version");
    }
  }

  private static Aad of(String field) {
    return of(field, "");
  }

  private static Aad of(String field, String holder) {
    Aad place = place();
    return new Aad(
        FieldId.of(field),
        Part.ofField(FieldId.of(field), holder),
        holder,
        place.version(),
        place.product(),
        place.source(),
        place.collectedAt());
  }

  @Test
  void destroyedKeyIsNotServedFromTheCache() {
    SubjectId subject = someone();
    WrappedKey wrapped = keys.newKey(subject, 1).wrapped();
    epochs.close();
    keys.destroy(subject);
    assertThatThrownBy(() -> keys.unwrap(subject, wrapped))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void erasedPersonsKeyIsNeverCached() {
    SubjectId subject = someone();
    WrappedKey wrapped = keys.newKey(subject, 1).wrapped();
    ledger.record(new Erased(subject, Deployment.BEGAN, Kind.PERSON, UUID.randomUUID()));
    letExpire();
    keys.unwrap(subject, wrapped).close();
    epochs.close();
    assertThatThrownBy(() -> keys.unwrap(subject, wrapped))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void newKeyIsInTheJournalBeforeItIsGivenOut() {
    SubjectId subject = someone();
    WrappedKey first = keys.newKey(subject, 1).wrapped();
    assertThat(JournalTest.all(journal)).containsOnlyKeys(subject).containsValue(first);
    WrappedKey second = keys.newKey(subject, 2).wrapped();
    assertThat(JournalTest.all(journal)).containsOnlyKeys(subject).containsValue(second);
    ledger.record(new Erased(subject, Deployment.BEGAN, Kind.PERSON, UUID.randomUUID()));
    assertThat(JournalTest.all(journal)).isEmpty();
  }

  @Test
  void noKeyWithoutAJournal() {
    journal.close();
    assertThatThrownBy(() -> keys.newKey(someone(), 1)).isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void keyThatDidNotReachTheJournalIsWiped() {
    List<byte[]> drawn = new ArrayList<>();
    SecureRandom random =
        new SecureRandom() {
          @Override
          public void nextBytes(byte[] bytes) {
            super.nextBytes(bytes);
            drawn.add(bytes);
          }
        };
    SubjectKeys watched =
        new SubjectKeys(
            deployment, epochs, Primitives.with(random), journal, ledger, Ticker.systemTicker());
    journal.close();
    assertThatThrownBy(() -> watched.newKey(someone(), 1)).isInstanceOf(UncheckedIOException.class);
    List<byte[]> keyBytes = drawn.stream().filter(b -> b.length == Secret.KEY_BYTES).toList();
    assertThat(keyBytes).hasSize(2).allSatisfy(bytes -> assertThat(bytes).containsOnly(0));
  }

  @Test
  void keyIsWipedWithItsLastLease() {
    SubjectMaterial material = SubjectMaterial.random(Deployment.RANDOM);
    Secret key = material.root();
    WrappedKey wrapped = keys.newKey(someone(), 1).wrapped();
    SubjectSecrets secrets =
        new SubjectSecrets(deployment, someone(), wrapped, material, primitives);
    SubjectKey first = new SubjectKey(secrets);
    assertThat(secrets.lease()).isTrue();
    SubjectKey second = new SubjectKey(secrets);
    byte[] sealed = first.seal(place(), VALUE);
    Secret values = secrets.keyOf(place().part());

    secrets.retire();
    assertThat(secrets.lease()).isFalse();
    first.close();
    first.close();
    assertThat(second.open(place(), sealed)).isEqualTo(VALUE);
    second.close();

    assertThatThrownBy(key::copy).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(values::copy).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(
            () ->
                new AesGcm()
                    .encrypt(values.as("AES"), new byte[12], new byte[0], VALUE, new byte[64], 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void leaseOutlivesTheCache() {
    SubjectId subject = someone();
    WrappedKey wrapped = keys.newKey(subject, 1).wrapped();
    SubjectKey lease = keys.unwrap(subject, wrapped);
    letExpire();
    assertThat(lease.seal(place(), VALUE)).isNotEmpty();
    lease.close();
    assertThatThrownBy(() -> lease.seal(place(), VALUE)).isInstanceOf(IllegalStateException.class);
  }

  private void letExpire() {
    nanos.addAndGet(Duration.ofSeconds(58).toNanos());
    keys.expire();
  }

  private SubjectKeys keysOf(UUID of, Epochs under) {
    Ticker ticker = nanos::get;
    return new SubjectKeys(of, under, primitives, journal, ledger, ticker);
  }

  private Path newFile(String name) throws IOException {
    Path path = directory.resolve(name);
    AppendFile.create(path, seal());
    return path;
  }

  private AppendFile.Seal seal() {
    return new AppendFile.Seal(primitives.hmac(), Secret.owning(fileKey.clone()), deployment);
  }
}
