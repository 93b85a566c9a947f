package dev.pledge.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.actor.NewActor;
import dev.pledge.engine.actor.Scope;
import dev.pledge.engine.audit.LogBroken;
import dev.pledge.engine.audit.LogExport;
import dev.pledge.engine.audit.OwnEntries;
import dev.pledge.engine.erasure.Erased;
import dev.pledge.engine.gate.ApprovalRequest;
import dev.pledge.engine.gate.Approved;
import dev.pledge.engine.gate.LegalOrder;
import dev.pledge.engine.gate.Outcome;
import dev.pledge.engine.gate.ProvenHistory;
import dev.pledge.engine.gate.ReadAnswer;
import dev.pledge.engine.gate.ReadRequest;
import dev.pledge.engine.gate.Scene;
import dev.pledge.engine.gate.ShiftedClock;
import dev.pledge.engine.gate.Window;
import dev.pledge.engine.store.Await;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.log.Checkpoint;
import dev.pledge.log.Entry;
import dev.pledge.log.EntryBundle;
import dev.pledge.log.MarkKey;
import dev.pledge.log.Quorum;
import dev.pledge.log.SignedNote;
import dev.pledge.log.StatementVerifier;
import dev.pledge.log.StatementVerifier.Listed;
import dev.pledge.log.Verifier;
import dev.pledge.log.Verifier.Finding;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.Policy.TellPerson;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SubjectId;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** All entries about a person, with proofs, and a copy of the log to look for others in. */
class ProvenHistoryTest {
  /** Of a court's order nobody is ever told, of an investigation once it is over. */
  private static final String COURT = "court-order";

  private static final String INVESTIGATION = "public-security";

  private static final ShiftedClock CLOCK = ShiftedClock.of(TestDatabase.fresh());

  @RegisterExtension
  static final TestPledge PLEDGE =
      CLOCK.pledge(
          TestPledge.reworded(
              "exception: { approver: privacy-officer }",
              "exception: { approver: privacy-officer, tell-person: never }"));

  @TempDir private Path directory;

  private final Scene scene = new Scene(PLEDGE);
  private final Database owner = Database.over(PLEDGE.database().owner());

  // ------------------------------------------------------------------------------- what is done

  /** What was handed over, as a file would have it. */
  private static class Taken implements ProvenHistory.Taker {
    private byte @Nullable [] checkpoint;
    private @Nullable MarkKey key;
    private final List<OwnEntries.Included> entries = new ArrayList<>();
    private final List<Boolean> checkable = new ArrayList<>();

    @Override
    public void begin(byte[] note, MarkKey markKey) {
      checkpoint = note;
      key = markKey;
    }

    @Override
    public void entry(OwnEntries.Included entry, boolean isCheckable) {
      entries.add(entry);
      checkable.add(isCheckable);
    }

    List<UUID> ids() {
      return entries.stream().map(each -> each.entry().id()).toList();
    }

    MarkKey markKey() {
      return requireNonNull(key);
    }
  }

  private ProvenHistory prove(SubjectId person, Taken taken) {
    return PLEDGE.pledge().proveHistory(scene.backend, person, "pledge", taken);
  }

  private static StatementVerifier verifier(ProvenHistory end, Taken taken) {
    StatementVerifier verifier =
        new StatementVerifier(PLEDGE.pledge().log().verifierKeys(), Quorum.NONE);
    verifier.begin("begin", requireNonNull(taken.checkpoint), taken.markKey().toByteArray());
    for (int i = 0; i < taken.entries.size(); i++) {
      OwnEntries.Included each = taken.entries.get(i);
      verifier.entry(
          "entry " + i,
          new Listed(each.position(), each.entry().encode(), each.proof(), taken.checkable.get(i)));
    }
    verifier.end(
        "end", taken.entries.size(), ((ProvenHistory.Stated) end).statement().getBytes(UTF_8));
    return verifier;
  }

  /** The findings with a copy of the log at hand, whose entries are looked at. */
  private StatementVerifier.Outcome lookedFor(ProvenHistory end, Taken taken) {
    Map<String, byte[]> copy = copy();
    StatementVerifier verifier = verifier(end, taken);
    Verifier.Outcome verified =
        new Verifier(
                path -> Optional.ofNullable(copy.get(path)),
                PLEDGE.pledge().log().verifierKeys(),
                Quorum.NONE)
            .expecting("list", requireNonNull(taken.checkpoint))
            .shownTo(verifier::look)
            .verify((done, all) -> {});
    assertThat(verified.findings()).isEmpty();
    return verifier.outcome("list");
  }

  private Map<String, byte[]> copy() {
    Configuration at =
        new Configuration(
            TestPledge.policy(),
            directory,
            PLEDGE.keys(),
            Optional.of(PLEDGE.database().connections()),
            InstantSource.system());
    Map<String, byte[]> copy = new LinkedHashMap<>();
    try (KeyRing keys = KeyRing.toRead(at, owner, new SecureRandom())) {
      LogExport export =
          new LogExport(
              LogName.FIRST.toString(),
              owner,
              keys.store().intakeSeal(),
              keys.logSigner(LogName.FIRST),
              Quorum.NONE);
      export.write(export.extent().orElseThrow(), copy::put, done -> {});
    }
    return copy;
  }

  private List<Entry> all() {
    return copy().entrySet().stream()
        .filter(file -> file.getKey().startsWith("tile/entries"))
        .flatMap(file -> EntryBundle.decode(file.getValue()).stream())
        .map(Entry::decode)
        .toList();
  }

  /** Returns once a checkpoint covers everything that was entered. */
  private void awaitCovered() throws InterruptedException {
    long entered =
        owner.read(
            handle -> handle.createQuery("select count(*) from intake").mapTo(Long.class).one());
    Await.until(
        () ->
            PLEDGE
                .pledge()
                .log()
                .checkpoint()
                .map(note -> Checkpoint.parse(SignedNote.parse(note).text()).size())
                .filter(size -> size >= entered)
                .isPresent());
  }

  private List<UUID> history(SubjectId person) {
    return scene.history(person).stream().map(line -> line.recorded().entry().id()).toList();
  }

  private SubjectId known() {
    SubjectId person = scene.adult();
    scene.collect(person, Map.of("identity.name", "Zhang Wei"));
    return person;
  }

  private Caller staff(String role) {
    return PLEDGE.caller(role + "-" + UUID.randomUUID(), Asker.Kind.STAFF, role);
  }

  /** A use of the name that the law orders; answers with the approval. */
  private UUID ordered(SubjectId person, Caller officer, String purpose) {
    Caller legal = staff("legal");
    ApprovalRequest asked =
        new ApprovalRequest(
            purpose,
            "meeting",
            "(2026) 12",
            List.of("identity.name"),
            new ActorId(legal.id().value()),
            null);
    UUID approval = ((Approved.Granted) scene.approve(officer, person, asked)).approval();
    ReadRequest read =
        new ReadRequest(
            legal,
            Asker.Capacity.ROLE,
            Asker.Assurance.SIGNED_IN,
            purpose,
            "meeting",
            List.of("identity.name"),
            null,
            "order 12",
            Set.of(),
            new LegalOrder(approval),
            Window.DEFAULT);
    assertThat(PLEDGE.pledge().read(read, person))
        .isInstanceOfSatisfying(
            ReadAnswer.Answer.class, answer -> assertThat(answer.allWithheld()).isFalse());
    return approval;
  }

  private static void revoke(SubjectId person, Caller officer, UUID approval) {
    assertThat(PLEDGE.<Outcome>change(officer, changes -> changes.revoke(person, approval)))
        .isInstanceOf(Outcome.Done.class);
  }

  /** How many entries of the log are for the purpose, and which of them the key finds. */
  private void requireUnfound(MarkKey key, String purpose, int entries) {
    List<Entry> secret =
        all().stream()
            .filter(entry -> entry.facts().purpose().equals(Optional.of(purpose)))
            .toList();
    assertThat(secret).hasSizeGreaterThanOrEqualTo(entries);
    assertThat(secret).allMatch(entry -> entry.mark().isPresent()).noneMatch(key::marks);
  }

  // ------------------------------------------------------------------------------- what is told

  @Test
  @Clause({"V.1", "IV.2"})
  void everyEntryIsListedAndProvenAndTheLogSignsThatTheseAreAll() throws Exception {
    SubjectId person = known();
    List<UUID> told = history(person);
    awaitCovered();
    Taken taken = new Taken();
    ProvenHistory end = prove(person, taken);
    assertThat(end)
        .isInstanceOfSatisfying(
            ProvenHistory.Stated.class,
            stated -> assertThat(stated.count()).isEqualTo(taken.entries.size()));
    assertThat(taken.ids()).containsAll(told);
    assertThat(PLEDGE.pledge().log().checkpoint()).isPresent();
    List<UUID> after = history(person);
    assertThat(after).as("with this look and the one above").hasSize(told.size() + 2);
    assertThat(after).containsAll(taken.ids());
    assertThat(taken.checkable).containsOnly(true);
    assertThat(verifier(end, taken).outcome("list").findings()).isEmpty();
    awaitCovered();
    StatementVerifier.Outcome looked = lookedFor(end, taken);
    assertThat(looked.findings()).isEmpty();
    assertThat(looked.marked()).isEqualTo(taken.entries.size());
    assertThat(looked.later()).as("looks at the history since").isGreaterThanOrEqualTo(1);
  }

  @Test
  @Clause("V.1")
  void aLongListIsReadInParts() throws Exception {
    SubjectId person = known();
    for (int i = 0; i < 600; i++) {
      var _ = PLEDGE.pledge().subject(scene.backend, person);
    }
    awaitCovered();
    Taken taken = new Taken();
    ProvenHistory end = prove(person, taken);
    assertThat(taken.entries).hasSizeGreaterThan(600);
    assertThat(verifier(end, taken).outcome("list").findings()).isEmpty();
  }

  @Test
  void anEmptyListIsSignedWhereNoCheckpointCoversAnEntryYet() {
    Taken taken = new Taken();
    SubjectId person = scene.adult();
    ProvenHistory end = prove(person, taken);
    assertThat(verifier(end, taken).outcome("list").findings()).isEmpty();
  }

  @Test
  @Clause({"V.1", "IV.3"})
  void whoWorksForNoneOfThePersonsProductsIsGivenNothing() {
    SubjectId person = known();
    String token =
        PLEDGE
            .pledge()
            .actors()
            .replace(
                new NewActor(
                    new ActorId("proof-stranger"),
                    Asker.Kind.SERVICE,
                    Set.of(),
                    Set.of(new ProductId("calendar")),
                    Set.of(Scope.values()),
                    Set.of()),
                Duration.ofDays(1),
                TestPledge.BY)
            .secret();
    Caller stranger = PLEDGE.pledge().actors().authenticate(token).orElseThrow();
    Taken taken = new Taken();
    assertThat(PLEDGE.pledge().proveHistory(stranger, person, "pledge", taken))
        .isInstanceOf(ProvenHistory.Unknown.class);
    assertThat(taken.key).isNull();
    assertThat(taken.entries).isEmpty();
  }

  @Test
  @Clause({"V.1", "II.II.3"})
  void ofTheErasedNothingIsLeftToGive() throws Exception {
    SubjectId person = known();
    awaitCovered();
    Taken before = new Taken();
    assertThat(prove(person, before)).isInstanceOf(ProvenHistory.Stated.class);
    erase(person);
    Taken taken = new Taken();
    assertThat(prove(person, taken)).isInstanceOf(ProvenHistory.Unknown.class);
    assertThat(taken.key).isNull();
  }

  @Test
  @Clause({"V.1", "II.II.3"})
  void whoIsErasedMeanwhileIsGivenNothingMoreAndNothingIsSigned() throws Exception {
    SubjectId person = known();
    awaitCovered();
    Taken taken =
        new Taken() {
          @Override
          public void begin(byte[] note, MarkKey markKey) {
            super.begin(note, markKey);
            erase(person);
          }
        };
    assertThat(prove(person, taken)).isInstanceOf(ProvenHistory.Unknown.class);
    assertThat(taken.entries).isEmpty();
  }

  private void erase(SubjectId person) {
    assertThat(PLEDGE.<Erased>change(scene.backend, changes -> changes.erase(person)))
        .isInstanceOf(Erased.Certificate.class);
  }

  // --------------------------------------------------------------------------- what is not told

  @Test
  @Clause({"V.1", "II.I.7"})
  void anInvestigationUnderWayIsNotListedAndTheMarkKeyFindsNothingOfIt() throws Exception {
    SubjectId person = known();
    Caller officer = staff("privacy-officer");
    UUID approval = ordered(person, officer, INVESTIGATION);
    awaitCovered();
    Taken during = new Taken();
    ProvenHistory end = prove(person, during);
    assertThat(during.entries)
        .isNotEmpty()
        .noneMatch(each -> each.entry().facts().purpose().equals(Optional.of(INVESTIGATION)));
    assertThat(during.checkable).containsOnly(true);
    StatementVerifier.Outcome looked = lookedFor(end, during);
    assertThat(looked.findings()).isEmpty();
    assertThat(looked.marked()).isEqualTo(during.entries.size());
    requireUnfound(during.markKey(), INVESTIGATION, 2);

    revoke(person, officer, approval);
    awaitCovered();
    CLOCK.shift(TellPerson.QUIET.plusSeconds(60));
    Taken after = new Taken();
    ProvenHistory told;
    try {
      told = prove(person, after);
    } finally {
      CLOCK.shift(Duration.ZERO);
    }
    assertThat(after.ids()).containsAll(during.ids());
    assertThat(after.entries)
        .filteredOn(each -> each.entry().facts().purpose().equals(Optional.of(INVESTIGATION)))
        .hasSize(3);
    assertThat(after.checkable.stream().filter(checkable -> !checkable)).hasSize(3);
    StatementVerifier.Outcome outcome = lookedFor(told, after);
    assertThat(outcome.findings()).isEmpty();
    assertThat(outcome.unchecked()).isEqualTo(3);
    assertThat(outcome.marked()).isEqualTo(after.entries.size() - 3);
  }

  @Test
  @Clause({"V.1", "II.I.7"})
  void whatIsNeverToldIsNeverListedAndTheMarkKeyFindsNothingOfIt() throws Exception {
    SubjectId person = known();
    Caller officer = staff("privacy-officer");
    revoke(person, officer, ordered(person, officer, COURT));
    awaitCovered();
    Taken taken = new Taken();
    ProvenHistory end = prove(person, taken);
    assertThat(taken.entries)
        .isNotEmpty()
        .noneMatch(each -> each.entry().facts().purpose().equals(Optional.of(COURT)));
    StatementVerifier.Outcome looked = lookedFor(end, taken);
    assertThat(looked.findings()).isEmpty();
    assertThat(looked.marked()).isEqualTo(taken.entries.size());
    requireUnfound(taken.markKey(), COURT, 3);
  }

  // ------------------------------------------------------------------------------ what is wrong

  @Test
  @Clause({"V.1", "IV.2"})
  void anEntryThatTheServerLeavesOutIsFoundInACopy() throws Exception {
    SubjectId person = known();
    awaitCovered();
    Taken whole = new Taken();
    var _ = prove(person, whole);
    owner.read(
        handle ->
            handle
                .createUpdate(
                    """
                    delete from history_line where subject_id = :person
                      and place = (select min(place) from history_line where subject_id = :person)
                    """)
                .bind("person", person.value())
                .execute());
    Taken taken = new Taken();
    ProvenHistory end = prove(person, taken);
    List<OwnEntries.Included> hidden =
        whole.entries.stream().filter(each -> !taken.ids().contains(each.entry().id())).toList();
    assertThat(hidden).hasSize(1);
    long position = hidden.getFirst().position();
    assertThat(verifier(end, taken).outcome("list").findings())
        .as("the list by itself cannot show it")
        .isEmpty();
    assertThat(lookedFor(end, taken).findings())
        .extracting(Finding::what)
        .singleElement()
        .asString()
        .startsWith(
            "1 entries of the copy have the person's mark and are not listed, at " + position);
  }

  @Test
  @Clause("IV.2")
  void nothingIsSignedOfEntriesThatTheTreeHasNot() throws Exception {
    SubjectId person = known();
    awaitCovered();
    Taken whole = new Taken();
    var _ = prove(person, whole);
    UUID one = whole.entries.get(0).entry().id();
    UUID other = whole.entries.get(1).entry().id();
    exchange(one, other);
    try {
      assertThatThrownBy(() -> prove(person, new Taken()))
          .isInstanceOf(LogBroken.class)
          .hasMessageContaining("has another entry than its tree at position");
    } finally {
      exchange(one, other);
    }
    assertThat(prove(person, new Taken())).isInstanceOf(ProvenHistory.Stated.class);
  }

  /** Exchanges the places of two entries. */
  private void exchange(UUID one, UUID other) {
    int exchanged =
        owner.read(
            handle ->
                handle
                    .createUpdate(
                        """
                        update intake set leaf_index = there.leaf_index
                        from intake as there
                        where intake.id = any(array[:one, :other]) and there.id = any(array[:one, :other])
                          and there.id <> intake.id
                        """)
                    .bind("one", one)
                    .bind("other", other)
                    .execute());
    assertThat(exchanged).isEqualTo(2);
  }
}
