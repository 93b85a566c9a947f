package dev.pledge.server;

import dev.pledge.engine.anchor.AnchorSettings;
import dev.pledge.policy.language.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** The file that names the places outside that are told of the log. */
final class AnchorsFile {
  private AnchorsFile() {}

  /**
   * What it says; nothing where it is named neither by the option nor by {@code PLEDGE_ANCHORS}.
   *
   * @throws CommandRefused if it cannot be read, or something in it is wrong, which was said
   */
  static AnchorSettings read(CommandSpec spec, @Nullable Path option) {
    @Nullable String variable = System.getenv("PLEDGE_ANCHORS");
    if (option != null) {
      return readFile(spec, option);
    }
    return variable == null || variable.isBlank()
        ? AnchorSettings.NONE
        : readFile(spec, Path.of(variable));
  }

  private static AnchorSettings readFile(CommandSpec spec, Path file) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new CommandRefused(
          "could not read `" + file + "`; name the anchors with --anchors FILE");
    }
    Settings.Read<AnchorSettings> read =
        Settings.read(file.toString(), bytes, "the anchors", AnchorSettings::read);
    PrintWriter err = spec.commandLine().getErr();
    read.problems().forEach(problem -> err.println(problem.pretty()));
    err.flush();
    return read.value()
        .orElseThrow(
            () -> new CommandRefused("the anchors in `" + file + "` cannot be used; see above"));
  }
}
