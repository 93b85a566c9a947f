package dev.pledge.engine.retention;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.task.helper.RecurringTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.github.kagkarlsson.scheduler.task.schedule.FixedDelay;
import java.time.Duration;
import java.util.UUID;
import java.util.stream.IntStream;
import javax.sql.DataSource;

/**
 * Wakes the sweeps, on whichever nodes are there: who wakes is a row in the database, so that a
 * wake is never lost with a node. Two work at a time; which share each works on is for {@link
 * Ranges}.
 */
final class Waker implements AutoCloseable {
  private static final int WORKERS = 2;
  private static final Duration LOOK = Duration.ofSeconds(10);
  private static final Duration HEARTBEAT = Duration.ofSeconds(20);

  private final Scheduler scheduler;

  Waker(DataSource source, Duration period, UUID node, Runnable sweep) {
    var tasks =
        IntStream.rangeClosed(1, WORKERS).mapToObj(worker -> task(worker, period, sweep)).toList();
    this.scheduler =
        Scheduler.create(source)
            .startTasks(tasks)
            .threads(WORKERS)
            .pollingInterval(LOOK)
            .heartbeatInterval(HEARTBEAT)
            .shutdownMaxWait(Duration.ofSeconds(20))
            // Not by the name of the machine, which would stand in the database.
            .schedulerName(new SchedulerName.Fixed(node.toString()))
            .build();
    scheduler.start();
  }

  private static RecurringTask<Void> task(int worker, Duration period, Runnable sweep) {
    return Tasks.recurring("sweep-" + worker, FixedDelay.of(period))
        .execute((instance, context) -> sweep.run());
  }

  @Override
  public void close() {
    scheduler.stop();
  }
}
