package dev.pledge.engine.actor;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.pledge.engine.audit.Audit;
import dev.pledge.engine.audit.Draft;
import dev.pledge.engine.audit.Receipt;
import dev.pledge.engine.store.Database;
import dev.pledge.engine.store.Transaction;
import dev.pledge.log.Facts;
import dev.pledge.log.Kind;
import dev.pledge.log.Outcome;
import dev.pledge.log.Sha256;
import dev.pledge.policy.decision.Asker;
import dev.pledge.policy.names.ActorId;
import dev.pledge.policy.names.ProductId;
import dev.pledge.policy.names.RoleId;
import dev.pledge.policy.names.UndertakingId;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/**
 * The actors and their tokens (IV.3). A token is 256 random bits, kept only as its SHA-256; what a
 * token stands for is remembered for at most {@link #LAG}, so a revocation takes effect everywhere
 * within that time. Safe for all threads.
 */
public final class Actors {
  /** How long after a revocation a token may still pass. */
  public static final Duration LAG = Duration.ofSeconds(5);

  /** The Privacy Centre, which has no token: nobody else may have its name. */
  public static final ActorId CENTRE = new ActorId("privacy-centre");

  /** Who reads people's addresses to send them messages: ours, with no token. */
  public static final ActorId MESSAGES = new ActorId("messages");

  /** Who carries out what was granted to people; has no token: nobody else may have its name. */
  public static final ActorId REQUESTS = new ActorId("rights-requests");

  private static final String PREFIX = "pledge_";
  private static final int SECRET_BYTES = 32;
  private static final int MOST_REMEMBERED = 10_000;

  private final Database database;
  private final Audit audit;
  private final InstantSource clock;
  private final SecureRandom random;
  private final Cache<ByteBuffer, Known> known =
      Caffeine.newBuilder().maximumSize(MOST_REMEMBERED).expireAfterWrite(LAG).build();

  /** Actors in {@code database}, whose tokens {@code audit} logs. */
  public Actors(Database database, Audit audit, InstantSource clock, SecureRandom random) {
    this.database = database;
    this.audit = audit;
    this.clock = clock;
    this.random = random;
  }

  private record Known(Caller caller, Instant expires) {}

  /**
   * The actor behind a token, or empty if the token is malformed, unknown, expired or revoked, or
   * the actor disabled.
   */
  public Optional<Caller> authenticate(String token) {
    if (token.length() > 128 || !token.startsWith(PREFIX)) {
      return Optional.empty();
    }
    byte[] hash = Sha256.of(token);
    ByteBuffer key = ByteBuffer.wrap(hash);
    Known found = known.getIfPresent(key);
    if (found == null) {
      found = find(hash);
      if (found == null) {
        return Optional.empty();
      }
      known.put(key, found);
    }
    return clock.instant().isBefore(found.expires) ? Optional.of(found.caller) : Optional.empty();
  }

  private @Nullable Known find(byte[] hash) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    """
                    select a.actor_id, a.kind, a.roles, a.products, t.scopes, t.expires_at,
                           array(select u.undertaking from undertaking u
                                 where u.actor_id = a.actor_id order by u.undertaking) as undertakings,
                           array(select u.until from undertaking u
                                 where u.actor_id = a.actor_id order by u.undertaking) as untils
                    from token t join actor a using (actor_id)
                    where t.hash = :hash and t.revoked_at is null and a.disabled_at is null
                    """)
                .bind("hash", hash)
                .map((row, context) -> known(row))
                .findOne()
                .orElse(null));
  }

  private static Known known(ResultSet row) throws SQLException {
    String[] names = (String[]) row.getArray("undertakings").getArray();
    Timestamp[] untils = (Timestamp[]) row.getArray("untils").getArray();
    Map<UndertakingId, Instant> undertakings = new HashMap<>();
    for (int i = 0; i < names.length; i++) {
      undertakings.put(new UndertakingId(names[i]), untils[i].toInstant());
    }
    Caller caller =
        new Caller(
            new ActorId(row.getString("actor_id")),
            Asker.Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
            names(row, "roles", RoleId::new),
            names(row, "products", ProductId::new),
            names(row, "scopes", word -> Scope.of(word).orElseThrow()),
            undertakings);
    return new Known(caller, row.getTimestamp("expires_at").toInstant());
  }

  private static <T> Set<T> names(ResultSet row, String column, Function<String, T> reader)
      throws SQLException {
    return Stream.of((String[]) row.getArray(column).getArray())
        .map(reader)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** What becomes of an actor that is there with other rights. */
  private enum Different {
    REFUSED,
    REPLACED
  }

  /**
   * Gives the actor a new token that runs for {@code lifetime}, and enters that in the log, in the
   * same transaction: no entry, no token. An actor that is new, or has other roles, products or
   * undertakings than before, is an entry of its own. Which roles and products they are stands in
   * the entries of what the actor does with them.
   *
   * @param by who gives it, as the log says it
   * @throws IllegalArgumentException if {@code lifetime} is not between a minute and ten years, or
   *     the actor has neither a role nor a scope
   * @throws ActorDiffers if the actor is there and is of another kind or has other roles or
   *     products
   * @throws ActorDisabled if the actor is there and disabled
   */
  public NewToken create(NewActor actor, Duration lifetime, dev.pledge.log.Caller by) {
    return create(actor, lifetime, by, Different.REFUSED);
  }

  /**
   * As {@link #create}, and an actor that is there takes on this kind, these roles and products,
   * within {@link #LAG} for the tokens it has.
   *
   * @throws ActorDisabled if the actor is there and disabled
   */
  public NewToken replace(NewActor actor, Duration lifetime, dev.pledge.log.Caller by) {
    NewToken token = create(actor, lifetime, by, Different.REPLACED);
    known.invalidateAll();
    return token;
  }

  private NewToken create(
      NewActor actor, Duration lifetime, dev.pledge.log.Caller by, Different different) {
    if (lifetime.compareTo(Duration.ofMinutes(1)) < 0
        || lifetime.compareTo(Duration.ofDays(3653)) > 0) {
      throw new IllegalArgumentException("a token runs between a minute and ten years");
    }
    if (actor.roles().isEmpty() && actor.scopes().isEmpty()) {
      throw new IllegalArgumentException("a token needs a role or a scope");
    }
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    String secret = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    Instant now = clock.instant();
    Instant expires = now.plus(lifetime);
    database.change(
        tx -> {
          boolean changed = save(tx.handle(), actor, now, expires, different);
          tx.handle()
              .createUpdate(
                  """
                  insert into token (hash, actor_id, scopes, created_at, expires_at)
                  values (:hash, :actor, :scopes, :now, :expires)
                  """)
              .bind("hash", Sha256.of(secret))
              .bind("actor", actor.id().value())
              .bind("scopes", words(actor.scopes(), Scope::word))
              .bind("now", now)
              .bind("expires", expires)
              .execute();
          if (changed) {
            append(tx, Kind.ACTOR, by, now, actor.id());
          }
          return append(tx, Kind.TOKEN, by, now, actor.id());
        });
    return new NewToken(actor.id(), secret, expires);
  }

  private Receipt append(
      Transaction tx, Kind kind, dev.pledge.log.Caller by, Instant at, ActorId target) {
    Facts facts = Facts.of(kind, at, Outcome.PERMITTED, by).target(target.value()).build();
    return audit.append(tx, Draft.aboutNobody(facts));
  }

  /** Whether there was anything to save. */
  private static boolean save(
      Handle handle, NewActor actor, Instant now, Instant until, Different different) {
    int added =
        actor(
                handle,
                actor,
                """
                insert into actor (actor_id, kind, roles, products, created_at)
                values (:actor, :kind, :roles, :products, :now)
                on conflict (actor_id) do nothing
                """)
            .bind("now", now)
            .execute();
    int saved = added == 0 ? meet(handle, actor, different) : added;
    for (UndertakingId undertaking : actor.undertakings()) {
      saved +=
          handle
              .createUpdate(
                  """
                  insert into undertaking (actor_id, undertaking, signed_at, until)
                  values (:actor, :undertaking, :now, :until)
                  on conflict (actor_id, undertaking) do update
                  set signed_at = excluded.signed_at, until = excluded.until
                  where undertaking.until < excluded.until
                  """)
              .bind("actor", actor.id().value())
              .bind("undertaking", undertaking.value())
              .bind("now", now)
              .bind("until", until)
              .execute();
    }
    return saved > 0;
  }

  private static Update actor(Handle handle, NewActor actor, String sql) {
    return handle
        .createUpdate(sql)
        .bind("actor", actor.id().value())
        .bind("kind", actor.kind().name().toLowerCase(Locale.ROOT))
        .bind("roles", words(actor.roles(), RoleId::value))
        .bind("products", words(actor.products(), ProductId::value));
  }

  /**
   * The actor is there already, and stays as it is unless it is to be replaced. Returns how many
   * rows changed.
   */
  private static int meet(Handle handle, NewActor actor, Different different) {
    // Locked, so that what is found holds until the token is there.
    Rights there =
        handle
            .createQuery(
                """
                select kind, roles, products, disabled_at is not null as disabled
                from actor where actor_id = :actor for update
                """)
            .bind("actor", actor.id().value())
            .map((row, context) -> Rights.of(row))
            .one();
    if (there.disabled) {
      throw new ActorDisabled(actor.id());
    }
    if (there.are(actor)) {
      return 0;
    }
    return switch (different) {
      case REFUSED -> throw new ActorDiffers(actor.id(), there.shown());
      case REPLACED ->
          actor(
                  handle,
                  actor,
                  """
                  update actor set kind = :kind, roles = :roles, products = :products
                  where actor_id = :actor
                  """)
              .execute();
    };
  }

  private record Rights(String kind, Set<RoleId> roles, Set<ProductId> products, boolean disabled) {
    static Rights of(ResultSet row) throws SQLException {
      return new Rights(
          row.getString("kind"),
          names(row, "roles", RoleId::new),
          names(row, "products", ProductId::new),
          row.getBoolean("disabled"));
    }

    boolean are(NewActor actor) {
      return kind.equals(actor.kind().name().toLowerCase(Locale.ROOT))
          && roles.equals(actor.roles())
          && products.equals(actor.products());
    }

    String shown() {
      return String.format(
          Locale.ROOT,
          "%s, roles %s, products %s",
          kind,
          List.of(words(roles, RoleId::value)),
          List.of(words(products, ProductId::value)));
    }
  }

  private static <T> String[] words(Collection<T> things, Function<T, String> word) {
    return things.stream().map(word).sorted().toArray(String[]::new);
  }

  /**
   * Revokes every token of the actor that is not revoked, and enters that in the log, in the same
   * transaction; they stop within {@link #LAG}. Returns how many there were: where there is none,
   * nothing is done.
   *
   * @param by who revokes them, as the log says it
   */
  public int revoke(ActorId actor, dev.pledge.log.Caller by) {
    Instant now = clock.instant();
    int revoked =
        database.change(
            tx -> {
              int found =
                  tx.handle()
                      .createUpdate(
                          """
                          update token set revoked_at = :now
                          where actor_id = :actor and revoked_at is null
                          """)
                      .bind("now", now)
                      .bind("actor", actor.value())
                      .execute();
              if (found > 0) {
                append(tx, Kind.REVOKE, by, now, actor);
              }
              return found;
            });
    known.invalidateAll();
    return revoked;
  }

  /** Whether the id is an actor's, though it be disabled. */
  public boolean isActor(ActorId id) {
    return database.read(
        handle ->
            handle
                .createQuery("select exists (select from actor where actor_id = :actor)")
                .bind("actor", id.value())
                .mapTo(Boolean.class)
                .one());
  }

  /** The roles of an actor that is not disabled; empty for an unknown one. */
  public Set<RoleId> rolesOf(Handle handle, ActorId actor) {
    return handle
        .createQuery("select roles from actor where actor_id = :actor and disabled_at is null")
        .bind("actor", actor.value())
        .map((row, context) -> names(row, "roles", RoleId::new))
        .findOne()
        .orElse(Set.of());
  }
}
