package dev.pledge.engine.gate;

import dev.pledge.engine.keys.Part;
import dev.pledge.engine.store.Vocabulary;
import dev.pledge.engine.vault.Sealed;
import dev.pledge.engine.vault.Vault;
import dev.pledge.engine.vault.Vault.Batch;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SubjectId;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is held of people that may be due, without the values themselves: the statement a sweep
 * rests on. It finds the accounts as a read does.
 */
final class Holdings {
  /** The most batches of one series that are looked at together; the oldest come first. */
  static final int MOST_BATCHES = 2_000;

  private static final String WANTED =
      "unnest(?::smallint[], ?::text[], ?::text[]) as f(code, collected, closed)";

  private static final String MAY_BE_DUE =
      """
      %1$s <= f.collected::timestamptz
        or (%1$s <= statement_timestamp()
          and exists (select from unnest(%2$s.closed_at) as c(at)
                      where c.at <= f.closed::timestamptz))
      """;

  private static final String HELD =
      People.ACCOUNTS
          + """
              select d.field, d.holder, d.product, d.collected_at, false as series,
                     1::bigint as count
              from datum d join
            """
          + WANTED
          + " on f.code = d.field where d.subject_id = s.subject_id and ("
          + MAY_BE_DUE.formatted("d.collected_at", "s")
          + """
              )
              union all
              select e.* from
            """
          + WANTED
          + """
               cross join lateral (
                select o.field, 0::smallint, o.product, o.collected_at, true, count(*)
                from observation o
                where o.subject_id = s.subject_id and o.field = f.code and (
            """
          + MAY_BE_DUE.formatted("o.collected_at", "s")
          + """
                )
                group by o.field, o.collected_at, o.product
                order by o.collected_at limit ?) e
            ) v on true
            where s.subject_id = any(?)
            order by n
            """;

  private static final String PAGE =
      """
      select p.subject_id, exists (
      select from datum d join
      """
          + WANTED
          + " on f.code = d.field where d.subject_id = p.subject_id and ("
          + MAY_BE_DUE.formatted("d.collected_at", "p")
          + ")) or exists (select from "
          + WANTED
          + " join observation o on o.field = f.code where o.subject_id = p.subject_id and ("
          + MAY_BE_DUE.formatted("o.collected_at", "p")
          + ")) or (p.birth_sealed is not null and exists (select from "
          + WANTED
          + " where f.code = any(?) and ("
          + MAY_BE_DUE.formatted("p.created_at", "p")
          + """
            ))) as candidate
            from (select subject_id, closed_at, created_at, birth_sealed from subject
                  where subject_id > ? and subject_id <= ? order by subject_id limit ?) p
            order by p.subject_id
            """;

  private final Vocabulary vocabulary;
  private final Vault vault;

  Holdings(Vocabulary vocabulary, Vault vault) {
    this.vocabulary = vocabulary;
    this.vault = vault;
  }

  /**
   * A value of a profile, or those of a series that came together.
   *
   * @param product that collected it
   */
  record Holding(
      FieldId field,
      @Nullable ProductId holder,
      ProductId product,
      Instant collectedAt,
      boolean series,
      int count) {
    /** Which part of the person it is of. */
    Part part() {
      return series
          ? Part.ofSeries(field, product.value(), collectedAt)
          : Part.ofField(field, holder == null ? "" : holder.value());
    }

    /** Whether the value is it, or one of them. */
    boolean has(Sealed value) {
      return series
          ? new Batch(field, product, collectedAt).has(value)
          : value.observedAt() == null
              && value.field().equals(field)
              && Objects.equals(value.holder(), holder);
    }
  }

  /** A person and what is held of them that may be due. */
  record Owner(Person person, List<Holding> holdings) {
    /** What it is of; of a series there may be more of the same part. */
    Set<Part> parts() {
      return holdings.stream().map(Holding::part).collect(Collectors.toCollection(HashSet::new));
    }

    /** Whether the value is among it. */
    boolean has(Sealed value) {
      return holdings.stream().anyMatch(holding -> holding.has(value));
    }
  }

  /** The people after one and up to another, in the order of their ids. */
  Expiry.Page page(Connection connection, Terms terms, UUID after, UUID to, int people)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(PAGE)) {
      int n = wanted(statement, 1, terms);
      n = wanted(statement, n, terms);
      n = wanted(statement, n, terms);
      statement.setArray(n++, connection.createArrayOf("int2", terms.ageFrom()));
      statement.setObject(n++, after);
      statement.setObject(n++, to);
      statement.setInt(n, people);
      List<SubjectId> candidates = new ArrayList<>();
      SubjectId last = null;
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          last = new SubjectId(rows.getObject(1, UUID.class));
          if (rows.getBoolean(2)) {
            candidates.add(last);
          }
        }
      }
      return new Expiry.Page(candidates, Optional.ofNullable(last));
    }
  }

  /**
   * What these people have that may be due.
   *
   * @param held those of them on whom there is a legal hold, where that is known
   */
  List<Owner> of(Connection connection, Terms terms, List<SubjectId> subjects, Set<UUID> held)
      throws SQLException {
    Array ids = connection.createArrayOf("uuid", subjects.stream().map(SubjectId::value).toArray());
    try (PreparedStatement statement = connection.prepareStatement(HELD)) {
      int n = 1;
      statement.setArray(n++, ids);
      n = wanted(statement, n, terms);
      n = wanted(statement, n, terms);
      statement.setInt(n++, MOST_BATCHES);
      statement.setArray(n, ids);
      List<Owner> owners = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        int at = -1;
        while (rows.next()) {
          if (rows.getInt("n") != at) {
            at = rows.getInt("n");
            owners.add(new Owner(People.person(rows, held), new ArrayList<>()));
          }
          if (rows.getTimestamp("collected_at") != null) {
            owners.getLast().holdings().add(holding(rows));
          }
        }
      }
      return owners;
    }
  }

  private static int wanted(PreparedStatement statement, int from, Terms terms)
      throws SQLException {
    Connection connection = statement.getConnection();
    int n = from;
    statement.setArray(n++, connection.createArrayOf("int2", terms.codes()));
    statement.setArray(n++, connection.createArrayOf("text", terms.collected()));
    statement.setArray(n++, connection.createArrayOf("text", terms.closed()));
    return n;
  }

  private Holding holding(ResultSet row) throws SQLException {
    return new Holding(
        FieldId.of(vocabulary.name(row.getShort("field"))),
        vault.holder(row.getShort("holder")),
        new ProductId(vocabulary.name(row.getShort("product"))),
        row.getTimestamp("collected_at").toInstant(),
        row.getBoolean("series"),
        Math.toIntExact(row.getLong("count")));
  }
}
