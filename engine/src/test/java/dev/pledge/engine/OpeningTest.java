package dev.pledge.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.PolicyFiles.PolicyRefused;
import dev.pledge.engine.keys.KeyStoreRefusedException;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.policy.names.Clause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a Pledge refuses to open, and that it says what to do. */
@Clause("IV.2")
class OpeningTest {
  @TempDir private Path home;

  private Configuration on(TestDatabase database, Path keys) {
    return new Configuration(
        TestPledge.policy(),
        home.resolve("data"),
        keys,
        Optional.of(database.connections()),
        InstantSource.system());
  }

  private void open(TestDatabase database, Path keys) {
    Pledge.open(on(database, keys)).close();
  }

  @Test
  void usedDataDoNotOpenWithoutTheirKeys() throws IOException {
    try (TestDatabase database = TestDatabase.fresh()) {
      Path keys = home.resolve("keys");
      open(database, keys);
      open(database, keys);
      Files.move(keys.resolve("root"), home.resolve("root-away"));
      refuses(database, keys, "root key", "restore");
      assertThat(keys.resolve("root")).doesNotExist();
      Files.move(home.resolve("root-away"), keys.resolve("root"));
      Files.move(keys.resolve("store"), home.resolve("store-away"));
      refuses(database, keys, "key store", "restore");
      assertThat(keys.resolve("store")).doesNotExist();
      Files.move(home.resolve("store-away"), keys.resolve("store"));
      open(database, keys);
    }
  }

  @Test
  void anotherRootKeyOrAnotherKeyStoreIsRefused() throws IOException {
    try (TestDatabase database = TestDatabase.fresh();
        TestDatabase other = TestDatabase.fresh()) {
      Path keys = home.resolve("keys");
      Path others = home.resolve("others");
      open(database, keys);
      open(other, others);
      refuses(database, others, "deployment");
      Files.move(keys.resolve("root"), home.resolve("away"));
      Files.move(others.resolve("root"), keys.resolve("root"));
      refuses(database, keys, "root key");
    }
  }

  @Test
  void anUnsoundPolicyOrNoneIsRefused() throws IOException {
    try (TestDatabase database = TestDatabase.fresh()) {
      Path policy = Files.createDirectory(home.resolve("policy"));
      Configuration configuration =
          new Configuration(
              policy,
              home.resolve("data"),
              home.resolve("keys"),
              Optional.of(database.connections()),
              InstantSource.system());
      assertThatThrownBy(() -> Pledge.open(configuration))
          .isInstanceOf(PolicyRefused.class)
          .hasMessageContaining("policy.yaml");
      Files.writeString(policy.resolve("policy.yaml"), "pledge: 1\n");
      assertThatThrownBy(() -> Pledge.open(configuration)).isInstanceOf(PolicyRefused.class);
    }
  }

  private void refuses(TestDatabase database, Path keys, String... words) {
    assertThatThrownBy(() -> Pledge.open(on(database, keys)))
        .isInstanceOf(KeyStoreRefusedException.class)
        .hasMessageContainingAll(words);
  }
}
