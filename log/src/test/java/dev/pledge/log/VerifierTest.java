package dev.pledge.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.pledge.log.Verifier.Finding;
import dev.pledge.log.Verifier.Outcome;
import dev.pledge.log.Verifier.Wanted;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A copy of a log, whole and tampered with. */
class VerifierTest {
  private static final String ORIGIN = "example.com/log";
  private static final int ENTRIES = 700;

  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);
  private final NoteSigner signer = new NoteSigner(ORIGIN, bytes(32));
  private final List<byte[]> entries = new ArrayList<>();
  private final Map<String, byte[]> copy = new LinkedHashMap<>();

  VerifierTest() {
    for (int i = 0; i < ENTRIES; i++) {
      entries.add(entry());
    }
    export(entries, signer, copy);
  }

  private byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }

  private byte[] entry() {
    Facts facts =
        Facts.of(
                Kind.LOOKUP,
                Instant.parse("2026-04-23T10:15:30Z"),
                dev.pledge.log.Outcome.PERMITTED,
                Caller.of(Caller.SERVICE, "mailer"))
            .build();
    long time = 0x0198f1a28d207000L | random.nextInt(0xfff);
    UUID id = new UUID(time, (random.nextLong() >>> 2) | Long.MIN_VALUE);
    return new Entry(
            id, ByteString.of(bytes(Entry.NONCE_SIZE)), Optional.empty(), facts, ByteString.EMPTY)
        .encode();
  }

  /** The layout of C2SP tlog-tiles. */
  private static void export(List<byte[]> entries, NoteSigner signer, Map<String, byte[]> copy) {
    Growth tree = new Growth();
    for (byte[] entry : entries) {
      tree.add(Hash.ofLeaf(entry));
    }
    tree.grown().stream()
        .filter(Tile::isFull)
        .forEach(tile -> copy.put(tile.path(), tile.hashes()));
    tree.edge().forEach(tile -> copy.put(tile.path(), tile.hashes()));
    for (int i = 0; i < entries.size(); i += Tile.WIDTH) {
      List<byte[]> bundle = entries.subList(i, Math.min(i + Tile.WIDTH, entries.size()));
      copy.put(Tile.entriesPath(i / Tile.WIDTH, bundle.size()), EntryBundle.encode(bundle));
    }
    copy.put("checkpoint", checkpoint(entries, signer));
  }

  private static byte[] checkpoint(List<byte[]> entries, NoteSigner signer) {
    Growth tree = new Growth();
    entries.forEach(entry -> tree.add(Hash.ofLeaf(entry)));
    return signer.sign(new Checkpoint(ORIGIN, tree.size(), tree.root()).text()).encode();
  }

  private Verifier verifier() {
    return new Verifier(
        path -> Optional.ofNullable(copy.get(path)), List.of(signer.verifierKey()), Quorum.NONE);
  }

  private List<Finding> findings() {
    return verifier().verify((done, all) -> {}).findings();
  }

  @Test
  void aWholeCopyIsSound() {
    List<Long> progress = new ArrayList<>();
    Outcome outcome = verifier().verify((done, all) -> progress.add(done));
    assertThat(outcome.findings()).isEmpty();
    assertThat(outcome.isSound()).isTrue();
    assertThat(outcome.checkpoint().orElseThrow().size()).isEqualTo(ENTRIES);
    assertThat(progress).containsExactly(256L, 512L, 700L);
    assertThat(copy.keySet())
        .contains("tile/0/000", "tile/0/002.p/188", "tile/1/000.p/2", "tile/entries/002.p/188");
  }

  @Test
  void anEmptyLogIsSoundToo() {
    copy.clear();
    export(List.of(), signer, copy);
    assertThat(findings()).isEmpty();
  }

  @Test
  void oneBitAnywhereIsFound() {
    for (Map.Entry<String, byte[]> file : new LinkedHashMap<>(copy).entrySet()) {
      for (int i = 0; i < 20; i++) {
        byte[] altered = file.getValue().clone();
        altered[random.nextInt(altered.length)] ^= (byte) (1 << random.nextInt(8));
        copy.put(file.getKey(), altered);
        assertThat(findings()).as("%s, seed %d", file.getKey(), seed).isNotEmpty();
      }
      copy.put(file.getKey(), file.getValue());
    }
    assertThat(findings()).isEmpty();
  }

  @Test
  void anEntryThatStandsTwiceIsFoundHoweverWellItIsSigned() {
    entries.add(entries.get(3));
    copy.clear();
    export(entries, signer, copy);
    assertThat(findings())
        .containsExactly(
            new Finding("tile/entries/002.p/189", "entry 700: has the id of another entry"));
  }

  @Test
  void asManyIdsAreRememberedAsIsStated() {
    Repeats repeats = new Repeats();
    UUID first = new UUID(0, 0);
    assertThat(repeats.has(first)).isFalse();
    for (int i = 1; i < Repeats.WINDOW; i++) {
      assertThat(repeats.has(new UUID(0, i))).isFalse();
    }
    assertThat(repeats.has(first)).isTrue();
    assertThat(repeats.has(new UUID(0, Repeats.WINDOW))).isFalse();
    assertThat(repeats.has(first)).as("it went").isFalse();
  }

  @Test
  void aMissingFileIsNamed() {
    for (String file : List.copyOf(copy.keySet())) {
      byte[] before = copy.remove(file);
      assertThat(findings()).first().extracting(Finding::where).isEqualTo(file);
      copy.put(file, before);
    }
  }

  @Test
  void anAlteredEntryAndItsTileAreNamed() {
    byte[] bundle = copy.get("tile/entries/001").clone();
    bundle[40] ^= 1;
    copy.put("tile/entries/001", bundle);
    assertThat(findings())
        .extracting(Finding::where)
        .contains("tile/0/001", "tile/1/000.p/2", "checkpoint");
    assertThat(findings())
        .filteredOn(finding -> finding.where().equals("tile/0/001"))
        .extracting(Finding::what)
        .containsExactly("hash 0 is not that of what lies below it");
  }

  @Test
  void entriesRemovedAtTheEndAreToldByAnEarlierCheckpoint() {
    byte[] earlier = copy.get("checkpoint");
    copy.clear();
    export(entries.subList(0, 699), signer, copy);
    assertThat(findings()).isEmpty();
    Outcome outcome = verifier().expecting("anchor", earlier).verify((done, all) -> {});
    assertThat(outcome.findings())
        .containsExactly(
            new Finding(
                "anchor",
                "signs 700 entries, of which this copy has the first 699: entries at the end are"
                    + " missing"));
  }

  @Test
  void aLogWrittenAnewAndSignedAgainIsToldByAnEarlierCheckpoint() {
    byte[] earlier = checkpoint(entries.subList(0, 300), signer);
    assertThat(verifier().expecting("anchor", earlier).verify((done, all) -> {}).isSound())
        .isTrue();
    entries.set(299, entry());
    copy.clear();
    export(entries, signer, copy);
    assertThat(findings()).isEmpty();
    assertThat(verifier().expecting("anchor", earlier).verify((done, all) -> {}).findings())
        .extracting(Finding::where)
        .containsExactly("anchor");
    // And by one of nothing at all, which any log contains.
    assertThat(
            verifier()
                .expecting("anchor", checkpoint(List.of(), signer))
                .verify((done, all) -> {})
                .isSound())
        .isTrue();
  }

  @Test
  void anotherKeyVouchesForNothing() {
    NoteSigner other = new NoteSigner(ORIGIN, bytes(32));
    copy.put("checkpoint", checkpoint(entries, other));
    assertThat(findings()).extracting(Finding::where).containsExactly("checkpoint");
    assertThat(
            verifier()
                .expecting("anchor", checkpoint(entries, other))
                .verify((done, all) -> {})
                .findings())
        .extracting(Finding::where)
        .containsExactly("anchor", "checkpoint");
  }

  @Test
  void aKeyOfAnotherNameVouchesForNothing() {
    NoteSigner other = new NoteSigner("example.com/other", bytes(32));
    copy.put("checkpoint", checkpoint(entries, other));
    Verifier verifier =
        new Verifier(
            path -> Optional.ofNullable(copy.get(path)),
            List.of(signer.verifierKey(), other.verifierKey()),
            Quorum.NONE);
    assertThat(
            verifier
                .expecting("anchor", checkpoint(entries, other))
                .verify((done, all) -> {})
                .findings())
        .hasSize(2)
        .allMatch(finding -> finding.what().contains("signed under another name than its origin"))
        .extracting(Finding::where)
        .containsExactly("anchor", "checkpoint");
  }

  @Test
  void whatIsWantedIsFoundWhereItIs() {
    Wanted there = new Wanted("receipt 1", Hash.ofLeaf(entries.get(400)));
    Wanted absent = new Wanted("receipt 2", Hash.ofLeaf("another".getBytes(UTF_8)));
    Outcome outcome = verifier().expecting(there).expecting(absent).verify((done, all) -> {});
    assertThat(outcome.positions()).containsExactly(Map.entry(there, 400L));
    assertThat(outcome.findings())
        .containsExactly(new Finding("receipt 2", "no entry of this copy has its leaf"));
  }

  @Test
  void whatIsNotThereIsMissingOnlyWhereTheCopyHasSomethingLater() {
    Hash leaf = Hash.ofLeaf("another".getBytes(UTF_8));
    Wanted due =
        new Wanted("receipt 1", leaf, Instant.parse("2026-04-23T10:15:29.999Z"), Optional.empty());
    Wanted open =
        new Wanted("receipt 2", leaf, Instant.parse("2026-04-23T10:15:30Z"), Optional.empty());
    Outcome outcome = verifier().expecting(due).expecting(open).verify((done, all) -> {});
    assertThat(outcome.findings()).extracting(Finding::where).containsExactly("receipt 1");
    assertThat(outcome.notYet()).containsExactly(open);
    assertThat(outcome.positions()).isEmpty();
  }

  @Test
  void keysThatCannotBeTheLogsAreRefused() {
    VerifierKey own = signer.verifierKey();
    Cosigner witness = Cosigner.mlDsa44("witness.example", bytes(32));
    Quorum quorum = new Quorum(1, Set.of(witness.verifierKey()));
    VerifierKey same = new VerifierKey(ORIGIN, SignatureType.ED25519_COSIGNATURE, own.publicKey());
    assertRefused(List.of(), Quorum.NONE, "no key of the log");
    assertRefused(List.of(own, witness.verifierKey()), quorum, "has the log's own key");
    assertRefused(List.of(own), new Quorum(1, Set.of(same)), "has the log's own key");
    assertRefused(List.of(own, witness.verifierKey()), Quorum.NONE, "is a witness's");
    assertRefused(List.of(same), Quorum.NONE, "is a witness's");
  }

  private static void assertRefused(List<VerifierKey> keys, Quorum quorum, String why) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Verifier(path -> Optional.empty(), keys, quorum))
        .withMessageContaining(why);
  }

  @Test
  void witnessesAreCountedWhereTheyAreAskedFor() {
    Cosigner witness = Cosigner.ed25519("witness.example", bytes(32));
    Quorum quorum = new Quorum(1, Set.of(witness.verifierKey()));
    Verifier demanding =
        new Verifier(
            path -> Optional.ofNullable(copy.get(path)), List.of(signer.verifierKey()), quorum);
    assertThat(demanding.verify((done, all) -> {}).findings())
        .containsExactly(
            new Finding("checkpoint", "cosigned by 0 of the witnesses, but 1 are asked for"));
    SignedNote note = SignedNote.parse(copy.get("checkpoint"));
    copy.put(
        "checkpoint",
        note.with(
                witness.cosign(
                    Checkpoint.parse(note.text()), Instant.parse("2026-04-23T10:15:31Z")))
            .encode());
    Verifier again =
        new Verifier(
            path -> Optional.ofNullable(copy.get(path)), List.of(signer.verifierKey()), quorum);
    Outcome outcome = again.verify((done, all) -> {});
    assertThat(outcome.isSound()).isTrue();
    assertThat(outcome.witnesses()).containsExactly("witness.example");
  }

  @Test
  void manyFindingsAreCountedAndNotAllListed() {
    for (String file : List.copyOf(copy.keySet())) {
      if (file.startsWith("tile/entries")) {
        byte[] garbled =
            EntryBundle.encode(
                EntryBundle.decode(copy.get(file)).stream()
                    .map(entry -> new byte[] {1, 2, 3})
                    .toList());
        copy.put(file, garbled);
      }
    }
    Outcome outcome = verifier().verify((done, all) -> {});
    assertThat(outcome.findings()).hasSize(20);
    assertThat(outcome.more()).isGreaterThan(600);
  }
}
