package dev.pledge.engine.gate;

/** Somebody who had the same alias was erased meanwhile. Nothing was changed; ask again. */
public final class Overtaken extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Overtaken() {
    super("somebody who had one of the aliases was erased meanwhile; ask again");
  }
}
