package dev.pledge.server;

import dev.pledge.log.Checkpoint;
import dev.pledge.log.StatementVerifier;
import dev.pledge.log.Verifier.Finding;
import dev.pledge.log.Verifier.Outcome;
import dev.pledge.server.console.Printable;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What came of verifying, told to people, with the exit code that it is worth. */
final class VerifyReport {
  private final PrintWriter out;

  VerifyReport(PrintWriter out) {
    this.out = out;
  }

  /** Of a list by itself. */
  int ofList(MineFile list) {
    StatementVerifier.Outcome outcome = list.outcome();
    printWitnesses(outcome.witnesses());
    printListed(outcome);
    return conclude(
        outcome.findings(),
        outcome.more(),
        "sound: every entry listed is in the log, and the log signed that these are all; a copy of"
            + " the log would show one that was left out");
  }

  /**
   * Of a copy, and of what was held against it.
   *
   * @param missed what should be beside it
   */
  int ofCopy(
      Outcome outcome,
      SurplusFiles surplus,
      List<ReceiptFile> receipts,
      Optional<MineFile> list,
      List<Finding> missed) {
    outcome.checkpoint().ifPresent(this::printCheckpoint);
    printWitnesses(outcome.witnesses());
    if (outcome.pruned() > 0) {
      out.printf(
          Locale.ROOT,
          "pruned      the first %,d entries are no longer kept; their hashes are verified%n",
          outcome.pruned());
    }
    printReceipts(outcome, receipts);
    List<Finding> findings = new ArrayList<>();
    receipts.forEach(receipt -> receipt.finding().ifPresent(findings::add));
    findings.addAll(outcome.findings());
    findings.addAll(surplus.findings());
    findings.addAll(missed);
    long more = outcome.more() + surplus.more();
    String sound = "sound: every entry, every tile and the checkpoint are as they must be";
    if (list.isPresent()) {
      StatementVerifier.Outcome listed = list.get().outcome();
      printListed(listed);
      if (listed.statement().isPresent()) {
        printMarked(listed);
      }
      findings.addAll(listed.findings());
      more += listed.more();
      sound += ", and every entry with the person's mark is listed";
    }
    int code = conclude(findings, more, sound);
    return code == Main.DONE && !outcome.notYet().isEmpty() ? Main.OPEN : code;
  }

  /**
   * Of several copies.
   *
   * @param wrong what is wrong with them together
   * @param codes what each of them was worth
   */
  int ofCopies(List<String> wrong, List<Integer> codes) {
    wrong.forEach(this::printWrong);
    boolean isSound = wrong.isEmpty() && !codes.contains(Main.WRONG);
    out.println(isSound ? "all logs are sound" : "not all logs are sound");
    out.flush();
    if (!isSound) {
      return Main.WRONG;
    }
    return codes.contains(Main.OPEN) ? Main.OPEN : Main.DONE;
  }

  private void printCheckpoint(Checkpoint checkpoint) {
    out.println("log         " + Printable.of(checkpoint.origin()));
    out.printf(Locale.ROOT, "entries     %,d%n", checkpoint.size());
    out.println("root        " + checkpoint.root());
  }

  private void printWitnesses(Collection<String> witnesses) {
    if (!witnesses.isEmpty()) {
      out.println("witnesses   " + Printable.of(String.join(", ", witnesses)));
    }
  }

  private void printReceipts(Outcome outcome, List<ReceiptFile> receipts) {
    receipts.stream()
        .flatMap(receipt -> receipt.wanted().stream())
        .filter(outcome.positions()::containsKey)
        .forEach(
            wanted ->
                out.printf(
                    Locale.ROOT,
                    "receipt     %s: in the log, entry %,d%n",
                    wanted.where(),
                    outcome.positions().get(wanted)));
    outcome
        .notYet()
        .forEach(
            wanted ->
                out.println(
                    "receipt     "
                        + wanted.where()
                        + ": not covered by this copy yet; it was promised by "
                        + wanted.due()
                        + ", ask for a copy made after that"));
  }

  private void printListed(StatementVerifier.Outcome outcome) {
    outcome
        .statement()
        .ifPresent(
            said ->
                out.printf(
                    Locale.ROOT,
                    "listed      %,d entries about the person, of the first %,d of %s, at %s%n",
                    outcome.listed(),
                    said.size(),
                    Printable.of(said.origin()),
                    said.at()));
    if (outcome.unchecked() > 0) {
      out.printf(
          Locale.ROOT,
          "            %,d of them with a mark that cannot be checked: the law kept them from the"
              + " person at first, or an earlier key made the mark%n",
          outcome.unchecked());
    }
  }

  private void printMarked(StatementVerifier.Outcome outcome) {
    out.printf(
        Locale.ROOT,
        "marked      %,d entries of the copy have the person's mark%s%n",
        outcome.marked(),
        outcome.later() == 0
            ? ""
            : String.format(Locale.ROOT, ", and %,d after the list was made", outcome.later()));
  }

  private int conclude(List<Finding> findings, long more, String sound) {
    findings.forEach(finding -> printWrong(finding.where() + ": " + finding.what()));
    if (more > 0) {
      out.printf(Locale.ROOT, "            and %,d findings more%n", more);
    }
    out.println(findings.isEmpty() ? sound : "not sound");
    out.flush();
    return findings.isEmpty() ? Main.DONE : Main.WRONG;
  }

  private void printWrong(String what) {
    out.println("WRONG       " + Printable.of(what));
  }
}
