package dev.pledge.engine.gate;

import static dev.pledge.engine.gate.Scene.fate;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.TestPledge;
import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.store.Database;
import dev.pledge.log.Outcome;
import dev.pledge.log.Verdict;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class CollectingTest {
  @RegisterExtension static final TestPledge PLEDGE = TestPledge.open();

  private final Scene scene = new Scene(PLEDGE);

  @Test
  @Clause({"I.1", "I.5", "IV.4"})
  void eachFieldIsStoredOrRefusedByItself() {
    SubjectId person = scene.adult();
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("identity.name", "李雷");
    values.put("contact.phone", "+86 138 0013 8000 x");
    values.put("device.resolution", "1920x1080");
    values.put("shoe.size", 43);
    values.put("not a name: 13800138000", "x");
    values.put("identity.biometric", "AAAA");
    values.put("device.language", null);
    Collected.Answer answer = scene.collect(person, values);
    assertThat(fate(answer, "identity.name")).isEqualTo("stored");
    assertThat(fate(answer, "device.resolution")).isEqualTo("stored");
    assertThat(fate(answer, "contact.phone")).isEqualTo("phone");
    assertThat(fate(answer, "shoe.size")).isEqualTo("unknown-field");
    assertThat(fate(answer, "identity.biometric")).isEqualTo("consent-missing");
    assertThat(fate(answer, "device.language")).isEqualTo("missing");
    assertThat(answer.refused().stream().filter(refused -> refused.field() == null)).hasSize(1);
    assertThat(answer.refused().stream().filter(refused -> refused.field() == null))
        .allSatisfy(refused -> assertThat(String.valueOf(refused.clause())).contains("I.5"));
    var facts = scene.last(person);
    assertThat(facts.outcome()).isEqualTo(Outcome.PARTLY);
    assertThat(facts.unknownNames()).isEqualTo(2);
    assertThat(facts.verdicts().stream().filter(Verdict.Granted.class::isInstance))
        .extracting(Verdict::field)
        .containsExactly("device.resolution", "identity.name");
  }

  @Test
  @Clause({"I.1", "II.II.6"})
  void sensitiveDataWaitsForAConsentOfItsOwn() {
    SubjectId person = scene.adult();
    Map<String, Object> id = Map.of("identity.id-number", "11010519491231002X");
    assertThat(fate(scene.collect(person, id), "identity.id-number")).isEqualTo("consent-missing");
    scene.grant(person, "identity-check");
    assertThat(fate(scene.collect(person, id), "identity.id-number"))
        .isEqualTo("sensitive-consent-missing");
    scene.grantSensitive(person, "identity-check");
    assertThat(fate(scene.collect(person, id), "identity.id-number")).isEqualTo("stored");
    assertThat(scene.clear(person, "identity-check", "identity.id-number"))
        .isEqualTo("11010519491231002X");
  }

  @Test
  @Clause("I.2")
  void deviceDataIsStoredForPurposesThatNameIt() {
    SubjectId person = scene.adult();
    Collected.Answer answer = scene.collect(person, Map.of("device.id", "abc-123-x"));
    assertThat(answer.stored().getFirst().purpose()).isEqualTo("certification");
    assertThat(scene.refusal(scene.backend, person, "settings", "device.id"))
        .isEqualTo("not-listed");
    assertThat(scene.clear(person, "upgrade", "device.id")).isEqualTo("abc-123-x");
  }

  @Test
  @Clause("I.3")
  void locationIsStoredOnlyWhileBothConditionsHold() {
    SubjectId person = scene.adult();
    scene.grantSensitive(person, "location-service");
    List<Object> points = List.of(observed("2026-01-01T00:00:00Z", point(39.9)));
    for (Set<String> conditions :
        List.of(
            Set.<String>of(), Set.of("device-location-on"), Set.of("location-service-in-use"))) {
      Collected.Answer refused = collectPoints(person, conditions, points);
      assertThat(fate(refused, "location.position")).isEqualTo("condition-missing");
      assertThat(String.valueOf(refused.refused().getFirst().clause())).contains("I.3");
    }
    Set<String> both = Set.of("device-location-on", "location-service-in-use", "13800138000");
    assertThat(fate(collectPoints(person, both, points), "location.position")).isEqualTo("stored");
    var facts = scene.last(person);
    assertThat(facts.conditions())
        .containsExactlyInAnyOrder("device-location-on", "location-service-in-use");
    assertThat(facts.unknownNames()).isEqualTo(1);
  }

  @Test
  @Clause({"I.4", "V.1"})
  void eventSeriesAreReadByWindowsNewestFirst() {
    SubjectId person = scene.adult();
    scene.grant(person, "recommendation");
    List<Object> lines =
        List.of(
            observed("2026-01-03T00:00:00Z", line("third")),
            observed("2026-01-01T00:00:00Z", line("first")),
            observed("2026-01-02T00:00:00.000001Z", line("second")));
    Collected.Answer answer =
        scene.collect(person, Map.of("log.feature-use", lines, "log.access", lines));
    assertThat(answer.stored()).allSatisfy(stored -> assertThat(stored.count()).isEqualTo(3));
    assertThat(events(person, Window.DEFAULT)).containsExactly("third", "second", "first");
    assertThat(events(person, new Window(null, null, 2))).containsExactly("third", "second");
    Instant second = Instant.parse("2026-01-02T00:00:00.000001Z");
    assertThat(events(person, new Window(second, null, 9))).containsExactly("third", "second");
    assertThat(events(person, new Window(null, second, 9))).containsExactly("first");
  }

  @Test
  void aSeriesWithOneBadValueIsRefusedWhole() {
    SubjectId person = scene.adult();
    List<Object> lines =
        List.of(observed("2026-01-03T00:00:00Z", line("good")), observed("yesterday", line("bad")));
    assertThat(fate(scene.collect(person, Map.of("log.access", lines)), "log.access"))
        .isEqualTo("observations");
    Map<String, Object> future =
        Map.of("log.access", List.of(observed("2999-01-01T00:00:00Z", line("early"))));
    assertThat(fate(scene.collect(person, future), "log.access")).isEqualTo("observations");
    assertThat(fate(scene.collect(person, Map.of("log.access", "x")), "log.access"))
        .isEqualTo("observations");
    assertThat(count("observation", person)).isZero();
  }

  @Test
  @Clause("I.0")
  void everyValueCarriesSourceProductTimeAndPolicy() {
    SubjectId person = scene.adult();
    Instant before = InstantSource.system().instant().minusSeconds(60);
    scene.collect(
        scene.backend,
        person,
        Scene.from("calendar", "product-use", Map.of("device.language", "zh-CN")));
    assertThat(
            scene.collect(
                scene.backend,
                person,
                Scene.from("meeting", "product-use", Map.of("device.language", "en"))))
        .isInstanceOf(Collected.Answer.class);
    List<String> rows =
        owner()
            .read(
                handle ->
                    handle
                        .createQuery(
                            """
                            select f.name || ' ' || p.name || ' ' || s.name || ' ' || v.name
                                   || ' ' || (d.collected_at > :before)
                            from datum d
                            join vocabulary f on f.code = d.field
                            join vocabulary p on p.code = d.product
                            join vocabulary s on s.code = d.source
                            join vocabulary v on v.code = d.policy
                            where d.subject_id = :person and f.name = 'device.language'
                            """)
                        .bind("person", person.value())
                        .bind("before", before)
                        .mapTo(String.class)
                        .list());
    assertThat(rows).containsExactly("device.language meeting product-use emeet@2020-04-23 true");
  }

  @Test
  @Clause("I.0")
  void anUnknownSourceIsRefusedAndNotRepeated() {
    SubjectId person = scene.adult();
    Collected.Answer answer =
        (Collected.Answer)
            scene.collect(
                scene.backend,
                person,
                Scene.from("meeting", "data-broker", Map.of("identity.name", "Wei")));
    assertThat(fate(answer, "identity.name")).isEqualTo("unknown-source");
    var facts = scene.last(person);
    assertThat(facts.source()).isEmpty();
    assertThat(facts.unknownNames()).isEqualTo(1);
    assertThat(facts.outcome()).isEqualTo(Outcome.REFUSED);
  }

  @Test
  @Clause({"IV.3", "IV.4"})
  void whatTheRoleDoesNotCollectIsRefused() {
    SubjectId person = scene.adult();
    Caller support = scene.staff("support-c", "support-agent");
    Collected.Answer answer =
        (Collected.Answer)
            scene.collect(
                support,
                person,
                Scene.from(
                    "meeting",
                    "person",
                    new TreeMap<>(Map.of("identity.name", "Wei", "device.language", "en"))));
    assertThat(fate(answer, "identity.name")).isEqualTo("stored");
    assertThat(fate(answer, "device.language")).isEqualTo("no-role");
  }

  @Test
  @Clause("V.1")
  void aCorrectionReplacesTheValue() {
    SubjectId person = scene.adult();
    scene.collect(person, Map.of("identity.name", "Wie Zhang"));
    PLEDGE.<Collected>change(
        scene.backend,
        changes ->
            changes.correct(
                person, Scene.from("meeting", "person", Map.of("identity.name", "Wei Zhang"))));
    assertThat(scene.clear(person, "customer-service", "identity.name")).isEqualTo("Wei Zhang");
    assertThat(count("datum", person)).isEqualTo(2);
    assertThat(scene.last(person).kind().name()).isEqualTo("read");
  }

  @Test
  void aCollectionWhoseAliasIsTakenIsLoggedAsRefused() {
    String taken = Scene.address();
    PLEDGE.adult(scene.backend, Map.of("email", taken));
    SubjectId person = scene.adult();
    Map<String, Object> values = new HashMap<>();
    values.put("contact.email", taken);
    values.put("identity.name", "Wei");
    assertThat(scene.collect(scene.backend, person, Scene.from("meeting", "person", values)))
        .isInstanceOf(Collected.AliasTaken.class);
    assertThat(scene.last(person).outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(count("datum", person)).isEqualTo(1);
  }

  private List<Object> events(SubjectId person, Window window) {
    ReadRequest plain =
        ReadRequest.of(scene.backend, "recommendation", "meeting", List.of("log.feature-use"));
    ReadRequest request =
        new ReadRequest(
            plain.caller(),
            plain.capacity(),
            plain.assurance(),
            plain.purpose(),
            plain.product(),
            plain.fields(),
            null,
            null,
            Set.of(),
            null,
            window);
    FieldAnswer.Shown shown = (FieldAnswer.Shown) scene.read(request, person).fields().getFirst();
    assertThat(shown.series()).isTrue();
    assertThat(shown.values())
        .allSatisfy(value -> assertThat(value.observedAt()).isNotNull())
        .allSatisfy(value -> assertThat(value.id()).isNotNull());
    return shown.values().stream()
        .map(value -> ((Map<?, ?>) value.json()).get("event"))
        .map(Object.class::cast)
        .toList();
  }

  private Collected.Answer collectPoints(
      SubjectId person, Set<String> conditions, List<Object> points) {
    return (Collected.Answer)
        scene.collect(
            scene.backend,
            person,
            new Collection(
                "meeting", "product-use", conditions, Map.of("location.position", points)));
  }

  private static Map<String, Object> observed(String at, Object value) {
    return Map.of("observedAt", at, "value", value);
  }

  private static Map<String, Object> point(double latitude) {
    return Map.of("latitude", latitude, "longitude", 116.4);
  }

  private static Map<String, Object> line(String event) {
    return Map.of("event", event, "attributes", Map.of());
  }

  private static Database owner() {
    return Database.over(PLEDGE.database().owner());
  }

  private static long count(String table, SubjectId person) {
    return owner()
        .read(
            handle ->
                handle
                    .createQuery("select count(*) from " + table + " where subject_id = :person")
                    .bind("person", person.value())
                    .mapTo(Long.class)
                    .one());
  }
}
