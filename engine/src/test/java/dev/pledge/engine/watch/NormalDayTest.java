package dev.pledge.engine.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.audit.Recorded;
import dev.pledge.engine.watch.Script.Who;
import dev.pledge.log.Kind;
import dev.pledge.policy.names.Clause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * How often each rule alarms on a normal day, as docs/watching.md states it. {@code
 * -Dpledge.watching=write} writes the table anew.
 */
@Clause({"IV.2", "IV.3"})
class NormalDayTest {
  private static final long SEED = Long.getLong("pledge.seed", 20_260_303);
  private static final WatchSettings USUAL = WatchSettings.usual(NormalDay.ZONE);
  private static final String BEGIN = "<!-- normal day: written by NormalDayTest -->\n";
  private static final String END = "<!-- end of normal day -->\n";

  private final WatchRoom room = new WatchRoom();

  @BeforeEach
  void seed() {
    System.out.println("pledge.seed=" + SEED);
  }

  @AfterEach
  void close() {
    room.close();
  }

  @Test
  void theFalseAlarmsOfANormalDayAreThoseStated() throws IOException {
    Script day = new NormalDay(SEED).script();
    assertThat(day.entries()).hasSizeGreaterThan(20_000);
    room.watch(day.feed(), USUAL).catchUp();
    assertThat(room.all(Alarms.Which.ALL, Alarms.MOST)).hasSizeLessThan(20);
    Path file = docs();
    String text = Files.readString(file);
    int from = text.indexOf(BEGIN) + BEGIN.length();
    int to = text.indexOf(END);
    assertThat(text.indexOf(BEGIN)).as("the marks around the table").isBetween(0, to);
    String table = table(day.entries().size(), room.counts());
    if ("write".equals(System.getProperty("pledge.watching"))) {
      Files.writeString(file, text.substring(0, from) + table + text.substring(to));
    } else {
      assertThat(text.substring(from, to))
          .as("the table in %s; write it anew with -Dpledge.watching=write", file)
          .isEqualTo(table);
    }
  }

  private static String table(int entries, Map<RuleName, Long> counts) {
    StringBuilder table =
        new StringBuilder(
            String.format(
                Locale.ROOT,
                "Seed %d, %,d entries:\n\n| rule | alarms |\n|---|---:|\n",
                SEED,
                entries));
    long all = 0;
    for (RuleName rule : RuleName.values()) {
      long count = counts.getOrDefault(rule, 0L);
      all += count;
      table.append(String.format(Locale.ROOT, "| `%s` | %d |\n", rule.word(), count));
    }
    return table.append(String.format(Locale.ROOT, "| all | %d |\n", all)).toString();
  }

  private static Path docs() {
    Path inside = Path.of("docs/watching.md");
    return Files.exists(inside) ? inside : Path.of("..").resolve(inside);
  }

  /** Whatever is started again in between, and however the entries are cut into transactions. */
  @Test
  void aDayWatchedInPiecesRaisesTheSameAlarms() {
    Script day = new NormalDay(SEED).script();
    room.watch(day.feed(), USUAL).catchUp();
    Set<String> whole = room.told();
    assertThat(whole).isNotEmpty();
    SplittableRandom random = new SplittableRandom(SEED);
    try (WatchRoom other = new WatchRoom()) {
      int come = 0;
      while (come < day.entries().size()) {
        come = Math.min(day.entries().size(), come + random.nextInt(1, 2_500));
        List<Recorded> so = day.entries().subList(0, come);
        Feed far =
            (position, limit) ->
                so.subList(
                    (int) Math.min(position, so.size()),
                    (int) Math.min(position + limit, so.size()));
        try (Watch watch = other.watch(far, USUAL)) {
          watch.catchUp();
        }
      }
      assertThat(other.told()).isEqualTo(whole);
    }
  }

  /** What a normal day hides is found all the same. */
  @Test
  void misuseOnSuchADayIsAlarmedFor() {
    Script day = new NormalDay(SEED).script();
    room.watch(day.feed(), USUAL).catchUp();
    Set<String> before = room.told();
    Who thief = Who.staff("support-1");
    int night = 22 * 3_600;
    for (int i = 0; i < 320; i++) {
      day.read(thief, NormalDay.time(night + i), "customer-service");
    }
    for (int i = 0; i < 20; i++) {
      day.nobody(Kind.READ, Who.partner("courier-2"), NormalDay.time(night + 400 + i));
      day.nobody(Kind.READ, Who.auditor("guest"), NormalDay.time(night + 400 + i));
    }
    for (int i = 0; i < 60; i++) {
      day.refused(Who.service("new-backend"), NormalDay.time(night + 500 + i));
    }
    room.letTheLeaseEnd();
    room.watch(day.feed(), USUAL).catchUp();
    Set<String> more = new HashSet<>(room.told());
    more.removeAll(before);
    assertThat(more)
        .extracting(each -> each.split(" ", 3)[0] + " " + each.split(" ", 3)[1])
        .containsExactlyInAnyOrder(
            "bulk-reads support-1",
            "out-of-hours support-1",
            "enumeration guest",
            "refusals new-backend");
  }
}
