package dev.pledge.engine.mail;

import dev.pledge.engine.anchor.MailServer;
import dev.pledge.policy.decision.Policies;
import dev.pledge.policy.language.Settings;
import dev.pledge.policy.names.PurposeId;
import java.net.URI;
import java.util.Optional;

/**
 * How messages to people are sent.
 *
 * @param from whom letters are from
 * @param links where people reach this server: links begin with it, without a slash at its end
 * @param purpose of the policy, for which addresses are read
 */
public record MailSettings(MailServer server, String from, String links, PurposeId purpose) {
  private static final PurposeId USUAL = new PurposeId("authentication");

  /** What a file says; empty after reporting what is wrong. */
  public static Optional<MailSettings> read(Settings file) {
    Optional<MailServer> server = MailServer.read(file);
    Optional<String> from = file.required("from", MailServer::mailbox, "privacy@example.org");
    boolean insecure = file.flag("insecure");
    Optional<String> links =
        file.required("links", text -> links(text, insecure), "https://privacy.example.org");
    PurposeId purpose =
        file.word("purpose", PurposeId::new, "write the name of a purpose of the policy", USUAL);
    return server.flatMap(
        through ->
            from.flatMap(
                sender -> links.map(begin -> new MailSettings(through, sender, begin, purpose))));
  }

  /**
   * Returns if a version of the policy has the purpose.
   *
   * @throws MailRefused if none has
   */
  public void requireDeclared(Policies policies) {
    boolean declared =
        policies.versions().stream()
            .anyMatch(version -> version.declaredPurpose(purpose.value()) != null);
    if (!declared) {
      throw new MailRefused(
          "messages to people are to be sent for the purpose `"
              + purpose
              + "`, which the policy does not have; name another as `purpose`");
    }
  }

  /** An address; without TLS only where that was asked for. */
  private static String links(String text, boolean insecure) {
    URI uri = URI.create(text);
    boolean known = "https".equals(uri.getScheme()) || (insecure && "http".equals(uri.getScheme()));
    if (!known
        || uri.getHost() == null
        || uri.getRawUserInfo() != null
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null) {
      throw new IllegalArgumentException("no address");
    }
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }
}
