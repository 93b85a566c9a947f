package dev.pledge.policy.decision;

import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Choice;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.names.ChannelId;
import dev.pledge.policy.names.ProductId;
import java.util.List;
import java.util.Objects;
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
 * guardian's refusal does.
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

  private final CompiledPolicy policy;
  private final List<Choice> choices;
  private final boolean child;

  Choices(CompiledPolicy policy, SubjectState state, boolean child) {
    this.policy = policy;
    this.choices = state.choices();
    this.child = child;
  }

  Standing standing(
      int purpose, ProductId product, @Nullable ChannelId channel, Coverage coverage) {
    Choice self = latest(By.SELF, purpose, product, channel, coverage);
    Choice guardian = latest(By.GUARDIAN, purpose, product, channel, coverage);
    if (child) {
      return refuses(self) || refuses(guardian) ? Standing.WITHDRAWN : counts(purpose, guardian);
    }
    boolean guardianLast = guardian != null && (self == null || guardian.order() > self.order());
    return guardianLast && refuses(guardian) ? Standing.WITHDRAWN : counts(purpose, self);
  }

  private Standing counts(int purpose, @Nullable Choice grant) {
    if (grant == null) {
      return Standing.NONE;
    }
    if (refuses(grant)) {
      return Standing.WITHDRAWN;
    }
    return policy.stillMeans(grant.version(), purpose) ? Standing.GRANTED : Standing.LAPSED;
  }

  void collectEntries(
      int purpose, ProductId product, @Nullable ChannelId channel, List<UUID> entries) {
    for (By by : By.values()) {
      for (Coverage coverage : List.of(Coverage.ORDINARY, Coverage.SENSITIVE)) {
        Choice choice = latest(by, purpose, product, channel, coverage);
        if (choice != null && !entries.contains(choice.entry())) {
          entries.add(choice.entry());
        }
      }
    }
  }

  private @Nullable Choice latest(
      By by, int purpose, ProductId product, @Nullable ChannelId channel, Coverage coverage) {
    String name = policy.choiceName(purpose);
    Choice latest = null;
    for (Choice choice : choices) {
      if (choice.by() == by
          && choice.purpose().equals(name)
          && covers(choice, product, channel, coverage)
          && (latest == null || choice.order() > latest.order())) {
        latest = choice;
      }
    }
    return latest;
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

  private static boolean refuses(@Nullable Choice choice) {
    return choice != null && choice.answer() == Answer.WITHDRAWN;
  }
}
