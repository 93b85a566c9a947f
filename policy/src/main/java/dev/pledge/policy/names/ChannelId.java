package dev.pledge.policy.names;

/**
 * A way to reach a person, such as {@code email} (II.I.5).
 *
 * <p>Malformed text throws {@link IllegalArgumentException}.
 */
public record ChannelId(String value) implements Comparable<ChannelId> {
  public ChannelId {
    Name.requireSimple(value, "channel");
  }

  @Override
  public int compareTo(ChannelId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
