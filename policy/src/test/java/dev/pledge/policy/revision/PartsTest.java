package dev.pledge.policy.revision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.decision.Duties;
import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.decision.Policy.Retention;
import dev.pledge.policy.decision.Sharing.Company;
import dev.pledge.policy.decision.Sharing.How;
import dev.pledge.policy.decision.Sharing.Link;
import dev.pledge.policy.decision.Term;
import dev.pledge.policy.names.CompanyId;
import dev.pledge.policy.names.ConditionId;
import dev.pledge.policy.names.ProductId;
import java.lang.reflect.RecordComponent;
import java.time.LocalDate;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Nothing that a policy can say changes unnoticed. */
class PartsTest {
  /** Names, and lists that are parts of their own. */
  private static final Set<String> ELSEWHERE =
      Set.of(
          "id",
          "version",
          "effective",
          "controller",
          "categories",
          "fields of Category",
          "purposes of Policy",
          "roles",
          "sources",
          "sharing",
          "retention",
          "minors",
          "duties",
          "own",
          "companies",
          "recipients");

  static Stream<Part<?>> parts() {
    return Stream.of(
        Parts.POLICY,
        Parts.CONTROLLER,
        Parts.CATEGORY,
        Parts.FIELD,
        Parts.PURPOSE,
        Parts.ROLE,
        Parts.SOURCE,
        Parts.SHARING,
        Parts.COMPANY,
        Parts.RECIPIENT,
        Parts.MINORS,
        Parts.INCIDENTS,
        Parts.REQUESTS,
        Parts.REVISION,
        Parts.LEAVING);
  }

  @ParameterizedTest
  @MethodSource("parts")
  void everyComponentIsCompared(Part<?> part) {
    List<String> components = new ArrayList<>();
    for (RecordComponent component : part.type().getRecordComponents()) {
      String name = component.getName();
      if (!ELSEWHERE.contains(name)
          && !ELSEWHERE.contains(name + " of " + part.type().getSimpleName())) {
        components.add(name);
      }
    }
    assertThat(part.aspects())
        .extracting(Aspect::component)
        .containsExactlyInAnyOrderElementsOf(components);
  }

  @Test
  void theListsOfPartsAreAllThereAre() {
    assertThat(names(Retention.class)).containsExactlyInAnyOrder("of", "keep", "from", "minimum");
    assertThat(names(Duties.class))
        .containsExactlyInAnyOrder("incidents", "requests", "revision", "leaving");
    assertThat(ELSEWHERE).containsAll(Set.of("categories", "roles", "sources"));
    assertThat(names(Policy.class)).contains("categories", "roles", "sources", "sharing");
  }

  @Test
  void aCompanyLessAboveOneNarrowsAndADelayMoreDoesNot() {
    Link link =
        new Link(new CompanyId("holding"), How.CONTROL, LocalDate.of(2020, 1, 1), Optional.empty());
    Company held = new Company(new CompanyId("clouds"), "Clouds", List.of(link));
    Company free = new Company(new CompanyId("clouds"), "Clouds", List.of());
    assertThat(weight(Parts.COMPANY, held, free)).isEqualTo(Weight.NARROWING);
    assertThat(weight(Parts.COMPANY, free, held)).isEqualTo(Weight.MATERIAL);
    assertThat(weight(Parts.REQUESTS, extending("P60D"), extending("P30D")))
        .isEqualTo(Weight.NARROWING);
    assertThat(weight(Parts.REQUESTS, extending("P30D"), extending("P60D")))
        .isEqualTo(Weight.MATERIAL);
    assertThat(weight(Parts.REQUESTS, extending("P30D"), extending("20 working days")))
        .isEqualTo(Weight.MATERIAL);
    assertThat(weight(Parts.REQUESTS, extending("P30D"), extending("")))
        .isEqualTo(Weight.NARROWING);
    assertThat(weight(Parts.REQUESTS, extending(""), extending("P30D"))).isEqualTo(Weight.MATERIAL);
  }

  @Test
  void whoMayTakeAnErasureBackForLongerIsKeptLonger() {
    assertThat(weight(Parts.LEAVING, leaving("P14D"), leaving("P7D"))).isEqualTo(Weight.NARROWING);
    assertThat(weight(Parts.LEAVING, leaving("P7D"), leaving("P14D"))).isEqualTo(Weight.MATERIAL);
    assertThat(weight(Parts.LEAVING, leaving(""), leaving("P1D"))).isEqualTo(Weight.MATERIAL);
    assertThat(weight(Parts.LEAVING, leaving("P1D"), leaving(""))).isEqualTo(Weight.NARROWING);
  }

  @Test
  void aConditionMoreMakesLeavingHarder() {
    assertThat(weight(Parts.LEAVING, leaving(""), leaving("", "paid"))).isEqualTo(Weight.MATERIAL);
    assertThat(weight(Parts.LEAVING, leaving("", "paid"), leaving(""))).isEqualTo(Weight.NARROWING);
    assertThat(weight(Parts.LEAVING, leaving("", "paid"), leaving("", "ended")))
        .isEqualTo(Weight.MATERIAL);
  }

  private static Duties.Leaving leaving(String recovery, String... conditions) {
    return new Duties.Leaving(
        recovery.isEmpty() ? Optional.empty() : Optional.of(Period.parse(recovery)),
        conditions.length == 0
            ? Map.of()
            : Map.of(
                new ProductId("shop"),
                Stream.of(conditions).map(ConditionId::new).collect(Collectors.toSet())));
  }

  private static Duties.Requests extending(String by) {
    return new Duties.Requests(
        Optional.empty(),
        Term.of("P30D"),
        Term.of(by),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static <T> Weight weight(Part<T> part, T before, T after) {
    List<Change> changes = part.changes("part", before, after);
    assertThat(changes).hasSize(1);
    return changes.getFirst().weight();
  }

  private static Set<String> names(Class<?> type) {
    Set<String> names = new TreeSet<>();
    for (RecordComponent component : type.getRecordComponents()) {
      names.add(component.getName());
    }
    return names;
  }
}
