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

  /** What was asked. */
  public static RequestPlace asked(UUID request) {
    return new RequestPlace(What.TEXT, request, request);
  }

  /**
   * What it was decided to: in another place than what was asked, so that neither passes for it.
   */
  public static RequestPlace decision(UUID request) {
    UUID other = new UUID(~request.getMostSignificantBits(), ~request.getLeastSignificantBits());
    return new RequestPlace(What.TEXT, request, other);
  }

  /** A message on it. */
  public static RequestPlace message(UUID request, UUID message) {
    return new RequestPlace(What.TEXT, request, message);
  }

  /** A document that was handed in with it. */
  public static RequestPlace document(UUID request, UUID document) {
    return new RequestPlace(What.DOCUMENT, request, document);
  }

  Part part() {
    return what.of(request);
  }

  /** The same for ever: what is sealed hangs on it. */
  String label() {
    return "pledge/request/v1/" + what.id;
  }
}
