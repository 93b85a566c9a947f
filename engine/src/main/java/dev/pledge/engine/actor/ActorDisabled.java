package dev.pledge.engine.actor;

import dev.pledge.policy.names.ActorId;

/** The actor is disabled and gets no token; nothing was changed. */
public final class ActorDisabled extends RuntimeException {
  ActorDisabled(ActorId actor) {
    super("`" + actor + "` is disabled and gets no token; name another actor");
  }
}
