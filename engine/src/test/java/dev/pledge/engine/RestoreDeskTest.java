package dev.pledge.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.gate.AccessHistory;
import dev.pledge.engine.gate.FieldAnswer;
import dev.pledge.engine.gate.Found;
import dev.pledge.engine.gate.ReadAnswer;
import dev.pledge.engine.gate.ReadRequest;
import dev.pledge.engine.gate.Scene;
import dev.pledge.engine.request.DocumentType;
import dev.pledge.engine.request.RequestKind;
import dev.pledge.engine.request.Ruling;
import dev.pledge.engine.rights.Judgement;
import dev.pledge.engine.rights.Moved;
import dev.pledge.engine.rights.Shown;
import dev.pledge.engine.rights.Wish;
import dev.pledge.engine.store.Await;
import dev.pledge.engine.store.BaseBackup;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.EmbeddedPostgres;
import dev.pledge.engine.store.StartRefused;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.log.Kind;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Old data and the current keys: exactly the living come back. */
class RestoreDeskTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  private static Path place;
  private static Path backup;
  private static Path keys;
  private static Scene scene;
  private static String freeAddress;
  private static String livingAddress;
  private static SubjectId living;
  private static SubjectId erased;
  private static SubjectId later;
  private static UUID complaint;
  private static String endedOrigin;

  @BeforeAll
  static void makeABackupAndGoOn() throws IOException, InterruptedException {
    place = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "restore-");
    place = place.toAbsolutePath();
    backup = place.resolve("backup");
    TestDatabase database = TestDatabase.onPrivateServer();
    TestPledge pledge = TestPledge.on(database);
    keys = pledge.keys();
    scene = new Scene(pledge);
    livingAddress = Scene.address();
    freeAddress = Scene.address();
    living = pledge.adult(scene.backend, Map.of("email", livingAddress));
    erased = pledge.adult(scene.backend, Map.of("email", freeAddress));
    for (SubjectId person : List.of(living, erased)) {
      scene.collect(person, Map.of("identity.name", "Wei"));
    }
    complaint =
        moved(
            pledge.<Moved>change(
                scene.backend,
                c ->
                    c.request(
                        living,
                        Asker.Assurance.SIGNED_IN,
                        new Wish(
                            RequestKind.COMPLAINT,
                            Optional.empty(),
                            Optional.of("it is mine"),
                            List.of(),
                            Map.of(),
                            Optional.empty(),
                            Optional.empty()))));
    byte[] document = "%PDF-1.7 here".getBytes(StandardCharsets.US_ASCII);
    var handedIn =
        moved(
            pledge.<Moved>change(
                scene.backend, c -> c.handIn(living, complaint, DocumentType.PDF, document)));
    assertThat(handedIn).isEqualTo(complaint);
    BaseBackup.make(database.home(), backup, RANDOM, InstantSource.system(), (done, all) -> {});
    pledge.change(scene.backend, changes -> changes.erase(erased));
    pledge.change(
        scene.backend,
        changes ->
            changes.correct(
                living, Scene.from("meeting", "person", Map.of("identity.name", "Lee"))));
    Caller officer = pledge.caller("officer", Asker.Kind.STAFF, "privacy-officer");
    var decided =
        moved(
            pledge.<Moved>change(
                officer,
                c ->
                    c.decide(
                        complaint,
                        new Judgement(
                            Ruling.GRANTED, "it is", Optional.empty(), Set.of(), Set.of()))));
    assertThat(decided).isEqualTo(complaint);
    later = pledge.adult(scene.backend, Map.of("email", Scene.address()));
    long signed = signed();
    Await.until(() -> signed() > signed);
    endedOrigin = pledge.pledge().origin("pledge");
    pledge.close();
  }

  private static UUID moved(Moved moved) {
    return ((Moved.Done) moved).request().id();
  }

  /** How many entries the last checkpoint covers that the key store keeps. */
  private static long signed() {
    try {
      Path file = keys.resolve("store/store/last-checkpoint");
      return Files.exists(file) ? Long.parseLong(Files.readAllLines(file).get(1)) : 0;
    } catch (IOException e) {
      return signed();
    }
  }

  @AfterAll
  static void remove() throws IOException {
    delete(place);
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> paths = Files.walk(tree)) {
      for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static void copyTree(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path each : files.toList()) {
        Files.copy(
            each, to.resolve(from.relativize(each).toString()), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  /** A copy, so that each test ends a log of its own. */
  private static Configuration copied(String name) throws IOException {
    Path its = Files.createDirectory(place.resolve(name));
    copyTree(keys, its.resolve("keys"));
    RestoreDesk.copy(backup, its.resolve("data"), (done, all) -> {});
    return Configuration.embedded(TestPledge.policy(), its.resolve("data"), its.resolve("keys"));
  }

  @Test
  void noBackupIsRestoredIntoItself() {
    Path inside = backup.resolve("here");
    assertThatThrownBy(() -> RestoreDesk.copy(backup, inside, (done, all) -> {}))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("lie in one another");
    assertThat(inside).doesNotExist();
  }

  @Test
  @Clause({"II.II.3", "V.1", "V.3"})
  void exactlyTheLivingComeBack() throws IOException {
    Configuration at = copied("living");
    RestoreDesk.Restored restored = RestoreDesk.finish(at);
    assertThat(restored.people()).isEqualTo(1);
    assertThat(restored.forgotten()).isEqualTo(1);
    assertThat(restored.registeredLater()).isEqualTo(1);
    assertThat(restored.removed()).isZero();
    try (Pledge pledge = Pledge.open(at)) {
      assertThat(read(pledge, living)).isInstanceOf(ReadAnswer.Answer.class);
      assertThat(read(pledge, erased)).isInstanceOf(ReadAnswer.Unknown.class);
      assertThat(read(pledge, later)).isInstanceOf(ReadAnswer.Unknown.class);
      assertThat(find(pledge, livingAddress)).isInstanceOf(Found.Subject.class);
      assertThat(find(pledge, freeAddress)).isInstanceOf(Found.Nobody.class);
    }
    assertThat(rowsNaming(at, erased)).isZero();
    assertThat(rowsNaming(at, living)).isPositive();
  }

  private static ReadAnswer read(Pledge pledge, SubjectId person) {
    return pledge.read(
        ReadRequest.of(scene.backend, "customer-service", "meeting", List.of("identity.name")),
        person);
  }

  private static Found find(Pledge pledge, String address) {
    return pledge.find(scene.backend, "email", address, "authentication", "meeting");
  }

  private static long rowsNaming(Configuration at, SubjectId person) {
    try (EmbeddedPostgres own = EmbeddedPostgres.open(at.data(), RANDOM);
        Database database = Database.over(own.connections().owner())) {
      return database.read(
          h ->
              h
                  .createQuery("select tablename from pg_tables where schemaname = 'public'")
                  .mapTo(String.class)
                  .list()
                  .stream()
                  .mapToLong(
                      table ->
                          h.createQuery(
                                  "select count(*) from "
                                      + table
                                      + " t where position(:id in t::text) > 0")
                              .bind("id", person.value().toString())
                              .mapTo(Long.class)
                              .one())
                  .sum());
    }
  }

  @Test
  @Clause({"IV.2", "V.1"})
  void theLogThatLostEntriesEndsAndAnotherGoesOnThatSaysSo()
      throws IOException, InterruptedException {
    Configuration at = copied("log");
    RestoreDesk.Restored restored = RestoreDesk.finish(at);
    assertThat(restored.ended()).hasSize(1);
    RestoreDesk.Ended ended = restored.ended().getFirst();
    assertThat(ended.origin()).isEqualTo(endedOrigin);
    assertThat(ended.goesOn()).isEqualTo(endedOrigin + "/2");
    assertThat(ended.kept()).isLessThan(ended.signed());
    try (Pledge pledge = Pledge.open(at)) {
      assertThat(pledge.origin("pledge")).isEqualTo(ended.goesOn());
      var log = pledge.logs().getFirst();
      Await.until(() -> log.size() > ended.kept());
      assertThat(log.retiredKeys()).extracting(key -> key.key().name()).contains(endedOrigin);
      assertThat(read(pledge, living)).isInstanceOf(ReadAnswer.Answer.class);
    }
    assertThat(restoreEntries(at, ended.kept())).isEqualTo(2);
  }

  /** How many entries after those kept say that data were restored. */
  private static long restoreEntries(Configuration at, long from) {
    try (LogDesk desk = LogDesk.open(at)) {
      long[] found = {0};
      var extent = desk.extent("pledge").orElseThrow();
      desk.write(
          "pledge",
          extent,
          (path, content) -> {
            if (path.startsWith("tile/entries/")) {
              dev.pledge.log.EntryBundle.decode(content).stream()
                  .map(dev.pledge.log.Entry::decode)
                  .filter(entry -> entry.facts().kind().equals(dev.pledge.log.Kind.RESTORE))
                  .forEach(
                      entry -> {
                        found[0]++;
                        long said = entry.facts().subjects().orElseThrow();
                        if (entry.facts().reason().orElseThrow().rule().equals("log-taken-over")) {
                          assertThat(said).isEqualTo(from);
                        } else {
                          assertThat(said).isGreaterThan(from);
                        }
                      });
            }
          },
          copied -> {});
      return found[0];
    }
  }

  @Test
  void nothingStartsOnRestoredDataBeforeTheyAreUpToDate() throws IOException {
    Configuration at = copied("pending");
    assertThatThrownBy(() -> Pledge.open(at))
        .isInstanceOf(StartRefused.class)
        .hasMessageContaining("pledge restore");
    assertThatThrownBy(() -> LogDesk.open(at)).isInstanceOf(StartRefused.class);
    RestoreDesk.finish(at);
    Pledge.open(at).close();
  }

  @ParameterizedTest
  @EnumSource(RestoreStep.class)
  @Clause("II.II.3")
  void cutOffAnywhereItIsDoneAgain(RestoreStep step) throws IOException {
    Configuration at = copied("cut-" + step);
    boolean[] cut = {false};
    RestoreDesk failing =
        new RestoreDesk(
            at,
            reached -> {
              if (reached == step) {
                cut[0] = true;
                throw new IllegalStateException("cut off, as arranged");
              }
            });
    if (step == RestoreStep.KEY_REPLACED) {
      alterKey(at);
    }
    assertThatThrownBy(failing::finish).hasMessage("cut off, as arranged");
    assertThat(cut[0]).isTrue();
    if (step != RestoreStep.UP_TO_DATE) {
      assertThatThrownBy(() -> Pledge.open(at)).isInstanceOf(StartRefused.class);
      RestoreDesk.finish(at);
    }
    try (Pledge pledge = Pledge.open(at)) {
      assertThat(pledge.origin("pledge")).isEqualTo(endedOrigin + "/2");
      assertThat(read(pledge, living)).isInstanceOf(ReadAnswer.Answer.class);
      assertThat(read(pledge, erased)).isInstanceOf(ReadAnswer.Unknown.class);
    }
    assertThat(rowsNaming(at, erased)).isZero();
  }

  private static void alterKey(Configuration at) {
    ownerOf(
        at,
        "update subject_key set wrapped = set_byte(wrapped, 20, 1 - get_byte(wrapped, 20) % 2)");
  }

  private static void ownerOf(Configuration at, String sql) {
    try (EmbeddedPostgres own = EmbeddedPostgres.openRestored(at.data(), RANDOM);
        Database database = Database.over(own.connections().owner())) {
      database.read(handle -> handle.execute(sql));
    }
  }

  @Test
  void aKeyThatIsNotTheJournalsIsReplacedByIt() throws IOException {
    Configuration at = copied("key");
    alterKey(at);
    assertThat(RestoreDesk.finish(at).keysReplaced()).isEqualTo(1);
    try (Pledge pledge = Pledge.open(at)) {
      assertThat(((ReadAnswer.Answer) read(pledge, living)).toString()).isNotEmpty();
    }
  }

  @Test
  @Clause({"V.4", "II.II.3"})
  void documentsOfWhatWasDecidedSinceAreRemovedAndWhatWasWrittenStays() throws IOException {
    Configuration at = copied("requests");
    RestoreDesk.finish(at);
    try (Pledge pledge = Pledge.open(at)) {
      Shown.One one = (Shown.One) pledge.request(scene.backend, living, complaint);
      assertThat(one.request().decided()).as("of which the backup knows nothing").isEmpty();
      assertThat(one.wish().text()).contains("it is mine");
      assertThat(one.documents()).isEmpty();
    }
  }

  @Test
  @Clause({"V.1", "II.II.3"})
  void whatWasCorrectedSinceIsRemovedAndAllElseStays() throws IOException {
    Configuration at = copied("generation");
    RestoreDesk.Restored restored = RestoreDesk.finish(at);
    assertThat(restored.keysReplaced()).isEqualTo(1);
    assertThat(restored.valuesLost()).isEqualTo(1);
    try (Pledge pledge = Pledge.open(at)) {
      ReadAnswer.Answer answer = (ReadAnswer.Answer) read(pledge, living);
      assertThat(answer.fields().getFirst()).isInstanceOf(FieldAnswer.Absent.class);
      assertThat(find(pledge, livingAddress)).isInstanceOf(Found.Subject.class);
      assertThat(pledge.history(scene.backend, living, null, 10))
          .isInstanceOf(AccessHistory.Page.class);
    }
  }

  @Test
  @Clause({"II.II.3", "IV.4"})
  void aBackupFromBeforeAnEpochEndedGivesTheLivingBack() throws IOException, InterruptedException {
    TestDatabase database = TestDatabase.onPrivateServer();
    TestPledge pledge = TestPledge.on(database);
    Scene there = new Scene(pledge);
    String address = Scene.address();
    SubjectId person = pledge.adult(there.backend, Map.of("email", address));
    there.collect(person, Map.of("identity.name", "Wei"));
    Path old = place.resolve("epoch-backup");
    BaseBackup.make(database.home(), old, RANDOM, InstantSource.system(), (done, all) -> {});
    pledge.pledge().rotateKeys(1_000_000, Duration.ofDays(2));
    Await.until(() -> count(database, "rotation where ready_at is not null") == 1);
    owner(database, "delete from reply");
    owner(database, "update rotation set destroy_at = statement_timestamp()");
    Await.until(() -> count(database, "rotation where destroyed_at is not null") == 1);
    pledge.close();
    Path data = place.resolve("epoch-data");
    RestoreDesk.copy(old, data, (done, all) -> {});
    Configuration at = Configuration.embedded(TestPledge.policy(), data, pledge.keys());
    RestoreDesk.Restored restored = RestoreDesk.finish(at);
    assertThat(restored.people()).isEqualTo(1);
    assertThat(restored.valuesLost()).isZero();
    assertThat(restored.entriesLost()).isZero();
    try (Pledge restoredPledge = Pledge.open(at)) {
      ReadAnswer.Answer answer = (ReadAnswer.Answer) read(restoredPledge, person);
      assertThat(answer.fields().getFirst()).isInstanceOf(FieldAnswer.Shown.class);
      assertThat(find(restoredPledge, address)).isInstanceOf(Found.Subject.class);
      assertThat(
              ((AccessHistory.Page) restoredPledge.history(there.backend, person, null, 10))
                  .lines())
          .extracting(line -> line.recorded().entry().facts().kind())
          .contains(Kind.REGISTER, Kind.COLLECT);
    }
  }

  @Test
  @Clause({"V.1", "IV.4"})
  void keysThatCameAfterTheCopyOfTheJournalStayAndTheJournalHasThem()
      throws IOException, InterruptedException {
    TestDatabase database = TestDatabase.onPrivateServer();
    TestPledge pledge = TestPledge.on(database);
    Scene there = new Scene(pledge);
    SubjectId person = there.adult();
    there.collect(person, Map.of("identity.name", "Wei"));
    Path older = place.resolve("older-keys");
    copyTree(pledge.keys(), older);
    pledge.change(
        there.backend,
        changes ->
            changes.correct(
                person, Scene.from("meeting", "person", Map.of("identity.name", "Lee"))));
    Path newest = place.resolve("newest-backup");
    BaseBackup.make(database.home(), newest, RANDOM, InstantSource.system(), (done, all) -> {});
    Path checkpoint = pledge.keys().resolve("store/store/last-checkpoint");
    Await.until(() -> Files.exists(checkpoint));
    pledge.close();
    // As the runbook says: where the log is, the newest checkpoint tells.
    Files.copy(
        checkpoint,
        older.resolve("store/store/last-checkpoint"),
        StandardCopyOption.REPLACE_EXISTING);
    for (String data : List.of("newest-data", "newest-data-again")) {
      RestoreDesk.copy(newest, place.resolve(data), (done, all) -> {});
      Configuration at = Configuration.embedded(TestPledge.policy(), place.resolve(data), older);
      RestoreDesk.Restored restored = RestoreDesk.finish(at);
      assertThat(restored.keysReplaced()).isZero();
      assertThat(restored.valuesLost()).isZero();
      try (Pledge restoredPledge = Pledge.open(at)) {
        ReadAnswer.Answer answer = (ReadAnswer.Answer) read(restoredPledge, person);
        assertThat(answer.fields().getFirst()).isInstanceOf(FieldAnswer.Shown.class);
      }
    }
  }

  private static long count(TestDatabase database, String from) {
    return Database.over(database.owner())
        .read(handle -> handle.createQuery("select count(*) from " + from).mapTo(Long.class).one());
  }

  private static void owner(TestDatabase database, String sql) {
    Database.over(database.owner()).read(handle -> handle.execute(sql));
  }

  @Test
  @Clause("II.II.3")
  void whoeverHasNoLivingKeyIsRemoved() throws IOException {
    Configuration at = copied("keyless");
    SubjectId stranger = new SubjectId(java.util.UUID.randomUUID());
    for (String table : List.of("subject", "subject_key", "consent_state", "history")) {
      ownerOf(
          at,
          """
          insert into %1$s select r.* from %1$s t,
            lateral jsonb_populate_record(t, jsonb_build_object('subject_id', '%2$s')) r
          where t.subject_id = '%3$s'
          """
              .formatted(table, stranger.value(), living.value()));
    }
    assertThat(RestoreDesk.finish(at).removed()).isEqualTo(1);
    assertThat(rowsNaming(at, stranger)).isZero();
  }
}
