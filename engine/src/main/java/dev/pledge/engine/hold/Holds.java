package dev.pledge.engine.hold;

import dev.pledge.engine.store.PersonStatements;
import dev.pledge.engine.store.Transaction;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.SubjectId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** The rows of legal holds. */
public final class Holds {
  /** The most holds that one list gives. */
  public static final int MOST = 1_000;

  private static final String COLUMNS =
      """
      select hold_id, legal_case, subject_id, purpose, product, fields, officer, placed_at, until,
             reference
      from legal_hold
      """;

  /** Stores a hold. */
  public void insert(Transaction tx, LegalHold hold) {
    tx.handle()
        .createUpdate(
            """
            insert into legal_hold (hold_id, legal_case, subject_id, purpose, product, fields,
                                    officer, placed_at, until, reference)
            values (:hold, :case, :subject, :purpose, :product, :fields, :officer, :placed, :until,
                    :reference)
            """)
        .bind("hold", hold.id())
        .bind("case", hold.legalCase())
        .bind("subject", hold.subject().map(SubjectId::value).orElse(null))
        .bind("purpose", hold.purpose())
        .bind("product", hold.product())
        .bind("fields", hold.fields().stream().map(FieldId::toString).toArray(String[]::new))
        .bind("officer", hold.officer().value())
        .bind("placed", hold.placedAt())
        .bind("until", hold.until())
        .bind("reference", hold.reference())
        .execute();
  }

  /** The holds on the person that are in force. */
  public List<LegalHold> on(Handle handle, SubjectId subject) {
    return handle
        .createQuery(
            COLUMNS
                + "where subject_id = :subject and until > statement_timestamp() order by hold_id")
        .bind("subject", subject.value())
        .map(Holds::read)
        .list();
  }

  /** The hold of that id, if it is in force. */
  public Optional<LegalHold> find(Handle handle, UUID hold) {
    return handle
        .createQuery(COLUMNS + "where hold_id = :hold and until > statement_timestamp()")
        .bind("hold", hold)
        .map(Holds::read)
        .findOne();
  }

  /** The same, held until the transaction ends. */
  public Optional<LegalHold> take(Transaction tx, UUID hold) {
    return tx.handle()
        .createQuery(COLUMNS + "where hold_id = :hold and until > statement_timestamp() for update")
        .bind("hold", hold)
        .map(Holds::read)
        .findOne();
  }

  /** The holds in force, the newest first, of one case or of all; at most {@value #MOST}. */
  public List<LegalHold> list(Handle handle, Optional<UUID> legalCase) {
    return handle
        .createQuery(
            COLUMNS
                + """
                where until > statement_timestamp()
                  and (:case::uuid is null or legal_case = :case::uuid)
                order by placed_at desc, hold_id limit :most
                """)
        .bind("case", legalCase.orElse(null))
        .bind("most", MOST)
        .map(Holds::read)
        .list();
  }

  /** Those that have ended by themselves and are still there; at most {@value #MOST}. */
  public List<UUID> ended(Handle handle) {
    return handle
        .createQuery(
            """
            select hold_id from legal_hold where until <= statement_timestamp()
            order by until, hold_id limit :most
            """)
        .bind("most", MOST)
        .mapTo(UUID.class)
        .list();
  }

  /** The hold of that id, if it has ended by itself and is still there. */
  public Optional<LegalHold> findEnded(Handle handle, UUID hold) {
    return handle
        .createQuery(COLUMNS + "where hold_id = :hold and until <= statement_timestamp()")
        .bind("hold", hold)
        .map(Holds::read)
        .findOne();
  }

  /** Which of these are there, in force or not. */
  public List<SubjectId> present(Handle handle, List<SubjectId> keyNames) {
    return handle
        .createQuery("select hold_id from legal_hold where hold_id = any(:holds)")
        .bind("holds", keyNames.stream().map(SubjectId::value).toArray(UUID[]::new))
        .map((row, context) -> new SubjectId(row.getObject("hold_id", UUID.class)))
        .list();
  }

  /** From here on the holds on the person do not say whose they are. */
  public void forgetPerson(PersonStatements statements) {
    statements.add("update legal_hold set subject_id = null where subject_id = :subject");
  }

  /** Removes the hold whose key bears the name. */
  public void remove(PersonStatements statements) {
    statements.add("delete from legal_hold where hold_id = :subject");
  }

  private static LegalHold read(ResultSet row, StatementContext context) throws SQLException {
    Set<FieldId> fields =
        Stream.of((String[]) row.getArray("fields").getArray())
            .map(FieldId::of)
            .collect(Collectors.toUnmodifiableSet());
    return new LegalHold(
        row.getObject("hold_id", UUID.class),
        row.getObject("legal_case", UUID.class),
        Optional.ofNullable(row.getObject("subject_id", UUID.class)).map(SubjectId::new),
        row.getString("purpose"),
        row.getString("product"),
        fields,
        new ActorId(row.getString("officer")),
        time(row, "placed_at"),
        time(row, "until"),
        row.getBytes("reference"));
  }

  private static Instant time(ResultSet row, String column) throws SQLException {
    return row.getTimestamp(column).toInstant();
  }
}
