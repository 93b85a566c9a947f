package dev.pledge.engine.anchor;

import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Sends each checkpoint to mailboxes, through a mail server of the operator's own choice: once the
 * letters are out, nobody here can take them back.
 *
 * @param passwordFile holds the password of {@code user} and nothing else
 */
record MailAnchor(
    Terms terms,
    String host,
    int port,
    Security security,
    String from,
    List<String> to,
    Optional<String> user,
    Optional<Path> passwordFile)
    implements OutsideAnchor {
  private static final String PATIENCE_MILLIS = "10000";

  /** How the way to the mail server is protected. */
  enum Security {
    /** By TLS, asked for within the dialogue; without it nothing is sent. */
    STARTTLS,
    /** By TLS from the first byte. */
    TLS,
    /** Not at all, as to a server on this machine. */
    NONE
  }

  @Override
  public Kind kind() {
    return Kind.EMAIL;
  }

  @Override
  public Kept tell(News news, LogView log) {
    Session session = Session.getInstance(properties());
    try (Transport transport = session.getTransport("smtp")) {
      transport.connect(host, port, user.orElse(null), password());
      MimeMessage message = message(session, news);
      transport.sendMessage(message, message.getAllRecipients());
    } catch (AuthenticationFailedException e) {
      throw new AnchorFailed("`" + host + "` does not take user and password; see to them");
    } catch (MessagingException e) {
      throw new AnchorFailed(
          "`"
              + host
              + "` did not take the letter; see to its address, `security`, and whether it sends"
              + " for us");
    }
    return Kept.of(news.size());
  }

  private Properties properties() {
    Properties properties = new Properties();
    properties.setProperty("mail.smtp.connectiontimeout", PATIENCE_MILLIS);
    properties.setProperty("mail.smtp.timeout", PATIENCE_MILLIS);
    properties.setProperty("mail.smtp.writetimeout", PATIENCE_MILLIS);
    properties.setProperty("mail.smtp.auth", Boolean.toString(user.isPresent()));
    properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
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
      throw new AnchorFailed("could not read `" + passwordFile.get() + "`; see to its rights");
    }
  }

  private MimeMessage message(Session session, News news) throws MessagingException {
    MimeMessage message = new MimeMessage(session);
    message.setFrom(new InternetAddress(from, true));
    for (String each : to) {
      message.addRecipient(Message.RecipientType.TO, new InternetAddress(each, true));
    }
    message.setSubject("Checkpoint " + news.size() + " of " + news.checkpoint().origin(), "UTF-8");
    message.setText(new String(news.note(), StandardCharsets.UTF_8), "UTF-8");
    message.setHeader("Auto-Submitted", "auto-generated");
    message.saveChanges();
    return message;
  }

  @Override
  public String toString() {
    return "MailAnchor[" + terms.name() + "]";
  }
}
