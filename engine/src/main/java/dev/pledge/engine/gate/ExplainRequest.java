package dev.pledge.engine.gate;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.value.UnusableInput;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.Question.HandOver;
import dev.pledge.policy.names.RoleId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Asks why something would be answered as it would: of the caller, or of somebody else who holds
 * other roles.
 *
 * @param asked what is in question
 * @param somebody who would ask it, or null for the caller
 */
public record ExplainRequest(Asked asked, @Nullable Somebody somebody) {

  /** What can be explained. None of it is done. */
  public sealed interface Asked {
    /** Who wants to know. */
    Caller caller();

    /** Why they do; sealed in the log. */
    @Nullable String justification();
  }

  /**
   * A read, or handing over what it would show.
   *
   * @param handOver who would receive it; null if nobody
   */
  public record OfRead(ReadRequest read, @Nullable HandOver handOver) implements Asked {
    @Override
    public Caller caller() {
      return read.caller();
    }

    @Override
    public @Nullable String justification() {
      return read.justification();
    }
  }

  /**
   * A collection. Of its values only what they tell of an age is looked at, as when they are
   * stored.
   */
  public record OfCollection(Caller caller, Collection collection, @Nullable String justification)
      implements Asked {
    public OfCollection {
      if (justification != null) {
        ReadRequest.requireText(justification, "justification", ReadRequest.LONGEST_JUSTIFICATION);
      }
    }

    /** Who asks, and nothing that the caller wrote. */
    @Override
    public String toString() {
      return "OfCollection[" + caller.id() + ", [redacted]]";
    }
  }

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
