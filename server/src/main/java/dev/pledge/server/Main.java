package dev.pledge.server;

import dev.pledge.engine.PolicyFiles.PolicyRefused;
import dev.pledge.engine.anchor.AnchorsRefused;
import dev.pledge.engine.audit.KeysUnavailable;
import dev.pledge.engine.keys.KeyStoreRefusedException;
import dev.pledge.engine.keys.RootKeyUnavailableException;
import dev.pledge.engine.mail.MailRefused;
import dev.pledge.engine.store.DatabaseUnavailable;
import dev.pledge.engine.store.StartRefused;
import dev.pledge.server.demo.DemoRefused;
import java.io.PrintWriter;
import java.util.UUID;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** What {@code ./pledge} runs. */
@Command(
    name = "pledge",
    description = "A privacy policy you can run.",
    subcommands = {
      UpCommand.class,
      TokenCommand.class,
      PolicyCommand.class,
      AuditCommand.class,
      ErasureCommand.class,
      KeysCommand.class,
      BackupCommand.class,
      RestoreCommand.class,
      DoctorCommand.class,
      VersionCommand.class,
      CommandLine.HelpCommand.class
    },
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = VersionCommand.Provider.class)
public final class Main implements Runnable {
  /** Done. */
  static final int DONE = 0;

  /** Something is wrong, and what it is was said. */
  static final int WRONG = 1;

  /** The command was not used as it can be. */
  static final int USAGE = 2;

  /** Nothing is wrong, and something that was asked cannot be told yet. */
  static final int OPEN = 3;

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** Runs a command. */
  static int run(String... arguments) {
    return commandLine().execute(arguments);
  }

  static CommandLine commandLine() {
    JsonLog.install();
    CommandLine commandLine = new CommandLine(new Main());
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.registerConverter(UUID.class, Main::id);
    commandLine.setExecutionExceptionHandler(Main::failed);
    commandLine.setParameterExceptionHandler(Main::misused);
    return commandLine;
  }

  private static UUID id(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(
          "write the id as it was given, such as 0198f1a2-8d20-7b14-a0c2-5be1d07c9f33");
    }
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command");
  }

  private static int failed(Exception e, CommandLine commandLine, ParseResult parsed) {
    PrintWriter err = commandLine.getErr();
    if (e instanceof PolicyRefused refused) {
      refused.problems().forEach(problem -> err.println(problem.pretty()));
      err.println("pledge: " + e.getMessage() + "; see `pledge policy check`");
    } else if (e instanceof CommandRefused
        || e instanceof AnchorsRefused
        || e instanceof MailRefused
        || e instanceof StartRefused
        || e instanceof DemoRefused
        || e instanceof KeyStoreRefusedException
        || e instanceof RootKeyUnavailableException
        || e instanceof KeysUnavailable
        || e instanceof DatabaseUnavailable) {
      err.println("pledge: " + e.getMessage());
    } else {
      JsonLog.failed(e);
      err.println("pledge: something failed that should not; the log on standard error says where");
    }
    err.flush();
    return WRONG;
  }

  private static int misused(ParameterException e, String[] arguments) {
    PrintWriter err = e.getCommandLine().getErr();
    err.println("pledge: " + e.getMessage());
    err.println("Try `" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help`.");
    err.flush();
    return USAGE;
  }
}
