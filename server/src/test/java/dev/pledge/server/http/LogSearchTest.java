package dev.pledge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.actor.NewActor;
import dev.pledge.engine.actor.Scope;
import dev.pledge.engine.audit.Recorded;
import dev.pledge.engine.gate.LogQuery;
import dev.pledge.engine.gate.SearchAnswer;
import dev.pledge.engine.store.Database;
import dev.pledge.log.ByteString;
import dev.pledge.log.Entry;
import dev.pledge.log.Outcome;
import dev.pledge.log.Sha256;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.ProductId;
import dev.pledge.server.Placed;
import dev.pledge.server.http.TestServer.Answered;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The log as auditors search it. */
@Clause("IV.2")
class LogSearchTest {
  private static final String SEARCH = "/v1/audit/pledge/search";

  private final TestServer server = TestServer.shared();
  private final String auditorId = TestServer.name("auditor");
  private final String auditor = auditor(server, auditorId, "general");

  private static String auditor(TestServer server, String id, String... products) {
    NewActor actor =
        new NewActor(
            new ActorId(id),
            Asker.Kind.AUDITOR,
            Set.of(),
            Stream.of(products).map(ProductId::new).collect(Collectors.toSet()),
            Set.of(Scope.LOG),
            Set.of());
    return server
        .pledge
        .actors()
        .create(
            actor,
            Duration.ofDays(1),
            dev.pledge.log.Caller.of(dev.pledge.log.Caller.SYSTEM, "test"))
        .secret();
  }

  /** Somebody new, so that what they do is found by their name. */
  private String reader(String id, String role) {
    return server.token(id, Asker.Kind.STAFF, List.of(role), Duration.ofDays(1));
  }

  private Answered search(String token, ObjectNode query) {
    return server.post(token, SEARCH, query.toString());
  }

  private List<JsonNode> found(String token, ObjectNode query) {
    Placed.await(server.postgres.connections());
    Answered answered = search(token, query);
    assertThat(answered.status()).as(answered.body()).isEqualTo(200);
    List<JsonNode> items = new ArrayList<>();
    answered.json().path("items").forEach(items::add);
    return items;
  }

  private static ObjectNode by(String actor) {
    return Json.object().put("actor", actor);
  }

  @Test
  void whatAnActorDidIsFoundNewestFirstAndNamesNobody() {
    String id = TestServer.name("support");
    String support = reader(id, "support-agent");
    String subject = server.adult();
    server.collect(subject, "{\"identity.name\":\"Ada Lovelace\"}");
    server.read(support, subject, "customer-service", "identity.name", "x.y");
    // Places are in no order within a second.
    Placed.await(server.postgres.connections());
    server.read(support, subject, "settings", "device.model");
    List<JsonNode> found = found(auditor, by(id).put("act", "read"));
    assertThat(found).hasSize(2);
    JsonNode refused = found.get(0);
    assertThat(refused.path("purpose").asText()).isEqualTo("settings");
    assertThat(refused.path("outcome").asText()).isEqualTo("refused");
    assertThat(refused.path("clause").asText()).isEqualTo("IV.3");
    JsonNode read = found.get(1);
    assertThat(read.path("outcome").asText()).isEqualTo("partly");
    assertThat(read.path("kind").asText()).isEqualTo("staff");
    assertThat(read.path("actor").asText()).isEqualTo(id);
    assertThat(read.path("roles").get(0).asText()).isEqualTo("support-agent");
    assertThat(read.path("unknownNames").asInt()).isEqualTo(1);
    assertThat(read.path("fields").get(0).toString())
        .isEqualTo("{\"field\":\"identity.name\",\"verdict\":\"granted\",\"view\":\"masked\"}");
    assertThat(read.path("position").asLong()).isLessThan(refused.path("position").asLong());
  }

  /** Nothing that leads to a person, or from one of their entries to another. */
  @Test
  void anAnswerTellsNothingButWhatManyShare() {
    String id = TestServer.name("support");
    String support = reader(id, "support-agent");
    String subject = server.adult();
    server.collect(subject, "{\"identity.name\":\"Ada Lovelace\"}");
    server.read(support, subject, "customer-service", "identity.name");
    List<JsonNode> found = found(auditor, by(id));
    assertThat(found).isNotEmpty();
    Set<String> members = new TreeSet<>();
    found.forEach(entry -> entry.fieldNames().forEachRemaining(members::add));
    assertThat(members)
        .isSubsetOf(
            "entry",
            "log",
            "position",
            "at",
            "act",
            "outcome",
            "kind",
            "actor",
            "roles",
            "target",
            "purpose",
            "product",
            "policy",
            "rule",
            "reason",
            "clause",
            "fields",
            "unknownNames");
    assertThat(found.toString()).doesNotContain(subject).doesNotContain("Ada");
  }

  @Test
  void everyPartOfAQueryNarrows() {
    String id = TestServer.name("support");
    String support = reader(id, "support-agent");
    String subject = server.adult();
    server.collect(subject, "{\"identity.name\":\"Ada Lovelace\"}");
    Instant before = Instant.now();
    server.read(support, subject, "customer-service", "identity.name", "device.language");
    ObjectNode query = by(id).put("act", "read");
    assertThat(found(auditor, query)).hasSize(1);
    assertNarrows(query, "kind", "staff", "service");
    assertNarrows(query, "outcome", "partly", "refused");
    assertNarrows(query, "purpose", "customer-service", "security");
    assertNarrows(query, "product", "meeting", "calendar");
    assertNarrows(query, "field", "identity.name", "contact.email");
    assertNarrows(query, "clause", "II.II", "II.I");
    assertNarrows(query, "clause", "II.II.1", "II.II.2");
    assertNarrows(query, "reason", "not-listed", "consent-missing");
    assertNarrows(query, "reason", "purpose", "consent");
    assertNarrows(query, "from", before.minusSeconds(60).toString(), "2100-01-01T00:00:00Z");
    assertNarrows(query, "to", "2100-01-01T00:00:00Z", before.minusSeconds(60).toString());
    assertThat(found(auditor, query.deepCopy().put("exception", "court-order"))).isEmpty();
    // of the field that was granted nothing was refused
    assertThat(
            found(auditor, query.deepCopy().put("field", "identity.name").put("reason", "purpose")))
        .isEmpty();
    assertThat(
            found(
                auditor, query.deepCopy().put("field", "device.language").put("reason", "purpose")))
        .hasSize(1);
  }

  private void assertNarrows(ObjectNode query, String member, String fits, String fitsNot) {
    assertThat(found(auditor, query.deepCopy().put(member, fits))).as(member).hasSize(1);
    assertThat(found(auditor, query.deepCopy().put(member, fitsNot))).as(member).isEmpty();
  }

  @Test
  void pagesFollowEachOtherWithoutGapOrRepetition() {
    String id = TestServer.name("support");
    String support = reader(id, "support-agent");
    String subject = server.adult();
    List<String> entries = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      entries.addFirst(
          server
              .read(support, subject, "customer-service", "contact.email")
              .text("/receipt/entry"));
    }
    Placed.await(server.postgres.connections());
    ObjectNode query = by(id).put("act", "read").put("limit", 2);
    List<String> found = new ArrayList<>();
    long below = -1;
    while (true) {
      Answered page = search(auditor, query);
      page.json().path("items").forEach(item -> found.add(item.path("entry").asText()));
      JsonNode scanned = page.json().path("scanned");
      assertThat(scanned.path("from").asLong()).isLessThanOrEqualTo(scanned.path("to").asLong());
      if (below >= 0) {
        assertThat(scanned.path("to").asLong()).isEqualTo(below);
      }
      below = scanned.path("from").asLong();
      if (page.json().path("next").isMissingNode()) {
        break;
      }
      query.put("cursor", page.text("/next"));
    }
    assertThat(below).isZero();
    assertThat(found).containsExactlyInAnyOrderElementsOf(entries);
  }

  /** A search is on the log before it is answered: by whom, and how much was given. */
  @Test
  void aSearchIsAnEntryItself() {
    String id = TestServer.name("support");
    server.read(reader(id, "support-agent"), server.adult(), "customer-service", "contact.email");
    Placed.await(server.postgres.connections());
    Answered first = search(auditor, by(id).put("purpose", "customer-service"));
    List<JsonNode> searches = found(auditor, by(auditorId).put("act", "search"));
    assertThat(searches).hasSize(1);
    JsonNode search = searches.getFirst();
    assertThat(search.path("entry").asText()).isEqualTo(first.text("/receipt/entry"));
    assertThat(search.path("kind").asText()).isEqualTo("auditor");
    assertThat(search.path("target").asText()).isEqualTo(id);
    assertThat(search.path("purpose").asText()).isEqualTo("customer-service");
    assertThat(found(auditor, by(id).put("act", "search")))
        .extracting(entry -> entry.path("entry").asText())
        .contains(first.text("/receipt/entry"));
  }

  /** Whatever has the form of an actor's id may be somebody's telephone number or name. */
  @ParameterizedTest
  @ValueSource(strings = {"13800138000", "li.wei-1990"})
  void whoIsLookedForAndIsNoActorIsNotWrittenDown(String smuggled) {
    Entry entry = entryOf(search(auditor, by(smuggled)));
    assertThat(entry.facts().target()).isEmpty();
    assertThat(entry.facts().unknownNames()).isEqualTo(1);
    assertThat(entry.facts().outcome()).isEqualTo(Outcome.PERMITTED);
    assertThat(new String(entry.encode(), StandardCharsets.ISO_8859_1)).doesNotContain(smuggled);
    assertThat(entry.facts().digest()).as("nor can it be tried").hasValue(hash("limit 50\n"));
  }

  private Entry entryOf(Answered search) {
    String receipt = search.text("/receipt/entry");
    Placed.await(server.postgres.connections());
    Caller asking = server.pledge.actors().authenticate(auditor).orElseThrow();
    LogQuery query =
        new LogQuery(
            auditorId, null, "search", null, null, null, null, null, null, null, null, null);
    SearchAnswer.Page page =
        (SearchAnswer.Page) server.pledge.search(asking, "pledge", query, null, 10);
    return page.entries().stream()
        .map(Recorded::entry)
        .filter(each -> each.id().toString().equals(receipt))
        .findFirst()
        .orElseThrow();
  }

  private static ByteString hash(String rest) {
    return ByteString.of(Sha256.of("pledge search v1\nlog pledge\n" + rest));
  }

  @Test
  void theWholeQuestionIsHashedInTheEntry() {
    String id = TestServer.name("support");
    var _ = reader(id, "support-agent");
    ObjectNode query =
        by(id)
            .put("kind", "staff")
            .put("act", "read")
            .put("outcome", "partly")
            .put("purpose", "customer-service")
            .put("product", "meeting")
            .put("field", "identity.name")
            .put("clause", "II.II")
            .put("reason", "not-listed")
            .put("exception", "court-order")
            .put("from", "2026-01-01T00:00:00+08:00")
            .put("to", "2100-01-01T00:00:00.250Z")
            .put("cursor", "AAAAAAAAAAE")
            .put("limit", 7);
    assertThat(entryOf(search(auditor, query)).facts().digest())
        .hasValue(
            hash(
                "actor "
                    + id
                    + """

                    kind staff
                    act read
                    outcome partly
                    purpose customer-service
                    product meeting
                    field identity.name
                    clause II.II
                    reason not-listed
                    exception court-order
                    from 2025-12-31T16:00:00Z
                    to 2100-01-01T00:00:00.250Z
                    cursor AAAAAAAAAAE
                    limit 7
                    """));
  }

  /** Need to know holds for auditors, too. */
  @Test
  @Clause("IV.3")
  void whoDoesNotWorkForAllFindsWhatNamesTheirProducts() {
    String id = TestServer.name("support");
    server.read(reader(id, "support-agent"), server.adult(), "customer-service", "contact.email");
    String ofMeeting = auditor(server, TestServer.name("auditor"), "meeting");
    String ofCalendar = auditor(server, TestServer.name("auditor"), "calendar");
    assertThat(found(auditor, by(id)))
        .extracting(entry -> entry.path("act").asText())
        .contains("read", "token");
    assertThat(found(ofMeeting, by(id)))
        .extracting(entry -> entry.path("act").asText())
        .contains("read")
        .doesNotContain("token");
    assertThat(found(ofCalendar, by(id))).isEmpty();
  }

  @Test
  @Clause("IV.3")
  void aCallThatTheTokenDoesNotCoverIsFoundAndSaysNothingOfWhomItWasAbout() {
    String id = TestServer.name("curious");
    String curious =
        server.token(id, Asker.Kind.SERVICE, List.of(), Duration.ofDays(1), Scope.SUBJECTS);
    String subject = server.adult();
    assertThat(server.get(curious, "/v1/subjects/" + subject + "/history").status()).isEqualTo(403);
    Answered inTheirRight =
        server.post(
            curious,
            "/v1/subjects/" + subject + "/read",
            """
            {"purpose":"access","product":"meeting","fields":["contact.email"],"as":"subject"}
            """);
    assertThat(inTheirRight.problem()).isEqualTo("scope-missing");
    assertThat(search(curious, Json.object()).status()).isEqualTo(403);
    List<JsonNode> found = found(auditor, by(id).put("reason", "scope"));
    assertThat(found)
        .hasSize(3)
        .allSatisfy(
            entry -> {
              assertThat(entry.path("outcome").asText()).isEqualTo("refused");
              assertThat(entry.path("clause").asText()).isEqualTo("IV.3");
              assertThat(entry.toString()).doesNotContain(subject);
            });
    assertThat(found)
        .extracting(entry -> entry.path("act").asText())
        .containsExactlyInAnyOrder("history", "read", "search");
    assertThat(found(auditor, by(id).put("reason", "rights"))).hasSize(2);
  }

  @Test
  void aTokenWithoutTheScopeSearchesNothing() {
    String other = server.token(Asker.Kind.AUDITOR, List.of(), Scope.EXPLAIN);
    assertThat(search(other, Json.object()).status()).isEqualTo(403);
    assertThat(search(other, Json.object()).problem()).isEqualTo("scope-missing");
    assertThat(search("pledge_x", Json.object()).status()).isEqualTo(401);
  }

  @ParameterizedTest
  @CsvSource({
    "purpose, promotoin, did you mean `promotion`?",
    "field, contact.emial, did you mean `contact.email`?",
    "product, meting, did you mean `meeting`?",
    "act, reed, did you mean `read`?",
    "reason, consent-mising, did you mean `consent-missing`?",
    "exception, court-ordre, did you mean `court-order`?",
    "purpose, world-domination, there is no such name",
    "kind, robot, write one of",
    "outcome, lost, write one of",
    "clause, 第一条, write a clause",
    "actor, Jo Doe, write an actor",
    "to, 1999-01-01T00:00:00Z, later than",
    "cursor, !!!!, use the `next`",
    "cursor, AAAA, use the `next`"
  })
  void whatCannotBeSearchedForIsTold(String member, String value, String told) {
    ObjectNode query = Json.object().put("from", "2000-01-01T00:00:00Z").put(member, value);
    Answered answered = search(auditor, query);
    assertThat(answered.status()).isEqualTo(400);
    assertThat(answered.text("/errors/0/pointer")).isEqualTo("/" + member);
    assertThat(answered.text("/errors/0/detail")).contains(told).doesNotContain(value);
  }

  @Test
  void anEntryThatIsMissingStopsTheSearch() {
    try (TestServer own = TestServer.start(TestServer.generous())) {
      String subject = own.adult();
      own.collect(subject, "{\"identity.name\":\"Ada\"}");
      Placed.await(own.postgres.connections());
      Database.over(own.postgres.connections().owner())
          .read(handle -> handle.execute("delete from intake where leaf_index = 1"));
      Answered answered =
          own.post(auditor(own, TestServer.name("auditor"), "general"), SEARCH, "{}");
      assertThat(answered.status()).isEqualTo(500);
      assertThat(answered.json().has("items")).isFalse();
    }
  }
}
