package dev.pledge.engine.anchor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.pledge.engine.anchor.MailServer.Connection;
import dev.pledge.engine.anchor.MailServer.Failure;
import dev.pledge.engine.anchor.MailServer.Letter;
import dev.pledge.engine.anchor.MailServer.MailFailed;
import dev.pledge.engine.anchor.MailServer.Security;
import dev.pledge.engine.mail.TestMailServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing that a letter is made of begins a header or a command of its own. */
class MailServerTest {
  private static final String FROM = "privacy@example.org";

  private final TestMailServer mail = new TestMailServer();
  private final MailServer server = mail.settings().server();

  @AfterEach
  void stop() {
    mail.close();
  }

  private static Letter letter(String from, String to, String text) {
    return new Letter(from, List.of(to), Optional.of("1"), "Subject", text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ada@example.com\r\nRCPT TO:<eve@example.com>",
        "ada@example.com>\r\nRCPT TO:<eve@example.com",
        "ada@example.com\nBcc: eve@example.com",
        "ada@example.com\u0085Bcc: eve@example.com",
        "ada@example.com, eve@example.com",
        "ada@example.com eve@example.com",
        "friends: ada@example.com, eve@example.com;",
        "ada",
        ""
      })
  void whatIsNoMailboxGetsAndSendsNothing(String hostile) {
    assertThatIllegalArgumentException().isThrownBy(() -> MailServer.mailbox(hostile));
    try (Connection connection = server.connect()) {
      for (Letter letter :
          List.of(letter(FROM, hostile, "text"), letter(hostile, "ada@example.com", "text"))) {
        assertThatExceptionOfType(MailFailed.class)
            .isThrownBy(() -> connection.send(letter))
            .satisfies(e -> assertThat(e.failure()).isEqualTo(Failure.NO_ADDRESS))
            .satisfies(e -> assertThat(e.getMessage()).doesNotContain("ada", "eve"));
      }
      connection.send(letter(FROM, "ada@example.com", "after all"));
    }
    assertThat(mail.arrived())
        .extracting(TestMailServer.Arrived::to)
        .containsExactly("ada@example.com");
  }

  /** As an older server would take `用户@example.com` for `??@example.com`. */
  @Test
  void anAddressThatTheServerCannotTakeBecomesNobodyElses() throws IOException {
    List<String> heard = new CopyOnWriteArrayList<>();
    try (ServerSocket older = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ExecutorService answering = Executors.newSingleThreadExecutor()) {
      var _ = answering.submit(() -> answer(older, heard));
      MailServer plain =
          new MailServer(
              "127.0.0.1", older.getLocalPort(), Security.NONE, Optional.empty(), Optional.empty());
      try (Connection connection = plain.connect()) {
        assertThatExceptionOfType(MailFailed.class)
            .isThrownBy(() -> connection.send(letter(FROM, "用户@example.com", "text")))
            .satisfies(e -> assertThat(e.failure()).isEqualTo(Failure.NO_ADDRESS));
      }
    }
    assertThat(heard).anyMatch(line -> line.startsWith("EHLO"));
    assertThat(heard).noneMatch(line -> line.startsWith("RCPT"));
  }

  private static Object answer(ServerSocket server, List<String> heard) throws IOException {
    try (Socket socket = server.accept()) {
      OutputStream out = socket.getOutputStream();
      BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
      out.write("220 older\r\n".getBytes(UTF_8));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        heard.add(line);
        out.write("250 older\r\n".getBytes(UTF_8));
      }
    }
    return heard;
  }

  @Test
  void aSubjectIsOneLine() {
    for (String end : List.of("\r\n", "\n", "\r", "\u0085", "\0")) {
      String subject = "Hello" + end + "Bcc: eve@example.com";
      assertThatIllegalArgumentException()
          .isThrownBy(
              () -> new Letter(FROM, List.of("ada@example.com"), Optional.empty(), subject, "x"));
    }
  }

  @Test
  void aLetterEndsWhereItEnds() {
    String text = "one\n.\nRCPT TO:<eve@example.com>\nDATA\n.\nthe end\n";
    try (Connection connection = server.connect()) {
      connection.send(letter(FROM, "ada@example.com", text));
    }
    assertThat(mail.arrived()).hasSize(1);
    assertThat(mail.arrived().getFirst().text()).isEqualTo(text);
  }
}
