package dev.pledge.engine.subject;

import dev.pledge.engine.store.PersonStatements;
import dev.pledge.engine.store.Transaction;
import dev.pledge.policy.decision.SubjectState.Age;
import dev.pledge.policy.decision.SubjectState.Membership;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SubjectId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/**
 * Writes accounts and aliases; every method works in the caller's transaction, so that a change and
 * its log entry commit together. Reading an account's state for a decision is the gate's.
 */
public final class Subjects {

  /** Adds an account with one product. */
  public void insert(Transaction tx, NewSubject person) {
    tx.handle()
        .createUpdate(
            """
            insert into subject (subject_id, state_version, status, age, adult_at, birth_sealed,
                                 jurisdiction, products, closed_at, last_used, created_at)
            values (:subject, 1, 'active', :age, :adultAt, :birth, :jurisdiction, array[:product],
                    array[null::timestamptz],
                    array[(statement_timestamp() at time zone 'UTC')::date], statement_timestamp())
            """)
        .bind("subject", person.subject().value())
        .bind("age", word(person.age().age()))
        .bind("adultAt", person.age().adultAt())
        .bind("birth", person.age().birthSealed())
        .bind("jurisdiction", person.jurisdiction())
        .bind("product", person.product().value())
        .execute();
  }

  /** Adds a product to the account, or opens it again; the person uses it today. */
  public void join(Transaction tx, SubjectId subject, ProductId product) {
    tx.handle()
        .createUpdate(
            """
            update subject
            set products = array_append(array_remove(products, :product), :product),
                closed_at = array_append(
                  array(select c from unnest(products, closed_at) with ordinality as m(p, c, n)
                        where p <> :product order by n), null::timestamptz),
                last_used = array_append(
                  array(select u from unnest(products, last_used) with ordinality as m(p, u, n)
                        where p <> :product order by n),
                  (statement_timestamp() at time zone 'UTC')::date),
                state_version = state_version + 1
            where subject_id = :subject
            """)
        .bind("subject", subject.value())
        .bind("product", product.value())
        .execute();
  }

  /** Records the last days on which the person used their products; none goes back (II.II.3). */
  public void used(Transaction tx, SubjectId subject, Collection<Membership> memberships) {
    tx.handle()
        .createUpdate(
            """
            update subject
            set last_used =
                  array(select greatest(u, t.day)
                        from unnest(products, last_used) with ordinality as m(p, u, n)
                        left join unnest(:products, :days::date[]) as t(product, day)
                          on t.product = m.p
                        order by n),
                state_version = state_version + 1
            where subject_id = :subject
            """)
        .bind("subject", subject.value())
        .bind("products", words(memberships, membership -> membership.product().value()))
        .bind("days", words(memberships, membership -> membership.lastUsed().toString()))
        .execute();
  }

  private static String[] words(
      Collection<Membership> memberships, Function<Membership, String> word) {
    return memberships.stream().map(word).toArray(String[]::new);
  }

  /** Closes the account of one product; false if it was not open (V.3). */
  public boolean close(Transaction tx, SubjectId subject, ProductId product) {
    return tx.handle()
            .createUpdate(
                """
                update subject
                set closed_at[array_position(products, :product)] = statement_timestamp(),
                    state_version = state_version + 1
                where subject_id = :subject
                  and array_position(products, :product) is not null
                  and closed_at[array_position(products, :product)] is null
                """)
            .bind("subject", subject.value())
            .bind("product", product.value())
            .execute()
        == 1;
  }

  /** Records that the person accepted a version, with its sealed evidence (0.1). */
  public void accept(
      Transaction tx, SubjectId subject, UUID acceptance, PolicyVersion version, byte[] evidence) {
    tx.handle()
        .createUpdate(
            """
            insert into acceptance (subject_id, acceptance_id, version, accepted_at, evidence)
            values (:subject, :acceptance, :version, statement_timestamp(), :evidence)
            """)
        .bind("subject", subject.value())
        .bind("acceptance", acceptance)
        .bind("version", version.toString())
        .bind("evidence", evidence)
        .execute();
  }

  /** Makes {@code version} the one the person has accepted. */
  public void accepted(Transaction tx, SubjectId subject, PolicyVersion version) {
    tx.handle()
        .createUpdate(
            """
            update subject set accepted = :version, state_version = state_version + 1
            where subject_id = :subject
            """)
        .bind("subject", subject.value())
        .bind("version", version.toString())
        .execute();
  }

  /**
   * Replaces what is known of the person's age: the class, and sealed what it is told by (VI.1).
   */
  public void putAge(Transaction tx, SubjectId subject, StoredAge age) {
    tx.handle()
        .createUpdate(
            """
            update subject
            set age = :age, adult_at = :adultAt, birth_sealed = :birth,
                state_version = state_version + 1
            where subject_id = :subject
            """)
        .bind("subject", subject.value())
        .bind("age", word(age.age()))
        .bind("adultAt", age.adultAt())
        .bind("birth", age.birthSealed())
        .execute();
  }

  /** Replaces whose law the person lives under (VI.1). */
  public void move(Transaction tx, SubjectId subject, String jurisdiction) {
    tx.handle()
        .createUpdate(
            """
            update subject set jurisdiction = :jurisdiction, state_version = state_version + 1
            where subject_id = :subject
            """)
        .bind("subject", subject.value())
        .bind("jurisdiction", jurisdiction)
        .execute();
  }

  /** Marks that something a decision rests on has changed. */
  public void touch(Transaction tx, SubjectId subject) {
    tx.handle()
        .createUpdate(
            "update subject set state_version = state_version + 1 where subject_id = :subject")
        .bind("subject", subject.value())
        .execute();
  }

  /**
   * An alias: whose it is, and the datum it is of.
   *
   * @param holder the product that has the datum, by its code, or 0 for the account as a whole
   */
  public record Alias(SubjectId subject, short field, short holder) {}

  /** The alias that has one of the blind indexes. */
  public Optional<Alias> find(Handle handle, Collection<byte[]> blindIndexes) throws SQLException {
    return findAll(handle, blindIndexes).stream().findFirst();
  }

  /** The aliases that have one of the blind indexes. */
  public List<Alias> findAll(Handle handle, Collection<byte[]> blindIndexes) throws SQLException {
    // Jdbi would hand the driver an Object[], which it does not take for bytea.
    Connection connection = handle.getConnection();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "select subject_id, field, holder from alias where blind_index = any(?)")) {
      statement.setArray(1, connection.createArrayOf("bytea", blindIndexes.toArray(byte[][]::new)));
      try (ResultSet rows = statement.executeQuery()) {
        List<Alias> found = new ArrayList<>();
        while (rows.next()) {
          found.add(
              new Alias(
                  new SubjectId(rows.getObject("subject_id", UUID.class)),
                  rows.getShort("field"),
                  rows.getShort("holder")));
        }
        return found;
      }
    }
  }

  /**
   * Gives the person an alias in place of the one that this holder had for that field, and of the
   * same alias wherever else they had it.
   *
   * @param holder the product whose alias it is, by its code, or 0 for the account as a whole
   * @param blindIndexes of the alias, by their epochs
   * @throws dev.pledge.engine.store.ConstraintViolated duplicating {@code alias_pkey} if somebody
   *     else has it
   */
  public void putAlias(
      Transaction tx,
      SubjectId subject,
      short field,
      short holder,
      NavigableMap<Integer, byte[]> blindIndexes)
      throws SQLException {
    Connection connection = tx.handle().getConnection();
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            delete from alias
            where subject_id = ? and ((field = ? and holder = ?) or blind_index = any(?))
            """)) {
      statement.setObject(1, subject.value());
      statement.setShort(2, field);
      statement.setShort(3, holder);
      statement.setArray(
          4, connection.createArrayOf("bytea", blindIndexes.values().toArray(byte[][]::new)));
      statement.executeUpdate();
    }
    blindIndexes.forEach(
        (epoch, index) ->
            tx.handle()
                .createUpdate(
                    """
                    insert into alias (blind_index, subject_id, field, holder, epoch)
                    values (:index, :subject, :field, :holder, :epoch)
                    """)
                .bind("index", index)
                .bind("subject", subject.value())
                .bind("field", field)
                .bind("holder", holder)
                .bind("epoch", epoch)
                .execute());
  }

  /**
   * Aliases that have an index of one epoch and none of another, and the sealed value each is of,
   * in the order of their indexes.
   *
   * @param after the index of the last that was seen; empty for the first
   */
  public List<Unindexed> unindexed(Handle handle, int from, int to, byte[] after, int most) {
    return handle
        .createQuery(
            """
            select a.blind_index, a.subject_id, a.field, a.holder from alias a
            where a.epoch = :from and a.blind_index > :after
              and not exists (
                select from alias b where b.subject_id = a.subject_id and b.field = a.field
                  and b.holder = a.holder and b.epoch = :to)
            order by a.blind_index limit :most
            """)
        .bind("from", from)
        .bind("to", to)
        .bind("after", after)
        .bind("most", most)
        .map(
            (row, context) ->
                new Unindexed(
                    row.getBytes("blind_index"),
                    new Alias(
                        new SubjectId(row.getObject("subject_id", UUID.class)),
                        row.getShort("field"),
                        row.getShort("holder"))))
        .list();
  }

  /** An alias that lacks an index, and one that it has. */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  public record Unindexed(byte[] index, Alias alias) {}

  /** What is kept of the person's birth, sealed; empty if nothing is. */
  public Optional<byte[]> birth(Handle handle, SubjectId subject) {
    return handle
        .createQuery("select birth_sealed from subject where subject_id = :subject")
        .bind("subject", subject.value())
        .mapTo(byte[].class)
        .findOne();
  }

  /** Gives aliases their indexes of a further epoch, unless they have one. */
  public void addIndexes(Transaction tx, Map<Alias, byte[]> blindIndexes, int epoch)
      throws SQLException {
    Connection connection = tx.handle().getConnection();
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            insert into alias (blind_index, subject_id, field, holder, epoch)
            select n.*, ? from unnest(?::bytea[], ?::uuid[], ?::smallint[], ?::smallint[]) as n
            on conflict do nothing
            """)) {
      Set<Alias> aliases = blindIndexes.keySet();
      statement.setInt(1, epoch);
      statement.setArray(
          2, connection.createArrayOf("bytea", blindIndexes.values().toArray(byte[][]::new)));
      statement.setArray(
          3,
          connection.createArrayOf(
              "uuid", aliases.stream().map(alias -> alias.subject().value()).toArray()));
      statement.setArray(
          4, connection.createArrayOf("int2", aliases.stream().map(Alias::field).toArray()));
      statement.setArray(
          5, connection.createArrayOf("int2", aliases.stream().map(Alias::holder).toArray()));
      statement.executeUpdate();
    }
  }

  /** Removes all indexes of an epoch. */
  public void removeIndexes(Transaction tx, int epoch) {
    tx.handle()
        .createUpdate("delete from alias where epoch = :epoch")
        .bind("epoch", epoch)
        .execute();
  }

  /** Removes the person's aliases for those fields that one holder had. */
  public void removeAliases(
      Transaction tx, SubjectId subject, Collection<Short> fields, short holder) {
    tx.handle()
        .createUpdate(
            """
            delete from alias
            where subject_id = :subject and field = any(:fields) and holder = :holder
            """)
        .bind("subject", subject.value())
        .bind("fields", fields.toArray(Short[]::new))
        .bind("holder", holder)
        .execute();
  }

  /** Removes these aliases of many people. */
  public void removeAliases(Transaction tx, List<Alias> aliases) {
    if (aliases.isEmpty()) {
      return;
    }
    tx.handle()
        .createUpdate(
            """
            delete from alias a
            using unnest(:subjects::uuid[], :fields::smallint[], :holders::smallint[])
              as gone (subject_id, field, holder)
            where a.subject_id = gone.subject_id and a.field = gone.field
              and a.holder = gone.holder
            """)
        .bind("subjects", aliases.stream().map(a -> a.subject.value()).toArray(UUID[]::new))
        .bind("fields", aliases.stream().map(Alias::field).toArray(Short[]::new))
        .bind("holders", aliases.stream().map(Alias::holder).toArray(Short[]::new))
        .execute();
  }

  /** Removes the person's aliases for those fields, whoever had them. */
  public void removeAliases(Transaction tx, SubjectId subject, Collection<Short> fields) {
    tx.handle()
        .createUpdate("delete from alias where subject_id = :subject and field = any(:fields)")
        .bind("subject", subject.value())
        .bind("fields", fields.toArray(Short[]::new))
        .execute();
  }

  /** Notes that the log has the person as sealed, or as one who came back. */
  public void seal(Transaction tx, SubjectId subject, boolean sealed) {
    tx.handle()
        .createUpdate(
            """
            update subject set sealed = :sealed, state_version = state_version + 1
            where subject_id = :subject
            """)
        .bind("subject", subject.value())
        .bind("sealed", sealed)
        .execute();
  }

  /** Whether the log has the person as sealed. */
  public boolean isSealed(Handle handle, SubjectId subject) {
    return handle
        .createQuery("select exists (select from subject where subject_id = :subject and sealed)")
        .bind("subject", subject.value())
        .mapTo(Boolean.class)
        .one();
  }

  /** Everyone whom the log has as sealed. */
  public List<SubjectId> sealed(Handle handle) {
    return handle
        .createQuery("select subject_id from subject where sealed order by subject_id")
        .map((row, context) -> new SubjectId(row.getObject("subject_id", UUID.class)))
        .list();
  }

  /** Removes the account, its aliases and its acceptances. */
  public void remove(PersonStatements statements) {
    statements
        .add("delete from alias where subject_id = :subject")
        .add("delete from acceptance where subject_id = :subject")
        .add("delete from subject where subject_id = :subject");
  }

  /** Which of these people still have an account. */
  public List<SubjectId> present(Handle handle, Collection<SubjectId> subjects) {
    return handle
        .createQuery("select subject_id from subject where subject_id = any(:subjects)")
        .bind("subjects", subjects.stream().map(SubjectId::value).toArray(UUID[]::new))
        .map((row, context) -> new SubjectId(row.getObject("subject_id", UUID.class)))
        .list();
  }

  /** Forgets what the age class was told by, which no living key opens any more. */
  public void forgetBirth(Transaction tx, SubjectId subject) {
    tx.handle()
        .createUpdate("update subject set birth_sealed = null where subject_id = :subject")
        .bind("subject", subject.value())
        .execute();
  }

  private static String word(Age age) {
    return switch (age) {
      case ADULT -> "adult";
      case MINOR -> "minor";
      case SENSITIVE_MINOR -> "sensitive-minor";
      case UNKNOWN -> "unknown";
    };
  }

  /** The age class a stored word means. */
  public static Age age(String word) {
    return switch (word) {
      case "adult" -> Age.ADULT;
      case "minor" -> Age.MINOR;
      case "sensitive-minor" -> Age.SENSITIVE_MINOR;
      default -> Age.UNKNOWN;
    };
  }
}
