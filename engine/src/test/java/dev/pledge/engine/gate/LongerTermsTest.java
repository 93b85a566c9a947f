package dev.pledge.engine.gate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.TestPledge;
import dev.pledge.engine.consent.Evidence;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.log.Kind;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.SubjectId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A version that keeps access logs for five years comes into force in a hundred days. */
@Clause({"II.II.3", "IV.1"})
class LongerTermsTest {
  private static final TestDatabase DATABASE = TestDatabase.fresh();
  private static final ShiftedClock CLOCK = ShiftedClock.of(DATABASE);
  private static final LocalDate FROM =
      LocalDate.ofInstant(TestPledge.now(), ZoneOffset.UTC).plusDays(100);
  private static final PolicyVersion LONGER = PolicyVersion.of("emeet@" + FROM);
  private static final Duration DAY = Duration.ofDays(1);

  @RegisterExtension static final TestPledge PLEDGE = CLOCK.pledge(versions());

  private final Scene scene = new Scene(PLEDGE);

  private static Path versions() {
    try {
      Path both = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "versions-");
      Files.move(TestPledge.reworded(), both.resolve("a"));
      Files.move(
          TestPledge.reworded(
              "{ of: [log.access], keep: P6M",
              "{ of: [log.access], keep: P5Y",
              "2020-04-23",
              FROM.toString()),
          both.resolve("b"));
      return both;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterEach
  void backToNow() {
    CLOCK.shift(Duration.ZERO);
  }

  @Test
  void doNotCountForWhoDidNotAcceptThem() {
    SubjectId person = withLine();
    CLOCK.shift(DAY.multipliedBy(170));
    var _ = PLEDGE.pledge().sweep();
    assertThat(lines(person)).isEqualTo(1);
    CLOCK.shift(DAY.multipliedBy(190));
    var _ = PLEDGE.pledge().sweep();
    assertThat(lines(person)).isZero();
  }

  @Test
  void countForWhoAcceptsThemInTime() {
    SubjectId person = withLine();
    CLOCK.shift(DAY.multipliedBy(120));
    accept(person, DAY.multipliedBy(120));
    CLOCK.shift(DAY.multipliedBy(190));
    var _ = PLEDGE.pledge().sweep();
    assertThat(lines(person)).isEqualTo(1);
  }

  @Test
  void bringNothingBackForWhoAcceptsThemLate() {
    SubjectId person = withLine();
    CLOCK.shift(DAY.multipliedBy(190));
    accept(person, DAY.multipliedBy(190));
    assertThat(lines(person)).isZero();
    assertThat(scene.history(person))
        .anySatisfy(
            line -> assertThat(line.recorded().entry().facts().kind()).isEqualTo(Kind.EXPIRE));
  }

  private void accept(SubjectId person, Duration later) {
    Evidence evidence =
        new Evidence("checked-box", LONGER.toString(), "en", TestPledge.now().plus(later), null);
    assertThat(
            PLEDGE.<Outcome>change(
                scene.backend, changes -> changes.accept(person, new Acceptance(LONGER, evidence))))
        .isInstanceOf(Outcome.Done.class);
  }

  private SubjectId withLine() {
    SubjectId person = scene.adult();
    var _ =
        scene.collect(
            scene.backend,
            person,
            Scene.from(
                "meeting",
                "product-use",
                Map.of(
                    "log.access",
                    List.of(
                        Map.of(
                            "observedAt",
                            "2026-01-01T00:00:00Z",
                            "value",
                            Map.of("event", "open", "attributes", Map.of()))))));
    assertThat(lines(person)).isEqualTo(1);
    return person;
  }

  private static long lines(SubjectId person) {
    return Database.over(DATABASE.owner())
        .read(
            handle ->
                handle
                    .createQuery("select count(*) from observation where subject_id = :person")
                    .bind("person", person.value())
                    .mapTo(Long.class)
                    .one());
  }
}
