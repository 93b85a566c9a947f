package dev.pledge.server;

import dev.pledge.engine.Configuration;
import dev.pledge.engine.RestoreDesk;
import dev.pledge.engine.RestoreDesk.Restored;
import dev.pledge.engine.audit.LogBroken;
import dev.pledge.engine.store.RestoredData;
import dev.pledge.server.console.LateProgress;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code pledge restore --from DIR}. */
@Command(
    name = "restore",
    description = {
      "Make a data directory of a backup, and bring it up to date with the current key store, so"
          + " that nobody who was erased comes back; see docs/backup.md.",
      "--data must not be there yet. Whatever cuts it short, run it again: until it is done no"
          + " server starts on the data. Without --from it brings data that are there up to date."
    },
    mixinStandardHelpOptions = true)
final class RestoreCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Places places = new Places();

  @Option(
      names = "--from",
      paramLabel = "DIR",
      description = "The backup, as `pledge backup --to` made it.")
  private @Nullable Path from;

  @Override
  public Integer call() {
    Path data = places.data();
    if (!RestoreDesk.hasKeys(places.named())) {
      throw new CommandRefused(
          "`"
              + Places.shown(places.keys())
              + "` holds no root key and key store; put both there first, the newest there are, or"
              + " name the root key with --root-key");
    }
    if (from != null && RestoredData.isRecovered(data)) {
      spec.commandLine()
          .getErr()
          .println("going on with the restore that was cut short; the backup is not needed again");
    } else if (from != null) {
      LateProgress progress = new LateProgress(spec.commandLine().getErr(), "bytes copied");
      RestoreDesk.copy(from, data, progress::at);
    }
    Configuration at = places.existing();
    try {
      say(RestoreDesk.finish(at), at);
    } catch (UncheckedIOException | LogBroken e) {
      throw new CommandRefused(String.valueOf(e.getMessage()));
    }
    return Main.DONE;
  }

  private void say(Restored restored, Configuration at) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(Locale.ROOT, "restored %s%n", Places.shown(at.data()));
    line(out, restored.people(), "people are in the data");
    line(out, restored.forgotten(), "were erased since the backup, and are forgotten again");
    line(out, restored.removed(), "had no living key, and are removed");
    line(
        out,
        restored.registeredLater(),
        "were registered, or held by law, after the backup, and are lost");
    line(out, restored.keysReplaced(), "keys were replaced by those of the journal");
    line(out, restored.valuesLost(), "values under a replaced key are lost");
    line(out, restored.entriesLost(), "log entries without a place do not open, and are lost");
    for (RestoreDesk.Ended ended : restored.ended()) {
      out.printf(
          Locale.ROOT,
          "log %s has ended: %,d entries were signed, the data have %,d of them%n"
              + "log %s goes on from there; give people its key (`pledge audit key`)%n",
          ended.origin(),
          ended.signed(),
          ended.kept(),
          ended.goesOn());
    }
    out.flush();
  }

  private static void line(PrintWriter out, long count, String what) {
    out.printf(Locale.ROOT, "%,9d %s%n", count, what);
  }
}
