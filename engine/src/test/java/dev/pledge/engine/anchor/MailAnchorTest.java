package dev.pledge.engine.anchor;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pledge.log.Checkpoint;
import dev.pledge.log.Hash;
import dev.pledge.log.NoteSigner;
import dev.pledge.log.SignedNote;
import dev.pledge.policy.language.Settings;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.helper.SimpleMessageListener;
import org.subethamail.smtp.server.SMTPServer;

/** Over real SMTP. */
class MailAnchorTest {
  private record Letter(String to, String text) {}

  @TempDir Path directory;

  private final BlockingQueue<Letter> arrived = new LinkedBlockingQueue<>();
  private final NoteSigner signer = new NoteSigner("example.com/log", new byte[32]);
  private final News news = news();
  private SMTPServer server = server(false);

  private News news() {
    Checkpoint checkpoint = new Checkpoint("example.com/log", 7, Hash.ofLeaf(new byte[1]));
    return new News(checkpoint, signer.sign(checkpoint.text()).encode(), 0);
  }

  private SMTPServer server(boolean demanding) {
    SMTPServer made =
        SMTPServer.port(0)
            .bindAddress(InetAddress.getLoopbackAddress())
            .simpleMessageListener(
                new SimpleMessageListener() {
                  @Override
                  public boolean accept(String from, String recipient) {
                    return true;
                  }

                  @Override
                  public void deliver(String from, String recipient, InputStream data)
                      throws IOException {
                    arrived.add(new Letter(recipient, new String(data.readAllBytes(), ISO_8859_1)));
                  }
                })
            .requireAuth(demanding)
            .authenticationHandlerFactory(
                new EasyAuthenticationHandlerFactory(
                    (user, password, context) -> {
                      if (!user.equals("pledge") || !password.equals("secret")) {
                        throw new LoginFailedException();
                      }
                    }))
            .build();
    made.start();
    return made;
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  private OutsideAnchor anchor(String more) {
    String file =
        """
        anchors:
          notary:
            kind: email
            host: 127.0.0.1
            port: %d
            from: log@example.org
            to: [notary@example.com, press@example.com]
            %s
        """
            .formatted(server.getPortAllocated(), more);
    Settings.Read<AnchorSettings> read =
        Settings.read("anchors.yaml", file.getBytes(UTF_8), "the anchors", AnchorSettings::read);
    assertThat(read.problems()).isEmpty();
    return read.value().orElseThrow().anchors().getFirst();
  }

  /** Nothing of the log is asked for. */
  private Kept tell(OutsideAnchor anchor) {
    return anchor.tell(
        news,
        new LogView() {
          @Override
          public long size() {
            throw new AssertionError();
          }

          @Override
          public Hash root(long size) {
            throw new AssertionError();
          }

          @Override
          public List<Hash> consistency(long older, long newer) {
            throw new AssertionError();
          }

          @Override
          public Signed opened(byte[] note) {
            throw new AssertionError();
          }
        });
  }

  @Test
  void eachMailboxGetsTheNoteAsItIs() throws MessagingException, IOException {
    assertThat(tell(anchor("security: none")).size()).isEqualTo(7);
    assertThat(arrived)
        .extracting(Letter::to)
        .containsExactly("notary@example.com", "press@example.com");
    MimeMessage letter =
        new MimeMessage(
            Session.getInstance(new Properties()),
            new ByteArrayInputStream(arrived.element().text().getBytes(ISO_8859_1)));
    assertThat(letter.getSubject()).isEqualTo("Checkpoint 7 of example.com/log");
    assertThat(letter.getFrom()).extracting(Object::toString).containsExactly("log@example.org");
    // What was read out of the letter is the note, once lines end as they do in notes.
    byte[] note = letter.getContent().toString().replace("\r\n", "\n").getBytes(UTF_8);
    assertThat(note).isEqualTo(news.note());
    assertThat(SignedNote.open(note, List.of(signer.verifierKey())).text())
        .isEqualTo(news.checkpoint().text());
  }

  @Test
  void nothingIsSentInClearUnlessThatIsMeant() {
    assertThatExceptionOfType(AnchorFailed.class)
        .isThrownBy(() -> tell(anchor("security: starttls")))
        .withMessageContaining("did not take the letter");
    assertThatExceptionOfType(AnchorFailed.class).isThrownBy(() -> tell(anchor("security: tls")));
    assertThat(arrived).isEmpty();
  }

  @Test
  void userAndPasswordAreGivenWhereTheyAreAskedFor() throws IOException {
    server.stop();
    server = server(true);
    Path password = directory.resolve("password");
    String more = "security: none\n    user: pledge\n    password-file: " + password;
    Files.writeString(password, "wrong\n");
    assertThatExceptionOfType(AnchorFailed.class)
        .isThrownBy(() -> tell(anchor(more)))
        .withMessageContaining("does not take user and password");
    Files.writeString(password, "secret\n");
    assertThat(tell(anchor(more)).size()).isEqualTo(7);
    assertThat(arrived).hasSize(2);
    Files.delete(password);
    assertThatExceptionOfType(AnchorFailed.class)
        .isThrownBy(() -> tell(anchor(more)))
        .withMessageContaining("could not read");
  }

  @Test
  void aMailServerThatIsAwayIsTold() {
    OutsideAnchor anchor = anchor("security: none");
    server.stop();
    assertThatExceptionOfType(AnchorFailed.class)
        .isThrownBy(() -> tell(anchor))
        .withMessageContaining("`127.0.0.1` did not take the letter");
  }
}
