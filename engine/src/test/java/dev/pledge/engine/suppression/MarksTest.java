package dev.pledge.engine.suppression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.keys.BlindIndex.Term;
import dev.pledge.engine.keys.FileRootKey;
import dev.pledge.engine.keys.KeyStore;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.FieldType;
import dev.pledge.policy.names.ProductId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Marks in a database: left, found, removed, and missed. */
@Clause({"II.I.5", "V.2"})
class MarksTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.fresh();

  private static final Instant NOW = Instant.parse("2026-04-23T10:15:30.123456Z");
  private static final LocalDate DAY = LocalDate.of(2026, 4, 23);
  private static final Objection PROMOTION =
      new Objection("promotion", null, "email", Coverage.ALL);
  private static final Objection PROFILING =
      new Objection("recommendation", "meeting", null, Coverage.ORDINARY);

  private static final SecureRandom RANDOM = new SecureRandom();

  @TempDir private Path home;

  private KeyStore keyStore;
  private Marks marks;

  @BeforeEach
  void build() throws Exception {
    Path data = Files.createDirectory(home.resolve("data"));
    FileRootKey root = FileRootKey.create(home.resolve("root"), data, RANDOM);
    keyStore = KeyStore.create(home.resolve("keys"), data, root, InstantSource.fixed(NOW), RANDOM);
    marks = new Marks(keyStore.suppressionKeys());
    owner("delete from suppression_mark");
    owner("delete from suppression_tally");
  }

  @AfterEach
  void close() {
    keyStore.close();
  }

  @Test
  void aMarkIsFoundByItsAliasAndByNoOther() throws SQLException {
    leave(email("wei@example.com"), PROMOTION, PROFILING);
    assertThat(on(email("wei@example.com"))).containsExactlyInAnyOrder(PROMOTION, PROFILING);
    assertThat(on(email("lee@example.com"))).isEmpty();
    assertThat(on(Term.of(FieldType.PHONE, 1, "wei@example.com"))).isEmpty();
    Term number = Term.ofExternalId(new ProductId("meeting"), 1, "7");
    leave(number, PROMOTION);
    assertThat(on(number)).containsExactly(PROMOTION);
    assertThat(on(Term.ofExternalId(new ProductId("calendar"), 1, "7"))).isEmpty();
  }

  @Test
  void aMarkOutlastsEpochsAndVersionsOfTheNormaliser() throws SQLException {
    leave(email("wei@example.com"), PROMOTION);
    var _ = keyStore.beginEpoch(NOW);
    keyStore.destroyEpoch(1);
    assertThat(on(email("wei@example.com"))).containsExactly(PROMOTION);
    assertThat(on(Term.of(FieldType.EMAIL, 2, "wei@example.com"))).containsExactly(PROMOTION);
  }

  @Test
  void marksGoByPurposeOrAltogetherAndTheTalliesFollow() throws SQLException {
    Term wei = email("wei@example.com");
    for (int person = 0; person < 40; person++) {
      leave(email("person" + person + "@example.com"), PROMOTION);
    }
    leave(wei, PROMOTION, PROFILING);
    leave(wei, PROMOTION, PROFILING);
    remove(wei, "promotion");
    assertThat(on(wei)).containsExactly(PROFILING);
    assertThat(check()).isEmpty();
    remove(wei, null);
    assertThat(on(wei)).isEmpty();
    assertThat(check()).isEmpty();
  }

  @Test
  void marksOfPurposesThatAreNoneAnyMoreGo() throws SQLException {
    leave(email("wei@example.com"), PROMOTION, PROFILING);
    int gone = DATABASE.database().change(tx -> marks.removeOthers(tx, Set.of("recommendation")));
    assertThat(gone).isEqualTo(1);
    assertThat(on(email("wei@example.com"))).containsExactly(PROFILING);
    assertThat(check()).isEmpty();
  }

  @Test
  @Clause("IV.4")
  void whatIsAlteredTakenAwayOrPutBackIsMissed() {
    for (int person = 0; person < 20; person++) {
      leave(email("person" + person + "@example.com"), PROMOTION);
    }
    assertThat(check()).isEmpty();
    owner("create table old_tally as select * from suppression_tally");
    owner("create table old_mark as select * from suppression_mark");
    owner("update suppression_mark set day = day - 1");
    assertThat(check()).hasSize(20).allMatch(place -> place.startsWith("suppression_mark "));
    owner("delete from suppression_mark");
    assertThat(check()).isNotEmpty().allMatch(place -> place.startsWith("suppression_tally "));
    owner("update suppression_tally set marks = 0, sum = decode(repeat('00', 32), 'hex')");
    assertThat(check()).isNotEmpty();
    owner("delete from suppression_tally");
    owner("insert into suppression_mark select * from old_mark");
    assertThat(check()).as("no tally tells of them").isNotEmpty();
    owner("insert into suppression_tally select * from old_tally");
    assertThat(check()).isEmpty();
    leave(email("wei@example.com"), PROMOTION);
    owner("delete from suppression_mark");
    owner("insert into suppression_mark select * from old_mark");
    assertThat(check()).as("rows of before under tallies of now").hasSize(1);
    owner("drop table old_mark, old_tally");
  }

  private static Term email(String address) {
    return Term.of(FieldType.EMAIL, 1, address);
  }

  private void leave(Term alias, Objection... objections) {
    DATABASE
        .database()
        .change(
            tx -> {
              marks.leave(tx, List.of(alias), List.of(objections), DAY);
              return alias;
            });
  }

  private void remove(Term alias, @Nullable String purpose) {
    DATABASE
        .database()
        .change(
            tx -> {
              marks.remove(tx, List.of(alias), purpose);
              return alias;
            });
  }

  private Set<Objection> on(Term alias) throws SQLException {
    return DATABASE.database().change(tx -> marks.on(tx.handle(), List.of(alias)));
  }

  private List<String> check() {
    List<String> found = new ArrayList<>();
    return DATABASE
        .database()
        .read(
            handle -> {
              marks.check(handle, found::add, found::add);
              return found;
            });
  }

  private static void owner(String sql) {
    Database.over(DATABASE.owner()).read(handle -> handle.execute(sql));
  }
}
