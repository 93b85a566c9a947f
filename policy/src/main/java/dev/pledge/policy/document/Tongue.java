package dev.pledge.policy.document;

import dev.pledge.policy.decision.Term;
import java.time.LocalDate;
import java.time.Period;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A language in which there are words for what is made from the rules. */
enum Tongue {
  ENGLISH("en") {
    @Override
    String pattern(Phrase phrase) {
      return phrase.english();
    }

    @Override
    String list(List<String> items) {
      return joined(items, ", ", " and ");
    }

    @Override
    String choice(List<String> items) {
      return joined(items, ", ", " or ");
    }

    @Override
    String number(long number) {
      return String.format(Locale.ENGLISH, "%,d", number);
    }

    @Override
    String date(LocalDate date) {
      return ENGLISH_DATE.format(date);
    }

    @Override
    String counted(long amount, Count count) {
      return number(amount) + " " + (amount == 1 ? count.one : count.many);
    }
  },
  CHINESE("zh") {
    @Override
    String pattern(Phrase phrase) {
      return phrase.chinese();
    }

    @Override
    String list(List<String> items) {
      return spaced(joined(items, "、", "和"));
    }

    @Override
    String choice(List<String> items) {
      return spaced(joined(items, "、", "或"));
    }

    @Override
    String clauses(List<String> items) {
      return joined(items, "，", "，并且");
    }

    @Override
    String begin(String text) {
      return text;
    }

    @Override
    String number(long number) {
      return Long.toString(number);
    }

    @Override
    String date(LocalDate date) {
      return CHINESE_DATE.format(date);
    }

    @Override
    String counted(long amount, Count count) {
      return number(amount) + " " + count.chinese;
    }

    @Override
    String colon() {
      return "：";
    }
  },
  GERMAN("de") {
    @Override
    String pattern(Phrase phrase) {
      return phrase.german();
    }

    @Override
    String list(List<String> items) {
      return joined(items, ", ", " und ");
    }

    @Override
    String choice(List<String> items) {
      return joined(items, ", ", " oder ");
    }

    @Override
    String number(long number) {
      return String.format(Locale.GERMAN, "%,d", number);
    }

    @Override
    String date(LocalDate date) {
      return GERMAN_DATE.format(date);
    }

    @Override
    String counted(long amount, Count count) {
      return number(amount) + " " + (amount == 1 ? count.germanOne : count.germanMany);
    }
  };

  private static final DateTimeFormatter ENGLISH_DATE =
      DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ENGLISH);
  private static final DateTimeFormatter CHINESE_DATE =
      DateTimeFormatter.ofPattern("uuuu 年 M 月 d 日", Locale.ROOT);
  private static final DateTimeFormatter GERMAN_DATE =
      DateTimeFormatter.ofPattern("d. MMMM uuuu", Locale.GERMAN);
  private static final Pattern PLACE = Pattern.compile("\\{([0-9])}");

  private final String tag;

  Tongue(String tag) {
    this.tag = tag;
  }

  /** What can be counted. */
  enum Count {
    HOUR("hour", "hours", "小时", "Stunde", "Stunden"),
    DAY("day", "days", "天", "Tag", "Tage"),
    WORKING_DAY("working day", "working days", "个工作日", "Arbeitstag", "Arbeitstage"),
    MONTH("month", "months", "个月", "Monat", "Monate"),
    YEAR("year", "years", "年", "Jahr", "Jahre");

    private final String one;
    private final String many;
    private final String chinese;
    private final String germanOne;
    private final String germanMany;

    Count(String one, String many, String chinese, String germanOne, String germanMany) {
      this.one = one;
      this.many = many;
      this.chinese = chinese;
      this.germanOne = germanOne;
      this.germanMany = germanMany;
    }
  }

  /** The tongue of readers of {@code language}; English where there is no other for them. */
  static Tongue of(String language) {
    return Stream.of(values()).filter(each -> each.is(language)).findFirst().orElse(ENGLISH);
  }

  /** Whether it is what readers of {@code language} read. */
  boolean is(String language) {
    return Locale.forLanguageTag(language).getLanguage().equals(tag);
  }

  /** The language tag. */
  String tag() {
    return tag;
  }

  /** The phrase with {@code values} in the places it has for them. */
  String say(Phrase phrase, Object... values) {
    return PLACE
        .matcher(pattern(phrase))
        .replaceAll(place -> Matcher.quoteReplacement(String.valueOf(values[index(place)])));
  }

  private static int index(MatchResult place) {
    return Integer.parseInt(place.group(1));
  }

  abstract String pattern(Phrase phrase);

  /** Things one after the other. */
  abstract String list(List<String> items);

  /** Things of which one is meant. */
  abstract String choice(List<String> items);

  /** Half sentences that hold together. */
  String clauses(List<String> items) {
    return list(items);
  }

  /** The text at the beginning of a line. */
  String begin(String text) {
    return capitalised(text);
  }

  abstract String number(long number);

  abstract String date(LocalDate date);

  String colon() {
    return ": ";
  }

  abstract String counted(long amount, Count count);

  /** How long a period is. */
  String period(Period period) {
    List<String> parts = new ArrayList<>();
    add(parts, period.getYears(), Count.YEAR);
    add(parts, period.getMonths(), Count.MONTH);
    add(parts, period.getDays(), Count.DAY);
    return parts.isEmpty() ? counted(0, Count.DAY) : list(parts);
  }

  private void add(List<String> parts, int amount, Count count) {
    if (amount != 0) {
      parts.add(counted(amount, count));
    }
  }

  /** How long a term is. */
  String term(Term term) {
    return counted(
        term.amount(),
        switch (term.unit()) {
          case HOUR -> Count.HOUR;
          case DAY -> Count.DAY;
          case WORKING_DAY -> Count.WORKING_DAY;
          case MONTH -> Count.MONTH;
        });
  }

  /** The country with that ISO 3166 code. */
  String country(String code) {
    return Locale.of("", code).getDisplayCountry(Locale.forLanguageTag(tag));
  }

  /** So many hours. */
  String hours(long hours) {
    return counted(hours, Count.HOUR);
  }

  /** A name such as eMeet begins as its owner writes it. */
  private static String capitalised(String text) {
    int firstWord = text.indexOf(' ') < 0 ? text.length() : text.indexOf(' ');
    String word = text.substring(0, firstWord);
    return word.isEmpty() || !word.equals(word.toLowerCase(Locale.ROOT))
        ? text
        : Character.toString(Character.toTitleCase(text.codePointAt(0)))
            + text.substring(text.offsetByCodePoints(0, 1));
  }

  /** With the space that stands between Latin letters and a Chinese word. */
  private static String spaced(String text) {
    return text.replaceAll("(?<=[A-Za-z0-9])(?=[和或])", " ");
  }

  private static String joined(List<String> items, String between, String last) {
    if (items.size() < 2) {
      return String.join("", items);
    }
    return String.join(between, items.subList(0, items.size() - 1)) + last + items.getLast();
  }
}
