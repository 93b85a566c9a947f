package dev.pledge.engine.value;

import com.google.i18n.phonenumbers.PhoneNumberUtil;
import com.google.i18n.phonenumbers.PhoneNumberUtil.PhoneNumberFormat;
import com.google.i18n.phonenumbers.Phonenumber.PhoneNumber;
import dev.pledge.policy.names.FieldType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * Inputs that are values, of every type, odd ones among them: many scripts, one character, marks,
 * surrogate pairs, asterisks, edges of ranges. Repeatable from the seed.
 */
final class Samples {
  static final LocalDate TODAY = LocalDate.of(2026, 11, 22);
  static final Set<String> CHOICES = Set.of("female", "male", "other", "x", "无");

  /** What one letter looks like in many ways of writing; some have marks, pairs or joiners. */
  private static final List<List<String>> ALPHABETS =
      List.of(
          List.of("a", "Q", "z", "é", "ß", "Å", "ǅ", "q\u0323", "x\u0302\u0323"),
          List.of("张", "李", "欧", "〇", "𠮷", "𪚥", "葛\uDB40\uDD00", "々"),
          List.of("م", "ح", "د", "لا", "بّ", "ي\u200Cر"),
          List.of("नि", "क", "क्ष", "र्", "श्री", "क्\u200Dष"),
          List.of("김", "철", "수", "ㅏ"),
          List.of("Ж", "я", "Ё", "ї"),
          List.of("Σ", "ς", "ά", "Ω"),
          List.of("א", "ב\u05BC", "ש\u05C1"),
          List.of("ก", "กำ", "นี้"),
          List.of("𐐀", "𐐨", "𞤀"));

  private static final List<String> EMOJI = List.of("👍", "👨‍👩‍👧", "🏳️‍🌈", "e\u0301", "🇨🇳");
  private static final List<String> LONG =
      List.of("x".repeat(100_000), "\u0301".repeat(400), "@.".repeat(120), "(".repeat(40));
  private static final PhoneNumberUtil NUMBERS = PhoneNumberUtil.getInstance();
  private static final List<String> REGIONS =
      NUMBERS.getSupportedRegions().stream().sorted().toList();

  private final SplittableRandom random;

  Samples(long seed) {
    random = new SplittableRandom(seed);
  }

  static Shape shape(FieldType type) {
    return type == FieldType.CHOICE ? Shape.choice(CHOICES) : Shape.of(type);
  }

  static Value value(FieldType type, Object input) {
    return value(shape(type), input);
  }

  static Value value(Shape shape, Object input) {
    return switch (shape.read(input, TODAY)) {
      case Reading.Good(Value value) -> value;
      case Reading.Bad(Complaint complaint) ->
          throw new AssertionError(complaint + " for " + shape.type() + " " + input);
    };
  }

  Object input(FieldType type) {
    return switch (type) {
      case NAME -> name();
      case DATE -> date().toString();
      case AGE -> any(0, 9, 10, 89, 90, 150, below(151));
      case EMAIL -> email();
      case PHONE -> phone();
      case POSTAL_ADDRESS -> address();
      case BANK_CARD -> bankCard();
      case CN_RESIDENT_ID -> residentId();
      case CHOICE -> CHOICES.stream().sorted().toList().get(below(CHOICES.size()));
      case TEXT -> text();
      case EXTERNAL_ID -> starred(word("!#*~azAZ09-", 1 + below(20)));
      case DEVICE_ID -> word("abcXYZ019:._-", 1 + below(20));
      case DEVICE_TEXT ->
          starred(
              any(
                  "iPhone 17",
                  "小米 17",
                  "Pixel*",
                  "*9",
                  "Wei’s iPad",
                  "a@b.c",
                  "1 390 000 11 11",
                  letters(3),
                  emoji()));
      case LANGUAGE -> any("zh-CN", "zh_Hans_CN", "EN", "sr-latn-rs", "de-CH-1996", "iw", "gsw");
      case RESOLUTION -> (1 + below(100_000)) + any("x", "X", "×") + (1 + below(100_000));
      case PLMN -> word("0123456789", 5 + below(2));
      case POSITION -> position();
      case LOG_LINE -> logLine();
      case BIOMETRIC -> Base64.getEncoder().encodeToString(bytes(1 + below(64)));
    };
  }

  /** A tree of JSON of which little can be expected, strings and numbers of the worst kinds. */
  Object junk(int depth) {
    return switch (below(depth > 0 ? 8 : 6)) {
      case 0 ->
          any(0, -1, 7L, 1e300, 4.9e-324, Double.NaN, Double.NEGATIVE_INFINITY, 1.5f, true, 'c');
      case 1 -> new BigDecimal(any("1E+2147483647", "1E-2147483646", "-0.0", "9e99"));
      case 2 -> BigInteger.ONE.shiftLeft(below(10_000));
      case 3 -> any("", " ", "*", "***", "\uD800", "a\uDC00", "\u0000", "\u202Ex", "\uFFFE", "@");
      case 4 -> utf16(below(40));
      case 5 -> LONG.get(below(LONG.size()));
      case 6 -> list(below(6), () -> junk(depth - 1));
      default -> map(depth);
    };
  }

  private Map<Object, Object> map(int depth) {
    Map<Object, Object> map = new LinkedHashMap<>();
    for (int i = below(6); i > 0; i--) {
      Object key =
          any(
              "country",
              "city",
              "lines",
              "latitude",
              "longitude",
              "event",
              "attributes",
              "x",
              1,
              Optional.empty());
      map.put(key, below(9) == 0 ? null : junk(depth - 1));
    }
    return map;
  }

  private String name() {
    StringBuilder name = new StringBuilder(below(20) == 0 ? "'" : "").append(letters(1));
    for (int more = below(4); more > 0; more--) {
      name.append(any("", "", " ", "-", "·", ". ", "’", "・", ", ", " ‘", " 3"))
          .append(letters(1 + below(4)));
    }
    return name.append(any("", "", ".", ", 42", "’")).toString();
  }

  private String letters(int count) {
    List<String> alphabet = ALPHABETS.get(below(ALPHABETS.size()));
    return String.join("", list(count, () -> alphabet.get(below(alphabet.size()))));
  }

  private LocalDate date() {
    int days = (int) (TODAY.toEpochDay() - LocalDate.of(1900, 1, 1).toEpochDay());
    return TODAY.minusDays(any(0, days, below(days + 1)));
  }

  private String email() {
    String ascii = "azAZ09!#$%&'+/=?^_`{|}~-";
    String local =
        below(3) == 0
            ? letters(1 + below(3)).replaceAll("[\\u200C\\u200D]", "")
            : word(ascii, 1 + below(3));
    String more = below(3) == 0 ? "." + word(ascii, 1 + below(3)) : "";
    return local + more + "@" + any("b.c", "Example.ORG", "例え.jp", "xn--r8jz45g.jp", "a-b.c-d.e");
  }

  private String phone() {
    PhoneNumber number = NUMBERS.getExampleNumber(REGIONS.get(below(REGIONS.size())));
    PhoneNumber near = new PhoneNumber().mergeFrom(number);
    near.setNationalNumber(number.getNationalNumber() / 100 * 100 + below(100));
    return NUMBERS.format(
        NUMBERS.isValidNumber(near) ? near : number,
        any(PhoneNumberFormat.E164, PhoneNumberFormat.INTERNATIONAL));
  }

  private Map<String, Object> address() {
    Map<String, Object> address = new LinkedHashMap<>();
    String city = any("北京", "Zürich", "A", "*x", letters(3));
    address.put("lines", list(1 + below(4), () -> any(city, "1", "南京路 1 号", letters(5))));
    address.put("city", city);
    address.put("country", any("CN", "ch", "US"));
    if (below(2) == 0) {
      address.put("region", any(city, "ZH", letters(2)));
    }
    if (below(2) == 0) {
      address.put("postalCode", any("100080", "sw1a 1aa", "8001"));
    }
    return address;
  }

  private String bankCard() {
    String digits = any("4", "62", "2200") + word("0123456789", 10 + below(5));
    for (int check = 0; ; check++) {
      if (Shape.of(FieldType.BANK_CARD).read(digits + check, TODAY) instanceof Reading.Good) {
        return digits + check;
      }
    }
  }

  private String residentId() {
    String digits =
        any("110105", "440524", "820000", "830000")
            + date().toString().replace("-", "")
            + word("0123456789", 3);
    for (char check : "0123456789x".toCharArray()) {
      if (Shape.of(FieldType.CN_RESIDENT_ID).read(digits + check, TODAY) instanceof Reading.Good) {
        return digits + check;
      }
    }
    throw new AssertionError("no check place fits");
  }

  private String text() {
    return starred(any("*", "***", "", "a") + any(letters(4), emoji(), "x", "*\n*", "\u200Fא"));
  }

  private String emoji() {
    return EMOJI.get(below(EMOJI.size()));
  }

  /** Texts of asterisks alone are no values; all others with asterisks are. */
  private static String starred(String text) {
    return text.chars().allMatch(c -> c == '*') ? text + "?" : text;
  }

  private Map<String, Object> position() {
    Map<String, Object> position = new LinkedHashMap<>();
    position.put("latitude", any(90, -90.0, 0, 60L, -60, 39.9, 80.05, degrees(90), degrees(90)));
    position.put("longitude", any(180, -180.0, 0, 116.4, -0.1, degrees(180), degrees(180)));
    if (below(2) == 0) {
      position.put("accuracy", any(0, 11000, 3.456, 1_000_000));
    }
    return position;
  }

  private double degrees(int end) {
    double degrees = random.nextDouble(-end, end);
    return any(degrees, Math.rint(degrees * 10) / 10, Math.rint(degrees * 2) / 2);
  }

  private Map<String, Object> logLine() {
    Map<String, Object> attributes = new LinkedHashMap<>();
    for (int i = below(4); i > 0; i--) {
      Object fact = any(true, 0, -1, 13800138000L, 0.125, 1e-7, "ok", "* *", letters(2), emoji());
      attributes.put(any("code", "took-ms", "Ok", "a.b_c", "u13900001111"), fact);
    }
    String event = any("sign-in", "meeting.joined", "called-13900001111");
    return below(4) == 0
        ? Map.of("event", event)
        : Map.of("event", event, "attributes", attributes);
  }

  private String word(String alphabet, int length) {
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < length; i++) {
      word.append(alphabet.charAt(below(alphabet.length())));
    }
    return word.toString();
  }

  private String utf16(int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append((char) below(below(2) == 0 ? 0x100 : 0x1_0000));
    }
    return text.toString();
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static <T> List<T> list(int size, Supplier<T> element) {
    List<T> list = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      list.add(element.get());
    }
    return list;
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  @SafeVarargs
  private <T> T any(T... choices) {
    return choices[below(choices.length)];
  }
}
