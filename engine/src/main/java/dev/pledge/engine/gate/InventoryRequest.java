package dev.pledge.engine.gate;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.value.UnusableInput;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.FieldId;
import java.time.YearMonth;
import org.jspecify.annotations.Nullable;

/**
 * A look at what is held of a person, in the person's own right (V.1).
 *
 * @param capacity whose right it is: the person's, or that of somebody who acts for them; verified
 *     by whoever builds this
 * @param assurance masked until the person has stepped up
 */
public record InventoryRequest(
    Caller caller, Asker.Capacity capacity, Asker.Assurance assurance, Aim aim) {

  public InventoryRequest {
    if (capacity == Asker.Capacity.ROLE) {
      throw new UnusableInput(
          "as", "say in whose right it is asked, such as `subject`", "请说明以谁的权利提出，例如 `subject`");
    }
  }

  /** What the look is for. */
  public sealed interface Aim {
    /** What there is: every current value, and of event series how many. */
    record Overview() implements Aim {}

    /**
     * Values of one event series, newest first.
     *
     * @param month the month of observation, UTC
     * @param limit the most values, 1 to {@value Window#MOST}
     */
    record Month(FieldId field, YearMonth month, @Nullable String cursor, int limit)
        implements Aim {
      public Month {
        var _ = new Window(null, null, limit);
      }
    }

    /** The choices and acceptances, without any value. */
    record Choices() implements Aim {}

    /** All of it, to take along. */
    record Export() implements Aim {}
  }
}
