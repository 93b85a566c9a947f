package dev.pledge.engine.keys;

import static dev.pledge.engine.keys.Deployment.place;
import static dev.pledge.engine.keys.Deployment.someone;
import static dev.pledge.engine.keys.Deployment.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.log.ByteString;
import dev.pledge.log.Caller;
import dev.pledge.log.Entry;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.log.Outcome;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SourceId;
import dev.pledge.policy.names.SubjectId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubjectKeyTest {
  private static final byte[] VALUE = utf8("mei@example.org");

  @TempDir private Path home;
  private KeyStore store;

  @BeforeEach
  void create() {
    store = new Deployment(home).create();
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void valueOpensWhereItWasSealed() {
    try (FreshKey fresh = store.subjectKeys().newKey(someone(), 1)) {
      byte[] sealed = fresh.key().seal(place(), VALUE);
      assertThat(sealed).hasSize(VALUE.length + 29).startsWith(1);
      assertThat(fresh.key().open(place(), sealed)).isEqualTo(VALUE);
      assertThat(fresh.key().open(place(), fresh.key().seal(place(), new byte[0]))).isEmpty();
    }
  }

  @Test
  void sameValueNeverSealsTheSame() {
    try (FreshKey fresh = store.subjectKeys().newKey(someone(), 1)) {
      assertThat(fresh.key().seal(place(), VALUE)).isNotEqualTo(fresh.key().seal(place(), VALUE));
    }
  }

  @Test
  void valueOpensNowhereElse() {
    Aad place = place();
    Instant later = place.collectedAt().plusNanos(1_000);
    List<Aad> others =
        List.of(
            new Aad(
                FieldId.of("contact.phone"),
                place.part(),
                place.datum(),
                place.version(),
                place.product(),
                place.source(),
                place.collectedAt()),
            new Aad(
                place.field(),
                place.part(),
                "other",
                place.version(),
                place.product(),
                place.source(),
                place.collectedAt()),
            new Aad(
                place.field(),
                place.part(),
                place.datum(),
                place.version() + 1,
                place.product(),
                place.source(),
                place.collectedAt()),
            new Aad(
                place.field(),
                place.part(),
                place.datum(),
                place.version(),
                new ProductId("meet"),
                place.source(),
                place.collectedAt()),
            new Aad(
                place.field(),
                place.part(),
                place.datum(),
                place.version(),
                place.product(),
                new SourceId("product-use"),
                place.collectedAt()),
            new Aad(
                place.field(),
                place.part(),
                place.datum(),
                place.version(),
                place.product(),
                place.source(),
                later));
    try (FreshKey fresh = store.subjectKeys().newKey(someone(), 1)) {
      byte[] sealed = fresh.key().seal(place, VALUE);
      for (Aad other : others) {
        assertThatThrownBy(() -> fresh.key().open(other, sealed))
            .isInstanceOf(UnsealException.class);
      }
    }
  }

  @Test
  void neighbouringPartsOfAPlaceCannotBeShifted() {
    byte[] one = Framed.of("l").add("ab").add("c").bytes();
    byte[] other = Framed.of("l").add("a").add("bc").bytes();
    assertThat(one).isNotEqualTo(other);
    assertThat(Framed.of("l").add("").add("a").bytes())
        .isNotEqualTo(Framed.of("l").add("a").add("").bytes());
  }

  @Test
  void unpairedSurrogatesAreRefused() {
    for (String malformed : List.of("\uD800", "a\uDC00", "\uDC00\uD800")) {
      assertThatThrownBy(() -> Framed.of("l").add(malformed))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(Framed.of("l").add("\uD83D\uDE00").bytes()).isNotEmpty();
  }

  @Test
  void everyAlteredOrCutByteIsRefused() {
    try (FreshKey fresh = store.subjectKeys().newKey(someone(), 1)) {
      byte[] sealed = fresh.key().seal(place(), VALUE);
      for (int i = 0; i < sealed.length; i++) {
        byte[] altered = sealed.clone();
        altered[i] ^= 1;
        byte[] cut = java.util.Arrays.copyOf(sealed, i);
        assertThatThrownBy(() -> fresh.key().open(place(), altered))
            .isInstanceOf(UnsealException.class);
        assertThatThrownBy(() -> fresh.key().open(place(), cut))
            .isInstanceOf(UnsealException.class);
      }
      byte[] longer = java.util.Arrays.copyOf(sealed, sealed.length + 1);
      assertThatThrownBy(() -> fresh.key().open(place(), longer))
          .isInstanceOf(UnsealException.class);
    }
  }

  @Test
  void anotherPersonsOrGenerationsKeyOpensNothing() {
    SubjectId subject = someone();
    SubjectKeys keys = store.subjectKeys();
    try (FreshKey first = keys.newKey(subject, 1);
        FreshKey second = keys.newKey(subject, 2);
        FreshKey other = keys.newKey(someone(), 1)) {
      byte[] sealed = first.key().seal(place(), VALUE);
      assertThatThrownBy(() -> second.key().open(place(), sealed))
          .isInstanceOf(UnsealException.class);
      assertThatThrownBy(() -> other.key().open(place(), sealed))
          .isInstanceOf(UnsealException.class);
    }
  }

  @Test
  void usesAreNotInterchangeable() {
    UUID id = UUID.randomUUID();
    try (FreshKey fresh = store.subjectKeys().newKey(someone(), 1)) {
      SubjectKey key = fresh.key();
      byte[] detail = key.sealDetail(id, VALUE);
      byte[] export = key.sealExport(id, VALUE);
      byte[] record = key.sealRecord(RecordKind.BIRTH, id, VALUE);
      assertThat(key.openDetail(id, detail)).isEqualTo(VALUE);
      assertThat(key.openExport(id, export)).isEqualTo(VALUE);
      assertThat(key.openRecord(RecordKind.BIRTH, id, record)).isEqualTo(VALUE);
      assertThatThrownBy(() -> key.openRecord(RecordKind.CONSENT, id, record))
          .isInstanceOf(UnsealException.class);
      assertThatThrownBy(() -> key.openRecord(RecordKind.BIRTH, UUID.randomUUID(), record))
          .isInstanceOf(UnsealException.class);
      assertThatThrownBy(() -> key.openDetail(id, record)).isInstanceOf(UnsealException.class);
      assertThatThrownBy(() -> key.openExport(id, detail)).isInstanceOf(UnsealException.class);
      assertThatThrownBy(() -> key.openDetail(id, export)).isInstanceOf(UnsealException.class);
      assertThatThrownBy(() -> key.openDetail(UUID.randomUUID(), detail))
          .isInstanceOf(UnsealException.class);
      assertThatThrownBy(() -> key.openExport(UUID.randomUUID(), export))
          .isInstanceOf(UnsealException.class);
      assertThatThrownBy(() -> key.open(place(), detail)).isInstanceOf(UnsealException.class);
    }
  }

  @Test
  void marksLinkOnlyWithTheKeyAndTheNonce() {
    byte[] nonce = new byte[16];
    Deployment.RANDOM.nextBytes(nonce);
    SubjectId subject = someone();
    SubjectKeys keys = store.subjectKeys();
    try (FreshKey fresh = keys.newKey(subject, 1);
        SubjectKey again = keys.unwrap(subject, fresh.wrapped());
        FreshKey other = keys.newKey(someone(), 1)) {
      byte[] mark = fresh.key().subjectMark(nonce);
      assertThat(mark).hasSize(32).isEqualTo(again.subjectMark(nonce));
      assertThat(other.key().subjectMark(nonce)).isNotEqualTo(mark);
      assertThat(fresh.key().subjectMark(new byte[16])).isNotEqualTo(mark);
      assertThatThrownBy(() -> fresh.key().subjectMark(new byte[12]))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  @Clause("II.I.7")
  void theMarkKeyFindsToldMarksAlone() {
    byte[] nonce = new byte[16];
    Deployment.RANDOM.nextBytes(nonce);
    try (FreshKey fresh = store.subjectKeys().newKey(someone(), 1);
        FreshKey other = store.subjectKeys().newKey(someone(), 1)) {
      SubjectKey key = fresh.key();
      assertThat(key.untoldMark(nonce)).hasSize(32).isNotEqualTo(key.subjectMark(nonce));
      assertThat(key.markKey().marks(entry(nonce, key.subjectMark(nonce)))).isTrue();
      assertThat(key.markKey().marks(entry(nonce, key.untoldMark(nonce)))).isFalse();
      assertThat(other.key().markKey().marks(entry(nonce, key.subjectMark(nonce)))).isFalse();
      assertThatThrownBy(() -> key.untoldMark(new byte[12]))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static Entry entry(byte[] nonce, byte[] mark) {
    Facts facts =
        Facts.of(
                Kind.READ,
                Instant.parse("2026-04-23T10:15:30Z"),
                Outcome.PERMITTED,
                Caller.of(Caller.SERVICE, "mailer"))
            .build();
    return new Entry(
        UUID.fromString("019dbb4b-1c40-7abc-8def-0123456789ab"),
        ByteString.of(nonce),
        Optional.of(ByteString.of(mark)),
        facts,
        ByteString.EMPTY);
  }

  @Test
  void placeThatTheDatabaseWouldNotGiveBackIsRefused() {
    Aad place = place();
    assertThatThrownBy(
            () ->
                new Aad(
                    place.field(),
                    place.part(),
                    "",
                    0,
                    place.product(),
                    place.source(),
                    place.collectedAt().plusNanos(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("microseconds");
  }

  @Test
  void sealingPastTheBoundIsRefused() {
    Aad place = place();
    for (long version : new long[] {-1, 1L << 31}) {
      assertThatThrownBy(
              () ->
                  new Aad(
                      place.field(),
                      place.part(),
                      "",
                      version,
                      place.product(),
                      place.source(),
                      place.collectedAt()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void closedLeaseIsUnusable() {
    SubjectKey key = store.subjectKeys().newKey(someone(), 1).key();
    key.close();
    key.close();
    assertThatThrownBy(() -> key.seal(place(), VALUE)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> key.open(place(), VALUE)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> key.subjectMark(new byte[16]))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(key::markKey).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> key.sealDetail(UUID.randomUUID(), VALUE))
        .isInstanceOf(IllegalStateException.class);
  }
}
