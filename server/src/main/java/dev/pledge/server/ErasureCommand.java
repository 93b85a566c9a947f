package dev.pledge.server;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code pledge erasure …}: what was forgotten, and whether it was. */
@Command(
    name = "erasure",
    description = "Verify that people were forgotten.",
    subcommands = {ErasureVerifyCommand.class},
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true)
final class ErasureCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command: verify");
  }
}
