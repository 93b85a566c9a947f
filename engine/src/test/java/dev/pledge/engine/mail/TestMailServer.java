package dev.pledge.engine.mail;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pledge.policy.language.Settings;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import org.subethamail.smtp.helper.SimpleMessageListener;
import org.subethamail.smtp.server.SMTPServer;

/** A real mail server that keeps what it is sent, or takes nothing. */
public final class TestMailServer implements AutoCloseable {
  private final List<Arrived> arrived = new CopyOnWriteArrayList<>();
  private final SMTPServer server;
  private volatile boolean refusing;
  private volatile Runnable before = () -> {};

  /** A letter as it arrived: to whom, and every byte. */
  public record Arrived(String to, String raw) {
    /** The letter, read. */
    public MimeMessage letter() {
      try {
        return new MimeMessage(
            Session.getInstance(new Properties()),
            new ByteArrayInputStream(raw.getBytes(ISO_8859_1)));
      } catch (MessagingException e) {
        throw new AssertionError(e);
      }
    }

    /** What it says. */
    public String text() {
      try {
        return letter().getContent().toString().replace("\r\n", "\n");
      } catch (MessagingException e) {
        throw new AssertionError(e);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** What it is about. */
    public String subject() {
      try {
        return letter().getSubject();
      } catch (MessagingException e) {
        throw new AssertionError(e);
      }
    }
  }

  private final class Listener implements SimpleMessageListener {
    @Override
    public boolean accept(String from, String recipient) {
      return !refusing;
    }

    @Override
    public void deliver(String from, String recipient, InputStream data) throws IOException {
      before.run();
      arrived.add(new Arrived(recipient, new String(data.readAllBytes(), ISO_8859_1)));
    }
  }

  /** One that listens on a free port of this machine. */
  public TestMailServer() {
    server =
        SMTPServer.port(0)
            .bindAddress(InetAddress.getLoopbackAddress())
            .simpleMessageListener(new Listener())
            .build();
    server.start();
  }

  /** What arrived. */
  public List<Arrived> arrived() {
    return arrived;
  }

  /** From now on it takes no letter, or takes them again. */
  public void refuse(boolean any) {
    refusing = any;
  }

  /** Does that from now on, before it takes a letter. */
  public void before(Runnable action) {
    before = action;
  }

  /** Settings to send through it. */
  public MailSettings settings() {
    return settings("");
  }

  /** The same, with further lines. */
  public MailSettings settings(String more) {
    String file =
        """
        host: 127.0.0.1
        port: %d
        security: none
        from: privacy@example.org
        links: https://privacy.example.org
        %s
        """
            .formatted(server.getPortAllocated(), more);
    return Settings.read("mail.yaml", file.getBytes(UTF_8), "the mail", MailSettings::read)
        .value()
        .orElseThrow()
        .orElseThrow();
  }

  @Override
  public void close() {
    server.stop();
  }
}
