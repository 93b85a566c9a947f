package dev.pledge.engine.store;

import org.jspecify.annotations.Nullable;

/** The database refused a row because of a constraint; nothing was changed. */
public final class ConstraintViolated extends DatabaseFailed {
  private static final String UNIQUE = "23505";

  private final String constraint;

  ConstraintViolated(String constraint, @Nullable String sqlState) {
    super("the constraint `" + constraint + "` refused a row", sqlState);
    this.constraint = constraint;
  }

  /**
   * Whether the named unique constraint or unique index refused a duplicate.
   *
   * <p>On a sharded table the server reports the shard's constraint, which is the name followed by
   * an underscore and the shard's number; that counts too.
   */
  public boolean duplicates(String name) {
    return UNIQUE.equals(sqlState())
        && constraint.startsWith(name)
        && constraint.substring(name.length()).matches("(_\\d+)?");
  }
}
