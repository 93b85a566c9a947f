package dev.pledge.server.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pledge.engine.Pledge;
import dev.pledge.engine.gate.Inventory;
import dev.pledge.engine.gate.InventoryRequest;
import dev.pledge.engine.gate.InventoryRequest.Aim;
import dev.pledge.engine.rights.ExportFile;
import dev.pledge.engine.rights.ExportReceipt;
import dev.pledge.engine.rights.HoldingTerms;
import dev.pledge.engine.rights.HoldingWords;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.Policy;
import dev.pledge.policy.decision.Sharing;
import dev.pledge.policy.names.CategoryId;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.SubjectId;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What people see of what is held of them, and take along (V.1). */
final class ExportEndpoints {
  static final int PAGE = 100;
  static final int MOST = 1_000;
  private static final String ZIP = "application/zip";
  private static final String JSON_LD = "application/ld+json";

  private static final Map<String, Asker.Capacity> CAPACITIES =
      Map.of("subject", Asker.Capacity.SUBJECT, "guardian", Asker.Capacity.GUARDIAN);
  private static final Map<String, Asker.Assurance> ASSURANCES =
      Map.of(
          "signed-in", Asker.Assurance.SIGNED_IN,
          "stepped-up", Asker.Assurance.STEPPED_UP);

  private static final Problem BAD_MONTH =
      Problem.of(
          ProblemType.BAD_REQUEST,
          "To see values of a series, name its `field` and a `month` such as `2026-01`.",
          "查看序列中的值，请指明 `field` 和 `month`，例如 `2026-01`。");

  private final Pledge pledge;

  ExportEndpoints(Pledge pledge) {
    this.pledge = pledge;
  }

  private static InventoryRequest request(Call call, Aim aim) {
    return new InventoryRequest(
        call.who(),
        word(call, "as", CAPACITIES, "subject"),
        word(call, "assurance", ASSURANCES, "signed-in"),
        aim);
  }

  private static <T> T word(Call call, String name, Map<String, T> words, String otherwise) {
    String word = call.optionalQuery(name);
    T meant = words.get(word == null ? otherwise : word);
    if (meant == null) {
      String known = String.join("`, `", words.keySet().stream().sorted().toList());
      throw Problem.of(
              ProblemType.BAD_REQUEST,
              "The parameter `" + name + "` is one of `" + known + "`.",
              "参数 `" + name + "` 应为以下之一：`" + known + "`。")
          .found();
    }
    return meant;
  }

  /** What is held, or the problem that says why nothing is shown. */
  private static Inventory.Open open(Inventory found) {
    return switch (found) {
      case Inventory.Open open -> open;
      case Inventory.Unknown _ -> throw Call.NOT_FOUND.found();
      case Inventory.Refused(var reason, var clause, var receipt) ->
          throw Outputs.refused(reason, clause, receipt).found();
    };
  }

  private <T> T shown(
      InventoryRequest request, SubjectId subject, Function<Inventory.Open, T> use) {
    try {
      return pledge.inventory(request, subject, found -> use.apply(open(found)));
    } catch (Inventory.ErasedMeanwhile gone) {
      throw Call.NOT_FOUND.found();
    }
  }

  private HoldingWords words(Inventory.Open open, Locale language) {
    return HoldingWords.of(pledge.policyFiles().version(open.policy().version()), language);
  }

  // ---------------------------------------------------------------- export

  Answer export(Call call) {
    return export(request(call, new Aim.Export()), call.subject(), call.language());
  }

  /** Everything that is held of the person, to take along (V.1). */
  Answer export(InventoryRequest request, SubjectId subject, Locale language) {
    return new Answer.Download(
        ZIP,
        Map.of("Content-Disposition", "attachment; filename=\"your-data.zip\""),
        out ->
            shown(
                request,
                subject,
                open -> {
                  new ExportFile(open, words(open, language), pledge::origin).write(out);
                  return open;
                }));
  }

  // ---------------------------------------------------------------- receipts

  Answer receipt(Call call) {
    SubjectId subject = call.subject();
    UUID choice = choice(call);
    return shown(
        request(call, new Aim.Choices()),
        subject,
        open -> {
          ExportReceipt receipt =
              ExportReceipt.of(open, words(open, call.language()), choice)
                  .orElseThrow(Call.NOT_FOUND::found);
          return call.accept().contains("text/html")
              ? page(receipt.html(), call.language())
              : new Answer.Whole(200, JSON_LD, Map.of("Vary", "Accept"), receipt.json());
        });
  }

  private static Answer page(String html, Locale language) {
    return new Answer.Whole(200, Pages.HTML, Map.of(), html.getBytes(StandardCharsets.UTF_8))
        .with("Content-Security-Policy", ExportReceipt.contentPolicy() + "; frame-ancestors 'none'")
        .with("Content-Language", language.getLanguage())
        .with("Vary", "Accept, Accept-Language");
  }

  private static @Nullable UUID choice(Call call) {
    String choice = call.optionalQuery("choice");
    try {
      return choice == null ? null : UUID.fromString(choice);
    } catch (IllegalArgumentException e) {
      throw Call.NOT_FOUND.found();
    }
  }

  // ---------------------------------------------------------------- what is held

  Answer held(Call call) {
    SubjectId subject = call.subject();
    InventoryRequest request = request(call, aim(call));
    try {
      return shown(
          request, subject, open -> Answer.json(200, json(open, words(open, call.language()))));
    } catch (IllegalArgumentException e) {
      throw Call.BAD_CURSOR.found();
    }
  }

  private static Aim aim(Call call) {
    String field = call.optionalQuery("field");
    String month = call.optionalQuery("month");
    if (field == null && month == null) {
      return new Aim.Overview();
    }
    int limit = call.queryNumber("limit", 1, MOST, PAGE);
    if (field != null && month != null) {
      try {
        return new Aim.Month(
            FieldId.of(field), YearMonth.parse(month), call.optionalQuery("cursor"), limit);
      } catch (IllegalArgumentException | DateTimeException e) {
        throw BAD_MONTH.found();
      }
    }
    throw BAD_MONTH.found();
  }

  private static ObjectNode json(Inventory.Open open, HoldingWords words) {
    ObjectNode json = Json.object().put("policy", open.policy().version().toString());
    json.put("at", open.state().now().toString());
    Map<CategoryId, ArrayNode> categories = new LinkedHashMap<>();
    Map<List<Object>, ObjectNode> held = new HashMap<>();
    ArrayNode all = json.putArray("categories");
    for (Inventory.Amount amount : open.amounts()) {
      HoldingTerms.of(open.policy(), amount.field(), amount.product(), open.state())
          .ifPresent(
              terms -> {
                ArrayNode fields =
                    categories.computeIfAbsent(
                        terms.category().id(), _ -> category(all, terms.category(), words));
                ObjectNode one =
                    held.computeIfAbsent(
                        List.of(amount.field(), amount.product()),
                        _ -> field(fields, terms, amount.opens(), words));
                amount
                    .month()
                    .ifPresent(
                        month ->
                            array(one, "months")
                                .addObject()
                                .put("month", month.toString())
                                .put("count", amount.count()));
              });
    }
    open.values(
        item -> {
          ObjectNode one = held.get(List.of(item.field(), item.product()));
          if (one != null) {
            value(array(one, "values").addObject(), item, words);
          }
        });
    open.next().ifPresent(next -> json.put("next", next));
    json.set("receipt", Outputs.receipt(open.receipt()));
    return json;
  }

  private static ArrayNode array(ObjectNode of, String name) {
    return of.get(name) instanceof ArrayNode there ? there : of.putArray(name);
  }

  private static ArrayNode category(ArrayNode all, Policy.Category category, HoldingWords words) {
    return all.addObject()
        .put("category", category.id().value())
        .put("label", words.of(category.id()))
        .put("clause", category.clause().value())
        .putArray("fields");
  }

  private static ObjectNode field(
      ArrayNode fields, HoldingTerms terms, boolean shown, HoldingWords words) {
    FieldId field = terms.field().id();
    ObjectNode one = fields.addObject().put("field", field.toString());
    one.put("label", words.of(field)).put("product", terms.product().value());
    one.put("series", terms.category().kind() == Policy.Kind.EVENT_SERIES);
    one.put("sensitive", terms.sensitive()).put("shown", shown);
    ArrayNode purposes = one.putArray("purposes");
    for (Policy.Purpose purpose : terms.purposes()) {
      purposes
          .addObject()
          .put("purpose", purpose.id().value())
          .put("label", words.of(purpose.id()))
          .put("clause", purpose.clause().value())
          .put("stopsWithoutIt", terms.stops().contains(purpose));
    }
    ArrayNode seenBy = one.putArray("seenBy");
    for (HoldingTerms.SeenBy seen : terms.seenBy()) {
      seenBy
          .addObject()
          .put("role", seen.role().value())
          .put("label", words.of(seen.role()))
          .put("view", seen.view().word())
          .put("mayReveal", seen.mayReveal());
    }
    ArrayNode recipients = one.putArray("recipients");
    for (Sharing.Recipient recipient : terms.recipients()) {
      recipients
          .addObject()
          .put("recipient", recipient.id().value())
          .put("label", words.of(recipient.id()));
    }
    ArrayNode kept = one.putArray("kept");
    for (Policy.Retention rule : terms.kept()) {
      kept.addObject()
          .put("for", rule.keep().toString())
          .put("from", Outputs.word(rule.from()))
          .put("words", words.rule(rule.keep(), rule.from()));
    }
    return one;
  }

  private static void value(ObjectNode one, Inventory.Item item, HoldingWords words) {
    one.set("value", Json.tree(item.json()));
    one.put("view", item.view().word()).put("source", item.source().value());
    one.put("sourceWords", words.source(item.source())).put("policy", item.policy().toString());
    one.put("collectedAt", item.collectedAt().toString());
    if (item.observedAt() != null) {
      one.put("observedAt", item.observedAt().toString());
    }
    if (item.datum() != null) {
      one.put("id", item.datum().toString());
    }
    item.ending()
        .ifPresent(
            ending ->
                one.putObject("goes")
                    .put("at", ending.at().toString())
                    .put("words", words.rule(ending.by().keep(), ending.by().from())));
  }
}
