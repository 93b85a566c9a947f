package dev.pledge.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pledge.engine.actor.NewActor;
import dev.pledge.engine.actor.Scope;
import dev.pledge.log.Caller;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.UndertakingId;
import dev.pledge.server.http.TestServer.Answered;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Why a read is answered as it is, over HTTP. */
class ExplainTest {
  private final TestServer server = TestServer.shared();
  private final String officer =
      server.token(Asker.Kind.STAFF, List.of("privacy-officer"), Scope.EXPLAIN);

  private Answered explain(String token, String subject, String body) {
    return server.post(token, "/v1/subjects/" + subject + "/explain", body);
  }

  private static List<String> refusing(JsonNode field) {
    List<String> reasons = new ArrayList<>();
    for (JsonNode rule : field.path("rules")) {
      if (rule.path("outcome").asText().equals("refused")) {
        reasons.add(rule.path("rule").asText() + " " + rule.path("reason").asText());
      }
    }
    return reasons;
  }

  @Test
  void somebodyElsesReadIsExplained() {
    Answered answered =
        explain(
            officer,
            server.adult(),
            """
            {"purpose":"promotion","product":"meeting","channel":"email",
             "fields":["contact.email","contact.phone","identity.shoe-size","No Such"],
             "roles":["marketer"]}
            """);
    assertThat(answered.status()).as(answered.body()).isEqualTo(200);
    assertThat(answered.text("/policy")).isEqualTo("emeet@2020-04-23");
    assertThat(answered.text("/roles/0")).isEqualTo("marketer");
    JsonNode fields = answered.json().path("fields");
    assertThat(refusing(fields.get(0))).containsExactly("consent consent-missing");
    assertThat(fields.get(0).at("/rules/7/clause").asText()).isEqualTo("II.I.5");
    assertThat(fields.get(0).at("/rules/7/decides").asBoolean()).isTrue();
    assertThat(refusing(fields.get(1)))
        .containsExactly("purpose other-channel", "consent consent-missing");
    assertThat(refusing(fields.get(2))).containsExactly("declared unknown-field");
    assertThat(fields.get(3).path("index").asInt()).isEqualTo(3);
    assertThat(answered.body()).doesNotContain("No Such");
  }

  @Test
  void theCallersOwnReadIsExplainedAsItIsAnswered() {
    String subject = server.adult();
    server.collect(subject, "{\"identity.name\":\"Ada Lovelace\"}");
    String question =
        """
        {"purpose":"customer-service","product":"meeting",
         "fields":["identity.name","device.model","identity.id-number"]}
        """;
    Answered explained = explain(server.backend, subject, question);
    assertThat(explained.text("/fields/0/view")).isEqualTo("clear");
    assertThat(explained.text("/fields/2/reason")).isEqualTo("not-listed");
    assertThat(explained.body()).doesNotContain("Ada");
    JsonNode ofAValue = explained.json().at("/fields/0/rules/10");
    assertThat(ofAValue.path("rule").asText()).isEqualTo("retention");
    assertThat(ofAValue.path("outcome").asText()).isEqualTo("passed");
    JsonNode ofNone = explained.json().at("/fields/1/rules/10");
    assertThat(ofNone.path("outcome").asText()).isEqualTo("of-each-value");
    Answered read = server.post(server.backend, "/v1/subjects/" + subject + "/read", question);
    assertThat(read.text("/values/identity.name/view")).isEqualTo("clear");
    assertThat(read.text("/withheld/0/reason")).isEqualTo("not-listed");
  }

  @Test
  void aCollectionIsExplainedByItsOwnBody() {
    String subject = server.adult();
    String body =
        """
        {"product":"meeting","source":"product-use","conditions":["device-location-on"],
         "values":{"location.position":[],"identity.name":"Ada Lovelace","contact.emial":"x"}}
        """;
    Answered explained = explain(server.backend, subject, body);
    assertThat(explained.status()).as(explained.body()).isEqualTo(200);
    JsonNode fields = explained.json().path("fields");
    assertThat(refusing(fields.get(0)))
        .contains("consent consent-missing", "conditions condition-missing");
    assertThat(fields.get(1).path("view").asText()).isEqualTo("clear");
    assertThat(fields.get(1).path("purpose").asText()).isEqualTo("archiving");
    assertThat(fields.get(2).path("didYouMean").asText()).isEqualTo("contact.email");
    assertThat(explained.body()).doesNotContain("Ada");
    JsonNode latest =
        server.get(server.backend, "/v1/subjects/" + subject + "/history").json().at("/items/1");
    assertThat(latest.path("act").asText()).isEqualTo("explain");
    assertThat(latest.path("unknownNames").asInt()).isEqualTo(1);
    Answered stored = server.change(server.backend, "/v1/subjects/" + subject + "/data", body);
    assertThat(stored.text("/stored/0/field")).isEqualTo("identity.name");
    assertThat(stored.body()).contains("unknown-field");
  }

  @Test
  @Clause("VI.1")
  void whatACollectionTellsOfAnAgeCountsAsWhenItIsStored() {
    String told =
        """
        {"product":"meeting","source":"person",
         "values":{"device.language":"en","identity.birth-date":"%s"}}
        """;
    String subject = server.adult();
    Answered child = explain(server.backend, subject, told.formatted("2015-01-01"));
    assertThat(refusing(child.json().at("/fields/0"))).contains("guardian guardian-missing");
    Answered adult = explain(server.backend, subject, told.formatted("1990-01-01"));
    assertThat(refusing(adult.json().at("/fields/0"))).isEmpty();
  }

  @Test
  @Clause("III.I.1")
  void aHandOverIsExplained() {
    String question =
        """
        {"purpose":"promotion","product":"meeting","channel":"sms","fields":["contact.phone"],
         "recipient":"%s","roles":["%s"],"kind":"service"}
        """;
    Answered explained =
        explain(officer, server.adult(), question.formatted("text-messages", "message-sender"));
    assertThat(explained.status()).as(explained.body()).isEqualTo(200);
    assertThat(refusing(explained.json().at("/fields/0")))
        .containsExactly("consent consent-missing", "conditions sharing-not-agreed");
    Answered misspelt =
        explain(officer, server.adult(), question.formatted("text-message", "mesage-sender"));
    assertThat(misspelt.json().path("didYouMean").toString())
        .isEqualTo(
            "[{\"member\":\"recipient\",\"name\":\"text-messages\"},"
                + "{\"member\":\"roles\",\"name\":\"message-sender\"}]");
  }

  @Test
  void theExamplesOfTheGuideWork() throws IOException {
    Matcher examples =
        Pattern.compile("/explain\" .*? -d '([^']*)'")
            .matcher(Files.readString(Path.of("../docs/api.md")));
    int explained = 0;
    while (examples.find()) {
      Answered answered = explain(officer, server.adult(), examples.group(1));
      assertThat(answered.status()).as(answered.body()).isEqualTo(200);
      assertThat(answered.json().has("didYouMean")).as(examples.group(1)).isFalse();
      explained++;
    }
    assertThat(explained).isEqualTo(3);
  }

  @Test
  @Clause("V.1")
  void theLookStandsInThePersonsHistory() {
    String subject = server.adult();
    explain(
        officer,
        subject,
        """
        {"purpose":"customer-service","product":"meeting","fields":["identity.name"],
         "roles":["support-agent"],"justification":"she asked why we could not see it"}
        """);
    JsonNode latest =
        server.get(server.backend, "/v1/subjects/" + subject + "/history").json().at("/items/1");
    assertThat(latest.path("act").asText()).isEqualTo("explain");
    assertThat(latest.path("purpose").asText()).isEqualTo("customer-service");
    assertThat(latest.path("justification").asText()).contains("she asked");
  }

  @Test
  @Clause("II.I.7")
  void noLookTellsOfAnExceptionBeforeThePersonMayKnow() {
    String subject = server.adult();
    String investigator = TestServer.name("legal");
    server.token(investigator, Asker.Kind.STAFF, List.of("legal"), Duration.ofDays(1));
    Answered approved =
        server.change(
            officer,
            "/v1/subjects/" + subject + "/approvals",
            """
            {"purpose":"public-security","product":"meeting","reference":"case 7",
             "fields":["identity.name"],"for":"%s"}
            """
                .formatted(investigator));
    assertThat(approved.status()).as(approved.body()).isEqualTo(201);
    String secret =
        """
        {"purpose":"public-security","product":"meeting","fields":["identity.name"],
         "roles":["legal"]}
        """;
    assertThat(explain(officer, subject, secret).status()).isEqualTo(200);
    String history = server.get(server.backend, "/v1/subjects/" + subject + "/history").body();
    assertThat(history).doesNotContain("public-security");
  }

  @Test
  void itTakesItsScopeAndAPersonOfOnesOwn() {
    String question =
        """
        {"purpose":"customer-service","product":"meeting","fields":["identity.name"]}
        """;
    assertThat(explain(server.support, server.adult(), question).status()).isEqualTo(403);
    assertThat(explain(officer, "0190a6d5-9c1e-7000-8000-000000000001", question).status())
        .isEqualTo(404);
    String stranger = ofAnotherProduct();
    assertThat(explain(stranger, server.adult(), question).status()).isEqualTo(404);
    assertThat(
            explain(officer, server.adult(), question.replace("}", ",\"as\":\"subject\"}"))
                .text("/clause"))
        .isEqualTo("V.1");
  }

  private String ofAnotherProduct() {
    NewActor actor =
        new NewActor(
            new ActorId(TestServer.name("officer")),
            Asker.Kind.STAFF,
            Set.of(new RoleId("privacy-officer")),
            Set.of(new ProductId("calendar")),
            Set.of(Scope.EXPLAIN),
            Set.of(new UndertakingId("confidentiality")));
    return server
        .pledge
        .actors()
        .create(actor, Duration.ofDays(1), Caller.of(Caller.SYSTEM, "test"))
        .secret();
  }

  @Test
  void badInputIsNamed() {
    Answered noRole =
        explain(
            officer,
            server.adult(),
            """
            {"purpose":"customer-service","product":"meeting","fields":["identity.name"],
             "kind":"staff"}
            """);
    assertThat(noRole.status()).isEqualTo(400);
    assertThat(noRole.body()).contains("roles");
    for (String mixed :
        List.of(
            "{\"product\":\"meeting\",\"source\":\"person\",\"values\":{\"contact.email\":\"x\"},"
                + "\"purpose\":\"promotion\"}",
            "{\"product\":\"meeting\",\"values\":{\"contact.email\":\"x\"}}",
            "{\"product\":\"meeting\",\"purpose\":\"promotion\",\"fields\":[\"contact.email\"],"
                + "\"destination\":\"CN\"}")) {
      assertThat(explain(officer, server.adult(), mixed).status()).as(mixed).isEqualTo(400);
    }
  }
}
