package dev.pledge.server.http;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which of the server's languages a client prefers. */
final class Languages {
  private static final List<Locale> SPOKEN = List.of(Locale.ENGLISH, Locale.CHINESE);
  private static final int LONGEST = 200;

  private Languages() {}

  /** The spoken language that fits {@code acceptLanguage} best; English where none does. */
  static Locale preferred(@Nullable String acceptLanguage) {
    if (acceptLanguage == null || acceptLanguage.length() > LONGEST) {
      return Locale.ENGLISH;
    }
    try {
      Locale found = Locale.lookup(Locale.LanguageRange.parse(acceptLanguage), SPOKEN);
      return found == null ? Locale.ENGLISH : found;
    } catch (IllegalArgumentException malformed) {
      return Locale.ENGLISH;
    }
  }
}
