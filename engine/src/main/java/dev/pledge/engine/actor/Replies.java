package dev.pledge.engine.actor;

import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.Transaction;
import dev.pledge.policy.names.ActorId;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The answers already given to changes, by actor and the key the actor chose: a change sent again
 * is answered again and not made again. Kept for {@link #KEPT}; holds no personal value.
 */
public final class Replies {
  /** How long an answer is kept. */
  public static final Duration KEPT = Duration.ofHours(24);

  /** What was answered: an HTTP status, where the new thing is, and the body. */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  public record Reply(int status, @Nullable String location, byte[] body) {}

  /** The key was used for another request. */
  public static final class KeyReused extends RuntimeException {
    KeyReused() {
      super("the key was used for another request; choose a new one");
    }
  }

  /** The same request is being worked on. */
  public static final class RequestInFlight extends RuntimeException {
    RequestInFlight() {
      super("a request with this key is being worked on; ask again");
    }
  }

  /**
   * The answer given before, if any. From here to the end of the transaction nobody else works
   * under the same key.
   *
   * @throws RequestInFlight if somebody does already
   * @throws KeyReused if the key was used with another body
   */
  public Optional<Reply> claim(Transaction tx, ActorId actor, String key, byte[] bodyHash) {
    boolean alone =
        tx.handle()
            .createQuery(
                "select pg_try_advisory_xact_lock(hashtextextended(:actor || ' ' || :key, 0))")
            .bind("actor", actor.value())
            .bind("key", key)
            .mapTo(Boolean.class)
            .one();
    if (!alone) {
      throw new RequestInFlight();
    }
    return tx.handle()
        .createQuery(
            """
            select status, location, body, body_hash from reply
            where actor_id = :actor and key = :key
            """)
        .bind("actor", actor.value())
        .bind("key", key)
        .map(
            (row, context) -> {
              if (!MessageDigest.isEqual(row.getBytes("body_hash"), bodyHash)) {
                throw new KeyReused();
              }
              return new Reply(
                  row.getInt("status"), row.getString("location"), row.getBytes("body"));
            })
        .findOne();
  }

  /** Keeps the answer; it commits with the change it answers. */
  public void keep(Transaction tx, ActorId actor, String key, byte[] bodyHash, Reply reply) {
    tx.handle()
        .createUpdate(
            """
            insert into reply (actor_id, key, body_hash, status, location, body, created_at)
            values (:actor, :key, :hash, :status, :location, :body, now())
            """)
        .bind("actor", actor.value())
        .bind("key", key)
        .bind("hash", bodyHash)
        .bind("status", reply.status())
        .bind("location", reply.location())
        .bind("body", reply.body())
        .execute();
  }

  /** Deletes the answers of before {@code now} less {@link #KEPT}. */
  public void deleteOld(Database database, Instant now) {
    database.change(
        tx ->
            tx.handle()
                .createUpdate("delete from reply where created_at < :before")
                .bind("before", now.minus(KEPT))
                .execute());
  }
}
