package dev.pledge.engine.watch;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.audit.Audit;
import dev.pledge.engine.audit.Draft;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.Transaction;
import dev.pledge.log.ByteString;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.log.Outcome;
import dev.pledge.log.Sha256;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.Reason;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Alarms as people see them: listed, and acknowledged by a person whom they are not about. Both are
 * on the log. Who may call at all is the token's matter. Safe for all threads. Source: IV.2, IV.3.
 */
public final class Alarms {
  /** The most alarms of one page. */
  public static final int MOST = 200;

  /** The clause that asks for a second person. */
  public static final String ACKNOWLEDGED_BY = "IV.3";

  private static final String RULE = "alarm";
  private static final String RAISED_BY = "IV.2";

  private final AlarmTable table = new AlarmTable();
  private final Database database;
  private final Audit audit;
  private final InstantSource clock;

  /** The alarms about all logs of a database. */
  public Alarms(Database database, Audit audit, InstantSource clock) {
    this.database = database;
    this.audit = audit;
    this.clock = clock;
  }

  /** Which alarms are listed. */
  public enum Which {
    OPEN,
    ALL
  }

  /**
   * A page of alarms.
   *
   * @param limit the most alarms, 1 to {@value #MOST}
   * @throws IllegalArgumentException if the cursor is malformed or the limit out of range
   */
  public AlarmPage list(Caller caller, Which which, @Nullable String cursor, int limit) {
    if (limit < 1 || limit > MOST) {
      throw new IllegalArgumentException("a page has 1 to " + MOST + " alarms");
    }
    AlarmCursor after = cursor == null ? AlarmCursor.FIRST : AlarmCursor.of(cursor);
    Facts facts =
        Facts.of(Kind.ALARMS, clock.instant(), Outcome.PERMITTED, caller.logged()).build();
    Receipt receipt = audit.record(Draft.aboutNobody(facts));
    return database.read(
        handle -> {
          List<Alarm> found = AlarmTable.list(handle, which, after, limit + 1);
          List<Alarm> page = found.subList(0, Math.min(limit, found.size()));
          Optional<String> next =
              found.size() > limit
                  ? Optional.of(AlarmCursor.after(page.getLast()).toString())
                  : Optional.empty();
          return new AlarmPage(page, next, Progress.watched(handle), receipt);
        });
  }

  /** Acknowledges an alarm with what was found. */
  public Acknowledged acknowledge(Transaction tx, Caller caller, UUID id, Alarm.Finding finding) {
    Alarm alarm = table.take(tx, id).orElse(null);
    if (alarm == null) {
      return new Acknowledged.Unknown(enter(tx, caller, alarm, Outcome.REFUSED, "unknown-alarm"));
    }
    Reason refused = refusal(caller, alarm);
    if (refused != null) {
      Receipt receipt = enter(tx, caller, alarm, Outcome.REFUSED, refused.code());
      return new Acknowledged.Refused(refused, receipt);
    }
    if (alarm.done().isPresent()) {
      return new Acknowledged.Already(
          enter(tx, caller, alarm, Outcome.REFUSED, "already-acknowledged"));
    }
    table.acknowledge(tx, id, caller.id(), finding);
    return new Acknowledged.Done(enter(tx, caller, alarm, Outcome.PERMITTED, finding.word()));
  }

  /** As with any second pair of eyes: a person, and not the one it is about. */
  private static @Nullable Reason refusal(Caller caller, Alarm alarm) {
    boolean person = caller.kind() == Asker.Kind.STAFF || caller.kind() == Asker.Kind.AUDITOR;
    boolean own = alarm.actor().filter(caller.id().value()::equals).isPresent();
    return !person ? Reason.NOT_A_PERSON : own ? Reason.OWN_USE : null;
  }

  private Receipt enter(
      Transaction tx, Caller caller, @Nullable Alarm alarm, Outcome outcome, String why) {
    Facts.Builder facts =
        Facts.of(Kind.ACKNOWLEDGE, clock.instant(), outcome, caller.logged())
            .reason(
                new dev.pledge.log.Reason(RULE, Optional.of(why), Optional.of(ACKNOWLEDGED_BY)));
    if (alarm != null) {
      alarm.actor().ifPresent(facts::target);
      // Not of an id that is no alarm's: that may be anything, a person's too.
      facts.digest(digest(alarm.id()));
    }
    return audit.append(tx, Draft.aboutNobody(facts.build()));
  }

  /** What tells an alarm from others in the open: SHA-256 over the id of its entry. */
  private static ByteString digest(UUID entry) {
    ByteBuffer id = ByteBuffer.allocate(2 * Long.BYTES);
    id.putLong(entry.getMostSignificantBits()).putLong(entry.getLeastSignificantBits());
    return ByteString.of(Sha256.digest().digest(id.array()));
  }

  /** Raises an alarm for what is seen, or extends the one that is open. */
  Optional<UUID> raise(Transaction tx, Spell spell, Duration within) {
    if (table.extend(tx, spell, within)) {
      return Optional.empty();
    }
    Facts.Builder facts =
        Facts.of(
                Kind.ALARM,
                clock.instant(),
                Outcome.PERMITTED,
                dev.pledge.log.Caller.of(dev.pledge.log.Caller.SYSTEM, "watch"))
            .reason(
                new dev.pledge.log.Reason(
                    RULE, Optional.of(spell.what().rule().word()), Optional.of(RAISED_BY)));
    spell.what().actor().ifPresent(facts::target);
    spell.what().purpose().ifPresent(facts::purpose);
    UUID id = audit.append(tx, Draft.aboutNobody(facts.build())).entry();
    table.insert(tx, id, spell);
    return Optional.of(id);
  }
}
