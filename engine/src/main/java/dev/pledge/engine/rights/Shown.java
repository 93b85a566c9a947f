package dev.pledge.engine.rights;

import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.request.DocumentType;
import dev.pledge.engine.request.RequestPage;
import dev.pledge.engine.request.RightsRequest;
import dev.pledge.engine.request.StoredDocument;
import dev.pledge.policy.names.ActorId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What is told of requests; each look is in the log before. */
public sealed interface Shown {
  /** The log entry. */
  Receipt receipt();

  /**
   * One request with all that was written.
   *
   * @param judgement what it was decided to, with reasons
   */
  record One(
      RightsRequest request,
      Wish wish,
      Optional<Judgement> judgement,
      List<Said> messages,
      List<StoredDocument> documents,
      Receipt receipt)
      implements Shown {
    public One {
      messages = List.copyOf(messages);
      documents = List.copyOf(documents);
    }
  }

  /**
   * A message.
   *
   * @param author who of the staff wrote it; empty if the person did
   */
  record Said(UUID id, Instant at, Optional<ActorId> author, String text) {
    /** Nothing that was written. */
    @Override
    public String toString() {
      return "Said[" + id + ", [redacted]]";
    }
  }

  /** The person's requests, the newest first. */
  record Own(List<RightsRequest> requests, Receipt receipt) implements Shown {
    public Own {
      requests = List.copyOf(requests);
    }
  }

  /**
   * A page of the queue.
   *
   * @param now the moment by which what is late was told from what is not
   * @param soon before which moment something is due soon
   */
  record Queue(
      RequestPage page,
      dev.pledge.engine.request.Requests.Counts counts,
      Instant now,
      Instant soon,
      Receipt receipt)
      implements Shown {}

  /** A document as it was handed in. */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record Document(DocumentType type, byte[] content, Receipt receipt) implements Shown {}

  /** There is no such request or document, or none the caller may know of. */
  record Unknown(Receipt receipt) implements Shown {}

  /** The caller may not look. */
  record Refused(NotNow why, Receipt receipt) implements Shown {}
}
