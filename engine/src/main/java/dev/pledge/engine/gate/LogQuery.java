package dev.pledge.engine.gate;

import dev.pledge.log.Facts;
import dev.pledge.log.Outcome;
import dev.pledge.log.Reason;
import dev.pledge.log.Verdict;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is looked for in the log; what is null is not asked about. An entry fits if it fits all that
 * is asked; field, clause and reason fit if one verdict fits them together, or, where no field is
 * asked about, the reason for the whole of it.
 *
 * @param actor who asked, approved, or was acted upon
 * @param caller what the caller is, such as {@code service} or {@code self}
 * @param clause with all below it: {@code II.I} finds {@code II.I.7}
 * @param reason the rule that decided, or what of it was not met
 * @param from the earliest time of deciding
 * @param to the first time after those
 */
public record LogQuery(
    @Nullable String actor,
    @Nullable String caller,
    @Nullable String kind,
    @Nullable Outcome outcome,
    @Nullable String purpose,
    @Nullable String product,
    @Nullable String field,
    @Nullable String clause,
    @Nullable String reason,
    @Nullable String exception,
    @Nullable Instant from,
    @Nullable Instant to) {

  boolean fits(Facts facts) {
    return is(caller, facts.caller().type())
        && is(kind, facts.kind().name())
        && (outcome == null || outcome == facts.outcome())
        && is(purpose, facts.purpose())
        && is(product, facts.product())
        && is(exception, facts.exception())
        && (from == null || !facts.at().isBefore(from))
        && (to == null || facts.at().isBefore(to))
        && isAbout(facts)
        && (asksNoVerdict() || someVerdict(facts));
  }

  private static boolean is(@Nullable String asked, String found) {
    return asked == null || asked.equals(found);
  }

  private static boolean is(@Nullable String asked, Optional<String> found) {
    return asked == null || found.filter(asked::equals).isPresent();
  }

  private boolean isAbout(Facts facts) {
    return actor == null
        || is(actor, facts.caller().id())
        || is(actor, facts.caller().approver())
        || is(actor, facts.target());
  }

  private boolean asksNoVerdict() {
    return field == null && clause == null && reason == null;
  }

  private boolean someVerdict(Facts facts) {
    boolean ofTheWhole =
        field == null && facts.reason().filter(why -> isBy(why.clause()) && isFor(why)).isPresent();
    return ofTheWhole
        || facts.verdicts().stream()
            .filter(verdict -> is(field, verdict.field()))
            .anyMatch(this::fits);
  }

  private boolean fits(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Granted granted -> reason == null && isBy(granted.clause());
      case Verdict.Withheld withheld -> isBy(withheld.why().clause()) && isFor(withheld.why());
    };
  }

  private boolean isBy(Optional<String> found) {
    return clause == null
        || found.filter(of -> of.equals(clause) || of.startsWith(clause + ".")).isPresent();
  }

  private boolean isFor(Reason why) {
    return reason == null || reason.equals(why.rule()) || is(reason, why.reason());
  }
}
