package dev.pledge.engine.keys;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a transit key of HashiCorp Vault is: {@code
 * vault+https://HOST:PORT/MOUNT/keys/NAME?namespace=…&token-file=…&ca-file=…}.
 *
 * @param server where the API is
 * @param mount where the transit engine is mounted
 * @param tokenFile has the token; without it the environment does
 * @param certificates of the authorities that vouch for the server; without it those that this
 *     machine trusts
 */
record VaultAddress(
    URI server,
    String mount,
    String key,
    Optional<String> namespace,
    Optional<Path> tokenFile,
    Optional<Path> certificates) {
  static final String SECURE = "vault+https";
  static final String PLAIN = "vault+http";
  private static final String NAME = "[A-Za-z0-9_.-]+";
  private static final Pattern PATH =
      Pattern.compile("/(" + NAME + "(?:/" + NAME + ")*)/keys/(" + NAME + ")");
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(?:\\.[0-9]{1,3}){3}|\\[::1]");

  /**
   * Reads an address.
   *
   * @throws KeyStoreRefusedException if it is none, or would send the token unencrypted to another
   *     machine
   */
  static VaultAddress of(URI address) {
    String host = address.getHost();
    Matcher path = PATH.matcher(address.getRawPath() == null ? "" : address.getRawPath());
    if (host == null
        || address.getRawUserInfo() != null
        || address.getRawFragment() != null
        || !path.matches()) {
      throw malformed("it is not `" + SECURE + "://HOST:PORT/MOUNT/keys/NAME`");
    }
    boolean secure = SECURE.equals(address.getScheme());
    if (!secure && !LOOPBACK.matcher(host).matches()) {
      throw malformed(
          "only a Vault on this machine is asked without TLS; use `" + SECURE + "://" + host + "`");
    }
    Map<String, String> options = options(address.getRawQuery());
    Optional<String> namespace = Optional.ofNullable(options.remove("namespace"));
    if (namespace.filter(name -> !name.matches(NAME + "(/" + NAME + ")*/?")).isPresent()) {
      throw malformed("its `namespace` is not the name of one");
    }
    Optional<Path> tokenFile = file(options, "token-file");
    Optional<Path> certificates = file(options, "ca-file");
    if (!options.isEmpty()) {
      throw malformed("it takes `namespace`, `token-file` and `ca-file`, and nothing else");
    }
    String port = address.getPort() < 0 ? "" : ":" + address.getPort();
    return new VaultAddress(
        URI.create((secure ? "https://" : "http://") + host + port),
        path.group(1),
        path.group(2),
        namespace.map(name -> name.endsWith("/") ? name.substring(0, name.length() - 1) : name),
        tokenFile,
        certificates);
  }

  private static Map<String, String> options(String query) {
    Map<String, String> options = new TreeMap<>();
    if (query != null) {
      for (String each : query.split("&", -1)) {
        int equals = each.indexOf('=');
        if (equals <= 0) {
          throw malformed("what follows the `?` is not `NAME=VALUE&NAME=VALUE`");
        }
        options.put(
            each.substring(0, equals),
            URLDecoder.decode(each.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return options;
  }

  private static Optional<Path> file(Map<String, String> options, String name) {
    String file = options.remove(name);
    if (file == null) {
      return Optional.empty();
    }
    try {
      Path path = Path.of(file);
      if (path.isAbsolute()) {
        return Optional.of(path);
      }
    } catch (InvalidPathException e) {
      // Told the same way as one that is not absolute.
    }
    throw malformed("its `" + name + "` is not the absolute path of a file");
  }

  private static KeyStoreRefusedException malformed(String what) {
    return new KeyStoreRefusedException(
        String.format(
            Locale.ROOT, "the root key's address cannot be used: %s; see docs/root-keys.md", what));
  }

  /** The key's name: of whichever server holds it, since a Vault may move. */
  String id() {
    return "vault:" + namespace.map(name -> name + "/").orElse("") + mount + "/" + key;
  }

  /** Where in the API something is done with the key. */
  URI to(String operation) {
    return server.resolve("/v1/" + mount + "/" + operation + "/" + key);
  }
}
