package dev.pledge.server.centre;

import java.util.Optional;

/**
 * One line of who used somebody's data, as a sentence.
 *
 * @param day and {@code time} by UTC
 * @param why in the words of whoever did it
 * @param because why it was refused
 * @param receipt where its proof is recomputed
 */
public record Happening(
    String day,
    String time,
    String sentence,
    Optional<String> why,
    Optional<String> because,
    Mood mood,
    Optional<String> receipt) {
  /** What kind of thing it is, for the picture. */
  public enum Mood {
    OWN,
    USED,
    SHARED,
    REFUSED,
    CHANGED;

    /** The word that the style sheet knows. */
    String word() {
      return switch (this) {
        case OWN -> "own";
        case USED -> "used";
        case SHARED -> "shared";
        case REFUSED -> "refused";
        case CHANGED -> "changed";
      };
    }
  }
}
