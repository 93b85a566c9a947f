package dev.pledge.engine.consent;

import dev.pledge.engine.store.PersonStatements;
import dev.pledge.engine.store.Transaction;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Choice;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SubjectId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Records choices (II.II.6, V.2). The order in which they count is the order in which this class
 * took the person's row, on the server; what clients say of time is evidence only.
 */
public final class Consents {

  /**
   * One recorded choice, without its evidence.
   *
   * @param order its place among the person's choices, from 1
   */
  public record Event(
      long order,
      UUID id,
      String purpose,
      @Nullable String product,
      @Nullable String channel,
      Coverage coverage,
      Answer answer,
      By by,
      PolicyVersion policy,
      Instant at) {}

  /** Gives a new person the empty state. */
  public void open(Transaction tx, SubjectId subject) {
    tx.handle()
        .createUpdate(
            """
            insert into consent_state (subject_id, last_order, choices, suppressed)
            values (:subject, 0, '', array[]::text[])
            """)
        .bind("subject", subject.value())
        .execute();
  }

  /**
   * Appends a choice and makes it count.
   *
   * @param choice the choice; its time and order are given here and what it holds is ignored
   * @param evidence sealed under the person's key
   */
  public void record(Transaction tx, SubjectId subject, Choice choice, byte[] evidence) {
    State state = lock(tx.handle(), subject);
    long order = state.order + 1;
    Choice ordered = choice.as(state.now, order);
    tx.handle()
        .createUpdate(
            """
            insert into consent_event (subject_id, entry, ordinal, purpose, product, channel, coverage,
                                       answer, given_by, policy, at, evidence)
            values (:subject, :entry, :ordinal, :purpose, :product, :channel, :coverage,
                    :answer, :by, :policy, :at, :evidence)
            """)
        .bind("subject", subject.value())
        .bind("entry", choice.id())
        .bind("ordinal", order)
        .bind("purpose", choice.purpose())
        .bind("product", choice.product() == null ? null : choice.product().value())
        .bind("channel", choice.channel() == null ? null : choice.channel().value())
        .bind("coverage", ChoiceLines.word(choice.coverage()))
        .bind("answer", ChoiceLines.word(choice.answer()))
        .bind("by", ChoiceLines.word(choice.by()))
        .bind("policy", choice.version().toString())
        .bind("at", state.now)
        .bind("evidence", evidence)
        .execute();
    tx.handle()
        .createUpdate(
            """
            update consent_state set last_order = :ordinal, choices = :choices
            where subject_id = :subject
            """)
        .bind("subject", subject.value())
        .bind("ordinal", order)
        .bind("choices", ChoiceLines.write(ChoiceLines.with(state.choices, ordered)))
        .execute();
  }

  /**
   * Has the grants for these products no longer count, since their use has ended (II.II.3).
   * Withdrawals go on counting, and the events stay as evidence.
   */
  public void endGrants(Transaction tx, SubjectId subject, Set<ProductId> products) {
    List<Choice> left =
        lock(tx.handle(), subject).choices.stream()
            .filter(
                choice ->
                    choice.answer() == Answer.WITHDRAWN
                        || choice.product() == null
                        || !products.contains(choice.product()))
            .toList();
    tx.handle()
        .createUpdate("update consent_state set choices = :choices where subject_id = :subject")
        .bind("subject", subject.value())
        .bind("choices", ChoiceLines.write(left))
        .execute();
  }

  /** When the person last withdrew something that covers this, by the database's clock. */
  public Optional<Instant> lastWithdrawal(
      Transaction tx,
      SubjectId subject,
      String purpose,
      @Nullable String product,
      @Nullable String channel,
      Coverage coverage) {
    return tx.handle()
        .createQuery(
            """
            select at from consent_event
            where subject_id = :subject and purpose = :purpose and answer = 'withdrawn'
              and (product is null or product = :product) and (channel is null or channel = :channel)
              and coverage in ('all', :coverage)
            order by ordinal desc limit 1
            """)
        .bind("subject", subject.value())
        .bind("purpose", purpose)
        .bind("product", product)
        .bind("channel", channel)
        .bind("coverage", ChoiceLines.word(coverage))
        .map((row, context) -> row.getTimestamp("at").toInstant())
        .findOne();
  }

  private record State(Instant now, long order, List<Choice> choices) {}

  private static State lock(Handle handle, SubjectId subject) {
    return handle
        .createQuery(
            """
            select statement_timestamp() as now, last_order, choices
            from consent_state where subject_id = :subject for update
            """)
        .bind("subject", subject.value())
        .map(
            (row, context) ->
                new State(
                    row.getTimestamp("now").toInstant(),
                    row.getLong("last_order"),
                    ChoiceLines.read(row.getString("choices"))))
        .one();
  }

  /** Marks fields the person removed: they are stored again only when the person supplies them. */
  public void suppress(Transaction tx, SubjectId subject, Collection<FieldId> fields) {
    tx.handle()
        .createUpdate(
            """
            update consent_state
            set suppressed = array(select distinct f from unnest(suppressed || :fields) f order by f)
            where subject_id = :subject
            """)
        .bind("subject", subject.value())
        .bind("fields", words(fields))
        .execute();
  }

  /** Takes such marks off fields the person has supplied again. */
  public void unsuppress(Transaction tx, SubjectId subject, Collection<FieldId> fields) {
    tx.handle()
        .createUpdate(
            """
            update consent_state
            set suppressed = array(select f from unnest(suppressed) f where f <> all(:fields) order by f)
            where subject_id = :subject
            """)
        .bind("subject", subject.value())
        .bind("fields", words(fields))
        .execute();
  }

  private static String[] words(Collection<FieldId> fields) {
    return fields.stream().map(FieldId::toString).toArray(String[]::new);
  }

  /** The last {@code limit} choices the person made before {@code before}, newest first. */
  public List<Event> events(Handle handle, SubjectId subject, long before, int limit) {
    return handle
        .createQuery(
            """
            select ordinal, entry, purpose, product, channel, coverage, answer, given_by, policy, at
            from consent_event where subject_id = :subject and ordinal < :before
            order by ordinal desc limit :limit
            """)
        .bind("subject", subject.value())
        .bind("before", before)
        .bind("limit", limit)
        .map((row, context) -> event(row))
        .list();
  }

  /** Takes a choice with its evidence, sealed under the person's key. */
  @FunctionalInterface
  public interface Evidenced {
    /** The next choice. */
    void take(Event event, byte[] evidence);
  }

  /** Hands over every choice the person made, oldest first. */
  public void everything(Handle handle, SubjectId subject, Evidenced each) {
    handle
        .createQuery(
            """
            select ordinal, entry, purpose, product, channel, coverage, answer, given_by, policy, at,
                   evidence
            from consent_event where subject_id = :subject order by ordinal
            """)
        .bind("subject", subject.value())
        .setFetchSize(500)
        .map((row, context) -> Map.entry(event(row), row.getBytes("evidence")))
        .forEach(event -> each.take(event.getKey(), event.getValue()));
  }

  private static Event event(ResultSet row) throws SQLException {
    return new Event(
        row.getLong("ordinal"),
        row.getObject("entry", UUID.class),
        row.getString("purpose"),
        row.getString("product"),
        row.getString("channel"),
        Coverage.valueOf(row.getString("coverage").toUpperCase(Locale.ROOT)),
        Answer.valueOf(row.getString("answer").toUpperCase(Locale.ROOT)),
        By.valueOf(row.getString("given_by").toUpperCase(Locale.ROOT)),
        PolicyVersion.of(row.getString("policy")),
        row.getTimestamp("at").toInstant());
  }

  /** Removes everything the person chose. */
  public void remove(PersonStatements statements) {
    statements
        .add("delete from consent_event where subject_id = :subject")
        .add("delete from consent_state where subject_id = :subject");
  }
}
