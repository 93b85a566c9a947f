package dev.pledge.engine;

import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.actor.NewActor;
import dev.pledge.engine.actor.Scope;
import dev.pledge.engine.anchor.AnchorSettings;
import dev.pledge.engine.audit.Ageing;
import dev.pledge.engine.consent.Evidence;
import dev.pledge.engine.gate.Acceptance;
import dev.pledge.engine.gate.ConsentChange;
import dev.pledge.engine.gate.Registered;
import dev.pledge.engine.gate.Registration;
import dev.pledge.engine.keys.KeySchedule;
import dev.pledge.engine.keys.RootKeySettings;
import dev.pledge.engine.mail.MailSettings;
import dev.pledge.engine.store.Connections;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.engine.watch.WatchSettings;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.decision.SubjectState.Coverage;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.SubjectId;
import dev.pledge.policy.names.UndertakingId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A Pledge under the reference policy on a real database. Use it as {@code @RegisterExtension
 * static final TestPledge PLEDGE = TestPledge.open()}.
 */
public final class TestPledge implements AutoCloseable, AfterAllCallback {
  /** The reference policy. */
  public static final PolicyVersion EMEET = PolicyVersion.of("emeet@2020-04-23");

  /** Who gives tokens in tests, as the log says it. */
  public static final dev.pledge.log.Caller BY =
      dev.pledge.log.Caller.of(dev.pledge.log.Caller.SYSTEM, "test");

  private final Path policy;
  private final TestDatabase database;
  private final Path keys;
  private final Connections connections;
  private final Optional<WatchSettings> watch;
  private final RootKeySettings root;
  private Ageing ageing = Ageing.USUAL;
  private int logs;
  private Optional<KeySchedule> schedule = Optional.empty();
  private Optional<MailSettings> mail = Optional.empty();
  private Pledge pledge;

  /** Clock that can be put forward and back, and comes along with the system's. */
  private final AtomicReference<Duration> ahead = new AtomicReference<>(Duration.ZERO);

  private final InstantSource clock = () -> InstantSource.system().instant().plus(ahead.get());

  private TestPledge(Path policy, TestDatabase database, Connections connections) {
    this(policy, database, connections, Optional.empty(), 1);
  }

  private TestPledge(
      Path policy,
      TestDatabase database,
      Connections connections,
      Optional<WatchSettings> watch,
      int logs) {
    this(policy, database, connections, watch, logs, RootKeySettings.usual());
  }

  private TestPledge(
      Path policy,
      TestDatabase database,
      Connections connections,
      Optional<WatchSettings> watch,
      int logs,
      RootKeySettings root) {
    this.policy = policy;
    this.root = root;
    this.logs = logs;
    this.watch = watch;
    this.database = database;
    this.connections = connections;
    this.keys = directory("keys");
    this.pledge = Pledge.open(configuration());
  }

  /** On a database of its own. */
  public static TestPledge open() {
    return on(TestDatabase.fresh());
  }

  /** On a database of its own, watching. */
  public static TestPledge watching(WatchSettings settings) {
    TestDatabase database = TestDatabase.fresh();
    return new TestPledge(policy(), database, database.connections(), Optional.of(settings), 1);
  }

  /** On a database of its own, watching, with so many logs. */
  public static TestPledge withLogs(int logs, WatchSettings settings) {
    TestDatabase database = TestDatabase.fresh();
    return new TestPledge(policy(), database, database.connections(), Optional.of(settings), logs);
  }

  /** On a database of its own, with the root key there. */
  public static TestPledge underRootKey(RootKeySettings root) {
    TestDatabase database = TestDatabase.fresh();
    return new TestPledge(policy(), database, database.connections(), Optional.empty(), 1, root);
  }

  /** On the given database. */
  public static TestPledge on(TestDatabase database) {
    return new TestPledge(policy(), database, database.connections());
  }

  /** On the given database through other connections, such as failing ones. */
  public static TestPledge on(TestDatabase database, Connections connections) {
    return new TestPledge(policy(), database, connections);
  }

  /** On a database of its own, under another policy than the reference. */
  public static TestPledge under(Path policy) {
    TestDatabase database = TestDatabase.fresh();
    return new TestPledge(policy, database, database.connections());
  }

  /** The same, on the given database through other connections. */
  public static TestPledge under(Path policy, TestDatabase database, Connections connections) {
    return new TestPledge(policy, database, connections);
  }

  /** A directory with the reference policy, words replaced by others. */
  public static Path reworded(String... words) {
    try {
      Path copy = directory("policy");
      try (Stream<Path> files = Files.list(policy())) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          String text = Files.readString(file);
          for (int i = 0; i < words.length; i += 2) {
            text = text.replace(words[i], words[i + 1]);
          }
          Files.writeString(copy.resolve(file.getFileName()), text);
        }
      }
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What it is opened with. */
  Configuration configuration() {
    Configuration usual = usual();
    Configuration mailed = mail.map(usual::mailedBy).orElse(usual);
    return schedule.map(mailed::withKeySchedule).orElse(mailed);
  }

  private Configuration usual() {
    return new Configuration(
            policy,
            directory("data"),
            keys,
            Optional.of(connections),
            clock,
            watch,
            AnchorSettings.NONE,
            ageing,
            logs)
        .withRootKey(root);
  }

  /** The directory of the reference policy. */
  public static Path policy() {
    Path inside = Path.of("policies/emeet");
    return Files.exists(inside) ? inside : Path.of("../policies/emeet");
  }

  private static Path directory(String name) {
    try {
      return Files.createTempDirectory(
          Files.createDirectories(Path.of("target").toAbsolutePath()), name + "-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The Pledge under test. */
  public Pledge pledge() {
    return pledge;
  }

  /** The database beneath it. */
  public TestDatabase database() {
    return database;
  }

  /** Where the keys lie. */
  public Path keys() {
    return keys;
  }

  /** Closes and opens it again, as a restart does. */
  public void restart() {
    pledge.close();
    pledge = Pledge.open(configuration());
  }

  /** The same, with entries of the log that age like that from now on. */
  public void restart(Ageing terms) {
    ageing = terms;
    restart();
  }

  /** The same, with keys that live so long from now on. */
  public void restart(KeySchedule keys) {
    schedule = Optional.of(keys);
    restart();
  }

  /** The same, sending messages to people like that from now on. */
  public void restart(MailSettings settings) {
    mail = Optional.of(settings);
    restart();
  }

  /** Puts the clock of the process that far ahead of the system's; the database's stays. */
  public void ahead(Duration by) {
    ahead.set(by);
  }

  /** The same, with so many logs. */
  public void restart(int number) {
    logs = number;
    restart();
  }

  /** A caller with a token, as the server would have it. */
  public Caller caller(String id, Asker.Kind kind, String... roles) {
    NewActor actor =
        new NewActor(
            new ActorId(id),
            kind,
            Stream.of(roles).map(RoleId::new).collect(Collectors.toSet()),
            Set.of(new ProductId("general"), new ProductId("meeting"), new ProductId("calendar")),
            Set.of(Scope.values()),
            Set.of(new UndertakingId("confidentiality")));
    String token = pledge.actors().create(actor, Duration.ofDays(1), BY).secret();
    return pledge.actors().authenticate(token).orElseThrow();
  }

  /** An affirmative act. */
  public static Evidence evidence() {
    return new Evidence("checked-box", "emeet@2020-04-23", "en", now(), null);
  }

  /** When people do what the tests record of them. */
  public static Instant now() {
    return InstantSource.system().instant();
  }

  /** Acceptance of the reference policy. */
  public static Acceptance acceptance() {
    return new Acceptance(EMEET, evidence());
  }

  /** A choice about a purpose in the meeting product. */
  public static ConsentChange choice(String purpose, Answer answer, By by) {
    return new ConsentChange(purpose, answer, "meeting", null, Coverage.ORDINARY, by, evidence());
  }

  /** Registers an adult who accepted, in the meeting product. */
  public SubjectId adult(Caller caller, Map<String, Object> aliases) {
    Registration registration =
        new Registration(
            "meeting", aliases, LocalDate.of(1990, 5, 17), acceptance(), List.of(), "CN");
    Registered registered = change(caller, changes -> changes.register(registration));
    return ((Registered.Subject) registered).subject();
  }

  /** Something to change, and what came of it. */
  public interface Change<T> {
    T make(Changes changes) throws SQLException;
  }

  /** Makes a change in a request of its own. */
  public <T> T change(Caller caller, Change<T> change) {
    AtomicReference<T> result = new AtomicReference<>();
    pledge.once(
        caller,
        "key-" + KEYS.incrementAndGet(),
        new byte[32],
        changes -> {
          result.set(change.make(changes));
          return new dev.pledge.engine.actor.Replies.Reply(200, null, new byte[0]);
        });
    return result.get();
  }

  private static final java.util.concurrent.atomic.AtomicLong KEYS =
      new java.util.concurrent.atomic.AtomicLong();

  @Override
  public void close() {
    pledge.close();
    database.close();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    close();
  }
}
