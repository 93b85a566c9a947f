package dev.pledge.server;

import dev.pledge.engine.watch.WatchSettings;
import dev.pledge.policy.language.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;

/** The file that says from when on access is unusual. */
final class WatchFile {
  private WatchFile() {}

  /**
   * What it says; what it does not say is as in {@code usual}.
   *
   * @throws CommandRefused if it cannot be read, or something in it is wrong, which was said
   */
  static WatchSettings read(CommandSpec spec, Path file, WatchSettings usual) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new CommandRefused("could not read `" + file + "`; name the limits with --watch FILE");
    }
    Settings.Read<WatchSettings> read =
        Settings.read(
            file.toString(), bytes, "the watch", settings -> WatchSettings.read(settings, usual));
    PrintWriter err = spec.commandLine().getErr();
    read.problems().forEach(problem -> err.println(problem.pretty()));
    err.flush();
    return read.value()
        .orElseThrow(
            () -> new CommandRefused("the limits in `" + file + "` cannot be used; see above"));
  }
}
