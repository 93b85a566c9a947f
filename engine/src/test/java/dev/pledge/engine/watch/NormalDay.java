package dev.pledge.engine.watch;

import dev.pledge.engine.watch.Script.Who;
import dev.pledge.log.Kind;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * A plausible working day of a company of some hundred people, made from a seed: programs that read
 * all day by how many people are awake, support with tickets, analysts, a partner, jobs at night,
 * people who look at their own data, and the small things out of the ordinary that happen on every
 * day and are no misuse.
 */
final class NormalDay {
  static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

  /** A Tuesday. */
  private static final LocalDate DAY = LocalDate.of(2026, 3, 3);

  private static final int HOUR = 3_600;
  private static final int SUPPORTERS = 12;
  private static final int[] AWAKE = {
    2, 1, 1, 1, 1, 2, 4, 7, 10, 12, 12, 11, 8, 10, 12, 12, 11, 10, 9, 8, 8, 7, 5, 3
  };

  private final SplittableRandom random;
  private final List<Event> events = new ArrayList<>();

  private record Event(Instant placed, Consumer<Script> entry) {}

  NormalDay(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** Its log, after three weeks in which everybody did what they usually do. */
  Script script() {
    Script script = new Script();
    usualPurposes(script);
    programs();
    support();
    analysts();
    others();
    outOfTheOrdinary();
    explanations();
    events.sort(Comparator.comparing(Event::placed));
    events.forEach(event -> event.entry().accept(script));
    return script;
  }

  // ------------------------------------------------------------------------------------ who works

  private static final Who MEETING = Who.service("meeting-backend");
  private static final Who CALENDAR = Who.service("calendar-backend");
  private static final Who SIGN_IN = Who.service("sign-in");
  private static final Who SENDER = Who.service("message-sender");
  private static final Who NIGHT = Who.service("night-sync");
  private static final Who COURIER = Who.partner("courier");
  private static final Who OFFICER = Who.staff("privacy-officer");
  private static final Who ON_CALL = Who.staff("on-call");
  private static final Who AUDITOR = Who.auditor("auditor");

  private static Who supporter(int number) {
    return Who.staff("support-" + number);
  }

  private static Who analyst(int number) {
    return Who.staff("analyst-" + number);
  }

  private static void usualPurposes(Script script) {
    Instant before = DAY.minusDays(21).atTime(10, 0).atZone(ZONE).toInstant();
    for (Who backend : List.of(MEETING, CALENDAR)) {
      script.read(backend, before, "authentication").read(backend, before, "settings");
    }
    script.read(SENDER, before, "promotion").read(NIGHT, before, "archiving");
    script.read(COURIER, before, "delivery").read(ON_CALL, before, "security");
    for (int i = 0; i < SUPPORTERS; i++) {
      script.read(supporter(i), before, "customer-service");
    }
    for (int i = 0; i < 3; i++) {
      script.read(analyst(i), before, "improving");
    }
  }

  // ------------------------------------------------------------------------------------ programs

  private void programs() {
    byDay(
        9_000, at -> asked(MEETING, at, random.nextInt(3) == 0 ? "authentication" : "settings", 4));
    byDay(4_000, at -> asked(CALENDAR, at, "settings", 2));
    byDay(5_000, at -> found(SIGN_IN, at, 4));
    byDay(2_500, at -> add(at, script -> script.self(time(at))));
    int morning = seconds(10, 29);
    add(morning, script -> script.audience(SENDER, time(morning)));
    spread(1_200, seconds(10, 30), seconds(10, 55), at -> asked(SENDER, at, "promotion", 12));
    spread(4_000, seconds(2, 0), seconds(2, 40), at -> asked(NIGHT, at, "archiving", 1));
    spread(1_200, seconds(8, 0), seconds(22, 0), at -> asked(COURIER, at, "delivery", 3));
  }

  // ------------------------------------------------------------------------------------- support

  private void support() {
    for (int i = 0; i < SUPPORTERS; i++) {
      Who who = supporter(i);
      int start = seconds(9, 0) + random.nextInt(HOUR / 2);
      int end = i == 3 ? seconds(20, 20) : seconds(17, 30) + random.nextInt(HOUR / 2);
      spread(45 + random.nextInt(50), start, end, at -> ticket(who, at));
    }
    // Who stays late has not finished the last tickets at eight.
    spread(6, seconds(20, 2), seconds(20, 20), at -> ticket(supporter(3), at));
  }

  private void ticket(Who who, int at) {
    found(who, at, 5);
    int looks = 1 + random.nextInt(3);
    for (int i = 1; i <= looks; i++) {
      int then = at + 20 * i;
      if (random.nextInt(5) == 0) {
        add(then, script -> script.inClear(who, time(then), true, "justified"));
      } else {
        asked(who, then, "customer-service", 4);
      }
    }
  }

  // ------------------------------------------------------------------------------------ analysts

  private void analysts() {
    for (int i = 0; i < 3; i++) {
      Who who = analyst(i);
      int sessions = 1 + random.nextInt(2);
      for (int session = 0; session < sessions; session++) {
        int start = seconds(10 + 4 * session, 0) + random.nextInt(HOUR);
        int people = 120 + random.nextInt(300);
        spread(people, start, start + HOUR / 2, at -> asked(who, at, "improving", 2));
      }
    }
  }

  private void others() {
    spread(15, seconds(9, 30), seconds(17, 0), at -> told(Kind.HISTORY, OFFICER, at));
    spread(60, seconds(14, 0), seconds(15, 30), at -> told(Kind.HISTORY, AUDITOR, at));
    int rotation = seconds(3, 0);
    add(rotation, script -> script.keys(Kind.EPOCH_BEGUN, time(rotation)));
    spread(3, rotation, rotation + 60, at -> keys(at));
    int restart = seconds(4, 10);
    add(restart, script -> script.keys(Kind.EPOCH_UNWRAPPED, time(restart), "start"));
  }

  private void keys(int at) {
    add(at, script -> script.keys(Kind.EPOCH_UNWRAPPED, time(at)));
  }

  // ------------------------------------------------------------------------- out of the ordinary

  /** None of it is misuse. */
  private void outOfTheOrdinary() {
    // An incident at night.
    spread(6, seconds(3, 5), seconds(3, 25), at -> asked(ON_CALL, at, "security", 0));
    // Somebody stands in for a colleague, and an analyst is given a new task.
    int eleven = seconds(11, 0);
    asked(supporter(5), eleven, "security", 0);
    asked(analyst(2), eleven, "designing", 0);
    // A new colleague.
    Who fresh = Who.staff("support-new");
    spread(10, seconds(13, 0), seconds(17, 0), at -> ticket(fresh, at));
    // A list of returned parcels, of people many of whom have closed their accounts.
    spread(17, seconds(15, 0), seconds(15, 7), at -> found(supporter(8), at, 100));
    // A program is rolled out before the consents it needs: for some minutes it gets little.
    spread(160, seconds(16, 0), seconds(16, 8), at -> asked(CALENDAR, at, "settings", 80));
  }

  /** Why somebody gets no letters, and what a campaign would reach. */
  private void explanations() {
    spread(25, seconds(9, 30), seconds(17, 0), at -> explained(OFFICER, at, "promotion"));
    spread(40, seconds(9, 30), seconds(17, 0), at -> explained(supporter(2), at, "promotion"));
  }

  // ------------------------------------------------------------------------------------- entries

  private void explained(Who who, int at, String purpose) {
    add(at, script -> script.explained(who, time(at), purpose));
  }

  private void asked(Who who, int at, String purpose, int refusedOfHundred) {
    boolean no = random.nextInt(100) < refusedOfHundred;
    add(
        at,
        script -> {
          if (no) {
            script.refused(who, time(at), purpose);
          } else {
            script.read(who, time(at), purpose);
          }
        });
  }

  private void found(Who who, int at, int nobodyOfHundred) {
    boolean nobody = random.nextInt(100) < nobodyOfHundred;
    add(
        at,
        script -> {
          if (nobody) {
            script.nobody(Kind.LOOKUP, who, time(at));
          } else {
            script.told(Kind.LOOKUP, who, time(at));
          }
        });
  }

  private void told(Kind kind, Who who, int at) {
    add(at, script -> script.told(kind, who, time(at)));
  }

  /** Entries get their places within a second or so, and not quite in the order of their times. */
  private void add(int at, Consumer<Script> entry) {
    events.add(new Event(time(at).plusMillis(random.nextInt(1_500)), entry));
  }

  private void spread(int count, int from, int until, Consumer<Integer> each) {
    for (int i = 0; i < count; i++) {
      each.accept(random.nextInt(from, until));
    }
  }

  private void byDay(int count, Consumer<Integer> each) {
    int all = Arrays.stream(AWAKE).sum();
    for (int i = 0; i < count; i++) {
      int drawn = random.nextInt(all);
      int hour = 0;
      while (drawn >= AWAKE[hour]) {
        drawn -= AWAKE[hour];
        hour++;
      }
      each.accept(HOUR * hour + random.nextInt(HOUR));
    }
  }

  private static int seconds(int hour, int minute) {
    return HOUR * hour + 60 * minute;
  }

  /** A time of that day. */
  static Instant time(int second) {
    return DAY.atStartOfDay(ZONE).toInstant().plusSeconds(second);
  }
}
