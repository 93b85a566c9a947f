package dev.pledge.engine.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.TestPledge;
import dev.pledge.engine.gate.InventoryRequest.Aim;
import dev.pledge.log.Kind;
import dev.pledge.log.Outcome;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.Reason;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.SubjectId;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What people are shown of what is held of them. */
@Clause("V.1")
class InventoryTest {
  @RegisterExtension static final TestPledge PLEDGE = TestPledge.open();

  private static final FieldId FAULT = FieldId.of("log.fault");
  private final Scene scene = new Scene(PLEDGE);

  private record Seen(Inventory.Open open, List<Inventory.Item> items, @Nullable String next) {}

  private Inventory look(SubjectId person, Asker.Assurance assurance, Aim aim) {
    return PLEDGE.pledge().inventory(request(assurance, aim), person, found -> found);
  }

  private InventoryRequest request(Asker.Assurance assurance, Aim aim) {
    return new InventoryRequest(scene.backend, Asker.Capacity.SUBJECT, assurance, aim);
  }

  private Seen seen(SubjectId person, Asker.Assurance assurance, Aim aim) {
    return PLEDGE
        .pledge()
        .inventory(
            request(assurance, aim),
            person,
            found -> {
              Inventory.Open open = (Inventory.Open) found;
              List<Inventory.Item> items = new ArrayList<>();
              open.values(items::add);
              return new Seen(open, items, open.next().orElse(null));
            });
  }

  private void faults(SubjectId person, int count) {
    List<Map<String, Object>> lines =
        IntStream.range(0, count)
            .mapToObj(
                n ->
                    Map.<String, Object>of(
                        "observedAt",
                        Instant.parse("2026-01-31T23:59:58Z").plusSeconds(n).toString(),
                        "value",
                        Map.of("event", "open", "attributes", Map.of())))
            .toList();
    scene.collect(
        scene.backend, person, Scene.from("meeting", "product-use", Map.of("log.fault", lines)));
  }

  @Test
  void everythingIsShownMaskedAndInClearAfterSteppingUp() {
    SubjectId person = scene.adult();
    scene.collect(person, Map.of("identity.name", "Jürgen Müller"));
    List<Inventory.Item> masked = seen(person, Asker.Assurance.SIGNED_IN, new Aim.Overview()).items;
    assertThat(masked)
        .extracting(item -> item.field().toString())
        .contains("identity.name", "contact.email");
    assertThat(masked).extracting(Inventory.Item::json).doesNotContain("Jürgen Müller");
    List<Inventory.Item> clear = seen(person, Asker.Assurance.STEPPED_UP, new Aim.Overview()).items;
    assertThat(clear).extracting(Inventory.Item::json).contains("Jürgen Müller");
    assertThat(clear.getFirst().source().value()).isEqualTo("person");
    assertThat(clear.getFirst().policy()).isEqualTo(TestPledge.EMEET);
  }

  @Test
  void eachLookIsOneEntryThatSaysHowMuchWasSeen() {
    SubjectId person = scene.adult();
    scene.collect(person, Map.of("identity.name", "Ada"));
    faults(person, 3);
    int before = scene.history(person).size();
    Seen export = seen(person, Asker.Assurance.STEPPED_UP, new Aim.Export());
    assertThat(export.items).hasSize(5);
    assertThat(scene.history(person)).hasSize(before + 2); // and the looks at the history
    dev.pledge.log.Facts facts = scene.last(person);
    assertThat(facts.kind()).isEqualTo(Kind.EXPORT);
    assertThat(facts.outcome()).isEqualTo(Outcome.PERMITTED);
    assertThat(facts.verdicts().toString()).contains("log.fault").contains("count=3");
    assertThat(export.open.receipt().isDurable()).isTrue();
  }

  @Test
  void aSeriesIsShownByTheMonthAndPaged() {
    SubjectId person = scene.adult();
    faults(person, 5); // two in January, three in February
    Seen overview = seen(person, Asker.Assurance.STEPPED_UP, new Aim.Overview());
    assertThat(overview.items).noneMatch(item -> item.field().equals(FAULT));
    assertThat(overview.open.amounts())
        .filteredOn(amount -> amount.field().equals(FAULT))
        .extracting(amount -> amount.month().orElseThrow() + " " + amount.count())
        .containsExactly("2026-01 2", "2026-02 3");
    List<Inventory.Item> paged = new ArrayList<>();
    String cursor = null;
    do {
      Seen page =
          seen(
              person,
              Asker.Assurance.STEPPED_UP,
              new Aim.Month(FAULT, YearMonth.of(2026, 2), cursor, 2));
      paged.addAll(page.items);
      cursor = page.next;
    } while (cursor != null);
    assertThat(paged)
        .extracting(item -> String.valueOf(item.observedAt()))
        .containsExactly("2026-02-01T00:00:02Z", "2026-02-01T00:00:01Z", "2026-02-01T00:00:00Z");
    assertThatThrownBy(
            () ->
                seen(
                    person,
                    Asker.Assurance.STEPPED_UP,
                    new Aim.Month(FAULT, YearMonth.of(2026, 2), "x", 2)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void oneSnapshotStaysAsItWas() {
    SubjectId person = scene.adult();
    scene.collect(person, Map.of("identity.name", "Before"));
    List<Object> names =
        PLEDGE
            .pledge()
            .inventory(
                request(Asker.Assurance.STEPPED_UP, new Aim.Export()),
                person,
                found -> {
                  scene.collect(person, Map.of("identity.name", "After"));
                  List<Object> seen = new ArrayList<>();
                  ((Inventory.Open) found).values(item -> seen.add(item.json()));
                  return seen;
                });
    assertThat(names).contains("Before").doesNotContain("After");
  }

  @Test
  void nothingMoreIsGivenOfWhoIsErasedMeanwhile() {
    SubjectId person = scene.adult();
    assertThatThrownBy(
            () ->
                PLEDGE
                    .pledge()
                    .inventory(
                        request(Asker.Assurance.STEPPED_UP, new Aim.Export()),
                        person,
                        found -> {
                          PLEDGE.change(
                              scene.backend,
                              changes -> changes.erase(person, true, Parting.Marking.LEFT));
                          ((Inventory.Open) found).values(item -> {});
                          return found;
                        }))
        .isInstanceOf(Inventory.ErasedMeanwhile.class);
  }

  @Test
  void whatIsAboutAnotherIsCountedAndNotShown() {
    LocalDate fifteen = LocalDate.now(ZoneOffset.UTC).minusYears(15);
    if (!(scene.register(
            fifteen,
            TestPledge.choice(
                "authentication", SubjectState.Answer.GRANTED, SubjectState.By.GUARDIAN))
        instanceof Registered.Subject(SubjectId person, var _))) {
      throw new AssertionError("the child was not registered");
    }
    assertThat(scene.collect(person, Map.of("guardian.email", "guardian@example.com")).refused())
        .isEmpty();
    Seen export = seen(person, Asker.Assurance.STEPPED_UP, new Aim.Export());
    assertThat(export.items).noneMatch(item -> item.field().toString().startsWith("guardian"));
    assertThat(export.open.amounts())
        .filteredOn(amount -> amount.field().toString().equals("guardian.email"))
        .extracting(Inventory.Amount::opens)
        .containsExactly(false);
  }

  @Test
  void whoIsNobodyAndWhoHasNoMandateGetNothing() {
    assertThat(
            look(
                new SubjectId(java.util.UUID.fromString("0198f1a2-8d20-7b14-a0c2-5be1d07c9f33")),
                Asker.Assurance.STEPPED_UP,
                new Aim.Export()))
        .isInstanceOf(Inventory.Unknown.class);
    Inventory refused =
        PLEDGE
            .pledge()
            .inventory(
                new InventoryRequest(
                    scene.backend,
                    Asker.Capacity.GUARDIAN,
                    Asker.Assurance.STEPPED_UP,
                    new Aim.Export()),
                scene.adult(),
                found -> found);
    assertThat(refused)
        .isInstanceOfSatisfying(
            Inventory.Refused.class, no -> assertThat(no.reason()).isEqualTo(Reason.NO_MANDATE));
  }
}
