package dev.pledge.server;

import static dev.pledge.server.InventedMachine.installed;
import static dev.pledge.server.InventedMachine.report;
import static dev.pledge.server.InventedMachine.script;
import static dev.pledge.server.InventedMachine.suite;
import static dev.pledge.server.InventedMachine.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.server.InventedMachine.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The launcher {@code pledge}: what it finds, when it builds, what it runs, and what it says. */
final class LauncherTest {
  @TempDir private Path home;
  private InventedMachine machine;

  @BeforeEach
  void layOutAMachine() throws IOException {
    machine = new InventedMachine(home);
  }

  @Test
  void jdkThatIsTooOldIsRefusedWithTheRemedy() throws Exception {
    machine.putOnPath(machine.jdk("jdk-17", "17.0.15"));
    machine.maven("3.9.9");

    Outcome outcome = machine.pledge("version");

    assertThat(outcome.status()).isOne();
    assertThat(outcome.errors())
        .contains("needs a JDK 25 or newer, found only JDK 17 in " + machine.jdks.resolve("jdk-17"))
        .contains("apt-get install openjdk-25-jdk")
        .contains("dnf install java-25-openjdk-devel");
    assertThat(machine.mavenCalls).doesNotExist();
  }

  @Test
  void machineWithoutAnyJdkIsToldWhatToInstall() throws Exception {
    Outcome outcome = machine.pledge("up");

    assertThat(outcome.status()).isOne();
    assertThat(outcome.errors()).contains("needs a JDK 25 or newer\n").contains("apt-get install");
  }

  @Test
  void jdkInAUsualPlaceIsFoundThoughPathAndJavaHomeNameAnOlderOne() throws Exception {
    Path old = machine.jdk("jdk-17", "17.0.15");
    machine.putOnPath(old);
    machine.environment.put("JAVA_HOME", old.toString());
    machine.jdk("jdk-25", "25.0.3");
    machine.maven("3.9.9");

    Outcome outcome = machine.pledge("version");

    assertThat(outcome.errors()).contains("building with JDK 25");
    assertThat(outcome.status()).isZero();
    assertThat(outcome.answer()).startsWith("jdk-25 ").endsWith("dev.pledge.server.Main version\n");
  }

  @Test
  void runtimeWithoutACompilerIsNoJdk() throws Exception {
    Files.delete(machine.jdk("jre-25", "25.0.3").resolve("bin/javac"));

    assertThat(machine.pledge("version").status()).isOne();
  }

  @Test
  void missingMavenIsNamedWithTheRemedy() throws Exception {
    machine.jdk("jdk-25", "25.0.3");

    Outcome outcome = machine.pledge("version");

    assertThat(outcome.status()).isOne();
    assertThat(outcome.errors())
        .contains("needs Maven 3.8 or newer")
        .contains("apt-get install maven")
        .contains("dnf install maven");
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.6.3", "2.2.1"})
  void mavenThatIsTooOldCountsAsMissing(String version) throws Exception {
    machine.jdk("jdk-25", "25.0.3");
    machine.maven(version);

    Outcome outcome = machine.pledge("version");

    assertThat(outcome.status()).isOne();
    assertThat(outcome.errors()).contains("needs Maven 3.8 or newer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.8.7", "3.10.0", "4.0.0"})
  void newEnoughMavenBuildsOnce(String version) throws Exception {
    machine.jdk("jdk-25", "25.0.3");
    machine.maven(version);

    assertThat(machine.pledge("version").errors()).contains("s  server\n").contains("s  built\n");
    Outcome second = machine.pledge("version");

    assertThat(second.status()).isZero();
    assertThat(second.errors()).isEmpty();
    assertThat(machine.builds()).isOne();
  }

  @Test
  void builtPledgeNeedsNoMaven() throws Exception {
    machine.jdk("jdk-25", "25.0.3");
    machine.maven("3.9.9");
    machine.pledge("version");
    Files.delete(machine.tools.resolve("mvn"));

    assertThat(machine.pledge("version").status()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pom.xml",
        "server/pom.xml",
        "engine/src/main/java/Engine.java",
        "policies/emeet/policy.yaml",
        "docs/schema/policy.schema.json"
      })
  void newerInputBuildsAgain(String input) throws Exception {
    machine.jdk("jdk-25", "25.0.3");
    machine.maven("3.9.9");
    machine.pledge("version");

    machine.change(machine.checkout.resolve(input));
    machine.pledge("version");

    assertThat(machine.builds()).isEqualTo(2);
  }

  @Test
  void removedSourceBuildsAgain() throws Exception {
    machine.jdk("jdk-25", "25.0.3");
    machine.maven("3.9.9");
    machine.pledge("version");

    Files.delete(machine.checkout.resolve("engine/src/main/java/Other.java"));
    machine.pledge("version");

    assertThat(machine.builds()).isEqualTo(2);
  }

  @Test
  void newerTestSourceDoesNotBuild() throws Exception {
    machine.jdk("jdk-25", "25.0.3");
    machine.maven("3.9.9");
    machine.pledge("version");

    machine.change(machine.checkout.resolve("engine/src/test/java/EngineTest.java"));
    machine.pledge("version");

    assertThat(machine.builds()).isOne();
  }

  @Test
  void failedBuildShowsItsErrorsRunsNothingAndIsTriedAgain() throws Exception {
    machine.jdk("jdk-25", "25.0.3");
    machine.maven("3.9.9", "echo '[ERROR] it does not compile'; exit 1");

    Outcome outcome = machine.pledge("version");

    assertThat(outcome.status()).isOne();
    assertThat(outcome.answer()).isEmpty();
    assertThat(outcome.errors())
        .contains("| [ERROR] it does not compile")
        .contains("the build failed, see " + machine.checkout.resolve("target/build.log"));
    machine.pledge("version");
    assertThat(machine.builds()).isEqualTo(2);
  }

  @Test
  void unknownCommandIsToldBeforeAnythingIsBuilt() throws Exception {
    Outcome outcome = machine.pledge("fly");

    assertThat(outcome.status()).isEqualTo(2);
    assertThat(outcome.errors()).contains("there is no command `fly`").contains("./pledge help");
  }

  @Test
  void everyCommandOfTheProgramIsKnown() throws Exception {
    machine.jdk("jdk-25", "25.0.3");
    machine.maven("3.9.9");
    for (String command : Main.commandLine().getSubcommands().keySet()) {
      assertThat(machine.pledge(command, "--help").status()).as(command).isZero();
    }
  }

  @Test
  void neitherCdpathNorLinksNorTheCallersDirectoryLeadAstray() throws Exception {
    machine.jdk("jdk-25", "25.0.3");
    machine.maven("3.9.9");
    machine.environment.put("CDPATH", machine.home.toString());
    Path links = Files.createDirectories(machine.home.resolve("some links"));
    Files.createSymbolicLink(links.resolve("inner"), Path.of("..", "a checkout", "pledge"));
    Path outer =
        Files.createSymbolicLink(machine.home.resolve("outer"), Path.of("some links/inner"));

    for (Path launcher : List.of(Path.of("a checkout", "pledge"), Path.of("./outer"), outer)) {
      Outcome outcome = machine.run(machine.home, launcher, "version");
      assertThat(outcome.status()).as(outcome.errors()).isZero();
      assertThat(outcome.answer())
          .contains(" in " + machine.home + ":")
          .contains("-Dpledge.home=" + machine.checkout + " ");
    }
    assertThat(machine.builds()).isOne();
  }

  @Test
  void starsInJvmOptionsAreMeantAsTheyStand() throws Exception {
    machine.jdk("jdk-25", "25.0.3");
    machine.maven("3.9.9");
    write(machine.checkout.resolve("-Dfiles=one"), "");
    machine.environment.put("PLEDGE_JAVA_OPTS", "-Dfiles=* -Dx=y");

    assertThat(machine.pledge("version").answer()).contains(" -Dfiles=* -Dx=y -cp ");
  }

  @Test
  void onlyTheServerRunsLongEnoughForTheOptimisingCompilerAndAParallelCollector() throws Exception {
    machine.jdk("jdk-25", "25.0.3");
    machine.maven("3.9.9");
    machine.environment.put("TRAINING_SECONDS", "0");

    assertThat(machine.pledge("policy", "check", "mine").answer())
        .contains(" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC ");
    assertThat(machine.pledge("up").answer())
        .contains("dev.pledge.server.Main up")
        .doesNotContain("TieredStopAtLevel")
        .doesNotContain("UseSerialGC");
  }

  @Test
  void callerKeepsItsDirectoryItsArgumentsAndItsJvmOptions() throws Exception {
    machine.jdk("jdk-25", "25.0.3");
    machine.maven("3.9.9");
    Path elsewhere = Files.createDirectories(machine.home.resolve("elsewhere"));
    Path link =
        Files.createSymbolicLink(elsewhere.resolve("p"), machine.checkout.resolve("pledge"));
    machine.environment.put("PLEDGE_JAVA_OPTS", "-Xmx2g -Dx=y");

    Outcome outcome = machine.run(elsewhere, link, "policy", "check", "my policy.yaml");

    assertThat(outcome.answer())
        .contains(" in " + elsewhere + ":")
        .contains(" -Xmx512m ")
        .contains(" -Xmx2g -Dx=y -cp " + machine.checkout.resolve("server/target/dist/lib/*"))
        .endsWith("dev.pledge.server.Main policy check my policy.yaml\n");
  }

  @Test
  void testEndsWithTheTotalOfTheReports() throws Exception {
    machine.jdk("jdk-25", "25.0.3");
    machine.browser();
    machine.maven(
        "3.9.9", report("policy", "a", 3, 0, 0, 0), report("engine", "b", 4, 0, 0, 0), "echo done");

    Outcome outcome = machine.pledge("test");

    assertThat(outcome.answer()).endsWith("\n7 passed, 0 failed, 0 skipped\n");
    assertThat(outcome.status()).isZero();
    assertThat(Files.readString(machine.mavenCalls)).contains("verify");
    assertThat(machine.pledge("version").errors()).as("what was verified is built").isEmpty();
  }

  @Test
  void testFailsForASkippedTestThoughMavenDoesNot() throws Exception {
    machine.jdk("jdk-25", "25.0.3");
    machine.browser();
    machine.maven("3.9.9", report("policy", "a", 3, 0, 0, 1));

    Outcome outcome = machine.pledge("test");

    assertThat(outcome.answer()).endsWith("\n2 passed, 0 failed, 1 skipped\n");
    assertThat(outcome.status()).isOne();
  }

  @Test
  void testFailsWhenMavenDoesAndCountsErrorsAsFailed() throws Exception {
    machine.jdk("jdk-25", "25.0.3");
    machine.browser();
    machine.maven("3.9.9", report("policy", "a", 5, 1, 1, 0), "exit 1");

    Outcome outcome = machine.pledge("test");

    assertThat(outcome.answer()).endsWith("\n3 passed, 2 failed, 0 skipped\n");
    assertThat(outcome.status()).isOne();
  }

  @Test
  void testFailsWhenNoTestRanWhateverAFormerRunLeft() throws Exception {
    machine.jdk("jdk-25", "25.0.3");
    machine.browser();
    machine.maven("3.9.9");
    write(
        machine.checkout.resolve("log/target/surefire-reports/TEST-old.xml"),
        suite("old", 9, 0, 0, 0));

    Outcome outcome = machine.pledge("test");

    assertThat(outcome.answer()).endsWith("\n0 passed, 0 failed, 0 skipped\n");
    assertThat(outcome.status()).isOne();
  }

  @Test
  void missingBrowserIsInstalledWithANoticeWhenThatIsAllowed() throws Exception {
    machine.jdk("jdk-25", "25.0.3");
    machine.maven("3.9.9", "echo browser=$PLEDGE_CHROMIUM", report("policy", "a", 1, 0, 0, 0));
    script(machine.tools.resolve("id"), "echo 0");
    script(
        machine.tools.resolve("apt-get"),
        "echo \"apt-get ran: $*\"",
        "case \"$*\" in *install*' chromium') ln -s id '" + machine.tools + "/chromium' ;; esac");
    script(machine.tools.resolve("ln"), "exec " + installed("ln") + " \"$@\"");

    Outcome outcome = machine.pledge("test");

    assertThat(outcome.errors())
        .containsSubsequence("installing it now: apt-get install chromium", "apt-get ran");
    assertThat(outcome.answer()).contains("browser=" + machine.tools.resolve("chromium"));
    assertThat(outcome.status()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"chromium-browser", "google-chrome-stable"})
  void nothingIsInstalledWhenThereIsABrowser(String name) throws Exception {
    machine.jdk("jdk-25", "25.0.3");
    machine.maven("3.9.9", "echo browser=$PLEDGE_CHROMIUM", report("policy", "a", 1, 0, 0, 0));
    script(machine.tools.resolve("id"), "echo 0");
    script(machine.tools.resolve("apt-get"), "echo 'apt-get ran' >&2");
    script(machine.tools.resolve(name), "echo 'Chromium 1 (invented)'");

    Outcome outcome = machine.pledge("test");

    assertThat(outcome.errors()).doesNotContain("apt-get");
    assertThat(outcome.answer()).contains("browser=" + machine.tools.resolve(name));
  }

  @Test
  void missingBrowserIsNamedWithTheRemedyOtherwise() throws Exception {
    machine.jdk("jdk-25", "25.0.3");
    machine.maven("3.9.9");
    script(machine.tools.resolve("id"), "echo 1000");

    Outcome outcome = machine.pledge("test");

    assertThat(outcome.status()).isOne();
    assertThat(outcome.errors()).contains("sudo apt-get install chromium");
    assertThat(machine.mavenCalls).doesNotExist();
  }

  @Test
  void helpIsGivenWithoutAJdk() throws Exception {
    Outcome help = machine.pledge("help");
    Outcome nothing = machine.pledge();

    assertThat(help.status()).isZero();
    assertThat(help.answer()).contains("usage: ./pledge").contains("up [--demo]");
    assertThat(nothing.status()).isEqualTo(2);
    assertThat(nothing.errors()).isEqualTo(help.answer());
  }

  @Test
  void helpLeavesOutNoCommandAndNoOptionOfUp() throws Exception {
    String help = machine.pledge("help").answer();
    CommandLine pledge = Main.commandLine();

    pledge.getSubcommands().keySet().forEach(name -> assertThat(help).contains("  " + name));
    for (String group : List.of("token", "policy")) {
      for (String name : pledge.getSubcommands().get(group).getSubcommands().keySet()) {
        assertThat(help).contains("  " + group + " " + name + " ");
      }
    }
    pledge.getSubcommands().get("up").getCommandSpec().options().stream()
        .map(OptionSpec::longestName)
        .filter(name -> !List.of("--help", "--version").contains(name))
        .forEach(name -> assertThat(help).contains("[" + name));
  }
}
