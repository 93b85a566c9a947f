package dev.pledge.engine.keys;

import dev.pledge.engine.keys.KeyStore.Seen;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SourceId;
import dev.pledge.policy.names.SubjectId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.UUID;

/** The directories of one deployment under test, with a real root key and key store. */
record Deployment(Path home) {
  static final Instant BEGAN = Instant.parse("2026-03-04T05:06:07.089Z");
  static final SecureRandom RANDOM = new SecureRandom();

  Deployment {
    try {
      Files.createDirectories(home.resolve("data"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path data() {
    return home.resolve("data");
  }

  Path keys() {
    return home.resolve("keys");
  }

  Path store() {
    return keys().resolve("store");
  }

  Path rootDirectory() {
    return home.resolve("root");
  }

  FileRootKey root() {
    return FileRootKey.exists(rootDirectory())
        ? FileRootKey.open(rootDirectory(), data(), RANDOM)
        : FileRootKey.create(rootDirectory(), data(), RANDOM);
  }

  KeyStore create() {
    return KeyStore.create(keys(), data(), root(), InstantSource.fixed(BEGAN), RANDOM);
  }

  KeyStore open(Seen seen) {
    return KeyStore.open(keys(), data(), Optional.of(seen), root(), RANDOM);
  }

  KeyStore openUnseen() {
    return KeyStore.open(keys(), data(), Optional.empty(), root(), RANDOM);
  }

  KeyStore openReadOnly(Seen seen) {
    return KeyStore.openReadOnly(keys(), data(), seen, root(), RANDOM);
  }

  /** Keys of epochs that may be used for ever, as those under a root key in a file. */
  static Epochs epochs(int current, NavigableMap<Integer, EpochBundle> bundles) {
    try {
      Path home = Files.createTempDirectory("root");
      RootKey root = new Deployment(home).root();
      return new Epochs(
          current, bundles, new KeyLease(root, System::nanoTime, 0), Primitives.with(RANDOM));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Seen seen(KeyStore store) {
    return new Seen(store.deployment(), store.manifestVersion(), store.ledger().head());
  }

  static SubjectId someone() {
    return new SubjectId(UUID.randomUUID());
  }

  static Aad place() {
    return new Aad(
        FieldId.of("contact.email"),
        Part.ofField(FieldId.of("contact.email"), ""),
        "",
        3,
        new ProductId("general"),
        new SourceId("person"),
        Instant.parse("2026-05-06T07:08:09.123456Z"));
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
