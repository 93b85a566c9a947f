package dev.pledge.engine.watch;

import dev.pledge.engine.audit.Place;
import dev.pledge.engine.store.Transaction;
import dev.pledge.engine.watch.Alarm.Done;
import dev.pledge.engine.watch.Alarm.Finding;
import dev.pledge.policy.names.ActorId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The statements about alarms. */
final class AlarmTable {
  private static final String SELECT =
      """
      select alarm_id, rule, actor_id, purpose, first_log, first_position, last_log, last_position,
             signs, raised_at, last_at, acknowledged_at, acknowledged_by, finding
      from alarm
      """;

  /** Extends the alarm that is open and that the spell goes on with; false if there is none. */
  boolean extend(Transaction tx, Spell spell, Duration within) {
    return tx.handle()
            .createUpdate(
                """
                update alarm
                set last_log = :lastLog, last_position = :last,
                    signs = signs + :more, last_at = greatest(last_at, :at)
                where alarm_id = (
                  select alarm_id from alarm
                  where rule = :rule and acknowledged_at is null
                    and actor_id is not distinct from :actor
                    and purpose is not distinct from :purpose
                    and last_at >= :since
                  order by alarm_id desc limit 1)
                """)
            .bind("rule", spell.what().rule().word())
            .bind("actor", spell.what().actor().orElse(null))
            .bind("purpose", spell.what().purpose().orElse(null))
            .bind("since", spell.begun().minus(within))
            .bind("lastLog", spell.last().log())
            .bind("last", spell.last().position())
            .bind("more", spell.more())
            .bind("at", spell.at())
            .execute()
        == 1;
  }

  /** Adds an alarm, whose entry is appended in the same transaction. */
  void insert(Transaction tx, UUID id, Spell spell) {
    tx.handle()
        .createUpdate(
            """
            insert into alarm (alarm_id, rule, actor_id, purpose, first_log, first_position,
                               last_log, last_position, signs, raised_at, last_at)
            values (:id, :rule, :actor, :purpose, :firstLog, :first, :lastLog, :last, :count,
                    now(), :at)
            """)
        .bind("id", id)
        .bind("rule", spell.what().rule().word())
        .bind("actor", spell.what().actor().orElse(null))
        .bind("purpose", spell.what().purpose().orElse(null))
        .bind("firstLog", spell.first().log())
        .bind("first", spell.first().position())
        .bind("lastLog", spell.last().log())
        .bind("last", spell.last().position())
        .bind("count", spell.count())
        .bind("at", spell.at())
        .execute();
  }

  /** The alarm of that id, held until the transaction ends. */
  Optional<Alarm> take(Transaction tx, UUID id) {
    return tx.handle()
        .createQuery(SELECT + "where alarm_id = :id for update")
        .bind("id", id)
        .map((row, context) -> alarm(row))
        .findOne();
  }

  /** Acknowledges an alarm that is held and open. */
  void acknowledge(Transaction tx, UUID id, ActorId by, Finding finding) {
    tx.handle()
        .createUpdate(
            """
            update alarm set acknowledged_at = now(), acknowledged_by = :by, finding = :finding
            where alarm_id = :id
            """)
        .bind("id", id)
        .bind("by", by.value())
        .bind("finding", finding.word())
        .execute();
  }

  /** Alarms after the cursor, the open ones first, and the latest first among them. */
  static List<Alarm> list(Handle handle, Alarms.Which which, AlarmCursor after, int limit) {
    return handle
        .createQuery(
            SELECT
                + """
            where ((acknowledged_at is not null) > :done
                   or ((acknowledged_at is not null) = :done and alarm_id < :before))<open>
            order by (acknowledged_at is not null), alarm_id desc limit :limit
            """)
        .define("open", which == Alarms.Which.OPEN ? " and acknowledged_at is null" : "")
        .bind("done", after.done())
        .bind("before", after.before())
        .bind("limit", limit)
        .map((row, context) -> alarm(row))
        .list();
  }

  private static Alarm alarm(ResultSet row) throws SQLException {
    String finding = row.getString("finding");
    return new Alarm(
        row.getObject("alarm_id", UUID.class),
        RuleName.of(row.getString("rule")),
        Optional.ofNullable(row.getString("actor_id")),
        Optional.ofNullable(row.getString("purpose")),
        new Place(row.getString("first_log"), row.getLong("first_position")),
        new Place(row.getString("last_log"), row.getLong("last_position")),
        row.getLong("signs"),
        row.getTimestamp("raised_at").toInstant(),
        row.getTimestamp("last_at").toInstant(),
        finding == null
            ? Optional.empty()
            : Optional.of(
                new Done(
                    row.getTimestamp("acknowledged_at").toInstant(),
                    new ActorId(row.getString("acknowledged_by")),
                    Finding.of(finding))));
  }
}
