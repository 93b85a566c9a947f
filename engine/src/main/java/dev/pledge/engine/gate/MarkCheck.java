package dev.pledge.engine.gate;

import dev.pledge.engine.gate.Symptoms.Problem;
import dev.pledge.engine.suppression.Marks;

/** Suppression marks that were altered, added past Pledge, or taken away. Looks at all of them. */
final class MarkCheck implements Check {
  private static final String RESTORE =
      "somebody wrote to the database: find out who; restore a backup with `pledge restore`";
  private static final Problem ALTERED =
      Problem.bad(
          "mark-was-altered",
          "a suppression mark that is not as it was written: nobody can be registered under its"
              + " alias",
          RESTORE);
  private static final Problem MISSING =
      Problem.bad(
          "mark-is-missing",
          "suppression marks that are gone, or came, without Pledge: lists may bring objectors back",
          RESTORE);

  @Override
  public void run(Ward ward, Symptoms found) {
    Marks marks = new Marks(ward.keyStore().suppressionKeys());
    ward.database()
        .read(
            handle -> {
              marks.check(
                  handle, place -> found.add(ALTERED, place), place -> found.add(MISSING, place));
              return marks;
            });
  }
}
