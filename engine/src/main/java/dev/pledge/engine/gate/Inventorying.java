package dev.pledge.engine.gate;

import dev.pledge.engine.audit.HistoryFilter;
import dev.pledge.engine.audit.NoHistory;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.consent.Consents;
import dev.pledge.engine.consent.Counting;
import dev.pledge.engine.consent.Evidence;
import dev.pledge.engine.gate.InventoryRequest.Aim;
import dev.pledge.engine.gate.People.Hold;
import dev.pledge.engine.hold.Holds;
import dev.pledge.engine.keys.RecordKind;
import dev.pledge.engine.keys.SubjectKey;
import dev.pledge.engine.keys.UnsealException;
import dev.pledge.engine.store.CursorText;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.vault.Opened;
import dev.pledge.engine.vault.Vault;
import dev.pledge.log.Detail;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Decision;
import dev.pledge.policy.decision.Permit;
import dev.pledge.policy.decision.Policies;
import dev.pledge.policy.decision.Policy.TellPerson;
import dev.pledge.policy.decision.Question;
import dev.pledge.policy.decision.Reason;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.decision.SubjectState.Choice;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SubjectId;
import dev.pledge.policy.names.View;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Shows people what is held of them, in their own right (V.1): one decision and one log entry for a
 * look, before the first value is opened, and one snapshot of the database for all of it.
 */
final class Inventorying {
  /** How many rows are fetched, and opened, before it is looked whether the person is there yet. */
  private static final int PART = 500;

  private static final String AMOUNTS =
      """
      select field, product, null::timestamptz as month, count(*) as count,
             min(collected_at) as oldest, max(collected_at) as newest
      from datum where subject_id = :subject group by field, product
      union all
      select field, product, date_trunc('month', observed_at, 'UTC') as month, count(*),
             min(collected_at), max(collected_at)
      from observation where subject_id = :subject group by field, product, month
      """;

  private static final String PROFILE =
      """
      select d.field, d.holder, d.version, d.generation, d.product, d.source, d.policy,
             d.collected_at, null::uuid as datum, null::timestamptz as observed_at, d.sealed
      from datum d where d.subject_id = ? and d.field = any(?)
      """;

  private static final String SERIES =
      """
      select o.field, 0::smallint as holder, 0 as version, o.generation, o.product, o.source,
             o.policy, o.collected_at, o.datum, o.observed_at, o.sealed
      from observation o where o.subject_id = ? and o.field = any(?)
      """;

  private static final String EVERYTHING =
      "select * from ("
          + PROFILE
          + " union all "
          + SERIES
          + ") v order by array_position(?::smallint[], field), observed_at, datum, holder";

  private static final String CURRENT =
      PROFILE + " order by array_position(?::smallint[], d.field), d.holder";

  private static final String MONTH =
      SERIES
          + """
             and o.observed_at >= ? and o.observed_at < ?
             and (o.observed_at, o.datum) < (?, ?)
           order by o.observed_at desc, o.datum desc limit ?
           """;

  private final Parts parts;
  private final Database database;
  private final Consents consents;
  private final Holds holds;
  private final Viewing viewing;

  Inventorying(Parts parts, Database database, Gate.Rooms rooms, Viewing viewing) {
    this.parts = parts;
    this.database = database;
    this.consents = rooms.consents();
    this.holds = rooms.holds();
    this.viewing = viewing;
  }

  <T extends @Nullable Object> T take(
      InventoryRequest request, SubjectId subject, Function<Inventory, T> use) {
    Optional<Cursor> from =
        request.aim() instanceof Aim.Month(var _, var _, var cursor, var _) && cursor != null
            ? Optional.of(Cursor.of(cursor))
            : Optional.empty();
    return database.snapshot(handle -> take(handle, request, subject, from, use));
  }

  private <T extends @Nullable Object> T take(
      Handle handle,
      InventoryRequest request,
      SubjectId subject,
      Optional<Cursor> from,
      Function<Inventory, T> use)
      throws SQLException {
    Person person = parts.one(handle, subject, Hold.NONE);
    if (person == null || !person.uses(request.caller().products())) {
      return use.apply(unknown(request));
    }
    try (SubjectKey key = parts.keys().unwrap(subject, person.wrapped())) {
      CompiledPolicy policy = parts.policyAt(person.state().now());
      Person aged = parts.aged(person, key, policy);
      Look look = new Look(handle, request, aged, key, policy, from);
      Inventory begun;
      try {
        begun = look.begin();
      } catch (NoHistory erasedMeanwhile) {
        begun = unknown(request);
      }
      return use.apply(begun);
    }
  }

  private Inventory.Unknown unknown(InventoryRequest request) {
    return new Inventory.Unknown(
        parts
            .entries()
            .recordAboutNobody(
                Logbook.unknown(kind(request), parts.clock().instant(), request.caller())));
  }

  private static Kind kind(InventoryRequest request) {
    return switch (request.aim()) {
      case Aim.Overview _, Aim.Month _ -> Kind.READ;
      case Aim.Choices _ -> Kind.CONSENTS;
      case Aim.Export _ -> Kind.EXPORT;
    };
  }

  /** Where the next page of a month begins. */
  private record Cursor(Instant observed, UUID datum) {
    static final Cursor LAST =
        new Cursor(Instant.parse("9999-12-31T23:59:59.999999Z"), new UUID(-1, -1));

    static Cursor of(String text) {
      long[] numbers = CursorText.numbers(text, 3);
      Instant observed = Instant.EPOCH.plus(numbers[0], ChronoUnit.MICROS);
      if (observed.isAfter(LAST.observed)
          || observed.isBefore(Instant.EPOCH.minus(200L * 366, ChronoUnit.DAYS))) {
        throw CursorText.malformed();
      }
      return new Cursor(observed, new UUID(numbers[1], numbers[2]));
    }

    @Override
    public String toString() {
      return CursorText.of(
          ChronoUnit.MICROS.between(Instant.EPOCH, observed),
          datum.getMostSignificantBits(),
          datum.getLeastSignificantBits());
    }
  }

  /** One look at one person. */
  private final class Look implements Inventory.Open {
    private final Handle handle;
    private final InventoryRequest request;
    private final Person person;
    private final SubjectKey key;
    private final CompiledPolicy policy;
    private final Cursor from;
    private final Fields fields;
    private final LocalDate today;
    private List<Inventory.Amount> amounts = List.of();

    /** The fields of which values are opened, in the order of the policy. */
    private List<FieldId> asked = List.of();

    private @Nullable Receipt receipt;
    private @Nullable String next;

    Look(
        Handle handle,
        InventoryRequest request,
        Person person,
        SubjectKey key,
        CompiledPolicy policy,
        Optional<Cursor> from) {
      this.handle = handle;
      this.request = request;
      this.person = person;
      this.key = key;
      this.policy = policy;
      this.from = from.orElse(Cursor.LAST);
      this.fields = parts.fields(policy);
      this.today = person.state().now().atZone(ZoneOffset.UTC).toLocalDate();
    }

    /** Decides and logs; whole when it returns. */
    Inventory begin() {
      if (request.aim() instanceof Aim.Choices) {
        receipt = parts.entries().record(key, changed(), detail(List.of()));
        return this;
      }
      amounts = amounts(handle);
      asked =
          amounts.stream().filter(this::isAsked).map(Inventory.Amount::field).distinct().toList();
      Decision decision = decide();
      Reason whole = decision.whole() != null ? decision.whole() : refusesAll(decision);
      List<Inventory.Amount> opened =
          amounts.stream().filter(this::isAsked).filter(amount -> opens(decision, amount)).toList();
      Receipt logged = parts.entries().record(key, facts(decision, opened), detail(ends(opened)));
      if (whole != null) {
        return new Inventory.Refused(whole, decision.clause(0, whole), logged);
      }
      receipt = logged;
      amounts =
          amounts.stream()
              .map(amount -> isAsked(amount) && !opens(decision, amount) ? closed(amount) : amount)
              .toList();
      return this;
    }

    private boolean isAsked(Inventory.Amount amount) {
      return switch (request.aim()) {
        case Aim.Overview _ -> amount.month().isEmpty();
        case Aim.Month(var field, var month, var _, var _) ->
            amount.field().equals(field) && amount.month().equals(Optional.of(month));
        case Aim.Choices _ -> false;
        case Aim.Export _ -> true;
      };
    }

    private static boolean isAboutAnother(Reason reason) {
      return reason == Reason.ABOUT_ANOTHER;
    }

    /** A right that is not theirs opens nothing; what is about another closes only itself. */
    private @Nullable Reason refusesAll(Decision decision) {
      for (int i = 0; i < asked.size(); i++) {
        Reason reason = decision.reason(i);
        if (reason != null && !isAboutAnother(reason)) {
          return reason;
        }
      }
      return null;
    }

    private Decision decide() {
      return parts
          .policies()
          .decide(
              Question.read(
                  request
                      .caller()
                      .asker(person.state().now(), request.capacity(), request.assurance()),
                  null,
                  CompiledPolicy.GENERAL,
                  asked.stream().map(FieldId::toString).toList()),
              person.state());
    }

    private boolean opens(Decision decision, Inventory.Amount amount) {
      return decision.view(asked.indexOf(amount.field())) != null;
    }

    private static Inventory.Amount closed(Inventory.Amount amount) {
      return new Inventory.Amount(
          amount.field(),
          amount.product(),
          amount.month(),
          amount.count(),
          amount.oldest(),
          amount.newest(),
          false);
    }

    private Facts facts(Decision decision, List<Inventory.Amount> opened) {
      if (asked.isEmpty() || asked.size() > Facts.MAX_VERDICTS) {
        return changed();
      }
      Map<FieldId, Long> counts =
          opened.stream()
              .collect(
                  Collectors.groupingBy(
                      Inventory.Amount::field, Collectors.summingLong(Inventory.Amount::count)));
      List<Tally> tallies = new ArrayList<>();
      for (FieldId field : asked) {
        Tally tally = new Tally();
        tally.grant(Math.toIntExact(counts.getOrDefault(field, 0L)));
        tallies.add(tally);
      }
      return parts.logbook().decided(kind(request), request.caller(), decision, tallies).build();
    }

    /** A look that opens nothing is one at the account. */
    private Facts changed() {
      Kind kind = kind(request);
      return Logbook.changed(
              kind.equals(Kind.READ) && asked.isEmpty() ? Kind.STATE : kind,
              request.caller(),
              person.state(),
              policy)
          .build();
    }

    private Detail detail(List<Detail.Datum> ends) {
      return LoggedDetail.ofMany(person.state(), request.capacity(), request.caller(), ends);
    }

    /** Of one field and product the oldest and the newest, as every read logs them. */
    private static List<Detail.Datum> ends(List<Inventory.Amount> opened) {
      Map<String, Detail.Datum> oldest = new LinkedHashMap<>();
      Map<String, Detail.Datum> newest = new LinkedHashMap<>();
      for (Inventory.Amount amount : opened) {
        String origin = amount.field() + " " + amount.product().value();
        oldest.merge(origin, datum(amount, amount.oldest()), Look::earlier);
        newest.merge(origin, datum(amount, amount.newest()), Look::later);
      }
      List<Detail.Datum> ends = new ArrayList<>();
      oldest.forEach(
          (origin, first) -> {
            ends.add(first);
            Detail.Datum last = newest.get(origin);
            if (last != null && !last.equals(first)) {
              ends.add(last);
            }
          });
      return ends;
    }

    private static Detail.Datum datum(Inventory.Amount amount, Instant at) {
      return new Detail.Datum(amount.field().toString(), amount.product().value(), at);
    }

    private static Detail.Datum earlier(Detail.Datum one, Detail.Datum other) {
      return other.collectedAt().isBefore(one.collectedAt()) ? other : one;
    }

    private static Detail.Datum later(Detail.Datum one, Detail.Datum other) {
      return earlier(one, other).equals(one) ? other : one;
    }

    private List<Inventory.Amount> amounts(Handle snapshot) {
      Map<FieldId, Integer> order = new HashMap<>();
      policy
          .source()
          .categories()
          .forEach(
              category ->
                  category.fields().forEach(field -> order.putIfAbsent(field.id(), order.size())));
      return snapshot
          .createQuery(AMOUNTS)
          .bind("subject", key.subject().value())
          .map((row, context) -> amount(row))
          .list()
          .stream()
          .filter(amount -> order.containsKey(amount.field()))
          .sorted(
              Comparator.comparing(
                      (Inventory.Amount amount) -> order.getOrDefault(amount.field(), 0))
                  .thenComparing(amount -> amount.product().value())
                  .thenComparing(amount -> amount.month().map(YearMonth::toString).orElse("")))
          .toList();
    }

    private Inventory.Amount amount(ResultSet row) throws SQLException {
      Timestamp month = row.getTimestamp("month");
      return new Inventory.Amount(
          FieldId.of(parts.vocabulary().name(row.getShort("field"))),
          new ProductId(parts.vocabulary().name(row.getShort("product"))),
          Optional.ofNullable(month)
              .map(begun -> YearMonth.from(begun.toInstant().atOffset(ZoneOffset.UTC))),
          row.getLong("count"),
          row.getTimestamp("oldest").toInstant(),
          row.getTimestamp("newest").toInstant(),
          true);
    }

    // ------------------------------------------------------------------------------- handing over

    @Override
    public SubjectState state() {
      return person.state();
    }

    @Override
    public Optional<String> jurisdiction() {
      return Optional.ofNullable(person.jurisdiction());
    }

    @Override
    public Instant since() {
      return person.createdAt();
    }

    @Override
    public CompiledPolicy policy() {
      return policy;
    }

    @Override
    public Optional<CompiledPolicy> version(PolicyVersion version) {
      return parts.policies().version(version);
    }

    @Override
    public Receipt receipt() {
      if (receipt == null) {
        throw new IllegalStateException("nothing is handed over before it is logged");
      }
      return receipt;
    }

    @Override
    public List<Inventory.Amount> amounts() {
      return amounts;
    }

    @Override
    public Optional<String> next() {
      return Optional.ofNullable(next);
    }

    /** Each pass has a permit of its own, decided on what the entry was decided on. */
    @Override
    public void values(Consumer<Inventory.Item> each) {
      if (asked.isEmpty() || !(decide() instanceof Permit permit)) {
        return;
      }
      PolicyVersion[] under = new PolicyVersion[1];
      Consumer<Vault.Candidate> opening =
          parts
              .vault()
              .opening(permit, receipt(), key, opened -> hand(permit, opened, under[0], each));
      Short[] codes =
          asked.stream()
              .map(field -> parts.vocabulary().code(field.toString()))
              .toArray(Short[]::new);
      Map<FieldId, Integer> places = new HashMap<>();
      asked.forEach(field -> places.put(field, places.size()));
      try (PreparedStatement statement = statement(codes)) {
        statement.setFetchSize(PART);
        int count = 0;
        try (ResultSet rows = statement.executeQuery()) {
          while (rows.next()) {
            if (count++ % PART == 0) {
              requireThere();
            }
            if (request.aim() instanceof Aim.Month month && count > month.limit()) {
              break;
            }
            var place = parts.vault().sealed(rows, key.subject());
            int at = places.getOrDefault(place.field(), -1);
            if (at >= 0 && permit.view(at) != null) {
              under[0] = PolicyVersion.of(parts.vocabulary().name(rows.getShort("policy")));
              opening.accept(
                  new Vault.Candidate(at, fields.declaration(place.field()).type(), place));
              next =
                  place.datum() == null || place.observedAt() == null
                      ? null
                      : new Cursor(place.observedAt(), place.datum()).toString();
            }
          }
        }
        if (!(request.aim() instanceof Aim.Month month && count > month.limit())) {
          next = null;
        }
      } catch (SQLException e) {
        throw new IllegalStateException("could not read what is held", e);
      }
    }

    private void hand(
        Permit permit,
        Opened opened,
        @Nullable PolicyVersion under,
        Consumer<Inventory.Item> each) {
      View view = permit.view(opened.asked());
      var place = opened.place();
      if (view == null || under == null) {
        return;
      }
      Reading.seen(opened.value(), view, fields.declaration(place.field()), today)
          .ifPresent(
              json ->
                  each.accept(
                      new Inventory.Item(
                          place.field(),
                          place.product(),
                          place.source(),
                          under,
                          place.collectedAt(),
                          place.datum(),
                          place.observedAt(),
                          view,
                          json,
                          policies()
                              .ending(
                                  place.field(),
                                  place.product(),
                                  place.collectedAt(),
                                  person.state()))));
    }

    private Policies policies() {
      return parts.policies();
    }

    private PreparedStatement statement(Short[] codes) throws SQLException {
      var connection = handle.getConnection();
      var array = connection.createArrayOf("int2", codes);
      UUID subject = key.subject().value();
      PreparedStatement statement =
          connection.prepareStatement(
              switch (request.aim()) {
                case Aim.Month _ -> MONTH;
                case Aim.Export _ -> EVERYTHING;
                case Aim.Overview _, Aim.Choices _ -> CURRENT;
              });
      int n = 1;
      statement.setObject(n++, subject);
      statement.setArray(n++, array);
      switch (request.aim()) {
        case Aim.Month(var _, var month, var _, var limit) -> {
          statement.setObject(n++, month.atDay(1).atStartOfDay().atOffset(ZoneOffset.UTC));
          statement.setObject(
              n++, month.plusMonths(1).atDay(1).atStartOfDay().atOffset(ZoneOffset.UTC));
          statement.setObject(n++, from.observed.atOffset(ZoneOffset.UTC));
          statement.setObject(n++, from.datum);
          // One more than the page has tells whether there is another.
          statement.setInt(n, limit + 1);
        }
        case Aim.Export _ -> {
          statement.setObject(n++, subject);
          statement.setArray(n++, array);
          statement.setArray(n, array);
        }
        case Aim.Overview _, Aim.Choices _ -> statement.setArray(n, array);
      }
      return statement;
    }

    private void requireThere() {
      if (parts.erased().test(key.subject())) {
        throw new Inventory.ErasedMeanwhile();
      }
    }

    @Override
    public void choices(Consumer<Inventory.Chosen> each) {
      requireThere();
      Set<UUID> counting =
          Counting.of(person.state().choices()).stream()
              .map(Choice::id)
              .collect(Collectors.toUnmodifiableSet());
      consents.everything(
          handle,
          key.subject(),
          (event, closed) ->
              each.accept(
                  new Inventory.Chosen(
                      event,
                      counting.contains(event.id()),
                      evidence(RecordKind.CONSENT, event.id(), closed))));
    }

    @Override
    public void acceptances(Consumer<Inventory.Accepted> each) {
      requireThere();
      handle
          .createQuery(
              """
              select acceptance_id, version, accepted_at, evidence from acceptance
              where subject_id = :subject order by accepted_at, acceptance_id
              """)
          .bind("subject", key.subject().value())
          .map(
              (row, context) -> {
                UUID id = row.getObject("acceptance_id", UUID.class);
                return new Inventory.Accepted(
                    id,
                    PolicyVersion.of(row.getString("version")),
                    row.getTimestamp("accepted_at").toInstant(),
                    evidence(RecordKind.ACCEPTANCE, id, row.getBytes("evidence")));
              })
          .forEach(each);
    }

    private Optional<Evidence> evidence(RecordKind kind, UUID id, byte[] closed) {
      try {
        return Optional.of(
            Choosing.evidence(
                new String(key.openRecord(kind, id, closed), StandardCharsets.UTF_8)));
      } catch (UnsealException ofAnEarlierKey) {
        return Optional.empty();
      }
    }

    @Override
    public List<Inventory.Held> holds() {
      return holds.on(handle, key.subject()).stream()
          .filter(hold -> Discretion.tells(parts.policies(), hold.purpose()) == TellPerson.AT_ONCE)
          .map(
              hold ->
                  new Inventory.Held(
                      hold.purpose(),
                      new ProductId(hold.product()),
                      hold.fields(),
                      hold.placedAt(),
                      hold.until()))
          .toList();
    }

    @Override
    public void history(Consumer<AccessHistory.Line> each) {
      AccessHistory told =
          viewing.handOver(request.caller(), key.subject(), HistoryFilter.NONE, each, receipt());
      if (told instanceof AccessHistory.Unknown) {
        throw new Inventory.ErasedMeanwhile();
      }
    }
  }
}
