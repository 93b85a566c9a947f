package dev.pledge.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pledge.engine.Configuration;
import dev.pledge.engine.Pledge;
import dev.pledge.engine.actor.NewActor;
import dev.pledge.engine.audit.PublicLog;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.EmbeddedPostgres;
import dev.pledge.log.Caller;
import dev.pledge.log.Checkpoint;
import dev.pledge.log.Cosigner;
import dev.pledge.log.NoteSignature;
import dev.pledge.log.SignedNote;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.RoleId;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log is copied and verified from the command line, and its key changed. */
class AuditCommandTest {
  private static final Path POLICY = Path.of("..", "policies", "emeet");
  private static final Caller BY = Caller.of(Caller.SYSTEM, "test");

  @TempDir private Path directory;

  private Path data = Path.of("");
  private Path keys = Path.of("");
  private Path copy = Path.of("");

  @BeforeEach
  void place() {
    data = directory.resolve("data");
    keys = directory.resolve("keys");
    copy = directory.resolve("copy");
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

  /** Pledge runs until everything that was entered is covered. */
  private void serve() {
    serve(1);
  }

  /** The same with so many logs. */
  private void serve(int logs) {
    try (Pledge running = Pledge.open(Configuration.embedded(POLICY, data, keys).withLogs(logs))) {
      running.checkReady();
      for (int i = 1; i < logs; i++) {
        // One more for each log, so that none is empty.
        var _ = running.actors().replace(actor("of-log-" + i), Duration.ofDays(1), BY);
      }
      Done token =
          here(
              "token",
              "create",
              "--actor",
              "mailer",
              "--kind",
              "service",
              "--role",
              "product-backend",
              "--product",
              "meeting",
              "--policy",
              POLICY.toString());
      assertThat(token.code()).as(token.err()).isZero();
      Placed.await(EmbeddedPostgres.attach(data));
      long entered = entered();
      for (long start = System.nanoTime(); size(running) < entered; Thread.onSpinWait()) {
        assertThat(System.nanoTime() - start).isLessThan(60_000_000_000L);
      }
    }
  }

  private long entered() {
    try (Database database = Database.over(EmbeddedPostgres.attach(data).owner())) {
      return database.read(
          handle -> handle.createQuery("select count(*) from intake").mapTo(Long.class).one());
    }
  }

  private static long size(Pledge running) {
    return running.logs().stream().mapToLong(PublicLog::size).sum();
  }

  private static NewActor actor(String id) {
    return new NewActor(
        new ActorId(id),
        Asker.Kind.SERVICE,
        Set.of(new RoleId("product-backend")),
        Set.of(new ProductId("meeting")),
        Set.of(),
        Set.of());
  }

  private void export() throws IOException {
    if (Files.exists(copy)) {
      try (Stream<Path> files = Files.walk(copy)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
    Done done = here("audit", "export", copy.toString());
    assertThat(done.code()).as(done.err()).isZero();
  }

  private String key() {
    Done done = here("audit", "key");
    assertThat(done.code()).as(done.err()).isZero();
    return done.out().lines().findFirst().orElseThrow();
  }

  private Done verify(String... more) {
    return run(
        Stream.concat(Stream.of("audit", "verify", copy.toString()), Stream.of(more))
            .toArray(String[]::new));
  }

  @Test
  void aCopyIsVerifiedAndWhatIsWrongIsNamed() throws Exception {
    serve();
    export();
    Done sound = verify("--key", key());
    assertThat(sound.code()).as(sound.out()).isZero();
    assertThat(sound.out()).contains("log         pledge/").contains("sound: every entry");
    assertThat(sound.err()).doesNotContain("no --key given");
    assertThat(verify().err()).contains("not whose log it is");

    Path bundle;
    try (Stream<Path> files = Files.walk(copy.resolve("tile/entries"))) {
      bundle = files.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
    byte[] bytes = Files.readAllBytes(bundle);
    bytes[30] ^= 1;
    Files.write(bundle, bytes);
    Done altered = verify("--key", key());
    assertThat(altered.code()).isEqualTo(1);
    assertThat(altered.out())
        .contains("WRONG       tile/0/000.p/")
        .contains("hash 0 is not that of what lies below it")
        .contains("not sound");
  }

  @Test
  void aCopyIsForWhoMadeItAlone() throws Exception {
    serve();
    export();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)))
        .isEqualTo("rwx------");
  }

  @Test
  void aDamagedLogIsNotCopiedAndItIsSaidWhatToDo() throws Exception {
    serve();
    change("update checkpoint set note = set_byte(note, 5, get_byte(note, 5) # 1)");
    Done done = here("audit", "export", copy.toString());
    assertThat(done.code()).isEqualTo(1);
    assertThat(done.err())
        .contains("was altered in the database; restore it from a backup")
        .doesNotContain("something failed");
    assertThat(copy).doesNotExist();
  }

  /** As nobody but who has the database can. */
  private void change(String sql) {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.open(data, new SecureRandom());
        Database database = Database.over(postgres.connections().owner())) {
      assertThat(database.<Integer>read(handle -> handle.execute(sql))).isPositive();
    }
  }

  @Test
  void aCopyThatEndsEarlierThanACheckpointIsNotSound() throws Exception {
    serve();
    export();
    Path earlier = directory.resolve("earlier");
    Files.move(copy, earlier);
    serve();
    export();
    Path newest = Files.copy(copy.resolve("checkpoint"), directory.resolve("newest"));
    assertThat(
            verify("--key", key(), "--checkpoint", earlier.resolve("checkpoint").toString()).code())
        .isZero();
    copy = earlier;
    Done cut = verify("--key", key(), "--checkpoint", newest.toString());
    assertThat(cut.code()).isEqualTo(1);
    assertThat(cut.out()).contains("entries at the end are missing");
  }

  @Test
  void theKeyIsChangedWithoutAGap() throws Exception {
    serve();
    String old = key();
    assertThat(here("audit", "rotate-key", "--finish").err()).contains("the log changes no key");
    Done begun = here("audit", "rotate-key");
    assertThat(begun.code()).as(begun.err()).isZero();
    assertThat(begun.out().lines()).hasSize(2).endsWith(old);
    String fresh = key();
    assertThat(fresh).isNotEqualTo(old);
    assertThat(here("audit", "rotate-key").err()).contains("changes its key already");
    assertThat(here("audit", "rotate-key", "--finish").err())
        .contains("has signed no checkpoint yet");
    serve();
    export();
    for (String either : List.of(old, fresh)) {
      assertThat(verify("--key", either).code()).as(either).isZero();
    }
    Done ended = here("audit", "rotate-key", "--finish");
    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.out().strip()).isEqualTo(fresh);
    assertThat(here("audit", "key", "--retired").out()).startsWith(old + " 20").endsWith("Z\n");
    serve();
    export();
    assertThat(verify("--key", fresh).code()).isZero();
    assertThat(copy.resolve("retired-keys")).content().startsWith(old + " 20");
    Done unknown = verify("--key", old);
    assertThat(unknown.code()).isEqualTo(1);
    assertThat(unknown.out()).contains("WRONG       checkpoint: ");
  }

  @Test
  void theOldKeyIsKeptUntilAWitnessHasCosignedUnderTheNewOne() throws Exception {
    serve();
    cosign();
    assertThat(here("audit", "rotate-key").code()).isZero();
    serve();
    assertThat(here("audit", "rotate-key", "--finish").err())
        .contains("none that a witness, or as many as are asked for, cosigned");
    cosign();
    Done ended = here("audit", "rotate-key", "--finish");
    assertThat(ended.code()).as(ended.err()).isZero();
  }

  @Test
  void theOldKeyIsKeptUntilEnoughWitnessesHaveCosignedUnderTheNewOne() throws Exception {
    Cosigner one = Cosigner.ed25519("one", new byte[32]);
    Cosigner two = Cosigner.mlDsa44("two", new byte[32]);
    Path anchors =
        Files.writeString(
            directory.resolve("anchors.yaml"),
            String.format(
                Locale.ROOT,
                """
                quorum: 2
                anchors:
                  one: { kind: witness, url: "https://one.example", keys: [%s] }
                  two: { kind: witness, url: "https://two.example", keys: [%s] }
                """,
                one.verifierKey(),
                two.verifierKey()));
    serve();
    cosign(one);
    cosign(two);
    assertThat(here("audit", "rotate-key").code()).isZero();
    serve();
    cosign(one);
    String[] finish = {"audit", "rotate-key", "--finish", "--anchors", anchors.toString()};
    assertThat(here(finish).err()).contains("as many as are asked for");
    cosign(two);
    Done ended = here(finish);
    assertThat(ended.code()).as(ended.err()).isZero();
  }

  /** As if the witness had been asked to cosign the newest checkpoint. */
  private void cosign(Cosigner witness) {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.open(data, new SecureRandom());
        Database owner = Database.over(postgres.connections().owner())) {
      byte[] note =
          owner.read(
              handle ->
                  handle
                      .createQuery("select note from checkpoint order by size desc limit 1")
                      .mapTo(byte[].class)
                      .one());
      Checkpoint checkpoint = Checkpoint.parse(SignedNote.parse(note).text());
      NoteSignature line = witness.cosign(checkpoint, InstantSource.system().instant());
      int kept =
          owner.read(
              handle ->
                  handle.execute(
                      "insert into cosignature (log, size, witness, key_id, line)"
                          + " values ('pledge', ?, ?, ?, ?)",
                      checkpoint.size(),
                      line.name(),
                      line.keyId().toString(),
                      line.toString()));
      assertThat(kept).isEqualTo(1);
    }
  }

  /** As if a witness had cosigned the newest checkpoint. */
  private void cosign() {
    try (Pledge running = Pledge.open(Configuration.embedded(POLICY, data, keys));
        Database database = Database.over(EmbeddedPostgres.attach(data).owner())) {
      running.checkReady();
      int cosigned =
          database.read(
              handle ->
                  handle.execute(
                      """
                      insert into cosignature (log, size, witness, key_id, line)
                      select log, size, 'w', 'k', 'l' from checkpoint order by size desc limit 1
                      """));
      assertThat(cosigned).isEqualTo(1);
    }
  }

  @Test
  void theKeyStaysWhileAServerRuns() {
    try (Pledge running = Pledge.open(Configuration.embedded(POLICY, data, keys))) {
      running.checkReady();
      Done done = here("audit", "rotate-key");
      assertThat(done.code()).isEqualTo(1);
      assertThat(done.err()).contains("stop it first");
    }
  }

  @Test
  void severalLogsAreCopiedSideBySideAndVerifiedTogether() throws Exception {
    serve(2);
    export();
    Path first = copy.resolve("pledge");
    Path second = copy.resolve("pledge-2");
    List<String> known = here("audit", "key").out().lines().toList();
    assertThat(known).hasSize(2);
    assertThat(known.get(0)).startsWith("pledge/");
    assertThat(known.get(1)).startsWith("pledge-2/");
    String[] both = {"--key", known.get(0), "--key", known.get(1)};
    Done sound = verify(both);
    assertThat(sound.code()).as(sound.out() + sound.err()).isZero();
    assertThat(sound.out())
        .contains("log         pledge/", "log         pledge-2/", "all logs are sound");
    Path newest = Files.copy(second.resolve("checkpoint"), directory.resolve("newest"));
    String[] bothAndNewest = {
      "--key", known.get(0), "--key", known.get(1), "--checkpoint", newest.toString()
    };
    assertThat(verify(bothAndNewest).code()).isZero();
    Path whole = copy;
    copy = second;
    assertThat(verify("--key", known.get(1)).code()).isZero();
    assertThat(verify("--key", known.get(0)).code()).isEqualTo(1);
    Done inPlaceOfAll = verify(both);
    assertThat(inPlaceOfAll.code()).isEqualTo(1);
    assertThat(inPlaceOfAll.out()).contains("has no copy of log `pledge/").endsWith("not sound\n");
    copy = whole;
    Path hiding = Files.copy(first.resolve("checkpoint"), whole.resolve("checkpoint"));
    assertThat(verify(both).out()).contains("has no copy of log `pledge-2/");
    Files.delete(hiding);

    Path away = Files.move(second, directory.resolve("away"));
    Done missing = verify(bothAndNewest);
    assertThat(missing.code()).isEqualTo(1);
    assertThat(missing.out())
        .contains("has no copy of log `pledge-2/")
        .contains(newest + ": is of none of these logs");
    Files.move(first, second);
    Done swapped = verify("--key", known.get(0));
    assertThat(swapped.code()).isEqualTo(1);
    assertThat(swapped.out()).contains("is of another log, `pledge/");
    Files.move(second, first);
    Files.move(away, second);
    Files.delete(second.resolve("checkpoint"));
    Done cut = verify();
    assertThat(cut.code()).isEqualTo(1);
    assertThat(cut.out()).contains("pledge-2: has no checkpoint; the copy was cut off");

    copy = directory.resolve("alone");
    Done alone = here("audit", "export", "--log", "pledge-2", copy.toString());
    assertThat(alone.code()).as(alone.err()).isZero();
    assertThat(verify("--key", known.get(1)).code()).isZero();
    Done none = here("audit", "export", "--log", "pledge-3", directory.resolve("n").toString());
    assertThat(none.err()).contains("no log `pledge-3`; name one of pledge, pledge-2");
  }

  @Test
  void theKeyOfAllLogsIsChangedTogether() throws Exception {
    serve(2);
    List<String> old = here("audit", "key").out().lines().toList();
    assertThat(here("audit", "rotate-key").code()).isZero();
    assertThat(here("audit", "key").out().lines()).hasSize(4).containsAll(old);
    assertThat(here("audit", "rotate-key", "--finish").err())
        .contains("has signed no checkpoint yet");
    serve(2);
    export();
    assertThat(verify("--key", old.get(0), "--key", old.get(1)).code()).isZero();
    Done ended = here("audit", "rotate-key", "--finish");
    assertThat(ended.code()).as(ended.err()).isZero();
    List<String> fresh = here("audit", "key").out().lines().toList();
    assertThat(fresh).hasSize(2).doesNotContainAnyElementsOf(old);
    serve(2);
    export();
    assertThat(verify("--key", fresh.get(0), "--key", fresh.get(1)).code()).isZero();
    assertThat(verify("--key", old.get(0), "--key", old.get(1)).code()).isEqualTo(1);
  }

  @Test
  void badUsageIsTold() throws Exception {
    assertThat(run("audit").err()).contains("export, verify, key or rotate-key");
    assertThat(run("audit", "verify", "/nowhere").err()).contains("`/nowhere` is no directory");
    assertThat(here("audit", "export", copy.toString()).err()).contains("holds no database");
    Files.createDirectory(copy);
    assertThat(verify().err()).contains("the copy has no key");
    assertThat(verify("--key", "nonsense").code()).isEqualTo(2);
    assertThat(verify("--key", "nonsense").err()).contains("--key: ");
    Files.writeString(copy.resolve("key"), "nonsense\n", StandardCharsets.UTF_8);
    assertThat(verify().code()).isEqualTo(2);
    serve();
    assertThat(here("audit", "export", copy.toString()).err()).contains("is there already");
    Path receipt = Files.writeString(directory.resolve("receipt"), "{}");
    assertThat(verify("--key", key(), "--receipt", receipt.toString()).err())
        .contains("has no `promise`");
    assertThat(verify("--key", key(), "--receipt", "/nowhere").err()).contains("cannot read");
    assertThat(verify("--key", key(), "--witnesses", "1").code()).isEqualTo(2);
    Done empty = verify("--key", key());
    assertThat(empty.code()).isEqualTo(1);
    assertThat(empty.out()).contains("WRONG       checkpoint: missing");
  }
}
