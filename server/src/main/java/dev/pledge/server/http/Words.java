package dev.pledge.server.http;

import java.util.Locale;

/** One sentence for people, in the languages the server speaks. */
record Words(String english, String chinese) {
  String in(Locale language) {
    return language.getLanguage().equals("zh") ? chinese : english;
  }
}
