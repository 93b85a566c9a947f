package dev.pledge.policy.decision;

import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Choice;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.names.ChannelId;
import dev.pledge.policy.names.ProductId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a person's answers amount to for one purpose, product, channel and kind of data (II.II.6,
 * V.2).
 *
 * <p>A grant covers only what it names; a withdrawal that names less covers all, products and
 * channels to come included, and one that names a channel covers a purpose that no longer tells
 * channels apart; the server's order decides. For a child only a guardian can grant, and the
 * child's own refusal counts beside it; for anyone else a guardian's grant does not count, a
 * guardian's refusal does. What somebody granted as a child lifts their own refusal before it, and
 * does nothing else, then or later.
 */
final class Choices {
  /** What the answers amount to. */
  enum Standing {
    GRANTED,
    NONE,
    /** Granted for something that has changed since. */
    LAPSED,
    WITHDRAWN
  }

  /**
   * What the answers amount to for one purpose, product and channel.
   *
   * @param guardianAgrees whether the guardian has agreed, whatever the person's own answer
   */
  record Standings(Standing ordinary, Standing sensitive, boolean guardianAgrees) {
    private static final Standing[] EACH = Standing.values();

    /** Each made once, since every decision needs one. */
    private static final Standings[] ALL = all();

    /** Where nobody has said anything. */
    static final Standings SILENT = of(Standing.NONE, Standing.NONE, false);

    static Standings of(Standing ordinary, Standing sensitive, boolean guardianAgrees) {
      int kinds = ordinary.ordinal() * EACH.length + sensitive.ordinal();
      return ALL[2 * kinds + (guardianAgrees ? 1 : 0)];
    }

    private static Standings[] all() {
      List<Standings> all = new ArrayList<>();
      for (Standing ordinary : EACH) {
        for (Standing sensitive : EACH) {
          all.add(new Standings(ordinary, sensitive, false));
          all.add(new Standings(ordinary, sensitive, true));
        }
      }
      return all.toArray(Standings[]::new);
    }
  }

  private final Meanings meanings;
  private final AgeRules ages;

  Choices(Meanings meanings, AgeRules ages) {
    this.meanings = meanings;
    this.ages = ages;
  }

  /** Everything a decision asks, in one look at the answers. */
  Standings standings(
      SubjectState state, int purpose, ProductId product, @Nullable ChannelId channel) {
    String name = meanings.nameOf(purpose);
    Answers self = Answers.NONE;
    Answers selfOnSensitive = Answers.NONE;
    Answers guardian = Answers.NONE;
    Answers guardianOnSensitive = Answers.NONE;
    List<Choice> choices = state.choices();
    for (int i = 0; i < choices.size(); i++) {
      Choice choice = choices.get(i);
      if (!choice.purpose().equals(name) || !covers(choice, product, channel)) {
        continue;
      }
      boolean stillMeans = meanings.stillMeans(choice.version(), purpose);
      if (choice.by().isThePerson()) {
        self = self.with(choice, stillMeans, Coverage.ORDINARY);
        selfOnSensitive = selfOnSensitive.with(choice, stillMeans, Coverage.SENSITIVE);
      } else {
        guardian = guardian.with(choice, stillMeans, Coverage.ORDINARY);
        guardianOnSensitive = guardianOnSensitive.with(choice, stillMeans, Coverage.SENSITIVE);
      }
    }
    boolean child = ages.isChild(state);
    return Standings.of(
        standing(child, self, guardian),
        standing(child, selfOnSensitive, guardianOnSensitive),
        guardian.isValid(null));
  }

  private static Standing standing(boolean child, Answers self, Answers guardian) {
    Choice imposed = guardian.refusal(null);
    if (child) {
      boolean refused = self.refusal(null) != null || imposed != null;
      return refused ? Standing.WITHDRAWN : guardian.standing(null);
    }
    return self.refusal(imposed) != null ? Standing.WITHDRAWN : self.standing(imposed);
  }

  /**
   * Until when what was granted counted: {@link Instant#MAX} while it does, or would if it were not
   * for a change of the policy, and {@link Instant#MIN} if nothing was.
   */
  Instant granted(
      SubjectState state,
      int purpose,
      ProductId product,
      @Nullable ChannelId channel,
      Coverage coverage) {
    Answers self = answers(state, true, purpose, product, channel, coverage);
    Answers guardian = answers(state, false, purpose, product, channel, coverage);
    boolean child = ages.isChild(state);
    return switch (standing(child, self, guardian)) {
      case GRANTED, LAPSED -> Instant.MAX;
      case NONE -> Instant.MIN;
      case WITHDRAWN ->
          (child ? guardian : self).grant == null
              ? Instant.MIN
              : refusedSince(state, purpose, product, channel, coverage);
    };
  }

  /**
   * Since when the person or a guardian refuses, for as long as {@link #standings} says {@link
   * Standing#WITHDRAWN}; otherwise far in the future. A refusal repeated is as old as the first.
   */
  Instant refusedSince(
      SubjectState state,
      int purpose,
      ProductId product,
      @Nullable ChannelId channel,
      Coverage coverage) {
    Answers self = answers(state, true, purpose, product, channel, coverage);
    Answers guardian = answers(state, false, purpose, product, channel, coverage);
    long own = Math.max(orderOf(self.grant), orderOf(self.childsGrant));
    long imposed = orderOf(guardian.grant);
    if (!ages.isChild(state)) {
      imposed = Math.max(imposed, orderOf(self.grant));
    }
    Instant since = Instant.MAX;
    for (Choice choice : state.choices()) {
      boolean stands =
          choice.answer() == Answer.WITHDRAWN
              && choice.purpose().equals(meanings.nameOf(purpose))
              && choice.order() >= (choice.by().isThePerson() ? own : imposed)
              && covers(choice, product, channel)
              && covers(choice, coverage);
      since = stands && choice.at().isBefore(since) ? choice.at() : since;
    }
    return since;
  }

  /** Adds the log entries of the answers that {@link #standings} rests on, and of no others. */
  void collectEntries(
      SubjectState state,
      int purpose,
      ProductId product,
      @Nullable ChannelId channel,
      Coverage coverage,
      Set<UUID> entries) {
    Answers self = answers(state, true, purpose, product, channel, coverage);
    Answers guardian = answers(state, false, purpose, product, channel, coverage);
    if (ages.isChild(state)) {
      addTo(entries, self.refusal(null));
      addTo(entries, guardian.decisive(null));
    } else {
      addTo(entries, self.decisive(guardian.refusal(null)));
    }
  }

  private static long orderOf(@Nullable Choice choice) {
    return choice == null ? Long.MIN_VALUE : choice.order();
  }

  private static void addTo(Set<UUID> entries, @Nullable Choice decisive) {
    if (decisive != null) {
      entries.add(decisive.id());
    }
  }

  /** The answers of the person, of whatever age, or of the guardian. */
  private Answers answers(
      SubjectState state,
      boolean ofThePerson,
      int purpose,
      ProductId product,
      @Nullable ChannelId channel,
      Coverage coverage) {
    String name = meanings.nameOf(purpose);
    List<Choice> choices = state.choices();
    Answers answers = Answers.NONE;
    for (int i = 0; i < choices.size(); i++) {
      Choice choice = choices.get(i);
      if (choice.by().isThePerson() == ofThePerson
          && choice.purpose().equals(name)
          && covers(choice, product, channel)) {
        answers = answers.with(choice, meanings.stillMeans(choice.version(), purpose), coverage);
      }
    }
    return answers;
  }

  /**
   * The last answers of one party. Removing a grant or adding a withdrawal can only make them
   * worse: an older grant that still means what it said is not undone by a later one that no longer
   * does, and of two answers of one order the withdrawal counts. A refusal of another party, {@code
   * imposed}, binds like one of this party's own that no grant of a child's lifts.
   */
  private static final class Answers {
    /** Most people have said nothing about most purposes. */
    static final Answers NONE = new Answers();

    private @Nullable Choice withdrawal;
    private @Nullable Choice grant;
    private @Nullable Choice validGrant;

    /** What the person granted as a child. */
    private @Nullable Choice childsGrant;

    /** These answers and {@code choice}, if it is about that kind of data. */
    Answers with(Choice choice, boolean stillMeans, Coverage coverage) {
      if (!covers(choice, coverage)) {
        return this;
      }
      Answers answers = this == NONE ? new Answers() : this;
      answers.add(choice, stillMeans);
      return answers;
    }

    private void add(Choice choice, boolean stillMeans) {
      if (choice.answer() == Answer.WITHDRAWN) {
        withdrawal = later(choice, withdrawal);
        return;
      }
      if (choice.by() == By.CHILD) {
        childsGrant = later(choice, childsGrant);
        return;
      }
      grant = later(choice, grant);
      if (stillMeans) {
        validGrant = later(choice, validGrant);
      }
    }

    /** The last withdrawal that nothing after it lifts. */
    @Nullable Choice refusal(@Nullable Choice imposed) {
      Choice own =
          isAfter(grant, withdrawal) || isAfter(childsGrant, withdrawal) ? null : withdrawal;
      return later(own, isAfter(grant, imposed) ? null : imposed);
    }

    Standing standing(@Nullable Choice imposed) {
      if (isValid(imposed)) {
        return Standing.GRANTED;
      }
      return isAfter(grant, later(withdrawal, imposed)) ? Standing.LAPSED : Standing.NONE;
    }

    private boolean isValid(@Nullable Choice imposed) {
      return isAfter(validGrant, later(withdrawal, imposed));
    }

    @Nullable Choice decisive(@Nullable Choice imposed) {
      Choice refusal = refusal(imposed);
      if (refusal != null) {
        return refusal;
      }
      if (isValid(imposed)) {
        return validGrant;
      }
      return isAfter(grant, later(withdrawal, imposed)) ? grant : null;
    }

    private static @Nullable Choice later(@Nullable Choice choice, @Nullable Choice known) {
      return isAfter(choice, known) ? choice : known;
    }

    private static boolean isAfter(@Nullable Choice one, @Nullable Choice other) {
      return one != null && (other == null || one.order() > other.order());
    }
  }

  private static boolean covers(Choice choice, ProductId product, @Nullable ChannelId channel) {
    if (choice.answer() == Answer.GRANTED) {
      return product.equals(choice.product()) && Objects.equals(channel, choice.channel());
    }
    return (choice.product() == null || choice.product().equals(product))
        && (choice.channel() == null || channel == null || choice.channel().equals(channel));
  }

  private static boolean covers(Choice choice, Coverage coverage) {
    return choice.coverage() == coverage
        || (choice.coverage() == Coverage.ALL && choice.answer() == Answer.WITHDRAWN);
  }
}
