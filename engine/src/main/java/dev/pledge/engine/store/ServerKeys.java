package dev.pledge.engine.store;

import dev.pledge.engine.store.Connections.Login;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * What it takes to reach the embedded server: its port and the passwords of its three roles, kept
 * in {@code connection.properties}, which the user of this process alone can read.
 *
 * @param prepared whether roles and database exist already
 */
record ServerKeys(int port, String superuser, String owner, String application, boolean prepared) {
  static final String HOST = "127.0.0.1";
  static final String DATABASE = "pledge";
  static final String SUPERUSER_ROLE = "postgres";
  static final String OWNER_ROLE = "pledge_owner";
  static final String APPLICATION_ROLE = "pledge_app";

  private static final int PASSWORD_BYTES = 32;

  /** Fresh passwords for a cluster that is about to be made. */
  static ServerKeys generate(SecureRandom random) {
    return new ServerKeys(0, password(random), password(random), password(random), false);
  }

  static ServerKeys read(DataDirectory data) {
    Properties lines = new Properties();
    try (Reader reader = Files.newBufferedReader(data.connectionFile())) {
      lines.load(reader);
      return new ServerKeys(
          Integer.parseInt(require(lines, "port")),
          require(lines, "password.superuser"),
          require(lines, "password.owner"),
          require(lines, "password.application"),
          Boolean.parseBoolean(require(lines, "prepared")));
    } catch (IOException | NumberFormatException e) {
      throw unreadable(data, e);
    }
  }

  void write(DataDirectory data) {
    try {
      data.replace(
          data.connectionFile(),
          List.of(
              "# How Pledge reaches its embedded database. Keep it secret, and with the directory.",
              "port=" + port,
              "password.superuser=" + superuser,
              "password.owner=" + owner,
              "password.application=" + application,
              "prepared=" + prepared));
    } catch (IOException e) {
      throw data.notWritable(e);
    }
  }

  ServerKeys withPort(int other) {
    return new ServerKeys(other, superuser, owner, application, prepared);
  }

  ServerKeys asPrepared() {
    return new ServerKeys(port, superuser, owner, application, true);
  }

  Connections connections(String database) {
    return new Connections(
        Connections.serving(source(database, new Login(APPLICATION_ROLE, application))),
        source(database, new Login(OWNER_ROLE, owner)),
        APPLICATION_ROLE);
  }

  DataSource superuser(String database) {
    return source(database, new Login(SUPERUSER_ROLE, superuser));
  }

  private PGSimpleDataSource source(String database, Login login) {
    PGSimpleDataSource source =
        Connections.source("jdbc:postgresql://" + HOST + ":" + port + "/" + database, login);
    try {
      // Whatever else may listen on the port is never told the password.
      source.setProperty("requireAuth", "scram-sha-256");
      source.setProperty("sslmode", "disable");
      source.setProperty("gssEncMode", "disable");
    } catch (SQLException e) {
      throw new IllegalStateException("could not set up the driver", e);
    }
    return source;
  }

  @Override
  public String toString() {
    return "ServerKeys[port=" + port + ", [redacted]]";
  }

  private static String require(Properties lines, String name) throws IOException {
    String value = lines.getProperty(name);
    if (value == null) {
      throw new IOException("`" + name + "` is missing");
    }
    return value;
  }

  private static StartRefused unreadable(DataDirectory data, Exception cause) {
    return new StartRefused(
        "could not read `"
            + data.connectionFile()
            + "`, which holds the passwords of the embedded database; run as the user who made the"
            + " data directory, or restore the file from a backup of it",
        cause);
  }

  private static String password(SecureRandom random) {
    byte[] bytes = new byte[PASSWORD_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
