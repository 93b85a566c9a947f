package dev.pledge.engine.gate;

import dev.pledge.engine.consent.ChoiceLines;
import dev.pledge.engine.keys.WrappedKey;
import dev.pledge.engine.subject.StoredAge;
import dev.pledge.engine.subject.Subjects;
import dev.pledge.engine.vault.Vault;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.decision.SubjectState.Membership;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SubjectId;
import java.sql.Array;
import java.sql.Connection;
import java.sql.Date;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The one statement that a decision rests on: for each asked person the account, the wrapped key,
 * the choices and the asked values together, at one moment of the database's clock.
 */
final class People {
  /**
   * Fields wanted, as codes of the vocabulary.
   *
   * @param product the product asked for: of a series as many of its values are fetched as the
   *     window allows, and as many of all others, so that neither hides the other
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record Wanted(Short[] profile, Short[] series, short product, Window window) {
    static final Wanted NOTHING = new Wanted(new Short[0], new Short[0], (short) 0, Window.DEFAULT);
  }

  /** Whether the rows of the accounts are taken for a change. */
  enum Hold {
    NONE,
    FOR_CHANGE,
    /** For a change, and also of those who are sealed, since they may come back. */
    ALSO_SEALED,
    /** For a change, and also of those who are in the erasure ledger. */
    FOR_ERASURE
  }

  // INVARIANT: a change takes the account first and looks afterwards, in a statement of its own.
  // One
  // that looked and waited at once would, after the wait, see the account as it is and the choices
  // as they were before.
  private static final String TAKE =
      """
      select subject_id, exists (select from legal_hold h where h.subject_id = s.subject_id) as held
      from subject s where subject_id = any(?) order by subject_id for no key update of s
      """;

  static final String ACCOUNTS =
      """
      select array_position(?::uuid[], s.subject_id) as n, statement_timestamp() as now,
             s.subject_id, s.state_version, s.status, s.age, s.adult_at, s.birth_sealed, s.jurisdiction,
             s.accepted, s.products, s.closed_at, s.last_used, s.created_at,
             k.generation as key_generation, k.epoch, k.wrapped, c.choices, c.suppressed,
             v.*
      from subject s
      join subject_key k on k.subject_id = s.subject_id
      join consent_state c on c.subject_id = s.subject_id
      left join lateral (
      """;

  private static final String PROFILE =
      """
        select d.field, d.holder, d.version, d.generation, d.product, d.source, d.collected_at,
               null::uuid as datum, null::timestamptz as observed_at, d.sealed
        from datum d where d.subject_id = s.subject_id and d.field = any(?)
      """;

  private static final String SERIES =
      """
        union all
        select e.* from unnest(?::smallint[]) as f(code)
        cross join (values (true), (false)) as w(own)
        cross join lateral (
          select o.field, 0::smallint, 0, o.generation, o.product, o.source, o.collected_at,
                 o.datum, o.observed_at, o.sealed
          from observation o
          where o.subject_id = s.subject_id and o.field = f.code and (o.product = ?) = w.own
            and o.observed_at >= coalesce(?::timestamptz, '-infinity')
            and o.observed_at < coalesce(?::timestamptz, 'infinity')
          order by o.observed_at desc, o.datum desc limit ?) e
      """;

  private static final String ASKED =
      """
      ) v on true
      where s.subject_id = any(?)
      order by n, v.field, v.observed_at desc, v.datum desc
      """;

  private static final String READ_PROFILE = ACCOUNTS + PROFILE + ASKED;
  private static final String READ_ALL = ACCOUNTS + PROFILE + SERIES + ASKED;

  private final Vault vault;

  private final Predicate<SubjectId> erased;
  private final Predicate<SubjectId> hidden;

  /**
   * Whoever is {@code erased} is not found, whether or not the rows are gone already, and whoever
   * is sealed is not either: both are {@code hidden}.
   */
  People(Vault vault, Predicate<SubjectId> erased, Predicate<SubjectId> hidden) {
    this.vault = vault;
    this.erased = erased;
    this.hidden = hidden;
  }

  /**
   * The people asked for, each at its place in {@code subjects}; null where there is nobody.
   *
   * @param subjects without repetition
   */
  List<@Nullable Person> find(
      Connection connection, List<SubjectId> subjects, Wanted wanted, Hold hold)
      throws SQLException {
    boolean series = wanted.series().length > 0;
    Array ids = connection.createArrayOf("uuid", subjects.stream().map(SubjectId::value).toArray());
    Set<UUID> held = hold == Hold.NONE ? Set.of() : take(connection, ids);
    try (PreparedStatement statement =
        connection.prepareStatement(series ? READ_ALL : READ_PROFILE)) {
      int n = 1;
      statement.setArray(n++, ids);
      statement.setArray(n++, connection.createArrayOf("int2", wanted.profile()));
      if (series) {
        statement.setArray(n++, connection.createArrayOf("int2", wanted.series()));
        statement.setShort(n++, wanted.product());
        statement.setObject(n++, utc(wanted.window().from()));
        statement.setObject(n++, utc(wanted.window().to()));
        statement.setInt(n++, wanted.window().limit());
      }
      statement.setArray(n, ids);
      try (ResultSet rows = statement.executeQuery()) {
        List<@Nullable Person> people = read(rows, subjects.size(), held);
        // INVARIANT: the one place where people are found, so that nobody else has to ask.
        Predicate<SubjectId> gone =
            switch (hold) {
              case NONE, FOR_CHANGE -> hidden;
              case ALSO_SEALED -> erased;
              case FOR_ERASURE -> _ -> false;
            };
        people.replaceAll(p -> p != null && gone.test(p.subject()) ? null : p);
        return people;
      }
    }
  }

  /** Takes the accounts; those on which there is a legal hold. */
  static Set<UUID> take(Connection connection, Array ids) throws SQLException {
    Set<UUID> held = new HashSet<>();
    try (PreparedStatement statement = connection.prepareStatement(TAKE)) {
      statement.setArray(1, ids);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          if (rows.getBoolean("held")) {
            held.add(rows.getObject("subject_id", UUID.class));
          }
        }
      }
    }
    return held;
  }

  private static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }

  private List<@Nullable Person> read(ResultSet rows, int asked, Set<UUID> held)
      throws SQLException {
    List<@Nullable Person> people = new ArrayList<>();
    for (int i = 0; i < asked; i++) {
      people.add(null);
    }
    Person person = null;
    int at = -1;
    while (rows.next()) {
      int n = rows.getInt("n") - 1;
      if (person == null || n != at) {
        person = person(rows, held);
        people.set(n, person);
        at = n;
      }
      if (rows.getBytes("sealed") != null) {
        person.values().add(vault.sealed(rows, person.subject()));
      }
    }
    return people;
  }

  static Person person(ResultSet row, Set<UUID> held) throws SQLException {
    SubjectId subject = new SubjectId(row.getObject("subject_id", UUID.class));
    String accepted = row.getString("accepted");
    StoredAge age =
        new StoredAge(
            Subjects.age(row.getString("age")),
            row.getInt("adult_at"),
            row.getBytes("birth_sealed"));
    SubjectState state =
        new SubjectState(
            subject,
            row.getLong("state_version"),
            row.getTimestamp("now").toInstant(),
            SubjectState.Status.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
            memberships(row),
            Optional.ofNullable(accepted).map(PolicyVersion::of),
            age.age(),
            ChoiceLines.read(row.getString("choices")),
            suppressed(row));
    WrappedKey wrapped =
        new WrappedKey(row.getInt("epoch"), row.getInt("key_generation"), row.getBytes("wrapped"));
    return new Person(
        state,
        wrapped,
        age,
        row.getString("jurisdiction"),
        row.getTimestamp("created_at").toInstant(),
        held.contains(subject.value()),
        new ArrayList<>());
  }

  private static List<Membership> memberships(ResultSet row) throws SQLException {
    String[] products = (String[]) row.getArray("products").getArray();
    Date[] used = (Date[]) row.getArray("last_used").getArray();
    Timestamp[] closed = (Timestamp[]) row.getArray("closed_at").getArray();
    List<Membership> memberships = new ArrayList<>(products.length);
    for (int i = 0; i < products.length; i++) {
      memberships.add(
          new Membership(
              new ProductId(products[i]),
              closed[i] == null ? null : closed[i].toInstant(),
              used[i].toLocalDate()));
    }
    return memberships;
  }

  private static Set<FieldId> suppressed(ResultSet row) throws SQLException {
    String[] fields = (String[]) row.getArray("suppressed").getArray();
    return fields.length == 0
        ? Set.of()
        : Stream.of(fields).map(FieldId::of).collect(Collectors.toSet());
  }
}
