package dev.pledge.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.audit.Ageing;
import dev.pledge.engine.audit.Draft;
import dev.pledge.engine.audit.LogBroken;
import dev.pledge.engine.audit.LogReader;
import dev.pledge.engine.audit.PublicLog;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.audit.Recorded;
import dev.pledge.engine.audit.TestSeals;
import dev.pledge.engine.gate.AccessHistory;
import dev.pledge.engine.gate.LogQuery;
import dev.pledge.engine.gate.ReadAnswer;
import dev.pledge.engine.gate.ReadRequest;
import dev.pledge.engine.gate.Scene;
import dev.pledge.engine.gate.SearchAnswer;
import dev.pledge.engine.store.Await;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.Transaction;
import dev.pledge.engine.watch.Alarm;
import dev.pledge.engine.watch.AlarmPage;
import dev.pledge.engine.watch.Alarms;
import dev.pledge.engine.watch.RuleName;
import dev.pledge.engine.watch.WatchSettings;
import dev.pledge.engine.watch.Watched;
import dev.pledge.log.Checkpoint;
import dev.pledge.log.Facts;
import dev.pledge.log.Hash;
import dev.pledge.log.Kind;
import dev.pledge.log.Merkle;
import dev.pledge.log.Outcome;
import dev.pledge.log.Promise;
import dev.pledge.log.Quorum;
import dev.pledge.log.SignedNote;
import dev.pledge.log.Verifier;
import dev.pledge.log.VerifierKey;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several logs of one deployment: each by itself, and one for whoever looks at people. */
@Clause({"IV.2", "V.1"})
class LogsTest {
  private static final String FIRST = "pledge";
  private static final String SECOND = "pledge-2";

  private final TestPledge pledge = TestPledge.withLogs(2, WatchSettings.usual(ZoneOffset.UTC));
  private final Scene scene = new Scene(pledge);
  private final SubjectId person = scene.adult();
  private final ReadRequest request =
      ReadRequest.of(scene.backend, "customer-service", "meeting", List.of("contact.email"));

  private final Caller guard = pledge.caller("guard", Asker.Kind.STAFF, "security-officer");

  @AfterEach
  void close() {
    pledge.close();
  }

  private Receipt read() {
    return ((ReadAnswer.Answer) pledge.pledge().read(request, person)).receipt();
  }

  private List<Receipt> read(int times) {
    List<Receipt> receipts = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      receipts.add(read());
    }
    return receipts;
  }

  private Map<String, Long> entered() {
    return pledge
        .database()
        .database()
        .read(
            handle ->
                handle
                    .createQuery("select log, count(*) as entries from intake group by log")
                    .reduceRows(
                        new HashMap<String, Long>(),
                        (counts, row) -> {
                          counts.put(
                              row.getColumn("log", String.class),
                              row.getColumn("entries", Long.class));
                          return counts;
                        }));
  }

  private long entered(String log) {
    return entered().getOrDefault(log, 0L);
  }

  private PublicLog log(String name) {
    return pledge.pledge().log(name).orElseThrow();
  }

  private boolean isCovered(String log) {
    return log(log).size() == entered(log);
  }

  private void awaitCovered() throws InterruptedException {
    Await.until(() -> pledge.pledge().logs().stream().allMatch(log -> isCovered(log.name())));
  }

  private void asOwner(String sql) {
    try (Database owner = Database.over(pledge.database().owner())) {
      owner.read(handle -> handle.execute(sql));
    }
  }

  private String notReady() throws InterruptedException {
    Await.until(() -> trouble().isPresent());
    return trouble().orElseThrow();
  }

  private Optional<String> trouble() {
    try {
      pledge.pledge().checkReady();
      return Optional.empty();
    } catch (NotReady e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static Set<String> logs(List<Receipt> receipts) {
    return receipts.stream().map(Receipt::log).collect(Collectors.toSet());
  }

  private void requireKept(Receipt receipt) {
    PublicLog log = log(receipt.log());
    Receipt.Promised promised = receipt.promised();
    assertThat(promised.origin()).isEqualTo(log.origin());
    Promise promise =
        Promise.read(
            SignedNote.open(
                    promised.note().getBytes(java.nio.charset.StandardCharsets.UTF_8),
                    log.verifierKeys())
                .text());
    assertThat(
            Merkle.isIncluded(
                receipt.leaf(),
                promised.place(),
                promise.leaves(),
                promise.root(),
                promised.proof()))
        .isTrue();
    PublicLog.Included included = log.inclusion(receipt.entry()).orElseThrow();
    Checkpoint checkpoint =
        Checkpoint.parse(SignedNote.open(included.checkpoint(), log.verifierKeys()).text());
    assertThat(checkpoint.origin()).isEqualTo(log.origin());
    assertThat(
            Merkle.isIncluded(
                receipt.leaf(),
                included.position(),
                checkpoint.size(),
                checkpoint.root(),
                included.proof()))
        .isTrue();
    pledge.pledge().logs().stream()
        .filter(other -> !other.name().equals(receipt.log()))
        .forEach(other -> assertThat(other.inclusion(receipt.entry())).isEmpty());
  }

  // ---------------------------------------------------------------------------------- side by side

  @Test
  void entriesGoIntoTheLogsInTurnAndReceiptsOfEachAreKept() throws Exception {
    List<Receipt> receipts = read(40);
    scene.adult();
    assertThat(Math.abs(entered(FIRST) - entered(SECOND))).isLessThanOrEqualTo(1);
    assertThat(logs(receipts)).containsExactlyInAnyOrder(FIRST, SECOND);
    awaitCovered();
    receipts.forEach(this::requireKept);
    Set<String> origins = new HashSet<>();
    pledge.pledge().logs().forEach(log -> origins.add(log.origin()));
    assertThat(origins).hasSize(2);
    assertThat(pledge.pledge().log("pledge-3")).isEmpty();
    assertThat(pledge.pledge().log("pledge-1")).isEmpty();
  }

  @Test
  void eachLogVerifiesByItself() throws Exception {
    read(20);
    awaitCovered();
    try (LogDesk desk = LogDesk.open(pledge.configuration())) {
      assertThat(desk.logs()).containsExactly(FIRST, SECOND);
      Map<String, Map<String, byte[]>> copies = new HashMap<>();
      for (String name : desk.logs()) {
        Map<String, byte[]> copy = new HashMap<>();
        desk.write(name, desk.extent(name).orElseThrow(), copy::put, _ -> {});
        copies.put(name, copy);
      }
      Set<Hash> leaves = new HashSet<>();
      for (String name : desk.logs()) {
        List<VerifierKey> its =
            desk.verifierKeys().stream().filter(key -> key.name().startsWith(name + "/")).toList();
        assertThat(its).hasSize(1);
        Verifier.Outcome outcome = verify(copies.get(name), its);
        assertThat(outcome.findings()).isEmpty();
        assertThat(outcome.checkpoint().orElseThrow().size()).isGreaterThanOrEqualTo(10);
        assertThat(leaves.add(outcome.checkpoint().orElseThrow().root())).isTrue();
      }
      List<VerifierKey> first = log(FIRST).verifierKeys();
      assertThat(verify(copies.get(SECOND), first).findings()).isNotEmpty();
    }
  }

  private static Verifier.Outcome verify(Map<String, byte[]> copy, List<VerifierKey> keys) {
    return new Verifier(path -> Optional.ofNullable(copy.get(path)), keys, Quorum.NONE)
        .verify((done, all) -> {});
  }

  @Test
  void aPersonHasOneHistoryAndEachLogIsSearchedByItself() throws Exception {
    List<Receipt> receipts = read(10);
    awaitCovered();
    AccessHistory.Page page =
        (AccessHistory.Page) pledge.pledge().history(scene.backend, person, null, 100);
    List<Recorded> told = page.lines().stream().map(AccessHistory.Line::recorded).toList();
    assertThat(told.stream().map(each -> each.entry().id()))
        .containsAll(receipts.stream().map(Receipt::entry).toList());
    assertThat(told.stream().map(Recorded::log).collect(Collectors.toSet()))
        .containsExactlyInAnyOrder(FIRST, SECOND);
    LogQuery reads =
        new LogQuery(null, null, "read", null, null, null, null, null, null, null, null, null);
    for (String name : List.of(FIRST, SECOND)) {
      SearchAnswer.Page found =
          (SearchAnswer.Page) pledge.pledge().search(scene.backend, name, reads, null, 100);
      assertThat(found.entries()).hasSize(5).allMatch(each -> each.log().equals(name));
    }
  }

  @Test
  void whatIsReplayedIsAllOfThem() throws Exception {
    read(10);
    awaitCovered();
    var other = PolicyFiles.read(TestPledge.policy()).policies().versions().getLast().source();
    try (ReplayDesk desk = ReplayDesk.open(pledge.configuration(), other)) {
      var parts = desk.replay().parts(Optional.empty(), Optional.empty());
      assertThat(parts).hasSize(2);
      List<Long> looked = new ArrayList<>();
      var replayed = desk.replay().run(parts, Optional.empty(), Optional.empty(), looked::add);
      assertThat(replayed.decided()).isGreaterThanOrEqualTo(10);
      assertThat(looked.getLast())
          .isEqualTo(parts.stream().mapToLong(part -> part.range().size()).sum());
    }
  }

  @Test
  void whoeverIsUnusualIsSeenThoughNoLogShowsIt() throws Exception {
    var agent = pledge.caller("agent", Asker.Kind.STAFF, "support-agent");
    ReadRequest asked =
        ReadRequest.of(agent, "customer-service", "meeting", List.of("contact.phone"));
    for (int i = 0; i < 15; i++) {
      pledge.pledge().read(asked, new SubjectId(UUID.randomUUID()));
    }
    Await.until(() -> !alarms().alarms().isEmpty());
    Alarm alarm = alarms().alarms().getFirst();
    assertThat(alarm.rule()).isEqualTo(RuleName.ENUMERATION);
    assertThat(alarm.count()).isEqualTo(15);
    pledge.restart();
    long entries = entered(FIRST) + entered(SECOND);
    Await.until(() -> alarms().watched().stream().mapToLong(Watched::entries).sum() >= entries);
    assertThat(alarms().alarms()).hasSize(1);
    assertThat(alarms().watched().stream().map(Watched::log)).containsExactly(FIRST, SECOND);
  }

  private AlarmPage alarms() {
    return pledge.pledge().alarms(guard, Alarms.Which.ALL, null, 10);
  }

  // -------------------------------------------------------------------------------- one in trouble

  @Test
  void whileOneLogIsHeldByNobodyWhoWorksTheOtherGrowsAndIsCaughtUpWith() throws Exception {
    awaitCovered();
    try (Database owner = Database.over(pledge.database().owner())) {
      List<Receipt> receipts = owner.change(tx -> whileHeld(tx));
      assertThat(logs(receipts)).containsExactlyInAnyOrder(FIRST, SECOND);
      awaitCovered();
      receipts.forEach(this::requireKept);
      assertThat(trouble()).isEmpty();
    }
  }

  /** As if a node had been killed with the second log in its hands. */
  private List<Receipt> whileHeld(Transaction tx) {
    tx.handle().execute("select from tree where log = 'pledge-2' for update");
    long before = log(SECOND).size();
    List<Receipt> receipts = read(10);
    try {
      Await.until(() -> isCovered(FIRST));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    assertThat(log(SECOND).size()).isEqualTo(before);
    return receipts;
  }

  @Test
  void nothingGoesIntoALogThatIsBrokenAndReadinessSaysWhich() throws Exception {
    read(10);
    awaitCovered();
    asOwner("update tree set size = size - 1 where log = 'pledge-2'");
    assertThat(notReady())
        .contains("log `pledge-2` does not grow: the log's tiles do not make up its root")
        .doesNotContain("log `pledge` ");
    long before = entered(SECOND);
    List<Receipt> receipts = read(10);
    assertThat(logs(receipts)).containsExactly(FIRST);
    scene.adult();
    assertThat(entered(SECOND)).isEqualTo(before);
    Await.until(() -> isCovered(FIRST));
    receipts.forEach(receipt -> assertThat(log(FIRST).inclusion(receipt.entry())).isPresent());

    asOwner("update tree set size = size - 1 where log = 'pledge'");
    Await.until(() -> trouble().orElse("").contains("log `pledge` does not grow"));
    assertThat(notReady()).contains("log `pledge-2` does not grow");
    assertThatExceptionOfType(LogBroken.class).isThrownBy(this::read);
    assertThatExceptionOfType(LogBroken.class).isThrownBy(scene::adult);
  }

  // ------------------------------------------------------------------------------------ how many

  @Test
  void theNumberIsRaisedLaterAndTheFirstLogGoesOnAsItWas() throws Exception {
    try (TestPledge grown = TestPledge.open()) {
      Scene there = new Scene(grown);
      SubjectId known = there.adult();
      PublicLog alone = grown.pledge().logs().getFirst();
      assertThat(grown.pledge().logs()).hasSize(1);
      String origin = alone.origin();
      List<VerifierKey> keys = alone.verifierKeys();
      Await.until(() -> alone.size() > 0);
      byte[] note = alone.checkpoint().orElseThrow();
      grown.restart(3);
      assertThat(grown.pledge().logs().stream().map(PublicLog::name))
          .containsExactly(FIRST, SECOND, "pledge-3");
      PublicLog first = grown.pledge().log();
      assertThat(first.origin()).isEqualTo(origin);
      assertThat(first.verifierKeys()).isEqualTo(keys);
      Checkpoint earlier = Checkpoint.parse(SignedNote.open(note, keys).text());
      assertThat(first.consistency(earlier.size(), first.size())).isPresent();
      Set<String> used = new HashSet<>();
      for (int i = 0; i < 9; i++) {
        ReadRequest again =
            ReadRequest.of(there.backend, "customer-service", "meeting", List.of("contact.email"));
        used.add(((ReadAnswer.Answer) grown.pledge().read(again, known)).receipt().log());
      }
      assertThat(used).containsExactlyInAnyOrder(FIRST, SECOND, "pledge-3");
      grown.pledge().checkReady();
    }
  }

  @Test
  void aLogThatWasBegunIsServedOnWhenThereAreFewerAndTakesNothingMore() throws Exception {
    List<Receipt> receipts = read(10);
    pledge.restart(1);
    assertThat(pledge.pledge().logs()).hasSize(2);
    long before = entered(SECOND);
    assertThat(logs(read(10))).containsExactly(FIRST);
    assertThat(entered(SECOND)).isEqualTo(before);
    awaitCovered();
    receipts.forEach(this::requireKept);
    pledge.restart(2);
    assertThat(logs(read(10))).containsExactlyInAnyOrder(FIRST, SECOND);
    asOwner("update tree set size = size - 1 where log = 'pledge-2'");
    pledge.restart(1);
    assertThat(notReady()).as("it is still watched over").contains("log `pledge-2`");
  }

  @Test
  void aLogWhoseTurnNeverComesIsArchivedAndLetsGoOfItsEntriesAllTheSame() throws Exception {
    try (TestPledge old = TestPledge.open()) {
      enterYearsAgo(old, 256);
      old.restart(2);
      PublicLog second = old.pledge().log(SECOND).orElseThrow();
      Await.until(() -> second.size() >= 256);
      old.restart(1);
      old.restart(new Ageing(Period.ofDays(30), Optional.of(Period.ofYears(3))));
      LogReader reader = new LogReader(SECOND, old.database().database(), TestSeals.intake(1));
      Await.until(() -> reader.first() == 256);
      Await.until(() -> reader.size() == 257);
      old.pledge().checkReady();
    }
  }

  /** Of the second log, before it is begun. */
  private static void enterYearsAgo(TestPledge there, int count) {
    Configuration at = there.configuration();
    Instant then = at.clock().instant().minus(Duration.ofDays(4 * 366));
    Configuration earlier =
        new Configuration(
            at.policy(), at.data(), at.keys(), at.external(), InstantSource.fixed(then));
    try (Desk desk = new Desk(earlier, "test")) {
      for (int i = 0; i < count; i++) {
        var _ =
            desk.audit(new LogName(2))
                .record(
                    Draft.aboutNobody(
                        Facts.of(Kind.POLICY, then, Outcome.PERMITTED, TestPledge.BY).build()));
      }
    }
  }

  @Test
  void aLogThatIsGoneFromTheDatabaseIsMissedWhateverTheNumber() throws Exception {
    read(10);
    awaitCovered();
    pledge.pledge().close();
    for (String table : List.of("checkpoint", "tile", "tree")) {
      asOwner("delete from " + table + " where log = 'pledge-2'");
    }
    asOwner("delete from intake where log = 'pledge-2'");
    pledge.restart(1);
    assertThat(notReady()).contains("log `pledge-2` does not grow").contains("older than its log");
  }

  @Test
  void aKeyStoreWhoseLastCheckpointWasPutBackStopsTheLogUntilItHasTheNewest() throws Exception {
    Path last = pledge.configuration().keyStore().resolve("store/last-checkpoint-2");
    read(10);
    awaitCovered();
    byte[] older = Files.readAllBytes(last);
    read(10);
    awaitCovered();
    pledge.pledge().close();
    Files.write(last, older);
    pledge.restart();
    List<Receipt> receipts = read(4);
    assertThat(notReady())
        .contains("log `pledge-2` does not grow: the key store keeps a checkpoint");
    Files.write(last, log(SECOND).checkpoint().orElseThrow());
    pledge.restart();
    awaitCovered();
    receipts.forEach(this::requireKept);
    assertThat(trouble()).isEmpty();
  }

  @Test
  void thereIsAtLeastOneLogAndAtMostSixteen() {
    for (int number : new int[] {0, -1, 17}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> pledge.configuration().withLogs(number))
          .withMessageContaining("1 to 16");
    }
    assertThat(pledge.configuration().withLogs(16).logs()).isEqualTo(16);
    assertThat(LogName.of("pledge-16")).contains(new LogName(16));
    for (String none : List.of("pledge-1", "pledge-0", "pledge-17", "pledge-02", "other", "")) {
      assertThat(LogName.of(none)).isEmpty();
    }
  }
}
