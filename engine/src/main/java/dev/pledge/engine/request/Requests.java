package dev.pledge.engine.request;

import dev.pledge.engine.keys.Part;
import dev.pledge.engine.keys.RequestPlace.What;
import dev.pledge.engine.request.RightsRequest.Carrying;
import dev.pledge.engine.request.RightsRequest.Check;
import dev.pledge.engine.request.RightsRequest.Clock;
import dev.pledge.engine.request.RightsRequest.Decided;
import dev.pledge.engine.request.RightsRequest.Identity;
import dev.pledge.engine.store.PersonStatements;
import dev.pledge.engine.store.Transaction;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SubjectId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The rows of rights requests. Whoever changes one has taken the person's account before, so that
 * no two change requests of one person at once.
 */
public final class Requests {
  /** The most requests of one page. */
  public static final int MOST = 200;

  private static final String SELECT =
      """
      select subject_id, request_id, number, kind, state, product, products, policy, appeals,
             received_at, confirmed_at, confirm_by, answer_by, extended_at, handler,
             identity_needed, identity_how, identity_by, identity_at,
             ruling, decided_at, decided_by, clause, attempts, next_try, failure, ended_at
      from rights_request
      """;

  // ------------------------------------------------------------------------------------- changing

  /** Stores a request, with what was asked, sealed. */
  public void insert(Transaction tx, RightsRequest request, byte[] asked) {
    tx.handle()
        .createUpdate(
            """
            insert into rights_request (subject_id, request_id, number, kind, state, product,
              products, policy, appeals, received_at, confirmed_at, confirm_by, answer_by, due,
              identity_needed, identity_how, identity_by, identity_at, asked)
            values (:subject, :request, :number, :kind, :state, :product, :products, :policy,
              :appeals::uuid, :received, :confirmed::timestamptz, :confirmBy::timestamptz,
              :answerBy::timestamptz, :due, :identityNeeded, :how, :by, :at::timestamptz, :asked)
            """)
        .bind("subject", request.subject().value())
        .bind("request", request.id())
        .bind("number", request.number())
        .bind("kind", request.kind().word())
        .bind("state", request.state().word())
        .bind("product", request.product().map(ProductId::value).orElse(null))
        .bind("products", texts(request.products()))
        .bind("policy", request.policy())
        .bind("appeals", request.appeals().orElse(null))
        .bind("received", request.clock().receivedAt())
        .bind("confirmed", request.clock().confirmedAt().orElse(null))
        .bind("confirmBy", request.clock().confirmBy().orElse(null))
        .bind("answerBy", request.clock().answerBy().orElse(null))
        .bind("due", request.due().orElse(RequestCursor.NEVER))
        .bind("identityNeeded", request.identity().needed())
        .bind("how", request.identity().check().map(Check::how).orElse(null))
        .bind("by", request.identity().check().map(check -> check.by().value()).orElse(null))
        .bind("at", request.identity().check().map(Check::at).orElse(null))
        .bind("asked", asked)
        .execute();
  }

  /** Puts the request, as it is now, in the place of what it was before. */
  public void update(Transaction tx, RightsRequest request) {
    tx.handle()
        .createUpdate(
            """
            update rights_request
            set state = :state, confirmed_at = :confirmed::timestamptz,
                answer_by = :answerBy::timestamptz, extended_at = :extended::timestamptz, due = :due,
                handler = :handler, identity_how = :how, identity_by = :by,
                identity_at = :at::timestamptz, attempts = :attempts,
                next_try = :nextTry::timestamptz, failure = :failure, ended_at = :ended::timestamptz
            where subject_id = :subject and request_id = :request
            """)
        .bind("subject", request.subject().value())
        .bind("request", request.id())
        .bind("state", request.state().word())
        .bind("confirmed", request.clock().confirmedAt().orElse(null))
        .bind("answerBy", request.clock().answerBy().orElse(null))
        .bind("extended", request.clock().extendedAt().orElse(null))
        .bind("due", request.due().orElse(RequestCursor.NEVER))
        .bind("handler", request.handler().map(ActorId::value).orElse(null))
        .bind("how", request.identity().check().map(Check::how).orElse(null))
        .bind("by", request.identity().check().map(check -> check.by().value()).orElse(null))
        .bind("at", request.identity().check().map(Check::at).orElse(null))
        .bind("attempts", request.carrying().attempts())
        .bind("nextTry", request.carrying().nextTry().orElse(null))
        .bind("failure", request.carrying().failure().orElse(null))
        .bind("ended", request.endedAt().orElse(null))
        .execute();
  }

  /** Stores what the request was decided to, with reasons, sealed. */
  public void decide(Transaction tx, RightsRequest request, Decided decided, byte[] decision) {
    tx.handle()
        .createUpdate(
            """
            update rights_request
            set ruling = :ruling, decided_at = :at, decided_by = :by, clause = :clause,
                decision = :decision
            where subject_id = :subject and request_id = :request and ruling is null
            """)
        .bind("subject", request.subject().value())
        .bind("request", request.id())
        .bind("ruling", decided.ruling().word())
        .bind("at", decided.at())
        .bind("by", decided.by().value())
        .bind("clause", decided.clause().orElse(null))
        .bind("decision", decision)
        .execute();
  }

  /** Puts a decision, sealed, in the place of what it was: with more asserted, and nothing else. */
  public void amend(Transaction tx, RightsRequest request, byte[] decision) {
    tx.handle()
        .createUpdate(
            """
            update rights_request set decision = :decision
            where subject_id = :subject and request_id = :request and ruling is not null
            """)
        .bind("subject", request.subject().value())
        .bind("request", request.id())
        .bind("decision", decision)
        .execute();
  }

  /** Adds a message. */
  public void insert(Transaction tx, RightsRequest request, StoredMessage message) {
    tx.handle()
        .createUpdate(
            """
            insert into request_message (subject_id, message_id, request_id, at, author, sealed)
            values (:subject, :message, :request, :at, :author, :sealed)
            """)
        .bind("subject", request.subject().value())
        .bind("message", message.id())
        .bind("request", request.id())
        .bind("at", message.at())
        .bind("author", message.author().map(ActorId::value).orElse(null))
        .bind("sealed", message.sealed())
        .execute();
  }

  /** Adds a document. */
  public void insert(
      Transaction tx, RightsRequest request, StoredDocument document, byte[] sealed) {
    tx.handle()
        .createUpdate(
            """
            insert into request_document (subject_id, document_id, request_id, at, type, size, sealed)
            values (:subject, :document, :request, :at, :type, :size, :sealed)
            """)
        .bind("subject", request.subject().value())
        .bind("document", document.id())
        .bind("request", request.id())
        .bind("at", document.at())
        .bind("type", document.type().word())
        .bind("size", document.size())
        .bind("sealed", sealed)
        .execute();
  }

  /** Removes the documents of a request; returns how many there were. */
  public int removeDocuments(Transaction tx, RightsRequest request) {
    return tx.handle()
        .createUpdate(
            "delete from request_document where subject_id = :subject and request_id = :request")
        .bind("subject", request.subject().value())
        .bind("request", request.id())
        .execute();
  }

  /** Removes one document of a request. */
  public void removeDocument(Transaction tx, RightsRequest request, UUID document) {
    tx.handle()
        .createUpdate(
            """
            delete from request_document
            where subject_id = :subject and request_id = :request and document_id = :document
            """)
        .bind("subject", request.subject().value())
        .bind("request", request.id())
        .bind("document", document)
        .execute();
  }

  /** Notes what the person is to be told. */
  public void tell(
      Transaction tx, SubjectId subject, UUID id, String template, String number, Instant at) {
    tx.handle()
        .createUpdate(
            """
            insert into request_told (subject_id, told_id, template, number, at)
            values (:subject, :id, :template, :number, :at)
            """)
        .bind("subject", subject.value())
        .bind("id", id)
        .bind("template", template)
        .bind("number", number)
        .bind("at", at)
        .execute();
  }

  /** Removes everything of the person's requests. */
  public void remove(PersonStatements statements) {
    statements
        .add("delete from request_told where subject_id = :subject")
        .add("delete from request_document where subject_id = :subject")
        .add("delete from request_message where subject_id = :subject")
        .add("delete from rights_request where subject_id = :subject");
  }

  // -------------------------------------------------------------------------------------- finding

  /** Whose request it is. */
  public Optional<SubjectId> ownerOf(Handle handle, UUID request) {
    return handle
        .createQuery("select subject_id from rights_request where request_id = :request")
        .bind("request", request)
        .map((row, context) -> new SubjectId(row.getObject("subject_id", UUID.class)))
        .findOne();
  }

  /** The request of that id of the person's. */
  public Optional<RightsRequest> find(Handle handle, SubjectId subject, UUID request) {
    return handle
        .createQuery(SELECT + "where subject_id = :subject and request_id = :request")
        .bind("subject", subject.value())
        .bind("request", request)
        .map((row, context) -> request(row))
        .findOne();
  }

  /** The person's requests, the newest first. */
  public List<RightsRequest> of(Handle handle, SubjectId subject) {
    return handle
        .createQuery(SELECT + "where subject_id = :subject order by received_at desc, request_id")
        .bind("subject", subject.value())
        .map((row, context) -> request(row))
        .list();
  }

  /** Whether there is a request of that number. */
  public boolean isTaken(Handle handle, String number) {
    return handle
        .createQuery("select exists (select from rights_request where number = :number)")
        .bind("number", number)
        .mapTo(Boolean.class)
        .one();
  }

  /** What was asked and what it was decided to, sealed. */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  public record Texts(byte[] asked, byte @Nullable [] decision) {}

  /** The texts of a request that is there. */
  public Texts texts(Handle handle, RightsRequest request) {
    return handle
        .createQuery(
            """
            select asked, decision from rights_request
            where subject_id = :subject and request_id = :request
            """)
        .bind("subject", request.subject().value())
        .bind("request", request.id())
        .map((row, context) -> new Texts(row.getBytes("asked"), row.getBytes("decision")))
        .one();
  }

  /** The messages on a request, the oldest first. */
  public List<StoredMessage> messages(Handle handle, RightsRequest request) {
    return handle
        .createQuery(
            """
            select message_id, at, author, sealed from request_message
            where subject_id = :subject and request_id = :request order by at, message_id
            """)
        .bind("subject", request.subject().value())
        .bind("request", request.id())
        .map(
            (row, context) ->
                new StoredMessage(
                    row.getObject("message_id", UUID.class),
                    row.getTimestamp("at").toInstant(),
                    Optional.ofNullable(row.getString("author")).map(ActorId::new),
                    row.getBytes("sealed")))
        .list();
  }

  /** The documents of a request, the oldest first. */
  public List<StoredDocument> documents(Handle handle, RightsRequest request) {
    return handle
        .createQuery(
            """
            select document_id, at, type, size from request_document
            where subject_id = :subject and request_id = :request order by at, document_id
            """)
        .bind("subject", request.subject().value())
        .bind("request", request.id())
        .map(
            (row, context) ->
                new StoredDocument(
                    row.getObject("document_id", UUID.class),
                    row.getTimestamp("at").toInstant(),
                    DocumentType.valueOf(row.getString("type").toUpperCase(Locale.ROOT)),
                    row.getInt("size")))
        .list();
  }

  /** The content of a document of a request, sealed. */
  public Optional<byte[]> document(Handle handle, RightsRequest request, UUID document) {
    return handle
        .createQuery(
            """
            select sealed from request_document
            where subject_id = :subject and request_id = :request and document_id = :document
            """)
        .bind("subject", request.subject().value())
        .bind("request", request.id())
        .bind("document", document)
        .map((row, context) -> row.getBytes("sealed"))
        .findOne();
  }

  /** What the person was to be told so far, by templates, the oldest first. */
  public List<String> told(Handle handle, SubjectId subject) {
    return handle
        .createQuery(
            "select template from request_told where subject_id = :subject order by at, told_id")
        .bind("subject", subject.value())
        .mapTo(String.class)
        .list();
  }

  // ------------------------------------------------------------------------------------ the queue

  /**
   * A page of the requests of these products, or of all, what is owed first coming first.
   *
   * @param products whose staff looks; empty for all
   * @param limit the most requests, 1 to {@value #MOST}
   */
  public RequestPage page(
      Handle handle,
      RequestFilter filter,
      Optional<Set<ProductId>> products,
      Optional<RequestCursor> after,
      int limit) {
    if (limit < 1 || limit > MOST) {
      throw new IllegalArgumentException("a page has 1 to " + MOST + " requests");
    }
    RequestCursor from = after.orElse(new RequestCursor(Instant.EPOCH, new UUID(0, 0)));
    return RequestPage.of(
        handle
            .createQuery(
                SELECT
                    + """
                    where (due, request_id) > (:due, :id) and state = any(:states)
                      and (:products::text[] is null or products && :products::text[])
                      and (:kind::text is null or kind = :kind)
                      and (:product::text is null or product = :product)
                      and (:number::text is null or number = :number)
                      and (:before::timestamptz is null or due <= :before)
                    order by due, request_id limit :limit
                    """)
            .bind("due", from.due())
            .bind("id", from.request())
            .bind("states", filter.states().stream().map(RequestState::word).toArray(String[]::new))
            .bind("products", products.map(Requests::texts).orElse(null))
            .bind("kind", filter.kind().map(RequestKind::word).orElse(null))
            .bind("product", filter.product().orElse(null))
            .bind("number", filter.number().orElse(null))
            .bind("before", filter.dueBefore().orElse(null))
            .bind("limit", limit + 1)
            .map((row, context) -> request(row))
            .list(),
        limit);
  }

  /** As the index of these has it. */
  private static final String NOT_OVER =
      "state in ('received', 'confirmed', 'identity-wanted', 'in-work', 'carrying-out')";

  /**
   * How many requests there are that are not over.
   *
   * @param byState in each state
   * @param overdue of which something is late
   * @param soon of which something is due before the moment asked for, and not late
   * @param failed that somebody has to see to, since what was granted could not be done
   */
  public record Counts(Map<RequestState, Long> byState, long overdue, long soon, long failed) {
    public Counts {
      byState = Map.copyOf(byState);
    }
  }

  /** How many there are of these products, or of all. */
  public Counts counts(
      Handle handle, Optional<Set<ProductId>> products, Instant now, Instant soon) {
    Map<RequestState, Long> byState =
        handle
            .createQuery(
                """
                select state, count(*) as n from rights_request
                where <open> and (:products::text[] is null or products && :products::text[])
                group by state
                """)
            .define("open", NOT_OVER)
            .bind("products", products.map(Requests::texts).orElse(null))
            .map(
                (row, context) ->
                    Map.entry(RequestState.of(row.getString("state")), row.getLong("n")))
            .stream()
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    return handle
        .createQuery(
            """
            select count(*) filter (where due <= :now) as overdue,
                   count(*) filter (where due > :now and due <= :soon) as soon,
                   count(*) filter (where state = 'carrying-out' and failure is not null) as failed
            from rights_request
            where <open> and (:products::text[] is null or products && :products::text[])
            """)
        .define("open", NOT_OVER)
        .bind("now", now)
        .bind("soon", soon)
        .bind("products", products.map(Requests::texts).orElse(null))
        .map(
            (row, context) ->
                new Counts(
                    byState, row.getLong("overdue"), row.getLong("soon"), row.getLong("failed")))
        .one();
  }

  /**
   * Those that are to be carried out now, in the order of their ids; at most so many.
   *
   * @param after whose id is greater than that; empty for the first
   */
  public List<RightsRequest> toCarryOut(
      Handle handle, Instant now, Optional<UUID> after, int most) {
    return handle
        .createQuery(
            SELECT
                + """
                where next_try <= :now and state = 'carrying-out' and request_id > :after
                order by request_id limit :most
                """)
        .bind("now", now)
        .bind("after", after.orElse(new UUID(0, 0)))
        .bind("most", most)
        .map((row, context) -> request(row))
        .list();
  }

  // ---------------------------------------------------------------------------------------- parts

  /** All parts that requests of these people are, whose accounts are taken. */
  public void parts(
      Transaction tx, Collection<SubjectId> subjects, BiConsumer<SubjectId, Part> each) {
    tx.handle()
        .createQuery(
            """
            select subject_id, request_id, 'TEXT' as what from rights_request
            where subject_id = any(:subjects)
            union
            select subject_id, request_id, 'DOCUMENT' from request_document
            where subject_id = any(:subjects)
            """)
        .bind("subjects", subjects.stream().map(SubjectId::value).toArray(UUID[]::new))
        .map(
            (row, context) -> {
              UUID request = row.getObject("request_id", UUID.class);
              each.accept(
                  new SubjectId(row.getObject("subject_id", UUID.class)),
                  What.valueOf(row.getString("what")).of(request));
              return request;
            })
        .list();
  }

  // -------------------------------------------------------------------------------------- reading

  private static RightsRequest request(ResultSet row) throws SQLException {
    String ruling = row.getString("ruling");
    String how = row.getString("identity_how");
    return new RightsRequest(
        new SubjectId(row.getObject("subject_id", UUID.class)),
        row.getObject("request_id", UUID.class),
        row.getString("number"),
        RequestKind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
        RequestState.of(row.getString("state")),
        Optional.ofNullable(row.getString("product")).map(ProductId::new),
        products(row),
        row.getString("policy"),
        Optional.ofNullable(row.getObject("appeals", UUID.class)),
        new Clock(
            row.getTimestamp("received_at").toInstant(),
            time(row, "confirmed_at"),
            time(row, "confirm_by"),
            time(row, "answer_by"),
            time(row, "extended_at")),
        Optional.ofNullable(row.getString("handler")).map(ActorId::new),
        new Identity(
            row.getBoolean("identity_needed"),
            how == null
                ? Optional.empty()
                : Optional.of(
                    new Check(
                        how,
                        new ActorId(row.getString("identity_by")),
                        row.getTimestamp("identity_at").toInstant()))),
        ruling == null
            ? Optional.empty()
            : Optional.of(
                new Decided(
                    Ruling.valueOf(ruling.toUpperCase(Locale.ROOT)),
                    new ActorId(row.getString("decided_by")),
                    row.getTimestamp("decided_at").toInstant(),
                    Optional.ofNullable(row.getString("clause")))),
        new Carrying(
            row.getInt("attempts"),
            Optional.ofNullable(row.getString("failure")),
            time(row, "next_try")),
        time(row, "ended_at"));
  }

  private static Set<ProductId> products(ResultSet row) throws SQLException {
    return Stream.of((String[]) row.getArray("products").getArray())
        .map(ProductId::new)
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
    return Optional.ofNullable(row.getTimestamp(column)).map(java.sql.Timestamp::toInstant);
  }

  private static String[] texts(Set<ProductId> products) {
    return products.stream().map(ProductId::value).sorted().toArray(String[]::new);
  }
}
