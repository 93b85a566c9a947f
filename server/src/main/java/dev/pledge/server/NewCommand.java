package dev.pledge.server;

import dev.pledge.policy.language.Starter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pledge policy new DIR}. Writes into a directory that is new or empty, or not at all. */
@Command(
    name = "new",
    description = {
      "Write a policy to start from: sound as it stands, with what each line is for.",
      "Writes into a directory that is new or empty."
    },
    mixinStandardHelpOptions = true)
final class NewCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "DIR", description = "The directory to make.")
  private Path directory = Path.of("");

  @Option(
      names = "--id",
      paramLabel = "ID",
      description = "The policy's name. Usually that of the directory.")
  private @Nullable String id;

  @Option(
      names = "--jurisdiction",
      paramLabel = "CODE",
      split = ",",
      defaultValue = "EU",
      description = {
        "Whose law applies: CN, EU, a country of the European Economic Area, GB or US. May be given"
            + " more than once. Usually ${DEFAULT-VALUE}."
      })
  private List<String> jurisdictions = List.of();

  @Option(
      names = "--language",
      paramLabel = "TAG",
      split = ",",
      defaultValue = "en",
      description = {
        "The language people read: en or zh. May be given more than once. Usually"
            + " ${DEFAULT-VALUE}."
      })
  private List<String> languages = List.of();

  @Override
  public Integer call() {
    Map<String, String> files = starter().files();
    requireRoom();
    try {
      Files.createDirectories(directory);
      for (Map.Entry<String, String> file : files.entrySet()) {
        Files.writeString(
            directory.resolve(file.getKey()), file.getValue(), StandardOpenOption.CREATE_NEW);
      }
    } catch (IOException failure) {
      throw new CommandRefused(
          "could not write into `" + directory + "`; choose a directory that you may write to");
    }
    PrintWriter out = spec.commandLine().getOut();
    String shown = Places.shown(directory.toAbsolutePath().normalize());
    out.println("wrote " + shown + ": " + String.join(", ", files.keySet()));
    out.println("Write your own into policy.yaml, which says what each line is for; then:");
    out.println("  ./pledge policy check " + shown);
    out.println("  ./pledge up --policy " + shown + " --data " + shown + "-data");
    out.flush();
    return Main.DONE;
  }

  private Starter starter() {
    Path name = directory.toAbsolutePath().normalize().getFileName();
    LocalDate today = LocalDate.ofInstant(InstantSource.system().instant(), ZoneOffset.UTC);
    try {
      return new Starter(id == null ? String.valueOf(name) : id, jurisdictions, languages, today);
    } catch (IllegalArgumentException impossible) {
      String hint = id == null ? " (--id gives the policy another name than its directory)" : "";
      throw new ParameterException(spec.commandLine(), impossible.getMessage() + hint);
    }
  }

  /** Nothing that anybody wrote is written over. */
  private void requireRoom() {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> there = Files.list(directory)) {
      if (there.findAny().isPresent()) {
        throw new CommandRefused(
            "`" + directory + "` is not empty, and nothing in it is written over; name a new one");
      }
    } catch (IOException unreadable) {
      throw new CommandRefused("`" + directory + "` is no directory to write into; name a new one");
    }
  }
}
