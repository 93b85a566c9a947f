package dev.pledge.server.centre;

import java.util.List;

/**
 * What somebody sees first.
 *
 * @param offers how many switches for offers and advertising are on
 * @param on how many of all switches are
 * @param all how many there are
 * @param recent what happened last
 */
public record Home(int offers, int on, int all, List<Happening> recent) {
  public Home {
    recent = List.copyOf(recent);
  }
}
