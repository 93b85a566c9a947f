package dev.pledge.engine.store;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;

/** Another process: opens a data directory, or attaches to one, and says one line about it. */
final class ServerProgram {
  private ServerProgram() {}

  static Process run(String what, Path directory) throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ServerProgram.class.getName(),
                what,
                directory.toString()))
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  static String line(Process process) throws IOException {
    return process.inputReader(StandardCharsets.UTF_8).readLine();
  }

  public static void main(String[] arguments) throws IOException {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    Path directory = Path.of(arguments[1]);
    try {
      if (arguments[0].equals("open")) {
        EmbeddedPostgres server = EmbeddedPostgres.open(directory, new SecureRandom());
        out.println(server.pid());
        var _ = System.in.read();
      } else {
        try (Database database = Database.over(EmbeddedPostgres.attach(directory).application())) {
          out.println(Vocabulary.load(database).code("attached"));
        }
      }
    } catch (StartRefused e) {
      out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
    }
  }
}
