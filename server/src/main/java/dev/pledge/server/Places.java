package dev.pledge.server;

import dev.pledge.engine.Configuration;
import dev.pledge.engine.store.EmbeddedPostgres;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
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
      description = {
        "The key store, never inside --data. Usually ./data-keys, or beside --data and named after"
            + " it; or set PLEDGE_KEYS."
      })
  private @Nullable Path keys;

  @Option(
      names = "--root-key",
      paramLabel = "ADDRESS",
      description = {
        "Where the root key is, such as vault+https://vault.example:8200/transit/keys/pledge; see"
            + " docs/root-keys.md. Usually where it was the last time, at first a file in --keys; or"
            + " set PLEDGE_ROOT_KEY."
      })
  private @Nullable String rootKey;

  @Option(
      names = "--policy",
      paramLabel = "DIR",
      description = "The policy's directory. Usually policies/emeet; or set PLEDGE_POLICY.")
  private @Nullable Path policy;

  private final Map<String, String> environment;

  Places() {
    this(System.getenv());
  }

  Places(Map<String, String> environment) {
    this.environment = environment;
  }

  Path data() {
    return named(data, "PLEDGE_DATA").orElseGet(() -> usual("data"));
  }

  /** If only the data are named, the keys lie beside them; never inside, and never elsewhere. */
  Path keys() {
    return named(keys, "PLEDGE_KEYS")
        .or(() -> named(data, "PLEDGE_DATA").map(Places::beside))
        .orElseGet(() -> usual("data-keys"));
  }

  /** Where the root key is named to be; empty where it is as it was. */
  Optional<String> rootKey() {
    return Optional.ofNullable(rootKey)
        .or(() -> Optional.ofNullable(environment.get("PLEDGE_ROOT_KEY")))
        .map(String::strip)
        .filter(address -> !address.isEmpty());
  }

  Path policy() {
    return named(policy, "PLEDGE_POLICY").orElseGet(() -> usual("policies/emeet"));
  }

  /**
   * What Pledge has run on here once.
   *
   * @throws CommandRefused if it has not
   */
  Configuration existing() {
    requireDatabase(data());
    return named();
  }

  /** The same, whether or not it is there. */
  Configuration named() {
    return Configuration.embedded(policy(), data(), keys()).withRootKeyAt(rootKey());
  }

  /** A mistyped directory must not become a database that nobody asks. */
  static void requireDatabase(Path data) {
    if (!EmbeddedPostgres.existsIn(data)) {
      throw new CommandRefused(
          "`"
              + shown(data)
              + "` holds no database; name the data directory with --data, or start Pledge on it"
              + " once with `up`");
    }
  }

  private Optional<Path> named(@Nullable Path option, String variable) {
    return Optional.ofNullable(option)
        .or(
            () ->
                Optional.ofNullable(environment.get(variable))
                    .filter(text -> !text.isBlank())
                    .map(Path::of))
        .map(path -> path.toAbsolutePath().normalize());
  }

  private static Path beside(Path data) {
    return data.resolveSibling(data.getFileName() + "-keys");
  }

  private static Path usual(String place) {
    return home().resolve(place).normalize();
  }

  /** The directory under which things usually are. */
  static Path home() {
    String home = System.getProperty("pledge.home", "");
    return Path.of(home).toAbsolutePath().normalize();
  }

  /** {@code path} as short as it can be said from where the user stands. */
  static String shown(Path path) {
    Path here = Path.of("").toAbsolutePath();
    Path there = path.normalize();
    return there.startsWith(here) && !there.equals(here)
        ? "./" + here.relativize(there)
        : there.toString();
  }
}
