package dev.pledge.engine.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * The transit engine of a Vault, as much of it as is asked: real keys and real AES-256-GCM behind
 * the API's own paths, members and statuses. It can be away, slow, sealed, or not what it was.
 */
public final class TestVault implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int NONCE = 12;
  private static final int TAG_BITS = 128;

  /** What it does with a call instead of answering it. */
  public enum Mood {
    HONEST,
    SEALED,
    /** Answers nothing until the mood is another. */
    SLOW,
    /** Decrypts to other bytes. */
    LYING,
    /** Says less than it announced. */
    CUT_SHORT,
    /** Says half of the JSON. */
    HALF,
    FAILING,
    /** Fails once, and is honest then. */
    FAILING_ONCE,
    /** Sends elsewhere. */
    REDIRECTING,
    /** Takes associated data and leaves them out, as versions before 1.13 do. */
    FORGETFUL
  }

  private static final class Key {
    private final List<byte[]> versions = new ArrayList<>();
    private final ObjectNode properties = JSON.createObjectNode();
    private int oldest = 1;
  }

  private final SecureRandom random = new SecureRandom();
  private final Map<String, Key> keys = new ConcurrentHashMap<>();
  private final ConcurrentLinkedQueue<String> calls = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<String> namespaces = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final @Nullable SSLContext tls;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile String token = "hvs.test-token";
  private volatile Mood mood = Mood.HONEST;
  private volatile CountDownLatch patience = new CountDownLatch(0);
  private HttpServer server;

  /** One that listens, with a fit key named {@code pledge}. */
  public TestVault() {
    this(null);
  }

  TestVault(@Nullable SSLContext tls) {
    this.tls = tls;
    this.server = listening(0);
    make("pledge");
  }

  private HttpServer listening(int port) {
    try {
      InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
      HttpServer made;
      if (tls == null) {
        made = HttpServer.create(address, 0);
      } else {
        HttpsServer secured = HttpsServer.create(address, 0);
        secured.setHttpsConfigurator(new HttpsConfigurator(tls));
        made = secured;
      }
      made.createContext("/", this::answer);
      made.setExecutor(threads);
      made.start();
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The address of a key. */
  public String address(String key) {
    return (tls == null ? "vault+http://localhost:" : "vault+https://localhost:")
        + port()
        + "/transit/keys/"
        + key;
  }

  /** The address of the key named {@code pledge}. */
  public String address() {
    return address("pledge");
  }

  /** Credentials that it takes. */
  public Map<String, String> environment() {
    return Map.of("VAULT_TOKEN", token);
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** Goes away. */
  public void stop() {
    patience.countDown();
    port = port();
    server.stop(0);
  }

  private int port;

  /** Comes back where it was. */
  public void start() {
    server = listening(port);
  }

  /** How it behaves from here on. */
  public void be(Mood now) {
    CountDownLatch before = patience;
    patience = new CountDownLatch(now == Mood.SLOW ? 1 : 0);
    mood = now;
    before.countDown();
  }

  /** How many calls it keeps waiting now. */
  public int waiting() {
    return waiting.get();
  }

  /** Takes another token from here on. */
  public void expectToken(String other) {
    token = other;
  }

  /** Every path that was called. */
  public List<String> calls() {
    return List.copyOf(calls);
  }

  List<String> namespaces() {
    return List.copyOf(namespaces);
  }

  /** Makes a fit key, in place of another of the name. */
  public void make(String name) {
    Key key = new Key();
    key.properties
        .put("type", "aes256-gcm96")
        .put("derived", false)
        .put("exportable", false)
        .put("allow_plaintext_backup", false)
        .put("deletion_allowed", false)
        .put("latest_version", 1);
    keys.put(name, key);
    rotate(name);
  }

  void set(String name, String property, Object value) {
    key(name).properties.putPOJO(property, value);
  }

  /** Encrypts under a new version of the key from here on. */
  public void rotate(String name) {
    byte[] version = new byte[32];
    random.nextBytes(version);
    key(name).versions.add(version);
  }

  void requireVersion(String name, int oldest) {
    key(name).oldest = oldest;
  }

  void delete(String name) {
    keys.remove(name);
  }

  private Key key(String name) {
    Key key = keys.get(name);
    if (key == null) {
      throw new IllegalArgumentException(name);
    }
    return key;
  }

  // -------------------------------------------------------------------------------------- answers

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      calls.add(path);
      String namespace = exchange.getRequestHeaders().getFirst("X-Vault-Namespace");
      if (namespace != null) {
        namespaces.add(namespace);
      }
      byte[] asked = exchange.getRequestBody().readAllBytes();
      Mood now = mood;
      switch (now) {
        case SLOW -> {
          waiting.incrementAndGet();
          patience.await();
          waiting.decrementAndGet();
        }
        case SEALED -> {
          say(exchange, 503, "{\"errors\":[\"Vault is sealed\"]}");
          return;
        }
        case FAILING, FAILING_ONCE -> {
          if (now == Mood.FAILING_ONCE) {
            be(Mood.HONEST);
          }
          say(exchange, 500, "{\"errors\":[\"internal error\"]}");
          return;
        }
        case REDIRECTING -> {
          exchange.getResponseHeaders().add("Location", "http://localhost:" + port() + "/v1/away");
          say(exchange, 307, "");
          return;
        }
        default -> {}
      }
      if (!token.equals(exchange.getRequestHeaders().getFirst("X-Vault-Token"))) {
        say(exchange, 403, "{\"errors\":[\"permission denied\"]}");
        return;
      }
      answer(exchange, path, asked, now);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(HttpExchange exchange, String path, byte[] asked, Mood now)
      throws IOException {
    String[] words = path.split("/", -1);
    Key key = words.length == 5 && words[2].equals("transit") ? keys.get(words[4]) : null;
    if (key == null) {
      say(exchange, 404, "{\"errors\":[]}");
      return;
    }
    ObjectNode answered = JSON.createObjectNode();
    answered.put("request_id", "b9f3").put("lease_duration", 0).putNull("auth");
    if (words[3].equals("keys")) {
      key.properties.putObject("keys").put("1", 1_700_000_000);
      answered.set("data", key.properties);
    } else {
      JsonNode question = JSON.readTree(asked);
      byte[] context =
          now == Mood.FORGETFUL
              ? new byte[0]
              : Base64.getDecoder().decode(question.path("associated_data").asText());
      ObjectNode data = answered.putObject("data");
      if (words[3].equals("encrypt")) {
        data.put("ciphertext", encrypt(key, bytes(question, "plaintext"), context))
            .put("key_version", key.versions.size());
      } else {
        String ciphertext = question.path("ciphertext").asText();
        int version = Integer.parseInt(ciphertext.split(":", -1)[1].substring(1));
        if (version < key.oldest) {
          say(
              exchange,
              400,
              "{\"errors\":[\"ciphertext or signature version is disallowed by policy (too old)\"]}");
          return;
        }
        byte[] opened = decrypt(key, version, ciphertext, context);
        if (opened == null) {
          say(exchange, 400, "{\"errors\":[\"cipher: message authentication failed\"]}");
          return;
        }
        if (now == Mood.LYING) {
          opened[opened.length - 1] ^= 1;
        }
        data.put("plaintext", Base64.getEncoder().encodeToString(opened));
      }
    }
    String text = answered.toString();
    if (now == Mood.CUT_SHORT) {
      exchange.sendResponseHeaders(200, text.length());
      exchange.getResponseBody().write(text.substring(0, text.length() / 2).getBytes(UTF_8));
      exchange.getResponseBody().flush();
    } else {
      say(exchange, 200, now == Mood.HALF ? text.substring(0, text.length() - 20) : text);
    }
  }

  private static void say(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  private static byte[] bytes(JsonNode question, String member) {
    return Base64.getDecoder().decode(question.path(member).asText());
  }

  private String encrypt(Key key, byte[] plaintext, byte[] context) {
    byte[] nonce = new byte[NONCE];
    random.nextBytes(nonce);
    try {
      byte[] sealed =
          cipher(Cipher.ENCRYPT_MODE, key.versions.getLast(), nonce, context).doFinal(plaintext);
      byte[] whole = Arrays.copyOf(nonce, NONCE + sealed.length);
      System.arraycopy(sealed, 0, whole, NONCE, sealed.length);
      return "vault:v" + key.versions.size() + ":" + Base64.getEncoder().encodeToString(whole);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte @Nullable [] decrypt(
      Key key, int version, String ciphertext, byte[] context) {
    byte[] whole = Base64.getDecoder().decode(ciphertext.split(":", -1)[2]);
    try {
      return cipher(
              Cipher.DECRYPT_MODE,
              key.versions.get(version - 1),
              Arrays.copyOf(whole, NONCE),
              context)
          .doFinal(whole, NONCE, whole.length - NONCE);
    } catch (GeneralSecurityException | IndexOutOfBoundsException e) {
      return null;
    }
  }

  private static Cipher cipher(int mode, byte[] key, byte[] nonce, byte[] context)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(context);
    return cipher;
  }

  @Override
  public void close() {
    be(Mood.HONEST);
    server.stop(0);
    threads.shutdownNow();
  }
}
