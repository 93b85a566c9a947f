package dev.pledge.engine.rights;

import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.gate.Inventory;
import dev.pledge.policy.decision.Policy.Category;
import dev.pledge.policy.decision.Policy.Field;
import dev.pledge.policy.decision.Policy.Kind;
import dev.pledge.policy.decision.Policy.Purpose;
import dev.pledge.policy.decision.Policy.Retention;
import dev.pledge.policy.decision.Sharing.Recipient;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.ProductId;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Writes {@code data.json}: the account, what the policy says of what is held, and every value. */
final class ExportData {
  private final Inventory.Open inventory;
  private final HoldingWords words;
  private final UnaryOperator<String> origin;

  ExportData(Inventory.Open inventory, HoldingWords words, UnaryOperator<String> origin) {
    this.inventory = inventory;
    this.words = words;
    this.origin = origin;
  }

  void write(OutputStream out) throws IOException {
    ExportJson json = ExportJson.to(out);
    SubjectState state = inventory.state();
    json.object().put("format", ExportFile.FORMAT).put("subject", state.subject());
    json.put("at", state.now()).put("policy", inventory.policy().version());
    json.put("language", words.language());
    var controller = inventory.policy().source().controller();
    json.object("controller").put("name", controller.name()).put("email", controller.email());
    json.endObject();
    account(json, state);
    entry(json, inventory.receipt());
    held(json);
    json.array("values");
    long[] count = new long[1];
    inventory.values(
        item -> {
          count[0]++;
          ExportFile.unchecked(() -> value(json, item));
        });
    json.endArray();
    notShown(json);
    holds(json);
    json.put("count", count[0]).endObject().line().flush();
  }

  private void account(ExportJson json, SubjectState state) throws IOException {
    json.object("account").put("status", word(state.status())).put("age", word(state.age()));
    json.put("accepted", state.accepted()).put("jurisdiction", inventory.jurisdiction());
    json.put("registeredAt", inventory.since()).array("products");
    for (SubjectState.Membership membership : state.memberships()) {
      json.object().put("product", membership.product());
      json.put("label", words.of(membership.product()));
      json.put("open", membership.closedAt() == null).put("closedAt", membership.closedAt());
      json.put("lastUsed", membership.lastUsed()).endObject();
    }
    json.endArray().endObject();
  }

  private void entry(ExportJson json, Receipt receipt) throws IOException {
    json.object("entry").put("log", origin.apply(receipt.log())).put("entry", receipt.entry());
    json.put("leaf", receipt.leaf()).put("at", receipt.at()).endObject();
  }

  private void held(ExportJson json) throws IOException {
    json.array("held");
    FieldId field = null;
    ProductId product = null;
    for (Inventory.Amount amount : inventory.amounts()) {
      // Amounts of a series come by the month.
      if (amount.opens() && !(amount.field().equals(field) && amount.product().equals(product))) {
        field = amount.field();
        product = amount.product();
        Optional<HoldingTerms> terms =
            HoldingTerms.of(inventory.policy(), field, product, inventory.state());
        if (terms.isPresent()) {
          terms(json, terms.get());
        }
      }
    }
    json.endArray();
  }

  private void terms(ExportJson json, HoldingTerms terms) throws IOException {
    Category category = terms.category();
    Field field = terms.field();
    json.object().put("field", field.id()).put("label", words.of(field.id()));
    json.put("category", category.id()).put("categoryLabel", words.of(category.id()));
    json.put("clause", category.clause()).put("product", terms.product());
    json.put("series", category.kind() == Kind.EVENT_SERIES).put("sensitive", terms.sensitive());
    json.array("purposes");
    for (Purpose purpose : terms.purposes()) {
      json.object().put("purpose", purpose.id()).put("label", words.of(purpose.id()));
      json.put("clause", purpose.clause()).put("basis", word(purpose.basis()));
      json.put("stopsWithoutIt", terms.stops().contains(purpose)).endObject();
    }
    json.endArray().array("seenBy");
    for (HoldingTerms.SeenBy seen : terms.seenBy()) {
      json.object().put("role", seen.role()).put("label", words.of(seen.role()));
      json.put("view", seen.view().word()).put("mayReveal", seen.mayReveal()).endObject();
    }
    json.endArray().array("recipients");
    for (Recipient recipient : terms.recipients()) {
      json.object().put("recipient", recipient.id()).put("label", words.of(recipient.id()));
      json.put("destinations", recipient.destinations().stream().sorted().toList()).endObject();
    }
    json.endArray().array("kept");
    for (Retention rule : terms.kept()) {
      json.object().put("for", rule.keep()).put("from", word(rule.from()));
      json.put("words", words.rule(rule.keep(), rule.from())).endObject();
    }
    json.endArray().endObject();
  }

  private static void value(ExportJson json, Inventory.Item item) throws IOException {
    json.object().put("field", item.field()).put("product", item.product());
    json.put("source", item.source()).put("policy", item.policy());
    json.put("collectedAt", item.collectedAt()).put("observedAt", item.observedAt());
    json.put("id", item.datum()).put("view", item.view().word()).put("value", item.json());
    if (item.ending().isPresent()) {
      json.object("goes").put("at", item.ending().get().at());
      json.put("after", item.ending().get().by().keep());
      json.put("from", word(item.ending().get().by().from())).endObject();
    }
    json.endObject();
  }

  /** What is about somebody else is said to be there, and not shown. */
  private void notShown(ExportJson json) throws IOException {
    List<Inventory.Amount> closed =
        inventory.amounts().stream().filter(amount -> !amount.opens()).toList();
    json.array("aboutOthers");
    for (Inventory.Amount amount : closed) {
      json.object().put("field", amount.field()).put("product", amount.product());
      json.put("count", amount.count()).endObject();
    }
    json.endArray();
  }

  private void holds(ExportJson json) throws IOException {
    json.array("legalHolds");
    for (Inventory.Held hold : inventory.holds()) {
      json.object().put("purpose", hold.purpose()).put("product", hold.product());
      json.put("fields", hold.fields().stream().sorted().toList());
      json.put("placedAt", hold.placedAt()).put("until", hold.until()).endObject();
    }
    json.endArray();
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
