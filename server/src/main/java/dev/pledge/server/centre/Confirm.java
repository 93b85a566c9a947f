package dev.pledge.server.centre;

import java.util.List;
import java.util.Optional;

/**
 * A question before something that is not simply switched back.
 *
 * @param points what happens, and what does not
 * @param action where the form goes, with {@code what}
 * @param tick what has to be ticked, where that is asked for
 * @param back where nothing happens
 */
public record Confirm(
    String title,
    List<String> points,
    String action,
    String what,
    Optional<String> tick,
    String button,
    String back) {
  public Confirm {
    points = List.copyOf(points);
  }
}
