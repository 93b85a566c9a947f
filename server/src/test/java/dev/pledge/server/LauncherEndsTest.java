package dev.pledge.server;

import static dev.pledge.server.InventedMachine.await;
import static dev.pledge.server.InventedMachine.awaitFile;
import static dev.pledge.server.InventedMachine.script;
import static dev.pledge.server.InventedMachine.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.server.InventedMachine.Outcome;
import dev.pledge.server.InventedMachine.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The launcher {@code pledge} with others beside it, where it may not write, and when it is told to
 * stop: one builds at a time, and nothing is left of what did not end by itself.
 */
final class LauncherEndsTest {
  @TempDir private Path home;
  private InventedMachine machine;

  @BeforeEach
  void layOutAMachine() throws IOException {
    machine = new InventedMachine(home);
  }

  @AfterEach
  void nothingOfItLivesOn() {
    List<ProcessHandle> living = machine.living();
    living.forEach(ProcessHandle::destroyForcibly);
    assertThat(living).as("processes that outlive the launcher").isEmpty();
  }

  @Test
  void twoBuildsAtOnceAreOneBuild() throws Exception {
    machine.jdk("jdk-25", "25.0.3");
    machine.maven("3.9.9", "until [ -e '" + machine.home + "/go-on' ]; do sleep 0.1; done");

    Run first = machine.start("version");
    awaitFile(machine.mavenCalls);
    Run second = machine.start("version");
    await("the second waits", () -> second.errors().contains("is building, waiting for it"));
    write(machine.home.resolve("go-on"), "");

    assertThat(first.end().status()).isZero();
    assertThat(second.end().status()).isZero();
    assertThat(second.errors()).contains("process " + first.process().pid() + " is building");
    assertThat(machine.builds()).isOne();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT", "HUP"})
  void interruptedBuildLeavesNoLockAndNoProcess(String signal) throws Exception {
    machine.jdk("jdk-25", "25.0.3");
    machine.maven("3.9.9", "'" + machine.home + "/lingering'");
    Run build = machine.start("version");
    awaitFile(machine.mavenCalls);

    build.signal(signal);

    assertThat(build.end().status()).isGreaterThan(128);
    assertThat(build.errors()).doesNotContain("Terminated", "Killed");
    await("nothing lives on", () -> machine.living().isEmpty());
    assertBuildsAtOnce();
  }

  @Test
  void killedBuildHoldsNobodyUp() throws Exception {
    machine.jdk("jdk-25", "25.0.3");
    machine.maven("3.9.9", "'" + machine.home + "/lingering'");
    Run build = machine.start("version");
    awaitFile(machine.mavenCalls);

    build.signal("KILL");
    build.end();

    // It may be starting the next process at this very moment.
    await(
        "nothing lives on",
        () -> {
          machine.living().forEach(ProcessHandle::destroyForcibly);
          return machine.living().isEmpty();
        });
    machine.maven("3.9.9");
    assertThat(machine.pledge("version").status()).isZero();
    assertThat(machine.builds()).isEqualTo(2);
  }

  @Test
  void killedBuildWhoseMavenGoesOnIsWaitedFor() throws Exception {
    machine.jdk("jdk-25", "25.0.3");
    machine.maven("3.9.9", "until [ -e '" + machine.home + "/go-on' ]; do sleep 0.1; done");
    Run build = machine.start("version");
    awaitFile(machine.mavenCalls);

    build.signal("KILL");
    build.end();
    Run next = machine.start("version");
    await("the next waits", () -> next.errors().contains("waiting for it"));
    write(machine.home.resolve("go-on"), "");

    assertThat(next.end().status()).isZero();
  }

  @Test
  void checkoutThatCannotBeWrittenIsRefusedWhenItHasToBuild() throws Exception {
    machine.jdk("jdk-25", "25.0.3");
    machine.maven("3.9.9");
    machine.protectCheckout();

    Outcome outcome = machine.pledge("version");

    assertThat(outcome.status()).isOne();
    assertThat(outcome.errors())
        .isEqualTo(
            "pledge: cannot write to " + machine.checkout + "/target; build as its owner" + "\n");
    assertThat(machine.mavenCalls).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"version", "up"})
  void checkoutThatCannotBeWrittenServesWhenItIsBuilt(String command) throws Exception {
    machine.jdk("jdk-25", "25.0.3");
    machine.maven("3.9.9");
    machine.pledge("version");
    machine.protectCheckout();

    Outcome outcome = machine.pledge(command);

    assertThat(outcome.errors()).isEmpty();
    assertThat(outcome.status()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void serverGetsTheSignalsItself(String signal) throws Exception {
    Path jdk = machine.jdk("jdk-25", "25.0.3");
    machine.maven("3.9.9");
    machine.pledge("version");
    write(machine.cache(), "a cache");
    script(
        jdk.resolve("bin/java"),
        "trap 'echo stopped in order; exit 7' TERM INT",
        "echo ready",
        InventedMachine.LINGER[0]);
    Run server = machine.start("up");
    await("it runs", () -> server.answer().contains("ready"));

    server.signal(signal);

    assertThat(server.end().status()).isEqualTo(7);
    assertThat(server.answer()).endsWith("stopped in order\n");
  }

  @Test
  void upWorksAlthoughNoStartUpCacheCouldBeMadeAndTriesOnlyOnce() throws Exception {
    machine.jdk("jdk-25", "25.0.3");
    machine.maven("3.9.9");

    Outcome first = machine.pledge("up", "--port", "1");
    Outcome second = machine.pledge("up", "--port", "1");

    assertThat(first.errors()).contains("preparing faster starts").contains("could not");
    assertThat(first.answer()).endsWith("dev.pledge.server.Main up --port 1\n");
    assertThat(second.errors()).isEmpty();
    assertThat(second.answer()).isEqualTo(first.answer());
  }

  @Test
  void startUpCacheThatCouldNotBeMadeIsTriedAgainLater() throws Exception {
    machine.jdk("jdk-25", "25.0.3");
    machine.maven("3.9.9");
    machine.pledge("up");

    Files.setLastModifiedTime(machine.cache(), FileTime.from(Instant.EPOCH));

    assertThat(machine.pledge("up").errors()).contains("preparing faster starts");
  }

  @Test
  void startUpCacheIsMadeOnceAndUsed() throws Exception {
    Path jdk = machine.jdk("jdk-25", "25.0.3");
    machine.maven("3.9.9");
    machine.trainableJava(jdk, "exit");
    machine.pledge("version");

    Run first = machine.start("up");
    Run second = machine.start("up");

    assertThat(first.end().answer()).contains(" -XX:AOTCache=" + machine.cache() + " ");
    assertThat(second.end().answer()).contains(" -XX:AOTCache=" + machine.cache() + " ");
    assertThat(machine.trainings()).isOne();
    assertThat(machine.cache()).hasContent("all of it");
  }

  @Test
  void helpNeedsNoStartUpCache() throws Exception {
    machine.jdk("jdk-25", "25.0.3");
    machine.maven("3.9.9");

    assertThat(machine.pledge("up", "--help").errors()).doesNotContain("preparing faster starts");
  }

  @Test
  void trainingThatTakesTooLongIsGivenUpWithoutNoiseAndLeavesNothing() throws Exception {
    Path jdk = machine.jdk("jdk-25", "25.0.3");
    machine.maven("3.9.9");
    // Writes half of the cache and goes on for ever, in another process too.
    machine.trainableJava(jdk, "echo half >\"$cache\"; '" + machine.home + "/lingering'");

    Outcome outcome = machine.pledge("up");

    assertThat(outcome.status()).isZero();
    assertThat(outcome.answer())
        .contains("dev.pledge.server.Main up\n")
        .doesNotContain("AOTCache=");
    assertThat(outcome.errors().lines())
        .filteredOn(line -> !line.contains(" s  ") && !line.contains("building with"))
        .satisfiesExactly(
            line -> assertThat(line).contains("preparing faster starts"),
            line -> assertThat(line).contains("could not"));
    assertThat(machine.cache()).isEmptyFile();
    assertThat(machine.living()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void interruptedTrainingLeavesNoLockNoProcessAndNoCache(String signal) throws Exception {
    Path jdk = machine.jdk("jdk-25", "25.0.3");
    machine.maven("3.9.9");
    machine.pledge("version");
    script(
        jdk.resolve("bin/java"),
        "echo training >>'" + machine.home + "/trainings'",
        "'" + machine.home + "/lingering'");
    machine.environment.put("TRAINING_SECONDS", "60");
    Run up = machine.start("up");
    awaitFile(machine.home.resolve("trainings"));

    up.signal(signal);

    assertThat(up.end().status()).isGreaterThan(128);
    await("nothing lives on", () -> machine.living().isEmpty());
    assertThat(machine.cache()).doesNotExist();
    assertThat(machine.scratch()).isEmptyDirectory();
    machine.jdk("jdk-25", "25.0.3");
    assertThat(machine.pledge("up").errors()).doesNotContain("waiting");
  }

  private void assertBuildsAtOnce() throws Exception {
    machine.maven("3.9.9");
    Outcome next = machine.pledge("version");
    assertThat(next.status()).isZero();
    assertThat(next.errors()).doesNotContain("waiting");
  }
}
