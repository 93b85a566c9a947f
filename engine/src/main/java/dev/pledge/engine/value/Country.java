package dev.pledge.engine.value;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Codes of countries: the two letters of ISO 3166-1, and {@code XK} for Kosovo, which has none
 * there and by which everybody calls it.
 */
public final class Country {
  private static final Set<String> CODES = Set.of(Locale.getISOCountries());
  private static final String KOSOVO = "XK";
  private static final Pattern AREA = Pattern.compile("([A-Z]{2})(?:-[A-Z0-9]{1,3})?");

  private Country() {}

  /** Whether this is the code of a country, in capitals. */
  public static boolean isCode(String text) {
    return CODES.contains(text) || text.equals(KOSOVO);
  }

  /**
   * Whether this is the code of a country, or of a part of one by the form of ISO 3166-2, such as
   * {@code US-CA}. Which parts a country has is not known here.
   */
  public static boolean isCodeOfArea(String text) {
    Matcher area = AREA.matcher(text);
    return area.matches() && isCode(area.group(1));
  }
}
