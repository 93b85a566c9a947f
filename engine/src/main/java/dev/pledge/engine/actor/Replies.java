package dev.pledge.engine.actor;

import dev.pledge.engine.keys.ReplyKeys;
import dev.pledge.engine.keys.ReplyKeys.Request;
import dev.pledge.engine.keys.UnsealException;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.Transaction;
import dev.pledge.log.Sha256;
import dev.pledge.policy.names.SubjectId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.argument.Argument;
import org.jspecify.annotations.Nullable;

/**
 * The answers already given to changes, by actor and the key the actor chose: a change sent again
 * is answered again and not made again. Kept for {@link #KEPT}, and sealed so that only the same
 * request leads to them: nothing here tells what was asked or answered, also of people who are
 * erased meanwhile.
 */
public final class Replies {
  /** How long an answer is kept. */
  public static final Duration KEPT = Duration.ofHours(24);

  private static final int NOWHERE = -1;

  /** How many are deleted in one transaction, which the database bounds in time. */
  private static final int BATCH = 5_000;

  private final ReplyKeys keys;

  /** Answers sealed by {@code keys}. */
  public Replies(ReplyKeys keys) {
    this.keys = keys;
  }

  /** What was answered: an HTTP status, where the new thing is, and the body. */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  public record Reply(int status, @Nullable String location, byte[] body) {}

  /** An answer, and the person it is about, if it is about one. */
  public record Kept(Reply reply, Optional<SubjectId> about) {
    private static final UUID NOBODY = new UUID(0, 0);

    private byte[] bytes() {
      String location = reply.location;
      byte[] at = location == null ? new byte[0] : location.getBytes(StandardCharsets.UTF_8);
      UUID subject = about.map(SubjectId::value).orElse(NOBODY);
      return ByteBuffer.allocate(2 * Long.BYTES + 2 * Integer.BYTES + at.length + reply.body.length)
          .putLong(subject.getMostSignificantBits())
          .putLong(subject.getLeastSignificantBits())
          .putInt(reply.status)
          .putInt(location == null ? NOWHERE : at.length)
          .put(at)
          .put(reply.body)
          .array();
    }

    private static Kept of(byte[] bytes) {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      UUID subject = new UUID(in.getLong(), in.getLong());
      int status = in.getInt();
      int length = in.getInt();
      String location =
          length == NOWHERE ? null : new String(take(in, length), StandardCharsets.UTF_8);
      return new Kept(
          new Reply(status, location, take(in, in.remaining())),
          subject.equals(NOBODY) ? Optional.empty() : Optional.of(new SubjectId(subject)));
    }

    private static byte[] take(ByteBuffer in, int length) {
      byte[] taken = new byte[length];
      in.get(taken);
      return taken;
    }
  }

  /** The key was used for another request. */
  public static final class KeyReused extends RuntimeException {
    KeyReused() {
      super("the key was used for another request; choose a new one");
    }
  }

  /** What was answered was about a person who is erased since. */
  public static final class AboutErased extends RuntimeException {
    /** Made where the erasure is known. */
    public AboutErased() {
      super("what was answered is about nobody any more");
    }
  }

  /** The same request is being worked on. */
  public static final class RequestInFlight extends RuntimeException {
    RequestInFlight() {
      super("a request with this key is being worked on; ask again");
    }
  }

  /**
   * The answer given before, if any. If there is none, nobody else works under the same key from
   * here to the end of the transaction.
   *
   * @throws RequestInFlight if there is none and somebody does already
   * @throws KeyReused if the key was used for another request: what was answered then does not open
   *     for this one
   */
  public Optional<Kept> claim(Transaction tx, Request request) {
    boolean alone =
        tx.handle()
            .createQuery("select pg_try_advisory_xact_lock(:lock)")
            .bind("lock", lock(request))
            .mapTo(Boolean.class)
            .one();
    Optional<Kept> kept = kept(tx, request);
    if (kept.isEmpty() && !alone) {
      throw new RequestInFlight();
    }
    return kept;
  }

  private Optional<Kept> kept(Transaction tx, Request request) {
    return tx.handle()
        .createQuery(
            """
            select epoch, sealed from reply where actor_id = :actor and name = any(:names)
            """)
        .bind("actor", request.actor().value())
        .bind("names", byteArrays(keys.names(request)))
        .map((row, context) -> opened(request, row.getInt("epoch"), row.getBytes("sealed")))
        .findFirst();
  }

  // The same on every node, whichever epoch it is in; and the key itself stays on this side.
  private static long lock(Request request) {
    return ByteBuffer.wrap(Sha256.of(request.actor().value() + " " + request.key())).getLong();
  }

  private Kept opened(Request request, int epoch, byte[] sealed) {
    try {
      return Kept.of(keys.open(request, epoch, sealed));
    } catch (UnsealException ofAnotherRequest) {
      throw new KeyReused();
    }
  }

  // Jdbi would make an Object[] of it, which the driver does not take.
  private static Argument byteArrays(List<byte[]> arrays) {
    return (position, statement, context) ->
        statement.setArray(
            position,
            statement.getConnection().createArrayOf("bytea", arrays.toArray(byte[][]::new)));
  }

  /** Keeps the answer; it commits with the change it answers. */
  public void keep(Transaction tx, Request request, Kept kept) {
    ReplyKeys.Kept sealed = keys.keep(request, kept.bytes());
    tx.handle()
        .createUpdate(
            """
            insert into reply (actor_id, name, epoch, sealed, created_at)
            values (:actor, :name, :epoch, :sealed, now())
            """)
        .bind("actor", request.actor().value())
        .bind("name", sealed.name())
        .bind("epoch", sealed.epoch())
        .bind("sealed", sealed.sealed())
        .execute();
  }

  /** Deletes the answers of before {@code now} less {@link #KEPT}, some at a time. */
  public void deleteOld(Database database, Instant now) {
    Instant before = now.minus(KEPT);
    int deleted = BATCH;
    while (deleted == BATCH) {
      deleted = database.change(tx -> deleteSome(tx, before));
    }
  }

  private static int deleteSome(Transaction tx, Instant before) {
    return tx.handle()
        .createUpdate(
            """
            delete from reply where (actor_id, name) in (
              select actor_id, name from reply where created_at < :before limit :batch)
            """)
        .bind("before", before)
        .bind("batch", BATCH)
        .execute();
  }
}
