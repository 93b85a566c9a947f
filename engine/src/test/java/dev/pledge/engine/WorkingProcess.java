package dev.pledge.engine;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.actor.NewActor;
import dev.pledge.engine.actor.Replies.Reply;
import dev.pledge.engine.actor.Scope;
import dev.pledge.engine.anchor.AnchorSettings;
import dev.pledge.engine.audit.Ageing;
import dev.pledge.engine.store.Await;
import dev.pledge.engine.store.Connections;
import dev.pledge.engine.store.Database;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.SubjectId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** A process that does one thing again and again until it is killed. */
final class WorkingProcess implements AutoCloseable {
  private static final int RATE = 1_000_000;
  private static final long BLOCK = 512;

  /** What it does. */
  enum Job {
    /** Sweeps. */
    SWEEP,
    /** Changes the epoch of keys, and begins the next change when one has ended. */
    ROTATE,
    /** Erases whose ids are given, line by line, and says each that was erased. */
    ERASE
  }

  private final Process process;
  private final BufferedReader said;

  private WorkingProcess(Process process) {
    this.process = process;
    this.said = process.inputReader(StandardCharsets.UTF_8);
  }

  /** Starts one where {@code pledge}, which is closed, was open; returns when it is at work. */
  static WorkingProcess start(Job job, TestPledge pledge, Path errors, List<SubjectId> people)
      throws IOException {
    return start(List.of(), job, pledge, errors, people);
  }

  /**
   * The same, but the kernel lets no file of it become longer than so many bytes, or little more.
   */
  static WorkingProcess startWithFilesUpTo(
      long bytes, Job job, TestPledge pledge, Path errors, List<SubjectId> people)
      throws IOException {
    String limited = "ulimit -f " + Math.ceilDiv(bytes, BLOCK) + "; exec \"$@\"";
    return start(List.of("sh", "-c", limited, "sh"), job, pledge, errors, people);
  }

  private static WorkingProcess start(
      List<String> by, Job job, TestPledge pledge, Path errors, List<SubjectId> people)
      throws IOException {
    Configuration at = pledge.configuration();
    List<String> command = new ArrayList<>(by);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-cp",
            System.getProperty("java.class.path"),
            WorkingProcess.class.getName(),
            job.name(),
            at.policy().toString(),
            at.data().toString(),
            at.keys().toString(),
            pledge.database().connections().applicationRole()));
    for (DataSource source : List.of(pledge.database().dataSource(), pledge.database().owner())) {
      PGSimpleDataSource reached = (PGSimpleDataSource) source;
      command.addAll(List.of(reached.getURL(), reached.getUser(), reached.getPassword()));
    }
    WorkingProcess started =
        new WorkingProcess(new ProcessBuilder(command).redirectError(errors.toFile()).start());
    try (var ids = started.process.outputWriter(StandardCharsets.UTF_8)) {
      for (SubjectId person : people) {
        ids.write(person.value() + "\n");
      }
    }
    if (!"at work".equals(started.said.readLine())) {
      throw new IllegalStateException("it did not come to work, see " + errors);
    }
    return started;
  }

  /** Kills it within a time that {@code random} draws; returns what it said until then. */
  List<String> kill(Random random, Duration within) throws IOException, InterruptedException {
    LockSupport.parkNanos(random.nextLong(within.toNanos()));
    if (!process.toHandle().destroyForcibly()) {
      throw new IllegalStateException("it was not there any more");
    }
    List<String> lines = said.lines().toList();
    int status = process.waitFor();
    if (status != 137) {
      throw new IllegalStateException("it ended by itself, with status " + status);
    }
    return lines;
  }

  /** Waits until it ends by itself; returns what it said until then. */
  List<String> awaitEnd() throws InterruptedException {
    List<String> lines = said.lines().toList();
    var _ = process.waitFor();
    return lines;
  }

  /** Until the server has noticed that it is gone, and what it did not commit with it. */
  static void awaitNobodyElse(Database owner) throws InterruptedException {
    Await.until(
        () ->
            owner.read(
                handle ->
                    handle
                            .createQuery(
                                """
                                select count(*) from pg_stat_activity
                                where datname = current_database() and pid <> pg_backend_pid()
                                  and backend_type = 'client backend' and usename <> current_user
                                  and state <> 'idle'
                                """)
                            .mapTo(Long.class)
                            .one()
                        == 0));
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /**
   * Takes a job, policy, data, keys, the application's role, and of both roles address, user and
   * password.
   */
  public static void main(String[] arguments) throws IOException {
    Connections connections =
        new Connections(
            source(arguments[5], arguments[6], arguments[7]),
            source(arguments[8], arguments[9], arguments[10]),
            arguments[4]);
    Pledge pledge =
        Pledge.open(
            new Configuration(
                Path.of(arguments[1]),
                Path.of(arguments[2]),
                Path.of(arguments[3]),
                Optional.of(connections),
                InstantSource.system(),
                Optional.empty(),
                AnchorSettings.NONE,
                Ageing.USUAL,
                1));
    say("at work");
    try {
      switch (Job.valueOf(arguments[0])) {
        case SWEEP -> sweep(pledge);
        case ROTATE -> rotate(pledge);
        case ERASE -> erase(pledge);
      }
    } catch (RuntimeException e) {
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  private static void sweep(Pledge pledge) {
    while (true) {
      var _ = pledge.sweep();
    }
  }

  private static void rotate(Pledge pledge) {
    while (true) {
      if (pledge.livingEpochs().size() == 1) {
        var _ = pledge.rotateKeys(RATE, Duration.ofDays(30));
      }
      pledge.rotate();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  private static void erase(Pledge pledge) throws IOException {
    NewActor eraser =
        new NewActor(
            new ActorId("eraser"),
            Asker.Kind.SERVICE,
            Set.of(new RoleId("product-backend")),
            Set.of(new ProductId("general"), new ProductId("meeting")),
            Set.of(Scope.values()),
            Set.of());
    String token = pledge.actors().replace(eraser, Duration.ofDays(1), TestPledge.BY).secret();
    Caller caller = pledge.actors().authenticate(token).orElseThrow();
    try (BufferedReader ids =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String id = ids.readLine(); id != null; id = ids.readLine()) {
        SubjectId person = new SubjectId(UUID.fromString(id));
        pledge.once(
            caller,
            UUID.randomUUID().toString(),
            new byte[32],
            changes -> {
              var _ = changes.erase(person);
              return new Reply(200, null, new byte[0]);
            });
        say(id);
      }
    }
    while (true) {
      LockSupport.park();
    }
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  private static PGSimpleDataSource source(String url, String user, String password) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL(url);
    source.setUser(user);
    source.setPassword(password);
    return source;
  }
}
