package dev.pledge.engine.store;

import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * How to reach one database in its two roles: the application, which serves requests, and the
 * owner, which changes the schema before that.
 *
 * @param application connections of the application's role, not pooled
 * @param owner connections of the role that owns the schema, not pooled
 * @param applicationRole the application's role as SQL names it, for grants
 */
public record Connections(DataSource application, DataSource owner, String applicationRole) {
  private static final int SOCKET_SECONDS = 30;
  private static final Pattern ROLE = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

  public Connections {
    if (!ROLE.matcher(applicationRole).matches()) {
      throw new IllegalArgumentException(
          "malformed role name; use lower-case letters, digits and `_`");
    }
  }

  /** One role for both, when a program hands over the only data source it has. */
  public static Connections of(DataSource both) {
    return new Connections(both, both, "current_user");
  }

  /**
   * A server the operator runs.
   *
   * @param url a JDBC URL {@code jdbc:postgresql://…} without user and password
   * @throws IllegalArgumentException if the URL is not one, or the role's name is malformed
   */
  public static Connections to(String url, Login application, Login owner) {
    return new Connections(
        serving(source(url, application)), source(url, owner), application.user());
  }

  static PGSimpleDataSource source(String url, Login login) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setConnectTimeout(2);
    source.setTcpKeepAlive(true);
    source.setAssumeMinServerVersion("15");
    source.setApplicationName("pledge");
    source.setUrl(url);
    // INVARIANT: set after the URL, which must not switch the server's detail on again.
    source.setLogServerErrorDetail(false);
    source.setUser(login.user());
    source.setPassword(login.password());
    return source;
  }

  /** A server that stops answering fails the call, and the pool drops the connection. */
  static PGSimpleDataSource serving(PGSimpleDataSource source) {
    source.setSocketTimeout(SOCKET_SECONDS);
    return source;
  }

  /** A role and its password. Prints without the password. */
  public record Login(String user, String password) {
    @Override
    public String toString() {
      return user + ":[redacted]";
    }
  }
}
