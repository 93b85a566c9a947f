package dev.pledge.kms.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pledge.engine.keys.KeyStoreRefusedException;
import dev.pledge.engine.keys.RootKey;
import dev.pledge.engine.keys.RootKeyUnavailableException;
import dev.pledge.engine.keys.RootKeys;
import dev.pledge.engine.keys.UnsealException;
import dev.pledge.policy.names.Clause;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server on this machine that speaks KMS's JSON and encrypts really; not the cloud. */
@Clause("IV.4")
class AwsKmsRootKeyTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ARN =
      "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
  private static final byte[] CONTEXT = "context".getBytes(UTF_8);
  private static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes(UTF_8);
  private static final int NONCE = 12;

  private final SecureRandom random = new SecureRandom();
  private final byte[] material = new byte[32];
  private final ObjectNode about =
      JSON.createObjectNode()
          .put("Arn", ARN)
          .put("KeyId", "1234abcd-12ab-34cd-56ef-1234567890ab")
          .put("KeySpec", "SYMMETRIC_DEFAULT")
          .put("KeyUsage", "ENCRYPT_DECRYPT")
          .put("KeyState", "Enabled")
          .put("Origin", "AWS_KMS");
  private HttpServer server;
  private volatile int failing;

  @BeforeEach
  void aServer() throws IOException {
    random.nextBytes(material);
    System.setProperty("aws.accessKeyId", "test");
    System.setProperty("aws.secretAccessKey", "test");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
  }

  private RootKey open() {
    return RootKeys.open(
        "aws-kms://eu-central-1/alias/pledge?endpoint=http://127.0.0.1:"
            + server.getAddress().getPort(),
        Map.of());
  }

  @Test
  void wrapsForTheSameContext() {
    try (RootKey key = open()) {
      assertThat(key.id()).isEqualTo("aws-kms:" + ARN);
      assertThat(key.isHere()).isFalse();
      byte[] wrapped = key.wrap(KEY, CONTEXT);
      assertThat(key.unwrap(wrapped, CONTEXT)).isEqualTo(KEY);
      assertThatThrownBy(() -> key.unwrap(wrapped, KEY)).isInstanceOf(UnsealException.class);
      wrapped[wrapped.length - 1] ^= 1;
      assertThatThrownBy(() -> key.unwrap(wrapped, CONTEXT)).isInstanceOf(UnsealException.class);
    }
  }

  @Test
  void aKeyThatIsNotFitIsRefusedWithTheRemedy() {
    about.put("KeyState", "PendingDeletion");
    assertThatThrownBy(this::open)
        .isInstanceOf(KeyStoreRefusedException.class)
        .hasMessageContainingAll(ARN, "cancel its deletion");
    about.put("KeyState", "Enabled").put("Origin", "EXTERNAL");
    assertThatThrownBy(this::open)
        .isInstanceOf(KeyStoreRefusedException.class)
        .hasMessageContaining("imported");
    about.put("Origin", "AWS_KMS").put("KeySpec", "RSA_4096");
    assertThatThrownBy(this::open)
        .isInstanceOf(KeyStoreRefusedException.class)
        .hasMessageContaining("SYMMETRIC_DEFAULT");
  }

  @Test
  void whatIsInTheWayIsNamed() {
    try (RootKey key = open()) {
      byte[] wrapped = key.wrap(KEY, CONTEXT);
      failing = 403;
      assertThatThrownBy(() -> key.unwrap(wrapped, CONTEXT))
          .isInstanceOf(RootKeyUnavailableException.class)
          .hasMessageContaining("refuses these credentials");
      failing = 500;
      assertThatThrownBy(() -> key.unwrap(wrapped, CONTEXT))
          .isInstanceOf(RootKeyUnavailableException.class)
          .hasMessageContaining("answered 500");
      server.stop(0);
      assertThatThrownBy(() -> key.unwrap(wrapped, CONTEXT))
          .isInstanceOf(RootKeyUnavailableException.class)
          .hasMessageContaining("see whether it is reached");
    }
  }

  @Test
  void anAddressThatCannotBeUsedIsRefused() {
    for (String address :
        new String[] {
          "aws-kms://eu-central-1",
          "aws-kms://somewhere/key/1234",
          "aws-kms://eu-central-1/alias/pledge?endpoint=http://kms.example:80"
        }) {
      assertThatThrownBy(() -> RootKeys.open(address, Map.of()))
          .isInstanceOf(KeyStoreRefusedException.class)
          .hasMessageContaining("docs/root-keys.md");
    }
  }

  // -------------------------------------------------------------------------------------- answers

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      JsonNode asked = JSON.readTree(exchange.getRequestBody());
      String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
      ObjectNode answer = JSON.createObjectNode();
      int status = 200;
      if (failing != 0) {
        status = failing;
        answer.put("__type", failing == 403 ? "AccessDeniedException" : "KMSInternalException");
      } else if (target.endsWith(".DescribeKey")) {
        answer.set("KeyMetadata", about);
      } else {
        byte[] context = asked.path("EncryptionContext").toString().getBytes(UTF_8);
        try {
          if (target.endsWith(".Encrypt")) {
            byte[] sealed = encrypt(asked.path("Plaintext").binaryValue(), context);
            answer.put("CiphertextBlob", Base64.getEncoder().encodeToString(sealed));
          } else {
            byte[] opened = decrypt(asked.path("CiphertextBlob").binaryValue(), context);
            answer.put("Plaintext", Base64.getEncoder().encodeToString(opened));
          }
          answer.put("KeyId", ARN);
        } catch (GeneralSecurityException e) {
          status = 400;
          answer.put("__type", "InvalidCiphertextException");
        }
      }
      byte[] body = JSON.writeValueAsBytes(answer);
      exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.1");
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private byte[] encrypt(byte[] plaintext, byte[] context) throws GeneralSecurityException {
    byte[] nonce = new byte[NONCE];
    random.nextBytes(nonce);
    byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, context).doFinal(plaintext);
    byte[] whole = Arrays.copyOf(nonce, NONCE + sealed.length);
    System.arraycopy(sealed, 0, whole, NONCE, sealed.length);
    return whole;
  }

  private byte[] decrypt(byte[] whole, byte[] context) throws GeneralSecurityException {
    return cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(whole, NONCE), context)
        .doFinal(whole, NONCE, whole.length - NONCE);
  }

  private Cipher cipher(int mode, byte[] nonce, byte[] context) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(material, "AES"), new GCMParameterSpec(128, nonce));
    cipher.updateAAD(context);
    return cipher;
  }
}
