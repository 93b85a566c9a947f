package dev.pledge.engine.keys;

import dev.pledge.policy.names.SubjectId;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.Executors;

/** A process that makes keys until it is killed, and prints each person whose key it has. */
final class JournalWriter {
  static final int WRITERS = 8;

  private JournalWriter() {}

  public static void main(String[] arguments) {
    Deployment deployment = new Deployment(Path.of(arguments[0]));
    KeyStore.Seen seen =
        new KeyStore.Seen(
            UUID.fromString(arguments[1]), Long.parseLong(arguments[2]), Head.NOTHING);
    try (KeyStore store = deployment.open(seen);
        var threads = Executors.newFixedThreadPool(WRITERS)) {
      for (int i = 0; i < WRITERS; i++) {
        threads.execute(() -> makeKeys(store.subjectKeys()));
      }
    }
  }

  private static void makeKeys(SubjectKeys keys) {
    try {
      while (true) {
        SubjectId subject = Deployment.someone();
        keys.newKey(subject, 1).close();
        System.out.println(subject);
      }
    } catch (UncheckedIOException e) {
      System.out.println("refused");
    }
  }
}
