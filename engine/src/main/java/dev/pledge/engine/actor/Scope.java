package dev.pledge.engine.actor;

import java.util.Optional;

/**
 * What kinds of call a token may make. Whether data opens is not a scope's matter but the policy's.
 */
public enum Scope {
  /** Register people, record acceptance, close accounts. */
  SUBJECTS("subjects"),
  /** Record consents and withdrawals. */
  CONSENTS("consents"),
  /** Find a person by an alias. */
  LOOKUP("lookup"),
  /** Read many people at once, list audiences. */
  BULK("bulk"),
  /** Act on a person's exercise of a right: history, consents, erasure. */
  RIGHTS("rights"),
  /** Ask why a read is answered as it is. */
  EXPLAIN("explain"),
  /** Search the log: for auditors, and for nobody who works with people's data. */
  LOG("log"),
  /** List alarms and acknowledge them. */
  ALARMS("alarms"),
  /** Work on people's rights requests: for members of staff. */
  REQUESTS("requests");

  private final String word;

  Scope(String word) {
    this.word = word;
  }

  /** The word a token is made with. */
  public String word() {
    return word;
  }

  /** The scope meant by {@code word}, or empty. */
  public static Optional<Scope> of(String word) {
    for (Scope scope : values()) {
      if (scope.word.equals(word)) {
        return Optional.of(scope);
      }
    }
    return Optional.empty();
  }
}
