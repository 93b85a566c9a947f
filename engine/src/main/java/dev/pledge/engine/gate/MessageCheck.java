package dev.pledge.engine.gate;

import dev.pledge.engine.gate.Symptoms.Problem;
import dev.pledge.engine.message.Messages;

/** Messages to people that do not open: the first thousand, or all. */
final class MessageCheck implements Check {
  private static final Problem PROBLEM =
      Problem.bad(
          "message-to-person-does-not-open",
          "a message to a person that was altered or moved",
          "somebody wrote to the database: find out who; restore a backup with `pledge restore`");

  @Override
  public void run(Ward ward, Symptoms found) {
    ward.database()
        .read(
            handle -> {
              Messages.check(
                  handle,
                  ward.keyStore().messageKeys(),
                  ward.deep(),
                  place -> found.add(PROBLEM, place));
              return found;
            });
  }
}
