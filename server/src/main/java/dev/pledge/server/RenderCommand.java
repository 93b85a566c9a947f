package dev.pledge.server;

import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.document.PolicyDocument;
import dev.pledge.policy.document.PolicyDocument.Translation;
import dev.pledge.policy.document.Style;
import dev.pledge.policy.language.Checked.Sound;
import dev.pledge.policy.names.ProductId;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pledge policy render DIR}: the policy as people read it. */
@Command(
    name = "render",
    description = {
      "Write the notice for people, with the important passages marked and tables made from the"
          + " rules.",
      "Exit code 0 if it was written, 1 if the policy is not sound."
    },
    mixinStandardHelpOptions = true)
final class RenderCommand implements Callable<Integer> {
  private static final String UNKNOWN_ENDING =
      "--out takes a directory that is there, or a file that ends in .html, .htm, .md or .markdown;"
          + " for another name say --format too: ";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "DIR", description = "The directory with policy.yaml and the notices.")
  private Path directory = Path.of("");

  @Option(
      names = "--language",
      paramLabel = "L",
      description = "One of the policy's languages. Usually its first.")
  private @Nullable String language;

  @Option(
      names = "--product",
      paramLabel = "P",
      description = "Tell of one product's purposes alone. Usually general: of all.")
  private String product = CompiledPolicy.GENERAL;

  @Option(
      names = "--format",
      paramLabel = "F",
      description = "html or markdown. Usually html, or what the ending of the file says.")
  private @Nullable Format format;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = {
        "Where to write; usually standard output. A directory takes policy.<language>.html and"
            + " .md in every language and both formats."
      })
  private @Nullable Path out;

  /** What a document can be written as. */
  enum Format {
    HTML("html", "htm"),
    MARKDOWN("md", "markdown");

    private final String suffix;
    private final String alsoSuffix;

    Format(String suffix, String alsoSuffix) {
      this.suffix = suffix;
      this.alsoSuffix = alsoSuffix;
    }

    /** What a file of that name is written as, if its ending says it. */
    static Optional<Format> ofFile(Path file) {
      String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
      return Stream.of(values())
          .filter(each -> name.endsWith("." + each.suffix) || name.endsWith("." + each.alsoSuffix))
          .findFirst();
    }

    String file(String language) {
      return "policy." + language + "." + suffix;
    }

    String of(PolicyDocument document, List<Translation> translations) {
      return switch (this) {
        case HTML -> document.html(Style.inside(), translations);
        case MARKDOWN -> document.markdown();
      };
    }
  }

  @Override
  public Integer call() {
    if (out != null && format == null && !Files.isDirectory(out)) {
      format = Format.ofFile(out).orElseThrow(() -> misused(UNKNOWN_ENDING + "`" + out + "`"));
    }
    render(SoundPolicy.read(spec, directory));
    return Main.DONE;
  }

  private void render(Sound sound) {
    Policy policy = sound.policy();
    Path target = out;
    if (target != null && Files.isDirectory(target)) {
      List<String> languages = language == null ? policy.languages() : List.of(language);
      for (String each : languages) {
        PolicyDocument document = document(sound, each);
        for (Format as : format == null ? List.of(Format.values()) : List.of(format)) {
          write(target.resolve(as.file(each)), as.of(document, besides(each, languages)));
        }
      }
      return;
    }
    PolicyDocument document =
        document(sound, language == null ? policy.languages().getFirst() : language);
    if (target == null) {
      PrintWriter answer = spec.commandLine().getOut();
      answer.print(Optional.ofNullable(format).orElse(Format.HTML).of(document, List.of()));
      answer.flush();
    } else {
      write(target, Optional.ofNullable(format).orElse(Format.HTML).of(document, List.of()));
    }
  }

  /** The pages beside it, in the same directory. */
  private static List<Translation> besides(String written, List<String> languages) {
    return languages.stream()
        .filter(each -> !each.equals(written))
        .map(each -> new Translation(each, Format.HTML.file(each)))
        .toList();
  }

  private PolicyDocument document(Sound sound, String in) {
    try {
      return PolicyDocument.of(sound, in, new ProductId(product));
    } catch (IllegalArgumentException unknown) {
      throw misused(String.valueOf(unknown.getMessage()));
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException failure) {
      throw new CommandRefused("could not write `" + file + "`; check its directory and rights");
    }
  }

  private ParameterException misused(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
