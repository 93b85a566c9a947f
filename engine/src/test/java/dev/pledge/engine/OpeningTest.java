package dev.pledge.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.PolicyFiles.PolicyRefused;
import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.gate.ReadAnswer;
import dev.pledge.engine.gate.ReadRequest;
import dev.pledge.engine.gate.Scene;
import dev.pledge.engine.keys.KeyStoreRefusedException;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a Pledge refuses to open, and that it says what to do. */
@Clause("IV.2")
class OpeningTest {
  private static final String LANGUAGE = "language:            { type: language }";
  private static final String A_TEXT = "language:            { type: text }";

  @TempDir private Path home;

  private Configuration on(TestDatabase database, Path keys) {
    return on(database, keys, TestPledge.policy());
  }

  private Configuration on(TestDatabase database, Path keys, Path policy) {
    return new Configuration(
        policy,
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
      Configuration configuration = on(database, home.resolve("keys"), policy);
      assertThatThrownBy(() -> Pledge.open(configuration))
          .isInstanceOf(PolicyRefused.class)
          .hasMessageContaining("policy.yaml");
      Files.writeString(policy.resolve("policy.yaml"), "pledge: 1\n");
      assertThatThrownBy(() -> Pledge.open(configuration)).isInstanceOf(PolicyRefused.class);
    }
  }

  @Test
  @Clause("IX.2")
  void aFieldThatHoldsValuesKeepsItsTypeAndItsKind() throws IOException {
    try (TestPledge used = TestPledge.open()) {
      Caller backend = used.caller("backend", Asker.Kind.SERVICE, "product-backend");
      SubjectId person = used.adult(backend, Map.of("email", "ada@example.com"));
      new Scene(used).collect(person, Map.of("device.language", "en"));
      used.pledge().close();
      Configuration changed =
          on(used.database(), used.keys(), TestPledge.reworded(LANGUAGE, A_TEXT));
      assertThatThrownBy(() -> Pledge.open(changed))
          .isInstanceOf(PolicyRefused.class)
          .hasMessageContainingAll("`device.language`", "`language, profile`", "name of its own");
      Configuration unused =
          on(
              used.database(),
              used.keys(),
              TestPledge.reworded(
                  "occupation:     { type: text }", "occupation:     { type: date }"));
      try (Pledge pledge = Pledge.open(unused)) {
        assertThat(
                pledge.read(
                    ReadRequest.of(
                        backend, "customer-service", "meeting", List.of("contact.email")),
                    person))
            .isInstanceOf(ReadAnswer.Answer.class);
      }
    }
  }

  @Test
  @Clause("IX.2")
  void versionsThatDoNotGoTogetherAreRefused() throws IOException {
    try (TestDatabase database = TestDatabase.fresh()) {
      Path versions = Files.createDirectory(home.resolve("versions"));
      Files.move(TestPledge.reworded(), versions.resolve("first"));
      Files.move(
          TestPledge.reworded("2020-04-23", "2021-04-23", LANGUAGE, A_TEXT),
          versions.resolve("second"));
      Configuration configuration = on(database, home.resolve("keys"), versions);
      assertThatThrownBy(() -> Pledge.open(configuration))
          .isInstanceOf(PolicyRefused.class)
          .hasMessageContainingAll("`device.language`", "name of its own");
      Files.writeString(
          versions.resolve("second/policy.yaml"),
          Files.readString(versions.resolve("first/policy.yaml")));
      assertThatThrownBy(() -> Pledge.open(configuration))
          .isInstanceOf(PolicyRefused.class)
          .hasMessageContainingAll("together", "emeet@2020-04-23");
    }
  }

  private void refuses(TestDatabase database, Path keys, String... words) {
    assertThatThrownBy(() -> Pledge.open(on(database, keys)))
        .isInstanceOf(KeyStoreRefusedException.class)
        .hasMessageContainingAll(words);
  }
}
