package dev.pledge.engine.rights;

import dev.pledge.engine.consent.Consents;
import dev.pledge.engine.consent.Evidence;
import dev.pledge.engine.gate.Inventory;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Policy.Sensitivity;
import dev.pledge.policy.decision.Sharing.Recipient;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.names.FieldId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A receipt of what somebody chose, to keep (II.II.6, V.2): as a page, and as JSON-LD with the
 * members of a consent record after ISO/IEC TS 27560, whose meanings are those of the W3C Data
 * Privacy Vocabulary. It says what was recorded; that it still stands only the state tells.
 */
public final class ExportReceipt {
  private static final String DPV = "https://w3id.org/dpv#";

  private final Inventory.Open inventory;
  private final HoldingWords words;
  private final List<Inventory.Chosen> choices;

  private ExportReceipt(
      Inventory.Open inventory, HoldingWords words, List<Inventory.Chosen> choices) {
    this.inventory = inventory;
    this.words = words;
    this.choices = choices;
  }

  /**
   * The receipt of one choice, or, where {@code choice} is null, of all.
   *
   * @return empty if there is no such choice
   */
  public static Optional<ExportReceipt> of(
      Inventory.Open inventory, HoldingWords words, @Nullable UUID choice) {
    List<Inventory.Chosen> choices = new ArrayList<>();
    inventory.choices(
        chosen -> {
          if (choice == null || chosen.event().id().equals(choice)) {
            choices.add(chosen);
          }
        });
    return choice != null && choices.isEmpty()
        ? Optional.empty()
        : Optional.of(new ExportReceipt(inventory, words, choices));
  }

  // ------------------------------------------------------------------------------------------ JSON

  /** The receipt as JSON-LD, UTF-8. */
  public byte[] json() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ExportJson json = ExportJson.to(out);
      json.object().put("@context", context()).put("@type", "ConsentReceipt");
      json.put("schema_version", "ISO/IEC TS 27560:2023");
      json.put("receipt_id", "urn:uuid:" + inventory.receipt().entry());
      json.put("receipt_time", inventory.state().now());
      json.put("language", words.language());
      json.put("pii_principal_id", "urn:uuid:" + inventory.state().subject());
      json.array("party_identification").object();
      json.put("party_id", "controller").put("party_type", "dpv:DataController");
      json.put("party_name", controller().name());
      json.put("party_email", controller().email()).endObject().endArray();
      json.array("records");
      for (Inventory.Chosen chosen : choices) {
        record(json, chosen);
      }
      json.endArray().endObject().line().flush();
    } catch (IOException e) {
      throw new UncheckedIOException("could not write the receipt", e);
    }
    return out.toByteArray();
  }

  /** In the receipt itself, so that nobody has to fetch it. */
  private static Map<String, Object> context() {
    return Map.of(
        "@vocab", "urn:iso:27560:",
        "dpv", DPV,
        "xsd", "http://www.w3.org/2001/XMLSchema#",
        "receipt_time", Map.of("@id", "urn:iso:27560:receipt_time", "@type", "xsd:dateTime"),
        "event_time", Map.of("@id", "urn:iso:27560:event_time", "@type", "xsd:dateTime"),
        "purposes", Map.of("@id", DPV + "hasPurpose"),
        "recipients", Map.of("@id", DPV + "hasRecipient"),
        "lawful_basis", Map.of("@id", DPV + "hasLegalBasis", "@type", "@id"),
        "event_state", Map.of("@id", DPV + "hasConsentStatus", "@type", "@id"),
        "party_type", Map.of("@id", "urn:iso:27560:party_type", "@type", "@id"));
  }

  private Policy.Controller controller() {
    return inventory.policy().source().controller();
  }

  private void record(ExportJson json, Inventory.Chosen chosen) throws IOException {
    Consents.Event event = chosen.event();
    json.object().put("@type", "ConsentRecord").put("record_id", "urn:uuid:" + event.id());
    json.put("privacy_notice", event.policy().toString());
    json.array("purposes").object();
    json.put("purpose", event.purpose()).put("purpose_description", words.purpose(event.purpose()));
    json.put("product", event.product()).put("channel", event.channel());
    json.put("coverage", ExportData.word(event.coverage()));
    Optional<Purpose> purpose = purpose(event);
    if (purpose.isPresent()) {
      purpose(json, event, purpose.get());
    }
    json.put("withdrawal_method", "mailto:" + controller().email());
    json.endObject().endArray();
    json.array("events").object().put("event_time", event.at());
    json.put("event_type", event.answer() == Answer.GRANTED ? "explicit" : "withdrawal");
    json.put(
        "event_state",
        event.answer() == Answer.GRANTED ? "dpv:ConsentGiven" : "dpv:ConsentWithdrawn");
    json.put("entity_id", ExportData.word(event.by())).put("counts", chosen.counts());
    evidence(json, chosen.evidence());
    json.endObject().endArray().endObject();
  }

  private void purpose(ExportJson json, Consents.Event event, Purpose purpose) throws IOException {
    json.put("clause", purpose.clause()).put("lawful_basis", basis(purpose.basis()));
    json.array("pii_information");
    for (FieldId field : fields(event, purpose)) {
      json.object().put("pii_attribute", field).put("pii_description", words.of(field));
      json.put("sensitive_pii", isSensitive(event, field)).endObject();
    }
    json.endArray().array("recipients");
    for (Recipient recipient : terms(event).source().sharing().recipients()) {
      if (recipient.purposes().contains(purpose.id())) {
        json.object().put("party_id", recipient.id()).put("party_name", words.of(recipient.id()));
        json.put("jurisdiction", recipient.destinations().stream().sorted().toList()).endObject();
      }
    }
    json.endArray();
  }

  private static void evidence(ExportJson json, Optional<Evidence> evidence) throws IOException {
    if (evidence.isPresent()) {
      Evidence shown = evidence.get();
      json.put("act", shown.act()).put("notice", shown.notice());
      json.put("notice_language", shown.language()).put("acted_at", shown.at());
    }
  }

  private static String basis(Policy.Basis basis) {
    return switch (basis) {
      case CONTRACT -> "dpv:Contract";
      case CONSENT -> "dpv:Consent";
      case LEGAL_OBLIGATION -> "dpv:LegalObligation";
      case VITAL_INTEREST -> "dpv:VitalInterest";
      case PUBLIC_TASK -> "dpv:PublicInterest";
      case LEGITIMATE_INTEREST -> "dpv:LegitimateInterest";
    };
  }

  /** By the version under which it was chosen. */
  private CompiledPolicy terms(Consents.Event event) {
    CompiledPolicy version = inventory.version(event.policy()).orElse(inventory.policy());
    return event.product() == null ? version : version.forProduct(event.product());
  }

  private Optional<Purpose> purpose(Consents.Event event) {
    return Optional.ofNullable(terms(event).declaredPurpose(event.purpose()));
  }

  private List<FieldId> fields(Consents.Event event, Purpose purpose) {
    Set<FieldId> used = purpose.uses();
    return terms(event).source().categories().stream()
        .flatMap(category -> category.fields().stream())
        .map(Policy.Field::id)
        .filter(used::contains)
        .filter(
            field ->
                event.coverage() == Coverage.ALL
                    || isSensitive(event, field) == (event.coverage() == Coverage.SENSITIVE))
        .toList();
  }

  private boolean isSensitive(Consents.Event event, FieldId field) {
    Policy.Field declared = terms(event).declared(field.toString());
    return declared != null && declared.sensitivity() == Sensitivity.SENSITIVE;
  }

  // ------------------------------------------------------------------------------------------ page

  /** What a browser allows the page. */
  public static String contentPolicy() {
    return ExportHtml.contentPolicy();
  }

  /** The receipt as a page that stands by itself. */
  public String html() {
    StringWriter out = new StringWriter();
    try {
      ExportHtml html = new ExportHtml(out);
      String title = words.say("What you chose", "您的选择");
      html.begin(title, words.language()).element("h1", title);
      html.mark("<p class=\"lead\">").text(controller().name()).mark("</p><p class=\"soft\">");
      html.text(words.say("As of ", "截至 ") + words.minute(inventory.state().now()));
      html.mark("</p>");
      if (choices.isEmpty()) {
        html.element("p", words.say("You have not chosen anything yet.", "您尚未作出选择。"));
      }
      for (Inventory.Chosen chosen : choices) {
        chosen(html, chosen);
      }
      html.mark("<footer><p class=\"soft\">");
      html.text(words.say("To change your mind: ", "如需更改：")).text(controller().email());
      html.mark("</p></footer>").end();
    } catch (IOException e) {
      throw new UncheckedIOException("could not write the receipt", e);
    }
    return out.toString();
  }

  private void chosen(ExportHtml html, Inventory.Chosen chosen) throws IOException {
    Consents.Event event = chosen.event();
    html.mark("<article>").element("h3", words.purpose(event.purpose()));
    html.mark("<p class=\"held\">");
    html.text(event.answer() == Answer.GRANTED ? words.say("Yes", "同意") : words.say("No", "拒绝"));
    html.mark("</p><dl>");
    html.fact(words.say("When", "时间"), words.minute(event.at()));
    html.fact(words.say("For", "范围"), words.about(event, chosen.counts()));
    html.fact(words.say("Policy", "政策"), event.policy().toString());
    Optional<Purpose> purpose = purpose(event);
    if (purpose.isPresent()) {
      html.fact(words.say("Clause", "条款"), purpose.get().clause().value());
      html.fact(
          words.say("Data", "数据"),
          words.list(fields(event, purpose.get()).stream().map(words::of).toList()));
    }
    if (chosen.evidence().isPresent()) {
      Evidence shown = chosen.evidence().get();
      html.fact(words.say("You did this", "表示方式"), shown.act().replace('-', ' '));
      html.fact(words.say("Words shown", "所示文本"), shown.notice());
    }
    html.fact(words.say("Number", "编号"), event.id().toString());
    html.mark("</dl></article>");
  }
}
