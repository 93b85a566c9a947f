package dev.pledge.server.http;

import io.helidon.common.socket.SocketOptions;
import java.net.SocketException;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Socket options under which a blocking read gives up after {@link #readTimeout}. Helidon sets that
 * timeout on sockets of its own making alone, not on those it accepts.
 */
record ReadsThatEnd(SocketOptions usual, Duration readTimeout) implements SocketOptions {

  @Override
  public void configureSocket(SocketChannel channel) {
    usual.configureSocket(channel);
    try {
      channel.socket().setSoTimeout((int) readTimeout.toMillis());
    } catch (SocketException closed) {
      // its first read says so
    }
  }

  @Override
  public Map<SocketOption<?>, Object> socketOptions() {
    return usual.socketOptions();
  }

  @Override
  public Duration connectTimeout() {
    return usual.connectTimeout();
  }

  @Override
  public Optional<Integer> socketReceiveBufferSize() {
    return usual.socketReceiveBufferSize();
  }

  @Override
  public Optional<Integer> socketSendBufferSize() {
    return usual.socketSendBufferSize();
  }

  @Override
  public boolean socketReuseAddress() {
    return usual.socketReuseAddress();
  }

  @Override
  public boolean socketKeepAlive() {
    return usual.socketKeepAlive();
  }

  @Override
  public boolean tcpNoDelay() {
    return usual.tcpNoDelay();
  }
}
