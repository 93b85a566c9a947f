package dev.pledge.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.audit.KeysUnavailable;
import dev.pledge.engine.audit.Recorded;
import dev.pledge.engine.gate.LogQuery;
import dev.pledge.engine.gate.ReadAnswer;
import dev.pledge.engine.gate.ReadRequest;
import dev.pledge.engine.gate.Scene;
import dev.pledge.engine.gate.SearchAnswer;
import dev.pledge.engine.keys.KeyStoreRefusedException;
import dev.pledge.engine.keys.RootKeySettings;
import dev.pledge.engine.keys.RootKeyUnavailableException;
import dev.pledge.engine.keys.TestVault;
import dev.pledge.engine.keys.TestVault.Mood;
import dev.pledge.engine.store.Await;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A Pledge whose root key lies in a Vault that goes away, comes back, dawdles and lies. */
@Clause("IV.4")
class RootKeyElsewhereTest {
  private static final Duration A_MINUTE = Duration.ofSeconds(60);

  private final AtomicLong now = new AtomicLong();
  private TestVault vault;
  private TestPledge pledge;
  private Scene scene;
  private SubjectId person;
  private Caller auditor;

  @BeforeEach
  void aPerson() {
    vault = new TestVault();
    pledge = TestPledge.underRootKey(at(Optional.of(vault.address())));
    scene = new Scene(pledge);
    person = pledge.adult(scene.backend, Map.of("email", "mei@example.org"));
    auditor = pledge.caller("auditor", Asker.Kind.AUDITOR);
  }

  @AfterEach
  void close() {
    pledge.close();
    vault.close();
  }

  private RootKeySettings at(Optional<String> address) {
    return new RootKeySettings(address, vault.environment(), now::get);
  }

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  private ReadAnswer read() {
    return pledge
        .pledge()
        .read(
            ReadRequest.of(scene.backend, "customer-service", "meeting", List.of("contact.email")),
            person);
  }

  private boolean isReady() {
    try {
      pledge.pledge().checkReady();
      return true;
    } catch (NotReady e) {
      return false;
    }
  }

  private long rows(String table) {
    return pledge
        .database()
        .database()
        .read(
            handle -> handle.createQuery("select count(*) from " + table).mapTo(Long.class).one());
  }

  @Test
  void whatTheRootKeyUnwrappedServesForAMinuteAndThenNothingIsGivenOrStored() throws Exception {
    assertThat(read()).isInstanceOf(ReadAnswer.Answer.class);
    vault.stop();
    pass(A_MINUTE.minusNanos(1));
    assertThat(read()).isInstanceOf(ReadAnswer.Answer.class);
    Await.until(() -> rows("intake where leaf_index is null") == 0);
    long entries = rows("intake");
    long values = rows("datum");
    pass(Duration.ofNanos(1));
    assertThatExceptionOfType(KeysUnavailable.class).isThrownBy(this::read);
    assertThatExceptionOfType(KeysUnavailable.class)
        .isThrownBy(() -> scene.collect(person, Map.of("device.language", "en")));
    assertThatExceptionOfType(KeysUnavailable.class)
        .isThrownBy(() -> pledge.adult(scene.backend, Map.of("email", "li@example.org")));
    assertThatExceptionOfType(NotReady.class)
        .isThrownBy(pledge.pledge()::checkReady)
        .withMessageContaining("`vault:transit/pledge`");
    assertThat(rows("intake")).isEqualTo(entries);
    assertThat(rows("datum")).isEqualTo(values);

    vault.start();
    pass(Duration.ofSeconds(5));
    Await.until(this::isReady);
    assertThat(read()).isInstanceOf(ReadAnswer.Answer.class);
    scene.collect(person, Map.of("device.language", "en"));
    assertThat(causes()).containsExactly("server start", "server root-key-answers");
  }

  private List<String> causes() throws InterruptedException {
    Await.until(() -> rows("intake where leaf_index is null") == 0);
    LogQuery query =
        new LogQuery(
            null, null, "epoch-unwrapped", null, null, null, null, null, null, null, null, null);
    SearchAnswer.Page page =
        (SearchAnswer.Page) pledge.pledge().search(auditor, "pledge", query, null, 10);
    return page.entries().reversed().stream()
        .map(Recorded::entry)
        .map(
            entry ->
                entry.facts().caller().id().orElseThrow()
                    + " "
                    + entry.facts().reason().orElseThrow().rule())
        .toList();
  }

  @Test
  void aRootKeyThatIsSlowHoldsUpNobody() throws Exception {
    vault.be(Mood.SLOW);
    pass(Duration.ofSeconds(20));
    Await.until(() -> vault.waiting() > 0);
    assertThat(read()).isInstanceOf(ReadAnswer.Answer.class);
    assertThatCode(pledge.pledge()::checkReady).doesNotThrowAnyException();
    vault.be(Mood.HONEST);
  }

  @Test
  void aRootKeyThatAnswersOtherKeysLocksAtOnceAndIsNamed() throws Exception {
    vault.be(Mood.LYING);
    pass(Duration.ofSeconds(20));
    Await.until(() -> !isReady());
    assertThatExceptionOfType(KeysUnavailable.class).isThrownBy(this::read);
    Await.until(
        () -> {
          try {
            pledge.pledge().checkReady();
            return false;
          } catch (NotReady e) {
            return String.valueOf(e.getMessage()).contains("unwraps other keys than before");
          }
        });
    vault.be(Mood.HONEST);
    pass(Duration.ofSeconds(5));
    Await.until(this::isReady);
    assertThat(read()).isInstanceOf(ReadAnswer.Answer.class);
  }

  @Test
  void aTokenThatExpiresIsNamedAndTheKeysServeTheirMinute() throws Exception {
    vault.expectToken("hvs.another");
    int before = vault.calls().size();
    pass(Duration.ofSeconds(20));
    Await.until(() -> vault.calls().size() > before);
    assertThat(read()).isInstanceOf(ReadAnswer.Answer.class);
    pass(Duration.ofSeconds(40));
    Await.until(
        () -> {
          try {
            pledge.pledge().checkReady();
            return false;
          } catch (NotReady e) {
            return String.valueOf(e.getMessage()).contains("it has expired, was revoked");
          }
        });
    assertThatExceptionOfType(KeysUnavailable.class).isThrownBy(this::read);
  }

  @Test
  void whereTheRootKeyIsNeedNotBeSaidAgain() throws IOException {
    Configuration named = pledge.configuration();
    pledge.pledge().close();
    assertThat(pledge.keys().resolve("root")).doesNotExist();
    assertThat(Files.readString(pledge.keys().resolve("root-key")).strip())
        .isEqualTo(vault.address());
    Configuration unnamed = named.withRootKey(at(Optional.empty()));
    Pledge.open(unnamed).close();

    assertThatThrownBy(() -> Pledge.open(named.withRootKey(at(Optional.of("file")))))
        .isInstanceOf(KeyStoreRefusedException.class)
        .hasMessageContainingAll("`vault:transit/pledge`", "--root-key");
    Files.delete(pledge.keys().resolve("root-key"));
    assertThatThrownBy(() -> Pledge.open(unnamed))
        .isInstanceOf(KeyStoreRefusedException.class)
        .hasMessageContainingAll("`vault:transit/pledge`", "--root-key");
    vault.make("other");
    assertThatThrownBy(
            () -> Pledge.open(named.withRootKey(at(Optional.of(vault.address("other"))))))
        .isInstanceOf(KeyStoreRefusedException.class)
        .hasMessageContaining("does not open this key store");
    assertThat(pledge.keys().resolve("root-key")).doesNotExist();
    Pledge.open(named).close();
    assertThat(pledge.keys().resolve("root-key")).exists();
  }

  @Test
  void commandsFindTheRootKeyWhereItWasAndCopyTheKeyStoreWithoutIt() throws Exception {
    Configuration unnamed = pledge.configuration().withRootKey(at(Optional.empty()));
    TokenDesk.open(unnamed).close();
    Path copy = pledge.keys().resolveSibling(pledge.keys().getFileName() + "-copy");
    BackupDesk.backUpKeys(unnamed, copy);
    assertThat(copy.resolve("store/manifest")).isRegularFile();
    assertThat(copy.resolve("root-key")).doesNotExist();
    assertThat(RestoreDesk.hasKeys(unnamed)).isTrue();
    assertThat(causes())
        .containsExactly("server start", "command-line command", "command-line command");
    vault.be(Mood.SEALED);
    assertThatThrownBy(() -> TokenDesk.open(unnamed))
        .isInstanceOf(RootKeyUnavailableException.class)
        .hasMessageContaining("unseal it");
  }

  @Test
  void withoutTheRootKeyNothingStartsAndTheMessageSaysWhy() {
    Configuration configuration = pledge.configuration();
    pledge.pledge().close();
    vault.be(Mood.SEALED);
    assertThatThrownBy(() -> Pledge.open(configuration))
        .isInstanceOf(RootKeyUnavailableException.class)
        .hasMessageContaining("unseal it");
    vault.stop();
    assertThatThrownBy(() -> Pledge.open(configuration))
        .isInstanceOf(RootKeyUnavailableException.class)
        .hasMessageContaining("see whether it runs");
    vault.be(Mood.HONEST);
    vault.start();
    Pledge.open(configuration).close();
  }
}
