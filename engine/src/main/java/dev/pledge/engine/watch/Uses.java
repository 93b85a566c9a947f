package dev.pledge.engine.watch;

import dev.pledge.engine.store.Transaction;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.Optional;

/** Which actor has used data for which purposes, ever: as many as there are actors and purposes. */
final class Uses {
  private final Duration newcomer;

  Uses(Duration newcomer) {
    this.newcomer = newcomer;
  }

  /** Remembers the use; true if it is the first, and the actor has been at work for long. */
  boolean isUnusual(Transaction tx, Spell use) {
    String actor = use.what().actor().orElseThrow();
    boolean first =
        tx.handle()
                .createUpdate(
                    """
                    insert into first_use (actor_id, purpose, used_at)
                    values (:actor, :purpose, :at) on conflict do nothing
                    """)
                .bind("actor", actor)
                .bind("purpose", use.what().purpose().orElseThrow())
                .bind("at", use.begun())
                .execute()
            == 1;
    return first && isOld(tx, actor, use);
  }

  private boolean isOld(Transaction tx, String actor, Spell use) {
    Optional<Timestamp> since =
        tx.handle()
            .createQuery("select min(used_at) from first_use where actor_id = :actor")
            .bind("actor", actor)
            .mapTo(Timestamp.class)
            .findOne();
    return since.map(at -> !at.toInstant().plus(newcomer).isAfter(use.begun())).orElse(false);
  }
}
