package dev.pledge.engine.keys;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Calls of the transit engine of one Vault. A call ends within its patience, however slowly the
 * other side speaks; what fails for a cause that may pass is tried once more after a pause. No
 * redirect and no proxy is followed, since the token goes along, and an answer has at most 64 KiB.
 * The token is read for each call, so that it can be renewed where it lies.
 *
 * <p>Nothing that is reported holds a token, or anything that Vault answered.
 */
final class VaultCalls implements AutoCloseable {
  private static final String TOKEN = "VAULT_TOKEN";
  private static final long LONGEST = 64 * 1024;
  private static final JsonFactory JSON = new JsonFactory();

  /**
   * How long is waited.
   *
   * @param connect for the connection
   * @param answer for all of an answer
   * @param pause before it is tried again
   */
  record Patience(Duration connect, Duration answer, Duration pause) {
    static final Patience USUAL =
        new Patience(Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofMillis(250));
  }

  /**
   * What Vault answered under {@code data}.
   *
   * @param texts its members that are text, numbers, true or false
   * @param plaintext its member of that name, which the caller wipes
   */
  @SuppressWarnings("ArrayRecordComponent") // Handed from one place to the next, never compared.
  record Data(Map<String, String> texts, byte @Nullable [] plaintext) {
    @Override
    public String toString() {
      return "[redacted]";
    }
  }

  private final VaultAddress address;
  private final Map<String, String> environment;
  private final Patience patience;
  private final HttpClient client;

  VaultCalls(VaultAddress address, Map<String, String> environment, Patience patience) {
    this.address = address;
    this.environment = environment;
    this.patience = patience;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .connectTimeout(patience.connect());
    address.certificates().ifPresent(file -> builder.sslContext(trusting(file)));
    this.client = builder.build();
  }

  private static SSLContext trusting(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      int count = 0;
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        trusted.setCertificateEntry("authority-" + count++, each);
      }
      if (count == 0) {
        throw notCertificates(file);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw notCertificates(file);
    }
  }

  private static KeyStoreRefusedException notCertificates(Path file) {
    return new KeyStoreRefusedException(
        String.format(
            Locale.ROOT,
            "`%s` cannot be read as certificates in PEM; name the file with Vault's authority as"
                + " `ca-file`",
            file));
  }

  /** What is known of the key. */
  Data describe() {
    return answer(address.to("keys"), null);
  }

  /**
   * Posts JSON and wipes it.
   *
   * @throws Refused if Vault says that the request is wrong (400)
   * @throws RootKeyUnavailableException if it cannot be used now
   */
  Data post(String operation, byte[] json) {
    try {
      return answer(address.to(operation), json);
    } finally {
      Arrays.fill(json, (byte) 0);
    }
  }

  /** Vault says that a request is wrong. */
  static final class Refused extends RuntimeException {
    private final boolean tooOld;

    private Refused(boolean tooOld) {
      super("refused");
      this.tooOld = tooOld;
    }

    /** Because of {@code min_decryption_version}. */
    boolean isTooOld() {
      return tooOld;
    }
  }

  private Data answer(URI to, byte @Nullable [] json) {
    HttpResponse<byte[]> response;
    try {
      response = sendTwice(to, json);
    } catch (TimeoutException e) {
      throw unavailable(
          "did not answer within "
              + patience.answer().toMillis()
              + " ms; see whether it is reached and keeps up");
    } catch (SSLException e) {
      throw unavailable(
          "shows no certificate that is trusted and its own; name its authority with `ca-file`");
    } catch (IOException e) {
      throw unavailable("cannot be reached, or broke off; see whether it runs and is reached");
    }
    byte[] body = response.body();
    try {
      requireDone(to, response.statusCode(), body);
      return read(body);
    } finally {
      Arrays.fill(body, (byte) 0);
    }
  }

  private HttpResponse<byte[]> sendTwice(URI to, byte @Nullable [] json)
      throws IOException, TimeoutException {
    try {
      HttpResponse<byte[]> first = send(to, json);
      if (first.statusCode() < 500) {
        return first;
      }
    } catch (SSLException e) {
      throw e;
    } catch (IOException | TimeoutException e) {
      // Tried once more, as after a failure of the server.
    }
    LockSupport.parkNanos(patience.pause().toNanos());
    return send(to, json);
  }

  private HttpResponse<byte[]> send(URI to, byte @Nullable [] json)
      throws IOException, TimeoutException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(to)
            .header("X-Vault-Token", token())
            .header("X-Vault-Request", "true")
            .timeout(patience.answer());
    address.namespace().ifPresent(name -> request.header("X-Vault-Namespace", name));
    if (json != null) {
      request.header("Content-Type", "application/json").POST(BodyPublishers.ofByteArray(json));
    }
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(
            request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), LONGEST));
    try {
      // Its own time-out ends with the headers, and a body may be slow as well.
      return answer.get(patience.answer().toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof HttpTimeoutException) {
        throw new TimeoutException("no answer");
      }
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IOException("the call failed");
    } catch (CancellationException e) {
      throw new IOException("the call was given up");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable("was not waited for, since this process stops");
    } finally {
      answer.cancel(true);
    }
  }

  /** As it is now; whatever is wrong with it, it is not repeated. */
  private String token() {
    String token = address.tokenFile().map(VaultCalls::tokenIn).orElseGet(this::tokenOfProcess);
    if (!token.matches("[!-~]{1,4096}")) {
      throw new RootKeyUnavailableException(
          address.tokenFile().map(file -> "`" + file + "`").orElse("`" + TOKEN + "`")
              + " does not hold a token of Vault; put one there");
    }
    return token;
  }

  private static String tokenIn(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new RootKeyUnavailableException(
          "no token of Vault in `" + file + "`; put one there, mode 0600");
    }
    PrivateDirectory.requirePrivate(file, "600");
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new RootKeyUnavailableException("`" + file + "` cannot be read; see to its disk");
    }
  }

  private String tokenOfProcess() {
    String token = environment.getOrDefault(TOKEN, "").strip();
    if (token.isEmpty()) {
      throw new RootKeyUnavailableException(
          "no token for Vault; put one in a file (mode 0600) and name it with `token-file` in the"
              + " root key's address, or set "
              + TOKEN);
    }
    return token;
  }

  // ---------------------------------------------------------------------------- what is answered

  private void requireDone(URI to, int status, byte[] body) {
    String path = to.getPath().substring("/v1/".length());
    if (status >= 200 && status < 300) {
      return;
    }
    String text = new String(body, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
    switch (status) {
      case 400 -> throw new Refused(text.contains("too old") || text.contains("disallowed by"));
      case 403 ->
          throw unavailable(
              "does not let the token use `"
                  + path
                  + "` (403): it has expired, was revoked, or its policy lacks that path; put a new"
                  + " one "
                  + address.tokenFile().map(file -> "in `" + file + "`").orElse("in " + TOKEN));
      case 404 ->
          throw unavailable(
              "has nothing at `"
                  + path
                  + "` (404); see mount, namespace and name of the key in its address");
      case 429 -> throw unavailable("takes no more requests (429); raise its quota");
      case 503 ->
          throw unavailable(
              text.contains("sealed")
                  ? "is sealed (503); unseal it"
                  : "is not ready (503); see to it");
      default ->
          throw unavailable(
              status >= 300 && status < 400
                  ? "sends elsewhere (" + status + "); name the address of the active server"
                  : "answered " + status + " to `" + path + "`; its log says why");
    }
  }

  private Data read(byte[] body) {
    Map<String, String> texts = new HashMap<>();
    byte[] plaintext = null;
    try (JsonParser parser = JSON.createParser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw malformed();
      }
      boolean seen = false;
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean data = parser.currentName().equals("data");
        JsonToken value = parser.nextToken();
        if (!data || value != JsonToken.START_OBJECT) {
          parser.skipChildren();
          continue;
        }
        seen = true;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String name = parser.currentName();
          JsonToken member = parser.nextToken();
          if (name.equals("plaintext") && member == JsonToken.VALUE_STRING) {
            plaintext = parser.getBinaryValue();
          } else if (member.isScalarValue()) {
            texts.put(name, parser.getText());
          } else {
            parser.skipChildren();
          }
        }
      }
      if (!seen || parser.currentToken() != JsonToken.END_OBJECT) {
        throw malformed();
      }
      return new Data(texts, plaintext);
    } catch (IOException e) {
      throw malformed();
    }
  }

  RootKeyUnavailableException malformed() {
    return unavailable(
        "answered what transit does not, or not all of it; see whether it is Vault that answers");
  }

  RootKeyUnavailableException unavailable(String what) {
    return new RootKeyUnavailableException(
        "Vault at `" + address.server() + "` " + what + "; see docs/root-keys.md");
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
