package dev.pledge.policy.decision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.decision.SubjectState.Age;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Choice;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.decision.SubjectState.Status;
import dev.pledge.policy.names.ChannelId;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.PurposeId;
import dev.pledge.policy.names.View;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What holds for any policy, question and person: taking something away never shows more, order
 * does not matter, and nothing that can be asked throws.
 */
final class DecisionPropertiesTest {
  private static final long SEED = Long.getLong("pledge.seed", 20_261_122L);
  private static final int ROUNDS = 3_000;
  private static final int REFUSED = View.values().length;

  private final Invented invented = new Invented(SEED);

  @BeforeAll
  static void printSeed() {
    System.err.println("DecisionPropertiesTest: -Dpledge.seed=" + SEED);
  }

  /** One round of a property: a policy, a question and a person, some refused, many not. */
  private interface Round {
    void check(Policies policies, Question question, SubjectState state);
  }

  private void forMany(Round round) {
    Policies policies = invented.policies();
    for (int i = 0; i < ROUNDS; i++) {
      if (i % 50 == 0) {
        policies = invented.policies();
      }
      Question question = invented.chance(3) ? invented.question() : invented.likely(policies);
      SubjectState state = invented.chance(2) ? invented.state() : willing(question);
      try {
        round.check(policies, question, state);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed %d, round %d".formatted(SEED, i), e);
      }
    }
  }

  /** A person who uses the product and has agreed to much. */
  private SubjectState willing(Question question) {
    SubjectState state = invented.state();
    List<Choice> choices = new ArrayList<>();
    long order = 0;
    for (By by : By.values()) {
      for (Coverage coverage : List.of(Coverage.ORDINARY, Coverage.SENSITIVE)) {
        for (String purpose : Invented.PURPOSES) {
          if (!invented.chance(8)) {
            choices.add(answer(purpose, question, coverage, by, ++order));
          }
        }
      }
    }
    return with(
        new SubjectState(
            state.subject(),
            state.version(),
            state.now(),
            Status.ACTIVE,
            List.of(new SubjectState.Membership(new ProductId(question.product()), null)),
            state.accepted(),
            state.age(),
            choices,
            state.suppressed()),
        invented.chance(2) ? choices : plus(choices, invented.withdrawal(++order)));
  }

  private Choice answer(String purpose, Question question, Coverage coverage, By by, long order) {
    return new Choice(
        purpose,
        new ProductId(question.product()),
        question.channel() == null ? null : new ChannelId(question.channel()),
        coverage,
        Answer.GRANTED,
        by,
        new PolicyVersion("house", invented.one(List.of("1", "2", "3"))),
        order,
        new UUID(7, order));
  }

  // ---------------------------------------------------------------------------- taking away

  @Test
  void enoughIsPermittedForTheRestToMeanAnything() {
    Map<Class<?>, Integer> count = new HashMap<>();
    forMany(
        (policies, question, state) ->
            count.merge(policies.decide(question, state).getClass(), 1, Integer::sum));
    assertThat(count.get(Permit.class)).isGreaterThan(ROUNDS / 8);
    assertThat(count.get(Refusal.class)).isGreaterThan(ROUNDS / 5);
  }

  @Test
  void removingAGrantNeverShowsMore() {
    forMany(
        (policies, question, state) -> {
          List<Choice> fewer = new ArrayList<>(state.choices());
          fewer.removeIf(choice -> choice.answer() == Answer.GRANTED && invented.chance(4));
          assertShowsNoMore(policies, question, with(state, fewer), question, state);
        });
  }

  @Test
  void addingAWithdrawalNeverShowsMore() {
    forMany(
        (policies, question, state) -> {
          long order = invented.chance(2) ? 1_000L : invented.one(List.of(1L, 7L, 20L, 39L));
          assertShowsNoMore(
              policies,
              question,
              with(state, plus(state.choices(), invented.withdrawal(order))),
              question,
              state);
        });
  }

  @Test
  void anAskerWithLessNeverSeesMore() {
    forMany(
        (policies, question, state) -> {
          Asker asker = question.asker();
          Asker less =
              new Asker(
                  asker.id(),
                  asker.kind(),
                  fewer(asker.roles()),
                  fewer(asker.products()),
                  fewer(asker.undertakings()),
                  asker.capacity(),
                  Asker.Assurance.SIGNED_IN,
                  asker.reviews());
          assertShowsNoMore(policies, asked(question, less), state, question, state);
        });
  }

  @Test
  void aQuestionWithLessNeverSeesMore() {
    forMany(
        (policies, question, state) -> {
          Question less =
              new Question(
                  question.act(),
                  question.asker(),
                  question.purpose(),
                  question.product(),
                  question.fields(),
                  fewer(question.conditions()),
                  question.source(),
                  question.channel(),
                  question.recipient(),
                  Question.Justification.NONE,
                  fewer(question.reveal()),
                  null);
          assertShowsNoMore(policies, less, state, question, state);
        });
  }

  @Test
  void withoutAcceptanceNothingMoreIsShown() {
    forMany(
        (policies, question, state) ->
            assertShowsNoMore(
                policies, question, accepting(state, Optional.empty()), question, state));
  }

  @Test
  void aLaterVersionThatNarrowsNeverShowsMoreDuringGrace() {
    for (int i = 0; i < ROUNDS / 20; i++) {
      long seed = SEED + i;
      Draft first = new Invented(seed).draft().version("1", LocalDate.of(2020, 4, 23));
      Draft second =
          new Invented(seed + 1)
              .narrowed(new Invented(seed).draft())
              .version("2", LocalDate.of(2026, 11, 1));
      Policies before = Policies.of(List.of(first.build()));
      Policies after = Policies.of(List.of(first.build(), second.build()));
      for (int j = 0; j < 20; j++) {
        Question question = invented.likely(before);
        SubjectState state =
            accepting(
                underFirst(invented.chance(2) ? invented.state() : willing(question)),
                Optional.of(before.versions().getFirst().version()));
        Decision wide = before.decide(question, state);
        for (Decision narrow :
            List.of(
                after.decide(question, state),
                after.decide(
                    question,
                    accepting(state, Optional.of(after.versions().getLast().version()))))) {
          assertShowsNoMore(narrow, wide);
        }
      }
    }
  }

  @Test
  void theLastVersionNeverShowsMoreToThoseWhoHaveYetToAcceptIt() {
    forMany(
        (policies, question, state) -> {
          Decision accepted =
              policies.decide(
                  question, accepting(state, Optional.of(policies.versions().getLast().version())));
          assertShowsNoMore(policies.decide(question, state), accepted);
        });
  }

  // ------------------------------------------------------------------------------------- children

  @Test
  void whatIsGrantedAsAChildNeverShowsMore() {
    forMany(
        (policies, question, state) ->
            assertShowsNoMore(
                policies,
                question,
                with(state, state.choices().stream().map(this::perhapsAsAChild).toList()),
                question,
                state));
  }

  private Choice perhapsAsAChild(Choice choice) {
    boolean granted = choice.by() == By.SELF && choice.answer() == Answer.GRANTED;
    return !granted || invented.chance(3)
        ? choice
        : new Choice(
            choice.purpose(),
            choice.product(),
            choice.channel(),
            choice.coverage(),
            choice.answer(),
            By.CHILD,
            choice.version(),
            choice.order(),
            choice.entry());
  }

  @Test
  void aYoungerChildNeverShowsMore() {
    forMany(
        (policies, question, state) -> {
          assertShowsNoMore(
              policies,
              question,
              aged(state, Age.SENSITIVE_MINOR),
              question,
              aged(state, Age.MINOR));
        });
  }

  @Test
  void aChildNeverShowsMoreThanAnAdultWhoAnsweredAsTheGuardianDid() {
    forMany(
        (policies, question, state) -> {
          if (question.asker().capacity() == Asker.Capacity.GUARDIAN) {
            return; // who acts for children and for nobody else
          }
          SubjectState agreed = with(state, byBoth(state.choices()));
          Decision adult = policies.decide(question, aged(agreed, Age.ADULT));
          for (Age age : List.of(Age.MINOR, Age.SENSITIVE_MINOR, Age.UNKNOWN)) {
            Decision child = policies.decide(question, aged(agreed, age));
            if (!asksAGuardian(policies, child)) { // which nobody does about an adult
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
              .map(policy -> policy.declaredPurpose(purpose.value()))
              .anyMatch(p -> p != null && p.before().contains(Policy.Before.GUARDIAN_CONSENT))) {
        return true;
      }
    }
    return false;
  }

  // ---------------------------------------------------------------------------------------- order

  @Test
  void orderDoesNotMatter() {
    forMany(
        (policies, question, state) -> {
          SubjectState shuffled =
              new SubjectState(
                  state.subject(),
                  state.version(),
                  state.now(),
                  state.status(),
                  invented.shuffled(state.memberships()),
                  state.accepted(),
                  state.age(),
                  invented.shuffled(state.choices()),
                  state.suppressed());
          Question other = asking(question, invented.shuffled(question.fields()));
          Decision one = policies.decide(question, state);
          Decision two = policies.decide(other, shuffled);
          for (int i = 0; i < question.fields().size(); i++) {
            int j = other.fields().indexOf(question.fields().get(i));
            assertThat(two.view(j)).isEqualTo(one.view(i));
            assertThat(two.reason(j)).isEqualTo(one.reason(i));
            assertThat(two.purpose(j)).isEqualTo(one.purpose(i));
          }
          assertThat(two.reliedOn()).containsExactlyInAnyOrderElementsOf(one.reliedOn());
        });
  }

  @Test
  void theOrderOfThePolicyDoesNotMatter() {
    Map<Policies, Policies> known = new HashMap<>();
    forMany(
        (policies, question, state) -> {
          Policies shuffled = known.computeIfAbsent(policies, this::shuffled);
          Decision one = policies.decide(question, state);
          Decision two = shuffled.decide(question, state);
          for (int i = 0; i < question.fields().size(); i++) {
            assertThat(two.view(i)).isEqualTo(one.view(i));
          }
        });
  }

  @Test
  void askingForMoreNeverChangesTheRest() {
    forMany(
        (policies, question, state) -> {
          List<String> more = new ArrayList<>(question.fields());
          more.add("identity.shoe-size");
          for (String field : Invented.FIELDS) {
            if (!more.contains(field)) {
              more.add(field);
            }
          }
          Decision one = policies.decide(question, state);
          Decision two = policies.decide(asking(question, more), state);
          for (int i = 0; i < question.fields().size(); i++) {
            assertThat(two.view(i)).isEqualTo(one.view(i));
            assertThat(two.reason(i)).isEqualTo(one.reason(i));
          }
        });
  }

  // --------------------------------------------------------------------------- grants and refusals

  @Test
  void withdrawnConsentNeverPermits() {
    forMany(
        (policies, question, state) -> {
          Choice last = invented.withdrawal(1_000);
          Choice everything =
              new Choice(
                  last.purpose(),
                  null,
                  null,
                  Coverage.ALL,
                  Answer.WITHDRAWN,
                  By.SELF,
                  last.version(),
                  1_000,
                  last.entry());
          Decision decision =
              policies.decide(question, with(state, plus(state.choices(), everything)));
          if (question.asker().capacity() != Asker.Capacity.ROLE && question.act() == Act.READ) {
            return; // a right
          }
          for (int i = 0; i < question.fields().size(); i++) {
            PurposeId purpose = decision.purpose(i);
            if (purpose != null && purpose.value().equals(last.purpose())) {
              assertThat(
                      policies
                          .version(decision.policy())
                          .orElseThrow()
                          .declaredPurpose(purpose.value())
                          .control())
                  .isEqualTo(Policy.Control.NONE);
            }
          }
        });
  }

  @Test
  void aGrantChangesNothingButWhatItNames() {
    forMany(
        (policies, question, state) -> {
          Choice grant = invented.grant(1_000);
          boolean named =
              grant.purpose().equals(question.purpose())
                  && question.product().equals(grant.product().value());
          if (question.act() != Act.READ || named) {
            return;
          }
          Decision one = policies.decide(question, state);
          Decision two = policies.decide(question, with(state, plus(state.choices(), grant)));
          assertThat(Outcome.of(two)).isEqualTo(Outcome.of(one));
          if (!grant.purpose().equals(CompiledPolicy.POOLING)) {
            assertThat(shown(two)).isEqualTo(shown(one));
          }
        });
  }

  @Test
  void anErasedPersonShowsNothing() {
    forMany(
        (policies, question, state) ->
            assertThat(policies.decide(question, is(state, Status.ERASED)))
                .isInstanceOf(Refusal.class));
  }

  // -------------------------------------------------------------------------------------- totality

  @Test
  void whateverIsAskedIsAnswered() {
    forMany(
        (policies, ignored, state) -> {
          Question question = invented.hostile();
          SubjectState odd =
              new SubjectState(
                  state.subject(),
                  Long.MIN_VALUE,
                  invented.one(
                      List.of(Instant.MIN, Instant.EPOCH, Person.NOW, Person.NOW, Instant.MAX)),
                  state.status(),
                  state.memberships(),
                  state.accepted(),
                  state.age(),
                  state.choices(),
                  state.suppressed());
          Decision decision = policies.decide(question, odd);
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
      Policies policies, Question less, SubjectState lessState, Question more, SubjectState state) {
    assertShowsNoMore(policies.decide(less, lessState), policies.decide(more, state));
  }

  private static void assertShowsNoMore(Decision less, Decision more) {
    List<Integer> few = shown(less);
    List<Integer> many = shown(more);
    for (int i = 0; i < few.size(); i++) {
      assertThat(few.get(i))
          .as(
              "value %d of %s, beside %s: %s",
              i, Outcome.of(less), Outcome.of(more), more.question())
          .isGreaterThanOrEqualTo(many.get(i));
    }
  }

  /** How little is shown, per field as such and per value of every product, now and older. */
  private static List<Integer> shown(Decision decision) {
    List<Integer> shown = shownWithoutValues(decision);
    if (!(decision instanceof Permit permit) || decision.question().act() == Act.COLLECT) {
      for (int i = 0; i < decision.question().fields().size() * 9; i++) {
        shown.add(REFUSED);
      }
      return shown;
    }
    for (int i = 0; i < decision.question().fields().size(); i++) {
      int rank = shown.get(i);
      for (String product : Invented.PRODUCTS) {
        for (int days : new int[] {0, 20, 400}) {
          Instant collectedAt = Person.NOW.minusSeconds(days * 24L * 3600L);
          Reason reason = permit.admits(i, new ProductId(product), collectedAt);
          shown.add(reason == null ? rank : REFUSED);
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

  private <T> Set<T> fewer(Set<T> of) {
    Set<T> fewer = new HashSet<>(of);
    fewer.removeIf(each -> invented.chance(3));
    return fewer;
  }

  private static List<Choice> plus(List<Choice> choices, Choice choice) {
    List<Choice> more = new ArrayList<>(choices);
    more.add(choice);
    return more;
  }

  /** The person with every answer given under the first version, which knows no other. */
  private static SubjectState underFirst(SubjectState state) {
    List<Choice> choices = new ArrayList<>();
    for (Choice choice : state.choices()) {
      choices.add(
          new Choice(
              choice.purpose(),
              choice.product(),
              choice.channel(),
              choice.coverage(),
              choice.answer(),
              choice.by(),
              new PolicyVersion("house", "1"),
              choice.order(),
              choice.entry()));
    }
    return with(state, choices);
  }

  private static List<Choice> byBoth(List<Choice> choices) {
    List<Choice> both = new ArrayList<>();
    for (Choice choice : choices) {
      for (By by : List.of(By.SELF, By.GUARDIAN)) {
        both.add(
            new Choice(
                choice.purpose(),
                choice.product(),
                choice.channel(),
                choice.coverage(),
                choice.answer(),
                by,
                choice.version(),
                choice.order() * 2 + by.ordinal(),
                choice.entry()));
      }
    }
    return both;
  }

  private Policies shuffled(Policies policies) {
    return Policies.of(
        invented.shuffled(policies.versions()).stream()
            .map(version -> shuffled(version.source()))
            .toList());
  }

  private Policy shuffled(Policy policy) {
    return new Policy(
        policy.version(),
        policy.effective(),
        policy.grace(),
        policy.controller(),
        policy.jurisdictions(),
        policy.languages(),
        invented.shuffled(policy.products()),
        invented.shuffled(policy.categories()),
        invented.shuffled(policy.purposes()),
        invented.shuffled(policy.roles()),
        invented.shuffled(policy.sources()),
        policy.pooling(),
        invented.shuffled(policy.retention()),
        policy.minors());
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
        question.recipient(),
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
        question.recipient(),
        question.justification(),
        question.reveal(),
        question.exception());
  }

  private static SubjectState with(SubjectState state, List<Choice> choices) {
    return new SubjectState(
        state.subject(),
        state.version(),
        state.now(),
        state.status(),
        state.memberships(),
        state.accepted(),
        state.age(),
        choices,
        state.suppressed());
  }

  private static SubjectState aged(SubjectState state, Age age) {
    return new SubjectState(
        state.subject(),
        state.version(),
        state.now(),
        state.status(),
        state.memberships(),
        state.accepted(),
        age,
        state.choices(),
        state.suppressed());
  }

  private static SubjectState is(SubjectState state, Status status) {
    return new SubjectState(
        state.subject(),
        state.version(),
        state.now(),
        status,
        state.memberships(),
        state.accepted(),
        state.age(),
        state.choices(),
        state.suppressed());
  }

  private static SubjectState accepting(SubjectState state, Optional<PolicyVersion> accepted) {
    return new SubjectState(
        state.subject(),
        state.version(),
        state.now(),
        state.status(),
        state.memberships(),
        accepted,
        state.age(),
        state.choices(),
        state.suppressed());
  }
}
