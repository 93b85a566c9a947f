package dev.pledge.engine.request;

import java.util.Locale;

/** What somebody asks for (V.1 to V.5). */
public enum RequestKind {
  /** To see everything that is held, or to take it along. */
  ACCESS("V.1"),
  /** That values are put right, or others beside them. */
  CORRECTION("V.1"),
  /** That fields are deleted or, where none is named, the person as a whole. */
  DELETION("V.1"),
  /** That data is kept and not used. */
  RESTRICTION("V.2"),
  /** That a purpose ends. */
  OBJECTION("V.2"),
  /** That the account of one product is closed. */
  CLOSING("V.3"),
  /** That something was done wrong. */
  COMPLAINT("V.5"),
  /** That a decided request is decided again, by somebody else. */
  APPEAL("V.4");

  private final String clause;

  RequestKind(String clause) {
    this.clause = clause;
  }

  /** The clause that promises it. */
  public String clause() {
    return clause;
  }

  /** The word for programs. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
