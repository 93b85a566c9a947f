package dev.pledge.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pledge.engine.NotReady;
import dev.pledge.engine.Pledge;
import dev.pledge.engine.store.DatabaseUnavailable;
import java.time.Duration;
import java.util.Optional;

/** For those who run the server: whether it lives, whether it can work, what it has done. */
final class OperationsEndpoints {
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final Pledge pledge;
  private final Readiness readiness;
  private final Metrics metrics;
  private final Admission admission;

  OperationsEndpoints(Pledge pledge, Metrics metrics, Admission admission) {
    this.pledge = pledge;
    this.readiness = new Readiness(() -> obstacle(pledge), System::nanoTime);
    this.metrics = metrics;
    this.admission = admission;
  }

  Answer live(Call call) {
    return Answer.json(200, Json.object().put("status", "live"));
  }

  Answer ready(Call call) {
    return readiness.now()
        ? Answer.json(200, atWork())
        : Answer.problem(
            Problem.of(
                    ProblemType.UNAVAILABLE,
                    "The server cannot work now: the database or the root key cannot be reached, or the"
                        + " server has to be started again; its log says which.",
                    "服务器目前无法工作：无法连接数据库或根密钥，或须重新启动服务器；详见日志。")
                .retryAfter(Duration.ofSeconds(1)),
            call.language());
  }

  /** What is behind its date stops nobody from being served, and somebody has to see to it. */
  private ObjectNode atWork() {
    ObjectNode json = Json.object().put("status", "ready");
    if (!pledge.lateKeyChanges().isEmpty()) {
      json.putArray("late").add("key-change");
    }
    return json;
  }

  private static Optional<String> obstacle(Pledge pledge) {
    try {
      pledge.checkReady();
      return Optional.empty();
    } catch (DatabaseUnavailable e) {
      return Optional.of(Readiness.NO_DATABASE);
    } catch (NotReady e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  Answer metrics(Call call) {
    return Answer.text(
        PROMETHEUS,
        metrics.text(
            admission,
            readiness.now(),
            !pledge.lateKeyChanges().isEmpty(),
            pledge.requestCounts()));
  }
}
