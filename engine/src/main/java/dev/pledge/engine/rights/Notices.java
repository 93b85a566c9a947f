package dev.pledge.engine.rights;

import dev.pledge.engine.store.Transaction;
import dev.pledge.policy.names.SubjectId;
import java.util.Locale;
import java.util.Map;

/** Tells people of their requests: what happened, never what was written. */
@FunctionalInterface
public interface Notices {
  /** What people are told. */
  enum Notice {
    /** The request is here, with its number. */
    REQUEST_RECEIVED,
    /** There is something to read on the request. */
    REQUEST_MESSAGE,
    /** The request is decided. */
    REQUEST_DECIDED,
    /** Access is granted: the copy can be fetched. */
    EXPORT_READY;

    /** The word for programs. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** The parameter with the number of the request. */
  String NUMBER = "number";

  /**
   * Tells the person when the transaction commits.
   *
   * @return false where there is no way to reach them: somebody has to tell them otherwise
   */
  boolean tell(Transaction tx, SubjectId subject, Notice notice, Map<String, String> parameters);
}
