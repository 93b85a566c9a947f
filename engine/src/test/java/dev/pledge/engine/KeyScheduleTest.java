package dev.pledge.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.erasure.Erased;
import dev.pledge.engine.gate.Scene;
import dev.pledge.engine.keys.KeySchedule;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.log.ErasureCertificate;
import dev.pledge.log.SignedNote;
import dev.pledge.log.VerifierKey;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** From when on nobody reads old copies of erased people, and that the server keeps to it. */
@Clause({"II.II.3", "V.1"})
class KeyScheduleTest {
  private static final Duration LIFE = Duration.ofDays(90);
  private static final Duration GRACE = Duration.ofDays(30);
  private static final Duration COPIES = Duration.ofDays(7);
  private static final KeySchedule STATED = new KeySchedule(LIFE, GRACE, Optional.of(COPIES));
  private static final String SOON = "statement_timestamp() - interval '1 minute'";
  private static final String LONG_AGO = "statement_timestamp() - interval '2 hours'";

  private TestDatabase data;
  private TestPledge pledge;
  private Scene scene;

  @BeforeEach
  void open() {
    data = TestDatabase.fresh();
    pledge = TestPledge.on(data);
    scene = new Scene(pledge);
  }

  @AfterEach
  void close() {
    pledge.close();
  }

  @Test
  void noDayIsPromisedWithoutASchedule() {
    assertThat(promised()).isEmpty();
  }

  @Test
  void noDayIsPromisedWhereNobodySaysHowOldCopiesOfTheKeysGet() {
    pledge.restart(new KeySchedule(LIFE, GRACE, Optional.empty()));
    assertThat(promised()).isEmpty();
    assertThat(count("select count(*) from epoch_plan")).as("the epoch ends all the same").isOne();
  }

  @Test
  void thePromisedDayIsAfterEverythingThatHasToEnd() {
    pledge.restart(STATED);
    Instant end = Instant.now().plus(LIFE).plus(GRACE).plus(COPIES);
    Instant by = promised().orElseThrow();
    assertThat(by).isBetween(end.plus(Duration.ofDays(1)), end.plus(Duration.ofDays(2)));
    assertThat(by.getEpochSecond() % Duration.ofDays(1).toSeconds()).isZero();
  }

  @Test
  void theServerBeginsTheNextEpochOnItsDate() {
    pledge.restart(STATED);
    pledge.pledge().rotate();
    assertThat(pledge.pledge().livingEpochs()).containsExactly(1);
    Instant before = promised().orElseThrow();
    pledge.ahead(LIFE.plusMinutes(1));
    pledge.pledge().rotate();
    assertThat(pledge.pledge().livingEpochs()).containsExactly(1, 2);
    assertThat(
            count(
                "select count(*) from rotation r join epoch_plan p on p.epoch = r.from_epoch"
                    + " where r.destroy_at <= p.destroy_at"))
        .as("no later than was planned")
        .isOne();
    // The database's clock, by which the older epoch ends, is where it was.
    pledge.ahead(Duration.ZERO);
    assertThat(promised().orElseThrow()).as("of the next epoch").isAfter(before);
  }

  @Test
  void nobodyPutsOffAnEndThatWasPromised() {
    pledge.restart(STATED);
    owner("update epoch_plan set destroy_at = statement_timestamp() + interval '40 days'");
    assertThat(pledge.pledge().rotateKeys(1_000, Duration.ofDays(400))).isTrue();
    assertThat(
            count(
                "select count(*) from rotation r join epoch_plan p on p.epoch = r.from_epoch"
                    + " where r.destroy_at = p.destroy_at"))
        .isOne();
    pledge.restart(new KeySchedule(LIFE.multipliedBy(4), GRACE, Optional.of(COPIES)));
    assertThat(
            count(
                "select count(*) from epoch_plan where epoch = 1"
                    + " and destroy_at < statement_timestamp() + interval '41 days'"))
        .as("nor does a longer schedule")
        .isOne();
  }

  @Test
  void whileAChangeIsLateNoDayIsPromisedAndEverybodyIsTold() {
    pledge.restart(STATED);
    assertThat(promised()).isPresent();
    pledge.pledge().rotateKeys(1_000_000, GRACE);
    pledge.pledge().rotate();
    owner("update epoch_plan set destroy_at = " + SOON + " where epoch = 1");
    pledge.pledge().rotate();
    assertThat(pledge.pledge().lateKeyChanges()).as("a little is in time").isEmpty();
    owner("update epoch_plan set destroy_at = " + LONG_AGO + " where epoch = 1");
    pledge.pledge().rotate();
    assertThat(pledge.pledge().lateKeyChanges())
        .singleElement()
        .asString()
        .startsWith("the keys of epoch 1 were to be destroyed at ");
    assertThat(promised()).isEmpty();
    pledge.pledge().close();
    assertThat(DoctorDesk.examine(pledge.configuration(), false, _ -> {}))
        .filteredOn(symptom -> symptom.check().equals("key-change-is-late"))
        .singleElement()
        .satisfies(symptom -> assertThat(symptom.harmless()).isFalse());
  }

  @Test
  void anEpochFromBeforeTheScheduleThatDoesNotEndKeepsAnyDayFromBeingPromised() {
    // The answer that is kept for a day keeps the keys, too.
    scene.adult();
    pledge.pledge().rotateKeys(1_000_000, GRACE);
    pledge.pledge().rotate();
    pledge.restart(STATED);
    assertThat(promised()).isPresent();
    owner("update rotation set destroy_at = " + LONG_AGO);
    assertThat(promised()).isEmpty();
  }

  @Test
  void aScheduleWhoseChangesWouldOverlapIsRefused() {
    assertThatThrownBy(() -> new KeySchedule(GRACE, GRACE, Optional.of(COPIES)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a day longer");
    assertThatThrownBy(() -> new KeySchedule(LIFE, Duration.ofHours(24), Optional.of(COPIES)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("25 hours");
  }

  private Optional<Instant> promised() {
    SubjectId person = scene.adult();
    Erased.Certificate given =
        (Erased.Certificate) pledge.<Erased>change(scene.backend, changes -> changes.erase(person));
    List<VerifierKey> keys = pledge.pledge().log().verifierKeys();
    ErasureCertificate certificate =
        ErasureCertificate.read(
            SignedNote.open(given.signed().getBytes(StandardCharsets.UTF_8), keys)
                .requireSignedBy(keys)
                .text());
    assertThat(certificate.irrecoverableBy()).isEqualTo(given.irrecoverableBy());
    return given.irrecoverableBy();
  }

  private long count(String sql) {
    return Database.over(data.owner())
        .read(handle -> handle.createQuery(sql).mapTo(Long.class).one());
  }

  private void owner(String sql) {
    Database.over(data.owner()).read(handle -> handle.execute(sql));
  }
}
