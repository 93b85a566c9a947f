package dev.pledge.engine.keys;

import static dev.pledge.engine.keys.Deployment.seen;
import static dev.pledge.engine.keys.Deployment.someone;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.keys.ErasureLedger.Erased;
import dev.pledge.engine.keys.ErasureLedger.Kind;
import dev.pledge.engine.keys.KeyStore.Seen;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The wrapped keys of erased people leave the journal. */
class JournalTest {
  @TempDir private Path home;
  private Deployment deployment;

  @BeforeEach
  void deploy() {
    deployment = new Deployment(home);
  }

  @Test
  void nothingOfTheErasedIsLeftAfterTheStart() throws IOException {
    SubjectId living = someone();
    WrappedKey kept;
    List<WrappedKey> gone = new ArrayList<>();
    Seen seen;
    try (KeyStore store = deployment.create()) {
      kept = make(store, living);
      SubjectId whole = someone();
      SubjectId cutShort = someone();
      gone.add(make(store, whole));
      gone.add(make(store, cutShort));
      erase(store, whole);
      // A crash came here.
      enter(store, cutShort);
      seen = seen(store);
    }
    try (KeyStore store = deployment.open(seen)) {
      gone.forEach(key -> assertThat(isInJournal(key)).isTrue());
      store.journal().forgetErased();
      gone.forEach(key -> assertThat(isInJournal(key)).isFalse());
      assertThat(isInJournal(kept)).isTrue();
      assertThat(all(store.journal())).hasSize(1).containsEntry(living, kept);
      Head after = store.journal().head();
      store.journal().forgetErased();
      assertThat(store.journal().head()).as("there is nothing more to remove").isEqualTo(after);
    }
    try (KeyStore store = deployment.open(seen)) {
      Head before = store.journal().head();
      store.journal().forgetErased();
      assertThat(store.journal().head()).isEqualTo(before);
      assertThat(all(store.journal())).containsOnlyKeys(living);
    }
  }

  @Test
  void theJournalIsWrittenAnewOnceATenthOfItServesNobody() {
    try (KeyStore store = deployment.create()) {
      List<SubjectId> people = new ArrayList<>();
      List<WrappedKey> keys = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        people.add(someone());
        keys.add(make(store, people.get(i)));
      }
      for (int i = 0; i < 3; i++) {
        erase(store, people.get(i));
      }
      store.journal().tidy(Deployment.BEGAN);
      assertThat(isInJournal(keys.getFirst())).as("3 of 40 records").isTrue();
      erase(store, people.get(3));
      store.journal().tidy(Deployment.BEGAN);
      for (int i = 0; i < 4; i++) {
        assertThat(isInJournal(keys.get(i))).as("4 of 40 records").isFalse();
      }
      assertThat(all(store.journal())).hasSize(36).containsEntry(people.get(4), keys.get(4));
      // Counting begins anew: the next one is 1 of 36.
      erase(store, people.get(4));
      store.journal().tidy(Deployment.BEGAN);
      assertThat(isInJournal(keys.get(4))).isTrue();
    }
  }

  @Test
  @Clause({"II.II.3", "V.1"})
  void whatServesNobodyIsGoneAfterADayHoweverLittle() {
    try (KeyStore store = deployment.create()) {
      for (int i = 0; i < 40; i++) {
        make(store, someone());
      }
      SubjectId person = someone();
      WrappedKey key = make(store, person);
      erase(store, person);
      Instant first = Deployment.BEGAN;
      store.journal().tidy(first);
      store.journal().tidy(first.plus(Duration.ofHours(23)));
      assertThat(isInJournal(key)).isTrue();
      store.journal().tidy(first.plus(Duration.ofDays(1)));
      assertThat(isInJournal(key)).isFalse();
    }
  }

  @Test
  void aKeyThatWasReplacedCountsAsDead() {
    try (KeyStore store = deployment.create()) {
      SubjectId person = someone();
      WrappedKey first = make(store, person);
      store.journal().tidy(Deployment.BEGAN);
      store.subjectKeys().newKey(person, 2).close();
      assertThat(isInJournal(first)).isTrue();
      store.journal().tidy(Deployment.BEGAN);
      assertThat(isInJournal(first)).isFalse();
      assertThat(all(store.journal())).containsOnlyKeys(person);
    }
  }

  @Test
  void whatWasWrittenAnewIsNotWrittenAnewAtTheNextStart() {
    SubjectId person = someone();
    SubjectId gone = someone();
    Seen seen;
    try (KeyStore store = deployment.create()) {
      make(store, person);
      make(store, gone);
      store.subjectKeys().newKey(person, 2).close();
      store.journal().forgetErased();
      seen = seen(store);
    }
    try (KeyStore store = deployment.open(seen)) {
      Head before = store.journal().head();
      store.journal().forgetErased();
      assertThat(store.journal().head()).isEqualTo(before);
      enter(store, gone);
      store.subjectKeys().newKey(person, 3).close();
      seen = seen(store);
    }
    try (KeyStore store = deployment.open(seen)) {
      Head before = store.journal().head();
      store.journal().forgetErased();
      assertThat(store.journal().head()).as("one is erased").isNotEqualTo(before);
      assertThat(all(store.journal())).containsOnlyKeys(person);
    }
  }

  @Test
  void whoseKeysHaveForgottenSomethingIsToldInOneReading() {
    try (KeyStore store = deployment.create()) {
      SubjectId person = someone();
      SubjectId gone = someone();
      make(store, someone());
      for (SubjectId renewed : List.of(person, gone)) {
        make(store, renewed);
        store.subjectKeys().newKey(renewed, 2).close();
        store.subjectKeys().newKey(renewed, 3).close();
      }
      erase(store, gone);
      Map<SubjectId, Integer> told = new HashMap<>();
      store.journal().forEachRenewed(told::put);
      assertThat(told).containsExactly(Map.entry(person, 3));
    }
  }

  @Test
  @Clause({"II.II.3", "IV.4"})
  void anOlderJournalThatLacksWhatWasForgottenIsRefused() throws IOException {
    Path journal = deployment.store().resolve("journal");
    List<byte[]> older = new ArrayList<>();
    SubjectId person = someone();
    Seen seen;
    try (KeyStore store = deployment.create()) {
      make(store, person);
      older.add(Files.readAllBytes(journal));
      store.subjectKeys().newKey(person, 2).close();
      older.add(Files.readAllBytes(journal));
      store.journal().compact();
      make(store, someone());
      store.subjectKeys().newKey(person, 3).close();
      seen = seen(store);
    }
    byte[] newest = Files.readAllBytes(journal);
    for (byte[] old : older) {
      Files.write(journal, old);
      assertThatThrownBy(() -> deployment.open(seen))
          .isInstanceOf(KeyStoreRefusedException.class)
          .hasMessageContaining("restore the newest backup of the key store");
    }
    Files.write(journal, newest);
    deployment.openReadOnly(seen).close();
    deployment.open(seen).close();
  }

  @Test
  void aMarkThatWasCutShortLeavesTheOneBeforeAndAnAlteredOneIsRefused() throws IOException {
    Path mark = deployment.store().resolve("forgotten");
    SubjectId person = someone();
    Seen seen;
    try (KeyStore store = deployment.create()) {
      make(store, person);
      store.subjectKeys().newKey(person, 2).close();
      seen = seen(store);
    }
    byte[] whole = Files.readAllBytes(mark);
    for (int slot : new int[] {0, 4096}) {
      byte[] torn = whole.clone();
      torn[slot + 7] ^= 1;
      Files.write(mark, torn);
      deployment.open(seen).close();
    }
    byte[] altered = whole.clone();
    altered[7] ^= 1;
    altered[4096 + 7] ^= 1;
    Files.write(mark, altered);
    assertThatThrownBy(() -> deployment.open(seen))
        .isInstanceOf(KeyStoreRefusedException.class)
        .hasMessageContaining("altered or damaged");
  }

  @Test
  void sharesAreAllThatHaveAKeyOnceAndInOrder() {
    try (KeyStore store = deployment.create()) {
      Set<SubjectId> people = new HashSet<>();
      for (int i = 0; i < 40; i++) {
        SubjectId person = someone();
        make(store, person);
        people.add(person);
      }
      SubjectId gone = someone();
      make(store, gone);
      erase(store, gone);
      List<Journal.Share> shares = new ArrayList<>();
      store.journal().forEachShare(store.journal().bytes() / 4, shares::add);
      assertThat(shares).hasSize(4);
      assertThat(shares.stream().flatMap(share -> share.keys().keySet().stream()))
          .containsExactlyInAnyOrderElementsOf(people);
      UUID after = new UUID(0, 0);
      for (Journal.Share share : shares) {
        assertThat(share.after()).isEqualTo(after);
        assertThat(share.keys().keySet())
            .allSatisfy(
                subject ->
                    assertThat(subject.value().toString())
                        .isGreaterThan(share.after().toString())
                        .isLessThanOrEqualTo(share.to().toString()));
        after = share.to();
      }
      assertThat(after).isEqualTo(new UUID(-1, -1));
    }
  }

  /** Every key that the journal has. */
  static Map<SubjectId, WrappedKey> all(Journal journal) {
    Map<SubjectId, WrappedKey> all = new HashMap<>();
    journal.forEachShare(share -> all.putAll(share.keys()));
    return all;
  }

  private static WrappedKey make(KeyStore store, SubjectId subject) {
    try (FreshKey fresh = store.subjectKeys().newKey(subject, 1)) {
      return fresh.wrapped();
    }
  }

  private static void erase(KeyStore store, SubjectId subject) {
    enter(store, subject);
    store.subjectKeys().destroy(subject);
  }

  private static void enter(KeyStore store, SubjectId subject) {
    store.ledger().record(new Erased(subject, Deployment.BEGAN, Kind.PERSON, UUID.randomUUID()));
  }

  private boolean isInJournal(WrappedKey wrapped) {
    try {
      byte[] file = Files.readAllBytes(deployment.store().resolve("journal"));
      return HexFormat.of().formatHex(file).contains(HexFormat.of().formatHex(wrapped.bytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
