package dev.pledge.server.http;

import dev.pledge.engine.Pledge;
import dev.pledge.engine.store.DatabaseUnavailable;
import java.time.Duration;

/** For those who run the server: whether it lives, whether it can work, what it has done. */
final class OperationsEndpoints {
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final Readiness readiness;
  private final Metrics metrics;
  private final Admission admission;

  OperationsEndpoints(Pledge pledge, Metrics metrics, Admission admission) {
    this.readiness = new Readiness(() -> answers(pledge), System::nanoTime);
    this.metrics = metrics;
    this.admission = admission;
  }

  Answer live(Call call) {
    return Answer.json(200, Json.object().put("status", "live"));
  }

  Answer ready(Call call) {
    return readiness.now()
        ? Answer.json(200, Json.object().put("status", "ready"))
        : Answer.problem(
            Problem.of(
                    ProblemType.UNAVAILABLE,
                    "The database cannot be reached; the server works again when it can.",
                    "无法连接数据库；恢复连接后服务器将继续工作。")
                .retryAfter(Duration.ofSeconds(1)),
            call.language());
  }

  private static boolean answers(Pledge pledge) {
    try {
      pledge.checkReady();
      return true;
    } catch (DatabaseUnavailable e) {
      return false;
    }
  }

  Answer metrics(Call call) {
    return Answer.text(PROMETHEUS, metrics.text(admission, readiness.now()));
  }
}
