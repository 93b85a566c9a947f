package dev.pledge.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code pledge up} in a process of its own. */
final class RunningServer implements AutoCloseable {
  private static final Pattern READY = Pattern.compile("Pledge is ready at (http://\\S+)");

  private final Process process;
  private final BufferedReader out;
  private final String url;

  private RunningServer(Process process, BufferedReader out, String url) {
    this.process = process;
    this.out = out;
    this.url = url;
  }

  /** Starts it on a free port and waits until it says that it is ready. */
  static RunningServer start(Path data, Path keys) throws IOException {
    return start(
        Map.of(), "up", "--port", "0", "--data", data.toString(), "--keys", keys.toString());
  }

  /** Runs {@code pledge} with these variables besides, and waits until it says that it is ready. */
  static RunningServer start(Map<String, String> variables, String... arguments)
      throws IOException {
    return start(command(variables, arguments).redirectError(ProcessBuilder.Redirect.INHERIT));
  }

  /** Runs it with what it logs going to a file. */
  static RunningServer start(Path data, Path keys, Path log) throws IOException {
    return start(
        command(Map.of(), "up", "--port", "0", "--data", data.toString(), "--keys", keys.toString())
            .redirectError(log.toFile()));
  }

  private static RunningServer start(ProcessBuilder command) throws IOException {
    Process process = command.start();
    // Not closed: the process goes on writing.
    BufferedReader out = process.inputReader();
    StringBuilder said = new StringBuilder();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      said.append(line).append('\n');
      Matcher ready = READY.matcher(line);
      if (ready.find()) {
        return new RunningServer(process, out, ready.group(1));
      }
    }
    throw new AssertionError("the server did not start: " + said);
  }

  /** The command line of {@code pledge}, as the launcher would give it. */
  static ProcessBuilder command(Map<String, String> variables, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Dpledge.home=" + Path.of("..").toAbsolutePath().normalize(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(variables);
    return builder;
  }

  /** The next line it says that has these words. */
  String awaitLine(String words) throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.contains(words)) {
        return line;
      }
    }
    throw new AssertionError("the server ended without saying `" + words + "`");
  }

  long pid() {
    return process.pid();
  }

  String url() {
    return url;
  }

  /** SIGKILL. */
  void kill() {
    process.destroyForcibly();
    await();
  }

  /** SIGTERM; answers with the exit code. */
  int stop() {
    process.destroy();
    return await();
  }

  private int await() {
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        throw new AssertionError("the server does not end");
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      stop();
    }
  }
}
