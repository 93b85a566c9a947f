package dev.pledge.engine.keys;

import static dev.pledge.engine.keys.Deployment.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.keys.TestVault.Mood;
import dev.pledge.policy.names.Clause;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Clause("IV.4")
class VaultTransitRootKeyTest {
  private static final byte[] CONTEXT = utf8("context");
  private static final byte[] KEY = utf8("0123456789abcdef0123456789abcdef");
  private static final VaultCalls.Patience SHORT =
      new VaultCalls.Patience(Duration.ofMillis(500), Duration.ofMillis(500), Duration.ofMillis(1));

  @TempDir private Path home;
  private TestVault vault;

  @BeforeEach
  void aVault() {
    vault = new TestVault();
  }

  @AfterEach
  void close() {
    vault.close();
  }

  private RootKey open() {
    return open(vault.address());
  }

  private RootKey open(String address) {
    return RootKeys.open(address, vault.environment());
  }

  private RootKey impatient() {
    return VaultTransitRootKey.open(
        VaultAddress.of(URI.create(vault.address())), vault.environment(), SHORT);
  }

  @Test
  void wrapsForTheSameContextAndUnderItsOwnKeyAlone() {
    try (RootKey key = open()) {
      byte[] wrapped = key.wrap(KEY, CONTEXT);
      assertThat(new String(wrapped, StandardCharsets.US_ASCII))
          .startsWith("vault:v1:")
          .doesNotContain(Base64.getEncoder().encodeToString(KEY));
      assertThat(key.unwrap(wrapped, CONTEXT)).isEqualTo(KEY);
      assertThat(key.isHere()).isFalse();
      assertThatThrownBy(() -> key.unwrap(wrapped, utf8("another")))
          .isInstanceOf(UnsealException.class);
      vault.make("other");
      try (RootKey other = open(vault.address("other"))) {
        assertThat(other.id()).isNotEqualTo(key.id());
        assertThatThrownBy(() -> other.unwrap(wrapped, CONTEXT))
            .isInstanceOf(UnsealException.class);
      }
    }
  }

  @Test
  void whatAnOlderVersionWrappedOpensUntilVaultNoLongerDecryptsIt() {
    try (RootKey key = open()) {
      byte[] before = key.wrap(KEY, CONTEXT);
      vault.rotate("pledge");
      byte[] after = key.wrap(KEY, CONTEXT);
      assertThat(new String(after, StandardCharsets.US_ASCII)).startsWith("vault:v2:");
      assertThat(key.unwrap(before, CONTEXT)).isEqualTo(KEY);
      assertThat(key.unwrap(after, CONTEXT)).isEqualTo(KEY);
      vault.requireVersion("pledge", 2);
      assertThat(key.unwrap(after, CONTEXT)).isEqualTo(KEY);
      assertThatThrownBy(() -> key.unwrap(before, CONTEXT))
          .isInstanceOf(RootKeyUnavailableException.class)
          .hasMessageContaining("min_decryption_version");
    }
  }

  @Test
  void alteredOrForeignTextDoesNotOpen() {
    try (RootKey key = open()) {
      byte[] wrapped = key.wrap(KEY, CONTEXT);
      byte[] tampered = wrapped.clone();
      int at = "vault:v1:".length() + 20;
      tampered[at] = (byte) (tampered[at] == 'A' ? 'B' : 'A');
      for (byte[] each :
          new byte[][] {
            tampered, utf8("vault:v7:AAAA"), utf8("vault:v1:\"}"), utf8(""), new byte[] {-1, 0}
          }) {
        assertThatThrownBy(() -> key.unwrap(each, CONTEXT)).isInstanceOf(UnsealException.class);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "exportable,true,others could take it out",
    "allow_plaintext_backup,true,others could take it out",
    "deletion_allowed,true,vault write transit/keys/pledge/config deletion_allowed=false",
    "derived,true,type=aes256-gcm96",
    "type,rsa-4096,type=aes256-gcm96",
  })
  void aKeyThatIsNotFitIsRefusedWithTheRemedy(String property, String value, String remedy) {
    vault.set("pledge", property, property.equals("type") ? value : Boolean.valueOf(value));
    assertThatExceptionOfType(KeyStoreRefusedException.class)
        .isThrownBy(this::open)
        .withMessageContainingAll("`vault:transit/pledge`", remedy, "docs/root-keys.md");
  }

  @Test
  void aVaultThatLeavesTheContextOutIsRefused() {
    vault.be(Mood.FORGETFUL);
    assertThatExceptionOfType(KeyStoreRefusedException.class)
        .isThrownBy(this::open)
        .withMessageContaining("1.13");
  }

  @Test
  void aVaultThatDecryptsToOtherBytesIsRefused() {
    vault.be(Mood.LYING);
    assertThatExceptionOfType(KeyStoreRefusedException.class)
        .isThrownBy(this::open)
        .withMessageContaining("does not unwrap what it wrapped");
  }

  @Test
  void whatIsInTheWayIsNamedWithWhatToDo() {
    assertUnavailable(() -> open(vault.address("missing"))).hasMessageContaining("(404)");
    vault.be(Mood.SEALED);
    assertUnavailable(this::open).hasMessageContaining("unseal it");
    vault.be(Mood.FAILING);
    assertUnavailable(this::open).hasMessageContaining("answered 500");
    vault.be(Mood.CUT_SHORT);
    assertUnavailable(this::open).hasMessageContaining("broke off");
    vault.be(Mood.HALF);
    assertUnavailable(this::open).hasMessageContaining("not all of it");
    vault.be(Mood.REDIRECTING);
    assertUnavailable(this::open).hasMessageContaining("active server");
    assertThat(vault.calls()).doesNotContain("/v1/away");
    vault.be(Mood.HONEST);
    vault.stop();
    assertUnavailable(this::open).hasMessageContaining("see whether it runs");
    vault.start();
    open().close();
  }

  private static AbstractThrowableAssert<?, ?> assertUnavailable(ThrowingCallable call) {
    return assertThatThrownBy(call)
        .isInstanceOf(RootKeyUnavailableException.class)
        .hasMessageContaining("`http://localhost:")
        .hasMessageNotContainingAny("hvs.");
  }

  @Test
  void whoeverIsSlowIsNotWaitedFor() {
    try (RootKey key = impatient()) {
      byte[] wrapped = key.wrap(KEY, CONTEXT);
      vault.be(Mood.SLOW);
      assertUnavailable(() -> key.unwrap(wrapped, CONTEXT))
          .hasMessageContaining("did not answer within 500 ms");
      vault.be(Mood.HONEST);
      assertThat(key.unwrap(wrapped, CONTEXT)).isEqualTo(KEY);
    }
  }

  @Test
  void oneFailureIsTriedAgainAndARefusalIsNot() {
    try (RootKey key = impatient()) {
      byte[] wrapped = key.wrap(KEY, CONTEXT);
      int before = vault.calls().size();
      vault.be(Mood.FAILING_ONCE);
      assertThat(key.unwrap(wrapped, CONTEXT)).isEqualTo(KEY);
      assertThat(vault.calls()).hasSize(before + 2);
      vault.expectToken("hvs.another");
      assertUnavailable(() -> key.unwrap(wrapped, CONTEXT))
          .hasMessageContaining("it has expired, was revoked")
          .hasMessageContaining("VAULT_TOKEN");
      assertThat(vault.calls()).hasSize(before + 3);
    }
  }

  @Test
  void theTokenIsReadAnewFromItsFileWhichIsItsOwnersAlone() throws IOException {
    Path file = home.resolve("token of vault");
    String address = vault.address() + "?token-file=" + encoded(file);
    assertThatThrownBy(() -> RootKeys.open(address, Map.of()))
        .isInstanceOf(RootKeyUnavailableException.class)
        .hasMessageContaining("no token of Vault in `" + file + "`");
    Files.writeString(file, "hvs.test-token\n");
    chmod(file, "rw-r-----");
    assertThatThrownBy(() -> RootKeys.open(address, Map.of()))
        .isInstanceOf(KeyStoreRefusedException.class)
        .hasMessageContaining("chmod 600 '" + file + "'");
    chmod(file, "rw-------");
    try (RootKey key = RootKeys.open(address, Map.of())) {
      byte[] wrapped = key.wrap(KEY, CONTEXT);
      vault.expectToken("hvs.renewed");
      assertUnavailable(() -> key.unwrap(wrapped, CONTEXT))
          .hasMessageContaining("put a new one in `" + file + "`");
      Files.writeString(file, "hvs.renewed");
      assertThat(key.unwrap(wrapped, CONTEXT)).isEqualTo(KEY);
      Files.writeString(file, "hvs.with a blank");
      assertThatThrownBy(() -> key.unwrap(wrapped, CONTEXT))
          .isInstanceOf(RootKeyUnavailableException.class)
          .hasMessageContaining("does not hold a token")
          .hasMessageNotContainingAny("hvs.", "blank");
    }
    assertThatThrownBy(() -> RootKeys.open(vault.address(), Map.of()))
        .isInstanceOf(RootKeyUnavailableException.class)
        .hasMessageContainingAll("token-file", "VAULT_TOKEN");
  }

  @Test
  void theNamespaceIsSentAndNamed() {
    try (RootKey key = open(vault.address() + "?namespace=team/a")) {
      assertThat(key.id()).isEqualTo("vault:team/a/transit/pledge");
      assertThat(vault.namespaces()).isNotEmpty().containsOnly("team/a");
    }
  }

  @Test
  void withTlsTheServerHasToBeTheOneThatItsAuthorityVouchesFor() throws Exception {
    Path store = home.resolve("server.p12");
    Path certificate = home.resolve("ca.pem");
    try (TestVault secure = new TestVault(selfSigned(store, certificate))) {
      assertThatThrownBy(() -> RootKeys.open(secure.address(), secure.environment()))
          .isInstanceOf(RootKeyUnavailableException.class)
          .hasMessageContaining("ca-file");
      String trusted = secure.address() + "?ca-file=" + encoded(certificate);
      try (RootKey key = RootKeys.open(trusted, secure.environment())) {
        assertThat(key.unwrap(key.wrap(KEY, CONTEXT), CONTEXT)).isEqualTo(KEY);
      }
      String another = trusted.replace("//localhost", "//127.0.0.1");
      assertThatThrownBy(() -> RootKeys.open(another, secure.environment()))
          .isInstanceOf(RootKeyUnavailableException.class)
          .hasMessageContaining("certificate");
      Files.writeString(certificate, "none");
      assertThatThrownBy(() -> RootKeys.open(trusted, secure.environment()))
          .isInstanceOf(KeyStoreRefusedException.class)
          .hasMessageContaining("certificates in PEM");
    }
  }

  private static SSLContext selfSigned(Path store, Path certificate) throws Exception {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "server",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-storepass",
                "changeit",
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(keytool.waitFor()).isZero();
    char[] password = "changeit".toCharArray();
    KeyStore keys = KeyStore.getInstance(store.toFile(), password);
    Files.writeString(
        certificate,
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(keys.getCertificate("server").getEncoded())
            + "\n-----END CERTIFICATE-----\n");
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "vault+https://vault.example:8200",
        "vault+https://vault.example:8200/transit/pledge",
        "vault+https://vault.example:8200/transit/keys/a%20b",
        "vault+https://vault.example:8200/../keys/pledge/x",
        "vault+https://who@vault.example:8200/transit/keys/pledge",
        "vault+https://vault.example:8200/transit/keys/pledge?token=hvs.secret",
        "vault+https://vault.example:8200/transit/keys/pledge?token-file=here",
        "vault+http://vault.example:8200/transit/keys/pledge",
        "vault+http://127.0.0.1.example:8200/transit/keys/pledge",
        "elsewhere://key",
        "vault.example",
        "vault+https://%",
      })
  void anAddressThatCannotBeUsedIsRefusedBeforeAnythingIsSent(String address) {
    assertThatThrownBy(() -> RootKeys.open(address, Map.of("VAULT_TOKEN", "hvs.x")))
        .isInstanceOf(KeyStoreRefusedException.class)
        .hasMessageContaining("docs/root-keys.md")
        .hasMessageNotContainingAny("hvs.");
  }

  @Test
  void itPrintsNothing() {
    try (RootKey key = open()) {
      assertThat(key.toString()).isEqualTo("[redacted]");
    }
  }

  private static String encoded(Path path) {
    return URLEncoder.encode(path.toString(), StandardCharsets.UTF_8);
  }

  private static void chmod(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }
}
