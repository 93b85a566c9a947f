package dev.pledge.policy.decision;

import java.util.Locale;

/** Words for people that are there in English and in Chinese. */
final class Bilingual {
  private Bilingual() {}

  /** The words for the language; English where it is not Chinese. */
  static String in(Locale language, String english, String chinese) {
    return language.getLanguage().equals("zh") ? chinese : english;
  }
}
