package dev.pledge.server;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Where things are: given as options, by environment, or in their usual places under the home
 * directory, which the launcher names.
 */
final class Places {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The database's directory. Usually ./data; or set PLEDGE_DATA.")
  private @Nullable Path data;

  @Option(
      names = "--keys",
      paramLabel = "DIR",
      description = "The key store, never inside --data. Usually ./data-keys; or set PLEDGE_KEYS.")
  private @Nullable Path keys;

  @Option(
      names = "--policy",
      paramLabel = "DIR",
      description = "The policy's directory. Usually policies/emeet; or set PLEDGE_POLICY.")
  private @Nullable Path policy;

  Path data() {
    return place(data, "PLEDGE_DATA", "data");
  }

  Path keys() {
    if (keys == null && System.getenv("PLEDGE_KEYS") == null && data != null) {
      // Beside the data and never inside it.
      Path beside = data().resolveSibling(data().getFileName() + "-keys");
      return beside.normalize();
    }
    return place(keys, "PLEDGE_KEYS", "data-keys");
  }

  Path policy() {
    return place(policy, "PLEDGE_POLICY", "policies/emeet");
  }

  private static Path place(@Nullable Path given, String variable, String usual) {
    if (given != null) {
      return given.toAbsolutePath().normalize();
    }
    String named = System.getenv(variable);
    return named == null || named.isBlank()
        ? home().resolve(usual).normalize()
        : Path.of(named).toAbsolutePath().normalize();
  }

  /** The directory under which things usually are. */
  static Path home() {
    String home = System.getProperty("pledge.home", "");
    return Path.of(home).toAbsolutePath().normalize();
  }

  /** {@code path} as short as it can be said from where the user stands. */
  static String shown(Path path) {
    Path here = Path.of("").toAbsolutePath();
    return path.startsWith(here) && !path.equals(here)
        ? "./" + here.relativize(path)
        : path.toString();
  }
}
