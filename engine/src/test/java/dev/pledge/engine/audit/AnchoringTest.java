package dev.pledge.engine.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import dev.pledge.engine.anchor.AnchorSettings;
import dev.pledge.engine.anchor.AnchorsRefused;
import dev.pledge.engine.anchor.Kept;
import dev.pledge.engine.anchor.LogView;
import dev.pledge.engine.anchor.News;
import dev.pledge.engine.anchor.OutsideAnchor;
import dev.pledge.engine.anchor.TestWitness;
import dev.pledge.engine.store.Await;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.log.Caller;
import dev.pledge.log.Checkpoint;
import dev.pledge.log.Cosigner;
import dev.pledge.log.Facts;
import dev.pledge.log.Hash;
import dev.pledge.log.Kind;
import dev.pledge.log.NoteSigner;
import dev.pledge.log.Outcome;
import dev.pledge.log.Quorum;
import dev.pledge.log.RetiredKey;
import dev.pledge.log.SignedNote;
import dev.pledge.log.Verifier;
import dev.pledge.log.VerifierKey;
import dev.pledge.log.WitnessedCheckpoint;
import dev.pledge.policy.language.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnchoringTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.fresh();

  private static final List<String> TABLES =
      List.of("intake", "tree", "tile", "checkpoint", "anchor", "candidate", "cosignature");

  @TempDir Path directory;

  /** A log of each test's own. */
  private final String log = "log-" + UUID.randomUUID();

  private final IntakeSeal seal = TestSeals.intake(3);
  private final LogSigner signer = TestSeals.signer(log);
  private final Database database =
      Database.pooled(DATABASE.dataSource(), 4, Duration.ofSeconds(2));
  private final Database owner = Database.over(DATABASE.owner());
  private final Map<String, String> errors = new HashMap<>();
  private final MemoryAnchor inside = new MemoryAnchor();
  private Optional<byte[]> saved = Optional.empty();
  private final Audit audit =
      new Audit(
          log,
          database,
          seal,
          signer,
          Gauge.OPEN,
          InstantSource.system(),
          new SecureRandom(),
          Limits.DEFAULT);

  @AfterEach
  void close() {
    audit.close();
    database.close();
  }

  private Sequencer sequencer() {
    asOwner("update tree set held_until = '-infinity' where log = :log");
    return new Sequencer(log, database, seal, signer, inside, UUID.randomUUID(), step -> {});
  }

  private void asOwner(String statement) {
    owner.read(handle -> handle.createUpdate(statement).bind("log", log).execute());
  }

  private void record(int count) {
    for (int i = 0; i < count; i++) {
      audit.record(draft());
    }
  }

  /** Entries, with places, under a signed checkpoint. */
  private void grow(int count) {
    record(count);
    sequencer().work();
  }

  private static AnchorSettings settings(String yaml) {
    Settings.Read<AnchorSettings> read =
        Settings.read("anchors.yaml", yaml.getBytes(UTF_8), "the anchors", AnchorSettings::read);
    assertThat(read.problems()).isEmpty();
    return read.value().orElseThrow();
  }

  private Anchoring anchoring(AnchorSettings settings) {
    return anchoring(settings, signer);
  }

  private Anchoring anchoring(AnchorSettings settings, LogSigner by) {
    return new Anchoring(log, database, by, settings, UUID.randomUUID());
  }

  /** Tells all of them now, and of the newest. */
  private void tell(Anchoring anchoring, AnchorSettings settings) {
    asOwner("update anchor set next_at = '-infinity' where log = :log");
    asOwner("update candidate set chosen_at = '-infinity' where log = :log");
    for (OutsideAnchor anchor : settings.anchors()) {
      String name = anchor.terms().name();
      errors.put(name, anchoring.tell(anchor).orElse(""));
    }
  }

  private Optional<Checkpoint> shown(AnchorSettings settings) {
    return new PublicLog(log, database, signer, settings.quorum())
        .checkpoint()
        .map(note -> Checkpoint.parse(SignedNote.parse(note).text()));
  }

  /** Why it could not be told the last time; empty if it could. */
  private String error(String name) {
    return String.valueOf(errors.get(name));
  }

  private String column(String column, String name) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    "select coalesce("
                        + column
                        + "::text, '') from anchor where log = :log and name = :name")
                .bind("log", log)
                .bind("name", name)
                .mapTo(String.class)
                .one());
  }

  private static byte[] seed() {
    byte[] seed = new byte[32];
    new SecureRandom().nextBytes(seed);
    return seed;
  }

  private static Cosigner ed25519(String name) {
    return Cosigner.ed25519(name, seed());
  }

  private TestWitness witness(Cosigner... cosigners) {
    return TestWitness.of(signer.verifierKeys().getFirst(), cosigners);
  }

  private static String file(String... anchors) {
    return "anchors:\n" + String.join("", anchors);
  }

  // ---------------------------------------------------------------------------------- witnesses

  @ParameterizedTest
  @ValueSource(strings = {"ed25519", "ml-dsa-44"})
  void whatAWitnessCosignedIsShownWithItsCosignature(String algorithm) {
    Cosigner cosigner =
        algorithm.equals("ed25519")
            ? ed25519("witness.example/w1")
            : Cosigner.mlDsa44("witness.example/w1", seed());
    try (TestWitness witness = witness(cosigner)) {
      AnchorSettings settings = settings("quorum: 1\n" + file(witness.anchor("alice")));
      Anchoring anchoring = anchoring(settings);
      for (int more : new int[] {1, 5, 300, 1, 2}) {
        grow(more);
        long before = shown(settings).map(Checkpoint::size).orElse(0L);
        assertThat(before).isEqualTo(witness.size());
        tell(anchoring, settings);
        assertThat(shown(settings).orElseThrow().size()).isEqualTo(before + more);
      }
      assertThat(witness.asked()).isEqualTo(5);
      byte[] note =
          new PublicLog(log, database, signer, settings.quorum()).checkpoint().orElseThrow();
      WitnessedCheckpoint opened =
          new Quorum(1, Set.of(cosigner.verifierKey())).open(note, log, signer.verifierKeys());
      assertThat(opened.reachesQuorum()).isTrue();
      assertThat(opened.checkpoint().size()).isEqualTo(309);
    }
  }

  @Test
  void proofsLeadToWhatIsShownAndNothingNewer() {
    try (TestWitness witness = witness(ed25519("w"))) {
      AnchorSettings settings = settings("quorum: 1\n" + file(witness.anchor("alice")));
      PublicLog outside = new PublicLog(log, database, signer, settings.quorum());
      Anchoring anchoring = anchoring(settings);
      grow(3);
      tell(anchoring, settings);
      Receipt late = audit.record(draft());
      sequencer().work();
      assertThat(outside.inclusion(late.entry())).isEmpty();
      assertThat(outside.tile(0, 0, 4)).isEmpty();
      assertThat(outside.tile(0, 0, 3)).isPresent();
      assertThat(outside.consistency(3, 4)).isEmpty();
      tell(anchoring, settings);
      PublicLog.Included included = outside.inclusion(late.entry()).orElseThrow();
      assertThat(included.size()).isEqualTo(4);
      assertThat(new String(included.checkpoint(), UTF_8)).contains("\u2014 w ");
    }
  }

  private static Draft draft() {
    return Draft.aboutNobody(
        Facts.of(
                Kind.LOOKUP,
                Instant.parse("2026-04-23T10:15:30Z"),
                Outcome.PERMITTED,
                Caller.of(Caller.SERVICE, "mailer"))
            .build());
  }

  @Test
  void withoutEnoughCosignaturesNothingNewerIsShown() {
    try (TestWitness alice = witness(ed25519("alice"));
        TestWitness bob = witness(ed25519("bob"));
        TestWitness carol = witness(ed25519("carol"))) {
      AnchorSettings settings =
          settings(
              "quorum: 2\n"
                  + file(alice.anchor("alice"), bob.anchor("bob"), carol.anchor("carol")));
      Anchoring anchoring = anchoring(settings);
      grow(4);
      bob.answerInstead(503, "text/plain", "");
      carol.answerInstead(200, "text/plain", "no line\n");
      tell(anchoring, settings);
      assertThat(shown(settings)).isEmpty();
      assertThat(error("bob")).contains("answered 503");
      // A checkpoint nobody is shown is signed all the same, and the log goes on.
      bob.behave();
      tell(anchoring, settings);
      assertThat(shown(settings).orElseThrow().size()).isEqualTo(4);
      bob.answerInstead(503, "text/plain", "");
      grow(4);
      tell(anchoring, settings);
      assertThat(shown(settings).orElseThrow().size()).isEqualTo(4);
      carol.behave();
      tell(anchoring, settings);
      assertThat(shown(settings).orElseThrow().size()).isEqualTo(8);
      byte[] note =
          new PublicLog(log, database, signer, settings.quorum()).checkpoint().orElseThrow();
      assertThat(settings.quorum().open(note, log, signer.verifierKeys()).witnesses())
          .containsExactlyInAnyOrder("alice", "carol");
    }
  }

  @Test
  void witnessesAreAskedForTheSameCheckpointWhileItLacksCosignatures() {
    try (TestWitness alice = witness(ed25519("alice"));
        TestWitness bob = witness(ed25519("bob"))) {
      AnchorSettings settings =
          settings("quorum: 2\n" + file(alice.anchor("alice"), bob.anchor("bob")));
      Anchoring anchoring = anchoring(settings);
      grow(4);
      assertThat(anchoring.tell(settings.anchors().getFirst())).isEmpty();
      grow(1);
      // As long as it may wait at most, if there were enough.
      asOwner(
          "update candidate set chosen_at = chosen_at - interval '11 seconds' where log = :log");
      assertThat(anchoring.tell(settings.anchors().getLast())).isEmpty();
      assertThat(shown(settings).orElseThrow().size()).isEqualTo(4);
      assertThat(anchoring.tell(settings.anchors().getFirst())).isEmpty();
      assertThat(anchoring.tell(settings.anchors().getLast())).isEmpty();
      assertThat(shown(settings).orElseThrow().size()).isEqualTo(5);
    }
  }

  @Test
  void aCosignatureThatWasLostIsAskedForAgain() {
    try (TestWitness witness = witness(ed25519("w"))) {
      AnchorSettings settings = settings("quorum: 1\n" + file(witness.anchor("alice")));
      Anchoring anchoring = anchoring(settings);
      grow(7);
      tell(anchoring, settings);
      asOwner("delete from cosignature where log = :log");
      asOwner("update anchor set size = null where log = :log");
      assertThat(shown(settings)).isEmpty();
      tell(anchoring, settings);
      assertThat(shown(settings).orElseThrow().size()).isEqualTo(7);
      // And one that was seen earlier: it says so, and is told from there on.
      asOwner("update anchor set size = 3 where log = :log");
      grow(5);
      tell(anchoring, settings);
      assertThat(shown(settings).orElseThrow().size()).isEqualTo(12);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          200 | text/plain       | nothing of the kind\\n          | no signature lines
          200 | text/plain       | — w AAAA                        | no signature lines
          200 | text/plain       | — other 1NT8LQAAAABkGFDLAAAA\\n | none of the keys
          200 | text/plain       | ''                              | no signature lines
          301 | text/plain       | ''                              | answered 301
          400 | text/plain       | ''                              | answered 400
          403 | text/plain       | ''                              | does not take the log's signature
          404 | text/plain       | ''                              | does not know the log
          409 | text/plain       | 0\\n                            | without the size
          409 | text/x.tlog.size | 00\\n                           | without the size
          409 | text/x.tlog.size | -1\\n                           | without the size
          409 | text/x.tlog.size | 9223372036854775808\\n          | no log has
          409 | text/x.tlog.size | 0\\n                            | another size each time
          422 | text/plain       | ''                              | refuses the log's first
          500 | text/plain       | ''                              | answered 500
          """)
  void whatAWitnessMustNotAnswerCountsForNothing(
      int status, String type, String body, String told) {
    try (TestWitness witness = witness(ed25519("w"))) {
      AnchorSettings settings = settings("quorum: 1\n" + file(witness.anchor("alice")));
      Anchoring anchoring = anchoring(settings);
      grow(2);
      witness.answerInstead(status, type, body.replace("\\n", "\n"));
      tell(anchoring, settings);
      assertThat(error("alice")).contains(told);
      assertThat(shown(settings)).isEmpty();
      // The log grows on, and the witness is asked again.
      grow(2);
      witness.behave();
      tell(anchoring, settings);
      assertThat(shown(settings).orElseThrow().size()).isEqualTo(4);
      assertThat(error("alice")).isEmpty();
    }
  }

  @Test
  void aCosignatureOfAnotherKeyOrCheckpointCountsForNothing() {
    Cosigner meant = ed25519("w");
    try (TestWitness other = witness(ed25519("w"))) {
      AnchorSettings settings =
          settings("quorum: 1\n" + file(other.anchor("alice", List.of(meant.verifierKey()))));
      Anchoring anchoring = anchoring(settings);
      grow(2);
      tell(anchoring, settings);
      assertThat(error("alice")).contains("none of the keys");
      Checkpoint forged = new Checkpoint(log, 3, Hash.ofLeaf(new byte[1]));
      other.answerInstead(200, "text/plain", meant.cosign(forged, Instant.now()) + "\n");
      tell(anchoring, settings);
      assertThat(error("alice")).contains("is wrong");
      assertThat(shown(settings)).isEmpty();
    }
  }

  @Test
  void aCosignatureAlteredInTheDatabaseIsNotShown() {
    try (TestWitness witness = witness(ed25519("w"))) {
      AnchorSettings settings = settings("quorum: 1\n" + file(witness.anchor("alice")));
      Anchoring anchoring = anchoring(settings);
      grow(2);
      tell(anchoring, settings);
      grow(1);
      asOwner(
          """
          insert into cosignature (log, size, witness, key_id, line)
          select log, 3, witness, key_id, line from cosignature where log = :log
          """);
      assertThatExceptionOfType(LogBroken.class)
          .isThrownBy(() -> shown(settings))
          .withMessageContaining("altered");
    }
  }

  @Test
  void noWitnessHasTheLogsKey() {
    byte[] seed = seed();
    Cosigner same = Cosigner.ed25519("w", seed);
    LogSigner own = new LogSigner(log, List.of(new NoteSigner(log, seed)));
    try (TestWitness witness = witness(same)) {
      AnchorSettings settings = settings(file(witness.anchor("alice")));
      assertThatExceptionOfType(AnchorsRefused.class)
          .isThrownBy(() -> new Anchoring(log, database, own, settings, UUID.randomUUID()))
          .withMessageContaining("the log's own key");
    }
  }

  @Test
  void aWitnessThatIsSlowHoldsUpNothingAndIsAskedByOneNode() throws Exception {
    CountDownLatch answer = new CountDownLatch(1);
    try (TestWitness witness = witness(ed25519("w"))) {
      witness.hold(answer);
      AnchorSettings settings = settings("quorum: 1\n" + file(witness.anchor("alice")));
      grow(1);
      try (Anchoring one = anchoring(settings);
          Anchoring other = anchoring(settings)) {
        one.start();
        Await.until(() -> witness.asked() == 1);
        other.start();
        grow(3);
        asOwner("update anchor set next_at = '-infinity' where log = :log");
        other.tell(settings.anchors().getFirst());
        assertThat(witness.asked()).isEqualTo(1);
        answer.countDown();
        Await.until(() -> shown(settings).isPresent());
      }
    }
  }

  @Test
  void whoIsClosedWhileAWitnessIsSilentEndsSoon() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    try (TestWitness witness = witness(ed25519("w"))) {
      witness.hold(never);
      grow(1);
      Anchoring anchoring = anchoring(settings(file(witness.anchor("alice"))));
      anchoring.start();
      Await.until(() -> witness.asked() == 1);
      long start = System.nanoTime();
      anchoring.close();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }
  }

  @Test
  void aCopyEndsAtWhatWitnessesCosigned() {
    Cosigner cosigner = ed25519("w");
    try (TestWitness witness = witness(cosigner)) {
      AnchorSettings settings = settings("quorum: 1\n" + file(witness.anchor("alice")));
      LogExport export = new LogExport(log, database, seal, signer, settings.quorum());
      grow(4);
      assertThat(export.extent()).isEmpty();
      tell(anchoring(settings), settings);
      grow(1);
      LogExport.Extent extent = export.extent().orElseThrow();
      assertThat(extent.entries()).isEqualTo(4);
      Map<String, byte[]> copy = new HashMap<>();
      export.write(extent, copy::put, entries -> {});
      Verifier.Outcome outcome =
          new Verifier(
                  path -> Optional.ofNullable(copy.get(path)),
                  List.of(signer.verifierKeys().getFirst()),
                  new Quorum(1, Set.of(cosigner.verifierKey())))
              .verify((entries, all) -> {});
      assertThat(outcome.findings()).isEmpty();
      assertThat(outcome.witnesses()).containsExactly("w");
    }
  }

  // ---------------------------------------------------------------------------------- detection

  /** What backups of the database and the key store hold now. */
  private void save() {
    saved = inside.last();
    for (String table : TABLES) {
      owner.read(
          handle ->
              handle.execute(
                  "create table if not exists saved_"
                      + table
                      + " as table "
                      + table
                      + " with no data"));
      asOwner("delete from saved_" + table + " where log = :log");
      asOwner("insert into saved_" + table + " select * from " + table + " where log = :log");
    }
  }

  /** Both as they were saved, so that nothing inside contradicts. */
  private void restore() {
    inside.putBack(saved);
    for (String table : TABLES) {
      asOwner("delete from " + table + " where log = :log");
      asOwner("insert into " + table + " select * from saved_" + table + " where log = :log");
    }
  }

  /** A log of other entries, signed with the same key. */
  private void rewrite(int count) {
    inside.putBack(Optional.empty());
    for (String table : TABLES) {
      asOwner("delete from " + table + " where log = :log");
    }
    grow(count);
  }

  private void requireStopped(String told) {
    assertThatExceptionOfType(LogBroken.class)
        .isThrownBy(sequencer()::work)
        .withMessageContaining(told);
    record(1);
    assertThatExceptionOfType(LogBroken.class).isThrownBy(sequencer()::work);
  }

  private String fileAnchor() {
    return "  mirror: { kind: file, path: " + directory.resolve("checkpoint") + " }\n";
  }

  @Test
  void aDatabasePutBackIsFoundByAWitnessAtTheStart() {
    try (TestWitness witness = witness(ed25519("w"))) {
      AnchorSettings settings = settings(file(witness.anchor("alice")));
      grow(5);
      tell(anchoring(settings), settings);
      save();
      grow(4);
      tell(anchoring(settings), settings);
      assertThat(witness.size()).isEqualTo(9);
      restore();
      anchoring(settings).ask();
      requireStopped("anchor `alice` knows 9 entries of the log, and the database has 5");
      AnchorState state = anchoring(settings).states().getFirst();
      assertThat(state.isBehind()).isTrue();
      assertThat(state.contradicts()).isTrue();
    }
  }

  @Test
  void aDatabasePutBackIsFoundByAFileAtTheStart() {
    AnchorSettings settings = settings(file(fileAnchor()));
    grow(5);
    save();
    grow(4);
    tell(anchoring(settings), settings);
    restore();
    anchoring(settings).ask();
    requireStopped("anchor `mirror` knows 9 entries of the log, and the database has 5");
    // Whoever finds that the anchor is wrong takes it out.
    var _ = anchoring(AnchorSettings.NONE);
    sequencer().work();
  }

  @Test
  void aDatabasePutBackIsFoundWhileTheServerRuns() {
    try (TestWitness witness = witness(ed25519("w"))) {
      AnchorSettings settings = settings(file(witness.anchor("alice")));
      Anchoring anchoring = anchoring(settings);
      grow(5);
      tell(anchoring, settings);
      save();
      grow(4);
      tell(anchoring, settings);
      restore();
      grow(1);
      tell(anchoring, settings);
      requireStopped("knows 9 entries of the log, and the database has 6");
    }
  }

  @Test
  void aDatabaseThatIsNewIsFoundByAFile() {
    AnchorSettings settings = settings(file(fileAnchor()));
    grow(5);
    tell(anchoring(settings), settings);
    inside.putBack(Optional.empty());
    for (String table : TABLES) {
      asOwner("delete from " + table + " where log = :log");
    }
    anchoring(settings).ask();
    requireStopped("the database has 0");
  }

  @ParameterizedTest
  @ValueSource(ints = {9, 12})
  void aLogThatIsRewrittenAndSignedAnewIsFoundByAWitness(int entries) {
    try (TestWitness witness = witness(ed25519("w"))) {
      AnchorSettings settings = settings(file(witness.anchor("alice")));
      grow(9);
      tell(anchoring(settings), settings);
      rewrite(entries);
      anchoring(settings).ask();
      requireStopped("anchor `alice` knows other first 9 entries");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {9, 12})
  void aLogThatIsRewrittenAndSignedAnewIsFoundByAFile(int entries) {
    AnchorSettings settings = settings(file(fileAnchor()));
    grow(9);
    tell(anchoring(settings), settings);
    rewrite(entries);
    anchoring(settings).ask();
    requireStopped("anchor `mirror` knows other first 9 entries");
  }

  @Test
  void aLogShownInTwoVersionsIsFoundByAWitness() {
    try (TestWitness witness = witness(ed25519("w"))) {
      AnchorSettings settings = settings(file(witness.anchor("alice")));
      grow(5);
      save();
      grow(4);
      // One branch is shown to the witness, the other to everybody else.
      tell(anchoring(settings), settings);
      restore();
      Anchoring anchoring = anchoring(settings);
      grow(8);
      tell(anchoring, settings);
      requireStopped("knows other first 9 entries");
    }
  }

  @Test
  void whatAFileKeepsUnderARetiredKeyCountsAsMuch() {
    AnchorSettings settings = settings(file(fileAnchor()));
    grow(5);
    save();
    grow(4);
    tell(anchoring(settings), settings);
    restore();
    anchoring(settings, afterAKeyChange(signer.verifierKeys().getFirst())).ask();
    requireStopped("anchor `mirror` knows 9 entries of the log, and the database has 5");
  }

  @Test
  void whatAFileKeepsOfTheLogUnderAKeyItNeverHadStopsIt() {
    AnchorSettings settings = settings(file(fileAnchor()));
    grow(5);
    tell(anchoring(settings), settings);
    VerifierKey other = new NoteSigner(log, seed()).verifierKey();
    anchoring(settings, afterAKeyChange(other)).ask();
    requireStopped("anchor `mirror` knows 5 entries of the log, signed with a key that is neither");
  }

  /** With a new key, and that one retired. */
  private LogSigner afterAKeyChange(VerifierKey old) {
    return new LogSigner(
        log,
        List.of(new NoteSigner(log, seed())),
        List.of(new RetiredKey(old, Instant.parse("2026-04-23T10:15:30Z"))));
  }

  @Test
  void whoeverStoppedForAnAnchorGoesOnOnceItFits() {
    AnchorSettings settings = settings(file(fileAnchor()));
    grow(5);
    save();
    grow(4);
    tell(anchoring(settings), settings);
    restore();
    anchoring(settings).ask();
    requireStopped("knows 9 entries");
    // What is there now fits.
    assertThat(directory.resolve("checkpoint").toFile().delete()).isTrue();
    anchoring(settings).ask();
    sequencer().work();
  }

  @Test
  void whoCannotBeReachedAtTheStartIsWarnedOfUnlessRequired() {
    TestWitness gone = witness(ed25519("w"));
    String anchor = gone.anchor("alice");
    gone.close();
    grow(2);
    anchoring(settings(file(anchor))).ask();
    sequencer().work();
    Anchoring demanding =
        anchoring(settings(file(anchor.replace("kind:", "required: true, kind:"))));
    assertThatExceptionOfType(AnchorsRefused.class)
        .isThrownBy(demanding::ask)
        .withMessageContaining("anchor `alice` is required")
        .withMessageContaining("connection to `127.0.0.1` failed");
  }

  // -------------------------------------------------------------------------------------- files

  @Test
  void aFileHoldsWhatEverybodyIsShown() throws IOException {
    try (TestWitness witness = witness(ed25519("w"))) {
      AnchorSettings settings =
          settings("quorum: 1\n" + file(fileAnchor(), witness.anchor("alice")));
      Anchoring anchoring = anchoring(settings);
      grow(3);
      tell(anchoring, settings);
      assertThat(directory.resolve("checkpoint")).doesNotExist();
      tell(anchoring, settings);
      byte[] note = Files.readAllBytes(directory.resolve("checkpoint"));
      VerifierKey key = settings.quorum().witnesses().iterator().next();
      assertThat(new Quorum(1, Set.of(key)).open(note, log, signer.verifierKeys()).reachesQuorum())
          .isTrue();
      assertThat(directory.toFile().list()).containsExactly("checkpoint");
      assertThat(anchoring.states())
          .extracting(AnchorState::name, AnchorState::size, AnchorState::isBehind)
          .containsExactly(
              tuple("mirror", Optional.of(3L), false), tuple("alice", Optional.of(3L), false));
    }
  }

  @Test
  void aFileThatIsNoCheckpointOfTheLogIsLeftAsItIs() throws IOException {
    AnchorSettings settings = settings(file(fileAnchor()));
    Anchoring anchoring = anchoring(settings);
    grow(3);
    Path path = directory.resolve("checkpoint");
    Files.writeString(path, "mine\n");
    tell(anchoring, settings);
    assertThat(path).hasContent("mine\n");
    assertThat(error("mirror")).contains("is no checkpoint that this log signed");
    Files.delete(path);
    tell(anchoring, settings);
    byte[] note = Files.readAllBytes(path);
    note[log.length() + 1]++;
    Files.write(path, note);
    grow(1);
    tell(anchoring, settings);
    assertThat(path).hasBinaryContent(note);
    assertThat(error("mirror")).contains("was altered");
    assertThat(column("size", "mirror")).isEqualTo("3");
  }

  @Test
  void aFileThatCannotBeWrittenIsTriedAgainEverMoreSeldom() {
    AnchorSettings settings =
        settings(file("  mirror: { kind: file, path: " + directory.resolve("no/such") + " }\n"));
    Anchoring anchoring = anchoring(settings);
    grow(1);
    long before = 0;
    for (int i = 1; i <= 12; i++) {
      tell(anchoring, settings);
      assertThat(error("mirror")).contains("could not write");
      assertThat(column("failures", "mirror")).isEqualTo(String.valueOf(i));
      long pause =
          Math.round(
              Double.parseDouble(
                  column("extract(epoch from next_at - clock_timestamp())", "mirror")));
      assertThat(pause).isBetween(before, 600L);
      before = pause;
    }
    assertThat(before).isEqualTo(600);
    // It is not due, and is not tried.
    settings.anchors().forEach(anchor -> assertThat(anchoring.tell(anchor)).isEmpty());
    assertThat(column("failures", "mirror")).isEqualTo("12");
    assertThat(anchoring.states().getFirst().isBehind()).isTrue();
    assertThat(anchoring.states().getFirst().contradicts()).isFalse();
  }

  @Test
  void itTellsByItselfOfTheNewestAlone() throws Exception {
    AnchorSettings settings =
        settings(
            file(
                "  mirror: { kind: file, every: 1, path: "
                    + directory.resolve("checkpoint")
                    + " }\n"));
    grow(2);
    try (Anchoring anchoring = anchoring(settings)) {
      anchoring.ask();
      anchoring.start();
      grow(1);
      grow(1);
      Await.until(() -> column("size", "mirror").equals("4"));
    }
  }

  @Test
  void itIsToldOnWhateverWasThrown() throws Exception {
    AtomicInteger told = new AtomicInteger();
    OutsideAnchor failing =
        new OutsideAnchor() {
          @Override
          public Terms terms() {
            return new Terms("archive", Duration.ofSeconds(1), false);
          }

          @Override
          public OutsideAnchor.Kind kind() {
            return OutsideAnchor.Kind.HTTP;
          }

          @Override
          public Kept tell(News news, LogView log) {
            if (told.incrementAndGet() == 1) {
              throw new LinkageError("a class is gone");
            }
            return new Kept(news.checkpoint().size(), List.of());
          }
        };
    grow(1);
    try (Anchoring anchoring =
        anchoring(new AnchorSettings(Quorum.NONE, Duration.ofSeconds(10), List.of(failing)))) {
      anchoring.start();
      Await.until(() -> column("size", "archive").equals("1"));
    }
    assertThat(told).hasValue(2);
  }
}
