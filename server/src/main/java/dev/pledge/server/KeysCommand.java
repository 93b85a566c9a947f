package dev.pledge.server;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code pledge keys …}: the epochs of keys. */
@Command(
    name = "keys",
    description = "Look at the epochs of keys, and change to the next.",
    subcommands = {RotateCommand.class, KeyStatusCommand.class},
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true)
final class KeysCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command: rotate or status");
  }
}
