package dev.pledge.engine.gate;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.gate.People.Hold;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.oversight.Review;
import dev.pledge.engine.oversight.ReviewCursor;
import dev.pledge.engine.oversight.ReviewPage;
import dev.pledge.engine.oversight.Reviews;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.Transaction;
import dev.pledge.log.Detail;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policy.BreakGlass;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Reason;
import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.PurposeId;
import dev.pledge.policy.names.SubjectId;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reviews of emergency uses by a second person (II.I.7): listed, and completed. */
final class Reviewing {
  private final Parts parts;
  private final Database database;
  private final Reviews reviews;

  Reviewing(Parts parts, Database database, Reviews reviews) {
    this.parts = parts;
    this.database = database;
    this.reviews = reviews;
  }

  // --------------------------------------------------------------------------------- completing

  Outcome review(Transaction tx, Caller caller, SubjectId subject, ReviewRequest request)
      throws SQLException {
    Person person = parts.one(tx.handle(), subject, Hold.ALSO_SEALED);
    Review review =
        reviews
            .take(tx, subject, request.review())
            .filter(found -> person != null || found.isAboutNobody())
            .orElse(null);
    if (review == null) {
      return new Outcome.Unknown(parts.appendUnknown(tx, Kind.REVIEW, caller));
    }
    if (person == null) {
      Asked asked = asked(caller, review, request, parts.clock().instant());
      return outcome(tx, asked, parts.entries().appendAboutNobody(tx, asked.facts().build()));
    }
    try (SubjectKey key = parts.keys().unwrap(subject, person.wrapped())) {
      Asked asked = asked(caller, review, request, person.state().now());
      Person aged = parts.aged(person, key, asked.policy);
      Facts facts =
          asked.facts().standing(Logbook.standing(aged.state(), review.product())).build();
      Detail detail = Detail.of(person.state().version(), List.of()).withRefersTo(review.id());
      detail = request.note() == null ? detail : detail.withNote(request.note());
      return outcome(tx, asked, parts.entries().append(tx, key, facts, detail));
    }
  }

  /** A review as asked for, and why it is refused, if it is. */
  private record Asked(
      Asker reviewer,
      Review review,
      Review.Finding finding,
      CompiledPolicy policy,
      Instant now,
      @Nullable Reason refused) {

    Facts.Builder facts() {
      Optional<BreakGlass> emergency =
          Optional.ofNullable(policy.declaredPurpose(review.purpose()))
              .flatMap(Purpose::breakGlass);
      Facts.Builder facts =
          Logbook.overseen(
                  Kind.REVIEW, now, reviewer, emergency.map(BreakGlass::reviewer), policy, refused)
              .purpose(review.purpose())
              .product(review.product())
              .target(review.user().value());
      return refused == null ? facts.reason(Logbook.found(finding)) : facts;
    }
  }

  private Asked asked(Caller caller, Review review, ReviewRequest request, Instant now) {
    Asker reviewer = caller.asker(now, Asker.Capacity.ROLE, Asker.Assurance.SIGNED_IN);
    CompiledPolicy policy = reviewedUnder(review.purpose(), now);
    Reason refused =
        policy.refusesReview(reviewer, review.user(), review.purpose(), review.product());
    if (refused == null && review.done() != null) {
      refused = Reason.ALREADY_REVIEWED;
    }
    return new Asked(reviewer, review, request.finding(), policy, now, refused);
  }

  private Outcome outcome(Transaction tx, Asked asked, Receipt receipt) {
    if (asked.refused != null) {
      return Outcome.Refused.of(asked.refused, receipt);
    }
    reviews.complete(tx, asked.review, asked.reviewer.id(), asked.finding);
    return new Outcome.Done(receipt);
  }

  /** A revision that drops an emergency leaves its uses to whoever reviewed them before. */
  private CompiledPolicy reviewedUnder(String purpose, Instant now) {
    return effective(now)
        .filter(policy -> isEmergency(policy, purpose))
        .findFirst()
        .orElseGet(() -> parts.policyAt(now));
  }

  /** The versions that have come into force, the newest first. */
  private Stream<CompiledPolicy> effective(Instant now) {
    return parts.policies().versions().reversed().stream()
        .filter(policy -> !now.isBefore(policy.effectiveAt()));
  }

  private static boolean isEmergency(CompiledPolicy policy, String purpose) {
    Purpose declared = policy.declaredPurpose(purpose);
    return declared != null && declared.breakGlass().isPresent();
  }

  // ------------------------------------------------------------------------------------- listing

  ReviewListing list(Caller caller, Reviews.Which which, @Nullable String cursor, int limit) {
    Optional<ReviewCursor> after = Optional.ofNullable(cursor).map(ReviewCursor::of);
    Instant now = parts.clock().instant();
    Asker reviewer = caller.asker(now, Asker.Capacity.ROLE, Asker.Assurance.SIGNED_IN);
    Set<String> purposes = reviewedBy(reviewer, now);
    Reason refused = purposes.isEmpty() ? Reason.NO_OVERSIGHT : null;
    Facts facts =
        Logbook.overseen(
                Kind.REVIEWS, now, reviewer, Optional.empty(), parts.policyAt(now), refused)
            .build();
    if (refused != null) {
      Receipt receipt = parts.entries().recordAboutNobody(facts);
      return new ReviewListing.Refused(refused, new ClauseId(refused.clause()), receipt);
    }
    ReviewPage page =
        database.read(
            handle -> reviews.page(handle, which, purposes, reviewer.products(), after, limit));
    return new ReviewListing.Listed(page, parts.entries().recordAboutNobody(facts));
  }

  private Set<String> reviewedBy(Asker reviewer, Instant now) {
    Set<PurposeId> looked = new HashSet<>();
    Set<String> reviewed = new HashSet<>();
    effective(now)
        .forEach(
            policy -> {
              Set<PurposeId> theirs = policy.reviewedBy(reviewer);
              policy.source().purposes().stream()
                  .filter(purpose -> purpose.breakGlass().isPresent() && looked.add(purpose.id()))
                  .filter(purpose -> theirs.contains(purpose.id()))
                  .forEach(purpose -> reviewed.add(purpose.id().value()));
            });
    return reviewed;
  }
}
