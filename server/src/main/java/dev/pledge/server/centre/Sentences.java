package dev.pledge.server.centre;

import dev.pledge.engine.actor.Actors;
import dev.pledge.engine.gate.AccessHistory;
import dev.pledge.log.Caller;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.log.Outcome;
import dev.pledge.log.Reason;
import dev.pledge.log.Verdict;
import dev.pledge.server.centre.Happening.Mood;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Says in a sentence what an entry of the log says about somebody (V.1): who did what with which
 * data, and for what. Staff are shown by what they do here, never by name.
 */
public final class Sentences {
  private static final Set<Kind> OWN_LOOKS = Set.of(Kind.STATE, Kind.CONSENTS, Kind.HISTORY);

  private final Speech speech;

  /** In that language. */
  public Sentences(Speech speech) {
    this.speech = speech;
  }

  /** One line. */
  public Happening of(AccessHistory.Line line) {
    Facts facts = line.recorded().entry().facts();
    boolean refused = facts.outcome() == Outcome.REFUSED;
    return new Happening(
        speech.day(facts.at()),
        speech.time(facts.at()),
        speech.capital(sentence(facts, refused)),
        Optional.ofNullable(line.justification()),
        refused ? facts.reason().map(this::because) : Optional.empty(),
        mood(facts, refused),
        Optional.of(
            "/v1/audit/" + line.recorded().log() + "/proof?entry=" + line.recorded().entry().id()));
  }

  /** Whether the person did it themself. */
  public static boolean isOwn(AccessHistory.Line line) {
    return isOwn(line.recorded().entry().facts());
  }

  private static boolean isOwn(Facts facts) {
    return facts.caller().type().equals(Caller.SELF)
        || facts.caller().id().filter(Actors.CENTRE.value()::equals).isPresent();
  }

  private static Mood mood(Facts facts, boolean refused) {
    if (refused) {
      return Mood.REFUSED;
    }
    if (isOwn(facts)) {
      return Mood.OWN;
    }
    Kind kind = facts.kind();
    if (kind.equals(Kind.SHARE) || facts.recipient().isPresent()) {
      return Mood.SHARED;
    }
    return kind.equals(Kind.READ) || kind.equals(Kind.LOOKUP) || kind.equals(Kind.READ_HELD)
        ? Mood.USED
        : Mood.CHANGED;
  }

  private String sentence(Facts facts, boolean refused) {
    String who = who(facts);
    String what = fields(facts);
    String why =
        facts
            .purpose()
            .map(purpose -> speech.of(" for “", "，用于“") + speech.purpose(purpose) + "”")
            .orElse("");
    if (refused) {
      return what.isEmpty()
          ? speech.of(who + " asked" + why + " and got nothing.", who + "提出请求" + why + "，未获任何信息。")
          : speech.of(
              who + " asked for " + what + why + " and got nothing.",
              who + "请求" + what + why + "，未获任何信息。");
    }
    return switch (facts.kind().name()) {
      case "register" ->
          speech.of("You registered" + product(facts, " with "), "您注册了" + product(facts, ""))
              + end();
      case "accept" -> speech.of("You accepted the privacy policy.", "您接受了隐私政策。");
      case "collect" -> speech.of(who + " stored " + what + ".", who + "存储了" + what + "。");
      case "correct" -> speech.of("You corrected " + what + ".", "您更正了" + what + "。");
      case "delete" -> speech.of("You deleted " + what + ".", "您删除了" + what + "。");
      case "read" -> read(facts, who, what, why);
      case "lookup" -> speech.of(who + " looked for you" + why + ".", who + "查找了您" + why + "。");
      case "share" ->
          speech.of(
              who + " handed " + what + " to " + recipient(facts) + why + ".",
              who + "将" + what + "提供给" + recipient(facts) + why + "。");
      case "grant" -> speech.of("You said yes" + to(facts) + ".", "您同意了" + to(facts) + "。");
      case "withdraw" -> speech.of("You said no" + to(facts) + ".", "您拒绝了" + to(facts) + "。");
      case "hand-over" -> speech.of("A product brought you to this place.", "产品将您带到此处。");
      case "sign-in" -> speech.of("You signed in here.", "您在此登录。");
      case "consents" -> speech.of(who + " looked at your choices.", who + "查看了您的选择。");
      case "history" -> speech.of(who + " looked at this history.", who + "查看了此记录。");
      case "state" ->
          speech.of(
              who + " asked whether you have an account; no data were opened.",
              who + "查询了您的账号状态，未查看任何数据。");
      case "explain" ->
          speech.of(
              who + " asked what would be answered about you; no data were opened.",
              who + "询问了会如何答复有关您的请求，未查看任何数据。");
      case "close" -> speech.of("You closed an account.", "您注销了账号。");
      case "expire" ->
          speech.of("The time of " + what + " was over; it was deleted.", what + "的保留期已满，已被删除。");
      case "hold" ->
          speech.of(who + " ordered data to be kept" + why + ".", who + "要求保留数据" + why + "。");
      case "approve" ->
          speech.of(
              who + " approved an exceptional use" + why + ".", who + "批准了一次例外使用" + why + "。");
      case "review" -> speech.of(who + " reviewed an exceptional use.", who + "复核了一次例外使用。");
      case "move" -> speech.of("Where you live was changed.", "您的居住地已更改。");
      case "export" -> speech.of("You took a copy of everything.", "您导出了全部信息。");
      case "seal" -> speech.of("You asked to be erased.", "您要求删除全部信息。");
      case "recover" -> speech.of("You took your erasure back.", "您撤销了删除。");
      default ->
          speech.of(who + ": " + facts.kind().name() + ".", who + "：" + facts.kind().name() + "。");
    };
  }

  private String to(Facts facts) {
    return facts
        .purpose()
        .map(purpose -> speech.of(" to “", "“") + speech.purpose(purpose) + "”")
        .orElse("");
  }

  private String end() {
    return speech.of(".", "。");
  }

  private String read(Facts facts, String who, String what, String why) {
    if (isOwn(facts)) {
      return speech.of("You looked at " + what + ".", "您查看了" + what + "。");
    }
    Set<String> views = new java.util.TreeSet<>();
    for (Verdict verdict : facts.verdicts()) {
      if (verdict instanceof Verdict.Granted granted) {
        granted.view().ifPresent(views::add);
      }
    }
    String how =
        views.equals(Set.of("masked"))
            ? speech.of(" (covered)", "（已遮盖）")
            : views.equals(Set.of("de-identified"))
                ? speech.of(" (without your name)", "（已去标识）")
                : "";
    if (facts.recipient().isPresent()) {
      return speech.of(
          who + " handed " + what + how + " to " + recipient(facts) + why + ".",
          who + "将" + what + how + "提供给" + recipient(facts) + why + "。");
    }
    return facts.caller().type().equals(Caller.SERVICE)
        ? speech.of(who + " used " + what + how + why + ".", who + "使用了" + what + how + why + "。")
        : speech.of(
            who + " looked at " + what + how + why + ".", who + "查看了" + what + how + why + "。");
  }

  private String recipient(Facts facts) {
    return facts.recipient().map(speech::recipient).orElse(speech.of("a recipient", "接收方"));
  }

  private String product(Facts facts, String before) {
    return facts.product().map(product -> before + speech.product(product)).orElse("");
  }

  /** The fields that were given, or else those that were asked for. */
  private String fields(Facts facts) {
    List<String> given =
        facts.verdicts().stream()
            .filter(verdict -> verdict instanceof Verdict.Granted && verdict.count() > 0)
            .map(Verdict::field)
            .distinct()
            .map(speech::field)
            .toList();
    List<String> shown =
        given.isEmpty()
            ? facts.verdicts().stream().map(Verdict::field).distinct().map(speech::field).toList()
            : given;
    return speech.list(shown);
  }

  private String who(Facts facts) {
    if (isOwn(facts)) {
      return speech.of("you", "您");
    }
    Caller caller = facts.caller();
    List<String> roles =
        caller.roles().stream()
            .filter(role -> role.weight() == Caller.Weight.COUNTED)
            .map(role -> speech.role(role.name()))
            .toList();
    List<String> held =
        roles.isEmpty()
            ? caller.roles().stream().map(role -> speech.role(role.name())).toList()
            : roles;
    return switch (caller.type()) {
      case Caller.SYSTEM -> speech.of("the software, by itself,", "系统自动");
      case Caller.GUARDIAN -> speech.of("your guardian", "您的监护人");
      case Caller.AGENT -> speech.of("whoever acts for you", "您的代理人");
      case Caller.HEIR -> speech.of("your heirs", "您的继承人");
      case Caller.ANONYMOUS -> speech.of("somebody without a name", "匿名者");
      default ->
          held.isEmpty()
              ? facts
                  .product()
                  .map(speech::product)
                  .orElse(
                      caller.type().equals(Caller.SERVICE)
                          ? speech.of("one of our programs", "我们的程序")
                          : speech.of("somebody here", "我们的工作人员"))
              : speech.list(held);
    };
  }

  private String because(Reason reason) {
    String clause = reason.clause().map(id -> " (" + id + ")").orElse("");
    return switch (reason.rule()) {
      case "consent" -> speech.of("You had not agreed to it", "您未同意") + clause;
      case "guardian" -> speech.of("A guardian had not agreed to it", "监护人未同意") + clause;
      case "need-to-know" -> speech.of("Whoever asked does not need it", "请求者无此需要") + clause;
      case "standing" -> speech.of("You do not use that product", "您未使用该产品") + clause;
      default -> speech.of("The policy does not allow it", "政策不允许") + clause;
    };
  }

  /** Looks of a person at what is about themself, which would fill the page of their history. */
  public static boolean isOwnLook(AccessHistory.Line line) {
    Facts facts = line.recorded().entry().facts();
    return isOwn(facts) && OWN_LOOKS.contains(facts.kind());
  }
}
