package dev.pledge.engine.vault;

import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.keys.Aad;
import dev.pledge.engine.keys.Part;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.keys.UnsealException;
import dev.pledge.engine.store.PersonStatements;
import dev.pledge.engine.store.TimeOrderedIds;
import dev.pledge.engine.store.Transaction;
import dev.pledge.engine.store.Vocabulary;
import dev.pledge.engine.value.Value;
import dev.pledge.policy.decision.Act;
import dev.pledge.policy.decision.Permit;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.FieldType;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SourceId;
import dev.pledge.policy.names.SubjectId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/**
 * Stores and opens values. Both take a {@link Permit}, which they use up, and refuse what it does
 * not name: another act, another person, another field, a datum it does not admit. Opening also
 * takes the {@link Receipt} of the log entry, durable and of this very decision, so that nothing is
 * opened that is not on the log.
 */
public final class Vault {
  private static final short ACCOUNT = 0;

  /** When the month of a value of a series began, as {@link Part#ofSeries} has it. */
  private static final String MONTH = "date_trunc('month', collected_at, 'UTC')";

  private static final Set<Act> OPENING = Set.of(Act.READ, Act.SHARE);
  private static final Set<Act> STORING = Set.of(Act.COLLECT);

  private final Vocabulary vocabulary;
  private final TimeOrderedIds ids;

  /** A vault whose rows speak in the codes of {@code vocabulary}. */
  public Vault(Vocabulary vocabulary, TimeOrderedIds ids) {
    this.vocabulary = vocabulary;
    this.ids = ids;
  }

  /**
   * What is to be opened: a stored value and which asked field it answers.
   *
   * @param type the type under which the policy declares the field
   */
  public record Candidate(int asked, FieldType type, Sealed place) {}

  /**
   * Opens values.
   *
   * @param receipt the entry that logs this opening
   * @throws IllegalStateException if the permit was used before, is none to read or share, or does
   *     not admit a candidate; or if the receipt is not durable, or of another decision
   * @throws dev.pledge.engine.keys.UnsealException if a value was altered or moved
   */
  public List<Opened> open(
      Permit permit, Receipt receipt, SubjectKey key, List<Candidate> candidates) {
    List<Opened> opened = new ArrayList<>(candidates.size());
    candidates.forEach(opening(permit, receipt, key, opened::add));
    return opened;
  }

  /**
   * As {@link #open}, of values that need not be there together: each that is given is opened and
   * handed on. The permit is used up at once.
   */
  public Consumer<Candidate> opening(
      Permit permit, Receipt receipt, SubjectKey key, Consumer<Opened> each) {
    permit.use();
    requireAct(permit, OPENING);
    requireLogged(receipt, permit);
    return candidate -> {
      requireAdmitted(permit, key.subject(), candidate);
      byte[] bytes = key.open(aad(candidate.place()), candidate.place().bytes());
      each.accept(
          new Opened(candidate.asked(), candidate.place(), Value.decode(candidate.type(), bytes)));
    };
  }

  private static void requireAct(Permit permit, Set<Act> acts) {
    if (!acts.contains(permit.question().act())) {
      throw new IllegalStateException("the permit is for another act; ask for this one");
    }
  }

  private static void requireLogged(Receipt receipt, Permit permit) {
    if (!receipt.isDurable()) {
      throw new IllegalStateException("the log entry is not durable; commit it before opening");
    }
    if (!receipt.isOf(permit.subject(), permit.state().now())) {
      throw new IllegalStateException("the receipt is of another decision; log this one");
    }
  }

  private static void requireAdmitted(Permit permit, SubjectId holder, Candidate candidate) {
    Sealed place = candidate.place();
    boolean named =
        permit.subject().equals(place.subject())
            && holder.equals(place.subject())
            && place.field().equals(permit.field(candidate.asked()))
            && permit.view(candidate.asked()) != null
            && permit.admits(candidate.asked(), place.product(), place.collectedAt()) == null;
    if (!named) {
      throw new IllegalStateException("the permit does not admit this value; ask for it");
    }
  }

  private static Aad aad(Sealed place) {
    return new Aad(
        place.field(),
        place.part(),
        datum(place),
        place.version(),
        place.product(),
        place.source(),
        place.collectedAt());
  }

  private static String datum(Sealed place) {
    if (place.datum() != null) {
      return place.observedAt() + " " + place.datum();
    }
    return place.keptFor();
  }

  /**
   * Seals and stores values in the transaction that also logs them.
   *
   * @param accountWide which asked fields the account as a whole holds
   * @throws IllegalStateException if the permit was used before, is none to collect, or does not
   *     let a field be stored
   */
  public void store(
      Transaction tx,
      Permit permit,
      SubjectKey key,
      List<Storing> values,
      Predicate<FieldId> accountWide) {
    permit.use();
    requireAct(permit, STORING);
    if (!permit.subject().equals(key.subject())) {
      throw new IllegalStateException("the key is not that of the person permitted");
    }
    ProductId product = new ProductId(permit.question().product());
    SourceId source = new SourceId(Optional.ofNullable(permit.question().source()).orElseThrow());
    Instant now = permit.state().now();
    List<Sealed> profile = new ArrayList<>();
    List<Sealed> series = new ArrayList<>();
    for (Storing storing : values) {
      FieldId field = permit.field(storing.asked());
      if (field == null || permit.view(storing.asked()) == null) {
        throw new IllegalStateException("the permit does not let this field be stored; ask for it");
      }
      boolean timed = storing.observedAt() != null;
      Sealed place =
          new Sealed(
              permit.subject(),
              field,
              timed || accountWide.test(field) ? null : product,
              timed ? 0 : storing.version(),
              key.generation(),
              product,
              source,
              now,
              timed ? ids.next() : null,
              storing.observedAt(),
              new byte[0]);
      (timed ? series : profile).add(sealed(place, key, storing.value()));
    }
    short policy = vocabulary.code(permit.policy().toString());
    storeProfile(tx, profile, policy);
    storeSeries(tx, series, policy);
  }

  private static Sealed sealed(Sealed place, SubjectKey key, Value value) {
    return new Sealed(
        place.subject(),
        place.field(),
        place.holder(),
        place.version(),
        place.generation(),
        place.product(),
        place.source(),
        place.collectedAt(),
        place.datum(),
        place.observedAt(),
        key.seal(aad(place), value.canonical()));
  }

  private void storeProfile(Transaction tx, List<Sealed> places, short policy) {
    if (places.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        tx.handle()
            .prepareBatch(
                """
                insert into datum (subject_id, field, holder, product, source, policy, version,
                                   generation, collected_at, sealed)
                values (:subject, :field, :holder, :product, :source, :policy, :version,
                        :generation, :collected, :sealed)
                on conflict (subject_id, field, holder) do update
                set product = excluded.product, source = excluded.source, policy = excluded.policy,
                    version = excluded.version, generation = excluded.generation,
                    collected_at = excluded.collected_at, sealed = excluded.sealed
                """);
    for (Sealed place : places) {
      bind(batch, place, policy)
          .bind("holder", code(place.holder()))
          .bind("version", place.version())
          .add();
    }
    batch.execute();
  }

  private void storeSeries(Transaction tx, List<Sealed> places, short policy) {
    if (places.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        tx.handle()
            .prepareBatch(
                """
                insert into observation (subject_id, field, observed_at, datum, product, source,
                                         policy, generation, collected_at, sealed)
                values (:subject, :field, :observed, :datum, :product, :source, :policy,
                        :generation, :collected, :sealed)
                """);
    for (Sealed place : places) {
      bind(batch, place, policy)
          .bind("observed", place.observedAt())
          .bind("datum", place.datum())
          .add();
    }
    batch.execute();
  }

  private PreparedBatch bind(PreparedBatch batch, Sealed place, short policy) {
    return batch
        .bind("subject", place.subject().value())
        .bind("field", vocabulary.code(place.field().toString()))
        .bind("product", vocabulary.code(place.product().value()))
        .bind("source", vocabulary.code(place.source().value()))
        .bind("policy", policy)
        .bind("generation", place.generation())
        .bind("collected", place.collectedAt())
        .bind("sealed", place.bytes());
  }

  /** The code that stands for a product, or for the account as a whole where there is none. */
  public short code(@Nullable ProductId holder) {
    return holder == null ? ACCOUNT : vocabulary.code(holder.value());
  }

  /**
   * What was deleted.
   *
   * @param counts how many values there were of each field that had any
   * @param parts what they were of; of a series there may be more of the same part
   */
  public record Deleted(Map<FieldId, Integer> counts, Set<Part> parts) {}

  /** Deletes every value of these fields. */
  public Deleted delete(Transaction tx, SubjectId subject, Collection<FieldId> fields) {
    return deleteOf(tx, subject, fields, null);
  }

  /** Deletes the values of these fields that {@code product} collected. */
  public Deleted delete(
      Transaction tx, SubjectId subject, Collection<FieldId> fields, ProductId product) {
    return deleteOf(tx, subject, fields, vocabulary.code(product.value()));
  }

  private Deleted deleteOf(
      Transaction tx, SubjectId subject, Collection<FieldId> fields, @Nullable Short product) {
    return deleted(
        tx.handle()
            .createQuery(
                """
                with profile as (
                  delete from datum
                  where subject_id = :subject and field = any(:fields)
                    and (:product::smallint is null or product = :product::smallint)
                  returning field, holder),
                series as (
                  delete from observation
                  where subject_id = :subject and field = any(:fields)
                    and (:product::smallint is null or product = :product::smallint)
                  returning field, product, collected_at)
                select field, holder, null::timestamptz as month, 1 as count from profile
                union all
                select field, product, %s as month, count(*) from series
                group by field, product, month
                """
                    .formatted(MONTH))
            .bind("subject", subject.value())
            .bind("product", product)
            .bind("fields", codes(fields)));
  }

  private Deleted deleted(Query deleting) {
    Map<FieldId, Integer> counts = new TreeMap<>();
    Set<Part> parts = new LinkedHashSet<>();
    deleting
        .map(
            (row, context) -> {
              FieldId field = FieldId.of(vocabulary.name(row.getShort("field")));
              counts.merge(field, row.getInt("count"), Integer::sum);
              return parts.add(part(row));
            })
        .list();
    return new Deleted(counts, parts);
  }

  /** The part that a row is of, by its field, holder and, of a series, month. */
  private Part part(ResultSet row) throws SQLException {
    FieldId field = FieldId.of(vocabulary.name(row.getShort("field")));
    ProductId holder = holder(row.getShort("holder"));
    String keptFor = holder == null ? "" : holder.value();
    Timestamp month = row.getTimestamp("month");
    return month == null
        ? Part.ofField(field, keptFor)
        : Part.ofSeries(field, keptFor, month.toInstant());
  }

  /** All parts of which there is a value, of each of these people. */
  public Map<SubjectId, Set<Part>> parts(Transaction tx, Collection<SubjectId> subjects) {
    Map<SubjectId, Set<Part>> parts = new HashMap<>();
    subjects.forEach(subject -> parts.put(subject, new LinkedHashSet<>()));
    tx.handle()
        .createQuery(
            """
            select subject_id, field, holder, null::timestamptz as month from datum
            where subject_id = any(:subjects)
            union all
            select distinct subject_id, field, product, %s from observation
            where subject_id = any(:subjects)
            """
                .formatted(MONTH))
        .bind("subjects", subjects.stream().map(SubjectId::value).toArray(UUID[]::new))
        .map(
            (row, context) ->
                Objects.requireNonNull(
                        parts.get(new SubjectId(row.getObject("subject_id", UUID.class))))
                    .add(part(row)))
        .list();
    return parts;
  }

  /** A part of somebody's. */
  public record PartOf(SubjectId subject, Part part) {}

  /** Of these parts of values those of which there is none left. */
  public Set<PartOf> gone(Transaction tx, Collection<PartOf> parts) {
    if (parts.isEmpty()) {
      return Set.of();
    }
    List<PartOf> asked = List.copyOf(parts);
    return tx.handle()
        .createQuery(
            """
            select p.n
            from unnest(:subjects::uuid[], :fields::smallint[], :holders::smallint[],
                        :froms::text[], :tos::text[]) with ordinality
              as p (subject_id, field, holder, month, until, n)
            where not exists (
                select from datum d
                where p.month is null and d.subject_id = p.subject_id and d.field = p.field
                  and d.holder = p.holder)
              and not exists (
                select from observation o
                where o.subject_id = p.subject_id and o.field = p.field and o.product = p.holder
                  and o.collected_at >= p.month::timestamptz
                  and o.collected_at < p.until::timestamptz)
            """)
        .bind("subjects", asked.stream().map(p -> p.subject.value()).toArray(UUID[]::new))
        .bind("fields", asked.stream().map(p -> vocabulary.code(p.part.of())).toArray(Short[]::new))
        .bind(
            "holders",
            asked.stream()
                .map(p -> p.part.holder())
                .map(holder -> holder.isEmpty() ? ACCOUNT : vocabulary.code(holder))
                .toArray(Short[]::new))
        .bind("froms", months(asked, 0))
        .bind("tos", months(asked, 1))
        .map((row, context) -> asked.get(row.getInt("n") - 1))
        .set();
  }

  /** The beginnings of the parts' months, or of those so many after them; null where none. */
  private static @Nullable String[] months(List<PartOf> parts, int later) {
    return parts.stream()
        .map(
            p ->
                p.part
                    .month()
                    .map(month -> month.plusMonths(later).atDay(1) + "T00:00:00Z")
                    .orElse(null))
        .toArray(String[]::new);
  }

  /** Values of a series that came together. */
  public record Batch(FieldId field, ProductId product, Instant collectedAt) {
    /** Whether the value is one of them. */
    public boolean has(Sealed value) {
      return value.observedAt() != null
          && value.field().equals(field)
          && value.product().equals(product)
          && value.collectedAt().equals(collectedAt);
    }
  }

  /** What there is of these series. */
  public List<Batch> batches(Transaction tx, SubjectId subject, Collection<FieldId> fields) {
    return tx.handle()
        .createQuery(
            """
            select distinct field, product, collected_at from observation
            where subject_id = :subject and field = any(:fields)
            """)
        .bind("subject", subject.value())
        .bind("fields", codes(fields))
        .map(
            (row, context) ->
                new Batch(
                    FieldId.of(vocabulary.name(row.getShort("field"))),
                    new ProductId(vocabulary.name(row.getShort("product"))),
                    row.getTimestamp("collected_at").toInstant()))
        .list();
  }

  /** Deletes these values of series. */
  public Deleted deleteBatches(Transaction tx, SubjectId subject, Collection<Batch> batches) {
    return deleted(
        tx.handle()
            .createQuery(
                """
                with gone as (
                  delete from observation o
                  using unnest(:fields::smallint[], :products::smallint[], :collected::text[])
                    as b (field, product, collected)
                  where o.subject_id = :subject and o.field = b.field and o.product = b.product
                    and o.collected_at = b.collected::timestamptz
                  returning o.field, o.product as holder, o.collected_at)
                select field, holder, %s as month, count(*) as count from gone
                group by field, holder, month
                """
                    .formatted(MONTH))
            .bind("subject", subject.value())
            .bind("fields", codes(batches.stream().map(Batch::field).toList()))
            .bind(
                "products",
                batches.stream().map(b -> vocabulary.code(b.product.value())).toArray(Short[]::new))
            .bind(
                "collected",
                batches.stream().map(b -> b.collectedAt.toString()).toArray(String[]::new)));
  }

  /** A value of a profile, by its place. */
  public record Place(SubjectId subject, FieldId field, @Nullable ProductId holder) {}

  /** Values of one person's series that came together. */
  public record SeriesOf(SubjectId subject, Batch batch) {}

  /** Deletes these values of many people; returns how many there were. */
  public int deletePlaces(Transaction tx, List<Place> places) {
    return places.isEmpty()
        ? 0
        : tx.handle()
            .createUpdate(
                """
                delete from datum d
                using unnest(:subjects::uuid[], :fields::smallint[], :holders::smallint[])
                  as gone (subject_id, field, holder)
                where d.subject_id = gone.subject_id and d.field = gone.field
                  and d.holder = gone.holder
                """)
            .bind("subjects", places.stream().map(p -> p.subject.value()).toArray(UUID[]::new))
            .bind("fields", codes(places.stream().map(Place::field).toList()))
            .bind("holders", places.stream().map(p -> code(p.holder)).toArray(Short[]::new))
            .execute();
  }

  /** Deletes these values of series of many people; returns how many there were. */
  public int deleteSeries(Transaction tx, List<SeriesOf> series) {
    return series.isEmpty()
        ? 0
        : tx.handle()
            .createUpdate(
                """
                delete from observation o
                using unnest(:subjects::uuid[], :fields::smallint[], :products::smallint[],
                             :collected::text[])
                  as gone (subject_id, field, product, collected)
                where o.subject_id = gone.subject_id and o.field = gone.field
                  and o.product = gone.product and o.collected_at = gone.collected::timestamptz
                """)
            .bind("subjects", series.stream().map(s -> s.subject.value()).toArray(UUID[]::new))
            .bind("fields", codes(series.stream().map(s -> s.batch.field()).toList()))
            .bind(
                "products",
                series.stream()
                    .map(s -> vocabulary.code(s.batch.product().value()))
                    .toArray(Short[]::new))
            .bind(
                "collected",
                series.stream().map(s -> s.batch.collectedAt().toString()).toArray(String[]::new))
            .execute();
  }

  /** Everything that is stored of the person. */
  public List<Sealed> stored(Transaction tx, SubjectId subject) {
    return sealed(
        tx.handle(),
        """
        select field, holder, product, source, version, generation, collected_at,
               null::timestamptz as observed_at, null::uuid as datum, sealed
        from datum where subject_id = :subject
        union all
        select field, 0, product, source, 0, generation, collected_at, observed_at, datum, sealed
        from observation where subject_id = :subject
        """,
        subject);
  }

  /** Those of the holds that have something set aside, by the names of their keys. */
  public Set<SubjectId> keeping(Transaction tx, Set<SubjectId> holds) {
    return tx
        .handle()
        .createQuery(
            """
            select h.id from unnest(:holds::uuid[]) as h(id)
            where exists (select from set_aside a where a.hold_id = h.id)
            """)
        .bind("holds", holds.stream().map(SubjectId::value).toArray(UUID[]::new))
        .map((row, context) -> new SubjectId(row.getObject("id", UUID.class)))
        .stream()
        .collect(Collectors.toSet());
  }

  /** How many values of each field are set aside for holds. */
  public Map<FieldId, Long> countSetAside(Handle handle) {
    Map<FieldId, Long> counts = new TreeMap<>();
    handle
        .createQuery("select field, count(*) as count from set_aside group by field")
        .map(
            (row, context) ->
                counts.put(
                    FieldId.of(vocabulary.name(row.getShort("field"))), row.getLong("count")))
        .list();
    return counts;
  }

  /** When a product collected the newest value it has of a field of a person. */
  public record Newest(FieldId field, ProductId product, Instant collectedAt) {}

  /** The newest value of each field that each product collected. */
  public List<Newest> newest(Transaction tx, SubjectId subject) {
    return tx.handle()
        .createQuery(
            """
            select field, product, max(collected_at) as collected_at from (
              select field, product, collected_at from datum where subject_id = :subject
              union all
              select field, product, collected_at from observation
              where subject_id = :subject) as held
            group by field, product
            """)
        .bind("subject", subject.value())
        .map(
            (row, context) ->
                new Newest(
                    FieldId.of(vocabulary.name(row.getShort("field"))),
                    new ProductId(vocabulary.name(row.getShort("product"))),
                    row.getTimestamp("collected_at").toInstant()))
        .list();
  }

  /** The values of these fields in the person's profile. */
  public List<Sealed> profile(Transaction tx, SubjectId subject, Collection<FieldId> fields) {
    return tx.handle()
        .createQuery(
            """
            select field, holder, product, source, version, generation, collected_at,
                   null::timestamptz as observed_at, null::uuid as datum, sealed
            from datum where subject_id = :subject and field = any(:fields)
            order by field, holder
            """)
        .bind("subject", subject.value())
        .bind("fields", codes(fields))
        .map((row, context) -> sealed(row, subject))
        .list();
  }

  /** Of these fields those of which anything is held of the person. */
  public Set<FieldId> held(Transaction tx, SubjectId subject, Collection<FieldId> fields) {
    return tx
        .handle()
        .createQuery(
            """
            select f.code from unnest(:fields::smallint[]) as f(code)
            where exists (select from datum d where d.subject_id = :subject and d.field = f.code)
              or exists (select from observation o
                         where o.subject_id = :subject and o.field = f.code)
            """)
        .bind("subject", subject.value())
        .bind("fields", codes(fields))
        .map((row, context) -> FieldId.of(vocabulary.name(row.getShort("code"))))
        .stream()
        .collect(Collectors.toSet());
  }

  private Short[] codes(Collection<FieldId> fields) {
    return fields.stream().map(field -> vocabulary.code(field.toString())).toArray(Short[]::new);
  }

  /** A value that was set aside, and its place among those of the hold. */
  public record SetAside(UUID item, Sealed value) {}

  /** What was set aside for a hold, in order of collection: the first after the given place. */
  public List<SetAside> setAside(
      Handle handle, SubjectId hold, Instant afterCollected, UUID afterItem, int most) {
    return handle
        .createQuery(
            """
            select item, field, holder, product, source, version, 1 as generation, collected_at,
                   observed_at, datum, sealed
            from set_aside
            where hold_id = :hold and (collected_at, item) > (:collected, :item)
            order by collected_at, item limit :most
            """)
        .bind("hold", hold.value())
        .bind("collected", afterCollected)
        .bind("item", afterItem)
        .bind("most", most)
        .map((row, context) -> new SetAside(row.getObject("item", UUID.class), sealed(row, hold)))
        .list();
  }

  private List<Sealed> sealed(Handle handle, String sql, SubjectId owner) {
    return handle
        .createQuery(sql)
        .bind("subject", owner.value())
        .map((row, context) -> sealed(row, owner))
        .list();
  }

  /** A stored value as a row of either table has it, the other table's columns being empty. */
  public Sealed sealed(ResultSet row, SubjectId owner) throws SQLException {
    Timestamp observed = row.getTimestamp("observed_at");
    return new Sealed(
        owner,
        FieldId.of(vocabulary.name(row.getShort("field"))),
        holder(row.getShort("holder")),
        row.getInt("version"),
        row.getInt("generation"),
        new ProductId(vocabulary.name(row.getShort("product"))),
        new SourceId(vocabulary.name(row.getShort("source"))),
        row.getTimestamp("collected_at").toInstant(),
        row.getObject("datum", UUID.class),
        observed == null ? null : observed.toInstant(),
        row.getBytes("sealed"));
  }

  /**
   * Keeps values for a hold, under its key, before they go.
   *
   * @param from the person's key, which still opens them
   * @param to the key of the hold
   * @throws dev.pledge.engine.keys.UnsealException if a value was altered or moved
   */
  public void setAside(Transaction tx, SubjectKey from, SubjectKey to, List<Sealed> values) {
    PreparedBatch batch =
        tx.handle()
            .prepareBatch(
                """
                insert into set_aside (hold_id, item, field, holder, product, source, version,
                                       collected_at, observed_at, datum, sealed)
                values (:hold, :item, :field, :holder, :product, :source, :version, :collected,
                        :observed::timestamptz, :datum::uuid, :sealed)
                """);
    for (Sealed value : values) {
      byte[] bytes = from.open(aad(value), value.bytes());
      try {
        batch
            .bind("hold", to.subject().value())
            .bind("item", ids.unordered())
            .bind("field", vocabulary.code(value.field().toString()))
            .bind("holder", code(value.holder()))
            .bind("product", vocabulary.code(value.product().value()))
            .bind("source", vocabulary.code(value.source().value()))
            .bind("version", value.version())
            .bind("collected", value.collectedAt())
            .bind("observed", value.observedAt())
            .bind("datum", value.datum())
            .bind("sealed", to.seal(aad(value), bytes))
            .add();
      } finally {
        Arrays.fill(bytes, (byte) 0);
      }
    }
    if (!values.isEmpty()) {
      batch.execute();
    }
  }

  /** Removes what was set aside for a hold. */
  public void removeSetAside(PersonStatements statements) {
    statements.add("delete from set_aside where hold_id = :subject");
  }

  /**
   * Opens what was set aside for a hold.
   *
   * @param receipt the entry that logs this opening
   * @param type the type under which the policy declares the field
   * @throws IllegalStateException if the receipt is not durable
   * @throws dev.pledge.engine.keys.UnsealException if a value was altered or moved
   */
  public Value openSetAside(Receipt receipt, SubjectKey hold, Sealed value, FieldType type) {
    if (!receipt.isDurable()) {
      throw new IllegalStateException("the log entry is not durable; commit it before opening");
    }
    byte[] bytes = hold.open(aad(value), value.bytes());
    return Value.decode(type, bytes);
  }

  /**
   * Opens an alias for its blind index to be made anew; nobody is told what it is.
   *
   * @throws dev.pledge.engine.keys.UnsealException if it was altered or moved
   */
  public Value openToIndex(SubjectKey key, Sealed value, FieldType type) {
    return Value.decode(type, key.open(aad(value), value.bytes()));
  }

  /** Removes everything held of the person. */
  public void remove(PersonStatements statements) {
    statements
        .add("delete from datum where subject_id = :subject")
        .add("delete from observation where subject_id = :subject");
  }

  /** Deletes these values. */
  public void delete(Transaction tx, List<Sealed> values) {
    for (Sealed value : values) {
      delete(tx, value);
    }
  }

  private void delete(Transaction tx, Sealed value) {
    Update delete =
        value.datum() == null
            ? tx.handle()
                .createUpdate(
                    """
                    delete from datum
                    where subject_id = :subject and field = :field and holder = :holder
                    """)
                .bind("holder", code(value.holder()))
            : tx.handle()
                .createUpdate(
                    """
                    delete from observation
                    where subject_id = :subject and field = :field and observed_at = :observed
                      and datum = :datum
                    """)
                .bind("observed", value.observedAt())
                .bind("datum", value.datum());
    delete
        .bind("subject", value.subject().value())
        .bind("field", vocabulary.code(value.field().toString()))
        .execute();
  }

  /** Whether a value opens in its place: for whoever looks for damage, and gives nothing away. */
  public boolean opens(SubjectKey key, Sealed place) {
    try {
      Arrays.fill(key.open(aad(place), place.bytes()), (byte) 0);
      return true;
    } catch (UnsealException e) {
      return false;
    }
  }

  /** The product a code stands for, or null for the account as a whole. */
  public @Nullable ProductId holder(short code) {
    return code == ACCOUNT ? null : new ProductId(vocabulary.name(code));
  }
}
