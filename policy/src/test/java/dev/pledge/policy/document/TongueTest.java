package dev.pledge.policy.document;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.policy.decision.Duties.ContinuedUse;
import dev.pledge.policy.decision.Duties.OutsideCause;
import dev.pledge.policy.decision.Policy.About;
import dev.pledge.policy.decision.Policy.Basis;
import dev.pledge.policy.decision.Policy.Before;
import dev.pledge.policy.decision.Policy.Control;
import dev.pledge.policy.decision.Policy.HeldBy;
import dev.pledge.policy.decision.Policy.Nature;
import dev.pledge.policy.decision.Policy.Pooling;
import dev.pledge.policy.decision.Policy.TellPerson;
import dev.pledge.policy.decision.Policy.UnknownAge;
import dev.pledge.policy.decision.Term;
import dev.pledge.policy.language.Labels;
import dev.pledge.policy.names.FieldType;
import dev.pledge.policy.names.Mask;
import dev.pledge.policy.names.View;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.LocalDate;
import java.time.Period;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is made from the rules is said in words of people, in both languages. */
final class TongueTest {
  private static final List<Class<?>> WORDS =
      List.of(
          Frame.class,
          Phrases.class,
          CollectedAnnex.class,
          PurposesAnnex.class,
          RolesAnnex.class,
          OthersAnnex.class,
          RetentionAnnex.class,
          ChoicesAnnex.class,
          TermsAnnex.class,
          ProductsAnnex.class);

  private static <E> void add(List<Phrase> phrases, E[] constants, Function<E, Phrase> words) {
    Arrays.stream(constants).map(words).forEach(phrases::add);
  }

  private static <E> void addSome(
      List<Phrase> phrases, E[] constants, Function<E, Optional<Phrase>> words) {
    Arrays.stream(constants).map(words).flatMap(Optional::stream).forEach(phrases::add);
  }

  private static List<Phrase> everyPhrase() {
    List<Phrase> phrases = new ArrayList<>();
    add(phrases, Basis.values(), Phrases::title);
    add(phrases, Basis.values(), Phrases::meaning);
    add(phrases, Control.values(), Phrases::of);
    add(phrases, Before.values(), Phrases::of);
    add(phrases, TellPerson.values(), Phrases::of);
    add(phrases, HeldBy.values(), Phrases::of);
    add(phrases, Pooling.values(), Phrases::of);
    add(phrases, UnknownAge.values(), Phrases::of);
    add(phrases, ContinuedUse.values(), Phrases::of);
    add(phrases, OutsideCause.values(), Phrases::of);
    for (HeldBy by : HeldBy.values()) {
      add(phrases, View.values(), view -> Phrases.of(view, by));
    }
    for (FieldType type : FieldType.values()) {
      add(phrases, Mask.values(), mask -> Phrases.of(mask, type));
    }
    addSome(phrases, Nature.values(), Phrases::of);
    addSome(phrases, View.values(), Phrases::of);
    addSome(phrases, About.values(), Phrases::of);
    return phrases;
  }

  @Test
  void everyWordOfTheLanguageHasWordsForPeopleInEveryTongue() {
    assertThat(everyPhrase())
        .allSatisfy(
            phrase -> {
              assertThat(phrase.english()).matches("[\\p{ASCII}’“”]+").doesNotContain("_");
              assertThat(phrase.chinese()).matches(".*\\p{IsHan}.*").doesNotContainPattern("[a-z]");
              assertThat(phrase.german()).matches("[\\p{ASCII}äöüÄÖÜß„“]+").doesNotContain("_");
            });
  }

  /** What a tongue lacks would be English in the middle of a page, or nothing at all. */
  @Test
  void theAnnexesHaveEveryPhraseInEveryTongue() throws IllegalAccessException {
    List<Phrase> phrases = new ArrayList<>(everyPhrase());
    for (Class<?> words : WORDS) {
      for (Field field : words.getDeclaredFields()) {
        field.setAccessible(true);
        if (field.getType() == Phrase.class) {
          phrases.add((Phrase) field.get(null));
        } else if (field.getType() == List.class && Modifier.isStatic(field.getModifiers())) {
          ((List<?>) field.get(null)).forEach(each -> phrases.add((Phrase) each));
        }
      }
    }
    assertThat(phrases).hasSizeGreaterThan(200);
    for (Phrase phrase : phrases) {
      for (Tongue tongue : Tongue.values()) {
        String pattern = tongue.pattern(phrase);
        assertThat(pattern).isNotBlank();
        assertThat(places(pattern)).as(pattern).isEqualTo(places(phrase.english()));
        boolean hasWords = phrase.english().chars().anyMatch(Character::isLetter);
        assertThat(tongue != Tongue.GERMAN || !hasWords || !pattern.equals(phrase.english()))
            .as(pattern)
            .isTrue();
        assertThat(pattern.endsWith("."))
            .as(pattern)
            .isEqualTo(tongue != Tongue.CHINESE && phrase.english().endsWith("."));
      }
    }
  }

  private static Set<String> places(String pattern) {
    return Pattern.compile("\\{[0-9]}")
        .matcher(pattern)
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toSet());
  }

  @Test
  void theCheckKnowsTheTonguesThereAre() {
    assertThat(Labels.LANGUAGES)
        .containsExactlyInAnyOrderElementsOf(Stream.of(Tongue.values()).map(Tongue::tag).toList());
  }

  @Test
  void differentConstantsAreToldApart() {
    for (Tongue tongue : Tongue.values()) {
      assertThat(Arrays.stream(Basis.values()).map(Phrases::title).map(tongue::say))
          .doesNotHaveDuplicates();
      assertThat(Arrays.stream(Control.values()).map(Phrases::of).map(tongue::say))
          .doesNotHaveDuplicates();
      assertThat(Arrays.stream(TellPerson.values()).map(Phrases::of).map(tongue::say))
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void timesAreTold() {
    assertThat(Tongue.ENGLISH.period(Period.parse("P1Y2M3D")))
        .isEqualTo("1 year, 2 months and 3 days");
    assertThat(Tongue.CHINESE.period(Period.parse("P1Y6M"))).isEqualTo("1 年和6 个月");
    assertThat(Term.of("1 working day").map(Tongue.ENGLISH::term)).contains("1 working day");
    assertThat(Term.of("15 working days").map(Tongue.CHINESE::term)).contains("15 个工作日");
    assertThat(Term.of("PT24H").map(Tongue.ENGLISH::term)).contains("24 hours");
    assertThat(Term.of("P1M").map(Tongue.CHINESE::term)).contains("1 个月");
    assertThat(Tongue.ENGLISH.date(LocalDate.of(2020, 4, 3))).isEqualTo("3 April 2020");
    assertThat(Tongue.CHINESE.date(LocalDate.of(2020, 4, 3))).isEqualTo("2020 年 4 月 3 日");
    assertThat(Tongue.ENGLISH.number(100_000)).isEqualTo("100,000");
    assertThat(Tongue.GERMAN.period(Period.parse("P1Y2M1D")))
        .isEqualTo("1 Jahr, 2 Monate und 1 Tag");
    assertThat(Term.of("15 working days").map(Tongue.GERMAN::term)).contains("15 Arbeitstage");
    assertThat(Tongue.GERMAN.date(LocalDate.of(2026, 3, 1))).isEqualTo("1. März 2026");
    assertThat(Tongue.GERMAN.number(100_000)).isEqualTo("100.000");
    assertThat(Tongue.GERMAN.country("CH")).isEqualTo("Schweiz");
  }

  @Test
  void listsAreTold() {
    List<String> three = List.of("Wi-Fi", "b", "c");
    assertThat(Tongue.ENGLISH.list(three)).isEqualTo("Wi-Fi, b and c");
    assertThat(Tongue.ENGLISH.choice(three)).isEqualTo("Wi-Fi, b or c");
    assertThat(Tongue.CHINESE.list(List.of("甲", "Wi-Fi", "乙"))).isEqualTo("甲、Wi-Fi 和乙");
    assertThat(Tongue.CHINESE.list(List.of("甲"))).isEqualTo("甲");
    assertThat(Tongue.GERMAN.list(three)).isEqualTo("Wi-Fi, b und c");
    assertThat(Tongue.GERMAN.choice(three)).isEqualTo("Wi-Fi, b oder c");
  }

  @Test
  void whatIsFilledInIsNotFilledInAgain() {
    assertThat(Tongue.ENGLISH.say(new Phrase("{0} and {1}", "", ""), "{1}$1\\", "b"))
        .isEqualTo("{1}$1\\ and b");
  }

  @Test
  void aNameAtTheBeginningIsWrittenAsItsOwnerWritesIt() {
    assertThat(Tongue.ENGLISH.begin("your name")).isEqualTo("Your name");
    assertThat(Tongue.ENGLISH.begin("eMeet Meetings")).isEqualTo("eMeet Meetings");
    assertThat(Tongue.ENGLISH.begin("")).isEmpty();
  }
}
