package dev.pledge.engine.audit;

import dev.pledge.engine.store.PersonStatements;
import dev.pledge.log.Entry;
import dev.pledge.policy.names.SubjectId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;

/** The statements about persons' histories. */
final class History {
  /** The most entries that may be told which one call looks at. */
  static final int MOST_LOOKED_AT = 2_000;

  /**
   * The most entries one call opens. Where it is reached, thousands that may not be told stand
   * together, and the short page lets that be guessed; fewer do not show.
   */
  static final int MOST_OPENED = 5_000;

  private final IntakeSeal seal;
  private final Archive archive;

  History(IntakeSeal seal) {
    this.seal = seal;
    this.archive = new Archive(seal);
  }

  void open(Handle handle, SubjectId subject) {
    handle
        .createUpdate("insert into history (subject_id) values (:subject) on conflict do nothing")
        .bind("subject", subject.value())
        .execute();
  }

  /** Some of those whose history has lines of before they were sealed; none if nobody's has. */
  static List<SubjectId> unsealed(Handle handle) {
    return handle
        .createQuery("select distinct subject_id from access limit 100")
        .map((row, context) -> new SubjectId(row.getObject("subject_id", UUID.class)))
        .list();
  }

  /** Seals the lines of before. */
  static void seal(Handle handle, SubjectId subject, SubjectSeal key) {
    List<HistoryLine> lines =
        handle
            .createQuery("select id, intake_key from access where subject_id = :subject")
            .bind("subject", subject.value())
            .map(
                (row, context) -> {
                  UUID entry = row.getObject("id", UUID.class);
                  var entered =
                      new HistoryLine.Entered(entry, row.getObject("intake_key", UUID.class));
                  return HistoryLine.of(subject, key, orderOf(entry), entered);
                })
            .list();
    handle
        .createUpdate(
            """
            insert into history_line (subject_id, place, sealed)
            select :subject, place, sealed
            from unnest(:places::bigint[], :lines::bytea[]) as line (place, sealed)
            """)
        .bind("subject", subject.value())
        .bind("places", lines.stream().map(HistoryLine::place).toArray(Long[]::new))
        .bind("lines", Intake.byteArrays(lines.stream().map(HistoryLine::sealed).toList()))
        .execute();
    handle
        .createUpdate("delete from access where subject_id = :subject")
        .bind("subject", subject.value())
        .execute();
  }

  /** As the order of ids that counted within a millisecond (RFC 9562 §6.2). */
  private static long orderOf(UUID id) {
    long millis = id.getMostSignificantBits() >>> 16;
    long count = id.getMostSignificantBits() & 0xfff;
    return ((millis * 1000) << HistoryLine.SPARE_BITS) + (count << (HistoryLine.SPARE_BITS - 2));
  }

  static void erase(PersonStatements statements) {
    statements.add("delete from history where subject_id = :subject");
  }

  /**
   * A page, as full as it would be if what is not told were not there, unless the work for it is
   * more than one call may make: then it ends early, with a cursor to go on from.
   */
  HistoryPage page(
      Handle handle,
      SubjectId subject,
      SubjectSeal key,
      Optional<Cursor> cursor,
      int limit,
      HistoryFilter filter,
      Predicate<Entry> told) {
    long after = filter.madeFrom().map(from -> placeOf(from, key)).orElse(0L);
    long before =
        Math.min(
            cursor.map(Cursor::before).orElse(Long.MAX_VALUE),
            filter.madeBefore().map(to -> placeOf(to, key)).orElse(Long.MAX_VALUE));
    PageSoFar page = new PageSoFar(limit, filter);
    // One entry more than asked for tells whether there is a next page.
    int block = limit + 1;
    while (true) {
      block = Math.min(block, page.mayOpen());
      List<HistoryLine> lines = lines(handle, subject, after, before, block);
      for (Told each : entries(handle, lines, key)) {
        if (page.isFullWith(each, told)) {
          return page.upTo();
        }
      }
      if (lines.size() < block) {
        return page.last();
      }
      before = lines.getLast().place();
      block = Math.min(2 * block, Audit.MAX_PAGE);
    }
  }

  /** What a page has while its entries are looked at, newest first. */
  private static final class PageSoFar {
    private final int limit;
    private final HistoryFilter filter;
    private final List<Recorded> entries = new ArrayList<>();
    private Optional<Instant> reached = Optional.empty();
    private Optional<Long> end = Optional.empty();
    private int opened;
    private int looked;

    PageSoFar(int limit, HistoryFilter filter) {
      this.limit = limit;
      this.filter = filter;
    }

    /** Whether the page ends before or with the entry, and another begins. */
    boolean isFullWith(Told line, Predicate<Entry> told) {
      Recorded recorded = line.recorded;
      Entry entry = recorded.entry();
      opened++;
      if (told.test(entry)) {
        boolean matches = filter.matches(entry);
        if (matches && entries.size() == limit) {
          return true;
        }
        if (matches) {
          entries.add(recorded);
        }
        looked++;
        end = Optional.of(line.place);
        reached = Optional.of(entry.facts().at());
      } else if (opened == MOST_OPENED) {
        end = Optional.of(line.place);
      }
      return looked == MOST_LOOKED_AT || opened == MOST_OPENED;
    }

    int mayOpen() {
      return Math.min(MOST_OPENED - opened, MOST_LOOKED_AT - looked);
    }

    HistoryPage upTo() {
      return new HistoryPage(entries, end.map(Cursor::new), reached);
    }

    HistoryPage last() {
      return new HistoryPage(entries, Optional.empty(), Optional.empty());
    }
  }

  /** Where the lines of what was made then begin. */
  private static long placeOf(Instant made, SubjectSeal key) {
    long micros =
        Math.clamp(ChronoUnit.MICROS.between(Instant.EPOCH, made), 0L, HistoryLine.LATEST_MICROS);
    return key.historyPlace(micros << HistoryLine.SPARE_BITS);
  }

  private static List<HistoryLine> lines(
      Handle handle, SubjectId subject, long after, long before, int limit) {
    return handle
        .createQuery(
            """
            select place, sealed from history_line
            where subject_id = :subject and place >= :after and place < :before
            order by place desc
            limit :limit
            """)
        .bind("subject", subject.value())
        .bind("after", after)
        .bind("before", before)
        .bind("limit", limit)
        .map((row, context) -> line(subject, row))
        .list();
  }

  /** Lines of a history in the order of their places, from after one on. */
  static List<HistoryLine> ascending(Handle handle, SubjectId subject, long after, int limit) {
    return handle
        .createQuery(
            """
            select place, sealed from history_line
            where subject_id = :subject and place > :after
            order by place
            limit :limit
            """)
        .bind("subject", subject.value())
        .bind("after", after)
        .bind("limit", limit)
        .map((row, context) -> line(subject, row))
        .list();
  }

  private static HistoryLine line(SubjectId subject, ResultSet row) throws SQLException {
    return new HistoryLine(subject, row.getLong("place"), row.getBytes("sealed"));
  }

  /** An entry of a history, and its place there. */
  private record Told(long place, Recorded recorded) {}

  /** What the lines lead to, in their order, wherever it lies, but for what is no longer kept. */
  private List<Told> entries(Handle handle, List<HistoryLine> lines, SubjectSeal key) {
    Map<UUID, HistoryLine> missing = new HashMap<>();
    List<HistoryLine.Entered> entered = new ArrayList<>();
    for (HistoryLine line : lines) {
      HistoryLine.Entered opened = line.open(key);
      entered.add(opened);
      missing.put(opened.entry(), line);
    }
    List<Told> told = new ArrayList<>();
    handle
        .createQuery(
            """
            select id, log, epoch, sealed, leaf_index
            from unnest(:keys::uuid[], :ids::uuid[]) as line (intake_key, id)
            join intake using (intake_key, id)
            """)
        .bind("keys", Archive.ids(entered, HistoryLine.Entered::intakeKey))
        .bind("ids", Archive.ids(entered, HistoryLine.Entered::entry))
        .map((row, context) -> IntakeRow.open(row, seal))
        .forEach(each -> found(each, missing, told));
    // In this order: an entry goes from there to the archive, and never back.
    archive.find(handle, Set.copyOf(missing.keySet())).forEach(each -> found(each, missing, told));
    Archive.requireNoneKept(handle, missing.keySet());
    told.sort(Comparator.comparingLong(Told::place).reversed());
    return told;
  }

  private static void found(Recorded entry, Map<UUID, HistoryLine> missing, List<Told> told) {
    HistoryLine line = missing.remove(entry.entry().id());
    if (line != null) {
      told.add(new Told(line.place(), entry));
    }
  }
}
