package dev.pledge.engine.gate;

import dev.pledge.engine.gate.Symptoms.Problem;
import dev.pledge.engine.outbox.Outbox;

/** Messages to recipients that do not open: the first thousand, or all. */
final class OutboxCheck implements Check {
  private static final Problem PROBLEM =
      Problem.bad(
          "message-does-not-open",
          "a message to a recipient that was altered or moved",
          "somebody wrote to the database: find out who; restore a backup with `pledge restore`");

  @Override
  public void run(Ward ward, Symptoms found) {
    Outbox outbox = new Outbox(ward.keyStore().outboxKeys());
    ward.database()
        .read(
            handle -> {
              outbox.check(handle, ward.deep(), place -> found.add(PROBLEM, place));
              return outbox;
            });
  }
}
