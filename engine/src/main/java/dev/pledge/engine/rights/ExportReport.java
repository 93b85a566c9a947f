package dev.pledge.engine.rights;

import dev.pledge.engine.consent.Consents;
import dev.pledge.engine.gate.AccessHistory;
import dev.pledge.engine.gate.Inventory;
import dev.pledge.log.Facts;
import dev.pledge.log.Verdict;
import dev.pledge.policy.decision.Ending;
import dev.pledge.policy.decision.Policy.Category;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.names.FieldId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.PurposeId;
import dev.pledge.policy.names.RecipientId;
import java.io.IOException;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Writes {@code report.html}: the same for somebody who reads it on a phone. */
final class ExportReport {
  private final Inventory.Open inventory;
  private final HoldingWords words;
  private final ExportHistory history;
  private final ExportHtml html;
  private final Map<List<Object>, Optional<HoldingTerms>> terms = new HashMap<>();

  // Where the writing of values is.
  private @Nullable Category category;
  private @Nullable FieldId series;
  private @Nullable YearMonth month;

  ExportReport(
      Inventory.Open inventory, HoldingWords words, ExportHistory history, ExportHtml html) {
    this.inventory = inventory;
    this.words = words;
    this.history = history;
    this.html = html;
  }

  void write() throws IOException {
    String title = words.say("Your data", "您的数据");
    html.begin(title, words.language());
    head(title);
    data();
    choices();
    uses();
    account();
    foot();
    html.end();
  }

  private void head(String title) throws IOException {
    String who = inventory.policy().source().controller().name();
    html.mark("<header>").element("h1", title);
    html.mark("<p class=\"lead\">");
    html.text(
        words.say(
            "What " + who + " holds of you, why, who sees it, and when it goes.",
            who + " 持有您的哪些数据、用于何处、谁能看到、何时删除。"));
    html.mark("</p><p class=\"soft\">");
    html.text(words.say("As of ", "截至 ") + words.minute(inventory.state().now()));
    html.mark("</p><nav><ul>");
    place("data", words.say("What is held", "持有的数据"));
    place("choices", words.say("What you chose", "您的选择"));
    place("uses", words.say("Who used it", "谁用过"));
    place("account", words.say("Your account", "您的账号"));
    html.mark("</ul></nav></header>");
  }

  private void place(String id, String name) throws IOException {
    html.mark("<li><a href=\"#" + id + "\">").text(name).mark("</a></li>");
  }

  // ------------------------------------------------------------------------------------------ data

  private void data() throws IOException {
    html.mark("<section id=\"data\">");
    boolean any = inventory.amounts().stream().anyMatch(Inventory.Amount::opens);
    if (!any) {
      html.element("h2", words.say("What is held", "持有的数据"));
      html.element("p", words.say("Nothing is held of you.", "未持有您的任何数据。"));
    }
    inventory.values(item -> ExportFile.unchecked(() -> item(item)));
    endSeries();
    others();
    html.mark("</section>");
  }

  private Optional<HoldingTerms> terms(FieldId field, ProductId product) {
    return terms.computeIfAbsent(
        List.of(field, product),
        of -> HoldingTerms.of(inventory.policy(), field, product, inventory.state()));
  }

  private void item(Inventory.Item item) throws IOException {
    Optional<HoldingTerms> found = terms(item.field(), item.product());
    if (found.isEmpty()) {
      return;
    }
    HoldingTerms of = found.get();
    if (category == null || !category.id().equals(of.category().id())) {
      endSeries();
      category = of.category();
      html.element("h2", words.of(category.id()));
    }
    if (item.observedAt() == null) {
      endSeries();
      html.mark("<article>");
      name(of);
      html.mark("<p class=\"held\">").value(item.json()).mark("</p><dl>");
      origin(item);
      facts(of, item.ending());
      html.mark("</dl></article>");
    } else {
      observed(item, of);
    }
  }

  private void name(HoldingTerms of) throws IOException {
    html.mark("<h3>").text(words.of(of.field().id()));
    if (of.sensitive()) {
      html.mark(" <span class=\"tag\">").text(words.say("sensitive", "敏感")).mark("</span>");
    }
    html.mark("</h3>");
  }

  private void origin(Inventory.Item item) throws IOException {
    html.fact(
        words.say("From", "来源"),
        words.source(item.source()) + words.say(", ", "，") + words.day(item.collectedAt()));
    html.fact(words.say("Product", "产品"), words.of(item.product()));
  }

  private void facts(HoldingTerms of, Optional<Ending> ending) throws IOException {
    html.fact(
        words.say("Used for", "用途"),
        words.list(of.purposes().stream().map(each -> words.of(each.id())).toList()));
    html.fact(
        words.say("Without it stops", "删除后停止"),
        words.list(of.stops().stream().map(each -> words.of(each.id())).toList()));
    html.fact(
        words.say("Seen by", "可见者"),
        words.list(
            of.seenBy().stream()
                .map(
                    seen ->
                        words.of(seen.role())
                            + words.say(" (", "（")
                            + words.view(seen.view())
                            + words.say(")", "）"))
                .toList()));
    html.fact(
        words.say("May go to", "可能提供给"),
        words.list(of.recipients().stream().map(each -> words.of(each.id())).toList()));
    html.fact(words.say("Goes", "何时删除"), goes(of, ending));
  }

  private String goes(HoldingTerms of, Optional<Ending> ending) {
    if (ending.isPresent()) {
      return words.day(ending.get().at())
          + words.say(": ", "：")
          + words.rule(ending.get().by().keep(), ending.get().by().from());
    }
    return words.list(
        of.kept().stream().map(rule -> words.rule(rule.keep(), rule.from())).toList());
  }

  private void observed(Inventory.Item item, HoldingTerms of) throws IOException {
    YearMonth then =
        YearMonth.from(Objects.requireNonNull(item.observedAt()).atOffset(ZoneOffset.UTC));
    if (!item.field().equals(series)) {
      endSeries();
      series = item.field();
      html.mark("<article>");
      name(of);
      html.mark("<dl>");
      facts(of, Optional.empty());
      html.mark("</dl>");
    }
    if (!then.equals(month)) {
      endMonth();
      month = then;
      html.mark("<details><summary>").text(then.toString()).mark(" <small>");
      html.text(counted(item.field(), then)).mark("</small></summary><ol>");
    }
    html.mark("<li><time>").text(words.minute(item.observedAt())).mark("</time> ");
    html.value(item.json()).mark("<br/><small>").text(words.of(item.product()));
    if (item.ending().isPresent()) {
      html.text(words.say(", goes on ", "，删除于 ") + words.day(item.ending().get().at()));
    }
    html.mark("</small></li>");
  }

  private String counted(FieldId field, YearMonth then) {
    long count =
        inventory.amounts().stream()
            .filter(amount -> amount.field().equals(field))
            .filter(amount -> amount.month().equals(Optional.of(then)))
            .mapToLong(Inventory.Amount::count)
            .sum();
    return words.number(count);
  }

  private void endMonth() throws IOException {
    if (month != null) {
      month = null;
      html.mark("</ol></details>");
    }
  }

  private void endSeries() throws IOException {
    endMonth();
    if (series != null) {
      series = null;
      html.mark("</article>");
    }
  }

  private void others() throws IOException {
    List<String> closed =
        inventory.amounts().stream()
            .filter(amount -> !amount.opens())
            .map(amount -> words.of(amount.field()))
            .distinct()
            .toList();
    if (!closed.isEmpty()) {
      html.mark("<p class=\"soft\">");
      html.text(
          words.say(
              "Held beside that, and not shown, since it is about somebody else: ",
              "此外还持有以下与他人有关、因此未显示的数据："));
      html.text(words.list(closed)).mark("</p>");
    }
  }

  // --------------------------------------------------------------------------------------- choices

  private void choices() throws IOException {
    html.mark("<section id=\"choices\">").element("h2", words.say("What you chose", "您的选择"));
    html.mark("<ul class=\"plain\">");
    inventory.acceptances(accepted -> ExportFile.unchecked(() -> accepted(accepted)));
    inventory.choices(chosen -> ExportFile.unchecked(() -> chosen(chosen)));
    html.mark("</ul></section>");
  }

  private void accepted(Inventory.Accepted accepted) throws IOException {
    html.mark("<li><time>").text(words.minute(accepted.at())).mark("</time><br/>");
    html.text(words.say("The policy accepted: ", "接受政策：") + accepted.version());
    html.mark("</li>");
  }

  private void chosen(Inventory.Chosen chosen) throws IOException {
    Consents.Event event = chosen.event();
    html.mark("<li><time>").text(words.minute(event.at())).mark("</time><br/>");
    html.text(
        (event.answer() == Answer.GRANTED
                ? words.say("Yes to: ", "同意：")
                : words.say("No to: ", "拒绝："))
            + words.purpose(event.purpose()));
    html.mark(" <small>").text(words.about(event, chosen.counts())).mark("</small></li>");
  }

  // ------------------------------------------------------------------------------------------ uses

  private void uses() throws IOException {
    html.mark("<section id=\"uses\">").element("h2", words.say("Who used it", "谁用过"));
    html.mark("<ul class=\"plain\">");
    for (Map.Entry<ExportHistory.Use, ExportHistory.Times> use :
        history.uses().entrySet().stream()
            .sorted(
                Map.Entry.comparingByValue(
                    Comparator.comparing(ExportHistory.Times::last).reversed()))
            .toList()) {
      html.mark("<li>").text(sentence(use.getKey()));
      html.mark(" <small>").text(words.times(use.getValue().count()));
      html.text(words.say(", last on ", "，最近一次于 ") + words.day(use.getValue().last()));
      html.mark("</small></li>");
    }
    html.mark("</ul>");
    if (!history.latest().isEmpty()) {
      html.mark("<details><summary>");
      html.text(words.say("The latest, one by one", "最近的逐条记录")).mark("</summary><ol>");
      for (AccessHistory.Line line : history.latest()) {
        line(line);
      }
      html.mark("</ol></details>");
    }
    html.mark("<p class=\"soft\">");
    html.text(
        words.say(
            "All " + words.number(history.count()) + " are in history.ndjson.",
            "全部 " + words.number(history.count()) + " 条见 history.ndjson。"));
    html.mark("</p></section>");
  }

  private String sentence(ExportHistory.Use use) {
    StringBuilder said = new StringBuilder(words.who(use.who()));
    said.append(words.say(": ", "：")).append(words.act(use.act(), use.outcome()));
    use.purpose()
        .ifPresent(
            purpose -> said.append(words.say(", for: ", "，用途：")).append(words.purpose(purpose)));
    use.recipient()
        .ifPresent(
            recipient ->
                said.append(words.say(", to ", "，提供给"))
                    .append(words.of(new RecipientId(recipient))));
    return said.toString();
  }

  private void line(AccessHistory.Line line) throws IOException {
    Facts facts = line.recorded().entry().facts();
    html.mark("<li><time>").text(words.minute(facts.at())).mark("</time><br/>");
    html.text(sentence(ExportHistory.Use.of(facts)));
    List<String> seen =
        facts.verdicts().stream()
            .flatMap(
                verdict ->
                    verdict instanceof Verdict.Granted granted
                        ? Optional.of(words.of(FieldId.of(granted.field()))).stream()
                        : Optional.<String>empty().stream())
            .distinct()
            .toList();
    if (!seen.isEmpty()) {
      html.mark("<br/><small>").text(words.list(seen)).mark("</small>");
    }
    String why = line.justification();
    if (why != null) {
      html.mark("<br/><small>").text(words.say("Why: ", "理由：")).mark("<bdi>").text(why);
      html.mark("</bdi></small>");
    }
    html.mark("</li>");
  }

  // --------------------------------------------------------------------------------------- account

  private void account() throws IOException {
    SubjectState state = inventory.state();
    html.mark("<section id=\"account\">").element("h2", words.say("Your account", "您的账号"));
    html.mark("<article><dl>");
    html.fact(words.say("Number", "编号"), state.subject().toString());
    html.fact(words.say("Since", "注册于"), words.day(inventory.since()));
    html.fact(
        words.say("Policy accepted", "接受的政策"), state.accepted().map(Object::toString).orElse(""));
    for (SubjectState.Membership membership : state.memberships()) {
      html.fact(
          words.of(membership.product()),
          membership.closedAt() == null
              ? words.say("open, last used on ", "使用中，最近使用于 ") + membership.lastUsed()
              : words.say("closed on ", "已注销于 ") + words.day(membership.closedAt()));
    }
    html.mark("</dl></article>");
    for (Inventory.Held hold : inventory.holds()) {
      html.mark("<article>").element("h3", words.say("Kept because the law has it kept", "依法保留"));
      html.mark("<dl>");
      html.fact(words.say("For", "用途"), words.of(new PurposeId(hold.purpose())));
      html.fact(
          words.say("What", "内容"),
          words.list(hold.fields().stream().sorted().map(words::of).toList()));
      html.fact(words.say("Until", "至"), words.day(hold.until()));
      html.mark("</dl></article>");
    }
    html.mark("</section>");
  }

  private void foot() throws IOException {
    html.mark("<footer><p class=\"soft\">");
    html.text(
        words.say("This look at your data is itself on the log, as entry ", "本次查阅已记入日志，条目为 "));
    html.mark("<code>").text(inventory.receipt().entry().toString()).mark("</code>");
    html.text(words.say(". To ask, correct, object or complain: ", "。咨询、更正、反对或投诉："));
    html.text(inventory.policy().source().controller().email()).mark("</p></footer>");
  }
}
