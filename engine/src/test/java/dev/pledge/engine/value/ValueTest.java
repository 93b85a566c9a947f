package dev.pledge.engine.value;

import static dev.pledge.engine.value.Samples.TODAY;
import static dev.pledge.engine.value.Samples.value;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.FieldType;
import dev.pledge.policy.names.Mask;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a value is shown, stored and found. */
class ValueTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      textBlock =
          """
          NAME,           name,      张三丰,              张***
          NAME,           name,      张,                  ***
          NAME,           name,      é,                   ***
          NAME,           name,      नि,                  ***
          NAME,           name,      𠮷野,                𠮷***
          NAME,           name,      "'t Hart",           t***
          NAME,           name,      "Davis, 3rd",        D***
          NAME,           name,      ‘Bill’,              B***
          NAME,           name,      "A.",                ***
          NAME,           name,      "'A",                ***
          NAME,           name,      "张, 3",             ***
          NAME,           hidden,    Anne,                ***
          DATE,           year,      1990-01-31,          1990
          EMAIL,          email,     zhang.san@qq.com,    z***@qq.com
          EMAIL,          email,     a@b.c,               ***@b.c
          EMAIL,          email,     𠮷野@b.c,            𠮷***@b.c
          PHONE,          phone,     +8613800138000,      +86***00
          PHONE,          phone,     +1 201 555 0123,     +1***23
          PHONE,          phone,     +6834002,            +683***
          BANK_CARD,      bank-card, 4111111111111111,    **** **** **** 1111
          CN_RESIDENT_ID, id-number, 11010519491231002X,  11****************
          EXTERNAL_ID,    tail,      0123456789ab,        …89ab
          EXTERNAL_ID,    tail,      0123456789a,         ***
          """)
  @Clause("II.II.5")
  void maskShowsOnlyThis(FieldType type, String mask, String input, String shown) {
    assertThat(value(type, input).masked(Mask.of(mask).orElseThrow())).isEqualTo(shown);
  }

  @Test
  void maskedAgeIsItsTenYears() {
    assertThat(decades(0, 29)).containsExactlyInAnyOrder("0–9", "10–19", "20–29");
    assertThat(decades(80, 150)).containsExactlyInAnyOrder("80–89", "90+");
  }

  @Test
  void maskedAddressIsItsCity() {
    Map<String, Object> address =
        Map.of(
            "country",
            "CN",
            "region",
            "广东",
            "city",
            "广州",
            "lines",
            List.of("1"),
            "postalCode",
            "510000");
    assertThat(value(FieldType.POSTAL_ADDRESS, address).masked(Mask.CITY))
        .isEqualTo(Map.of("country", "CN", "region", "广东", "city", "广州"));
  }

  @Test
  void maskedPositionIsAnAreaAroundIt() {
    assertThat(position(39.9042, 116.4074).masked(Mask.CITY))
        .isEqualTo(cell("39.9", "40", "116.4", "116.5"));
    assertThat(position(-0.01, -0.01).masked(Mask.CITY)).isEqualTo(cell("-0.1", "0", "-0.1", "0"));
    assertThat(position(90, 180).masked(Mask.CITY)).isEqualTo(cell("89.9", "90", "-180", "180"));
    assertThat(position(-60.05, 180).masked(Mask.CITY))
        .isEqualTo(cell("-60.1", "-60", "179.7", "180"));
  }

  @Test
  void pointOnTheEdgeOfAnAreaIsHiddenLikeAnyOther() {
    assertThat(position(39.9, 116.4).masked(Mask.CITY))
        .isEqualTo(position(39.9999999, 116.4999999).masked(Mask.CITY));
  }

  @Test
  void maskThatDoesNotFitTheTypeIsRefused() {
    assertThatThrownBy(() -> value(FieldType.NAME, "Anne").masked(Mask.PHONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("mask `phone` does not fit type `name`");
  }

  @Test
  @Clause("II.II.2")
  void deidentifiedDateIsAYearAndTheOldestArePooled() {
    assertThat(seen(FieldType.DATE, "1990-01-31")).contains("1990");
    assertThat(seen(FieldType.DATE, "1937-01-01")).contains("1937");
    assertThat(seen(FieldType.DATE, "1936-12-31")).contains("≤1936");
    assertThat(seen(FieldType.DATE, "1900-01-01")).contains("≤1936");
  }

  @Test
  @Clause("II.II.2")
  void deidentifiedValueIsCoarse() {
    assertThat(seen(FieldType.AGE, 34)).contains("30–39");
    assertThat(seen(FieldType.AGE, 102)).contains("90+");
    assertThat(seen(FieldType.LANGUAGE, "zh-Hant-TW")).contains("zh");
    assertThat(seen(FieldType.PLMN, "46001")).contains("46001");
    assertThat(seen(FieldType.RESOLUTION, "1920x1080")).contains("1920x1080");
    assertThat(seen(FieldType.DEVICE_TEXT, "Mate 70")).contains("Mate 70");
    assertThat(position(39.9042, 116.4074).deidentified(TODAY))
        .contains(cell("39.5", "40", "116", "116.5"));
  }

  @Test
  @Clause("II.II.2")
  void deidentifiedLogLineHasNoTextsAndNoLongNumbers() {
    Map<String, Object> attributes =
        Map.of("ok", true, "who", "13800138000", "phone", 13800138000L, "took-ms", 127);
    assertThat(seen(FieldType.LOG_LINE, Map.of("event", "sign-in", "attributes", attributes)))
        .contains(
            Map.of(
                "event",
                "sign-in",
                "attributes",
                Map.of(
                    "ok", true,
                    "phone", new BigDecimal("14000000000"),
                    "took-ms", new BigDecimal("130"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Mate 70",
        "小米 17",
        "iPhone 15 Pro Max",
        "SM-G991B",
        "MacBookPro18,3",
        "Android 14",
        "iOS 17.4.1",
        "HUAWEI Mate 70 Pro+",
        "Galaxy Tab A9+ (2023)",
        "eMeet 3.12.4"
      })
  @Clause("II.II.2")
  void textOfAMachineStaysWhole(String text) {
    assertThat(seen(FieldType.DEVICE_TEXT, text)).contains(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mei@example.org",
        "mei＠example.org",
        "Wei's iPhone",
        "Wei’s iPhone",
        "Weiʼs iPhone",
        "Wei´s iPhone",
        "Wei＇s iPhone",
        "“张伟”",
        "张伟的手机",
        "さくらのiPhone",
        "민수의 iPhone",
        "iPhone de Marie",
        "iPad VON Jonas",
        "iPhone 13912345670",
        "iPhone 139-1234-5670",
        "+86 (139) 1234.5670",
        "139–1234–5678",
        "139\u20111234\u20115678",
        "139,1234,5678",
        "139·1234·5678",
        "138+0013+8000",
        "10.1.2.3",
        "2001:db8::1",
        "fe80::1ff:fe23:4567:890a",
        "a:b:c:d:e:f:a:b",
        "११०१०५१९४९१२३१००२",
        "3a7f9c2e",
        "00:1B:44:11:3A:B7",
        "00-AA-bb-cc-DD-ee",
        "550e8400-e29b-41d4-a716-446655440000"
      })
  @Clause("II.II.2")
  void textOfAMachineThatPointsAtSomebodyIsWithheld(String text) {
    assertThat(seen(FieldType.DEVICE_TEXT, text)).isEmpty();
  }

  @Test
  @Clause("II.II.2")
  void deidentifiedLogLineNamesNobody() {
    assertThat(seen(FieldType.LOG_LINE, Map.of("event", "called-139-1234-5670"))).isEmpty();
    assertThat(seen(FieldType.LOG_LINE, Map.of("event", "user.a3f0c9d2"))).isEmpty();
    Map<String, Object> attributes =
        Map.of("from-13912345670", true, "u550e8400", 3, "list-of-5", true, "ok", false);
    assertThat(seen(FieldType.LOG_LINE, Map.of("event", "list-of-calls", "attributes", attributes)))
        .contains(
            Map.of("event", "list-of-calls", "attributes", Map.of("list-of-5", true, "ok", false)));
  }

  @Test
  void canonicalBytesAreOneFormOfTheValue() {
    assertThat(value(FieldType.AGE, 30L).canonical()).asString(UTF_8).isEqualTo("30");
    assertThat(value(FieldType.BIOMETRIC, "AQI=").canonical()).containsExactly(1, 2);
    assertThat(position(1e-7, 40).canonical())
        .asString(UTF_8)
        .isEqualTo("{\"latitude\":0.0000001,\"longitude\":40}");
  }

  @Test
  void valueCannotBeChangedThroughWhatItHandsOut() {
    Value value = value(FieldType.NAME, "Anne");
    value.canonical()[0] = 'X';
    assertThat(value.json()).isEqualTo("Anne");
    assertThat(value.canonical()).asString(UTF_8).isEqualTo("Anne");
    Map<?, ?> json = (Map<?, ?>) position(1, 2).json();
    assertThatThrownBy(json::clear).isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void valuePrintsAsRedacted() {
    assertThat(value(FieldType.NAME, "Anne")).hasToString("[redacted]");
  }

  @Test
  void valuesAreEqualByTypeAndContent() {
    Value text = value(FieldType.TEXT, "Anne");
    assertThat(text.equals(value(FieldType.TEXT, " Anne "))).isTrue();
    assertThat(text.equals(value(FieldType.TEXT, "Anna"))).isFalse();
    assertThat(text.equals(value(FieldType.NAME, "Anne"))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "EMAIL, Zhang.San@Example.com, zhang.san@example.com",
    "EMAIL, ＡＮＮ@b.c, ann@b.c",
    "EMAIL, ﬁn@b.c, fin@b.c",
    "EMAIL, ΣΑΣ@b.c, σασ@b.c",
    "EMAIL, İsik@b.c, i\u0307sik@b.c",
    "EMAIL, I\u0307sik@b.c, i\u0307sik@b.c",
    "EMAIL, σας@b.c, σασ@b.c",
    "EMAIL, a@例え.jp, a@xn--r8jz45g.jp",
    "PHONE, +86 138 0013 8000, +8613800138000",
    "EXTERNAL_ID, AbC, AbC"
  })
  void lookupFormIsOneForAllSpellings(FieldType type, String input, String form) {
    assertThat(lookupForm(type, input)).isEqualTo(form);
    if (type == FieldType.EMAIL) {
      assertThat(Email.lookupForm(form)).isEqualTo(form);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ann@b.c, аnn@b.c",
    "ann@b.c, ann+x@b.c",
    "ann@b.c, a.nn@b.c",
    "isik@b.c, ısık@b.c",
    "isik@b.c, İsik@b.c",
    "ısik@b.c, İsik@b.c",
    "strasse@b.c, straße@b.c"
  })
  void lookAlikeFindsNobodyElse(String one, String other) {
    assertThat(lookupForm(FieldType.EMAIL, one)).isNotEqualTo(lookupForm(FieldType.EMAIL, other));
  }

  @Test
  void lookupFormOfEmailIsItsOwn() {
    Samples samples = new Samples(7);
    for (int i = 0; i < 10_000; i++) {
      String form = lookupForm(FieldType.EMAIL, samples.input(FieldType.EMAIL));
      assertThat(Email.lookupForm(form)).isEqualTo(form);
    }
  }

  private static Value position(double latitude, double longitude) {
    return value(FieldType.POSITION, Map.of("latitude", latitude, "longitude", longitude));
  }

  private static Map<String, Object> cell(String south, String north, String west, String east) {
    return Map.of(
        "south", new BigDecimal(south),
        "north", new BigDecimal(north),
        "west", new BigDecimal(west),
        "east", new BigDecimal(east));
  }

  private static Set<Object> decades(int from, int to) {
    return IntStream.rangeClosed(from, to)
        .mapToObj(age -> value(FieldType.AGE, age).masked(Mask.DECADE))
        .collect(Collectors.toSet());
  }

  private static Optional<Object> seen(FieldType type, Object input) {
    return value(type, input).deidentified(TODAY);
  }

  private static String lookupForm(FieldType type, Object input) {
    return new String(value(type, input).lookupForm().orElseThrow(), UTF_8);
  }
}
