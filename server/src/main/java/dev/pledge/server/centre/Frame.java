package dev.pledge.server.centre;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is around every page.
 *
 * @param here the address of the page
 * @param form what shows that a form comes from a page of the session; null before there is one
 * @param said what has just been done
 */
public record Frame(Speech speech, String here, @Nullable String form, Optional<String> said) {
  /** Whether somebody is signed in. */
  boolean signedIn() {
    return form != null;
  }

  /** What a form carries. */
  String formSecret() {
    return form == null ? "" : form;
  }

  boolean isHere(String place) {
    return here.equals(place) || here.startsWith(place + "/");
  }

  /** Where this page is in the other language. */
  String inOtherLanguage() {
    return "/me/language?to=" + speech.of("zh", "en") + "&back=" + here;
  }
}
