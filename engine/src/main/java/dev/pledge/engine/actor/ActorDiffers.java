package dev.pledge.engine.actor;

import dev.pledge.policy.names.ActorId;

/** The actor is there with other rights, which the tokens it has stand for; nothing was changed. */
public final class ActorDiffers extends RuntimeException {
  ActorDiffers(ActorId actor, String rights) {
    super("`" + actor + "` is there with other rights: " + rights);
  }
}
