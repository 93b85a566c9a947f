package dev.pledge.engine.keys;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeSet;

/** The root keys that lie in services, each found by its address. */
public final class RootKeys {
  private RootKeys() {}

  /**
   * Opens the root key at {@code address}, such as {@code
   * vault+https://vault.example:8200/transit/keys/pledge}.
   *
   * @throws KeyStoreRefusedException if no provider takes it, it is malformed, or the key is not
   *     fit
   * @throws RootKeyUnavailableException if the service cannot be used now
   */
  public static RootKey open(String address, Map<String, String> environment) {
    URI uri = uri(address);
    List<RootKeyProvider> providers = new ArrayList<>();
    providers.add(new VaultProvider());
    ServiceLoader.load(RootKeyProvider.class).forEach(providers::add);
    TreeSet<String> schemes = new TreeSet<>();
    for (RootKeyProvider provider : providers) {
      if (provider.schemes().contains(uri.getScheme())) {
        return provider.open(uri, environment);
      }
      schemes.addAll(provider.schemes());
    }
    throw new KeyStoreRefusedException(
        String.format(
            Locale.ROOT,
            "nothing here takes a root key at `%s:…`, only at %s; put the module of the service on"
                + " the class path, see docs/root-keys.md",
            uri.getScheme(),
            String.join(", ", schemes)));
  }

  private static URI uri(String address) {
    try {
      URI uri = new URI(address);
      if (uri.getScheme() != null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Told the same way as one without a scheme.
    }
    throw new KeyStoreRefusedException(
        "the root key's address is not one such as"
            + " `vault+https://vault.example:8200/transit/keys/pledge`; see docs/root-keys.md");
  }
}
