package dev.pledge.server.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.common.task.InterruptableTask;
import io.helidon.http.DirectHandler;
import io.helidon.http.RequestException;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection, whose every read and write has a deadline: however slowly bytes trickle in, a
 * request line with its headers is complete, and a body has arrived, by a point in time set
 * beforehand, and a client that does not take in its answer is let go. The socket gives up each
 * read after {@link #TICK}; between two ticks the deadline is looked at. A write has no such end:
 * whoever watches the connections cuts off those that are {@link #stuck}.
 *
 * <p>All but {@link #close}, {@link #stuck} and {@link #cut} happens in the connection's own
 * thread.
 */
final class Connection implements ServerConnection, ConnectionContext, InterruptableTask<Void> {

  /** How long one read of the socket may block; deadlines are kept this exactly. */
  static final Duration TICK = Duration.ofMillis(500);

  private static final ScopedValue<Connection> HERE = ScopedValue.newInstance();

  /**
   * How long a connection is waited for.
   *
   * @param idle between two requests
   * @param head from the first byte of a request to the end of its headers, and for the first byte
   *     of a new connection
   * @param write for the client to take in what is written at once
   */
  record Patience(Duration idle, Duration head, Duration write) {}

  private enum Awaited {
    NEXT_REQUEST,
    HEAD,
    BODY
  }

  private final ConnectionContext context;
  private final Patience patience;
  private final Consumer<Connection> ended;
  private final DataReader reader;
  private final DataWriter writer;
  private final ServerConnection http;

  private Awaited awaited = Awaited.NEXT_REQUEST;
  private long deadline;
  private long bodyBytes;
  private LongConsumer received = Connection::ignore;

  /** Until when the write at work may take, by the nano clock; null while nothing is written. */
  private volatile @Nullable Long writeBy;

  Connection(
      ConnectionContext context,
      ServerConnectionSelector http,
      Patience patience,
      Consumer<Connection> ended) {
    this.context = context;
    this.patience = patience;
    this.ended = ended;
    this.deadline = after(patience.head());
    this.reader = DataReader.create(this::read);
    this.writer = new Writer(context.dataWriter());
    this.http = http.connection(this);
  }

  private static long after(Duration time) {
    return System.nanoTime() + time.toNanos();
  }

  // ---------------------------------------------------------------- deadlines

  /** What a body that came too slowly is given up with. */
  @SuppressWarnings("serial") // never leaves this process
  static final class TooSlow extends RuntimeException {
    TooSlow() {
      super("a body came too slowly", null, false, false);
    }
  }

  /**
   * From now on the body of the request at work may take {@code time}, and no longer than it was
   * given before. Without effect outside a connection of ours.
   *
   * @param received told how many bytes of it have come in from then on; what it throws ends the
   *     reading
   */
  static void bodyWithin(Duration time, LongConsumer received) {
    if (HERE.isBound()) {
      Connection here = HERE.get();
      long wanted = after(time);
      boolean sooner = here.awaited != Awaited.BODY || wanted - here.deadline < 0;
      here.deadline = sooner ? wanted : here.deadline;
      here.awaited = Awaited.BODY;
      here.bodyBytes = 0;
      here.received = received;
    }
  }

  /** The request at work is answered; what comes now belongs to the next one. */
  static void answered() {
    if (HERE.isBound()) {
      Connection here = HERE.get();
      here.awaited = Awaited.NEXT_REQUEST;
      here.deadline = after(here.patience.idle());
      here.received = Connection::ignore;
    }
  }

  private static void ignore(long bytes) {
    // nobody asked
  }

  /** The next bytes, or null at the end of the connection. */
  @SuppressWarnings("NullAway") // null is how a reader is told of the end
  private byte[] read() {
    while (System.nanoTime() - deadline < 0) {
      try {
        byte[] bytes = context.serverSocket().get();
        if (awaited == Awaited.NEXT_REQUEST) {
          awaited = Awaited.HEAD;
          deadline = after(patience.head());
        } else if (awaited == Awaited.BODY && bytes != null) {
          bodyBytes += bytes.length;
          received.accept(bodyBytes);
        }
        return bytes;
      } catch (UncheckedIOException e) {
        if (!(e.getCause() instanceof SocketTimeoutException)) {
          throw new ServerConnectionException("could not read from the client", e);
        }
      }
    }
    throw late();
  }

  private RuntimeException late() {
    return switch (awaited) {
      case NEXT_REQUEST -> new CloseConnectionException("no request came");
      case HEAD ->
          RequestException.builder()
              .type(DirectHandler.EventType.OTHER)
              .status(Status.REQUEST_TIMEOUT_408)
              .message("the headers came too slowly")
              .setKeepAlive(false)
              .build();
      case BODY -> new TooSlow();
    };
  }

  /** Whether the client has not taken in for too long what is written. For any thread. */
  boolean stuck() {
    Long by = writeBy;
    return by != null && System.nanoTime() - by >= 0;
  }

  /** Ends whatever waits for the client. For any thread. */
  void cut() {
    context.serverSocket().close();
  }

  /** Writes, watched. */
  private final class Writer implements DataWriter {
    private final DataWriter socket;

    Writer(DataWriter socket) {
      this.socket = socket;
    }

    private void watched(Runnable write) {
      writeBy = after(patience.write());
      try {
        write.run();
      } finally {
        writeBy = null;
      }
    }

    @Override
    public void write(BufferData... buffers) {
      watched(() -> socket.write(buffers));
    }

    @Override
    public void write(BufferData buffer) {
      watched(() -> socket.write(buffer));
    }

    @Override
    public void writeNow(BufferData... buffers) {
      watched(() -> socket.writeNow(buffers));
    }

    @Override
    public void writeNow(BufferData buffer) {
      watched(() -> socket.writeNow(buffer));
    }

    @Override
    public void flush() {
      watched(socket::flush);
    }

    @Override
    public void close() {
      socket.close();
    }
  }

  // ---------------------------------------------------------------- as a connection

  @Override
  public void handle(Limit limit) throws InterruptedException {
    try {
      ScopedValue.where(HERE, this)
          .call(
              () -> {
                http.handle(limit);
                return true;
              });
    } finally {
      ended.accept(this);
    }
  }

  @Override
  public Duration idleTime() {
    return http.idleTime();
  }

  @Override
  public void close(boolean interrupt) {
    http.close(interrupt);
  }

  @Override
  public boolean canInterrupt() {
    return http instanceof InterruptableTask<?> task && task.canInterrupt();
  }

  // ---------------------------------------------------------------- as the context of another

  @Override
  public DataReader dataReader() {
    return reader;
  }

  @Override
  public ListenerContext listenerContext() {
    return context.listenerContext();
  }

  @Override
  public ExecutorService executor() {
    return context.executor();
  }

  @Override
  public DataWriter dataWriter() {
    return writer;
  }

  @Override
  public Router router() {
    return context.router();
  }

  @Override
  public Optional<ProxyProtocolData> proxyProtocolData() {
    return context.proxyProtocolData();
  }

  @Override
  public HelidonSocket serverSocket() {
    return context.serverSocket();
  }

  @Override
  public PeerInfo remotePeer() {
    return context.remotePeer();
  }

  @Override
  public PeerInfo localPeer() {
    return context.localPeer();
  }

  @Override
  public boolean isSecure() {
    return context.isSecure();
  }

  @Override
  public String socketId() {
    return context.socketId();
  }

  @Override
  public String childSocketId() {
    return context.childSocketId();
  }
}
