package dev.pledge.policy.decision;

import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Choice;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.names.ChannelId;
import dev.pledge.policy.names.ProductId;
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

  private final Meanings meanings;
  private final List<Choice> choices;
  private final boolean child;

  Choices(Meanings meanings, SubjectState state, boolean child) {
    this.meanings = meanings;
    this.choices = state.choices();
    this.child = child;
  }

  Standing standing(
      int purpose, ProductId product, @Nullable ChannelId channel, Coverage coverage) {
    Answers self = new Answers();
    Answers guardian = new Answers();
    find(purpose, product, channel, coverage, self, guardian);
    if (child) {
      return self.refused() || guardian.refused() ? Standing.WITHDRAWN : guardian.standing();
    }
    self.heed(guardian);
    return self.refused() ? Standing.WITHDRAWN : self.standing();
  }

  /** Whether the guardian has agreed, whatever the person's own answer. */
  boolean guardianAgrees(int purpose, ProductId product, @Nullable ChannelId channel) {
    Answers guardian = new Answers();
    find(purpose, product, channel, Coverage.ORDINARY, new Answers(), guardian);
    return guardian.standing() == Standing.GRANTED;
  }

  /** Adds the log entries of the answers that {@link #standing} rests on, and of no others. */
  void collectEntries(
      int purpose,
      ProductId product,
      @Nullable ChannelId channel,
      Coverage coverage,
      Set<UUID> entries) {
    Answers self = new Answers();
    Answers guardian = new Answers();
    find(purpose, product, channel, coverage, self, guardian);
    if (child) {
      addTo(entries, self.refusal());
      addTo(entries, guardian.decisive());
    } else {
      self.heed(guardian);
      addTo(entries, self.decisive());
    }
  }

  private static void addTo(Set<UUID> entries, @Nullable Choice decisive) {
    if (decisive != null) {
      entries.add(decisive.entry());
    }
  }

  /** Sorts the answers that matter by who gave them: the person, of whatever age, or a guardian. */
  private void find(
      int purpose,
      ProductId product,
      @Nullable ChannelId channel,
      Coverage coverage,
      Answers self,
      Answers guardian) {
    String name = meanings.nameOf(purpose);
    for (int i = 0; i < choices.size(); i++) {
      Choice choice = choices.get(i);
      if (choice.purpose().equals(name) && covers(choice, product, channel, coverage)) {
        boolean stillMeans = meanings.stillMeans(choice.version(), purpose);
        if (choice.by().isThePerson()) {
          self.add(choice, stillMeans);
        } else {
          guardian.add(choice, stillMeans);
        }
      }
    }
  }

  /**
   * The last answers of one party. Removing a grant or adding a withdrawal can only make them
   * worse: an older grant that still means what it said is not undone by a later one that no longer
   * does, and of two answers of one order the withdrawal counts.
   */
  private static final class Answers {
    private @Nullable Choice withdrawal;
    private @Nullable Choice grant;
    private @Nullable Choice validGrant;

    /** What the person granted as a child. */
    private @Nullable Choice childsGrant;

    /** A refusal of another party that binds this one. */
    private @Nullable Choice imposed;

    void add(Choice choice, boolean stillMeans) {
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

    /** Takes another party's refusal for one of this, which no grant of a child's lifts. */
    void heed(Answers other) {
      imposed = other.refusal();
    }

    boolean refused() {
      return refusal() != null;
    }

    /** The last withdrawal that nothing after it lifts. */
    @Nullable Choice refusal() {
      Choice own =
          isAfter(grant, withdrawal) || isAfter(childsGrant, withdrawal) ? null : withdrawal;
      return later(own, isAfter(grant, imposed) ? null : imposed);
    }

    Standing standing() {
      if (isValid()) {
        return Standing.GRANTED;
      }
      return isAfter(grant, later(withdrawal, imposed)) ? Standing.LAPSED : Standing.NONE;
    }

    private boolean isValid() {
      return isAfter(validGrant, later(withdrawal, imposed));
    }

    @Nullable Choice decisive() {
      Choice refusal = refusal();
      if (refusal != null) {
        return refusal;
      }
      if (isValid()) {
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

  private static boolean covers(
      Choice choice, ProductId product, @Nullable ChannelId channel, Coverage coverage) {
    if (choice.answer() == Answer.GRANTED) {
      return product.equals(choice.product())
          && Objects.equals(channel, choice.channel())
          && choice.coverage() == coverage;
    }
    return (choice.product() == null || choice.product().equals(product))
        && (choice.channel() == null || channel == null || choice.channel().equals(channel))
        && (choice.coverage() == Coverage.ALL || choice.coverage() == coverage);
  }
}
