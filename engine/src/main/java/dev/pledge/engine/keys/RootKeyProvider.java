package dev.pledge.engine.keys;

import java.net.URI;
import java.util.Map;
import java.util.Set;

/**
 * Makes root keys of one service usable. Found by {@link java.util.ServiceLoader}: a module that
 * adds a service names its provider in {@code META-INF/services} and is put on the class path.
 *
 * <p>A provider reports by {@link KeyStoreRefusedException} what has to be set up differently, and
 * by {@link RootKeyUnavailableException} what may pass.
 */
public interface RootKeyProvider {
  /** The schemes of the addresses it takes, such as {@code vault+https}. */
  Set<String> schemes();

  /**
   * Opens the key at an address of one of its schemes, once it has seen that the key is there, may
   * be used and does not leave the service. Nothing in an address is secret.
   *
   * @param environment where credentials are, as the process has it
   * @throws KeyStoreRefusedException if the address is malformed or the key is not fit
   * @throws RootKeyUnavailableException if the service cannot be used now
   */
  RootKey open(URI address, Map<String, String> environment);
}
