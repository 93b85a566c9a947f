package dev.pledge.engine.keys;

import java.net.URI;
import java.util.Map;
import java.util.Set;

/** Root keys in HashiCorp Vault. */
final class VaultProvider implements RootKeyProvider {
  @Override
  public Set<String> schemes() {
    return Set.of(VaultAddress.SECURE, VaultAddress.PLAIN);
  }

  @Override
  public RootKey open(URI address, Map<String, String> environment) {
    return VaultTransitRootKey.open(
        VaultAddress.of(address), environment, VaultCalls.Patience.USUAL);
  }
}
