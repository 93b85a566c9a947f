package dev.pledge.engine.anchor;

import dev.pledge.engine.anchor.MailServer.Connection;
import dev.pledge.engine.anchor.MailServer.Letter;
import dev.pledge.engine.anchor.MailServer.MailFailed;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * Sends each checkpoint to mailboxes, through a mail server of the operator's own choice: once the
 * letters are out, nobody here can take them back.
 */
record MailAnchor(Terms terms, MailServer server, String from, List<String> to)
    implements OutsideAnchor {
  @Override
  public Kind kind() {
    return Kind.EMAIL;
  }

  @Override
  public Kept tell(News news, LogView log) {
    try (Connection connection = server.connect()) {
      connection.send(
          new Letter(
              from,
              to,
              Optional.empty(),
              "Checkpoint " + news.size() + " of " + news.checkpoint().origin(),
              new String(news.note(), StandardCharsets.UTF_8)));
    } catch (MailFailed e) {
      throw new AnchorFailed(String.valueOf(e.getMessage()));
    }
    return Kept.of(news.size());
  }

  @Override
  public String toString() {
    return "MailAnchor[" + terms.name() + "]";
  }
}
