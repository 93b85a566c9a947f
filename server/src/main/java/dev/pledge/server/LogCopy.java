package dev.pledge.server;

import dev.pledge.log.EntryBundle;
import dev.pledge.log.RetiredKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A copy of a log in a directory. Whoever made it is not trusted: it is read within itself. */
record LogCopy(Path directory) {
  private static final String CHECKPOINT = "checkpoint";
  private static final String KEY = "key";
  private static final String RETIRED_KEYS = "retired-keys";

  /** The copies of several logs in a directory; none if it is a copy itself. */
  static List<LogCopy> in(Path directory) {
    if (new LogCopy(directory).origin().isPresent()) {
      return List.of();
    }
    try (Stream<Path> below = Files.list(directory)) {
      List<LogCopy> all = below.filter(Files::isDirectory).sorted().map(LogCopy::new).toList();
      return all.stream().anyMatch(copy -> copy.origin().isPresent()) ? all : List.of();
    } catch (IOException e) {
      throw new CommandRefused("cannot read `" + directory + "`");
    }
  }

  /** The log's name to the world, as its checkpoint says; empty if there is none. */
  Optional<String> origin() {
    return read(CHECKPOINT).map(LogCopy::origin);
  }

  /** The same, as the first line of a note says. */
  static String origin(byte[] note) {
    return new String(note, StandardCharsets.UTF_8).lines().findFirst().orElse("");
  }

  /** The log's keys, each in a line; empty if they are not there. */
  Optional<List<String>> keys() {
    return read(KEY)
        .map(
            bytes ->
                new String(bytes, StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList());
  }

  /** Where its keys are. */
  Path keyFile() {
    return directory.resolve(KEY);
  }

  /** The keys that the log signed with before. */
  List<RetiredKey> retiredKeys() {
    try {
      return read(RETIRED_KEYS).map(bytes -> new String(bytes, StandardCharsets.UTF_8)).stream()
          .flatMap(String::lines)
          .map(RetiredKey::parse)
          .toList();
    } catch (IllegalArgumentException e) {
      throw new CommandRefused("`" + directory.resolve(RETIRED_KEYS) + "`: " + e.getMessage());
    }
  }

  /** What is at that path below it; empty if nothing is. */
  Optional<byte[]> read(String path) {
    Path file = directory.resolve(path);
    try {
      if (!Files.isRegularFile(file)) {
        return Optional.empty();
      }
      if (!file.toRealPath().startsWith(directory.toRealPath())) {
        throw new CommandRefused(
            "`" + file + "` leads out of the copy; a copy has its files in itself");
      }
      return Optional.of(content(file));
    } catch (IOException e) {
      throw new CommandRefused("cannot read `" + file + "`");
    }
  }

  /** The file, or so much of it that it is too long for whatever it should be. */
  static byte[] content(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(EntryBundle.MAX_SIZE + 1);
    } catch (IOException e) {
      throw new CommandRefused("cannot read `" + file + "`");
    }
  }
}
