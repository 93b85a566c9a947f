package dev.pledge.engine;

import dev.pledge.engine.actor.Actors;

/**
 * Where actors are given tokens without a {@link Pledge}. It opens the key store, since what is
 * done here is on the log and entries are sealed; it leaves people and policy alone.
 */
public final class TokenDesk implements AutoCloseable {
  private final Desk desk;
  private final Actors actors;

  private TokenDesk(Configuration at) {
    this.desk = new Desk(at, "token");
    try {
      this.actors =
          new Actors(desk.database(), desk.audit(LogName.FIRST), at.clock(), desk.random());
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Opens the desk of what {@code at} names; its policy is not read. A data directory and its key
   * store that do not exist yet are made; those of another database are there already.
   *
   * @throws dev.pledge.engine.store.StartRefused if the database cannot be used
   * @throws dev.pledge.engine.keys.KeyStoreRefusedException if the root key or the key store cannot
   */
  public static TokenDesk open(Configuration at) {
    return new TokenDesk(at);
  }

  /** The actors and their tokens. */
  public Actors actors() {
    return actors;
  }

  @Override
  public void close() {
    desk.close();
  }
}
