package dev.pledge.engine;

import dev.pledge.engine.anchor.AnchorSettings;
import dev.pledge.engine.audit.Ageing;
import dev.pledge.engine.store.Connections;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.postgresql.ds.PGSimpleDataSource;

/** Sweeps again and again, saying when it begins, until it is killed. */
final class SweepingProcess {
  private SweepingProcess() {}

  /**
   * Takes policy, data, keys, the application's role, and of both roles address, user and password.
   */
  public static void main(String[] arguments) {
    Connections connections =
        new Connections(
            source(arguments[4], arguments[5], arguments[6]),
            source(arguments[7], arguments[8], arguments[9]),
            arguments[3]);
    Pledge pledge =
        Pledge.open(
            new Configuration(
                Path.of(arguments[0]),
                Path.of(arguments[1]),
                Path.of(arguments[2]),
                Optional.of(connections),
                InstantSource.system(),
                Optional.empty(),
                AnchorSettings.NONE,
                Ageing.USUAL,
                1));
    System.out.println("sweeping");
    System.out.flush();
    while (true) {
      pledge.sweep();
    }
  }

  private static PGSimpleDataSource source(String url, String user, String password) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL(url);
    source.setUser(user);
    source.setPassword(password);
    return source;
  }
}
