package dev.pledge.server.demo;

import java.time.LocalDate;
import java.util.Locale;
import java.util.Map;

/**
 * One invented person.
 *
 * @param number from 1; also the account number they are known by
 * @param country ISO 3166
 * @param language of the notice they read
 * @param values what the product collects, by field
 */
record Invented(
    int number,
    String country,
    String language,
    LocalDate birthDate,
    Map<String, Object> aliases,
    Map<String, Object> values,
    Stance stance) {

  /** How an invented person stands to the policy. */
  enum Stance {
    /** Accepted, and asked about promotion never. */
    PLAIN,
    /** Accepted and agreed to promotion by e-mail. */
    JOINED,
    /** Accepted, agreed, and changed their mind. */
    LEFT,
    /** Has not accepted the policy. */
    UNACCEPTED,
    /** A child whose guardian has agreed to signing in, customer service and settings. */
    GUARDED,
    /** A child whose guardian has agreed to signing in and nothing else. */
    CHILD
  }

  String account() {
    return account(number);
  }

  static String account(int number) {
    return String.format(Locale.ROOT, "demo-%04d", number);
  }
}
