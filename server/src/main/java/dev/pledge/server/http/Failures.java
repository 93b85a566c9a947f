package dev.pledge.server.http;

import dev.pledge.engine.actor.Replies;
import dev.pledge.engine.audit.KeysUnavailable;
import dev.pledge.engine.audit.LogBroken;
import dev.pledge.engine.audit.Overloaded;
import dev.pledge.engine.store.CommitUnknown;
import dev.pledge.engine.store.DatabaseUnavailable;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a client is told of a failure: what to do, and nothing of what we are made of. */
final class Failures {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);
  private static final Duration SOON = Duration.ofSeconds(1);

  /** As often as the root key is asked again. */
  private static final Duration LATER = Duration.ofSeconds(5);

  /** Of what somebody has to see to first. */
  private static final Duration SOME_TIME = Duration.ofMinutes(1);

  private Failures() {}

  static Problem problem(Throwable failure) {
    return switch (failure) {
      case ProblemFound found -> found.problem();
      case DatabaseUnavailable _ ->
          Problem.of(
                  ProblemType.UNAVAILABLE,
                  "The database cannot be reached; nothing was done. Try again in a moment.",
                  "无法连接数据库，未执行任何操作，请稍后重试。")
              .retryAfter(SOON);
      case CommitUnknown _ ->
          Problem.of(
                  ProblemType.UNAVAILABLE,
                  "The database went away while committing; send the call again with the same"
                      + " Idempotency-Key to learn what came of it.",
                  "提交时数据库断开；请以相同的 Idempotency-Key 重发以得知结果。")
              .retryAfter(SOON);
      case Overloaded _ ->
          Problem.of(
                  ProblemType.OVERLOADED,
                  "There is no room for this at the moment; nothing was done. Try again.",
                  "系统暂时无法处理更多内容，未执行任何操作，请稍后重试。")
              .retryAfter(SOON);
      case KeysUnavailable _ ->
          Problem.of(
                  ProblemType.KEYS_UNAVAILABLE,
                  "The service that has the root key does not answer, so no data can be opened or"
                      + " stored; nothing was done. Try again later.",
                  "保管根密钥的服务没有响应，无法读取或存储数据；未执行任何操作，请稍后重试。")
              .retryAfter(LATER);
      case LogBroken broken -> {
        LOG.error("a call was refused: {}", broken.getMessage());
        yield Problem.of(
                ProblemType.LOG_BROKEN,
                "The log is not as it should be, and without it nothing is done. Whoever runs this"
                    + " server has to see to it first; trying again soon does not help.",
                "日志异常；没有日志，不执行任何操作。须先由服务器运营者处理，短时间内重试无济于事。")
            .retryAfter(SOME_TIME);
      }
      case Replies.RequestInFlight _ ->
          Problem.of(
                  ProblemType.IN_FLIGHT,
                  "A request with this Idempotency-Key is being worked on; ask again in a moment.",
                  "使用该 Idempotency-Key 的请求正在处理，请稍后再试。")
              .retryAfter(SOON);
      case Replies.KeyReused _ ->
          Problem.of(
              ProblemType.KEY_REUSED,
              "This Idempotency-Key was used for another request; choose a new one.",
              "该 Idempotency-Key 已用于其他请求，请更换。");
      default -> {
        LOG.error("a call failed", failure);
        yield Problem.of(
            ProblemType.INTERNAL,
            "Something went wrong on our side; nothing more can be said here.",
            "服务器出现故障，此处无法说明更多。");
      }
    };
  }
}
