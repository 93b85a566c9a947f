package dev.pledge.engine.oversight;

import java.util.List;
import java.util.Optional;

/**
 * A page of reviews, the earliest due first.
 *
 * @param next where the next page begins; empty at the end
 */
public record ReviewPage(List<Review> reviews, Optional<ReviewCursor> next) {
  public ReviewPage {
    reviews = List.copyOf(reviews);
  }

  /** Of {@code found}, one more than fits if there are more. */
  static ReviewPage of(List<Review> found, int limit) {
    if (found.size() <= limit) {
      return new ReviewPage(found, Optional.empty());
    }
    List<Review> page = found.subList(0, limit);
    return new ReviewPage(page, Optional.of(ReviewCursor.after(page.getLast())));
  }
}
