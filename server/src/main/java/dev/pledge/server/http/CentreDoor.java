package dev.pledge.server.http;

import dev.pledge.engine.Changes;
import dev.pledge.engine.Pledge;
import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.actor.Replies.Reply;
import dev.pledge.engine.audit.HistoryFilter;
import dev.pledge.engine.gate.AccessHistory;
import dev.pledge.engine.gate.Outcome;
import dev.pledge.engine.gate.SubjectView;
import dev.pledge.engine.signin.Session;
import dev.pledge.log.Sha256;
import dev.pledge.policy.decision.CompiledPolicy;
import dev.pledge.policy.decision.SubjectState;
import dev.pledge.policy.decision.SubjectState.Membership;
import dev.pledge.policy.language.Checked.Sound;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.SubjectId;
import dev.pledge.server.centre.Centre;
import dev.pledge.server.centre.Frame;
import dev.pledge.server.centre.Speech;
import dev.pledge.server.centre.Trouble;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Where visitors of the Privacy Centre come in: who they are, which forms of theirs are taken, and
 * what their pages are made in. A page is for whoever has a session, and about nobody else: no
 * address and no form names a person. A form is taken from a page of the same session alone.
 */
final class CentreDoor {
  static final String HOME = "/me";
  private static final String LANGUAGE = "pledge-language";
  private static final byte[] NOTHING = {};
  private static final int ONCE_BYTES = 16;
  private static final int SECONDS_OF_A_YEAR = 365 * 24 * 60 * 60;

  private static final String PAGES_ALLOW =
      "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self';"
          + " frame-ancestors 'none'";

  /** Where a link of a product may lead. */
  static final Set<String> PLACES =
      Set.of(HOME, "/me/data", "/me/choices", "/me/history", "/me/account");

  private static final Words NOT_OURS =
      new Words(
          "This came from another page than ours, so nothing was done. Open the page here and try"
              + " again.",
          "此请求并非来自我们的页面，未执行任何操作。请在本页重试。");

  private static final Map<String, Words> SAID =
      Map.of(
          "on", new Words("It is on. You can switch it off at any time.", "已开启，您可随时关闭。"),
          "off", new Words("It is off, from this moment on.", "已关闭，立即生效。"),
          "stopped", new Words("All offers and advertising are off.", "已停止所有促销与广告。"),
          "corrected", new Words("It is corrected.", "已更正。"),
          "deleted", new Words("It is deleted, for good.", "已永久删除。"),
          "ended", new Words("Signed out there.", "已结束该处登录。"),
          "closed",
              new Words(
                  "The account is closed. Nothing of it is used any more.", "账号已注销，其信息不再被使用。"));

  private final Pledge pledge;
  private final Caller centre;
  private final InstantSource clock;
  private final SecureRandom random;
  private final boolean secure;

  CentreDoor(Pledge pledge, boolean secure, InstantSource clock, SecureRandom random) {
    this.pledge = pledge;
    this.centre = pledge.centre();
    this.secure = secure;
    this.clock = clock;
    this.random = random;
  }

  Caller centre() {
    return centre;
  }

  Instant now() {
    return clock.instant();
  }

  /** Somebody who is signed in, and what their browser keeps. */
  record Visitor(Session session, String kept) {
    String form() {
      return HexFormat.of().formatHex(Sha256.of("form of " + kept));
    }
  }

  /** A page for whoever is signed in. */
  @FunctionalInterface
  interface Page {
    Answer.Whole of(Visitor visitor);
  }

  /** What a form does. */
  @FunctionalInterface
  interface Deed {
    Answer.Whole done(Visitor visitor, FormBody form);
  }

  private String sessionName() {
    return secure ? "__Host-pledge" : "pledge";
  }

  Optional<Visitor> visitor(Call call) {
    String kept = call.visit().cookies().getOrDefault(sessionName(), "");
    return pledge.session(kept).map(session -> new Visitor(session, kept));
  }

  Answer.Whole signedIn(Call call, Page page) {
    return visitor(call).map(page::of).orElseGet(() -> seeOther(HOME));
  }

  Answer.Whole form(Call call, Deed deed) {
    if (!call.visit().isOurs()) {
      throw notOurs();
    }
    Optional<Visitor> visitor = visitor(call);
    if (visitor.isEmpty()) {
      return seeOther(HOME);
    }
    FormBody form = FormBody.read(call.body());
    byte[] sent = form.optional("form").orElse("").getBytes(StandardCharsets.UTF_8);
    if (!MessageDigest.isEqual(sent, visitor.get().form().getBytes(StandardCharsets.UTF_8))) {
      throw notOurs();
    }
    return deed.done(visitor.get(), form);
  }

  static ProblemFound notOurs() {
    return Problem.of(ProblemType.REFUSED, NOT_OURS.english(), NOT_OURS.chinese()).found();
  }

  Locale language(Call call) {
    return language(call.visit(), call.language());
  }

  static Locale language(Visit visit, Locale preferred) {
    return switch (visit.cookies().getOrDefault(LANGUAGE, "")) {
      case "zh" -> Locale.CHINESE;
      case "en" -> Locale.ENGLISH;
      default -> preferred;
    };
  }

  CompiledPolicy policy() {
    return pledge
        .policyFiles()
        .policies()
        .inForce(clock.instant())
        .orElseGet(pledge.policyFiles().policies().versions()::getFirst);
  }

  Speech speech(Locale language) {
    Sound words = pledge.policyFiles().version(policy().version()).orElseThrow();
    return new Speech(language, words);
  }

  Frame frame(Call call, @Nullable Visitor visitor) {
    Locale language = language(call);
    String said = call.optionalQuery("said");
    return new Frame(
        speech(language),
        call.route().path(),
        visitor == null ? null : visitor.form(),
        Optional.ofNullable(said).map(SAID::get).map(words -> words.in(language)));
  }

  static Answer.Whole page(int status, String html) {
    return new Answer.Whole(status, Pages.HTML, Map.of(), html.getBytes(StandardCharsets.UTF_8))
        .with("Content-Security-Policy", PAGES_ALLOW)
        // With none at all a browser hides from us, too, that a form comes from a page of ours.
        .with("Referrer-Policy", "same-origin");
  }

  static Answer.Whole seeOther(String place) {
    return page(303, "").with("Location", place);
  }

  /** What went wrong, as a page. */
  Answer.Whole problem(Problem problem, Locale preferred, Visit visit) {
    Locale language = language(visit, preferred);
    Frame frame = new Frame(speech(language), HOME, null, Optional.empty());
    String title = problem.type().title().in(language);
    Answer.Whole page =
        page(
            problem.type().status(),
            Centre.problem(
                frame,
                new Trouble(
                    title,
                    problem.detail().in(language),
                    Optional.ofNullable(problem.clause()),
                    HOME)));
    return problem
        .retryAfter()
        .map(wait -> page.with("Retry-After", Long.toString(Math.max(1, wait.toSeconds()))))
        .orElse(page);
  }

  /** What a browser is to keep of a session; nothing any more for no seconds. */
  String sessionCookie(String value, int seconds) {
    return cookie(sessionName(), value, seconds);
  }

  String languageCookie(String language) {
    return cookie(LANGUAGE, language, SECONDS_OF_A_YEAR);
  }

  private String cookie(String name, String value, int seconds) {
    return String.format(
        Locale.ROOT,
        "%s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Lax%s",
        name,
        value,
        seconds,
        secure ? "; Secure" : "");
  }

  void end(SubjectId subject, UUID session) {
    var _ = change(changes -> changes.endSession(subject, session));
  }

  /** A change and what comes of it. */
  @FunctionalInterface
  interface Work<T> {
    T run(Changes changes) throws SQLException;
  }

  /** Forms say what is to be so, not what is to be turned over: sent twice they do the same. */
  <T> T change(Work<T> work) {
    AtomicReference<@Nullable T> made = new AtomicReference<>();
    String once = once();
    var _ =
        pledge.once(
            centre,
            once,
            Sha256.of(once),
            changes -> {
              made.set(work.run(changes));
              return new Reply(200, null, NOTHING);
            });
    return Objects.requireNonNull(made.get());
  }

  private String once() {
    byte[] bytes = new byte[ONCE_BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  static void require(Outcome outcome) {
    switch (outcome) {
      case Outcome.Done _ -> {
        // As meant.
      }
      case Outcome.Unknown _ -> throw Call.NOT_FOUND.found();
      case Outcome.Refused(var reason, var clause, var receipt) ->
          throw Outputs.refused(reason, clause, receipt).found();
    }
  }

  SubjectView.Choices choices(Visitor visitor) {
    return switch (pledge.choices(centre, visitor.session().subject(), null, 1)) {
      case SubjectView.Choices choices -> choices;
      case SubjectView.State _, SubjectView.Unknown _ -> throw Call.NOT_FOUND.found();
    };
  }

  static List<ProductId> open(SubjectState state) {
    return state.memberships().stream()
        .filter(membership -> membership.closedAt() == null)
        .map(Membership::product)
        .sorted()
        .toList();
  }

  AccessHistory.Page history(
      Visitor visitor, HistoryFilter filter, @Nullable String cursor, int limit) {
    try {
      return switch (pledge.history(centre, visitor.session().subject(), filter, cursor, limit)) {
        case AccessHistory.Page page -> page;
        case AccessHistory.Exported _, AccessHistory.Unknown _ -> throw Call.NOT_FOUND.found();
      };
    } catch (IllegalArgumentException malformed) {
      throw Call.BAD_CURSOR.found();
    }
  }

  /** It was shown just now that it is them (V.4). */
  void requireSteppedUp(Visitor visitor) {
    if (!visitor.session().isSteppedUp(clock.instant())) {
      throw Problem.of(
              ProblemType.REFUSED,
              "For this we have to be sure that it is you. Open the Privacy Centre from the product"
                  + " again, and do this within five minutes.",
              "为此我们须确认是您本人。请从产品中重新打开隐私中心，并在五分钟内操作。")
          .because("V.4")
          .found();
    }
  }
}
