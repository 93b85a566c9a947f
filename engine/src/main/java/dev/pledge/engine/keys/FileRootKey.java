package dev.pledge.engine.keys;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/**
 * A root key that lies in a file: 32 random bytes named {@value #FILE}, mode 0600, in a directory
 * of its own, mode 0700, outside the data directory.
 *
 * <p>Protects the key store against those who cannot read that file: other accounts, and copies of
 * the data directory. It does not protect against this account or the superuser; a key management
 * service does that better. Back it up apart from the data.
 *
 * <p>Safe for use by many threads until closed; closing wipes the key.
 */
public final class FileRootKey implements RootKey {
  static final String FILE = "root.key";

  private final Secret wrapping;
  private final String id;
  private final Envelope envelope;

  private FileRootKey(Secret key, SecureRandom random) {
    Primitives primitives = Primitives.with(random);
    try (key;
        Secret named = primitives.hkdf().derive(key, "pledge/root-key/id/v1")) {
      this.wrapping = primitives.hkdf().derive(key, "pledge/root-key/wrap/v1");
      byte[] name = named.copy();
      this.id = "file-" + HexFormat.of().formatHex(name, 0, 8);
      Arrays.fill(name, (byte) 0);
    }
    this.envelope = primitives.envelope();
  }

  /** Whether a root key lies in {@code directory}, whatever its state. */
  public static boolean exists(Path directory) {
    return Files.exists(directory.resolve(FILE));
  }

  /**
   * Makes a new root key in {@code directory}, durably, and opens it.
   *
   * @throws KeyStoreRefusedException if there is one already, or the directory is inside {@code
   *     dataDirectory} or open to other accounts
   */
  public static FileRootKey create(Path directory, Path dataDirectory, SecureRandom random) {
    try {
      PrivateDirectory place = PrivateDirectory.create(directory, dataDirectory);
      if (place.has(FILE)) {
        throw new KeyStoreRefusedException(
            String.format(
                Locale.ROOT,
                "`%s` has a root key already; open that one, or name another directory",
                place.path()));
      }
      byte[] bytes = new byte[Secret.KEY_BYTES];
      random.nextBytes(bytes);
      place.write(FILE, bytes);
      return new FileRootKey(Secret.owning(bytes), random);
    } catch (IOException e) {
      throw new UncheckedIOException("could not make a root key in `" + directory + "`", e);
    }
  }

  /**
   * Opens the root key in {@code directory}. Whether it is the right one, the key store tells.
   *
   * @throws KeyStoreRefusedException if it is missing, malformed, inside {@code dataDirectory}, or
   *     open to other accounts
   */
  public static FileRootKey open(Path directory, Path dataDirectory, SecureRandom random) {
    try {
      PrivateDirectory place = PrivateDirectory.open(directory, dataDirectory);
      if (!place.has(FILE)) {
        throw missing(directory);
      }
      byte[] bytes = place.read(FILE);
      if (bytes.length != Secret.KEY_BYTES) {
        Arrays.fill(bytes, (byte) 0);
        throw new KeyStoreRefusedException(
            String.format(
                Locale.ROOT,
                "`%s` is not a root key of %d bytes; restore the key store from its backup",
                place.path().resolve(FILE),
                Secret.KEY_BYTES));
      }
      return new FileRootKey(Secret.owning(bytes), random);
    } catch (NoSuchFileException e) {
      throw missing(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("could not read the root key in `" + directory + "`", e);
    }
  }

  @Override
  public byte[] wrap(byte[] plaintext, byte[] context) {
    return envelope.seal(wrapping, context, plaintext);
  }

  @Override
  public byte[] unwrap(byte[] wrapped, byte[] context) {
    return envelope.open(wrapping, context, wrapped, "what the root key sealed");
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public boolean isHere() {
    return true;
  }

  @Override
  public void close() {
    wrapping.close();
  }

  @Override
  public String toString() {
    return "[redacted]";
  }

  private static KeyStoreRefusedException missing(Path directory) {
    return new KeyStoreRefusedException(
        String.format(
            Locale.ROOT,
            "no root key in `%s`; name the directory of the keys with --keys, or restore it from its backup",
            directory));
  }
}
