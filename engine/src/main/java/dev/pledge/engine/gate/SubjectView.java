package dev.pledge.engine.gate;

import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.consent.Consents;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.decision.SubjectState.Choice;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is told of an account; no personal value is in it. */
public sealed interface SubjectView {

  /** The state of the account. */
  record State(SubjectState state, @Nullable String jurisdiction, Instant since, Receipt receipt)
      implements SubjectView {}

  /**
   * What the person's choices amount to, and a page of those they made, newest first.
   *
   * @param state what decisions rest on
   * @param next what to ask with for the next page, or empty at the end
   */
  record Choices(
      SubjectState state,
      List<Choice> current,
      List<Consents.Event> events,
      Optional<String> next,
      Receipt receipt)
      implements SubjectView {
    public Choices {
      current = List.copyOf(current);
      events = List.copyOf(events);
    }
  }

  /** There is no such person. */
  record Unknown(Receipt receipt) implements SubjectView {}
}
