package dev.pledge.policy.names;

/**
 * Whoever asks for data: a service, a member of staff, a partner, an auditor. Never a person's name
 * or address.
 *
 * <p>Malformed text throws {@link IllegalArgumentException}.
 */
public record ActorId(String value) implements Comparable<ActorId> {
  public ActorId {
    Name.requireActor(value, "actor");
  }

  @Override
  public int compareTo(ActorId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
