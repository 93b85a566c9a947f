package dev.pledge.policy.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.decision.ControlGraph.Affiliation;
import dev.pledge.policy.decision.ControlGraph.Circle;
import dev.pledge.policy.decision.ControlGraph.Days;
import dev.pledge.policy.decision.Sharing.Company;
import dev.pledge.policy.decision.Sharing.How;
import dev.pledge.policy.decision.Sharing.Link;
import dev.pledge.policy.names.CompanyId;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who is an affiliate on a day, computed from who stands above whom. */
final class ControlGraphTest {
  private static final LocalDate START = LocalDate.of(2020, 1, 1);
  private static final LocalDate TODAY = LocalDate.of(2026, 11, 22);

  private static final List<Company> GROUP =
      List.of(
          company("controller", control("holding")),
          company("holding", control("trust")),
          company("trust"),
          company("daughter", control("controller")),
          company("granddaughter", control("daughter")),
          company("sister", control("holding")),
          company("niece", control("sister")),
          company("venture", influence("daughter")),
          company("spin-off", control("venture")),
          company("investor-owned", influence("sister")),
          company("controller-of-nobody", influence("controller")),
          company("stranger", control("foreigner")));

  @Test
  void controlRunsUpDownAndDownFromAboveAndInfluenceGoesOneStep() {
    Map<CompanyId, Affiliation> affiliates = new ControlGraph(GROUP).affiliatesOn(TODAY);

    assertThat(affiliates)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                id("holding"), Affiliation.DIRECT_CONTROL,
                id("daughter"), Affiliation.DIRECT_CONTROL,
                id("trust"), Affiliation.INDIRECT_CONTROL,
                id("granddaughter"), Affiliation.INDIRECT_CONTROL,
                id("sister"), Affiliation.COMMON_CONTROL,
                id("niece"), Affiliation.COMMON_CONTROL,
                id("venture"), Affiliation.SIGNIFICANT_INFLUENCE,
                id("controller-of-nobody"), Affiliation.SIGNIFICANT_INFLUENCE));
  }

  @Test
  void whoInfluencesTheControllerIsAnAffiliateAndNobodyAboveThem() {
    ControlGraph graph =
        new ControlGraph(
            List.of(company("controller", influence("fund")), company("fund", control("bank"))));

    assertThat(graph.affiliatesOn(TODAY))
        .containsExactlyEntriesOf(Map.of(id("fund"), Affiliation.SIGNIFICANT_INFLUENCE));
  }

  @Test
  void anAffiliateIsOneFromTheFirstDayOfControlToTheLast() {
    LocalDate sold = LocalDate.of(2026, 6, 1);
    Link held = new Link(id("controller"), How.CONTROL, START, Optional.of(sold));
    ControlGraph graph = new ControlGraph(List.of(company("daughter", held)));

    assertThat(graph.affiliatesOn(START.minusDays(1))).isEmpty();
    assertThat(graph.affiliatesOn(START)).containsOnlyKeys(id("daughter"));
    assertThat(graph.affiliatesOn(sold.minusDays(1))).containsOnlyKeys(id("daughter"));
    assertThat(graph.affiliatesOn(sold)).isEmpty();
    assertThat(graph.affiliation())
        .containsExactlyEntriesOf(Map.of(id("daughter"), List.of(new Days(START, sold))));
  }

  @Test
  void daysOnEndAreOneStretchHoweverControlChangesHands() {
    LocalDate moved = LocalDate.of(2023, 1, 1);
    LocalDate back = LocalDate.of(2025, 1, 1);
    LocalDate again = LocalDate.of(2025, 7, 1);
    ControlGraph graph =
        new ControlGraph(
            List.of(
                company("holding", control("controller")),
                company(
                    "daughter",
                    new Link(id("controller"), How.CONTROL, START, Optional.of(moved)),
                    new Link(id("holding"), How.CONTROL, moved, Optional.of(back)),
                    new Link(id("controller"), How.CONTROL, again, Optional.empty()))));

    assertThat(graph.affiliation().get(id("daughter")))
        .containsExactly(new Days(START, back), new Days(again, LocalDate.MAX));
  }

  @Test
  void companiesThatWouldControlThemselvesAreTold() {
    ControlGraph graph =
        new ControlGraph(
            List.of(
                company("a", control("b")),
                company("b", control("c")),
                company("c", control("a"), influence("d")),
                company("d", control("c"))));

    assertThat(graph.circles())
        .containsExactly(new Circle(START, List.of(id("c"), id("b"), id("a"))));
    assertThat(new ControlGraph(GROUP).circles()).isEmpty();
  }

  @Test
  void aCircleThatNeverHoldsOnOneDayIsNone() {
    LocalDate turned = LocalDate.of(2024, 1, 1);
    ControlGraph graph =
        new ControlGraph(
            List.of(
                company("a", new Link(id("b"), How.CONTROL, START, Optional.of(turned))),
                company("b", new Link(id("a"), How.CONTROL, turned, Optional.empty()))));

    assertThat(graph.circles()).isEmpty();
  }

  @Test
  void aGraphAsLargeAsThePolicyMayHaveIsLookedAt() {
    List<Company> chain = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      List<Link> above = new ArrayList<>();
      for (int j = 1; j <= 8; j++) {
        CompanyId by = i < j ? ControlGraph.CONTROLLER : id("c" + (i - j));
        above.add(new Link(by, How.CONTROL, START.plusDays(i * 8L + j), Optional.empty()));
      }
      chain.add(new Company(id("c" + i), "C", above));
    }
    ControlGraph graph = new ControlGraph(chain);

    assertThat(graph.circles()).isEmpty();
    assertThat(graph.affiliation()).hasSize(200);
  }

  private static Link control(String by) {
    return new Link(id(by), How.CONTROL, START, Optional.empty());
  }

  private static Link influence(String by) {
    return new Link(id(by), How.SIGNIFICANT_INFLUENCE, START, Optional.empty());
  }

  private static Company company(String id, Link... above) {
    return new Company(id(id), id, List.of(above));
  }

  private static CompanyId id(String name) {
    return new CompanyId(name);
  }
}
