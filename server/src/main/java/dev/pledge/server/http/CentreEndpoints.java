package dev.pledge.server.http;

import dev.pledge.engine.Pledge;
import java.security.SecureRandom;
import java.time.InstantSource;

/** The pages of the Privacy Centre, by what they are about (V.1–V.5). */
record CentreEndpoints(
    CentreDoor door,
    CentreEntrance entrance,
    DataPages data,
    ChoicePages choices,
    HistoryPages history,
    AccountPages account) {

  static CentreEndpoints of(Pledge pledge, CentreSettings settings, InstantSource clock) {
    CentreDoor door = new CentreDoor(pledge, settings.secure(), clock, new SecureRandom());
    ChoicePages choices = new ChoicePages(door);
    return new CentreEndpoints(
        door,
        new CentreEntrance(door, pledge, settings.invited(), choices),
        new DataPages(door, pledge, new ExportEndpoints(pledge)),
        choices,
        new HistoryPages(door),
        new AccountPages(door, pledge));
  }
}
