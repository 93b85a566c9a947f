package dev.pledge.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pledge.engine.actor.Caller;
import io.helidon.common.socket.SocketWriterException;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Method;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where every call comes in and every answer goes out: admits, checks the token, reads the body,
 * lets the route's endpoint work within its time, and turns whatever comes of it into an answer.
 * Safe for all threads.
 */
final class Door {
  private static final Logger LOG = LoggerFactory.getLogger(Door.class);
  private static final HeaderName IDEMPOTENCY_KEY = HeaderNames.create("Idempotency-Key");
  private static final String REPLAY = "Idempotent-Replay";
  private static final Duration SOON = Duration.ofSeconds(1);

  /** Whose calls need no token; no actor's id, which has no space. */
  private static final String PUBLIC = "the public";

  /** The longest answer that is not counted, in bytes. */
  private static final int UNCOUNTED = 64 * 1024;

  /** In a path: what a proxy in front may take for another address than we do. */
  private static final Pattern AMBIGUOUS =
      Pattern.compile("[;\\\\]|%2f|%5c|//|/(\\.|%2e){1,2}(/|$)", Pattern.CASE_INSENSITIVE);

  /** The longest {@code Idempotency-Key}. */
  static final int LONGEST_KEY = 128;

  private static final Problem STOPPING =
      Problem.of(ProblemType.UNAVAILABLE, "The server is stopping.", "服务器正在停止。").retryAfter(SOON);
  private static final Problem OUT_OF_TIME =
      Problem.of(
              ProblemType.OUT_OF_TIME,
              "The call took too long; a change may still be made: send it again with the same"
                  + " Idempotency-Key to learn what came of it.",
              "调用超时；更改可能仍会生效：请以相同的 Idempotency-Key 重发以得知结果。")
          .retryAfter(SOON);

  private final Limits limits;
  private final Admission admission;
  private final Metrics metrics;
  private final Tokens tokens;
  private final Uncovered uncovered;
  private final Problems problems;
  private final Bodies bodies;
  private final Budget refusals;
  private final Budget misses;
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService deadlines =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("stream-deadlines").factory());

  /** One party for this door and one for each call at work. */
  private final Phaser atWork = new Phaser(1);

  private volatile boolean closing;

  /** Enters in the log that a caller's token did not cover a call. */
  @FunctionalInterface
  interface Uncovered {
    void enter(Caller caller, Route.Access.Covered call);
  }

  /** Tells people what went wrong. */
  @FunctionalInterface
  interface Problems {
    Answer.Whole page(Problem problem, Locale language, Visit visit);
  }

  Door(
      Limits limits,
      Admission admission,
      Metrics metrics,
      Tokens tokens,
      Uncovered uncovered,
      Problems problems) {
    this.limits = limits;
    this.admission = admission;
    this.metrics = metrics;
    this.tokens = tokens;
    this.uncovered = uncovered;
    this.problems = problems;
    this.bodies = new Bodies(limits, admission);
    this.refusals = new Budget(limits.refusals(), System::nanoTime);
    this.misses = new Budget(limits.misses(), System::nanoTime);
  }

  /** A request and where its answer goes. */
  private record Exchange(ServerRequest request, ServerResponse response) {
    Locale language() {
      return Languages.preferred(request.headers().first(HeaderNames.ACCEPT_LANGUAGE).orElse(null));
    }
  }

  /**
   * Answers one request, whatever comes of it.
   *
   * @throws CloseConnectionException if the connection is of no use afterwards
   */
  void handle(Route route, ServerRequest request, ServerResponse response) {
    long started = System.nanoTime();
    int status = ProblemType.INTERNAL.status();
    atWork.register();
    try {
      status = answered(route, new Exchange(request, response));
    } catch (ClientGone e) {
      status = ClientGone.STATUS;
      LOG.debug("the client of a call went away", e);
      throw new CloseConnectionException("the client went away", e);
    } catch (Cut e) {
      status = e.status;
      throw new CloseConnectionException("an answer that had begun was cut off", e);
    } finally {
      atWork.arriveAndDeregister();
      metrics.answered(route.method(), route.path(), status, System.nanoTime() - started);
      Connection.answered();
    }
    if (response.headers().containsToken(HeaderValues.CONNECTION_CLOSE)) {
      throw new CloseConnectionException("the answer said that it was the last");
    }
  }

  private int answered(Route route, Exchange exchange) {
    try {
      return answer(route, exchange);
    } catch (ProblemFound e) {
      return send(exchange, problem(route, e.problem(), exchange));
    } catch (Bodies.Endless e) {
      exchange.response().header(HeaderValues.CONNECTION_CLOSE);
      return send(exchange, problem(route, e.problem(), exchange));
    } catch (ClientGone | Cut e) {
      throw e;
    } catch (RuntimeException e) {
      Problem problem = Failures.problem(e);
      if (exchange.response().isSent()) {
        throw new Cut(problem.type().status(), e);
      }
      return send(exchange, problem(route, problem, exchange));
    }
  }

  /** For people it is a page. */
  private Answer.Whole problem(Route route, Problem problem, Exchange exchange) {
    return route.isForPeople()
        ? problems.page(problem, exchange.language(), Visit.of(exchange.request()))
        : Answer.problem(problem, exchange.language());
  }

  private int answer(Route route, Exchange exchange) {
    if (closing) {
      throw STOPPING.found();
    }
    try (Held held = new Held(admission.enter(route.load()))) {
      ServerRequest request = exchange.request();
      Caller caller = caller(route, request);
      if (caller != null) {
        held.add(admission.share(route.load(), caller.id().value()));
        requireCovered(route, caller);
      }
      boolean keyed = route.load() == Load.CHANGE && !route.isForPeople();
      String key = keyed ? idempotencyKey(request) : null;
      requireKnown(route, request);
      Bodies.Body body = bodies.read(route, request, name(caller));
      held.add(body.place());
      Call call = call(route, caller, request, exchange.language(), key, body.bytes());
      return switch (route.load()) {
        case NONE, STREAM -> answer(exchange, call, route.endpoint().answer(call));
        case READ, CHANGE, PAGE -> answer(exchange, call, inTime(call, held.handOn()));
      };
    }
  }

  /** What a call holds until it is closed or handed on. Not safe for threads. */
  private static final class Held implements Admission.Place {
    private final List<Admission.Place> places = new ArrayList<>();

    Held(Admission.Place first) {
      places.add(first);
    }

    void add(Admission.Place place) {
      places.add(place);
    }

    /** Everything, for another thread to close. */
    Admission.Place handOn() {
      List<Admission.Place> all = List.copyOf(places);
      places.clear();
      return () -> all.forEach(Admission.Place::close);
    }

    @Override
    public void close() {
      places.forEach(Admission.Place::close);
    }
  }

  private static Call call(
      Route route,
      @Nullable Caller caller,
      ServerRequest request,
      Locale language,
      @Nullable String key,
      byte[] body) {
    return new Call(
        route,
        caller,
        request.path().pathParameters(),
        request.query(),
        language,
        request.headers().first(HeaderNames.ACCEPT).orElse("*/*"),
        request.headers().first(HeaderNames.ACCEPT_LANGUAGE).orElse(null),
        request.headers().first(HeaderNames.IF_NONE_MATCH).orElse(null),
        key,
        Visit.of(request),
        request.headers().first(HeaderNames.CONTENT_TYPE).orElse(""),
        body);
  }

  // ---------------------------------------------------------------- who calls

  /** Whose share of the memory a call takes. */
  private static String name(@Nullable Caller caller) {
    return caller == null ? PUBLIC : caller.id().value();
  }

  private @Nullable Caller caller(Route route, ServerRequest request) {
    if (route.access() instanceof Route.Access.Public || route.isForPeople()) {
      return null;
    }
    Caller caller = tokens.caller(request);
    requirePatience(route, caller);
    return caller;
  }

  /** What is refused here is on the log, as what the engine refuses. */
  private void requireCovered(Route route, Caller caller) {
    if (!(route.access() instanceof Route.Access.Covered covered) || caller.may(covered.scope())) {
      return;
    }
    refusals.spend(caller.id().value());
    uncovered.enter(caller, covered);
    String scope = covered.scope().word();
    throw Problem.of(
            ProblemType.SCOPE_MISSING,
            "This call needs a token with the scope `" + scope + "`.",
            "此调用需要包含 `" + scope + "` 范围的令牌。")
        .because("IV.3")
        .found();
  }

  /** Comes before the engine: a flood of refused calls reaches neither database nor log. */
  private void requirePatience(Route route, Caller caller) {
    String id = caller.id().value();
    Duration wait = refusals.wait(id);
    if (wait.isZero() && Routes.TELL_OF_ALIASES.contains(route.path())) {
      wait = misses.wait(id);
    }
    if (!wait.isZero()) {
      throw Problem.of(
              ProblemType.TOO_MANY_REFUSALS,
              "Too many of your calls were refused or found nobody; wait a moment.",
              "您的调用被拒绝或未找到对象的次数过多，请稍候。")
          .retryAfter(wait)
          .found();
    }
  }

  /**
   * What an answer takes from its caller's budgets. That an alias is taken, and that nobody is
   * found by it, tells whether somebody is there: both are misses.
   */
  private void spend(Call call, int status) {
    Caller caller = call.caller();
    if (caller == null) {
      return;
    }
    boolean ofAliases = Routes.TELL_OF_ALIASES.contains(call.route().path());
    if (ofAliases
        && (status == 409 || (status == 404 && call.route().path().equals(Routes.LOOKUP)))) {
      misses.spend(caller.id().value());
    } else if (status == 403 || status == 404) {
      refusals.spend(caller.id().value());
    }
  }

  private static String idempotencyKey(ServerRequest request) {
    var keys = request.headers().all(IDEMPOTENCY_KEY, List::of);
    if (keys.isEmpty()) {
      throw Problem.of(
              ProblemType.KEY_MISSING,
              "Send an `Idempotency-Key` of your choice, a new one for each change, so that the"
                  + " change can be sent again without being made again.",
              "请为每次更改发送一个新的 `Idempotency-Key`，以便安全地重发。")
          .found();
    }
    String key = keys.get(0);
    boolean visible = key.chars().allMatch(c -> c > ' ' && c < 0x7f);
    if (keys.size() > 1 || key.isEmpty() || key.length() > LONGEST_KEY || !visible) {
      throw Problem.of(
              ProblemType.KEY_MALFORMED,
              String.format(
                  Locale.ROOT,
                  "An `Idempotency-Key` is one text of 1 to %d visible ASCII characters.",
                  LONGEST_KEY),
              String.format(Locale.ROOT, "`Idempotency-Key` 应为 1 至 %d 个可见 ASCII 字符。", LONGEST_KEY))
          .found();
    }
    return key;
  }

  private static void requireKnown(Route route, ServerRequest request) {
    if (AMBIGUOUS.matcher(request.prologue().uriPath().rawPath()).find()) {
      throw Problem.of(
              ProblemType.BAD_REQUEST,
              "Write the address without `;`, without encoded slashes, and without segments that are"
                  + " empty, `.` or `..`.",
              "地址中不得含有 `;`、编码的斜杠，以及空、`.` 或 `..` 的路径段。")
          .found();
    }
    if (!route.isElsewhere() && !route.parameters().containsAll(names(request))) {
      throw Problem.of(
              ProblemType.BAD_REQUEST,
              "The address has a parameter this call does not take; it takes "
                  + listed(route, "none", ", ")
                  + ".",
              "地址中有此调用不接受的参数；可用参数：" + listed(route, "无", "、") + "。")
          .found();
    }
  }

  private static String listed(Route route, String none, String between) {
    return route.parameters().isEmpty()
        ? none
        : route.parameters().stream()
            .sorted()
            .map(name -> "`" + name + "`")
            .collect(Collectors.joining(between));
  }

  private static Set<String> names(ServerRequest request) {
    try {
      return request.query().names();
    } catch (IllegalArgumentException e) {
      throw Problem.of(
              ProblemType.BAD_REQUEST,
              "The part of the address behind `?` is malformed.",
              "地址中 `?` 之后的部分格式有误。")
          .found();
    }
  }

  // ---------------------------------------------------------------- what comes of it

  /**
   * The endpoint's answer, unless it takes too long. Work that runs late is not broken off, since a
   * change may be about to commit; it keeps its places until it is done, so that what is at work
   * stays bounded.
   */
  private Answer inTime(Call call, Admission.Place places) {
    try {
      return submit(call, places).get(limits.time().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw OUT_OF_TIME.found();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw STOPPING.found();
    } catch (ExecutionException e) {
      Problem problem = Failures.problem(e.getCause() == null ? e : e.getCause());
      if (problem.type() != ProblemType.IN_FLIGHT) {
        spend(call, problem.type().status());
      }
      throw problem.found();
    }
  }

  private Future<Answer> submit(Call call, Admission.Place places) {
    atWork.register();
    try {
      return workers.submit(
          () -> {
            try (places) {
              return call.route().endpoint().answer(call);
            } finally {
              atWork.arriveAndDeregister();
            }
          });
    } catch (RejectedExecutionException e) {
      places.close();
      atWork.arriveAndDeregister();
      throw STOPPING.found();
    }
  }

  private int answer(Exchange exchange, Call call, Answer answer) {
    return switch (answer) {
      case Answer.Whole whole -> {
        spend(call, whole.status());
        yield sendCounted(exchange, call, whole);
      }
      case Answer.Streamed streamed -> stream(exchange, call, streamed);
      case Answer.Download download -> download(exchange, call, download);
    };
  }

  /**
   * Sends an answer whose size its caller chose, counted while its client may leave it unread.
   *
   * @throws ProblemFound if there is no memory for it
   */
  private int sendCounted(Exchange exchange, Call call, Answer.Whole answer) {
    if (answer.body().length <= UNCOUNTED) {
      return send(exchange, answer);
    }
    try (Admission.Memory memory = admission.memory(name(call.caller()))) {
      memory.growTo(answer.body().length);
      return send(exchange, answer);
    }
  }

  private int send(Exchange exchange, Answer.Whole answer) {
    ServerResponse response = exchange.response();
    boolean last = response.headers().containsToken(HeaderValues.CONNECTION_CLOSE);
    if (!last && (!bodies.drained(exchange.request()) || closing)) {
      response.header(HeaderValues.CONNECTION_CLOSE);
    }
    response.status(PledgeServer.status(answer.status()));
    SecurityHeaders.add(response.headers(), answer.type());
    response.header(HeaderNames.CONTENT_TYPE, answer.type());
    answer.headers().forEach((name, value) -> response.header(name, value));
    if (answer.type().equals(Answer.PROBLEM) && !answer.headers().containsKey(REPLAY)) {
      // Kept answers do not say in which language they were given.
      response.header(HeaderNames.CONTENT_LANGUAGE, exchange.language().getLanguage());
    }
    if (answer.status() == ProblemType.NOT_SIGNED_IN.status()) {
      response.header(HeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"pledge\"");
    }
    try {
      if (answer.status() == Tagged.NOT_MODIFIED) {
        response.send(); // whoever has the body has its length
      } else if (exchange.request().prologue().method().equals(Method.HEAD)) {
        response.headers().contentLength(answer.body().length);
        response.send();
      } else {
        response.send(answer.body());
      }
    } catch (UncheckedIOException | SocketWriterException | CloseConnectionException e) {
      throw new ClientGone(e);
    }
    return answer.status();
  }

  // ---------------------------------------------------------------- line by line

  private int stream(Exchange exchange, Call call, Answer.Streamed streamed) {
    AnswerStream out = new AnswerStream(exchange.response(), Answer.LINES, Map.of());
    LineStream lines = new LineStream(out);
    return write(
        out,
        () -> streamed.source().write(new Governed(lines, call)),
        found -> found(out, lines, call, found));
  }

  private int download(Exchange exchange, Call call, Answer.Download download) {
    AnswerStream out = new AnswerStream(exchange.response(), download.type(), download.headers());
    return write(
        out,
        () -> download.source().accept(out),
        found -> {
          int status = found.problem().type().status();
          if (out.begun()) {
            throw new Cut(status, found);
          }
          spend(call, status);
          throw found;
        });
  }

  /** Writes a body while there is time. */
  private int write(AnswerStream out, Runnable body, ToIntFunction<ProblemFound> found) {
    Alarm alarm = new Alarm();
    ScheduledFuture<?> deadline =
        deadlines.schedule(alarm::ring, limits.streamTime().toMillis(), TimeUnit.MILLISECONDS);
    try {
      body.run();
      out.finish();
      return 200;
    } catch (ProblemFound e) {
      return found.applyAsInt(e);
    } catch (RuntimeException e) {
      if (alarm.stop()) {
        return late(out, e);
      }
      if (out.begun() && !(e instanceof ClientGone)) {
        throw new Cut(Failures.problem(e).type().status(), e);
      }
      throw e;
    } finally {
      deadline.cancel(false);
      alarm.stop();
    }
  }

  /** A problem found after the first lines were written is the last line. */
  private int found(AnswerStream out, LineStream lines, Call call, ProblemFound found) {
    if (out.isEmpty()) {
      spend(call, found.problem().type().status());
      throw found;
    }
    lines.line(found.problem().json(call.language()));
    out.finish();
    return 200;
  }

  private static int late(AnswerStream out, RuntimeException broken) {
    if (out.begun()) {
      throw new Cut(ProblemType.OUT_OF_TIME.status(), broken);
    }
    throw OUT_OF_TIME.found();
  }

  /** Lines that cost their caller what whole answers would. */
  private final class Governed implements Answer.Lines {
    private final LineStream lines;
    private final Call call;

    Governed(LineStream lines, Call call) {
      this.lines = lines;
      this.call = call;
    }

    @Override
    public void line(ObjectNode line) {
      lines.line(line);
    }

    @Override
    public void refusal(ObjectNode line) {
      lines.line(line);
      Door.this.refusals.spend(call.who().id().value());
    }

    @Override
    public void requirePatience() {
      Door.this.requirePatience(call.route(), call.who());
    }
  }

  /** An answer that had begun cannot be finished; its client notices by the missing end. */
  @SuppressWarnings("serial") // never leaves this process
  private static final class Cut extends RuntimeException {
    private final int status;

    Cut(int status, Exception cause) {
      super("an answer that had begun was cut off", cause);
      this.status = status;
    }
  }

  // ---------------------------------------------------------------- stopping

  /**
   * Lets no further call in and waits for those at work, {@code patience} at most.
   *
   * @return whether all were answered
   */
  boolean close(Duration patience) {
    closing = true;
    try {
      atWork.awaitAdvanceInterruptibly(atWork.arrive(), patience.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      deadlines.shutdownNow();
      // What runs late may be about to commit: it is let run, and nothing is added to it.
      workers.shutdown();
    }
  }
}
