package dev.pledge.server.demo;

import dev.pledge.server.demo.Invented.Stance;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import net.datafaker.Faker;

/** Invents people, always the same ones: several countries and scripts, children among them. */
final class People {
  static final int ALL = 1_000;

  /** People the printed calls are about. */
  static final int JOINED = 1;

  static final int CHILD = 2;

  private static final long SEED = 20200423;
  private static final List<String> WORK =
      List.of(
          "teacher",
          "nurse",
          "engineer",
          "driver",
          "student",
          "cook",
          "designer",
          "farmer",
          "translator",
          "clerk");
  private static final List<String> EDUCATION =
      List.of("primary", "secondary", "vocational", "bachelor", "master", "doctorate");
  private static final List<String> GENDERS = List.of("female", "male", "other", "undisclosed");
  private static final List<String> MODELS =
      List.of("Aster 5", "Birch Pro", "Cedar Mini", "Dahlia X", "Elm 12");

  private static final int AREA = 100;
  private static final List<String> AREAS = List.of("202", "303", "404", "512");

  private record Land(String country, Locale locale, List<String> cities) {}

  private static final List<Land> LANDS =
      List.of(
          land("CN", "zh-CN", "北京", "上海", "成都", "广州"),
          land("US", "en-US", "Springfield", "Riverside", "Madison", "Salem"),
          land("DE", "de-DE", "Köln", "Leipzig", "Bremen", "Jena"),
          land("JP", "ja-JP", "札幌", "京都", "福岡", "仙台"),
          land("EG", "ar", "القاهرة", "الإسكندرية", "أسوان"),
          land("IN", "hi-IN", "दिल्ली", "लखनऊ", "जयपुर", "पटना"),
          land("RU", "ru-RU", "Казань", "Самара", "Томск"),
          land("ES", "es-ES", "Málaga", "León", "Gijón"),
          land("FR", "fr-FR", "Besançon", "Orléans", "Nîmes"),
          land("KR", "ko-KR", "서울", "부산", "대구"),
          land("GR", "el-GR", "Αθήνα", "Πάτρα", "Βόλος"));

  private final Random random = new Random(SEED);
  private final Map<String, Faker> fakers = new LinkedHashMap<>();
  private final LocalDate today;

  /** People whose ages are right on {@code today}. */
  People(LocalDate today) {
    this.today = today;
    for (Land land : LANDS) {
      fakers.put(land.country, new Faker(land.locale, random));
    }
  }

  private static Land land(String country, String tag, String... cities) {
    return new Land(country, Locale.forLanguageTag(tag), List.of(cities));
  }

  /** The next person; numbers have to be asked for in order, from 1. */
  Invented person(int number) {
    Land land = number == JOINED ? LANDS.get(0) : any(LANDS);
    Stance stance = stance(number);
    boolean child = stance == Stance.CHILD || stance == Stance.GUARDED;
    LocalDate born = today.minusDays(days(child ? 6 : 19, child ? 17 : 88));
    Map<String, Object> aliases = new LinkedHashMap<>();
    aliases.put(
        "email",
        String.format(
            Locale.ROOT, "person%04d@example.%s", number, any(List.of("com", "org", "net"))));
    aliases.put("external", Invented.account(number));
    String phone = phone(number);
    if (!phone.isEmpty()) {
      aliases.put("phone", phone);
    }
    String language = land.country.equals("CN") ? "zh" : "en";
    return new Invented(number, land.country, language, born, aliases, values(land, born), stance);
  }

  private Stance stance(int number) {
    int chance = random.nextInt(100);
    return switch (number) {
      case JOINED -> Stance.JOINED;
      case CHILD -> Stance.CHILD;
      case ALL -> Stance.PLAIN;
      default -> {
        if (chance < 4) {
          yield Stance.CHILD;
        } else if (chance < 8) {
          yield Stance.GUARDED;
        } else if (chance < 14) {
          yield Stance.UNACCEPTED;
        } else if (chance < 22) {
          yield Stance.LEFT;
        }
        yield chance < 50 ? Stance.JOINED : Stance.PLAIN;
      }
    };
  }

  private long days(int fromYears, int toYears) {
    return fromYears * 366L + random.nextLong((toYears - fromYears) * 365L - 30);
  }

  private Map<String, Object> values(Land land, LocalDate born) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("identity.name", name(land));
    values.put("identity.birth-date", born.toString());
    values.put("identity.gender", any(GENDERS));
    values.put("identity.occupation", any(WORK));
    values.put("identity.education", any(EDUCATION));
    values.put(
        "identity.postal-address",
        Map.of(
            "country", land.country,
            "city", any(land.cities),
            "lines", List.of("Example " + (1 + random.nextInt(200)))));
    values.put("device.model", any(MODELS));
    values.put("device.operating-system", "Meadow " + (9 + random.nextInt(4)));
    values.put("device.application-version", "4." + random.nextInt(9) + "." + random.nextInt(9));
    values.put("device.language", land.locale.toLanguageTag());
    values.put("device.resolution", "1080x" + (1920 + 80 * random.nextInt(6)));
    values.put(
        "log.feature-use",
        List.of(
            Map.of(
                "observedAt",
                today.minusDays(1 + random.nextInt(30)) + "T08:00:00Z",
                "value",
                Map.of(
                    "event",
                    "meeting.joined",
                    "attributes",
                    Map.of("minutes", 5 + random.nextInt(90))))));
    return values;
  }

  /** Titles and other signs that stand beside names are left out. */
  private String name(Land land) {
    Faker faker = fakers.getOrDefault(land.country, new Faker(Locale.ENGLISH, random));
    String first = faker.name().firstName();
    String last = faker.name().lastName();
    boolean familyFirst = List.of("CN", "JP", "KR").contains(land.country);
    String name = familyFirst ? last + first : first + " " + last;
    return name.replaceAll("[^\\p{L}\\p{M} '’-]", "").strip();
  }

  /** From the ranges that North American exchanges keep free for fiction: 555-0100 to 555-0199. */
  private static String phone(int number) {
    int area = number / AREA;
    return area < AREAS.size()
        ? String.format(Locale.ROOT, "+1%s55501%02d", AREAS.get(area), number % AREA)
        : "";
  }

  private <T> T any(List<T> things) {
    return things.get(random.nextInt(things.size()));
  }
}
