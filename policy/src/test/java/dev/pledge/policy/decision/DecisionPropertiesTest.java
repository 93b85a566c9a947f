package dev.pledge.policy.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.decision.SubjectState.Age;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Choice;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.decision.SubjectState.Status;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.PurposeId;
import dev.pledge.policy.names.View;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What holds for any policy, question and person: taking something away never shows more, order
 * does not matter, and nothing that can be asked throws.
 */
final class DecisionPropertiesTest {
  private static final long SEED = Long.getLong("pledge.seed", 20_261_122L);
  private static final int HOUSES = 40;
  private static final int QUESTIONS = 50;
  private static final int REFUSED = View.values().length;

  @BeforeAll
  static void printSeed() {
    System.err.println("DecisionPropertiesTest: -Dpledge.seed=" + SEED);
  }

  /** One round of a property: a policy, a question and a person, some refused, many not. */
  private interface Round {
    void check(InventedHouse house, Question question, SubjectState state);
  }

  private static void forMany(Round round) {
    forMany(_ -> round);
  }

  /** Rounds that share what is made ready, a changed policy say, for a while. */
  private static void forMany(Function<InventedHouse, Round> ready) {
    for (int i = 0; i < HOUSES; i++) {
      InventedHouse house = new InventedHouse(SEED + i);
      Round round = (_, _, _) -> {};
      for (int j = 0; j < QUESTIONS; j++) {
        if (j % 20 == 0) {
          house.turnToAProduct();
          round = ready.apply(house);
        }
        Question question = house.question();
        SubjectState state = house.state();
        try {
          round.check(house, question, state);
        } catch (AssertionError | RuntimeException e) {
          throw new AssertionError("-Dpledge.seed=%d, round %d".formatted(house.seed(), j), e);
        }
      }
    }
  }

  // ------------------------------------------------------------------------------ another in place

  /** A version that stands in its own place decides as it did, and by the same clauses. */
  @Test
  void aVersionInItsOwnPlaceChangesNothing() {
    forMany(
        house -> {
          Map<PolicyVersion, Policies> inPlace = new HashMap<>();
          house
              .versions()
              .forEach(
                  policy ->
                      inPlace.put(
                          policy.version(), house.policies().inPlaceOf(policy.version(), policy)));
          return (_, question, state) -> {
            Decision decision = house.policies().decide(question, state);
            Decision again = inPlace.get(decision.policy()).decide(question, state);
            for (int i = 0; i < question.fields().size(); i++) {
              assertThat(again.view(i)).isEqualTo(decision.view(i));
              assertThat(again.reason(i)).isEqualTo(decision.reason(i));
              assertThat(again.purpose(i)).isEqualTo(decision.purpose(i));
              Reason reason = decision.reason(i);
              if (reason != null) {
                assertThat(again.clause(i, reason)).isEqualTo(decision.clause(i, reason));
              }
            }
            assertThat(again.reliedOn()).isEqualTo(decision.reliedOn());
          };
        });
  }

  // ---------------------------------------------------------------------------- how long

  /** A value is kept until the moment that is told, and at that moment no more (V.3, IV.1). */
  @Test
  void whatIsKeptGoesWhenItIsToldTo() {
    Set<Boolean> ends = new HashSet<>();
    forMany(
        (house, question, state) -> {
          CompiledPolicy policy = house.policies().versions().getLast();
          ProductId collector = new ProductId(house.collectorOf(question));
          Instant collected = house.before(state.now());
          for (String name : question.fields()) {
            if (policy.declared(name) == null) {
              continue;
            }
            FieldId field = FieldId.of(name);
            if (policy.isKept(field, collector, collected, state)) {
              Optional<Instant> until =
                  policy.ending(field, collector, collected, state).map(Ending::at);
              ends.add(until.isPresent());
              Instant end = until.orElse(state.now().plus(Duration.ofDays(99 * 366)));
              assertThat(end).isAfter(state.now());
              assertThat(policy.isKept(field, collector, collected, state.at(end.minusNanos(1))))
                  .isTrue();
              assertThat(policy.isKept(field, collector, collected, state.at(end)))
                  .isEqualTo(until.isEmpty());
            }
          }
        });
    assertThat(ends).as("some that end and some that do not").hasSize(2);
  }

  // ---------------------------------------------------------------------------- taking away

  @Test
  void removingAGrantNeverShowsMore() {
    forMany(
        (house, question, state) -> {
          List<Choice> fewer = new ArrayList<>(state.choices());
          fewer.removeIf(choice -> choice.answer() == Answer.GRANTED && house.chance().percent(25));
          assertShowsNoMore(house, question, state.with(fewer), question, state);
        });
  }

  @Test
  void addingAWithdrawalNeverShowsMore() {
    forMany(
        (house, question, state) -> {
          long order = house.chance().one(1L, 7L, 20L, 1_000L, 1_000L);
          assertShowsNoMore(
              house,
              question,
              state.with(plus(state.choices(), house.withdrawal(order))),
              question,
              state);
        });
  }

  @Test
  void anAskerWithoutARoleAnUndertakingOrAProductNeverSeesMore() {
    forMany(
        (house, question, state) -> {
          Asker asker = question.asker();
          Chance chance = house.chance();
          Asker less =
              new Asker(
                  asker.id(),
                  asker.kind(),
                  chance.some(67, asker.roles()),
                  chance.some(67, asker.products()),
                  chance.some(67, asker.undertakings()),
                  asker.capacity(),
                  Asker.Assurance.SIGNED_IN,
                  asker.reviews());
          assertShowsNoMore(house, asked(question, less), state, question, state);
        });
  }

  @Test
  void aQuestionWithLessNeverSeesMore() {
    forMany(
        (house, question, state) -> {
          Question less =
              new Question(
                  question.act(),
                  question.asker(),
                  question.purpose(),
                  question.product(),
                  question.fields(),
                  house.chance().some(67, question.conditions()),
                  question.source(),
                  question.channel(),
                  question.handOver(),
                  Question.Justification.NONE,
                  house.chance().some(67, question.reveal()),
                  null);
          assertShowsNoMore(house, less, state, question, state);
        });
  }

  @Test
  void aPolicyWithoutAPurposeNeverShowsMore() {
    forMany(
        house -> {
          Policies all = Policies.of(List.of(house.inForce()));
          Policies fewer =
              Policies.of(List.of(new Narrowing(house.chance()).withoutAPurpose(house.inForce())));
          return (_, question, state) ->
              assertShowsNoMore(fewer.decide(question, state), all.decide(question, state));
        });
  }

  @Test
  void aPolicyWithoutARoleNeverShowsMore() {
    forMany(
        house -> {
          Policies all = Policies.of(List.of(house.inForce()));
          Policies fewer =
              Policies.of(List.of(new Narrowing(house.chance()).withoutARole(house.inForce())));
          return (_, question, state) ->
              assertShowsNoMore(fewer.decide(question, state), all.decide(question, state));
        });
  }

  @Test
  void aPolicyWithoutARecipientNeverSharesMore() {
    forMany(
        house -> {
          Policies all = Policies.of(List.of(house.inForce()));
          Policies fewer =
              Policies.of(
                  List.of(new Narrowing(house.chance()).withoutARecipient(house.inForce())));
          return (_, question, state) ->
              assertShowsNoMore(fewer.decide(question, state), all.decide(question, state));
        });
  }

  @Test
  void nobodyReceivesMoreThanTheSameHandsMayRead() {
    forMany(
        (house, question, state) -> {
          if (question.act() == Act.SHARE && !PlainRules.isRight(read(question))) {
            assertShowsNoMore(house, question, state, read(question), state);
          }
        });
  }

  private static Question read(Question question) {
    return new Question(
        Act.READ,
        question.asker(),
        question.purpose(),
        question.product(),
        question.fields(),
        question.conditions(),
        question.source(),
        question.channel(),
        null,
        question.justification(),
        question.reveal(),
        question.exception());
  }

  @Test
  void withoutAcceptanceNothingMoreIsShown() {
    forMany(
        (house, question, state) ->
            assertShowsNoMore(
                house, question, accepting(state, Optional.empty()), question, state));
  }

  @Test
  void aLaterVersionThatNarrowsNeverShowsMoreDuringGraceNorOnceAccepted() {
    forMany(
        house -> {
          Policy policy = house.inForce();
          Policy narrower = new Narrowing(house.chance()).next(policy, LocalDate.of(2026, 11, 22));
          Policies before = Policies.of(List.of(policy));
          Policies after = Policies.of(List.of(policy, narrower));
          return (_, question, someone) -> {
            SubjectState state =
                accepting(
                    answering(at(someone, Person.NOW), policy.version()),
                    Optional.of(policy.version()));
            Decision wide = before.decide(question, state);
            assertShowsNoMore(after.decide(question, state), wide);
            SubjectState accepting = accepting(state, Optional.of(narrower.version()));
            assertShowsNoMore(after.decide(question, accepting), wide);
          };
        });
  }

  @Test
  void theLastVersionNeverShowsMoreToThoseWhoHaveYetToAcceptIt() {
    forMany(
        (house, question, state) -> {
          SubjectState accepting = accepting(state, Optional.of(last(house).version()));
          assertShowsNoMore(house, question, state, question, accepting);
        });
  }

  private static Policy last(InventedHouse house) {
    return house.policies().versions().getLast().source();
  }

  // ------------------------------------------------------------------------------------- children

  @Test
  void whatIsGrantedAsAChildNeverShowsMore() {
    forMany(
        (house, question, state) ->
            assertShowsNoMore(
                house,
                question,
                state.with(
                    state.choices().stream()
                        .map(choice -> perhapsAsAChild(choice, house.chance()))
                        .toList()),
                question,
                state));
  }

  private static Choice perhapsAsAChild(Choice choice, Chance chance) {
    boolean granted = choice.by() == By.SELF && choice.answer() == Answer.GRANTED;
    return granted && chance.percent(67)
        ? answer(choice, By.CHILD, choice.version(), choice.order())
        : choice;
  }

  @Test
  void aYoungerChildNeverShowsMore() {
    forMany(
        (house, question, state) ->
            assertShowsNoMore(
                house, question, state.of(Age.SENSITIVE_MINOR), question, state.of(Age.MINOR)));
  }

  @Test
  void aChildNeverShowsMoreThanAnAdultWhoAnsweredAsTheGuardianDid() {
    forMany(
        (house, question, state) -> {
          if (question.asker().capacity() == Asker.Capacity.GUARDIAN) {
            return; // who acts for children and for nobody else
          }
          SubjectState agreed = state.with(byBoth(state.choices()));
          Decision adult = house.policies().decide(question, agreed.of(Age.ADULT));
          for (Age age : List.of(Age.MINOR, Age.SENSITIVE_MINOR, Age.UNKNOWN)) {
            Decision child = house.policies().decide(question, agreed.of(age));
            if (!asksAGuardian(house.policies(), child)) { // which nobody does about an adult
              assertShowsNoMore(child, adult);
            }
          }
        });
  }

  /** Whether something opens for a purpose that in some version serves to ask a guardian. */
  private static boolean asksAGuardian(Policies policies, Decision decision) {
    for (int i = 0; i < decision.question().fields().size(); i++) {
      PurposeId purpose = decision.purpose(i);
      if (purpose != null
          && policies.versions().stream()
              .flatMap(policy -> policy.layers().stream())
              .map(terms -> terms.declaredPurpose(purpose.value()))
              .anyMatch(p -> p != null && p.before().contains(Policy.Before.GUARDIAN_CONSENT))) {
        return true;
      }
    }
    return false;
  }

  // ---------------------------------------------------------------------------------------- order

  @Test
  void theOrderOfFieldsAndOfWhatPeopleSaidDoesNotMatter() {
    forMany(
        (house, question, state) -> {
          SubjectState shuffled =
              new SubjectState(
                  state.subject(),
                  state.version(),
                  state.now(),
                  state.status(),
                  house.chance().shuffled(state.memberships()),
                  state.accepted(),
                  state.age(),
                  house.chance().shuffled(state.choices()),
                  state.suppressed());
          Question other = asking(question, house.chance().shuffled(question.fields()));
          assertSame(
              house.policies().decide(question, state), house.policies().decide(other, shuffled));
        });
  }

  @Test
  void theOrderOfTheFileDoesNotMatter() {
    forMany(
        house -> {
          Narrowing change = new Narrowing(house.chance());
          Policies reordered =
              Policies.of(
                  house.chance().shuffled(house.versions()).stream()
                      .map(change::reordered)
                      .toList());
          return (_, question, state) ->
              assertSame(
                  house.policies().decide(question, state), reordered.decide(question, state));
        });
  }

  @Test
  void askingForMoreNeverChangesTheRest() {
    forMany(
        (house, question, state) -> {
          List<String> more = new ArrayList<>(question.fields());
          more.add("identity.glove-size");
          for (FieldId field : house.fields()) {
            if (!more.contains(field.toString())) {
              more.add(field.toString());
            }
          }
          Decision one = house.policies().decide(question, state);
          Decision two = house.policies().decide(asking(question, more), state);
          for (int i = 0; i < question.fields().size(); i++) {
            assertThat(two.view(i)).isEqualTo(one.view(i));
            assertThat(two.reason(i)).isEqualTo(one.reason(i));
          }
        });
  }

  /** The same of every field that {@code one} is about, in whatever order they were asked. */
  private static void assertSame(Decision one, Decision two) {
    List<String> fields = one.question().fields();
    for (int i = 0; i < fields.size(); i++) {
      int j = two.question().fields().indexOf(fields.get(i));
      assertThat(two.view(j)).isEqualTo(one.view(i));
      assertThat(two.reason(j)).isEqualTo(one.reason(i));
      assertThat(two.purpose(j)).isEqualTo(one.purpose(i));
    }
    assertThat(two.reliedOn()).containsExactlyInAnyOrderElementsOf(one.reliedOn());
  }

  // --------------------------------------------------------------------------- grants and refusals

  @Test
  void withdrawnConsentNeverPermits() {
    forMany(
        (house, question, state) -> {
          if (PlainRules.isRight(question)) {
            return;
          }
          Choice last = house.withdrawal(1_000);
          Choice everything =
              new Choice(
                  last.purpose(),
                  null,
                  null,
                  Coverage.ALL,
                  Answer.WITHDRAWN,
                  By.SELF,
                  last.version(),
                  last.at(),
                  1_000,
                  last.id());
          Decision decision =
              house.policies().decide(question, state.with(plus(state.choices(), everything)));
          for (int i = 0; i < question.fields().size(); i++) {
            PurposeId purpose = decision.purpose(i);
            if (purpose != null && purpose.value().equals(last.purpose())) {
              Policy.Purpose declared =
                  house
                      .policies()
                      .version(decision.policy())
                      .orElseThrow()
                      .forProduct(question.product())
                      .declaredPurpose(purpose.value());
              assertThat(declared.control()).isEqualTo(Policy.Control.NONE);
            }
          }
        });
  }

  @Test
  void aGrantChangesNothingButWhatItNames() {
    forMany(
        (house, question, state) -> {
          Choice grant = house.grant(1_000);
          boolean named =
              grant.purpose().equals(question.purpose())
                  && question.product().equals(grant.product().value());
          if (question.act() != Act.READ || named) {
            return;
          }
          Decision one = house.policies().decide(question, state);
          Decision two =
              house.policies().decide(question, state.with(plus(state.choices(), grant)));
          assertThat(Outcome.of(two)).isEqualTo(Outcome.of(one));
          if (!grant.purpose().equals(CompiledPolicy.POOLING)) {
            assertThat(shown(two)).isEqualTo(shown(one));
          }
        });
  }

  @Test
  void anErasedPersonShowsNothing() {
    forMany(
        (house, question, state) ->
            assertThat(house.policies().decide(question, is(state, Status.ERASED)))
                .isInstanceOf(Refusal.class));
  }

  // ------------------------------------------------------------------------------------- products

  @Test
  void theTermsOfAProductChangeNothingInOthers() {
    Map<Boolean, Integer> differing = new HashMap<>();
    forMany(
        house -> {
          ProductId product =
              new ProductId(
                  house.chance().one(own(house).isEmpty() ? List.of("meeting") : own(house)));
          Policies without =
              Policies.of(house.versions().stream().map(v -> without(v, product)).toList());
          return (_, question, state) -> {
            Decision one = house.policies().decide(question, state);
            Decision two = without.decide(question, state);
            boolean same =
                Outcome.of(one).equals(Outcome.of(two)) && sameOfOwnValues(house, one, two);
            boolean asked = question.product().equals(product.value());
            if (!asked && !same) {
              throw new AssertionError(Outcome.of(one) + " and " + Outcome.of(two));
            }
            differing.merge(asked, same ? 0 : 1, Integer::sum);
          };
        });
    assertThat(differing.get(true)).isGreaterThan(30);
  }

  private static List<String> own(InventedHouse house) {
    return house.inForce().own().keySet().stream().map(ProductId::value).sorted().toList();
  }

  private static Policy without(Policy policy, ProductId product) {
    Map<ProductId, Policy> own = new HashMap<>(policy.own());
    own.remove(product);
    return policy.with(own);
  }

  /**
   * Whether what the product asked for has collected itself opens alike. What others collected, and
   * what all share, is kept by their terms too.
   */
  private static boolean sameOfOwnValues(InventedHouse house, Decision one, Decision two) {
    if (!(one instanceof Permit left && two instanceof Permit right)
        || one.question().act() == Act.COLLECT) {
      return true;
    }
    ProductId own = new ProductId(one.question().product());
    for (int i = 0; i < one.question().fields().size(); i++) {
      String field = one.question().fields().get(i);
      Instant at = house.before(one.state().now());
      if (house.versions().stream().allMatch(version -> isOfAProduct(version, field))
          && left.admits(i, own, at) != right.admits(i, own, at)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isOfAProduct(Policy policy, String field) {
    return policy.categories().stream()
        .filter(category -> field.startsWith(category.id() + "."))
        .allMatch(category -> category.scope() == Policy.Scope.PRODUCT);
  }

  // -------------------------------------------------------------------------------------- totality

  @Test
  void whateverIsAskedIsAnswered() {
    forMany(
        (house, ignored, state) -> {
          Question question = house.hostile();
          SubjectState odd =
              new SubjectState(
                  state.subject(),
                  Long.MIN_VALUE,
                  house
                      .chance()
                      .one(Instant.MIN, Instant.EPOCH, Person.NOW, Person.NOW, Instant.MAX),
                  state.status(),
                  state.memberships(),
                  state.accepted(),
                  state.age(),
                  state.choices(),
                  state.suppressed());
          Decision decision = house.policies().decide(question, odd);
          assertThat(decision.reliedOn()).doesNotHaveDuplicates();
          for (int i = 0; i < question.fields().size(); i++) {
            Reason reason = decision.reason(i);
            assertThat(decision.view(i) == null).isEqualTo(reason != null);
            if (reason != null) {
              assertThat(decision.clause(i, reason)).isNotNull();
              assertThat(decision.purpose(i)).isNull();
            }
            if (decision.field(i) != null) {
              assertThat(decision.field(i)).hasToString(question.fields().get(i));
            }
          }
          shown(decision);
          assertThat(decision instanceof Permit)
              .isEqualTo(shownWithoutValues(decision).stream().anyMatch(rank -> rank < REFUSED));
        });
  }

  // --------------------------------------------------------------------------------------- helpers

  private static void assertShowsNoMore(
      InventedHouse house,
      Question less,
      SubjectState lessState,
      Question more,
      SubjectState state) {
    assertShowsNoMore(
        house.policies().decide(less, lessState), house.policies().decide(more, state));
  }

  private static void assertShowsNoMore(Decision less, Decision more) {
    List<Integer> few = shown(less);
    List<Integer> many = shown(more);
    for (int i = 0; i < few.size(); i++) {
      if (few.get(i) < many.get(i)) {
        throw new AssertionError(
            "value %d of %s, beside %s: %s, %s"
                .formatted(i, Outcome.of(less), Outcome.of(more), more.question(), more.state()));
      }
    }
  }

  /** How little is shown, per field as such and per value of every product, now and older. */
  private static List<Integer> shown(Decision decision) {
    List<Integer> shown = shownWithoutValues(decision);
    boolean values = decision instanceof Permit && decision.question().act() != Act.COLLECT;
    for (int i = 0; i < decision.question().fields().size(); i++) {
      int rank = shown.get(i);
      for (String product : InventedPolicies.PRODUCTS) {
        for (int days : new int[] {0, 20, 400}) {
          Instant collectedAt = Person.NOW.minusSeconds(days * 24L * 3600L);
          boolean admitted =
              values && ((Permit) decision).admits(i, new ProductId(product), collectedAt) == null;
          shown.add(admitted ? rank : REFUSED);
        }
      }
    }
    return shown;
  }

  private static List<Integer> shownWithoutValues(Decision decision) {
    List<Integer> shown = new ArrayList<>();
    for (int i = 0; i < decision.question().fields().size(); i++) {
      View view = decision.view(i);
      shown.add(view == null ? REFUSED : view.ordinal());
    }
    return shown;
  }

  private static List<Choice> plus(List<Choice> choices, Choice choice) {
    List<Choice> more = new ArrayList<>(choices);
    more.add(choice);
    return more;
  }

  /** The person with every answer given under that version, the only one there was. */
  private static SubjectState answering(SubjectState state, PolicyVersion version) {
    return state.with(
        state.choices().stream()
            .map(choice -> answer(choice, choice.by(), version, choice.order()))
            .toList());
  }

  private static List<Choice> byBoth(List<Choice> choices) {
    List<Choice> both = new ArrayList<>();
    for (Choice choice : choices) {
      both.add(answer(choice, By.SELF, choice.version(), choice.order() * 2));
      both.add(answer(choice, By.GUARDIAN, choice.version(), choice.order() * 2 + 1));
    }
    return both;
  }

  private static Choice answer(Choice choice, By by, PolicyVersion version, long order) {
    return new Choice(
        choice.purpose(),
        choice.product(),
        choice.channel(),
        choice.coverage(),
        choice.answer(),
        by,
        version,
        choice.at(),
        order,
        choice.id());
  }

  private static Question asked(Question question, Asker asker) {
    return new Question(
        question.act(),
        asker,
        question.purpose(),
        question.product(),
        question.fields(),
        question.conditions(),
        question.source(),
        question.channel(),
        question.handOver(),
        question.justification(),
        question.reveal(),
        question.exception());
  }

  private static Question asking(Question question, List<String> fields) {
    return new Question(
        question.act(),
        question.asker(),
        question.purpose(),
        question.product(),
        fields,
        question.conditions(),
        question.source(),
        question.channel(),
        question.handOver(),
        question.justification(),
        question.reveal(),
        question.exception());
  }

  private static SubjectState at(SubjectState state, Instant now) {
    return like(state, now, state.status(), state.accepted());
  }

  private static SubjectState is(SubjectState state, Status status) {
    return like(state, state.now(), status, state.accepted());
  }

  private static SubjectState accepting(SubjectState state, Optional<PolicyVersion> accepted) {
    return like(state, state.now(), state.status(), accepted);
  }

  private static SubjectState like(
      SubjectState state, Instant now, Status status, Optional<PolicyVersion> accepted) {
    return new SubjectState(
        state.subject(),
        state.version(),
        now,
        status,
        state.memberships(),
        accepted,
        state.age(),
        state.choices(),
        state.suppressed());
  }
}
