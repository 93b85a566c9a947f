package dev.pledge.server.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The connections to the server, each with deadlines for what it may be slow with ({@link
 * Connection}), and no more from one address than {@link #mostOfOne}, so that one machine cannot
 * take them all. Safe for all threads.
 */
final class Connections implements ServerConnectionSelector {
  private final ServerConnectionSelector http;
  private final int mostOfOne;
  private final Connection.Patience patience;

  /** Open connections by address; an address with none is not in it. */
  private final Map<String, Integer> open = new ConcurrentHashMap<>();

  Connections(ServerConnectionSelector http, int mostOfOne, Connection.Patience patience) {
    this.http = http;
    this.mostOfOne = mostOfOne;
    this.patience = patience;
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
    if (open.merge(address, 1, Integer::sum) > mostOfOne) {
      leave(address);
      throw new CloseConnectionException("one address has too many connections");
    }
    return new Connection(context, http, patience, () -> leave(address));
  }

  private void leave(String address) {
    open.computeIfPresent(address, (a, connections) -> connections == 1 ? null : connections - 1);
  }
}
