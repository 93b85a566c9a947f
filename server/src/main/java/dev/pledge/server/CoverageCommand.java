package dev.pledge.server;

import dev.pledge.policy.document.Coverage;
import dev.pledge.policy.document.Coverage.Row;
import dev.pledge.policy.document.Coverage.State;
import dev.pledge.policy.language.Mention;
import dev.pledge.server.http.CoverageJson;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pledge policy coverage DIR}. */
@Command(
    name = "coverage",
    description = {
      "List every clause of the published document: whether it is kept, by which rules, where it is"
          + " explained, and which tests carry it.",
      "Exit code 0, or 1 where a clause that is claimed as kept does not show it."
    },
    mixinStandardHelpOptions = true)
final class CoverageCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "DIR", description = "The directory with policy.yaml and the notices.")
  private Path directory = Path.of("");

  @ArgGroup private @Nullable Form form;

  /** How it is written. */
  static final class Form {
    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Option(names = "--html", description = "As a page that stands by itself.")
    private boolean html;
  }

  @Override
  public Integer call() {
    return print(Coverage.of(SoundPolicy.read(spec, directory)));
  }

  private int print(Coverage coverage) {
    PrintWriter out = spec.commandLine().getOut();
    if (form != null && form.json) {
      out.println(CoverageJson.text(coverage));
    } else if (form != null && form.html) {
      out.print(coverage.page());
    } else {
      coverage.rows().forEach(row -> print(out, row));
      out.printf(
          Locale.ROOT,
          "%n%s: %d of %d clauses kept, %d planned, %d no software can keep%n",
          coverage.policy(),
          coverage.kept().size(),
          coverage.rows().size(),
          coverage.count(State.PLANNED),
          coverage.count(State.NONE));
    }
    out.flush();
    coverage.broken().forEach(this::complain);
    return coverage.broken().isEmpty() ? Main.DONE : Main.WRONG;
  }

  private void complain(Row row) {
    PrintWriter err = spec.commandLine().getErr();
    err.printf(
        Locale.ROOT,
        "pledge: clause %s is claimed as kept and lacks %s%n",
        row.clause(),
        String.join(", ", row.missing()));
    err.flush();
  }

  private static void print(PrintWriter out, Row row) {
    out.printf(Locale.ROOT, "%-9s %-8s %s%n", row.clause(), row.status(), row.title());
    line(out, row.state() == State.KEPT ? "kept by" : "so far", row.keptBy());
    line(out, "rules", places(row.rules()));
    line(out, "passages", places(row.passages()));
    if (!row.tests().isEmpty()) {
      line(out, "tests", List.of(Integer.toString(row.tests().size())));
    }
    if (!row.note().isEmpty()) {
      line(out, "note", List.of(row.note()));
    }
  }

  private static List<String> places(List<Mention> mentions) {
    return mentions.stream()
        .map(mention -> mention.by() + " (" + mention.file() + ":" + mention.line() + ")")
        .toList();
  }

  private static void line(PrintWriter out, String what, List<String> things) {
    if (!things.isEmpty()) {
      out.printf(
          Locale.ROOT,
          "          %-9s %s%n",
          what,
          things.stream().collect(Collectors.joining(", ")));
    }
  }
}
