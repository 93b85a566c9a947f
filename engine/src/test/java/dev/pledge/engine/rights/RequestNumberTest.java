package dev.pledge.engine.rights;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class RequestNumberTest {
  private static final String LETTERS = "123456789ABCDEFGHJKMNPQRSTVWXYZ";

  private final SecureRandom random = new SecureRandom();

  @Test
  void aNumberIsReadHoweverItIsWritten() {
    for (int i = 0; i < 1_000; i++) {
      String number = RequestNumber.draw(random);
      assertThat(number).matches("R-[1-9A-Z]{4}-[1-9A-Z]{4}");
      String bare = number.substring(2).replace("-", "");
      assertThat(RequestNumber.read(number)).contains(number);
      assertThat(RequestNumber.read(number.toLowerCase(java.util.Locale.ROOT))).contains(number);
      assertThat(RequestNumber.read("r " + bare.substring(0, 4) + " " + bare.substring(4)))
          .contains(number);
      assertThat(RequestNumber.read(bare)).contains(number);
    }
  }

  @Test
  void oneWrongCharacterAndTwoExchangedMakeItNone() {
    for (int round = 0; round < 50; round++) {
      String bare = RequestNumber.draw(random).substring(2).replace("-", "");
      for (int at = 0; at < bare.length(); at++) {
        for (int i = 0; i < LETTERS.length(); i++) {
          char letter = LETTERS.charAt(i);
          if (letter != bare.charAt(at)) {
            String wrong = bare.substring(0, at) + letter + bare.substring(at + 1);
            assertThat(RequestNumber.read("R-" + wrong)).isEmpty();
          }
        }
        for (int other = 0; other < at; other++) {
          if (bare.charAt(other) != bare.charAt(at)) {
            StringBuilder exchanged = new StringBuilder(bare);
            exchanged.setCharAt(at, bare.charAt(other));
            exchanged.setCharAt(other, bare.charAt(at));
            assertThat(RequestNumber.read("R-" + exchanged)).isEmpty();
          }
        }
      }
    }
  }

  @Test
  void whatIsNoNumberIsNone() {
    for (String text : new String[] {"", "R", "R-", "R-0000-0000", "R-7K3Q-92M", "'; drop", "😀"}) {
      assertThat(RequestNumber.read(text)).as(text).isEmpty();
    }
  }
}
