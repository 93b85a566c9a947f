package dev.pledge.engine.value;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where letters reach a person: {@code {country, region?, city, postalCode?, lines}}. The lines say
 * everything below the city, one to four of them.
 */
final class PostalAddress {
  private static final Set<String> MEMBERS =
      Set.of("country", "region", "city", "postalCode", "lines");
  private static final int MAX_LINES = 4;
  private static final Pattern POSTAL_CODE =
      Pattern.compile("(?=.{2,12}$)[A-Z0-9]++(?:[ -][A-Z0-9]++)*+");

  private PostalAddress() {}

  static Map<String, Object> read(@Nullable Object json) throws Unfit {
    Map<?, ?> given = Json.object(json, MEMBERS, Complaint.POSTAL_ADDRESS);
    SortedMap<String, Object> address = new TreeMap<>();
    address.put("country", country(given.get("country")));
    address.put("city", place(given.get("city")));
    address.put("lines", lines(given.get("lines")));
    if (given.get("region") != null) {
      address.put("region", place(given.get("region")));
    }
    if (given.get("postalCode") != null) {
      address.put("postalCode", postalCode(given.get("postalCode")));
    }
    return Json.sealed(address);
  }

  /** The city and what lies above it. Never the whole, since an address has lines. */
  static Map<String, Object> city(Map<String, Object> address) {
    SortedMap<String, Object> city = new TreeMap<>(address);
    city.remove("lines");
    city.remove("postalCode");
    return Json.sealed(city);
  }

  private static String country(@Nullable Object json) throws Unfit {
    String country = present(json, 2).toUpperCase(Locale.ROOT);
    if (!Country.isCode(country)) {
      throw new Unfit(Complaint.COUNTRY);
    }
    return country;
  }

  private static String postalCode(@Nullable Object json) throws Unfit {
    String code = present(json, 12).toUpperCase(Locale.ROOT);
    if (!POSTAL_CODE.matcher(code).matches()) {
      throw new Unfit(Complaint.POSTAL_CODE);
    }
    return code;
  }

  private static String place(@Nullable Object json) throws Unfit {
    return present(json, 100);
  }

  private static List<String> lines(@Nullable Object json) throws Unfit {
    if (!(json instanceof List<?> given) || given.isEmpty() || given.size() > MAX_LINES) {
      throw new Unfit(Complaint.POSTAL_ADDRESS);
    }
    List<String> lines = new ArrayList<>();
    for (Object line : given) {
      lines.add(present(line, 200));
    }
    return List.copyOf(lines);
  }

  private static String present(@Nullable Object json, int max) throws Unfit {
    if (!(json instanceof String)) {
      throw new Unfit(Complaint.POSTAL_ADDRESS);
    }
    return Text.line(json, max);
  }
}
