package dev.pledge.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.pledge.log.StatementVerifier.Listed;
import dev.pledge.log.StatementVerifier.Outcome;
import dev.pledge.log.Verifier.Finding;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** A person's list of entries, whole and tampered with; and a copy of the log beside it. */
class StatementVerifierTest {
  private static final String ORIGIN = "example.com/log";
  private static final Instant AT = Instant.parse("2026-04-23T10:15:30Z");
  private static final int SIZE = 600;

  /** Where the person's entries are; the one at 301 has a mark that the mark key does not make. */
  private static final List<Integer> MINE = List.of(0, 7, 255, 256, 301, 511, 599);

  private static final int UNCHECKED = 301;

  private final Random random = new Random(20_260_423);
  private final NoteSigner signer = new NoteSigner(ORIGIN, bytes(32));
  private List<VerifierKey> known = List.of(signer.verifierKey());
  private final byte[] markKey = bytes(32);
  private final byte[] other = bytes(32);
  private final List<byte[]> entries = new ArrayList<>();
  private Quorum quorum = Quorum.NONE;

  // What is handed in, whole at first; each test alters one part of it.
  private byte[] checkpoint;
  private byte[] givenKey = markKey;
  private List<Listed> listed = new ArrayList<>();
  private byte[] statement;

  StatementVerifierTest() {
    for (int i = 0; i < SIZE; i++) {
      boolean mine = MINE.contains(i) && i != UNCHECKED;
      entries.add(entry(Optional.of(mine ? markKey : other)));
    }
    Tree tree = tree();
    checkpoint = signed(new Checkpoint(ORIGIN, SIZE, tree.root()).text());
    MINE.forEach(i -> listed.add(listed(i)));
    statement = signed(said().text());
  }

  private byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }

  private byte[] entry(Optional<byte[]> marking) {
    Facts facts =
        Facts.of(
                Kind.READ,
                AT,
                dev.pledge.log.Outcome.PERMITTED,
                Caller.of(Caller.SERVICE, "mailer"))
            .build();
    return entry(facts, marking);
  }

  private byte[] entry(Facts facts, Optional<byte[]> marking) {
    UUID id =
        new UUID(
            0x0198f1a28d207000L | random.nextInt(0xfff),
            (random.nextLong() >>> 2) | Long.MIN_VALUE);
    byte[] nonce = bytes(Entry.NONCE_SIZE);
    return new Entry(
            id,
            ByteString.of(nonce),
            marking.map(key -> ByteString.of(hmac(key, nonce))),
            facts,
            ByteString.EMPTY)
        .encode();
  }

  private static byte[] hmac(byte[] key, byte[] nonce) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(nonce);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private Tree tree() {
    return Tree.of(entries.stream().map(Hash::ofLeaf).toList());
  }

  private byte[] signed(String text) {
    return signer.sign(text).encode();
  }

  private Listed listed(int position) {
    return new Listed(
        position, entries.get(position), tree().inclusion(position), position != UNCHECKED);
  }

  private Statement said() {
    Growth list = new Growth();
    listed.forEach(entry -> list.add(Hash.ofLeaf(entry.bytes())));
    return new Statement(ORIGIN, SIZE, listed.size(), list.root(), MarkKey.of(markKey).hash(), AT);
  }

  private StatementVerifier verifier() {
    return verifier(known);
  }

  private StatementVerifier verifier(List<VerifierKey> keys) {
    StatementVerifier verifier = new StatementVerifier(keys, quorum);
    verifier.begin("line 1", checkpoint, givenKey);
    int line = 2;
    for (Listed entry : listed) {
      verifier.entry("line " + line, entry);
      line++;
    }
    verifier.end("line " + line, listed.size(), statement);
    return verifier;
  }

  private Outcome outcome() {
    return verifier().outcome("file");
  }

  private void onlyFinding(String where, String what) {
    Outcome outcome = outcome();
    assertThat(outcome.isSound()).isFalse();
    assertThat(outcome.findings()).extracting(Finding::where).containsExactly(where);
    assertThat(outcome.findings()).first().extracting(Finding::what).asString().contains(what);
  }

  private void alter(int index, UnaryOperator<Listed> change) {
    listed.set(index, change.apply(listed.get(index)));
  }

  /** Whoever alters the list has the log sign what it has become. */
  private void signAnew() {
    statement = signed(said().text());
  }

  @Test
  void aWholeListIsSound() {
    Outcome outcome = outcome();
    assertThat(outcome.findings()).isEmpty();
    assertThat(outcome.isSound()).isTrue();
    assertThat(outcome.statement()).contains(said());
    assertThat(outcome.listed()).isEqualTo(7);
    assertThat(outcome.unchecked()).isEqualTo(1);
  }

  @Test
  void anEmptyListIsSoundToo() {
    listed.clear();
    signAnew();
    assertThat(outcome().findings()).isEmpty();
  }

  @Test
  void oneBitOfAnEntryIsFound() {
    for (int i = 0; i < 40; i++) {
      Listed whole = listed.get(2);
      byte[] altered = whole.bytes().clone();
      altered[random.nextInt(altered.length)] ^= (byte) (1 << random.nextInt(8));
      alter(2, entry -> new Listed(255, altered, entry.proof(), true));
      assertThat(outcome().findings()).extracting(Finding::where).contains("line 4", "line 9");
      signAnew();
      assertThat(outcome().findings()).extracting(Finding::where).contains("line 4");
      listed.set(2, whole);
      signAnew();
    }
  }

  @Test
  void aProofThatDoesNotLeadToTheCheckpointIsFound() {
    List<Hash> proof = listed.get(3).proof();
    List<Hash> longer = new ArrayList<>(proof);
    longer.add(proof.getFirst());
    List<Hash> others = new ArrayList<>(proof);
    others.set(0, Hash.ofEmptyTree());
    for (List<Hash> wrong :
        List.of(List.<Hash>of(), proof.subList(1, proof.size()), longer, others)) {
      alter(3, entry -> new Listed(256, entry.bytes(), wrong, true));
      onlyFinding("line 5", "the proof does not lead from this entry at position 256");
    }
  }

  @Test
  void anotherPositionIsFound() {
    alter(3, entry -> new Listed(257, entry.bytes(), entry.proof(), true));
    onlyFinding("line 5", "position 257");
    alter(3, entry -> listed(256));
    alter(6, entry -> new Listed(SIZE, entry.bytes(), entry.proof(), true));
    onlyFinding("line 8", "position 600");
  }

  @Test
  void positionsAscendAndNoneIsTwice() {
    listed.add(3, listed.get(2));
    signAnew();
    onlyFinding("line 5", "position 255 after position 255");
    listed.remove(3);
    listed.set(2, listed(256));
    listed.set(3, listed(255));
    signAnew();
    onlyFinding("line 5", "position 255 after position 256");
    listed.set(0, new Listed(-1, entries.getFirst(), tree().inclusion(0), true));
    assertThat(outcome().findings())
        .extracting(Finding::what)
        .anyMatch(what -> what.startsWith("position -1 after position -1"));
  }

  @Test
  void somebodyElsesEntryIsFound() {
    listed.set(1, listed(8));
    signAnew();
    onlyFinding("line 3", "about somebody else");
  }

  @Test
  void anEntryIsNotCheckableOnlyIfItIsNot() {
    alter(1, entry -> new Listed(7, entry.bytes(), entry.proof(), false));
    onlyFinding("line 3", "of which the list says it does not");
    alter(1, entry -> listed(7));
    alter(4, entry -> new Listed(UNCHECKED, entry.bytes(), entry.proof(), true));
    onlyFinding("line 6", "about somebody else");
  }

  @Test
  void anEntryAboutNobodyIsFoundWhateverTheListSays() {
    byte[] markless = entry(Optional.empty());
    entries.set(8, markless);
    Tree tree = tree();
    checkpoint = signed(new Checkpoint(ORIGIN, SIZE, tree.root()).text());
    listed.replaceAll(entry -> listed((int) entry.position()));
    listed.add(2, new Listed(8, markless, tree.inclusion(8), false));
    signAnew();
    onlyFinding("line 4", "about nobody");
  }

  @Test
  void whatIsNoEntryIsFoundThoughTheLogHasIt() {
    byte[] garbled = "no entry".getBytes(UTF_8);
    entries.set(7, garbled);
    checkpoint = signed(new Checkpoint(ORIGIN, SIZE, tree().root()).text());
    listed.replaceAll(entry -> listed((int) entry.position()));
    signAnew();
    onlyFinding("line 3", "unknown version of the entry format");
  }

  @Test
  void aMissingLineIsFound() {
    listed.remove(3);
    onlyFinding("line 8", "about 7 entries, and 6 are listed");
  }

  @Test
  void otherEntriesThanTheStatementIsAboutAreFound() {
    entries.set(8, entry(Optional.of(markKey)));
    checkpoint = signed(new Checkpoint(ORIGIN, SIZE, tree().root()).text());
    listed.replaceAll(entry -> listed((int) entry.position()));
    signAnew();
    assertThat(outcome().isSound()).isTrue();
    listed.set(1, listed(8));
    onlyFinding("line 9", "about other entries than are listed");
  }

  @Test
  void aStatementOfAnotherSizeLogOrKeyIsFound() {
    Statement said = said();
    statement =
        signed(new Statement(ORIGIN, SIZE + 1, said.count(), said.root(), said.key(), AT).text());
    onlyFinding("line 9", "goes up to 601 entries of the log, and the checkpoint has 600");
    statement =
        signed(new Statement("other", SIZE, said.count(), said.root(), said.key(), AT).text());
    onlyFinding("line 9", "signed under another name than its origin, `other`");
    NoteSigner ofOther = new NoteSigner("other", bytes(32));
    known = List.of(signer.verifierKey(), ofOther.verifierKey());
    statement = ofOther.sign(Statement.read(SignedNote.parse(statement).text()).text()).encode();
    onlyFinding("line 9", "of another log, `other`");
    statement =
        signed(
            new Statement(ORIGIN, SIZE, said.count(), said.root(), Hash.ofEmptyTree(), AT).text());
    onlyFinding("line 9", "another mark key");
  }

  @Test
  void anotherMarkKeyFindsNoMark() {
    givenKey = other;
    Outcome outcome = outcome();
    assertThat(outcome.findings())
        .extracting(Finding::where)
        .contains("line 2", "line 6", "line 9");
    givenKey = new byte[31];
    onlyFinding("line 1", "a mark key has 32 bytes");
  }

  @Test
  void whatTheLogHasNotSignedCountsForNothing() {
    NoteSigner stranger = new NoteSigner(ORIGIN, bytes(32));
    statement = stranger.sign(said().text()).encode();
    onlyFinding("line 9", "without a signature of a known key");
    byte[] altered = signed(said().text());
    altered[altered.length - 20] = (byte) (altered[altered.length - 20] == 'A' ? 'B' : 'A');
    statement = altered;
    onlyFinding("line 9", "signature");
    statement = checkpoint;
    onlyFinding("line 9", "malformed statement");
    statement = "nonsense".getBytes(UTF_8);
    onlyFinding("line 9", "malformed note");
    signAnew();
    checkpoint = stranger.sign(new Checkpoint(ORIGIN, SIZE, tree().root()).text()).encode();
    onlyFinding("line 1", "without a signature of a known key");
    checkpoint = statement;
    onlyFinding("line 1", "malformed checkpoint");
  }

  @Test
  void witnessesAreCountedWhereTheyAreAskedFor() {
    Cosigner witness = Cosigner.ed25519("witness.example", bytes(32));
    quorum = new Quorum(1, Set.of(witness.verifierKey()));
    onlyFinding("line 1", "cosigned by 0 of the witnesses, but 1 are asked for");
    SignedNote note = SignedNote.parse(checkpoint);
    checkpoint = note.with(witness.cosign(Checkpoint.parse(note.text()), AT)).encode();
    assertThat(outcome().findings()).isEmpty();
    assertThat(outcome().witnesses()).containsExactly("witness.example");
  }

  @Test
  void aListThatWasCutOffOrGoesOnIsFound() {
    StatementVerifier cut = new StatementVerifier(List.of(signer.verifierKey()), Quorum.NONE);
    cut.begin("line 1", checkpoint, markKey);
    assertThat(cut.outcome("file").findings())
        .extracting(Finding::what)
        .containsExactly("no statement at the end: the list was cut off; ask for it again");

    StatementVerifier more = verifier();
    more.begin("line 10", checkpoint, markKey);
    more.end("line 11", listed.size(), statement);
    more.entry("line 12", listed(599));
    assertThat(more.outcome("file").findings())
        .extracting(Finding::where)
        .containsExactly("line 10", "line 11", "line 12", "line 12");

    StatementVerifier early = new StatementVerifier(List.of(signer.verifierKey()), Quorum.NONE);
    early.entry("line 1", listed(0));
    early.end("line 2", 1, statement);
    assertThat(early.outcome("file").findings())
        .extracting(Finding::where)
        .containsExactly("line 1", "line 2", "file");
  }

  @Test
  void inACopyEveryMarkIsFoundAndMustBeListed() {
    StatementVerifier verifier = verifier();
    look(verifier);
    Outcome outcome = verifier.outcome("file");
    assertThat(outcome.isSound()).isTrue();
    assertThat(outcome.marked()).isEqualTo(6);
    assertThat(outcome.later()).isZero();

    listed.remove(5);
    listed.remove(1);
    signAnew();
    assertThat(outcome().isSound()).as("by itself it cannot show").isTrue();
    StatementVerifier again = verifier();
    look(again);
    assertThat(again.outcome("file").findings())
        .containsExactly(
            new Finding(
                "file",
                "2 entries of the copy have the person's mark and are not listed, at 7, 511; keep"
                    + " list and copy, which together are evidence"));
  }

  @Test
  void whatTheLogSaidItKeepsNoMoreIsNotMissed() {
    entries.set(40, pruned(256));
    listed.removeFirst();
    listed.removeFirst();
    signTheLogAnew();
    StatementVerifier verifier = verifier();
    look(verifier);
    assertThat(verifier.outcome("file").findings())
        .as("an entry speaks of those before it")
        .isEmpty();

    listed.removeFirst();
    signAnew();
    StatementVerifier again = verifier();
    look(again);
    assertThat(again.outcome("file").findings())
        .extracting(Finding::what)
        .containsExactly(
            "1 entries of the copy have the person's mark and are not listed, at 255; keep list and"
                + " copy, which together are evidence");
  }

  @Test
  void whatTheLogSaysAfterTheStatementExcusesNothing() {
    entries.add(pruned(256));
    listed.removeFirst();
    signAnew();
    StatementVerifier verifier = verifier();
    look(verifier);
    assertThat(verifier.outcome("file").findings())
        .extracting(Finding::what)
        .first()
        .asString()
        .contains("not listed, at 0;");
  }

  @Test
  void whatWitnessesSignIsNoWordOfTheLog() {
    Cosigner witness = Cosigner.ed25519("w", bytes(32));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StatementVerifier(List.of(witness.verifierKey()), Quorum.NONE))
        .withMessageContaining("is a witness's");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new StatementVerifier(List.of(), Quorum.NONE))
        .withMessageContaining("no key of the log");
  }

  private byte[] pruned(long many) {
    Facts facts =
        Facts.of(
                Kind.PRUNE,
                AT,
                dev.pledge.log.Outcome.PERMITTED,
                Caller.of(Caller.SYSTEM, "retention"))
            .subjects(many)
            .build();
    return entry(facts, Optional.empty());
  }

  /** After entries of the log were exchanged. */
  private void signTheLogAnew() {
    checkpoint = signed(new Checkpoint(ORIGIN, SIZE, tree().root()).text());
    listed.replaceAll(each -> listed((int) each.position()));
    signAnew();
  }

  @Test
  void whatCameAfterTheStatementIsNotMissed() {
    entries.add(entry(Optional.of(markKey)));
    StatementVerifier verifier = verifier();
    look(verifier);
    Outcome outcome = verifier.outcome("file");
    assertThat(outcome.isSound()).isTrue();
    assertThat(outcome.later()).isEqualTo(1);
    assertThat(outcome.marked()).isEqualTo(6);
  }

  @Test
  void aListThatTheLogHasNotSignedAccusesNobody() {
    listed.remove(1);
    StatementVerifier verifier = verifier(List.of(new NoteSigner(ORIGIN, bytes(32)).verifierKey()));
    look(verifier);
    Outcome outcome = verifier.outcome("file");
    assertThat(outcome.findings()).extracting(Finding::where).containsExactly("line 1", "line 8");
    assertThat(outcome.marked()).isZero();
  }

  @Test
  void theListHasAsManyEntriesAsItSays() {
    StatementVerifier verifier = new StatementVerifier(known, quorum);
    verifier.begin("line 1", checkpoint, givenKey);
    listed.forEach(entry -> verifier.entry("an entry", entry));
    verifier.end("the end", listed.size() + 1, statement);
    assertThat(verifier.outcome("file").findings())
        .containsExactly(
            new Finding(
                "the end",
                "says that 8 entries are listed, and 7 are; ask for the list again, and keep this"
                    + " one"));
  }

  @Test
  void ofManyUnlistedTheFirstAreNamed() {
    for (int i = 310; i < 410; i++) {
      entries.set(i, entry(Optional.of(markKey)));
    }
    StatementVerifier verifier = verifier();
    look(verifier);
    assertThat(verifier.outcome("file").findings())
        .extracting(Finding::what)
        .first()
        .asString()
        .startsWith("100 entries of the copy")
        .contains("at 310, 311, 312,")
        .contains(", 329 and 80 positions more");
  }

  private void look(StatementVerifier verifier) {
    for (int i = 0; i < entries.size(); i++) {
      verifier.look(i, Entry.decode(entries.get(i)));
    }
  }

  @Test
  void aCopyIsLookedAtWhileItIsVerified() {
    Map<String, byte[]> copy = new LinkedHashMap<>();
    for (int i = 0; i < SIZE; i += Tile.WIDTH) {
      List<byte[]> bundle = entries.subList(i, Math.min(i + Tile.WIDTH, SIZE));
      copy.put(Tile.entriesPath(i / Tile.WIDTH, bundle.size()), EntryBundle.encode(bundle));
    }
    copy.put("checkpoint", checkpoint);
    StatementVerifier verifier = verifier();
    List<Long> positions = new ArrayList<>();
    var _ =
        new Verifier(
                path -> Optional.ofNullable(copy.get(path)),
                List.of(signer.verifierKey()),
                Quorum.NONE)
            .shownTo(
                (position, entry) -> {
                  positions.add(position);
                  verifier.look(position, entry);
                })
            .verify((done, all) -> {});
    assertThat(positions).hasSize(SIZE).startsWith(0L, 1L).isSorted();
    assertThat(verifier.outcome("file").marked()).isEqualTo(6);
  }

  @Test
  void theMarkIsTheOneThatThePageSays() {
    byte[] counted = new byte[32];
    for (int i = 0; i < counted.length; i++) {
      counted[i] = (byte) i;
    }
    Entry read = Entry.decode(entry(Optional.of(counted)));
    ByteString nonce = ByteString.ofHex("000102030405060708090a0b0c0d0e0f");
    Entry marked =
        new Entry(
            read.id(),
            nonce,
            Optional.of(
                ByteString.ofHex(
                    "d8b99f2709a3ca74172cbe93824c1f29b23a0c1e9c21bd851ff2d2c39dbef14e")),
            read.facts(),
            ByteString.EMPTY);
    assertThat(MarkKey.of(counted).marks(marked)).isTrue();
    assertThat(MarkKey.of(counted).marks(read)).isTrue();
    assertThat(MarkKey.of(markKey).marks(marked)).isFalse();
    assertThat(MarkKey.of(counted).marks(Entry.decode(entry(Optional.empty())))).isFalse();
  }
}
