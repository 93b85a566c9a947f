package dev.pledge.server;

import dev.pledge.policy.decision.Term;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The file that says by which calendar terms in days run: where days begin, and which are worked.
 * Lines of a word and a value: {@code zone Asia/Shanghai}, {@code off 2026-10-01}, {@code worked
 * 2026-10-10}; what follows {@code #} is for people.
 */
final class CalendarFile {
  private CalendarFile() {}

  /**
   * What it says; where it names no zone, days begin by UTC.
   *
   * @throws CommandRefused if it cannot be read, or something in it is wrong
   */
  static Term.Calendar read(Path file) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw new CommandRefused(
          "could not read `" + file + "`; name the calendar with --calendar FILE");
    }
    ZoneId zone = ZoneOffset.UTC;
    Set<LocalDate> off = new HashSet<>();
    Set<LocalDate> worked = new HashSet<>();
    for (int i = 0; i < lines.size(); i++) {
      String[] words = lines.get(i).replaceFirst("#.*", "").strip().split("\\s+", -1);
      if (words.length == 1 && words[0].isEmpty()) {
        continue;
      }
      try {
        if (words.length != 2) {
          throw new DateTimeException("not two words");
        }
        switch (words[0]) {
          case "zone" -> zone = ZoneId.of(words[1]);
          case "off" -> off.add(LocalDate.parse(words[1]));
          case "worked" -> worked.add(LocalDate.parse(words[1]));
          default -> throw new DateTimeException("another word");
        }
      } catch (DateTimeException e) {
        throw new CommandRefused(
            "line "
                + (i + 1)
                + " of `"
                + file
                + "` is none of `zone Asia/Shanghai`, `off 2026-10-01`, `worked 2026-10-10`");
      }
    }
    return new Term.Calendar(zone, off, worked);
  }
}
