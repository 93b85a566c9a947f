package dev.pledge.engine.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A tree of JSON as bytes, to be sealed and read again as it was meant. */
public final class Tree {
  private Tree() {}

  /**
   * Its bytes, in the one form that equal trees have.
   *
   * @throws IllegalArgumentException if something in it is no JSON
   */
  public static byte[] write(Map<String, ?> tree) {
    return Json.write((Map<?, ?>) plain(tree));
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IllegalArgumentException if it is something else
   */
  public static Map<String, Object> read(byte[] bytes) {
    return Json.parse(new String(bytes, StandardCharsets.UTF_8));
  }

  private static Object plain(@Nullable Object json) {
    return switch (json) {
      case Map<?, ?> map -> {
        Map<String, Object> sorted = new TreeMap<>();
        map.forEach((name, value) -> sorted.put((String) name, plain(value)));
        yield sorted;
      }
      case List<?> list -> {
        List<Object> plain = new ArrayList<>(list.size());
        list.forEach(element -> plain.add(plain(element)));
        yield plain;
      }
      case String text -> text;
      case Boolean truth -> truth;
      case Integer number -> BigDecimal.valueOf(number);
      case Long number -> BigDecimal.valueOf(number);
      case BigInteger number -> Json.plain(new BigDecimal(number));
      case BigDecimal number -> Json.plain(number);
      case null, default -> throw new IllegalArgumentException("not a tree of JSON");
    };
  }
}
