package dev.pledge.server;

import dev.pledge.engine.LogDesk;
import dev.pledge.engine.anchor.AnchorSettings;
import dev.pledge.engine.audit.LogBroken;
import dev.pledge.log.VerifierKey;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code pledge audit …}: the log, copied and verified. */
@Command(
    name = "audit",
    description = "Copy the log, and verify a copy without trusting whoever made it.",
    subcommands = {
      ExportCommand.class,
      VerifyCommand.class,
      KeyCommand.class,
      RotateKeyCommand.class
    },
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true)
final class AuditCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "name a command: export, verify, key or rotate-key");
  }

  /** Does the work where {@code places} say, beside a server that runs there or without one. */
  static <T> T at(Places places, AnchorSettings anchors, Function<LogDesk, T> work) {
    try (LogDesk desk = LogDesk.open(places.existing().anchoredBy(anchors))) {
      return work.apply(desk);
    } catch (UncheckedIOException | LogBroken e) {
      throw new CommandRefused(String.valueOf(e.getMessage()));
    }
  }

  /** The verifier key that {@code where} gives; what is none is a misuse of the command. */
  static VerifierKey key(CommandSpec spec, String where, String text) {
    try {
      return VerifierKey.parse(text.strip());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), where + ": " + e.getMessage());
    }
  }

  /** Prints keys, each in a line. */
  static int print(CommandSpec spec, List<?> keys) {
    PrintWriter out = spec.commandLine().getOut();
    keys.forEach(out::println);
    out.flush();
    return Main.DONE;
  }
}
