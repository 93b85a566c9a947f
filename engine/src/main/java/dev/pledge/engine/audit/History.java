package dev.pledge.engine.audit;

import dev.pledge.engine.store.TimeOrderedIds;
import dev.pledge.log.Entry;
import dev.pledge.policy.names.SubjectId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;

/** The statements about persons' histories. */
final class History {
  private static final UUID FIRST = new UUID(0, 0);
  private static final UUID LAST = new UUID(-1, -1);

  /** The most entries that may be told which one call looks at. */
  static final int MOST_LOOKED_AT = 2_000;

  /**
   * The most entries one call opens. Where it is reached, thousands that may not be told stand
   * together, and the short page lets that be guessed; fewer do not show.
   */
  static final int MOST_OPENED = 5_000;

  private final IntakeSeal seal;

  History(IntakeSeal seal) {
    this.seal = seal;
  }

  void open(Handle handle, SubjectId subject) {
    handle
        .createUpdate("insert into history (subject_id) values (:subject) on conflict do nothing")
        .bind("subject", subject.value())
        .execute();
  }

  void erase(Handle handle, SubjectId subject) {
    handle
        .createUpdate("delete from history where subject_id = :subject")
        .bind("subject", subject.value())
        .execute();
  }

  /**
   * A page, as full as it would be if what is not told were not there, unless the work for it is
   * more than one call may make: then it ends early, with a cursor to go on from.
   */
  HistoryPage page(
      Handle handle,
      SubjectId subject,
      Optional<Cursor> cursor,
      int limit,
      HistoryFilter filter,
      Predicate<Entry> told) {
    UUID before = cursor.map(Cursor::before).orElse(LAST);
    PageSoFar page = new PageSoFar(limit, filter);
    // One entry more than asked for tells whether there is a next page.
    int block = limit + 1;
    while (true) {
      block = Math.min(block, page.mayOpen());
      List<Line> lines = lines(handle, subject, before, filter, block);
      for (Recorded recorded : entries(handle, lines)) {
        if (page.isFullWith(recorded, told)) {
          return page.upTo();
        }
      }
      if (lines.size() < block) {
        return page.last();
      }
      before = lines.getLast().id;
      block = Math.min(2 * block, Audit.MAX_PAGE);
    }
  }

  /** What a page has while its entries are looked at, newest first. */
  private static final class PageSoFar {
    private final int limit;
    private final HistoryFilter filter;
    private final List<Recorded> entries = new ArrayList<>();
    private Optional<Instant> reached = Optional.empty();
    private Optional<UUID> end = Optional.empty();
    private int opened;
    private int looked;

    PageSoFar(int limit, HistoryFilter filter) {
      this.limit = limit;
      this.filter = filter;
    }

    /** Whether the page ends before or with the entry, and another begins. */
    boolean isFullWith(Recorded recorded, Predicate<Entry> told) {
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
        end = Optional.of(entry.id());
        reached = Optional.of(entry.facts().at());
      } else if (opened == MOST_OPENED) {
        end = Optional.of(entry.id());
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

  /**
   * What may lie in the period, newest first. Once a clock was set back, ids are ahead of it, so
   * one that was made after the period is passed over only if it was entered after it, too.
   */
  private static List<Line> lines(
      Handle handle, SubjectId subject, UUID before, HistoryFilter filter, int limit) {
    return handle
        .createQuery(
            """
            select id, intake_key from access
            where subject_id = :subject and id >= :from and id < :before
              and (id < :to or not exists (
                select from intake
                where intake.intake_key = access.intake_key and intake.id = access.id
                  and entered_at >= :entered))
            order by id desc
            limit :limit
            """)
        .bind("subject", subject.value())
        .bind("from", filter.madeFrom().map(TimeOrderedIds::firstOf).orElse(FIRST))
        .bind("before", before)
        .bind("to", filter.madeBefore().map(TimeOrderedIds::firstOf).orElse(LAST))
        .bind("entered", filter.madeBefore().orElse(Instant.EPOCH))
        .bind("limit", limit)
        .map(
            (row, context) ->
                new Line(row.getObject("id", UUID.class), row.getObject("intake_key", UUID.class)))
        .list();
  }

  private List<Recorded> entries(Handle handle, List<Line> lines) {
    List<Recorded> entries =
        handle
            .createQuery(
                """
                select id, log, epoch, sealed, leaf_index
                from unnest(:keys::uuid[], :ids::uuid[]) as line (intake_key, id)
                join intake using (intake_key, id)
                order by id desc
                """)
            .bind("keys", lines.stream().map(Line::intakeKey).toArray(UUID[]::new))
            .bind("ids", lines.stream().map(Line::id).toArray(UUID[]::new))
            .map((row, context) -> IntakeRow.open(row, seal))
            .list();
    if (entries.size() != lines.size()) {
      throw new IllegalStateException(
          "the log lacks entries that a history points to; restore it before going on");
    }
    return entries;
  }

  private record Line(UUID id, UUID intakeKey) {}
}
