package dev.pledge.engine.anchor;

import dev.pledge.policy.language.Settings;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.jspecify.annotations.Nullable;

/**
 * A mail server of the operator's own choice, and the one way letters leave by it. It is trusted
 * with what they say; nothing waits for it longer than ten seconds at a time.
 *
 * @param passwordFile holds the password of {@code user} and nothing else
 */
public record MailServer(
    String host, int port, Security security, Optional<String> user, Optional<Path> passwordFile) {
  private static final String PATIENCE_MILLIS = "10000";
  private static final int HIGHEST_PORT = 65_535;
  private static final int SUBMISSION_PORT = 587;

  /** How the way to the mail server is protected. */
  public enum Security {
    /** By TLS, asked for within the dialogue; without it nothing is sent. */
    STARTTLS,
    /** By TLS from the first byte. */
    TLS,
    /** Not at all, as to a server on this machine. */
    NONE
  }

  /** What a file says of it; empty after reporting what is wrong. */
  public static Optional<MailServer> read(Settings file) {
    Optional<String> host = file.required("host", MailServer::host, "mail.example.org");
    int port = file.number("port", 1, HIGHEST_PORT, SUBMISSION_PORT);
    Security security =
        file.word(
            "security",
            MailServer::security,
            "write `starttls`, `tls` or `none`",
            Security.STARTTLS);
    Optional<String> user = file.word("user", Optional::of, "write its name", Optional.empty());
    Optional<Path> password =
        file.word(
            "password-file",
            text -> Optional.of(absolute(text)),
            "write an absolute path, such as `/run/secrets/mail`",
            Optional.empty());
    if (user.isPresent() != password.isPresent()) {
      file.refuse("user", "`user` and `password-file` go together", "give both, or neither");
    }
    return host.map(name -> new MailServer(name, port, security, user, password));
  }

  private static String host(String text) {
    if (!text.matches("[A-Za-z0-9.:-]{1,253}")) {
      throw new IllegalArgumentException("no name of a host");
    }
    return text;
  }

  private static Security security(String word) {
    if (!word.equals(word.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException("no word");
    }
    return Security.valueOf(word.toUpperCase(Locale.ROOT));
  }

  private static Path absolute(String text) {
    Path path = Path.of(text);
    if (!path.isAbsolute() || path.getFileName() == null) {
      throw new IllegalArgumentException("no absolute path");
    }
    return path.normalize();
  }

  /**
   * The same text, if it is the address of a mailbox.
   *
   * @throws IllegalArgumentException if it is not
   */
  public static String mailbox(String text) {
    try {
      var _ = address(text);
    } catch (AddressException e) {
      throw new IllegalArgumentException("no mailbox", e);
    }
    return text;
  }

  // INVARIANT: no address has the end of a line or anything else that could begin a header or a
  // command of its own.
  private static InternetAddress address(String text) throws AddressException {
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new AddressException("no mailbox");
    }
    InternetAddress address = new InternetAddress(text, true);
    address.validate();
    if (address.isGroup()) {
      throw new AddressException("no mailbox");
    }
    return address;
  }

  /**
   * A letter of plain text.
   *
   * @param id the same if it is sent again, so that mailboxes can tell; empty for a new one
   */
  public record Letter(
      String from, List<String> to, Optional<String> id, String subject, String text) {
    public Letter {
      to = List.copyOf(to);
      if (subject.chars().anyMatch(Character::isISOControl)) {
        throw new IllegalArgumentException("the subject of a letter is one line");
      }
    }

    @Override
    public String toString() {
      return "[redacted]";
    }
  }

  /** Why a letter did not go. */
  public enum Failure {
    /** The password could not be read. */
    NO_PASSWORD,
    /** The server does not take user and password. */
    NOT_SIGNED_IN,
    /** It does not answer, or not as agreed. */
    AWAY,
    /** It does not take the letter. */
    NOT_TAKEN,
    /** The letter is to no address, or to one in a script that the server does not take. */
    NO_ADDRESS;

    /** The word it is told by. */
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** A letter did not go. The message is for the operator and names nobody but the server. */
  public static final class MailFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Failure failure;

    private MailFailed(Failure failure, String message) {
      super(message);
      this.failure = failure;
    }

    /** Why it did not. */
    public Failure failure() {
      return failure;
    }
  }

  /**
   * Opens a connection for one letter or several.
   *
   * @throws MailFailed if there is none to be had
   */
  public Connection connect() {
    Session session = Session.getInstance(properties());
    String password = password();
    try {
      Transport transport = session.getTransport("smtp");
      transport.connect(host, port, user.orElse(null), password);
      return new Connection(session, transport);
    } catch (AuthenticationFailedException e) {
      throw new MailFailed(
          Failure.NOT_SIGNED_IN, "`" + host + "` does not take user and password; see to them");
    } catch (MessagingException e) {
      throw notTaken(Failure.AWAY);
    }
  }

  private MailFailed notTaken(Failure failure) {
    return new MailFailed(
        failure,
        "`"
            + host
            + "` did not take the letter; see to its address, `security`, and whether it sends for"
            + " us");
  }

  private Properties properties() {
    Properties properties = new Properties();
    properties.setProperty("mail.smtp.connectiontimeout", PATIENCE_MILLIS);
    properties.setProperty("mail.smtp.timeout", PATIENCE_MILLIS);
    properties.setProperty("mail.smtp.writetimeout", PATIENCE_MILLIS);
    properties.setProperty("mail.smtp.auth", Boolean.toString(user.isPresent()));
    properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
    // Addresses in other scripts, where the server takes them (RFC 6531).
    properties.setProperty("mail.mime.allowutf8", "true");
    switch (security) {
      case STARTTLS -> {
        properties.setProperty("mail.smtp.starttls.enable", "true");
        properties.setProperty("mail.smtp.starttls.required", "true");
      }
      case TLS -> properties.setProperty("mail.smtp.ssl.enable", "true");
      case NONE -> {}
    }
    return properties;
  }

  /** Null where there is none, without which nobody is signed in. */
  private @Nullable String password() {
    if (passwordFile.isEmpty()) {
      return null;
    }
    try {
      return Files.readString(passwordFile.get()).strip();
    } catch (IOException e) {
      throw new MailFailed(
          Failure.NO_PASSWORD, "could not read `" + passwordFile.get() + "`; see to its rights");
    }
  }

  /** A connection to the server. Not for use by several threads. */
  public final class Connection implements AutoCloseable {
    private final Session session;
    private final Transport transport;

    private Connection(Session session, Transport transport) {
      this.session = session;
      this.transport = transport;
    }

    /**
     * Sends a letter; when this returns, the server has it.
     *
     * @throws MailFailed if it does not have it, or it is not known whether it has
     */
    public void send(Letter letter) {
      MimeMessage message;
      try {
        message = message(letter);
        requireReach(letter.to());
      } catch (MessagingException e) {
        throw notTaken(Failure.NO_ADDRESS);
      }
      try {
        transport.sendMessage(message, message.getAllRecipients());
      } catch (SendFailedException e) {
        throw notTaken(Failure.NOT_TAKEN);
      } catch (MessagingException e) {
        throw notTaken(Failure.AWAY);
      }
    }

    // To a server that does not take it, such an address would go out as another's.
    private void requireReach(List<String> to) throws AddressException {
      boolean plain = to.stream().allMatch(StandardCharsets.US_ASCII.newEncoder()::canEncode);
      if (!plain
          && !(transport instanceof SMTPTransport smtp && smtp.supportsExtension("SMTPUTF8"))) {
        throw new AddressException("no mailbox");
      }
    }

    private MimeMessage message(Letter letter) throws MessagingException {
      MimeMessage message = new MimeMessage(session);
      message.setFrom(address(letter.from()));
      for (String each : letter.to()) {
        message.addRecipient(RecipientType.TO, address(each));
      }
      message.setSubject(letter.subject(), StandardCharsets.UTF_8.name());
      message.setText(letter.text(), StandardCharsets.UTF_8.name());
      message.setHeader("Auto-Submitted", "auto-generated");
      message.saveChanges();
      if (letter.id().isPresent()) {
        String from = address(letter.from()).getAddress();
        String domain = from.substring(from.lastIndexOf('@') + 1);
        message.setHeader("Message-ID", "<" + letter.id().get() + "@" + domain + ">");
      }
      return message;
    }

    @Override
    public void close() {
      try {
        transport.close();
      } catch (MessagingException e) {
        // Nothing of it is used any more.
      }
    }
  }
}
