package dev.pledge.server.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections to the server, each with deadlines for what it may be slow with ({@link
 * Connection}), and no more from one address than {@link #mostOfOne}, so that one machine cannot
 * take them all. Watches them until it is closed. Safe for all threads.
 */
final class Connections implements ServerConnectionSelector, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

  private final ServerConnectionSelector http;
  private final int mostOfOne;
  private final Connection.Patience patience;

  /** Open connections by address. */
  private final Shares<String> open = new Shares<>();

  private final Set<Connection> watched = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("connections-watch").factory());

  Connections(ServerConnectionSelector http, int mostOfOne, Connection.Patience patience) {
    this.http = http;
    this.mostOfOne = mostOfOne;
    this.patience = patience;
    long tick = Connection.TICK.toMillis();
    var _ = watch.scheduleWithFixedDelay(this::cutStuck, tick, tick, TimeUnit.MILLISECONDS);
  }

  private void cutStuck() {
    watched.stream().filter(Connection::stuck).forEach(Connections::cut);
  }

  // The watch goes on, whatever closing one of them comes to.
  private static void cut(Connection connection) {
    try {
      connection.cut();
    } catch (RuntimeException e) {
      LOG.debug("a connection could not be closed", e);
    }
  }

  /** Watches no more. */
  @Override
  public void close() {
    watch.shutdownNow();
  }

  @Override
  public int bytesToIdentifyConnection() {
    return http.bytesToIdentifyConnection();
  }

  @Override
  public Support supports(BufferData data) {
    return http.supports(data);
  }

  @Override
  public Set<String> supportedApplicationProtocols() {
    return http.supportedApplicationProtocols();
  }

  /**
   * Takes over a connection.
   *
   * @throws CloseConnectionException if its address has enough of them
   */
  @Override
  public ServerConnection connection(ConnectionContext context) {
    String address = context.remotePeer().host();
    if (!open.take(address, 1, mostOfOne)) {
      throw new CloseConnectionException("one address has too many connections");
    }
    Connection connection =
        new Connection(
            context,
            http,
            patience,
            ended -> {
              watched.remove(ended);
              open.giveBack(address, 1);
            });
    watched.add(connection);
    return connection;
  }
}
