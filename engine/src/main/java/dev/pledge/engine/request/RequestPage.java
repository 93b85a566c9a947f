package dev.pledge.engine.request;

import java.util.List;
import java.util.Optional;

/**
 * A page of requests: what is owed first comes first, so what is late is at the top.
 *
 * @param next where the next page begins; empty at the end
 */
public record RequestPage(List<RightsRequest> requests, Optional<RequestCursor> next) {
  public RequestPage {
    requests = List.copyOf(requests);
  }

  static RequestPage of(List<RightsRequest> found, int limit) {
    if (found.size() <= limit) {
      return new RequestPage(found, Optional.empty());
    }
    List<RightsRequest> page = found.subList(0, limit);
    RightsRequest last = page.getLast();
    return new RequestPage(
        page, Optional.of(new RequestCursor(last.due().orElse(RequestCursor.NEVER), last.id())));
  }
}
