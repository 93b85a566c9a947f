package dev.pledge.engine.message;

import dev.pledge.engine.keys.MessageKeys;
import dev.pledge.engine.keys.UnsealException;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.PersonStatements;
import dev.pledge.engine.store.TimeOrderedIds;
import dev.pledge.engine.store.Transaction;
import dev.pledge.policy.names.SubjectId;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The rows of messages to people.
 *
 * <p>A message is taken by one node at a time, for at most {@link #LEASE}: who has taken it and
 * dies leaves it to be taken again then. So it is sent once, and a second time only if somebody
 * dies, or loses the database, between the mail server's word and noting it.
 */
public final class Messages {
  /** The most messages of one page. */
  public static final int MOST = 200;

  /** For how long a message is nobody else's once it is taken. */
  public static final Duration LEASE = Duration.ofMinutes(5);

  /** How long after each attempt the next comes; after the last there is none. */
  public static final List<Duration> PAUSES =
      List.of(
          Duration.ofMinutes(1),
          Duration.ofMinutes(5),
          Duration.ofMinutes(30),
          Duration.ofHours(2),
          Duration.ofHours(6),
          Duration.ofHours(12));

  /** For how many days it is shown what became of a message. */
  public static final int DAYS_KEPT = 30;

  /** It was of no use any more. */
  public static final String TOO_LATE = "too-late";

  private static final int CHECKED_TOGETHER = 1_000;

  /** How many are deleted in one transaction, which the database bounds in time. */
  private static final int BATCH = 5_000;

  private final MessageKeys keys;
  private final TimeOrderedIds ids;
  private final InstantSource clock;

  /** Messages sealed with these keys. */
  public Messages(MessageKeys keys, TimeOrderedIds ids, InstantSource clock) {
    this.keys = keys;
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * Puts a message for the person there, to be sent as soon as the transaction has committed.
   *
   * @param language `zh` for Chinese; any other is English
   * @param filling by the words of the template's parameters
   * @throws IllegalArgumentException if the template is filled with something else
   * @throws dev.pledge.engine.store.ConstraintViolated when there is no such person
   */
  public void put(
      Transaction tx,
      SubjectId subject,
      Template template,
      Locale language,
      Map<String, String> filling) {
    template.require(filling);
    UUID id = ids.unordered();
    Instant now = clock.instant();
    byte[] content = lines(filling).getBytes(StandardCharsets.UTF_8);
    tx.handle()
        .createUpdate(
            """
            insert into message (subject_id, message_id, template, language, sealed, next_try,
                                 useless_at, day)
            values (:subject, :id, :template, :language, :sealed, :now, :useless, :day)
            """)
        .bind("subject", subject.value())
        .bind("id", id)
        .bind("template", template.word())
        .bind("language", word(language))
        .bind("sealed", keys.seal(subject, id, template.word(), content))
        .bind("now", now)
        .bind("useless", template.life().map(now::plus).orElse(null))
        .bind("day", day(now))
        .execute();
  }

  private static String word(Locale language) {
    return language.getLanguage().equals(Locale.CHINESE.getLanguage()) ? "zh" : "en";
  }

  private static LocalDate day(Instant now) {
    return LocalDate.ofInstant(now, ZoneOffset.UTC);
  }

  // No value has an end of a line or an equals sign before its own.
  private static String lines(Map<String, String> filling) {
    return filling.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .sorted()
        .collect(Collectors.joining("\n"));
  }

  private static Map<String, String> filling(byte[] lines) {
    Map<String, String> filling = new HashMap<>();
    for (String line : new String(lines, StandardCharsets.UTF_8).split("\n", -1)) {
      int equals = line.indexOf('=');
      filling.put(line.substring(0, equals), line.substring(equals + 1));
    }
    return filling;
  }

  /**
   * Takes the next of the messages to be sent now: codes first, since somebody sits and waits for
   * them, and among others what has waited longest.
   */
  public Optional<Due> take(Transaction tx) {
    Instant now = clock.instant();
    return tx.handle()
        .createQuery(
            """
            with next as (
              select subject_id, message_id from message
              where state = 'waiting' and next_try <= :now
              order by useless_at, next_try limit 1 for update skip locked)
            update message m set attempts = m.attempts + 1, next_try = :until from next
            where m.subject_id = next.subject_id and m.message_id = next.message_id
            returning m.*
            """)
        .bind("now", now)
        .bind("until", now.plus(LEASE))
        .map((row, context) -> due(row, now))
        .findOne();
  }

  private Due due(ResultSet row, Instant now) throws SQLException {
    SubjectId subject = new SubjectId(row.getObject("subject_id", UUID.class));
    UUID id = row.getObject("message_id", UUID.class);
    Template template = Template.of(row.getString("template"));
    var useless = row.getTimestamp("useless_at");
    return new Due(
        subject,
        id,
        template,
        Locale.of(row.getString("language")),
        opened(subject, id, template.word(), row.getBytes("sealed")),
        row.getInt("attempts"),
        useless != null && !now.isBefore(useless.toInstant()));
  }

  private Optional<Map<String, String>> opened(
      SubjectId subject, UUID id, String template, byte[] sealed) {
    try {
      return Optional.of(filling(keys.open(subject, id, template, sealed)));
    } catch (UnsealException altered) {
      return Optional.empty();
    }
  }

  /** Notes what came of sending a message, unless it is somebody else's by now, or gone. */
  public void note(Transaction tx, Due due, Sent sent) {
    boolean last = due.attempt() > PAUSES.size();
    switch (sent) {
      case Sent.Delivered() -> settle(tx, due, MessageState.DELIVERED, null);
      case Sent.Never(String why) -> settle(tx, due, MessageState.FAILED, why);
      case Sent.NotYet(String why) when last -> settle(tx, due, MessageState.FAILED, why);
      case Sent.NotYet(String why) -> putOff(tx, due, why);
    }
  }

  private void settle(Transaction tx, Due due, MessageState state, @Nullable String failure) {
    tx.handle()
        .createUpdate(
            """
            update message
            set state = :state, sealed = null, failure = :failure, settled_on = :day
            where subject_id = :subject and message_id = :id and attempts = :attempt
              and state = 'waiting'
            """)
        .bind("state", state.word())
        .bind("failure", failure)
        .bind("day", day(clock.instant()))
        .bind("subject", due.subject().value())
        .bind("id", due.id())
        .bind("attempt", due.attempt())
        .execute();
  }

  private void putOff(Transaction tx, Due due, String failure) {
    tx.handle()
        .createUpdate(
            """
            update message set next_try = :next, failure = :failure
            where subject_id = :subject and message_id = :id and attempts = :attempt
              and state = 'waiting'
            """)
        .bind("next", clock.instant().plus(PAUSES.get(due.attempt() - 1)))
        .bind("failure", failure)
        .bind("subject", due.subject().value())
        .bind("id", due.id())
        .bind("attempt", due.attempt())
        .execute();
  }

  /**
   * A page of the messages, the oldest day first.
   *
   * @param state of those that are listed; null for all
   * @param cursor where it begins; null for the beginning
   * @param limit the most messages, 1 to {@value #MOST}
   * @throws IllegalArgumentException if the cursor is malformed or the limit out of range
   */
  public MessagePage page(
      Handle handle, @Nullable MessageState state, @Nullable String cursor, int limit) {
    if (limit < 1 || limit > MOST) {
      throw new IllegalArgumentException("a page has 1 to " + MOST + " messages");
    }
    MessageCursor after = cursor == null ? MessageCursor.FIRST : MessageCursor.of(cursor);
    return MessagePage.of(
        handle
            .createQuery(
                """
                select message_id, template, language, state, attempts, failure, day from message
                where (day, message_id) > (:day, :id) and state = coalesce(:state, state)
                order by day, message_id limit :limit
                """)
            .bind("day", after.day())
            .bind("id", after.id())
            .bind("state", state == null ? null : state.word())
            .bind("limit", limit + 1)
            .map((row, context) -> listed(row))
            .list(),
        limit);
  }

  private static Listed listed(ResultSet row) throws SQLException {
    return new Listed(
        row.getObject("message_id", UUID.class),
        Template.of(row.getString("template")),
        row.getString("language"),
        MessageState.of(row.getString("state")).orElseThrow(),
        row.getInt("attempts"),
        Optional.ofNullable(row.getString("failure")),
        row.getObject("day", LocalDate.class));
  }

  /**
   * Gives up messages that are of no use any more, and deletes those of which it was shown for long
   * enough what became of them.
   */
  public void tidy(Database database) {
    Instant now = clock.instant();
    database.<Integer>change(
        tx ->
            tx.handle()
                .createUpdate(
                    """
                    update message
                    set state = 'failed', sealed = null, failure = :failure, settled_on = :day
                    where state = 'waiting' and useless_at <= :now and next_try <= :now
                    """)
                .bind("failure", TOO_LATE)
                .bind("day", day(now))
                .bind("now", now)
                .execute());
    LocalDate before = day(now).minusDays(DAYS_KEPT);
    int deleted = BATCH;
    while (deleted == BATCH) {
      deleted = database.change(tx -> deleteSome(tx, before));
    }
  }

  private static int deleteSome(Transaction tx, LocalDate before) {
    return tx.handle()
        .createUpdate(
            """
            delete from message where (subject_id, message_id) in (
              select subject_id, message_id from message where settled_on < :before limit :batch)
            """)
        .bind("before", before)
        .bind("batch", BATCH)
        .execute();
  }

  /** Removes the person's messages. */
  public void remove(PersonStatements statements) {
    statements.add("delete from message where subject_id = :subject");
  }

  /**
   * Looks through all messages that wait, or through the first thousand.
   *
   * @param closed told which do not open: altered, or moved there from elsewhere
   */
  public static void check(Handle handle, MessageKeys keys, boolean all, Consumer<String> closed) {
    UUID after = new UUID(0, 0);
    while (true) {
      UUID from = after;
      List<UUID> seen =
          handle
              .createQuery(
                  """
                  select subject_id, message_id, template, sealed from message
                  where message_id > :after and state = 'waiting'
                  order by message_id limit :limit
                  """)
              .bind("after", from)
              .bind("limit", CHECKED_TOGETHER)
              .map((row, context) -> look(row, keys, closed))
              .list();
      if (seen.isEmpty() || !all) {
        return;
      }
      after = seen.getLast();
    }
  }

  private static UUID look(ResultSet row, MessageKeys keys, Consumer<String> closed)
      throws SQLException {
    SubjectId subject = new SubjectId(row.getObject("subject_id", UUID.class));
    UUID id = row.getObject("message_id", UUID.class);
    try {
      var _ = keys.open(subject, id, row.getString("template"), row.getBytes("sealed"));
    } catch (UnsealException e) {
      closed.accept("message " + id);
    }
    return id;
  }
}
