package dev.pledge.policy.names;

import java.util.UUID;

/** A data subject: the person whose data it is. Random, says nothing about the person. */
public record SubjectId(UUID value) implements Comparable<SubjectId> {
  /**
   * Reads the canonical form of a UUID (36 characters, lower case).
   *
   * @throws IllegalArgumentException if {@code text} is anything else
   */
  public static SubjectId of(String text) {
    UUID value;
    try {
      value = UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "malformed subject id; use the UUID given at registration");
    }
    if (!value.toString().equals(text)) {
      throw new IllegalArgumentException(
          "malformed subject id; use the UUID given at registration");
    }
    return new SubjectId(value);
  }

  @Override
  public int compareTo(SubjectId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
