package dev.pledge.engine.gate;

import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.oversight.ReviewPage;
import dev.pledge.policy.decision.Reason;
import dev.pledge.policy.names.ClauseId;

/** What a reviewer is told of emergency uses. */
public sealed interface ReviewListing {

  /** Those the caller may review, and the log entry of having listed them. */
  record Listed(ReviewPage page, Receipt receipt) implements ReviewListing {}

  /** The caller reviews nothing. */
  record Refused(Reason reason, ClauseId clause, Receipt receipt) implements ReviewListing {}
}
