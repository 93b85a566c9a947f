package dev.pledge.server;

import dev.pledge.policy.language.Checked;
import dev.pledge.policy.language.PolicyCheck;
import dev.pledge.policy.language.PolicySource;
import dev.pledge.policy.language.Problem;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pledge policy …}: what can be done with policies as files. */
@Command(
    name = "policy",
    description = "Begin, check and compare policies, explain them, and show them to people.",
    subcommands = {
      PolicyCommand.Check.class,
      ShowCommand.class,
      ExplainCommand.class,
      CoverageCommand.class,
      DiffCommand.class,
      ReplayCommand.class,
      RenderCommand.class,
      NewCommand.class
    },
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true)
final class PolicyCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "name a command: check, show, explain, coverage, diff, replay, render or new");
  }

  /** {@code pledge policy check DIR}. */
  @Command(
      name = "check",
      description = {
        "Report everything that is wrong with a policy: where, what, and what to write instead.",
        "Exit code 0 if it can be used, 1 if not."
      },
      mixinStandardHelpOptions = true)
  static final class Check implements Callable<Integer> {
    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "DIR", description = "The directory with policy.yaml and the notices.")
    private Path directory = Path.of("");

    @Override
    public Integer call() {
      SoundPolicy.requireDirectory(spec, directory);
      PrintWriter out = spec.commandLine().getOut();
      Checked checked = PolicyCheck.check(PolicySource.directory(directory));
      int code =
          switch (checked) {
            case Checked.Sound sound -> {
              print(out, sound.problems());
              out.printf(
                  Locale.ROOT,
                  "%s is sound: %d purposes, %d fields, %d roles%s%s%n",
                  sound.policy().version(),
                  sound.policy().purposes().size(),
                  sound.policy().categories().stream().mapToInt(c -> c.fields().size()).sum(),
                  sound.policy().roles().size(),
                  counted(
                      sound.policy().own().size(),
                      "product with terms of its own",
                      "products with terms of their own"),
                  counted(sound.problems().size(), "warning", "warnings"));
              yield Main.DONE;
            }
            case Checked.Unsound unsound -> {
              print(out, unsound.problems());
              long errors =
                  unsound.problems().stream()
                      .filter(problem -> problem.severity() == Problem.Severity.ERROR)
                      .count();
              out.printf(
                  Locale.ROOT,
                  "not usable: %s%n",
                  counted((int) errors, "error", "errors").substring(2));
              yield Main.WRONG;
            }
          };
      out.flush();
      return code;
    }

    private static void print(PrintWriter out, List<Problem> problems) {
      for (Problem problem : problems) {
        out.println(problem.pretty());
        out.println();
      }
    }

    private static String counted(int count, String one, String many) {
      return count == 0 ? "" : ", " + count + " " + (count == 1 ? one : many);
    }
  }
}
