package dev.pledge.engine;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a log of a deployment: {@code pledge} is the first, {@code pledge-2} the second.
 *
 * @param number 1 to {@value #MOST}
 */
record LogName(int number) {
  /** The most logs of a deployment. */
  static final int MOST = 16;

  /** The log that every deployment has. */
  static final LogName FIRST = new LogName(1);

  private static final String NAME = "pledge";
  private static final Pattern ANY = Pattern.compile(NAME + "(?:-([1-9][0-9]?))?");

  /** Throws {@link IllegalArgumentException} if the number is out of range. */
  LogName {
    if (number < 1 || number > MOST) {
      throw new IllegalArgumentException("a deployment has 1 to " + MOST + " logs");
    }
  }

  /** The log so named, if it is a name of one. */
  static Optional<LogName> of(String text) {
    Matcher name = ANY.matcher(text);
    if (!name.matches()) {
      return Optional.empty();
    }
    int number = name.group(1) == null ? 1 : Integer.parseInt(name.group(1));
    return Optional.of(number)
        .filter(known -> known <= MOST)
        .map(LogName::new)
        .filter(log -> log.toString().equals(text));
  }

  @Override
  public String toString() {
    return number == 1 ? NAME : NAME + "-" + number;
  }
}
