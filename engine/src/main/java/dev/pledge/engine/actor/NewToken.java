package dev.pledge.engine.actor;

import dev.pledge.policy.names.ActorId;
import java.time.Instant;

/** A token as it is shown once; {@code secret} is stored nowhere and printed only on purpose. */
public record NewToken(ActorId actor, String secret, Instant expires) {
  @Override
  public String toString() {
    return "NewToken[" + actor + ", [redacted], " + expires + "]";
  }
}
