package dev.pledge.engine.gate;

import dev.pledge.engine.value.UnusableInput;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.RoleId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Asks why a read would be answered as it would: the caller's own, or that of somebody else who
 * holds other roles.
 *
 * @param read the read in question
 * @param somebody whose read it would be, or null for the caller's own
 */
public record ExplainRequest(ReadRequest read, @Nullable Somebody somebody) {

  /**
   * Somebody who holds the roles and works for the caller's products, and has signed every
   * undertaking that a role asks for.
   */
  public record Somebody(Asker.Kind kind, Set<RoleId> roles) {
    /** The most roles. */
    public static final int MOST_ROLES = 16;

    public Somebody {
      roles = Set.copyOf(roles);
      if (roles.isEmpty() || roles.size() > MOST_ROLES) {
        throw new UnusableInput(
            "roles", "name 1 to " + MOST_ROLES + " roles", "应指明 1 至 " + MOST_ROLES + " 个角色");
      }
    }
  }
}
