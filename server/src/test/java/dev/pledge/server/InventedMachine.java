package dev.pledge.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/**
 * A machine to try the launcher {@code pledge} on: a real bash runs a copy of it in a small tree of
 * its own, with a PATH of a few tools and with JDKs and a Maven that only say how they were called.
 */
final class InventedMachine {
  private static final List<String> TOOLS =
      List.of(
          "awk basename cat chmod dirname env find flock grep id mkdir mktemp mv readlink rm sed sleep tail touch"
              .split(" "));

  /** Stands for whatever a build or a server starts in turn: does not end by itself. */
  static final String[] LINGER = {"while :; do sleep 0.1; done"};

  final Path home;
  final Path checkout;
  final Path tools;
  final Path jdks;
  final Path mavenCalls;
  final Map<String, String> environment = new HashMap<>();
  private int runs;
  private boolean asNobody;

  InventedMachine(Path home) throws IOException {
    this.home = home;
    this.checkout = Files.createDirectories(home.resolve("a checkout"));
    this.tools = Files.createDirectories(home.resolve("tools"));
    this.jdks = Files.createDirectories(home.resolve("jvm"));
    this.mavenCalls = home.resolve("maven-calls");
    Files.copy(Path.of("..", "pledge"), checkout.resolve("pledge"));
    for (String source :
        List.of(
            "pom.xml",
            "server/pom.xml",
            "engine/src/main/java/Engine.java",
            "engine/src/main/java/Other.java",
            "engine/src/test/java/EngineTest.java",
            "policies/emeet/policy.yaml",
            "docs/schema/policy.schema.json")) {
      write(checkout.resolve(source), "as cloned");
    }
    for (String tool : TOOLS) {
      script(tools.resolve(tool), "exec " + installed(tool) + " \"$@\"");
    }
    environment.put("PATH", tools.toString());
    environment.put("HOME", home.toString());
    environment.put("TMPDIR", scratch().toString());
    environment.put("JVMS", jdks.toString());
    script(home.resolve("lingering"), LINGER);
  }

  record Outcome(int status, String answer, String errors) {}

  /** A launcher at work. */
  record Run(Process process, Path answerFile, Path errorFile) {
    String answer() throws IOException {
      return Files.readString(answerFile);
    }

    String errors() throws IOException {
      return Files.readString(errorFile);
    }

    void signal(String name) throws IOException, InterruptedException {
      String kill = "kill -s $0 $1";
      new ProcessBuilder(
              installed("bash").toString(), "-c", kill, name, Long.toString(process.pid()))
          .start()
          .waitFor();
    }

    Outcome end() throws IOException, InterruptedException {
      assertThat(process.waitFor(60, SECONDS)).as("the launcher ends").isTrue();
      return new Outcome(process.exitValue(), answer(), errors());
    }
  }

  Outcome pledge(String... arguments) throws IOException, InterruptedException {
    return start(arguments).end();
  }

  Outcome run(Path directory, Path launcher, String... arguments)
      throws IOException, InterruptedException {
    return start(directory, launcher, arguments).end();
  }

  Run start(String... arguments) throws IOException {
    return start(checkout, checkout.resolve("pledge"), arguments);
  }

  /** Runs the launcher with its search confined to this machine's invented directories. */
  Run start(Path directory, Path launcher, String... arguments) throws IOException {
    String confined =
        """
        . "$1"
        shift
        jdk_directories() { printf '%s\\n' "$JVMS"/*; }
        maven_directories() { :; }
        browser_candidates() { printf '%s\\n' chromium chromium-browser google-chrome-stable; }
        training_seconds() { echo "${TRAINING_SECONDS:-3}"; }
        main "$@"
        """;
    // Whoever runs the tests in the background has them ignore SIGINT, and SIGHUP under nohup.
    List<String> prefix = new ArrayList<>();
    prefix.addAll(List.of(installed("env").toString(), "--default-signal=INT,HUP"));
    if (asNobody) {
      prefix.addAll(
          List.of(
              installed("setpriv").toString(), "--reuid=65534", "--regid=65534", "--clear-groups"));
    }
    List<String> command =
        Stream.of(
                prefix.stream(),
                Stream.of(
                    installed("bash").toString(), "-c", confined, "test", launcher.toString()),
                Stream.of(arguments))
            .flatMap(words -> words)
            .toList();
    runs++;
    Path answer = home.resolve("answer-" + runs);
    Path errors = home.resolve("errors-" + runs);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(answer.toFile())
            .redirectError(errors.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return new Run(builder.start(), answer, errors);
  }

  /** Takes the right to write from whoever runs the launcher; root would have it nevertheless. */
  void protectCheckout() throws IOException, InterruptedException {
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
    int changed =
        new ProcessBuilder(installed("chmod").toString(), "-R", "a+rX,a-w", checkout.toString())
            .start()
            .waitFor();
    assertThat(changed).isZero();
    asNobody = Files.isWritable(checkout);
  }

  /** The processes of this machine that are alive. */
  List<ProcessHandle> living() {
    return ProcessHandle.allProcesses()
        .filter(
            process ->
                Stream.of(process.info().arguments().orElse(new String[0]))
                    .anyMatch(argument -> argument.contains(home.toString())))
        .toList();
  }

  static void awaitFile(Path file) throws Exception {
    await(file + " is there", () -> Files.exists(file));
  }

  static void await(String what, Callable<Boolean> condition) throws Exception {
    long patience = System.nanoTime() + SECONDS.toNanos(60);
    CountDownLatch never = new CountDownLatch(1);
    while (!condition.call()) {
      assertThat(System.nanoTime()).as(what).isLessThan(patience);
      never.await(20, MILLISECONDS);
    }
  }

  Path cache() {
    return checkout.resolve("server/target/dist/start-up-25.0.3+9.aot");
  }

  Path scratch() throws IOException {
    return Files.createDirectories(home.resolve("tmp"));
  }

  /** A JVM that writes a start-up cache when it is told to stop, and goes on with {@code then}. */
  void trainableJava(Path jdk, String then) throws IOException {
    script(
        jdk.resolve("bin/java"),
        "cache=",
        "for word; do case $word in -XX:AOTCacheOutput=*) cache=${word#*=} ;; esac; done",
        "[ -n \"$cache\" ] || { echo \"$*\"; exit; }",
        "echo training >>'" + home + "/trainings'",
        "trap 'echo all of it >\"$cache\"; " + then.replace("'", "'\\''") + "' TERM",
        "echo ready at http://127.0.0.1:1",
        LINGER[0]);
  }

  long trainings() throws IOException {
    try (Stream<String> trainings = Files.lines(home.resolve("trainings"))) {
      return trainings.count();
    }
  }

  Path jdk(String name, String version) throws IOException {
    Path jdk = jdks.resolve(name);
    write(
        jdk.resolve("release"),
        """
        IMPLEMENTOR="Invented"
        JAVA_RUNTIME_VERSION="%s+9"
        JAVA_VERSION="%s"
        """
            .formatted(version, version));
    script(jdk.resolve("bin/java"), "echo \"" + name + " in $PWD: $*\"");
    script(jdk.resolve("bin/javac"), ":");
    return jdk;
  }

  void putOnPath(Path jdk) throws IOException {
    for (String command : List.of("java", "javac")) {
      Files.createSymbolicLink(tools.resolve(command), jdk.resolve("bin").resolve(command));
    }
  }

  void maven(String version, String... behaviour) throws IOException {
    script(
        tools.resolve("mvn"),
        "if [ \"$1\" = --version ]; then echo 'Apache Maven " + version + " (invented)'; exit; fi",
        "echo \"$*\" >> '" + mavenCalls + "'",
        "echo '[INFO] Building Pledge server 0.1.0-SNAPSHOT     [1/1]'",
        "mkdir -p server/target/dist/lib",
        String.join("\n", behaviour));
  }

  void browser() throws IOException {
    script(tools.resolve("chromium"), "echo 'Chromium 1 (invented)'");
  }

  long builds() throws IOException {
    try (Stream<String> calls = Files.lines(mavenCalls)) {
      return calls.filter(call -> call.contains("package")).count();
    }
  }

  static String report(
      String module, String name, int tests, int failures, int errors, int skipped) {
    String reports = module + "/target/surefire-reports";
    String suite = suite(name, tests, failures, errors, skipped);
    return "mkdir -p %s; echo '%s' > %s/TEST-%s.xml".formatted(reports, suite, reports, name);
  }

  static String suite(String name, int tests, int failures, int errors, int skipped) {
    return ("<testsuite xmlns:xsi=\"x\" name=\"%s\" time=\"0.5\" tests=\"%d\" errors=\"%d\""
            + " skipped=\"%d\" failures=\"%d\" flakes=\"0\">")
        .formatted(name, tests, errors, skipped, failures);
  }

  static Path installed(String tool) {
    return Stream.of("/usr/bin", "/bin", "/usr/local/bin")
        .map(directory -> Path.of(directory, tool))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new AssertionError("needs `" + tool + "`"));
  }

  static void write(Path file, String content) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, content, UTF_8);
  }

  static void script(Path file, String... lines) throws IOException {
    write(file, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** What an edit after the last build does to the file's time. */
  void change(Path file) throws IOException {
    FileTime built = Files.getLastModifiedTime(checkout.resolve("server/target/dist/.built"));
    Files.setLastModifiedTime(file, FileTime.from(built.toInstant().plusSeconds(1)));
  }
}
