package dev.pledge.server;

import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.document.PolicyDocument;
import dev.pledge.policy.language.PolicySource;
import dev.pledge.policy.language.WrittenOut;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.revision.Change;
import dev.pledge.policy.revision.Comparison;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pledge policy show DIR --product PRODUCT}. */
@Command(
    name = "show",
    description = {
      "Write out all that counts for one product: the policy, and in its place what the product's own"
          + " file says, each line of that with where it comes from. What goes further there than in"
          + " other products is called material.",
      "What is written is itself a policy. Exit code 0, or 1 where the policy is not sound."
    },
    mixinStandardHelpOptions = true)
final class ShowCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "DIR", description = "The directory with policy.yaml.")
  private Path directory = Path.of("");

  @Option(
      names = "--product",
      required = true,
      paramLabel = "PRODUCT",
      description = "One of the policy's products.")
  private String product = "";

  @Override
  public Integer call() {
    Policy policy = SoundPolicy.read(spec, directory).policy();
    ProductId known = known(policy);
    PrintWriter out = spec.commandLine().getOut();
    List<Change> differences = Comparison.ofProduct(policy, known);
    out.printf(Locale.ROOT, "# %s, for product `%s`%n", policy.version(), known);
    if (differences.isEmpty()) {
      out.println("# It has no terms of its own.");
    } else {
      out.println("# It differs from the general terms in:");
      differences.forEach(
          change ->
              out.printf(
                  Locale.ROOT,
                  "#   %s: %s%n",
                  change.weight().name().toLowerCase(Locale.ROOT),
                  change));
    }
    out.println();
    out.print(
        WrittenOut.of(PolicySource.directory(directory), known).orElseThrow(ShowCommand::changed));
    out.flush();
    return Main.DONE;
  }

  private static CommandRefused changed() {
    return new CommandRefused("the policy was changed while it was read; try again");
  }

  private ProductId known(Policy policy) {
    List<ProductId> products = PolicyDocument.products(policy);
    return products.stream()
        .filter(each -> each.value().equals(product))
        .findFirst()
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(),
                    "--product: the policy has no product `"
                        + product
                        + "`; it has "
                        + products.stream()
                            .map(each -> "`" + each + "`")
                            .collect(Collectors.joining(", "))));
  }
}
