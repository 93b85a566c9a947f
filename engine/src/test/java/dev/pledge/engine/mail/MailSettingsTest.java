package dev.pledge.engine.mail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.anchor.MailServer;
import dev.pledge.engine.anchor.MailServer.Security;
import dev.pledge.policy.language.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailSettingsTest {
  private static final String FENCE = "```yaml\n";

  private static Settings.Read<Optional<MailSettings>> read(String text) {
    return Settings.read("mail.yaml", text.getBytes(UTF_8), "the mail", MailSettings::read);
  }

  private static List<String> problems(String text) {
    return read(text).problems().stream()
        .map(problem -> problem.line() + " " + problem.message() + "; " + problem.remedy())
        .toList();
  }

  @Test
  void theDocumentedFileIsRead() throws IOException {
    Path inside = Path.of("docs/messages.md");
    String docs = Files.readString(Files.exists(inside) ? inside : Path.of("..").resolve(inside));
    int from = docs.indexOf(FENCE) + FENCE.length();
    String file = docs.substring(from, docs.indexOf("```", from));
    assertThat(problems(file)).isEmpty();
    MailSettings settings = read(file).value().orElseThrow().orElseThrow();
    assertThat(settings.server())
        .isEqualTo(
            new MailServer(
                "mail.example.org",
                587,
                Security.STARTTLS,
                Optional.of("pledge"),
                Optional.of(Path.of("/run/secrets/mail"))));
    assertThat(settings.links()).isEqualTo("https://privacy.example.org");
    assertThat(settings.purpose().value()).isEqualTo("authentication");
  }

  @Test
  void whatIsWrongIsToldWithPlaceAndRemedy() {
    assertThat(
            problems(
                """
                host: mail example
                security: TLS
                user: pledge
                from: nobody
                links: https://user@privacy.example.org
                purpose: Sign In
                hots: x
                """))
        .containsExactly(
            "1 `host` of the mail is `mail example`; write it as `mail.example.org`",
            "2 `security` of the mail is `TLS`; write `starttls`, `tls` or `none`",
            "3 `user` and `password-file` go together; give both, or neither",
            "4 `from` of the mail is `nobody`; write it as `privacy@example.org`",
            "5 `links` of the mail is `https://user@privacy.example.org`; write it as"
                + " `https://privacy.example.org`",
            "6 `purpose` of the mail is `Sign In`; write the name of a purpose of the policy",
            "7 unknown key `hots` in the mail; did you mean `host`?");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://privacy.example.org",
        "ftp://privacy.example.org",
        "https://privacy.example.org?x=y",
        "https://privacy.example.org#x",
        "privacy.example.org",
        "https:///me"
      })
  void linksLeadToAServerOverTls(String links) {
    assertThat(
            problems(
                """
                host: mail.example.org
                from: privacy@example.org
                links: "%s"
                """
                    .formatted(links)))
        .hasSize(1);
  }

  @Test
  void withoutTlsOnlyWhereThatIsMeant() {
    String file =
        """
        host: mail.example.org
        from: privacy@example.org
        links: http://127.0.0.1:8750/
        insecure: true
        """;
    assertThat(problems(file)).isEmpty();
    assertThat(read(file).value().orElseThrow().orElseThrow().links())
        .isEqualTo("http://127.0.0.1:8750");
  }
}
