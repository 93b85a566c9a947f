package dev.pledge.engine.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PostgreSQL's programs, run confined to the server's account and to a cluster's directory.
 *
 * <p>The directory is given as {@code /proc/self/cwd}: this process enters it before rights are
 * dropped, so the account needs none on the directories above.
 */
final class ServerPrograms {
  private static final Logger LOG = LoggerFactory.getLogger(ServerPrograms.class);
  private static final String HERE = "/proc/self/cwd";
  private static final String MARK = "pledge.directory=";

  // What our promises rest on stands on the command line, where no file in the cluster undoes it.
  // Statements and values stay out of the log: an ERROR's own words may repeat a value, so only
  // LOG, FATAL and PANIC are written.
  private static final Map<String, String> SETTINGS =
      Map.ofEntries(
          Map.entry("fsync", "on"),
          Map.entry("full_page_writes", "on"),
          Map.entry("synchronous_commit", "on"),
          Map.entry("wal_level", "replica"),
          Map.entry("listen_addresses", ServerKeys.HOST),
          Map.entry("unix_socket_directories", ""),
          Map.entry("password_encryption", "scram-sha-256"),
          Map.entry("default_transaction_isolation", "read committed"),
          Map.entry("log_destination", "stderr"),
          Map.entry("logging_collector", "off"),
          Map.entry("log_statement", "none"),
          Map.entry("log_duration", "off"),
          Map.entry("log_min_duration_statement", "-1"),
          Map.entry("log_min_messages", "log"),
          Map.entry("log_min_error_statement", "panic"),
          Map.entry("log_error_verbosity", "terse"),
          Map.entry("log_parameter_max_length", "0"),
          Map.entry("log_parameter_max_length_on_error", "0"),
          Map.entry("timezone", "UTC"),
          Map.entry("log_timezone", "UTC"));

  // What an operator may tune in postgresql.conf.
  private static final Map<String, String> CAPACITY =
      Map.of("shared_buffers", "256MB", "max_connections", "100", "jit", "off");

  private final Binaries binaries;
  private final DataDirectory data;
  private final List<String> confinement;

  private ServerPrograms(Binaries binaries, DataDirectory data, List<String> confinement) {
    this.binaries = binaries;
    this.data = data;
    this.confinement = confinement;
  }

  /**
   * Finds the best way to run the programs that works on this machine, and says if it is not the
   * best.
   */
  static ServerPrograms confined(Binaries binaries, ServerAccount account, DataDirectory data) {
    List<String> complaints = new ArrayList<>();
    for (List<String> confinement : account.confinements()) {
      ServerPrograms programs = new ServerPrograms(binaries, data, confinement);
      Outcome outcome = programs.tryOut();
      if (outcome.code() == 0) {
        if (!complaints.isEmpty()) {
          LOG.warn(
              "the embedded database will outlive this process if it is killed, until the next"
                  + " start: {}",
              complaints.getFirst());
        }
        return programs;
      }
      complaints.add(outcome.output());
    }
    throw new StartRefused(
        "could not run PostgreSQL from `"
            + binaries.home()
            + "` as account "
            + account.uid()
            + (account.apart() ? "; root needs `setpriv` of util-linux 2.33 or newer for it" : "")
            + ": "
            + complaints.getLast());
  }

  /** Makes a cluster in the directory, which is empty and belongs to the account. */
  void initialise(Path directory, Path passwordFile) {
    List<String> command = new ArrayList<>(confinement);
    command.add(binaries.program("initdb").toString());
    command.addAll(
        List.of("--pgdata=" + HERE, "--username=" + ServerKeys.SUPERUSER_ROLE, "--encoding=UTF8"));
    command.addAll(List.of("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"));
    command.addAll(List.of("--auth=scram-sha-256", "--pwfile=/dev/stdin"));
    command.addAll(List.of("--data-checksums", "--no-instructions"));
    CAPACITY.forEach((name, value) -> command.addAll(List.of("--set", name + "=" + value)));
    ProcessBuilder builder = builder(command, directory);
    builder.redirectInput(passwordFile.toFile());
    Outcome outcome = run(builder);
    if (outcome.code() != 0) {
      throw new StartRefused(
          "could not make a database cluster in `" + data.root() + "`: " + outcome.output());
    }
  }

  /** Starts the server. It ends with the calling thread, so that thread must stay alive. */
  Process startServer(int port) throws IOException {
    List<String> command = new ArrayList<>(confinement);
    command.addAll(List.of(binaries.program("postgres").toString(), "-D", HERE));
    SETTINGS.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
    command.addAll(List.of("-c", "port=" + port, "-c", mark()));
    ProcessBuilder builder = builder(command, data.cluster());
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(data.log().toFile()));
    return builder.start();
  }

  /** Asks the server for a stop that lets no client finish but keeps every commit. */
  void askToStop() {
    List<String> command = new ArrayList<>(confinement);
    command.addAll(List.of(binaries.program("pg_ctl").toString(), "stop", "-D", HERE));
    command.addAll(List.of("--mode=fast", "--no-wait"));
    run(builder(command, data.cluster()));
  }

  /** Whether the process is a server that was started here for this directory. */
  boolean isOurs(ProcessHandle process) {
    try {
      Path commandLine = Path.of("/proc", Long.toString(process.pid()), "cmdline");
      String arguments = Files.readString(commandLine, StandardCharsets.UTF_8);
      return List.of(arguments.split("\0")).contains(mark());
    } catch (IOException e) {
      return false;
    }
  }

  private String mark() {
    return MARK + data.realRoot();
  }

  private Outcome tryOut() {
    List<String> command = new ArrayList<>(confinement);
    command.addAll(List.of(binaries.program("postgres").toString(), "--version"));
    return run(builder(command, data.root()));
  }

  private static ProcessBuilder builder(List<String> command, Path directory) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.directory(directory.toFile());
    builder.redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(Map.of("LC_ALL", "C", "TZ", "UTC", "PATH", "/usr/bin:/bin"));
    return builder;
  }

  private static Outcome run(ProcessBuilder builder) {
    try {
      Process process = builder.start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Outcome(process.waitFor(), output.strip());
    } catch (IOException e) {
      return new Outcome(127, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartRefused("interrupted while running PostgreSQL's programs", e);
    }
  }

  private record Outcome(int code, String output) {}
}
