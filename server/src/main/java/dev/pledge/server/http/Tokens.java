package dev.pledge.server.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.pledge.engine.actor.Actors;
import dev.pledge.engine.actor.Caller;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who calls, by the bearer token of the request (RFC 6750). Whoever guesses tokens is soon told to
 * wait, by address; callers whose token was good a short while ago are not held up by a guesser
 * behind the same address.
 */
final class Tokens {
  private static final String SCHEME = "bearer ";
  private static final int MOST_REMEMBERED = 10_000;
  private static final Duration REMEMBERED = Duration.ofMinutes(10);

  private final Actors actors;
  private final Budget strangers;

  /** Hashes of tokens that were good lately. Says nothing about now: that is asked each time. */
  private final Cache<ByteBuffer, Boolean> lately =
      Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).expireAfterAccess(REMEMBERED).build();

  Tokens(Actors actors, Budget strangers) {
    this.actors = actors;
    this.strangers = strangers;
  }

  /**
   * The caller of {@code request}.
   *
   * @throws ProblemFound if there is no valid token, or more than one
   */
  Caller caller(ServerRequest request) {
    String address = request.remotePeer().host();
    List<String> headers = request.headers().all(HeaderNames.AUTHORIZATION, List::of);
    if (headers.size() > 1) {
      throw Problem.of(
              ProblemType.BAD_REQUEST, "Send one `Authorization`.", "请只发送一个 `Authorization`。")
          .found();
    }
    String token = headers.isEmpty() ? null : bearer(headers.get(0));
    if (token == null) {
      throw Problem.of(
              ProblemType.NOT_SIGNED_IN,
              "Send your token as `Authorization: Bearer …`.",
              "请以 `Authorization: Bearer …` 发送令牌。")
          .found();
    }
    ByteBuffer hash = hash(token);
    Duration wait = strangers.wait(address);
    if (!wait.isZero() && lately.getIfPresent(hash) == null) {
      throw Problem.of(
              ProblemType.TOO_MANY_REFUSALS,
              "Too many calls without a valid token came from this address; wait a moment.",
              "来自此地址的无效令牌调用过多，请稍候。")
          .retryAfter(wait)
          .found();
    }
    Optional<Caller> caller = actors.authenticate(token);
    if (caller.isEmpty()) {
      strangers.spend(address);
      throw Problem.of(
              ProblemType.NOT_SIGNED_IN,
              "The token is unknown, expired or revoked; ask for a new one.",
              "令牌未知、已过期或已撤销，请申请新令牌。")
          .found();
    }
    lately.put(hash, true);
    return caller.get();
  }

  private static @Nullable String bearer(String header) {
    return header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? header.substring(SCHEME.length()).strip()
        : null;
  }

  private static ByteBuffer hash(String token) {
    try {
      return ByteBuffer.wrap(
          MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }
}
