package dev.pledge.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.erasure.Erased;
import dev.pledge.engine.gate.ReadRequest;
import dev.pledge.engine.gate.Scene;
import dev.pledge.engine.store.Database;
import dev.pledge.log.Entry;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What leads from a person to entries, and what does not. */
@Clause({"V.1", "IV.2"})
class SealedHistoryTest {
  @RegisterExtension static final TestPledge PLEDGE = TestPledge.open();

  private final Scene scene = new Scene(PLEDGE);
  private final Database owner = Database.over(PLEDGE.database().owner());

  private SubjectId known() {
    SubjectId person = scene.adult();
    var _ = scene.collect(person, Map.of("identity.name", "Zhang Wei"));
    assertThat(
            scene
                .emergency(
                    PLEDGE.caller("rescuer-" + person, Asker.Kind.STAFF, "security-officer"),
                    person)
                .allWithheld())
        .isFalse();
    for (int i = 0; i < 5; i++) {
      var _ =
          PLEDGE
              .pledge()
              .read(
                  ReadRequest.of(
                      scene.backend, "customer-service", "meeting", List.of("contact.email")),
                  person);
    }
    return person;
  }

  private List<Entry> entries(SubjectId person) {
    return scene.history(person).stream().map(line -> line.recorded().entry()).toList();
  }

  private List<String> tables() {
    return owner.read(
        handle ->
            handle
                .createQuery("select tablename from pg_tables where schemaname = current_schema()")
                .mapTo(String.class)
                .list());
  }

  /** A row that names both would lead from one to the other, also from a dead row or a backup. */
  @Test
  void noRowNamesAPersonAndAnEntryOfTheirs() {
    SubjectId person = known();
    List<UUID> ids = entries(person).stream().map(Entry::id).toList();
    assertThat(ids).hasSizeGreaterThan(6);
    for (String table : tables()) {
      List<String> rows =
          owner.read(
              handle ->
                  handle
                      .createQuery("select t::text from " + table + " t where t::text like :person")
                      .bind("person", "%" + person + "%")
                      .mapTo(String.class)
                      .list());
      assertThat(rows).as(table).noneMatch(row -> ids.stream().anyMatch(id -> names(row, id)));
    }
  }

  private static boolean names(String row, UUID id) {
    String text = id.toString();
    return row.toLowerCase(Locale.ROOT).contains(text) || row.contains(text.replace("-", ""));
  }

  @Test
  void nothingInTheOpenTiesWhatWasEnteredTogether() {
    SubjectId person = known();
    assertThat(person.value().version()).as("an id tells nothing").isEqualTo(4);
    List<Entry> entries = entries(person);
    for (Entry entry : entries) {
      assertThat(isWhole(entry.facts().at())).as("whole seconds").isTrue();
      assertThat((entry.id().getMostSignificantBits() >>> 16) % 1000).isZero();
    }
    List<Instant> entered =
        owner.read(
            handle ->
                handle.createQuery("select entered_at from intake").mapTo(Instant.class).list());
    assertThat(entered).isNotEmpty().allMatch(SealedHistoryTest::isWhole);
  }

  private static boolean isWhole(Instant at) {
    return at.equals(at.truncatedTo(ChronoUnit.SECONDS));
  }

  @Test
  void theLedgerTellsTheDayOfAnErasureAlone() {
    SubjectId person = known();
    Erased erased = PLEDGE.change(scene.backend, changes -> changes.erase(person));
    assertThat(((Erased.Certificate) erased).id().version()).isEqualTo(4);
    assertThat(
            Duration.between(((Erased.Certificate) erased).inaccessibleSince(), TestPledge.now()))
        .as("who erased it is told to the moment")
        .isLessThan(Duration.ofMinutes(1));
  }

  /** As a version before this one left it. */
  @Test
  void whatWasWrittenInTheOpenIsSealedAtTheStart() {
    SubjectId person = known();
    Set<UUID> before = entries(person).stream().map(Entry::id).collect(Collectors.toSet());
    owner.read(
        handle -> {
          int lines =
              handle
                  .createUpdate(
                      """
                      insert into access (subject_id, id, intake_key)
                      select :person, id, intake_key from intake where id = any(:ids)
                      """)
                  .bind("person", person.value())
                  .bind("ids", before.toArray(UUID[]::new))
                  .execute();
          assertThat(lines).isEqualTo(before.size());
          return handle
              .createUpdate("delete from history_line where subject_id = :person")
              .bind("person", person.value())
              .execute();
        });
    PLEDGE.restart();
    assertThat(
            owner.<Long>read(
                handle ->
                    handle.createQuery("select count(*) from access").mapTo(Long.class).one()))
        .isZero();
    assertThat(entries(person).stream().map(Entry::id).toList()).containsAll(before);
  }
}
