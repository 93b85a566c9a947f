package dev.pledge.engine.keys;

import static dev.pledge.engine.keys.Deployment.RANDOM;
import static dev.pledge.engine.keys.Deployment.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileRootKeyTest {
  private static final byte[] CONTEXT = utf8("context");
  private static final byte[] KEY = utf8("0123456789abcdef0123456789abcdef");

  @TempDir private Path home;
  private Path data;
  private Path root;

  @BeforeEach
  void directories() throws IOException {
    data = Files.createDirectory(home.resolve("data"));
    root = home.resolve("keys").resolve("root");
  }

  @Test
  void wrapsForTheSameContextAcrossRestarts() {
    byte[] wrapped;
    String id;
    try (FileRootKey key = FileRootKey.create(root, data, RANDOM)) {
      wrapped = key.wrap(KEY, CONTEXT);
      id = key.id();
    }
    assertThat(FileRootKey.exists(root)).isTrue();
    try (FileRootKey key = FileRootKey.open(root, data, RANDOM)) {
      assertThat(key.id()).isEqualTo(id).startsWith("file-");
      assertThat(key.unwrap(wrapped, CONTEXT)).isEqualTo(KEY);
      assertThatThrownBy(() -> key.unwrap(wrapped, utf8("another")))
          .isInstanceOf(UnsealException.class);
    }
    FileRootKey other = FileRootKey.create(home.resolve("other"), data, RANDOM);
    assertThat(other.id()).isNotEqualTo(id);
    assertThatThrownBy(() -> other.unwrap(wrapped, CONTEXT)).isInstanceOf(UnsealException.class);
  }

  @Test
  void isReadableByItsOwnerAlone() throws IOException {
    FileRootKey.create(root, data, RANDOM).close();
    assertThat(mode(home.resolve("keys"))).isEqualTo("rwx------");
    assertThat(mode(root)).isEqualTo("rwx------");
    assertThat(mode(root.resolve("root.key"))).isEqualTo("rw-------");
  }

  @Test
  void missingKeyIsRefusedWithTheRemedy() throws IOException {
    assertThat(FileRootKey.exists(root)).isFalse();
    assertThatThrownBy(() -> FileRootKey.open(root, data, RANDOM))
        .isInstanceOf(KeyStoreRefusedException.class)
        .hasMessageContaining("name the directory of the keys with --keys")
        .hasMessageContaining("restore it from its backup");
    FileRootKey.create(root, data, RANDOM).close();
    Files.delete(root.resolve("root.key"));
    assertThatThrownBy(() -> FileRootKey.open(root, data, RANDOM))
        .isInstanceOf(KeyStoreRefusedException.class)
        .hasMessageContaining("no root key in");
  }

  @Test
  void keyIsNeverReplaced() {
    FileRootKey.create(root, data, RANDOM).close();
    assertThatThrownBy(() -> FileRootKey.create(root, data, RANDOM))
        .isInstanceOf(KeyStoreRefusedException.class)
        .hasMessageContaining("has a root key already");
  }

  @Test
  void keyOpenToOthersIsRefusedWithTheCommandToRun() throws IOException {
    FileRootKey.create(root, data, RANDOM).close();
    Path file = root.resolve("root.key").toRealPath();
    chmod(file, "rw-r-----");
    assertThatThrownBy(() -> FileRootKey.open(root, data, RANDOM))
        .isInstanceOf(KeyStoreRefusedException.class)
        .hasMessageContaining("chmod 600 '" + file + "'");
    chmod(file, "rw-------");
    chmod(root, "rwx--x---");
    assertThatThrownBy(() -> FileRootKey.open(root, data, RANDOM))
        .isInstanceOf(KeyStoreRefusedException.class)
        .hasMessageContaining("chmod 700 '" + root.toRealPath() + "'");
  }

  @Test
  void keyInsideTheDataDirectoryIsRefused() throws IOException {
    assertThatThrownBy(() -> FileRootKey.create(data.resolve("a/root"), data, RANDOM))
        .isInstanceOf(KeyStoreRefusedException.class)
        .hasMessageContaining("inside the data directory");
    assertThatThrownBy(() -> FileRootKey.create(data, data, RANDOM))
        .isInstanceOf(KeyStoreRefusedException.class);
    assertThatThrownBy(() -> FileRootKey.create(home.resolve("x/../data/root"), data, RANDOM))
        .isInstanceOf(KeyStoreRefusedException.class);
    assertThat(data).isEmptyDirectory();
    assertThatThrownBy(() -> FileRootKey.create(home, data, RANDOM))
        .isInstanceOf(KeyStoreRefusedException.class)
        .hasMessageContaining("inside the key directory");
  }

  @Test
  void linksIntoTheDataDirectoryAreSeenThrough() throws IOException {
    Path link = Files.createSymbolicLink(home.resolve("link"), data);
    assertThatThrownBy(() -> FileRootKey.create(link.resolve("root"), data, RANDOM))
        .isInstanceOf(KeyStoreRefusedException.class);
    assertThatThrownBy(() -> FileRootKey.create(data.resolve("root"), link, RANDOM))
        .isInstanceOf(KeyStoreRefusedException.class);
    FileRootKey.create(root, data, RANDOM).close();
    Path elsewhere = Files.move(root.resolve("root.key"), home.resolve("moved"));
    Files.createSymbolicLink(root.resolve("root.key"), elsewhere);
    assertThatThrownBy(() -> FileRootKey.open(root, data, RANDOM))
        .isInstanceOf(KeyStoreRefusedException.class);
  }

  @Test
  void keyOfAnotherLengthIsRefused() throws IOException {
    FileRootKey.create(root, data, RANDOM).close();
    Files.write(root.resolve("root.key"), new byte[31]);
    assertThatThrownBy(() -> FileRootKey.open(root, data, RANDOM))
        .isInstanceOf(KeyStoreRefusedException.class)
        .hasMessageContaining("32 bytes");
  }

  @Test
  void closedKeyWrapsNothing() {
    FileRootKey key = FileRootKey.create(root, data, RANDOM);
    key.close();
    assertThatThrownBy(() -> key.wrap(KEY, CONTEXT)).isInstanceOf(IllegalStateException.class);
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  private static void chmod(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }
}
