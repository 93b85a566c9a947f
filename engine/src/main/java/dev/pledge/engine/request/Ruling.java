package dev.pledge.engine.request;

import java.util.Locale;

/** What a request was decided to. */
public enum Ruling {
  GRANTED,
  PARTLY,
  REFUSED;

  /** The word for programs. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
