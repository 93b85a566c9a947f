package dev.pledge.engine.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One server, kept running from {@link #start} to {@link #stop}: if it ends by itself it is started
 * again on the same port, and recovers what it had committed.
 *
 * <p>A platform thread starts it and waits for it. The kernel ends the server when that thread
 * ends, so it lives exactly as long as the server should.
 */
final class ServerProcess {
  private static final Logger LOG = LoggerFactory.getLogger(ServerProcess.class);
  private static final int POLL_MILLIS = 5;
  private static final int POLLS = 10 * 60 * 1000 / POLL_MILLIS;
  private static final long SHORTEST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 30_000;
  private static final int STATUS_LINE = 7;
  private static final int STOP_SECONDS = 60;
  private static final int LAST_WORDS = 1_000;

  private final ServerPrograms programs;
  private final DataDirectory data;
  private final int port;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final CompletableFuture<Void> started = new CompletableFuture<>();
  private final Thread keeper;

  private volatile @Nullable Process process;

  private ServerProcess(ServerPrograms programs, DataDirectory data, int port) {
    this.programs = programs;
    this.data = data;
    this.port = port;
    this.keeper = Thread.ofPlatform().name("pledge-postgres").daemon().unstarted(this::keep);
  }

  /**
   * Starts the server and returns when it takes connections.
   *
   * @throws StartRefused with the server's last words, if it does not start
   */
  static ServerProcess start(ServerPrograms programs, DataDirectory data, int port) {
    ServerProcess server = new ServerProcess(programs, data, port);
    server.keeper.start();
    try {
      server.started.join();
      return server;
    } catch (CompletionException e) {
      throw e.getCause() instanceof StartRefused refused ? refused : e;
    }
  }

  /** Stops the server; returns when it is gone. */
  void stop() {
    stopping.countDown();
    try {
      for (int second = 0; keeper.isAlive(); second++) {
        if (second < STOP_SECONDS) {
          askToStop();
        } else {
          // As good as a crash, which it recovers from.
          kill();
        }
        keeper.join(Duration.ofSeconds(1));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void askToStop() {
    Process current = process;
    if (current == null || recordedPid(data) == current.pid()) {
      programs.askToStop();
    } else {
      // The directory was moved away, and what runs in its place by now is somebody else's.
      current.destroy();
    }
  }

  long pid() {
    Process current = process;
    return current == null ? 0 : current.pid();
  }

  /** The process a {@code postmaster.pid} names, alive or not; 0 if there is none. */
  static long recordedPid(DataDirectory data) {
    List<String> lines = statusLines(data);
    try {
      return lines.isEmpty() ? 0 : Long.parseLong(lines.getFirst().strip());
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private void keep() {
    try {
      Process server = launch();
      started.complete(null);
      while (true) {
        int code = server.waitFor();
        if (stopping.getCount() == 0) {
          return;
        }
        LOG.warn("the embedded database ended unexpectedly with code {}; starting it again", code);
        server = relaunch();
      }
    } catch (RuntimeException | IOException e) {
      started.completeExceptionally(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // Until the last process of a killed server has noticed, the next one refuses to start.
  private Process relaunch() throws InterruptedException {
    for (long pause = SHORTEST_PAUSE_MILLIS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS)) {
      try {
        return launch();
      } catch (StartRefused | IOException e) {
        LOG.warn("could not start the embedded database again yet: {}", e.getMessage());
        if (stopping.await(pause, TimeUnit.MILLISECONDS)) {
          throw new StartRefused("stopped before it was started again", e);
        }
      }
    }
  }

  private Process launch() throws IOException, InterruptedException {
    long alreadySaid = Files.exists(data.log()) ? Files.size(data.log()) : 0;
    Process server = programs.startServer(port);
    process = server;
    for (int poll = 0; poll < POLLS && server.isAlive(); poll++) {
      if (isReady(server)) {
        return server;
      }
      server.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
    }
    server.destroyForcibly().waitFor();
    throw new StartRefused(
        "the embedded database did not start; see `"
            + data.log()
            + "`, which ends: "
            + lastWords(alreadySaid));
  }

  private void kill() {
    Process current = process;
    if (current != null) {
      current.destroyForcibly();
    }
  }

  private boolean isReady(Process server) {
    List<String> lines = statusLines(data);
    return lines.size() > STATUS_LINE
        && lines.getFirst().strip().equals(Long.toString(server.pid()))
        && lines.get(STATUS_LINE).strip().equals("ready");
  }

  private String lastWords(long alreadySaid) throws IOException {
    byte[] log = Files.readAllBytes(data.log());
    int start = (int) Math.min(Math.max(alreadySaid, log.length - LAST_WORDS), log.length);
    return new String(log, start, log.length - start, StandardCharsets.UTF_8).strip();
  }

  private static List<String> statusLines(DataDirectory data) {
    Path file = data.cluster().resolve("postmaster.pid");
    try {
      return Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new StartRefused("could not read `" + file + "`", e);
    }
  }
}
