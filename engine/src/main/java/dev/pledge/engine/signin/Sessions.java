package dev.pledge.engine.signin;

import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.PersonStatements;
import dev.pledge.engine.store.TimeOrderedIds;
import dev.pledge.engine.store.Transaction;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SubjectId;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.jdbi.v3.core.Handle;

/**
 * Links that sign people in once, and who is signed in. Nothing of it is remembered in memory, so
 * what is ended is ended everywhere at once. Safe for all threads.
 */
public final class Sessions {
  /** For how long a link may be followed. */
  public static final Duration LINK = Duration.ofMinutes(5);

  /** How exactly it is known when a session was last used. */
  private static final Duration EXACTNESS = Duration.ofMinutes(1);

  private final Predicate<SubjectId> gone;
  private final TimeOrderedIds ids;
  private final SecureRandom random;
  private final InstantSource clock;

  /**
   * Sessions of everybody but those who are gone.
   *
   * @param gone who is erased, or sealed
   */
  public Sessions(
      Predicate<SubjectId> gone, TimeOrderedIds ids, SecureRandom random, InstantSource clock) {
    this.gone = gone;
    this.ids = ids;
    this.random = random;
    this.clock = clock;
  }

  /**
   * What a link is to do.
   *
   * @param product that hands the person over
   * @param place where in the Privacy Centre it leads
   * @param steppedUp whether the product has just looked again that it is them
   */
  public record HandOver(ProductId product, String place, boolean steppedUp) {}

  /** A link that was made: what it carries, once, and until when. */
  public record Link(String secret, Instant expires) {
    @Override
    public String toString() {
      return "Link[[redacted], " + expires + "]";
    }
  }

  /** A session that was begun: what the browser is to keep, once, and where the link led. */
  public record Begun(String secret, Session session, String place) {
    @Override
    public String toString() {
      return "Begun[[redacted], " + session.id() + "]";
    }
  }

  /** Makes a link for the person, who has to be there. */
  public Link handOver(Transaction tx, SubjectId subject, HandOver handOver) {
    Secret secret = Secret.fresh(subject, random);
    Instant expires = clock.instant().plus(LINK);
    tx.handle()
        .createUpdate(
            """
            insert into hand_over (subject_id, secret_hash, product, place, stepped_up, expires_at)
            values (:subject, :hash, :product, :place, :steppedUp, :expires)
            """)
        .bind("subject", subject.value())
        .bind("hash", secret.hash())
        .bind("product", handOver.product().value())
        .bind("place", handOver.place())
        .bind("steppedUp", handOver.steppedUp())
        .bind("expires", expires)
        .execute();
    return new Link(secret.text(), expires);
  }

  /** Whom a link would sign in; empty if it is none. Nothing is used up by asking. */
  public Optional<SubjectId> whose(String link) {
    return Secret.of(link).map(Secret::subject).filter(subject -> !gone.test(subject));
  }

  /**
   * Begins a session with a link, which is good for nothing afterwards; empty if it is none, was
   * used or has expired. Of several who come with it at the same time one gets in.
   */
  public Optional<Begun> begin(Transaction tx, String link, String device) {
    Optional<Secret> secret = Secret.of(link).filter(presented -> !gone.test(presented.subject()));
    return secret
        .flatMap(presented -> use(tx, presented))
        .map(handOver -> begin(tx, secret.get().subject(), handOver, device));
  }

  private Optional<HandOver> use(Transaction tx, Secret link) {
    return tx.handle()
        .createQuery(
            """
            delete from hand_over
            where subject_id = :subject and secret_hash = :hash and expires_at > :now
            returning product, place, stepped_up
            """)
        .bind("subject", link.subject().value())
        .bind("hash", link.hash())
        .bind("now", clock.instant())
        .map(
            (row, context) ->
                new HandOver(
                    new ProductId(row.getString("product")),
                    row.getString("place"),
                    row.getBoolean("stepped_up")))
        .findOne();
  }

  private Begun begin(Transaction tx, SubjectId subject, HandOver handOver, String device) {
    Secret secret = Secret.fresh(subject, random);
    Instant now = clock.instant();
    Session session =
        new Session(
            subject,
            ids.unordered(),
            handOver.product(),
            device,
            now,
            now,
            handOver.steppedUp() ? Optional.of(now) : Optional.empty(),
            now.plus(Session.LONGEST));
    tx.handle()
        .createUpdate(
            """
            insert into session (subject_id, session_id, secret_hash, product, device, created_at,
                                 used_at, stepped_up_at, ends_at)
            values (:subject, :id, :hash, :product, :device, :now, :now, :steppedUp, :ends)
            """)
        .bind("subject", subject.value())
        .bind("id", session.id())
        .bind("hash", secret.hash())
        .bind("product", handOver.product().value())
        .bind("device", device)
        .bind("now", now)
        .bind("steppedUp", session.steppedUpAt().orElse(null))
        .bind("ends", session.endsAt())
        .execute();
    return new Begun(secret.text(), session, handOver.place());
  }

  /** The session that is opened by what a browser has kept; empty if it is none, or has ended. */
  public Optional<Session> find(Database database, String kept) {
    return Secret.of(kept)
        .filter(secret -> !gone.test(secret.subject()))
        .flatMap(secret -> database.read(handle -> find(handle, secret)));
  }

  private Optional<Session> find(Handle handle, Secret secret) {
    Instant now = clock.instant();
    return handle
        .createQuery(
            """
            with used as (
              update session set used_at = :now
              where subject_id = :subject and secret_hash = :hash
                and ends_at > :now and used_at > :idle and used_at <= :inexact)
            select * from session
            where subject_id = :subject and secret_hash = :hash and ends_at > :now and used_at > :idle
            """)
        .bind("subject", secret.subject().value())
        .bind("hash", secret.hash())
        .bind("now", now)
        .bind("idle", now.minus(Session.IDLE))
        .bind("inexact", now.minus(EXACTNESS))
        .map((row, context) -> session(row))
        .findOne();
  }

  /** The person's sessions that have not ended, the one used last first. */
  public List<Session> of(Handle handle, SubjectId subject) {
    Instant now = clock.instant();
    return handle
        .createQuery(
            """
            select * from session
            where subject_id = :subject and ends_at > :now and used_at > :idle
            order by used_at desc, session_id
            """)
        .bind("subject", subject.value())
        .bind("now", now)
        .bind("idle", now.minus(Session.IDLE))
        .map((row, context) -> session(row))
        .list();
  }

  private static Session session(ResultSet row) throws SQLException {
    return new Session(
        new SubjectId(row.getObject("subject_id", UUID.class)),
        row.getObject("session_id", UUID.class),
        new ProductId(row.getString("product")),
        row.getString("device"),
        row.getTimestamp("created_at").toInstant(),
        row.getTimestamp("used_at").toInstant(),
        Optional.ofNullable(row.getTimestamp("stepped_up_at")).map(Timestamp::toInstant),
        row.getTimestamp("ends_at").toInstant());
  }

  /** Ends one of the person's sessions; whether there was one of that id. */
  public boolean end(Transaction tx, SubjectId subject, UUID session) {
    return tx.handle()
            .createUpdate(
                "delete from session where subject_id = :subject and session_id = :session")
            .bind("subject", subject.value())
            .bind("session", session)
            .execute()
        > 0;
  }

  /** Ends all of the person's sessions but this one; returns how many. */
  public int endOthers(Transaction tx, SubjectId subject, UUID session) {
    return tx.handle()
        .createUpdate("delete from session where subject_id = :subject and session_id <> :session")
        .bind("subject", subject.value())
        .bind("session", session)
        .execute();
  }

  /** Removes what has ended, of everybody. */
  public void deleteOld(Database database) {
    Instant now = clock.instant();
    database.change(
        tx -> {
          tx.handle()
              .createUpdate("delete from session where ends_at <= :now or used_at <= :idle")
              .bind("now", now)
              .bind("idle", now.minus(Session.IDLE))
              .execute();
          return tx.handle()
              .createUpdate("delete from hand_over where expires_at <= :now")
              .bind("now", now)
              .execute();
        });
  }

  /** Removes every session and link of the person. */
  public void remove(PersonStatements statements) {
    statements.add("delete from session where subject_id = :subject");
    statements.add("delete from hand_over where subject_id = :subject");
  }
}
