package dev.pledge.engine.gate;

import dev.pledge.engine.oversight.Review;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A review to be completed (II.I.7).
 *
 * @param note why, in the reviewer's words; sealed in the log under the person's key, and not kept
 *     where there is none any more
 */
public record ReviewRequest(UUID review, Review.Finding finding, @Nullable String note) {
  private static final int LONGEST_NOTE = 800;

  public ReviewRequest {
    if (note != null) {
      ReadRequest.requireText(note, "note", LONGEST_NOTE);
    }
  }

  @Override
  public String toString() {
    return "ReviewRequest[" + review + ", " + finding + "]";
  }
}
