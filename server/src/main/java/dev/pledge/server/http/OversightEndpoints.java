package dev.pledge.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pledge.engine.Pledge;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.gate.ApprovalRequest;
import dev.pledge.engine.gate.Approved;
import dev.pledge.engine.gate.Outcome;
import dev.pledge.engine.gate.ReviewListing;
import dev.pledge.engine.gate.ReviewRequest;
import dev.pledge.engine.oversight.Review;
import dev.pledge.engine.oversight.ReviewPage;
import dev.pledge.engine.oversight.Reviews;
import dev.pledge.policy.decision.Reason;
import dev.pledge.policy.names.ClauseId;
import dev.pledge.policy.names.SubjectId;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The second pair of eyes: approvals of legal exceptions, reviews of emergency uses (II.I.7). */
final class OversightEndpoints {
  static final Problem BAD_STATE =
      Problem.of(
          ProblemType.BAD_REQUEST,
          "The parameter `state` is `open` or `all`.",
          "参数 `state` 应为 `open` 或 `all`。");

  private static final int PAGE = 50;
  private static final Map<String, Reviews.Which> STATES =
      Map.of("open", Reviews.Which.OPEN, "all", Reviews.Which.ALL);

  private final Pledge pledge;
  private final Once once;

  OversightEndpoints(Pledge pledge, Once once) {
    this.pledge = pledge;
    this.once = once;
  }

  Answer approve(Call call) {
    ApprovalRequest request =
        Inputs.approval(call.members("purpose", "product", "reference", "fields", "for", "until"));
    SubjectId subject = call.subject();
    return once.change(
        call, changes -> approved(changes.approve(subject, request), call.language()));
  }

  private static Answer.Whole approved(Approved approved, Locale language) {
    return switch (approved) {
      case Approved.Granted granted -> {
        ObjectNode json = Json.object();
        json.put("approval", granted.approval().toString());
        json.put("until", granted.until().toString());
        json.set("receipt", Outputs.receipt(granted.receipt()));
        yield Answer.json(201, json);
      }
      case Approved.Unknown _ -> Answer.problem(Call.NOT_FOUND, language);
      case Approved.Refused(var reason, var clause, var receipt) ->
          Answer.problem(Outputs.refused(reason, clause, receipt), language);
    };
  }

  Answer revoke(Call call) {
    UUID approval = approval(call.query("approval"));
    SubjectId subject = call.subject();
    return once.change(
        call, changes -> SubjectEndpoints.done(changes.revoke(subject, approval), call.language()));
  }

  private static UUID approval(String text) {
    try {
      return Inputs.uuid(text);
    } catch (IllegalArgumentException e) {
      throw Call.NOT_FOUND.found();
    }
  }

  Answer review(Call call) {
    ReviewRequest request = Inputs.review(call.members("review", "finding", "note"));
    SubjectId subject = call.subject();
    return once.change(
        call, changes -> reviewed(changes.review(subject, request), call.language()));
  }

  private static Answer.Whole reviewed(Outcome outcome, Locale language) {
    return outcome instanceof Outcome.Refused(var reason, var clause, var receipt)
            && reason == Reason.ALREADY_REVIEWED
        ? Answer.problem(alreadyReviewed(clause, receipt), language)
        : SubjectEndpoints.done(outcome, language);
  }

  private static Problem alreadyReviewed(ClauseId clause, Receipt receipt) {
    return Problem.of(
            ProblemType.ALREADY_REVIEWED,
            Reason.ALREADY_REVIEWED.sentence(Locale.ENGLISH),
            Reason.ALREADY_REVIEWED.sentence(Locale.CHINESE))
        .because(clause.value())
        .withMember("receipt", Outputs.receipt(receipt));
  }

  Answer reviews(Call call) {
    Reviews.Which which = which(call.optionalQuery("state"));
    int limit = call.queryNumber("limit", 1, Reviews.MOST, PAGE);
    String cursor = call.optionalQuery("cursor");
    ReviewListing listing;
    try {
      listing = pledge.reviews(call.who(), which, cursor, limit);
    } catch (IllegalArgumentException e) {
      throw Call.BAD_CURSOR.found();
    }
    return switch (listing) {
      case ReviewListing.Listed(var page, var receipt) -> Answer.json(200, listed(page, receipt));
      case ReviewListing.Refused(var reason, var clause, var receipt) ->
          Answer.problem(Outputs.refused(reason, clause, receipt), call.language());
    };
  }

  private static Reviews.Which which(@Nullable String state) {
    Reviews.Which which = STATES.get(state == null ? "open" : state);
    if (which == null) {
      throw BAD_STATE.found();
    }
    return which;
  }

  private static ObjectNode listed(ReviewPage page, Receipt receipt) {
    ObjectNode json = Json.object();
    ArrayNode items = json.putArray("items");
    page.reviews().forEach(review -> items.add(listed(review)));
    page.next().ifPresent(next -> json.put("next", next.toString()));
    json.set("receipt", Outputs.receipt(receipt));
    return json;
  }

  private static ObjectNode listed(Review review) {
    ObjectNode json = Json.object();
    json.put("review", review.id().toString());
    json.put("subject", review.subject().toString());
    json.put("actor", review.user().value());
    json.put("purpose", review.purpose());
    json.put("product", review.product());
    json.put("usedAt", review.usedAt().toString());
    json.put("due", review.due().toString());
    Review.Done done = review.done();
    json.put("state", done == null ? "open" : "done");
    if (done != null) {
      json.put("finding", Outputs.word(done.finding()));
      json.put("reviewedBy", done.by().value());
      json.put("reviewedAt", done.at().toString());
    }
    return json;
  }
}
