package dev.pledge.server.centre;

import java.util.List;
import java.util.Optional;

/**
 * A page of who used somebody's data.
 *
 * @param kind which are shown: {@code all}, {@code others} or {@code refused}
 * @param next where older ones are
 */
public record Histories(String kind, List<Happening> lines, Optional<String> next) {
  public Histories {
    lines = List.copyOf(lines);
  }
}
