package dev.pledge.engine.gate;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.outbox.Outbox;
import dev.pledge.engine.outbox.OutboxPage;
import dev.pledge.engine.store.Database;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.log.Outcome;
import org.jspecify.annotations.Nullable;

/** What waits for recipients, as an officer sees it. On the log; who may call is the token's. */
final class Posting {
  private final Parts parts;
  private final Database database;
  private final Outbox outbox;

  Posting(Parts parts, Database database, Outbox outbox) {
    this.parts = parts;
    this.database = database;
    this.outbox = outbox;
  }

  OutboxListing list(Caller caller, @Nullable String cursor, int limit) {
    OutboxPage page = database.read(handle -> outbox.page(handle, cursor, limit));
    Facts facts =
        Facts.of(Kind.OUTBOX, parts.clock().instant(), Outcome.PERMITTED, caller.logged()).build();
    Receipt receipt = parts.entries().recordAboutNobody(facts);
    return new OutboxListing(page, receipt);
  }
}
