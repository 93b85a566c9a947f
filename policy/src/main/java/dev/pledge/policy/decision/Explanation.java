package dev.pledge.policy.decision;

import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.PurposeId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.View;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Why a question is answered as it is: for each asked field every rule in the order in which they
 * are tried. Words only; it opens nothing.
 *
 * @param policy the version that decided
 * @param beside the earlier versions that bind too, because the person accepted one of them and its
 *     grace lasts (0.1)
 * @param counted the roles of the asker that count for the question (IV.3)
 * @param fields one for each asked field, in the order of the question
 */
public record Explanation(
    PolicyVersion policy, List<PolicyVersion> beside, Set<RoleId> counted, List<OfField> fields) {

  public Explanation {
    beside = List.copyOf(beside);
    counted = Set.copyOf(counted);
    fields = List.copyOf(fields);
  }

  /** Where a value comes from, as the rules on single values need it. */
  public record Origin(ProductId product, Instant collectedAt) {}

  /**
   * What came of one asked field.
   *
   * @param asked the name as asked
   * @param view how it is seen, or null if it is refused
   * @param refused why it is refused, or null
   * @param purpose the purpose it serves: that of the question, or of a collection the one that
   *     lets it be stored; null if it is refused
   * @param steps one for each {@link Rule}, in their order
   */
  public record OfField(
      String asked,
      @Nullable View view,
      @Nullable Reason refused,
      @Nullable PurposeId purpose,
      List<Step> steps) {
    public OfField {
      steps = List.copyOf(steps);
    }

    /** Whether it is this rule that decides. */
    public boolean isDecidedBy(Step step) {
      return refused != null && step.reason() == refused;
    }
  }

  /**
   * One rule.
   *
   * @param clause the clause it keeps here
   * @param reason why it refuses; null unless it does
   */
  public record Step(Rule rule, Outcome outcome, ClauseId clause, @Nullable Reason reason) {

    /** The words for people; English where the language is not Chinese. */
    public String sentence(Locale language) {
      return switch (outcome) {
        case PASSED -> rule.passed(language);
        case REFUSED -> reason == null ? "" : reason.sentence(language);
        case DOES_NOT_APPLY, OF_EACH_VALUE, NOT_TRIED -> outcome.sentence(language);
      };
    }
  }

  /** What came of one rule. */
  public enum Outcome {
    PASSED("Refuses nothing.", "未予拒绝。"),
    /** It refuses, or would if no rule before it did. */
    REFUSED("Refuses.", "拒绝。"),
    DOES_NOT_APPLY("Does not apply to such a question.", "不适用于此类请求。"),
    /** It looks at single values and none was named. */
    OF_EACH_VALUE("Asked of each value, before it is opened.", "在开启每个值之前逐一判断。"),
    /** There is nothing it could look at, since a rule before it refused. */
    NOT_TRIED("Not tried, for what a rule before it refused.", "因前一规则已拒绝而未适用。");

    private final String english;
    private final String chinese;

    Outcome(String english, String chinese) {
      this.english = english;
      this.chinese = chinese;
    }

    /** The words for people; English where the language is not Chinese. */
    public String sentence(Locale language) {
      return Bilingual.in(language, english, chinese);
    }
  }
}
