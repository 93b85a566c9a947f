package dev.pledge.engine.keys;

import java.util.Optional;
import java.util.UUID;

/**
 * Where something sealed of a rights request stands.
 *
 * @param request which request of the person's it is of
 * @param record which record of that request it is
 */
public record RequestPlace(What what, UUID request, UUID record) {
  /** What of a request is forgotten together. */
  public enum What {
    /** What was asked, said and decided. */
    TEXT("request-text"),
    /** Documents that were handed in. */
    DOCUMENT("request-document");

    private final String id;

    What(String id) {
      this.id = id;
    }

    /** The part of the person that it is, of one request. */
    public Part of(UUID request) {
      return new Part(id, request.toString(), Optional.empty());
    }
  }

  Part part() {
    return what.of(request);
  }

  /** The same for ever: what is sealed hangs on it. */
  String label() {
    return "pledge/request/v1/" + what.id;
  }
}
