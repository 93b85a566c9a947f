package dev.pledge.policy.decision;

import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Choice;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.names.ChannelId;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.ProductId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What a person's and a guardian's answers about one purpose come to, read literally: a grant
 * covers only what it names, a withdrawal that names less covers all, the server's order decides
 * (II.II.6, V.2).
 *
 * @param choices those about the purpose
 * @param counting the versions whose grants still mean what they said
 */
record PlainAnswers(
    List<Choice> choices,
    ProductId product,
    ChannelId channel,
    Coverage coverage,
    Set<PolicyVersion> counting) {
  private static final long NEVER = Long.MIN_VALUE;

  /** What the answers come to. */
  enum Word {
    YES,
    NO,
    /** Yes, to something that has changed since. */
    YES_ONCE,
    NOTHING
  }

  /** Only a guardian grants for a child, and both may refuse. */
  Word ofChild() {
    if (personRefuses() || guardianRefuses()) {
      return Word.NO;
    }
    return guardian();
  }

  /** Only the person grants, and a guardian's refusal binds until the person, grown up, grants. */
  Word ofAdult() {
    long granted = lastGrant(By.SELF);
    boolean bound = guardianRefuses() && granted <= lastWithdrawal(By.GUARDIAN);
    if (personRefuses() || bound) {
      return Word.NO;
    }
    long refused = lastWithdrawal(By.SELF, By.CHILD);
    if (guardianRefuses()) {
      refused = Math.max(refused, lastWithdrawal(By.GUARDIAN));
    }
    return word(granted, lastCounting(By.SELF), refused);
  }

  /** What the guardian says, whatever the person does. */
  Word guardian() {
    return word(lastGrant(By.GUARDIAN), lastCounting(By.GUARDIAN), lastWithdrawal(By.GUARDIAN));
  }

  /** The refusals that nothing lifted of a child and its guardian. */
  List<Choice> refusalsOfChild() {
    long guardians = lastGrant(By.GUARDIAN);
    return refusals(lastGrant(By.SELF, By.CHILD), guardians);
  }

  /** As above of an adult, whose own grant lifts what a guardian refused. */
  List<Choice> refusalsOfAdult() {
    long guardians = Math.max(lastGrant(By.GUARDIAN), lastGrant(By.SELF));
    return refusals(lastGrant(By.SELF, By.CHILD), guardians);
  }

  boolean wasGrantedForChild() {
    return lastGrant(By.GUARDIAN) != NEVER;
  }

  boolean wasGrantedByAdult() {
    return lastGrant(By.SELF) != NEVER;
  }

  private List<Choice> refusals(long liftsOwn, long liftsGuardians) {
    List<Choice> standing = new ArrayList<>();
    for (Choice choice : choices) {
      long lifted = choice.by() == By.GUARDIAN ? liftsGuardians : liftsOwn;
      if (isWithdrawal(choice) && choice.order() >= lifted) {
        standing.add(choice);
      }
    }
    return standing;
  }

  private static Word word(long granted, long counting, long refused) {
    if (counting > refused) {
      return Word.YES;
    }
    return granted > refused ? Word.YES_ONCE : Word.NOTHING;
  }

  /** What somebody granted as a child lifts their own refusal, and does nothing else. */
  private boolean personRefuses() {
    long refused = lastWithdrawal(By.SELF, By.CHILD);
    return refused != NEVER && lastGrant(By.SELF, By.CHILD) <= refused;
  }

  private boolean guardianRefuses() {
    long refused = lastWithdrawal(By.GUARDIAN);
    return refused != NEVER && lastGrant(By.GUARDIAN) <= refused;
  }

  private long lastGrant(By... parties) {
    long last = NEVER;
    for (Choice choice : choices) {
      if (isGrant(choice) && List.of(parties).contains(choice.by())) {
        last = Math.max(last, choice.order());
      }
    }
    return last;
  }

  private long lastCounting(By party) {
    long last = NEVER;
    for (Choice choice : choices) {
      if (isGrant(choice) && choice.by() == party && counting.contains(choice.version())) {
        last = Math.max(last, choice.order());
      }
    }
    return last;
  }

  private long lastWithdrawal(By... parties) {
    long last = NEVER;
    for (Choice choice : choices) {
      if (isWithdrawal(choice) && List.of(parties).contains(choice.by())) {
        last = Math.max(last, choice.order());
      }
    }
    return last;
  }

  private boolean isGrant(Choice choice) {
    return choice.answer() == Answer.GRANTED
        && product.equals(choice.product())
        && Objects.equals(choice.channel(), channel)
        && choice.coverage() == coverage;
  }

  private boolean isWithdrawal(Choice choice) {
    boolean everyProduct = choice.product() == null;
    boolean everyChannel = choice.channel() == null || channel == null;
    boolean everything = choice.coverage() == Coverage.ALL;
    return choice.answer() == Answer.WITHDRAWN
        && (everyProduct || choice.product().equals(product))
        && (everyChannel || choice.channel().equals(channel))
        && (everything || choice.coverage() == coverage);
  }
}
