package dev.pledge.engine.keys;

import static dev.pledge.engine.keys.Deployment.seen;
import static dev.pledge.engine.keys.Deployment.someone;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.keys.ErasureLedger.Erased;
import dev.pledge.engine.keys.ErasureLedger.Kind;
import dev.pledge.engine.keys.KeyStore.Seen;
import dev.pledge.policy.names.SubjectId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ErasureLedgerTest {
  @TempDir private Path home;

  @Test
  void erasedPersonStaysErasedAcrossRestarts() {
    Deployment deployment = new Deployment(home);
    SubjectId erased = someone();
    Instant at = Instant.parse("2026-07-08T09:10:11.121314Z");
    Erased first = new Erased(erased, at, Kind.PERSON, UUID.randomUUID());
    Erased again = new Erased(erased, at.plusSeconds(1), Kind.PERSON, UUID.randomUUID());
    Seen seen;
    try (KeyStore store = deployment.create()) {
      seen = seen(store);
      ErasureLedger ledger = store.ledger();
      assertThat(ledger.isErased(erased)).isFalse();
      ledger.record(first);
      ledger.record(again);
      assertThat(ledger.find(erased)).contains(first);
    }
    try (KeyStore store = deployment.open(seen)) {
      ErasureLedger ledger = store.ledger();
      assertThat(ledger.isErased(erased)).isTrue();
      assertThat(ledger.isErased(someone())).isFalse();
      assertThat(ledger.find(erased)).contains(first);
      assertThat(ledger.head().writes()).isEqualTo(2);
      List<Erased> all = new ArrayList<>();
      ledger.forEach(all::add);
      assertThat(all).containsExactly(first, again);
    }
  }

  @Test
  void anOlderLedgerThanTheDataHasSeenIsRefused() throws IOException {
    Deployment deployment = new Deployment(home);
    Seen before;
    Seen one;
    try (KeyStore store = deployment.create()) {
      before = seen(store);
      record(store);
      one = seen(store);
    }
    byte[] older = Files.readAllBytes(ledger(deployment));
    Seen two;
    try (KeyStore store = deployment.open(one)) {
      record(store);
      two = seen(store);
    }
    // Further than the data has seen, as a crash before the commit or a restored database leaves
    // it.
    for (Seen less : List.of(before, one, two)) {
      deployment.open(less).close();
      deployment.openReadOnly(less).close();
    }
    Files.write(ledger(deployment), older);
    deployment.open(one).close();
    assertThatThrownBy(() -> deployment.open(two))
        .isInstanceOf(KeyStoreRefusedException.class)
        .hasMessageContaining("has come to write 1, but the data has seen write 2")
        .hasMessageContaining("restore the newest backup of the key store");
    assertThatThrownBy(() -> deployment.openReadOnly(two))
        .isInstanceOf(KeyStoreRefusedException.class);
  }

  @Test
  void aLedgerWithOtherErasuresThanTheDataHasSeenIsRefused() throws IOException {
    Deployment deployment = new Deployment(home);
    Seen before;
    try (KeyStore store = deployment.create()) {
      before = seen(store);
    }
    byte[] empty = Files.readAllBytes(ledger(deployment));
    Seen seen;
    try (KeyStore store = deployment.open(before)) {
      record(store);
      seen = seen(store);
    }
    Files.write(ledger(deployment), empty);
    try (KeyStore store = deployment.open(before)) {
      record(store);
      record(store);
    }
    assertThatThrownBy(() -> deployment.open(seen))
        .isInstanceOf(KeyStoreRefusedException.class)
        .hasMessageContaining("tells of other erasures than the data has seen");
  }

  private static void record(KeyStore store) {
    store.ledger().record(new Erased(someone(), Deployment.BEGAN, Kind.PERSON, UUID.randomUUID()));
  }

  private static Path ledger(Deployment deployment) {
    return deployment.store().resolve("erasures");
  }

  @Test
  void journalForgetsTheErasedAtItsCompaction() {
    SubjectId living = someone();
    SubjectId erased = someone();
    try (KeyStore store = new Deployment(home).create()) {
      SubjectKeys keys = store.subjectKeys();
      keys.newKey(living, 1).close();
      keys.newKey(erased, 1).close();
      WrappedKey current = keys.newKey(living, 2).wrapped();
      store.ledger().record(new Erased(erased, Deployment.BEGAN, Kind.PERSON, UUID.randomUUID()));
      keys.destroy(erased);
      store.journal().compact();
      assertThat(store.journal().head().writes()).isEqualTo(1);
      assertThat(JournalTest.all(store.journal())).hasSize(1).containsEntry(living, current);
    }
  }
}
