package dev.pledge.engine;

import dev.pledge.engine.keys.FileRootKey;
import dev.pledge.engine.keys.KeyStore;
import dev.pledge.engine.keys.KeyStoreRefusedException;
import dev.pledge.engine.keys.RememberedRootKey;
import dev.pledge.engine.keys.RootKey;
import dev.pledge.engine.keys.RootKeySettings;
import dev.pledge.engine.keys.RootKeys;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Optional;

/**
 * Which root key is opened: the one that is named, or the one that was the last time, or the file
 * in the key directory. Whether it is the right one, the key store tells.
 */
final class RootKeyChoice {
  private static final String OF_FILES = "file-";

  private RootKeyChoice() {}

  /**
   * For a new key store; a file that is not there yet is made, and nothing in a service ever is.
   */
  static RootKey openOrMake(Configuration at, SecureRandom random) {
    return address(at).isEmpty() && !FileRootKey.exists(at.rootKey())
        ? FileRootKey.create(at.rootKey(), at.data(), random)
        : open(at, random);
  }

  /** For a key store that is there. */
  static RootKey open(Configuration at, SecureRandom random) {
    Optional<String> address = address(at);
    if (address.isPresent()) {
      return RootKeys.open(address.get(), at.root().environment());
    }
    requireOfAFile(at);
    return FileRootKey.open(at.rootKey(), at.data(), random);
  }

  /** Where in a service it is; empty if it is the file. */
  private static Optional<String> address(Configuration at) {
    return at.root()
        .address()
        .or(() -> RememberedRootKey.in(at.keys()))
        .filter(address -> !address.equals(RootKeySettings.IN_A_FILE));
  }

  /** So that nobody looks for a file that never was. */
  private static void requireOfAFile(Configuration at) {
    if (!FileRootKey.exists(at.rootKey()) && KeyStore.exists(at.keyStore())) {
      String claimed = KeyStore.claimedRootKey(at.keyStore(), at.data());
      if (!claimed.startsWith(OF_FILES)) {
        throw new KeyStoreRefusedException(
            String.format(
                Locale.ROOT,
                "the key store in `%s` is under the root key `%s`; name where that is with"
                    + " --root-key, see docs/root-keys.md",
                at.keyStore(),
                claimed));
      }
    }
  }

  /** Whether a root key is named, remembered, or there in its file. */
  static boolean isKnown(Configuration at) {
    return address(at).isPresent() || FileRootKey.exists(at.rootKey());
  }

  /** Remembers what was named, now that the key store has opened with it. */
  static void remember(Configuration at) {
    at.root()
        .address()
        .filter(address -> !RememberedRootKey.in(at.keys()).equals(Optional.of(address)))
        .ifPresent(address -> RememberedRootKey.remember(at.keys(), address));
  }
}
