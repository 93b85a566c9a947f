package dev.pledge.server.http;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The members of one JSON object of a request. Members it may not have, and members that are there
 * without a value, are refused before any is read; a member that is missing or of the wrong kind is
 * a {@link ProblemFound} that points at it.
 */
final class Members {
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{0,63}");
  private static final int MOST_DIGITS = 40;
  private static final int MOST_UNKNOWN = 10;
  private static final Words NO_VALUE = new Words("null is no value; leave it out", "null 不是值，请删去");
  private static final Words HALF_PAIR =
      new Words("half of a surrogate pair stands alone", "含有不成对的代理字符");
  private static final Words REQUIRED = new Words("this member is needed", "缺少该成员");
  private static final Words NOT_TEXT = new Words("write a text", "应为文本");
  private static final Words NOT_OBJECT = new Words("write an object", "应为对象");
  private static final Words NOT_LIST = new Words("write an array", "应为数组");
  private static final Words NOT_TIME =
      new Words("write a time such as `2026-01-31T12:00:00Z`", "应为时间，如 `2026-01-31T12:00:00Z`");
  private static final Words NOT_DATE =
      new Words("write a date such as `2001-01-31`", "应为日期，如 `2001-01-31`");

  private final Map<String, Object> object;
  private final String pointer;

  private Members(Map<String, Object> object, String pointer) {
    this.object = object;
    this.pointer = pointer;
  }

  /** The object {@code value}, which may have no members but {@code allowed}. */
  static Members of(@Nullable Object value, String pointer, Set<String> allowed) {
    Map<String, @Nullable Object> object = object(value, pointer);
    List<Problem.At> unknown =
        object.keySet().stream()
            .filter(name -> !allowed.contains(name))
            .limit(MOST_UNKNOWN)
            .map(name -> unknown(pointer, name))
            .toList();
    if (!unknown.isEmpty()) {
      throw Problem.at(unknown).found();
    }
    return new Members(withoutNull(object, pointer), pointer);
  }

  /** The same, which in this case may have no members but {@code allowed}. */
  Members only(Set<String> allowed) {
    return of(object, pointer, allowed);
  }

  /** Nobody is left to guess whether null stands for a member that is absent. */
  @SuppressWarnings({"unchecked", "NullAway"}) // looked through: no null is in it
  private static Map<String, Object> withoutNull(
      Map<String, @Nullable Object> object, String pointer) {
    object.forEach(
        (name, value) -> {
          if (value == null) {
            throw Problem.at(pointer + "/" + name, NO_VALUE).found();
          }
        });
    return (Map<String, Object>) (Map<String, ?>) object;
  }

  @SuppressWarnings("unchecked") // `Json.read` makes no other maps
  private static Map<String, @Nullable Object> object(@Nullable Object value, String pointer) {
    if (!(value instanceof Map<?, ?>)) {
      throw Problem.at(pointer, NOT_OBJECT).found();
    }
    return (Map<String, @Nullable Object>) value;
  }

  // INVARIANT: a name is repeated only if it is shaped like one; anything else may be a value.
  private static Problem.At unknown(String pointer, String name) {
    return NAME.matcher(name).matches()
        ? new Problem.At(
            pointer + "/" + name, new Words("there is no such member; leave it out", "没有此成员，请删去"))
        : new Problem.At(
            pointer, new Words("an unknown member is here; leave it out", "此处有未知的成员，请删去"));
  }

  String pointer(String name) {
    return pointer + "/" + name;
  }

  boolean has(String name) {
    return object.containsKey(name);
  }

  private Object required(String name) {
    Object value = object.get(name);
    if (value == null) {
      throw wrong(name, REQUIRED);
    }
    return value;
  }

  ProblemFound wrong(String name, Words detail) {
    return Problem.at(pointer(name), detail).found();
  }

  String text(String name) {
    return text(required(name), pointer(name));
  }

  @Nullable String optionalText(String name) {
    return has(name) ? text(name) : null;
  }

  private static String text(@Nullable Object value, String at) {
    if (!(value instanceof String text)) {
      throw Problem.at(at, NOT_TEXT).found();
    }
    requireWhole(text, at);
    return text;
  }

  private static void requireWhole(String text, String at) {
    if (hasLoneSurrogate(text)) {
      throw Problem.at(at, HALF_PAIR).found();
    }
  }

  private static boolean hasLoneSurrogate(String text) {
    return text.codePoints().anyMatch(c -> c >= 0xD800 && c <= 0xDFFF);
  }

  /**
   * A text read by {@code reader}, whose {@link IllegalArgumentException} is answered with {@code
   * form}.
   */
  <T> T read(String name, Function<String, T> reader, Words form) {
    String text = text(name);
    try {
      return reader.apply(text);
    } catch (IllegalArgumentException e) {
      throw wrong(name, form);
    }
  }

  /** One of the words of a closed list. */
  <T> T word(String name, Map<String, T> words) {
    T value = words.get(text(name));
    if (value == null) {
      String list = words.keySet().stream().sorted().toList().toString();
      throw wrong(name, new Words("write one of " + list, "应为以下之一：" + list));
    }
    return value;
  }

  Instant time(String name) {
    try {
      Instant at =
          OffsetDateTime.parse(text(name)).withOffsetSameInstant(ZoneOffset.UTC).toInstant();
      int year = at.atOffset(ZoneOffset.UTC).getYear();
      if (year < 1900 || year > 9999) {
        throw wrong(name, NOT_TIME);
      }
      return at;
    } catch (DateTimeParseException e) {
      throw wrong(name, NOT_TIME);
    }
  }

  @Nullable Instant optionalTime(String name) {
    return has(name) ? time(name) : null;
  }

  @Nullable LocalDate optionalDate(String name) {
    if (!has(name)) {
      return null;
    }
    try {
      return LocalDate.parse(text(name));
    } catch (DateTimeParseException e) {
      throw wrong(name, NOT_DATE);
    }
  }

  int number(String name, int least, int most, int otherwise) {
    if (!has(name)) {
      return otherwise;
    }
    if (required(name) instanceof Number number && isWhole(number, least, most)) {
      return number.intValue();
    }
    throw wrong(
        name,
        new Words(
            String.format(Locale.ROOT, "write a whole number from %d to %d", least, most),
            String.format(Locale.ROOT, "应为 %d 至 %d 的整数", least, most)));
  }

  /** By its value, however it is written, as JSON Schema has it: {@code 1.0} is whole. */
  private static boolean isWhole(Number number, int least, int most) {
    BigDecimal value =
        number instanceof BigDecimal decimal ? decimal : BigDecimal.valueOf(number.longValue());
    return value.compareTo(BigDecimal.valueOf(least)) >= 0
        && value.compareTo(BigDecimal.valueOf(most)) <= 0
        && value.stripTrailingZeros().scale() <= 0;
  }

  List<String> texts(String name, int most) {
    List<?> list = list(name, most);
    List<String> texts = new ArrayList<>(list.size());
    for (int i = 0; i < list.size(); i++) {
      texts.add(text(list.get(i), pointer(name) + "/" + i));
    }
    return texts;
  }

  List<String> optionalTexts(String name, int most) {
    return has(name) ? texts(name, most) : List.of();
  }

  private List<?> list(String name, int most) {
    if (!(required(name) instanceof List<?> list)) {
      throw wrong(name, NOT_LIST);
    }
    if (list.size() > most) {
      throw wrong(name, tooMany(most));
    }
    return list;
  }

  private static Words tooMany(int most) {
    return new Words(
        String.format(Locale.ROOT, "at most %d are allowed here", most),
        String.format(Locale.ROOT, "此处最多 %d 项", most));
  }

  Members object(String name, Set<String> allowed) {
    return of(required(name), pointer(name), allowed);
  }

  List<Members> optionalObjects(String name, int most, Set<String> allowed) {
    if (!has(name)) {
      return List.of();
    }
    List<?> list = list(name, most);
    List<Members> objects = new ArrayList<>(list.size());
    for (int i = 0; i < list.size(); i++) {
      objects.add(of(list.get(i), pointer(name) + "/" + i, allowed));
    }
    return objects;
  }

  /** An object whose member names are the caller's and whose values are any JSON but null. */
  @SuppressWarnings("NullAway") // looked through: no null is in it
  Map<String, Object> values(String name, int most) {
    Map<String, @Nullable Object> values = object(required(name), pointer(name));
    if (values.isEmpty()) {
      throw wrong(name, new Words("at least one member is needed", "至少需要一个成员"));
    }
    if (values.size() > most) {
      throw wrong(name, tooMany(most));
    }
    values.forEach(
        (key, value) -> {
          String at = pointer(name) + (NAME.matcher(key).matches() ? "/" + key : "");
          requireWhole(key, at);
          requireValue(value, at);
        });
    return Collections.unmodifiableMap(values);
  }

  private static void requireValue(@Nullable Object value, String at) {
    switch (value) {
      case null -> throw Problem.at(at, NO_VALUE).found();
      case String text -> requireWhole(text, at);
      case BigDecimal number -> requireInRange(number, at);
      case List<?> list -> list.forEach(element -> requireValue(element, at));
      case Map<?, ?> object ->
          object.forEach(
              (key, element) -> {
                requireWhole((String) key, at);
                requireValue(element, at);
              });
      default -> {
        // whole numbers and truth values are as they should be
      }
    }
  }

  private static void requireInRange(BigDecimal number, String at) {
    if (Math.abs((long) number.scale()) > MOST_DIGITS) {
      throw Problem.at(at, new Words("the number is out of range", "数字超出范围")).found();
    }
  }
}
