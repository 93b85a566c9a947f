package dev.pledge.engine.keys;

import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Where the root key is.
 *
 * @param address of a root key in a service; {@value #IN_A_FILE} for the file in the key directory;
 *     empty where it is as it was, and the file where it was nowhere
 * @param environment where credentials for the service may be, as the process has it
 * @param nanoTime by which it is told how long ago the service answered, as {@link System#nanoTime}
 */
public record RootKeySettings(
    Optional<String> address, Map<String, String> environment, LongSupplier nanoTime) {
  /** The address of the file in the key directory. */
  public static final String IN_A_FILE = "file";

  /** As it was, and the file where it was nowhere. */
  public static RootKeySettings usual() {
    return at(Optional.empty());
  }

  /** At an address. */
  public static RootKeySettings at(Optional<String> address) {
    return new RootKeySettings(address, System.getenv(), System::nanoTime);
  }

  /** Without the environment, which may hold credentials. */
  @Override
  public String toString() {
    return address.orElse("as it was");
  }
}
