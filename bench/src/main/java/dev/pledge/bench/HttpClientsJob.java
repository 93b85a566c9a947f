package dev.pledge.bench;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The process of {@link HttpClients}: one thread and one connection that is kept for each client,
 * which sends its next request when it has read the answer to the last.
 */
public final class HttpClientsJob {
  private final int port;
  private final Map<String, List<Exchange>> prepared = new HashMap<>();
  private final Map<String, Load> loads = new HashMap<>();

  private HttpClientsJob(int port) {
    this.port = port;
  }

  /** Obeys the lines on standard input until it ends. */
  public static void main(String[] args) throws IOException {
    HttpClientsJob job = new HttpClientsJob(Integer.parseInt(args[0]));
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ", 4);
      switch (words[0]) {
        case "prepare" -> job.prepare(words[1], Integer.parseInt(words[2]), in);
        case "run" -> {
          Sample sample =
              job.run(
                  words[1],
                  Integer.parseInt(words[2]),
                  Duration.ofMillis(Long.parseLong(words[3])));
          System.out.println(
              sample.perSecond() + " " + sample.p50() + " " + sample.p99() + " " + sample.busy());
        }
        default -> throw new IllegalArgumentException("no such order: " + words[0]);
      }
    }
  }

  private void prepare(String name, int count, BufferedReader in) throws IOException {
    List<Exchange> exchanges = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      exchanges.add(Exchange.of(Objects.requireNonNull(in.readLine())));
    }
    prepared.put(name, exchanges);
    loads.put(name, new Load(count));
  }

  private Sample run(String name, int connections, Duration time) throws IOException {
    List<Exchange> exchanges = Objects.requireNonNull(prepared.get(name));
    ThreadLocal<Connection> own = ThreadLocal.withInitial(this::connect);
    List<Connection> open = connections(connections);
    try {
      List<Connection> free = new ArrayList<>(open);
      return Objects.requireNonNull(loads.get(name))
          .run(
              connections,
              work ->
                  Thread.ofPlatform()
                      .unstarted(
                          () -> {
                            synchronized (free) {
                              own.set(free.removeLast());
                            }
                            work.run();
                          }),
              time,
              i -> own.get().exchange(exchanges.get(i)));
    } finally {
      for (Connection connection : open) {
        connection.close();
      }
    }
  }

  private List<Connection> connections(int count) {
    List<Connection> open = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      open.add(connect());
    }
    return open;
  }

  private Connection connect() {
    try {
      return new Connection(new Socket(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One connection and the little of HTTP/1.1 that it takes. */
  private static final class Connection implements AutoCloseable {
    private static final String LENGTH = "content-length:";

    private final Socket socket;
    private final InputStream in;

    Connection(Socket socket) throws IOException {
      this.socket = socket;
      socket.setTcpNoDelay(true);
      this.in = new BufferedInputStream(socket.getInputStream(), 1 << 14);
    }

    void exchange(Exchange exchange) throws IOException {
      socket.getOutputStream().write(exchange.request());
      String status = line();
      int length = 0;
      for (String header = line(); !header.isEmpty(); header = line()) {
        if (header.regionMatches(true, 0, LENGTH, 0, LENGTH.length())) {
          length = Integer.parseInt(header.substring(LENGTH.length()).strip());
        }
      }
      String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
      if (!status.startsWith("HTTP/1.1 " + exchange.status()) || !body.contains(exchange.part())) {
        throw new IllegalStateException(
            "an answer was wrong: " + status.toLowerCase(Locale.ROOT) + " " + body);
      }
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder(64);
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          throw new EOFException("the server closed the connection");
        }
        if (c != '\r') {
          line.append((char) c);
        }
      }
      return line.toString();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
