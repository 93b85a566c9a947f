package dev.pledge.server.http;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.actor.Scope;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Phaser;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Where every call comes in and every answer goes out: admits, checks the token, reads the body,
 * lets the route's endpoint work within its time, and turns whatever comes of it into an answer.
 * Safe for all threads.
 */
final class Door {
  private static final HeaderName IDEMPOTENCY_KEY = HeaderNames.create("Idempotency-Key");
  private static final int LONGEST_KEY = 128;
  private static final Duration SOON = Duration.ofSeconds(1);

  private final Limits limits;
  private final Admission admission;
  private final Metrics metrics;
  private final Tokens tokens;
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

  Door(Limits limits, Admission admission, Metrics metrics, Tokens tokens) {
    this.limits = limits;
    this.admission = admission;
    this.metrics = metrics;
    this.tokens = tokens;
    this.bodies = new Bodies(limits, admission);
    this.refusals = new Budget(limits.refusals(), System::nanoTime);
    this.misses = new Budget(limits.misses(), System::nanoTime);
  }

  /** Answers one request, whatever comes of it. */
  void handle(Route route, ServerRequest request, ServerResponse response) {
    long started = System.nanoTime();
    Locale language =
        Languages.preferred(request.headers().first(HeaderNames.ACCEPT_LANGUAGE).orElse(null));
    int status = ProblemType.INTERNAL.status();
    atWork.register();
    try {
      status = answer(route, request, response, language);
    } catch (ProblemFound e) {
      status = send(response, Answer.problem(e.problem(), language));
    } catch (Cut e) {
      throw e;
    } catch (RuntimeException e) {
      status = send(response, Answer.problem(Failures.problem(e), language));
    } finally {
      atWork.arriveAndDeregister();
      metrics.answered(route.method(), route.path(), status, System.nanoTime() - started);
    }
  }

  private int answer(Route route, ServerRequest request, ServerResponse response, Locale language) {
    if (closing) {
      throw Problem.of(ProblemType.UNAVAILABLE, "The server is stopping.", "服务器正在停止。")
          .retryAfter(SOON)
          .found();
    }
    Admission.Place place = admission.enter(route.load());
    boolean handedOn = false;
    try {
      Caller caller = caller(route, request);
      String key = route.load() == Load.CHANGE ? idempotencyKey(request) : null;
      Bodies.Body body = bodies.read(route, request);
      Call call = call(route, caller, request, language, key, body.bytes());
      if (route.load() == Load.STREAM) {
        try (body) {
          return answer(response, call, route.endpoint().answer(call));
        }
      }
      handedOn = true;
      return answer(response, call, inTime(call, body, place));
    } finally {
      if (!handedOn) {
        place.close();
      }
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
        key,
        body);
  }

  // ---------------------------------------------------------------- who calls

  private @Nullable Caller caller(Route route, ServerRequest request) {
    return switch (route.access()) {
      case Route.Access.Public() -> null;
      case Route.Access.Token(Scope scope) -> {
        Caller caller = tokens.caller(request);
        requirePatience(route, caller);
        if (scope != null && !caller.may(scope)) {
          refusals.spend(caller.id().value());
          throw Problem.of(
                  ProblemType.SCOPE_MISSING,
                  "This call needs a token with the scope `" + scope.word() + "`.",
                  "此调用需要包含 `" + scope.word() + "` 范围的令牌。")
              .because("IV.3")
              .found();
        }
        yield caller;
      }
    };
  }

  /** Comes before the engine: a flood of refused calls reaches neither database nor log. */
  private void requirePatience(Route route, Caller caller) {
    String id = caller.id().value();
    Duration wait = refusals.wait(id);
    if (wait.isZero() && looksUp(route)) {
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

  private void spend(Call call, int status) {
    Caller caller = call.caller();
    if (caller == null || (status != 403 && status != 404)) {
      return;
    }
    Budget budget = looksUp(call.route()) && status == 404 ? misses : refusals;
    budget.spend(caller.id().value());
  }

  private static boolean looksUp(Route route) {
    return route.path().equals(Routes.LOOKUP);
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
              ProblemType.KEY_MISSING,
              "An `Idempotency-Key` is one text of 1 to 128 visible ASCII characters.",
              "`Idempotency-Key` 应为 1 至 128 个可见 ASCII 字符。")
          .found();
    }
    return key;
  }

  // ---------------------------------------------------------------- what comes of it

  /**
   * The endpoint's answer, unless it takes too long. Work that runs late is not broken off, since a
   * change may be about to commit; it keeps its place until it is done, so that what is at work
   * stays bounded.
   */
  private Answer inTime(Call call, Bodies.Body body, Admission.Place place) {
    atWork.register();
    Future<Answer> work =
        workers.submit(
            () -> {
              try (place;
                  body) {
                return call.route().endpoint().answer(call);
              } finally {
                atWork.arriveAndDeregister();
              }
            });
    try {
      return work.get(limits.time().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw Problem.of(
              ProblemType.OUT_OF_TIME,
              "The call took too long; a change may still be made: send it again with the same"
                  + " Idempotency-Key to learn what came of it.",
              "调用超时；更改可能仍会生效：请以相同的 Idempotency-Key 重发以得知结果。")
          .retryAfter(SOON)
          .found();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Problem.of(ProblemType.UNAVAILABLE, "The server is stopping.", "服务器正在停止。")
          .retryAfter(SOON)
          .found();
    } catch (ExecutionException e) {
      Problem problem =
          e.getCause() instanceof ProblemFound found
              ? found.problem()
              : Failures.problem(e.getCause() == null ? e : e.getCause());
      spend(call, problem.type().status());
      throw problem.found();
    }
  }

  private int answer(ServerResponse response, Call call, Answer answer) {
    return switch (answer) {
      case Answer.Whole whole -> {
        spend(call, whole.status());
        yield send(response, whole);
      }
      case Answer.Streamed streamed -> stream(response, call, streamed);
    };
  }

  private int send(ServerResponse response, Answer.Whole answer) {
    response.status(Status.create(answer.status()));
    SecurityHeaders.add(response.headers(), answer.type());
    response.header(HeaderNames.CONTENT_TYPE, answer.type());
    answer.headers().forEach((name, value) -> response.header(name, value));
    if (answer.status() == ProblemType.NOT_SIGNED_IN.status()) {
      response.header(HeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"pledge\"");
    }
    if (closing) {
      response.header(HeaderNames.CONNECTION, "close");
    }
    response.send(answer.body());
    return answer.status();
  }

  private int stream(ServerResponse response, Call call, Answer.Streamed streamed) {
    ScheduledFuture<?> deadline =
        deadlines.schedule(
            Thread.currentThread()::interrupt,
            limits.streamTime().toMillis(),
            TimeUnit.MILLISECONDS);
    LineStream lines = new LineStream(response);
    try {
      streamed.source().write(lines);
      lines.finish();
      return 200;
    } catch (IOException e) {
      throw new Cut(e);
    } catch (RuntimeException e) {
      if (lines.begun()) {
        throw new Cut(e);
      }
      if (e instanceof ProblemFound found) {
        spend(call, found.problem().type().status());
      }
      throw e;
    } finally {
      deadline.cancel(false);
      // The deadline may have struck just now; the connection's thread goes on without it.
      Thread.interrupted();
    }
  }

  /** An answer that had begun cannot be finished; thrown on, so that the connection is closed. */
  private static final class Cut extends RuntimeException {
    Cut(Exception cause) {
      super("a streamed answer was cut off", cause);
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
    deadlines.shutdownNow();
    try {
      atWork.awaitAdvanceInterruptibly(atWork.arrive(), patience.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
