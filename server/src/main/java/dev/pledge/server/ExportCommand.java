package dev.pledge.server;

import dev.pledge.engine.LogDesk;
import dev.pledge.engine.audit.LogExport;
import dev.pledge.server.console.Progress;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pledge audit export DIR}. */
@Command(
    name = "export",
    description = {
      "Copy the log into a new directory, as far as it is signed, laid out as C2SP tlog-tiles.",
      "Of several logs each is copied into a directory of its name below that.",
      "Entries hold no personal value, and are for auditors: the directory is yours alone.",
      "That the log was copied is on the log.",
      "Works while the server runs and while it does not."
    },
    mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
  /** What its entries tell of actors and times is for auditors. */
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private Places places = new Places();

  @Parameters(paramLabel = "DIR", description = "The directory to make.")
  private Path directory = Path.of("");

  @Option(
      names = "--log",
      paramLabel = "NAME",
      description = "The log to copy, alone and into DIR itself. Usually all that there are.")
  private @Nullable String log;

  @Option(
      names = "--anchors",
      paramLabel = "FILE",
      description = {
        "The anchors that the server runs with, or set PLEDGE_ANCHORS: the copy ends at what",
        "enough witnesses cosigned, and has their cosignatures."
      })
  private @Nullable Path anchors;

  @Override
  public Integer call() {
    long entries = AuditCommand.at(places, AnchorsFile.read(spec, anchors), this::export);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "copied %,d entries to %s; verify them with `pledge audit verify`%n",
        entries,
        Places.shown(directory.toAbsolutePath()));
    out.flush();
    return Main.DONE;
  }

  private long export(LogDesk desk) {
    Map<String, LogExport.Extent> extents = new LinkedHashMap<>();
    for (String name : names(desk)) {
      extents.put(
          name,
          desk.extent(name)
              .orElseThrow(
                  () ->
                      new CommandRefused(
                          "log `"
                              + name
                              + "` was never signed, or too few witnesses cosigned it; start"
                              + " Pledge with `up`")));
    }
    try {
      Files.createDirectory(directory, PRIVATE);
    } catch (FileAlreadyExistsException e) {
      throw new CommandRefused("`" + directory + "` is there already; name a new directory");
    } catch (IOException e) {
      throw new CommandRefused("cannot make `" + directory + "`; see to its parent directory");
    }
    long entries = extents.values().stream().mapToLong(LogExport.Extent::entries).sum();
    Progress progress = new Progress(spec.commandLine().getErr(), "copied", Math.max(1, entries));
    long before = 0;
    for (Map.Entry<String, LogExport.Extent> each : extents.entrySet()) {
      Path to = extents.size() == 1 ? directory : directory.resolve(each.getKey());
      long done = before;
      try {
        desk.write(
            each.getKey(),
            each.getValue(),
            (path, content) -> write(to.resolve(path), content),
            copied -> progress.at(done + copied));
      } catch (IllegalStateException e) {
        throw new CommandRefused(String.valueOf(e.getMessage()));
      }
      before += each.getValue().entries();
    }
    return entries;
  }

  private List<String> names(LogDesk desk) {
    List<String> all = desk.logs();
    if (log == null) {
      return all;
    }
    if (!all.contains(log)) {
      throw new CommandRefused(
          "there is no log `" + log + "`; name one of " + String.join(", ", all));
    }
    return List.of(log);
  }

  private static void write(Path file, byte[] content) {
    try {
      Path parent = file.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot write `" + file + "`; the copy has no checkpoint and counts for nothing", e);
    }
  }
}
