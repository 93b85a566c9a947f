package dev.pledge.engine.outbox;

import dev.pledge.engine.keys.OutboxKeys;
import dev.pledge.engine.keys.UnsealException;
import dev.pledge.engine.store.Transaction;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** The rows of messages that wait for recipients. */
public final class Outbox {
  /** The most messages of one page. */
  public static final int MOST = 200;

  private static final int CHECKED_TOGETHER = 1_000;

  private final OutboxKeys keys;

  /** Messages named and sealed with these keys. */
  public Outbox(OutboxKeys keys) {
    this.keys = keys;
  }

  /**
   * Puts a message for each recipient there, when the transaction commits; those of a cause that
   * are there already stay as they are.
   *
   * @param cause known to nobody but who has the keys of the outbox and the cause
   */
  public void put(Transaction tx, UUID cause, Collection<Message> messages, LocalDate day) {
    if (messages.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        tx.handle()
            .prepareBatch(
                """
                insert into outbox (message, recipient, day, sealed)
                values (:message, :recipient, :day, :sealed) on conflict do nothing
                """);
    for (Message message : messages) {
      byte[] name = keys.name(cause, message.recipient());
      byte[] content = message.content().getBytes(StandardCharsets.UTF_8);
      batch
          .bind("message", name)
          .bind("recipient", message.recipient())
          .bind("day", day)
          .bind("sealed", keys.seal(name, message.recipient(), content))
          .add();
    }
    var _ = batch.execute();
  }

  /**
   * A page of the messages, the oldest day first.
   *
   * @param cursor where it begins; null for the beginning
   * @param limit the most messages, 1 to {@value #MOST}
   * @throws IllegalArgumentException if the cursor is malformed or the limit out of range
   * @throws UnsealException if a message was altered
   */
  public OutboxPage page(Handle handle, @Nullable String cursor, int limit) {
    if (limit < 1 || limit > MOST) {
      throw new IllegalArgumentException("a page has 1 to " + MOST + " messages");
    }
    OutboxCursor after = cursor == null ? OutboxCursor.FIRST : OutboxCursor.of(cursor);
    return OutboxPage.of(
        handle
            .createQuery(
                """
                select message, recipient, state, day, sealed from outbox
                where (day, message) > (:day, :name) order by day, message limit :limit
                """)
            .bind("day", after.day())
            .bind("name", after.nameBytes())
            .bind("limit", limit + 1)
            .map((row, context) -> waiting(row))
            .list(),
        limit);
  }

  private Waiting waiting(ResultSet row) throws SQLException {
    byte[] name = row.getBytes("message");
    String recipient = row.getString("recipient");
    byte[] content = keys.open(name, recipient, row.getBytes("sealed"));
    return Waiting.of(
        name,
        row.getString("state"),
        row.getObject("day", LocalDate.class),
        Message.read(recipient, new String(content, StandardCharsets.UTF_8)));
  }

  /**
   * Looks through all messages, or through the first thousand.
   *
   * @param closed told which do not open: altered, or moved there from elsewhere
   */
  public void check(Handle handle, boolean all, Consumer<String> closed) {
    byte[] after = new byte[0];
    while (true) {
      byte[] from = after;
      List<byte[]> names =
          handle
              .createQuery(
                  """
                  select message, recipient, sealed from outbox
                  where message > :after order by message limit :limit
                  """)
              .bind("after", from)
              .bind("limit", CHECKED_TOGETHER)
              .map((row, context) -> look(row, closed))
              .list();
      if (names.isEmpty() || !all) {
        return;
      }
      after = names.getLast();
    }
  }

  private byte[] look(ResultSet row, Consumer<String> closed) throws SQLException {
    byte[] name = row.getBytes("message");
    try {
      var _ = keys.open(name, row.getString("recipient"), row.getBytes("sealed"));
    } catch (UnsealException e) {
      closed.accept("outbox " + HexFormat.of().formatHex(name, 0, 8));
    }
    return name;
  }
}
