package dev.pledge.server;

import dev.pledge.engine.BackupDesk;
import dev.pledge.engine.Configuration;
import dev.pledge.engine.store.BaseBackup;
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
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code pledge backup --to DIR --keys-to DIR}. */
@Command(
    name = "backup",
    description = {
      "Copy the data, and apart from them the key store, while the server runs or while it does"
          + " not; see docs/backup.md.",
      "The data go into a new directory, which has its name once it is whole. The key store's copy"
          + " takes the place of the one before, since an older one would bring erased people"
          + " back. The root key is in neither: keep it in a third place."
    },
    mixinStandardHelpOptions = true)
final class BackupCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Places places = new Places();

  @Option(
      names = "--to",
      paramLabel = "DIR",
      description = "The directory to make, with a copy of the data.")
  private @Nullable Path to;

  @Option(
      names = "--keys-to",
      paramLabel = "DIR",
      description = "The directory of the one copy of the key store, which is replaced.")
  private @Nullable Path keysTo;

  @Override
  public Integer call() {
    if (to == null && keysTo == null) {
      throw new ParameterException(
          spec.commandLine(),
          "name a directory for the data with --to, for the keys with --keys-to");
    }
    Configuration at = places.existing();
    PrintWriter out = spec.commandLine().getOut();
    try {
      if (to != null) {
        BaseBackup.Made made =
            BackupDesk.backUp(
                at, to, new LateProgress(spec.commandLine().getErr(), "bytes copied")::at);
        out.printf(
            Locale.ROOT,
            "backed up %,d files of %,d bytes to %s%n",
            made.files(),
            made.bytes(),
            Places.shown(to.toAbsolutePath()));
      }
      if (keysTo != null) {
        // After the data: keys must have come as far as what they open.
        BackupDesk.backUpKeys(at, keysTo);
        out.printf(
            Locale.ROOT,
            "copied the key store to %s, without the root key%n",
            Places.shown(keysTo.toAbsolutePath()));
      }
    } catch (UncheckedIOException e) {
      throw new CommandRefused(String.valueOf(e.getMessage()));
    }
    out.flush();
    return Main.DONE;
  }
}
