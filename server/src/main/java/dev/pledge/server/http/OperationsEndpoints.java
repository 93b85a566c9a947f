package dev.pledge.server.http;

import dev.pledge.engine.NotReady;
import dev.pledge.engine.Pledge;
import dev.pledge.engine.store.DatabaseUnavailable;
import java.time.Duration;
import java.util.Optional;

/** For those who run the server: whether it lives, whether it can work, what it has done. */
final class OperationsEndpoints {
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final Pledge pledge;
  private final Metrics metrics;
  private final Admission admission;

  OperationsEndpoints(Pledge pledge, Metrics metrics, Admission admission) {
    this.pledge = pledge;
    this.metrics = metrics;
    this.admission = admission;
  }

  Answer live(Call call) {
    return Answer.json(200, Json.object().put("status", "live"));
  }

  Answer ready(Call call) {
    return unready()
        .map(problem -> Answer.problem(problem, call.language()))
        .orElseGet(() -> Answer.json(200, Json.object().put("status", "ready")));
  }

  private Optional<Problem> unready() {
    try {
      pledge.checkReady();
      return Optional.empty();
    } catch (DatabaseUnavailable e) {
      return Optional.of(
          Problem.of(
                  ProblemType.UNAVAILABLE,
                  "The database cannot be reached; the server works again when it can.",
                  "无法连接数据库；恢复连接后服务器将继续工作。")
              .retryAfter(Duration.ofSeconds(1)));
    } catch (NotReady e) {
      return Optional.of(
          Problem.of(
              ProblemType.UNAVAILABLE,
              "The server cannot work until it is started again; its log says why.",
              "服务器须重新启动才能继续工作；原因见日志。"));
    }
  }

  Answer metrics(Call call) {
    return Answer.text(PROMETHEUS, metrics.text(admission, unready().isEmpty()));
  }
}
