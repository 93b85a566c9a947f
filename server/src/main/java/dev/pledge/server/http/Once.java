package dev.pledge.server.http;

import dev.pledge.engine.Changes;
import dev.pledge.engine.Pledge;
import dev.pledge.engine.actor.Replies;
import dev.pledge.engine.actor.Replies.Reply;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Makes a change once, however often its request is sent: the engine stores the answer with the
 * change and gives it again for the same key and the same request.
 */
final class Once {
  /** The parameters that paths of changes may have. */
  private static final List<String> PATH = List.of("id", "request");

  private final Pledge pledge;

  Once(Pledge pledge) {
    this.pledge = pledge;
  }

  /** Makes changes and words their answer; may be run again and touches nothing else. */
  @FunctionalInterface
  interface Work {
    Answer.Whole run(Changes changes) throws SQLException;
  }

  /** The answer of {@code work}, or the one it gave before. */
  Answer change(Call call, Work work) {
    String key = call.idempotencyKey();
    if (key == null) {
      throw new IllegalStateException("`" + call.route().path() + "` takes no changes");
    }
    AtomicBoolean worked = new AtomicBoolean();
    try {
      Reply reply =
          pledge.once(
              call.who(),
              key,
              hash(call),
              changes -> {
                worked.set(true);
                return reply(work.run(changes));
              });
      Answer.Whole answer = answer(reply);
      return worked.get() ? answer : answer.with("Idempotent-Replay", "true");
    } catch (Replies.AboutErased nobodyAnyMore) {
      return Answer.problem(Call.NOT_FOUND, call.language());
    }
  }

  private static Reply reply(Answer.Whole answer) {
    return new Reply(answer.status(), answer.headers().get("Location"), answer.body());
  }

  private static Answer.Whole answer(Reply reply) {
    String type = reply.status() >= 400 ? Answer.PROBLEM : Answer.JSON;
    Answer.Whole answer = new Answer.Whole(reply.status(), type, java.util.Map.of(), reply.body());
    return reply.location() == null ? answer : answer.with("Location", reply.location());
  }

  /**
   * What was asked: method, address, parameters and body. All but the body with its length, so that
   * nothing runs on into what follows.
   */
  private static byte[] hash(Call call) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      add(sha256, call.route().method());
      add(sha256, call.route().path());
      for (String part : PATH) {
        add(sha256, call.path().contains(part) ? call.path().get(part) : "");
      }
      for (String name : call.query().names().stream().sorted().toList()) {
        add(sha256, name);
        List<String> values = call.queryAll(name);
        add(sha256, Integer.toString(values.size()));
        values.forEach(value -> add(sha256, value));
      }
      return sha256.digest(call.body());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK has no SHA-256", e);
    }
  }

  private static void add(MessageDigest sha256, String part) {
    byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
    sha256.update(new byte[] {(byte) (bytes.length >>> 8), (byte) bytes.length});
    sha256.update(bytes);
  }
}
