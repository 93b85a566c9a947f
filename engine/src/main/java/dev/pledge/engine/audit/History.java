package dev.pledge.engine.audit;

import dev.pledge.log.Entry;
import dev.pledge.policy.names.SubjectId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;

/** The statements about persons' histories. */
final class History {
  private static final UUID LAST = new UUID(-1, -1);

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

  HistoryPage page(
      Handle handle, SubjectId subject, Optional<Cursor> cursor, int limit, Predicate<Entry> told) {
    List<Recorded> entries = new ArrayList<>();
    Optional<Cursor> from = cursor;
    boolean more = true;
    // One entry more than asked for tells whether there is a next page; a page is as full as it
    // would be if what is not told were not there.
    while (more && entries.size() <= limit) {
      List<Line> lines = lines(handle, subject, from, limit + 1);
      entries(handle, lines).stream().filter(each -> told.test(each.entry())).forEach(entries::add);
      more = lines.size() > limit;
      from = lines.isEmpty() ? from : Optional.of(new Cursor(lines.getLast().id));
    }
    if (entries.size() <= limit) {
      return new HistoryPage(entries, Optional.empty());
    }
    List<Recorded> shown = entries.subList(0, limit);
    return new HistoryPage(shown, Optional.of(new Cursor(shown.getLast().entry().id())));
  }

  private static List<Line> lines(
      Handle handle, SubjectId subject, Optional<Cursor> cursor, int limit) {
    return handle
        .createQuery(
            """
            select id, intake_key from access
            where subject_id = :subject and id < :before
            order by id desc
            limit :limit
            """)
        .bind("subject", subject.value())
        .bind("before", cursor.map(Cursor::before).orElse(LAST))
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
