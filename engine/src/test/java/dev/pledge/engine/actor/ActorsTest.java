package dev.pledge.engine.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.TestPledge;
import dev.pledge.engine.audit.Audit;
import dev.pledge.engine.audit.Gauge;
import dev.pledge.engine.audit.IntakeSeal;
import dev.pledge.engine.audit.Limits;
import dev.pledge.engine.audit.TestIntake;
import dev.pledge.engine.audit.TestSeals;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.log.Entry;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.UndertakingId;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Clause("IV.3")
class ActorsTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.fresh();

  private static final Duration HOUR = Duration.ofHours(1);
  private static final dev.pledge.log.Caller BY = TestPledge.BY;

  private final List<Audit> audits = new ArrayList<>();
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-22T00:00:00Z"));
  private final IntakeSeal seal = TestSeals.intake(1);
  private final Actors actors = actors(seal);

  private Actors actors(IntakeSeal seal) {
    SecureRandom random = new SecureRandom();
    Audit audit =
        new Audit(
            "test",
            DATABASE.database(),
            seal,
            TestSeals.signer("test"),
            Gauge.OPEN,
            InstantSource.system(),
            random,
            Limits.DEFAULT);
    audits.add(audit);
    return new Actors(DATABASE.database(), audit, now::get, random);
  }

  @BeforeEach
  void emptyTheLog() {
    Database.over(DATABASE.owner()).read(handle -> handle.execute("delete from intake"));
  }

  @AfterEach
  void closeTheLog() {
    audits.forEach(Audit::close);
  }

  /** What the log says, oldest first: kind, target and caller. */
  private List<String> logged() {
    return TestIntake.entries(DATABASE.database(), seal).stream()
        .peek(entry -> assertThat(entry.mark()).isEmpty())
        .map(Entry::facts)
        .map(
            facts ->
                facts.kind()
                    + " "
                    + facts.target().orElseThrow()
                    + " by "
                    + facts.caller().type()
                    + " "
                    + facts.caller().id().orElseThrow())
        .toList();
  }

  private static NewActor actor(String id) {
    return new NewActor(
        new ActorId(id),
        Asker.Kind.STAFF,
        Set.of(new RoleId("support-agent")),
        Set.of(new ProductId("meeting")),
        Set.of(Scope.RIGHTS),
        Set.of(new UndertakingId("confidentiality")));
  }

  @Test
  void aTokenStandsForItsActorUntilItExpires() {
    NewToken token = actors.create(actor("anna"), HOUR, BY);
    Caller caller = actors.authenticate(token.secret()).orElseThrow();
    assertThat(caller.id().value()).isEqualTo("anna");
    assertThat(caller.may(Scope.RIGHTS)).isTrue();
    assertThat(caller.may(Scope.BULK)).isFalse();
    now.updateAndGet(at -> at.plus(HOUR).minusSeconds(1));
    assertThat(actors.authenticate(token.secret())).isPresent();
    now.updateAndGet(at -> at.plusSeconds(1));
    assertThat(actors.authenticate(token.secret())).isEmpty();
  }

  @Test
  void aRevokedTokenStops() {
    NewToken token = actors.create(actor("bert"), HOUR, BY);
    assertThat(actors.authenticate(token.secret())).isPresent();
    assertThat(actors.revoke(new ActorId("bert"), BY)).isEqualTo(1);
    assertThat(actors.authenticate(token.secret())).isEmpty();
    assertThat(actors.revoke(new ActorId("bert"), BY)).isZero();
  }

  @Test
  void givingAndRevokingIsOnTheLog() {
    actors.create(actor("gerd"), HOUR, BY);
    actors.create(plain("gerd", "support-agent"), HOUR, BY);
    assertThat(logged())
        .containsExactly(
            "actor gerd by system test", "token gerd by system test", "token gerd by system test");
    actors.revoke(new ActorId("gerd"), BY);
    actors.revoke(new ActorId("gerd"), BY);
    actors.revoke(new ActorId("nobody"), BY);
    assertThat(logged()).hasSize(4).endsWith("revoke gerd by system test");
  }

  @Test
  void anActorIsLoggedWhenItIsAnother() {
    actors.create(plain("hans", "support-agent"), HOUR, BY);
    actors.create(plain("hans", "support-agent"), HOUR, BY);
    actors.replace(plain("hans", "support-agent", "analyst"), HOUR, BY);
    actors.replace(plain("hans", "analyst", "support-agent"), HOUR, BY);
    actors.replace(actor("hans"), HOUR, BY);
    assertThat(logged().stream().map(line -> line.split(" ", 2)[0]))
        .containsExactly("actor", "token", "token", "actor", "token", "token", "actor", "token");
  }

  @Test
  void withoutAnEntryThereIsNoToken() {
    Actors unlogged =
        actors(
            new IntakeSeal() {
              @Override
              public Sealed seal(UUID entry, byte[] payload) {
                throw new IllegalStateException("as arranged");
              }

              @Override
              public byte[] open(UUID entry, Sealed sealed) {
                throw new IllegalStateException("as arranged");
              }

              @Override
              public SealedTile sealTile(String log, long index, byte[] entries) {
                throw new IllegalStateException("as arranged");
              }

              @Override
              public SealedTile rewrapTile(String log, long index, SealedTile sealed) {
                throw new IllegalStateException("as arranged");
              }

              @Override
              public byte[] openTile(String log, long index, SealedTile sealed) {
                throw new IllegalStateException("as arranged");
              }
            });
    assertThatThrownBy(() -> unlogged.create(actor("ida"), HOUR, BY)).hasMessage("as arranged");
    assertThat(rows("actor", "ida") + rows("token", "ida") + rows("undertaking", "ida")).isZero();
    NewToken token = actors.create(actor("ida"), HOUR, BY);
    assertThatThrownBy(() -> unlogged.revoke(new ActorId("ida"), BY)).hasMessage("as arranged");
    assertThat(actors.authenticate(token.secret())).isPresent();
  }

  private static long rows(String table, String actor) {
    return DATABASE
        .database()
        .read(
            handle ->
                handle
                    .createQuery("select count(*) from " + table + " where actor_id = :actor")
                    .bind("actor", actor)
                    .mapTo(Long.class)
                    .one());
  }

  private static NewActor plain(String id, String... roles) {
    return new NewActor(
        new ActorId(id),
        Asker.Kind.STAFF,
        Stream.of(roles).map(RoleId::new).collect(Collectors.toSet()),
        Set.of(new ProductId("meeting")),
        Set.of(Scope.RIGHTS),
        Set.of());
  }

  @Test
  void anUndertakingCountsUntilItRunsOut() {
    Caller caller =
        actors.authenticate(actors.create(actor("cora"), HOUR, BY).secret()).orElseThrow();
    assertThat(undertakings(caller, now.get())).hasSize(1);
    assertThat(undertakings(caller, now.get().plus(HOUR))).isEmpty();
  }

  @Test
  void anotherTokenDoesNotChangeWhatAnActorMay() {
    NewToken first = actors.create(actor("gina"), HOUR, BY);
    NewActor other = with(actor("gina"), Asker.Kind.STAFF, Set.of(new RoleId("legal")), "meeting");
    for (NewActor different :
        List.of(
            other,
            with(actor("gina"), Asker.Kind.AUDITOR, actor("gina").roles(), "meeting"),
            with(actor("gina"), Asker.Kind.STAFF, actor("gina").roles(), "notes"))) {
      assertThatThrownBy(() -> actors.create(different, HOUR, BY))
          .isInstanceOf(ActorDiffers.class)
          .hasMessageContainingAll("gina", "staff", "[support-agent]", "[meeting]");
    }
    Caller caller = actors.authenticate(first.secret()).orElseThrow();
    assertThat(caller.roles()).isEqualTo(actor("gina").roles());
    assertThat(caller.kind()).isEqualTo(Asker.Kind.STAFF);

    NewToken second = actors.replace(other, HOUR, BY);
    for (NewToken token : List.of(first, second)) {
      assertThat(actors.authenticate(token.secret()).orElseThrow().roles())
          .isEqualTo(other.roles());
    }
  }

  private static NewActor with(NewActor actor, Asker.Kind kind, Set<RoleId> roles, String product) {
    return new NewActor(
        actor.id(),
        kind,
        roles,
        Set.of(new ProductId(product)),
        actor.scopes(),
        actor.undertakings());
  }

  @Test
  void aDisabledActorGetsNoTokenAndStaysDisabled() {
    NewToken token = actors.create(actor("hugo"), HOUR, BY);
    Database.over(DATABASE.owner())
        .change(
            tx ->
                tx.handle()
                    .execute("update actor set disabled_at = now() where actor_id = 'hugo'"));
    assertThatThrownBy(() -> actors.create(actor("hugo"), HOUR, BY))
        .isInstanceOf(ActorDisabled.class);
    assertThatThrownBy(() -> actors.replace(actor("hugo"), HOUR, BY))
        .isInstanceOf(ActorDisabled.class);
    assertThat(actors.authenticate(token.secret())).isEmpty();
  }

  @Test
  void aShorterTokenDoesNotShortenAnUndertaking() {
    NewToken longer = actors.create(actor("ina"), HOUR.multipliedBy(2), BY);
    actors.create(actor("ina"), HOUR, BY);
    assertThat(logged()).filteredOn(line -> line.startsWith("actor")).hasSize(1);
    Caller caller = actors.authenticate(longer.secret()).orElseThrow();
    assertThat(undertakings(caller, now.get().plus(HOUR))).hasSize(1);
    assertThat(undertakings(caller, now.get().plus(HOUR.multipliedBy(2)))).isEmpty();

    NewToken longest = actors.create(actor("ina"), HOUR.multipliedBy(3), BY);
    caller = actors.authenticate(longest.secret()).orElseThrow();
    assertThat(undertakings(caller, now.get().plus(HOUR.multipliedBy(2)))).hasSize(1);
  }

  @Test
  void theSecretIsNowhereButInTheAnswer() {
    NewToken token = actors.create(actor("dora"), HOUR, BY);
    assertThat(token.toString()).doesNotContain(token.secret());
    long rows =
        Database.over(DATABASE.owner())
            .read(
                handle ->
                    handle
                        .createQuery("select count(*) from token t where t::text like :secret")
                        .bind("secret", "%" + token.secret().substring(7) + "%")
                        .mapTo(Long.class)
                        .one());
    assertThat(rows).isZero();
  }

  @Test
  void whatIsNoTokenIsNobodys() {
    for (String text :
        new String[] {"", "pledge_", "pledge_x", "Bearer", "p".repeat(1000), "pledge_\0"}) {
      assertThat(actors.authenticate(text)).isEmpty();
    }
  }

  @Test
  void anActorFitsIntoTheLog() {
    Set<RoleId> roles =
        IntStream.range(0, 33).mapToObj(i -> new RoleId("r" + i)).collect(Collectors.toSet());
    assertThatThrownBy(
            () ->
                new NewActor(
                    new ActorId("emil"), Asker.Kind.STAFF, roles, Set.of(), Set.of(), Set.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> actors.create(actor("fred"), Duration.ofSeconds(59), BY))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Set<UndertakingId> undertakings(Caller caller, Instant at) {
    return caller.asker(at, Asker.Capacity.ROLE, Asker.Assurance.SIGNED_IN).undertakings();
  }
}
