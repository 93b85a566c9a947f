package dev.pledge.engine.keys;

import dev.pledge.engine.keys.Manifest.SealedFile;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;

/** What the root key seals for one deployment, bound to what it is for. */
record SealedFiles(PrivateDirectory directory, RootKey root, UUID deployment) {
  /** What a sealed secret is for; the epoch is 0 for what belongs to none. */
  record Purpose(String name, int epoch) {
    static final Purpose STORE_KEY = new Purpose("store-key", 0);
    static final Purpose LOG_SIGNING_SEED = new Purpose("log-signing-seed", 0);

    static Purpose bundleOf(int epoch) {
      return new Purpose("epoch-bundle", epoch);
    }
  }

  /** Seals {@code secret} and wipes it. */
  byte[] seal(Purpose purpose, byte[] secret) {
    try {
      return root.wrap(secret, context(purpose));
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  /** Opens what {@link #seal} made; the caller wipes it. */
  byte[] open(Purpose purpose, byte[] sealed) {
    return root.unwrap(sealed, context(purpose));
  }

  /** Seals {@code secret} into a file, durably, and wipes it. */
  SealedFile write(String name, Purpose purpose, byte[] secret) throws IOException {
    byte[] sealed = seal(purpose, secret);
    directory.write(name, sealed);
    return new SealedFile(name, digest(sealed));
  }

  /**
   * Opens the file; the caller wipes what it held.
   *
   * @throws KeyStoreRefusedException if it is not the file that the manifest names
   */
  byte[] read(SealedFile file, Purpose purpose) throws IOException {
    byte[] sealed = directory.read(file.name());
    if (!digest(sealed).equals(file.digest())) {
      throw altered(file.name());
    }
    try {
      return open(purpose, sealed);
    } catch (UnsealException e) {
      throw altered(file.name());
    }
  }

  KeyStoreRefusedException altered(String name) {
    String message =
        String.format(
            Locale.ROOT,
            "`%s` is altered or of another key store; restore the key store from its backup",
            directory.path().resolve(name));
    return new KeyStoreRefusedException(
        root.isHere()
            ? message
            : message + ". Or `" + root.id() + "` is another key than it was: see to its service");
  }

  private byte[] context(Purpose purpose) {
    return Framed.of("pledge/root/v1")
        .add(deployment)
        .add(purpose.name())
        .add(purpose.epoch())
        .bytes();
  }

  private static String digest(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-256; use a full JDK", e);
    }
  }
}
