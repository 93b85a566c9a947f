package dev.pledge.engine.rights;

import dev.pledge.engine.consent.Consents;
import dev.pledge.engine.consent.Evidence;
import dev.pledge.engine.gate.Inventory;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;

/** Writes {@code consents.json}: acceptances and choices, each with how it was expressed. */
final class ExportChoices {
  private final Inventory.Open inventory;
  private final HoldingWords words;

  ExportChoices(Inventory.Open inventory, HoldingWords words) {
    this.inventory = inventory;
    this.words = words;
  }

  void write(OutputStream out) throws IOException {
    ExportJson json = ExportJson.to(out);
    json.object().put("format", ExportFile.FORMAT).put("subject", inventory.state().subject());
    json.array("acceptances");
    inventory.acceptances(accepted -> ExportFile.unchecked(() -> acceptance(json, accepted)));
    json.endArray().array("choices");
    inventory.choices(chosen -> ExportFile.unchecked(() -> choice(json, chosen)));
    json.endArray().endObject().line().flush();
  }

  private static void acceptance(ExportJson json, Inventory.Accepted accepted) throws IOException {
    json.object().put("id", accepted.id()).put("policy", accepted.version());
    json.put("at", accepted.at());
    evidence(json, accepted.evidence());
    json.endObject();
  }

  private void choice(ExportJson json, Inventory.Chosen chosen) throws IOException {
    Consents.Event event = chosen.event();
    json.object().put("id", event.id()).put("purpose", event.purpose());
    json.put("label", words.purpose(event.purpose()));
    json.put("product", event.product()).put("channel", event.channel());
    json.put("coverage", ExportData.word(event.coverage()));
    json.put("decision", ExportData.word(event.answer()));
    json.put("by", ExportData.word(event.by())).put("policy", event.policy());
    json.put("at", event.at()).put("counts", chosen.counts());
    evidence(json, chosen.evidence());
    json.endObject();
  }

  private static void evidence(ExportJson json, Optional<Evidence> evidence) throws IOException {
    if (evidence.isPresent()) {
      Evidence shown = evidence.get();
      json.object("evidence").put("act", shown.act()).put("notice", shown.notice());
      json.put("language", shown.language()).put("at", shown.at());
      json.put("detail", shown.detail()).endObject();
    }
  }
}
