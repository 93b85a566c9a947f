package dev.pledge.engine.watch;

import dev.pledge.engine.audit.Receipt;
import java.util.List;
import java.util.Optional;

/**
 * A page of alarms, the open ones first, and the latest first among them.
 *
 * @param next where the next page begins; empty at the end
 * @param watched how far each log has been watched
 * @param receipt the log's entry of having listed them
 */
public record AlarmPage(
    List<Alarm> alarms, Optional<String> next, List<Watched> watched, Receipt receipt) {
  public AlarmPage {
    alarms = List.copyOf(alarms);
    watched = List.copyOf(watched);
  }
}
