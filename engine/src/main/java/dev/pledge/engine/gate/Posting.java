package dev.pledge.engine.gate;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.message.MessagePage;
import dev.pledge.engine.message.MessageState;
import dev.pledge.engine.message.Messages;
import dev.pledge.engine.outbox.Outbox;
import dev.pledge.engine.outbox.OutboxPage;
import dev.pledge.engine.store.Database;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.log.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * What waits for recipients, and messages to people, as an officer sees them. On the log; who may
 * call is the token's.
 */
final class Posting {
  private final Parts parts;
  private final Database database;
  private final Outbox outbox;
  private final Messages messages;

  Posting(Parts parts, Database database, Gate.Rooms rooms) {
    this.parts = parts;
    this.database = database;
    this.outbox = rooms.outbox();
    this.messages = rooms.messages();
  }

  OutboxListing list(Caller caller, @Nullable String cursor, int limit) {
    OutboxPage page = database.read(handle -> outbox.page(handle, cursor, limit));
    return new OutboxListing(page, enter(Kind.OUTBOX, caller));
  }

  MessageListing messages(
      Caller caller, @Nullable MessageState state, @Nullable String cursor, int limit) {
    MessagePage page = database.read(handle -> messages.page(handle, state, cursor, limit));
    return new MessageListing(page, enter(Kind.MESSAGES, caller));
  }

  private Receipt enter(Kind kind, Caller caller) {
    Facts facts =
        Facts.of(kind, parts.clock().instant(), Outcome.PERMITTED, caller.logged()).build();
    return parts.entries().recordAboutNobody(facts);
  }
}
