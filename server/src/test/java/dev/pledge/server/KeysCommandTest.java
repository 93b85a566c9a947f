package dev.pledge.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.Configuration;
import dev.pledge.engine.Pledge;
import dev.pledge.policy.names.Clause;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code pledge keys rotate} and {@code status}, beside a server and without one. */
@Clause({"IV.4", "II.II.3"})
class KeysCommandTest {
  private static final Path POLICY = Path.of("..", "policies", "emeet");

  @TempDir private Path directory;

  private Path data = Path.of("");
  private Path keys = Path.of("");

  private record Done(int code, String out, String err) {}

  @BeforeEach
  void places() {
    data = directory.resolve("data");
    keys = directory.resolve("keys");
  }

  private Done run(String... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    var line = Main.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    String[] all =
        Stream.concat(
                Stream.of(words),
                Stream.of(
                    "--data",
                    data.toString(),
                    "--keys",
                    keys.toString(),
                    "--policy",
                    POLICY.toString()))
            .toArray(String[]::new);
    return new Done(line.execute(all), out.toString(), err.toString());
  }

  private Pledge serve() {
    return Pledge.open(Configuration.embedded(POLICY, data, keys));
  }

  @Test
  void theServerThatRunsChangesTheEpoch() {
    try (Pledge running = serve()) {
      Done done = run("keys", "rotate", "--destroy-after", "P3D");
      assertThat(done.code()).as(done.out() + done.err()).isZero();
      assertThat(done.out()).contains("nothing needs epoch 1 any more");
      assertThat(running.livingEpochs()).containsExactly(1, 2);
      Done status = run("keys", "status");
      assertThat(status.out())
          .containsPattern("(?m)^    1  20.* 0  ")
          .containsPattern("(?m)^    2  20")
          .contains("epoch 1: nothing needs it since");
      Done again = run("keys", "rotate");
      assertThat(again.out()).contains("no further change begins before epoch 1 is destroyed");
    }
  }

  @Test
  void whereNoServerRunsTheCommandDoesItItself() {
    serve().close();
    Done done = run("keys", "rotate");
    assertThat(done.code()).as(done.out() + done.err()).isZero();
    assertThat(done.out()).contains("nothing needs epoch 1 any more");
  }

  @Test
  void whatIsWrongIsSaid() {
    serve().close();
    for (String period : new String[] {"P1D", "P1M", "30", "P0D"}) {
      Done done = run("keys", "rotate", "--destroy-after", period);
      assertThat(done.code()).isEqualTo(2);
      assertThat(done.err()).contains("--destroy-after is a number of days");
    }
    assertThat(run("keys", "rotate", "--rate", "0").err()).contains("--rate is 1 or more");
    StringWriter err = new StringWriter();
    var line = Main.commandLine();
    line.setErr(new PrintWriter(err));
    assertThat(line.execute("keys")).isEqualTo(2);
    assertThat(err.toString()).contains("name a command: rotate or status");
    assertThat(run("keys", "status").out()).containsPattern("(?m)^    1  20");
  }
}
