package dev.pledge.server.centre;

import java.util.List;

/** Where somebody is signed in. */
public record SignedIn(List<Place> places) {
  public SignedIn {
    places = List.copyOf(places);
  }

  /**
   * One session.
   *
   * @param current whether it is the one that looks
   */
  public record Place(String id, String device, String since, String lastUsed, boolean current) {}
}
