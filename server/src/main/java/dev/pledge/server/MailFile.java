package dev.pledge.server;

import dev.pledge.engine.mail.MailSettings;
import dev.pledge.policy.language.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** The file that says how messages to people are sent. */
final class MailFile {
  private MailFile() {}

  /**
   * What it says.
   *
   * @throws CommandRefused if it cannot be read, or something in it is wrong, which was said
   */
  static MailSettings read(CommandSpec spec, Path file) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new CommandRefused(
          "could not read `" + file + "`; name the mail server's file with --mail FILE");
    }
    Settings.Read<Optional<MailSettings>> read =
        Settings.read(file.toString(), bytes, "the mail", MailSettings::read);
    PrintWriter err = spec.commandLine().getErr();
    read.problems().forEach(problem -> err.println(problem.pretty()));
    err.flush();
    return read.value()
        .flatMap(settings -> settings)
        .orElseThrow(
            () -> new CommandRefused("what `" + file + "` says cannot be used; see above"));
  }
}
