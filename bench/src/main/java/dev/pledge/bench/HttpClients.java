package dev.pledge.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * HTTP clients in a process of their own, so that their work is not counted as the server's, though
 * it shares the machine. Told what to send over its standard input, tokens too.
 */
final class HttpClients implements AutoCloseable {
  private final Process process;
  private final BufferedWriter in;
  private final BufferedReader out;

  private HttpClients(Process process) {
    this.process = process;
    this.in = process.outputWriter(StandardCharsets.UTF_8);
    this.out = process.inputReader(StandardCharsets.UTF_8);
  }

  static HttpClients start(int port) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process process =
        new ProcessBuilder(
                java,
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                HttpClientsJob.class.getName(),
                Integer.toString(port))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    return new HttpClients(process);
  }

  /** Gives a name to a list of exchanges. */
  void prepare(String name, List<Exchange> exchanges) throws IOException {
    in.write("prepare " + name + " " + exchanges.size() + "\n");
    for (Exchange exchange : exchanges) {
      in.write(exchange.line() + "\n");
    }
    in.flush();
  }

  /** Sends what was prepared under that name over {@code connections} for {@code time}. */
  Sample run(String name, int connections, Duration time) {
    try {
      in.write("run " + name + " " + connections + " " + time.toMillis() + "\n");
      in.flush();
      String line = out.readLine();
      if (line == null) {
        throw new IllegalStateException("the HTTP clients have ended; see above");
      }
      String[] figures = line.split(" ", 4);
      return new Sample(
          Double.parseDouble(figures[0]),
          Double.parseDouble(figures[1]),
          Double.parseDouble(figures[2]),
          Double.parseDouble(figures[3]));
    } catch (IOException e) {
      throw new UncheckedIOException("could not talk to the HTTP clients", e);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
    process.onExit().join();
  }
}
