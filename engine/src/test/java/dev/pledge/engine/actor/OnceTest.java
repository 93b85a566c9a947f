package dev.pledge.engine.actor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.TestPledge;
import dev.pledge.engine.actor.Replies.AboutErased;
import dev.pledge.engine.actor.Replies.KeyReused;
import dev.pledge.engine.actor.Replies.Reply;
import dev.pledge.engine.actor.Replies.RequestInFlight;
import dev.pledge.engine.gate.Registered;
import dev.pledge.engine.gate.Registration;
import dev.pledge.engine.gate.Scene;
import dev.pledge.engine.store.Database;
import dev.pledge.log.Sha256;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.SubjectId;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A change sent again is answered again and made once. */
class OnceTest {
  @RegisterExtension static final TestPledge PLEDGE = TestPledge.open();

  private static final byte[] BODY = {1};

  private final Scene scene = new Scene(PLEDGE);

  private Reply register(String key, byte[] body, String email) {
    return PLEDGE
        .pledge()
        .once(
            scene.backend,
            key,
            body,
            changes -> {
              Registered registered =
                  changes.register(
                      new Registration(
                          "meeting",
                          Map.of("email", email),
                          LocalDate.of(1990, 1, 1),
                          TestPledge.acceptance(),
                          List.of(),
                          null));
              String subject =
                  registered instanceof Registered.Subject s ? s.subject().toString() : "taken";
              return new Reply(201, "/" + subject, subject.getBytes(UTF_8));
            });
  }

  @Test
  void theSameKeyIsAnsweredAlikeAndChangesNothingMore() {
    String email = Scene.address();
    Reply first = register("k-same", BODY, email);
    long people = people();
    Reply again = register("k-same", BODY, email);
    assertThat(again.status()).isEqualTo(201);
    assertThat(again.location()).isEqualTo(first.location());
    assertThat(again.body()).isEqualTo(first.body());
    assertThat(people()).isEqualTo(people);
    PLEDGE.restart();
    assertThat(register("k-same", BODY, email).body()).isEqualTo(first.body());
  }

  @Test
  void theSameKeyWithAnotherBodyIsRefused() {
    register("k-other", BODY, Scene.address());
    assertThatThrownBy(() -> register("k-other", new byte[] {2}, Scene.address()))
        .isInstanceOf(KeyReused.class);
  }

  @Test
  @Clause("IV.2")
  void theTableTellsNeitherWhatWasAskedNorWhatWasAnswered() {
    String key = "ada@example.com-1";
    Reply reply = register(key, "a request".getBytes(UTF_8), Scene.address());
    String id = new String(reply.body(), UTF_8);
    assertThat(UUID.fromString(id)).isNotNull();
    String dump = dump();
    assertThat(dump).contains("backend");
    byte[] hash = Sha256.of("a request");
    for (String secret : List.of(id, id.replace("-", ""), key, "a request", "ada@example.com")) {
      assertThat(dump).doesNotContain(secret, hex(secret.getBytes(UTF_8)));
    }
    assertThat(dump).doesNotContain(hex(hash), hex(Sha256.of(key)));
  }

  @Test
  @Clause({"II.II.3", "V.1"})
  void anErasedPersonIsInNoKeptAnswer() {
    String email = Scene.address();
    Reply registered = register("k-erased", BODY, email);
    SubjectId person = SubjectId.of(new String(registered.body(), UTF_8));
    Supplier<Reply> erase =
        () ->
            PLEDGE
                .pledge()
                .once(
                    scene.backend,
                    "k-erase",
                    BODY,
                    changes ->
                        new Reply(
                            200, "/" + person, changes.erase(person).toString().getBytes(UTF_8)));
    Reply erased = erase.get();
    assertThat(dump()).doesNotContain(person.toString(), hex(person.toString().getBytes(UTF_8)));
    // Nobody is registered again, and the answer of then is not given; the erasure's is.
    long people = people();
    assertThatThrownBy(() -> register("k-erased", BODY, email)).isInstanceOf(AboutErased.class);
    assertThat(people()).isEqualTo(people);
    assertThat(erase.get().body()).isEqualTo(erased.body());
  }

  @Test
  void anAnswerThatWasTamperedWithIsNotGivenAndNothingIsMadeAgain() {
    register("k-tampered", BODY, Scene.address());
    owner("update reply set sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1)");
    long people = people();
    assertThatThrownBy(() -> register("k-tampered", BODY, Scene.address()))
        .isInstanceOf(KeyReused.class);
    assertThat(people()).isEqualTo(people);
  }

  @Test
  void anotherActorsKeyIsAnother() {
    register("k-actor", BODY, Scene.address());
    Caller other = PLEDGE.caller("backend-2", Asker.Kind.SERVICE, "product-backend");
    AtomicInteger ran = new AtomicInteger();
    PLEDGE
        .pledge()
        .once(
            other,
            "k-actor",
            new byte[] {3},
            changes -> {
              ran.incrementAndGet();
              return new Reply(200, null, new byte[0]);
            });
    assertThat(ran.get()).isEqualTo(1);
  }

  @Test
  void aRequestInFlightIsNotMadeTwice() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    Thread first =
        Thread.ofPlatform()
            .start(
                () ->
                    PLEDGE
                        .pledge()
                        .once(
                            scene.backend,
                            "k-flight",
                            BODY,
                            changes -> {
                              inside.countDown();
                              assertThat(awaited(leave)).isTrue();
                              return new Reply(200, null, new byte[0]);
                            }));
    inside.await();
    assertThatThrownBy(() -> register("k-flight", BODY, Scene.address()))
        .isInstanceOf(RequestInFlight.class);
    leave.countDown();
    first.join();
  }

  @Test
  void anAnswerThatIsKeptIsGivenToAllWhoAskAtOnce() throws Exception {
    byte[] first = register("k-kept", BODY, Scene.address()).body();
    CountDownLatch locked = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    Thread other = Thread.ofPlatform().start(() -> holdLock("backend k-kept", locked, done));
    locked.await();
    assertThat(register("k-kept", BODY, Scene.address()).body()).isEqualTo(first);
    done.countDown();
    other.join();
  }

  private static void holdLock(String request, CountDownLatch locked, CountDownLatch done) {
    Database.over(PLEDGE.database().owner())
        .change(
            tx -> {
              tx.handle()
                  .createQuery(
                      "select pg_advisory_xact_lock(('x' || left(encode(sha256(:request), 'hex'),"
                          + " 16))::bit(64)::bigint)")
                  .bind("request", request.getBytes(UTF_8))
                  .map((row, context) -> request)
                  .list();
              locked.countDown();
              assertThat(awaited(done)).isTrue();
              return request;
            });
  }

  private static boolean awaited(CountDownLatch latch) {
    try {
      return latch.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void fiftyDoublesAtOnceMakeOneChange() throws Exception {
    long before = people();
    String email = Scene.address();
    List<String> answers = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch start = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      start.await();
                      answers.add(new String(register("k-fifty", BODY, email).body(), UTF_8));
                    } catch (RequestInFlight e) {
                      answers.add("in flight");
                    } catch (InterruptedException e) {
                      throw new IllegalStateException(e);
                    }
                  }));
    }
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(answers).hasSize(50);
    assertThat(answers.stream().filter(answer -> !answer.equals("in flight")).distinct())
        .hasSize(1)
        .doesNotContain("taken");
    assertThat(people()).isEqualTo(before + 1);
  }

  @Test
  void aFailedChangeLeavesNoAnswerAndMayBeMadeAgain() {
    assertThatThrownBy(
            () ->
                PLEDGE
                    .pledge()
                    .once(
                        scene.backend,
                        "k-failed",
                        BODY,
                        changes -> {
                          throw new IllegalStateException("as arranged");
                        }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("as arranged");
    assertThat(register("k-failed", BODY, Scene.address()).status()).isEqualTo(201);
  }

  @Test
  void aKeyThatIsNoKeyIsRefusedBeforeAnythingIsDone() {
    for (String key : List.of("", "nul\0", "x".repeat(256), "钥")) {
      assertThatThrownBy(() -> register(key, BODY, Scene.address()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void anOldAnswerIsForgotten() {
    register("k-old", BODY, Scene.address());
    owner("update reply set created_at = now() - interval '25 hours'");
    PLEDGE.pledge().tidy();
    assertThat(register("k-old", new byte[] {9}, Scene.address()).status()).isEqualTo(201);
  }

  @Test
  void howeverManyOldAnswersAreForgotten() {
    owner(
        """
        insert into reply (actor_id, name, epoch, sealed, created_at)
        select 'backend', sha256(n::text::bytea), 1, '', now() - interval '2 days'
        from generate_series(1, 12000) n
        """);
    PLEDGE.pledge().tidy();
    assertThat(
            Database.over(PLEDGE.database().owner())
                .<Long>read(
                    handle ->
                        handle
                            .createQuery("select count(*) from reply where sealed = ''")
                            .mapTo(Long.class)
                            .one()))
        .isZero();
  }

  private static long people() {
    return Database.over(PLEDGE.database().owner())
        .read(handle -> handle.createQuery("select count(*) from subject").mapTo(Long.class).one());
  }

  private static String dump() {
    return Database.over(PLEDGE.database().owner())
        .<List<String>>read(
            handle -> handle.createQuery("select r::text from reply r").mapTo(String.class).list())
        .toString();
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static void owner(String sql) {
    Database.over(PLEDGE.database().owner()).read(handle -> handle.execute(sql));
  }
}
