package dev.pledge.engine.retention;

import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Who works on which share of the people, and how far the round is. A share is held for ten seconds
 * at a time, by the database's clock; what a holder does commits only while it still holds it.
 */
final class Ranges {
  private static final UUID FIRST = new UUID(0, 0);
  private static final int BITS = 6;

  private final UUID node;

  /** Of one process. */
  Ranges(UUID node) {
    this.node = node;
  }

  /** A share that is held. */
  record Range(short number, long round, UUID reached) {
    /** The last id that belongs to it. */
    UUID to() {
      return last(number);
    }

    Range at(UUID person) {
      return new Range(number, round, person);
    }
  }

  private static UUID last(int number) {
    return new UUID(((number + 1L) << (Long.SIZE - BITS)) - 1, -1L);
  }

  /**
   * Where somebody is, as far as it is written down: near enough to go on from, and nobody's id,
   * which would stay after they are erased.
   */
  private static UUID position(UUID person) {
    return new UUID(person.getMostSignificantBits() & 0xFFFF_FFFF_0000_0000L, 0);
  }

  private static UUID before(int number) {
    return number == 0 ? FIRST : last(number - 1);
  }

  /** Where the round is. */
  record Round(long number, @Nullable Instant begunAt, @Nullable Instant endedAt) {}

  static Round round(Handle handle) {
    return handle
        .createQuery(
            """
            select round, nullif(begun_at, '-infinity') as begun_at,
                   nullif(ended_at, '-infinity') as ended_at
            from sweep
            """)
        .map(
            (row, context) ->
                new Round(row.getLong("round"), time(row, "begun_at"), time(row, "ended_at")))
        .one();
  }

  private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
    return row.getTimestamp(column) == null ? null : row.getTimestamp(column).toInstant();
  }

  /**
   * Begins a round unless one is at work, or one began within {@code atLeast}.
   *
   * @return the number of the round to work on
   */
  long begin(Database database, Duration atLeast) {
    return database.change(
        tx -> {
          tx.handle()
              .createUpdate(
                  """
                  update sweep
                  set round = round + 1, begun_at = statement_timestamp(), ended_at = null
                  where ended_at is not null
                    and (begun_at <= statement_timestamp() - make_interval(secs => :atLeast)
                      -- A clock set back must not stop the sweeps.
                      or begun_at > statement_timestamp())
                  """)
              .bind("atLeast", atLeast.toMillis() / 1000.0)
              .execute();
          return tx.handle().createQuery("select round from sweep").mapTo(Long.class).one();
        });
  }

  /** Takes a share that nobody works on and the round has not been through. */
  Optional<Range> claim(Database database, long round) {
    return database.change(
        tx ->
            tx.handle()
                .createQuery(
                    """
                    update sweep_range
                    set node = :node, held_until = statement_timestamp() + interval '10 seconds'
                    where number = (
                      select number from sweep_range
                      where round < :round
                        and (held_until <= statement_timestamp()
                          -- As nobody holds it for longer, the clock was set back.
                          or held_until > statement_timestamp() + interval '20 seconds')
                      order by number limit 1 for update skip locked)
                    returning number, reached
                    """)
                .bind("node", node)
                .bind("round", round)
                .map(
                    (row, context) -> {
                      UUID reached = row.getObject("reached", UUID.class);
                      short number = row.getShort("number");
                      return new Range(number, round, reached == null ? before(number) : reached);
                    })
                .findOne());
  }

  /** The share was taken over by somebody else, who goes on from where it was committed. */
  static final class Lost extends RuntimeException {
    private static final long serialVersionUID = 1;

    Lost() {
      super("another node goes on with this share");
    }
  }

  /**
   * Says how far it was worked on, in the transaction that did the work.
   *
   * @throws Lost if it is not held any more; the work must not commit
   */
  void reach(Transaction tx, Range range) {
    int held =
        tx.handle()
            .createUpdate(
                """
                update sweep_range
                set reached = :reached, held_until = statement_timestamp() + interval '10 seconds'
                where number = :number and node = :node and round < :round
                """)
            .bind("reached", position(range.reached()))
            .bind("number", range.number())
            .bind("node", node)
            .bind("round", range.round())
            .execute();
    if (held != 1) {
      throw new Lost();
    }
  }

  /** Says that the round was through it, and ends the round when it was through all. */
  void finish(Database database, Range range) {
    database.change(
        tx -> {
          tx.handle()
              .createUpdate(
                  """
                  update sweep_range
                  set round = :round, reached = null, node = null, held_until = '-infinity'
                  where number = :number and node = :node and round < :round
                  """)
              .bind("round", range.round())
              .bind("number", range.number())
              .bind("node", node)
              .execute();
          return range;
        });
  }

  /** Ends the round if it was through everything; returns whether it has ended. */
  boolean end(Database database, long round) {
    return database.change(
        tx -> {
          tx.handle()
              .createUpdate(
                  """
                  update sweep set ended_at = statement_timestamp()
                  where round = :round and ended_at is null
                    and not exists (select from sweep_range where round < :round)
                  """)
              .bind("round", round)
              .execute();
          return tx.handle()
              .createQuery("select round > :round or ended_at is not null from sweep")
              .bind("round", round)
              .mapTo(Boolean.class)
              .one();
        });
  }

  /** Lets go of a share that cannot be worked on now. */
  void letGo(Database database, Range range) {
    database.change(
        tx ->
            tx.handle()
                .createUpdate(
                    """
                    update sweep_range set node = null, held_until = '-infinity'
                    where number = :number and node = :node
                    """)
                .bind("number", range.number())
                .bind("node", node)
                .execute());
  }
}
