package dev.pledge.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.Configuration;
import dev.pledge.engine.Pledge;
import dev.pledge.engine.actor.Caller;
import dev.pledge.engine.actor.NewActor;
import dev.pledge.engine.actor.Replies.Reply;
import dev.pledge.engine.actor.Scope;
import dev.pledge.engine.consent.Evidence;
import dev.pledge.engine.gate.Acceptance;
import dev.pledge.engine.gate.ReadRequest;
import dev.pledge.engine.gate.Registered;
import dev.pledge.engine.gate.Registration;
import dev.pledge.engine.gate.Window;
import dev.pledge.engine.store.EmbeddedPostgres;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.PolicyVersion;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.SubjectId;
import dev.pledge.policy.names.UndertakingId;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code pledge policy replay} beside a server and after it. */
class ReplayCommandTest {
  private static final Path POLICY = Path.of("..", "policies", "emeet");

  @TempDir private Path directory;

  private record Done(int code, String out, String err) {}

  private Done replay(String... more) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "policy", "replay", "--policy", POLICY.toString(), "--data", data().toString()));
    arguments.addAll(List.of(more));
    int code = line.execute(arguments.toArray(String[]::new));
    return new Done(code, out.toString(), err.toString());
  }

  private Path data() {
    return directory.resolve("data");
  }

  private Path reworded(String from, String to) throws IOException {
    Path copy = Files.createTempDirectory(directory, "policy");
    try (var files = Files.list(POLICY)) {
      for (Path file : files.toList()) {
        String text = Files.readString(file);
        Files.writeString(copy.resolve(file.getFileName()), text.replace(from, to));
      }
    }
    return copy;
  }

  private static Caller support(Pledge pledge) {
    NewActor actor =
        new NewActor(
            new ActorId("support"),
            Asker.Kind.STAFF,
            Set.of(new RoleId("support-agent")),
            Set.of(new ProductId("meeting")),
            Set.of(Scope.SUBJECTS),
            Set.of(new UndertakingId("confidentiality")));
    String token =
        pledge
            .actors()
            .create(
                actor,
                Duration.ofDays(1),
                dev.pledge.log.Caller.of(dev.pledge.log.Caller.SYSTEM, "test"))
            .secret();
    return pledge.actors().authenticate(token).orElseThrow();
  }

  private static SubjectId adult(Pledge pledge, Caller caller) {
    Acceptance acceptance =
        new Acceptance(
            PolicyVersion.of("emeet@2020-04-23"),
            new Evidence(
                "checked-box", "emeet@2020-04-23", "en", InstantSource.system().instant(), null));
    Registration registration =
        new Registration(
            "meeting",
            Map.of("email", "ada@example.com"),
            LocalDate.of(1990, 1, 1),
            acceptance,
            List.of(),
            null);
    AtomicReference<Registered> registered = new AtomicReference<>();
    pledge.once(
        caller,
        "key",
        new byte[32],
        changes -> {
          registered.set(changes.register(registration));
          return new Reply(200, null, new byte[0]);
        });
    return ((Registered.Subject) registered.get()).subject();
  }

  private static ReadRequest reading(Caller caller, String purpose) {
    return new ReadRequest(
        caller,
        Asker.Capacity.ROLE,
        Asker.Assurance.SIGNED_IN,
        purpose,
        "meeting",
        List.of("contact.email"),
        null,
        "she asks",
        Set.of(),
        null,
        Window.DEFAULT);
  }

  @Test
  void aPeriodIsReplayedBesideAServerAndAfterIt() throws IOException {
    Path clearer =
        reworded(
            "purposes: [customer-service]\n    sees: masked",
            "purposes: [customer-service]\n    sees: clear");
    Configuration at = Configuration.embedded(POLICY, data(), data().resolveSibling("data-keys"));
    try (Pledge running = Pledge.open(at)) {
      Caller support = support(running);
      SubjectId person = adult(running, support);
      running.read(reading(support, "customer-service"), person);
      running.read(reading(support, "wonder"), person);
      Placed.await(EmbeddedPostgres.attach(data()));
      Done done = replay("--under", clearer.toString());
      assertThat(done.code()).as(done.err()).isZero();
      assertThat(done.out())
          .startsWith("1 entry decided again under emeet@2020-04-23")
          .contains("1 x customer-service: contact.email, staff support-agent")
          .contains("masked -> clear")
          .contains("1 named what the policy did not know");
      assertThat(done.err()).contains("entries looked at");
      assertThat(replay("--under", POLICY.toString()).out()).contains("nothing changes");
      assertThat(replay("--under", clearer.toString(), "--from", "2999-01-01").out())
          .startsWith("0 entries decided again");
    }
    Done json = replay("--under", clearer.toString(), "--to", "2999-01-01T00:00:00Z", "--json");
    assertThat(json.code()).as(json.err()).isZero();
    assertThat(json.out().replaceAll("\\s", ""))
        .contains("\"decided\":1", "\"outcome\":\"masked\"", "\"outcome\":\"clear\"")
        .contains("\"why\":\"unknown-names\"");
  }

  @Test
  void whatCannotBeReplayedIsSaid() throws IOException {
    assertThat(replay().code()).isEqualTo(2);
    Done nowhere = replay("--under", POLICY.toString());
    assertThat(nowhere.code()).isEqualTo(1);
    assertThat(nowhere.err()).contains("holds no database").doesNotContain("Exception");
    Done when = replay("--under", POLICY.toString(), "--from", "yesterday");
    assertThat(when.code()).isEqualTo(2);
    assertThat(when.err()).contains("--from takes a day or a moment");
    Done backwards =
        replay("--under", POLICY.toString(), "--from", "2026-02-01", "--to", "2026-01-01");
    assertThat(backwards.code()).isEqualTo(2);
    assertThat(backwards.err()).contains("--to has to be later than --from");
    Configuration at = Configuration.embedded(POLICY, data(), data().resolveSibling("data-keys"));
    try (Pledge running = Pledge.open(at)) {
      assertThat(running.policyInForce()).isPresent();
      Path another = reworded("\nid: emeet\n", "\nid: other\n");
      Done other = replay("--under", another.toString());
      assertThat(other.code()).as(other.out()).isEqualTo(1);
      assertThat(other.err()).contains("are versions of different policies");
    }
  }
}
