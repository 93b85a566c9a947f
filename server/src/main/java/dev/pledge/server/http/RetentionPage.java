package dev.pledge.server.http;

import dev.pledge.engine.retention.RetentionReport;
import dev.pledge.engine.retention.RetentionReport.OfCategory;
import dev.pledge.engine.retention.RetentionReport.OfDay;
import java.util.List;
import java.util.Locale;

/**
 * The retention report as a page: one sentence that says whether anything is late, a table, and the
 * days as a chart, which says nothing that the list below it does not. Nothing runs in the browser.
 */
final class RetentionPage {
  private static final int WIDTH = 600;
  private static final int HEIGHT = 160;
  private static final int GAP = 4;

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
    Html html = Pages.head(of("Pledge: retention", "Pledge：数据留存"), language);
    html.mark("<main class=\"retention\"><h1>%s</h1>", of("Retention", "数据留存"));
    verdict(html);
    html.mark("<section><h2>%s</h2>", of("By category", "按类别"));
    table(html);
    html.mark("</section><section><h2>%s</h2>", of("Deleted by day", "每日删除"));
    chart(html);
    days(html);
    html.mark("</section><section><h2>%s</h2><p>", of("How to read it", "如何阅读"));
    html.mark(
        "%s</p></section></main></body></html>",
        of(
            "Values, not people, are counted. Due is what is no longer kept: every read refuses it"
                + " from the second it falls due, deleted or not. Done is what sweeps deleted in the"
                + " last thirty days. Held is due and kept for a dispute. Late was due for longer than"
                + " the time between two sweeps.",
            "统计的是数据项而非人数。“到期”指不再留存的数据：自到期之秒起，无论是否已删除，一律拒绝读取。"
                + "“已删”指最近三十天内由清理任务删除的数据。“保留”指已到期但因争议而保留的数据。"
                + "“逾期”指到期时间已超过两次清理的间隔。"));
    return html.toString();
  }

  private void verdict(Html html) {
    boolean late = report.isLate();
    html.mark("<p class=\"verdict\" data-state=\"%s\">", late ? "bad" : "good");
    html.mark("<span class=\"state\"><span class=\"icon\" aria-hidden=\"true\">");
    html.mark(
        "%s</span> %s</span> ", late ? "✗" : "✓", late ? of("late", "逾期") : of("in time", "按时"));
    html.mark(
        "<span>%s</span></p><p class=\"hint\">",
        late
            ? of(
                "Something was due for longer than the time between two sweeps and is still there;"
                    + " see the server's log.",
                "有数据到期时间已超过两次清理的间隔却仍未删除；请查看服务器日志。")
            : of("Nothing was due for longer than the time between two sweeps.", "没有超过清理间隔的到期数据。"));
    html.mark(
        "%s %s. %s %s. ",
        of("Counted at", "统计时间"),
        report.at(),
        of("Sweeps are woken every", "清理间隔"),
        report.period());
    html.mark(
        "%s</p>",
        report
            .endedAt()
            .map(at -> of("The last round ended at ", "上一轮结束于 ") + at + ".")
            .orElse(
                report.beganAt().isEmpty()
                    ? of("There was no round yet.", "尚未进行清理。")
                    : of("A round is at work.", "清理正在进行。")));
    if (!report.complete()) {
      html.mark(
          "<p class=\"notice\">%s</p>",
          of(
              "There was no time to count everybody: what is due may be more.",
              "时间不足，未能统计全部人员：到期数据可能更多。"));
    }
  }

  private void table(Html html) {
    html.mark(
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"%s\">",
        of("By category", "按类别"));
    html.mark("<table class=\"counts\"><thead><tr><th scope=\"col\">%s</th>", of("Category", "类别"));
    for (String head :
        List.of(of("Due", "到期"), of("Done", "已删"), of("Held", "保留"), of("Late", "逾期"))) {
      html.mark("<th scope=\"col\">%s</th>", head);
    }
    html.mark("</tr></thead><tbody>");
    for (OfCategory category : report.categories()) {
      html.mark("<tr><th scope=\"row\"><code>%s</code></th>", category.category());
      html.mark("<td>%s</td><td>%s</td>", category.due(), category.done());
      html.mark("<td>%s</td><td>%s</td></tr>", category.held(), category.late());
    }
    html.mark("</tbody></table></div>");
  }

  private void chart(Html html) {
    long most = Math.max(1, report.days().stream().mapToLong(OfDay::done).max().orElse(0));
    int step = WIDTH / Math.max(1, report.days().size());
    html.mark("<svg class=\"chart\" role=\"img\" aria-labelledby=\"chart-title\"");
    html.mark(" viewBox=\"0 0 %s %s\">", WIDTH, HEIGHT + 1);
    html.mark(
        "<title id=\"chart-title\">%s</title>",
        of(
            "Values deleted on each of the last thirty days, at most "
                + most
                + " on one; the list below tells each.",
            "最近三十天每日删除的数据项，单日最多 " + most + " 项；明细见下表。"));
    for (int i = 0; i < report.days().size(); i++) {
      long done = report.days().get(i).done();
      // Whatever is there can be seen.
      long height = done == 0 ? 0 : Math.max(2, Math.round((double) done * HEIGHT / most));
      html.mark("<rect x=\"%s\" y=\"%s\"", i * step + GAP / 2, HEIGHT - height);
      html.mark(" width=\"%s\" height=\"%s\"/>", step - GAP, height);
    }
    html.mark("<path d=\"M0 %s.5H%s\"/></svg>", HEIGHT, WIDTH);
  }

  private void days(Html html) {
    html.mark("<details><summary>%s</summary><dl class=\"days\">", of("Each day", "逐日明细"));
    for (OfDay day : report.days()) {
      html.mark("<dt>%s</dt><dd>%s</dd>", day.day(), day.done());
    }
    html.mark("</dl></details>");
  }
}
