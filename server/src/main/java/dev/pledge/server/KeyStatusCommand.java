package dev.pledge.server;

import dev.pledge.engine.KeyDesk;
import dev.pledge.engine.KeyDesk.Change;
import dev.pledge.engine.KeyDesk.Epoch;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code pledge keys status}. */
@Command(
    name = "status",
    description = {
      "Show which epochs of keys live, what is under each, and how far a change to the next is.",
      "Reads every table with such keys once."
    },
    mixinStandardHelpOptions = true)
final class KeyStatusCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Places places = new Places();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try (KeyDesk desk = KeyDesk.open(places.existing())) {
      out.println(
          String.format(
              Locale.ROOT,
              "%5s  %-24s  %12s  %12s  %12s  %8s  %8s",
              "epoch",
              "began",
              "people",
              "aliases",
              "log entries",
              "tiles",
              "answers"));
      desk.epochs().forEach(epoch -> out.println(line(epoch)));
      desk.last().ifPresent(change -> out.println(said(change)));
    }
    out.flush();
    return Main.DONE;
  }

  private static String line(Epoch epoch) {
    return String.format(
        Locale.ROOT,
        "%5d  %-24s  %,12d  %,12d  %,12d  %,8d  %,8d",
        epoch.number(),
        epoch.began(),
        epoch.people(),
        epoch.aliases(),
        epoch.entries(),
        epoch.tiles(),
        epoch.replies());
  }

  private static String said(Change change) {
    String epoch = "epoch " + change.from();
    if (change.destroyedAt().isPresent()) {
      return epoch + " was destroyed at " + change.destroyedAt().get();
    }
    String end = "; its keys are to be destroyed at " + change.destroyAt();
    if (change.readyAt().isPresent()) {
      return epoch + ": nothing needs it since " + change.readyAt().get() + end;
    }
    return epoch + ": " + change.trouble().orElse("what is under it is being brought over") + end;
  }
}
