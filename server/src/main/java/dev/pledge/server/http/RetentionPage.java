package dev.pledge.server.http;

import dev.pledge.engine.retention.RetentionReport;
import dev.pledge.engine.retention.RetentionReport.OfCategory;
import dev.pledge.engine.retention.RetentionReport.OfDay;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/**
 * The retention report as a page: one sentence that says whether anything is late, a table, and the
 * days as a chart, which says nothing that the list below it does not. Nothing runs in the browser,
 * and the style is in the page: who asks has a token and saves the answer to look at it.
 */
final class RetentionPage {
  private static final int WIDTH = 600;
  private static final int HEIGHT = 160;
  private static final int GAP = 4;
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final RetentionReport report;
  private final boolean chinese;
  private final String language;

  RetentionPage(RetentionReport report, Locale language) {
    this.report = report;
    this.language = language.getLanguage();
    this.chinese = Locale.CHINESE.getLanguage().equals(this.language);
  }

  private String of(String english, String other) {
    return chinese ? other : english;
  }

  String html() {
    Html html = Pages.headAlone(of("Pledge: retention", "Pledge：数据留存"), language);
    html.mark("<main class=\"retention\"><h1>%s</h1>", of("Retention", "数据留存"));
    verdict(html);
    facts(html);
    html.mark("<section><h2>%s</h2>", of("By category", "按类别"));
    table(html);
    html.mark("</section><section><h2>%s</h2>", of("Deleted by day", "每日删除"));
    if (most() == 0) {
      html.mark(
          "<p>%s</p>",
          of("Sweeps deleted nothing in the last thirty days.", "最近三十天内清理任务没有删除任何数据。"));
    } else {
      chart(html);
      days(html);
    }
    html.mark("</section><section><h2>%s</h2><p>", of("How to read it", "如何阅读"));
    html.mark("%s</p><dl class=\"terms\">", of("Values are counted, not people.", "统计的是数据项而非人数。"));
    term(
        html,
        of("Due", "到期"),
        of(
            "No longer kept, and still there until the next sweep. Every read refuses it from the"
                + " second it falls due.",
            "不再留存，下一次清理前尚未删除。自到期之秒起，一律拒绝读取。"));
    term(
        html,
        of("Late", "逾期"),
        of(
            "Due for longer than the time between two sweeps. Should be 0.",
            "到期时间已超过两次清理的间隔。应为 0。"));
    term(
        html,
        of("Held", "保留"),
        of(
            "Gone while a legal hold was on it, and set aside for that hold alone.",
            "在法律保全期间被清除，仅为该保全另行存放。"));
    term(
        html, of("Done", "已删"), of("Deleted by sweeps in the last thirty days.", "最近三十天内由清理任务删除。"));
    return html.mark("</dl></section></main></body></html>").toString();
  }

  private static void term(Html html, String name, String what) {
    html.mark("<dt>%s</dt><dd>%s</dd>", name, what);
  }

  private void verdict(Html html) {
    if (report.isLate()) {
      verdict(
          html,
          "bad",
          "✗",
          of("late", "逾期"),
          of(
              "Something was due for longer than the time between two sweeps and is still there. If"
                  + " the last round ended longer ago than that, no sweep came through; otherwise"
                  + " single people failed. The server's log says why.",
              "有数据到期时间已超过两次清理的间隔却仍未删除。若上一轮结束至今已超过该间隔，则清理未能完成；" + "否则是个别人的数据未能删除。原因见服务器日志。"));
    } else if (report.complete()) {
      verdict(
          html,
          "good",
          "✓",
          of("in time", "按时"),
          of("Nothing was due for longer than the time between two sweeps.", "没有超过清理间隔的到期数据。"));
    } else {
      verdict(
          html,
          "care",
          "!",
          of("not all counted", "未统计全部"),
          of(
              "Nothing of what was counted was due for longer than the time between two sweeps.",
              "已统计的部分中没有超过清理间隔的到期数据。"));
    }
    if (!report.complete()) {
      html.mark(
          "<p class=\"notice\">%s</p>",
          of(
              "There was no time to count everybody: what is due, and late, may be more.",
              "时间不足，未能统计全部人员：到期和逾期数据可能更多。"));
    }
  }

  private static void verdict(Html html, String state, String icon, String word, String found) {
    html.mark("<p class=\"verdict\" data-state=\"%s\"><span class=\"state\">", state);
    html.mark("<span class=\"icon\" aria-hidden=\"true\">%s</span> %s</span> ", icon, word);
    html.mark("<span>%s</span></p>", found);
  }

  private void facts(Html html) {
    html.mark("<dl class=\"facts\"><dt>%s</dt><dd>", of("Counted at", "统计时间"));
    time(html, report.at());
    html.mark("</dd><dt>%s</dt>", of("Time between two sweeps", "清理间隔"));
    html.mark("<dd>%s</dd><dt>%s</dt><dd>", period(), of("The last round", "上一轮清理"));
    if (report.endedAt().isPresent()) {
      html.mark("%s ", of("ended at", "结束于"));
      time(html, report.endedAt().get());
    } else if (report.beganAt().isPresent()) {
      html.mark("%s ", of("is at work since", "正在进行，开始于"));
      time(html, report.beganAt().get());
    } else {
      html.mark("%s", of("there was none yet", "尚未进行"));
    }
    html.mark("</dd></dl>");
  }

  private static void time(Html html, Instant at) {
    html.mark(
        "<time datetime=\"%s\">%s</time>", at.truncatedTo(ChronoUnit.SECONDS), MINUTE.format(at));
  }

  private String period() {
    Duration period = report.period();
    StringBuilder said = new StringBuilder();
    part(said, period.toHours(), "hour", "小时");
    part(said, period.toMinutesPart(), "minute", "分钟");
    part(said, period.toSecondsPart(), "second", "秒");
    return said.toString();
  }

  private void part(StringBuilder said, long count, String english, String other) {
    if (count > 0) {
      said.append(said.isEmpty() ? "" : " ").append(count).append(' ');
      said.append(of(count == 1 ? english : english + "s", other));
    }
  }

  private static String number(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  private void table(Html html) {
    html.mark(
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"%s\">",
        of("By category", "按类别"));
    html.mark("<table class=\"counts\"><thead><tr><th scope=\"col\">%s</th>", of("Category", "类别"));
    for (String head :
        List.of(of("Due", "到期"), of("Late", "逾期"), of("Held", "保留"), of("Done", "已删"))) {
      html.mark("<th scope=\"col\">%s</th>", head);
    }
    html.mark("</tr></thead><tbody>");
    for (OfCategory category : report.categories()) {
      html.mark("<tr><th scope=\"row\"><code>%s</code></th>", category.category());
      html.mark("<td>%s</td>", number(category.due()));
      html.mark(category.late() > 0 ? "<td class=\"late\">" : "<td>");
      html.mark("%s</td>", number(category.late()));
      html.mark("<td>%s</td>", number(category.held()));
      html.mark("<td>%s</td></tr>", number(category.done()));
    }
    html.mark("</tbody></table></div>");
  }

  private long most() {
    return report.days().stream().mapToLong(OfDay::done).max().orElse(0);
  }

  private void chart(Html html) {
    long most = most();
    int step = WIDTH / report.days().size();
    html.mark(
        "<figure class=\"chart\"><figcaption>%s</figcaption>",
        of(
            "Values deleted on each of the last thirty days, at most " + number(most) + " on one.",
            "最近三十天每日删除的数据项，单日最多 " + number(most) + " 项。"));
    html.mark("<svg role=\"img\" aria-labelledby=\"chart-title\"");
    html.mark(" viewBox=\"0 0 %s %s\">", WIDTH, HEIGHT + 1);
    html.mark(
        "<title id=\"chart-title\">%s</title>",
        of("A bar for each day; the list below tells each.", "每日一柱；明细见下表。"));
    for (int i = 0; i < report.days().size(); i++) {
      long done = report.days().get(i).done();
      // Whatever is there can be seen.
      long height = done == 0 ? 0 : Math.max(2, Math.round((double) done * HEIGHT / most));
      html.mark("<rect x=\"%s\" y=\"%s\"", i * step + GAP / 2, HEIGHT - height);
      html.mark(" width=\"%s\" height=\"%s\"/>", step - GAP, height);
    }
    html.mark("<path d=\"M0 %s.5H%s\"/></svg>", HEIGHT, WIDTH);
    html.mark(
        "<p class=\"axis\" aria-hidden=\"true\"><span>%s</span><span>%s</span></p></figure>",
        report.days().getFirst().day(), report.days().getLast().day());
  }

  private void days(Html html) {
    html.mark("<details><summary>%s</summary><dl class=\"days\">", of("Each day", "逐日明细"));
    for (OfDay day : report.days().reversed()) {
      html.mark("<dt>%s</dt><dd>%s</dd>", day.day(), number(day.done()));
    }
    html.mark("</dl></details>");
  }
}
