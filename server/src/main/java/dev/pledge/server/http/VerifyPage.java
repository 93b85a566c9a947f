package dev.pledge.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pledge.engine.Pledge;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The page on which people verify a receipt (IV.2): what is computed is computed in their browser,
 * by scripts of ours that are served beside it; nothing of the receipt is sent but the entry's id.
 * Without a script it says what would be checked, and with what else to check it.
 */
final class VerifyPage {
  private static final List<String> SCRIPTS =
      List.of("page.js", "words.js", "note.js", "merkle.js", "ed25519.js", "bytes.js");

  private static final String MAY_RUN_ITS_SCRIPTS =
      "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self';"
          + " require-trusted-types-for 'script'; trusted-types 'none'; base-uri 'none';"
          + " form-action 'none'; frame-ancestors 'none'";

  private static final List<Said> STEPS =
      List.of(
          new Said(
              "promise",
              "The log signed a promise",
              "日志签署了承诺",
              "A receipt carries the log's promise to place the entry by a stated time; the"
                  + " signature shows that it is the log's word, and nobody else's.",
              "回执带有日志的承诺：在所述时间之前放入该条目；签名表明这是日志而非他人所言。"),
          new Said(
              "batch",
              "The promise is about this entry",
              "承诺涉及此条目",
              "One promise covers all entries that became durable together; hashing from this"
                  + " entry up must lead to the root that was promised.",
              "一份承诺涵盖一并存入的所有条目；从此条目逐级计算哈希，必须得出所承诺的根。"),
          new Said(
              "checkpoint",
              "The log signed what it holds now",
              "日志签署了现有内容",
              "A checkpoint says how many entries the log has, and the root of the tree over them;"
                  + " whoever signed it cannot show others a different log unnoticed.",
              "检查点说明日志有多少条目及其树的根；签署者若向他人出示不同的日志，就会被发现。"),
          new Said(
              "position",
              "The entry is in the log, at its place",
              "条目在日志中的所称位置",
              "Hashing from this entry up, place by place, must lead to the root that the"
                  + " checkpoint signs.",
              "从此条目逐级计算哈希，必须得出检查点所签的根。"),
          new Said(
              "growth",
              "The log only grew since you last looked",
              "日志自您上次查看以来只增不改",
              "The checkpoint that this browser remembers, or one that you paste, must be the"
                  + " beginning of the log as it is now: nothing removed, nothing changed.",
              "此浏览器记住的检查点或您粘贴的检查点，必须是现有日志的开头：没有移除，没有更改。"));

  private final Map<String, byte[]> pages;
  private final Map<String, byte[]> scripts =
      SCRIPTS.stream()
          .collect(Collectors.toMap(name -> name, name -> Pages.resource("verify/" + name)));

  VerifyPage(Pledge pledge) {
    ObjectNode logs = Json.object();
    pledge.logs().forEach(log -> logs.put(log.origin(), log.name()));
    this.pages =
        Map.of(
            Locale.ENGLISH.getLanguage(), page(logs, false),
            Locale.CHINESE.getLanguage(), page(logs, true));
  }

  /** A step: its name to the script, what holds if it does, and what is done. */
  private record Said(
      String name, String title, String chineseTitle, String how, String chineseHow) {}

  Answer page(Call call) {
    String named = call.optionalQuery("language");
    String language = named == null ? call.language().getLanguage() : named;
    byte[] page = pages.get(language);
    if (page == null) {
      throw Problem.of(
              ProblemType.BAD_REQUEST,
              "The parameter `language` is `en` or `zh`.",
              "参数 `language` 应为 `en` 或 `zh`。")
          .found();
    }
    return new Answer.Whole(
        200,
        Pages.HTML,
        Map.of(
            "Content-Security-Policy", MAY_RUN_ITS_SCRIPTS,
            "Content-Language", language,
            "Vary", "Accept-Language"),
        page);
  }

  Answer script(Call call) {
    byte[] script = scripts.get(call.path().get("script"));
    return script == null
        ? Answer.problem(Call.NOT_FOUND, call.language())
        : new Answer.Whole(200, "text/javascript; charset=utf-8", Map.of(), script);
  }

  private static byte[] page(ObjectNode logs, boolean chinese) {
    return new Writer(chinese).page(logs.toString()).getBytes(StandardCharsets.UTF_8);
  }

  /** Writes the page in one of its languages. */
  private record Writer(boolean chinese) {
    private String of(String english, String inChinese) {
      return chinese ? inChinese : english;
    }

    /** With the names of the logs here, by their names to the world. */
    String page(String logs) {
      Html html = Pages.head(of("Pledge: verify a receipt", "Pledge：验证回执"), of("en", "zh"));
      html.mark("<header><div><a class=\"home\" href=\"/\">Pledge</a><span class=\"grow\"></span>");
      html.mark(
          "<a href=\"/verify?language=%s\" hreflang=\"%s\" lang=\"%s\">%s</a></div></header>",
          of("zh", "en"), of("zh", "en"), of("zh", "en"), of("中文", "English"));
      html.mark("<main class=\"verify\" data-logs=\"%s\">", logs);
      html.mark("<h1>%s</h1>", of("Verify a receipt", "验证回执"));
      html.mark("<p class=\"lead\">");
      html.mark(
          "%s</p>",
          of(
              "Each answer about you comes with a receipt: the log's promise that what was done"
                  + " stands in it, for good. Your browser recomputes here whether that was kept.",
              "每一份关于您的答复都带有回执：日志承诺所做之事永久记录其中。您的浏览器在此重新计算，验证承诺是否兑现。"));
      unable(html);
      form(html);
      result(html);
      trust(html);
      return html.mark("</main><script type=\"module\" src=\"/verify/page.js\"></script>")
          .mark("</body></html>")
          .toString();
    }

    private void unable(Html html) {
      html.mark("<noscript><p class=\"notice\">");
      html.prose(
          of(
              "This page computes in your browser, and scripts are off. Without one, verify with"
                  + " `./pledge audit verify DIR --receipt FILE` and a copy of the log.",
              "本页在您的浏览器中计算，而脚本已被禁用。不用脚本时，请用日志的副本和"
                  + " `./pledge audit verify DIR --receipt FILE` 验证。"));
      html.mark("</p></noscript><p class=\"notice\" id=\"insecure\" hidden>");
      html.prose(
          of(
              "Browsers compute hashes only for pages that came over https. Open this page over"
                  + " https, or verify with `./pledge audit verify DIR --receipt FILE`.",
              "浏览器只为经由 https 打开的页面计算哈希。请经由 https 打开本页，或用"
                  + " `./pledge audit verify DIR --receipt FILE` 验证。"));
      html.mark("</p>");
    }

    private void form(Html html) {
      html.mark("<form hidden novalidate><label for=\"receipt\">%s</label>", of("Receipt", "回执"));
      html.mark("<p class=\"hint\" id=\"receipt-hint\">");
      html.prose(
          of(
              "Paste the text of the receipt, from the first `{` to the last `}`, or the whole"
                  + " answer that holds it; or drop a file here.",
              "粘贴回执的文本（从第一个 `{` 到最后一个 `}`）或包含它的整个答复；也可将文件拖放到此处。"));
      html.mark("</p><textarea id=\"receipt\" rows=\"7\" spellcheck=\"false\"");
      html.mark(
          " placeholder=\"%s\"",
          "{\"log\":\"…\",\"entry\":\"…\",\"leaf\":\"…\",\"promise\":\"…\", …}");
      html.mark(" autocomplete=\"off\" aria-describedby=\"receipt-hint trouble\"></textarea>");
      html.mark("<p class=\"trouble\" id=\"trouble\" role=\"alert\" hidden></p>");
      html.mark("<details class=\"more\"><summary>%s</summary>", of("Key of the log", "日志的密钥"));
      html.mark("<p class=\"hint\" id=\"key-hint\">");
      html.mark(
          "%s</p>",
          of(
              "Left empty, the key that this server gives out is taken. That proves less: an"
                  + " operator who forges the log gives out the key that fits. Paste the verifier key that"
                  + " you got from somebody else, or long ago.",
              "留空时采用此服务器给出的密钥。这样证明力较弱：伪造日志的运营者也会给出相配的密钥。请粘贴您从他人处或很早以前得到的验证密钥。"));
      html.mark("<label for=\"key\">%s</label>", of("Verifier key", "验证密钥"));
      html.mark("<textarea id=\"key\" rows=\"2\" spellcheck=\"false\" autocomplete=\"off\"");
      html.mark(" aria-describedby=\"key-hint\"></textarea></details>");
      html.mark(
          "<details class=\"more\"><summary>%s</summary>",
          of("A checkpoint that you have", "您已有的检查点"));
      html.mark("<p class=\"hint\" id=\"earlier-hint\">");
      html.mark(
          "%s</p>",
          of(
              "One that you kept, or that somebody else was shown: if the log was rewritten, or"
                  + " shows different people different things, the last step says so.",
              "您保留的或他人所见的检查点：若日志被改写，或对不同的人显示不同内容，最后一步会指出。"));
      html.mark("<label for=\"earlier\">%s</label>", of("Checkpoint", "检查点"));
      html.mark("<textarea id=\"earlier\" rows=\"6\" spellcheck=\"false\" autocomplete=\"off\"");
      html.mark(" aria-describedby=\"earlier-hint\"></textarea></details>");
      html.mark("<div class=\"act\"><button>%s</button>", of("Verify", "验证"));
      html.mark("<label class=\"file\">%s ", of("or choose a file", "或选择文件"));
      html.mark("<input type=\"file\" id=\"file\"></label></div></form>");
    }

    private void result(Html html) {
      html.mark("<section id=\"result\" hidden aria-labelledby=\"result-title\">");
      html.mark("<h2 id=\"result-title\">%s</h2>", of("Result", "结果"));
      html.mark("<p id=\"verdict\" class=\"verdict\" role=\"status\"");
      html.mark(" tabindex=\"-1\" data-state=\"waiting\"><span class=\"state\">");
      html.mark("<span class=\"icon\" aria-hidden=\"true\"></span> <span class=\"word\"></span>");
      html.mark("</span> <span class=\"found\"></span></p></section>");
      html.mark("<section aria-labelledby=\"steps\"><h2 id=\"steps\">%s</h2>", of("Steps", "步骤"));
      html.mark(
          "<p class=\"hint\">%s</p><ol class=\"steps\">",
          of(
              "A hash is a fingerprint of a text: change one letter, and it is another. The log"
                  + " hashes its entries, then their hashes two by two, up to a single one, the root."
                  + " Whoever signs the root has signed every entry.",
              "哈希是文本的指纹：改动一个字，指纹就不同。日志对条目计算哈希，再把哈希两两合并计算，直到只剩一个，即根。签署了根，就签署了每一个条目。"));
      for (Said step : STEPS) {
        html.mark("<li id=\"step-%s\" data-state=\"waiting\">", step.name());
        html.mark("<h3>%s</h3>", of(step.title(), step.chineseTitle()));
        html.mark("<span class=\"state\"><span class=\"icon\" aria-hidden=\"true\">○</span> ");
        html.mark("<span class=\"word\">%s</span></span>", of("not checked yet", "尚未验证"));
        html.mark("<p class=\"how\">%s</p>", of(step.how(), step.chineseHow()));
        html.mark("<p class=\"found\"></p>");
        html.mark(
            "<details hidden><summary>%s</summary><dl class=\"computed\"></dl></details></li>",
            of("What was computed", "计算过程"));
      }
      html.mark("</ol></section>");
    }

    private void trust(Html html) {
      html.mark("<section><h2>%s</h2><p>", of("What this shows, and what not", "这说明什么，不说明什么"));
      html.mark(
          "%s</p><p>",
          of(
              "It shows that an entry with this hash stands in the log, and that what was under"
                  + " an earlier checkpoint has not been changed since. It does not show what the entry"
                  + " says (your access history tells that, with the same hash), nor that everything"
                  + " that was done was logged.",
              "它说明具有此哈希的条目在日志中，且先前检查点之下的内容此后未被更改。它不说明条目的内容" + "（您的访问记录会以同一哈希告知），也不说明所做的一切都已记录。"));
      html.prose(
          of(
              "Only the id of the entry is sent to the log; the receipt stays in this browser, which"
                  + " remembers nothing but the newest checkpoint. This page, too, comes from the"
                  + " operator: to rely on nobody, verify a copy of the log with"
                  + " `./pledge audit verify` of your own, or with any tool that knows the published"
                  + " formats.",
              "只有条目的编号会发送给日志；回执留在此浏览器中，浏览器只记住最新的检查点。本页也来自运营者："
                  + "若不愿依赖任何人，请用您自己的 `./pledge audit verify` 或任何支持公开格式的工具验证日志的副本。"));
      html.mark("</p></section>");
    }
  }
}
