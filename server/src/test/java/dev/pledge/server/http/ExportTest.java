package dev.pledge.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.Clause;
import dev.pledge.server.http.TestServer.Answered;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Document;
import org.xml.sax.SAXException;

/** What people see of what is held of them, and take along. */
@Clause("V.1")
class ExportTest {
  private static final String SCRIPT = "<script>alert(1)</script><img src=x onerror='a()'>\"&";

  private final TestServer server = TestServer.shared();

  private static String path(String subject, String more) {
    return "/v1/subjects/" + subject + more;
  }

  private void collect(String subject, String source, ObjectNode values) {
    ObjectNode body = Json.object().put("product", "meeting").put("source", source);
    body.set("values", values);
    Answered stored = server.change(server.backend, path(subject, "/data"), body.toString());
    assertThat(stored.status()).as(stored.body()).isEqualTo(200);
    assertThat(stored.json().path("refused")).as(stored.body()).isEmpty();
  }

  private static Map<String, String> opened(byte[] zip) {
    Map<String, String> files = new LinkedHashMap<>();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip), UTF_8)) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        files.put(entry.getName(), new String(in.readAllBytes(), UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  private Map<String, String> export(String subject, String query, String language) {
    Answered answered =
        server.send(
            server
                .request(path(subject, "/export" + query))
                .header("Authorization", "Bearer " + server.backend)
                .header("Accept-Language", language));
    assertThat(answered.status()).as(answered.body()).isEqualTo(200);
    assertThat(answered.header("Content-Type")).isEqualTo("application/zip");
    assertThat(answered.header("Content-Disposition"))
        .isEqualTo("attachment; filename=\"your-data.zip\"");
    Map<String, String> files = opened(answered.response().body());
    assertThat(files.keySet())
        .containsExactlyInAnyOrder(
            "README.txt", "data.json", "consents.json", "history.ndjson", "report.html");
    return files;
  }

  private static Document parsed(String html) {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new ByteArrayInputStream(html.getBytes(UTF_8)));
    } catch (ParserConfigurationException | SAXException | IOException e) {
      throw new AssertionError("the page is not well-formed", e);
    }
  }

  private static JsonNode json(String text) {
    return Json.ours(text.getBytes(UTF_8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Jürgen Müßig", "林薇", "👩‍💻 Zoë", "مريم الخوارزمي", "שרה"})
  void whateverScriptATextIsInItIsThereAsItWasGiven(String name) {
    String subject = server.adult();
    collect(subject, "person", Json.object().put("device.name", name));
    Map<String, String> files = export(subject, "?assurance=stepped-up", "en");
    JsonNode data = json(files.get("data.json"));
    assertThat(data.path("format").asText()).isEqualTo("pledge-export/1");
    assertThat(data.path("subject").asText()).isEqualTo(subject);
    assertThat(data.path("values").findValuesAsText("value")).contains(name);
    assertThat(data.path("count").asInt()).isEqualTo(data.path("values").size());
    assertThat(parsed(files.get("report.html")).getDocumentElement().getTextContent())
        .contains(name);
    assertThat(json(files.get("consents.json")).at("/acceptances/0/policy").asText())
        .isEqualTo("emeet@2020-04-23");
    List<JsonNode> history = files.get("history.ndjson").lines().map(ExportTest::json).toList();
    assertThat(history.getLast().path("end").asBoolean()).isTrue();
    assertThat(history.getLast().path("count").asInt()).isEqualTo(history.size() - 1);
    assertThat(history.getFirst().path("act").asText()).isEqualTo("export");
    assertThat(history).extracting(line -> line.path("act").asText()).contains("collect");
  }

  @Test
  void everyTextIsEscapedAndNothingRunsOrIsFetched() throws IOException {
    String subject = server.adult();
    collect(subject, "person", Json.object().put("device.name", SCRIPT));
    ObjectNode choice = Json.object().put("purpose", "recommendation").put("decision", "granted");
    choice.put("product", "meeting").put("by", "self");
    choice
        .putObject("evidence")
        .put("act", "checked-box")
        .put("notice", SCRIPT)
        .put("language", "en")
        .put("at", Instant.now().toString())
        .put("detail", SCRIPT);
    Answered chosen = server.change(server.backend, path(subject, "/consents"), choice.toString());
    assertThat(chosen.status()).as(chosen.body()).isEqualTo(200);
    String why =
        "{\"purpose\":\"customer-service\",\"product\":\"meeting\",\"fields\":[\"contact.email\"],"
            + "\"justification\":"
            + Json.tree(SCRIPT)
            + "}";
    assertThat(server.post(server.support, path(subject, "/read"), why).status()).isEqualTo(200);
    for (String language : List.of("en", "zh")) {
      Map<String, String> files = export(subject, "?assurance=stepped-up", language);
      String report = files.get("report.html");
      assertHarmless(report);
      Files.writeString(Path.of("target", "report." + language + ".html"), report);
      assertThat(parsed(report).getDocumentElement().getAttribute("lang")).isEqualTo(language);
      assertThat(parsed(report).getDocumentElement().getTextContent()).contains(SCRIPT);
      assertThat(json(files.get("consents.json")).toString()).contains("onerror");
      assertHarmless(receipt(subject, "", "text/html").body());
    }
  }

  private static void assertHarmless(String html) {
    Document page = parsed(html);
    for (String element : List.of("script", "img", "link", "iframe", "object", "form")) {
      assertThat(page.getElementsByTagName(element).getLength()).as(element).isZero();
    }
    assertThat(html).doesNotContain("http:").doesNotContain("https:").doesNotContain("url(");
    assertThat(html).contains("default-src &#39;none&#39;");
  }

  private Answered receipt(String subject, String query, String accept) {
    return server.send(
        server
            .request(path(subject, "/consents/receipt" + query))
            .header("Authorization", "Bearer " + server.backend)
            .header("Accept", accept));
  }

  @Test
  @Clause("II.II.6")
  void aReceiptSaysWhatWasChosen() {
    String subject = server.adult();
    String choice =
        "{\"purpose\":\"recommendation\",\"decision\":\"granted\",\"product\":\"meeting\",\"by\":\"self\",\"evidence\":"
            + TestServer.evidence()
            + "}";
    Answered chosen = server.change(server.backend, path(subject, "/consents"), choice);
    assertThat(chosen.status()).as(chosen.body()).isEqualTo(200);
    String id = server.get(server.backend, path(subject, "/consents")).text("/history/0/id");
    Answered receipt = receipt(subject, "?choice=" + id, "application/ld+json");
    assertThat(receipt.status()).as(receipt.body()).isEqualTo(200);
    assertThat(receipt.header("Content-Type")).isEqualTo("application/ld+json");
    assertThat(receipt.text("/records/0/record_id")).isEqualTo("urn:uuid:" + id);
    assertThat(receipt.text("/records/0/purposes/0/purpose")).isEqualTo("recommendation");
    assertThat(receipt.text("/records/0/purposes/0/lawful_basis")).isEqualTo("dpv:Consent");
    assertThat(receipt.text("/records/0/events/0/event_state")).isEqualTo("dpv:ConsentGiven");
    assertThat(receipt.json().at("/records/0/purposes/0/pii_information")).isNotEmpty();
    String page = receipt(subject, "?choice=" + id, "text/html").body();
    assertThat(parsed(page).getDocumentElement().getTextContent())
        .contains("Recommendations that suit you");
    // Neither one of nobody, nor somebody else's.
    assertThat(receipt(server.adult(), "?choice=" + id, "text/html").status()).isEqualTo(404);
  }

  @Test
  void whatIsHeldIsShownWithWhyAndUntilWhen() {
    String subject = server.adult();
    collect(subject, "person", Json.object().put("identity.name", "Ada Lovelace"));
    Answered masked = server.get(server.backend, path(subject, "/data"));
    assertThat(masked.status()).as(masked.body()).isEqualTo(200);
    assertThat(masked.body()).doesNotContain("Ada Lovelace");
    JsonNode field = masked.json().at("/categories/0/fields/0");
    assertThat(field.path("field").asText()).isEqualTo("identity.name");
    assertThat(field.path("label").asText()).isEqualTo("your name");
    assertThat(field.path("purposes").findValuesAsText("purpose")).contains("customer-service");
    assertThat(field.path("seenBy").findValuesAsText("role")).contains("support-agent");
    assertThat(field.path("kept")).isNotEmpty();
    assertThat(field.at("/values/0/sourceWords").asText()).isEqualTo("you told us");
    assertThat(server.get(server.backend, path(subject, "/data?assurance=stepped-up")).body())
        .contains("Ada Lovelace");
    String limited = server.token(Asker.Kind.SERVICE, List.of("product-backend"));
    assertThat(server.get(limited, path(subject, "/data")).status()).isEqualTo(403);
    assertThat(server.get(limited, path(subject, "/export")).status()).isEqualTo(403);
    assertThat(server.get(server.backend, path(subject, "/data?as=role")).status()).isEqualTo(400);
    assertThat(server.get(server.backend, path(subject, "/export?as=guardian")).status())
        .isEqualTo(403);
  }

  @Test
  void tenThousandValuesAreAllThere() {
    String subject = server.adult();
    List<String> expected = new ArrayList<>();
    for (int part = 0; part < 100; part++) {
      ArrayNode lines = Json.array();
      for (int n = 0; n < 100; n++) {
        String at =
            Instant.parse("2026-01-01T00:00:00Z").plusSeconds(600L * (part * 100 + n)).toString();
        expected.add(at);
        ObjectNode line = lines.addObject().put("observedAt", at);
        line.putObject("value").put("event", "open").putObject("attributes");
      }
      ObjectNode values = Json.object();
      values.set("log.fault", lines);
      collect(subject, "product-use", values);
    }
    Map<String, String> files = export(subject, "?assurance=stepped-up", "en");
    JsonNode data = json(files.get("data.json"));
    List<String> seen = new ArrayList<>();
    data.path("values")
        .forEach(
            value -> {
              if (value.path("field").asText().equals("log.fault")) {
                seen.add(value.path("observedAt").asText());
              }
            });
    assertThat(seen).isEqualTo(expected);
    assertThat(parsed(files.get("report.html")).getElementsByTagName("li").getLength())
        .isGreaterThan(10_000);
    String month = path(subject, "/data?field=log.fault&month=2026-02&limit=1000");
    Answered page = server.get(server.backend, month);
    assertThat(page.json().findValuesAsText("observedAt")).hasSize(1000);
    Answered next = server.get(server.backend, month + "&cursor=" + page.text("/next"));
    assertThat(next.json().findValuesAsText("observedAt"))
        .hasSize(1000)
        .doesNotContainAnyElementsOf(page.json().findValuesAsText("observedAt"));
  }
}
