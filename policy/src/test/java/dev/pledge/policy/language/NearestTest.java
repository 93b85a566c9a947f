package dev.pledge.policy.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NearestTest {
  private static final List<String> KNOWN =
      List.of(
          "contact",
          "contact.email",
          "contact.phone",
          "identity.name",
          "device.name",
          "log",
          "opt-in",
          "opt-out",
          "legal-obligation");

  @ParameterizedTest
  @CsvSource({
    "contact.emial, contact.email",
    "contact.mail, contact.email",
    "contakt.phone, contact.phone",
    "Contact.Email, contact.email",
    "contact_email, contact.email",
    "cotnact, contact",
    "email, contact.email",
    "name, device.name",
    "opt_in, opt-in",
    "optin, opt-in",
    "opt-uot, opt-out",
    "legal obligation, legal-obligation",
    "legal-obligaton, legal-obligation",
    "lgo, log"
  })
  void theNameProbablyMeantIsSuggested(String written, String meant) {
    assertThat(Nearest.to(written, KNOWN)).contains(meant);
  }

  @ParameterizedTest
  @CsvSource({"payment", "x", "xyz", "''", "consent", "contact.fingerprint"})
  void nothingIsSuggestedForWhatIsNotNear(String written) {
    assertThat(Nearest.to(written, KNOWN)).isEmpty();
  }
}
