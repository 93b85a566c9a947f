package dev.pledge.server;

import dev.pledge.policy.language.Checked;
import dev.pledge.policy.language.Checked.Sound;
import dev.pledge.policy.language.PolicyCheck;
import dev.pledge.policy.language.PolicySource;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** One version of a policy as a command needs it. */
final class SoundPolicy {
  private SoundPolicy() {}

  /** Throws {@link ParameterException} if there is no such directory. */
  static void requireDirectory(CommandSpec spec, Path directory) {
    if (!Files.isDirectory(directory)) {
      throw new ParameterException(
          spec.commandLine(), "`" + directory + "` is no directory; name the one with policy.yaml");
    }
  }

  /**
   * Reads it.
   *
   * @throws ParameterException if there is no such directory
   * @throws CommandRefused if it is not sound; what is wrong was said
   */
  static Sound read(CommandSpec spec, Path directory) {
    requireDirectory(spec, directory);
    return switch (PolicyCheck.check(PolicySource.directory(directory))) {
      case Sound sound -> sound;
      case Checked.Unsound(var problems) -> {
        PrintWriter err = spec.commandLine().getErr();
        problems.forEach(problem -> err.println(problem.pretty()));
        err.flush();
        throw new CommandRefused(
            "the policy in `" + directory + "` is not sound; see `pledge policy check`");
      }
    };
  }
}
