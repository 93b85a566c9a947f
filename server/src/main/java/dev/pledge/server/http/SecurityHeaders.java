package dev.pledge.server.http;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.ServerResponseHeaders;
import java.util.List;

/** Headers of every answer: nothing is cached, framed, guessed or run. */
final class SecurityHeaders {
  private static final List<Header> ALWAYS =
      List.of(
          HeaderValues.createCached("X-Content-Type-Options", "nosniff"),
          HeaderValues.createCached("X-Frame-Options", "DENY"),
          HeaderValues.createCached("Referrer-Policy", "no-referrer"),
          HeaderValues.createCached("Cross-Origin-Resource-Policy", "same-origin"),
          HeaderValues.createCached("Cross-Origin-Opener-Policy", "same-origin"),
          HeaderValues.createCached(
              "Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
          HeaderValues.createCached(HeaderNames.CACHE_CONTROL, "no-store"));
  private static final Header DATA =
      HeaderValues.createCached(
          "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox");
  private static final Header PAGE =
      HeaderValues.createCached(
          "Content-Security-Policy",
          "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none';"
              + " form-action 'none'; frame-ancestors 'none'");

  private SecurityHeaders() {}

  static void add(ServerResponseHeaders headers, String contentType) {
    ALWAYS.forEach(headers::set);
    headers.set(contentType.startsWith("text/html") ? PAGE : DATA);
  }
}
