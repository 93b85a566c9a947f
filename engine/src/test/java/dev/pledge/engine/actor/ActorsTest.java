package dev.pledge.engine.actor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.TestDatabase;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.Clause;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.UndertakingId;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@Clause("IV.3")
class ActorsTest {
  @RegisterExtension static final TestDatabase DATABASE = TestDatabase.fresh();

  private static final Duration HOUR = Duration.ofHours(1);

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-22T00:00:00Z"));
  private final Actors actors = new Actors(DATABASE.database(), now::get, new SecureRandom());

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
    NewToken token = actors.create(actor("anna"), HOUR);
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
    NewToken token = actors.create(actor("bert"), HOUR);
    assertThat(actors.authenticate(token.secret())).isPresent();
    assertThat(actors.revoke(new ActorId("bert"))).isEqualTo(1);
    assertThat(actors.authenticate(token.secret())).isEmpty();
    assertThat(actors.revoke(new ActorId("bert"))).isZero();
  }

  @Test
  void anUndertakingCountsUntilItRunsOut() {
    Caller caller = actors.authenticate(actors.create(actor("cora"), HOUR).secret()).orElseThrow();
    assertThat(undertakings(caller, now.get())).hasSize(1);
    assertThat(undertakings(caller, now.get().plus(HOUR))).isEmpty();
  }

  @Test
  void theSecretIsNowhereButInTheAnswer() {
    NewToken token = actors.create(actor("dora"), HOUR);
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
    assertThatThrownBy(() -> actors.create(actor("fred"), Duration.ofSeconds(59)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Set<UndertakingId> undertakings(Caller caller, Instant at) {
    return caller.asker(at, Asker.Capacity.ROLE, Asker.Assurance.SIGNED_IN).undertakings();
  }
}
