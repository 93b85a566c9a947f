package dev.pledge.engine.value;

import static dev.pledge.engine.value.Samples.TODAY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.FieldType;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Known good and bad inputs of every type, published samples where there are any. */
class ShapeTest {
  record Good(FieldType type, Object input, Object normal) {}

  record Bad(FieldType type, Object input, Complaint complaint) {}

  static List<Good> good() {
    return List.of(
        new Good(FieldType.NAME, "  Anne-Marie   O’Neill Jr. ", "Anne-Marie O’Neill Jr."),
        new Good(FieldType.NAME, "'t Hart", "'t Hart"),
        new Good(FieldType.NAME, "Sammy Davis, Jr.", "Sammy Davis, Jr."),
        new Good(FieldType.NAME, "John Davis 3rd", "John Davis 3rd"),
        new Good(FieldType.NAME, "X Æ A-12", "X Æ A-12"),
        new Good(FieldType.NAME, "William ‘Bill’ O‘Neill", "William ‘Bill’ O‘Neill"),
        new Good(FieldType.NAME, "e\u0301", "é"),
        new Good(FieldType.NAME, "张", "张"),
        new Good(FieldType.NAME, "阿卜杜拉·买买提", "阿卜杜拉·买买提"),
        new Good(FieldType.NAME, "王\u3000〇", "王 〇"),
        new Good(FieldType.NAME, "علی\u200Cرضا", "علی\u200Cرضا"),
        new Good(FieldType.NAME, "श्रीनिवास", "श्रीनिवास"),
        new Good(FieldType.DATE, "1900-01-01", "1900-01-01"),
        new Good(FieldType.DATE, "2024-02-29", "2024-02-29"),
        new Good(FieldType.DATE, "2026-11-22", "2026-11-22"),
        new Good(FieldType.AGE, 0, 0),
        new Good(FieldType.AGE, 150L, 150),
        new Good(FieldType.EMAIL, " Zhang.San+x@Example.COM ", "Zhang.San+x@example.com"),
        new Good(FieldType.EMAIL, "张三@例え.JP", "张三@xn--r8jz45g.jp"),
        new Good(FieldType.EMAIL, "a@BÜCHER.example", "a@xn--bcher-kva.example"),
        new Good(FieldType.EMAIL, "a@xn--strae-oqa.de", "a@xn--strae-oqa.de"),
        new Good(FieldType.EMAIL, "a@b.c", "a@b.c"),
        new Good(FieldType.PHONE, "+86 138 0013 8000", "+8613800138000"),
        new Good(FieldType.PHONE, "+41 (0)44 668 18 00", "+41446681800"),
        new Good(FieldType.PHONE, "+52 55 1234 5678", "+525512345678"),
        new Good(FieldType.PHONE, "＋８６１３８００１３８０００", "+8613800138000"),
        new Good(FieldType.PHONE, "+٩٧١٥٠١٢٣٤٥٦٧", "+971501234567"),
        new Good(
            FieldType.POSTAL_ADDRESS,
            Map.of(
                "country",
                "ch",
                "city",
                " Zürich ",
                "lines",
                List.of("Platz  1"),
                "postalCode",
                "sw1a 1aa"),
            Map.of(
                "country",
                "CH",
                "city",
                "Zürich",
                "lines",
                List.of("Platz 1"),
                "postalCode",
                "SW1A 1AA")),
        new Good(FieldType.POSTAL_ADDRESS, address("XK", "1"), address("XK", "1")),
        new Good(FieldType.BANK_CARD, "4111 1111 1111 1111", "4111111111111111"),
        new Good(FieldType.BANK_CARD, "3782-822463-10005", "378282246310005"),
        new Good(FieldType.BANK_CARD, "6011000990139424", "6011000990139424"),
        new Good(FieldType.CN_RESIDENT_ID, "11010519491231002x", "11010519491231002X"),
        new Good(FieldType.CN_RESIDENT_ID, "440524198001010013", "440524198001010013"),
        new Good(FieldType.CHOICE, "female", "female"),
        new Good(FieldType.TEXT, "one\r\ntwo 👍\n", "one\ntwo 👍"),
        new Good(FieldType.TEXT, "x".repeat(1_000), "x".repeat(1_000)),
        new Good(FieldType.EXTERNAL_ID, " Ab|12* ", "Ab|12*"),
        new Good(FieldType.DEVICE_ID, "00:1B:44:11:3A:B7", "00:1B:44:11:3A:B7"),
        new Good(FieldType.DEVICE_TEXT, "HUAWEI  Mate 70 Pro+", "HUAWEI Mate 70 Pro+"),
        new Good(FieldType.LANGUAGE, "zh_hans_cn", "zh-Hans-CN"),
        new Good(FieldType.LANGUAGE, "iw", "he"),
        new Good(FieldType.RESOLUTION, "1920×1080", "1920x1080"),
        new Good(FieldType.RESOLUTION, "100000x1", "100000x1"),
        new Good(FieldType.PLMN, "46001", "46001"),
        new Good(FieldType.PLMN, "310410", "310410"),
        new Good(
            FieldType.POSITION,
            Map.of("latitude", 39.90420001, "longitude", -180, "accuracy", 12.504),
            Map.of(
                "latitude", new BigDecimal("39.9042"),
                "longitude", new BigDecimal("-180"),
                "accuracy", new BigDecimal("12.5"))),
        new Good(
            FieldType.LOG_LINE,
            Map.of("event", "sign-in", "attributes", Map.of("ok", true, "took", 1e2, "via", "sms")),
            Map.of(
                "event",
                "sign-in",
                "attributes",
                Map.of("ok", true, "took", new BigDecimal("100"), "via", "sms"))),
        new Good(
            FieldType.LOG_LINE,
            Map.of("event", "sign-in"),
            Map.of("event", "sign-in", "attributes", Map.of())),
        new Good(FieldType.BIOMETRIC, "AQI", "AQI="),
        new Good(FieldType.BIOMETRIC, base64(16_384), base64(16_384)));
  }

  static List<Bad> bad() {
    return List.of(
        new Bad(FieldType.NAME, "R2D2", Complaint.NAME),
        new Bad(FieldType.NAME, "Ann 138", Complaint.NAME),
        new Bad(FieldType.NAME, "3rd", Complaint.NAME),
        new Bad(FieldType.NAME, ", Jr.", Complaint.NAME),
        new Bad(FieldType.NAME, "‘’", Complaint.NAME),
        new Bad(FieldType.NAME, "...", Complaint.NAME),
        new Bad(FieldType.NAME, "-Ann", Complaint.NAME),
        new Bad(FieldType.NAME, "Ann 👍", Complaint.NAME),
        new Bad(FieldType.NAME, "张***", Complaint.NAME),
        new Bad(FieldType.NAME, "Ann \u0301x", Complaint.NAME),
        new Bad(FieldType.NAME, "Ann\u200C", Complaint.NAME),
        new Bad(FieldType.NAME, "\u3164", Complaint.MISSING),
        new Bad(FieldType.NAME, "Ann\u202EnnA", Complaint.INVISIBLE),
        new Bad(FieldType.NAME, "Ann\nB", Complaint.INVISIBLE),
        new Bad(FieldType.NAME, "Ann\uD800", Complaint.BROKEN_TEXT),
        new Bad(FieldType.NAME, "x".repeat(101), Complaint.TOO_LONG),
        new Bad(FieldType.NAME, 7, Complaint.NOT_TEXT),
        new Bad(FieldType.DATE, "2025-02-29", Complaint.DATE),
        new Bad(FieldType.DATE, "31.01.1990", Complaint.DATE),
        new Bad(FieldType.DATE, "2026-11-23", Complaint.DATE_RANGE),
        new Bad(FieldType.DATE, "1899-12-31", Complaint.DATE_RANGE),
        new Bad(FieldType.AGE, 151, Complaint.AGE),
        new Bad(FieldType.AGE, -1L, Complaint.AGE),
        new Bad(FieldType.AGE, 30.5, Complaint.AGE),
        new Bad(FieldType.AGE, "30", Complaint.AGE),
        new Bad(FieldType.EMAIL, "a", Complaint.EMAIL),
        new Bad(FieldType.EMAIL, "@b.c", Complaint.EMAIL),
        new Bad(FieldType.EMAIL, "a..b@b.c", Complaint.EMAIL),
        new Bad(FieldType.EMAIL, "a b@b.c", Complaint.EMAIL),
        new Bad(FieldType.EMAIL, "a@b@c.d", Complaint.EMAIL_DOMAIN),
        new Bad(FieldType.EMAIL, "a@localhost", Complaint.EMAIL_DOMAIN),
        new Bad(FieldType.EMAIL, "a@[192.0.2.1]", Complaint.EMAIL_DOMAIN),
        new Bad(FieldType.EMAIL, "a@192.0.2.1", Complaint.EMAIL_DOMAIN),
        new Bad(FieldType.EMAIL, "a@-b.c", Complaint.EMAIL_DOMAIN),
        new Bad(FieldType.EMAIL, "a@" + "b".repeat(64) + ".c", Complaint.EMAIL_DOMAIN),
        new Bad(FieldType.EMAIL, "a@straße.de", Complaint.EMAIL_DOMAIN_SCRIPT),
        new Bad(FieldType.EMAIL, "a***@b.c", Complaint.MASKED),
        new Bad(FieldType.EMAIL, "x".repeat(65) + "@b.c", Complaint.EMAIL),
        new Bad(FieldType.EMAIL, "a@" + "b.".repeat(126) + "c", Complaint.TOO_LONG),
        new Bad(FieldType.EMAIL, "\u202Ea@b.c", Complaint.INVISIBLE),
        new Bad(FieldType.PHONE, "13800138000", Complaint.PHONE_COUNTRY),
        new Bad(FieldType.PHONE, "+86 138", Complaint.PHONE),
        new Bad(FieldType.PHONE, "+52 1 55 1234 5678", Complaint.PHONE),
        new Bad(FieldType.PHONE, "+1 800 FLOWERS", Complaint.PHONE),
        new Bad(FieldType.PHONE, "+86***00", Complaint.MASKED),
        new Bad(
            FieldType.POSTAL_ADDRESS,
            Map.of("country", "CN", "city", "北京"),
            Complaint.POSTAL_ADDRESS),
        new Bad(FieldType.POSTAL_ADDRESS, address("XX", "1"), Complaint.COUNTRY),
        new Bad(FieldType.POSTAL_ADDRESS, address("ZZ", "1"), Complaint.COUNTRY),
        new Bad(
            FieldType.POSTAL_ADDRESS,
            address("CN", "1", "2", "3", "4", "5"),
            Complaint.POSTAL_ADDRESS),
        new Bad(FieldType.POSTAL_ADDRESS, address("CN", "a\u2066b"), Complaint.INVISIBLE),
        new Bad(
            FieldType.POSTAL_ADDRESS,
            with(address("CN", "1"), "postalCode", "?"),
            Complaint.POSTAL_CODE),
        new Bad(
            FieldType.POSTAL_ADDRESS,
            with(address("CN", "1"), "phone", "1"),
            Complaint.POSTAL_ADDRESS),
        new Bad(FieldType.BANK_CARD, "4111111111111112", Complaint.BANK_CARD_CHECK),
        new Bad(FieldType.BANK_CARD, "000000000000", Complaint.BANK_CARD),
        new Bad(FieldType.BANK_CARD, "41111111", Complaint.BANK_CARD),
        new Bad(FieldType.BANK_CARD, 4111111111111111L, Complaint.NOT_TEXT),
        new Bad(FieldType.CN_RESIDENT_ID, "110105194912310021", Complaint.RESIDENT_ID_CHECK),
        new Bad(FieldType.CN_RESIDENT_ID, "99010519491231002X", Complaint.RESIDENT_ID_REGION),
        new Bad(FieldType.CN_RESIDENT_ID, "11010519490231002X", Complaint.RESIDENT_ID_DATE),
        new Bad(FieldType.CN_RESIDENT_ID, "440524188001010014", Complaint.RESIDENT_ID_DATE),
        new Bad(FieldType.CN_RESIDENT_ID, "110105491231002", Complaint.RESIDENT_ID),
        new Bad(FieldType.CHOICE, "Female", Complaint.CHOICE),
        new Bad(FieldType.CHOICE, List.of("female"), Complaint.CHOICE),
        new Bad(FieldType.TEXT, "x".repeat(1_001), Complaint.TOO_LONG),
        new Bad(FieldType.TEXT, "\u200B \n", Complaint.MISSING),
        new Bad(FieldType.TEXT, "a\u0007", Complaint.INVISIBLE),
        new Bad(FieldType.TEXT, "***", Complaint.MASKED),
        new Bad(FieldType.EXTERNAL_ID, "a b", Complaint.EXTERNAL_ID),
        new Bad(FieldType.EXTERNAL_ID, "é", Complaint.EXTERNAL_ID),
        new Bad(FieldType.EXTERNAL_ID, "**", Complaint.MASKED),
        new Bad(FieldType.EXTERNAL_ID, "x".repeat(129), Complaint.TOO_LONG),
        new Bad(FieldType.DEVICE_ID, "a/b", Complaint.DEVICE_ID),
        new Bad(FieldType.DEVICE_TEXT, "*", Complaint.MASKED),
        new Bad(FieldType.DEVICE_TEXT, "x".repeat(129), Complaint.TOO_LONG),
        new Bad(FieldType.LANGUAGE, "english please", Complaint.LANGUAGE),
        new Bad(FieldType.LANGUAGE, "x-anything", Complaint.LANGUAGE),
        new Bad(FieldType.RESOLUTION, "0x10", Complaint.RESOLUTION),
        new Bad(FieldType.RESOLUTION, "100001x1", Complaint.RESOLUTION),
        new Bad(FieldType.PLMN, "4600", Complaint.PLMN),
        new Bad(FieldType.POSITION, Map.of("latitude", 1), Complaint.POSITION),
        new Bad(FieldType.POSITION, position(90.0000001, 0), Complaint.POSITION_RANGE),
        new Bad(FieldType.POSITION, position(0, -181), Complaint.POSITION_RANGE),
        new Bad(FieldType.POSITION, position(Double.NaN, 0), Complaint.POSITION),
        new Bad(FieldType.POSITION, position("1", 0), Complaint.POSITION),
        new Bad(FieldType.POSITION, with(position(0, 0), "accuracy", -1), Complaint.POSITION_RANGE),
        new Bad(FieldType.LOG_LINE, Map.of("attributes", Map.of()), Complaint.LOG_LINE),
        new Bad(FieldType.LOG_LINE, Map.of("event", "two words"), Complaint.LOG_LINE),
        new Bad(FieldType.LOG_LINE, logLine("deep", Map.of()), Complaint.LOG_LINE),
        new Bad(FieldType.LOG_LINE, logLine("huge", 1e15), Complaint.LOG_LINE),
        new Bad(FieldType.LOG_LINE, logLine("text", "x".repeat(257)), Complaint.TOO_LONG),
        new Bad(FieldType.LOG_LINE, longLogLine(), Complaint.LOG_LINE_SIZE),
        new Bad(FieldType.BIOMETRIC, "***", Complaint.BIOMETRIC),
        new Bad(FieldType.BIOMETRIC, base64(16_385), Complaint.BIOMETRIC));
  }

  @ParameterizedTest
  @MethodSource("good")
  @Clause({"I.1", "I.2", "I.3", "I.4"})
  void goodInputIsKeptInItsNormalForm(Good example) {
    Value value = Samples.value(example.type(), example.input());
    assertThat(value.json()).isEqualTo(example.normal());
  }

  @ParameterizedTest
  @MethodSource("bad")
  @Clause({"I.1", "I.2", "I.3", "I.4"})
  void badInputIsRefusedWithTheReason(Bad example) {
    assertThat(Samples.shape(example.type()).read(example.input(), TODAY))
        .isEqualTo(new Reading.Bad(example.complaint()));
  }

  @ParameterizedTest
  @EnumSource
  void everyTypeHasExamplesAndRefusesNothingAtAll(FieldType type) {
    assertThat(good()).extracting(Good::type).contains(type);
    assertThat(bad()).extracting(Bad::type).contains(type);
    assertThat(Samples.shape(type).read(null, TODAY)).isInstanceOfAny(Reading.Bad.class);
  }

  @Test
  void everyComplaintHasAnExample() {
    // A series is more than one value: the gate reads it and complains of it.
    EnumSet<Complaint> ofOneValue = EnumSet.complementOf(EnumSet.of(Complaint.OBSERVATIONS));
    assertThat(bad()).extracting(Bad::complaint).containsAll(ofOneValue);
  }

  @Test
  void phoneWithoutCountryCodeIsReadAsTheRegionDials() {
    assertThat(Samples.value(Shape.phone("CN"), "138 0013 8000").json())
        .isEqualTo("+8613800138000");
    assertThat(Samples.value(Shape.phone("CN"), "+41446681800").json()).isEqualTo("+41446681800");
  }

  @Test
  void addressMembersThatAreNullAreAbsent() {
    Map<String, Object> given = new LinkedHashMap<>(address("CN", "1"));
    given.put("region", null);
    assertThat(Samples.value(FieldType.POSTAL_ADDRESS, given).json()).isEqualTo(address("CN", "1"));
  }

  @Test
  void shapeThatFitsNoTypeIsRefused() {
    assertThatThrownBy(() -> Shape.of(FieldType.CHOICE)).hasMessageContaining("lists its words");
    assertThatThrownBy(() -> Shape.choice(Set.of("a*"))).hasMessageContaining("no `*`");
    assertThatThrownBy(() -> new Shape(FieldType.AGE, Set.of("a"), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Shape.phone("cn")).hasMessageContaining("such as `CN`");
    assertThatThrownBy(() -> new Shape(FieldType.AGE, Set.of(), Optional.of("CN")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Map<String, Object> address(String country, String... lines) {
    return Map.of("country", country, "city", "x", "lines", Arrays.asList(lines));
  }

  private static Map<String, Object> position(Object latitude, Object longitude) {
    return Map.of("latitude", latitude, "longitude", longitude);
  }

  private static Map<String, Object> logLine(String name, Object fact) {
    return Map.of("event", "e", "attributes", Map.of(name, fact));
  }

  private static Map<String, Object> longLogLine() {
    Map<String, Object> attributes = new LinkedHashMap<>();
    for (int i = 0; i < 20; i++) {
      attributes.put("a" + i, "x".repeat(256));
    }
    return Map.of("event", "e", "attributes", attributes);
  }

  private static Map<String, Object> with(Map<String, Object> map, String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(map);
    more.put(name, value);
    return Collections.unmodifiableMap(more);
  }

  private static String base64(int bytes) {
    return Base64.getEncoder().encodeToString(new byte[bytes]);
  }
}
