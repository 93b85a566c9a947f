package dev.pledge.engine.oversight;

import dev.pledge.engine.oversight.Review.Done;
import dev.pledge.engine.oversight.Review.Finding;
import dev.pledge.engine.store.PersonStatements;
import dev.pledge.engine.store.Transaction;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SubjectId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The emergency uses that are to be reviewed, and their reviews. */
public final class Reviews {
  /** The most reviews of one page. */
  public static final int MOST = 200;

  private static final Instant FIRST = Instant.EPOCH;

  /** Which reviews are listed. */
  public enum Which {
    OPEN,
    ALL
  }

  /** Opens the review of a use, in the transaction that logs it. */
  public void open(Transaction tx, EmergencyUse use) {
    tx.handle()
        .createUpdate(
            """
            insert into review (subject_id, review_id, actor_id, purpose, product, used_at, due)
            values (:subject, :review, :user, :purpose, :product, :used, :due)
            """)
        .bind("subject", use.subject().value())
        .bind("review", use.review())
        .bind("user", use.user().value())
        .bind("purpose", use.purpose())
        .bind("product", use.product())
        .bind("used", use.at())
        .bind("due", use.due())
        .execute();
  }

  /** Whether a use of the actor should have been reviewed by now and was not. */
  public boolean isOverdue(Handle handle, ActorId actor) {
    return handle
        .createQuery(
            """
            select exists (select from review
                           where actor_id = :actor and reviewed_at is null
                             and due <= statement_timestamp())
            """)
        .bind("actor", actor.value())
        .mapTo(Boolean.class)
        .one();
  }

  /** The review of that id about the person, held until the transaction ends. */
  public Optional<Review> take(Transaction tx, SubjectId subject, UUID id) {
    return tx.handle()
        .createQuery(
            """
            select subject_id, review_id, actor_id, purpose, product, used_at, due,
                   reviewed_at, reviewed_by, finding
            from review where subject_id = :subject and review_id = :id for update
            """)
        .bind("subject", subject.value())
        .bind("id", id)
        .map((row, context) -> review(row))
        .findOne();
  }

  /** Completes a review that is held and open. */
  public void complete(Transaction tx, Review review, ActorId by, Finding finding) {
    tx.handle()
        .createUpdate(
            """
            update review
            set reviewed_at = date_trunc(:unit, now(), 'UTC'), reviewed_by = :by, finding = :finding
            where subject_id = :subject and review_id = :id
            """)
        .bind("subject", review.subject().value())
        .bind("id", review.id())
        .bind("unit", review.isAboutNobody() ? "day" : "second")
        .bind("by", by.value())
        .bind("finding", word(finding))
        .execute();
  }

  /**
   * A page of the reviews of these purposes and products, the earliest due first.
   *
   * @param limit the most reviews, 1 to {@value #MOST}
   */
  public ReviewPage page(
      Handle handle,
      Which which,
      Collection<String> purposes,
      Set<ProductId> products,
      Optional<ReviewCursor> after,
      int limit) {
    if (limit < 1 || limit > MOST) {
      throw new IllegalArgumentException("a page has 1 to " + MOST + " reviews");
    }
    ReviewCursor from = after.orElse(new ReviewCursor(FIRST, new UUID(0, 0)));
    List<Review> found =
        handle
            .createQuery(
                """
                select subject_id, review_id, actor_id, purpose, product, used_at, due,
                       reviewed_at, reviewed_by, finding
                from review
                where (due, review_id) > (:due, :id)<open>
                  and purpose = any(:purposes) and product = any(:products)
                order by due, review_id limit :limit
                """)
            .define("open", which == Which.OPEN ? " and reviewed_at is null" : "")
            .bind("due", from.due())
            .bind("id", from.review())
            .bind("purposes", purposes.toArray(String[]::new))
            .bind("products", products.stream().map(ProductId::value).toArray(String[]::new))
            .bind("limit", limit + 1)
            .map((row, context) -> review(row))
            .list();
    return ReviewPage.of(found, limit);
  }

  /**
   * Takes the person's name off their reviews, which stay, and with it what leads to entries of the
   * log: ids, and times as near as that. Call it when nobody can use the person's data any more in
   * a transaction that has not ended: a review opened later would keep the name.
   */
  public void forgetPerson(PersonStatements statements) {
    // A table that is spread by a column does not let it be updated.
    statements
        .add(
            """
            insert into review (subject_id, review_id, actor_id, purpose, product, used_at, due,
                                reviewed_at, reviewed_by, finding)
            select review_id, review_id, actor_id, purpose, product,
                   date_trunc('day', used_at, 'UTC'), date_trunc('hour', due, 'UTC'),
                   date_trunc('day', reviewed_at, 'UTC'), reviewed_by, finding
            from review where subject_id = :subject
            """)
        .add("delete from review where subject_id = :subject");
  }

  private static Review review(ResultSet row) throws SQLException {
    String finding = row.getString("finding");
    Done done =
        finding == null
            ? null
            : new Done(
                row.getTimestamp("reviewed_at").toInstant(),
                new ActorId(row.getString("reviewed_by")),
                Finding.valueOf(finding.toUpperCase(Locale.ROOT)));
    return new Review(
        new SubjectId(row.getObject("subject_id", UUID.class)),
        row.getObject("review_id", UUID.class),
        new ActorId(row.getString("actor_id")),
        row.getString("purpose"),
        row.getString("product"),
        row.getTimestamp("used_at").toInstant(),
        row.getTimestamp("due").toInstant(),
        done);
  }

  private static String word(Finding finding) {
    return finding.name().toLowerCase(Locale.ROOT);
  }
}
