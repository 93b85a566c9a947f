package dev.pledge.engine.mail;

import dev.pledge.engine.anchor.MailServer;
import dev.pledge.engine.anchor.MailServer.Letter;
import dev.pledge.engine.anchor.MailServer.MailFailed;
import dev.pledge.engine.gate.Addressed;
import dev.pledge.engine.gate.Gate;
import dev.pledge.engine.keys.UnsealException;
import dev.pledge.engine.message.Due;
import dev.pledge.engine.message.Messages;
import dev.pledge.engine.message.Sent;
import dev.pledge.engine.store.Database;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policies;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the messages that are due, one after the other. When the mail server cannot be reached,
 * that is on the server's log, once for as long as it stays, and the rest waits. For one thread at
 * a time; closing is for any.
 */
public final class Delivery implements Runnable, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
  private static final String ALTERED = "altered";

  private final MailSettings settings;
  private final Texts texts;
  private final Messages messages;
  private final Database database;
  private final Gate gate;
  private final Policies policies;
  private final InstantSource clock;
  private Optional<String> trouble = Optional.empty();
  private volatile boolean closing;

  /** Delivery of {@code messages} in {@code database}. */
  public Delivery(
      MailSettings settings,
      Messages messages,
      Database database,
      Gate gate,
      Policies policies,
      InstantSource clock) {
    this.settings = settings;
    this.texts = new Texts(settings.links());
    this.messages = messages;
    this.database = database;
    this.gate = gate;
    this.policies = policies;
    this.clock = clock;
  }

  @Override
  public void run() {
    try {
      var _ = deliver();
    } catch (RuntimeException | Error e) {
      // An error too: whatever is thrown out of here ends the deliveries, and nobody would be told.
      tell(Optional.of(e.getClass().getSimpleName()));
    }
  }

  /**
   * Sends what is due now, until nothing is, or the mail server cannot be reached; returns how many
   * messages it took up.
   *
   * @throws dev.pledge.engine.store.DatabaseUnavailable if the database cannot serve now
   */
  public int deliver() {
    int taken = 0;
    try (Line line = new Line(settings.server())) {
      while (!closing) {
        Optional<Due> due = database.change(messages::take);
        if (due.isEmpty()) {
          break;
        }
        taken++;
        Sent sent = send(due.get(), line);
        database.change(
            tx -> {
              messages.note(tx, due.get(), sent);
              return sent;
            });
        if (line.isBroken) {
          break;
        }
      }
    }
    return taken;
  }

  private Sent send(Due due, Line line) {
    if (due.useless()) {
      return new Sent.Never(Messages.TOO_LATE);
    }
    if (due.filling().isEmpty()) {
      return new Sent.Never(ALTERED);
    }
    Addressed addressed;
    try {
      addressed = gate.address(due.subject(), settings.purpose().value());
    } catch (UnsealException altered) {
      return new Sent.Never(ALTERED);
    }
    return switch (addressed) {
      case Addressed.None(String why) -> new Sent.Never(why);
      case Addressed.Address(String value) -> send(due, due.filling().get(), value, line);
    };
  }

  private Sent send(Due due, Map<String, String> filling, String address, Line line) {
    Texts.Text text = texts.write(due.template(), due.language(), filling, controller());
    Letter letter =
        new Letter(
            settings.from(),
            List.of(address),
            Optional.of(due.id().toString()),
            text.subject(),
            text.body());
    try {
      line.send(letter);
      tell(Optional.empty());
      return new Sent.Delivered();
    } catch (MailFailed e) {
      String why = e.failure().word();
      return switch (e.failure()) {
        case NO_ADDRESS -> new Sent.Never(why);
        case NOT_TAKEN -> new Sent.NotYet(why);
        case NO_PASSWORD, NOT_SIGNED_IN, AWAY -> {
          tell(Optional.of(String.valueOf(e.getMessage())));
          yield new Sent.NotYet(why);
        }
      };
    }
  }

  private String controller() {
    CompiledPolicy policy =
        policies.inForce(clock.instant()).orElseGet(policies.versions()::getFirst);
    return policy.source().controller().name();
  }

  private void tell(Optional<String> now) {
    if (!now.equals(trouble)) {
      trouble = now;
      now.ifPresentOrElse(
          what -> LOG.error("messages to people are not sent, it is tried again: {}", what),
          () -> LOG.info("messages to people are sent again"));
    }
  }

  /** Ends after the message that is at work. */
  @Override
  public void close() {
    closing = true;
  }

  /** A connection that is made when it is needed and made anew after a letter that did not go. */
  private static final class Line implements AutoCloseable {
    private final MailServer server;
    private MailServer.@Nullable Connection connection;

    /** Whether the last letter did not go for want of the server. */
    private boolean isBroken;

    Line(MailServer server) {
      this.server = server;
    }

    void send(Letter letter) {
      boolean sent = false;
      try {
        MailServer.Connection open = connection == null ? server.connect() : connection;
        connection = open;
        open.send(letter);
        sent = true;
      } catch (MailFailed e) {
        isBroken =
            switch (e.failure()) {
              case NO_PASSWORD, NOT_SIGNED_IN, AWAY -> true;
              case NOT_TAKEN, NO_ADDRESS -> false;
            };
        throw e;
      } finally {
        if (!sent) {
          close();
        }
      }
    }

    @Override
    public void close() {
      if (connection != null) {
        connection.close();
        connection = null;
      }
    }
  }
}
