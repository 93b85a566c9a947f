package dev.pledge.engine.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.TestPledge;
import dev.pledge.engine.audit.Audit;
import dev.pledge.engine.audit.Draft;
import dev.pledge.engine.audit.Gauge;
import dev.pledge.engine.audit.Limits;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.audit.SubjectSeal;
import dev.pledge.engine.audit.TestSeals;
import dev.pledge.engine.keys.FileRootKey;
import dev.pledge.engine.keys.KeyStore;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.engine.store.TimeOrderedIds;
import dev.pledge.engine.store.Vocabulary;
import dev.pledge.engine.value.Reading;
import dev.pledge.engine.value.Shape;
import dev.pledge.engine.value.Value;
import dev.pledge.log.Caller;
import dev.pledge.log.Detail;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.log.Outcome;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.Permit;
import dev.pledge.policy.decision.Policies;
import dev.pledge.policy.decision.Question;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.decision.SubjectState.Membership;
import dev.pledge.policy.language.Checked;
import dev.pledge.policy.language.PolicyCheck;
import dev.pledge.policy.language.PolicySource;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.FieldType;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.SourceId;
import dev.pledge.policy.names.SubjectId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What the vault demands before it opens or stores. */
@Clause("IV.2")
class VaultTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.fresh();

  private static final Instant NOW = Instant.parse("2026-04-23T10:15:30.123456Z");
  private static final String NAME = "identity.name";
  private static final ProductId MEETING = new ProductId("meeting");
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final TimeOrderedIds IDS = new TimeOrderedIds(InstantSource.system(), RANDOM);

  @TempDir private Path home;

  private final Policies policies =
      Policies.of(
          List.of(
              ((Checked.Sound) PolicyCheck.check(PolicySource.directory(TestPledge.policy())))
                  .policy()));
  private final SubjectId subject = new SubjectId(IDS.next());
  private final SubjectId other = new SubjectId(IDS.next());
  private KeyStore keyStore;
  private Audit audit;
  private Vault vault;
  private SubjectKey key;

  @BeforeEach
  void build() throws Exception {
    Path data = Files.createDirectory(home.resolve("data"));
    FileRootKey root = FileRootKey.create(home.resolve("root"), data, RANDOM);
    keyStore = KeyStore.create(home.resolve("keys"), data, root, InstantSource.fixed(NOW), RANDOM);
    audit =
        new Audit(
            "test",
            DATABASE.database(),
            TestSeals.intake(1),
            TestSeals.signer("test"),
            Gauge.OPEN,
            InstantSource.system(),
            RANDOM,
            Limits.DEFAULT);
    vault = new Vault(Vocabulary.load(DATABASE.database()), IDS);
    key = keyStore.subjectKeys().newKey(subject, 1).key();
    for (SubjectId known : List.of(subject, other)) {
      DATABASE
          .database()
          .change(
              tx -> {
                audit.open(tx, known);
                return known;
              });
    }
  }

  @AfterEach
  void close() {
    key.close();
    audit.close();
    keyStore.close();
  }

  @Test
  void whatWasStoredOpensWithTheReceiptOfItsEntry() {
    List<Vault.Candidate> stored = stored();
    List<Opened> opened = vault.open(reading(), logged(subject, NOW), key, stored);
    assertThat(opened).hasSize(1);
    assertThat(opened.getFirst().value().json()).isEqualTo("Wei");
  }

  @Test
  void nothingOpensBeforeItsEntryIsDurable() {
    List<Vault.Candidate> stored = stored();
    List<Receipt> given = new ArrayList<>();
    Receipt receipt =
        DATABASE
            .database()
            .change(
                tx -> {
                  Receipt pending = audit.append(tx, draft(subject, NOW));
                  given.add(pending);
                  refused("not durable", () -> vault.open(reading(), pending, key, stored));
                  return pending;
                });
    assertThat(given).containsExactly(receipt);
    assertThat(vault.open(reading(), receipt, key, stored)).hasSize(1);
  }

  @Test
  void nothingOpensWithTheReceiptOfAnotherDecision() {
    List<Vault.Candidate> stored = stored();
    for (Receipt receipt :
        List.of(
            logged(subject, NOW.plusNanos(1_000)),
            logged(other, NOW),
            audit.record(Draft.aboutNobody(facts(NOW))))) {
      refused("another decision", () -> vault.open(reading(), receipt, key, stored));
    }
  }

  @Test
  void aPermitToStoreOpensNothing() {
    List<Vault.Candidate> stored = stored();
    refused("another act", () -> vault.open(collecting(), logged(subject, NOW), key, stored));
  }

  @Test
  void aPermitToReadStoresNothing() {
    refused("another act", () -> store(reading()));
    assertThat(rows()).isZero();
    store(collecting());
    assertThat(rows()).isEqualTo(1);
  }

  @Test
  void aPermitIsUsedUpByARefusal() {
    List<Vault.Candidate> stored = stored();
    Permit permit = reading();
    refused("another decision", () -> vault.open(permit, logged(other, NOW), key, stored));
    refused("used before", () -> vault.open(permit, logged(subject, NOW), key, stored));
  }

  private static void refused(String words, Runnable work) {
    assertThatThrownBy(work::run)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(words);
  }

  // ------------------------------------------------------------------------------------ decisions

  private Permit reading() {
    return (Permit)
        policies.decide(
            Question.read(asker(), "customer-service", MEETING.value(), List.of(NAME)), state());
  }

  private Permit collecting() {
    return (Permit)
        policies.decide(
            Question.collect(asker(), MEETING.value(), "person", Set.of(), List.of(NAME)), state());
  }

  private static Asker asker() {
    return new Asker(
        new ActorId("backend"),
        Asker.Kind.SERVICE,
        Set.of(new RoleId("product-backend")),
        Set.of(MEETING),
        Set.of(),
        Asker.Capacity.ROLE,
        Asker.Assurance.SIGNED_IN,
        Asker.Reviews.IN_TIME);
  }

  private SubjectState state() {
    return new SubjectState(
        subject,
        1,
        NOW,
        SubjectState.Status.ACTIVE,
        List.of(new Membership(MEETING, null, LocalDate.of(2026, 4, 23))),
        Optional.of(TestPledge.EMEET),
        SubjectState.Age.ADULT,
        List.of(),
        Set.of());
  }

  // --------------------------------------------------------------------------------------- values

  private List<Vault.Candidate> stored() {
    store(collecting());
    byte[] sealed =
        DATABASE
            .database()
            .read(
                handle ->
                    handle
                        .createQuery("select sealed from datum where subject_id = :subject")
                        .bind("subject", subject.value())
                        .mapTo(byte[].class)
                        .one());
    Sealed place =
        new Sealed(
            subject,
            FieldId.of(NAME),
            null,
            0,
            1,
            MEETING,
            new SourceId("person"),
            NOW,
            null,
            null,
            sealed);
    return List.of(new Vault.Candidate(0, FieldType.NAME, place));
  }

  private void store(Permit permit) {
    Reading read = Shape.of(FieldType.NAME).read("Wei", LocalDate.of(2026, 4, 23));
    Value value = ((Reading.Good) read).value();
    DATABASE
        .database()
        .change(
            tx -> {
              vault.store(tx, permit, key, List.of(new Storing(0, value, 0, null)), field -> true);
              return true;
            });
  }

  private long rows() {
    return DATABASE
        .database()
        .read(
            handle ->
                handle
                    .createQuery("select count(*) from datum where subject_id = :subject")
                    .bind("subject", subject.value())
                    .mapTo(Long.class)
                    .one());
  }

  // -------------------------------------------------------------------------------------- the log

  private Receipt logged(SubjectId about, Instant at) {
    return audit.record(draft(about, at));
  }

  private static Draft draft(SubjectId about, Instant at) {
    return Draft.about(about, MARKLESS, facts(at), Detail.NONE);
  }

  private static Facts facts(Instant at) {
    return Facts.of(Kind.READ, at, Outcome.PERMITTED, Caller.of(Caller.SERVICE, "crm")).build();
  }

  private static final SubjectSeal MARKLESS =
      new SubjectSeal() {
        @Override
        public byte[] mark(byte[] nonce) {
          return new byte[32];
        }

        @Override
        public byte[] seal(UUID entry, byte[] detail) {
          throw new AssertionError("there is no detail");
        }

        @Override
        public long historyPlace(long order) {
          return order;
        }

        @Override
        public byte[] sealLine(long place, byte[] line) {
          return line;
        }

        @Override
        public byte[] openLine(long place, byte[] sealed) {
          return sealed;
        }
      };
}
