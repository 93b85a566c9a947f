package dev.pledge.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The launcher {@code pledge}: a real bash runs a copy of it in a small tree of its own, with a
 * PATH of a few tools and with JDKs and a Maven that only say how they were called.
 */
final class LauncherTest {
  private static final List<String> TOOLS =
      List.of(
          "awk basename cat chmod dirname find grep id ln mkdir mktemp mv readlink rm sed sleep tail touch"
              .split(" "));

  @TempDir private Path machine;
  private Path checkout;
  private Path tools;
  private Path jdks;
  private Path mavenCalls;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void layOutAMachine() throws IOException {
    checkout = Files.createDirectories(machine.resolve("a checkout"));
    tools = Files.createDirectories(machine.resolve("tools"));
    jdks = Files.createDirectories(machine.resolve("jvm"));
    mavenCalls = machine.resolve("maven-calls");
    Files.copy(Path.of("..", "pledge"), checkout.resolve("pledge"));
    for (String source :
        List.of(
            "pom.xml",
            "server/pom.xml",
            "engine/src/main/java/Engine.java",
            "engine/src/main/java/Other.java",
            "engine/src/test/java/EngineTest.java",
            "policies/emeet/policy.yaml")) {
      write(checkout.resolve(source), "as cloned");
    }
    for (String tool : TOOLS) {
      script(tools.resolve(tool), "exec " + installed(tool) + " \"$@\"");
    }
    environment.put("PATH", tools.toString());
    environment.put("HOME", machine.toString());
    environment.put("JVMS", jdks.toString());
  }

  @Test
  void jdkThatIsTooOldIsRefusedWithTheRemedy() throws Exception {
    putOnPath(jdk("jdk-17", "17.0.15"));
    maven("3.9.9");

    Outcome outcome = pledge("version");

    assertThat(outcome.status).isEqualTo(2);
    assertThat(outcome.errors)
        .contains("needs a JDK 25 or newer, found only JDK 17 in " + jdks.resolve("jdk-17"))
        .contains("apt-get install openjdk-25-jdk")
        .contains("dnf install java-25-openjdk-devel")
        .contains("brew install openjdk@25");
    assertThat(mavenCalls).doesNotExist();
  }

  @Test
  void machineWithoutAnyJdkIsToldWhatToInstall() throws Exception {
    Outcome outcome = pledge("up");

    assertThat(outcome.status).isEqualTo(2);
    assertThat(outcome.errors).contains("needs a JDK 25 or newer\n").contains("apt-get install");
  }

  @Test
  void jdkInAUsualPlaceIsFoundThoughPathAndJavaHomeNameAnOlderOne() throws Exception {
    Path old = jdk("jdk-17", "17.0.15");
    putOnPath(old);
    environment.put("JAVA_HOME", old.toString());
    jdk("jdk-25", "25.0.3");
    maven("3.9.9");

    Outcome outcome = pledge("version");

    assertThat(outcome.errors).contains("building with JDK 25");
    assertThat(outcome.status).isZero();
    assertThat(outcome.answer).startsWith("jdk-25 ").endsWith("dev.pledge.server.Main version\n");
  }

  @Test
  void runtimeWithoutACompilerIsNoJdk() throws Exception {
    Files.delete(jdk("jre-25", "25.0.3").resolve("bin/javac"));

    assertThat(pledge("version").status).isEqualTo(2);
  }

  @Test
  void missingMavenIsNamedWithTheRemedy() throws Exception {
    jdk("jdk-25", "25.0.3");

    Outcome outcome = pledge("version");

    assertThat(outcome.status).isEqualTo(2);
    assertThat(outcome.errors)
        .contains("needs Maven 3.8 or newer")
        .contains("apt-get install maven")
        .contains("dnf install maven")
        .contains("brew install maven");
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.6.3", "2.2.1"})
  void mavenThatIsTooOldCountsAsMissing(String version) throws Exception {
    jdk("jdk-25", "25.0.3");
    maven(version);

    assertThat(pledge("version").status).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.8.7", "3.10.0", "4.0.0"})
  void newEnoughMavenBuildsOnce(String version) throws Exception {
    jdk("jdk-25", "25.0.3");
    maven(version);

    assertThat(pledge("version").errors).contains("s  server\n").contains("s  built\n");
    Outcome second = pledge("version");

    assertThat(second.status).isZero();
    assertThat(second.errors).isEmpty();
    assertThat(builds()).isOne();
  }

  @Test
  void builtPledgeNeedsNoMaven() throws Exception {
    jdk("jdk-25", "25.0.3");
    maven("3.9.9");
    pledge("version");
    Files.delete(tools.resolve("mvn"));

    assertThat(pledge("version").status).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pom.xml",
        "server/pom.xml",
        "engine/src/main/java/Engine.java",
        "policies/emeet/policy.yaml"
      })
  void newerInputBuildsAgain(String input) throws Exception {
    jdk("jdk-25", "25.0.3");
    maven("3.9.9");
    pledge("version");

    change(checkout.resolve(input));
    pledge("version");

    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void removedSourceBuildsAgain() throws Exception {
    jdk("jdk-25", "25.0.3");
    maven("3.9.9");
    pledge("version");

    Files.delete(checkout.resolve("engine/src/main/java/Other.java"));
    pledge("version");

    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void newerTestSourceDoesNotBuild() throws Exception {
    jdk("jdk-25", "25.0.3");
    maven("3.9.9");
    pledge("version");

    change(checkout.resolve("engine/src/test/java/EngineTest.java"));
    pledge("version");

    assertThat(builds()).isOne();
  }

  @Test
  void failedBuildShowsItsErrorsRunsNothingAndIsTriedAgain() throws Exception {
    jdk("jdk-25", "25.0.3");
    maven("3.9.9", "echo '[ERROR] it does not compile'; exit 1");

    Outcome outcome = pledge("version");

    assertThat(outcome.status).isOne();
    assertThat(outcome.answer).isEmpty();
    assertThat(outcome.errors)
        .contains("| [ERROR] it does not compile")
        .contains("the build failed, see " + checkout.resolve("target/build.log"));
    pledge("version");
    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void lockOfABuildThatDiedHoldsNobodyUp() throws Exception {
    jdk("jdk-25", "25.0.3");
    maven("3.9.9");
    Files.createDirectories(checkout.resolve("target"));
    Files.createSymbolicLink(checkout.resolve("target/.building"), Path.of("999999999"));

    assertThat(pledge("version").status).isZero();
    assertThat(Files.isSymbolicLink(checkout.resolve("target/.building"))).isFalse();
  }

  @Test
  void callerKeepsItsDirectoryItsArgumentsAndItsJvmOptions() throws Exception {
    jdk("jdk-25", "25.0.3");
    maven("3.9.9");
    Path elsewhere = Files.createDirectories(machine.resolve("elsewhere"));
    Path link = Files.createSymbolicLink(elsewhere.resolve("p"), checkout.resolve("pledge"));
    environment.put("PLEDGE_JAVA_OPTS", "-Xmx2g -Dx=y");

    Outcome outcome = run(elsewhere, link, "policy", "check", "my policy.yaml");

    assertThat(outcome.answer)
        .contains(" in " + elsewhere + ":")
        .contains(" -Xmx512m ")
        .contains(" -Xmx2g -Dx=y -cp " + checkout.resolve("server/target/dist/lib/*"))
        .endsWith("dev.pledge.server.Main policy check my policy.yaml\n");
  }

  @Test
  void upWorksAlthoughNoStartUpCacheCouldBeMadeAndTriesOnlyOnce() throws Exception {
    jdk("jdk-25", "25.0.3");
    maven("3.9.9");

    Outcome first = pledge("up", "--port", "1");
    Outcome second = pledge("up", "--port", "1");

    assertThat(first.errors).contains("preparing faster starts");
    assertThat(first.answer).endsWith("dev.pledge.server.Main up --port 1\n");
    assertThat(second.errors).isEmpty();
    assertThat(second.answer).isEqualTo(first.answer);
  }

  @Test
  void testEndsWithTheTotalOfTheReports() throws Exception {
    jdk("jdk-25", "25.0.3");
    browser();
    maven(
        "3.9.9", report("policy", "a", 3, 0, 0, 0), report("engine", "b", 4, 0, 0, 0), "echo done");

    Outcome outcome = pledge("test");

    assertThat(outcome.answer).endsWith("\n7 passed, 0 failed, 0 skipped\n");
    assertThat(outcome.status).isZero();
    assertThat(Files.readString(mavenCalls)).contains("verify");
    assertThat(pledge("version").errors).as("what was verified is built").isEmpty();
  }

  @Test
  void testFailsForASkippedTestThoughMavenDoesNot() throws Exception {
    jdk("jdk-25", "25.0.3");
    browser();
    maven("3.9.9", report("policy", "a", 3, 0, 0, 1));

    Outcome outcome = pledge("test");

    assertThat(outcome.answer).endsWith("\n2 passed, 0 failed, 1 skipped\n");
    assertThat(outcome.status).isOne();
  }

  @Test
  void testFailsWhenMavenDoesAndCountsErrorsAsFailed() throws Exception {
    jdk("jdk-25", "25.0.3");
    browser();
    maven("3.9.9", report("policy", "a", 5, 1, 1, 0), "exit 1");

    Outcome outcome = pledge("test");

    assertThat(outcome.answer).endsWith("\n3 passed, 2 failed, 0 skipped\n");
    assertThat(outcome.status).isOne();
  }

  @Test
  void testFailsWhenNoTestRanWhateverAFormerRunLeft() throws Exception {
    jdk("jdk-25", "25.0.3");
    browser();
    maven("3.9.9");
    write(checkout.resolve("log/target/surefire-reports/TEST-old.xml"), suite("old", 9, 0, 0, 0));

    Outcome outcome = pledge("test");

    assertThat(outcome.answer).endsWith("\n0 passed, 0 failed, 0 skipped\n");
    assertThat(outcome.status).isOne();
  }

  @Test
  void missingBrowserIsInstalledWhenThatIsAllowed() throws Exception {
    jdk("jdk-25", "25.0.3");
    maven("3.9.9", "echo browser=$PLEDGE_CHROMIUM", report("policy", "a", 1, 0, 0, 0));
    script(tools.resolve("id"), "echo 0");
    script(
        tools.resolve("apt-get"),
        "case \"$*\" in *install*' chromium') ln -s id '" + tools + "/chromium' ;; esac");

    Outcome outcome = pledge("test");

    assertThat(outcome.errors).contains("installing Chromium for the browser tests");
    assertThat(outcome.answer).contains("browser=" + tools.resolve("chromium"));
    assertThat(outcome.status).isZero();
  }

  @Test
  void missingBrowserIsNamedWithTheRemedyOtherwise() throws Exception {
    jdk("jdk-25", "25.0.3");
    maven("3.9.9");
    script(tools.resolve("id"), "echo 1000");

    Outcome outcome = pledge("test");

    assertThat(outcome.status).isOne();
    assertThat(outcome.errors).contains("sudo apt-get install chromium");
    assertThat(mavenCalls).doesNotExist();
  }

  @Test
  void helpIsGivenWithoutAJdk() throws Exception {
    Outcome help = pledge("help");
    Outcome nothing = pledge();

    assertThat(help.status).isZero();
    assertThat(help.answer).contains("usage: ./pledge").contains("up [--demo]");
    assertThat(nothing.status).isEqualTo(2);
    assertThat(nothing.errors).isEqualTo(help.answer);
  }

  private record Outcome(int status, String answer, String errors) {}

  private Outcome pledge(String... arguments) throws IOException, InterruptedException {
    return run(checkout, checkout.resolve("pledge"), arguments);
  }

  /** Runs the launcher with its search confined to this machine's invented directories. */
  private Outcome run(Path directory, Path launcher, String... arguments)
      throws IOException, InterruptedException {
    String confined =
        """
        . "$1"
        shift
        jdk_directories() { printf '%s\\n' "$JVMS"/*; }
        maven_directories() { :; }
        browser_candidates() { echo chromium; }
        main "$@"
        """;
    List<String> command =
        Stream.concat(
                Stream.of(
                    installed("bash").toString(), "-c", confined, "test", launcher.toString()),
                Stream.of(arguments))
            .toList();
    File answer = machine.resolve("answer").toFile();
    File errors = machine.resolve("errors").toFile();
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(answer)
            .redirectError(errors);
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process = builder.start();
    assertThat(process.waitFor(60, SECONDS)).as("the launcher ends").isTrue();
    return new Outcome(
        process.exitValue(), Files.readString(answer.toPath()), Files.readString(errors.toPath()));
  }

  private Path jdk(String name, String version) throws IOException {
    Path home = jdks.resolve(name);
    write(
        home.resolve("release"),
        """
        IMPLEMENTOR="Invented"
        JAVA_RUNTIME_VERSION="%s+9"
        JAVA_VERSION="%s"
        """
            .formatted(version, version));
    script(home.resolve("bin/java"), "echo \"" + name + " in $PWD: $*\"");
    script(home.resolve("bin/javac"), ":");
    return home;
  }

  private void putOnPath(Path jdk) throws IOException {
    for (String command : List.of("java", "javac")) {
      Files.createSymbolicLink(tools.resolve(command), jdk.resolve("bin").resolve(command));
    }
  }

  private void maven(String version, String... behaviour) throws IOException {
    script(
        tools.resolve("mvn"),
        "if [ \"$1\" = --version ]; then echo 'Apache Maven " + version + " (invented)'; exit; fi",
        "echo \"$*\" >> '" + mavenCalls + "'",
        "echo '[INFO] Building Pledge server 0.1.0-SNAPSHOT     [1/1]'",
        "mkdir -p server/target/dist/lib",
        String.join("\n", behaviour));
  }

  private void browser() throws IOException {
    script(tools.resolve("chromium"), "echo 'Chromium 1 (invented)'");
  }

  private long builds() throws IOException {
    try (Stream<String> calls = Files.lines(mavenCalls)) {
      return calls.filter(call -> call.contains("package")).count();
    }
  }

  private static String report(
      String module, String name, int tests, int failures, int errors, int skipped) {
    String reports = module + "/target/surefire-reports";
    String suite = suite(name, tests, failures, errors, skipped);
    return "mkdir -p %s; echo '%s' > %s/TEST-%s.xml".formatted(reports, suite, reports, name);
  }

  private static String suite(String name, int tests, int failures, int errors, int skipped) {
    return ("<testsuite xmlns:xsi=\"x\" name=\"%s\" time=\"0.5\" tests=\"%d\" errors=\"%d\""
            + " skipped=\"%d\" failures=\"%d\" flakes=\"0\">")
        .formatted(name, tests, errors, skipped, failures);
  }

  private static Path installed(String tool) {
    return Stream.of("/usr/bin", "/bin", "/usr/local/bin", "/opt/homebrew/bin")
        .map(directory -> Path.of(directory, tool))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new AssertionError("needs `" + tool + "`"));
  }

  private static void write(Path file, String content) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, content, UTF_8);
  }

  private static void script(Path file, String... lines) throws IOException {
    write(file, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** What an edit after the last build does to the file's time. */
  private void change(Path file) throws IOException {
    FileTime built = Files.getLastModifiedTime(checkout.resolve("server/target/dist/.built"));
    Files.setLastModifiedTime(file, FileTime.from(built.toInstant().plusSeconds(1)));
  }
}
