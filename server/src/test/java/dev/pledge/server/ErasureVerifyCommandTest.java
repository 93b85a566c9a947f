package dev.pledge.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.Changes;
import dev.pledge.engine.Configuration;
import dev.pledge.engine.Pledge;
import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.actor.NewActor;
import dev.pledge.engine.actor.Replies.Reply;
import dev.pledge.engine.actor.Scope;
import dev.pledge.engine.consent.Evidence;
import dev.pledge.engine.erasure.Erased;
import dev.pledge.engine.gate.Acceptance;
import dev.pledge.engine.gate.ConsentChange;
import dev.pledge.engine.gate.Outcome;
import dev.pledge.engine.gate.Registered;
import dev.pledge.engine.gate.Registration;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.EmbeddedPostgres;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.decision.SubjectState.Answer;
import dev.pledge.policy.decision.SubjectState.By;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.SubjectId;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code pledge erasure verify} with a certificate alone, beside a server, and over old copies. */
class ErasureVerifyCommandTest {
  private static final Path POLICY = Path.of("..", "policies", "emeet");

  @TempDir private Path directory;

  private Path data = Path.of("");
  private Path keys = Path.of("");
  private Pledge running;
  private Caller backend;

  @BeforeEach
  void serve() {
    data = directory.resolve("data");
    keys = directory.resolve("keys");
    running = Pledge.open(Configuration.embedded(POLICY, data, keys));
    NewActor actor =
        new NewActor(
            new ActorId("backend"),
            Asker.Kind.SERVICE,
            Set.of(new RoleId("product-backend")),
            Set.of(new ProductId("general"), new ProductId("meeting")),
            Set.of(Scope.values()),
            Set.of());
    String token =
        running
            .actors()
            .replace(
                actor,
                Duration.ofDays(1),
                dev.pledge.log.Caller.of(dev.pledge.log.Caller.SYSTEM, "test"))
            .secret();
    backend = running.actors().authenticate(token).orElseThrow();
  }

  @AfterEach
  void end() {
    running.close();
  }

  private record Done(int code, String out, String err) {}

  private static Done run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    var line = Main.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    return new Done(line.execute(arguments), out.toString(), err.toString());
  }

  private Done here(String... words) {
    return run(
        Stream.concat(
                Stream.of(words), Stream.of("--data", data.toString(), "--keys", keys.toString()))
            .toArray(String[]::new));
  }

  @FunctionalInterface
  private interface Change<T> {
    T make(Changes changes) throws SQLException;
  }

  private <T> T change(Change<T> change) {
    AtomicReference<T> result = new AtomicReference<>();
    running.once(
        backend,
        UUID.randomUUID().toString(),
        new byte[32],
        changes -> {
          result.set(change.make(changes));
          return new Reply(200, null, new byte[0]);
        });
    return result.get();
  }

  private SubjectId register() {
    Registration registration =
        new Registration(
            "meeting",
            Map.of("email", UUID.randomUUID() + "@example.com"),
            LocalDate.of(1990, 5, 17),
            new Acceptance(
                PolicyVersion.of("emeet@2020-04-23"),
                new Evidence(
                    "checked-box",
                    "emeet@2020-04-23",
                    "en",
                    InstantSource.system().instant(),
                    null)),
            List.of(),
            "CN");
    Registered registered = change(changes -> changes.register(registration));
    return ((Registered.Subject) registered).subject();
  }

  private Path erase(SubjectId person) throws IOException {
    Erased erased = change(changes -> changes.erase(person));
    return Files.writeString(
        directory.resolve("certificate"), ((Erased.Certificate) erased).signed());
  }

  private String key() {
    return here("audit", "key").out().lines().findFirst().orElseThrow();
  }

  @Test
  @Clause({"V.1", "II.II.3"})
  void aCertificateHoldsOfflineForItsPersonAlone() throws IOException {
    SubjectId person = register();
    Path certificate = erase(person);
    Done sound =
        run(
            "erasure",
            "verify",
            certificate.toString(),
            "--key",
            key(),
            "--person",
            person.value().toString());
    assertThat(sound.code()).as(sound.out() + sound.err()).isZero();
    assertThat(sound.out())
        .contains("nothing of the person can be read here since 2")
        .contains("epoch 1, for which no end is set")
        .contains("it is about that person")
        .endsWith("verified\n");
    Done other =
        run(
            "erasure",
            "verify",
            certificate.toString(),
            "--key",
            key(),
            "--person",
            UUID.randomUUID().toString());
    assertThat(other.code()).isEqualTo(1);
    assertThat(other.out()).contains("WRONG: it is about somebody else").contains("NOT verified");

    Files.writeString(certificate, Files.readString(certificate).replace("epochs 1", "epochs 2"));
    Done forged = run("erasure", "verify", certificate.toString(), "--key", key());
    assertThat(forged.code()).isEqualTo(1);
    assertThat(forged.err()).contains("is no certificate to rely on");
  }

  @Test
  void whatIsNoCertificateIsSaidToBeNoneWithTheRemedy() throws IOException {
    Path file = erase(register());
    String whole = Files.readString(file);
    for (String damaged : List.of("hello", "", whole.substring(0, whole.length() / 2))) {
      Files.writeString(file, damaged);
      Done done = run("erasure", "verify", file.toString(), "--key", key());
      assertThat(done.code()).isEqualTo(1);
      assertThat(done.err())
          .contains("`" + file + "` is no ", "give the answer to an erasure as it came");
    }
    Done unnamed = run("erasure", "verify", file.toString(), "--key", key(), "--person", "12");
    assertThat(unnamed.code()).isEqualTo(2);
    assertThat(unnamed.err()).contains("--person", "write the id").doesNotContain("java.");
  }

  @Test
  @Clause({"V.1", "II.II.3"})
  void whatIsLeftIsFoundInTablesFilesAndOldCopies() throws IOException {
    SubjectId person = register();
    Path old = copyOfData();
    Path certificate = erase(person);
    Done done = scan(certificate, person, "--backup", old.toString());
    assertThat(done.code()).as(done.out() + done.err()).isZero();
    assertThat(done.out())
        .contains("ledger: erased on 2")
        .contains("key journal: no key of the person")
        .contains("tables: no row names the person")
        .contains("what is sealed there opens to whoever has the keys of epoch 1");
    owner("insert into history values ('" + person.value() + "')");
    Done left = scan(certificate, person);
    assertThat(left.code()).isEqualTo(1);
    assertThat(left.out()).contains("tables: WRONG: history names them, rows: 1");
  }

  @Test
  @Clause({"V.1", "V.2"})
  void theMarksThatStayAreToldAndAScanOfTablesFindsNobodyByThem() throws IOException {
    SubjectId person = register();
    Evidence evidence =
        new Evidence(
            "pressed-button", "emeet@2020-04-23", "en", InstantSource.system().instant(), null);
    ConsentChange no =
        ConsentChange.of("promotion", Answer.WITHDRAWN, null, null, By.SELF, evidence);
    assertThat(this.<Outcome>change(changes -> changes.consent(person, no)))
        .isInstanceOf(Outcome.Done.class);
    Done done = scan(erase(person), person);
    assertThat(done.code()).as(done.out() + done.err()).isZero();
    assertThat(done.out())
        .contains("a mark of each alias stays")
        .contains("against their objection to: promotion")
        .contains("tables: no row names the person");
  }

  @Test
  void whoWasNotErasedHasNoCertificateHere() throws IOException {
    Path certificate = erase(register());
    SubjectId living = register();
    Done done = scan(certificate, living);
    assertThat(done.code()).isEqualTo(1);
    assertThat(done.out())
        .contains("ledger: WRONG: it does not have this certificate")
        .contains("key journal: WRONG: it has a key of the person");
  }

  @Test
  void whatIsMissingIsSaid() throws IOException {
    Path certificate = erase(register());
    assertThat(run("erasure", "verify", certificate.toString()).err())
        .contains("give the log's verifier key with --key");
    assertThat(run("erasure", "verify", certificate.toString(), "--scan").err())
        .contains("name with --person whom to look for");
    assertThat(
            run(
                    "erasure",
                    "verify",
                    certificate.toString(),
                    "--key",
                    key(),
                    "--person",
                    UUID.randomUUID().toString(),
                    "--backup",
                    directory.resolve("none").toString())
                .err())
        .contains("is no directory");
    assertThat(run("erasure").err()).contains("name a command: verify");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/dev/null", "/dev/zero", "/dev/full", "/dev", "/dev/nothing-of-that-name"})
  void whatIsNoFileIsRefusedUnread(String place) {
    Done done = run("erasure", "verify", place, "--key", key());
    assertThat(done.code()).isEqualTo(1);
    assertThat(done.err()).contains("`" + place + "` is no file");
    assertThat(done.out()).isEmpty();
  }

  @Test
  void aCertificateInAFileThatIsHandedOverIsReadAndAPipeIsNot()
      throws IOException, InterruptedException {
    Path certificate = erase(register());
    Done file = child(ProcessBuilder.Redirect.from(certificate.toFile()));
    assertThat(file.code()).as(file.err()).isZero();
    assertThat(file.out()).endsWith("verified\n");
    Done pipe = child(ProcessBuilder.Redirect.PIPE);
    assertThat(pipe.code()).isEqualTo(1);
    assertThat(pipe.err()).contains("`/dev/stdin` is no file").doesNotContain("Exception");
  }

  private Done child(ProcessBuilder.Redirect in) throws IOException, InterruptedException {
    Path err = directory.resolve("err");
    Process process =
        RunningServer.command(Map.of(), "erasure", "verify", "/dev/stdin", "--key", key())
            .redirectInput(in)
            .redirectError(err.toFile())
            .start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Done(process.waitFor(), out, Files.readString(err));
  }

  @Test
  void aFileLongerThanAnyCertificateIsRefused() throws IOException {
    Path certificate = erase(register());
    Files.writeString(certificate, " ".repeat(1_000_000), StandardOpenOption.APPEND);
    assertThat(run("erasure", "verify", certificate.toString(), "--key", key()).err())
        .contains("longer than any certificate");
  }

  private Done scan(Path certificate, SubjectId person, String... more) {
    return here(
        Stream.concat(
                Stream.of(
                    "erasure",
                    "verify",
                    certificate.toString(),
                    "--scan",
                    "--person",
                    person.value().toString()),
                Stream.of(more))
            .toArray(String[]::new));
  }

  /** As it lies there once the server was ended, which has then written everything. */
  private Path copyOfData() throws IOException {
    running.close();
    Path copy = Files.createDirectory(directory.resolve("old"));
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path to = copy.resolve(data.relativize(file));
        Files.createDirectories(to.getParent());
        Files.copy(file, to);
      }
    }
    running = Pledge.open(Configuration.embedded(POLICY, data, keys));
    return copy;
  }

  private void owner(String sql) {
    try (Database database = Database.over(EmbeddedPostgres.attach(data).owner())) {
      database.read(handle -> handle.execute(sql));
    }
  }
}
