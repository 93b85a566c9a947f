package dev.pledge.engine.actor;

import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.UndertakingId;
import java.util.Set;

/**
 * An actor to be given a token.
 *
 * @param undertakings those the actor signs now; they run at least as long as the token
 */
public record NewActor(
    ActorId id,
    Asker.Kind kind,
    Set<RoleId> roles,
    Set<ProductId> products,
    Set<Scope> scopes,
    Set<UndertakingId> undertakings) {
  /** As many as an entry of the log names. */
  private static final int MOST_NAMES = 32;

  public NewActor {
    roles = Set.copyOf(roles);
    products = Set.copyOf(products);
    scopes = Set.copyOf(scopes);
    undertakings = Set.copyOf(undertakings);
    if (id.equals(Actors.CENTRE)) {
      throw new IllegalArgumentException("`" + id + "` is the Privacy Centre, which has no token");
    }
    if (id.equals(Actors.MESSAGES)) {
      throw new IllegalArgumentException("`" + id + "` is Pledge itself; choose another name");
    }
    if (id.equals(Actors.REQUESTS)) {
      throw new IllegalArgumentException("`" + id + "` is Pledge itself, which has no token");
    }
    if (Math.max(roles.size(), Math.max(products.size(), undertakings.size())) > MOST_NAMES) {
      throw new IllegalArgumentException(
          "an actor has at most " + MOST_NAMES + " roles, products and undertakings each");
    }
  }
}
