package dev.pledge.server.http;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which of several languages a client prefers (RFC 4647). */
final class Languages {
  private static final List<Locale> SPOKEN = List.of(Locale.ENGLISH, Locale.CHINESE);
  private static final int LONGEST = 200;

  private Languages() {}

  /** The server's language that fits {@code acceptLanguage} best; English where none does. */
  static Locale preferred(@Nullable String acceptLanguage) {
    Locale found = Locale.lookup(ranges(acceptLanguage), SPOKEN);
    return found == null ? Locale.ENGLISH : found;
  }

  /**
   * The one of {@code languages} that fits {@code acceptLanguage} best, if one does; a client that
   * asks for {@code zh} gets {@code zh-TW} where there is no other.
   */
  static Optional<String> preferred(@Nullable String acceptLanguage, List<String> languages) {
    List<Locale.LanguageRange> ranges = ranges(acceptLanguage);
    return Optional.ofNullable(Locale.lookupTag(ranges, languages))
        .or(() -> Locale.filterTags(ranges, languages).stream().findFirst())
        .flatMap(tag -> languages.stream().filter(tag::equalsIgnoreCase).findFirst());
  }

  private static List<Locale.LanguageRange> ranges(@Nullable String acceptLanguage) {
    if (acceptLanguage == null || acceptLanguage.length() > LONGEST) {
      return List.of();
    }
    try {
      return Locale.LanguageRange.parse(acceptLanguage);
    } catch (IllegalArgumentException malformed) {
      return List.of();
    }
  }
}
