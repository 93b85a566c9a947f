package dev.pledge.engine.keys;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * The address of the root key that a key directory was last opened with, in a file beside the key
 * store, so that it need not be named each time. Nothing in it is secret; as credentials are sent
 * there, it is believed only when it is the owner's alone.
 */
public final class RememberedRootKey {
  private static final String FILE = "root-key";
  private static final int LONGEST = 4_096;

  private RememberedRootKey() {}

  /**
   * The address, if one was remembered.
   *
   * @throws KeyStoreRefusedException if the file belongs to others or is open to them
   * @throws UncheckedIOException if it could not be read
   */
  public static Optional<String> in(Path keys) {
    Path file = keys.resolve(FILE);
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw malformed(file);
    }
    PrivateDirectory.requirePrivate(file, "600");
    try {
      String text = Files.readString(file);
      if (text.length() > LONGEST || !text.matches("[!-~]+\\n")) {
        throw malformed(file);
      }
      return Optional.of(text.strip());
    } catch (IOException e) {
      throw new UncheckedIOException("could not read `" + file + "`", e);
    }
  }

  private static KeyStoreRefusedException malformed(Path file) {
    return new KeyStoreRefusedException(
        String.format(
            Locale.ROOT,
            "`%s` does not say where the root key is; delete it and name the root key with"
                + " --root-key",
            file));
  }

  /**
   * Remembers the address, durably, in place of the one before.
   *
   * @throws UncheckedIOException if it could not be written; then the one before is remembered
   */
  public static void remember(Path keys, String address) {
    Path file = keys.resolve(FILE);
    try {
      Path fresh = PrivateDirectory.newFile(keys.resolve(FILE + ".new"));
      try (FileOutputStream out = new FileOutputStream(fresh.toFile())) {
        out.write((address + "\n").getBytes(StandardCharsets.UTF_8));
        out.getFD().sync();
      }
      PrivateDirectory.rename(fresh, file);
    } catch (IOException e) {
      throw new UncheckedIOException("could not write `" + file + "`", e);
    }
  }
}
