package dev.pledge.server.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a browser says of itself, and of where a form of it comes from.
 *
 * @param cookies by name; none that stands there twice
 * @param host that the browser asked, with the port
 * @param origin the page that sends a form
 * @param site how that page stands to us, in the browser's words
 * @param device in a word or two, such as `Firefox on Android`
 * @param globalPrivacyControl whether it asks that nothing be sold or shared (Sec-GPC)
 */
record Visit(
    Map<String, String> cookies,
    Optional<String> host,
    Optional<String> origin,
    Optional<String> site,
    String device,
    boolean globalPrivacyControl) {
  private static final HeaderName SITE = HeaderNames.create("Sec-Fetch-Site");
  private static final HeaderName GPC = HeaderNames.create("Sec-GPC");
  private static final int LONGEST_COOKIE = 256;

  /** Looked for in this order: most browsers name those they come from, too. */
  private static final List<String> BROWSERS =
      List.of("Edg", "OPR", "SamsungBrowser", "MicroMessenger", "Firefox", "Chrome", "Safari");

  private static final Map<String, String> BROWSER_NAMES =
      Map.of(
          "Edg",
          "Edge",
          "OPR",
          "Opera",
          "SamsungBrowser",
          "Samsung Internet",
          "MicroMessenger",
          "WeChat");

  private static final List<String> SYSTEMS =
      List.of("Android", "iPhone", "iPad", "Windows", "Mac OS X", "CrOS", "Linux");

  private static final Map<String, String> SYSTEM_NAMES =
      Map.of("Mac OS X", "macOS", "CrOS", "ChromeOS");

  Visit {
    cookies = Map.copyOf(cookies);
  }

  static Visit of(ServerRequest request) {
    return new Visit(
        cookies(request),
        request.headers().first(HeaderNames.HOST),
        request.headers().first(HeaderNames.ORIGIN),
        request.headers().first(SITE),
        device(request.headers().first(HeaderNames.USER_AGENT).orElse("")),
        request.headers().first(GPC).filter("1"::equals).isPresent());
  }

  private static Map<String, String> cookies(ServerRequest request) {
    Map<String, String> cookies = new HashMap<>();
    for (String header : request.headers().all(HeaderNames.COOKIE, List::of)) {
      for (String pair : header.split(";", -1)) {
        int equals = pair.indexOf('=');
        if (equals > 0 && pair.length() <= LONGEST_COOKIE) {
          // Of two of one name, one may be somebody else's doing: neither counts.
          cookies.merge(
              pair.substring(0, equals).strip(), pair.substring(equals + 1), (a, b) -> "");
        }
      }
    }
    return cookies;
  }

  /** Made of words of ours alone, whatever the browser says. */
  private static String device(String userAgent) {
    Optional<String> browser = BROWSERS.stream().filter(userAgent::contains).findFirst();
    Optional<String> system = SYSTEMS.stream().filter(userAgent::contains).findFirst();
    String name = browser.map(word -> BROWSER_NAMES.getOrDefault(word, word)).orElse("");
    String on = system.map(word -> SYSTEM_NAMES.getOrDefault(word, word)).orElse("");
    if (name.isEmpty() || on.isEmpty()) {
      return name + on;
    }
    return name + " on " + on;
  }

  /** Whether a form comes from a page of ours, as far as the browser tells. */
  boolean isOurs() {
    if (origin.isPresent()) {
      return host.isPresent()
          && (origin.get().equals("https://" + host.get())
              || origin.get().equals("http://" + host.get()));
    }
    return site.isEmpty() || site.get().equals("same-origin") || site.get().equals("none");
  }
}
