package dev.pledge.engine.rights;

import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.request.RightsRequest;
import java.util.UUID;

/** What came of making a request or of moving one on. */
public sealed interface Moved {
  /** The log entry. */
  Receipt receipt();

  /**
   * It is as it was asked.
   *
   * @param record the message or document that was added; the request itself where none was
   */
  record Done(RightsRequest request, UUID record, Receipt receipt) implements Moved {}

  /** There is no such request, or none the caller may know of. */
  record Unknown(Receipt receipt) implements Moved {}

  /** It is not, and nothing was changed. */
  record Refused(NotNow why, Receipt receipt) implements Moved {}
}
