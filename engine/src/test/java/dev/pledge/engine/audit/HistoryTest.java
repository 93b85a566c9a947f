package dev.pledge.engine.audit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.store.TestDatabase;
import dev.pledge.engine.store.TimeOrderedIds;
import dev.pledge.log.ByteString;
import dev.pledge.log.Caller;
import dev.pledge.log.Entry;
import dev.pledge.log.Facts;
import dev.pledge.log.Hash;
import dev.pledge.log.Kind;
import dev.pledge.log.Outcome;
import dev.pledge.log.Reason;
import dev.pledge.log.Verdict;
import dev.pledge.policy.names.SubjectId;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A person with very many entries, found page by page and by filters. */
class HistoryTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.fresh();

  private static final int MANY = 30_000;
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
  private static final AtomicReference<Instant> NOW = new AtomicReference<>(START);
  private static final InstantSource CLOCK = NOW::get;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final TimeOrderedIds IDS = new TimeOrderedIds(CLOCK, RANDOM);
  private static final Counting SEAL = new Counting(TestSeals.intake(1), new AtomicInteger());
  private static final History HISTORY = new History(SEAL);
  private static final SubjectId SUBJECT = new SubjectId(IDS.next());
  private static final TestSeals.Person KEY = new TestSeals.Person();
  private static final Intake INTAKE = new Intake(IDS.next());

  /** What the person has, the oldest first: one a minute. */
  private static final List<Facts> WRITTEN = new ArrayList<>();

  /** Counts what is opened. */
  private record Counting(IntakeSeal seal, AtomicInteger opened) implements IntakeSeal {
    @Override
    public Sealed seal(UUID entry, byte[] payload) {
      return seal.seal(entry, payload);
    }

    @Override
    public byte[] open(UUID entry, Sealed sealed) {
      opened.incrementAndGet();
      return seal.open(entry, sealed);
    }

    @Override
    public SealedTile sealTile(String log, long index, byte[] entries) {
      return seal.sealTile(log, index, entries);
    }

    @Override
    public SealedTile rewrapTile(String log, long index, SealedTile sealed) {
      return seal.rewrapTile(log, index, sealed);
    }

    @Override
    public byte[] openTile(String log, long index, SealedTile sealed) {
      return seal.openTile(log, index, sealed);
    }
  }

  @BeforeAll
  static void fill() {
    DATABASE
        .database()
        .change(
            tx -> {
              HISTORY.open(tx.handle(), SUBJECT);
              return true;
            });
    for (int from = 0; from < MANY; from += 1_000) {
      List<Prepared> block =
          IntStream.range(from, from + 1_000).mapToObj(HistoryTest::prepared).toList();
      INTAKE.commit(DATABASE.database(), block);
    }
  }

  /** Mostly reads by one; a refusal every 1,000, something else every 5,000. */
  private static Prepared prepared(int i) {
    Instant at = START.plus(Duration.ofMinutes(i));
    NOW.set(at);
    Caller by = Caller.of(Caller.STAFF, i % 10 == 3 ? "agent-two" : "agent-one");
    Facts.Builder facts;
    if (i % 5_000 == 77) {
      facts =
          Facts.of(Kind.REGISTER, at, Outcome.PERMITTED, by)
              .verdicts(
                  List.of(
                      new Verdict.Granted(
                          "identity.name",
                          Optional.empty(),
                          Optional.of("authentication"),
                          Optional.empty(),
                          1)));
    } else if (i % 1_000 == 500) {
      facts =
          Facts.of(Kind.READ, at, Outcome.REFUSED, by)
              .purpose("promotion")
              .reason(Reason.of("consent", "II.I.5"));
    } else {
      facts = Facts.of(Kind.READ, at, Outcome.PERMITTED, by).purpose("customer-service");
    }
    WRITTEN.add(facts.build());
    return prepared(SUBJECT, WRITTEN.getLast());
  }

  private static Prepared prepared(SubjectId subject, Facts facts) {
    UUID id = IDS.next();
    Instant at = facts.at();
    byte[] nonce = new byte[Entry.NONCE_SIZE];
    Entry entry =
        new Entry(
            id,
            ByteString.of(nonce),
            Optional.of(ByteString.of(new byte[32])),
            facts,
            ByteString.EMPTY);
    byte[] bytes = entry.encode();
    Receipt receipt = new Receipt("test", id, Hash.ofLeaf(bytes), at, Optional.of(subject));
    long order = ChronoUnit.MICROS.between(Instant.EPOCH, at) << HistoryLine.SPARE_BITS;
    HistoryLine line =
        HistoryLine.of(subject, KEY, order, new HistoryLine.Entered(id, INTAKE.key()));
    return new Prepared(Optional.of(line), SEAL.seal(id, bytes), receipt);
  }

  // ---------------------------------------------------------------- what is found

  /** Everything found, and how many entries each page opened. */
  private record Found(List<Facts> facts, List<Integer> opened, List<Integer> sizes) {}

  private static Found all(HistoryFilter filter, int limit, Predicate<Entry> told) {
    Found found = new Found(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    Optional<Cursor> cursor = Optional.empty();
    Instant reached = Instant.MAX;
    do {
      SEAL.opened.set(0);
      Optional<Cursor> from = cursor;
      HistoryPage page =
          DATABASE
              .database()
              .read(handle -> HISTORY.page(handle, SUBJECT, KEY, from, limit, filter, told));
      page.entries().forEach(each -> found.facts.add(each.entry().facts()));
      found.opened.add(SEAL.opened.get());
      found.sizes.add(page.entries().size());
      assertThat(page.reached().isPresent() && page.next().isEmpty()).isFalse();
      if (page.reached().isPresent()) {
        assertThat(page.reached().get()).isBefore(reached);
        reached = page.reached().get();
      }
      cursor = page.next().map(next -> Cursor.of(next.toString()));
    } while (cursor.isPresent());
    return found;
  }

  private static Found all(HistoryFilter filter) {
    return all(filter, 50, entry -> true);
  }

  private static List<Facts> written(Predicate<Facts> which) {
    return WRITTEN.reversed().stream().filter(which).toList();
  }

  private static HistoryFilter filter(
      String from, String to, String purpose, String actor, String kind, Outcome outcome) {
    return new HistoryFilter(
        text(from).map(Instant::parse),
        text(to).map(Instant::parse),
        text(purpose),
        text(actor),
        text(kind).map(Kind::new),
        Optional.ofNullable(outcome));
  }

  private static Optional<String> text(String text) {
    return Optional.of(text).filter(each -> !each.isEmpty());
  }

  @Test
  void eachFilterFindsItsEntriesAndNoOthers() {
    assertThat(all(filter("", "", "promotion", "", "", null)).facts)
        .isEqualTo(written(each -> each.purpose().equals(Optional.of("promotion"))))
        .hasSize(30);
    assertThat(all(filter("", "", "", "", "", Outcome.REFUSED)).facts).hasSize(30);
    assertThat(all(filter("", "", "", "", "register", null)).facts).hasSize(6);
    assertThat(all(filter("", "", "authentication", "", "", null)).facts)
        .as("the purpose of a field")
        .hasSize(6);
    assertThat(
            all(filter("", "", "", "agent-two", "read", Outcome.PERMITTED), 200, e -> true).facts)
        .isEqualTo(written(each -> each.caller().id().equals(Optional.of("agent-two"))));
    assertThat(all(filter("", "", "promotion", "agent-two", "", null)).facts).isEmpty();
    assertThat(all(filter("", "", "", "", "", null), 200, e -> true).facts)
        .isEqualTo(written(each -> true));
  }

  @Test
  void aPeriodBeginsWithItsFirstMomentAndEndsBeforeItsLast() {
    HistoryFilter hour = filter("2026-03-10T10:00:00Z", "2026-03-10T11:00:00Z", "", "", "", null);
    Found found = all(hour, 10, entry -> true);
    assertThat(found.facts)
        .isEqualTo(
            written(
                each ->
                    !each.at().isBefore(Instant.parse("2026-03-10T10:00:00Z"))
                        && each.at().isBefore(Instant.parse("2026-03-10T11:00:00Z"))))
        .hasSize(60);
    assertThat(found.opened.stream().mapToInt(Integer::intValue).sum())
        .as("nothing far from the period is opened")
        .isLessThan(100);
    assertThat(all(filter("2027-01-01T00:00:00Z", "", "", "", "", null)).opened).containsExactly(0);
  }

  @Test
  void aPeriodMayEndOrBeginAsLateAsAnyTime() {
    String latest = "9999-12-31T23:59:59.999999Z";
    String aWeekBeforeTheEnd = START.plus(Duration.ofMinutes(MANY - 7 * 24 * 60)).toString();
    for (String end : List.of("2112-10-01T00:00:00Z", "2260-01-01T00:00:00Z", latest)) {
      assertThat(all(filter(aWeekBeforeTheEnd, end, "", "", "", null), 1_000, entry -> true).facts)
          .as("until %s", end)
          .hasSize(7 * 24 * 60);
      assertThat(all(filter(end, "", "", "", "", null)).facts).as("from %s", end).isEmpty();
    }
  }

  /** An hour that is lived twice. */
  @Test
  void aPeriodLosesNothingAfterTheClockWasSetBack() {
    SubjectId subject = new SubjectId(IDS.next());
    DATABASE
        .database()
        .change(
            tx -> {
              HISTORY.open(tx.handle(), subject);
              return true;
            });
    Instant hour = Instant.parse("2026-07-01T10:00:00Z");
    for (int minute : new int[] {0, 30, 59, 1, 20, 40, 70}) {
      Instant now = hour.plus(Duration.ofMinutes(minute));
      Facts read =
          Facts.of(Kind.READ, now, Outcome.PERMITTED, Caller.of(Caller.STAFF, "agent-one")).build();
      INTAKE.commit(DATABASE.database(), List.of(prepared(subject, read)));
    }
    assertThat(minutes(subject, hour, 0, 31)).containsExactly(30, 20, 1, 0);
    assertThat(minutes(subject, hour, 20, 41)).containsExactly(40, 30, 20);
    assertThat(minutes(subject, hour, 40, 60)).containsExactly(59, 40);
    assertThat(minutes(subject, hour, 0, 90)).containsExactly(70, 59, 40, 30, 20, 1, 0);
    SEAL.opened.set(0);
    assertThat(minutes(subject, hour, -60, -30)).isEmpty();
    assertThat(SEAL.opened).as("what was made later is not opened").hasValue(0);
  }

  private static List<Integer> minutes(SubjectId subject, Instant hour, int from, int to) {
    HistoryFilter filter =
        filter(
            hour.plus(Duration.ofMinutes(from)).toString(),
            hour.plus(Duration.ofMinutes(to)).toString(),
            "",
            "",
            "",
            null);
    return DATABASE
        .database()
        .read(
            handle ->
                HISTORY.page(handle, subject, KEY, Optional.empty(), 50, filter, entry -> true))
        .entries()
        .stream()
        .map(each -> (int) Duration.between(hour, each.entry().facts().at()).toMinutes())
        .toList();
  }

  // ---------------------------------------------------------------- how much it takes

  @Test
  void aPageOpensNoMoreThanItShows() {
    Found found = all(HistoryFilter.NONE, 100, entry -> true);
    assertThat(found.opened).allMatch(opened -> opened <= 101);
    assertThat(found.sizes.subList(0, found.sizes.size() - 1)).containsOnly(100);
  }

  @Test
  void whatIsRareIsLookedForABoundedWayAtATime() {
    Found rare = all(filter("", "", "", "", "register", null));
    assertThat(rare.opened).allMatch(opened -> opened <= History.MOST_LOOKED_AT).hasSize(15 + 1);
    assertThat(rare.sizes).contains(0, 1);
    assertThat(all(filter("", "", "nothing", "", "", null)).facts).isEmpty();
  }

  @Test
  void whatIsNotToldLeavesNoGapAndBoundsTheWorkToo() {
    Predicate<Entry> everyTenth = entry -> entry.facts().at().getEpochSecond() / 60 % 10 == 0;
    Found found = all(HistoryFilter.NONE, 100, everyTenth);
    assertThat(found.facts).hasSize(MANY / 10);
    assertThat(found.sizes.subList(0, found.sizes.size() - 1)).containsOnly(100);
    assertThat(found.opened).allMatch(opened -> opened <= History.MOST_OPENED);
    Found none = all(HistoryFilter.NONE, 100, entry -> false);
    assertThat(none.facts).isEmpty();
    assertThat(none.opened).allMatch(opened -> opened <= History.MOST_OPENED).hasSize(7);
  }

  /** Where filtered pages end does not depend on what is passed over untold. */
  @Test
  void whereAFilteredPageEndsShowsNothingOfWhatIsNotTold() {
    Predicate<Entry> mostly = entry -> entry.facts().at().getEpochSecond() / 60 % 3 != 0;
    Found seen = all(HistoryFilter.NONE, 1_000, mostly);
    HistoryPage page =
        DATABASE
            .database()
            .read(
                handle ->
                    HISTORY.page(
                        handle,
                        SUBJECT,
                        KEY,
                        Optional.empty(),
                        50,
                        filter("", "", "nothing", "", "", null),
                        mostly));
    assertThat(page.reached()).contains(seen.facts.get(History.MOST_LOOKED_AT - 1).at());
  }
}
